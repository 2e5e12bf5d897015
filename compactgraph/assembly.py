"""Assembles one review's graph: its document, what it says, how it is read, and whether it conforms."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from compactgraph.folder import ReviewFolder

if TYPE_CHECKING:
    from pyoxigraph import Quad

Step = Callable[[str, float], None]
"""Called with what is being done, in words, and the share of the whole that is done."""


@dataclass
class ReviewSummary:
    """What a build made of one review: counts by kind of thing, outcome totals, what was found.

    ``fingerprint`` is that of the review's folder, ``common`` that of what all reviews rest on.
    """

    identifier: str
    title: str
    common: str
    fingerprint: str
    quads: int
    counts: dict[str, int]
    outcomes: dict[str, int]
    commitment_outcomes: dict[str, int]
    unread: list[str]
    findings: list[dict[str, Any]] = field(default_factory=list)

    @property
    def violations(self) -> int:
        """The number of findings that make the review non-conforming."""
        return sum(finding["severity"] == "Violation" for finding in self.findings)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> ReviewSummary:
        """Return the summary that a manifest holds."""
        return cls(**data)


@dataclass(frozen=True)
class BuiltReview:
    """A review's quads, and what a build notes of it."""

    quads: list[Quad]
    summary: ReviewSummary


def build_review(
    folder: ReviewFolder,
    ontology: Path,
    shared: list[Quad],
    fingerprints: tuple[str, str],
    step: Step = lambda words, share: None,
) -> BuiltReview:
    """Read one review and return its quads, validated.

    ``shared`` are the quads of the ontology and the shared references; ``fingerprints`` that of what
    all reviews rest on, and that of the review's folder; ``step`` is called as
    :func:`build_store` says, with the share of this review. Raises a SourceError, FolderError,
    TurtleError or UnknownNameError where the folder cannot be read without loss.
    """
    from compactgraph.graph import Described, describe
    from compactgraph.reader import read_review
    from compactgraph.reading import read_words
    from compactgraph.rules import apply_rules
    from compactgraph.validation import validate_quads
    from compactgraph.vocabulary import build_vocabulary

    step("Reading the document", 0.0)
    vocabulary = build_vocabulary(folder, shared)
    source, review = read_review(folder)
    step("Reading what is recommended", 0.2)
    readings = read_words(folder, source, review, vocabulary)
    step("Working out where each provision goes", 0.3)
    stated = describe(Described(folder, source, review, readings, vocabulary))
    derived = apply_rules(ontology, vocabulary.quads, stated, folder.iris.graph("reading"))
    quads = [*vocabulary.own, *stated, *derived]
    step("Checking the graph", 0.5)
    findings = validate_quads(ontology, [*shared, *quads])
    counts = {
        "provisions": len(review.provisions),
        "commentary": sum(len(p.commentary) for p in review.provisions),
        "recommendations": sum(len(p.recommendations) for p in review.provisions),
        "footnotes": len(review.footnotes),
        "pieces": len(review.pieces),
        "readings": len(readings.readings),
        "by hand": sum(reading.why is not None for reading in readings.readings),
        "movements": _count_movements(derived),
    }
    for provision in review.provisions:
        counts[provision.kind] = counts.get(provision.kind, 0) + 1
        if provision.party is not None:
            counts[provision.party] = counts.get(provision.party, 0) + 1
    outcomes = dict(_outcomes(derived))
    kinds = {folder.iris.provision(p.identifier): p.kind for p in review.provisions}
    commitments = {p: o for p, o in outcomes.items() if kinds[p] == "commitment"}
    summary = ReviewSummary(
        identifier=folder.identifier,
        title=folder.title,
        common=fingerprints[0],
        fingerprint=fingerprints[1],
        quads=len(set(quads)),
        counts=counts,
        outcomes=_totals(outcomes.values()),
        commitment_outcomes=_totals(commitments.values()),
        unread=[str(unread) for unread in readings.unread],
        findings=[finding.to_json() for finding in findings],
    )
    return BuiltReview(quads, summary)


def _outcomes(derived: Iterable[Quad]) -> Iterator[tuple[str, str]]:
    from compactgraph.namespaces import CG, VOCAB

    for quad in derived:
        if quad.predicate.value == CG + "outcome":
            outcome = str(quad.object).strip("<>").removeprefix(VOCAB + "outcome/")
            yield str(quad.subject).strip("<>"), outcome


def _count_movements(derived: Iterable[Quad]) -> int:
    from compactgraph.namespaces import CG

    return sum(quad.predicate.value == CG + "hasMovement" for quad in derived)


def _totals(values: Iterable[str]) -> dict[str, int]:
    totals: dict[str, int] = {}
    for value in values:
        totals[value] = totals.get(value, 0) + 1
    return dict(sorted(totals.items()))
