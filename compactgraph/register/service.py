"""A register that an earlier version kept on a SPARQL service, in a named graph: it is only read.

Of a review, ``…/graph/register/<review>``, the graph states the texts (the entries of each writing as
lines of JSON, in pieces) and the records (which entries a writing holds, the hash of the last one, and
which texts). A text without a record does not count. Anything else there, such as votes, is ignored.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, QuerySolutions

from compactgraph.common.namespaces import CG, REGISTER_GRAPH
from compactgraph.errors import RegisterError
from compactgraph.paths import REGISTER_VARIABLE
from compactgraph.register.chain import Kept
from compactgraph.register.entry import Entry, Head
from compactgraph.service.client import Patience, Service
from compactgraph.service.dataset import RemoteDataset

_GRAPH = NamedNode(REGISTER_GRAPH)
_BASE = REGISTER_GRAPH + "/"
_TEXT = NamedNode(CG + "registerEntries")
_RECORD = NamedNode(CG + "registerRecord")
_LAST_RECORDS = f"""\
SELECT ?review (MAX(?record) AS ?last)
WHERE {{ GRAPH {_GRAPH} {{ ?review {_RECORD} ?record }} }}
GROUP BY ?review"""
_RECORD_TEXT = re.compile(r"(\d{9,})-(\d{9,}) (\S+) ([0-9a-f]{16}) (\d{1,9})", re.ASCII)


@dataclass(frozen=True)
class _Record:
    """A writing: its first and last entry by number, the hash of the last, and the name of its texts."""

    first: int
    last: int
    hash: str
    name: str
    pieces: int

    @classmethod
    def from_text(cls, text: str) -> _Record:
        match = _RECORD_TEXT.fullmatch(text)
        if match is None:
            raise RegisterError(
                "the register is damaged (a record in it is invalid); restore it from a copy"
            )
        first, last, hash_, name, pieces = match.groups()
        return cls(int(first), int(last), hash_, name, int(pieces))

    @property
    def head(self) -> Head:
        return Head(self.last, self.hash)


class ServiceRegister:
    """A register on a service, for reading; it may be used from any thread."""

    def __init__(self, location: str, *, patience: Patience | None = None) -> None:
        """Name the service by its query address. Raises ServiceError if that cannot be used."""
        self._service = Service(location, os.environ, patience=patience)
        self._data = RemoteDataset(self._service, [REGISTER_GRAPH])

    @property
    def name(self) -> str:
        """The service's address, without secrets."""
        return self._service.name

    def heads(self) -> dict[str, Head]:
        """Return each review's last entry by the records; raise RegisterError if one is malformed."""
        found = self._data.query(_LAST_RECORDS)
        assert isinstance(found, QuerySolutions)
        return {
            row["review"].value.removeprefix(_BASE): _Record.from_text(row["last"].value).head
            for row in found
        }

    def noted(self) -> dict[str, Head]:
        """Return what the records say of each review's last entry, apart from the texts."""
        return self.heads()

    def kept(self, review: str) -> list[Kept]:
        """Return a review's entries as they stand: see :meth:`read`."""
        return self.read(review)[0]

    def read(self, review: str, after: int = 0) -> tuple[list[Kept], Head]:
        """Return a review's entries past a number, and what the last record says of the last one.

        An entry that a record names and no text holds has an empty text. Raises ServiceError, and
        RegisterError if a record is malformed.
        """
        held = self._data.quads_for_pattern(NamedNode(_BASE + review), None, None, _GRAPH)
        values = [(q.predicate, q.object.value) for q in held if isinstance(q.object, Literal)]
        records = [_Record.from_text(text) for text in sorted(t for p, t in values if p == _RECORD)]
        pieces = _pieces_of(text for predicate, text in values if predicate == _TEXT)
        kept = [each for record in records for each in _entries_of(record, pieces)]
        noted = records[-1].head if records else Head()
        return [each for each in kept if each.number > after], noted

    def append(self, review: str, entries: Sequence[Entry], after: Head) -> None:
        """Raise RegisterError: a service keeps no register any more."""
        self.restore({})

    def restore(self, reviews: Mapping[str, Sequence[Kept]]) -> dict[str, int]:
        """Raise RegisterError: a service keeps no register any more."""
        raise RegisterError(
            f"{self.name}: a SPARQL service keeps no register; set {REGISTER_VARIABLE} to a file, or to "
            "the address of a PostgreSQL database (docs/reference/engines.md)"
        )


def _pieces_of(texts: Iterable[str]) -> dict[tuple[str, int], str]:
    """Return the pieces of the texts of a review, by the writing and their place in it."""
    pieces: dict[tuple[str, int], str] = {}
    for text in texts:
        head, _, piece = text.partition("\n")
        name, _, place = head.partition(" ")
        if place.isascii() and place.isdecimal():
            key = (name, int(place[:9]))
            # Of two, one was put in by hand, and the writing cannot be read.
            pieces[key] = "" if key in pieces else piece
    return pieces


def _entries_of(record: _Record, pieces: Mapping[tuple[str, int], str]) -> Iterator[Kept]:
    """Yield a writing's entries; a missing or malformed one has an empty text."""
    lines = "".join(pieces.get((record.name, n), "") for n in range(record.pieces)).split("\n")
    for place, number in enumerate(range(record.first, record.last + 1)):
        try:
            hash_, text = json.loads(lines[place])
            yield Kept(number, str(hash_), str(text))
        except (IndexError, ValueError, TypeError, RecursionError):
            yield Kept(number, "", "")
