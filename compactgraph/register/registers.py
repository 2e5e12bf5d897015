"""Where the register of a store is: beside its folder, or on the service that the store is on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from compactgraph.paths import is_service, register_file
from compactgraph.register.chain import Kept
from compactgraph.register.entry import Entry, Head


class Register(Protocol):
    """The entries of all reviews of a store. Its ``name`` is what messages call it."""

    @property
    def name(self) -> str:
        """The file, or the service's address without what it keeps to itself."""
        ...

    def heads(self) -> dict[str, Head]:
        """Return each review's last entry; RegisterError where it cannot be read."""
        ...

    def noted(self) -> dict[str, Head]:
        """Return what the register itself notes of each review's last entry, apart from the entries."""
        ...

    def kept(self, review: str) -> list[Kept]:
        """Return a review's entries as they stand, in their order, whole or not."""
        ...

    def append(self, review: str, make: Callable[[list[Entry]], Sequence[Entry]]) -> list[Entry]:
        """Add what ``make`` returns of the entries that are there, all of it or nothing.

        ``make`` may be called again where another writer was faster, and what it raises goes on. What
        is returned is durable. Raises RegisterBusyError or RegisterError where it cannot be written.
        """
        ...

    def restore(self, reviews: Mapping[str, Sequence[Kept]]) -> dict[str, int]:
        """Add entries as they are to those that are there; say how many are new, by review.

        Raises RegisterError, and adds none, where the two differ in an entry that both have.
        """
        ...


def register_at(location: Path | str) -> Register:
    """Return the register of the store at a location. Nothing is opened or asked yet.

    Raises ServiceError where an address is none that can be used.
    """
    if is_service(location):
        from compactgraph.register.service import ServiceRegister

        return ServiceRegister(str(location))
    from compactgraph.register.file import FileRegister

    return FileRegister(register_file(location))
