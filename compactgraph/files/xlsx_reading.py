"""Workbooks of Office Open XML that came back from people."""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from datetime import date, datetime
from io import BytesIO
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import column_index_from_string

from compactgraph.errors import SheetError
from compactgraph.files.form import COLUMNS, ROWS, Area, Content, Held, Line, Page
from compactgraph.files.table import CELL_LIMIT, ROW_LIMIT, archive
from compactgraph.files.untrusted import SAVE, parts_of

_TYPES = "[Content_Types].xml"
_COORDINATE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_WIDTHS = 20_000_000
"""How many cells, empty ones included, the rows of a workbook may span together."""


def read_pages(data: bytes) -> list[Page]:
    """Return the sheets of a workbook as they came back; formulas are not evaluated.

    Raises SheetError if the file passes a bound, holds macros, or cannot be read.
    """
    looked = _Looked()
    parts = parts_of(data, looked.at)
    try:
        with warnings.catch_warnings():
            # openpyxl warns of parts that it does not know; none is needed here.
            warnings.simplefilter("ignore")
            book = load_workbook(BytesIO(archive(parts.items())), read_only=True, keep_links=False)
            return [_page(sheet, looked.merged) for sheet in book.worksheets]
    except SheetError:
        raise
    except Exception as error:
        # A malformed part makes openpyxl raise any error.
        what = f"the file is no workbook that can be read ({type(error).__name__})"
        raise SheetError(f"{what}; {SAVE}") from None


class _Looked:
    """Looks at the parts before openpyxl: refuses what would lead it astray, finds merged cells."""

    def __init__(self) -> None:
        self.merged: dict[str, list[Area]] = {}
        self._part = ""
        self._is_sheet = False
        self._row = 0
        self._width = 0
        self._spanned = 0

    def at(self, part: str, tag: str, attributes: Mapping[str, str]) -> None:
        """Look at an element."""
        if part != self._part:
            self._part, self._is_sheet, self._row, self._width = part, tag == "worksheet", 0, 0
        if part == _TYPES and "macroenabled" in str(attributes.get("ContentType")).lower():
            raise SheetError(f"the file can hold macros (.xlsm); {SAVE}")
        if not self._is_sheet:
            return
        if tag == "row":
            self._next_row(attributes.get("r"))
        elif tag == "c":
            self._next_cell(attributes.get("r"))
        elif tag == "mergeCell":
            self.merged.setdefault(part, []).append(_area(attributes.get("ref", "")))

    def _next_row(self, given: str | None) -> None:
        row = self._row + 1 if given is None else _number(given)
        if not self._row < row <= ROW_LIMIT:
            raise _astray(f"row {given}")
        self._row, self._width = row, 0

    def _next_cell(self, given: str | None) -> None:
        column = self._width + 1
        if given is not None:
            row, column = _place(given)
            if row != self._row or column <= self._width:
                raise _astray(f"cell {given}")
        self._spanned += column - self._width
        self._width = column
        if self._spanned > _WIDTHS:
            raise SheetError("the file spans too many cells; delete what was added to the sheet")


def _astray(what: str) -> SheetError:
    return SheetError(f"the file is damaged: {what[:30]} is out of its place; {SAVE}")


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 8 else 0


def _place(text: str) -> tuple[int, int]:
    found = _COORDINATE.fullmatch(text)
    if found is None:
        raise _astray(f"cell {text}")
    return int(found[2]), column_index_from_string(found[1])


def _area(text: str) -> Area:
    first, _, last = text.partition(":")
    return Area(*_place(first), *_place(last or first))


def _page(sheet: Any, merged: Mapping[str, list[Area]]) -> Page:
    lines: list[Line] = []
    sheet.reset_dimensions()
    for row in sheet.rows:
        cells = [_held(cell) for cell in row[:COLUMNS] if cell.value is not None]
        held = {cell.column: cell for cell in cells if cell is not None}
        if held:
            lines.append(Line(next(iter(held.values())).row, held))
        if len(lines) > ROWS:
            raise SheetError(f"a sheet of the file has more than {ROWS:,} rows that hold something")
    return Page(sheet.title, tuple(lines), tuple(merged.get(sheet._worksheet_path, ())))


def _held(cell: Any) -> Held | None:
    """Return the content of a cell, None if it has only spaces."""
    value, type_ = cell.value, cell.data_type
    content, kept = Content.TEXT, value
    if type_ == "f":
        content, kept = Content.FORMULA, None
    elif type_ == "e":
        content = Content.ERROR
    elif type_ == "b":
        content, kept = Content.BOOLEAN, int(value)
    elif isinstance(value, date):
        content, kept = Content.DAY, value.date() if isinstance(value, datetime) else value
    elif isinstance(value, int | float):
        content = Content.NUMBER
    else:
        kept = str(value)
        if len(kept) > CELL_LIMIT:
            raise SheetError(f"cell {cell.coordinate} holds over {CELL_LIMIT:,} characters; shorten it")
        if not kept.strip():
            return None
    return Held(cell.row, cell.column, content, kept)
