"""The source document: its characters, and which of them a reader sees.

A range counts Unicode characters (code points) of the decoded file from 0, its end not included, as
``oa:TextPositionSelector`` does. Only the tags that such extractions carry are markup; whatever else
stands between angle brackets, a script or an address, is text.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from compactgraph.errors import EncodingError

SIZE_LIMIT = 20 * 1024 * 1024
"""The largest source that is read, in bytes; a Compact review has some ten thousand."""

PAIRED_TAGS = frozenset({"p", "u", "i", "b", "em", "strong"})
_TAG = re.compile(r"<(/?)(p|u|i|b|em|strong|ul|ol|li|br)(?: [^<>\t\r\n]*)?/?>", re.IGNORECASE)

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
"""Control characters other than white space: they are no words, and can command a terminal."""


@dataclass(frozen=True, order=True)
class Span:
    """A range of the document: characters ``start`` up to, not including, ``end``."""

    start: int
    end: int

    def overlaps(self, other: Span) -> bool:
        """Say whether the two ranges share a character."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True)
class Tag:
    """A formatting tag and where it stands."""

    name: str
    closing: bool
    span: Span


@dataclass(frozen=True)
class Passage:
    """Words of the document: one range, or several where a tag or a page break cuts them.

    ``text`` is what the ranges show, joined by single spaces.
    """

    spans: tuple[Span, ...]
    text: str

    @property
    def start(self) -> int:
        """Where the first range starts."""
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
        try:
            size = path.stat().st_size
            if size > SIZE_LIMIT:
                raise EncodingError(
                    f"the file has {size:,} bytes, the limit is {SIZE_LIMIT:,}",
                    path=path,
                    mend="split it into one file a review",
                )
            content = path.read_bytes()
        except OSError as error:
            raise EncodingError(
                f"cannot be read ({error.strerror})", path=path, mend="put the source text there"
            ) from None
        if b"\0" in content:
            raise EncodingError(
                "the file is binary", path=path, mend="save the text of the document as UTF-8"
            )
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError as error:
            raise EncodingError(
                f"byte {error.start} is not UTF-8",
                path=path,
                line=content.count(b"\n", 0, error.start) + 1,
                mend="save the file as UTF-8",
            ) from None
        if control := _CONTROL.search(text):
            raise EncodingError(
                f"there is a control character, U+{ord(control[0]):04X}",
                path=path,
                line=text.count("\n", 0, control.start()) + 1,
                mend="take it out, or save the document as plain text again",
            )
        if not text.strip():
            raise EncodingError("the file is empty", path=path, mend="put the source text there")
        return cls(text, path)

    def lines(self) -> Iterator[Span]:
        """Yield the range of each line, without its line feed."""
        ends = [start - 1 for start in self._line_starts[1:]] + [len(self.text)]
        for start, end in zip(self._line_starts, ends, strict=True):
            yield Span(start, end)

    def line_of(self, position: int) -> int:
        """Return the number, from 1, of the line that character ``position`` stands on."""
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
        """Return the passage of the ranges ``spans``, in their order; empty ones are left out."""
        kept = tuple(s for s in map(self.trim, spans) if s.start < s.end)
        return Passage(kept, " ".join(self.quote(s) for s in kept))

    def tokens(self, span: Span) -> Iterator[Tag | Span]:
        """Yield the tags and the texts between them, in order, white space trimmed from texts."""
        position = span.start
        for match in _TAG.finditer(self.text, span.start, span.end):
            text = self.trim(Span(position, match.start()))
            if text.start < text.end:
                yield text
            yield Tag(match[2].lower(), bool(match[1]), Span(match.start(), match.end()))
            position = match.end()
        text = self.trim(Span(position, span.end))
        if text.start < text.end:
            yield text

    def visible(self, span: Span) -> str:
        """Return what a range shows: its characters without markup, white space trimmed."""
        return _TAG.sub(" ", self.quote(span)).strip()
