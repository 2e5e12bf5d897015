"""Workbooks of Office Open XML. Only this module imports openpyxl."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from io import BytesIO
from math import ceil
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.table import Table, TableStyleInfo

from compactgraph.files import legal_xml, replace_file
from compactgraph.questions import Cell
from compactgraph.workbook import (
    NamedSheet,
    Sheet,
    column_widths,
    named_sheets,
    read_archive,
    workbook_cell,
    write_archive,
)

_CORE = "docProps/core.xml"
_DATES = re.compile(rb"<dcterms:(created|modified)\b.*?</dcterms:\1>", re.DOTALL)
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_LINE_HEIGHT = 15.0
_HEIGHT_LIMIT = 409.0
_TEXT = Alignment(wrap_text=True, vertical="top")


def write_workbook(sheets: Iterable[Sheet], path: Path, title: str, about: str) -> None:
    """Write ``sheets`` as a workbook with a contents sheet before them.

    ``title`` is the workbook's and stands in A1 of the contents, ``about`` below it. A text cell is
    text whatever it begins with, never a formula; a character that XML cannot hold becomes U+FFFD.
    Raises ExportError where a table or a cell is larger than a workbook holds, or where the file
    cannot be written.
    """
    named = named_sheets(sheets, title)
    book = Workbook()
    book.remove(book.active)
    book.properties.title = legal_xml(title)
    book.properties.description = legal_xml(about)
    book.properties.creator = "compactgraph"
    book.properties.language = "en-GB"
    for number, one in enumerate(named):
        above = [title, about] if number == 0 else [one.sheet.title]
        _add_sheet(book, one, number, [line for line in above if line])
    _link_contents(book, named)
    packed = BytesIO()
    book.save(packed)
    parts = ((n, _DATES.sub(b"", c) if n == _CORE else c) for n, c in read_archive(packed))
    with replace_file(path) as beside:
        write_archive(parts, beside)


def _add_sheet(book: Any, named: NamedSheet, number: int, above: list[str]) -> None:
    page = book.create_sheet(named.name)
    for place, line in enumerate(above, 1):
        _write(page.cell(place, 1), line)
    page.cell(1, 1).style = "Headline 1"
    page.cell(1, 1).font = Font(size=14, bold=True)
    header = len(above) + 1
    for place, column in enumerate(named.sheet.columns, 1):
        _write(page.cell(header, place), column)
        page.cell(header, place).font = Font(bold=True)
        page.cell(header, place).alignment = _TEXT
    widths = list(column_widths(named.sheet))
    for down, row in enumerate(named.sheet.rows, header + 1):
        page.row_dimensions[down].height = _height(row, widths)
        for place, cell in enumerate(row, 1):
            _write(page.cell(down, place), workbook_cell(cell))
            page.cell(down, place).alignment = _TEXT
    for place, width in enumerate(widths, 1):
        page.column_dimensions[get_column_letter(place)].width = width
    page.freeze_panes = page.cell(header + 1, 1)
    page.page_setup.orientation = "landscape"
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.page_setup.fitToHeight = 0
    page.print_title_rows = f"{header}:{header}"
    if named.sheet.rows:
        page.add_table(_table(named.sheet, number, header))


def _height(row: Sequence[Cell], widths: Sequence[int]) -> float:
    """Return the height, in points, in which the row's wrapped texts can be read.

    Without it some programs show one line of each, or lines over one another.
    """
    lines = [
        sum(max(1, ceil(len(line) / width)) for line in str(cell).splitlines())
        for cell, width in zip(row, widths, strict=True)
        if cell is not None
    ]
    return min(_LINE_HEIGHT * max(lines, default=1), _HEIGHT_LIMIT)


def _table(sheet: Sheet, number: int, header: int) -> Any:
    last = f"{get_column_letter(len(sheet.columns))}{header + len(sheet.rows)}"
    words = re.sub(r"[\W\d]+", "_", sheet.title, flags=re.ASCII).strip("_")[:200]
    table = Table(displayName=f"{words or 'Table'}_{number}", ref=f"A{header}:{last}")
    table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=False)
    table._initialise_columns()
    table.autoFilter = None
    for column, name in zip(table.tableColumns, sheet.columns, strict=True):
        column.name = legal_xml(name)
    return table


def _write(cell: Any, value: Any) -> None:
    if not isinstance(value, str):
        cell.value = value
        return
    cell.value = _LOOKS_ESCAPED.sub("_x005F_", legal_xml(value))
    cell.data_type = "s"
    cell.quotePrefix = value.startswith(("=", "+", "-", "@"))


def _link_contents(book: Any, named: list[NamedSheet]) -> None:
    contents = book[named[0].name]
    first = contents.freeze_panes
    row = contents[first].row
    for place, one in enumerate(named[1:]):
        cell = contents.cell(row + place, 1)
        quoted = one.name.replace("'", "''")
        cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{quoted}'!A1", display=one.name)
        cell.font = Font(color="0563C1", underline="single")
