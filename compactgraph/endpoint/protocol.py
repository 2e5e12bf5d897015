"""The SPARQL 1.1 Protocol: read a request, and answer its query in the format it wants.

https://www.w3.org/TR/sparql11-protocol/, section 2.1: GET, POST of a form, POST of the query. Each
way of being malformed has its status and one plain line. Updates are refused here by the protocol's own
marks of them; the parser refuses an update that comes as a query.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import Message
from urllib.parse import parse_qsl

import anyio
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from compactgraph.endpoint.middleware import LEVEL, WORTH_PACKING, Places, takes_gzip
from compactgraph.endpoint.negotiation import EXTENSIONS, TYPES, wanted
from compactgraph.serving.bounded_queries import BoundedQueries
from compactgraph.sparql.running import GRAPHS, TABULAR, GraphsAsked, Written

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"

BODY_SECONDS = 10.0
"""How long a request's body may take to arrive."""

_FIELDS = 1_000
_BROKEN_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_READS_ONLY = "this endpoint reads only; it takes no update"

Parameters = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class ProtocolQuery:
    """A query as it was asked, its graphs, and what ``format=`` and ``download=`` say of the answer."""

    sparql: str
    asked: GraphsAsked
    format: str | None = None
    download: bool = False


async def read_query(request: Request, length: int) -> ProtocolQuery | None:
    """Return the query that a request asks, or None if a GET has none.

    ``length`` is the most bytes that a body may have. Raises HTTPException if the request is not
    one of the protocol's: 400, 403, 408, 413 or 415.
    """
    parameters = decoded(request.scope["query_string"])
    if request.method != "POST":
        return query_in(parameters, required=False)
    media_type, charset = content_type(request.headers.get("content-type", ""))
    if media_type == UPDATE:
        raise HTTPException(403, _READS_ONLY)
    if media_type not in (FORM, QUERY):
        raise HTTPException(415, f"a query is sent as {FORM} or {QUERY}")
    if charset not in ("", "utf-8", "utf8"):
        raise HTTPException(415, "a query is sent in UTF-8")
    body = await read_body(request, length)
    if media_type == FORM:
        return query_in([*parameters, *decoded(body)], required=True)
    return query_in([*parameters, ("query", _text(body))], required=True)


def content_type(header: str) -> tuple[str, str]:
    """Return the media type and the charset that a Content-Type names, in small letters."""
    message = Message()
    message["content-type"] = header
    named = message.get_content_type() if header.strip() else ""
    return named, str(message.get_param("charset", "")).lower()


async def read_body(request: Request, length: int) -> bytes:
    """Return a request's body; raise HTTPException if it is too long or slow."""
    too_long = HTTPException(413, f"the request has more than {length:,} bytes; ask a shorter query")
    said = request.headers.get("content-length", "")
    if said.isdecimal() and (len(said) > 12 or int(said) > length):
        raise too_long
    read = bytearray()
    with anyio.move_on_after(BODY_SECONDS) as patience:
        async for chunk in request.stream():
            read += chunk
            if len(read) > length:
                raise too_long
    if patience.cancelled_caught:
        raise HTTPException(408, f"the request took longer than {BODY_SECONDS:g} seconds to arrive")
    return bytes(read)


def decoded(encoded: bytes) -> list[tuple[str, str]]:
    """Return the parameters of an address or a form; raise HTTPException (400) if it is not UTF-8."""
    text = _text(encoded)
    if _BROKEN_ESCAPE.search(text):
        raise HTTPException(400, "a % in the request begins no escape; write it as %25")
    try:
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=_FIELDS)
    except UnicodeDecodeError:
        raise _not_utf8() from None
    except ValueError:
        raise HTTPException(400, f"the request has more than {_FIELDS:,} parameters") from None


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        raise _not_utf8() from None


def _not_utf8() -> HTTPException:
    return HTTPException(400, "the request is no UTF-8; encode it anew")


def query_in(parameters: Parameters, *, required: bool) -> ProtocolQuery | None:
    """Return the query that the parameters have, or None if they have none and need none.

    Raises HTTPException: 403 for an update, 400 for several queries, or for none.
    """
    if all_of(parameters, "update"):
        raise HTTPException(403, _READS_ONLY)
    queries = all_of(parameters, "query")
    if len(queries) > 1:
        raise HTTPException(400, "the request has several queries; send one")
    if not queries:
        if required:
            raise HTTPException(400, "the request has no query; send one as 'query'")
        return None
    asked = GraphsAsked(all_of(parameters, "default-graph-uri"), all_of(parameters, "named-graph-uri"))
    return ProtocolQuery(
        queries[0],
        asked,
        first_of(parameters, "format"),
        first_of(parameters, "download") == "1",
    )


def all_of(parameters: Parameters, name: str) -> tuple[str, ...]:
    """Return the values of a parameter, in order."""
    return tuple(value for given, value in parameters if given == name)


def first_of(parameters: Parameters, name: str) -> str | None:
    """Return the first value of a parameter, None if there is none."""
    return next((value for given, value in parameters if given == name), None)


@dataclass(frozen=True)
class Asking:
    """Has queries answered within their bounds, each in a thread that waits for it."""

    queries: BoundedQueries
    places: Places

    async def answer(self, request: Request, query: ProtocolQuery) -> Response:
        """Return the answer to a query.

        Raises HTTPException (406) if the request wants no format there is, and what
        :meth:`compactgraph.serving.bounded_queries.BoundedQueries.write` raises.
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
    """Return the Accept header of a request, empty if it has none."""
    return ", ".join(request.headers.getlist("accept"))


def not_acceptable(formats: list[str]) -> HTTPException:
    """Return the error that says which formats there are."""
    offered = ", ".join(TYPES[format_].partition(";")[0] for format_ in formats)
    return HTTPException(406, f"the answer can be had as {offered}")
