"""Stands before every request: checks the host, sets the headers, packs with gzip, limits the work.

A page elsewhere can give its own name this machine's address (DNS rebinding) and read what it should
not. So the server answers for known names only.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

from anyio import CapacityLimiter, to_thread
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from compactgraph.endpoint.refusals import UNEXPECTED, Refusal
from compactgraph.errors import QueryBusyError

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})

ADDRESS_LIMIT = 64_000
"""The most bytes of an address; a longer query comes by POST."""

WORTH_PACKING = 1_000
"""Shorter answers, in bytes, are not packed."""

LEVEL = 4
"""How hard an answer is packed: a higher level costs more time than it saves bytes."""

_HOST = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9._-]+))(:\d{1,5})?")
_REFUSES_GZIP = re.compile(r"\bgzip\s*;\s*q=0(?:\.0{0,3})?\s*(?:,|$)", re.IGNORECASE)
_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}
_LOG = logging.getLogger("compactgraph.endpoint")

Result = TypeVar("Result")


@dataclass(frozen=True)
class Guard:
    """The application ``app`` behind the guard, which answers for the names ``hosts``."""

    app: ASGIApp
    hosts: Collection[str]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it. An unexpected error ends here, in the log."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun = False

        async def send_headed(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                headers = MutableHeaders(scope=message)
                headers.add_vary_header("Accept")
                for name, value in _ALWAYS.items():
                    headers.setdefault(name, value)
            await send(message)

        refused = self._refused(scope)
        if refused is not None:
            await refused.response()(scope, receive, send_headed)
            return
        try:
            await self.app(scope, receive, send_headed)
        except ClientDisconnect:
            pass
        except Exception:
            _LOG.exception("a request could not be answered")
            if not begun:
                await Refusal(500, UNEXPECTED).response()(scope, receive, send_headed)

    def _refused(self, scope: Scope) -> Refusal | None:
        host = Headers(scope=scope).get("host", "")
        if not answers_for(host, {*self.hosts, (scope.get("server") or ("",))[0]}):
            return Refusal(421, "this server does not answer for that host; use its public address")
        if len(scope["raw_path"]) + len(scope["query_string"]) > ADDRESS_LIMIT:
            return Refusal(414, f"the address has more than {ADDRESS_LIMIT:,} bytes; use POST")
        return None


def answers_for(host: str, known: Collection[str]) -> bool:
    """Say whether a Host header, with or without a port, names one of the ``known`` hosts."""
    match = _HOST.fullmatch(host)
    return match is not None and (match[1] or match[2]).lower() in {name.lower() for name in known}


class Packing(GZipMiddleware):
    """Packs with gzip. Starlette overlooks that a weight of 0 refuses it."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, packed if it accepts gzip."""
        given = Headers(raw=scope.get("headers", [])).get("accept-encoding", "")
        if _REFUSES_GZIP.search(given):
            headers = [header for header in scope["headers"] if header[0] != b"accept-encoding"]
            scope = {**scope, "headers": headers}
        await super().__call__(scope, receive, send)


class Places:
    """A number of places for requests that wait for a thread. It belongs to one event loop.

    A request without a place is told so at once, and can come again later.
    """

    def __init__(self, number: int) -> None:
        """Set how many requests there is place for, each with a thread of its own."""
        self._number = number
        self._taken = 0
        self._threads = CapacityLimiter(number)

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Hold a place; raise QueryBusyError if none is free."""
        if self._taken >= self._number:
            raise QueryBusyError(f"{self._number} requests are under way; try again in a moment")
        self._taken += 1
        try:
            yield
        finally:
            self._taken -= 1

    async def run(self, work: Callable[[], Result]) -> Result:
        """Return what ``work`` returns, done in a thread."""
        return await to_thread.run_sync(work, limiter=self._threads, abandon_on_cancel=True)
