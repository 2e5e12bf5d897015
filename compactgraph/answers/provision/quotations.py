"""Texts of the document as they stand, with the words marked from which something was read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from operator import attrgetter

from compactgraph.answers.provision.evidence import Quoted
from compactgraph.answers.provision.source_text import Segment, SourceDocument
from compactgraph.answers.provision.story import lines_named
from compactgraph.answers.provision.trace import Range
from compactgraph.answers.records import grouped


@dataclass(frozen=True)
class QuotedText:
    """A text with readings that rest on it.

    ``identifier`` and ``kind`` are the text's; ``segments`` its words in their order, the quoted ones
    marked; ``line`` is the line of the source on which the first quoted words stand.
    """

    identifier: str
    kind: str
    line: int
    segments: tuple[Segment, ...]
    readings: tuple[Quoted, ...]

    @property
    def lines(self) -> str:
        """The lines of the source on which the quoted words stand, as running text has them."""
        return lines_named(place.line for reading in self.readings for place in reading.ranges)

    @property
    def how(self) -> tuple[str, ...]:
        """How the text is read, in sentences: by which names, or by whose hand."""
        return tuple(dict.fromkeys(map(_read_by, self.readings)))


def _read_by(reading: Quoted) -> str:
    if reading.person:
        return f"Read by the hand of {reading.person}, because: {reading.why}"
    return f"Read by the name “{reading.cue}”." if reading.cue else reading.how


def quoted_texts(document: SourceDocument, readings: Iterable[Quoted]) -> tuple[QuotedText, ...]:
    """Return the texts that the readings rest on, each once, in the order of the readings.

    Raises QueryError if a reading rests on words outside the document.
    """
    by_text = grouped(readings, attrgetter("of", "kind"))
    return tuple(
        QuotedText(
            identifier=identifier,
            kind=kind,
            line=min(place.line for reading in found for place in reading.ranges),
            segments=_marked(document, identifier, [r for reading in found for r in reading.ranges]),
            readings=tuple(found),
        )
        for (identifier, kind), found in by_text.items()
    )


def _marked(document: SourceDocument, text: str, ranges: list[Range]) -> tuple[Segment, ...]:
    """Return the segments of a text with the ranges marked.

    Other texts between its pieces, as at a page break, are left out.
    """
    pieces = document.ranges_of(text) or ranges
    length = pieces[-1].end - pieces[0].start
    found: list[Segment] = []
    for excerpt in document.passage(ranges, length):
        for segment in excerpt.segments:
            own = segment.of == text and any(
                piece.start <= segment.start and segment.end <= piece.end for piece in pieces
            )
            if own or (segment.is_gap and found and not found[-1].is_gap):
                found.append(segment)
    while found and found[-1].is_gap:
        found.pop()
    return tuple(found)
