"""The words in their place: the source document as the graph holds it, around given ranges.

A piece of the document is shown as it is. The spaces and tags between two pieces are a gap, which shows
as a space, a line break or nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from compactgraph.answers.provision.evidence import Texts, review_texts
from compactgraph.answers.provision.trace import Range
from compactgraph.answers.records import whole
from compactgraph.answers.review_graph import ReviewGraph, asked_once
from compactgraph.errors import QueryError
from compactgraph.sparql.rows import Cell, text_of

_BREAK = re.compile(r"[\n\t]|</?(?:p|ul|ol|li|br)\b", re.IGNORECASE)
_SPACE = re.compile(r"\s")
_WORD = re.compile(r"\S+")
_OPENERS = frozenset({"number", "marker"})
_GAP = "gap"


@dataclass(frozen=True)
class Segment:
    """Some characters of the document, in one role.

    ``text`` is what is shown of ``source``: all of a piece; a space, a line break or nothing of a gap.
    ``role`` is a term of the role scheme, or ``gap``. ``of`` is the identifier of the text that
    the words belong to, ``provision`` the provision that this text is, or is said of; both may be
    empty. A number or a marker belongs to the text that it opens.
    """

    text: str
    source: str
    start: int
    end: int
    line: int
    role: str
    marked: bool
    of: str
    provision: str

    @property
    def is_gap(self) -> bool:
        """Whether it lies between two pieces."""
        return self.role == _GAP


@dataclass(frozen=True)
class Excerpt:
    """One unbroken stretch of the document; it is cut if words come before or after it."""

    segments: tuple[Segment, ...]
    cut_before: bool
    cut_after: bool

    @property
    def start(self) -> int:
        """The first character."""
        return self.segments[0].start

    @property
    def end(self) -> int:
        """The character after the last."""
        return self.segments[-1].end

    @property
    def first_line(self) -> int:
        """The line of the source on which it begins."""
        return self.segments[0].line

    @property
    def last_line(self) -> int:
        """The line of the source on which its last segment begins."""
        return self.segments[-1].line

    @property
    def text(self) -> str:
        """What it shows."""
        return "".join(segment.text for segment in self.segments)


@dataclass(frozen=True)
class SourceDocument:
    """The document of a review: its segments, one after the other, hold every character once."""

    review: str
    segments: tuple[Segment, ...]

    @property
    def length(self) -> int:
        """How many characters the document has."""
        return self.segments[-1].end if self.segments else 0

    def ranges_of(self, text: str) -> tuple[Range, ...]:
        """Return the ranges of the text with this identifier, if the document has it."""
        return tuple(
            Range(s.start, s.end, s.line, s.source)
            for s in self.segments
            if s.of == text and s.role not in _OPENERS
        )

    def passage(self, ranges: Iterable[Range], around: int) -> tuple[Excerpt, ...]:
        """Return the ranges, marked, with up to ``around`` characters before and after them.

        Ranges whose surroundings meet share an excerpt. An excerpt does not begin or end within a
        word. Raises QueryError if a range is empty or outside the document.
        """
        wanted = self._checked(ranges)
        stretches: list[tuple[int, int]] = []
        for start, end in wanted:
            first, last = max(0, start - around), min(self.length, end + around)
            if stretches and first <= stretches[-1][1]:
                stretches[-1] = (stretches[-1][0], max(last, stretches[-1][1]))
            else:
                stretches.append((first, last))
        return tuple(self._excerpt(first, last, wanted) for first, last in stretches)

    def _checked(self, ranges: Iterable[Range]) -> list[tuple[int, int]]:
        wanted = sorted((extent.start, extent.end) for extent in ranges)
        for start, end in wanted:
            if not 0 <= start < end <= self.length:
                raise QueryError(
                    f"characters {start}–{end} do not stand in the document of {self.review}, which "
                    f"has {self.length:,}; take the range from a text or its evidence"
                )
        return wanted

    def _excerpt(self, first: int, last: int, wanted: Sequence[tuple[int, int]]) -> Excerpt:
        marks = [mark for mark in wanted if first <= mark[0] and mark[1] <= last]
        opening, closing = marks[0][0], max(end for _, end in marks)
        opened = next(s for s in self.segments if s.start <= first < s.end)
        closed = next(s for s in self.segments if s.start < last <= s.end)
        first = _word_start(opened, first, opening)
        last = _word_end(closed, last, closing)
        inside = [s for s in self.segments if s.start < last and s.end > first]
        while inside[0].is_gap and inside[0].end <= opening:
            inside.pop(0)
        while inside[-1].is_gap and inside[-1].start >= closing:
            inside.pop()
        kept = [_part(s, max(first, s.start), min(last, s.end)) for s in inside]
        start, end = kept[0].start, kept[-1].end
        return Excerpt(
            tuple(marked(kept, marks)),
            cut_before=any(s.start < start and not s.is_gap for s in self.segments),
            cut_after=any(s.end > end and not s.is_gap for s in self.segments),
        )


@asked_once
def source_document(graph: ReviewGraph) -> SourceDocument:
    """Return the document of a review."""
    document = graph.rows("document")[0]
    pieces = graph.rows("document-pieces")
    texts = review_texts(graph)
    return SourceDocument(graph.review, tuple(_segments(text_of(document["text"]), pieces, texts)))


def _segments(text: str, pieces: Sequence[Mapping[str, Cell]], texts: Texts) -> Iterator[Segment]:
    """Yield the pieces, and the gaps between them, with the line on which each begins."""
    line, place = 1, 0
    for number, piece in enumerate(pieces):
        start, end, role = whole(piece["start"]), whole(piece["end"]), text_of(piece["role"])
        if place < start:
            yield _gap_segment(text[place:start], place, line)
            line += text.count("\n", place, start)
        opens = role in _OPENERS and number + 1 < len(pieces)
        owner = texts.at(whole(pieces[number + 1]["start"]) if opens else start)
        yield Segment(
            text=text[start:end],
            source=text[start:end],
            start=start,
            end=end,
            line=line,
            role=role,
            marked=False,
            of=owner.of if owner else "",
            provision=owner.provision if owner else "",
        )
        line += text.count("\n", start, end)
        place = end
    if place < len(text):
        yield _gap_segment(text[place:], place, line)


def _gap_segment(source: str, start: int, line: int) -> Segment:
    shown = "\n" if _BREAK.search(source) else " " if _SPACE.search(source) else ""
    return Segment(shown, source, start, start + len(source), line, _GAP, False, "", "")


def _part(segment: Segment, start: int, end: int) -> Segment:
    """Return the characters ``start`` up to ``end`` of a segment, as a segment."""
    if (start, end) == (segment.start, segment.end):
        return segment
    source = segment.source[start - segment.start : end - segment.start]
    line = segment.line + segment.source.count("\n", 0, start - segment.start)
    if segment.is_gap:
        return replace(_gap_segment(source, start, line), marked=segment.marked)
    return replace(segment, text=source, source=source, start=start, end=end, line=line)


def marked(segments: Iterable[Segment], marks: Sequence[tuple[int, int]]) -> Iterator[Segment]:
    """Yield the segments, cut where a mark begins or ends; a gap is marked if it lies within one."""
    for segment in segments:
        touching = [m for m in marks if m[0] < segment.end and segment.start < m[1]]
        if segment.is_gap:
            inside = any(m[0] <= segment.start and segment.end <= m[1] for m in touching)
            yield replace(segment, marked=inside)
            continue
        cuts = {segment.start, segment.end}
        cuts.update(edge for mark in touching for edge in mark if segment.start < edge < segment.end)
        edges = sorted(cuts)
        for start, end in pairwise(edges):
            inside = any(m[0] <= start and end <= m[1] for m in touching)
            yield replace(_part(segment, start, end), marked=inside)


def _word_start(segment: Segment, place: int, limit: int) -> int:
    """Return where the first whole word of a segment from ``place`` on begins, at most ``limit``.

    If ``limit`` is in the same word, the word is taken in.
    """
    if segment.is_gap:
        return place
    words = [segment.start + word.start() for word in _WORD.finditer(segment.source)]
    before = [start for start in words if start <= limit]
    return next((start for start in before if start >= place), before[-1] if before else place)


def _word_end(segment: Segment, place: int, limit: int) -> int:
    """Return where the last whole word of a segment up to ``place`` ends, at least ``limit``.

    If ``limit`` is in the same word, the word is taken in.
    """
    if segment.is_gap:
        return place
    words = [segment.start + word.end() for word in _WORD.finditer(segment.source)]
    after = [end for end in words if end >= limit]
    return next((end for end in reversed(after) if end <= place), after[0] if after else place)
