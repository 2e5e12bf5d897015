"""A page's state stands in its address, so that reload, Back and a pasted link give the same view.

A field takes its value from the URL before it is drawn, and writes a change back. The URL holds names
(``outcome=moved``), never labels. A page opened again from the page list is as the reader left it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import quote, urlencode

import streamlit as st

from compactgraph.errors import shorten

Labels = Mapping[str, str] | Callable[[str], str]
"""What a field calls its options."""

NONE = "none"
"""How an address writes the empty value of a column, which a filter takes as “none stated”."""

_MEMORY = "addresses"
_PAGE = "page"
_UNKNOWN = "unknown in the address"
_IN_LINKS = "in every link"


def address(page: str, fragment: str = "", /, **values: str | Sequence[str] | None) -> str:
    """Return the relative address of a page; empty values are left out, several are repeated."""
    given = {name: value for name, value in (in_every_link() | values).items() if value}
    query = urlencode(given, doseq=True, quote_via=quote)
    return f"{page or './'}{'?' + query if query else ''}{'#' + quote(fragment) if fragment else ''}"


def here(page: str, fragment: str = "", /, **changes: str) -> str:
    """Return an address of ``page`` that keeps the values of this address, but for ``changes``."""
    return address(page, fragment, **(values() | changes))


def values() -> dict[str, Sequence[str]]:
    """Return the values in the address."""
    return {name: st.query_params.get_all(name) for name in st.query_params}


def keep_in_links(**values: str) -> None:
    """Put values into every address that :func:`address` makes from here on."""
    st.session_state[_IN_LINKS] = values


def in_every_link() -> dict[str, str]:
    """Return the values that every address has."""
    kept: dict[str, str] = st.session_state.get(_IN_LINKS, {})
    return {name: value for name, value in kept.items() if value}


def arrive(page: str) -> None:
    """Begin a run of ``page``; give it its last state if the reader comes back by the page list."""
    state = st.session_state
    memory = state.setdefault(_MEMORY, {})
    if state.get(_PAGE) != page and not st.query_params and memory.get(page):
        st.query_params.from_dict(memory[page])
    state[_PAGE] = page
    state[_UNKNOWN] = []


def leave(page: str) -> None:
    """End a run of ``page``: note its state."""
    st.session_state[_MEMORY][page] = values()


def unknown_values() -> list[tuple[str, str]]:
    """Return the labels of fields, each with an unknown value for which the address asks."""
    return list(st.session_state.get(_UNKNOWN, []))


def value(name: str) -> str:
    """Return what the address gives for ``name``, or the empty text."""
    return str(st.query_params.get(name, ""))


@dataclass(frozen=True)
class Stretch:
    """The part of a list that a page shows, from 1, and the addresses of the parts beside it."""

    first: int
    last: int
    before: str
    after: str


def stretch(page: str, number: int, size: int, fragment: str = "") -> Stretch:
    """Return which part of a list of ``number`` things the address asks for, ``size`` at a time."""
    asked = value("first")
    first = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 9 else 1
    if not 1 <= first <= number:
        first = 1
    last = min(first + size - 1, number)
    back = str(first - size) if first > size + 1 else ""
    before = here(page, fragment, first=back) if first > 1 else ""
    after = here(page, fragment, first=str(last + 1)) if last < number else ""
    return Stretch(first, last, before, after)


def put(**changes: str | Sequence[str]) -> None:
    """Write values into the address; an empty one is taken out."""
    for name, given in changes.items():
        if given:
            st.query_params[name] = given
        elif name in st.query_params:
            del st.query_params[name]


def text(label: str, name: str, *, help_: str | None = None, placeholder: str = "") -> str:
    """Draw a field for words; return what it holds."""
    given = value(name)
    key = _follow(name, given)
    st.text_input(label, key=key, on_change=_keep, args=(name, key), help=help_, placeholder=placeholder)
    return given.strip()


def choice(
    label: str,
    name: str,
    options: Sequence[str],
    labels: Labels,
    *,
    default: str | None = None,
    always: bool = False,
    help_: str | None = None,
    tell: bool = True,
) -> str:
    """Draw a field to choose one of ``options``; return it, or ``default`` (the first).

    The address leaves the default out, unless ``always``. If it asks for an unknown option, the page
    ends with a notice; without ``tell`` it does not, because the page says so itself.
    """
    default = options[0] if default is None else default
    chosen = next(iter(_known(label, options, [value(name)], tell=tell)), default)
    left_out = None if always else default
    _draw(st.selectbox, label, name, options, labels, chosen, left_out, help=help_)
    return chosen


def choices(label: str, name: str, options: Sequence[str], labels: Labels) -> tuple[str, ...]:
    """Draw a field to choose any of ``options``; return the chosen ones. None means all."""
    chosen = _known(label, options, st.query_params.get_all(name))
    _draw(st.multiselect, label, name, options, labels, chosen, placeholder="All")
    return tuple(chosen)


def switch(label: str, name: str, options: Mapping[str, str]) -> str:
    """Draw a choice with all its options in sight; return the chosen name, by default the first."""
    default = next(iter(options))
    chosen = next(iter(_known(label, list(options), [value(name)])), default)
    _draw(st.radio, label, name, list(options), options, chosen, default, horizontal=True)
    return chosen


def words_shown(length: int) -> Callable[[str], str]:
    """Draw the choice between the beginnings of texts and all words; return what cuts a text so."""
    options = {"short": "Beginnings", "whole": "All words"}
    whole = switch("Words shown", "length", options) == "whole"
    return str if whole else partial(shorten, length=length)


def clear(label: str, names: Sequence[str]) -> None:
    """Draw a button that takes ``names`` out of the address; it is disabled if the address has none."""
    nothing = not any(name in st.query_params for name in names)
    st.button(label, disabled=nothing, on_click=lambda: put(**dict.fromkeys(names, "")))


def _known(label: str, options: Sequence[str], asked: Iterable[str], *, tell: bool = True) -> list[str]:
    """Return the options that are asked for; note what is asked for and unknown."""
    wanted = list(asked)
    if tell:
        unknown = [(label, each) for each in wanted if each and each not in options]
        st.session_state.setdefault(_UNKNOWN, []).extend(unknown)
    return [each for each in options if each in wanted]


def _draw(
    widget: Callable[..., object],
    label: str,
    name: str,
    options: Sequence[str],
    labels: Labels,
    chosen: str | list[str],
    left_out: str | None = None,
    **look: Any,
) -> None:
    """Draw a field that shows what is chosen; the address leaves the value ``left_out`` out."""
    key = _follow(name, chosen)
    name_of = labels if callable(labels) else lambda option: labels.get(option, option)
    args = (name, key, left_out)
    widget(label, options, key=key, format_func=name_of, on_change=_keep, args=args, **look)


def _follow(name: str, given: str | list[str]) -> str:
    """Return the key of the widget for ``name`` after giving it what the address holds.

    It is written only if it differs: what a reader is typing must not be overwritten.
    """
    key = f"{st.session_state.get(_PAGE, '')}:{name}"
    if key not in st.session_state or st.session_state[key] != given:
        st.session_state[key] = given
    return key


def _keep(name: str, key: str, left_out: str | None = None) -> None:
    """Write what the field ``key`` holds into the address."""
    given = st.session_state[key]
    put(**{name: "" if given in (None, left_out) else given})
