"""The register's file: one writer at a time, and one plain line where it is not what it should be."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from compactgraph.errors import EntryError, RegisterBusyError, RegisterError
from compactgraph.paths import REGISTER_VARIABLE
from compactgraph.register.entry import Entry
from compactgraph.register.file import FileRegister
from compactgraph.register.followed import FollowedEntries
from compactgraph.register.registers import register_at
from tests.support import writers
from tests.support.bodies import kept_of, note
from tests.support.registers import append, flaws, refused
from tests.support.writers import Nursery

ABC = kept_of([note("a"), note("b"), note("c")])
A, B, C = ABC
D = kept_of([note("a"), note("b"), note("c"), note("d")])[3]


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    with writers.nursery() as started:
        yield started


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store.register"


@pytest.fixture
def register(path: Path) -> FileRegister:
    """Return a register of three entries."""
    register = FileRegister(path, patience=0.2)
    append(register, note("a"), note("b"), note("c"))
    return register


@pytest.fixture
def everybodys() -> Iterator[Path]:
    """Return a folder that every user of the machine can reach, as a test's own folder is not."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        (Path(folder) / "kept").mkdir()
        yield Path(folder) / "kept"
        (Path(folder) / "kept").chmod(0o755)


# What is written, and read


def test_a_register_that_is_not_there_has_no_entries_and_is_not_made_by_reading(path: Path) -> None:
    register = FileRegister(path)
    assert (register.heads(), register.noted(), register.kept("bristol")) == ({}, {}, [])
    assert not path.exists()


def test_the_register_stands_beside_the_store_and_not_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert register_at(tmp_path / "store").name == str(tmp_path / "store.register")
    monkeypatch.setenv(REGISTER_VARIABLE, str(tmp_path / "elsewhere" / "decided"))
    assert register_at(tmp_path / "store").name == str(tmp_path / "elsewhere" / "decided")
    append(FileRegister(Path(register_at(tmp_path / "store").name)), note("a"))
    assert (tmp_path / "elsewhere" / "decided").is_file()


def test_what_refuses_an_entry_goes_on_and_nothing_is_written(path: Path) -> None:
    def make(held: list[Entry]) -> list[Entry]:
        raise EntryError("it does not fit")

    register = FileRegister(path)
    for there in ([], [A]):
        assert (
            refused(lambda: FollowedEntries(register, "bristol").add(make), EntryError)
            == "it does not fit"
        )
        assert register.kept("bristol") == there
        if not there:
            assert not path.exists()
            append(register, note("a"))
    assert [each.name for each in path.parent.iterdir()] == [path.name]


BEFORE = """\
CREATE TABLE entry (
    review TEXT NOT NULL,
    number INTEGER NOT NULL,
    hash TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (review, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE head (
    review TEXT PRIMARY KEY,
    number INTEGER NOT NULL,
    hash TEXT NOT NULL
) STRICT;
CREATE TRIGGER entry_follows BEFORE INSERT ON entry WHEN new.number IS NOT
    (SELECT COALESCE(MAX(number), 0) + 1 FROM entry WHERE review = new.review)
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;
CREATE TRIGGER head_advances BEFORE UPDATE ON head WHEN new.number <= old.number
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;
PRAGMA application_id = 1667723879;
PRAGMA user_version = 1;
"""
"""What the files of the first version are made of, which people have."""


def test_a_file_of_the_first_version_is_used_as_it_is(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(BEFORE)
        rows = [("bristol", each.number, each.hash, each.text) for each in ABC]
        connection.executemany("INSERT INTO entry VALUES (?, ?, ?, ?)", rows)
        connection.execute("INSERT INTO head VALUES ('bristol', 3, ?)", [C.hash])
        connection.commit()
    register = FileRegister(path)
    assert (register.kept("bristol"), register.noted()) == (ABC, {"bristol": C.head})
    append(register, note("d"))
    assert (register.kept("bristol"), flaws(register)) == ([*ABC, D], [])
    with closing(sqlite3.connect(path)) as connection:
        made = connection.execute("SELECT sql FROM sqlite_schema WHERE sql NOTNULL").fetchall()
    assert all(sql in BEFORE for (sql,) in made)


# Several at once


def test_a_reader_is_not_disturbed_while_another_writes(register: FileRegister) -> None:
    with closing(sqlite3.connect(register.path, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("INSERT INTO entry VALUES ('bristol', 4, 'h', 't')")
        assert FileRegister(register.path).kept("bristol") == ABC
        assert FileRegister(register.path).heads() == {"bristol": C.head}
        writer.execute("ROLLBACK")
    append(register, note("d"))
    assert len(register.kept("bristol")) == 4


def test_a_writer_that_does_not_end_is_not_waited_for_for_ever(
    nursery: Nursery, register: FileRegister
) -> None:
    other = nursery.start("hold", register.path, "BEGIN IMMEDIATE")
    assert other.next() == "held"
    busy = f"{register.path}: another program is writing to it; try again in a moment"
    assert refused(lambda: append(register, note("d")), RegisterBusyError) == busy
    assert refused(lambda: register.restore({"bristol": ABC}), RegisterBusyError) == busy
    assert register.kept("bristol") == ABC
    other.kill()
    assert other.end() == -signal.SIGKILL
    append(register, note("d"))


def test_a_reader_is_told_where_the_file_stays_locked(nursery: Nursery, register: FileRegister) -> None:
    other = nursery.start("hold", register.path, "BEGIN EXCLUSIVE")
    assert other.next() == "held"
    line = refused(lambda: register.kept("bristol"), RegisterBusyError)
    assert line == f"{register.path}: another program is writing to it; try again in a moment"
    other.kill()
    other.end()
    assert register.kept("bristol") == ABC


def test_a_reader_that_does_not_end_keeps_a_writer_from_half_of_it(
    register: FileRegister,
) -> None:
    with closing(sqlite3.connect(register.path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT COUNT(*) FROM entry").fetchone()
        refused(lambda: append(register, note("d")), RegisterBusyError)
        assert reader.execute("SELECT COUNT(*) FROM entry").fetchone() == (3,)
    assert register.kept("bristol") == ABC
    append(register, note("d"))


# What is done to it by other means


def change(path: Path, *statements: str) -> None:
    """Change the file by SQL."""
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        for statement in statements:
            connection.execute(statement)
    finally:
        connection.close()


# A file that is damaged


def judged(copy: FileRegister) -> str:
    """Say what came of damage to a copy of the register: nothing, or it is found, or refused."""
    try:
        kept, noted, found = copy.kept("bristol"), copy.noted(), flaws(copy)
        copy.heads()
    except RegisterError:
        refused(
            lambda: copy.kept("bristol") and copy.noted() and copy.heads() and append(copy, note("d"))
        )
        return "refused"
    if found:
        refused(lambda: append(copy, note("d")))
        return "found"
    assert (kept, noted["bristol"]) == (ABC, C.head)
    try:
        append(copy, note("d"))
    except RegisterError:
        assert copy.kept("bristol") == ABC
        return "refused"
    assert copy.kept("bristol") == [*ABC, D]
    return "same"


def test_a_byte_changed_anywhere_in_the_file_changes_nothing_or_is_found(
    register: FileRegister, tmp_path: Path
) -> None:
    chance = random.Random(20261124)
    whole = register.path.read_bytes()
    outcomes = dict.fromkeys(["same", "found", "refused"], 0)
    for place in sorted(chance.sample(range(len(whole)), 500)):
        copy = FileRegister(tmp_path / f"changed-{place}", patience=0.2)
        damaged = bytearray(whole)
        damaged[place] ^= chance.randint(1, 255)
        copy.path.write_bytes(damaged)
        outcomes[judged(copy)] += 1
    assert all(outcomes.values()), outcomes


def test_a_file_that_was_cut_is_found(register: FileRegister, tmp_path: Path) -> None:
    whole = register.path.read_bytes()
    for length in [1, 50, 99, 100, 511, *range(512, len(whole), 256)]:
        copy = FileRegister(tmp_path / f"cut-{length}")
        copy.path.write_bytes(whole[:length])
        assert judged(copy) in ("found", "refused"), length
        assert len(copy.path.read_bytes()) == length


def test_an_empty_file_is_a_register_that_begins(path: Path) -> None:
    path.touch()
    register = FileRegister(path)
    assert (register.heads(), register.kept("bristol")) == ({}, [])
    append(register, note("a"))
    assert register.kept("bristol") == [A]


# Something else in its place


def attempts(register: FileRegister) -> list[Callable[[], object]]:
    return [
        register.heads,
        register.noted,
        lambda: register.kept("bristol"),
        lambda: append(register, note("a")),
        lambda: register.restore({"bristol": ABC}),
    ]


def always_refused(path: Path) -> str:
    """Return the line with which everything is refused that can be asked of a register there."""
    lines = {refused(attempt) for attempt in attempts(FileRegister(path, patience=0.2))}
    assert len(lines) == 1
    return lines.pop()


def test_a_folder_in_its_place(path: Path) -> None:
    path.mkdir()
    assert always_refused(path) == f"{path}: is not a file; name a file for the register"
    assert list(path.iterdir()) == []


def test_a_pipe_in_its_place(path: Path) -> None:
    os.mkfifo(path)
    assert always_refused(path) == f"{path}: is not a file; name a file for the register"


def test_a_device_in_its_place_would_take_entries_and_keep_none() -> None:
    assert always_refused(Path(os.devnull)) == "/dev/null: is not a file; name a file for the register"


def test_a_text_in_its_place_stays_as_it_is(path: Path) -> None:
    path.write_text("provision,kind\n" * 100, encoding="utf-8")
    line = always_refused(path)
    assert (
        line
        == f"{path}: is not a register, or is damaged (file is not a database); restore it from a copy"
    )
    assert path.read_text(encoding="utf-8") == "provision,kind\n" * 100


@pytest.mark.parametrize("statement", ["PRAGMA user_version = 1", "PRAGMA application_id = 7"])
def test_another_program_s_database_stays_as_it_is(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE entry (review, number, hash, text)")
        connection.execute(statement)
    before = path.read_bytes()
    assert always_refused(path) == f"{path}: belongs to another program; name another file"
    assert path.read_bytes() == before


def test_a_later_version_s_register_stays_as_it_is(register: FileRegister) -> None:
    change(register.path, "PRAGMA user_version = 2")
    before = register.path.read_bytes()
    assert always_refused(register.path) == (
        f"{register.path}: was written by a later compactgraph; install that one to use it"
    )
    assert register.path.read_bytes() == before


def test_a_register_without_its_tables_is_damaged(register: FileRegister) -> None:
    change(register.path, "DROP TABLE entry", "DROP TABLE head")
    for attempt in attempts(register):
        assert refused(attempt).startswith(f"{register.path}: is not a register, or is damaged (no such")


def test_a_link_leads_to_the_file(register: FileRegister, tmp_path: Path) -> None:
    link = tmp_path / "links" / "store.register"
    link.parent.mkdir()
    link.symlink_to(register.path)
    append(FileRegister(link), note("d"))
    assert register.kept("bristol") == FileRegister(link).kept("bristol") == [*ABC, D]
    assert link.is_symlink()
    assert [each.name for each in link.parent.iterdir()] == ["store.register"]


def test_a_link_to_nothing_is_no_register_without_entries(path: Path, tmp_path: Path) -> None:
    path.symlink_to(tmp_path / "a disk that is away" / "store.register")
    assert always_refused(path) == (
        f"{path}: is a link to a missing file; bring the file back, or remove the link"
    )


def test_a_link_to_itself(path: Path) -> None:
    path.symlink_to(path)
    lines = {refused(attempt) for attempt in attempts(FileRegister(path))}
    assert lines == {
        f"{path}: cannot be read (Too many levels of symbolic links); see who may read it",
    }


def test_a_file_in_the_place_of_its_folder(tmp_path: Path) -> None:
    (tmp_path / "folder").touch()
    path = tmp_path / "folder" / "store.register"
    assert always_refused(path) == f"{path}: cannot be read (Not a directory); see who may read it"


@pytest.mark.parametrize(
    "name", ["a b", "50%20", "what?mode=memory", "#1", "ü", "a&b=c;d", "'", b"\xff"]
)
def test_any_name_will_do(tmp_path: Path, name: str | bytes) -> None:
    path = tmp_path / os.fsdecode(name) / os.fsdecode(name)
    append(FileRegister(path), note("a"))
    assert FileRegister(path).kept("bristol") == [A]
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_a_path_is_taken_from_where_the_program_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    append(FileRegister(Path("new/store.register")), note("a"))
    assert FileRegister(tmp_path / "new" / "store.register").kept("bristol") == [A]


# Rights, and room


def tried(nursery: Nursery, path: Path) -> list[str]:
    """Return what a user who has no right that is not everybody's is told, of reading and writing."""
    writer = nursery.start("try_as_nobody", path)
    assert writer.end() == 0
    return writer.told


def test_who_may_read_and_not_write_reads(nursery: Nursery, everybodys: Path) -> None:
    path = everybodys / "store.register"
    append(FileRegister(path), note("a"))
    path.chmod(0o444)
    everybodys.chmod(0o555)
    read, written = tried(nursery, path)
    assert read == "1 read"
    assert written == (
        f"RegisterError: {path}: cannot be written (attempt to write a readonly database); see whether "
        "there is room on the disk, and who may write the file and its folder"
    )


def test_who_may_write_the_file_and_not_its_folder_is_told(nursery: Nursery, everybodys: Path) -> None:
    path = everybodys / "store.register"
    append(FileRegister(path), note("a"))
    path.chmod(0o666)
    everybodys.chmod(0o555)
    read, written = tried(nursery, path)
    assert read == "1 read"
    assert written.startswith(f"RegisterError: {path}: cannot be written (")
    assert written.endswith("who may write the file and its folder")
    assert len(FileRegister(path).kept("bristol")) == 1


def test_who_may_not_read_is_told(nursery: Nursery, everybodys: Path) -> None:
    path = everybodys / "store.register"
    append(FileRegister(path), note("a"))
    path.chmod(0o000)
    read, written = tried(nursery, path)
    assert read == (
        f"RegisterError: {path}: cannot be read (unable to open database file); see who may read it"
    )
    assert written.startswith(f"RegisterError: {path}: cannot be written (unable to open database file)")


def test_who_may_not_enter_the_folder_is_told(nursery: Nursery, everybodys: Path) -> None:
    path = everybodys / "store.register"
    append(FileRegister(path), note("a"))
    everybodys.chmod(0o000)
    line = f"RegisterError: {path}: cannot be read (Permission denied); see who may read it"
    assert tried(nursery, path) == [line, line]


def test_who_may_not_make_the_folder_is_told(nursery: Nursery, everybodys: Path) -> None:
    path = everybodys / "new" / "folder" / "store.register"
    everybodys.chmod(0o555)
    read, written = tried(nursery, path)
    assert read == "0 read"
    assert written.startswith(f"RegisterError: {path}: cannot be written (Permission denied)")


@pytest.mark.parametrize(
    ("of_file", "of_journal", "of_folder"),
    [
        (0o444, 0o444, 0o555),
        (0o444, 0o000, 0o555),
        (0o444, 0o444, 0o777),
        (0o666, 0o666, 0o555),
        (0o666, 0o444, 0o555),
        (0o666, 0o000, 0o555),
    ],
    ids=lambda mode: f"{mode:03o}",
)
def test_a_writing_that_was_cut_off_is_undone_by_who_may_and_others_are_told(
    nursery: Nursery, everybodys: Path, of_file: int, of_journal: int, of_folder: int
) -> None:
    path = everybodys / "store.register"
    journal = path.with_name("store.register-journal")
    append(FileRegister(path), note("a"))
    assert nursery.start("cut_off", path).end() == -signal.SIGKILL
    assert journal.exists()
    path.chmod(of_file)
    journal.chmod(of_journal)
    everybodys.chmod(of_folder)
    for line in tried(nursery, path):
        assert line.startswith(
            f"RegisterError: {path}: a writing to it was cut off, and cannot be undone here ("
        )
        assert line.endswith("); let someone who may write the file and its folder check the register")
    for each, mode in ((everybodys, 0o755), (path, 0o644), (journal, 0o644)):
        each.chmod(mode)
    assert FileRegister(path).kept("bristol") == [A]
    assert FileRegister(path).kept("bath") == []
    assert not journal.exists()


@pytest.mark.parametrize("limit", [0, 5_000, 20_000, 30_000])
def test_a_disk_without_room_is_told_and_nothing_is_there_by_half(
    nursery: Nursery, path: Path, limit: int
) -> None:
    writer = nursery.start("write_with_room", path, limit)
    assert writer.end() == 0
    *before, line, after = writer.told
    assert line.startswith(f"RegisterError: {path}: cannot be written (")
    assert line.endswith(
        "); see whether there is room on the disk, and who may write the file and its folder"
    )
    assert [*before, after] == [str(number) for number in range(1, len(before) + 2)]
    register = FileRegister(path)
    assert len(register.kept("bristol")) == len(before) + 1
    assert flaws(register) == []
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_a_register_that_was_copied_while_nobody_wrote_is_the_register(
    register: FileRegister, tmp_path: Path
) -> None:
    copy = FileRegister(Path(shutil.copy(register.path, tmp_path / "copy")))
    append(copy, note("d"))
    assert copy.kept("bristol") == [*ABC, D]
    assert copy.restore({"bristol": register.kept("bristol")}) == {"bristol": 0}
    assert register.restore({"bristol": copy.kept("bristol")}) == {"bristol": 1}
    assert register.kept("bristol") == copy.kept("bristol")
