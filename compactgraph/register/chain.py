"""Whether a review's entries are whole: each in its place, and none altered or taken out.

Each entry carries the hash of the one before it, so that an entry that was altered no longer fits what
follows it. That the last ones were taken out shows where the head is known from elsewhere: from the
file's own note, from the graph that was made of them, or from a person who wrote it down.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from compactgraph.errors import RegisterError
from compactgraph.register.entries import Body, Entry, Head, canonical, digest


@dataclass(frozen=True)
class Kept:
    """An entry as a register keeps it: the number and the hash under which it stands, and its text."""

    number: int
    hash: str
    text: str

    @classmethod
    def of(cls, entry: Entry) -> Kept:
        """Return an entry as it is to be kept."""
        text = entry.text()
        return cls(entry.number, digest(text), text)


@dataclass(frozen=True)
class Flaw:
    """What is wrong with a register, and at which entry; the number is 0 for the whole."""

    review: str
    number: int
    message: str

    def __str__(self) -> str:
        """Return one line for people."""
        place = f"{self.review} d{self.number}" if self.number else self.review
        return f"{place}: {self.message}"


def flaws_of(review: str, kept: Sequence[Kept], known: Iterable[tuple[str, Head]] = ()) -> list[Flaw]:
    """Return what is wrong with a review's entries, in their order; nothing where they are whole.

    ``known`` are heads that the register is known to have had, each with who knows it.
    """
    flaws = list(_broken_links(review, kept))
    by_number = {each.number: each.hash for each in kept}
    for source, head in known:
        if head.number == 0:
            continue
        if head.number not in by_number:
            flaws.append(
                Flaw(review, head.number, f"is missing: {source} knows an entry of this number")
            )
        elif by_number[head.number] != head.hash:
            flaws.append(Flaw(review, head.number, f"is not the entry that {source} knows"))
    return flaws


def _broken_links(review: str, kept: Sequence[Kept]) -> Iterator[Flaw]:
    before, expected = "", 1
    for each in kept:
        if each.number != expected:
            for missing in range(expected, each.number):
                yield Flaw(review, missing, "is missing")
        if digest(each.text) != each.hash:
            yield Flaw(review, each.number, "was altered: its text does not have its hash")
        try:
            entry = Entry.from_text(each.text)
        except RegisterError as error:
            yield Flaw(review, each.number, f"cannot be read: {error}")
        else:
            if (entry.review, entry.number) != (review, each.number) or entry.text() != each.text:
                yield Flaw(review, each.number, "was altered: it is not the entry of this place")
            if entry.previous != before:
                yield Flaw(review, each.number, "does not follow the entry before it")
        before, expected = each.hash, each.number + 1


def entries_of(review: str, kept: Sequence[Kept]) -> list[Entry]:
    """Return the entries; raise RegisterError with the first flaw where they are not whole."""
    if flaws := flaws_of(review, kept):
        raise RegisterError(f"the register is not whole: {flaws[0]}; see: compactgraph decisions verify")
    return [Entry.from_text(each.text) for each in kept]


def following(
    review: str, entries: Sequence[Entry], bodies: Iterable[Body], recorder: str, recorded: str
) -> list[Entry]:
    """Return bodies as the entries that follow ``entries``, each with the hash of the one before."""
    head = entries[-1].head if entries else Head()
    made = []
    for body in bodies:
        made.append(Entry(review, head.number + 1, head.hash, recorded, recorder, body))
        head = made[-1].head
    return made


# As a file that goes elsewhere


def to_lines(kept: Iterable[Kept]) -> Iterator[str]:
    """Yield the entries as lines of JSON, each with its hash."""
    for each in kept:
        yield canonical({"entry": each.text, "hash": each.hash}) + "\n"


def from_lines(lines: Iterable[str]) -> dict[str, list[Kept]]:
    """Return the entries that such lines hold, by review.

    Raises RegisterError, with the line from 1, where one is no entry, or the entries are not whole.
    """
    found: dict[str, list[Kept]] = {}
    for place, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            data = json.loads(line)
            text, hash_ = data["entry"], data["hash"]
            entry = Entry.from_text(text)
        except (ValueError, KeyError, TypeError, RecursionError, RegisterError):
            raise RegisterError(
                f"line {place} is no entry of a register; take a file that 'compactgraph "
                "decisions export' wrote"
            ) from None
        if not isinstance(hash_, str):
            raise RegisterError(f"line {place} has no hash")
        found.setdefault(entry.review, []).append(Kept(entry.number, hash_, text))
    for review, kept in found.items():
        entries_of(review, kept)
    return found
