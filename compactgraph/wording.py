"""How near two wordings are: the only module that knows the text-similarity library."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz import fuzz, process, utils

MEASURE = "rapidfuzz.fuzz.token_set_ratio"


def near_pairs(texts: Sequence[str], threshold: float) -> list[tuple[int, int, float]]:
    """Return the pairs of ``texts`` that are near.

    A pair is two places in ``texts``, the first the smaller, and a score from ``threshold`` to 100:
    the token set ratio, which counts shared words whatever their order, rounded to one decimal.
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
