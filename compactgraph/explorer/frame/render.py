"""Fills the templates. They escape what they show: markup in a text shows as its characters."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import jinja2
import streamlit as st

from compactgraph.common.english import day_in_words
from compactgraph.common.schemes import Outcome
from compactgraph.common.templates import templates
from compactgraph.explorer.frame.address import address

SIGNS: Mapping[str, str] = {
    Outcome.RETAINED: "●",
    Outcome.REVISED: "◐",
    Outcome.EITHER: "◇",
    Outcome.MOVED: "➜",
    Outcome.ABSORBED: "▣",
    Outcome.DROPPED: "✕",
    Outcome.REFERRED: "↗",
    Outcome.UNDECIDED: "○",
}
"""The sign of each outcome: with its name it stands beside the colour on every page."""


@lru_cache(maxsize=1)
def _templates() -> jinja2.Environment:
    environment = templates(Path(__file__).parents[1] / "templates")
    environment.globals["address"] = address
    environment.globals["signs"] = SIGNS
    environment.filters["count"] = counted
    environment.filters["day"] = day_in_words
    return environment


def counted(number: int, noun: str, plural: str = "") -> str:
    """Return a number with its noun: ``1 row``, ``2 rows``, ``1,200 rows``."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def html(template: str, **values: object) -> str:
    """Return the HTML of ``templates/<template>.html`` filled with ``values``."""
    return _templates().get_template(f"{template}.html").render(values)


def show(template: str, **values: object) -> None:
    """Show a filled template on the page."""
    st.html(f'<div class="cg">{html(template, **values)}</div>')


def heading(title: str, lead: str = "") -> None:
    """Show a page's heading, and a sentence on what the page is for."""
    show("shared/heading", title=title, lead=lead)


def copyable(text: str, what: str) -> None:
    """Show a text with a button that copies it; ``what`` names the text: “the citation”.

    Streamlit's own, ``st.code``, loads 1.6 MB of highlighting for it.
    """
    show("shared/copyable", text=text, what=what)


def notice(title: str, body: str = "", role: str = "status") -> None:
    """Show a notice; ``role`` is ``alert`` if it interrupts."""
    show("shared/notice", title=title, body=body, role=role)
