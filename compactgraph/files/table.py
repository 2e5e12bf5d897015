"""What files of tables have in common: their limits, the names of tabs, the archive.

Workbooks follow the UK guidance "Releasing statistics in spreadsheets": a sheet of contents, titles in
A1, one marked-up table a sheet, no merged cells, no empty rows or columns, no filter buttons. The same
tables give the same bytes.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from compactgraph.common.atomic_files import legal_xml
from compactgraph.errors import ExportError, shorten

if TYPE_CHECKING:
    from compactgraph.sparql.rows import Cell

ABOUT = "Made by compactgraph from the review document; each row leads back to its words."
"""What a file says about itself, unless its maker says more."""

CELL_LIMIT = 32_767
ROW_LIMIT = 1_048_576
NAME_LIMIT = 31
CONTENTS = "Contents"

_CORE = "docProps/core.xml"
_DATES = re.compile(rb"<dcterms:(created|modified)\b.*?</dcterms:\1>", re.DOTALL)
_FORBIDDEN_IN_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")


@dataclass(frozen=True)
class Sheet:
    """A table, its title, and a sentence on what it holds."""

    title: str
    columns: tuple[str, ...]
    rows: list[tuple[Cell, ...]]
    description: str = ""


def finite(cell: Cell) -> Cell:
    """Return the cell; an infinite number or NaN as XML Schema writes it."""
    if isinstance(cell, float) and not math.isfinite(cell):
        return "NaN" if math.isnan(cell) else "INF" if cell > 0 else "-INF"
    return cell


@dataclass(frozen=True)
class NamedSheet:
    """A sheet, the unique name of its tab, and the lines above its table."""

    name: str
    sheet: Sheet
    above: tuple[str, ...]

    @property
    def header(self) -> int:
        """The row of the table's header, from 1."""
        return len(self.above) + 1


def named_sheets(sheets: Iterable[Sheet], title: str, about: str = "") -> list[NamedSheet]:
    """Return the contents sheet and ``sheets``, each with the name of its tab.

    A name is the title without ``[ ] : * ? / \\``, at most 31 characters long, and numbered if another
    sheet has it. ``title`` and ``about`` are above the contents. Raises ExportError if a table does not
    fit in a sheet.
    """
    contents = Sheet(title, ("Sheet", "What it holds", "Rows"), [])
    found = [NamedSheet(CONTENTS, contents, tuple(filter(None, (title, about))))]
    for sheet in sheets:
        name = _free_name(sheet.title, [named.name for named in found])
        contents.rows.append((name, sheet.description or sheet.title, len(sheet.rows)))
        found.append(NamedSheet(name, sheet, (sheet.title,) if sheet.title else ()))
    for named in found:
        _check_size(named)
    return found


def _free_name(title: str, taken: Sequence[str]) -> str:
    plain = " ".join(_FORBIDDEN_IN_NAMES.sub(" ", legal_xml(title)).split()).strip("'") or "Sheet"
    used = {name.casefold() for name in taken}
    name, number = plain[:NAME_LIMIT].strip(), 1
    while name.casefold() in used:
        number += 1
        ending = f" {number}"
        name = plain[: NAME_LIMIT - len(ending)].strip() + ending
    return name


def _check_size(named: NamedSheet) -> None:
    sheet = named.sheet
    if len(sheet.rows) + 2 > ROW_LIMIT:
        raise ExportError(
            f"sheet '{named.name}' has {len(sheet.rows):,} rows, a workbook holds {ROW_LIMIT - 2:,}; "
            "export it as csv"
        )
    for place, row in enumerate(sheet.rows, 1):
        for column, cell in zip(sheet.columns, row, strict=True):
            if isinstance(cell, str) and len(cell.encode("utf-16-le", "replace")) > 2 * CELL_LIMIT:
                raise ExportError(
                    f"sheet '{named.name}', row {place}, column '{column}': '{shorten(cell, 40)}' has "
                    f"over {CELL_LIMIT:,} characters, more than a cell of a workbook holds; export it "
                    "as csv or json"
                )


def workbook_cell(cell: Cell) -> Cell:
    """Return a cell as a workbook holds it: text without what XML forbids, None if it is empty."""
    plain = finite(cell)
    return legal_xml(plain) or None if isinstance(plain, str) else plain


def column_widths(sheet: Sheet) -> Iterator[int]:
    """Yield a readable width for each column, in characters."""
    for place, column in enumerate(sheet.columns):
        texts = [str(row[place]) for row in sheet.rows[:500] if row[place] is not None]
        lines = [len(line) for text in texts for line in text.splitlines()]
        yield min(max([len(column) + 2, 8, *(length + 2 for length in lines)]), 60)


def archive(parts: Iterable[tuple[str, bytes]]) -> bytes:
    """Return a ZIP file without times. A part ``mimetype`` is not packed."""
    written = BytesIO()
    with ZipFile(written, "w") as opened:
        for name, content in parts:
            entry = ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.external_attr = 0o644 << 16
            packing = ZIP_STORED if name == "mimetype" else ZIP_DEFLATED
            opened.writestr(entry, content, packing)
    return written.getvalue()


def office_archive(save: Callable[[BytesIO], object]) -> bytes:
    """Return the Office Open XML file that ``save`` writes, without its times."""
    saved = BytesIO()
    save(saved)
    with ZipFile(saved) as packed:
        parts = {name: packed.read(name) for name in packed.namelist() if not name.endswith("/")}
    parts[_CORE] = _DATES.sub(b"", parts[_CORE])
    return archive(parts.items())
