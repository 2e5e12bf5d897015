"""What the page Decisions asks: which decisions are wanted, in which order, and the register's state."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import streamlit as st

from compactgraph import paths
from compactgraph.answers.review.standing import RegisterState, Told, register_state
from compactgraph.answers.tables.decisions import STATES, Wanted
from compactgraph.answers.tables.destinations import Row
from compactgraph.common.english import capital, day_in_words, listed
from compactgraph.errors import shorten
from compactgraph.explorer.frame import address, dates, render
from compactgraph.explorer.frame.session import Shown
from compactgraph.register.entry import DECIDING

PAGE = "decisions"
ORDERS = {"": "As they were recorded", "newest": "Newest first", "item": "Item by item"}
"""The orders of the history by the names that an address gives them."""

ROWS_SHOWN = 100
"""How many decisions stand on one page of the history."""

STATE_NAMES = {
    "in-force": "In force",
    "replaced": "Superseded",
    "contested": "Contested",
    "suspect": "Suspect",
    "void": "Without effect",
}
"""How the page calls the states of a decision."""

_NAMES = ("provision", "kind", "by", "since", "until", "state")
_CHECKED_FOR = 10
"""For how many seconds a register that was checked is taken to be as it was found."""


def register_now(shown: Shown) -> RegisterState:
    """Return how the register is; it was checked some seconds ago at most."""
    return _checked(shown.served.location, shown.generation, shown.review)


@st.cache_resource(max_entries=16, ttl=_CHECKED_FOR, show_spinner=False)
def _checked(location: str, generation: str, review: str) -> RegisterState:
    return register_state(paths.store_location(), review)


# What is wanted


def filters(shown: Shown, rows: Iterable[Row], history: Iterable[Told]) -> Wanted:
    """Draw the filters; return which decisions are wanted. ``rows`` has one row for each provision."""
    counts = Counter(told.decision.provision for told in history)
    words = {row.provision: shorten(row.text) for row in rows}
    items = [*words, *(name for name in counts if name and name not in words)]
    kinds = shown.terms["decision"]
    first, second = st.columns([2, 1]), st.columns(4)
    with first[0]:
        provision = address.choice(
            "Part of the agreement",
            "provision",
            ["", *items],
            lambda name: _item_label(name, words.get(name, ""), counts[name]),
        )
    with first[1]:
        by = address.text(
            "Decided by", "by", help_="A part of the name of a person, or of the body they decide for."
        )
    with second[0]:
        kind = address.choice(
            "Kind of decision",
            "kind",
            ["", *map(str, DECIDING)],
            lambda name: capital(_done(kinds[name])) if name else "All",
        )
    with second[1]:
        state = address.choice(
            "How it stands",
            "state",
            ["", *STATES],
            lambda name: STATE_NAMES.get(name, name) if name else "All",
        )
    with second[2]:
        since = _day("Decided since", "since")
    with second[3]:
        until = _day("Decided until", "until")
    address.clear("Clear all filters", [*_NAMES, "first"])
    return Wanted(provision, kind, by, since, until, state)


def _item_label(name: str, words: str, number: int) -> str:
    if not name:
        return "All of it"
    made = f" ({render.counted(number, 'decision')})" if number else ""
    return f"{name}{f' – {words}' if words else ''}{made}"


def _done(term: Any) -> str:
    """Return what a kind of decision is called once it is made: ``agreed``."""
    return str(next(iter(term.alternatives), term.label))


def _day(label: str, name: str) -> str:
    """Draw a field for a day; return the day, or the empty text if it is missing or invalid."""
    return dates.day(
        label,
        name,
        placeholder="2026-11-24",
        help_="Year-month-day, as in 2026-11-24.",
        if_invalid=f"“{label}” is left out.",
    )


def described(shown: Shown, wanted: Wanted) -> str:
    """Say in plain words which decisions are wanted; the empty text if all are."""
    parts = [
        wanted.provision and f"on {wanted.provision}",
        wanted.kind and _done(shown.term("decision", wanted.kind)),
        wanted.by and f"by “{wanted.by}”",
        wanted.since and f"since {day_in_words(wanted.since)}",
        wanted.until and f"until {day_in_words(wanted.until)}",
        wanted.state and STATE_NAMES[wanted.state].lower(),
    ]
    return listed([part for part in parts if part])


# In which order


def chosen(history: Iterable[Told], wanted: Wanted, order: str, provisions: Sequence[str]) -> list[Told]:
    """Return the wanted decisions, in an order of :data:`ORDERS`; ``provisions`` are the document's."""
    found = [told for told in history if wanted.admits(told.decision)]
    if order == "newest":
        found.sort(key=lambda told: (told.decision.date, told.decision.number), reverse=True)
    elif order == "item":
        places = {name: place for place, name in enumerate(provisions)}
        last = len(places)
        found.sort(key=lambda told: (places.get(told.decision.provision, last), told.decision.provision))
    return found
