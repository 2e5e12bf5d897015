"""The table of destinations on a page: its filters, its sorting, its rows, its downloads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import streamlit as st

from compactgraph.answers.tables.destinations import SEPARATOR, Filter, Row, choices, counts, sort_rows
from compactgraph.answers.terms import ReferenceLabel, Term
from compactgraph.errors import shorten
from compactgraph.explorer.frame import address, dates, render

NONE = "none"
"""How an address writes the empty value, which a filter takes as “none stated”."""

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
"""The filters by their columns: the label of each, and how it calls the empty value."""

_MORE = ("party", "kind", "relation", "disposition", "reason")
_SORTABLE = frozenset({"provision", "outcome", "destination", "status", "reason"})
_WORDS_SHOWN = 220


@dataclass(frozen=True)
class Names:
    """The plain names of what stands in the table's columns."""

    terms: Mapping[str, Mapping[str, Term]]
    references: Mapping[str, ReferenceLabel]
    themes: Mapping[str, str]

    @property
    def orders(self) -> dict[str, list[str]]:
        """The order of the values in each column that has one of its own."""
        return {column: list(self.terms[column]) for column in FILTERS if column in self.terms}

    def of(self, column: str, value: str) -> str:
        """Return the plain name of a value of a column."""
        if value in ("", NONE):
            return FILTERS[column][1] if column in FILTERS else ""
        if column == "destination":
            return self.references[value].title if value in self.references else value
        if column == "theme":
            return self.themes.get(value, value)
        term = self.terms.get(column, {}).get(value)
        return value if term is None else term.title

    def all_of(self, column: str, cell: str) -> str:
        """Return the plain names of all values in a cell."""
        return "; ".join(self.of(column, value) for value in cell.split(SEPARATOR) if value)


def theme_titles(rows: Iterable[Row]) -> dict[str, str]:
    """Return how a page names each theme: its number and the words of its heading."""
    return {
        row.theme: f"{row.theme}. {shorten(row.text.splitlines()[0], 60)}"
        for row in rows
        if row.kind == "theme"
    }


def words_and_day() -> tuple[str, str]:
    """Draw the field for words and that for the day; return what they hold."""
    left, right = st.columns([2, 1])
    with left:
        words = address.text(
            "Words",
            "words",
            help_="Finds rows in which each of these words stands, in the agreement or in what is "
            "recommended.",
        )
    with right:
        return words, dates.field()


def filters(rows: Sequence[Row], names: Names, words: str) -> Filter:
    """Draw the filters, filled with what stands in ``rows``; return what is wanted."""
    found = choices(rows, names.orders)
    given: dict[str, tuple[str, ...]] = {}

    def draw(columns: Sequence[str]) -> None:
        for place, column in zip(st.columns(len(columns)), columns, strict=True):
            options = [value or NONE for value in found[column]]
            with place:
                label = FILTERS[column][0]
                picked = address.choices(label, column, options, partial(names.of, column))
            given[column] = tuple("" if value == NONE else value for value in picked)

    draw([column for column in FILTERS if column not in _MORE])
    in_use = any(address.value(column) for column in _MORE)
    more = st.expander("More filters", expanded=in_use, key="more filters", on_change="rerun")
    if more.open or in_use:
        with more:
            draw(_MORE)
    address.clear("Clear all filters", [*FILTERS, "words"])
    return Filter(to=given.pop("destination"), words=words, **given)


def sorting() -> tuple[str, bool]:
    """Return the column by which the address wants the rows sorted, and whether from the end."""
    asked = address.value("sort")
    column = asked.removeprefix("-")
    return (column, asked.startswith("-")) if column in _SORTABLE else ("", False)


def chosen(rows: Sequence[Row], wanted: Filter, names: Names) -> list[Row]:
    """Return the wanted rows, in the order that the address wants."""
    kept = [row for row in rows if wanted.admits(row)]
    column, descending = sorting()
    order = names.orders.get(column, ())
    return sort_rows(kept, column, descending=descending, order=order) if column else kept


def show(
    rows: Sequence[Row],
    every: Sequence[Row],
    names: Names,
    filtered: str,
    *,
    title: str,
    day: str,
    origins: bool,
) -> None:
    """Show the rows as a table, with a count of what is shown and the words on the filter.

    ``day`` is the day on which the rows stood so, empty for now.
    """
    words = address.words_shown(_WORDS_SHOWN)
    render.show(
        "destinations/page",
        rows=rows,
        filtered=filtered,
        names=names,
        title=title,
        day=day,
        now=address.here("destinations", **{dates.NAME: ""}),
        origins=origins,
        headings=_headings(origins=origins),
        found=counts(rows),
        all=counts(every),
        words=words,
    )


def _headings(*, origins: bool) -> list[dict[str, Any]]:
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
    sort, descending = sorting()
    now = {sort: "descending" if descending else "ascending"}
    other_way = {sort: sort if descending else f"-{sort}"}
    return [
        {
            "label": label,
            "sorted": now.get(column, ""),
            "href": address.here("destinations", sort=other_way.get(column, column))
            if column in _SORTABLE
            else "",
        }
        for column, label in columns.items()
    ]
