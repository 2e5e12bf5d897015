"""The table of destinations and, at a switch, of origins: filtered, sorted, printed, downloaded."""

from __future__ import annotations

from compactgraph.destinations import COLUMNS, describe, table_of_destinations, table_of_origins
from compactgraph.sheets import Sheet, committee_paper, table_labels
from compactgraph.ui import address, downloads, render, session, table

ORIGINS = "origins"

shown = session.shown()
origins = address.value("table") == ORIGINS
title = "Table of origins" if origins else "Table of destinations"
session.title(title)
render.heading(
    title,
    "For each destination, where its content came from."
    if origins
    else "Where each part of the agreement goes, why, and on whose word.",
)
address.switch(
    "Table", "table", {"destinations": "Destinations, by provision", ORIGINS: "Origins, by destination"}
)
every = shown.ask(table_of_origins if origins else table_of_destinations)
names = table.Names(shown.terms, shown.references, table.theme_titles(every))
wanted = table.filters(every, names)
rows = table.chosen(every, wanted, names)
filtered = describe(wanted, shown.ask(table_labels))
table.show(rows, every, names, filtered, origins=origins)
downloads.sheet(
    shown,
    Sheet(title, COLUMNS, [row.cells() for row in rows], filtered),
    word=lambda: committee_paper(
        shown.store, shown.ontology, shown.review, {title: rows}, wanted
    ).content(),
)
