"""A form as a session keeps it: what was typed, checked and recorded."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, ParamSpec, TypeVar

import streamlit as st
from streamlit.runtime.scriptrunner import RerunException

from compactgraph.deciding.checks import Situation
from compactgraph.register.entry import Body, Entry

_FORMS = "forms that decide"
_KEPT = "typed before"
_OPEN = 40
"""How many forms a session keeps open."""

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True)
class Done:
    """What was recorded: the entries, each provision's outcome now, and a notice or nothing."""

    entries: tuple[Entry, ...]
    outcomes: Mapping[str, str]
    notice: str


@dataclass
class Form:
    """A form on ``scope``, which is what it decides on.

    ``began`` is the number of the last entry when the form was first shown, ``prints`` the fingerprints
    of the words shown with it, by provision. ``shown`` are the decisions in force that the person saw
    to stand against what is entered, by number. ``ready`` is checked, and to be recorded. ``follows``
    has a scheme, an item or provision, and its terms before and after. ``restored`` says that the form
    holds what was typed in an earlier session.
    """

    scope: str
    name: str = field(default_factory=lambda: secrets.token_hex(8))
    token: str = field(default_factory=lambda: secrets.token_hex(8))
    account: str = ""
    problems: tuple[str, ...] = ()
    began: int | None = None
    shown: tuple[int, ...] = ()
    prints: dict[str, Mapping[str, str]] = field(default_factory=dict)
    ready: tuple[Body, ...] = ()
    follows: tuple[tuple[str, str, str, str], ...] = ()
    done: Done | None = None
    restored: bool = False

    def key(self, of: str) -> str:
        """Return the key of a field."""
        return f"{self.name}:{of}"

    def get(self, of: str, default: Any = "") -> Any:
        """Return what a field holds."""
        return st.session_state.get(self.key(of), default)

    def text(self, of: str) -> str:
        """Return the words that a field holds, without spaces around them."""
        return str(self.get(of) or "").strip()

    def start(self, of: str, value: Any) -> str:
        """Give a field its first value; return its key."""
        key = self.key(of)
        if key not in st.session_state:
            st.session_state[key] = value
        return key

    def begin(self, situation: Situation, provisions: Iterable[str]) -> None:
        """Note the words and the last entry when the form is first shown."""
        if self.began is None:
            self.began = len(situation.entries)
        for provision in provisions:
            self.prints.setdefault(provision, situation.found.prints_of(provision))

    def values(self) -> dict[str, Any]:
        """Return what was typed and chosen, by field."""
        begin = self.key("")
        return {
            str(key).removeprefix(begin): value
            for key, value in st.session_state.items()
            if str(key).startswith(begin)
        }

    def renew(self) -> None:
        """Empty the form, for the next decision."""
        for of in self.values():
            del st.session_state[self.key(of)]
        self.name, self.token = secrets.token_hex(8), secrets.token_hex(8)
        self.problems, self.shown, self.ready, self.follows = (), (), (), ()
        self.began, self.prints, self.restored = None, {}, False


def form_of(scope: str) -> Form:
    """Return the session's form on ``scope``."""
    forms: dict[str, Form] = st.session_state.setdefault(_FORMS, {})
    if scope not in forms:
        while len(forms) >= _OPEN:
            forms.pop(next(iter(forms))).renew()
        forms[scope] = Form(scope)
    return forms[scope]


def leave_others(*scopes: str) -> None:
    """Forget what other forms recorded: a form says it once."""
    for each in st.session_state.get(_FORMS, {}).values():
        if each.scope not in scopes:
            each.done = None


def remember(form: Form) -> None:
    """Remember who decides, for whom and when, for the next form."""
    names = ("by", "body", "other", "day")
    st.session_state[_KEPT] = {of: form.get(of) for of in names if form.get(of, None) is not None}


def remembered(of: str, default: Any) -> Any:
    """Return what was typed last in a field, or ``default``."""
    return st.session_state.get(_KEPT, {}).get(of, default)


def undisturbed(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Return what ``work`` returns; if a press of the reader interrupts it, begin it again.

    Streamlit ends a callback at its next use of the session if the reader presses something meanwhile.
    So ``work`` must be safe to begin again. The page is drawn after the callback in any case, and the
    browser sends all its values with the next press.
    """
    while True:
        try:
            return work(*args, **kwargs)
        except RerunException:
            continue
