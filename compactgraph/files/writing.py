"""Tables as files: CSV, JSON, workbooks of XLSX and ODS, and Word documents."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TextIO

from compactgraph.common.atomic_files import replace_file
from compactgraph.errors import QueryError, UnknownNameError
from compactgraph.files.table import Sheet, finite
from compactgraph.sparql.rows import Cell

__all__ = [
    "Sheet",
    "file_bytes",
    "write_csv",
    "write_docx",
    "write_file",
    "write_json",
    "write_ods",
    "write_xlsx",
]


FORMATS = ("csv", "json", "xlsx", "ods", "docx")

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def write_csv(sheet: Sheet, stream: TextIO) -> None:
    """Write a table as CSV (RFC 4180) with a header; open ``stream`` as UTF-8 with ``newline=""``.

    A spreadsheet takes a text that begins with ``=``, ``+``, ``-`` or ``@`` for a formula, also after a
    tab or a line break, and may run it. An apostrophe is put before a text that begins so, which makes
    it plain text there; a program that reads the file takes it off again. Numbers stay as they are.
    """
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow([_harmless(column) for column in sheet.columns])
    writer.writerows([_csv_cell(cell) for cell in row] for row in sheet.rows)


def _csv_cell(cell: Cell) -> str | int | float:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, str):
        return _harmless(cell)
    plain = finite(cell)
    return plain if isinstance(plain, int | float) else str(plain)


def _harmless(text: str) -> str:
    return "'" + text if text.startswith(_FORMULA_STARTS) else text


def write_json(sheet: Sheet, stream: TextIO) -> None:
    """Write a table as a JSON list of objects whose keys are the columns; the cells are as they are."""
    rows = [dict(zip(sheet.columns, map(finite, row), strict=True)) for row in sheet.rows]
    json.dump(rows, stream, ensure_ascii=False, indent=2)
    stream.write("\n")


def write_xlsx(sheets: Iterable[Sheet], path: Path, title: str, about: str) -> None:
    """Write tables as an XLSX workbook: see :func:`compactgraph.files.xlsx.write_workbook`."""
    from compactgraph.files.xlsx import write_workbook

    write_workbook(sheets, path, title, about)


def write_ods(sheets: Iterable[Sheet], path: Path, title: str, about: str) -> None:
    """Write tables as an ODS workbook: see :func:`compactgraph.files.ods.write_workbook`."""
    from compactgraph.files.ods import write_workbook

    write_workbook(sheets, path, title, about)


def write_docx(sheets: Sequence[Sheet], path: Path, title: str, about: str, source: str = "") -> None:
    """Write tables as a Word document: see :func:`compactgraph.files.docx.write_document`."""
    from compactgraph.files.docx import write_document

    write_document(sheets, path, title, about, source)


def write_file(
    sheets: Sequence[Sheet], format_: str, path: Path, title: str, about: str = "", source: str = ""
) -> None:
    """Write tables to a file, whole or not at all, in one of :data:`FORMATS`.

    ``title`` and ``about`` are a workbook's or a document's; ``source`` stands in a document's foot.
    Raises UnknownNameError for another format, QueryError where csv or json is to hold several tables,
    and ExportError where the file cannot be written.
    """
    if format_ not in FORMATS:
        raise UnknownNameError("format", format_, FORMATS)
    if format_ == "xlsx":
        write_xlsx(sheets, path, title, about)
    elif format_ == "ods":
        write_ods(sheets, path, title, about)
    elif format_ == "docx":
        write_docx(sheets, path, title, about, source)
    elif len(sheets) != 1:
        raise QueryError(f"{format_} holds one table, not {len(sheets)}; choose xlsx, ods or docx")
    else:
        write = write_csv if format_ == "csv" else write_json
        with replace_file(path) as beside, beside.open("w", encoding="utf-8", newline="") as stream:
            write(sheets[0], stream)


def file_bytes(
    sheets: Sequence[Sheet], format_: str, title: str, about: str = "", source: str = ""
) -> bytes:
    """Return what :func:`write_file` writes, for a download; raises what it raises."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "table"
        write_file(sheets, format_, path, title, about, source)
        return path.read_bytes()
