"""The sheet that goes out to be decided on, and comes back: a preview of it, and its record.

Each row is read by itself. Nothing is recorded if a row is not understood, or is in conflict with what
was decided meanwhile.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from compactgraph.common.atomic_files import replace_file
from compactgraph.common.english import counted, listed
from compactgraph.deciding.desk import Desk, Recorded
from compactgraph.deciding.sheet.cells import Defaults, Problem
from compactgraph.deciding.sheet.judging import judge
from compactgraph.deciding.sheet.outgoing import form_of
from compactgraph.deciding.sheet.preview import Fate, Preview, PreviewRow
from compactgraph.errors import (
    ConflictError,
    EntryError,
    ExportError,
    RegisterBusyError,
    SheetError,
)
from compactgraph.files.form import Page
from compactgraph.files.untrusted import LARGEST, is_opendocument
from compactgraph.register.entry import day_of

__all__ = [
    "Defaults",
    "Fate",
    "Preview",
    "PreviewRow",
    "Problem",
    "apply_sheet",
    "preview",
    "read_sheet",
    "sheet_out",
    "write_sheet",
]

TRIES = 5
"""How often a sheet is looked at anew, if others record something while it is being taken in."""


def sheet_out(desk: Desk, to: str = "", *, everything: bool = False) -> bytes:
    """Return a workbook (XLSX) to be filled in, of what goes to ``to``, of what awaits, or of all.

    Raises UnknownNameError for an unknown destination. A workbook without a row is one too.
    """
    from compactgraph.files.xlsx import write_form

    return write_form(form_of(desk, to, everything=everything))


def write_sheet(desk: Desk, path: Path, to: str = "", *, everything: bool = False) -> int:
    """Write such a workbook to a file, and return how many rows it has; none is written without one.

    Raises UnknownNameError for an unknown destination, and ExportError if the file cannot be
    written, or is not to be an XLSX file.
    """
    from compactgraph.files.xlsx import write_form

    if path.suffix.lower() != ".xlsx":
        raise ExportError(f"{path}: the sheet goes out as .xlsx; name a file that ends so")
    form = form_of(desk, to, everything=everything)
    if form.rows:
        with replace_file(path) as beside:
            beside.write_bytes(write_form(form))
    return len(form.rows)


def read_sheet(path: Path) -> bytes:
    """Return the bytes of a sheet that came back; raise SheetError if the file cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(LARGEST + 1)
    except OSError as error:
        raise SheetError(f"{path}: cannot be read ({error.strerror}); name a file") from None


def preview(desk: Desk, data: bytes, defaults: Defaults | None = None) -> Preview:
    """Return what would become of a sheet that came back, an XLSX or ODS file; nothing is recorded.

    ``defaults`` hold for the rows that leave them empty. Raises SheetError if the file cannot be
    read safely, or is no sheet of this review and register, EntryError or RegisterError if a default is
    invalid, and RegisterError if the register is not whole.
    """
    given = _checked(defaults or Defaults())
    return judge(desk, _pages(data), given)


def apply_sheet(desk: Desk, data: bytes, defaults: Defaults | None, recorder: str) -> Recorded:
    """Record what a sheet says, all of it or nothing.

    ``recorder`` is the account that writes. Raises what :func:`preview` raises, EntryError if a row
    is not understood or in conflict or if none is filled in, RegisterBusyError if others do not
    stop to record, and what else :meth:`Desk.record` raises.
    """
    for _ in range(TRIES):
        seen = preview(desk, data, defaults)
        if not seen.applicable:
            raise _refused(seen)
        try:
            return desk.record(seen.bodies, recorder, after=seen.now)
        except ConflictError:
            pass  # Others recorded something: what it means for the sheet is looked at anew.
    raise RegisterBusyError("others record at the same time, again and again; try again in a while")


def _refused(seen: Preview) -> EntryError:
    unclear, against = seen.of(Fate.NOT_UNDERSTOOD), seen.of(Fate.IN_CONFLICT)
    parts = [
        f"{counted(len(rows), 'row')} {'is' if len(rows) == 1 else 'are'} {words}"
        for rows, words in ((unclear, "not understood"), (against, "in conflict"))
        if rows
    ]
    said = listed(parts) or "no decision is filled in"
    return EntryError(f"{said}; nothing was recorded: look at the preview, and mend the sheet")


def _checked(defaults: Defaults) -> Defaults:
    if defaults.date and day_of(defaults.date) > date.today():
        raise EntryError(f"{defaults.date} is in the future; give the day on which it was decided")
    return defaults


def _pages(data: bytes) -> list[Page]:
    if is_opendocument(data):
        from compactgraph.files.ods import read_pages as read_ods

        return read_ods(data)
    from compactgraph.files.xlsx_reading import read_pages

    return read_pages(data)
