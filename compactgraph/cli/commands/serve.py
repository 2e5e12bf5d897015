"""``serve`` and ``app``: the endpoint and the explorer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from compactgraph import paths
from compactgraph.cli.options import DataOption, StoreOption
from compactgraph.cli.output import say_notice, stage_progress

if TYPE_CHECKING:
    from compactgraph.serving.published import Serving

PortOption = Annotated[int, typer.Option("--port", min=1, max=65535, help="The port to listen on.")]
HostOption = Annotated[
    str, typer.Option("--host", help="The address to listen on; 0.0.0.0 lets other machines in.")
]


def serve(
    port: PortOption = 7878,
    host: HostOption = "127.0.0.1",
    base: Annotated[
        str | None,
        typer.Option("--base", help="The public URL of its root, behind a proxy."),
    ] = None,
    seconds: Annotated[
        float, typer.Option("--seconds", min=0.1, help="How long a query may run.")
    ] = 10.0,
    rows: Annotated[
        int, typer.Option("--rows", min=1, help="How many rows or triples an answer may have.")
    ] = 100_000,
    memory: Annotated[
        int, typer.Option("--memory", min=100, help="How many megabytes a query may take.")
    ] = 1_000,
    workers: Annotated[
        int, typer.Option("--workers", min=1, help="How many queries may run at once.")
    ] = 16,
    data: DataOption = None,
    store: StoreOption = None,
) -> None:
    """Offer the graph as a SPARQL 1.1 endpoint at /sparql, building first what is missing."""
    from compactgraph.endpoint.launch import launch

    launch(
        _prepared(data, store),
        host=host,
        port=port,
        base=base,
        seconds=seconds,
        rows=rows,
        memory=memory * 1_000_000,
        workers=workers,
    )


def app(
    port: PortOption = 8501,
    host: HostOption = "127.0.0.1",
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Do not open the explorer in a browser.")
    ] = False,
    deciders: Annotated[
        Path | None,
        typer.Option(
            "--decisions",
            help="Let those whom this file names decide in it, signed in (or $COMPACTGRAPH_DECIDERS).",
        ),
    ] = None,
    data: DataOption = None,
    store: StoreOption = None,
) -> None:
    """Open the explorer in a browser, building first what is missing."""
    from compactgraph.explorer.launch import check_deciders, check_port, launch

    check_port(host, port)
    check_deciders(host, port, deciders)
    serving = _prepared(data, store)
    location = paths.store_location(store)
    launch(serving.data, location, host=host, port=port, browser=not no_browser, deciders=deciders)


def _prepared(data: Path | None, store: str | None) -> Serving:
    """Return the store, ready to be served; build first what is missing."""
    from compactgraph.serving.published import Serving

    location = paths.store_location(store)
    serving = Serving(paths.data_folder(data), paths.ontology_folder(), location)
    with stage_progress() as progress:
        served = serving.prepare(progress)
    say_notice(served.notice)
    return serving
