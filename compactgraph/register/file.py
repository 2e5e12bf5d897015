"""A register in an SQLite file: only this module opens it.

Each writing is one transaction that waits for the disk. The tables refuse changes of what they hold, so
that entries are only ever added; that is a guard against mistakes, not against who owns the file.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from compactgraph.errors import RegisterBusyError, RegisterError
from compactgraph.register.chain import Kept, entries_of
from compactgraph.register.entries import Entry, Head

PATIENCE = 10.0
"""For how many seconds another writer is waited for."""

_APPLICATION = 0x63_67_72_67
_VERSION = 1
_TABLES = f"""
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
CREATE TRIGGER entry_stays BEFORE UPDATE ON entry
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;
CREATE TRIGGER entry_remains BEFORE DELETE ON entry
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;
PRAGMA application_id = {_APPLICATION};
PRAGMA user_version = {_VERSION};
"""


class FileRegister:
    """A register in a file, which need not be there yet."""

    def __init__(self, path: Path, *, patience: float = PATIENCE) -> None:
        """Name the file. Nothing is opened yet."""
        self.path = path
        self._patience = patience

    @property
    def name(self) -> str:
        """The file's path."""
        return str(self.path)

    def heads(self) -> dict[str, Head]:
        """Return each review's last entry. Raises RegisterError where the file cannot be read."""
        with self._reading() as connection:
            if connection is None:
                return {}
            rows = connection.execute(
                "SELECT review, number, hash FROM entry e WHERE number = "
                "(SELECT MAX(number) FROM entry WHERE review = e.review)"
            )
            return {review: Head(number, hash_) for review, number, hash_ in rows}

    def noted(self) -> dict[str, Head]:
        """Return what the file notes of each review's last entry, apart from the entries."""
        with self._reading() as connection:
            if connection is None:
                return {}
            rows = connection.execute("SELECT review, number, hash FROM head")
            return {review: Head(number, hash_) for review, number, hash_ in rows}

    def kept(self, review: str) -> list[Kept]:
        """Return a review's entries as they stand. Raises RegisterError as :meth:`heads` does."""
        with self._reading() as connection:
            return [] if connection is None else _kept(connection, review)

    def append(self, review: str, make: Callable[[list[Entry]], Sequence[Entry]]) -> list[Entry]:
        """Add what ``make`` returns of the entries that are there; all of it, or nothing.

        It is on the disk when this returns. What ``make`` raises goes on, and nothing is written.
        Raises RegisterBusyError where another writer does not end, and RegisterError where the file
        cannot be written.
        """
        with self._writing() as connection:
            entries = entries_of(review, _kept(connection, review))
            made = list(make(entries))
            _insert(connection, review, [Kept.of(entry) for entry in made])
        return made

    def restore(self, reviews: Mapping[str, Sequence[Kept]]) -> dict[str, int]:
        """Add entries as they are to those that are there, and say how many are new, by review.

        Raises RegisterError, and adds none, where a review's entries here are no beginning of those
        that come, nor the other way round.
        """
        added = {}
        with self._writing() as connection:
            for review, coming in reviews.items():
                here = _kept(connection, review)
                refuse_another_history(review, here, coming)
                new = list(coming)[len(here) :]
                _insert(connection, review, new)
                added[review] = len(new)
        return added

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection | None]:
        if not self.path.exists():
            yield None
            return
        with self._opened("rw") as connection:
            yield connection if _is_ours(connection, self.path) else None

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise self._unwritable(error.strerror or str(error)) from None
        with self._opened("rwc") as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                if not _is_ours(connection, self.path):
                    for statement in _TABLES.split(";\n"):
                        _execute_all(connection, statement)
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    @contextmanager
    def _opened(self, mode: str) -> Iterator[sqlite3.Connection]:
        address = f"{self.path.resolve().as_uri()}?mode={mode}"
        try:
            with closing(
                sqlite3.connect(address, uri=True, timeout=self._patience, isolation_level=None)
            ) as connection:
                connection.execute("PRAGMA synchronous = EXTRA")
                connection.execute("PRAGMA fullfsync = ON")
                yield connection
        except sqlite3.OperationalError as error:
            if "locked" in str(error) or "busy" in str(error):
                raise RegisterBusyError(
                    f"{self.path}: another program is writing to it; try again in a moment"
                ) from None
            raise self._unwritable(str(error)) from None
        except sqlite3.DatabaseError as error:
            raise RegisterError(
                f"{self.path}: is no register, or is damaged ({error}); restore it from a copy"
            ) from None

    def _unwritable(self, why: str) -> RegisterError:
        return RegisterError(f"{self.path}: cannot be written ({why}); see who may write the folder")


def refuse_another_history(review: str, here: Sequence[Kept], coming: Sequence[Kept]) -> None:
    """Raise RegisterError where two rows of entries differ in an entry that both have."""
    for one, other in zip(here, coming, strict=False):
        if one != other:
            raise RegisterError(
                f"{review} d{one.number}: the register here has another entry; nothing was imported"
            )


def _is_ours(connection: sqlite3.Connection, path: Path) -> bool:
    """Say whether the file has the tables; an empty one has none. Raises RegisterError for another's."""
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (tables,) = connection.execute("SELECT COUNT(*) FROM sqlite_schema").fetchone()
    if (application, version) == (_APPLICATION, _VERSION):
        return True
    if application or tables:
        raise RegisterError(f"{path}: is no register of this version; name another file")
    return False


def _execute_all(connection: sqlite3.Connection, statement: str) -> None:
    if statement.strip():
        connection.execute(statement)


def _kept(connection: sqlite3.Connection, review: str) -> list[Kept]:
    rows = connection.execute(
        "SELECT number, hash, text FROM entry WHERE review = ? ORDER BY number", (review,)
    )
    return [Kept(*row) for row in rows]


def _insert(connection: sqlite3.Connection, review: str, kept: Sequence[Kept]) -> None:
    if not kept:
        return
    connection.executemany(
        "INSERT INTO entry (review, number, hash, text) VALUES (?, ?, ?, ?)",
        [(review, each.number, each.hash, each.text) for each in kept],
    )
    connection.execute(
        "INSERT INTO head (review, number, hash) VALUES (?, ?, ?) ON CONFLICT (review) "
        "DO UPDATE SET number = excluded.number, hash = excluded.hash",
        (review, kept[-1].number, kept[-1].hash),
    )
