"""Answers packed with gzip for those who take it.

A query's answer can be long, and is packed in the thread that waited for it; all else is packed by the
framework.
"""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

WORTH_PACKING = 1_000
"""From how many bytes on an answer is packed."""

LEVEL = 4
"""How hard it is packed: beyond this, more time than bytes is saved or lost."""

_NONE = frozenset({"q=0", "q=0.", "q=0.0", "q=0.00", "q=0.000"})


class Packing:
    """The application ``app``, with what is longer packed where that is asked for."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand before ``app``."""
        self._plain = app
        self._packed = GZipMiddleware(app, minimum_size=WORTH_PACKING, compresslevel=LEVEL)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; one that refuses gzip by its weight is not sent it either."""
        takes = scope["type"] == "http" and takes_gzip(Headers(scope=scope))
        await (self._packed if takes else self._plain)(scope, receive, send)


def takes_gzip(headers: Headers) -> bool:
    """Say whether the one who asks takes what is packed with gzip."""
    codings = ",".join(headers.getlist("accept-encoding")).lower().replace(" ", "")
    return any(
        name == "gzip" and weight not in _NONE
        for name, _, weight in (coding.partition(";") for coding in codings.split(","))
    )
