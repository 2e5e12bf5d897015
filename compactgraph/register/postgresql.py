"""A register in a PostgreSQL database, for several servers.

It has a schema of its own, ``compactgraph``, which the first write makes. Each write is one serialisable
transaction: of two that add entries at once, one is committed, and the other finds that the head has
moved.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

import sqlalchemy as sa

from compactgraph.errors import RegisterError
from compactgraph.register.chain import Kept
from compactgraph.register.database import PATIENCE, DatabaseRegister
from compactgraph.register.entry import Entry, Head
from compactgraph.service.postgresql import Database, UncertainError

SCHEMA = "compactgraph"
VERSION = 1
"""The version of the tables, as the table ``version`` says it."""

_TABLES = (
    "CREATE TABLE version (number INTEGER NOT NULL)",
    f"INSERT INTO version VALUES ({VERSION})",
    """\
CREATE TABLE entry (
    review TEXT NOT NULL,
    number BIGINT NOT NULL,
    hash TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (review, number)
)""",
    "CREATE TABLE head (review TEXT PRIMARY KEY, number BIGINT NOT NULL, hash TEXT NOT NULL)",
    """\
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'entries are only ever added'; END $$""",
    f"""\
CREATE FUNCTION follow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF new.number <> (SELECT COALESCE(MAX(number), 0) + 1 FROM {SCHEMA}.entry WHERE review = new.review)
    THEN RAISE EXCEPTION 'entries are only ever added'; END IF;
    RETURN new;
END $$""",
    "CREATE TRIGGER entry_follows BEFORE INSERT ON entry FOR EACH ROW EXECUTE FUNCTION follow()",
    "CREATE TRIGGER entry_stays BEFORE UPDATE OR DELETE ON entry FOR EACH ROW EXECUTE FUNCTION refuse()",
    "CREATE TRIGGER entry_remains BEFORE TRUNCATE ON entry EXECUTE FUNCTION refuse()",
    "CREATE TRIGGER head_advances BEFORE UPDATE ON head FOR EACH ROW "
    "WHEN (new.number <= old.number) EXECUTE FUNCTION refuse()",
    "CREATE TRIGGER head_stays BEFORE DELETE ON head FOR EACH ROW EXECUTE FUNCTION refuse()",
    "CREATE TRIGGER head_remains BEFORE TRUNCATE ON head EXECUTE FUNCTION refuse()",
)


class PostgresRegister(DatabaseRegister):
    """A register in a database, by its address; it may be used from any thread."""

    lock = " FOR UPDATE"

    def __init__(self, address: str, *, patience: float = PATIENCE) -> None:
        """Name the database. Nothing is connected yet. Raises RegisterError for a malformed address."""
        self._database = Database(address)
        self.name = self._database.name
        self._patience = patience

    def append(self, review: str, entries: Sequence[Entry], after: Head) -> None:
        """Add entries as :meth:`DatabaseRegister.append` does.

        Raises RegisterError, which says so, if the connection broke so that nobody knows whether they
        were recorded.
        """
        try:
            super().append(review, entries, after)
        except UncertainError as error:
            if not self._holds(review, Kept.of(entries[-1])):
                raise RegisterError(
                    f"it is not known whether this is recorded; look before you enter it again: {error}"
                ) from None

    def _holds(self, review: str, kept: Kept) -> bool:
        with suppress(RegisterError):
            return kept in self.read(review, kept.number - 1)[0]
        return False

    @contextmanager
    def _reading(self) -> Iterator[sa.Connection | None]:
        with self._database.transaction(SCHEMA, self._patience) as connection:
            yield connection if self._is_ours(connection) else None

    @contextmanager
    def _writing(self) -> Iterator[sa.Connection]:
        with self._database.transaction(SCHEMA, self._patience, writes=True) as connection:
            if not self._is_ours(connection):
                self._make(connection)
            yield connection

    def _make(self, connection: sa.Connection) -> None:
        # To make a schema "if not exists" takes the right to make one even if it exists.
        if connection.exec_driver_sql(f"SELECT to_regnamespace('{SCHEMA}')").scalar() is None:
            connection.exec_driver_sql(f"CREATE SCHEMA {SCHEMA}")
        for statement in _TABLES:
            connection.exec_driver_sql(statement)

    def _is_ours(self, connection: sa.Connection) -> bool:
        """Say whether the schema has the tables.

        Raises RegisterError if it is another program's, or of a later version.
        """
        found = connection.exec_driver_sql(
            "SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
            f"WHERE nspname = '{SCHEMA}'"
        )
        tables = set(found.scalars())
        if not tables:
            return False
        if "version" not in tables:
            raise RegisterError(
                f"{self.name}: its schema '{SCHEMA}' belongs to another program; name another database"
            )
        version = connection.exec_driver_sql("SELECT MAX(number) FROM version").scalar()
        if version is None:
            raise self._damaged("its version is missing")
        if version > VERSION:
            raise RegisterError(
                f"{self.name}: was written by a later compactgraph; install that one to use it"
            )
        return True
