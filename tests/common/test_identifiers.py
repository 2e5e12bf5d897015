"""A name is taken apart in one place, and its parts give it back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compactgraph.common.identifiers import (
    DecisionName,
    DraftedName,
    MovementName,
    Name,
    ReadingName,
    TextName,
    parse_name,
)

NAMES: dict[str, Name] = {
    "1.11": TextName("1.11"),
    "theme-2": TextName("theme-2"),
    "value-3": TextName("value-3"),
    "1.4-r1": TextName("1.4", "r", 1),
    "our-commitments-c12": TextName("our-commitments", "c", 12),
    "1.4-r01": TextName("1.4-r01"),
    "1.11-r1/moves/vcse-strategy": MovementName("1.11-r1", "moves", "vcse-strategy"),
    "1.11-r1/dropped": MovementName("1.11-r1", "dropped"),
    "d7/moves/ncvo": MovementName("d7", "moves", "ncvo"),
    "reading/1.4-r1/disposition/keep": ReadingName("1.4-r1", "disposition/keep"),
    "decision/7": DecisionName(7),
    "draft/1/2.3": DraftedName(1, "2.3"),
}
MALFORMED = [
    "decision/0",
    "decision/x",
    "decision/07",
    "decision/",
    "reading/",
    "draft/x/1",
    "/",
    "",
    "a//",
]
WORDS = st.lists(
    st.sampled_from(["/", "-r1", "-c0", "decision", "reading", "draft", "1", "0", "1.1", "d7", "\n"])
)


@pytest.mark.parametrize("name", NAMES)
def test_what_a_name_says(name: str) -> None:
    assert parse_name(name) == NAMES[name]


@pytest.mark.parametrize("name", [*NAMES, *MALFORMED])
def test_a_name_comes_back(name: str) -> None:
    assert str(parse_name(name)) == name


@given(st.text() | WORDS.map("".join))
def test_any_text_comes_back(text: str) -> None:
    assert str(parse_name(text)) == text


@pytest.mark.parametrize(("name", "number"), [("d7/moves/ncvo", 7), ("1.1-r1/stays/new", None)])
def test_a_movement_says_which_decision_made_it(name: str, number: int | None) -> None:
    movement = parse_name(name)
    assert isinstance(movement, MovementName)
    assert movement.decision == number
