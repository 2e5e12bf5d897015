"""The SPARQL 1.1 Protocol: read a request, and answer its query in the format it wants.

https://www.w3.org/TR/sparql11-protocol/, section 2.1: GET, POST of a form, POST of the query. Each
malformed request has its status and one plain line.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import Message
from functools import partial
from urllib.parse import parse_qsl

import anyio
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from compactgraph.endpoint.middleware import Places
from compactgraph.endpoint.negotiation import FORMATS, wanted
from compactgraph.serving.bounded_queries import BoundedQueries
from compactgraph.sparql.running import GRAPHS, TABULAR, GraphsAsked

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
    """A query, the graphs it is asked of, and the parameters ``format`` and ``download``."""

    sparql: str
    asked: GraphsAsked
    format: str | None = None
    download: bool = False


async def read_query(request: Request, length: int) -> ProtocolQuery | None:
    """Return the query of a request, or None if a GET has none.

    ``length`` is the most bytes of a body. Raises HTTPException (400, 403, 408, 413 or 415) if the
    request breaks the protocol. The parser refuses an update that comes as a query.
    """
    parameters = decoded(request.scope["query_string"])
    if request.method != "POST":
        return _query_in(parameters, required=False)
    header = Message()
    header["Content-Type"] = request.headers.get("content-type", "")
    media_type, charset = header.get_content_type(), str(header.get_param("charset", "")).lower()
    if media_type == UPDATE:
        raise HTTPException(403, _READS_ONLY)
    if media_type not in (FORM, QUERY):
        raise HTTPException(415, f"a query is sent as {FORM} or {QUERY}")
    if charset not in ("", "utf-8", "utf8"):
        raise HTTPException(415, "a query is sent in UTF-8")
    body = await _read_body(request, length)
    sent = decoded(body) if media_type == FORM else [("query", _text(body))]
    return _query_in([*parameters, *sent], required=True)


async def _read_body(request: Request, length: int) -> bytes:
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


def _query_in(parameters: Parameters, *, required: bool) -> ProtocolQuery | None:
    """Return the query of the parameters, or None if they have none and need none.

    Raises HTTPException: 403 for an update, 400 for several queries, or for none.
    """
    if _all_of(parameters, "update"):
        raise HTTPException(403, _READS_ONLY)
    queries = _all_of(parameters, "query")
    if len(queries) > 1:
        raise HTTPException(400, "the request has several queries; send one")
    if not queries and required:
        raise HTTPException(400, "the request has no query; send one as 'query'")
    if not queries:
        return None
    default, named = (_all_of(parameters, f"{kind}-graph-uri") for kind in ("default", "named"))
    download = first_of(parameters, "download") == "1"
    return ProtocolQuery(
        queries[0], GraphsAsked(default, named), first_of(parameters, "format"), download
    )


def _all_of(parameters: Parameters, name: str) -> tuple[str, ...]:
    return tuple(value for given, value in parameters if given == name)


def first_of(parameters: Parameters, name: str) -> str | None:
    """Return the first value of a parameter, or None if it is missing."""
    return next((value for given, value in parameters if given == name), None)


async def answer(
    queries: BoundedQueries, places: Places, request: Request, query: ProtocolQuery
) -> Response:
    """Return the answer to a query, run in a thread of the ``places``.

    Raises HTTPException (406) if no format fits, and what
    :meth:`compactgraph.serving.bounded_queries.BoundedQueries.write` raises.
    """
    formats = wanted(accepted(request), query.format)
    if formats.tabular is None and formats.graph is None:
        raise not_acceptable([*TABULAR, *GRAPHS])
    chosen = {"tabular": formats.tabular, "graph": formats.graph}
    written = await places.run(partial(queries.write, query.sparql, asked=query.asked, **chosen))
    headers = {"Content-Type": FORMATS[written.format].content_type}
    if query.download:
        name = f"answer.{FORMATS[written.format].extension}"
        headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return Response(written.content, headers=headers)


def accepted(request: Request) -> str:
    """Return the Accept header of a request, empty if it has none."""
    return ", ".join(request.headers.getlist("accept"))


def not_acceptable(formats: list[str]) -> HTTPException:
    """Return the error that says which formats there are."""
    offered = ", ".join(FORMATS[format_].media_type for format_ in formats)
    return HTTPException(406, f"the answer can be had as {offered}")
