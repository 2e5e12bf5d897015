"""The source document: its characters, and which of them a reader sees.

A range counts code points of the decoded file from 0, without its end, as ``oa:TextPositionSelector``
does. Only the tags listed here are markup; anything else between angle brackets is text.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from compactgraph.errors import EncodingError, SourceError

SIZE_LIMIT = 20 * 1024 * 1024
"""The largest source that is read, in bytes."""

PAIRED_TAGS = frozenset({"p", "u", "i", "b", "em", "strong"})
_TAG = re.compile(r"<(/?)(p|u|i|b|em|strong|ul|ol|li|br)(?: [^<>\t\r\n]*)?/?>", re.IGNORECASE)
# Control characters other than white space: they are no words, and can command a terminal.
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")


@dataclass(frozen=True, order=True)
class Span:
    """The characters of the document from ``start`` to before ``end``."""

    start: int
    end: int

    def __bool__(self) -> bool:
        """Say whether the range has a character."""
        return self.start < self.end

    def overlaps(self, other: Span) -> bool:
        """Say whether the two ranges share a character."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True)
class Tag:
    """A formatting tag and its place."""

    name: str
    closing: bool
    span: Span


@dataclass(frozen=True)
class Passage:
    """Words of the document: ``text`` joins its ranges by spaces; tags and page breaks cut ranges."""

    spans: tuple[Span, ...]
    text: str

    @property
    def start(self) -> int:
        """The start of the first range."""
        return self.spans[0].start

    def locate(self, start: int, end: int) -> tuple[Span, ...]:
        """Return the document's ranges of ``text[start:end]``."""
        found = []
        offset = 0
        for span in self.spans:
            length = span.end - span.start
            first, last = max(start, offset), min(end, offset + length)
            if first < last:
                found.append(Span(span.start + first - offset, span.start + last - offset))
            offset += length + 1
        return tuple(found)


@dataclass(frozen=True)
class Source:
    """A decoded source document."""

    text: str
    path: Path | None = None
    _line_starts: list[int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Note where each line starts, so that an error can name its line."""
        starts = [0, *(match.end() for match in re.finditer("\n", self.text))]
        object.__setattr__(self, "_line_starts", starts)

    @classmethod
    def read(cls, path: Path) -> Source:
        """Read the file at ``path``; raise EncodingError if it is not readable text."""

        def error(what: str, mend: str, line: int | None = None) -> EncodingError:
            return EncodingError(what, path=path, line=line, mend=mend)

        try:
            size = path.stat().st_size
            if size > SIZE_LIMIT:
                what = f"the file has {size:,} bytes, the limit is {SIZE_LIMIT:,}"
                raise error(what, "split it into one file a review")
            content = path.read_bytes()
        except OSError as failure:
            what = f"cannot be read ({failure.strerror})"
            raise error(what, "put the source text there") from None
        if b"\0" in content:
            raise error("the file is binary", "save the text of the document as UTF-8")
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError as failure:
            line = content.count(b"\n", 0, failure.start) + 1
            raise error(f"byte {failure.start} is not UTF-8", "save the file as UTF-8", line) from None
        if control := _CONTROL.search(text):
            raise error(
                f"there is a control character, U+{ord(control[0]):04X}",
                "take it out, or save the document as plain text again",
                text.count("\n", 0, control.start()) + 1,
            )
        if not text.strip():
            raise error("the file is empty", "put the source text there")
        return cls(text, path)

    def error(self, kind: type[SourceError], what: str, mend: str, at: int | None = None) -> SourceError:
        """Return an error in the whole source, or in the line of character ``at``."""
        line = None if at is None else self.line_of(at)
        return kind(what, path=self.path, line=line, mend=mend)

    def lines(self) -> Iterator[Span]:
        """Yield the range of each line, without its line feed."""
        for start, following in pairwise([*self._line_starts, len(self.text) + 1]):
            yield Span(start, following - 1)

    def line_of(self, position: int) -> int:
        """Return the number, from 1, of the line of character ``position``."""
        return bisect.bisect_right(self._line_starts, position)

    def quote(self, span: Span) -> str:
        """Return the characters of a range."""
        return self.text[span.start : span.end]

    def trim(self, span: Span) -> Span:
        """Return ``span`` without the white space at its ends."""
        quoted = self.quote(span)
        start = span.start + len(quoted) - len(quoted.lstrip())
        return Span(start, max(start, span.end - (len(quoted) - len(quoted.rstrip()))))

    def passage(self, spans: Iterable[Span]) -> Passage:
        """Return the passage of ``spans``, in order, without empty ones."""
        kept = tuple(filter(None, map(self.trim, spans)))
        return Passage(kept, " ".join(self.quote(s) for s in kept))

    def tokens(self, span: Span) -> Iterator[Tag | Span]:
        """Yield the tags and the trimmed texts between them, in order."""
        position = span.start
        for match in [*_TAG.finditer(self.text, span.start, span.end), None]:
            text = self.trim(Span(position, match.start() if match else span.end))
            if text:
                yield text
            if match:
                position = match.end()
                yield Tag(match[2].lower(), bool(match[1]), Span(match.start(), position))

    def visible(self, span: Span) -> str:
        """Return the characters of a range without markup, trimmed."""
        return _TAG.sub(" ", self.quote(span)).strip()
