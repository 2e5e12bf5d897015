"""A page as it stood on a day: the field that asks for the day, and the graph of that day."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from compactgraph import paths
from compactgraph.answers.review_graph import ReviewGraph
from compactgraph.common.english import capital
from compactgraph.decisions.as_at import as_at
from compactgraph.errors import RegisterError
from compactgraph.explorer.frame import address, render
from compactgraph.explorer.frame.session import Shown
from compactgraph.register.entry import day_of

NAME = "as-at"
"""What the address calls the day."""

_KEPT = 8
"""For how many days the server keeps the graph in memory."""


def field() -> str:
    """Draw the field for the day; return the day, or the empty text if it is missing or invalid."""
    return day(
        "As it stood on",
        NAME,
        placeholder="Now; or a day, as 2026-11-24",
        help_="Only what was decided up to this day counts. Write it as year-month-day, as in "
        "2026-11-24; leave it empty for how things stand now.",
        if_invalid="Shown is how things stand now.",
    )


def day(label: str, name: str, *, placeholder: str, help_: str, if_invalid: str) -> str:
    """Draw a field for a day; return the day, or the empty text if it is missing or invalid.

    If it is invalid, the notice ``if_invalid`` is shown.
    """
    given = address.text(label, name, placeholder=placeholder, help_=help_)
    try:
        return day_of(given).isoformat() if given else ""
    except RegisterError as error:
        render.notice(if_invalid, f"{capital(str(error))}.", role="alert")
        return ""


def on(shown: Shown, day: str) -> Shown:
    """Return what is shown as it stood on a day, or as it stands now if the day is empty.

    Raises RegisterError if the register is not whole.
    """
    if not day:
        return shown
    graph = _dated(shown.served.location, shown.generation, shown.review, day, _now=shown.graph)
    return replace(shown, graph=graph, generation=f"{shown.generation} as at {day}")


@st.cache_resource(max_entries=_KEPT, show_spinner=False)
def _dated(location: str, generation: str, review: str, day: str, *, _now: ReviewGraph) -> ReviewGraph:
    store = as_at(_now.store, _now.ontology, review, paths.store_location(), day)
    return ReviewGraph(store, _now.ontology, review, _now.summary, day)
