"""References: each outside document, body and practice, and where the document names it."""

from __future__ import annotations

from compactgraph.destinations import table_of_destinations
from compactgraph.overview import one_row_each
from compactgraph.passages import source_document
from compactgraph.references import references
from compactgraph.story import naming_texts
from compactgraph.terms import capital
from compactgraph.ui import address, downloads, referring, render, session

shown = session.shown()
every = {reference.identifier: reference for reference in shown.ask(references)}
asked = address.value("ref")
reference = every.get(asked)
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
    render.show("references", groups=referring.by_type(every.values()), terms=shown.terms)
    downloads.sheet(shown, referring.sheet(every.values()))
else:
    provisions = one_row_each(shown.ask(table_of_destinations))
    render.show(
        "reference",
        reference=reference,
        texts=naming_texts(shown.ask(source_document), reference.mentions),
        rows={row.provision: row for row in provisions},
        terms=shown.terms,
    )
    downloads.sheet(shown, referring.mentions_sheet(reference))
