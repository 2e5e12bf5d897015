"""How far to trust the data: what is found in them, how the words were read, what the terms mean."""

from __future__ import annotations

from compactgraph.answers.provision.source_text import source_document
from compactgraph.answers.review.quality import quality, vocabulary
from compactgraph.explorer.frame import render, session
from compactgraph.explorer.views import overview

shown = session.begin(
    "Data quality",
    "What was checked and found, how the review was read and by whom, and what each term means.",
)
render.show(
    "data_quality/page",
    quality=quality(shown.graph),
    names=overview.provision_names(shown.graph),
    title=shown.summary.title,
    words_in_place=source_document(shown.graph).passage,
)
render.show("data_quality/vocabulary", schemes=vocabulary(shown.graph))
