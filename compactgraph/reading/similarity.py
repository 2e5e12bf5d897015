"""How near two wordings are, and how they differ. Only this module imports rapidfuzz."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from rapidfuzz import fuzz, process, utils
from rapidfuzz.distance import LCSseq

MEASURE = "rapidfuzz.fuzz.token_set_ratio"


def near_pairs(texts: Sequence[str], threshold: float) -> list[tuple[int, int, float]]:
    """Return the places of the pairs of ``texts`` that are near, the smaller first, with their score.

    The score is the token set ratio, which counts shared words in any order: ``threshold`` to 100,
    rounded to one decimal.
    """
    prepared = [utils.default_process(text) for text in texts]
    pairs = []
    for place, text in enumerate(prepared):
        later = prepared[place + 1 :]
        for _, score, offset in process.extract(
            text, later, scorer=fuzz.token_set_ratio, score_cutoff=threshold, limit=None
        ):
            pairs.append((place, place + 1 + offset, round(score, 1)))
    return sorted(pairs)


class Fate(StrEnum):
    """What became of some words between an old and a new wording."""

    KEPT = "kept"
    REMOVED = "removed"
    ADDED = "added"


MARKS = {Fate.KEPT: ("", ""), Fate.REMOVED: ("[-", "-]"), Fate.ADDED: ("{+", "+}")}
"""What stands before and after the words of each fate in plain text."""


@dataclass(frozen=True)
class Stretch:
    """Successive words with one fate, joined by single spaces."""

    fate: Fate
    words: str

    @property
    def marked(self) -> str:
        """The words between the marks of their fate."""
        before, after = MARKS[self.fate]
        return f"{before}{self.words}{after}"


def differences(old: str, new: str) -> list[Stretch]:
    """Return how the words of ``new`` differ from those of ``old``, as a reader goes through both.

    Words are what stands between spaces, with punctuation and case. The longest sequence of words in
    both is kept. What is removed comes before what is added in its place.
    """
    before, after = old.split(), new.split()
    found: list[Stretch] = []
    steps = LCSseq.opcodes(before, after)
    for is_kept, group in groupby(steps, key=lambda step: step.tag == "equal"):
        removed: list[str] = []
        added: list[str] = []
        for step in group:
            removed += before[step.src_start : step.src_end]
            added += after[step.dest_start : step.dest_end]
        parts = [(Fate.KEPT, added)] if is_kept else [(Fate.REMOVED, removed), (Fate.ADDED, added)]
        found += [Stretch(fate, " ".join(words)) for fate, words in parts if words]
    return found
