"""Where the register of a store is, what each register does, and how entries are added to one."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Protocol, TypeVar

from compactgraph.errors import HeadMovedError
from compactgraph.paths import is_service, register_database, register_file, register_is_named
from compactgraph.register.chain import Kept, entries_of
from compactgraph.register.entry import Entry, Head

PATIENCE = 60.0
"""For how many seconds a writer tries again because others were faster."""

_PAUSE = 0.05

Outcome = TypeVar("Outcome")


class Register(Protocol):
    """The entries of all reviews of a store. Its ``name`` is what messages call it."""

    @property
    def name(self) -> str:
        """The file, the database or the service, without secrets."""
        ...

    def heads(self) -> dict[str, Head]:
        """Return each review's last entry; RegisterError if it cannot be read."""
        ...

    def noted(self) -> dict[str, Head]:
        """Return what the register itself notes of each review's last entry, apart from the entries."""
        ...

    def kept(self, review: str) -> list[Kept]:
        """Return a review's entries as they stand, in their order, whole or not."""
        ...

    def read(self, review: str, after: int = 0) -> tuple[list[Kept], Head]:
        """Return a review's entries past a number, and the note of the last one, both of one moment."""
        ...

    def append(self, review: str, entries: Sequence[Entry], after: Head) -> None:
        """Add entries after the last one, ``after``: all of them or none; then they are durable.

        Raises HeadMovedError if the register has another last entry, and RegisterBusyError or
        RegisterError if it cannot be written.
        """
        ...

    def restore(self, reviews: Mapping[str, Sequence[Kept]]) -> dict[str, int]:
        """Add entries as they are to those that are there; say how many are new, by review.

        Raises RegisterError, and adds none, if the two differ in an entry that both have, and
        HeadMovedError if another writer was faster.
        """
        ...


def register_at(location: Path | str) -> Register:
    """Return the register of the store at a location. Nothing is opened or asked yet.

    The environment names it: a file, or a PostgreSQL database. Otherwise it is the file beside the
    store's folder; for a store on a service, what an earlier version kept there, for reading. Raises
    RegisterError or ServiceError if an address cannot be used.
    """
    if address := register_database():
        from compactgraph.register.postgresql import PostgresRegister

        return PostgresRegister(address)
    if is_service(location) and not register_is_named():
        from compactgraph.register.service import ServiceRegister

        return ServiceRegister(str(location))
    return _FileOnceThere(register_file(location))


class _FileOnceThere:
    """A register in a file that may still be missing; a missing one holds nothing.

    Most commands read a store on which nothing was decided. They do not wait for the import of what
    reads a database.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def name(self) -> str:
        return str(self.path)

    @cached_property
    def _file(self) -> Register:
        from compactgraph.register.file import FileRegister

        return FileRegister(self.path)

    def _is_missing(self) -> bool:
        return not os.path.lexists(self.path)

    def heads(self) -> dict[str, Head]:
        return {} if self._is_missing() else self._file.heads()

    def noted(self) -> dict[str, Head]:
        return {} if self._is_missing() else self._file.noted()

    def kept(self, review: str) -> list[Kept]:
        return [] if self._is_missing() else self._file.kept(review)

    def read(self, review: str, after: int = 0) -> tuple[list[Kept], Head]:
        return ([], Head()) if self._is_missing() else self._file.read(review, after)

    def append(self, review: str, entries: Sequence[Entry], after: Head) -> None:
        self._file.append(review, entries, after)

    def restore(self, reviews: Mapping[str, Sequence[Kept]]) -> dict[str, int]:
        return self._file.restore(reviews)


def entries_in(register: Register, review: str) -> list[Entry]:
    """Return a review's entries; raise RegisterError with the first flaw if they are not whole."""
    return entries_of(review, *register.read(review))


def again_if_moved(attempt: Callable[[], Outcome]) -> Outcome:
    """Return what an attempt returns, which is made again as long as other writers are faster.

    Raises HeadMovedError if they are for too long.
    """
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return attempt()
        except HeadMovedError:
            if time.monotonic() > deadline:
                raise
        # Pauses differ from writer to writer.
        time.sleep(random.uniform(0, _PAUSE))
