"""The register in PostgreSQL: whatever is killed, what was acknowledged is there and whole."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from compactgraph.errors import (
    RegisterBusyError,
    RegisterError,
    StoreBusyError,
)
from compactgraph.paths import REGISTER_VARIABLE
from compactgraph.register.chain import entries_of
from compactgraph.register.postgresql import PostgresRegister
from compactgraph.register.registers import register_at
from compactgraph.service.client import Service
from compactgraph.store.lease import lease
from tests.support import writers
from tests.support.bodies import note
from tests.support.faulty import faulty_service
from tests.support.postgresql import PASSWORD, PostgreSQL, missing, postgresql
from tests.support.registers import append, flaws, refused
from tests.support.writers import Nursery

pytestmark = pytest.mark.engine
SHOWN = "postgresql://minutes@/postgres"
WHO = (
    "see whether the server runs, and whether COMPACTGRAPH_REGISTER names it and a user whom it lets in"
)


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    with writers.nursery() as started:
        yield started


@pytest.fixture(scope="module")
def started_server() -> Iterator[PostgreSQL]:
    if reason := missing():
        pytest.skip(reason)
    with postgresql() as started:
        yield started


@pytest.fixture
def server(started_server: PostgreSQL) -> PostgreSQL:
    started_server.forget()
    return started_server


def register_of(server: PostgreSQL, patience: float = 10) -> PostgresRegister:
    return PostgresRegister(server.address(), patience=patience)


def words_of(server: PostgreSQL) -> list[str]:
    """Return the words of the notes, having seen that the register is whole."""
    assert flaws(register_of(server)) == []
    return [
        entry.body.why.strip("x ")
        for entry in entries_of("bristol", *register_of(server).read("bristol"))
    ]


# Killed at any moment


@pytest.mark.slow
def test_a_server_that_is_killed_has_what_it_acknowledged(server: PostgreSQL) -> None:
    chance = random.Random(20261202)
    told: list[str] = []
    for trial in range(4):
        ended: list[str] = []

        def write(
            writer: int, trial: int = trial, ended: list[str] = ended, told: list[str] = told
        ) -> None:
            register = register_of(server)
            for number in range(1000):
                words = f"{trial}/{writer}/{number}"
                try:
                    append(register, note(words))
                except RegisterError as error:
                    ended.append(str(error))
                    return
                told.append(words)

        threads = [threading.Thread(target=write, args=(writer,)) for writer in range(3)]
        before = len(told)
        for thread in threads:
            thread.start()
        while len(told) < before + 3:
            time.sleep(0.02)
        time.sleep(chance.uniform(0, 0.5))
        server.kill()
        for thread in threads:
            thread.join()
        server.start()
        assert len(ended) == 3
        assert all("\n" not in line and PASSWORD not in line for line in ended)
        words = words_of(server)
        assert set(told) <= set(words)
        assert len(words) == len(set(words))
        # Each writer may have been cut off in one that it was not told of, and then it was told so.
        unknown = sum(line.startswith("it is not known whether this is recorded") for line in ended)
        assert len(words) <= len(told) + unknown
        told = words
    assert append(register_of(server), note("after"))[0].number == len(told) + 1


@pytest.mark.slow
def test_writers_that_are_killed_leave_whole_entries(server: PostgreSQL, nursery: Nursery) -> None:
    chance = random.Random(20261203)
    acknowledged: list[int] = []
    for _ in range(6):
        crowd = [nursery.start("write", server.address()) for _ in range(3)]
        crowd[0].next()
        time.sleep(chance.uniform(0, 0.3))
        for writer in crowd:
            writer.kill()
        assert [writer.end() for writer in crowd] == [-signal.SIGKILL] * 3
        acknowledged += [number for writer in crowd for number in writer.acknowledged]
        numbers = [each.number for each in register_of(server).kept("bristol")]
        assert flaws(register_of(server)) == []
        assert set(acknowledged) <= set(numbers)
        assert len(set(acknowledged)) == len(acknowledged)
    assert append(register_of(server), note("after"))[0].number == len(numbers) + 1


@pytest.mark.slow
def test_connections_that_are_cut_lose_nothing(server: PostgreSQL) -> None:
    """An administrator ends connections while two people write; who was cut off may say it again."""
    cutting = threading.Event()
    told: list[str] = []
    failed: list[str] = []

    def write(writer: int) -> None:
        register = register_of(server)
        for number in range(40):
            try:
                append(register, note(f"{writer}/{number}"))
            except RegisterError as error:
                failed.append(str(error))
            else:
                told.append(f"{writer}/{number}")

    def cut() -> None:
        while not cutting.wait(0.05):
            server.ask(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
            )

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(2)]
    cutter = threading.Thread(target=cut)
    for thread in (*threads, cutter):
        thread.start()
    for thread in threads:
        thread.join()
    cutting.set()
    cutter.join()
    words = words_of(server)
    assert set(told) <= set(words)
    assert len(words) == len(set(words)) <= len(told) + len(failed)
    assert all("\n" not in line for line in failed)


def test_a_commit_whose_answer_is_lost_is_looked_for(
    server: PostgreSQL, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection breaks after the server has committed, or before it."""
    import sqlalchemy as sa

    register = register_of(server)
    append(register, note("a"))
    commit = sa.Connection.commit

    def cut(connection: sa.Connection) -> None:
        (pid,) = connection.exec_driver_sql("SELECT pg_backend_pid()").one()
        server.ask(f"SELECT pg_terminate_backend({pid}, 5000)")

    def after(connection: sa.Connection) -> None:
        commit(connection)
        cut(connection)
        connection.exec_driver_sql("SELECT 1")

    def before(connection: sa.Connection) -> None:
        cut(connection)
        commit(connection)

    monkeypatch.setattr(sa.Connection, "commit", after)
    append(register, note("b"))
    monkeypatch.setattr(sa.Connection, "commit", before)
    line = refused(lambda: append(register, note("c")))
    monkeypatch.undo()
    assert line.startswith(
        f"it is not known whether this is recorded; look before you enter it again: {SHOWN}: cannot be "
    )
    assert words_of(server) == ["a", "b"]


# One line, without a secret


def tried(attempt: Callable[[], object]) -> str:
    line = refused(attempt)
    assert PASSWORD not in line
    assert "Graph" not in line
    return line


def test_a_database_that_is_away(server: PostgreSQL) -> None:
    register = register_of(server)
    append(register, note("a"))
    server.kill()
    try:
        for attempt in (register.heads, lambda: append(register, note("b"))):
            assert tried(attempt) == f"{SHOWN}: cannot be reached (Connection refused); {WHO}"
    finally:
        server.start()
    assert words_of(server) == ["a"]


@pytest.mark.parametrize(
    ("changes", "shown", "why"),
    [
        ({"password": "Graph@x/%"}, SHOWN, 'password authentication failed for user "minutes"'),
        ({"user": "nobody"}, "postgresql://nobody@/postgres", "password authentication failed"),
        ({"database": "none"}, "postgresql://minutes@/none", 'database "none" does not exist'),
    ],
)
def test_a_door_that_is_shut(server: PostgreSQL, changes: dict[str, str], shown: str, why: str) -> None:
    line = tried(PostgresRegister(server.address(**changes)).heads)
    assert line.startswith(f"{shown}: cannot be reached ({why}")
    assert line.endswith(f"; {WHO}")


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://minutes:Graph@7@db.example/compact",
        "postgresql://minutes:Graph@db.example:54x2/compact",
        "postgresql://minutes:Graph@db.example",
        "postgresql://minutes:Graph@db.example/",
        "postgresql:///minutes:Graph@db.example/compact",
        "postgresql:minutes",
        "postgres://",
    ],
)
def test_an_address_that_is_malformed_is_not_repeated(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(REGISTER_VARIABLE, address)
    assert tried(lambda: register_at(tmp_path)) == (
        "COMPACTGRAPH_REGISTER is no address of a PostgreSQL database; write it as "
        "postgresql://USER:PASSWORD@HOST/DATABASE, and @ and % in a password as %40 and %25"
    )


def test_a_command_prints_one_line(server: PostgreSQL, tmp_path: Path) -> None:
    given = {REGISTER_VARIABLE: server.address(password="Graph"), "COMPACTGRAPH_STORE": str(tmp_path)}
    ran = subprocess.run(
        [sys.executable, "-c", "from compactgraph.cli.app import main; main()", "decisions", "verify"],
        env={**os.environ, **given},
        capture_output=True,
        text=True,
    )
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.count("\n") == 1
    assert "password authentication failed" in ran.stderr
    assert "Graph" not in ran.stderr


def test_a_lock_that_is_not_let_go_is_not_waited_for_for_ever(server: PostgreSQL) -> None:
    register = register_of(server, patience=0.3)
    append(register, note("a"))
    place = {"host": str(server.folder), "user": "minutes", "password": PASSWORD, "dbname": "postgres"}
    with psycopg.connect(**place) as other:
        other.execute("SELECT 1 FROM compactgraph.head FOR UPDATE")
        line = refused(lambda: append(register, note("b")), RegisterBusyError)
        assert line == (
            f"{SHOWN}: another program is writing to it (canceling statement due to lock timeout); try "
            "again in a moment"
        )
        assert [each.number for each in register.kept("bristol")] == [1]
    append(register, note("b"))
    assert words_of(server) == ["a", "b"]


def test_a_server_that_follows_another_only_reads(server: PostgreSQL) -> None:
    append(register_of(server), note("a"))
    with postgresql(server) as follower:
        assert words_of(follower) == ["a"]
        line = tried(lambda: append(register_of(follower), note("b")))
        assert line.startswith(f"{SHOWN}: takes no entries (")
        assert line.endswith("; name the server that is written to, in COMPACTGRAPH_REGISTER")


def test_who_may_read_and_not_write_reads(server: PostgreSQL) -> None:
    append(register_of(server), note("a"))
    server.ask(
        "DROP ROLE IF EXISTS reader",
        "CREATE ROLE reader LOGIN PASSWORD 'Graph'",
        "GRANT USAGE ON SCHEMA compactgraph TO reader",
        "GRANT SELECT ON ALL TABLES IN SCHEMA compactgraph TO reader",
    )
    try:
        register = PostgresRegister(server.address(user="reader", password="Graph"))
        assert [each.number for each in register.kept("bristol")] == [1]
        assert tried(lambda: append(register, note("b"))) == (
            "postgresql://reader@/postgres: its user may not do this (permission denied for table "
            "head); let the owner of the database grant it"
        )
    finally:
        server.ask("DROP OWNED BY reader", "DROP ROLE reader")


def test_who_may_not_make_a_schema_is_given_one(server: PostgreSQL) -> None:
    server.ask("DROP ROLE IF EXISTS writer", "CREATE ROLE writer LOGIN PASSWORD 'Graph'")
    register = PostgresRegister(server.address(user="writer", password="Graph"))
    try:
        assert register.kept("bristol") == []
        assert tried(lambda: append(register, note("a"))) == (
            "postgresql://writer@/postgres: its user may not do this (permission denied for database "
            "postgres); let the owner of the database grant it"
        )
        server.ask("CREATE SCHEMA compactgraph AUTHORIZATION writer")
        assert [each.number for each in append(register, note("a"))] == [1]
    finally:
        server.ask("DROP OWNED BY writer", "DROP ROLE writer")


# Something else in its place


def test_another_program_s_schema_stays_as_it_is(server: PostgreSQL) -> None:
    server.ask("CREATE SCHEMA compactgraph", "CREATE TABLE compactgraph.entry (review text)")
    register = register_of(server)
    for attempt in (register.heads, lambda: append(register, note("a"))):
        assert tried(attempt) == (
            f"{SHOWN}: its schema 'compactgraph' belongs to another program; name another database"
        )


def test_a_database_that_only_speaks_like_it(
    server: PostgreSQL, monkeypatch: pytest.MonkeyPatch
) -> None:
    """CockroachDB is one: the library refuses what it says of its version."""
    import sqlalchemy.dialects.postgresql.base as dialect

    from compactgraph.service import postgresql as module

    def refuse(*args: object) -> tuple[int, ...]:
        raise AssertionError("Could not determine version from string 'CockroachDB CCL v25'")

    monkeypatch.setattr(dialect.PGDialect, "_get_server_version_info", refuse)
    module._engine.cache_clear()
    assert tried(register_of(server).heads) == f"{SHOWN}: is no PostgreSQL database; name one"
    module._engine.cache_clear()


def test_a_later_version_s_register_stays_as_it_is(server: PostgreSQL) -> None:
    register = register_of(server)
    append(register, note("a"))
    server.ask("UPDATE compactgraph.version SET number = 2")
    for attempt in (register.heads, lambda: append(register, note("b"))):
        line = f"{SHOWN}: was written by a later compactgraph; install that one to use it"
        assert tried(attempt) == line


def test_a_register_without_a_table_is_damaged(server: PostgreSQL) -> None:
    register = register_of(server)
    append(register, note("a"))
    server.ask("DROP TABLE compactgraph.head")
    for attempt in (register.noted, lambda: append(register, note("b"))):
        assert tried(attempt).startswith(f"{SHOWN}: is not a register, or is damaged (relation ")


def test_two_make_the_tables_at_once(server: PostgreSQL) -> None:
    both = threading.Barrier(4)
    made: list[int] = []

    def write() -> None:
        both.wait(30)
        made.append(append(register_of(server), note("a"))[0].number)

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(made) == [1, 2, 3, 4]
    assert words_of(server) == ["a"] * 4


# Two builds


def test_a_build_holds_a_lock_of_the_database(
    server: PostgreSQL, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(REGISTER_VARIABLE, server.address())
    with faulty_service() as faulty, faulty_service() as other:
        service = Service(f"{faulty.url}/query", {})
        with lease(service):
            with pytest.raises(StoreBusyError) as raised, lease(service):
                pass
            assert str(raised.value) == (
                f"{faulty.url}/query: another build is under way there; try again when it is done"
            )
            with lease(Service(f"{other.url}/query", {})):
                pass
        with pytest.raises(KeyError), lease(service):
            raise KeyError
        with lease(service):
            server.ask("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'")
            with lease(service):
                pass
        # Nothing was asked of the service, and no lease was left there.
        assert faulty.received == []
