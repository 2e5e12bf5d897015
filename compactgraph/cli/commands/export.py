"""``export``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from compactgraph import paths
from compactgraph.cli.options import (
    Where,
    known_review,
    one_review,
    open_store,
    spread,
    take_in_decisions,
)
from compactgraph.cli.output import FILE_FORMATS, TableFormat, write_paper, write_sheets
from compactgraph.errors import UnknownNameError

if TYPE_CHECKING:
    from compactgraph.answers.review_graph import ReviewGraph


@spread
def export(
    path: Annotated[Path, typer.Argument(help="The file to write.")],
    format_: Annotated[str, typer.Option("--format", help="turtle, trig, nquads, jsonld, graphml …")],
    *,
    where: Where,
) -> None:
    """Write the graph to a file; xlsx, ods, docx write the tables of destinations and origins."""
    from compactgraph.answers.export import FORMATS, export_graph

    known = [*FORMATS, *FILE_FORMATS, TableFormat.CSV]
    if format_ not in known:
        raise UnknownNameError("format", format_, known)
    ontology = paths.ontology_folder()
    take_in_decisions(where.store)
    opened, names = open_store(where.store)
    if format_ in FORMATS:
        only = None if where.review is None else known_review(where.review, names)
        export_graph(opened, ontology, format_, path, only)
        typer.echo(f"Wrote {path}.", err=True)
    else:
        from compactgraph.answers.review_graph import ReviewGraph

        one = one_review(where.review, names)
        graph = ReviewGraph(opened, ontology, one)
        _write_tables(graph, names[one], TableFormat(format_), path)


def _write_tables(graph: ReviewGraph, title: str, chosen: TableFormat, path: Path) -> None:
    from compactgraph.answers.tables.destinations import COLUMNS, table_of_destinations, table_of_origins
    from compactgraph.files.writing import Sheet

    tables = [
        (name, table(graph), about)
        for name, table, about in (
            ("Table of destinations", table_of_destinations, "Where each provision goes"),
            ("Table of origins", table_of_origins, "The same rows, ordered by destination"),
        )
    ]
    if chosen is TableFormat.DOCX:
        write_paper(graph, {name: rows for name, rows, _ in tables}, path)
        return
    sheets = [Sheet(name, COLUMNS, [row.cells() for row in rows], about) for name, rows, about in tables]
    write_sheets(sheets[:1] if chosen is TableFormat.CSV else sheets, chosen, path, title)
