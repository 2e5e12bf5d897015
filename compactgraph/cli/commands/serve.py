"""``serve`` and ``app``: the endpoint and the explorer."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from compactgraph import paths
from compactgraph.cli.options import DataOption, StoreOption
from compactgraph.cli.output import stage_progress


def serve(
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="The port to listen on.")] = 7878,
    host: Annotated[
        str, typer.Option("--host", help="The address to listen on; 0.0.0.0 lets other machines in.")
    ] = "127.0.0.1",
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
    from compactgraph.serving.published import Serving

    location = paths.store_location(store)
    serving = Serving(paths.data_folder(data), paths.ontology_folder(), location)
    with stage_progress() as progress:
        served = serving.prepare(progress)
    if served.notice:
        typer.echo(f"compactgraph: {served.notice}", err=True)
    bounds: dict[str, Any] = {"seconds": seconds, "rows": rows, "memory": memory * 1_000_000}
    launch(serving, host=host, port=port, base=base, **bounds, workers=workers)


def explore(
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="The port to listen on.")] = 8501,
    host: Annotated[
        str, typer.Option("--host", help="The address to listen on; 0.0.0.0 lets other machines in.")
    ] = "127.0.0.1",
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
    from compactgraph.serving.published import Serving

    check_port(host, port)
    check_deciders(host, port, deciders)
    reviews, kept = paths.data_folder(data), paths.store_location(store)
    with stage_progress() as progress:
        served = Serving(reviews, paths.ontology_folder(), kept).prepare(progress)
    if served.notice:
        typer.echo(f"compactgraph: {served.notice}", err=True)
    launch(reviews, kept, host=host, port=port, browser=not no_browser, deciders=deciders)
