"""A request of the SPARQL 1.1 Protocol: the query, and the graphs that it is asked of.

https://www.w3.org/TR/sparql11-protocol/, section 2.1: GET, POST of a form, POST of the query. Each
way of being malformed has its status and one plain line. Updates are refused here by the protocol's own
marks of them; an update that comes as a query is refused where it is parsed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import Message
from urllib.parse import parse_qsl

import anyio
from starlette.exceptions import HTTPException
from starlette.requests import Request

from compactgraph.sparql.running import GraphsAsked

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
    """Return the query that a request asks, or None where a GET has none.

    ``length`` is the most bytes that a body may have. Raises HTTPException where the request is none
    of the protocol's: 400, 403, 408, 413 or 415.
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
    """Return a request's body; raise HTTPException where it is too long or slow."""
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
    """Return the parameters of an address or a form; raise HTTPException (400) for what is no UTF-8."""
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
    """Return the query that the parameters have, or None where they have none and need not.

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
    """Return the first value of a parameter, None where it has none."""
    return next((value for given, value in parameters if given == name), None)
