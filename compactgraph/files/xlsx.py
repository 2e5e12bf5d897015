"""Workbooks of Office Open XML, and sheets of it to be filled in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from math import ceil
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.table import Table, TableStyleInfo

from compactgraph.common.atomic_files import legal_xml
from compactgraph.files.form import Column, Filling, Form
from compactgraph.files.table import (
    NamedSheet,
    Sheet,
    column_widths,
    named_sheets,
    office_archive,
    workbook_cell,
)
from compactgraph.sparql.rows import Cell

_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_LINE_HEIGHT = 15.0
_HEIGHT_LIMIT = 409.0
_TEXT = Alignment(wrap_text=True, vertical="top")


def workbook(sheets: Iterable[Sheet], title: str, about: str) -> bytes:
    """Return ``sheets`` as a workbook with a contents sheet before them.

    ``title`` is the workbook's and stands in A1 of the contents, ``about`` below it. A text is never a
    formula; a character that XML cannot hold becomes U+FFFD.
    Raises ExportError if a table or a cell is larger than a workbook holds.
    """
    named = named_sheets(sheets, title, about)
    book = _new_book(title, about)
    for number, one in enumerate(named):
        _add_sheet(book, one, number)
    _link_contents(book, named)
    return office_archive(book.save)


def _font(**values: Any) -> Any:
    """Return a font; without a name, some programs show another than the cells have."""
    return Font(**{"name": "Calibri", "size": 11, **values})


def _new_book(title: str, about: str) -> Any:
    book = Workbook()
    book.remove(book.active)
    book.properties.title = legal_xml(title)
    book.properties.description = legal_xml(about)
    book.properties.creator = "compactgraph"
    book.properties.language = "en-GB"
    return book


def _add_sheet(book: Any, named: NamedSheet, number: int) -> None:
    page = book.create_sheet(named.name)
    _add_lines(page, named.above)
    header = named.header
    for place, column in enumerate(named.sheet.columns, 1):
        _put(page.cell(header, place), column, font=_font(bold=True), alignment=_TEXT)
    widths = list(column_widths(named.sheet))
    for down, row in enumerate(named.sheet.rows, header + 1):
        page.row_dimensions[down].height = _height(row, widths)
        for place, cell in enumerate(row, 1):
            _put(page.cell(down, place), workbook_cell(cell), alignment=_TEXT)
    for place, width in enumerate(widths, 1):
        page.column_dimensions[get_column_letter(place)].width = width
    page.freeze_panes = page.cell(header + 1, 1)
    _set_up_print(page, header)
    if named.sheet.rows:
        columns, rows = named.sheet.columns, len(named.sheet.rows)
        page.add_table(_table(named.sheet.title, number, columns, header, rows))


def _add_lines(page: Any, lines: Iterable[str]) -> None:
    """Put lines above a table, the first as its headline."""
    for place, line in enumerate(lines, 1):
        _put(page.cell(place, 1), line)
    page.cell(1, 1).style = "Headline 1"
    page.cell(1, 1).font = _font(size=14, bold=True)


def _set_up_print(page: Any, header: int) -> None:
    page.page_setup.orientation = "landscape"
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.page_setup.fitToHeight = 0
    page.print_title_rows = f"{header}:{header}"


def _height(row: Sequence[Cell], widths: Sequence[int]) -> float:
    """Return the height of a row with wrapped texts, in points; some programs do not find it."""
    lines = [
        sum(max(1, ceil(len(line) / width)) for line in str(cell).splitlines())
        for cell, width in zip(row, widths, strict=True)
        if cell is not None
    ]
    return min(_LINE_HEIGHT * max(lines, default=1), _HEIGHT_LIMIT)


def _table(
    title: str, number: int, columns: Sequence[str], header: int, rows: int, *, filtered: bool = False
) -> Any:
    last = f"{get_column_letter(len(columns))}{header + rows}"
    words = re.sub(r"[\W\d]+", "_", title, flags=re.ASCII).strip("_")[:200]
    table = Table(displayName=f"{words or 'Table'}_{number}", ref=f"A{header}:{last}")
    table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=False)
    table._initialise_columns()
    if not filtered:
        table.autoFilter = None
    for column, name in zip(table.tableColumns, columns, strict=True):
        column.name = legal_xml(name)
    return table


def _put(cell: Any, value: Any, **styles: Any) -> None:
    """Put a value in a cell, a text never as a formula, and style the cell."""
    if isinstance(value, str):
        cell.value = _LOOKS_ESCAPED.sub("_x005F_", legal_xml(value))
        cell.data_type = "s"
        cell.quotePrefix = value.startswith(("=", "+", "-", "@"))
    else:
        cell.value = value
    for name, style in styles.items():
        setattr(cell, name, style)


def _link_contents(book: Any, named: list[NamedSheet]) -> None:
    contents = book[named[0].name]
    for row, one in enumerate(named[1:], named[0].header + 1):
        cell = contents.cell(row, 1)
        quoted = one.name.replace("'", "''")
        cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{quoted}'!A1", display=one.name)
        cell.font = _font(color="0563C1", underline="single")


# A sheet to be filled in

ABOUT = "About"
LISTS = "Lists"
STAMP = "Sent out"
"""The names of a form's other tabs: its explanation, its choices, what it must bring back."""

_HEADER_ROW = 3
_EARLIEST = "DATE(2000,1,1)"
_A3 = 8
_GIVEN_HEADER = PatternFill("solid", fgColor="DCE3EA")
_FILL_HEADER = PatternFill("solid", fgColor="FFE08A")
_FILL = PatternFill("solid", fgColor="FFFBEB")
_LINE = Side(style="thin", color="C3CBD3")
_GRID = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_FILLED = (Filling.CHOICE, Filling.SEVERAL, Filling.TEXT, Filling.DAY)
_WIDTH_OF_ABOUT = (30, 100)


def write_form(form: Form) -> bytes:
    """Return a workbook with a sheet to fill in, another that explains it, and two hidden ones.

    Equal forms give the same bytes. Raises ExportError if a text is too long for a cell.
    """
    table = Sheet(form.title, tuple(c.heading for c in form.columns), list(form.rows))
    named_sheets([table], form.title)
    book = _new_book(form.title, form.note)
    page = book.create_sheet(form.name)
    about, lists, stamp = (book.create_sheet(name) for name in (ABOUT, LISTS, STAMP))
    _add_form(page, form)
    _add_about(about, form)
    _add_choices(page, lists, form)
    for place, pair in enumerate(form.stamp.items(), 1):
        for column, text in enumerate(pair, 1):
            _put(stamp.cell(place, column), text)
    for hidden, state in ((lists, "hidden"), (stamp, "veryHidden")):
        hidden.sheet_state = state
        hidden.protection.sheet = True
    book.active = 0
    return office_archive(book.save)


def _add_form(page: Any, form: Form) -> None:
    _add_lines(page, (form.title, form.note))
    page.row_dimensions[_HEADER_ROW].height = 2 * _LINE_HEIGHT + 3
    for place, column in enumerate(form.columns, 1):
        fill = _FILL_HEADER if column.filling in _FILLED else _GIVEN_HEADER
        cell = page.cell(_HEADER_ROW, place)
        _put(cell, column.heading, font=_font(bold=True), alignment=_TEXT, fill=fill, border=_GRID)
        letter = page.column_dimensions[get_column_letter(place)]
        letter.width = column.width
        letter.hidden = column.filling is Filling.HIDDEN
    shown = [place for place, c in enumerate(form.columns) if c.filling is not Filling.HIDDEN]
    widths = [form.columns[place].width for place in shown]
    for down, row in enumerate(form.rows, _HEADER_ROW + 1):
        page.row_dimensions[down].height = _height([row[place] or None for place in shown], widths)
        for place, (column, text) in enumerate(zip(form.columns, row, strict=True), 1):
            _add_cell(page.cell(down, place), column, text)
    page.freeze_panes = page.cell(_HEADER_ROW + 1, 2)
    _set_up_print(page, _HEADER_ROW)
    page.page_setup.paperSize = _A3
    page.oddFooter.left.text = form.title.replace("&", "&&")
    page.oddFooter.right.text = "&P of &N"
    if form.rows:
        headings = [column.heading for column in form.columns]
        page.add_table(_table(form.name, 1, headings, _HEADER_ROW, len(form.rows), filtered=True))


def _add_cell(cell: Any, column: Column, text: str) -> None:
    _put(cell, text or None, alignment=_TEXT, border=_GRID)
    if column.filling in _FILLED:
        cell.fill = _FILL
        # As a text, 4.10 stays 4.10.
        cell.number_format = "d mmm yyyy" if column.filling is Filling.DAY else "@"


def _add_about(page: Any, form: Form) -> None:
    _add_lines(page, [f"About this sheet: {form.title}"])
    for place, width in enumerate(_WIDTH_OF_ABOUT, 1):
        page.column_dimensions[get_column_letter(place)].width = width
    for down, pair in enumerate(form.about, 2):
        for place, text in enumerate(pair, 1):
            _put(page.cell(down, place), text, alignment=_TEXT, font=_font(bold=place == 1))
        page.row_dimensions[down].height = _height(pair, _WIDTH_OF_ABOUT)
    _set_up_print(page, 1)


def _add_choices(page: Any, lists: Any, form: Form) -> None:
    """Put the choices on the sheet ``lists``, and point the columns to them."""
    for place, column in enumerate(form.columns, 1):
        if column.filling not in _FILLED:
            continue
        for down, choice in enumerate(column.choices, 1):
            _put(lists.cell(down, place), choice)
        letter = get_column_letter(place)
        if column.choices:
            area = f"{LISTS}!${letter}$1:${letter}${len(column.choices)}"
            rule = DataValidation("list", formula1=area)
        elif column.filling is Filling.DAY:
            rule = DataValidation("date", operator="between", formula1=_EARLIEST, formula2="TODAY()")
        else:
            rule = DataValidation()
        rule.allow_blank = True
        rule.showInputMessage = bool(column.hint)
        rule.promptTitle, rule.prompt = column.heading[:32], column.hint[:255] or None
        rule.showErrorMessage = column.filling in (Filling.CHOICE, Filling.DAY)
        rule.errorTitle, rule.error = column.heading[:32], column.hint[:225] or None
        last = _HEADER_ROW + max(1, len(form.rows))
        rule.add(f"{letter}{_HEADER_ROW + 1}:{letter}{last}")
        page.add_data_validation(rule)
