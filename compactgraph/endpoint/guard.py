"""What stands before every request: whom the server answers for, how long an address may be, and the
headers that each answer has. What goes wrong without a cause that is known ends here.

A page elsewhere can give its own name this machine's address (DNS rebinding), and would then read what
is not its own, or have itself named in what is described. So only known names are answered for.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Collection
from dataclasses import dataclass

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from compactgraph.endpoint.refusals import UNEXPECTED, Refusal

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})

ADDRESS_LIMIT = 64_000
"""The longest address that is read, in bytes; a longer query is sent by POST."""

_HOST = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9._-]+))(:\d{1,5})?")
_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}
_LOG = logging.getLogger("compactgraph.endpoint")


@dataclass(frozen=True)
class Guard:
    """The application ``app``, behind the guard; ``hosts`` are the names that it answers for."""

    app: ASGIApp
    hosts: Collection[str]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
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
            return Refusal(421, "this server does not answer for that host; see --base")
        if len(scope["raw_path"]) + len(scope["query_string"]) > ADDRESS_LIMIT:
            return Refusal(414, f"the address has more than {ADDRESS_LIMIT:,} bytes; use POST")
        return None


def answers_for(host: str, known: Collection[str]) -> bool:
    """Say whether a Host header, with or without a port, names one of the ``known`` hosts."""
    match = _HOST.fullmatch(host)
    return match is not None and (match[1] or match[2]).lower() in {name.lower() for name in known}
