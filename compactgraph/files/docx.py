"""Word documents. Only this module imports python-docx.

They are made for committees and screen readers: real headings, marked header rows, rows that no page
cuts, a description for each table. The same tables give the same bytes. Styles and page come from
``word_template.docx``, which ``scripts/make_word_template.py`` makes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm

from compactgraph.common.atomic_files import legal_xml
from compactgraph.errors import ExportError, shorten
from compactgraph.files.table import Sheet, finite, office_archive
from compactgraph.sparql.rows import Cell

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

COLUMN_LIMIT = 63
ROW_LIMIT = 32_766

TEMPLATE = Path(__file__).with_name("word_template.docx")
LANGUAGE = "en-GB"
MARGIN = 15
WIDTH = 297 - 2 * MARGIN
"""The width of the page between its margins, in millimetres."""

# The sizes of a table's letters, in points, and how long a word may be, in ems, before it is broken.
_TABLE_LETTERS = ((10, 13.0), (9, 13.0), (8, 13.0), (8, 10.0), (8, 7.5))
TABLE_SIZES = tuple(dict.fromkeys(size for size, _ in _TABLE_LETTERS))
_PROPERTY_LIMIT = 255


def document(sheets: Sequence[Sheet], title: str, about: str, source: str = "") -> bytes:
    """Return ``sheets`` as a Word document, each a table below its title and its description.

    ``title`` heads the document; each line of ``about`` is a paragraph below it; ``source`` is in the
    foot of each page. A text is never a field; a character that XML cannot hold becomes U+FFFD. Raises
    ExportError if a table has more columns or rows than Word holds.
    """
    for sheet in sheets:
        _check_size(sheet)
    word = Document(str(TEMPLATE))
    properties = word.core_properties
    properties.title = _short(title)
    properties.subject = _short("; ".join(sheet.title for sheet in sheets))
    properties.comments = _short(about)
    foot = word.sections[0].footer.paragraphs[0]
    foot.runs[0].text = f"{legal_xml(' '.join((source or title).split()))}\tPage "
    word.add_heading(legal_xml(title), 1)
    for line in filter(None, about.splitlines()):
        word.add_paragraph(legal_xml(line))
    for sheet in sheets:
        if len(sheets) > 1 or sheet.title != title:
            word.add_heading(legal_xml(sheet.title), 2)
        if sheet.description:
            word.add_paragraph(legal_xml(sheet.description)).paragraph_format.keep_with_next = True
        if sheet.rows:
            _add_table(word, sheet)
        else:
            word.add_paragraph("The table has no rows.")
    return office_archive(word.save)


def _check_size(sheet: Sheet) -> None:
    for number, limit, what in (
        (len(sheet.columns), COLUMN_LIMIT, "columns"),
        (len(sheet.rows), ROW_LIMIT, "rows"),
    ):
        if number > limit:
            raise ExportError(
                f"table '{shorten(sheet.title, 40)}' has {number:,} {what}, a Word document holds "
                f"{limit:,}; export it as csv"
            )


def _short(text: str) -> str:
    return shorten(legal_xml(text), _PROPERTY_LIMIT)


# A table


def _add_table(document: WordDocument, sheet: Sheet) -> None:
    texts = [[_text(cell) for cell in row] for row in [sheet.columns, *sheet.rows]]
    size, widths = _layout(texts)
    table = document.add_table(0, len(widths), "Table Grid")
    table.autofit = False
    element = table._tbl
    for column, width in zip(element.tblGrid.gridCol_lst, widths, strict=True):
        column.w = Mm(width)
    _describe_table(element.tblPr, sheet)
    twips = [round(width / 25.4 * 1440) for width in widths]
    numeric = [_is_numeric(sheet, place) for place in range(len(widths))]
    for place, row in enumerate(texts):
        style = f"TableText{size}" if place else f"TableHeader{size}"
        element.append(_row(row, twips, numeric, style, heading=not place))


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return legal_xml(str(finite(cell))).replace("\r\n", "\n")


def _is_numeric(sheet: Sheet, place: int) -> bool:
    cells = [row[place] for row in sheet.rows]
    return all(isinstance(cell, int | float) and not isinstance(cell, bool) for cell in cells)


def _describe_table(properties: Any, sheet: Sheet) -> None:
    look = properties.find(qn("w:tblLook"))
    look.attrib.clear()
    for name, value in (("val", "0020"), ("firstRow", "1"), ("lastRow", "0"), ("firstColumn", "0")):
        look.set(qn(f"w:{name}"), value)
    words = sheet.description or f"{len(sheet.rows)} rows; columns: {', '.join(sheet.columns)}"
    properties.append(_element("w:tblCaption", val=legal_xml(sheet.title)))
    properties.append(_element("w:tblDescription", val=legal_xml(words)))


def _element(name: str, *children: Any, **values: str) -> Any:
    element = OxmlElement(name, {qn(f"w:{key}"): value for key, value in values.items()})
    element.extend(children)
    return element


def _row(
    texts: Sequence[str], twips: Sequence[int], numeric: Sequence[bool], style: str, *, heading: bool
) -> Any:
    marks = [_element("w:cantSplit"), *([_element("w:tblHeader")] if heading else [])]
    row = _element("w:tr", _element("w:trPr", *marks))
    for text, width, is_number in zip(texts, twips, numeric, strict=True):
        row.append(_cell(text, width, style, heading=heading, right=is_number))
    return row


def _cell(text: str, width: int, style: str, *, heading: bool, right: bool) -> Any:
    properties = _element("w:tcPr", _element("w:tcW", w=str(width), type="dxa"))
    if heading:
        properties.append(_element("w:shd", val="clear", color="auto", fill="D9D9D9"))
    setting = _element("w:pPr", _element("w:pStyle", val=style))
    if right:
        setting.append(_element("w:jc", val="right"))
    paragraph = _element("w:p", setting)
    if text:
        run = OxmlElement("w:r")
        run.text = text
        paragraph.append(run)
    return _element("w:tc", properties, paragraph)


# How wide the columns are

_PADDING = 4.5
_BOLD = 1.08
_WIDTHS = dict.fromkeys("fijlrtI.,:;'’‘!|()[]/ -", 0.31) | dict.fromkeys("mwMW@%—…", 0.88)


def _layout(texts: Sequence[Sequence[str]]) -> tuple[int, list[float]]:
    """Return the size of the letters, in points, and the widths of the columns, in millimetres.

    The letters are as large as the longest words allow.
    """
    columns = [list(column) for column in zip(*texts, strict=True)]
    words = [_widest(column, r"\s|(?<=-)") for column in columns]
    for size, limit in _TABLE_LETTERS:
        em = size * 25.4 / 72
        least = [_PADDING + em * min(word, limit) for word in words]
        if sum(least) <= WIDTH:
            break
    else:
        return size, [width * WIDTH / sum(least) for width in least]
    most = [_PADDING + em * _widest(column, r"\n") for column in columns]
    if sum(most) <= WIDTH:
        return size, most
    # In this proportion the sum of the squares of the cells' heights is the least.
    weights = [sum(len(text) ** 2 for text in column) ** (1 / 3) for column in columns]
    return size, _shared_out(least, most, weights)


def _widest(column: Sequence[str], between: str) -> float:
    """Return the width of the widest part of a column's texts, in ems; its header is bold."""
    head, *others = [set(re.split(between, text)) for text in column]
    return max(_BOLD * max(map(_ems, head)), max(map(_ems, set().union(*others))))


def _ems(text: str) -> float:
    """Return about how wide a text is in Arial."""
    return sum(_WIDTHS.get(letter, 0.7 if letter.isupper() else 0.56) for letter in text)


def _shared_out(least: Sequence[float], most: Sequence[float], weights: Sequence[float]) -> list[float]:
    """Share out the page's width by weight, between each column's least and most."""
    widths = [0.0] * len(least)
    free = set(range(len(least)))
    while free:
        room = WIDTH - sum(widths)
        total = sum(weights[place] for place in free) or 1
        share = {place: room * weights[place] / total for place in free}
        bounded = {p: least[p] for p in free if share[p] <= least[p]}
        bounded = bounded or {p: most[p] for p in free if share[p] >= most[p]} or share
        for place, width in bounded.items():
            widths[place] = width
        free -= bounded.keys()
    return widths
