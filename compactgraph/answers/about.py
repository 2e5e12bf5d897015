"""What a review says about itself: its title, its date, who reviewed what."""

from __future__ import annotations

from dataclasses import dataclass

from compactgraph.answers.records import record
from compactgraph.answers.review_graph import ReviewGraph, asked_once
from compactgraph.answers.terms import ReferenceLabel, reference_labels
from compactgraph.sparql.rows import text_of

NO_DATE = "The review states no date."


@dataclass(frozen=True)
class About:
    """What a review says about itself; what it leaves out is empty or None."""

    title: str
    issued: str
    note: str
    language: str
    rights: str
    fingerprint: str
    reviewed: ReferenceLabel | None
    successor: ReferenceLabel | None
    reviewer: ReferenceLabel | None

    @property
    def date(self) -> str:
        """The date of the review, or the words that say that it has none."""
        return self.issued or self.note or NO_DATE


@asked_once
def about(graph: ReviewGraph) -> About:
    """Return what a review says about itself."""
    (says,) = graph.rows("overview-about")
    labels = reference_labels(graph)
    parts = {name: labels.get(text_of(says[name])) for name in ("reviewed", "successor", "reviewer")}
    return record(About, says, **parts)
