"""Workbooks of OpenDocument. Their parts are filled from the templates in ``ods_parts/``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError, iterparse
from xml.sax.saxutils import escape

from jinja2 import Environment

from compactgraph.common.atomic_files import legal_xml
from compactgraph.common.templates import templates
from compactgraph.errors import SheetError
from compactgraph.files.form import COLUMNS, ROWS, Area, Content, Held, Line, Page, Value, letters
from compactgraph.files.table import (
    CELL_LIMIT,
    ROW_LIMIT,
    Sheet,
    archive,
    column_widths,
    named_sheets,
    workbook_cell,
)
from compactgraph.files.untrusted import SAVE, parts_of
from compactgraph.sparql.rows import Cell

_LINE_ENDS = re.compile(r"\r\n|\r|\n")
_SPACES = re.compile(r"\t|^ +| {2,}| +$")
_PARTS = ("content.xml", "styles.xml", "settings.xml", "meta.xml", "META-INF/manifest.xml")
_MIMETYPE = b"application/vnd.oasis.opendocument.spreadsheet"


def workbook(sheets: Iterable[Sheet], title: str, about: str) -> bytes:
    """Return ``sheets`` as a workbook, as :func:`compactgraph.files.xlsx.workbook` does."""
    named = named_sheets(sheets, title, about)
    given = {
        "title": legal_xml(title),
        "about": legal_xml(about),
        "sheets": named,
        "column_widths": [column_widths(one.sheet) for one in named],
    }
    filled = [(part, _templates().get_template(part).render(given).encode()) for part in _PARTS]
    return archive([("mimetype", _MIMETYPE), *filled])


@cache
def _templates() -> Environment:
    environment = templates(Path(__file__).with_name("ods_parts"))
    environment.filters.update(cells=_cells, letters=letters, quoted=_quoted)
    return environment


def _cells(row: Iterable[Cell], style: str) -> str:
    return "".join(_cell(workbook_cell(cell), style) for cell in row)


def _cell(value: Cell, style: str) -> str:
    start = f'<table:table-cell table:style-name="{style}"'
    if value is None:
        return start + "/>"
    if isinstance(value, bool):
        shown = "true" if value else "false"
        kind = f'office:value-type="boolean" office:boolean-value="{shown}"'
    elif isinstance(value, str):
        kind, shown = 'office:value-type="string"', value
    else:
        kind, shown = f'office:value-type="float" office:value="{value}"', str(value)
    # A paragraph would lose spaces and tabs that are no elements.
    lines = [_SPACES.sub(_space, escape(line)) for line in _LINE_ENDS.split(shown)]
    return f"{start} {kind}><text:p>{'</text:p><text:p>'.join(lines)}</text:p></table:table-cell>"


def _space(run: re.Match[str]) -> str:
    return "<text:tab/>" if run[0] == "\t" else f'<text:s text:c="{len(run[0])}"/>'


def _quoted(name: str) -> str:
    return "'" + name.replace("'", "''") + "'"


# A sheet that came back

_TABLE_NAMES = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE_NAMES = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT_NAMES = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_SPACING = {f"{_TEXT_NAMES}s": " ", f"{_TEXT_NAMES}tab": "\t", f"{_TEXT_NAMES}line-break": "\n"}
_CELLS = (f"{_TABLE_NAMES}table-cell", f"{_TABLE_NAMES}covered-table-cell")
_DAMAGED = f"the file is no workbook that can be read; {SAVE}"


def read_pages(data: bytes) -> list[Page]:
    """Return the sheets of a workbook as they came back; formulas are not evaluated.

    Raises SheetError if the file passes a bound, or cannot be read.
    """
    content = parts_of(data).get("content.xml")
    if content is None:
        raise SheetError(_DAMAGED)
    try:
        return list(_pages(content))
    except ParseError:
        # A prefix without a namespace passes the look at the parts.
        raise SheetError(_DAMAGED) from None


def _pages(content: bytes) -> Iterator[Page]:
    reading: _Reading | None = None
    depth = 0
    for event, element in iterparse(BytesIO(content), ("start", "end")):
        if element.tag == f"{_TABLE_NAMES}table":
            # A table in a cell is not a sheet.
            depth += 1 if event == "start" else -1
            if event == "start" and depth == 1:
                reading = _Reading(element.get(f"{_TABLE_NAMES}name", ""))
            elif event == "end" and depth == 0 and reading is not None:
                yield reading.page()
                element.clear()
        elif event == "end" and depth == 1 and element.tag == f"{_TABLE_NAMES}table-row":
            if reading is not None:
                reading.take(element)
            element.clear()


class _Reading:
    """Reads the rows of one sheet."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._row = 1
        self._lines: list[Line] = []
        self._merged: list[Area] = []

    def page(self) -> Page:
        return Page(self._name, tuple(self._lines), tuple(self._merged))

    def take(self, row: Element) -> None:
        times = _times(row, "number-rows-repeated")
        cells = list(self._cells(row))
        if cells and len(self._lines) + times > ROWS:
            raise SheetError(f"a sheet of the file has more than {ROWS:,} rows that hold something")
        for number in range(self._row, self._row + times) if cells else ():
            self._lines.append(Line(number, {cell[0]: Held(number, *cell) for cell in cells}))
        self._row += times

    def _cells(self, row: Element) -> Iterator[tuple[int, Content, Value]]:
        column = 1
        for cell in row:
            if cell.tag not in _CELLS:
                continue
            times = _times(cell, "number-columns-repeated")
            rows, columns = (_times(cell, f"number-{what}-spanned") for what in ("rows", "columns"))
            if rows > 1 or columns > 1:
                area = Area(self._row, column, self._row + rows - 1, column + columns - 1)
                self._merged.append(area)
            content, value = _content(cell)
            if content is not None:
                for place in range(column, min(column + times, COLUMNS + 1)):
                    yield place, content, value
            column += times


def _times(element: Element, name: str) -> int:
    """Return how often a row or cell is repeated, or how many it spans."""
    given = element.get(_TABLE_NAMES + name, "1")
    if not (given.isascii() and given.isdecimal() and 0 < int(given[:8]) <= ROW_LIMIT):
        raise SheetError(_DAMAGED)
    return int(given[:8])


def _content(cell: Element) -> tuple[Content | None, Value]:
    """Return the content and value of a cell, None if it has only spaces."""
    attributes = cell.attrib
    if attributes.get(f"{_TABLE_NAMES}formula"):
        return Content.FORMULA, None
    kind = attributes.get(f"{_OFFICE_NAMES}value-type")
    if kind == "boolean":
        return Content.BOOLEAN, int(attributes.get(f"{_OFFICE_NAMES}boolean-value") == "true")
    try:
        if kind == "date":
            return Content.DAY, date.fromisoformat(attributes[f"{_OFFICE_NAMES}date-value"][:10])
        if kind in ("float", "percentage", "currency"):
            return Content.NUMBER, float(attributes[f"{_OFFICE_NAMES}value"])
    except (KeyError, ValueError):
        return Content.ERROR, None
    text = "\n".join(_words(part) for part in cell if part.tag == f"{_TEXT_NAMES}p")
    if len(text) > CELL_LIMIT:
        raise SheetError(f"a cell holds over {CELL_LIMIT:,} characters; shorten it")
    return (Content.TEXT, text) if text.strip() else (None, None)


def _words(part: Element) -> str:
    """Return the text of a paragraph; spaces, tabs and line ends are elements in it."""
    found = [part.text or ""]
    for inner in part:
        if inner.tag != f"{_OFFICE_NAMES}annotation":
            found.append(_SPACING.get(inner.tag) or _words(inner))
        found.append(inner.tail or "")
    return "".join(found)
