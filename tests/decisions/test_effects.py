"""What is in force, and what it makes of the movements: each rule, and what no decisions can break."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compactgraph.decisions.effects import (
    Decided,
    Move,
    Standing,
    conflicts,
    contradict,
    decision_of,
    fold,
    until,
)
from compactgraph.register.entry import Body, Entry, Kind
from tests.support.bodies import entered

STAYS, LEAVES, DROPPED = "1.1-r1/stays/new", "1.2-r1/moves/strategy", "1.3-r1/dropped"
HERE, THERE = "2.1-r1/either/new", "2.1-r1/either/strategy"
WHICH, ASKED = "2.2-r1/question", "2.2-r2/question/strategy"
MOVES = [
    Move(STAYS, "1.1", "1.1-r1", "stays", "new"),
    Move(LEAVES, "1.2", "1.2-r1", "moves", "strategy"),
    Move(DROPPED, "1.3", "1.3-r1", "dropped", ""),
    Move(HERE, "2.1", "2.1-r1", "either", "new"),
    Move(THERE, "2.1", "2.1-r1", "either", "strategy"),
    Move(WHICH, "2.2", "2.2-r1", "question", ""),
    Move(ASKED, "2.2", "2.2-r2", "question", "strategy"),
]
BY_NAME = {move.identifier: move for move in MOVES}
PROVISIONS = ["1.1", "1.2", "1.3", "2.1", "2.2", "3.1"]
RECOMMENDED = dict.fromkeys(BY_NAME, "recommended")


def body(kind: Kind, item: str, day: int = 1, **more: Any) -> Body:
    move = BY_NAME.get(item)
    provision = move.provision if move else item if item in PROVISIONS else ""
    return Body(kind, ("Ann",), f"2026-11-{day:02}", item=item, provision=provision, **more)


def agree(item: str, day: int = 1, **more: Any) -> Body:
    return body(Kind.AGREE, item, day, **more)


def reject(item: str, day: int = 1, **more: Any) -> Body:
    return body(Kind.REJECT, item, day, **more)


def amend(item: str, day: int = 1, **more: Any) -> Body:
    return body(Kind.AMEND, item, day, **{"dispositions": ("keep",), **more})


def settle(item: str, day: int = 1, **more: Any) -> Body:
    return body(Kind.SETTLE, item, day, **more)


def apply(item: str, day: int = 1, **more: Any) -> Body:
    return body(Kind.APPLY, item, day, **more)


def stood(bodies: Sequence[Body], day: int | None = None) -> Standing:
    date = None if day is None else f"2026-11-{day:02}"
    return fold(MOVES, PROVISIONS, until(entered(bodies), date))


@dataclass(frozen=True)
class Expected:
    """What becomes of the movements: only what is not as it was before anything was decided."""

    statuses: dict[str, str]
    settled: frozenset[str] = frozenset()
    chosen: frozenset[str] = frozenset()
    decided: tuple[Decided, ...] = ()
    applied: frozenset[str] = frozenset()
    contested: dict[str, list[int]] | None = None
    void: tuple[int, ...] = ()


def as_expected(standing: Standing) -> Expected:
    changed = {name: s for name, s in standing.statuses.items() if s != "recommended"}
    return Expected(
        changed,
        frozenset(standing.settled),
        frozenset(standing.chosen),
        tuple(standing.decided),
        frozenset(standing.applied),
        standing.contested or None,
        tuple(standing.void),
    )


def out(*names: str) -> frozenset[str]:
    return frozenset(names)


def kept(number: int, provision: str, basis: str = "", to: str = "") -> Decided:
    return Decided(number, provision, basis, ("keep",), (), to)


NOTHING = Expected({})
CASES: list[tuple[str, list[Body], int | None, Expected]] = [
    ("nothing", [], None, NOTHING),
    # One decision.
    ("agree", [agree(STAYS)], None, Expected({STAYS: "agreed"})),
    ("agree that it goes", [agree(DROPPED)], None, Expected({DROPPED: "agreed"})),
    ("reject", [reject(LEAVES)], None, Expected({LEAVES: "rejected"}, out(LEAVES))),
    (
        "amend puts what is decided in the place of what was recommended",
        [amend(LEAVES, to="new", reasons=("obsolete",))],
        None,
        Expected(
            {LEAVES: "rejected"},
            out(LEAVES),
            decided=(Decided(1, "1.2", "1.2-r1", ("keep",), ("obsolete",), "new"),),
        ),
    ),
    ("a note changes nothing", [body(Kind.NOTE, STAYS, why="x")], None, NOTHING),
    ("nor does a confirmation", [body(Kind.CONFIRM, "decision/1")], None, NOTHING),
    ("nor does a draft", [body(Kind.BEGIN_DRAFT, ""), body(Kind.WRITE_DRAFT, STAYS)], None, NOTHING),
    # Alternatives and questions.
    (
        "to agree to an alternative settles the others",
        [agree(THERE)],
        None,
        Expected({THERE: "agreed", HERE: "rejected"}, out(HERE), out(THERE)),
    ),
    (
        "to reject one leaves the other open",
        [reject(THERE)],
        None,
        Expected({THERE: "rejected"}, out(THERE)),
    ),
    (
        "to amend one leaves the other open",
        [amend(THERE)],
        None,
        Expected({THERE: "rejected"}, out(THERE), decided=(kept(1, "2.1", "2.1-r1"),)),
    ),
    (
        "to settle a provision on an alternative is to agree to that one",
        [settle("2.1", to="new")],
        None,
        Expected({HERE: "agreed", THERE: "rejected"}, out(THERE), out(HERE)),
    ),
    (
        "to settle it otherwise settles both",
        [settle("2.1", to="new", dispositions=("keep",))],
        None,
        Expected(
            {HERE: "rejected", THERE: "rejected"},
            out(HERE, THERE),
            decided=(kept(1, "2.1", to="new"),),
        ),
    ),
    (
        "to settle a question answers what asked of that document",
        [settle("2.2", to="strategy", dispositions=("refer",))],
        None,
        Expected(
            {WHICH: "rejected", ASKED: "agreed"},
            out(WHICH, ASKED),
            decided=(Decided(1, "2.2", "", ("refer",), (), "strategy"),),
        ),
    ),
    ("a question that is agreed to stays open", [agree(WHICH)], None, Expected({WHICH: "agreed"})),
    (
        "to settle what nothing was recommended for",
        [settle("3.1", dispositions=("keep",))],
        None,
        Expected({}, decided=(kept(1, "3.1"),)),
    ),
    (
        "what is not open stays as it was",
        [settle("1.1", dispositions=("keep",))],
        None,
        Expected({}, decided=(kept(1, "1.1"),)),
    ),
    # Applied.
    ("apply what is agreed", [agree(STAYS), apply(STAYS)], None, Expected({STAYS: "applied"})),
    ("in whatever order", [apply(STAYS), agree(STAYS, 2)], None, Expected({STAYS: "applied"})),
    ("apply what is not agreed", [apply(STAYS)], None, NOTHING),
    (
        "apply what was rejected",
        [reject(STAYS), apply(STAYS)],
        None,
        Expected({STAYS: "rejected"}, out(STAYS)),
    ),
    (
        "apply what was decided",
        [amend(LEAVES), apply("d1/moves/new")],
        None,
        Expected(
            {LEAVES: "rejected"},
            out(LEAVES),
            decided=(kept(1, "1.2", "1.2-r1"),),
            applied=out("d1/moves/new"),
        ),
    ),
    (
        "apply the alternative that was settled on",
        [settle("2.1", to="new"), apply(HERE)],
        None,
        Expected({HERE: "applied", THERE: "rejected"}, out(THERE), out(HERE)),
    ),
    (
        "apply what a decision had put there that was replaced",
        [amend(LEAVES), apply("d1/moves/new"), agree(LEAVES, replaces=(1,))],
        None,
        Expected({LEAVES: "agreed"}, void=(2,)),
    ),
    (
        "what was applied and is rejected now",
        [agree(STAYS), apply(STAYS), reject(STAYS, replaces=(1, 2))],
        None,
        Expected({STAYS: "rejected"}, out(STAYS)),
    ),
    # Replaced.
    (
        "a decision that was replaced is not in force",
        [agree(STAYS), reject(STAYS, replaces=(1,))],
        None,
        Expected({STAYS: "rejected"}, out(STAYS)),
    ),
    (
        "what was replaced stays replaced when what replaced it is replaced",
        [agree(STAYS), reject(STAYS, replaces=(1,)), agree(STAYS, replaces=(2,))],
        None,
        Expected({STAYS: "agreed"}),
    ),
    (
        "also where what replaces it last is a note",
        [agree(STAYS), reject(STAYS, replaces=(1,)), body(Kind.NOTE, STAYS, replaces=(2,))],
        None,
        NOTHING,
    ),
    (
        "several at once",
        [reject(HERE), agree(THERE), settle("2.1", replaces=(1, 2), to="new")],
        None,
        Expected({HERE: "agreed", THERE: "rejected"}, out(THERE), out(HERE)),
    ),
    (
        "a settlement by a decision on one movement",
        [settle("2.1", to="new"), agree(THERE, replaces=(1,))],
        None,
        Expected({THERE: "agreed", HERE: "rejected"}, out(HERE), out(THERE)),
    ),
    # Several in force.
    (
        "the later number holds of those of a day",
        [agree(STAYS), reject(STAYS, beside=(1,))],
        None,
        Expected({STAYS: "rejected"}, out(STAYS), contested={STAYS: [1, 2]}),
    ),
    (
        "the later day holds whatever the numbers",
        [agree(STAYS, 5), reject(STAYS, 3, beside=(1,))],
        None,
        Expected({STAYS: "agreed"}, contested={STAYS: [2, 1]}),
    ),
    (
        "three of them",
        [agree(STAYS), reject(STAYS, beside=(1,)), amend(STAYS, beside=(1, 2))],
        None,
        Expected(
            {STAYS: "rejected"},
            out(STAYS),
            decided=(kept(3, "1.1", "1.1-r1"),),
            contested={STAYS: [1, 2, 3]},
        ),
    ),
    ("the same twice", [agree(STAYS), agree(STAYS, beside=(1,))], None, Expected({STAYS: "agreed"})),
    (
        "the same in another order of words",
        [
            amend(STAYS, dispositions=("keep", "add"), reasons=("obsolete", "implicit")),
            amend(STAYS, dispositions=("add", "keep"), reasons=("implicit", "obsolete"), beside=(1,)),
        ],
        None,
        Expected(
            {STAYS: "rejected"},
            out(STAYS),
            decided=(Decided(2, "1.1", "1.1-r1", ("add", "keep"), ("implicit", "obsolete"), ""),),
        ),
    ),
    (
        "amended to two documents",
        [
            amend(STAYS, dispositions=("refer",), to="strategy"),
            amend(STAYS, dispositions=("refer",), to="plan", beside=(1,)),
        ],
        None,
        Expected(
            {STAYS: "rejected"},
            out(STAYS),
            decided=(Decided(2, "1.1", "1.1-r1", ("refer",), (), "plan"),),
            contested={STAYS: [1, 2]},
        ),
    ),
    (
        "two alternatives agreed to",
        [agree(HERE), agree(THERE, beside=(1,))],
        None,
        Expected(
            {HERE: "agreed", THERE: "agreed"},
            chosen=out(HERE, THERE),
            contested={HERE: [1, 2], THERE: [1, 2]},
        ),
    ),
    (
        "one agreed to, and the provision settled on the other",
        [agree(HERE), settle("2.1", to="strategy", beside=(1,))],
        None,
        Expected(
            {HERE: "agreed", THERE: "agreed"},
            chosen=out(HERE, THERE),
            contested={HERE: [1, 2], "2.1": [1, 2]},
        ),
    ),
    (
        "the same in the other order",
        [settle("2.1", to="strategy"), agree(HERE, beside=(1,))],
        None,
        Expected(
            {HERE: "agreed", THERE: "agreed"},
            chosen=out(HERE, THERE),
            contested={HERE: [1, 2], "2.1": [1, 2]},
        ),
    ),
    (
        "one agreed to, and the provision settled on it",
        [agree(HERE), settle("2.1", to="new", beside=(1,))],
        None,
        Expected({HERE: "agreed", THERE: "rejected"}, out(THERE), out(HERE)),
    ),
    (
        "one rejected, and the provision settled on the other",
        [reject(HERE), settle("2.1", to="strategy", beside=(1,))],
        None,
        Expected({HERE: "rejected", THERE: "agreed"}, out(HERE), out(THERE)),
    ),
    (
        "one rejected, and the provision settled on it",
        [reject(HERE), settle("2.1", to="new", beside=(1,))],
        None,
        Expected(
            {HERE: "rejected", THERE: "rejected"},
            out(HERE, THERE),
            contested={HERE: [1, 2], "2.1": [1, 2]},
        ),
    ),
    (
        "a movement's own decision goes before that on its provision",
        [agree(WHICH), settle("2.2", 2, dispositions=("keep",), beside=(1,))],
        None,
        Expected(
            {WHICH: "agreed", ASKED: "rejected"},
            out(ASKED),
            decided=(kept(2, "2.2"),),
            contested={WHICH: [1, 2], "2.2": [1, 2]},
        ),
    ),
    (
        "a provision settled twice",
        [settle("3.1", dispositions=("keep",)), settle("3.1", dispositions=("remove",), beside=(1,))],
        None,
        Expected(
            {},
            decided=(Decided(2, "3.1", "", ("remove",), (), ""),),
            contested={"3.1": [1, 2]},
        ),
    ),
    # As at a day.
    ("before the day", [agree(STAYS, 5)], 4, NOTHING),
    ("on the day", [agree(STAYS, 5)], 5, Expected({STAYS: "agreed"})),
    (
        "before it was replaced",
        [agree(STAYS, 5), reject(STAYS, 10, replaces=(1,))],
        9,
        Expected({STAYS: "agreed"}),
    ),
    (
        "after it was replaced",
        [agree(STAYS, 5), reject(STAYS, 10, replaces=(1,))],
        10,
        Expected({STAYS: "rejected"}, out(STAYS)),
    ),
    (
        "what replaces it is of an earlier day, and it was not decided yet",
        [agree(STAYS, 10), reject(STAYS, 5, replaces=(1,))],
        5,
        Expected({STAYS: "rejected"}, out(STAYS)),
    ),
    (
        "what replaces it is of an earlier day, and it has come",
        [agree(STAYS, 10), reject(STAYS, 5, replaces=(1,))],
        10,
        Expected({STAYS: "rejected"}, out(STAYS)),
    ),
    ("before either", [agree(STAYS, 10), reject(STAYS, 5, replaces=(1,))], 4, NOTHING),
    (
        "replaced by what is replaced on a later day",
        [agree(STAYS, 1), reject(STAYS, 2, replaces=(1,)), agree(STAYS, 9, replaces=(2,))],
        5,
        Expected({STAYS: "rejected"}, out(STAYS)),
    ),
    (
        "applied on an earlier day than it was agreed",
        [agree(STAYS, 10), apply(STAYS, 5)],
        7,
        NOTHING,
    ),
    (
        "an amendment of the day before, and what is applied of it the day after",
        [amend(LEAVES, 5), apply("d1/moves/new", 6)],
        5,
        Expected({LEAVES: "rejected"}, out(LEAVES), decided=(kept(1, "1.2", "1.2-r1"),)),
    ),
    # On what the review does not have.
    ("a movement that is gone", [agree("9.9-r1/stays/new")], None, Expected({}, void=(1,))),
    (
        "all that are on it",
        [agree("9.9-r1/stays/new"), agree("9.9-r1/stays/new", beside=(1,)), apply("9.9-r1/stays/new")],
        None,
        Expected({}, void=(1, 2, 3)),
    ),
    (
        "two that differ on what is gone contest nothing",
        [agree("9.9-r1/stays/new"), reject("9.9-r1/stays/new", beside=(1,))],
        None,
        Expected({}, void=(1, 2)),
    ),
    (
        "what is void takes the place of nothing",
        [agree(HERE), settle(HERE, to="new"), settle(THERE, to="strategy")],
        None,
        Expected({HERE: "agreed", THERE: "rejected"}, out(THERE), out(HERE), void=(2, 3)),
    ),
    ("one amended that is gone", [amend("9.9-r1/stays/new")], None, Expected({}, void=(1,))),
    (
        "an amendment that names a provision that is gone",
        [replace(amend(LEAVES), provision="9.9")],
        None,
        Expected({}, void=(1,)),
    ),
    ("a provision that is gone", [settle("9.9", dispositions=("keep",))], None, Expected({}, void=(1,))),
    ("a movement settled", [settle(STAYS, dispositions=("keep",))], None, Expected({}, void=(1,))),
    ("a provision agreed to", [agree("1.1")], None, Expected({}, void=(1,))),
    (
        "applied of no decision",
        [agree(STAYS), apply("d1/x")],
        None,
        Expected({STAYS: "agreed"}, void=(2,)),
    ),
    (
        "the void one was replaced",
        [agree("9.9-r1/stays/new"), agree(STAYS, replaces=(1,))],
        None,
        Expected({STAYS: "agreed"}),
    ),
]


@pytest.mark.parametrize(
    ("bodies", "day", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_what_decisions_make_of_the_movements(
    bodies: list[Body], day: int | None, expected: Expected
) -> None:
    assert as_expected(stood(bodies, day)) == expected


def test_entries_hold_in_the_order_of_their_days_and_then_of_their_numbers() -> None:
    entries = entered([agree(STAYS, 5), agree(LEAVES, 3), agree(DROPPED, 5), agree(HERE, 9)])
    assert [entry.number for entry in until(entries, None)] == [2, 1, 3, 4]
    assert [entry.number for entry in until(reversed(entries), "2026-11-05")] == [2, 1, 3]
    assert until(entries, "2026-11-02") == []


def test_notes_are_in_force_and_decide_nothing() -> None:
    standing = stood([agree(STAYS), body(Kind.NOTE, STAYS, why="x"), apply(STAYS)])
    assert [entry.number for entry in standing.in_force[STAYS]] == [1, 2, 3]
    assert [entry.number for entry in standing.of(STAYS)] == [1, 3]
    assert standing.of(LEAVES) == []


def test_what_was_replaced_says_by_which() -> None:
    standing = stood(
        [agree(STAYS), agree(LEAVES), reject(STAYS, replaces=(1,)), agree(STAYS, replaces=(3,))]
    )
    assert standing.superseded == {1: 3, 3: 4}
    assert {item: [e.number for e in es] for item, es in standing.in_force.items()} == {
        STAYS: [4],
        LEAVES: [2],
    }


# Conflicts: whom a new decision is told of


TOLD: list[tuple[str, list[Body], Body, list[int]]] = [
    ("another on the item", [agree(STAYS)], reject(STAYS), [1]),
    ("the same on the item", [agree(STAYS)], agree(STAYS), [1]),
    ("one that it replaces", [agree(STAYS)], reject(STAYS, replaces=(1,)), []),
    ("one that it leaves beside", [agree(STAYS)], reject(STAYS, beside=(1,)), []),
    ("one of two that it names", [agree(STAYS), reject(STAYS)], amend(STAYS, replaces=(2,)), [1]),
    ("one that was replaced", [agree(STAYS), reject(STAYS, replaces=(1,))], amend(STAYS), [2]),
    ("another item", [agree(STAYS)], reject(LEAVES), []),
    ("a note", [body(Kind.NOTE, STAYS, why="x")], agree(STAYS), []),
    ("by a note", [agree(STAYS)], body(Kind.NOTE, STAYS, why="x"), []),
    ("by a confirmation", [agree(STAYS)], body(Kind.CONFIRM, "decision/1"), []),
    ("what is applied", [agree(STAYS)], apply(STAYS), []),
    ("applied twice", [agree(STAYS), apply(STAYS)], apply(STAYS), [2]),
    ("rejected and applied", [agree(STAYS), apply(STAYS)], reject(STAYS), [1, 2]),
    ("the other alternative", [agree(HERE)], agree(THERE), [1]),
    ("an alternative rejected", [agree(HERE)], reject(THERE), []),
    ("an alternative amended", [agree(HERE)], amend(THERE), []),
    ("the provision of an alternative", [agree(HERE)], settle("2.1", to="strategy"), [1]),
    ("an alternative of a provision", [settle("2.1", to="strategy")], agree(HERE), [1]),
    ("a question of a provision", [settle("2.2", dispositions=("keep",))], reject(WHICH), [1]),
    ("a movement that is not open", [settle("1.1", dispositions=("keep",))], reject(STAYS), []),
    ("a provision settled twice", [settle("3.1", to="new")], settle("3.1", to="new"), [1]),
    ("applied beside settled", [settle("2.1", to="new")], apply(HERE), []),
]


@pytest.mark.parametrize(("before", "new", "told"), [c[1:] for c in TOLD], ids=[c[0] for c in TOLD])
def test_who_decides_is_told_of_what_stands_against_it(
    before: list[Body], new: Body, told: list[int]
) -> None:
    in_force = chain.from_iterable(stood(before).in_force.values())
    assert [entry.number for entry in conflicts(in_force, BY_NAME, new)] == told


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("d7/moves/new", 7),
        ("d12/", 12),
        *((n, None) for n in ("1.1-r1/stays/new", "d7", "d/x", "d07/x")),
    ],
)
def test_a_movement_says_which_decision_made_it(name: str, number: int | None) -> None:
    assert decision_of(name) == number
    assert decision_of("d٧/moves/new") is None


# Any decisions


KINDS = [Kind.AGREE, Kind.REJECT, Kind.AMEND, Kind.SETTLE, Kind.APPLY, Kind.NOTE]
ITEMS = [*BY_NAME, *PROVISIONS, "d1/moves/new", "d2/stays/new", "9.9-r1/stays/new"]


@st.composite
def histories(draw: st.DrawFn, items: Sequence[str] = ITEMS) -> list[Body]:
    """Draw decisions of any kinds on these items, which replace any of those before them."""
    bodies: list[Body] = []
    for number in range(1, draw(st.integers(1, 8)) + 1):
        earlier = st.sets(st.integers(1, max(number - 1, 1)), max_size=2 if number > 1 else 0)
        kind = draw(st.sampled_from(KINDS))
        bodies.append(
            body(
                kind,
                draw(st.sampled_from(items)),
                draw(st.integers(1, 9)),
                replaces=tuple(draw(earlier)),
                dispositions=draw(st.sampled_from([(), ("keep",), ("remove",)]))
                if kind in (Kind.AMEND, Kind.SETTLE)
                else (),
                to=draw(st.sampled_from(["", "new", "strategy"])) if kind is Kind.SETTLE else "",
            )
        )
    return bodies


def replaced_in(entries: Sequence[Entry]) -> set[int]:
    return {number for entry in entries for number in entry.body.replaces}


@settings(max_examples=150, deadline=None)
@given(histories(), st.none() | st.integers(0, 10))
def test_whatever_was_decided_it_hangs_together(bodies: list[Body], day: int | None) -> None:
    standing = stood(bodies, day)
    counted = [e for e in entered(bodies) if day is None or e.body.date <= f"2026-11-{day:02}"]
    in_force = sorted(entry.number for entries in standing.in_force.values() for entry in entries)
    assert in_force == sorted({entry.number for entry in counted} - replaced_in(counted))
    assert set(standing.superseded) == replaced_in(counted)
    assert standing.statuses.keys() == RECOMMENDED.keys()
    assert not standing.chosen & standing.settled
    for name, status in standing.statuses.items():
        held = {e.body.kind for e in standing.of(name) if e.number not in standing.void}
        if status == "recommended":
            assert not held - {Kind.APPLY}
            assert name not in standing.chosen | standing.settled
        if status == "applied":
            assert Kind.APPLY in held
        if name in standing.chosen:
            assert status in ("agreed", "applied")
        if status == "rejected":
            assert name in standing.settled
    for made in standing.decided:
        assert made.dispositions or bodies[made.number - 1].kind is Kind.AMEND
    assert {made.number for made in standing.decided} <= set(in_force)
    assert set(standing.void) <= set(in_force)
    assert len(standing.void) == len(set(standing.void))
    for numbers in standing.contested.values():
        assert len(numbers) > 1
        assert set(numbers) <= set(in_force)


@settings(max_examples=150, deadline=None)
@given(histories(), st.integers(0, 10))
def test_a_day_is_as_if_nothing_had_been_decided_later(bodies: list[Body], day: int) -> None:
    """What comes later, in days, changes nothing of how it stood, whatever it replaces."""
    later = [replace(agree(STAYS), date="2026-11-20", replaces=tuple(range(1, len(bodies) + 1)))]
    assert as_expected(stood([*bodies, *later], day)) == as_expected(stood(bodies, day))


@settings(max_examples=150, deadline=None)
@given(histories(), histories())
def test_whom_two_decisions_contradict_does_not_hang_on_who_came_first(
    one: list[Body], two: list[Body]
) -> None:
    assert contradict(one[0], two[0], BY_NAME) == contradict(two[0], one[0], BY_NAME)


@settings(max_examples=150, deadline=None)
@given(histories([HERE, THERE, "2.1"]), histories([STAYS, LEAVES, WHICH, "2.2", "3.1"]))
def test_decisions_on_other_provisions_change_nothing(own: list[Body], others: list[Body]) -> None:
    alone, together = stood(own), stood([*own, *(replace(each, replaces=()) for each in others)])
    for name in (HERE, THERE):
        assert together.statuses[name] == alone.statuses[name]
        assert (name in together.settled) == (name in alone.settled)
        assert together.contested.get(name) == alone.contested.get(name)
