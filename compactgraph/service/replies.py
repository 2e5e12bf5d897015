"""A service's answers, read strictly: one that broke off is not taken for a short one."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pyoxigraph import (
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Triple,
    parse,
    parse_query_results,
)

from compactgraph.common.namespaces import XSD

TABLE_MEDIA = ("application/sparql-results+json",)
"""The media types asked for as the answer to a SELECT or ASK."""

GRAPH_MEDIA = ("application/n-triples", "text/turtle")
"""The media types asked for as a graph. N-Triples is a part of Turtle."""

_VIRTUOSO_TRUTH = "__ASK_RETVAL"


@dataclass(frozen=True)
class Table:
    """The columns of an answer, and its rows as JSON has them."""

    variables: list[str]
    rows: list[dict[str, Any]]

    @cached_property
    def _content(self) -> bytes:
        answer = {"head": {"vars": self.variables}, "results": {"bindings": self.rows}}
        return json.dumps(answer, ensure_ascii=False).encode()

    def solutions(self) -> QuerySolutions:
        """Return the rows as Oxigraph has them."""
        found = parse_query_results(self._content, format=QueryResultsFormat.JSON)
        assert isinstance(found, QuerySolutions)
        return found


def _read_json(content: bytes) -> dict[str, Any]:
    answer = json.loads(content)
    if not isinstance(answer, dict):
        raise ValueError("no object")
    return answer


def read_table(content: bytes) -> Table:
    """Return the rows of an answer; raise ValueError if it is malformed."""
    answer = _read_json(content)
    try:
        variables, rows = answer["head"]["vars"], answer["results"]["bindings"]
        for row in rows:
            for term in row.values():
                _mend(term)
    except (KeyError, TypeError, AttributeError):
        raise ValueError("no rows") from None
    table = Table(variables, rows)
    try:
        for _ in table.solutions():
            pass
    except SyntaxError:
        raise ValueError("no terms") from None
    return table


def _mend(term: dict[str, str]) -> None:
    """Mend a literal of Virtuoso: it says typed-literal, and writes true as 1 and false as 0."""
    if term["type"] == "typed-literal":
        term["type"] = "literal"
        if term["datatype"] == XSD + "boolean":
            term["value"] = {"1": "true", "0": "false"}.get(term["value"], term["value"])


def read_truth(content: bytes) -> bool:
    """Return the answer to an ASK; Virtuoso may give one row of one number."""
    answer = _read_json(content)
    if isinstance(answer.get("boolean"), bool):
        return bool(answer["boolean"])
    try:
        (row,) = answer["results"]["bindings"]
        return bool(row[_VIRTUOSO_TRUTH]["value"] == "1")
    except (KeyError, TypeError, ValueError):
        raise ValueError("no truth") from None


def read_triples(content: bytes) -> list[Triple]:
    """Return the triples of an answer; raise ValueError if it is malformed."""
    try:
        return [quad.triple for quad in parse(content, format=RdfFormat.TURTLE)]
    except SyntaxError:
        raise ValueError("no triples") from None


def row_key(row: dict[str, Any]) -> str:
    """Return a text that only equal rows share."""
    return json.dumps(row, sort_keys=True)
