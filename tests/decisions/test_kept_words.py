"""Which words an entry keeps: those that no earlier one has, as long as there is room."""

from __future__ import annotations

from dataclasses import replace

import pytest

from compactgraph.common.fingerprints import fingerprint
from compactgraph.decisions.kept_words import MOST, keeping, kept_words
from compactgraph.register.entry import Body, Kind
from tests.support.bodies import DAY, entered, note

TEXTS = {"1.1": "We meet.", "1.1-r1": "Say when.", "1.2": "We meet."}
PRINTS = {name: fingerprint(text) for name, text in TEXTS.items()}


def on(*names: str) -> Body:
    return note("Why not?", fingerprints={name: PRINTS[name] for name in names})


def test_words_are_kept_by_the_first_entry_and_once_whosever_they_are() -> None:
    first, second, third = keeping([on("1.1"), on("1.1", "1.1-r1"), on("1.2")], TEXTS, [])
    assert [dict(each.words) for each in (first, second, third)] == [
        {"1.1": "We meet."},
        {"1.1-r1": "Say when."},
        {},
    ]
    held = entered([first])
    assert [dict(each.words) for each in keeping([on("1.1", "1.1-r1")], TEXTS, held)] == [
        {"1.1-r1": "Say when."}
    ]
    assert kept_words(entered([first, second, third])) == {
        PRINTS["1.1"]: "We meet.",
        PRINTS["1.1-r1"]: "Say when.",
    }


def test_an_entry_that_was_made_before_words_were_kept_does_not_stand_in_the_way() -> None:
    held = entered([on("1.1")])
    assert kept_words(held) == {}
    (body,) = keeping([on("1.1")], TEXTS, held)
    assert body.words == {"1.1": "We meet."}


def test_the_words_of_a_draft_are_kept_by_the_entry_that_wrote_them() -> None:
    wrote = Body(Kind.WRITE_DRAFT, ("Ann Lee",), DAY, item="1.1", draft=1, text="We meet.")
    held = entered([wrote])
    assert kept_words(held) == {PRINTS["1.1"]: "We meet."}
    (body,) = keeping([on("1.1")], TEXTS, held)
    assert body.words == {}


def test_words_other_than_those_of_the_fingerprint_are_not_kept() -> None:
    (body,) = keeping([on("1.1")], {"1.1": "We met."}, [])
    assert body.words == {}
    (body,) = keeping([replace(on("1.1"), words={"1.1": "invented"})], {}, [])
    assert body.words == {}


@pytest.mark.parametrize("character", ["x", '"', "\n"])
def test_an_entry_keeps_no_more_words_than_it_has_room_for(character: str) -> None:
    # As the words are written in the entry: quotes and ends of lines take two characters there.
    written = 2 if character in '"\n' else 1
    room = (MOST - len('{"b":""}')) // written
    texts = {"a": character * (room + 1), "b": character * room, "c": "short"}
    prints = {name: fingerprint(text) for name, text in texts.items()}
    (body,) = keeping([note("Why not?", fingerprints=prints)], texts, [])
    assert set(body.words) == {"b"}
    (body,) = keeping([note("Why not?", fingerprints=prints)], texts, entered([body]))
    assert set(body.words) == {"c"}
