"""A register in an SQLite file: only this module opens it.

Each writing is one transaction, with a journal of what it overwrites, and waits for the disk: first for
the journal, then for the file, then for the journal's removal. A writing that was cut off is undone by
the next program that opens the file; it must be able to write there, as the journal stands beside it.

The tables refuse changes of what they hold, so that entries are only ever added; that is a guard against
mistakes, not against who owns the file. The last entry is noted apart from the entries, and nothing is
added to a register that has another last one.

A program that has the file open by other means than SQLite, be it to copy it, gives up its locks when it
closes it: a register is copied by exporting it, or while nobody writes.
"""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from compactgraph.errors import RegisterBusyError, RegisterError, shorten
from compactgraph.register.chain import Kept, entries_of, kept_after, refuse_another_history
from compactgraph.register.entry import Entry, Head

PATIENCE = 10.0
"""For how many seconds another writer is waited for."""

_APPLICATION = 0x63_67_72_67
_VERSION = 1
_NEEDED = (3, 37)
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
CREATE TRIGGER entry_follows BEFORE INSERT ON entry WHEN new.number IS NOT
    (SELECT COALESCE(MAX(number), 0) + 1 FROM entry WHERE review = new.review)
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;
CREATE TRIGGER entry_stays BEFORE UPDATE ON entry
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;
CREATE TRIGGER entry_remains BEFORE DELETE ON entry
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;
CREATE TRIGGER head_begins BEFORE INSERT ON head WHEN EXISTS
    (SELECT 1 FROM head WHERE review = new.review)
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;
CREATE TRIGGER head_advances BEFORE UPDATE ON head WHEN new.number <= old.number
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;
CREATE TRIGGER head_remains BEFORE DELETE ON head
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;
PRAGMA application_id = {_APPLICATION};
PRAGMA user_version = {_VERSION};
"""

_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR)
_NOT_UNDONE = (sqlite3.SQLITE_READONLY_ROLLBACK, sqlite3.SQLITE_IOERR_DELETE)


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
        """Return each review's last entry.

        Raises RegisterError where the file cannot be read, and RegisterBusyError where a writing does
        not end.
        """
        with self._reading() as connection:
            if connection is None:
                return {}
            return self._heads(
                connection,
                "SELECT review, number, hash FROM entry e WHERE number = "
                "(SELECT MAX(number) FROM entry WHERE review = e.review)",
            )

    def noted(self) -> dict[str, Head]:
        """Return what the file notes of each review's last entry, apart from the entries."""
        with self._reading() as connection:
            return {} if connection is None else self._noted(connection)

    def kept(self, review: str) -> list[Kept]:
        """Return a review's entries as they stand. Raises RegisterError as :meth:`heads` does."""
        with self._reading() as connection:
            return [] if connection is None else self._kept(connection, review)

    def append(self, review: str, make: Callable[[list[Entry]], Sequence[Entry]]) -> list[Entry]:
        """Add what ``make`` returns of the entries that are there; all of it, or nothing.

        It is on the disk when this returns. What ``make`` raises goes on, and nothing is written.
        Raises RegisterBusyError where another writer does not end, and RegisterError where the entries
        are not whole or the file cannot be written.
        """
        with self._writing() as connection:
            noted = self._noted(connection).get(review, Head())
            entries = entries_of(review, self._kept(connection, review), noted)
            made = list(make(entries))
            self._insert(connection, review, kept_after(review, entries, made))
        return made

    def restore(self, reviews: Mapping[str, Sequence[Kept]]) -> dict[str, int]:
        """Add entries as they are to those that are there, and say how many are new, by review.

        Raises RegisterError, and adds none, where what comes is not whole, and where a review's entries
        here are no beginning of those that come, nor the other way round. Entries that were taken out
        here are put back; where some of those that the file has noted remain missing, they remain noted.
        """
        added = {}
        with self._writing() as connection:
            for review, coming in reviews.items():
                here = self._kept(connection, review)
                refuse_another_history(review, here, coming)
                new = list(coming)[len(here) :]
                noted = self._noted(connection).get(review, Head())
                self._refuse_unnoted(review, [*here, *new], noted)
                self._insert(connection, review, new)
                added[review] = len(new)
        return added

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection | None]:
        if not self._is_there():
            yield None
            return
        with self._opened("rw", "read") as connection:
            self._asked(connection, "BEGIN")
            yield connection if self._is_ours(connection) else None

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        if not self._is_there():
            try:
                _make_folder(self.path.absolute().parent)
            except OSError as error:
                raise self._unusable("written", error.strerror or str(error)) from None
        with self._opened("rwc", "written") as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                if not self._is_ours(connection):
                    for statement in _TABLES.split(";\n"):
                        connection.execute(statement)
                elif (found := self._asked(connection, "PRAGMA integrity_check(1)")) != [("ok",)]:
                    raise self._damaged(str(found[0][0]))
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    def _is_there(self) -> bool:
        """Say whether the file is there; raise RegisterError where something else stands there."""
        try:
            mode = self.path.stat().st_mode
        except FileNotFoundError:
            if self.path.is_symlink():
                raise RegisterError(
                    f"{self.path}: is a link to a file that is not there; bring the file back, or "
                    "take the link away"
                ) from None
            return False
        except OSError as error:
            raise self._unusable("read", error.strerror or str(error)) from None
        if not stat.S_ISREG(mode):
            raise RegisterError(f"{self.path}: is no file; name a file for the register")
        return True

    @contextmanager
    def _opened(self, mode: str, what: str) -> Iterator[sqlite3.Connection]:
        if sqlite3.sqlite_version_info < _NEEDED:
            raise RegisterError(
                f"Python has SQLite {sqlite3.sqlite_version} here, and the register needs 3.37 or "
                "later; run compactgraph with a later Python"
            )
        address = f"{self.path.resolve().as_uri()}?mode={mode}"
        try:
            with closing(
                sqlite3.connect(address, uri=True, timeout=self._patience, isolation_level=None)
            ) as connection:
                self._asked(connection, "PRAGMA synchronous = EXTRA")
                self._asked(connection, "PRAGMA fullfsync = ON")
                yield connection
        except sqlite3.Error as error:
            raise self._error(error, what) from None

    def _is_ours(self, connection: sqlite3.Connection) -> bool:
        """Say whether the file has the tables; an empty one has none.

        Raises RegisterError where it is another program's, or of a later version.
        """
        ((application,),) = self._asked(connection, "PRAGMA application_id")
        ((version,),) = self._asked(connection, "PRAGMA user_version")
        ((tables,),) = self._asked(connection, "SELECT COUNT(*) FROM sqlite_schema")
        if application == _APPLICATION and version > _VERSION:
            raise RegisterError(
                f"{self.path}: was written by a later compactgraph; install that one to use it"
            )
        if (application, version) == (_APPLICATION, _VERSION):
            return True
        if application or tables:
            raise RegisterError(f"{self.path}: belongs to another program; name another file")
        if self.path.stat().st_size:
            raise self._damaged("what it begins with is missing")
        return False

    def _kept(self, connection: sqlite3.Connection, review: str) -> list[Kept]:
        rows = self._asked(
            connection,
            "SELECT number, hash, text FROM entry WHERE review = ? ORDER BY number",
            review,
        )
        return [Kept(*self._checked(row, int, str, str)) for row in rows]

    def _noted(self, connection: sqlite3.Connection) -> dict[str, Head]:
        return self._heads(connection, "SELECT review, number, hash FROM head")

    def _heads(self, connection: sqlite3.Connection, query: str) -> dict[str, Head]:
        heads = {}
        for row in self._asked(connection, query):
            review, number, hash_ = self._checked(row, str, int, str)
            heads[review] = Head(number, hash_)
        return heads

    def _insert(self, connection: sqlite3.Connection, review: str, kept: Sequence[Kept]) -> None:
        if not kept:
            return
        for each in kept:
            self._asked(
                connection,
                "INSERT INTO entry (review, number, hash, text) VALUES (?, ?, ?, ?)",
                *(review, each.number, each.hash, each.text),
            )
        number, hash_ = kept[-1].number, kept[-1].hash
        self._asked(
            connection,
            "UPDATE head SET number = ?, hash = ? WHERE review = ? AND number < ?",
            *(number, hash_, review, number),
        )
        self._asked(
            connection,
            "INSERT INTO head (review, number, hash) SELECT ?, ?, ? "
            "WHERE NOT EXISTS (SELECT 1 FROM head WHERE review = ?)",
            *(review, number, hash_, review),
        )

    def _asked(self, connection: sqlite3.Connection, query: str, *values: str | int) -> list[Any]:
        """Return the rows of a query. Of damaged names Python itself says that they are no text."""
        try:
            return connection.execute(query, values).fetchall()
        except UnicodeDecodeError:
            raise self._damaged("a name in it has turned into another") from None

    def _checked(self, row: Sequence[object], *types: type) -> Sequence[Any]:
        """Return a row of these types; raise RegisterError where damage has made others of them."""
        if all(isinstance(value, type_) for value, type_ in zip(row, types, strict=True)):
            return row
        raise self._damaged("a value in it has turned into another")

    def _refuse_unnoted(self, review: str, kept: Iterable[Kept], noted: Head) -> None:
        for each in kept:
            if each.number == noted.number and each.hash != noted.hash:
                raise RegisterError(
                    f"{review} d{each.number}: the register here had another entry; nothing was imported"
                )

    def _error(self, error: sqlite3.Error, what: str) -> RegisterError:
        """Return an error of SQLite as one line that says what to do; those of Python have no code."""
        precise = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT)
        code = precise & 0xFF
        if code in _BUSY:
            return RegisterBusyError(
                f"{self.path}: another program is writing to it; try again in a moment"
            )
        if code in _DAMAGED:
            return self._damaged(str(error))
        if precise in _NOT_UNDONE or (code == sqlite3.SQLITE_CANTOPEN and self._is_cut_off()):
            return RegisterError(
                f"{self.path}: a writing to it was cut off, and cannot be undone here ({error}); let "
                "someone who may write the file and its folder run: compactgraph decisions verify"
            )
        return self._unusable(what, str(error))

    def _is_cut_off(self) -> bool:
        """Say whether the file could be read, were it not for the journal of a writing beside it."""
        path = self.path.resolve()
        return os.access(path, os.R_OK) and path.with_name(f"{path.name}-journal").exists()

    def _damaged(self, why: str) -> RegisterError:
        return RegisterError(
            f"{self.path}: is no register, or is damaged ({shorten(why)}); restore it from a copy"
        )

    def _unusable(self, what: str, why: str) -> RegisterError:
        if what == "read":
            return RegisterError(f"{self.path}: cannot be read ({why}); see who may read it")
        return RegisterError(
            f"{self.path}: cannot be written ({why}); see whether there is room on the disk, and who "
            "may write the file and its folder"
        )


def _make_folder(folder: Path) -> None:
    """Make a folder, and those that it is in, so that they are on the disk as well."""
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    parent = os.open(folder.parent, os.O_RDONLY)
    try:
        os.fsync(parent)
    finally:
        os.close(parent)
