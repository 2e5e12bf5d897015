"""Where a command's answer goes: printed as a table, CSV or JSON, or written to a file."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from typer.exceptions import Exit

from compactgraph.errors import QueryError, UnknownNameError
from compactgraph.files.table import ABOUT, Sheet

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import Console, RenderableType

    from compactgraph.answers.review_graph import ReviewGraph
    from compactgraph.answers.tables.destinations import Filter, Row
    from compactgraph.sparql.rows import Cell

DONE, FOUND, FAILED = 0, 1, 2


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

FormatOption = Annotated[
    str | None,
    typer.Option("--format", help="table (default on a terminal), csv (else), json, xlsx, ods, docx."),
]
OutputOption = Annotated[
    Path | None,
    typer.Option("--output", "-o", help="Write to this file; xlsx, ods and docx need one."),
]


@dataclass
class Written:
    """How an answer is written, and to which file."""

    format_: FormatOption = None
    output: OutputOption = None

    def __post_init__(self) -> None:
        """Choose the format: the one named, that of the file's name, or that of the terminal.

        Raises UnknownNameError if it is unknown, and QueryError if it does not go with the file.
        """
        name = self.format_
        if name is None and self.output is not None:
            name = self.output.suffix.lstrip(".").lower() or None
        if name is None:
            name = TableFormat.TABLE if sys.stdout.isatty() else TableFormat.CSV
        if name not in {*TableFormat}:
            raise UnknownNameError("format", name, TableFormat)
        self.chosen = TableFormat(name)
        if self.output is None and self.chosen in FILE_FORMATS:
            raise QueryError(f"{name} needs a file; name it with --output FILE.{name}")
        if self.output is not None and self.chosen is TableFormat.TABLE:
            raise QueryError(
                "a table goes to the terminal; choose csv, json, xlsx, ods or docx for a file"
            )

    def show(
        self,
        title: str,
        columns: tuple[str, ...],
        rows: Sequence[tuple[Cell, ...]],
        on_screen: Callable[[Console], RenderableType] | None = None,
    ) -> None:
        """Print or write a table; ``on_screen`` makes what a terminal shows in place of a plain one."""
        sheet = Sheet(title or "Answer", columns, list(rows))
        if self.output is not None:
            self.write([sheet])
        elif self.chosen is TableFormat.TABLE:
            from compactgraph.cli.reports import console, plain_table

            screen = console()
            screen.print(on_screen(screen) if on_screen else plain_table(columns, rows, title))
        else:
            from compactgraph.files.writing import write_csv, write_json

            write = write_csv if self.chosen is TableFormat.CSV else write_json
            write(sheet, sys.stdout)

    def write(
        self, sheets: Sequence[Sheet], title: str = "", about: str = ABOUT, source: str = ""
    ) -> None:
        """Write tables to the file, which must be named."""
        from compactgraph.files.writing import write_file

        assert self.output is not None
        write_file(sheets, self.chosen, self.output, title or sheets[0].title, about, source)
        say_written(self.output)

    def write_paper(
        self, graph: ReviewGraph, tables: Mapping[str, Sequence[Row]], wanted: Filter | None = None
    ) -> None:
        """Write tables of destinations or origins, by title, as a committee paper."""
        from compactgraph.answers.review.paper import committee_paper

        paper = committee_paper(graph, tables, wanted)
        self.write(paper.sheets, paper.title, paper.about, paper.source)


def say_written(path: Path) -> None:
    """Say on standard error that a file was written."""
    print(f"Wrote {path}.", file=sys.stderr)


def say_notice(notice: str) -> None:
    """Say on standard error what the user should know; nothing if the notice is empty."""
    if notice:
        print(f"compactgraph: {notice}", file=sys.stderr)


def finish(found: object) -> NoReturn:
    """End the command: with status 0 if something was found, or all is well, else with status 1."""
    raise Exit(DONE if found else FOUND)


@contextmanager
def review_progress(work: str = "Building") -> Iterator[Callable[[str, int, int], None]]:
    """Show on a terminal which review is worked on; yields a function of name, place and total."""
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
            # A bar that starts and shows nothing would leave an empty line.
            if not bar.live.is_started:
                started.enter_context(bar)
                bar.add_task("", total=total)
            bar.update(bar.task_ids[0], description=words, completed=completed, total=total)

        yield update
