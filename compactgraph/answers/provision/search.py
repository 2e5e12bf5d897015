"""Finds provisions by their numbers and by words, with the words marked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from compactgraph.answers.provision.evidence import TextPiece, Texts
from compactgraph.answers.tables.destinations import Row, folded
from compactgraph.errors import UnknownNameError

EXCERPT = 180
"""How many characters of a found text are shown."""

_BEFORE = 60
_KINDS = ("wording", "footnote", "commentary", "recommendation")


@dataclass(frozen=True)
class Part:
    """Some characters of a text; ``found`` if they were looked for."""

    text: str
    found: bool


@dataclass(frozen=True)
class Find:
    """A provision, and the first of its texts that has the words.

    ``kind`` is that text's: wording, footnote, commentary or recommendation; it is empty if the
    provision's number was found. ``parts`` are its beginning, or the place of the words.
    """

    row: Row
    kind: str
    parts: tuple[Part, ...]


def find(provisions: Sequence[Row], texts: Texts, words: str) -> list[Find]:
    """Return the provisions that ``words`` fit, in the order of the document.

    ``provisions`` has one row for each. The words fit a provision's number, or a text of it or about it
    that has each of them, also as a part of a word, in any case, with or without accents. A provision
    whose number is ``words`` comes first.
    """
    wanted = _fold(words)[0].split()
    if not wanted:
        return []
    said = _by_provision(texts)
    found = list(_finds(provisions, said, wanted))
    return sorted(found, key=lambda find: find.row.provision.casefold() != " ".join(wanted))


def _finds(
    provisions: Sequence[Row], said: dict[str, list[TextPiece]], wanted: Sequence[str]
) -> Iterator[Find]:
    for row in provisions:
        if len(wanted) == 1 and row.provision.casefold().startswith(wanted[0]):
            yield Find(row, "", excerpt(row.text, ()))
            continue
        for piece in said.get(row.provision, ()):
            if all(word in _fold(piece.text)[0] for word in wanted):
                yield Find(row, piece.kind, excerpt(piece.text, wanted))
                break


def _by_provision(texts: Texts) -> dict[str, list[TextPiece]]:
    """Return one piece for each text, by provision: its own words first, then what is said of it."""
    found: dict[str, dict[str, TextPiece]] = {}
    for piece in texts.pieces:
        found.setdefault(piece.provision, {}).setdefault(piece.of, piece)
    return {
        provision: sorted(pieces.values(), key=lambda piece: _KINDS.index(piece.kind))
        for provision, pieces in found.items()
    }


def excerpt(text: str, words: Iterable[str], length: int = EXCERPT) -> tuple[Part, ...]:
    """Return at most ``length`` characters of ``text``, on one line, with ``words`` marked.

    It is the beginning, or else begins shortly before the first of the words.
    """
    line = " ".join(text.split())
    marks = sorted(_marks(line, words))
    first = 0
    if marks and marks[0][1] > length:
        first = line.rfind(" ", 0, max(0, marks[0][0] - _BEFORE)) + 1
    last = first + length
    if last < len(line):
        last = max(line.rfind(" ", first, last), first + 1)
    parts = [Part("… ", found=False)] if first else []
    parts += _parts(line[: min(last, len(line))], first, marks)
    if last < len(line):
        parts.append(Part(" …", found=False))
    return tuple(parts)


def _parts(line: str, first: int, marks: Iterable[tuple[int, int]]) -> Iterator[Part]:
    place = first
    for start, end in marks:
        start, end = max(start, place), min(end, len(line))
        if start >= end:
            continue
        if place < start:
            yield Part(line[place:start], found=False)
        yield Part(line[start:end], found=True)
        place = end
    if place < len(line):
        yield Part(line[place:], found=False)


def _marks(text: str, words: Iterable[str]) -> Iterator[tuple[int, int]]:
    plain, places = _fold(text)
    for word in words:
        at = plain.find(word)
        while at >= 0:
            yield places[at], places[at + len(word) - 1] + 1
            at = plain.find(word, at + len(word))


def _fold(text: str) -> tuple[str, list[int]]:
    """Return text without case and accents, quotes and dashes as typed, and each character's place."""
    plain = [folded(character) for character in text]
    places = [place for place, part in enumerate(plain) for _ in part]
    return "".join(plain), places


def nearest(provisions: Iterable[Row], identifier: str) -> list[str]:
    """Return the identifiers of provisions that are most like one that none has."""
    return UnknownNameError("provision", identifier, (row.provision for row in provisions)).nearest
