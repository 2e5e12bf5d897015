"""A register on the SPARQL service that is the store, in a named graph of its own.

That graph is none of the store's: no query, table or export has it, and no build touches it. Of a
review, ``…/graph/register/<review>``, it states

- the texts: the entries of each writing as lines of JSON, in pieces that any service takes;
- the records: for each writing which entries it holds, the hash of the last one, and which texts;

and of each place where a writing may begin, ``…/graph/register/<review>/<number>``, the votes on who has
it (:mod:`compactgraph.register.ballot`). A writing first puts its texts there, then wins the vote on its
place, and then has its record. A text without a record is nothing, so that a writing is there whole or
not at all. All is only ever added, but for the texts of a writing whose place another has won.

Each step is one triple that is to be there, so that it may be taken twice: where the answer to an update
is lost, the service is asked whether it is there.
"""

from __future__ import annotations

import json
import os
import random
import re
import secrets
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode, QuerySolutions, Triple

from compactgraph.common.namespaces import CG, REGISTER_GRAPH
from compactgraph.errors import RegisterBusyError, RegisterError, ServiceError
from compactgraph.register.ballot import Said, Vote, ballot
from compactgraph.register.chain import Kept, entries_of, kept_after, refuse_another_history
from compactgraph.register.entry import Entry, Head
from compactgraph.service.client import Patience, Service
from compactgraph.service.dataset import RemoteDataset

PATIENCE = 60.0
"""For how many seconds it is tried to write between the writings of others."""

PIECE = 50_000
"""How many characters a text has: Virtuoso takes seconds for 500,000, and breaks off at 2,000,000."""

_GRAPH = NamedNode(REGISTER_GRAPH)
_BASE = REGISTER_GRAPH + "/"
_TEXT = NamedNode(CG + "registerEntries")
_RECORD = NamedNode(CG + "registerRecord")
_VOTE = NamedNode(CG + "registerVote")
_LAST_RECORDS = f"""\
SELECT ?review (MAX(?record) AS ?last)
WHERE {{ GRAPH {_GRAPH} {{ ?review {_RECORD} ?record }} }}
GROUP BY ?review"""
_PAUSE = 0.05
_UNKNOWN = "it is not known whether this is recorded; look before you enter it again"


@dataclass(frozen=True)
class _Record:
    """A writing: its first and last entry by number, the hash of the last, and the name of its texts.

    Written, records sort by the place that they take.
    """

    first: int
    last: int
    hash: str
    name: str
    pieces: int

    def __str__(self) -> str:
        return f"{self.first:09d}-{self.last:09d} {self.hash} {self.name} {self.pieces}"

    @classmethod
    def from_text(cls, text: str) -> _Record:
        match = _RECORD_TEXT.fullmatch(text)
        if match is None:
            raise RegisterError(
                "the register is damaged (a record in it is none); restore it from a copy"
            )
        first, last, hash_, name, pieces = match.groups()
        return cls(int(first), int(last), hash_, name, int(pieces))

    @property
    def head(self) -> Head:
        return Head(self.last, self.hash)


@dataclass
class _Writing:
    """What is to be added: its texts, its record, and the place on which it is voted.

    ``put`` are those of the texts that the service has. ``is_proposed`` says whether the writing may be
    proposed there: from then on, whoever comes next may bring it to its end.
    """

    node: NamedNode
    place: NamedNode
    record: str
    texts: list[Triple]
    put: list[Triple] = field(default_factory=list)
    is_proposed: bool = False

    @classmethod
    def of(cls, review: str, kept: Sequence[Kept]) -> _Writing:
        node, name = NamedNode(_BASE + review), secrets.token_hex(8)
        whole = "\n".join(json.dumps([each.hash, each.text]) for each in kept)
        pieces = [whole[start : start + PIECE] for start in range(0, len(whole), PIECE)]
        texts = [
            Triple(node, _TEXT, Literal(f"{name} {place}\n{piece}"))
            for place, piece in enumerate(pieces)
        ]
        first, last = kept[0], kept[-1]
        record = _Record(first.number, last.number, last.hash, name, len(texts))
        return cls(node, NamedNode(f"{node.value}/{first.number}"), str(record), texts)


_RECORD_TEXT = re.compile(r"(\d{9,})-(\d{9,}) (\S+) ([0-9a-f]{16}) (\d{1,9})", re.ASCII)


class ServiceRegister:
    """A register on a service; it may be used from any thread."""

    def __init__(self, location: str, *, patience: Patience | None = None) -> None:
        """Name the service by its query address; who may write is in the environment.

        Nothing is asked yet. Raises ServiceError where the address is none that can be used.
        """
        self._service = Service.from_location(location, os.environ, patience=patience)
        self._data = RemoteDataset(self._service, [REGISTER_GRAPH])

    @property
    def name(self) -> str:
        """The service's address, without what it keeps to itself."""
        return self._service.name

    def heads(self) -> dict[str, Head]:
        """Return each review's last entry, as the records have it.

        Raises ServiceError, and RegisterError where a record cannot be read.
        """
        found = self._data.query(_LAST_RECORDS)
        assert isinstance(found, QuerySolutions)
        return {
            row["review"].value.removeprefix(_BASE): _Record.from_text(row["last"].value).head
            for row in found
        }

    def noted(self) -> dict[str, Head]:
        """Return what the records say of each review's last entry, apart from the texts.

        So a text that was altered or taken away shows. That the last record was taken away together
        with its text shows against the graph alone, or against a hash that somebody wrote down.
        """
        return self.heads()

    def kept(self, review: str) -> list[Kept]:
        """Return a review's entries as they stand.

        What a record names and no text holds is there with an empty text. Raises ServiceError, and
        RegisterError where a record cannot be read.
        """
        return self._kept(review)[0]

    def append(self, review: str, make: Callable[[list[Entry]], Sequence[Entry]]) -> list[Entry]:
        """Add what ``make`` returns of the entries that are there; all of it, or nothing.

        What is returned has been acknowledged by the service. What ``make`` raises goes on, and nothing
        is recorded. Raises RegisterBusyError where others write all the time, RegisterError where the
        entries are not whole or cannot be written, which says whether they may be there all the same,
        and ServiceError where the service cannot be read.
        """
        for _ in self._tries():
            kept, noted = self._kept(review)
            entries = entries_of(review, kept, noted)
            made = list(make(entries))
            if not made or self._write(review, kept_after(review, entries, made)):
                return made
        raise self._busy()

    def restore(self, reviews: Mapping[str, Sequence[Kept]]) -> dict[str, int]:
        """Add entries as they are to those that are there, and say how many are new, by review.

        Each review is added whole or not at all, one after the other, once all were looked at: where it
        is cut off, it may be done again. Raises RegisterError, and adds none, where what comes is not
        whole, and where a review's entries here are no beginning of those that come, nor the other way
        round; else it raises as :meth:`append` does.
        """
        new = {review: self._missing(review, coming) for review, coming in reviews.items()}
        return {
            review: self._restore(review, reviews[review]) if new[review] else 0 for review in reviews
        }

    def _restore(self, review: str, coming: Sequence[Kept]) -> int:
        for _ in self._tries():
            missing = self._missing(review, coming)
            if not missing or self._write(review, missing):
                return len(missing)
        raise self._busy()

    def _missing(self, review: str, coming: Sequence[Kept]) -> list[Kept]:
        here = self.kept(review)
        refuse_another_history(review, here, coming)
        return list(coming)[len(here) :]

    # Reading

    def _kept(self, review: str) -> tuple[list[Kept], Head]:
        """Return a review's entries, and what the last record says of the last one."""
        kept, noted = self._read(review)
        if all(each.text for each in kept):
            return kept, noted
        # A text is there before its record: an answer that was long in the making may lack it still.
        return self._read(review)

    def _read(self, review: str) -> tuple[list[Kept], Head]:
        records, texts = [], _Texts()
        for property_, value in self._stated(NamedNode(_BASE + review)):
            if property_ == _RECORD:
                records.append(_Record.from_text(value))
            elif property_ == _TEXT:
                texts.add(value)
        records.sort(key=str)
        kept = [each for record in records for each in texts.entries_of(record)]
        return kept, records[-1].head if records else Head()

    def _votes(self, place: NamedNode) -> set[Vote]:
        try:
            return {
                Vote.from_text(value) for property_, value in self._stated(place) if property_ == _VOTE
            }
        except ValueError:
            raise RegisterError(
                f"{self.name}: the register is damaged (a vote on {place.value.removeprefix(_BASE)} "
                "is none); restore it from a copy"
            ) from None

    def _stated(self, subject: NamedNode) -> Iterator[tuple[NamedNode, str]]:
        for quad in self._data.quads_for_pattern(subject, None, None, _GRAPH):
            if isinstance(quad.object, Literal):
                yield quad.predicate, quad.object.value

    # Writing

    def _write(self, review: str, kept: Sequence[Kept]) -> bool:
        """Add entries after those that are there; False where another writer has their place."""
        writing = _Writing.of(review, kept)
        try:
            for text in writing.texts:
                self._state(text)
                writing.put.append(text)
            won = self._vote(writing)
            self._state(Triple(writing.node, _RECORD, Literal(won)))
        except (ServiceError, RegisterError) as error:
            kind = RegisterBusyError if isinstance(error, RegisterBusyError) else RegisterError
            if writing.is_proposed:
                raise kind(f"{_UNKNOWN}: {error}") from None
            self._take_back(writing)
            raise kind(f"nothing was recorded: {error}") from None
        if won != writing.record:
            self._take_back(writing)
        return won == writing.record

    def _vote(self, writing: _Writing) -> str:
        """Return the record that has a place: that of ``writing``, or of another."""
        steps, tries = ballot(writing.record), self._tries()
        vote, number = next(steps), 1
        while True:
            if vote is not None:
                writing.is_proposed |= vote == Vote(number, Said.PROPOSED, writing.record)
                self._state(Triple(writing.place, _VOTE, Literal(str(vote))))
            try:
                vote = steps.send(self._votes(writing.place))
            except StopIteration as end:
                return str(end.value)
            if vote is not None and vote.round > number:
                number = vote.round
                if next(tries, None) is None:
                    raise self._busy()

    def _state(self, triple: Triple) -> None:
        """Add a triple; raise ServiceError where the service refuses it, or has not got it."""
        try:
            self._service.update(f"INSERT DATA {{ GRAPH {_GRAPH} {{ {triple} }} }}")
        except ServiceError as error:
            with suppress(ServiceError):
                if self._holds(triple):
                    return
            raise error from None

    def _holds(self, triple: Triple) -> bool:
        return bool(self._data.query(f"ASK {{ GRAPH {_GRAPH} {{ {triple} }} }}"))

    def _take_back(self, writing: _Writing) -> None:
        """Take away the texts of a writing that has no record; where that fails, they mean nothing."""
        with suppress(ServiceError):
            for text in writing.put:
                self._service.update(f"DELETE DATA {{ GRAPH {_GRAPH} {{ {text} }} }}")

    def _tries(self) -> Iterator[int]:
        """Count tries, with pauses that grow and differ from writer to writer, as long as is patient."""
        deadline = time.monotonic() + PATIENCE
        number = 0
        while time.monotonic() < deadline:
            yield number
            number += 1
            time.sleep(random.uniform(0, _PAUSE * min(number, 20)))

    def _busy(self) -> RegisterBusyError:
        return RegisterBusyError(f"{self.name}: others write to it all the time; try again in a moment")


# The texts


class _Texts:
    """The texts of a review, by the writing and their place in it."""

    def __init__(self) -> None:
        self._pieces: dict[tuple[str, int], str] = {}

    def add(self, text: str) -> None:
        head, _, piece = text.partition("\n")
        name, _, place = head.partition(" ")
        if not (place.isascii() and place.isdecimal()):
            return
        key = (name, int(place[:9]))
        # Of two, one was put in by hand, and the writing cannot be read.
        self._pieces[key] = "" if key in self._pieces else piece

    def entries_of(self, record: _Record) -> Iterator[Kept]:
        """Yield a writing's entries; one that is not there, or cannot be read, has an empty text."""
        pieces = (self._pieces.get((record.name, place), "") for place in range(record.pieces))
        lines = "".join(pieces).split("\n")
        for place, number in enumerate(range(record.first, record.last + 1)):
            try:
                hash_, text = json.loads(lines[place])
                yield Kept(number, str(hash_), str(text))
            except (IndexError, ValueError, TypeError, RecursionError):
                yield Kept(number, "", "")
