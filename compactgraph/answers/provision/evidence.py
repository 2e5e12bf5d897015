"""The texts of a review's document and how they are read, in the order of the document."""

from __future__ import annotations

import bisect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from operator import itemgetter

from compactgraph.answers.provision.trace import Range
from compactgraph.answers.records import grouped, record
from compactgraph.answers.review_graph import ReviewGraph, asked_once
from compactgraph.reading.phrase_finder import sentences_with
from compactgraph.sparql.rows import Cell, text_of


class Means(StrEnum):
    """How words are read: by a phrase in them, by a measure of them, or by a person."""

    CUE = "cue"
    MEASURE = "measure"
    HAND = "hand"


@dataclass(frozen=True)
class TextPiece:
    """Characters ``start`` up to ``end`` of the document, a piece of a text.

    ``of`` is the text's identifier, ``kind`` wording, commentary, recommendation or footnote, ``text``
    the whole text, and ``provision`` the provision that it is, or is said of.
    """

    of: str
    kind: str
    provision: str
    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Quoted:
    """A reading: what is read, from which words, and how.

    ``of``, ``kind``, ``text`` and ``provision`` describe the text that has the words. ``property`` is
    what is read, ``label`` the same in plain words. ``value`` is a term's notation or an identifier,
    ``value_label`` its name; both are empty if the words state no value. ``to`` is the destination that
    a relation names. A reading by rule has ``rule``, ``how`` (what the rule says) and ``cue`` (the
    phrase found); one by hand has ``person`` and ``why``.
    """

    iri: str
    of: str
    kind: str
    text: str
    provision: str
    property: str
    label: str
    value: str
    value_label: str
    to: str
    means: Means
    rule: str
    how: str
    cue: str
    person: str
    why: str
    score: float | None
    ranges: tuple[Range, ...]

    def quote(self) -> str:
        """Return the quoted words; an ellipsis stands between ranges."""
        return " … ".join(found.words for found in self.ranges)

    def sentence(self) -> str:
        """Return the sentences of the text that have the words, or else the words."""
        return sentences_with(self.text, [quoted.words for quoted in self.ranges])


class Texts:
    """The pieces of a review's texts in the order of the document, found by a character in them."""

    def __init__(self, pieces: tuple[TextPiece, ...]) -> None:
        """Take the pieces, in their order."""
        self.pieces = pieces
        self._starts = [piece.start for piece in pieces]

    def at(self, character: int) -> TextPiece | None:
        """Return the piece that has the character; None if no text has it."""
        place = bisect.bisect_right(self._starts, character) - 1
        found = self.pieces[place] if place >= 0 else None
        return found if found is not None and character < found.end else None


@asked_once
def review_texts(graph: ReviewGraph) -> Texts:
    """Return the texts of a review."""
    return Texts(tuple(record(TextPiece, row) for row in graph.rows("document-texts")))


@asked_once
def review_readings(graph: ReviewGraph) -> list[Quoted]:
    """Return how a review is read, in the order of the words."""
    texts = review_texts(graph)
    by_reading = grouped(graph.rows("readings"), itemgetter("reading"))
    return [_quoted(rows, texts) for rows in by_reading.values()]


def _quoted(rows: Sequence[Mapping[str, Cell]], texts: Texts) -> Quoted:
    first = rows[0]
    ranges = dict.fromkeys(record(Range, row) for row in rows)
    piece = texts.at(next(iter(ranges)).start)
    by_hand = first["rule"] is None
    return record(
        Quoted,
        first,
        iri=text_of(first["reading"]),
        of=piece.of if piece else "",
        kind=piece.kind if piece else "",
        text=piece.text if piece else "",
        provision=piece.provision if piece else "",
        means=Means.HAND if by_hand else Means.CUE if first["threshold"] is None else Means.MEASURE,
        why=text_of(first["why"]) if by_hand else "",
        ranges=tuple(ranges),
    )
