"""Assembles one review's graph: its document, what it says, how it is read, and whether it conforms."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from compactgraph.common.namespaces import CG
from compactgraph.document.settings import ReviewFolder
from compactgraph.graph.findings import Finding

if TYPE_CHECKING:
    from pyoxigraph import Quad

    from compactgraph.decisions.standing import Stood
    from compactgraph.decisions.working_copy import Change, WorkingCopy
    from compactgraph.register.entry import Entry

Step = Callable[[str, float], None]
"""Called with what is being done, in words, and the share of the whole that is done."""


@dataclass
class ReviewSummary:
    """What a build made of one review: counts by kind of thing, outcome totals, findings.

    ``fingerprint`` is that of the review's folder, ``common`` that of what all reviews rest on.
    ``register`` is the hash of the last entry of the register that the graph has taken in, if any.
    ``suspects`` counts what rests on words that have changed.
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
    register: str = ""
    suspects: int = 0

    @property
    def violations(self) -> int:
        """The number of findings that make the review non-conforming."""
        return sum(finding["severity"] == "Violation" for finding in self.findings)


@dataclass(frozen=True)
class BuiltReview:
    """A review's quads and its summary."""

    quads: list[Quad]
    summary: ReviewSummary


def build_review(
    folder: ReviewFolder,
    ontology: Path,
    shared: list[Quad],
    fingerprints: tuple[str, str],
    entries: Sequence[Entry] = (),
    step: Step = lambda words, share: None,
) -> BuiltReview:
    """Read one review, validate it and return its quads.

    ``shared`` are the quads of the ontology and the shared references; ``fingerprints`` are that of what
    all reviews rest on, and that of the review's folder; ``entries`` are those of its register. Raises
    SourceError, FolderError, TurtleError or UnknownNameError if the folder cannot be read without loss.
    """
    from compactgraph.decisions.standing import ReviewAsRead
    from compactgraph.document.parser import read_review
    from compactgraph.graph.rules import apply_rules
    from compactgraph.graph.statements import Described, describe
    from compactgraph.graph.validation import validate_quads
    from compactgraph.reading.readings import read_words
    from compactgraph.reading.vocabulary import build_vocabulary

    step("Reading the document", 0.0)
    vocabulary = build_vocabulary(folder, shared)
    source, review = read_review(folder)
    step("Reading what is recommended", 0.2)
    readings = read_words(folder, source, review, vocabulary)
    step("Working out where each provision goes", 0.3)
    stated = describe(Described(folder, source, review, readings, vocabulary))
    derived = apply_rules(ontology, vocabulary.quads, stated, folder.iris.graph("reading"))
    read = [*stated, *derived]
    stood = ReviewAsRead(ontology, folder.identifier, vocabulary.quads, read).stand(entries)
    quads = [*vocabulary.own, *read, *stood.quads]
    step("Checking the graph", 0.5)
    findings = validate_quads(ontology, [*shared, *quads])
    counts: Counter[str] = Counter(
        {
            "provisions": len(review.provisions),
            "commentary": sum(len(p.commentary) for p in review.provisions),
            "recommendations": sum(len(p.recommendations) for p in review.provisions),
            "footnotes": len(review.footnotes),
            "pieces": len(review.pieces),
            "readings": len(readings.readings),
            "by hand": sum(reading.why is not None for reading in readings.readings),
            "movements": sum(quad.predicate.value == CG + "hasMovement" for quad in derived),
        }
    )
    for provision in review.provisions:
        counts[provision.kind] += 1
        if provision.party is not None:
            counts[provision.party] += 1
    summary = ReviewSummary(
        identifier=folder.identifier,
        title=folder.title,
        common=fingerprints[0],
        fingerprint=fingerprints[1],
        quads=len(set(quads)),
        counts=dict(counts),
        **_stood_on(stood, findings, entries),
        unread=[str(unread) for unread in readings.unread],
    )
    return BuiltReview(quads, summary)


def restand(
    copy: WorkingCopy, summary: ReviewSummary, entries: Sequence[Entry], *, whole: bool = False
) -> tuple[Change, ReviewSummary]:
    """Take the entries of its register into a built review; return what changes, and the new summary.

    Only what changes is validated, unless ``whole``.
    """
    change = copy.take_in(entries)
    before = [Finding.from_json(finding) for finding in summary.findings]
    findings = copy.all_findings() if whole else copy.findings(change, before)
    quads = summary.quads + len(change.added) - len(change.removed)
    return change, replace(summary, quads=quads, **_stood_on(change.stood, findings, entries))


def _stood_on(stood: Stood, findings: Iterable[Finding], entries: Sequence[Entry]) -> dict[str, Any]:
    """Return what a summary holds that changes with the register."""
    commitments = stood.found.commitments
    return {
        "outcomes": _totals(stood.outcomes.values()),
        "commitment_outcomes": _totals(o for p, o in stood.outcomes.items() if p in commitments),
        "findings": [finding.to_json() for finding in findings],
        "register": max(entries, key=lambda entry: entry.number).hash if entries else "",
        "suspects": len(stood.suspects),
    }


def _totals(values: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(values).items()))
