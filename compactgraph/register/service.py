"""A register that an earlier version kept on a SPARQL service, in a named graph: it is only read.

Of a review, ``…/graph/register/<review>``, the graph states the texts (the entries of each writing as
lines of JSON, in pieces) and the records (which entries a writing holds, the hash of the last one, and
which texts). A text without a record does not count. Anything else there, such as votes, is ignored.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence

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
_RECORD_TEXT = re.compile(
    r"(?P<first>\d{9,})-(?P<last>\d{9,}) (?P<hash>\S+) (?P<name>[0-9a-f]{16}) (?P<pieces>\d{1,9})",
    re.ASCII,
)
"""A writing: its first and last entry, the hash of the last, the name of its texts and their number."""


class ServiceRegister:
    """A register on a service, for reading; it may be used from any thread."""

    def __init__(self, location: str, *, patience: Patience | None = None) -> None:
        """Name the service by its query address. Raises ServiceError if that cannot be used."""
        self._service = Service(location, os.environ, patience=patience)
        self.name = self._service.name
        self._data = RemoteDataset(self._service, [REGISTER_GRAPH])

    def heads(self) -> dict[str, Head]:
        """Return each review's last entry by the records; raise RegisterError if one is malformed."""
        found = self._data.query(_LAST_RECORDS)
        assert isinstance(found, QuerySolutions)
        return {
            row["review"].value.removeprefix(_BASE): _head(_parsed(row["last"].value)) for row in found
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
        records: list[str] = []
        pieces: dict[str, list[str]] = {}
        for quad in self._data.quads_for_pattern(NamedNode(_BASE + review), None, None, _GRAPH):
            if not isinstance(quad.object, Literal):
                continue
            if quad.predicate == _RECORD:
                records.append(quad.object.value)
            elif quad.predicate == _TEXT:
                place, _, piece = quad.object.value.partition("\n")
                pieces.setdefault(place, []).append(piece)
        parsed = [_parsed(record) for record in sorted(records)]
        kept = [each for record in parsed for each in _entries_of(record, pieces)]
        noted = _head(parsed[-1]) if parsed else Head()
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


def _parsed(record: str) -> re.Match[str]:
    if match := _RECORD_TEXT.fullmatch(record):
        return match
    raise RegisterError("the register is damaged (a record in it is invalid); restore it from a copy")


def _head(record: re.Match[str]) -> Head:
    return Head(int(record["last"]), record["hash"])


def _entries_of(record: re.Match[str], pieces: Mapping[str, Sequence[str]]) -> Iterator[Kept]:
    """Yield a writing's entries; a missing or malformed one has an empty text."""
    found = [pieces.get(f"{record['name']} {place}", ()) for place in range(int(record["pieces"]))]
    # Of two pieces in one place, one was put in by hand, and the writing cannot be read.
    lines = "".join(each[0] for each in found if len(each) == 1).split("\n")
    for place, number in enumerate(range(int(record["first"]), int(record["last"]) + 1)):
        try:
            hash_, text = json.loads(lines[place])
            yield Kept(number, str(hash_), str(text))
        except (IndexError, ValueError, TypeError, RecursionError):
            yield Kept(number, "", "")
