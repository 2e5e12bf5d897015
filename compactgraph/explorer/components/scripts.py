"""Scripts that act on the whole page: one follows links in place, one moves the focus."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

from compactgraph.explorer.frame import address


def _script(name: str) -> ComponentRenderer:
    source = (Path(__file__).parent / f"{name}.js").read_text(encoding="utf-8")
    return st.components.v2.component(f"compactgraph_{name}", js=source)


_LINKS, _FOCUS = _script("links"), _script("focus")


def follow_links(page: str) -> None:
    """Follow links in place, and on a new ``page`` (its place in the URL) begin reading at its heading.

    The values of every link are put into the address as well.
    """
    always = address.in_every_link()
    _LINKS(key="links", data={"page": page, "state": address.values(), "always": always})


def focus(target: str, turn: int) -> None:
    """Move the focus to the element ``target`` of a form, once for each ``turn``, which only grows."""
    _FOCUS(key="focus", data={"target": target, "turn": turn})
