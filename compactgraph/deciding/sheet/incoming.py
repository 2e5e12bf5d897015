"""Finds the filled-in table in a workbook that came back, and what it went out with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from compactgraph.common.english import listed
from compactgraph.deciding.sheet.cells import Filled, plain
from compactgraph.deciding.sheet.columns import FILLED, VERSION, Heading
from compactgraph.deciding.sheet.outgoing import MARK, Stamp
from compactgraph.errors import SheetError, shorten
from compactgraph.files.form import Area, Content, Held, Line, Page, address
from compactgraph.register.entry import Entry

_HEADER_WITHIN = 50
_HEADINGS_FOR_A_TABLE = 5
_HEADINGS = {name.casefold(): name for name in Heading}


@dataclass(frozen=True)
class Table:
    """The filled-in table of a workbook; ``columns`` has the place of each heading."""

    page: Page
    header: int
    columns: Mapping[str, int]
    others: tuple[str, ...]

    def lines(self) -> Iterator[Line]:
        """Yield the rows below the headings."""
        for line in self.page.lines:
            if line.number > self.header:
                yield line

    def filled(self, line: Line) -> Filled:
        """Return what is filled in of a row."""
        return Filled(
            {name: held for name in FILLED if (held := self.cell(line, name)) is not None},
            {name: address(line.number, column) for name, column in self.columns.items()},
        )

    def cell(self, line: Line, name: str) -> Held | None:
        """Return a row's cell of a column, None if it shows nothing."""
        held = line.cells.get(self.columns.get(name, 0))
        if held is None or (held.content is Content.TEXT and not plain(str(held.value))):
            return None
        return held

    def text(self, line: Line, name: str) -> str:
        """Return the text of a row's cell of a column, empty if it has no text."""
        held = self.cell(line, name)
        return plain(str(held.value)) if held is not None and held.content is Content.TEXT else ""

    def merged(self, line: Line) -> list[Area]:
        """Return the merged cells of a line that hide what is, or could be, filled in."""
        names = (*FILLED, Heading.ITEM, Heading.SENT)
        places = {self.columns[name] for name in names if name in self.columns}
        return [
            area
            for area in self.page.merged
            if area.first_row <= line.number <= area.last_row
            and any(area.first_column <= place <= area.last_column for place in places)
        ]


def stamp_of(pages: Iterable[Page], review: str, entries: Sequence[Entry]) -> Stamp:
    """Return what the sheet went out with; raise SheetError if that is missing, or is from elsewhere."""
    found = None
    for page in pages:
        pairs = {
            plain(str(line.cells[1].value)): plain(str(line.cells[2].value))
            for line in page.lines
            if 1 in line.cells and 2 in line.cells
        }
        if MARK in pairs:
            found = Stamp.from_lines(pairs)
    if found is None:
        raise SheetError(
            "the hidden sheet that says what the sheet went out with is missing; fill in the file as it "
            "was sent"
        )
    if found.version != VERSION:
        raise SheetError(
            "the sheet is of another version of its form; send out a new one, and fill that in"
        )
    if found.review != review:
        raise SheetError(
            f"the sheet is of the review '{shorten(found.review)}', and not of '{review}'; "
            "take it in there"
        )
    number = found.head.number
    if number and (not 0 < number <= len(entries) or entries[number - 1].hash != found.head.hash):
        raise SheetError(
            f"the sheet went out from another register: its d{number} is not the one here; take it in "
            "there"
        )
    return found


def table_of(pages: Iterable[Page]) -> Table:
    """Return the filled-in table; raise SheetError if it lacks a heading, or there are two tables."""
    tables = [found for page in pages if (found := _table_in(page)) is not None]
    if not tables:
        raise SheetError(
            "the file has no table with the headings of the sheet; fill in the file as it was sent"
        )
    if len(tables) > 1:
        names = listed([f"“{shorten(plain(table.page.name))}”" for table in tables])
        raise SheetError(f"the table stands on several sheets, {names}; delete all but one of them")
    (table,) = tables
    missing = [f"“{name}”" for name in (*FILLED, Heading.SENT) if name not in table.columns]
    if missing:
        raise SheetError(
            f"the heading {listed(missing)} is missing; put back the column, or its heading, as it was"
        )
    return table


def _table_in(page: Page) -> Table | None:
    for line in page.lines[:_HEADER_WITHIN]:
        columns: dict[str, int] = {}
        others: list[str] = []
        twice: list[str] = []
        for place, held in sorted(line.cells.items()):
            text = plain(str(held.value), lines=False) if held.content is Content.TEXT else ""
            name = _HEADINGS.get(text.casefold())
            if name is None:
                others.append(f"“{shorten(text, 40)}” ({held.address})" if text else held.address)
            elif name in columns:
                twice.append(name)
            else:
                columns[name] = place
        if len(columns.keys() & set(FILLED)) < _HEADINGS_FOR_A_TABLE:
            continue
        if twice:
            raise SheetError(f"the heading “{twice[0]}” stands twice; delete one of the two columns")
        return Table(page, line.number, columns, tuple(others))
    return None
