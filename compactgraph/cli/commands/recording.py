"""What the commands that write to the register share."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import typer

from compactgraph import paths
from compactgraph.cli.options import Where
from compactgraph.cli.output import say_notice
from compactgraph.common.operating_system import account

if TYPE_CHECKING:
    from compactgraph.deciding.desk import Desk, Recorded


def desk_of(where: Where) -> Desk:
    """Return the desk at which decisions on a review are recorded."""
    from compactgraph.deciding.desk import Desk

    # The desk reads decisions from the register itself: the graph need not have taken them in.
    _, names = where.open_as_it_is()
    return Desk(where.location, paths.ontology_folder(), where.one_of(names))


def record(desk: Desk, kind: str, items: Iterable[str], entered: dict[str, Any]) -> None:
    """Record an entry of one kind on each of some items, and print what was recorded."""
    from compactgraph.register.entry import Body, Kind

    bodies = [Body(kind=Kind(kind), item=item, **entered) for item in items]
    print_recorded(desk, desk.record(bodies, recorder()))


def print_recorded(desk: Desk, recorded: Recorded, indent: str = "") -> None:
    """Print a line for each entry that was recorded, with what becomes of its provision now."""
    outcomes = desk.situation().stood.outcomes
    for entry in recorded.entries:
        body = entry.body
        line = f"{entry.name}: {body.kind} {body.item}".rstrip()
        if body.is_draft:
            line += f" in draft {body.draft}"
        elif body.provision in outcomes and body.kind != "note":
            line += f"; {body.provision} is now {outcomes[body.provision]}"
        typer.echo(f"{indent}{line}")
    say_notice(recorded.notice)


def recorder() -> str:
    """Return the account that writes: the operating system's user, whatever the environment says."""
    return f"os:{account()}"
