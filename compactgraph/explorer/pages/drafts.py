"""Drafts: the new agreement as it is written, beside the one under review, word by word."""

from __future__ import annotations

from functools import partial

import streamlit as st

from compactgraph.answers.review.draft_comparison import (
    CHANGES,
    DESTINATIONS,
    ORIGINS,
    drafts,
    revision,
    to_paper,
    to_sheet,
)
from compactgraph.answers.tables.drafts import MEANINGS, Change
from compactgraph.common.english import day_in_words
from compactgraph.errors import shorten
from compactgraph.explorer.frame import address, dates, downloads, render, session

TITLE = "Drafts"
WORDS_SHOWN = 160

shown = session.begin(
    TITLE,
    "The new agreement as it is being written, beside the one under review: where its words come from, "
    "and what was changed in them.",
)
fields = st.columns(2)
with fields[0]:
    day = dates.field()
dated = dates.on(shown, day)
known = {str(draft.number): draft for draft in drafts(dated.graph)}
written = [name for name, draft in known.items() if draft.provisions]
if not written:
    render.show("drafts/none", known=known.values(), day=day)
else:
    with fields[1]:
        chosen = address.choice(
            "Draft",
            "draft",
            list(known),
            lambda name: f"Draft {name}, begun on {day_in_words(known[name].date)}",
            default=written[-1],
        )
    table = address.switch(
        "Order of the table",
        "view",
        {ORIGINS: "Origins, in the order of the draft", DESTINATIONS: "Destinations, in the old order"},
    )
    draft = known[chosen]
    if not draft.provisions:
        render.show("drafts/none", known=[draft], day=day)
    else:
        found = revision(dated.graph, draft.number, table)
        title = f"{found.title} as at {day}" if day else found.title
        render.show(
            "drafts/page",
            found=found,
            title=title,
            day=day,
            changes=CHANGES,
            meanings=MEANINGS,
            change=Change,
            terms=dated.terms,
            short=partial(shorten, length=WORDS_SHOWN),
        )
        downloads.sheet(
            dated,
            to_sheet(found, title),
            word=lambda: downloads.paper(dated, to_paper(dated.graph, found, title), title),
        )
render.show("drafts/writing")
