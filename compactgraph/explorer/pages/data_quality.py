"""How far to trust the data: what is found in them, how the words were read, what the terms mean."""

from __future__ import annotations

from compactgraph.answers.provision.source_text import source_document
from compactgraph.explorer.frame import render, session
from compactgraph.explorer.views import data_quality, overview

shown = session.shown()
session.title("Data quality")
render.heading(
    "Data quality",
    "What was checked and found, how the review was read and by whom, and what each term means.",
)
document = shown.ask(source_document)
render.show(
    "data_quality",
    quality=shown.ask(data_quality.review_quality, shown.summary),
    names=shown.ask(overview.provision_names),
    title=shown.summary.title,
    words_in_place=document.passage,
)
render.show("data_quality_vocabulary", schemes=shown.ask(data_quality.vocabulary_in_words))
