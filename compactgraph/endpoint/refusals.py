"""The status and the line of an answer that is refused or fails.

The line says nothing of the machine: unexpected errors go to the server's own log.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, Response

from compactgraph.errors import (
    CompactgraphError,
    CutAnswerError,
    NotAcceptableError,
    QueryBusyError,
    QueryError,
    QueryLengthError,
    QueryLimitError,
    RefusedQueryError,
    ServiceError,
    StoreError,
)

RETRY_AFTER = 2
"""After how many seconds to come again, if there was no place."""

UNEXPECTED = "the query could not be answered"
_AWAY = "the graph cannot be read at the moment; try again in a moment"
_CUT = "the service that holds the graph gave a part of the answer only; ask for less at once"
_FRAMEWORK_LINES = {
    404: "there is nothing here; queries are answered at /sparql",
    405: "this is only read: ask with GET, or send a query with POST to /sparql",
}
_STATUSES: tuple[tuple[type[CompactgraphError], int, str], ...] = (
    (CutAnswerError, 422, _CUT),
    (StoreError, 503, _AWAY),
    (ServiceError, 503, _AWAY),
    (QueryBusyError, 503, ""),
    (QueryLimitError, 422, ""),
    (NotAcceptableError, 406, ""),
    (QueryLengthError, 413, ""),
    (RefusedQueryError, 403, ""),
    (QueryError, 400, ""),
)
"""The status of each error, and the line for one whose own line would name the machine."""


@dataclass(frozen=True)
class Refusal:
    """The status, the line, and further headers."""

    status: int
    line: str
    headers: Mapping[str, str] = field(default_factory=dict)

    def response(self) -> Response:
        """Return it as plain text."""
        return PlainTextResponse(self.line + "\n", self.status, headers=dict(self.headers))


def refusal(error: Exception) -> Refusal:
    """Return what to say of an error."""
    if isinstance(error, HTTPException):
        framework = error.detail == HTTPException(error.status_code).detail
        line = _FRAMEWORK_LINES.get(error.status_code, error.detail) if framework else error.detail
        return Refusal(error.status_code, _one_line(line), error.headers or {})
    for class_, status, line in _STATUSES:
        if isinstance(error, class_):
            headers = {"Retry-After": str(RETRY_AFTER)} if status == 503 else {}
            return Refusal(status, line or _one_line(str(error)), headers)
    return Refusal(500, UNEXPECTED)


def _one_line(text: str) -> str:
    return " ".join(text.split())
