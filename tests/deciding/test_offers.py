"""What can be decided now: which kinds make sense on what, and what stands against a new decision."""

from __future__ import annotations

from pathlib import Path

import pytest

from compactgraph.deciding.checks import Situation
from compactgraph.deciding.desk import Desk
from compactgraph.deciding.offers import (
    Unfit,
    against,
    alternatives,
    awaited,
    in_force,
    movements,
    naming,
    needs_place,
    offers,
    rivals,
    suspects,
    unfit,
)
from compactgraph.register.entry import Body, Kind

MOVES = "1.11-r1/moves/vcse-strategy"


@pytest.fixture(scope="module")
def situation(decided_folder: Path, ontology_folder: Path) -> Situation:
    return Desk(decided_folder, ontology_folder, "bristol").situation()


@pytest.fixture(scope="module")
def reworded_situation(reworded_folder: Path, ontology_folder: Path) -> Situation:
    return Desk(reworded_folder, ontology_folder, "bristol").situation()


def body(kind: Kind, item: str, **values: object) -> Body:
    return Body(kind, ("Ann Lee",), "2026-11-24", item=item, **values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("provision", "expected"),
    [
        (
            "1.11",
            {"agree": (MOVES,), "reject": (MOVES,), "amend": (MOVES,), "apply": (MOVES,), "note": 2},
        ),
        ("1.9", {"settle": ("1.9",), "apply": ("d10/stays/new-compact",), "note": 2}),
        ("values", {"settle": ("values",), "note": 1}),
        ("title", {"reject": ("title-r1/question",), "settle": ("title",), "note": 2}),
        (
            "2.5",
            {
                "agree": ("2.5-r1/dropped",),
                "reject": ("2.5-r1/dropped",),
                "amend": ("2.5-r1/dropped",),
                "apply": ("d6/moves/vcse-strategy",),
                "note": 3,
            },
        ),
    ],
)
def test_only_what_makes_sense_is_offered(
    situation: Situation, provision: str, expected: dict[str, object]
) -> None:
    found = {str(kind): items for kind, items in offers(situation, provision).items()}
    assert len(found.pop("note")) == expected.pop("note")
    assert found == expected


def test_what_is_suspect_can_be_confirmed(reworded_situation: Situation) -> None:
    assert suspects(reworded_situation, "1.11") == ["decision/1", "decision/13"]
    assert offers(reworded_situation, "1.11")[Kind.CONFIRM] == ("decision/1", "decision/13")
    assert Kind.CONFIRM not in offers(reworded_situation, "1.2")


@pytest.mark.parametrize(
    ("item", "kind", "expected"),
    [
        (MOVES, Kind.AGREE, None),
        (MOVES, Kind.APPLY, None),
        ("1.4-r2/question", Kind.AGREE, Unfit.ASKED),
        ("1.4-r2/question", Kind.REJECT, None),
        ("value-3-r1/either/vcse-strategy", Kind.AMEND, Unfit.ALTERNATIVE),
        ("value-3-r1/either/vcse-strategy", Kind.APPLY, Unfit.NOT_AGREED),
        ("d6/moves/vcse-strategy", Kind.AGREE, Unfit.DECIDED),
        ("d6/moves/vcse-strategy", Kind.APPLY, None),
        ("9.99", Kind.AGREE, Unfit.NO_MOVEMENT),
    ],
)
def test_why_a_kind_makes_no_sense(
    situation: Situation, item: str, kind: Kind, expected: Unfit | None
) -> None:
    assert unfit(situation, item, kind) == expected


def test_what_awaits_a_decision(situation: Situation) -> None:
    every = [move.identifier for move in movements(situation, "value-3")]
    assert awaited(situation, [MOVES, *every], Kind.AGREE) == every
    assert awaited(situation, ["value-5-r1/moves/vcse-strategy", MOVES], Kind.APPLY) == [
        "value-5-r1/moves/vcse-strategy"
    ]


def test_of_alternatives_one_can_be_agreed_to(situation: Situation) -> None:
    either = [move.identifier for move in alternatives(situation, "value-3")]
    assert either == ["value-3-r1/either/new-compact", "value-3-r1/either/vcse-strategy"]
    assert [move.identifier for move in rivals(situation, [MOVES, *either])] == either
    assert rivals(situation, [MOVES, either[0], "value-1-r1/either/vcse-strategy"]) == []


def test_what_goes_to_a_document_needs_its_place_there(situation: Situation) -> None:
    assert needs_place(situation, MOVES)
    assert needs_place(situation, "d6/moves/vcse-strategy")
    assert not needs_place(situation, "1.2-r1/absorbed/business-as-usual")
    assert not needs_place(situation, "1.11")


def test_what_is_in_force_on_a_provision(situation: Situation) -> None:
    assert [entry.name for entry in in_force(situation, "1.3")] == ["d18"]
    assert [entry.name for entry in in_force(situation, "4.4")] == ["d17", "d19"]
    assert in_force(situation, "1.7") == []


def test_what_stands_against_several_decisions(situation: Situation) -> None:
    agree, reject = body(Kind.AGREE, MOVES), body(Kind.REJECT, "1.2-r1/absorbed/business-as-usual")
    for bodies, told in (
        ([agree], ["d1", "d13"]),
        ([reject], ["d4"]),
        ([agree, reject], ["d1", "d13", "d4"]),
    ):
        found = against(situation, bodies)
        assert [entry.name for entry in found.values()] == told
        assert list(found) == [entry.number for entry in found.values()]
    assert (
        against(situation, [body(Kind.NOTE, MOVES), body(Kind.AGREE, "1.6-r1/stays/new-compact")]) == {}
    )


@pytest.mark.parametrize(
    ("shown", "supersede", "expected"),
    [
        ((1, 13, 17), True, ((1, 13), ())),
        ((1, 13), False, ((), (1, 13))),
        ((1,), True, ((1,), ())),
        ((), True, ((), ())),
    ],
)
def test_only_what_a_person_was_shown_is_named(
    situation: Situation,
    shown: tuple[int, ...],
    supersede: bool,
    expected: tuple[tuple[int, ...], tuple[int, ...]],
) -> None:
    (named,) = naming(situation, [body(Kind.AGREE, MOVES)], shown, supersede=supersede)
    assert (named.replaces, named.beside) == expected


def test_what_a_note_takes_back_is_kept_when_others_are_named(situation: Situation) -> None:
    (named,) = naming(situation, [body(Kind.AGREE, MOVES, replaces=(1,))], (1, 13), supersede=True)
    assert named.replaces == (1, 13)
