"""The decision sheet: it goes out, comes back, is previewed, and is recorded whole or not at all."""

from __future__ import annotations

from pathlib import Path

from compactgraph.common.atomic_files import replace_file
from compactgraph.common.english import counted, listed
from compactgraph.deciding.checks import refuse_future
from compactgraph.deciding.desk import Desk, Recorded
from compactgraph.deciding.sheet.cells import Defaults
from compactgraph.deciding.sheet.judging import judge
from compactgraph.deciding.sheet.outgoing import form_of
from compactgraph.deciding.sheet.preview import Fate, Preview
from compactgraph.errors import ConflictError, EntryError, ExportError, RegisterBusyError, SheetError
from compactgraph.files.form import Page
from compactgraph.files.untrusted import LARGEST, is_opendocument
from compactgraph.register.entry import day_of

TRIES = 5
"""How often a sheet is taken in anew if others record something meanwhile."""


def sheet_out(desk: Desk, to: str = "", *, everything: bool = False) -> bytes:
    """Return a workbook (XLSX) to fill in: what goes to ``to``, what awaits a decision, or everything.

    It may have no rows. Raises UnknownNameError for an unknown destination.
    """
    from compactgraph.files.xlsx import write_form

    return write_form(form_of(desk, to, everything=everything))


def write_sheet(desk: Desk, path: Path, to: str = "", *, everything: bool = False) -> int:
    """Write such a workbook to a file, unless it has no rows; return how many it has.

    Raises UnknownNameError for an unknown destination, and ExportError if the file cannot be written,
    or its name does not end with .xlsx.
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
    """Return what would become of a sheet that came back, an XLSX or ODS file; record nothing.

    ``defaults`` hold for the rows that leave them empty. Raises SheetError if the file cannot be read
    safely, or is not a sheet of this review and register; EntryError or RegisterError if a default is
    invalid; and RegisterError if the register is not whole.
    """
    given = defaults or Defaults()
    if given.date:
        refuse_future(day_of(given.date))
    return judge(desk, _pages(data), given)


def apply_sheet(desk: Desk, data: bytes, defaults: Defaults | None, recorder: str) -> Recorded:
    """Record all that a sheet says, or nothing; ``recorder`` is the account that writes.

    Raises what :func:`preview` and :meth:`Desk.record` raise, EntryError if a row is not understood or
    in conflict or if no row is filled in, and RegisterBusyError if others keep recording.
    """
    for _ in range(TRIES):
        seen = preview(desk, data, defaults)
        if not seen.applicable:
            raise _refused(seen)
        try:
            return desk.record(seen.bodies, recorder, after=seen.now)
        except ConflictError:
            pass  # Others recorded something, which can change what the sheet means.
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


def _pages(data: bytes) -> list[Page]:
    if is_opendocument(data):
        from compactgraph.files.ods import read_pages as read_ods

        return read_ods(data)
    from compactgraph.files.xlsx_reading import read_pages

    return read_pages(data)
