"""The chain: whatever is done to a register's entries is found and named, here and elsewhere."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from compactgraph.common.fingerprints import fingerprint
from compactgraph.errors import RegisterError
from compactgraph.register.chain import (
    Flaw,
    Kept,
    entries_of,
    flaws_of,
    following,
    from_lines,
    kept_after,
    to_lines,
)
from compactgraph.register.entry import Body, Entry, Head, canonical
from compactgraph.register.file import FileRegister
from tests.support.bodies import RECORDED, RECORDER, bodies, entered, kept_of, note, texts
from tests.support.registers import append

ABC = kept_of([note("a"), note("b"), note("c")])
A, B, C = ABC
REGISTER = st.lists(bodies, min_size=1, max_size=5).map(kept_of)


def rewritten(kept: Kept, **changes: Any) -> Kept:
    """Return an entry with other values and the hash that it then has."""
    text = canonical({**json.loads(kept.text), **changes})
    return Kept(kept.number, fingerprint(text), text)


def found(kept: Sequence[Kept], **known: Any) -> list[str]:
    return [str(flaw) for flaw in flaws_of("bristol", kept, **known)]


def test_a_register_that_is_whole_has_no_flaw() -> None:
    assert found([]) == []
    assert found(ABC) == []
    assert found(ABC, known=[("the graph", A.head), ("Ann Lee", C.head)], noted=C.head) == []
    assert [entry.body.why for entry in entries_of("bristol", ABC, C.head)] == ["a", "b", "c"]


ALTERED: list[tuple[str, list[Kept], list[str]]] = [
    (
        "its text",
        [A, replace(B, text=B.text.replace('"b"', '"x"')), C],
        ["d2: was altered: its text does"],
    ),
    (
        "its hash",
        [A, replace(B, hash=A.hash), C],
        ["d2: was altered: its text does", "d3: does not follow"],
    ),
    ("its text and hash", [A, rewritten(B, why="x"), C], ["d3: does not follow the entry before it"]),
    ("the first one's text and hash", [rewritten(A, why="x"), B, C], ["d2: does not follow"]),
    (
        "what it follows",
        [A, rewritten(B, previous=""), C],
        ["d2: does not follow", "d3: does not follow"],
    ),
    (
        "its number in the text",
        [A, rewritten(B, number=5), C],
        ["d2: was altered: it is not the entry", "d3: does not follow"],
    ),
    ("its review", [A, B, rewritten(C, review="bath")], ["d3: was altered: it is not the entry"]),
    (
        "its form",
        [A, B, replace(C, text=f" {C.text}")],
        ["d3: was altered: its text", "d3: was altered: it"],
    ),
    (
        "the form, and the hash",
        [A, B, Kept(3, fingerprint(f"{C.text} "), f"{C.text} ")],
        ["d3: was altered: it is not the entry of this place"],
    ),
    (
        "an empty value more",
        [A, B, rewritten(C, theme="")],
        ["d3: was altered: it is not the entry of this place"],
    ),
    (
        "an unknown key",
        [A, B, rewritten(C, surprise="x")],
        ["d3: cannot be read: an entry is malformed"],
    ),
    ("what it is", [A, replace(B, text="{}"), C], ["d2: was altered", "d2: cannot be read: an entry"]),
    ("half a character", [A, B, replace(C, text="\udc00")], ["d3: cannot be read: a text has half"]),
    (
        "the number it stands under",
        [A, replace(B, number=4), C],
        ["d2: is missing, and", "d4: was altered"],
    ),
    ("the first is gone", [B, C], ["d1: is missing", "d2: does not follow"]),
    ("one is gone", [A, C], ["d2: is missing", "d3: does not follow the entry before it"]),
    ("many are gone", [replace(A, number=10**15)], ["d1: is missing, and so is all up to d9999"]),
    ("one stands twice", [A, B, B, C], ["d2: stands in the place of d3", "d2: does not follow"]),
    ("two are swapped", [A, C, B], ["d2: is missing", "d3: does not follow", "d2: stands in the place"]),
    ("one is put in", [A, Kept.of(entered([note("x")])[0]), B, C], ["d1: stands in the place of d2"]),
    (
        "another's register",
        kept_of([note("a")], review="bath"),
        ["d1: was altered: it is not the entry"],
    ),
]


@pytest.mark.parametrize(("kept", "told"), [case[1:] for case in ALTERED], ids=[c[0] for c in ALTERED])
def test_what_was_altered_is_named(kept: list[Kept], told: list[str]) -> None:
    flaws = found(kept)
    for line in told:
        assert any(flaw.startswith(f"bristol {line}") for flaw in flaws), flaws
    assert flaws[0].startswith(f"bristol {told[0]}")
    with pytest.raises(RegisterError, match="the register is not whole: ") as raised:
        entries_of("bristol", kept)
    assert str(raised.value) == (f"the register is not whole: {flaws[0]}; check the register")


def test_that_the_last_ones_are_gone_is_known_by_who_knew_them() -> None:
    assert found([A, B]) == []
    assert found([A, B], known=[("the graph", C.head)]) == [
        "bristol d3: is missing: the graph knows an entry of this number"
    ]
    assert found([], known=[("Ann Lee", A.head)], noted=C.head) == [
        "bristol d1: is missing: Ann Lee knows an entry of this number",
        "bristol d3: is missing: the register's own note knows an entry of this number",
    ]
    with pytest.raises(RegisterError, match="bristol d3: is missing: the register's own note"):
        entries_of("bristol", [A, B], C.head)


def test_a_history_written_anew_is_known_by_who_knew_the_old_one() -> None:
    forged = kept_of([note("a"), note("x"), note("c")])
    assert found(forged, known=[("the graph", A.head)]) == []
    assert found(forged, known=[("the graph", C.head)], noted=B.head) == [
        "bristol d3: is not the entry that the graph knows",
        "bristol d2: is not the entry that the register's own note knows",
        "bristol d3: was added past the register: the register's own note ends before it",
    ]


def test_what_was_put_in_past_the_register_is_known_by_its_note() -> None:
    assert found(ABC, noted=A.head) == [
        "bristol d2: was added past the register: the register's own note ends before it"
    ]
    assert found(ABC, noted=Head()) == [
        "bristol d1: was added past the register: the register's own note ends before it"
    ]
    assert found(ABC, known=[("the graph", Head())]) == []


def test_a_flaw_of_the_whole_names_the_review() -> None:
    assert str(Flaw("bristol", 0, "is away")) == "bristol: is away"


# Any register, and anything done to it


@settings(deadline=None)
@given(REGISTER)
def test_any_register_is_whole(kept: list[Kept]) -> None:
    assert found(kept, known=[("a person", each.head) for each in kept], noted=kept[-1].head) == []


@st.composite
def altered_values(draw: st.DrawFn, values: dict[str, Any]) -> dict[str, Any]:
    """Return an entry's values with one of them another, or gone."""
    name = draw(st.sampled_from(sorted(values)))
    other = draw(st.none() | texts | st.integers(0, 9) | st.lists(texts, max_size=2) | st.just(...))
    assume(other != values[name])
    changed = {**values, name: other}
    return {key: value for key, value in changed.items() if value is not ...}


@st.composite
def alterations(draw: st.DrawFn) -> tuple[list[Kept], list[Kept], set[int]]:
    """Return a register, what became of it, and the numbers at which that must show."""
    kept = draw(REGISTER)
    at = draw(st.integers(0, len(kept) - 1))
    one, rest = kept[at], kept[at + 1 :]
    kind = draw(
        st.sampled_from(["value", "byte", "hash", "number", "removed", "put in", "twice", "swap"])
    )
    shows = {one.number, one.number + 1}
    if kind == "value":
        text = canonical(draw(altered_values(json.loads(one.text))))
        hash_ = draw(st.sampled_from([one.hash, fingerprint(text)]))
        return kept, [*kept[:at], Kept(one.number, hash_, text), *rest], shows
    if kind == "byte":
        octets = bytearray(one.text.encode())
        octets[draw(st.integers(0, len(octets) - 1))] ^= draw(st.integers(1, 255))
        text = octets.decode(errors="surrogateescape")
        return kept, [*kept[:at], replace(one, text=text), *rest], shows
    if kind == "hash":
        other = draw(texts | st.binary(min_size=1, max_size=4).map(lambda b: fingerprint(b.hex())))
        assume(other != one.hash)
        return kept, [*kept[:at], replace(one, hash=other), *rest], shows
    if kind == "number":
        number = draw(st.integers(-5, 2**62))
        assume(number != one.number)
        return kept, [*kept[:at], replace(one, number=number), *rest], shows | {number}
    if kind == "removed":
        return kept, [*kept[:at], *rest], shows
    if kind == "put in":
        before = entries_of("bristol", kept)[:at]
        (new,) = kept_after(
            "bristol", kept[at - 1].head if at else Head(), entered([draw(bodies)], before)
        )
        assume(new != one)
        return kept, [*kept[:at], new, one, *rest], shows
    if kind == "twice":
        place = draw(st.integers(0, len(kept)))
        shown = {kept[place].number, kept[place].number + 1} if place < len(kept) else set()
        return kept, [*kept[:place], one, *kept[place:]], shows | shown
    assume(rest)
    return kept, [*kept[:at], rest[0], one, *rest[1:]], shows | {rest[0].number + 1}


@settings(max_examples=400, deadline=None)
@given(alterations())
def test_any_alteration_is_found_and_named(case: tuple[list[Kept], list[Kept], set[int]]) -> None:
    kept, altered, shows = case
    flaws = flaws_of("bristol", altered, [("a person", kept[-1].head)], kept[-1].head)
    assert flaws
    assert flaws[0].number in shows
    assert not any("\n" in str(flaw) for flaw in flaws)


# What is to follow


def test_what_is_to_be_kept_follows_what_is_there() -> None:
    held = entries_of("bristol", [A, B])
    (entry,) = following("bristol", held, [note("c")], RECORDER, RECORDED)
    assert kept_after("bristol", B.head, [entry]) == [C]


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        (Entry("bristol", 4, C.hash, RECORDED, RECORDER, note("d")), "bristol d3: is missing"),
        (Entry("bristol", 2, A.hash, RECORDED, RECORDER, note("b")), "bristol d2: stands in the"),
        (Entry("bristol", 3, A.hash, RECORDED, RECORDER, note("c")), "bristol d3: does not follow"),
        (Entry("bath", 3, B.hash, RECORDED, RECORDER, note("c")), "bristol d3: was altered"),
        (Entry("bristol", 3, B.hash, "today", RECORDER, note("c")), "bristol d3: cannot be read"),
        (Entry("bristol", 3, B.hash, RECORDED, RECORDER, note("c", by=())), "bristol d3: cannot be"),
        (Entry("bristol", 3, B.hash, RECORDED, RECORDER, note("c", date="")), "bristol d3: cannot be"),
        (Entry("bristol", 3, B.hash, RECORDED, RECORDER, note("c", draft=-1)), "bristol d3: cannot be"),
        (Entry("bristol", 3, B.hash, RECORDED, RECORDER, note("c", by=("\ud800",))), "half a character"),
    ],
)
def test_what_would_make_the_register_unreadable_is_not_kept(entry: Entry, told: str) -> None:
    with pytest.raises(RegisterError, match=told):
        kept_after("bristol", B.head, [entry])


# Elsewhere


LINES = list(to_lines(ABC))


def test_an_export_is_a_line_for_each_entry_and_one_that_ends_it() -> None:
    assert [json.loads(line) for line in LINES] == [
        *({"entry": each.text, "hash": each.hash} for each in ABC),
        {"entries": 3, "hash": fingerprint("\n".join(each.hash for each in ABC))},
    ]
    assert from_lines(LINES) == {"bristol": ABC}


@settings(deadline=None)
@given(st.lists(bodies, max_size=4), st.lists(bodies, max_size=4))
def test_any_register_is_the_same_after_it_was_exported(one: list[Body], two: list[Body]) -> None:
    bristol, bath = kept_of(one), kept_of(two, review="bath")
    lines = "".join(to_lines([*bath, *bristol]))
    assert lines.isascii()
    # Each of these splits lines at other characters, and none may stand in an entry.
    for split in (lines.splitlines(), lines.split("\n"), lines.replace("\n", "\r\n").splitlines(True)):
        held = from_lines(split)
        assert (held.get("bristol", []), held.get("bath", [])) == (bristol, bath)


def test_several_exports_may_follow_each_other() -> None:
    bath = kept_of([note("elsewhere")], review="bath")
    assert from_lines([*LINES, "\n", *to_lines(bath), *to_lines([])]) == {"bristol": ABC, "bath": bath}


def test_an_export_of_nothing_holds_nothing() -> None:
    assert from_lines(to_lines([])) == {}


ELSEWHERE = list(to_lines(kept_of([note("elsewhere")], review="bath")))
FORGED = list(to_lines([A, rewritten(B, why="x"), C]))
CUT: list[tuple[str, list[str], str]] = [
    ("an empty file", [], "line 1: the last line of the export is missing"),
    ("blank lines", ["\n", " \n"], "line 3: the last line of the export is missing"),
    ("without its last line", LINES[:3], "line 4: the last line of the export is missing"),
    ("cut between two lines", LINES[:2], "line 3: the last line of the export is missing"),
    ("cut in a line", [*LINES[:2], LINES[2][:50]], "line 3: it is not an entry"),
    ("cut in its last line", [*LINES[:3], LINES[3][:20]], "line 4: it is not an entry"),
    ("the second of two cut", [*LINES, ELSEWHERE[0]], "line 6: the last line of the export is missing"),
    ("a line is gone", [LINES[0], *LINES[2:]], "line 2: bristol d2: is missing"),
    ("the first is gone", LINES[1:], "line 1: bristol d1: is missing"),
    ("the last entry is gone", [*LINES[:2], LINES[3]], "line 3: the lines before it are not all"),
    (
        "two lines are swapped",
        [LINES[0], LINES[2], LINES[1], LINES[3]],
        "line 2: bristol d2: is missing",
    ),
    ("a line stands twice", [*LINES[:2], *LINES[1:]], "line 3: bristol d2: stands in the place of d3"),
    (
        "an entry altered",
        [LINES[0].replace('\\"a\\"', '\\"x\\"'), *LINES[1:]],
        "line 1: bristol d1: was",
    ),
    ("altered with its hash", FORGED, "line 3: bristol d3: does not follow the entry before it"),
    ("another hash", [LINES[0].replace(A.hash, B.hash), *LINES[1:]], "line 1: bristol d1: was altered"),
    (
        "the end of another",
        [*LINES[:3], *to_lines([A])],
        "line 4: bristol d1: stands in the place of d4",
    ),
    ("a key more", [LINES[0].replace("{", '{"why": 1, ', 1), *LINES[1:]], "line 1: it is not an entry"),
    ("a hash that is none", ['{"entry": "{}", "hash": 1}'], "line 1: it is not an entry of a register"),
    ("a text that is none", ['{"entry": {}, "hash": ""}'], "line 1: it is not an entry of a register"),
    ("an entry that is none", ['{"entry": "{}", "hash": ""}'], "line 1: an entry is of another version"),
    ("another JSON", ["[]"], "line 1: it is not an entry of a register"),
    ("no JSON", ["provision,kind\n"], "line 1: it is not an entry of a register"),
    ("deep JSON", ["[" * 10**5], "line 1: it is not an entry of a register"),
]


@pytest.mark.parametrize(("lines", "told"), [case[1:] for case in CUT], ids=[case[0] for case in CUT])
def test_an_export_that_was_cut_or_altered_is_refused_with_the_line(lines: list[str], told: str) -> None:
    with pytest.raises(RegisterError) as raised:
        from_lines(lines)
    assert str(raised.value).startswith(told)
    assert str(raised.value).endswith("; take a file as the export of a register wrote it")
    assert "\n" not in str(raised.value)


@settings(max_examples=200, deadline=None)
@given(REGISTER, st.data())
def test_an_export_that_was_cut_anywhere_is_refused(kept: list[Kept], data: st.DataObject) -> None:
    text = "".join(to_lines(kept))
    cut = text[: data.draw(st.integers(0, len(text) - 2))]
    with pytest.raises(RegisterError):
        from_lines(cut.splitlines())


@settings(max_examples=200, deadline=None)
@given(REGISTER, st.data())
def test_a_character_altered_anywhere_in_an_export_is_refused_or_means_the_same(
    kept: list[Kept], data: st.DataObject
) -> None:
    text = "".join(to_lines(kept))
    place = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.characters(exclude_categories=["Cs"]))
    try:
        held = from_lines((text[:place] + other + text[place + 1 :]).splitlines())
    except RegisterError:
        return
    assert held == {"bristol": kept}


# In a register elsewhere


@pytest.fixture
def elsewhere(tmp_path: Path) -> FileRegister:
    return FileRegister(tmp_path / "elsewhere" / "store.register")


@settings(max_examples=25, deadline=None)
@given(st.lists(bodies, min_size=1, max_size=5), st.integers(0, 5))
def test_what_is_imported_is_the_same_to_the_byte_and_is_imported_once(
    tmp_path_factory: pytest.TempPathFactory, entered: list[Body], there: int
) -> None:
    folder = tmp_path_factory.mktemp("registers")
    here, elsewhere = FileRegister(folder / "here"), FileRegister(folder / "there")
    append(here, *entered)
    kept = here.kept("bristol")
    elsewhere.restore({"bristol": kept[:there]})
    coming = from_lines("".join(to_lines(kept)).splitlines())
    assert elsewhere.restore(coming) == {"bristol": max(0, len(kept) - there)}
    assert elsewhere.restore(coming) == {"bristol": 0}
    assert elsewhere.kept("bristol") == kept
    assert elsewhere.heads() == elsewhere.noted() == here.heads()


def test_an_older_export_adds_nothing(elsewhere: FileRegister) -> None:
    elsewhere.restore({"bristol": ABC})
    assert elsewhere.restore({"bristol": [A]}) == {"bristol": 0}
    assert elsewhere.kept("bristol") == ABC
    assert elsewhere.noted() == {"bristol": C.head}


def test_another_history_is_refused_and_nothing_is_imported(elsewhere: FileRegister) -> None:
    other = kept_of([note("a"), note("x"), note("y"), note("z")])
    elsewhere.restore({"bristol": ABC})
    bath = kept_of([note("elsewhere")], review="bath")
    with pytest.raises(
        RegisterError, match=r"^bristol d2: the register here has another entry; nothing"
    ):
        elsewhere.restore({"bath": bath, "bristol": other})
    assert (elsewhere.kept("bristol"), elsewhere.kept("bath")) == (ABC, [])
    assert elsewhere.heads() == {"bristol": C.head}


def test_what_is_not_whole_is_refused_and_nothing_is_imported(elsewhere: FileRegister) -> None:
    bath = kept_of([note("elsewhere")], review="bath")
    for coming in ([A, C], [B], [A, rewritten(B, why="x"), C], kept_of([note("a")], review="york")):
        with pytest.raises(RegisterError, match="the register is not whole: bristol d"):
            elsewhere.restore({"bath": bath, "bristol": coming})
    assert elsewhere.heads() == {}
