"""A sheet filled in as people do it, in a spreadsheet program."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import openpyxl

from compactgraph.deciding.sheet.columns import Heading
from compactgraph.deciding.sheet.outgoing import NAME

HEADER = 3
"""The row of the headings."""


@dataclass(frozen=True)
class Formula:
    """A cell's content that is worked out."""

    text: str


Cells = Mapping[str, object]


def opened(data: bytes) -> Any:
    """Return a workbook that can be changed."""
    return openpyxl.load_workbook(BytesIO(data))


def saved(book: Any) -> bytes:
    """Return the bytes of a workbook."""
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def headings(page: Any) -> dict[str, int]:
    """Return the column of each heading."""
    return {cell.value: cell.column for cell in page[HEADER] if cell.value}


def rows_of(page: Any) -> dict[str, int]:
    """Return the row of each item."""
    column = headings(page)[Heading.ITEM]
    return {page.cell(row, column).value: row for row in range(HEADER + 1, page.max_row + 1)}


def put(cell: Any, value: object) -> None:
    """Put a value into a cell: a text as text, whatever it begins with."""
    if isinstance(value, Formula):
        cell.value = f"={value.text}"
        return
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"


def filled(data: bytes, rows: Mapping[str, Cells], change: Callable[[Any], None] | None = None) -> bytes:
    """Return a sheet with cells filled in, by items and headings; then ``change`` does what it likes."""
    book = opened(data)
    page = book[NAME]
    columns, places = headings(page), rows_of(page)
    for item, cells in rows.items():
        for heading, value in cells.items():
            put(page.cell(places[item], columns[heading]), value)
    if change is not None:
        change(book)
    return saved(book)
