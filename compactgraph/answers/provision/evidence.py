"""What a review's document says, text by text, and how it is read, with the quoted words.

Each is a whole review's, in the order of the document; a trace has one provision's.
"""

from __future__ import annotations

import bisect
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from compactgraph.answers.provision.trace import Range
from compactgraph.answers.review_graph import ReviewGraph, asked_once
from compactgraph.reading.phrase_finder import sentences
from compactgraph.sparql.rows import Cell, text_of


class Means(StrEnum):
    """By what words are read: by a phrase in them, by a measure of them, or by a person's hand."""

    CUE = "cue"
    MEASURE = "measure"
    HAND = "hand"


@dataclass(frozen=True)
class TextPiece:
    """Characters ``start`` up to ``end`` of the document, and the text that they are a piece of.

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
    """A reading: what is read, from which words, and by what.

    ``of``, ``kind``, ``text`` and ``provision`` are those of the text in which the words stand.
    ``property`` is what is read of it, ``label`` the same in plain words; ``value`` is a term's
    notation, or the identifier of a reference or a provision, and ``value_label`` its name, both empty
    where the words state none; ``to`` is the destination that a relation names. ``rule`` and ``how``
    are the rule and what it says, and ``cue`` the phrase that was found; for a reading by hand they
    are empty, and ``person`` and ``why`` say whose hand and why. ``iri`` names the reading.
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
        """Return the sentences of the text in which the words stand; the words where none has them."""
        found = [self.text[start:end] for start, end in sentences(self.text)]
        with_words = [s for s in found if any(quoted.words in s for quoted in self.ranges)]
        return " ".join(with_words) or self.quote()


class Texts:
    """The pieces of a review's texts in the order of the document, found by a character in them."""

    def __init__(self, pieces: tuple[TextPiece, ...]) -> None:
        """Take the pieces, in their order."""
        self.pieces = pieces
        self._starts = [piece.start for piece in pieces]

    def at(self, character: int) -> TextPiece | None:
        """Return the piece that has the character, None where it belongs to no text."""
        place = bisect.bisect_right(self._starts, character) - 1
        found = self.pieces[place] if place >= 0 else None
        return found if found is not None and character < found.end else None


@asked_once
def review_texts(graph: ReviewGraph) -> Texts:
    """Return the texts of a review; raise UnknownNameError where there is no such review."""
    return Texts(
        tuple(
            TextPiece(
                of=text_of(row["of"]),
                kind=text_of(row["kind"]),
                provision=text_of(row["provision"]),
                text=text_of(row["text"]),
                start=whole(row["start"]),
                end=whole(row["end"]),
            )
            for row in graph.rows("document-texts")
        )
    )


@asked_once
def review_readings(graph: ReviewGraph) -> list[Quoted]:
    """Return how a review is read, in the order of the words.

    Raises UnknownNameError where there is no such review.
    """
    texts = review_texts(graph)
    found: dict[str, Quoted] = {}
    for row in graph.rows("readings"):
        iri = text_of(row["reading"])
        place = Range(whole(row["start"]), whole(row["end"]), whole(row["line"]), text_of(row["words"]))
        if iri not in found:
            found[iri] = _quoted(row, texts.at(place.start), place)
        elif place not in found[iri].ranges:
            found[iri] = replace(found[iri], ranges=(*found[iri].ranges, place))
    return list(found.values())


def _quoted(row: Mapping[str, Cell], piece: TextPiece | None, place: Range) -> Quoted:
    by_hand = row["rule"] is None
    score = row["score"]
    return Quoted(
        iri=text_of(row["reading"]),
        of=piece.of if piece else "",
        kind=piece.kind if piece else "",
        text=piece.text if piece else "",
        provision=piece.provision if piece else "",
        property=text_of(row["property"]),
        label=text_of(row["label"]),
        value=text_of(row["value"]),
        value_label=text_of(row["value_label"]),
        to=text_of(row["to"]),
        means=Means.HAND if by_hand else Means.CUE if row["threshold"] is None else Means.MEASURE,
        rule=text_of(row["rule"]),
        how=text_of(row["how"]),
        cue=text_of(row["cue"]),
        person=text_of(row["person"]),
        why=text_of(row["why"]) if by_hand else "",
        score=float(score) if isinstance(score, int | float) else None,
        ranges=(place,),
    )


def whole(value: Cell) -> int:
    """Return a cell that holds a whole number; any other is 0."""
    return int(value) if isinstance(value, int | float) else 0
