"""Tables as files: CSV, JSON, workbooks of XLSX and ODS, and Word documents."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from io import StringIO
from pathlib import Path
from typing import TextIO

from compactgraph.common.atomic_files import replace_file
from compactgraph.errors import QueryError, require_known
from compactgraph.files.table import Sheet, finite
from compactgraph.sparql.rows import Cell

__all__ = ["Sheet", "file_bytes", "write_csv", "write_file", "write_json"]

FORMATS = ("csv", "json", "xlsx", "ods", "docx")

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def write_csv(sheet: Sheet, stream: TextIO) -> None:
    """Write a table as CSV (RFC 4180) with a header; open ``stream`` as UTF-8 with ``newline=""``.

    A spreadsheet may run a text that begins with ``=``, ``+``, ``-``, ``@``, a tab or a line break as a
    formula. An apostrophe before such a text prevents that; programs that read the file must remove it.
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
    """Write a table as a JSON list of objects whose keys are the columns."""
    rows = [dict(zip(sheet.columns, map(finite, row), strict=True)) for row in sheet.rows]
    json.dump(rows, stream, ensure_ascii=False, indent=2)
    stream.write("\n")


def file_bytes(
    sheets: Sequence[Sheet], format_: str, title: str, about: str = "", source: str = ""
) -> bytes:
    """Return tables as a file in one of :data:`FORMATS`.

    ``title`` and ``about`` are a workbook's or a document's; ``source`` is for a document's foot. Raises
    UnknownNameError for another format, QueryError if csv or json is to hold several tables, and
    ExportError if a table is larger than the format holds.
    """
    require_known("format", format_, FORMATS)
    if format_ == "xlsx":
        from compactgraph.files import xlsx

        return xlsx.workbook(sheets, title, about)
    if format_ == "ods":
        from compactgraph.files import ods

        return ods.workbook(sheets, title, about)
    if format_ == "docx":
        from compactgraph.files import docx

        return docx.document(sheets, title, about, source)
    if len(sheets) != 1:
        raise QueryError(f"{format_} holds one table, not {len(sheets)}; choose xlsx, ods or docx")
    stream = StringIO(newline="")
    write = write_csv if format_ == "csv" else write_json
    write(sheets[0], stream)
    return stream.getvalue().encode()


def write_file(
    sheets: Sequence[Sheet], format_: str, path: Path, title: str, about: str = "", source: str = ""
) -> None:
    """Write what :func:`file_bytes` returns to ``path``, whole or not at all; raises the same errors."""
    content = file_bytes(sheets, format_, title, about, source)
    with replace_file(path) as beside:
        beside.write_bytes(content)
