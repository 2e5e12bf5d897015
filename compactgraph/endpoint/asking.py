"""The endpoint itself: a query of the protocol in, its answer in the format that is wanted out."""

from __future__ import annotations

import gzip
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from compactgraph.endpoint.negotiation import EXTENSIONS, TYPES, wanted
from compactgraph.endpoint.packing import LEVEL, WORTH_PACKING, takes_gzip
from compactgraph.endpoint.places import Places
from compactgraph.endpoint.protocol import ProtocolQuery
from compactgraph.serving.pool import BoundedQueries
from compactgraph.sparql.running import GRAPHS, TABULAR, Written


@dataclass(frozen=True)
class Asking:
    """Has queries answered within their bounds, each in a thread that waits for it."""

    queries: BoundedQueries
    places: Places

    async def answer(self, request: Request, query: ProtocolQuery) -> Response:
        """Return the answer to a query.

        Raises HTTPException (406) where no format of any answer is wanted, and what
        :meth:`compactgraph.serving.pool.BoundedQueries.write` raises.
        """
        formats = wanted(accepted(request), query.format)
        if formats.tabular is None and formats.graph is None:
            raise not_acceptable([*TABULAR, *GRAPHS])
        packs = takes_gzip(request.headers)

        def work() -> tuple[Written, bytes | None]:
            written = self.queries.write(
                query.sparql, tabular=formats.tabular, graph=formats.graph, asked=query.asked
            )
            worth = packs and len(written.content) >= WORTH_PACKING
            return written, gzip.compress(written.content, LEVEL) if worth else None

        written, packed = await self.places.run(work)
        headers = {"Content-Type": TYPES[written.format], "Vary": "Accept-Encoding"}
        if packed is not None:
            headers["Content-Encoding"] = "gzip"
        if query.download:
            name = f"answer.{EXTENSIONS[written.format]}"
            headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return Response(written.content if packed is None else packed, headers=headers)


def accepted(request: Request) -> str:
    """Return the Accept header of a request, the empty text where it has none."""
    return ", ".join(request.headers.getlist("accept"))


def not_acceptable(formats: list[str]) -> HTTPException:
    """Return the error that says which formats there are."""
    offered = ", ".join(TYPES[format_].partition(";")[0] for format_ in formats)
    return HTTPException(406, f"the answer can be had as {offered}")
