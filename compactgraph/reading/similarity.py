"""How near two wordings are, and how they differ: the only module that knows the library for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz import fuzz, process, utils
from rapidfuzz.distance import LCSseq

MEASURE = "rapidfuzz.fuzz.token_set_ratio"


def near_pairs(texts: Sequence[str], threshold: float) -> list[tuple[int, int, float]]:
    """Return the pairs of ``texts`` that are near.

    A pair is two places in ``texts``, the first the smaller, and a score from ``threshold`` to 100:
    the token set ratio, which counts shared words in any order, rounded to one decimal.
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
"""What stands before and after words of each fate where nothing but their characters can tell it."""


@dataclass(frozen=True)
class Stretch:
    """Some words that stand together and share a fate, with single spaces between them."""

    fate: Fate
    words: str

    @property
    def marked(self) -> str:
        """The words between the marks of their fate."""
        before, after = MARKS[self.fate]
        return f"{before}{self.words}{after}"


def differences(old: str, new: str) -> list[Stretch]:
    """Return how the words of ``new`` differ from those of ``old``, as a reader goes through both.

    Words are what stands between spaces, their punctuation and case included; the longest row of words
    that both have in the same order is kept. What is removed comes before what is added in its place.
    """
    before, after = old.split(), new.split()
    found: list[Stretch] = []
    for step in LCSseq.opcodes(before, after):
        removed, added = before[step.src_start : step.src_end], after[step.dest_start : step.dest_end]
        if step.tag == "equal":
            parts = [(Fate.KEPT, added)]
        else:
            parts = [(Fate.REMOVED, removed), (Fate.ADDED, added)]
        for fate, words in parts:
            if words:
                _extend(found, fate, words)
    return found


def _extend(found: list[Stretch], fate: Fate, words: Sequence[str]) -> None:
    """Add words to what was found, to the last stretch of the same fate since words were kept."""
    for place in range(len(found) - 1, -1, -1):
        if found[place].fate is fate:
            found[place] = Stretch(fate, f"{found[place].words} {' '.join(words)}")
            return
        if found[place].fate is Fate.KEPT or fate is Fate.KEPT:
            break
    at = (
        len(found) - 1 if fate is Fate.REMOVED and found and found[-1].fate is Fate.ADDED else len(found)
    )
    found.insert(at, Stretch(fate, " ".join(words)))
