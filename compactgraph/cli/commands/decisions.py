"""``decisions``: what was decided, and the register that holds it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from compactgraph import paths
from compactgraph.cli.options import StoreOption, Where, spread
from compactgraph.cli.output import Written, finish, say_written


@spread
def start(
    context: typer.Context,
    provision: Annotated[
        str, typer.Option("--provision", help="Only those on this provision and its movements.")
    ] = "",
    kind: Annotated[str, typer.Option("--kind", help="Only this kind: agree, reject, amend …")] = "",
    by: Annotated[str, typer.Option("--by", help="Only those of a person or body so named.")] = "",
    since: Annotated[str, typer.Option("--since", help="Only those of this day and later.")] = "",
    until: Annotated[str, typer.Option("--until", help="Only those of this day and earlier.")] = "",
    state: Annotated[
        str, typer.Option("--state", help="Only those in-force, replaced, suspect or void.")
    ] = "",
    *,
    where: Where,
    written: Written,
) -> None:
    """List what was decided; check the register, and take it elsewhere."""
    if context.invoked_subcommand is not None:
        return
    from compactgraph.answers.tables.decisions import COLUMNS, Wanted, checked, history
    from compactgraph.cli.reports import decisions_report

    graph = where.graph()
    wanted = checked(graph, Wanted(provision, kind, by, since, until, state))
    found = [each for each in history(graph) if wanted.admits(each)]
    title, rows = f"Decisions: {len(found)}", [each.cells() for each in found]
    written.show(title, COLUMNS, rows, lambda screen: decisions_report(title, found))
    finish(found)


def verify(
    head: Annotated[
        list[str] | None,
        typer.Option("--head", help="The hash of a last entry that was written down elsewhere."),
    ] = None,
    store: StoreOption = None,
) -> None:
    """Find any entry of the register that was altered or taken out."""
    from compactgraph.register.transfer import verify as check

    found = check(paths.store_location(store), head or [])
    for each in found:
        for flaw in each.flaws:
            typer.echo(str(flaw))
        if not each.flaws:
            entries = "1 entry" if each.entries == 1 else f"{each.entries:,} entries"
            typer.echo(
                f"{each.review}: {entries}, whole; the last is d{each.head.number}, {each.head.hash}"
            )
    if not found:
        typer.echo("Nothing has been recorded yet.")
    finish(not any(each.flaws for each in found))


@spread
def export_(
    path: Annotated[Path, typer.Argument(help="The file to write: JSON lines.")], *, where: Where
) -> None:
    """Write the register to a file that can be checked and imported elsewhere."""
    from compactgraph.register.transfer import export_register

    for name, head in export_register(where.location, path, where.review).items():
        typer.echo(f"{name}: {head.number:,} entries; the last is d{head.number}, {head.hash}")
    say_written(path)


def import_(
    path: Annotated[Path, typer.Argument(help="A file that 'decisions export' wrote.")],
    store: StoreOption = None,
) -> None:
    """Add the entries of an exported register to this one, unchanged; those that are here stay."""
    from compactgraph.register.transfer import import_register

    for name, number in import_register(paths.store_location(store), path).items():
        typer.echo(f"{name}: {number:,} new entries")


COMMANDS = (verify, export_, import_)
