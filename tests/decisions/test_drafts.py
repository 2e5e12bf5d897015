"""The drafts: what each holds, what it has from the one before, and what its provisions are called."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compactgraph.common.fingerprints import fingerprint
from compactgraph.common.identifiers import DRAFT_IDENTIFIER, DraftedName, parse_name
from compactgraph.decisions.drafts import (
    Draft,
    DraftedProvision,
    drafts_of,
)
from compactgraph.register.entry import Body, Kind
from tests.support.bodies import entered, note


def begin(day: int = 1) -> Body:
    return Body(Kind.BEGIN_DRAFT, ("Ann",), f"2026-11-{day:02}")


def write(draft: int, item: str, day: int = 1, **more: Any) -> Body:
    plain = {"draft": draft, "role": "commitment", "text": f"{item} in {draft}"}
    return Body(Kind.WRITE_DRAFT, ("Ann",), f"2026-11-{day:02}", item, **{**plain, **more})


def withdraw(draft: int, item: str, day: int = 1) -> Body:
    return Body(Kind.WITHDRAW_DRAFT, ("Ann",), f"2026-11-{day:02}", item, draft=draft)


def held(
    bodies: list[Body], day: int | None = None
) -> dict[int, dict[str, tuple[str, tuple[str, ...]]]]:
    """Return of each draft the words and the origins of its provisions, in their order."""
    drafts = drafts_of(entered(bodies), None if day is None else f"2026-11-{day:02}")
    return {
        draft.number: {name: (p.text, p.origins) for name, p in draft.provisions.items()}
        for draft in drafts.all
    }


TWO = [
    begin(),
    write(1, "1.1", derives_from=("1.9", "1.12")),
    write(1, "1.2"),
    write(1, "1.3", derives_from=("2.1",)),
    begin(5),
    write(2, "1.1", 6, text="anew", derives_from=("draft/1/1.1",)),
    withdraw(2, "1.2", 7),
    write(2, "2.1", 8, derives_from=("draft/1/1.1", "draft/1/1.3", "3.1")),
]
FIRST = {"1.1": ("1.1 in 1", ("1.9", "1.12")), "1.2": ("1.2 in 1", ()), "1.3": ("1.3 in 1", ("2.1",))}
SECOND = {
    "1.1": ("anew", ("draft/1/1.1",)),
    "1.3": ("1.3 in 1", ("draft/1/1.3",)),
    "2.1": ("2.1 in 2", ("draft/1/1.1", "draft/1/1.3", "3.1")),
}
TAKEN_OVER = {
    "1.1": ("1.1 in 1", ("draft/1/1.1",)),
    "1.2": ("1.2 in 1", ("draft/1/1.2",)),
    "1.3": ("1.3 in 1", ("draft/1/1.3",)),
}


def test_without_entries_there_is_no_draft() -> None:
    assert held([]) == held([note("a")]) == {}
    assert drafts_of([]).latest is None


def test_a_draft_begins_with_all_that_the_one_before_held_and_that_stays_as_it_was() -> None:
    assert held(TWO[:1]) == {1: {}}
    assert held(TWO[:4]) == {1: FIRST}
    assert held(TWO[:5]) == {1: FIRST, 2: TAKEN_OVER}
    assert held(TWO) == {1: FIRST, 2: SECOND}
    assert held([*TWO, begin(9)])[3] == {
        name: (text, (f"draft/2/{name}",)) for name, (text, _) in SECOND.items()
    }


def test_what_was_taken_over_as_it_was_says_so() -> None:
    entries = entered(TWO)
    drafts = drafts_of(entries)
    one, two = drafts.all
    assert drafts.latest is two
    assert (one.date, two.date) == ("2026-11-01", "2026-11-05")
    assert (one.carried, two.carried) == (frozenset(), frozenset({"1.1", "1.2", "1.3"}))
    assert {name: p.entry and p.entry.number for name, p in two.provisions.items()} == {
        "1.1": 6,
        "1.3": None,
        "2.1": 8,
    }
    assert two.provisions["1.1"] == DraftedProvision(
        2, "1.1", "commitment", "", "anew", ("draft/1/1.1",), entries[5]
    )
    assert two.provisions["1.1"].fingerprint == fingerprint("anew")


def test_provisions_and_drafts_are_found_by_name() -> None:
    drafts = drafts_of(entered(TWO))
    provision = drafts.provision("draft/2/2.1")
    assert provision is not None
    assert provision.name == "draft/2/2.1"
    assert drafts.provision("draft/1/2.1") is None
    assert drafts.provision("draft/3/2.1") is None
    assert drafts.provision("2.1") is None
    assert drafts.draft(3) is None
    assert drafts.draft(1) == drafts.all[0]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (4, {1: FIRST}),
        (5, {1: FIRST, 2: TAKEN_OVER}),
        (6, {1: FIRST, 2: {**TAKEN_OVER, "1.1": SECOND["1.1"]}}),
        (8, {1: FIRST, 2: SECOND}),
    ],
)
def test_a_day_has_the_drafts_as_they_were(day: int, expected: dict[int, Any]) -> None:
    assert held(TWO, day) == expected


def test_a_provision_may_be_withdrawn_and_written_again() -> None:
    bodies = [
        begin(),
        write(1, "1.1"),
        write(1, "1.2"),
        withdraw(1, "1.1"),
        write(1, "1.1", text="again"),
    ]
    assert held(bodies) == {1: {"1.2": ("1.2 in 1", ()), "1.1": ("again", ())}}
    assert held([*bodies, withdraw(1, "9.9")]) == held(bodies)


def test_what_was_written_last_holds_whatever_its_day() -> None:
    assert held([begin(), write(1, "1.1", 5), write(1, "1.1", 3, text="last")]) == {
        1: {"1.1": ("last", ())}
    }


def test_what_is_written_in_a_draft_after_the_next_was_begun_stays_there() -> None:
    assert held([begin(), begin(), write(1, "1.1")]) == {1: {"1.1": ("1.1 in 1", ())}, 2: {}}


def test_what_is_written_in_no_draft_is_not_there() -> None:
    assert held([write(1, "1.1"), begin(), write(2, "1.2"), withdraw(3, "1.1")]) == {1: {}}


def test_a_draft_has_its_number_whatever_the_days() -> None:
    """One that was begun on an earlier day than the one before it is there when that one is."""
    bodies = [begin(10), write(1, "1.1", 10), begin(5), write(2, "1.2", 5), begin(20)]
    assert held(bodies, 4) == held(bodies, 7) == {}
    assert held(bodies, 10) == {
        1: {"1.1": ("1.1 in 1", ())},
        2: {"1.1": ("1.1 in 1", ("draft/1/1.1",)), "1.2": ("1.2 in 2", ())},
    }
    assert list(held(bodies)) == [1, 2, 3]


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("draft/1/2.3", (1, "2.3")),
        ("draft/12/theme-1", (12, "theme-1")),
        ("draft/1/A", (1, "A")),
        ("draft/0/2.3", None),
        ("draft/01/2.3", None),
        ("draft/١/2.3", None),
        ("draft/123456/2.3", None),
        ("draft/1/", None),
        ("draft/1/-a", None),
        ("draft/1/a.", None),
        ("draft/1/a b", None),
        ("draft/1/a/b", None),
        ("draft/1/ä", None),
        ("draft/1/2.3\n", None),
        ("draft/1/" + "a" * 40, (1, "a" * 40)),
        ("draft/1/" + "a" * 41, None),
        ("reading/1/2.3", None),
        ("", None),
    ],
)
def test_a_name_is_a_draft_and_what_it_calls_its_provision(
    name: str, parts: tuple[int, str] | None
) -> None:
    named = parse_name(name)
    assert isinstance(named, DraftedName) == (parts is not None)
    assert str(named) == name
    if isinstance(named, DraftedName):
        assert (named.draft, named.identifier) == parts


@given(st.integers(1, 99_999), st.from_regex(DRAFT_IDENTIFIER, fullmatch=True))
def test_every_name_is_read_as_it_is_written(draft: int, identifier: str) -> None:
    named = DraftedName(draft, identifier)
    assert parse_name(str(named)) == named


def test_a_draft_without_provisions_is_a_draft() -> None:
    assert drafts_of(entered([begin()])).all == (Draft(1, "2026-11-01"),)
