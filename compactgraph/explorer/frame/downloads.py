"""Buttons that give a page's table as files; a file is made when its button is pressed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial

import streamlit as st

from compactgraph.explorer.frame.session import Shown
from compactgraph.files.table import ABOUT
from compactgraph.files.writing import Sheet, file_bytes

KINDS: Mapping[str, tuple[str, str]] = {
    "xlsx": ("Excel (XLSX)", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "ods": ("OpenDocument (ODS)", "application/vnd.oasis.opendocument.spreadsheet"),
    "csv": ("CSV", "text/csv"),
    "docx": (
        "Word (DOCX)",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    "json": ("JSON", "application/json"),
    "jsonld": ("JSON-LD", "application/ld+json"),
    "turtle": ("Turtle", "text/turtle"),
}
"""The kinds of file by format: what a button calls each, and its media type."""

_ENDINGS = {"turtle": "ttl"}


def sheet(
    shown: Shown,
    table: Sheet,
    formats: tuple[str, ...] = ("xlsx", "ods", "csv", "docx"),
    *,
    word: Callable[[], bytes] | None = None,
) -> None:
    """Draw a button for each format of a table; ``word`` makes its Word document if it is another."""
    about = f"{ABOUT} {shown.summary.title}"
    made = {name: partial(file_bytes, [table], name, table.title, about) for name in formats}
    buttons(shown, table.title, made if word is None else made | {"docx": word})


def paper(shown: Shown, sheets: Sequence[Sheet], title: str) -> bytes:
    """Return tables as a Word document that says which review it is about."""
    return file_bytes(sheets, "docx", title, f"{ABOUT} {shown.summary.title}")


def buttons(shown: Shown, name: str, made: Mapping[str, Callable[[], bytes]]) -> None:
    """Draw a row of buttons, by format, for the bytes that each function makes."""
    with st.container(horizontal=True):
        for format_, make in made.items():
            button(shown, format_, name, make)


def button(shown: Shown, format_: str, name: str, make: Callable[[], bytes]) -> None:
    """Draw a button that gives the bytes which ``make()`` returns as a file of ``format_``."""
    label, media_type = KINDS[format_]
    stem = re.sub(r"[^a-z0-9.]+", "-", f"{shown.review} {name}".lower()).strip("-")
    st.download_button(
        f"Download {label}",
        make,
        file_name=f"{stem}.{_ENDINGS.get(format_, format_)}",
        mime=media_type,
        key=f"{name}:{format_}",
        on_click="ignore",
    )
