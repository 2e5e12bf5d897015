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
from typing import TYPE_CHECKING, Any

from compactgraph.errors import HeadMovedError, NextStep, RegisterError, shorten
from compactgraph.register.chain import Kept, kept_after, refuse_another_history
from compactgraph.register.entry import Entry, Head

if TYPE_CHECKING:
    import sqlalchemy as sa

PATIENCE = 10.0
"""For how many seconds another writer is waited for."""

_HEADS = """\
SELECT review, number, hash FROM entry
JOIN (SELECT review, MAX(number) AS number FROM entry GROUP BY review) AS last USING (review, number)"""
_LAST = "SELECT review, number, hash FROM entry WHERE review = :review ORDER BY number DESC LIMIT 1"
_KEPT = "SELECT number, hash, text FROM entry WHERE review = :review"
_NOTES = "SELECT review, number, hash FROM head"
_NOTE = f"{_NOTES} WHERE review = :review"
_ADD = "INSERT INTO entry (review, number, hash, text) VALUES (:review, :number, :hash, :text)"
_BEGIN_NOTE = "INSERT INTO head (review, number, hash) VALUES (:review, :number, :hash)"
_ADVANCE_NOTE = "UPDATE head SET number = :number, hash = :hash WHERE review = :review"


class DatabaseRegister(ABC):
    """A register in a database, which may have no tables yet."""

    lock = ""
    """What a query says to lock its rows until the commit; SQLite locks the whole file instead."""

    name: str
    """What messages call it; it holds no secret."""

    @abstractmethod
    def _reading(self) -> AbstractContextManager[sa.Connection | None]:
        """Open a transaction that reads one state; None if there are no tables yet."""

    @abstractmethod
    def _writing(self) -> AbstractContextManager[sa.Connection]:
        """Open a serialisable transaction, with the tables in place, and commit it in the end."""

    def _damaged(self, why: str) -> RegisterError:
        """Return the error for a register with impossible content."""
        return RegisterError(
            f"{self.name}: is not a register, or is damaged ({shorten(why)}); restore it from a copy"
        )

    def heads(self) -> dict[str, Head]:
        """Return each review's last entry.

        Raises RegisterError if the register cannot be read, and RegisterBusyError if a write does not
        end.
        """
        with self._reading() as connection:
            return {} if connection is None else self._heads(connection, _HEADS)

    def noted(self) -> dict[str, Head]:
        """Return what the register notes of each review's last entry, apart from the entries."""
        with self._reading() as connection:
            return {} if connection is None else self._heads(connection, _NOTES)

    def kept(self, review: str) -> list[Kept]:
        """Return a review's entries as they stand. Raises RegisterError as :meth:`heads` does."""
        return self.read(review)[0]

    def read(self, review: str, after: int = 0) -> tuple[list[Kept], Head]:
        """Return a review's entries past a number, and the note of the last one, both of one moment."""
        with self._reading() as connection:
            if connection is None:
                return [], Head()
            noted = self._heads(connection, _NOTE, review=review)
            return self._kept(connection, review, after), noted.get(review, Head())

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
            last = self._heads(connection, _LAST, review=review).get(review, Head())
            if last != (noted or Head()):
                raise RegisterError(
                    f"the register is not whole: {review}: its last entry is not the one that its own "
                    "note knows",
                    NextStep.CHECK_REGISTER,
                )
            if last != after:
                raise HeadMovedError(
                    f"{self.name}: others write to it all the time; try again in a moment"
                )
            self._insert(connection, review, kept, noted)

    def restore(self, reviews: Mapping[str, Sequence[Kept]]) -> dict[str, int]:
        """Add entries as they are to those that are there; return how many are new, by review.

        Entries that were taken out here are put back. Those that the register has noted and that remain
        missing stay noted. Raises RegisterError, and adds none, if what comes is not whole, or differs
        from the register in an entry that both have.
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
        # Without a number all are wanted, those with a number below 1 too.
        query = f"{_KEPT} AND number > :after" if after else _KEPT
        types = (int, str, str)
        rows = self._rows(connection, f"{query} ORDER BY number", types, review=review, after=after)
        return [Kept(*row) for row in rows]

    def _note(self, connection: sa.Connection, review: str) -> Head | None:
        """Return the note of a review's last entry, and lock it until the commit."""
        return self._heads(connection, _NOTE + self.lock, review=review).get(review)

    def _heads(self, connection: sa.Connection, query: str, **values: str) -> dict[str, Head]:
        rows = self._rows(connection, query, (str, int, str), **values)
        return {review: Head(number, hash_) for review, number, hash_ in rows}

    def _rows(
        self, connection: sa.Connection, query: str, types: Iterable[type], **values: str | int
    ) -> Sequence[Any]:
        """Return rows of these types; raise RegisterError if damage has made others of them."""
        rows = _run(connection, query, values).all()
        if all(all(map(isinstance, row, types)) for row in rows):
            return rows
        raise self._damaged("a value in it has turned into another")

    def _insert(
        self, connection: sa.Connection, review: str, kept: Sequence[Kept], noted: Head | None
    ) -> None:
        if not kept:
            return
        _run(connection, _ADD, [{"review": review, **vars(each)} for each in kept])
        last = {"review": review, "number": kept[-1].number, "hash": kept[-1].hash}
        if noted is None:
            _run(connection, _BEGIN_NOTE, last)
        elif noted.number < kept[-1].number:
            _run(connection, _ADVANCE_NOTE, last)


def _run(connection: sa.Connection, query: str, values: Any) -> sa.CursorResult[Any]:
    # Most commands read a store without a register, and do not wait for this import.
    from sqlalchemy import text

    return connection.execute(text(query), values)


def _refuse_unnoted(review: str, kept: Iterable[Kept], noted: Head) -> None:
    for each in kept:
        if each.number == noted.number and each.hash != noted.hash:
            raise RegisterError(
                f"{review} d{each.number}: the register here had another entry; nothing was imported"
            )
