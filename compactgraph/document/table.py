"""The rows of the two-column table: cells, their paragraphs, and rows that a page break cut.

A row is a line with one tab. If its left cell is empty or begins in mid-sentence, it continues the row
above.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from compactgraph.document.text import PAIRED_TAGS, Source, Span, Tag
from compactgraph.errors import MarkupError, SourceError, TableError, shorten

_SENTENCE_END = ".?!:;"
_CLOSING = "'\"’”)]*¹²³0123456789"


@dataclass(frozen=True)
class Block:
    """A paragraph or a list of a cell: its texts, cut at inner tags.

    ``continues``: it is the first block after a page break within a row.
    """

    spans: tuple[Span, ...]
    is_list: bool = False
    continues: bool = False


@dataclass
class Row:
    """A row of the table, its page breaks healed: the blocks of both cells."""

    left: list[Block] = field(default_factory=list)
    right: list[Block] = field(default_factory=list)


@dataclass(frozen=True)
class Table:
    """The document's lines: before the table, its headings, its rows, after it."""

    introduction: tuple[Span, ...]
    headings: tuple[Span, Span]
    rows: tuple[Row, ...]
    closing: tuple[Span, ...]


def is_finished(text: str) -> bool:
    """Say whether ``text`` ends as a sentence ends, or is empty."""
    return text.rstrip(_CLOSING).endswith(tuple(_SENTENCE_END)) or not text


def begins_mid_sentence(text: str) -> bool:
    """Say whether ``text`` begins with a small letter, or with punctuation that opens nothing."""
    return text[:1].islower() or text[:1] in set(",;:.)’”")


def blocks_of(source: Source, cell: Span, *, continues: bool = False) -> list[Block]:
    """Return the paragraphs and lists of a cell; raise MarkupError if a tag is not balanced.

    A list ends with the next paragraph: it needs no end tag, since the extraction writes none.
    """
    blocks: list[Block] = []
    spans: list[Span] = []
    in_list = False
    open_tags: list[Tag] = []

    def finish() -> None:
        if spans:
            blocks.append(Block(tuple(spans), in_list, continues and not blocks))
            spans.clear()

    for token in source.tokens(cell):
        if isinstance(token, Span):
            spans.append(token)
            continue
        if token.name in PAIRED_TAGS:
            _balance(source, open_tags, token)
        if token.name in {"p", "ul", "ol"}:
            finish()
            in_list = token.name != "p" and not token.closing
    if open_tags:
        raise _markup_error(source, open_tags[-1])
    finish()
    return blocks


def _balance(source: Source, open_tags: list[Tag], token: Tag) -> None:
    if not token.closing:
        open_tags.append(token)
    elif open_tags and open_tags[-1].name == token.name:
        open_tags.pop()
    else:
        is_open = any(tag.name == token.name for tag in open_tags)
        raise _markup_error(source, open_tags[-1] if is_open else token)


def _markup_error(source: Source, tag: Tag) -> SourceError:
    written = f"the tag <{'/' if tag.closing else ''}{tag.name}>"
    what, mend = f"{written} is not closed in its cell", "close it"
    if tag.closing:
        what, mend = f"{written} closes what is not open", "open it, or take it out"
    return source.error(MarkupError, what, mend, tag.span.start)


def read_table(source: Source, begins_anew: Callable[[str], bool]) -> Table:
    """Split the document into the table's rows and the lines around it.

    ``begins_anew`` says whether a left cell's words begin a provision or a heading; such a cell never
    continues the row above. Raises TableError if there is no table, or a line of it has not two cells.
    """
    introduction: list[Span] = []
    headings: tuple[Span, Span] | None = None
    rows: list[Row] = []
    closing: list[Span] = []
    for line in source.lines():
        text = source.trim(line)
        tabs = source.quote(line).count("\t")
        if not text and not tabs:
            continue
        if not tabs:
            (closing if headings else introduction).append(text)
            continue
        if closing:
            raise _table_error(source, closing[0], "has no tab, so no second cell")
        if tabs > 1:
            raise _table_error(source, text, f"has {tabs + 1} cells")
        tab = source.text.index("\t", line.start)
        left, right = Span(line.start, tab), Span(tab + 1, line.end)
        if headings is None:
            headings = (source.trim(left), source.trim(right))
        else:
            _add_row(source, rows, left, right, begins_anew)
    if headings is None or not rows:
        raise source.error(TableError, "no table was found", "separate the two columns by a tab")
    return Table(tuple(introduction), headings, tuple(rows), tuple(closing))


def _add_row(
    source: Source, rows: list[Row], left: Span, right: Span, begins_anew: Callable[[str], bool]
) -> None:
    left_blocks = blocks_of(source, left)
    if rows and _continues(source, rows[-1], left_blocks, begins_anew):
        rows[-1].left += blocks_of(source, left, continues=True)
        rows[-1].right += blocks_of(source, right, continues=True)
    else:
        rows.append(Row(left_blocks, blocks_of(source, right)))


def _continues(
    source: Source, above: Row, left: list[Block], begins_anew: Callable[[str], bool]
) -> bool:
    if not left:
        return True
    text = source.passage(left[0].spans).text
    if begins_anew(text):
        return False
    if begins_mid_sentence(text):
        return True
    return bool(above.left) and not is_finished(source.passage(above.left[-1].spans).text)


def _table_error(source: Source, line: Span, what: str) -> SourceError:
    said = f"the line '{shorten(source.quote(line))}' {what}"
    mend = "a row is two cells with one tab between them"
    return source.error(TableError, said, mend, line.start)
