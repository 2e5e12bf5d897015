"""Buttons that give a page's table as files; a file is made when its button is pressed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
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
    key: str = "",
) -> None:
    """Draw a button for each format of a table; ``word`` makes the Word document, if it has one."""
    about = f"{ABOUT} {shown.summary.title}"
    with st.container(horizontal=True):
        for format_ in formats:
            made: Callable[[], bytes] = partial(file_bytes, [table], format_, table.title, about)
            if word is not None and format_ == "docx":
                made = word
            button(shown, format_, table.title, made, key=key)


def button(shown: Shown, format_: str, name: str, made: Callable[[], bytes], *, key: str = "") -> None:
    """Draw a button that gives the bytes which ``made()`` returns as a file of ``format_``."""
    label, media_type = KINDS[format_]
    stem = re.sub(r"[^a-z0-9.]+", "-", f"{shown.review} {name}".lower()).strip("-")
    st.download_button(
        f"Download {label}",
        made,
        file_name=f"{stem}.{_ENDINGS.get(format_, format_)}",
        mime=media_type,
        key=f"{key or name}:{format_}",
        on_click="ignore",
    )
