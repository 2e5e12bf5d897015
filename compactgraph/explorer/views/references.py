"""How the page References groups the references, and what its downloads hold."""

from __future__ import annotations

from collections.abc import Iterable

from compactgraph.answers.review.references import Reference
from compactgraph.common.english import capital
from compactgraph.files.writing import Sheet
from compactgraph.sparql.rows import Cell

TEXT_KINDS = {
    "wording": "In the agreement",
    "footnote": "In footnotes",
    "commentary": "In what the partners say",
    "recommendation": "In recommendations",
}
"""The kinds of text in the order in which a page counts mentions in them."""

_COLUMNS = ("Name", "Type", "Mentions", *TEXT_KINDS.values(), "Movements")
_MENTION_COLUMNS = ("Part of the agreement", "Text", "Words", "Whole text", "Line")

_HEADINGS = {
    "agreement": "Agreements",
    "legislation": "Legislation",
    "body": "Bodies",
    "practice": "Practices",
}
_OTHER = "Other documents and matters"


def by_type(references: Iterable[Reference]) -> dict[str, list[Reference]]:
    """Return the references under a heading for what they are, other documents and matters last."""
    found: dict[str, list[Reference]] = {heading: [] for heading in (*_HEADINGS.values(), _OTHER)}
    for reference in references:
        heading = _HEADINGS.get(reference.category, _OTHER)
        found.setdefault(heading, []).append(reference)
    return {heading: group for heading, group in found.items() if group}


def sheet(references: Iterable[Reference]) -> Sheet:
    """Return the references as a table for download."""
    rows: list[tuple[Cell, ...]] = [
        (
            capital(reference.label),
            reference.type,
            len(reference.mentions),
            *(reference.by_kind.get(kind, 0) for kind in TEXT_KINDS),
            sum(count.movements for count in reference.movements),
        )
        for reference in references
    ]
    return Sheet("References", _COLUMNS, rows)


def mentions_sheet(reference: Reference) -> Sheet:
    """Return the mentions of a reference as a table for download."""
    rows: list[tuple[Cell, ...]] = [
        (mention.provision, mention.of, mention.quote(), mention.text, mention.ranges[0].line)
        for mention in reference.mentions
    ]
    return Sheet(f"Mentions of {reference.label}", _MENTION_COLUMNS, rows)
