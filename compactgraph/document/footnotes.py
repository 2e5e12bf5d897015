"""Binds footnotes to the texts that bear their marks: ``*``, ``*1``, ``*¹``, ``¹``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from compactgraph.document.model import Footnote, Provision
from compactgraph.document.text import Passage, Source, Span
from compactgraph.errors import FootnoteError, SourceError, shorten

NOTE_MARK = re.compile(r"\*[\d¹²³⁴-⁹]*|[¹²³⁴-⁹]+")
"""A mark as it stands before a note's words."""

_MARK_IN_TEXT = re.compile(r"(?<=[\w’”'\")])(?:\*[\d¹²³⁴-⁹]*|[¹²³⁴-⁹]+)")
_SUPERSCRIPTS = str.maketrans("¹²³⁴⁵⁶⁷⁸⁹⁰", "1234567890")


def bind_footnotes(
    source: Source,
    provisions: Iterable[Provision],
    notes: Iterable[tuple[Span, Passage | Provision]],
) -> list[Footnote]:
    """Bind each note to the nearest text before it that bears its mark and has no note yet.

    A note is its mark and its words. A provision can itself be a note: it then says what it annotates.
    Returns the footnotes in the order of the document. Raises FootnoteError for a note without a mark,
    and for a mark without a note.
    """
    marks = [
        (span, text.identifier)
        for provision in provisions
        for text in provision.texts()
        for span in _marks_in(text.words)
    ]
    footnotes: list[Footnote] = []
    for mark, note in sorted(notes, key=lambda item: item[0]):
        key = _key(source, mark)
        fitting = [m for m in marks if _key(source, m[0]) == key and m[0].start < mark.start]
        if not fitting:
            raise _error(source, mark, "a note whose mark stands in no text before it")
        called = max(fitting)
        marks.remove(called)
        if isinstance(note, Provision):
            note.annotates = called[1]
        else:
            footnotes.append(Footnote(f"note-{len(footnotes) + 1}", note, *called))
    if marks:
        raise _error(source, marks[0][0], "a mark that no note explains")
    return footnotes


def _marks_in(words: Passage) -> Iterator[Span]:
    for match in _MARK_IN_TEXT.finditer(words.text):
        yield from words.locate(match.start(), match.end())


def _key(source: Source, mark: Span) -> str:
    """Return a mark with plain figures, to compare it."""
    return source.quote(mark).translate(_SUPERSCRIPTS)


def _error(source: Source, mark: Span, what: str) -> SourceError:
    around = shorten(source.quote(Span(max(0, mark.start - 20), mark.end + 20)))
    said = f"'{source.quote(mark)}' in '{around}' is {what}"
    return source.error(FootnoteError, said, "see whether the document was cut short", mark.start)
