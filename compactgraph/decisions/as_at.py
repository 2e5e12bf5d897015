"""A review as it stood on a day: its graphs, with the decisions of days up to that one."""

from __future__ import annotations

from pathlib import Path

from compactgraph.decisions.reviewed import quads_of_review
from compactgraph.decisions.standing import ReviewAsRead, in_memory
from compactgraph.register.chain import entries_of
from compactgraph.register.entry import day_of
from compactgraph.register.registers import register_at
from compactgraph.sparql.dataset import Dataset
from compactgraph.store.storage import Location


def as_at(store: Dataset, ontology: Path, review: str, location: Location, day: str | None) -> Dataset:
    """Return a store in memory with one review as it stood on ``day``, or ``store`` if it is None.

    ``location`` says where the register is. The day of a decision counts, not that of its recording.
    Raises RegisterError if the day is invalid, or the register is not whole.
    """
    if day is None:
        return store
    day_of(day)
    entries = entries_of(review, register_at(location).kept(review))
    known, read = quads_of_review(store, review)
    stood = ReviewAsRead(ontology, review, known, read).stand(entries, day)
    return in_memory(known, read, stood)
