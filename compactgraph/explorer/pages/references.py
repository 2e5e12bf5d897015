"""References: each outside document, body and practice, and where the document names it."""

from __future__ import annotations

from compactgraph.answers.provision.source_text import source_document
from compactgraph.answers.provision.story import naming_texts
from compactgraph.answers.review.references import references
from compactgraph.answers.tables.destinations import one_row_each, table_of_destinations
from compactgraph.common.english import capital
from compactgraph.explorer.frame import address, downloads, render, session
from compactgraph.explorer.views import references as references_view

shown = session.shown()
every = {reference.identifier: reference for reference in references(shown.graph)}
reference = every.get(address.value("ref"))
title = capital(reference.label) if reference else "References"
session.title(*dict.fromkeys([title, "References"]))
render.heading(
    title,
    "Who mentions it, in which words, and what goes there."
    if reference
    else "The documents, bodies and practices that the document names.",
)
address.choice(
    "Choose a document, body or practice",
    "ref",
    ["", *sorted(every, key=lambda name: every[name].label.casefold())],
    lambda name: capital(every[name].label) if name else "All of them",
)
if reference is None:
    render.show("references/page", groups=references_view.by_type(every.values()), terms=shown.terms)
    downloads.sheet(shown, references_view.sheet(every.values()))
else:
    provisions = one_row_each(table_of_destinations(shown.graph))
    render.show(
        "references/reference",
        reference=reference,
        texts=naming_texts(source_document(shown.graph), reference.mentions),
        rows={row.provision: row for row in provisions},
        terms=shown.terms,
    )
    downloads.sheet(shown, references_view.mentions_sheet(reference))
