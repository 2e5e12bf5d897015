"""Where a command's answer goes: printed as a table, CSV or JSON, or written to a file."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
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
    """Return the format ``name``; without one, the format of the file's name, or of the terminal.

    Raises UnknownNameError if the format is not ``known``.
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
    """Write tables to the file ``output``; raise QueryError if none is named."""
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


@contextmanager
def review_progress(work: str = "Building") -> Iterator[Callable[[str, int, int], None]]:
    """Show on a terminal which of several reviews is being worked on.

    Yields a function of the review's name, its place from 1, and how many there are.
    """
    with _progress("MofNCompleteColumn", "TimeRemainingColumn") as update:

        def show(name: str, place: int, number: int) -> None:
            if number > 1:
                update(f"{work} {name}", place - 1, number)

        yield show


@contextmanager
def stage_progress() -> Iterator[Callable[[str, float], None]]:
    """Show on a terminal the stage of the work; yields a function of its words and the share done."""
    with _progress("BarColumn") as update:
        yield lambda stage, share: update(stage, share, 1.0)


@contextmanager
def _progress(*columns: str) -> Iterator[Callable[[str, float, float], None]]:
    """Show a line on standard error, with these columns of Rich, and clear it at the end.

    Without a terminal it shows nothing: Rich would leave an empty line, and take time to load.
    """
    if not sys.stderr.isatty():
        yield lambda words, completed, total: None
        return
    from rich import progress

    from compactgraph.cli.reports import console

    shown = [getattr(progress, name)() for name in columns]
    bar = progress.Progress("{task.description}", *shown, console=console(errors=True), transient=True)
    with ExitStack() as started:

        def update(words: str, completed: float, total: float) -> None:
            # A line that was begun and shows nothing would leave an empty one.
            if not bar.live.is_started:
                started.enter_context(bar)
                bar.add_task("", total=total)
            bar.update(bar.task_ids[0], description=words, completed=completed, total=total)

        yield update


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
