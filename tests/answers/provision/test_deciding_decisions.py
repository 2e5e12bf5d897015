"""Which decisions made a movement what it is, and how decisions are told."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import Store

from compactgraph.answers.provision.deciding_decisions import (
    contest_among,
    deciding_in,
    in_its_place,
    item_words,
    movement_words,
    standing_sentences,
    who_and_when,
)
from compactgraph.answers.provision.trace import Trace, trace
from compactgraph.answers.review_graph import ReviewGraph


def traced(store: Store, ontology: Path, provision: str) -> Trace:
    return trace(ReviewGraph(store, ontology, "bristol"), provision)


@pytest.mark.parametrize(
    ("provision", "expected"),
    [
        ("1.11", {"1.11-r1/moves/vcse-strategy": ["d1", "d13"]}),
        ("2.1", {"2.1-r1/dropped": ["d5"]}),
        ("2.5", {"2.5-r1/dropped": ["d6"], "d6/moves/vcse-strategy": ["d6"]}),
        (
            "value-1",
            {"value-1-r1/either/new-compact": ["d8"], "value-1-r1/either/vcse-strategy": ["d8"]},
        ),
        ("1.9", {"d10/stays/new-compact": ["d10"]}),
        ("1.3", {"1.3-r1/absorbed/business-as-usual": ["d18"], "d18/stays/new-compact": ["d18"]}),
        ("4.4", {"4.4-r1/moves/vcse-strategy": ["d17", "d19"]}),
        ("1.6", {"1.6-r1/stays/new-compact": []}),
    ],
)
def test_which_decisions_made_a_movement_what_it_is(
    decided: Store, ontology_folder: Path, provision: str, expected: dict[str, list[str]]
) -> None:
    told = traced(decided, ontology_folder, provision)
    found = {m.movement: [d.name for d in deciding_in(told, m)] for m in told.movements}
    assert {name: found[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("provision", "movement", "expected"),
    [
        ("2.5", "2.5-r1/dropped", ["d6/moves/vcse-strategy"]),
        ("2.5", "d6/moves/vcse-strategy", []),
        ("value-1", "value-1-r1/either/new-compact", ["value-1-r1/either/vcse-strategy"]),
        ("value-1", "value-1-r1/either/vcse-strategy", []),
        ("2.1", "2.1-r1/dropped", []),
        ("4.4", "4.4-r1/moves/vcse-strategy", []),
    ],
)
def test_what_was_put_in_the_place_of_a_movement(
    decided: Store, ontology_folder: Path, provision: str, movement: str, expected: list[str]
) -> None:
    told = traced(decided, ontology_folder, provision)
    (of,) = [each for each in told.movements if each.movement == movement]
    assert [other.movement for other in in_its_place(told, of)] == expected


def test_a_decision_in_words(decided: Store, ontology_folder: Path) -> None:
    told = traced(decided, ontology_folder, "1.11")
    agreed, applied = told.decisions
    assert who_and_when(agreed) == (
        "agreed on 5 October 2026 by Ann Lee and Bo Okafor, on behalf of Bristol Compact Partners' Group"
    )
    assert who_and_when(applied) == "marked as applied on 19 October 2026 by Chris O’Neill"
    assert item_words(told, agreed) == "moves to VCSE Strategy (1.11-r1)"
    assert movement_words(told.movements[0]) == "moves to VCSE Strategy"
    settled = traced(decided, ontology_folder, "1.9")
    assert item_words(settled, settled.decisions[0]) == "1.9 as a whole"


@pytest.mark.parametrize(
    ("provision", "expected"),
    [
        ("1.11", [["In force."], ["In force."]]),
        (
            "1.3",
            [
                ["Superseded by d18: it is in force no longer."],
                ["In force.", "It supersedes d16."],
            ],
        ),
        (
            "4.4",
            [
                [
                    "In force.",
                    "Contested: d17 and d19 are in force and do not agree. The latest holds until one "
                    "is superseded.",
                ],
                [
                    "In force.",
                    "Contested: d17 and d19 are in force and do not agree. The latest holds until one "
                    "is superseded.",
                    "It leaves d17 in force beside it.",
                ],
            ],
        ),
    ],
)
def test_how_a_decision_stands(
    decided: Store, ontology_folder: Path, provision: str, expected: list[list[str]]
) -> None:
    told = traced(decided, ontology_folder, provision)
    assert [standing_sentences(decision) for decision in told.decisions] == expected


def test_a_decision_on_words_that_have_changed_is_suspect(
    reworded: Store, ontology_folder: Path
) -> None:
    decision = traced(reworded, ontology_folder, "1.11").decisions[0]
    assert standing_sentences(decision) == [
        "In force.",
        "Suspect: it was made on other words. Those of 1.11 have changed since, and nobody has "
        "confirmed that it holds on the new ones.",
    ]


def test_where_all_agree_nothing_is_contested(decided: Store, ontology_folder: Path) -> None:
    assert contest_among(traced(decided, ontology_folder, "1.11").decisions) == ""
