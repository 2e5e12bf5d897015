"""How two wordings differ, word by word, and which of several are near."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Store

from compactgraph.reading.similarity import Fate, Stretch, differences, near_pairs
from compactgraph.sparql.rows import select

KEPT, REMOVED, ADDED = Fate.KEPT, Fate.REMOVED, Fate.ADDED

WORDINGS = st.lists(st.sampled_from(["a", "b", "the", "The", "the,", "é", "•"]), max_size=12).map(
    " ".join
)
TEXTS = st.text(max_size=60) | WORDINGS


def words(found: list[Stretch], *fates: Fate) -> list[str]:
    return [word for stretch in found if stretch.fate in fates for word in stretch.words.split()]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("", "", []),
        (" \n", "\t", []),
        ("We will keep it.", "We will keep it.", [(KEPT, "We will keep it.")]),
        ("We will\nkeep  it.", "We will keep it. ", [(KEPT, "We will keep it.")]),
        ("", "It is new.", [(ADDED, "It is new.")]),
        ("It is gone.", "", [(REMOVED, "It is gone.")]),
        ("one two", "three four", [(REMOVED, "one two"), (ADDED, "three four")]),
        (
            "We will keep it.",
            "We will not keep it, ever.",
            [
                *((KEPT, "We will"), (ADDED, "not"), (KEPT, "keep")),
                *((REMOVED, "it."), (ADDED, "it, ever.")),
            ],
        ),
        (
            "a b c d",
            "x b y d z",
            [
                *((REMOVED, "a"), (ADDED, "x"), (KEPT, "b"), (REMOVED, "c"), (ADDED, "y")),
                *((KEPT, "d"), (ADDED, "z")),
            ],
        ),
        ("a b c", "c a b", [(ADDED, "c"), (KEPT, "a b"), (REMOVED, "c")]),
        (
            "Funding, early",
            "funding early",
            [(REMOVED, "Funding,"), (ADDED, "funding"), (KEPT, "early")],
        ),
        ("Bod yn glir", "Bod yn onest", [(KEPT, "Bod yn"), (REMOVED, "glir"), (ADDED, "onest")]),
    ],
)
def test_the_words_that_differ(old: str, new: str, expected: list[tuple[Fate, str]]) -> None:
    assert [(stretch.fate, stretch.words) for stretch in differences(old, new)] == expected


def test_a_commitment_beside_its_new_wording(bristol: Store) -> None:
    found = select(
        bristol, "SELECT ?text { ?p a cg:Commitment ; dcterms:identifier '1.11' ; cg:text ?text }"
    )
    ((old,),) = found.rows
    assert isinstance(old, str)
    assert differences(old, old.replace("asset transfer", "assets")) == [
        Stretch(KEPT, "Support the VCS in ways other than funding for example, community"),
        Stretch(REMOVED, "asset transfer"),
        Stretch(ADDED, "assets"),
        Stretch(KEPT, "and capacity building support)."),
    ]


@given(TEXTS, TEXTS)
def test_each_wording_can_be_read_off_what_is_kept_and_its_own(old: str, new: str) -> None:
    found = differences(old, new)
    assert words(found, KEPT, REMOVED) == old.split()
    assert words(found, KEPT, ADDED) == new.split()


@given(TEXTS, TEXTS)
def test_stretches_are_whole_and_what_is_removed_comes_first(old: str, new: str) -> None:
    fates = [stretch.fate for stretch in differences(old, new)]
    allowed = {
        *((KEPT, REMOVED), (KEPT, ADDED), (REMOVED, ADDED), (REMOVED, KEPT), (ADDED, KEPT)),
    }
    assert set(pairwise(fates)) <= allowed
    assert all(stretch.words.strip() for stretch in differences(old, new))


@given(TEXTS)
def test_a_wording_does_not_differ_from_itself(text: str) -> None:
    kept = " ".join(text.split())
    assert differences(text, text) == ([Stretch(KEPT, kept)] if kept else [])


@given(WORDINGS, WORDINGS)
def test_no_longer_row_of_words_could_be_kept(old: str, new: str) -> None:
    assert len(words(differences(old, new), KEPT)) == longest_common(old.split(), new.split())


def longest_common(old: list[str], new: list[str]) -> int:
    """Return the length of the longest row of words that both have, by the textbook's table."""
    lengths = [0] * (len(new) + 1)
    for word in old:
        before = lengths
        lengths = [0]
        for place, other in enumerate(new, 1):
            longer = before[place - 1] + 1 if word == other else 0
            lengths.append(max(longer, before[place], lengths[-1]))
    return lengths[-1]


def test_near_wordings_have_a_score_whatever_the_order_of_their_words() -> None:
    texts = ["Be open and honest.", "Fund early.", "Honest and open, be"]
    assert near_pairs(texts, 90) == [(0, 2, 100.0)]
    assert near_pairs(texts[:2], 90) == []
