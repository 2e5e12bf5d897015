"""Reads a two-column review document into the plain model of a review.

Every visible word becomes part of exactly one piece; a text that belongs nowhere is an error that
quotes it. What is one review's own stands in :class:`~compactgraph.document.settings.ReviewFolder`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain

from compactgraph.common.identifiers import ClauseNumber
from compactgraph.common.schemes import ProvisionKind
from compactgraph.document.footnotes import NOTE_MARK, bind_footnotes
from compactgraph.document.model import Piece, Provision, Review, Role, Text
from compactgraph.document.settings import SETTINGS, ReviewFolder, SectionRule
from compactgraph.document.table import (
    Block,
    Row,
    begins_mid_sentence,
    blocks_of,
    is_finished,
    read_table,
)
from compactgraph.document.text import Passage, Source, Span
from compactgraph.errors import (
    FolderError,
    NumberingError,
    PairingError,
    SourceError,
    TableError,
    UnplacedError,
    shorten,
)

_RECOMMENDATION = re.compile(r"(?:^|(?<=\s))>(?=\s)")
_BULLET = re.compile(r"•")
_APOSTROPHES = str.maketrans("‘’", "''")


def read_review(folder: ReviewFolder) -> tuple[Source, Review]:
    """Return a review's decoded source and the review.

    Raises SourceError if the source cannot be read without loss, or lacks what ``review.toml``
    expects, and FolderError if that file is malformed.
    """
    source = Source.read(folder.source)
    return source, Reader(folder, source).read()


@dataclass
class _Paragraph:
    """A paragraph of a right cell: commentary, or a recommendation if a marker opens it."""

    marker: Span | None
    spans: list[Span] = field(default_factory=list)


class Reader:
    """Reads one source; :meth:`read` is its only use."""

    def __init__(self, folder: ReviewFolder, source: Source) -> None:
        """Take the review's settings and its decoded source."""
        self._folder = folder
        self._source = source
        self._pieces: list[Piece] = []
        self._provisions: list[Provision] = []
        self._notes: list[tuple[Span, Passage | Provision]] = []
        self._party: str | None = None
        self._sections = sorted(folder.sections, key=lambda s: len(s.begins), reverse=True)

    def read(self) -> Review:
        """Return the review; raise a SourceError if that would lose or guess a word."""
        table = read_table(self._source, self._begins_anew)
        for heading in table.headings:
            self._add_all(self._texts_of(heading), Role.COLUMN_HEADING)
        for line in table.introduction:
            self._add_all(self._texts_of(line), Role.INTRODUCTORY)
        for row in table.rows:
            self._read_row(row)
        for line in table.closing:
            self._read_closing_line(line)
        self._check_identifiers()
        footnotes = bind_footnotes(self._source, self._provisions, self._notes)
        self._pieces.sort(key=lambda piece: piece.span)
        self._check_complete()
        self._check_expected()
        return Review(self._pieces, self._provisions, footnotes)

    # What a left cell begins with

    def _begins_anew(self, text: str) -> bool:
        return (
            ClauseNumber.at_start_of(text) is not None
            or self._section_of(text) is not None
            or self._heading_of(text) is not None
            or NOTE_MARK.match(text) is not None
        )

    def _section_of(self, text: str) -> SectionRule | None:
        folded = text.translate(_APOSTROPHES)
        for section in self._sections:
            if folded.startswith(section.begins.translate(_APOSTROPHES)):
                return section
        return None

    def _heading_of(self, text: str) -> str | None:
        """Return the party heading that is all of ``text``, or stands before its clause number."""
        for heading in self._folder.party_headings:
            rest = text.removeprefix(heading).strip()
            if text.startswith(heading) and (not rest or ClauseNumber.at_start_of(rest)):
                return heading
        return None

    # The frame: the lines before and after the table

    def _texts_of(self, line: Span) -> list[Span]:
        return [span for block in blocks_of(self._source, line) for span in block.spans]

    def _read_closing_line(self, line: Span) -> None:
        spans = self._texts_of(line)
        if spans and NOTE_MARK.match(self._source.quote(spans[0])) is None:
            raise self._unplaced(line, "stands after the table and begins with no footnote mark")
        self._read_notes(spans)

    # The rows

    def _read_row(self, row: Row) -> None:
        provision: Provision | None = None
        items: list[list[Span]] = []
        spans: list[Span] = []
        section: SectionRule | None = None
        for block in row.left:
            runs = self._take_heading(list(block.spans))
            if not runs:
                continue
            text = self._source.passage(runs).text
            rule = self._section_of(text)
            number = ClauseNumber.at_start_of(text)
            if rule is None and NOTE_MARK.match(text):
                self._read_notes(runs)
            elif rule is not None or number is not None:
                if provision is not None:
                    raise self._unplaced(runs[0], "begins a second provision in one cell")
                section = rule
                provision = self._begin_section(rule, runs) if rule else self._begin_numbered(runs)
                self._provisions.append(provision)
                spans = runs
            elif provision is None:
                raise self._unplaced(runs[0], "belongs to no provision, heading or note")
            elif section is not None and section.items and block.is_list:
                self._read_items(runs, items)
            elif items and begins_mid_sentence(text):
                items[-1] += runs
            else:
                spans += runs
        paragraphs = self._paragraphs(row)
        if provision is None:
            if paragraphs:
                raise self._unplaced(paragraphs[0].spans[0], "is said of no provision")
            return
        provision.words = self._add_all(spans, Role.WORDING)
        self._attach(provision, self._add_items(section, items), paragraphs)

    def _take_heading(self, runs: list[Span]) -> list[Span]:
        """Take a party heading off the front of ``runs``, and note its party for the next clauses."""
        heading = self._heading_of(self._source.passage(runs).text)
        if heading is None:
            return runs
        first = runs[0]
        if not self._source.quote(first).startswith(heading):
            raise self._unplaced(first, f"cuts the heading '{heading}'")
        self._party = self._folder.party_headings[heading]
        end = first.start + len(heading)
        self._add(Span(first.start, end), Role.PARTY_HEADING)
        rest = self._source.trim(Span(end, first.end))
        return ([rest] if rest else []) + runs[1:]

    def _begin_section(self, rule: SectionRule, runs: list[Span]) -> Provision:
        provision = Provision(
            rule.identifier, ProvisionKind.SECTION, Passage((), ""), label=rule.label, theme=rule.theme
        )
        mark = NOTE_MARK.match(self._source.quote(runs[0]))
        if mark is not None:
            start = runs[0].start
            self._notes.append((Span(start, start + mark.end()), provision))
        return provision

    def _begin_numbered(self, runs: list[Span]) -> Provision:
        """Begin the provision whose number ``runs`` open, and take the number off their front."""
        first = runs[0]
        found = ClauseNumber.at_start_of(self._source.quote(first))
        if found is None:
            raise self._unplaced(first, "has its number cut by a tag")
        number, length = found
        self._add(Span(first.start, first.start + length), Role.NUMBER)
        rest = self._source.trim(Span(first.start + length, first.end))
        runs[:1] = [rest] if rest else []
        if not runs:
            raise self._unplaced(first, "is a number without words")
        is_theme = number.place is None
        if is_theme:
            self._party = None
        return Provision(
            number.identifier,
            ProvisionKind.THEME if is_theme else ProvisionKind.COMMITMENT,
            Passage((), ""),
            label=self._source.passage(runs).text if is_theme else number.identifier,
            theme=number.theme,
            party=self._party,
        )

    # Lists whose items are provisions of their own

    def _read_items(self, runs: Iterable[Span], items: list[list[Span]]) -> None:
        for run in runs:
            for bullet, text in self._cut(run, _BULLET):
                if bullet is not None:
                    self._add(bullet, Role.MARKER)
                    items.append([])
                elif not items:
                    raise self._unplaced(text, "stands in a list before its first bullet")
                if text:
                    items[-1].append(text)

    def _add_items(self, section: SectionRule | None, items: list[list[Span]]) -> list[Provision]:
        if section is None or section.items is None:
            return []
        values = []
        for place, spans in enumerate(items, 1):
            words = self._add_all(spans, Role.WORDING)
            label = f"{section.items.capitalize()} {place}"
            kind = ProvisionKind(section.items)
            values.append(Provision(f"{section.items}-{place}", kind, words, label=label))
        self._provisions += values
        return values

    # The right cell

    def _paragraphs(self, row: Row) -> list[_Paragraph]:
        paragraphs: list[_Paragraph] = []
        for block in row.right:
            begun = len(paragraphs)
            cuts = chain.from_iterable(self._cut(run, _RECOMMENDATION) for run in block.spans)
            for place, (marker, text) in enumerate(cuts):
                if marker is not None:
                    self._add(marker, Role.MARKER)
                if marker is not None or (not place and not self._joins(block, text, paragraphs)):
                    paragraphs.append(_Paragraph(marker))
                if text:
                    paragraphs[-1].spans.append(text)
            for paragraph in paragraphs[begun:]:
                if paragraph.marker is not None and not paragraph.spans:
                    raise self._unplaced(paragraph.marker, "marks a recommendation without words")
        return paragraphs

    def _joins(self, block: Block, text: Span, paragraphs: list[_Paragraph]) -> bool:
        """Say whether a block without a marker continues the paragraph before it.

        A list does, and a sentence that a page break cuts.
        """
        if not paragraphs:
            return False
        words = self._source.quote(text)
        if block.is_list or _BULLET.match(words):
            return True
        above = self._source.passage(paragraphs[-1].spans).text
        return block.continues and (begins_mid_sentence(words) or not is_finished(above))

    def _attach(
        self, provision: Provision, values: list[Provision], paragraphs: list[_Paragraph]
    ) -> None:
        recommendations = [p for p in paragraphs if p.marker is not None]
        if values and len(values) != len(recommendations):
            what = (
                f"'{provision.identifier}' lists {len(values)} items and has "
                f"{len(recommendations)} recommendations, so they cannot be paired by order"
            )
            mend = "see whether an item or a '>' was lost or added"
            raise self._source.error(PairingError, what, mend, provision.words.start)
        receivers = iter(values)
        for paragraph in paragraphs:
            if paragraph.marker is not None:
                words = self._add_all(paragraph.spans, Role.RECOMMENDATION)
                said_of = next(receivers, provision)
                place = len(said_of.recommendations) + 1
                said_of.recommendations.append(Text(f"{said_of.identifier}-r{place}", words))
            else:
                words = self._add_all(paragraph.spans, Role.COMMENTARY)
                place = len(provision.commentary) + 1
                provision.commentary.append(Text(f"{provision.identifier}-c{place}", words))

    # Footnotes

    def _read_notes(self, runs: list[Span]) -> None:
        """Read a block of footnotes; each run that begins with a mark opens a note."""
        opened: list[tuple[Span, list[Span]]] = []
        for run in runs:
            match = NOTE_MARK.match(self._source.text, run.start, run.end)
            if match is None:
                opened[-1][1].append(run)
                continue
            mark = Span(match.start(), match.end())
            self._add(mark, Role.MARKER)
            opened.append((mark, [self._source.trim(Span(match.end(), run.end))]))
        for mark, spans in opened:
            words = self._add_all(spans, Role.FOOTNOTE)
            if not words.spans:
                raise self._unplaced(mark, "is a footnote without words")
            self._notes.append((mark, words))

    # What holds for the whole

    def _check_identifiers(self) -> None:
        error = self._source.error
        seen: set[str] = set()
        for provision in self._provisions:
            name = f"'{provision.identifier}'"
            if not provision.words.spans:
                raise error(TableError, f"{name} has no words", "see whether the document was cut short")
            if provision.identifier in seen:
                mend, at = "give each provision one number", provision.words.start
                raise error(NumberingError, f"{name} stands twice", mend, at)
            seen.add(provision.identifier)
        for section in self._folder.sections:
            if section.identifier not in seen:
                what = f"no cell begins with '{section.begins}' (section '{section.identifier}')"
                mend = f"restore the document if it was cut short, or mend {SETTINGS}"
                raise error(SourceError, what, mend)

    def _check_expected(self) -> None:
        found = {
            "provisions": len(self._provisions),
            "commitments": sum(p.kind is ProvisionKind.COMMITMENT for p in self._provisions),
            "recommendations": sum(len(p.recommendations) for p in self._provisions),
        }
        for what, number in self._folder.expected.items():
            if what not in found:
                place = self._folder.path / SETTINGS
                raise FolderError(f"{place}: expected.{what} is unknown; use {', '.join(found)}")
            if found[what] != number:
                said = f"{found[what]} {what} were read where {SETTINGS} expects {number}"
                mend = "restore the document if it was cut short, or correct the number"
                raise self._source.error(SourceError, said, mend)

    def _check_complete(self) -> None:
        """Raise UnplacedError if a visible character is in no piece, or in two."""
        end = len(self._source.text)
        position = 0
        for span in [*(piece.span for piece in self._pieces), Span(end, end)]:
            if span.start < position:
                raise self._unplaced(span, "was read twice")
            between = Span(position, span.start)
            if self._source.visible(between):
                raise self._unplaced(self._source.trim(between), "was read as nothing")
            position = span.end

    # Helpers

    def _add(self, span: Span, role: Role) -> None:
        if trimmed := self._source.trim(span):
            self._pieces.append(Piece(trimmed, role))

    def _add_all(self, spans: Iterable[Span], role: Role) -> Passage:
        """Add a piece for each of ``spans``, and return their words."""
        passage = self._source.passage(spans)
        self._pieces += [Piece(span, role) for span in passage.spans]
        return passage

    def _cut(self, run: Span, marker: re.Pattern[str]) -> Iterator[tuple[Span | None, Span]]:
        """Yield the texts of ``run`` between markers, each with the marker before it."""
        position, found = run.start, None
        for match in marker.finditer(self._source.quote(run)):
            start, end = run.start + match.start(), run.start + match.end()
            text = self._source.trim(Span(position, start))
            if found is not None or text:
                yield found, text
            position, found = end, Span(start, end)
        yield found, self._source.trim(Span(position, run.end))

    def _unplaced(self, span: Span, what: str) -> SourceError:
        said = f"'{shorten(self._source.quote(span))}' {what}"
        mend = f"name its section in {SETTINGS}, or see whether the row is whole"
        return self._source.error(UnplacedError, said, mend, span.start)
