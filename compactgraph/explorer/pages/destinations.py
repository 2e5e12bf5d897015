"""The table of destinations and, at a switch, of origins: filtered, sorted, printed, downloaded.

It stands as it does now, or as it stood on a day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import streamlit as st

from compactgraph.answers.review.paper import committee_paper, table_labels
from compactgraph.answers.tables import destinations as tables
from compactgraph.explorer.frame import address, dates, downloads, render, session
from compactgraph.explorer.frame.address import NONE
from compactgraph.files.writing import Sheet

ORIGINS = "origins"

# The filters by their columns: the label of each, and how it calls the empty value.
FILTERS: Mapping[str, tuple[str, str]] = {
    "theme": ("Theme", "No theme"),
    "party": ("Made by", "No party"),
    "kind": ("Kind", ""),
    "outcome": ("Outcome", ""),
    "status": ("Status", "No movement"),
    "destination": ("Destination", "No destination"),
    "relation": ("How it goes there", "No movement"),
    "disposition": ("Recommended or decided", "Nothing stated"),
    "reason": ("Reason", "No reason stated"),
}
MORE_FILTERS = ("party", "kind", "relation", "disposition", "reason")
SORTABLE = frozenset({"provision", "outcome", "destination", "status", "reason"})
WORDS_SHOWN = 220


def name_of(column: str, value: str) -> str:
    """Return the plain name of a value of a column."""
    if value in ("", NONE):
        return FILTERS[column][1] if column in FILTERS else ""
    if column == "destination":
        return references[value].title if value in references else value
    if column == "theme":
        return themes.get(value, value)
    term = terms.get(column, {}).get(value)
    return value if term is None else term.title


def names_of(column: str, cell: str) -> str:
    """Return the plain names of all values in a cell."""
    return "; ".join(name_of(column, value) for value in cell.split(tables.SEPARATOR) if value)


def filters(
    rows: Sequence[tables.Row], orders: Mapping[str, Sequence[str]], words: str
) -> tables.Filter:
    """Draw the filters, filled with what stands in ``rows``; return what is wanted."""
    found = tables.choices(rows, orders)
    given: dict[str, tuple[str, ...]] = {}

    def draw(columns: Sequence[str]) -> None:
        for place, column in zip(st.columns(len(columns)), columns, strict=True):
            label, options = FILTERS[column][0], [value or NONE for value in found[column]]
            with place:
                picked = address.choices(label, column, options, partial(name_of, column))
            given[column] = tuple("" if value == NONE else value for value in picked)

    draw([column for column in FILTERS if column not in MORE_FILTERS])
    in_use = any(address.value(column) for column in MORE_FILTERS)
    more = st.expander("More filters", expanded=in_use, key="more filters", on_change="rerun")
    if more.open or in_use:
        with more:
            draw(MORE_FILTERS)
    address.clear("Clear all filters", [*FILTERS, "words"])
    return tables.Filter(to=given.pop("destination"), words=words, **given)


def headings(sort: str, *, descending: bool) -> list[dict[str, Any]]:
    """Return the column headings, each with the address that sorts by it and how it is sorted now."""
    columns = {
        "provision": "Provision",
        "text": "Words of the agreement",
        "outcome": "Outcome",
        "recommendation": "What is recommended",
        "destination": "Where it goes",
        "status": "Status",
        "reason": "Reason stated",
    }
    if origins:
        columns = {"destination": columns["destination"]} | columns
    now = {sort: "descending" if descending else "ascending"}
    other_way = {sort: sort if descending else f"-{sort}"}
    links = {
        column: address.here("destinations", sort=other_way.get(column, column)) for column in SORTABLE
    }
    return [
        {
            "label": label,
            "sorted": now.get(column, "") if column in links else "",
            "href": links.get(column, ""),
        }
        for column, label in columns.items()
    ]


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
left, right = st.columns([2, 1])
with left:
    words = address.text(
        "Words",
        "words",
        help_="Finds rows in which each of these words stands, in the agreement or in what is "
        "recommended.",
    )
with right:
    day = dates.field()
dated = dates.on(shown, day)
terms, references, themes = dated.terms, dated.references, dated.themes
every = (tables.table_of_origins if origins else tables.table_of_destinations)(dated.graph)
orders = {column: list(terms[column]) for column in FILTERS if column in terms}
wanted = filters(every, orders, words)
rows = [row for row in every if wanted.admits(row)]
asked = address.value("sort")
sort, descending = asked.removeprefix("-"), asked.startswith("-")
if sort in SORTABLE:
    rows = tables.sort_rows(rows, sort, descending=descending, order=orders.get(sort, ()))
filtered = tables.describe(wanted, table_labels(dated.graph))
titled = f"{title} as at {day}" if day else title
render.show(
    "destinations/page",
    rows=rows,
    filtered=filtered,
    name_of=name_of,
    names_of=names_of,
    terms=terms,
    title=titled,
    day=day,
    words=address.words_shown(WORDS_SHOWN),
    now=address.here("destinations", **{dates.NAME: ""}),
    origins=origins,
    headings=headings(sort, descending=descending),
    found=tables.counts(rows),
    all=tables.counts(every),
)
downloads.sheet(
    dated,
    Sheet(titled, tables.COLUMNS, [row.cells() for row in rows], filtered),
    word=lambda: committee_paper(dated.graph, {titled: rows}, wanted).content(),
)
