"""The entries of one review as last read: only what came since is read again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Lock

from compactgraph.errors import RegisterError
from compactgraph.register.chain import entries_of, head_of
from compactgraph.register.entry import Entry, Head
from compactgraph.register.registers import Register, again_if_moved


class FollowedEntries:
    """A review's entries, for a caller that asks for them again and again."""

    def __init__(self, register: Register, review: str) -> None:
        """Name the review; nothing is read yet."""
        self._register = register
        self._review = review
        self._entries: list[Entry] = []
        self._hashes = {""}
        self._head = Head()
        self._lock = Lock()

    def now(self) -> list[Entry]:
        """Return the entries; raise RegisterError if the register is not whole or cannot be read."""
        return self._now()[0]

    def had(self, hash_: str) -> bool:
        """Say whether one of the entries last read has a hash; the empty hash is always known."""
        return hash_ in self._hashes

    def add(self, make: Callable[[list[Entry]], Sequence[Entry]]) -> list[Entry]:
        """Add what ``make`` returns of the entries that are there: all of it, or nothing.

        ``make`` is called again if another writer was faster. Raises what it raises, and RegisterError
        as :meth:`now` and :meth:`DatabaseRegister.append` do.
        """

        def attempt() -> list[Entry]:
            entries, head = self._now()
            made = list(make(entries))
            self._register.append(self._review, made, head)
            return made

        return again_if_moved(attempt)

    def _now(self) -> tuple[list[Entry], Head]:
        with self._lock:
            kept, noted = self._register.read(self._review, self._head.number)
            if kept or noted != self._head:
                try:
                    entries = entries_of(self._review, kept, noted, self._head)
                    follows = noted == head_of(kept, self._head)
                except RegisterError:
                    follows = False
                if not follows:
                    # Another register may have taken the place of the one that was read.
                    kept, noted = self._register.read(self._review)
                    entries = entries_of(self._review, kept, noted)
                    self._entries, self._hashes, self._head = [], {""}, Head()
                self._entries += entries
                self._hashes.update(each.hash for each in kept)
                self._head = head_of(kept, self._head)
            return list(self._entries), self._head
