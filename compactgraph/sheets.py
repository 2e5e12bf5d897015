"""Tables as files: CSV, JSON, workbooks of XLSX and ODS, and Word documents."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TextIO

from compactgraph.dataset import Dataset
from compactgraph.destinations import SEPARATOR, Filter, Row, counts, describe
from compactgraph.errors import QueryError, UnknownNameError
from compactgraph.files import replace_file
from compactgraph.history import history
from compactgraph.questions import Cell
from compactgraph.terms import capital, counted, day_in_words, reference_labels, terms
from compactgraph.workbook import Sheet, finite

__all__ = [
    "Paper",
    "Sheet",
    "committee_paper",
    "file_bytes",
    "table_labels",
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
    """Write tables as an XLSX workbook: see :func:`compactgraph.xlsx.write_workbook`."""
    from compactgraph.xlsx import write_workbook

    write_workbook(sheets, path, title, about)


def write_ods(sheets: Iterable[Sheet], path: Path, title: str, about: str) -> None:
    """Write tables as an ODS workbook: see :func:`compactgraph.ods.write_workbook`."""
    from compactgraph.ods import write_workbook

    write_workbook(sheets, path, title, about)


def write_docx(sheets: Sequence[Sheet], path: Path, title: str, about: str, source: str = "") -> None:
    """Write tables as a Word document: see :func:`compactgraph.docx.write_document`."""
    from compactgraph.docx import write_document

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


# The table of destinations as a paper


@dataclass(frozen=True)
class Paper:
    """A Word document to be: its tables, its title, what stands below it, and what in its foot."""

    sheets: tuple[Sheet, ...]
    title: str
    about: str
    source: str

    def content(self) -> bytes:
        """Return the paper as a Word document."""
        return file_bytes(self.sheets, "docx", self.title, self.about, self.source)


def table_labels(store: Dataset, ontology: Path, review: str) -> dict[tuple[str, str], str]:
    """Return words for the values of the table of destinations, by column and value.

    Raises UnknownNameError where there is no such review.
    """
    schemes = terms(store, ontology).items()
    found = {(scheme, name): term.label for scheme, known in schemes for name, term in known.items()}
    references = reference_labels(store, ontology, review)
    return found | {("destination", name): one.label for name, one in references.items()}


def committee_paper(
    store: Dataset,
    ontology: Path,
    review: str,
    tables: Mapping[str, Sequence[Row]],
    wanted: Filter | None = None,
    day: str | None = None,
) -> Paper:
    """Return the tables, by title, as a paper that says what it is, of what date and from which source.

    ``wanted`` is the filter that gave the rows, ``day`` the day as at which ``store`` stands, where it
    does not stand as it does now. One table gives the paper its title, several take the review's.
    Raises UnknownNameError where there is no such review.
    """
    from compactgraph.overview import overview

    said = overview(store, ontology, review).about
    labels = table_labels(store, ontology, review)
    filtered = describe(wanted or Filter(), labels)
    shown = f"Only these rows are shown: {filtered}." if filtered else "All rows are shown."
    (first, *more) = tables.values()
    lines = [
        "Where each provision of the agreement goes: as was decided, or else as the review recommends. "
        "A provision that goes to several places has a row for each of them.",
        how_it_stands(store, ontology, review, day),
        f"Agreement: {said.reviewed.title}" if said.reviewed else "",
        f"Reviewed by: {said.reviewer.title}" if said.reviewer else "",
        f"Review: {said.title}",
        f"Date: {said.date}",
        f"Source: {said.rights}" if said.rights else "",
        shown if more else f"Rows: {_count(first)}. {shown}",
    ]
    sheets = tuple(
        _paper_sheet(name, rows, labels, f"Rows: {_count(rows)}." if more else "")
        for name, rows in tables.items()
    )
    title = said.title if more else sheets[0].title
    author = f" ({said.reviewer.title})" if said.reviewer else ""
    return Paper(sheets, title, "\n".join(filter(None, lines)), f"Source: {said.title}{author}")


def how_it_stands(store: Dataset, ontology: Path, review: str, day: str | None = None) -> str:
    """Say in a line with which decisions ``store`` stands: those of days up to ``day``, or all."""
    made = history(store, ontology, review)
    as_at = f"As at {day_in_words(day)}" if day else ""
    if not made:
        return f"{as_at or 'So far'}, nothing {'had' if day else 'has'} been decided."
    last = max(made, key=lambda decision: (decision.date, decision.number))
    which = "the last of them " if len(made) > 1 else ""
    return (
        f"{as_at or 'As it stands'} with {counted(len(made), 'decision')}, "
        f"{which}{last.name} of {day_in_words(last.date)}."
    )


def _paper_sheet(
    title: str, rows: Sequence[Row], labels: Mapping[tuple[str, str], str], description: str
) -> Sheet:
    """Return the rows in the columns and in the words that a reader on paper needs."""

    def words(row: Row, column: str, otherwise: str = "") -> str:
        values = filter(None, getattr(row, column).split(SEPARATOR))
        return capital("; ".join(labels.get((column, value), value) for value in values) or otherwise)

    cells: list[tuple[Cell, ...]] = [
        (
            row.provision,
            row.text,
            words(row, "outcome") + _otherwise(row, labels),
            _said(row) + (f"\nDecided ({row.decision}): {decided}" if decided else ""),
            words(row, "destination", "none named"),
            words(row, "relation", "not stated"),
            words(row, "status", "no movement"),
            words(row, "reason", "none stated"),
        )
        for row in rows
        for decided in [words(row, "disposition") if row.decision else ""]
    ]
    return Sheet(title, _PAPER_COLUMNS, cells, description)


def _said(row: Row) -> str:
    if not row.recommendation:
        return "No recommendation"
    return f"{row.recommendation}: {row.recommendation_text}"


def _otherwise(row: Row, labels: Mapping[tuple[str, str], str]) -> str:
    """Return the recommended outcome in brackets, where the current one is another."""
    if row.recommended_outcome in ("", row.outcome):
        return ""
    return f" (recommended: {labels['outcome', row.recommended_outcome]})"


_PAPER_COLUMNS = (
    "Provision",
    "Its words",
    "Outcome",
    "Recommendation",
    "Goes to",
    "How",
    "Status",
    "Why",
)


def _count(rows: Sequence[Row]) -> str:
    provisions, number = counts(rows)
    return f"{number:,}, of {provisions:,} provisions"
