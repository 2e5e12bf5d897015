"""Whether a review's entries are whole: each in its place, and none altered or taken out.

Each entry has the hash of the one before it, so an altered entry no longer fits what follows. Missing
last entries show if the head is known from elsewhere: the register's note, the graph, or a person.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from compactgraph.errors import NextStep, RegisterError
from compactgraph.register.entry import Body, Entry, Head, digest


@dataclass(frozen=True)
class Kept:
    """An entry as a register keeps it: its number, its hash and its text."""

    number: int
    hash: str
    text: str

    @classmethod
    def of(cls, entry: Entry) -> Kept:
        """Return an entry as a register is to keep it."""
        text = entry.text()
        return cls(entry.number, digest(text), text)

    @property
    def head(self) -> Head:
        """The head of a register that ends with this entry."""
        return Head(self.number, self.hash)


def head_of(kept: Sequence[Kept], before: Head | None = None) -> Head:
    """Return the head of a register that ends with ``kept``, which follow ``before``."""
    return kept[-1].head if kept else before or Head()


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


def flaws_of(
    review: str,
    kept: Sequence[Kept],
    known: Iterable[tuple[str, Head]] = (),
    noted: Head | None = None,
) -> list[Flaw]:
    """Return what is wrong with a review's entries, in their order.

    ``known`` are heads that the register once had, each with who knows it; entries may have been added
    since. ``noted`` is the register's own note of its last entry. If another entry is the last one, an
    entry was removed or added past the register.
    """
    return [*_links(review, kept, Head())[1], *_known(review, kept, known, noted)]


def _known(
    review: str, kept: Sequence[Kept], known: Iterable[tuple[str, Head]], noted: Head | None
) -> Iterator[Flaw]:
    by_number = {each.number: each.hash for each in kept}
    note = "the register's own note"
    for source, head in (*known, (note, noted or Head())):
        if head.number == 0:
            continue
        if head.number not in by_number:
            yield Flaw(review, head.number, f"is missing: {source} knows an entry of this number")
        elif by_number[head.number] != head.hash:
            yield Flaw(review, head.number, f"is not the entry that {source} knows")
    if noted is not None:
        for number in sorted(number for number in by_number if number > noted.number)[:1]:
            yield Flaw(review, number, f"was added past the register: {note} ends before it")


def _links(review: str, kept: Iterable[Kept], before: Head) -> tuple[list[Entry], list[Flaw]]:
    """Return the entries that can be read, and what is wrong with those after ``before``."""
    entries, flaws = [], []

    def flaw(number: int, message: str) -> None:
        flaws.append(Flaw(review, number, message))

    for each in kept:
        expected = before.number + 1
        if each.number == expected + 1:
            flaw(expected, "is missing")
        elif each.number > expected:
            flaw(expected, f"is missing, and so is all up to d{each.number - 1}")
        elif each.number < 1:
            flaw(expected, f"has d{each.number} in its place")
        elif each.number < expected:
            flaw(each.number, f"stands in the place of d{expected}")
        try:
            if digest(each.text) != each.hash:
                flaw(each.number, "was altered: its text does not have its hash")
            entry = Entry.from_text(each.text)
            if (entry.review, entry.number) != (review, each.number) or entry.text() != each.text:
                flaw(each.number, "was altered: it is not the entry of this place")
            if entry.previous != before.hash:
                flaw(each.number, "does not follow the entry before it")
            entries.append(entry)
        except RegisterError as error:
            flaw(each.number, f"cannot be read: {error}")
        before = each.head
    return entries, flaws


def entries_of(
    review: str, kept: Sequence[Kept], noted: Head | None = None, after: Head | None = None
) -> list[Entry]:
    """Return the entries that follow ``after``, or all; raise RegisterError with their first flaw."""
    entries, flaws = _links(review, kept, after or Head())
    if flaws := [*flaws, *_known(review, kept, (), noted)]:
        raise RegisterError(f"the register is not whole: {flaws[0]}", NextStep.CHECK_REGISTER)
    return entries


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


def kept_after(review: str, after: Head, made: Iterable[Entry]) -> list[Kept]:
    """Return entries as a register is to keep them after a head.

    Raises RegisterError if one does not follow or cannot be read again: nothing can be taken out of a
    register, so it would never be whole again.
    """
    kept = [Kept.of(entry) for entry in made]
    _, flaws = _links(review, kept, after)
    if flaws:
        raise RegisterError(f"{flaws[0]}; it was not written")
    return kept


def refuse_another_history(review: str, here: Sequence[Kept], coming: Sequence[Kept]) -> None:
    """Raise RegisterError if what comes is not whole, or differs in an entry that is here too."""
    entries_of(review, coming)
    for one, other in zip(here, coming, strict=False):
        if one != other:
            number = min(one.number, other.number)
            raise RegisterError(
                f"{review} d{number}: the register here has another entry; nothing was imported"
            )


# As a file that goes elsewhere


def to_lines(kept: Iterable[Kept]) -> Iterator[str]:
    """Yield the entries as lines of JSON, each with its hash, and a last line that says how many.

    The lines are ASCII, which no program on the way mistakes for another encoding.
    """
    hashes = []
    for each in kept:
        hashes.append(each.hash)
        yield json.dumps({"entry": each.text, "hash": each.hash}) + "\n"
    yield json.dumps({"entries": len(hashes), "hash": _end(hashes)}) + "\n"


def from_lines(lines: Iterable[str]) -> dict[str, list[Kept]]:
    """Return the entries of such lines by review; several exports may follow each other.

    Raises RegisterError, with the line from 1, if a line is no entry, an entry does not follow the one
    before of its review, or the last line of an export is missing.
    """
    found: dict[str, list[Kept]] = {}
    hashes: list[str] = []
    place, ended = 0, False
    for place, line in enumerate(lines, 1):
        if not line.strip():
            continue
        data = _line(place, line)
        ended = "entries" in data
        if ended:
            if data != {"entries": len(hashes), "hash": _end(hashes)}:
                raise _refused(place, "the lines before it are not all that was exported, or are more")
            hashes.clear()
            continue
        review, kept = _kept_in(place, data)
        before = found.setdefault(review, [])
        _, flaws = _links(review, [kept], head_of(before))
        if flaws:
            raise _refused(place, str(flaws[0]))
        before.append(kept)
        hashes.append(kept.hash)
    if not ended:
        raise _refused(place + 1, "the last line of the export is missing")
    return found


def _line(place: int, line: str) -> dict[str, object]:
    with suppress(ValueError, RecursionError):
        if isinstance(data := json.loads(line), dict):
            return data
    raise _refused(place, "it is not an entry of a register")


def _kept_in(place: int, data: dict[str, object]) -> tuple[str, Kept]:
    text, hash_ = data.get("entry"), data.get("hash")
    if not isinstance(text, str) or not isinstance(hash_, str) or len(data) > 2:
        raise _refused(place, "it is not an entry of a register")
    try:
        entry = Entry.from_text(text)
    except RegisterError as error:
        raise _refused(place, str(error)) from None
    return entry.review, Kept(entry.number, hash_, text)


def _end(hashes: Iterable[str]) -> str:
    return digest("\n".join(hashes))


def _refused(place: int, why: str) -> RegisterError:
    return RegisterError(f"line {place}: {why}", NextStep.EXPORT_REGISTER)
