"""``decide``: what was decided goes into the register."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from compactgraph.cli.commands.recording import desk_of, print_recorded, record, recorder
from compactgraph.cli.options import ByOption, Deciding, ForOption, Replacing, Signed, Where, spread
from compactgraph.cli.output import finish, say_written

ItemsArgument = Annotated[
    list[str], typer.Argument(help="Movements by their identifiers, or provisions: all their movements.")
]


@dataclass(frozen=True)
class Content:
    """What is decided, if it is not what is recommended."""

    disposition: Annotated[
        list[str] | None,
        typer.Option(
            "--disposition", help="What is decided: keep, keep-with-revision, change, remove …"
        ),
    ] = None
    reason: Annotated[
        list[str] | None, typer.Option("--reason", help="Why something is removed, by its term.")
    ] = None
    to: Annotated[str, typer.Option("--to", help="Where it goes, by the reference's identifier.")] = ""

    def entered(self) -> dict[str, Any]:
        """Return these values as an entry of the register takes them."""
        dispositions, reasons = tuple(self.disposition or ()), tuple(self.reason or ())
        return {"dispositions": dispositions, "reasons": reasons, "to": self.to}


@spread
def agree(items: ItemsArgument, *, deciding: Deciding, where: Where) -> None:
    """Agree to what is recommended."""
    _record_each("agree", items, deciding.entered(), where)


@spread
def reject(items: ItemsArgument, *, deciding: Deciding, where: Where) -> None:
    """Decline what is recommended."""
    _record_each("reject", items, deciding.entered(), where)


@spread
def amend(items: ItemsArgument, *, content: Content, deciding: Deciding, where: Where) -> None:
    """Decide something else instead of what is recommended."""
    _record_each("amend", items, deciding.entered() | content.entered(), where)


@spread
def settle(
    provisions: Annotated[list[str], typer.Argument(help="Provisions, by their identifiers.")],
    *,
    content: Content,
    deciding: Deciding,
    where: Where,
) -> None:
    """Decide a provision that is undecided, or which of its alternatives (--to) it is."""
    record(desk_of(where), "settle", provisions, deciding.entered() | content.entered())


@spread
def apply(
    items: ItemsArgument,
    place: Annotated[
        str, typer.Option("--place", help="Where it now stands: in words, or as draft/1/2.3.")
    ] = "",
    *,
    deciding: Deciding,
    where: Where,
) -> None:
    """Mark what was agreed as applied, with its place in the receiving document."""
    _record_each("apply", items, deciding.entered() | {"place": place}, where)


@spread
def note(items: ItemsArgument, *, signed: Replacing, where: Where) -> None:
    """Put something on record that decides nothing; with --replaces, take a decision back."""
    record(desk_of(where), "note", items, signed.entered())


@spread
def confirm(
    suspects: Annotated[
        list[str], typer.Argument(help="What is suspect, by its name: decision/7, draft/1/2.3, …")
    ],
    *,
    signed: Signed,
    where: Where,
) -> None:
    """Confirm that what rests on words that have changed since holds on the new words too."""
    record(desk_of(where), "confirm", suspects, signed.entered())


@spread
def sheet(
    path: Annotated[Path, typer.Argument(help="The file to write, as .xlsx.")],
    to: Annotated[str, typer.Option("--to", help="Only what goes to this destination.")] = "",
    everything: Annotated[
        bool, typer.Option("--all", help="Everything, and not only what awaits a decision.")
    ] = False,
    *,
    where: Where,
) -> None:
    """Write a spreadsheet of what awaits a decision, to be filled in and taken back."""
    from compactgraph.common.english import counted
    from compactgraph.deciding.sheet.round_trip import write_sheet

    rows = write_sheet(desk_of(where), path, to, everything=everything)
    if rows:
        typer.echo(f"To be decided on: {counted(rows, 'row')}")
        say_written(path)
    else:
        typer.echo("Nothing awaits a decision.")
    finish(rows)


@spread
def from_sheet(
    path: Annotated[Path, typer.Argument(help="A sheet that was filled in, .xlsx or .ods.")],
    apply_: Annotated[
        bool, typer.Option("--apply", help="Record it, all or nothing; without it, only show.")
    ] = False,
    by: ByOption = None,
    for_: ForOption = "",
    date_: Annotated[
        str, typer.Option("--date", help="The day of the decisions whose row has none: 2026-11-24.")
    ] = "",
    *,
    where: Where,
) -> None:
    """Show what a filled-in spreadsheet would record, what is not understood and what is in conflict."""
    from compactgraph.deciding.sheet.cells import Defaults
    from compactgraph.deciding.sheet.round_trip import apply_sheet, preview, read_sheet

    data, defaults = read_sheet(path), Defaults(tuple(by or ()), for_, date_)
    desk = desk_of(where)
    seen = preview(desk, data, defaults)
    for line in seen.sentences:
        typer.echo(line)
    if not apply_ or not seen.applicable:
        typer.echo("Nothing was recorded." + (" To record it, add --apply." if seen.applicable else ""))
        finish(seen.applicable)
    recorded = apply_sheet(desk, data, defaults, recorder())
    typer.echo("Recorded:")
    print_recorded(desk, recorded, indent="  ")


COMMANDS = (agree, reject, amend, settle, apply, note, confirm, sheet, from_sheet)


def _record_each(kind: str, items: Sequence[str], entered: dict[str, Any], where: Where) -> None:
    """Record the same decision on each of some movements, or on those of some provisions."""
    from compactgraph.deciding.offers import movements_of
    from compactgraph.register.entry import Kind

    desk = desk_of(where)
    situation = desk.situation()
    chosen = [name for item in items for name in movements_of(situation, item, Kind(kind))]
    record(desk, kind, dict.fromkeys(chosen), entered)
