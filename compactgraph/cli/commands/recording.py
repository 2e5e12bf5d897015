"""What the commands that write to the register share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from compactgraph import paths
from compactgraph.cli.options import Where, one_review
from compactgraph.common.operating_system import account

if TYPE_CHECKING:
    from collections.abc import Sequence

    from compactgraph.deciding.desk import Desk
    from compactgraph.register.entry import Body


def help_alone(context: typer.Context) -> None:
    """Print the help of a group of commands if none of them was named."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


def body(kind: str, **values: Any) -> Body:
    """Return what an entry of the register says."""
    from compactgraph.register.entry import Body, Kind

    return Body(kind=Kind(kind), **values)


def desk_of(where: Where) -> Desk:
    """Return the desk at which decisions on a review are recorded."""
    from compactgraph.deciding.desk import Desk
    from compactgraph.store.storage import storage_at

    # The desk reads decisions from the register itself: the graph need not have taken them in.
    location = paths.store_location(where.store)
    reviews = storage_at(location).open()[1]["reviews"]
    names = [each["identifier"] for each in reviews]
    return Desk(location, paths.ontology_folder(), one_review(where.review, names))


def record(desk: Desk, bodies: Sequence[Body]) -> None:
    """Record entries, and print what was recorded."""
    from compactgraph.cli.reports import recorded_report

    recorded = desk.record(bodies, recorder())
    for line in recorded_report(recorded, desk.situation()):
        typer.echo(line)
    if recorded.notice:
        typer.echo(f"compactgraph: {recorded.notice}", err=True)


def recorder() -> str:
    """Return the account that writes: the operating system's user, whatever the environment says."""
    return f"os:{account()}"
