"""What is still open: undecided, asked, dropped with nowhere to go, inconsistent; each with its list."""

from __future__ import annotations

from functools import partial

from compactgraph.answers.review.open_points import open_points, to_sheets
from compactgraph.answers.review.paper import how_it_stands
from compactgraph.answers.tables.decisions import history
from compactgraph.explorer.frame import address, downloads, render, session
from compactgraph.files.table import ABOUT
from compactgraph.files.writing import file_bytes

TITLE = "Open points"
FORMATS = ("xlsx", "ods", "docx")
WORDS_SHOWN = 220

shown = session.begin(
    TITLE,
    "What those who decide still have to settle, and where the recommendations do not fit together.",
)
groups = open_points(shown.graph)
words = address.words_shown(WORDS_SHOWN)
render.show(
    "open_points/page",
    groups=groups,
    decided=len(history(shown.graph)),
    outcomes={term.title: term for term in shown.terms["outcome"].values()},
    words=words,
)
about = f"{ABOUT} {shown.summary.title}\n{how_it_stands(shown.graph)}"
sheets = to_sheets(groups)
made = {format_: partial(file_bytes, sheets, format_, TITLE, about) for format_ in FORMATS}
downloads.buttons(shown, TITLE, made)
