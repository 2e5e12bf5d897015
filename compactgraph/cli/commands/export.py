"""``export``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from compactgraph import paths
from compactgraph.cli.options import Where, spread
from compactgraph.cli.output import FILE_FORMATS, TableFormat, Written, say_written
from compactgraph.errors import require_known

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
    require_known("format", format_, known)
    ontology = paths.ontology_folder()
    opened, names = where.open()
    if format_ in FORMATS:
        export_graph(opened, ontology, format_, path, where.named(names))
        say_written(path)
    else:
        from compactgraph.answers.review_graph import ReviewGraph

        review = where.one_of(names)
        graph = ReviewGraph(opened, ontology, review)
        _write_tables(graph, names[review], Written(format_, path))


def _write_tables(graph: ReviewGraph, title: str, written: Written) -> None:
    from compactgraph.answers.tables.destinations import COLUMNS, table_of_destinations, table_of_origins
    from compactgraph.files.table import Sheet

    tables = {
        "Table of destinations": (table_of_destinations(graph), "Where each provision goes"),
        "Table of origins": (table_of_origins(graph), "The same rows, ordered by destination"),
    }
    if written.chosen is TableFormat.DOCX:
        written.write_paper(graph, {name: rows for name, (rows, _) in tables.items()})
        return
    sheets = [
        Sheet(name, COLUMNS, [row.cells() for row in rows], about)
        for name, (rows, about) in tables.items()
    ]
    written.write(sheets[:1] if written.chosen is TableFormat.CSV else sheets, title)
