"""What a review says about itself: its title, its date, who reviewed what."""

from __future__ import annotations

from dataclasses import dataclass

from compactgraph.answers.review_graph import ReviewGraph, asked_once
from compactgraph.answers.terms import ReferenceLabel, reference_labels

NO_DATE = "The review states no date."


@dataclass(frozen=True)
class About:
    """What a review says about itself; a text is empty, and a reference None, where it says nothing."""

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
    """Return what a review says about itself; raise UnknownNameError where there is no such review."""
    (says,) = graph.view("overview-about").texts()
    labels = reference_labels(graph)
    return About(
        title=says["title"],
        issued=says["issued"],
        note=says["note"],
        language=says["language"],
        rights=says["rights"],
        fingerprint=says["fingerprint"],
        reviewed=labels.get(says["reviewed"]),
        successor=labels.get(says["successor"]),
        reviewer=labels.get(says["reviewer"]),
    )
