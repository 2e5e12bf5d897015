"""The register on both engines: what is written, by several at once, and what is done to it past it."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from compactgraph.errors import HeadMovedError
from compactgraph.paths import REGISTER_VARIABLE
from compactgraph.register.chain import Kept, entries_of, flaws_of, from_lines, to_lines
from compactgraph.register.database import DatabaseRegister
from compactgraph.register.entry import Entry, Head
from compactgraph.register.followed import FollowedEntries
from compactgraph.register.transfer import export_register, import_register, verify
from tests.support import writers
from tests.support.bodies import entered, kept_of, note
from tests.support.postgresql import PostgreSQL, missing, postgresql
from tests.support.registers import append, flaws, refused, register_named
from tests.support.writers import Nursery

ABC = kept_of([note("a"), note("b"), note("c")])
A, B, C = ABC
TRIGGERS = [f"entry_{rule}" for rule in ("follows", "stays", "remains")]
TRIGGERS += [f"head_{rule}" for rule in ("begins", "advances", "remains")]


class Place:
    """Where a test keeps a register: its name in the environment, and what messages call it."""

    refusals: tuple[type[Exception], ...]

    def __init__(self, name: str, shown: str, store: Path) -> None:
        self.name, self.shown, self.store = name, shown, store

    def register(self) -> DatabaseRegister:
        return register_named(self.name)

    def change(self, *statements: str, refuse: bool = False) -> None:
        """Change it by SQL; past what refuses that, unless it is to refuse."""
        raise NotImplementedError


class FilePlace(Place):
    refusals = (sqlite3.IntegrityError, sqlite3.OperationalError)

    def change(self, *statements: str, refuse: bool = False) -> None:
        with closing(sqlite3.connect(self.name, isolation_level=None)) as connection:
            for trigger in [] if refuse else TRIGGERS:
                connection.execute(f"DROP TRIGGER {trigger}")
            for statement in statements:
                connection.execute(statement)


class DatabasePlace(Place):
    refusals = (
        psycopg.errors.RaiseException,
        psycopg.errors.UniqueViolation,
        psycopg.errors.SyntaxError,
    )
    server: PostgreSQL

    def change(self, *statements: str, refuse: bool = False) -> None:
        freed = [f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in ("entry", "head")]
        self.server.ask("SET search_path = compactgraph", *([] if refuse else freed), *statements)


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    with writers.nursery() as started:
        yield started


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.engine)])
def server(request: pytest.FixtureRequest) -> Iterator[PostgreSQL | None]:
    if request.param == "sqlite":
        yield None
        return
    if reason := missing():
        pytest.skip(reason)
    with postgresql() as started:
        yield started


@pytest.fixture
def place(server: PostgreSQL | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """Return a place that holds nothing yet, and is the register of the store."""
    if server is None:
        name = str(tmp_path / "store.register")
        found: Place = FilePlace(name, name, tmp_path / "store")
    else:
        server.forget()
        found = DatabasePlace(server.address(), "postgresql://minutes@/postgres", tmp_path / "store")
        found.server = server
    monkeypatch.setenv(REGISTER_VARIABLE, found.name)
    return found


@pytest.fixture
def register(place: Place) -> DatabaseRegister:
    """Return a register of three entries."""
    register = place.register()
    append(register, note("a"), note("b"), note("c"))
    return register


# What is written, and read


def test_a_register_that_was_never_written_to_is_empty(place: Place) -> None:
    register = place.register()
    assert (register.heads(), register.noted(), register.kept("bristol")) == ({}, {}, [])
    assert verify(place.store) == []
    assert register.heads() == {}


def test_entries_follow_each_other_in_each_review(place: Place) -> None:
    register = place.register()
    (first,) = append(register, note("a"))
    elsewhere = append(register, note("one"), note("two"), review="bath")
    second, third = append(register, note("b"), note("c"))
    assert [first.number, second.number, third.number] == [1, 2, 3]
    assert [Kept.of(each) for each in (first, second, third)] == register.kept("bristol") == ABC
    assert entries_of("bath", register.kept("bath")) == elsewhere
    assert register.heads() == register.noted() == {"bristol": C.head, "bath": elsewhere[1].head}
    assert register.name == place.shown


def test_who_writes_sees_what_is_there(register: DatabaseRegister) -> None:
    seen: list[list[Entry]] = []

    def make(held: list[Entry]) -> list[Entry]:
        seen.append(held)
        return []

    assert FollowedEntries(register, "bristol").add(make) == []
    assert seen == [entries_of("bristol", ABC)]


def test_of_several_entries_all_are_written_or_none(register: DatabaseRegister) -> None:
    line = refused(lambda: append(register, note("d"), note("e", by=()), note("f")))
    assert line.startswith("bristol d5: cannot be read: an entry is malformed: ")
    assert line.endswith("; it was not written")
    assert register.kept("bristol") == ABC
    assert register.noted() == {"bristol": C.head}


def test_entries_that_do_not_follow_are_not_written(register: DatabaseRegister) -> None:
    line = refused(lambda: FollowedEntries(register, "bristol").add(lambda held: [held[-1]]))
    assert line.startswith("bristol d3: stands in the place of d4")
    assert register.kept("bristol") == ABC


def test_an_interrupt_leaves_nothing_written(register: DatabaseRegister) -> None:
    def make(held: list[Entry]) -> list[Entry]:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        FollowedEntries(register, "bristol").add(make)
    append(register, note("d"))
    assert len(register.kept("bristol")) == 4


def test_long_and_strange_words_are_read_back_as_they_were(register: DatabaseRegister) -> None:
    words = "\0\x1f\x85\u2028\ue000\U0001f600 'x'; DROP TABLE entry; --" * 10_000
    (made,) = append(register, note(words))
    assert entries_of("bristol", register.kept("bristol"))[-1] == made
    assert made.body.why == words


def test_an_entry_is_added_after_the_one_that_its_writer_knew(register: DatabaseRegister) -> None:
    held = entries_of("bristol", *register.read("bristol"))
    register.append("bristol", entered([note("d")], held), C.head)
    for late in (C.head, B.head, Head(), Head(3, "sha256:other"), Head(9, "sha256:other")):
        after = [
            Entry("bristol", late.number + 1, late.hash, e.recorded, e.recorder, e.body)
            for e in held[:1]
        ]
        line = refused(
            lambda after=after, late=late: register.append("bristol", after, late), HeadMovedError
        )
        assert line == f"{register.name}: others write to it all the time; try again in a moment"
    assert [each.number for each in register.kept("bristol")] == [1, 2, 3, 4]
    assert register.read("bristol", 2) == (register.kept("bristol")[2:], register.heads()["bristol"])


def test_to_add_an_entry_reads_the_last_one_alone(place: Place, register: DatabaseRegister) -> None:
    """What was altered before the last entry is found by who reads, and by the check of all."""
    place.change("UPDATE entry SET text = 'x' WHERE number = 1")
    register.append("bristol", entered([note("d")], entries_of("bristol", ABC)), C.head)
    assert [each.number for each in register.kept("bristol")] == [1, 2, 3, 4]
    assert flaws(register) == [
        "bristol d1: was altered: its text does not have its hash",
        "bristol d1: cannot be read: an entry is not JSON",
    ]


@pytest.mark.parametrize(
    "statement",
    ["DELETE FROM entry WHERE number = 3", "DELETE FROM head", "UPDATE head SET hash = 'x'"],
)
def test_nothing_is_added_where_the_note_of_the_last_entry_is_wrong(
    place: Place, register: DatabaseRegister, statement: str
) -> None:
    place.change(statement)
    held = entries_of("bristol", ABC)
    line = refused(lambda: register.append("bristol", entered([note("d")], held), C.head))
    assert line == (
        "the register is not whole: bristol: its last entry is not the one that its own note knows; "
        "check the register"
    )


def test_who_was_not_first_makes_its_entries_anew(register: DatabaseRegister) -> None:
    seen: list[int] = []

    def make(held: list[Entry]) -> list[Entry]:
        if not seen:
            append(register, note("faster"))
        seen.append(len(held))
        return entered([note("slower")], held)

    (made,) = FollowedEntries(register, "bristol").add(make)
    assert (seen, made.number) == ([3, 4], 5)


def test_who_never_gets_a_turn_is_told(
    register: DatabaseRegister, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("compactgraph.register.registers.PATIENCE", 0.2)

    def make(held: list[Entry]) -> list[Entry]:
        append(register, note("faster"))
        return entered([note("slower")], held)

    line = refused(lambda: FollowedEntries(register, "bristol").add(make), HeadMovedError)
    assert line == f"{register.name}: others write to it all the time; try again in a moment"
    assert {each.body.why for each in entries_of("bristol", *register.read("bristol"))[3:]} == {"faster"}


# Several at once


def test_several_processes_write_at_once_and_nothing_is_lost(nursery: Nursery, place: Place) -> None:
    crowd = [nursery.start("write", place.name, 25) for _ in range(4)]
    assert [writer.end() for writer in crowd] == [0] * 4
    acknowledged = [number for writer in crowd for number in writer.acknowledged]
    assert sorted(acknowledged) == list(range(1, 101))
    register = place.register()
    assert [each.number for each in register.kept("bristol")] == list(range(1, 101))
    assert flaws(register) == []


def test_two_who_enter_the_same_at_once_have_an_entry_each(place: Place) -> None:
    """Their entries have the same text, up to the number: neither is taken for the other's."""
    append(place.register(), note("first"), review="bath")
    numbers: list[int] = []
    both = threading.Barrier(2)

    def write() -> None:
        def make(held: list[Entry]) -> list[Entry]:
            if not held:
                both.wait(30)
            return entered([note("the same")], held)

        numbers.append(FollowedEntries(place.register(), "bristol").add(make)[0].number)

    threads = [threading.Thread(target=write) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(numbers) == [1, 2]
    assert flaws(place.register()) == []


def test_several_threads_write_and_read_at_once(place: Place) -> None:
    register = place.register()
    lengths: dict[int, list[int]] = {}
    wrong: list[str] = []

    def work(which: int) -> None:
        for _ in range(8):
            append(register, note(f"by {which}"))
            kept = register.kept("bristol")
            wrong.extend(map(str, flaws_of("bristol", kept)))
            lengths.setdefault(which, []).append(len(kept))

    threads = [threading.Thread(target=work, args=(which,)) for which in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert all(seen == sorted(set(seen)) for seen in lengths.values())
    words = [each.body.why for each in entries_of("bristol", register.kept("bristol"))]
    assert sorted(words) == sorted(f"by {which}" for which in range(4) for _ in range(8))


def test_readers_see_what_was_before_a_writing_or_after_it(nursery: Nursery, place: Place) -> None:
    register = place.register()
    writer = nursery.start("write", place.name, 30)
    seen = [0]
    while not writer.has_told() or writer.next():
        kept = register.kept("bristol")
        assert flaws_of("bristol", kept) == []
        seen.append(len(kept))
    assert writer.end() == 0
    assert seen == sorted(seen)
    assert max(seen) == 30


def test_a_register_that_is_written_to_is_found_whole(nursery: Nursery, place: Place) -> None:
    writer = nursery.start("write", place.name, 20)
    found = []
    while not writer.has_told() or writer.next():
        found += verify(place.store)
    assert writer.end() == 0
    assert [checked.flaws for checked in found] == [()] * len(found)
    assert [checked.entries for checked in verify(place.store)] == [20]


# Taken elsewhere


def test_an_export_is_taken_over_with_every_hash(
    place: Place, register: DatabaseRegister, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    append(register, note("one"), review="bath")
    export_register(place.store, tmp_path / "exported")
    for name in (str(tmp_path / "elsewhere.register"), place.name):
        monkeypatch.setenv(REGISTER_VARIABLE, name)
        import_register(place.store, tmp_path / "exported")
        assert import_register(place.store, tmp_path / "exported") == {"bath": 0, "bristol": 0}
        assert register_named(name).kept("bristol") == ABC
        assert register_named(name).noted() == register_named(name).heads() == register.heads()
        export_register(place.store, tmp_path / "again")
        assert (tmp_path / "again").read_bytes() == (tmp_path / "exported").read_bytes()


def test_an_import_into_an_empty_register(place: Place) -> None:
    register = place.register()
    assert register.restore({"bristol": ABC[:2], "bath": []}) == {"bristol": 2, "bath": 0}
    assert register.restore({"bristol": ABC}) == {"bristol": 1}
    others = kept_of([note("a"), note("x")])
    line = refused(lambda: register.restore({"new": kept_of([note("n")], "new"), "bristol": others}))
    assert line == "bristol d2: the register here has another entry; nothing was imported"
    assert register.kept("new") == []
    assert flaws(register) == []


# What is done to it by other means


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entry SET text = '{}'",
        "UPDATE entry SET hash = 'x' WHERE number = 2",
        "UPDATE entry SET number = number + 1",
        "UPDATE OR REPLACE entry SET number = 1 WHERE number = 2",
        "INSERT OR REPLACE INTO entry VALUES ('bristol', 2, 'x', '{}')",
        "INSERT INTO entry VALUES ('bristol', 2, 'x', '{}') ON CONFLICT DO UPDATE SET hash = 'x'",
        "INSERT INTO entry VALUES ('bristol', 5, 'x', '{}')",
        "DELETE FROM entry",
        "DELETE FROM entry WHERE number = 3",
        "TRUNCATE entry",
        "TRUNCATE head",
        "DELETE FROM head",
        "UPDATE head SET number = 2",
        "UPDATE head SET hash = 'x'",
        "INSERT OR REPLACE INTO head VALUES ('bristol', 1, 'x')",
    ],
)
def test_the_tables_refuse_to_change(place: Place, register: DatabaseRegister, statement: str) -> None:
    with pytest.raises(place.refusals):
        place.change(statement, refuse=True)
    assert register.kept("bristol") == ABC
    assert register.noted() == {"bristol": C.head}


FORGED = kept_of([note("a"), note("x"), note("c")])
D = kept_of([note("a"), note("b"), note("c"), note("d")])[3]
ALTERED: list[tuple[str, list[str], str]] = [
    (
        "a text",
        ["UPDATE entry SET text = replace(text, '\"b\"', '\"x\"') WHERE number = 2"],
        "d2: was alt",
    ),
    (
        "a name",
        ["UPDATE entry SET text = replace(text, 'Ann', 'Bo') WHERE number = 1"],
        "d1: was altered",
    ),
    ("a hash", ["UPDATE entry SET hash = 'x' WHERE number = 3"], "d3: was altered"),
    (
        "a text with its hash",
        [f"UPDATE entry SET text = '{FORGED[1].text}', hash = '{FORGED[1].hash}' WHERE number = 2"],
        "d3: does not follow the entry before it",
    ),
    (
        "the last text with its hash",
        [f"UPDATE entry SET text = '{FORGED[2].text}', hash = '{FORGED[2].hash}' WHERE number = 3"],
        "d3: does not follow the entry before it",
    ),
    (
        "all from the second",
        [
            f"UPDATE entry SET text = '{each.text}', hash = '{each.hash}' WHERE number = {each.number}"
            for each in FORGED[1:]
        ],
        "d3: is not the entry that the register's own note knows",
    ),
    ("a number", ["UPDATE entry SET number = 7 WHERE number = 2"], "d2: is missing"),
    (
        "a number beyond all",
        [f"UPDATE entry SET number = {2**63 - 1} WHERE number = 3"],
        "d3: is missing",
    ),
    (
        "a number below all",
        ["UPDATE entry SET number = -7 WHERE number = 2"],
        "d1: has d-7 in its place",
    ),
    ("the review", ["UPDATE entry SET review = 'bath' WHERE number = 2"], "d2: is missing"),
    (
        "two swapped",
        [
            "UPDATE entry SET number = 9 WHERE number = 2",
            "UPDATE entry SET number = 2 WHERE number = 3",
            "UPDATE entry SET number = 3 WHERE number = 9",
        ],
        "d2: was altered: it is not the entry of this place",
    ),
    ("the first gone", ["DELETE FROM entry WHERE number = 1"], "d1: is missing"),
    ("one gone", ["DELETE FROM entry WHERE number = 2"], "d2: is missing"),
    ("the last gone", ["DELETE FROM entry WHERE number = 3"], "d3: is missing: the register's own note"),
    ("all gone", ["DELETE FROM entry"], "d3: is missing: the register's own note knows an entry"),
    ("the note gone", ["DELETE FROM head"], "d1: was added past the register"),
    (
        "the last gone, and noted",
        ["DELETE FROM entry WHERE number = 3", "UPDATE head SET number = 2"],
        "d2: is not the entry that the register's own note knows",
    ),
    (
        "one put in at the end",
        [f"INSERT INTO entry VALUES ('bristol', 4, '{D.hash}', '{D.text}')"],
        "d4: was added past the register",
    ),
    (
        "one put in before",
        [f"INSERT INTO entry VALUES ('bristol', 0, '{A.hash}', '{A.text}')"],
        "d1: has d0 in its place",
    ),
    (
        "one put in twice",
        [f"INSERT INTO entry VALUES ('bristol', 4, '{C.hash}', '{C.text}')"],
        "d4: was altered: it is not the entry of this place",
    ),
]


@pytest.mark.parametrize(("statements", "told"), [c[1:] for c in ALTERED], ids=[c[0] for c in ALTERED])
def test_what_was_altered_past_the_register_is_named_and_nothing_is_added_to_it(
    place: Place, register: DatabaseRegister, statements: list[str], told: str
) -> None:
    place.change(*statements)
    assert f"bristol {told}" in "\n".join(flaws(register))
    (checked,) = [each for each in verify(place.store) if each.review == "bristol"]
    assert [str(flaw) for flaw in checked.flaws] == flaws(register)
    line = refused(lambda: append(register, note("d")))
    assert line == (f"the register is not whole: {flaws(register)[0]}; check the register")


def test_the_head_that_somebody_wrote_down_finds_what_the_file_cannot_tell(
    place: Place,
    register: DatabaseRegister,
) -> None:
    statements = [
        f"UPDATE entry SET text = '{each.text}', hash = '{each.hash}' WHERE number = {each.number}"
        for each in FORGED
    ]
    place.change(*statements, f"UPDATE head SET hash = '{FORGED[2].hash}'")
    assert flaws(register) == []
    assert [str(f) for f in flaws_of("bristol", register.kept("bristol"), [("Ann Lee", C.head)])] == [
        "bristol d3: is not the entry that Ann Lee knows"
    ]


def test_entries_that_were_taken_out_can_be_brought_back_from_an_export(
    place: Place, register: DatabaseRegister
) -> None:
    exported = from_lines(to_lines(ABC))
    place.change("DELETE FROM entry WHERE number > 1")
    assert register.restore({"bristol": [A, B]}) == {"bristol": 1}
    assert flaws(register) == [
        "bristol d3: is missing: the register's own note knows an entry of this number"
    ]
    refused(lambda: append(register, note("d")))
    assert register.restore(exported) == {"bristol": 1}
    assert flaws(register) == []
    assert [each.number for each in append(register, note("d"))] == [4]


def test_other_entries_do_not_take_the_place_of_those_that_were_taken_out(
    place: Place,
    register: DatabaseRegister,
) -> None:
    place.change("DELETE FROM entry WHERE number > 1")
    line = refused(lambda: register.restore({"bristol": FORGED}))
    assert line == "bristol d3: the register here had another entry; nothing was imported"
    assert register.kept("bristol") == [A]
