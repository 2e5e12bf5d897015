"""What one who asks is told where there is no answer: a status, and one plain line.

Nothing of the machine stands in it: what is unexpected goes to the server's own log.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, Response

from compactgraph.errors import (
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
"""After how many seconds one who found no place may come again."""

UNEXPECTED = "the query could not be answered"
_AWAY = "the graph cannot be read at the moment; try again in a moment"
_CUT = "the service that holds the graph gave a part of the answer only; ask for less at once"
_LINES = {
    404: "there is nothing here; queries are answered at /sparql",
    405: "this is only read: ask with GET, or send a query with POST to /sparql",
}
_STATUSES: tuple[tuple[type[QueryError], int], ...] = (
    (QueryBusyError, 503),
    (QueryLimitError, 422),
    (NotAcceptableError, 406),
    (QueryLengthError, 413),
    (RefusedQueryError, 403),
    (QueryError, 400),
)


@dataclass(frozen=True)
class Refusal:
    """The status, the line, and what else the headers say."""

    status: int
    line: str
    headers: Mapping[str, str] = field(default_factory=dict)

    def response(self) -> Response:
        """Return it as plain text."""
        return PlainTextResponse(self.line + "\n", self.status, headers=dict(self.headers))


def refusal(error: Exception) -> Refusal:
    """Return what is said of an error."""
    if isinstance(error, HTTPException):
        framework = error.detail == HTTPException(error.status_code).detail
        line = _LINES.get(error.status_code, error.detail) if framework else error.detail
        return Refusal(error.status_code, _one_line(line), error.headers or {})
    again = {"Retry-After": str(RETRY_AFTER)}
    if isinstance(error, CutAnswerError):
        return Refusal(422, _CUT)
    if isinstance(error, StoreError | ServiceError):
        return Refusal(503, _AWAY, again)
    for class_, status in _STATUSES:
        if isinstance(error, class_):
            return Refusal(status, _one_line(str(error)), again if status == 503 else {})
    return Refusal(500, UNEXPECTED)


def _one_line(text: str) -> str:
    return " ".join(text.split())
