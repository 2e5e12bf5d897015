"""A register in a database: one way of reading and writing for SQLite and PostgreSQL.

The table ``entry`` holds the entries. The table ``head`` notes the last entry of each review apart from
them, and its row is locked while entries are added: nothing is added unless the writer, the note and the
last entry agree. The tables refuse any other change. That guards against mistakes, not against the
owner of the database.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

import sqlalchemy as sa

from compactgraph.errors import HeadMovedError, NextStep, RegisterError
from compactgraph.register.chain import Kept, kept_after, refuse_another_history
from compactgraph.register.entry import Entry, Head

PATIENCE = 10.0
"""For how many seconds another writer is waited for."""

_ENTRY = sa.table("entry", *map(sa.column, ("review", "number", "hash", "text")))
_HEAD = sa.table("head", *map(sa.column, ("review", "number", "hash")))


class DatabaseRegister(ABC):
    """A register in a database, which may have no tables yet."""

    @property
    @abstractmethod
    def name(self) -> str:
        """What messages call it; it holds no secret."""

    @abstractmethod
    def _reading(self) -> AbstractContextManager[sa.Connection | None]:
        """Open a transaction that reads one state; None if there are no tables yet."""

    @abstractmethod
    def _writing(self) -> AbstractContextManager[sa.Connection]:
        """Open a serialisable transaction, with the tables in place, and commit it in the end."""

    @abstractmethod
    def _damaged(self, why: str) -> RegisterError:
        """Return the error of a register that holds what it cannot hold."""

    def heads(self) -> dict[str, Head]:
        """Return each review's last entry.

        Raises RegisterError if the register cannot be read, and RegisterBusyError if a write does not
        end.
        """
        last = (
            sa.select(_ENTRY.c.review, sa.func.max(_ENTRY.c.number).label("number"))
            .group_by(_ENTRY.c.review)
            .subquery()
        )
        wanted = sa.select(_ENTRY.c.review, _ENTRY.c.number, _ENTRY.c.hash).join(
            last, sa.and_(_ENTRY.c.review == last.c.review, _ENTRY.c.number == last.c.number)
        )
        with self._reading() as connection:
            return {} if connection is None else self._heads(connection, wanted)

    def noted(self) -> dict[str, Head]:
        """Return what the register notes of each review's last entry, apart from the entries."""
        with self._reading() as connection:
            return {} if connection is None else self._noted(connection)

    def kept(self, review: str) -> list[Kept]:
        """Return a review's entries as they stand. Raises RegisterError as :meth:`heads` does."""
        return self.read(review)[0]

    def read(self, review: str, after: int = 0) -> tuple[list[Kept], Head]:
        """Return a review's entries past a number, and the note of the last one, both of one moment."""
        with self._reading() as connection:
            if connection is None:
                return [], Head()
            return self._kept(connection, review, after), self._noted(connection).get(review, Head())

    def append(self, review: str, entries: Sequence[Entry], after: Head) -> None:
        """Add entries after the last one, ``after``: all of them or none.

        Only the last entry is read. The new ones are on the disk when this returns. Raises
        HeadMovedError if the register has another last entry, RegisterBusyError if another writer does
        not end, and RegisterError if the register cannot be written, the note of the last entry is
        wrong, or the entries do not follow.
        """
        kept = kept_after(review, after, entries)
        if not kept:
            return
        with self._writing() as connection:
            noted = self._note(connection, review)
            last = self._last(connection, review)
            if last.head != (noted or Head()):
                raise RegisterError(
                    f"the register is not whole: {review}: its last entry is not the one that its own "
                    "note knows",
                    NextStep.CHECK_REGISTER,
                )
            if last.head != after:
                raise HeadMovedError(
                    f"{self.name}: others write to it all the time; try again in a moment"
                )
            self._insert(connection, review, kept, noted)

    def restore(self, reviews: Mapping[str, Sequence[Kept]]) -> dict[str, int]:
        """Add entries as they are to those that are there, and say how many are new, by review.

        Raises RegisterError, and adds none, if what comes is not whole, or if the register and what
        comes differ in an entry that both have. Entries that were taken out here are put back; if some
        of those that the register has noted remain missing, they remain noted.
        """
        added = {}
        with self._writing() as connection:
            for review, coming in reviews.items():
                noted = self._note(connection, review)
                here = self._kept(connection, review)
                refuse_another_history(review, here, coming)
                new = list(coming)[len(here) :]
                _refuse_unnoted(review, [*here, *new], noted or Head())
                self._insert(connection, review, new, noted)
                added[review] = len(new)
        return added

    def _kept(self, connection: sa.Connection, review: str, after: int = 0) -> list[Kept]:
        wanted = sa.select(_ENTRY.c.number, _ENTRY.c.hash, _ENTRY.c.text).where(
            _ENTRY.c.review == review
        )
        if after:
            wanted = wanted.where(_ENTRY.c.number > after)
        rows = self._rows(connection, wanted.order_by(_ENTRY.c.number))
        return [Kept(*self._checked(row, int, str, str)) for row in rows]

    def _last(self, connection: sa.Connection, review: str) -> Kept:
        wanted = sa.select(_ENTRY.c.number, _ENTRY.c.hash, _ENTRY.c.text)
        wanted = wanted.where(_ENTRY.c.review == review).order_by(_ENTRY.c.number.desc()).limit(1)
        rows = self._rows(connection, wanted)
        return Kept(*self._checked(rows[0], int, str, str)) if rows else Kept(0, "", "")

    def _note(self, connection: sa.Connection, review: str) -> Head | None:
        """Return the note of a review's last entry, and lock its row until the commit.

        SQLite has no locks of rows: a transaction that writes holds the whole file.
        """
        wanted = sa.select(_HEAD.c.number, _HEAD.c.hash).where(_HEAD.c.review == review)
        rows = self._rows(connection, wanted.with_for_update())
        return Head(*self._checked(rows[0], int, str)) if rows else None

    def _noted(self, connection: sa.Connection) -> dict[str, Head]:
        return self._heads(connection, sa.select(_HEAD.c.review, _HEAD.c.number, _HEAD.c.hash))

    def _heads(self, connection: sa.Connection, wanted: sa.Select[Any]) -> dict[str, Head]:
        heads = {}
        for row in self._rows(connection, wanted):
            review, number, hash_ = self._checked(row, str, int, str)
            heads[review] = Head(number, hash_)
        return heads

    def _insert(
        self, connection: sa.Connection, review: str, kept: Sequence[Kept], noted: Head | None
    ) -> None:
        if not kept:
            return
        rows = [{"review": review, "number": e.number, "hash": e.hash, "text": e.text} for e in kept]
        connection.execute(sa.insert(_ENTRY), rows)
        head = {"number": kept[-1].number, "hash": kept[-1].hash}
        if noted is None:
            connection.execute(sa.insert(_HEAD).values(review=review, **head))
        elif noted.number < kept[-1].number:
            connection.execute(sa.update(_HEAD).where(_HEAD.c.review == review).values(**head))

    def _rows(self, connection: sa.Connection, wanted: sa.Select[Any]) -> Sequence[sa.Row[Any]]:
        return connection.execute(wanted).all()

    def _checked(self, row: Iterable[object], *types: type) -> Sequence[Any]:
        """Return a row of these types; raise RegisterError if damage has made others of them."""
        values = list(row)
        if all(isinstance(value, type_) for value, type_ in zip(values, types, strict=True)):
            return values
        raise self._damaged("a value in it has turned into another")


def _refuse_unnoted(review: str, kept: Iterable[Kept], noted: Head) -> None:
    for each in kept:
        if each.number == noted.number and each.hash != noted.hash:
            raise RegisterError(
                f"{review} d{each.number}: the register here had another entry; nothing was imported"
            )
