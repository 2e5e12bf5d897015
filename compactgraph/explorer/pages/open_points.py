"""What is still open: undecided, asked, dropped with nowhere to go, inconsistent; each with its list."""

from __future__ import annotations

from functools import partial

import streamlit as st

from compactgraph.answers.review.open_points import open_points, to_sheets
from compactgraph.answers.review.paper import how_it_stands
from compactgraph.answers.tables.decisions import history
from compactgraph.errors import shorten
from compactgraph.explorer.frame import address, downloads, render, session
from compactgraph.files.table import ABOUT
from compactgraph.files.writing import file_bytes

TITLE = "Open points"
FORMATS = ("xlsx", "ods", "docx")
WORDS_SHOWN = 220

shown = session.shown()
session.title(TITLE)
render.heading(
    TITLE,
    "What those who decide still have to settle, and where the recommendations do not fit together.",
)
groups = open_points(shown.graph)
whole = address.switch("Words shown", "length", {"short": "Beginnings", "whole": "All words"}) == "whole"
render.show(
    "open_points/page",
    groups=groups,
    decided=len(history(shown.graph)),
    outcomes={term.title: term for term in shown.terms["outcome"].values()},
    words=(lambda text: text) if whole else (lambda text: shorten(text, WORDS_SHOWN)),
)
about = f"{ABOUT} {shown.summary.title}\n{how_it_stands(shown.graph)}"
with st.container(horizontal=True):
    for format_ in FORMATS:
        made = partial(file_bytes, to_sheets(groups), format_, TITLE, about)
        downloads.button(shown, format_, TITLE, made)
