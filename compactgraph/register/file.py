"""A register in an SQLite file: only this module opens it.

Each write is one transaction with a journal beside the file, and waits for the disk. The next program
that opens the file undoes a write that was cut off, and must be able to write there.

A program that opens the file by other means than SQLite, to copy it for example, gives up its locks when
it closes it. So copy a register by exporting it, or while nobody writes.
"""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from compactgraph.common.operating_system import sync_folder
from compactgraph.errors import NextStep, RegisterBusyError, RegisterError
from compactgraph.register.database import PATIENCE, DatabaseRegister

if TYPE_CHECKING:
    import sqlalchemy as sa

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


class FileRegister(DatabaseRegister):
    """A register in a file, which need not be there yet."""

    def __init__(self, path: Path, *, patience: float = PATIENCE) -> None:
        """Name the file. Nothing is opened yet."""
        self.path = path
        self.name = str(path)
        self._patience = patience

    @contextmanager
    def _reading(self) -> Iterator[sa.Connection | None]:
        if not self._is_there():
            yield None
            return
        with self._opened("rw", "read") as connection:
            connection.exec_driver_sql("BEGIN")
            yield connection if self._is_ours(connection) else None

    @contextmanager
    def _writing(self) -> Iterator[sa.Connection]:
        if not self._is_there():
            try:
                _make_folder(self.path.absolute().parent)
            except OSError as error:
                raise self._unusable("written", error.strerror or str(error)) from None
        with self._opened("rwc", "written") as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            if not self._is_ours(connection):
                for statement in _TABLES.split(";\n"):
                    connection.exec_driver_sql(statement)
            # An entry put into a damaged page would overwrite others. This costs 2 ms a megabyte.
            elif (found := self._asked(connection, "PRAGMA integrity_check(1)")) != "ok":
                raise self._damaged(str(found))
            yield connection
            connection.commit()

    def _is_there(self) -> bool:
        """Say whether the file is there; raise RegisterError if it is something else than a file."""
        try:
            mode = self.path.stat().st_mode
        except FileNotFoundError:
            if self.path.is_symlink():
                raise RegisterError(
                    f"{self.path}: is a link to a missing file; bring the file back, or remove the link"
                ) from None
            return False
        except OSError as error:
            raise self._unusable("read", error.strerror or str(error)) from None
        if not stat.S_ISREG(mode):
            raise RegisterError(f"{self.path}: is not a file; name a file for the register")
        return True

    @contextmanager
    def _opened(self, mode: str, what: str) -> Iterator[sa.Connection]:
        if sqlite3.sqlite_version_info < _NEEDED:
            raise RegisterError(
                f"Python has SQLite {sqlite3.sqlite_version} here, and the register needs 3.37 or "
                "later; run compactgraph with a later Python"
            )
        # A missing file holds nothing, and that is told without this import.
        from sqlalchemy.exc import DBAPIError

        address = f"{self.path.resolve().as_uri()}?mode={mode}"
        try:
            with _engine(address, self._patience).connect() as connection:
                connection.exec_driver_sql("PRAGMA synchronous = EXTRA")
                connection.exec_driver_sql("PRAGMA fullfsync = ON")
                yield connection
        except (DBAPIError, sqlite3.Error) as error:
            raise self._error(getattr(error, "orig", error), what) from None
        except UnicodeDecodeError:
            raise self._damaged("a name in it has turned into another") from None

    def _is_ours(self, connection: sa.Connection) -> bool:
        """Say whether the file has the tables; an empty one has none.

        Raises RegisterError if it is another program's, or of a later version.
        """
        application = self._asked(connection, "PRAGMA application_id")
        version = self._asked(connection, "PRAGMA user_version")
        tables = self._asked(connection, "SELECT COUNT(*) FROM sqlite_schema")
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

    def _asked(self, connection: sa.Connection, query: str) -> Any:
        """Return the first value of a query's first row."""
        return connection.exec_driver_sql(query).scalar()

    def _error(self, error: Any, what: str) -> RegisterError:
        """Return an error of SQLite as one line that says what to do; Python's own have no code."""
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
                f"{self.path}: a writing to it was cut off, and cannot be undone here ({error})",
                NextStep.CHECK_REGISTER,
                "let someone who may write the file and its folder ",
            )
        return self._unusable(what, str(error))

    def _is_cut_off(self) -> bool:
        """Say whether only the journal of a write beside the file keeps it from being read."""
        path = self.path.resolve()
        return os.access(path, os.R_OK) and path.with_name(f"{path.name}-journal").exists()

    def _unusable(self, what: str, why: str) -> RegisterError:
        if what == "read":
            return RegisterError(f"{self.path}: cannot be read ({why}); see who may read it")
        return RegisterError(
            f"{self.path}: cannot be written ({why}); see whether there is room on the disk, and who "
            "may write the file and its folder"
        )


@cache
def _engine(address: str, patience: float) -> sa.Engine:
    from sqlalchemy import create_engine
    from sqlalchemy.pool import NullPool

    # Without an isolation level no transaction begins by itself.
    connect = partial(sqlite3.connect, address, uri=True, timeout=patience, isolation_level=None)
    return create_engine("sqlite://", creator=connect, poolclass=NullPool)


def _make_folder(folder: Path) -> None:
    """Make a folder and its parents, and wait until they are on the disk."""
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    sync_folder(folder.parent)
