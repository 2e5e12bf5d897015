"""Starts the endpoint's server: uvicorn, which logs no request and ends in good order."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

from compactgraph.endpoint.app import Settings, create_app
from compactgraph.errors import NextStep, ServerError
from compactgraph.service.addresses import listening_at, open_to_others, parts_of
from compactgraph.serving.bounded_queries import BoundedQueries
from compactgraph.serving.published import Serving

INSTEAD = "ask for it in parts, with LIMIT and OFFSET"

_HEADERS_LIMIT = 256_000
_FINISHES_WITHIN = 5
_ANSWERED_WITHIN = 5
_QUEUE = 512


def launch(
    serving: Serving,
    *,
    host: str = "127.0.0.1",
    port: int = 7878,
    base: str | None = None,
    seconds: float = 10.0,
    rows: int = 100_000,
    memory: int = 1_000_000_000,
    workers: int = 2,
) -> None:
    """Serve until Ctrl+C or SIGTERM; running requests then have a few seconds to finish.

    Port 0 takes a free one. The bounds are those of ``bounded_queries.BoundedQueries``. Raises
    ServerError if nothing can listen on the port or ``base`` is malformed, and StoreError if there is
    nothing to serve.
    """
    serving.current()
    settings = Settings(_checked(base), (host,))
    with (
        listening(host, port) as listener,
        BoundedQueries(
            serving.location, seconds=seconds, rows=rows, memory=memory, workers=workers, instead=INSTEAD
        ) as queries,
        _ended_in_good_order(),
    ):
        queries.start()
        bound = listener.getsockname()[1]
        address = settings.base or f"{listening_at(host, bound)}/"
        print(f"The endpoint answers at {address}sparql, with a page at {address} (stop it with Ctrl+C)")
        sys.stdout.flush()
        if warning := open_to_others(host, bound, "ask it"):
            print(warning, file=sys.stderr)
        app = create_app(serving, queries, settings)
        _Server(server_settings(app), queries).run(sockets=[listener])


class _Server(uvicorn.Server):
    """A server that stops its queries, and answers so, if they still run when it ends."""

    def __init__(self, config: uvicorn.Config, queries: BoundedQueries) -> None:
        super().__init__(config)
        self._queries = queries

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Wait for the requests that are under way, for the queries a few seconds."""
        loop = asyncio.get_running_loop()
        stop = loop.call_later(_FINISHES_WITHIN, self._queries.close)
        try:
            await super().shutdown(sockets)
        finally:
            stop.cancel()


def server_settings(app: ASGIApp) -> uvicorn.Config:
    """Return how uvicorn serves the endpoint: quietly, over HTTP only, trusting no proxy's headers."""
    return uvicorn.Config(
        app,
        http="h11",
        ws="none",
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        h11_max_incomplete_event_size=_HEADERS_LIMIT,
        timeout_graceful_shutdown=_FINISHES_WITHIN + _ANSWERED_WITHIN,
    )


def _checked(base: str | None) -> str | None:
    """Return an endpoint's address with a slash at its end; raise ServerError if it is malformed."""
    if base is None:
        return None
    parts = parts_of(base)
    if parts is None or parts.query or parts.fragment or parts.username:
        raise ServerError(f"{base} is no address; write it like https://example.org/compact/")
    return base if base.endswith("/") else base + "/"


@contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """Listen on a port, 0 for a free one; raise ServerError if that fails."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=_QUEUE)
    except (OSError, OverflowError) as error:
        number = getattr(error, "errno", None)
        reason = (os.strerror(number) if number and number > 0 else str(error)).lower()
        problem = f"cannot listen on {host}, port {port} ({reason})"
        raise ServerError(problem, NextStep.CHOOSE_PORT) from None
    # asyncio does this only for a socket that names TCP as its protocol. Without it, each answer on a
    # kept connection waits 40 ms for the client to acknowledge its head.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with listener:
        yield listener


@contextmanager
def _ended_in_good_order() -> Iterator[None]:
    """Catch the signal that uvicorn raises again when it has ended, so that the processes end too."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    except KeyboardInterrupt:
        pass
    finally:
        signal.signal(signal.SIGTERM, before)
