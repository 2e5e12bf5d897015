"""A sheet that goes out to be filled in, and the cells in which it comes back, in any format."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

ROWS = 100_000
"""How many rows that hold anything a page is read with."""

COLUMNS = 256
"""How many columns of a page are read."""


class Filling(StrEnum):
    """What a column is for."""

    GIVEN = "given"
    """It is to be read."""

    CHOICE = "choice"
    """It is filled with one of its choices."""

    SEVERAL = "several"
    """It is filled with one of its choices, several of them, or other words."""

    TEXT = "text"
    """It is filled with words."""

    DAY = "day"
    """It is filled with a date."""

    HIDDEN = "hidden"
    """It is not to be seen, and comes back as it went out."""


@dataclass(frozen=True)
class Column:
    """A column of a form: its heading, its width in characters, and how it is filled.

    ``hint`` is one or two short sentences, shown beside a cell that is chosen.
    """

    heading: str
    filling: Filling
    width: int
    choices: tuple[str, ...] = ()
    hint: str = ""


@dataclass(frozen=True)
class Form:
    """A sheet that goes out to be filled in.

    ``name`` is its tab's. ``about`` explains it on a sheet of its own, as pairs of a heading and what
    is said of it; ``stamp`` has what the sheet must bring back, by name, out of sight.
    """

    name: str
    title: str
    note: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    about: tuple[tuple[str, str], ...]
    stamp: Mapping[str, str]


class Content(StrEnum):
    """What a cell holds that is not empty."""

    TEXT = "text"
    NUMBER = "number"
    DAY = "day"
    BOOLEAN = "boolean"
    FORMULA = "formula"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Held:
    """A cell that holds something; row and column count from 1. A formula's value is not known."""

    row: int
    column: int
    content: Content
    value: str | int | float | date | None

    @property
    def address(self) -> str:
        """The cell's address, as ``I7``."""
        return address(self.row, self.column)


@dataclass(frozen=True)
class Line:
    """A row that holds something: its number, and its cells by their columns."""

    number: int
    cells: Mapping[int, Held]


@dataclass(frozen=True)
class Area:
    """Cells that are merged into one."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int

    def __str__(self) -> str:
        """Return the area's address, as ``I7:I9``."""
        return f"{address(self.first_row, self.first_column)}:{address(self.last_row, self.last_column)}"


@dataclass(frozen=True)
class Page:
    """One sheet of a workbook that came back: its rows that hold something, and its merged cells."""

    name: str
    lines: tuple[Line, ...]
    merged: tuple[Area, ...] = field(default=())

    def texts(self) -> Iterator[tuple[str, ...]]:
        """Yield the texts of each row, in the order of their columns."""
        for line in self.lines:
            yield tuple(
                held.value
                for _, held in sorted(line.cells.items())
                if held.content is Content.TEXT and isinstance(held.value, str)
            )


def letters(column: int) -> str:
    """Return what a column is called, from 1: ``A``, ``AA``."""
    name = ""
    while column:
        column, place = divmod(column - 1, 26)
        name = chr(65 + place) + name
    return name


def address(row: int, column: int) -> str:
    """Return a cell's address, as ``I7``."""
    return f"{letters(column)}{row}"
