"""Where a command's answer goes: printed as a table, CSV or JSON, or written to a file."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from compactgraph.errors import QueryError, UnknownNameError
from compactgraph.files.table import ABOUT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from compactgraph.answers.review_graph import ReviewGraph
    from compactgraph.answers.tables.destinations import Filter, Row
    from compactgraph.cli.options import Written
    from compactgraph.files.writing import Sheet
    from compactgraph.sparql.rows import Cell


class TableFormat(StrEnum):
    """The formats of a table."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    XLSX = "xlsx"
    ODS = "ods"
    DOCX = "docx"


FILE_FORMATS = (TableFormat.XLSX, TableFormat.ODS, TableFormat.DOCX)
"""The formats that go to a file and never to a terminal."""


def choose_format(
    name: str | None,
    output: Path | None = None,
    known: Sequence[TableFormat] = tuple(TableFormat),
) -> TableFormat:
    """Return the format ``name``; without one, what the file's name, or else the terminal, asks for.

    Raises UnknownNameError for a format that is not ``known``.
    """
    if name is None and output is not None:
        name = output.suffix.lstrip(".").lower() or None
    if name is None:
        return TableFormat.TABLE if sys.stdout.isatty() else TableFormat.CSV
    if name not in known:
        raise UnknownNameError("format", name, known)
    return TableFormat(name)


def print_sheet(
    title: str,
    columns: tuple[str, ...],
    rows: Sequence[tuple[Cell, ...]],
    written: Written,
) -> None:
    """Print a table, or write it to the file that the options name."""
    from compactgraph.files.writing import Sheet

    chosen, output = choose_format(written.format_, written.output), written.output
    sheet = Sheet(title or "Answer", columns, list(rows))
    if output is not None or chosen in FILE_FORMATS:
        write_sheets([sheet], chosen, output)
    elif chosen is TableFormat.TABLE:
        from compactgraph.cli.reports import console, plain_table

        if rows:
            console().print(plain_table(columns, rows, title))
        else:
            console().print(title if not title.endswith("?") else f"{title}\nNothing was found.")
    elif chosen is TableFormat.CSV:
        from compactgraph.files.writing import write_csv

        write_csv(sheet, sys.stdout)
    else:
        from compactgraph.files.writing import write_json

        write_json(sheet, sys.stdout)


def write_sheets(
    sheets: Sequence[Sheet],
    chosen: TableFormat,
    output: Path | None,
    title: str = "",
    about: str = ABOUT,
    source: str = "",
) -> None:
    """Write tables to the file ``output``; raise QueryError where none is named."""
    from compactgraph.files.writing import write_file

    if output is None:
        raise QueryError(f"{chosen} needs a file; name it with --output FILE.{chosen}")
    if chosen is TableFormat.TABLE:
        raise QueryError("a table goes to the terminal; choose csv, json, xlsx, ods or docx for a file")
    write_file(sheets, str(chosen), output, title or sheets[0].title, about, source)
    print(f"Wrote {output}.", file=sys.stderr)


def print_json(value: Any) -> None:
    """Print plain values as JSON."""
    print(json.dumps(value, ensure_ascii=False, indent=2))


class _Line:
    """A line on a terminal's standard error that says how far work has come, and is cleared at the end.

    Where there is no terminal nothing is shown; Rich would end that with an empty line.
    """

    _bar: Any = None

    def _columns(self) -> tuple[Any, ...]:
        """Return Rich's columns of the line."""
        raise NotImplementedError

    def _update(self, description: str, completed: float, total: float) -> None:
        if not sys.stderr.isatty():
            return
        if self._bar is None:
            from rich.progress import Progress

            from compactgraph.cli.reports import console

            self._bar = Progress(*self._columns(), console=console(errors=True), transient=True)
            self._bar.start()
            self._task = self._bar.add_task("", total=total)
        self._bar.update(self._task, description=description, completed=completed)

    def __exit__(self, *_: object) -> None:
        """Clear the line."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None


class Progress(_Line):
    """Shows on a terminal's standard error which review is being worked on, where there are several."""

    def __init__(self, work: str = "Building") -> None:
        """Name the work."""
        self._work = work

    def __enter__(self) -> Callable[[str, int, int], None]:
        """Return what shows the progress."""
        return self._show

    def _columns(self) -> tuple[Any, ...]:
        from rich.progress import MofNCompleteColumn, TextColumn, TimeRemainingColumn

        return TextColumn("{task.description}"), MofNCompleteColumn(), TimeRemainingColumn()

    def _show(self, name: str, place: int, number: int) -> None:
        if number > 1:
            self._update(f"{self._work} {name}", place - 1, number)


class StageProgress(_Line):
    """Shows on a terminal's standard error at which stage the work is, and how far it has come."""

    def __enter__(self) -> Callable[[str, float], None]:
        """Return what shows the stage and the share of the work that is done, from 0 to 1."""
        return self._show

    def _columns(self) -> tuple[Any, ...]:
        from rich.progress import BarColumn, TextColumn

        return TextColumn("{task.description}"), BarColumn()

    def _show(self, stage: str, share: float) -> None:
        self._update(stage, share, 1.0)


def write_paper(
    graph: ReviewGraph,
    tables: Mapping[str, Sequence[Row]],
    output: Path | None,
    wanted: Filter | None = None,
) -> None:
    """Write tables of destinations or origins, by title, as a committee paper."""
    from compactgraph.answers.review.paper import committee_paper

    paper = committee_paper(graph, tables, wanted)
    write_sheets(paper.sheets, TableFormat.DOCX, output, paper.title, paper.about, paper.source)
