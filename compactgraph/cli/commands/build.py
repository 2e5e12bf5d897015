"""``build`` and ``validate``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from compactgraph import paths
from compactgraph.cli.options import DataOption, StoreOption, Where, spread
from compactgraph.cli.output import Written, finish, review_progress


def build(
    data: DataOption = None,
    store: StoreOption = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Fail if anything is unread or violates a shape.")
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
    finish(result.conforms)


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
    from compactgraph.cli.reports import findings_report

    ontology = paths.ontology_folder()
    if files:
        from compactgraph.graph.validation import validate_files

        found = {"": validate_files(ontology, files)}
    else:
        from compactgraph.build.parallel import validate_store

        _, names = where.open()
        chosen = where.named(names)
        reviews = [chosen] if chosen else list(names)
        found = {}
        with review_progress("Validating") as progress:
            for name, findings in validate_store(where.location, ontology, reviews):
                found[name] = findings
                progress(name, len(found), len(reviews))
    columns = ("review", "severity", "item", "line", "finding", "value", "shape")
    rows = [
        (name, f.severity, f.focus, f.line, f.message, f.value, f.shape)
        for name, findings in found.items()
        for f in findings
    ]
    written.show("What validation found", columns, rows, lambda screen: findings_report(found))
    finish(not any(f.severity == "Violation" for findings in found.values() for f in findings))
