"""``build`` and ``validate``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer.exceptions import Exit

from compactgraph import paths
from compactgraph.cli.options import (
    DONE,
    FOUND,
    DataOption,
    StoreOption,
    Where,
    Written,
    known_review,
    open_store,
    spread,
    take_in_decisions,
)
from compactgraph.cli.output import TableFormat, choose_format, print_sheet, review_progress

if TYPE_CHECKING:
    from compactgraph.sparql.rows import Cell


def build(
    data: DataOption = None,
    store: StoreOption = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Fail where anything is unread or violates a shape.")
    ] = False,
) -> None:
    """Build the store: source → graph → SHACL → store."""
    from compactgraph.build.pipeline import build_store
    from compactgraph.cli.reports import build_report, console

    with review_progress() as progress:
        result = build_store(
            paths.data_folder(data),
            paths.ontology_folder(),
            paths.store_location(store),
            strict=strict,
            progress=progress,
        )
    console().print(build_report(result))
    raise Exit(DONE if result.conforms else FOUND)


@spread
def validate(
    files: Annotated[
        list[Path] | None, typer.Argument(help="RDF files; without any, the store is validated.")
    ] = None,
    *,
    where: Where,
    written: Written,
) -> None:
    """Report in plain English where the graph does not conform, with the place in the source."""
    from compactgraph.cli.reports import console, findings_report

    ontology = paths.ontology_folder()
    if files:
        from compactgraph.graph.validation import validate_files

        found = {"": validate_files(ontology, files)}
    else:
        from compactgraph.build.parallel import validate_store

        take_in_decisions(where.store)
        _, names = open_store(where.store)
        chosen = list(names) if where.review is None else [known_review(where.review, names)]
        with review_progress("Validating") as progress:
            found = {}
            for name, findings in validate_store(paths.store_location(where.store), ontology, chosen):
                found[name] = findings
                progress(name, len(found), len(chosen))
    if written.output is None and choose_format(written.format_) is TableFormat.TABLE:
        console().print(findings_report(found))
    else:
        columns = ("review", "severity", "item", "line", "finding", "value", "shape")
        rows: list[tuple[Cell, ...]] = [
            (name, f.severity, f.focus, f.line, f.message, f.value, f.shape)
            for name, findings in found.items()
            for f in findings
        ]
        print_sheet("What validation found", columns, rows, written)
    violations = any(f.severity == "Violation" for each in found.values() for f in each)
    raise Exit(FOUND if violations else DONE)
