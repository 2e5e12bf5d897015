"""The table of destinations and, at a switch, of origins: filtered, sorted, printed, downloaded.

It stands as it does now, or as it stood on a day.
"""

from __future__ import annotations

from compactgraph.answers.review.paper import committee_paper, table_labels
from compactgraph.answers.tables.destinations import (
    COLUMNS,
    describe,
    table_of_destinations,
    table_of_origins,
)
from compactgraph.explorer.frame import address, dates, destinations_table, downloads, render, session
from compactgraph.files.writing import Sheet

ORIGINS = "origins"

shown = session.shown()
origins = address.value("table") == ORIGINS
title = "Table of origins" if origins else "Table of destinations"
session.title(title)
render.heading(
    title,
    "For each destination, where its content came from."
    if origins
    else "Where each part of the agreement goes, why, on whose word, and how far that has come.",
)
address.switch(
    "Table", "table", {"destinations": "Destinations, by provision", ORIGINS: "Origins, by destination"}
)
words, day = destinations_table.words_and_day()
dated = dates.on(shown, day)
every = (table_of_origins if origins else table_of_destinations)(dated.graph)
names = destinations_table.Names(dated.terms, dated.references, destinations_table.theme_titles(every))
wanted = destinations_table.filters(every, names, words)
rows = destinations_table.chosen(every, wanted, names)
filtered = describe(wanted, table_labels(dated.graph))
titled = f"{title} as at {day}" if day else title
destinations_table.show(rows, every, names, filtered, title=titled, day=day, origins=origins)
downloads.sheet(
    dated,
    Sheet(titled, COLUMNS, [row.cells() for row in rows], filtered),
    word=lambda: committee_paper(dated.graph, {titled: rows}, wanted).content(),
)
