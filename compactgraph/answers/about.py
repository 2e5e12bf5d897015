"""What a review says about itself: its title, its date, who reviewed what."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from compactgraph.answers.terms import ReferenceLabel, reference_labels
from compactgraph.sparql.dataset import Dataset
from compactgraph.sparql.questions import bind, view
from compactgraph.sparql.rows import select, text_of

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


def about(store: Dataset, ontology: Path, review: str) -> About:
    """Return what a review says about itself; raise UnknownNameError where there is no such review."""
    node = bind(store, "review", review)
    answer = select(store, view(ontology, "overview-about"), {"review": node})
    says = dict(zip(answer.columns, map(text_of, answer.rows[0]), strict=True))
    labels = reference_labels(store, ontology, review)
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
