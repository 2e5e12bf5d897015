"""What the data quality page asks, as a page asks: of a store, an ontology and a review."""

from __future__ import annotations

from pathlib import Path

from compactgraph.answers.review.quality import Quality, Scheme, quality, vocabulary
from compactgraph.build.review import ReviewSummary
from compactgraph.sparql.dataset import Dataset


def review_quality(store: Dataset, ontology: Path, review: str, summary: ReviewSummary) -> Quality:
    """Return how ``review`` is read and what is found in it; ``summary`` is what the build noted."""
    return quality(store, ontology, summary)


def vocabulary_in_words(store: Dataset, ontology: Path, review: str) -> list[Scheme]:
    """Return the vocabulary, scheme by scheme; it is the same for every ``review``."""
    return vocabulary(store, ontology)
