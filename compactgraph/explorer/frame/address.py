"""A page's state stands in its address: the URL is the one home of what a page shows.

A widget takes its value from the URL before it is drawn, and writes a change back before the page runs
again. So reload, Back and a pasted link give the same view. The URL holds names (``outcome=moved``),
never the labels that a reader sees. A reader who comes back to a page by the page list finds it as they
left it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from urllib.parse import quote, urlencode

import streamlit as st

_MEMORY = "addresses"
_PAGE = "page"
_UNKNOWN = "unknown in the address"
_IN_LINKS = "in every link"


def address(page: str, fragment: str = "", **values: str | Sequence[str] | None) -> str:
    """Return the relative address of a page; empty values are left out, several are repeated."""
    given = {name: value for name, value in (in_every_link() | values).items() if value}
    query = urlencode(given, doseq=True, quote_via=quote)
    return f"{page or './'}{'?' + query if query else ''}{'#' + quote(fragment) if fragment else ''}"


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
    names = st.query_params.keys()
    st.session_state[_MEMORY][page] = {name: st.query_params.get_all(name) for name in names}


def unknown_values() -> list[tuple[str, str]]:
    """Return what the address asks for and the page does not have: pairs of a label and a value."""
    return list(st.session_state.get(_UNKNOWN, []))


def value(name: str) -> str:
    """Return what the address gives for ``name``, or the empty text."""
    return str(st.query_params.get(name, ""))


def put(**values: str | Sequence[str]) -> None:
    """Write values into the address; an empty one is taken out."""
    for name, given in values.items():
        if given:
            st.query_params[name] = given
        elif name in st.query_params:
            del st.query_params[name]


def text(label: str, name: str, *, help_: str | None = None, placeholder: str = "") -> str:
    """Draw a field for words; return what it holds."""
    key = _follow(name, value(name))
    st.text_input(
        label, key=key, on_change=_keep_text, args=(name, key), help=help_, placeholder=placeholder
    )
    return value(name).strip()


def choice(
    label: str,
    name: str,
    options: Sequence[str],
    labels: Mapping[str, str] | Callable[[str], str],
    *,
    default: str | None = None,
    always: bool = False,
    help_: str | None = None,
    tell: bool = True,
) -> str:
    """Draw a field to choose one of ``options``; return it, or ``default`` (the first).

    The address leaves the default out, unless ``always``. If it asks for an unknown option, the page
    ends with a notice. Without ``tell`` it does not, because the page says so itself.
    """
    default = options[0] if default is None else default
    asked = value(name)
    if tell and asked and asked not in options:
        _note_unknown(label, asked)
    chosen = asked if asked in options else default
    key = _follow(name, chosen)
    st.selectbox(
        label,
        options,
        key=key,
        format_func=_format(labels),
        on_change=_keep_choice,
        args=(name, key, None if always else default),
        help=help_,
    )
    return chosen


def choices(
    label: str,
    name: str,
    options: Sequence[str],
    labels: Mapping[str, str] | Callable[[str], str],
    *,
    help_: str | None = None,
) -> tuple[str, ...]:
    """Draw a field to choose any of ``options``; return the chosen ones. None means all."""
    asked = st.query_params.get_all(name)
    for each in asked:
        if each not in options:
            _note_unknown(label, each)
    chosen = [each for each in options if each in asked]
    key = _follow(name, chosen)
    st.multiselect(
        label,
        options,
        key=key,
        format_func=_format(labels),
        on_change=_keep_several,
        args=(name, key),
        placeholder="All",
        help=help_,
    )
    return tuple(chosen)


def switch(label: str, name: str, options: Mapping[str, str], *, help_: str | None = None) -> str:
    """Draw a choice with all its options in sight; return the chosen name, by default the first."""
    default = next(iter(options))
    asked = value(name)
    if asked and asked not in options:
        _note_unknown(label, asked)
    chosen = asked if asked in options else default
    key = _follow(name, chosen)
    st.radio(
        label,
        list(options),
        key=key,
        format_func=_format(options),
        horizontal=True,
        on_change=_keep_choice,
        args=(name, key, default),
        help=help_,
    )
    return chosen


def clear(label: str, names: Sequence[str]) -> None:
    """Draw a button that takes ``names`` out of the address; it is disabled if none is there."""
    nothing = not any(name in st.query_params for name in names)
    st.button(label, disabled=nothing, on_click=lambda: put(**dict.fromkeys(names, "")))


def _format(labels: Mapping[str, str] | Callable[[str], str]) -> Callable[[str], str]:
    if callable(labels):
        return labels
    return lambda name: labels.get(name, name)


def _follow(name: str, given: str | list[str]) -> str:
    """Return the key of the widget for ``name`` after giving it what the address holds.

    It is written only if it differs: what a reader is typing must not be overwritten.
    """
    key = f"{st.session_state.get(_PAGE, '')}:{name}"
    if key not in st.session_state or st.session_state[key] != given:
        st.session_state[key] = given
    return key


def _note_unknown(label: str, asked: str) -> None:
    st.session_state.setdefault(_UNKNOWN, []).append((label, asked))


def _keep_text(name: str, key: str) -> None:
    put(**{name: str(st.session_state[key] or "")})


def _keep_choice(name: str, key: str, default: str | None) -> None:
    chosen = str(st.session_state[key])
    put(**{name: "" if chosen == default else chosen})


def _keep_several(name: str, key: str) -> None:
    put(**{name: list(st.session_state[key])})
