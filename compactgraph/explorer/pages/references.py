"""References: each outside document, body and practice, and where the document names it."""

from __future__ import annotations

from collections.abc import Iterable

from compactgraph.answers.provision.quotations import quoted_texts
from compactgraph.answers.provision.source_text import source_document
from compactgraph.answers.review.references import Reference, references
from compactgraph.answers.tables.destinations import one_row_each, table_of_destinations
from compactgraph.common.english import capital
from compactgraph.explorer.frame import address, downloads, render, session
from compactgraph.files.writing import Sheet
from compactgraph.sparql.rows import Cell

TEXT_KINDS = {
    "wording": "In the agreement",
    "footnote": "In footnotes",
    "commentary": "In what the partners say",
    "recommendation": "In recommendations",
}
HEADINGS = {
    "agreement": "Agreements",
    "legislation": "Legislation",
    "body": "Bodies",
    "practice": "Practices",
    "": "Other documents and matters",
}


def by_heading(references: Iterable[Reference]) -> dict[str, list[Reference]]:
    """Return the references under a heading for what they are, other documents and matters last."""
    found: dict[str, list[Reference]] = {heading: [] for heading in HEADINGS.values()}
    for reference in references:
        found[HEADINGS.get(reference.category, HEADINGS[""])].append(reference)
    return {heading: group for heading, group in found.items() if group}


def as_sheet(references: Iterable[Reference]) -> Sheet:
    """Return the references as a table for download."""
    columns = ("Name", "Type", "Mentions", *TEXT_KINDS.values(), "Movements")
    rows: list[tuple[Cell, ...]] = [
        (
            capital(reference.label),
            reference.type,
            len(reference.mentions),
            *(reference.by_kind.get(kind, 0) for kind in TEXT_KINDS),
            reference.going(),
        )
        for reference in references
    ]
    return Sheet("References", columns, rows)


def mentions_sheet(reference: Reference) -> Sheet:
    """Return the mentions of a reference as a table for download."""
    columns = ("Part of the agreement", "Text", "Words", "Whole text", "Line")
    rows: list[tuple[Cell, ...]] = [
        (mention.provision, mention.of, mention.quote(), mention.text, mention.ranges[0].line)
        for mention in reference.mentions
    ]
    return Sheet(f"Mentions of {reference.label}", columns, rows)


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
    render.show("references/page", groups=by_heading(every.values()))
    downloads.sheet(shown, as_sheet(every.values()))
else:
    provisions = one_row_each(table_of_destinations(shown.graph))
    render.show(
        "references/reference",
        reference=reference,
        texts=quoted_texts(source_document(shown.graph), reference.mentions),
        rows={row.provision: row for row in provisions},
        terms=shown.terms,
    )
    downloads.sheet(shown, mentions_sheet(reference))
