"""A sheet that goes out to be filled in, and the cells in which it comes back, in any format."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

ROWS = 100_000
"""The most rows with content that a page may have."""

COLUMNS = 256
"""How many columns of a page are read."""


class Filling(StrEnum):
    """How a column is filled; a hidden one comes back as it went out."""

    GIVEN = "given"  # with what is to be read
    CHOICE = "choice"  # with one of its choices
    SEVERAL = "several"  # with one or several of its choices, or other words
    TEXT = "text"
    DAY = "day"
    HIDDEN = "hidden"


@dataclass(frozen=True)
class Column:
    """A column of a form; its width is in characters, its hint is shown beside the chosen cell."""

    heading: str
    filling: Filling
    width: int
    choices: tuple[str, ...] = ()
    hint: str = ""


@dataclass(frozen=True)
class Form:
    """A sheet that goes out to be filled in.

    ``name`` is its tab's; ``about`` explains it on another sheet, in pairs of a heading and a text;
    ``stamp`` is what the sheet must bring back, by name, out of sight.
    """

    name: str
    title: str
    note: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    about: tuple[tuple[str, str], ...]
    stamp: Mapping[str, str]


Value = str | int | float | date | None


class Content(StrEnum):
    """The kinds of content of a cell."""

    TEXT = "text"
    NUMBER = "number"
    DAY = "day"
    BOOLEAN = "boolean"
    FORMULA = "formula"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Held:
    """A cell with content; row and column count from 1. A formula's value is not known."""

    row: int
    column: int
    content: Content
    value: Value

    @property
    def address(self) -> str:
        """The cell's address, as ``I7``."""
        return address(self.row, self.column)


@dataclass(frozen=True)
class Line:
    """A row with content: its number, and its cells by column."""

    number: int
    cells: Mapping[int, Held]


@dataclass(frozen=True)
class Area:
    """Merged cells."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int

    def __str__(self) -> str:
        """Return the area's address, as ``I7:I9``."""
        return f"{address(self.first_row, self.first_column)}:{address(self.last_row, self.last_column)}"


@dataclass(frozen=True)
class Page:
    """A sheet of a workbook that came back: its rows with content, and its merged cells."""

    name: str
    lines: tuple[Line, ...]
    merged: tuple[Area, ...] = ()


def letters(column: int) -> str:
    """Return the name of a column, from 1: ``A``, ``AA``."""
    name = ""
    while column:
        column, place = divmod(column - 1, 26)
        name = chr(65 + place) + name
    return name


def address(row: int, column: int) -> str:
    """Return the address of a cell: ``I7``."""
    return f"{letters(column)}{row}"
