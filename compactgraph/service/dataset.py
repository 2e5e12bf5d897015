"""A store on a remote SPARQL service, asked like a local one, whose answers are never cut.

Services cap the rows of an answer, often without saying so. A probe query with a known number of rows
finds the cap, or shows that answers of a length come whole. An answer that may be cut is asked for again
in pages, whose rows must be as many as the service counts.

A service may hold graphs of others, so each query names the graphs of the store if they are few.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Triple,
    Variable,
    parse,
    parse_query_results,
)

from compactgraph.common.namespaces import OWL, ROOT, XSD
from compactgraph.errors import CutAnswerError, ServiceError
from compactgraph.service.client import Service
from compactgraph.sparql.dataset import GraphName, Subject, Term
from compactgraph.sparql.rewriting import QueryText, with_prefixes, with_values
from compactgraph.sparql.running import GraphsAsked

NAMED_GRAPHS = 64
"""The most graphs that a query names; with more, the service's default graph is asked."""

TABLE_MEDIA = ("application/sparql-results+json",)
"""The media types asked for as the answer to a SELECT or ASK."""

GRAPH_MEDIA = ("application/n-triples", "text/turtle")
"""The media types asked for as a graph. N-Triples is a part of Turtle."""

_VIRTUOSO_TRUTH = "__ASK_RETVAL"


_NO_GRAPH = ROOT + "graph/none"
_SMALLEST_PROBE = 1000
_PROBE_FACTOR = 4
_COUNTED_FROM = 25_000
_COUNT_NAME = "compactgraph_rows"
_PATTERN = "SELECT ?subject ?predicate ?object ?graph { GRAPH ?graph { ?subject ?predicate ?object } }"
_UNION = f"ASK {{ <{ROOT}ontology> a <{OWL}Ontology> }}"
_Graphs = tuple[str, ...]


class RemoteDataset:
    """The named graphs of a store on a service, for reading from any thread."""

    def __init__(self, service: Service, graphs: Iterable[str]) -> None:
        """Set the service and the store's graphs. Asks nothing yet."""
        self._service = service
        self._graphs = tuple(dict.fromkeys(graphs))
        self._known = frozenset(self._graphs)
        self._limits = service.row_limits
        self._is_union = False

    def query(
        self,
        query: str,
        *,
        use_default_graph_as_union: bool = False,
        default_graph: list[NamedNode | BlankNode | DefaultGraph] | None = None,
        named_graphs: list[NamedNode | BlankNode] | None = None,
        prefixes: dict[str, str] | None = None,
        substitutions: Mapping[Variable, NamedNode | BlankNode | Literal | Triple] | None = None,
    ) -> QuerySolutions | QueryBoolean | Iterator[Triple]:
        """Run a query, with ``substitutions`` for some of its variables, and return what it finds.

        The project's prefixes are always declared; ``prefixes`` is ignored. A query's own FROM finds
        only the store's graphs. Raises SyntaxError for a malformed query, ServiceError if the service
        does not answer, and CutAnswerError if it gives only a part.
        """
        bound = {variable.value: term for variable, term in (substitutions or {}).items()}
        text = QueryText.parse(with_values(with_prefixes(query), bound))
        asked = self._dataset(text, use_default_graph_as_union, default_graph, named_graphs)
        if text.form == "ASK":
            reply = self._service.query(text.whole, read_truth, accept=TABLE_MEDIA, asked=asked)
            content = json.dumps({"head": {}, "boolean": reply.parsed})
            return parse_query_results(content, format=QueryResultsFormat.JSON)
        if text.form == "SELECT":
            return self._table(text, asked).solutions()
        return iter(self._triples(text, asked))

    def quads_for_pattern(
        self,
        subject: Subject | None,
        predicate: NamedNode | None,
        object: Term | None,
        graph_name: GraphName | None = None,
    ) -> Iterator[Quad]:
        """Yield the quads with all the given terms; raise as :meth:`query` does."""
        given = {"subject": subject, "predicate": predicate, "object": object}
        # The store has neither; in a query, a blank node would be a variable.
        if any(isinstance(term, BlankNode | Triple) for term in given.values()):
            return
        terms = {n: term for n, term in given.items() if isinstance(term, NamedNode | Literal)}
        if terms and graph_name is None:
            yield from self._matching(terms, self._graphs if self._names_graphs else ())
            return
        for graph in self._graphs if graph_name is None else _names([graph_name]):
            if graph in self._known:
                yield from self._matching({**terms, "graph": NamedNode(graph)}, (graph,))

    def named_graphs(self) -> Iterator[NamedNode | BlankNode]:
        """Yield the names of the store's graphs."""
        return map(NamedNode, self._graphs)

    def _matching(self, terms: Mapping[str, NamedNode | Literal], graphs: _Graphs) -> Iterator[Quad]:
        text = QueryText.parse(with_values(_PATTERN, terms))
        asked = GraphsAsked((_NO_GRAPH,), graphs) if graphs else GraphsAsked()
        for row in self._table(text, asked).solutions():
            if row["graph"].value in self._known:
                yield Quad(row["subject"], row["predicate"], row["object"], row["graph"])

    # The graphs of a query

    @property
    def _names_graphs(self) -> bool:
        return len(self._graphs) <= NAMED_GRAPHS

    def _dataset(
        self,
        text: QueryText,
        union: bool,
        default: list[NamedNode | BlankNode | DefaultGraph] | None,
        named: list[NamedNode | BlankNode] | None,
    ) -> GraphsAsked:
        if text.keeps_from:
            return GraphsAsked()
        if text.default or text.named:
            return GraphsAsked(self._own(text.default), self._own(text.named))
        if default is not None or named is not None:
            asked_named = self._graphs if named is None else _names(named)
            return GraphsAsked(self._own(_names(default or [])), self._own(asked_named))
        if not union:
            return GraphsAsked((_NO_GRAPH,), self._own(self._graphs))
        if self._names_graphs:
            return GraphsAsked(self._own(self._graphs), self._own(self._graphs))
        self._check_union()
        return GraphsAsked()

    def _own(self, graphs: Iterable[str]) -> _Graphs:
        """Return those of ``graphs`` that are the store's, or else a graph that holds nothing."""
        return tuple(graph for graph in graphs if graph in self._known) or (_NO_GRAPH,)

    def _check_union(self) -> None:
        """Check, once, that the service's default graph is all its graphs together."""
        if self._is_union:
            return
        if not self._service.query(_UNION, read_truth, accept=TABLE_MEDIA).parsed:
            raise ServiceError(
                f"{self._service.name}: {len(self._graphs)} graphs are too many to name in each query, "
                "and the service's default graph is not their union; configure it so there"
            )
        self._is_union = True

    # Whole answers

    def _table(self, text: QueryText, asked: GraphsAsked) -> Table:
        """Return the whole answer of a SELECT."""
        reply = self._service.query(text.whole, read_table, accept=TABLE_MEDIA, asked=asked)
        table, limit = reply.parsed, reply.row_limit
        if limit is not None and len(table.rows) >= limit:
            self._limits.cap = min(limit, self._limits.cap or limit)
        if self._is_whole(text, asked, len(table.rows)):
            return table
        if text.keeps_from:
            raise self._cut("its FROM cannot be told from its text; write the graph as <IRI>")
        return self._paged(text, asked, table.variables)

    def _rows(self, sparql: str, asked: GraphsAsked) -> list[dict[str, Any]]:
        return self._service.query(sparql, read_table, accept=TABLE_MEDIA, asked=asked).parsed.rows

    def _is_whole(self, text: QueryText, asked: GraphsAsked, rows: int) -> bool:
        """Say whether a SELECT's answer is whole: count a long one, judge others by their length."""
        limits = self._limits
        if limits.cap is not None or rows < max(limits.proven, _COUNTED_FROM) or text.keeps_from:
            return self._gives_whole(rows)
        if self._count(text.length(_COUNT_NAME), asked) != rows:
            limits.cap = rows
            return False
        limits.proven = rows + 1
        return True

    def _gives_whole(self, rows: int) -> bool:
        """Say whether the service gives an answer of so many rows whole; probe it if that is unknown."""
        with self._limits.lock:
            if self._limits.cap is None and rows >= self._limits.proven:
                wanted, probe = _probe(max(_SMALLEST_PROBE, _PROBE_FACTOR * rows))
                given = len(self._rows(probe, GraphsAsked()))
                if given == wanted:
                    self._limits.proven = wanted
                elif 0 < given < wanted:
                    self._limits.cap = given
                else:
                    raise self._cut("it could not be found out where it cuts answers")
            return rows < (self._limits.proven if self._limits.cap is None else self._limits.cap)

    def _paged(self, text: QueryText, asked: GraphsAsked, variables: list[str]) -> Table:
        """Return an answer put together from pages, whose rows are as many as the service counts."""
        size = self._limits.cap
        if size is None or not variables:
            raise self._cut("this one cannot be asked for in pages")
        rows: list[dict[str, Any]] = []
        while True:
            page = self._rows(text.page(variables, size, len(rows)), asked)
            rows += page
            if len(page) != size:
                break
        unequal = {json.dumps(row, sort_keys=True) for row in rows}
        for found, distinct in ((len(rows), False), (len(unequal), True)):
            counted = self._count(text.length(_COUNT_NAME, distinct=distinct), asked)
            if counted != found:
                kind = " distinct" if distinct else ""
                raise self._cut(f"its pages have {found:,}{kind} rows of {counted:,}")
        return Table(variables, rows)

    def _count(self, sparql: str, asked: GraphsAsked) -> int:
        try:
            return int(self._rows(sparql, asked)[0][_COUNT_NAME]["value"])
        except (IndexError, KeyError, ValueError):
            raise self._cut("it could not be counted") from None

    def _triples(self, text: QueryText, asked: GraphsAsked) -> list[Triple]:
        """Return a graph's triples; raise CutAnswerError if some may be missing."""
        reply = self._service.query(text.whole, read_triples, accept=GRAPH_MEDIA, asked=asked)
        solutions = len(reply.parsed)
        if text.form == "CONSTRUCT" and not text.keeps_from:
            solutions = self._count(text.solutions().length(_COUNT_NAME), asked)
        if not self._gives_whole(max(solutions, len(reply.parsed))):
            raise self._cut(f"a {text.form} cannot be asked for in pages; narrow it, or use SELECT")
        return reply.parsed

    def _cut(self, why: str) -> CutAnswerError:
        limit = "" if self._limits.cap is None else f" at {self._limits.cap:,} rows"
        return CutAnswerError(f"{self._service.name} cuts its answers{limit}, and {why}")


def _names(graphs: Iterable[GraphName]) -> list[str]:
    return [graph.value for graph in graphs if isinstance(graph, NamedNode)]


def _probe(least: int) -> tuple[int, str]:
    """Return a query that reads no graph, and how many rows it has: at least ``least``."""
    columns, rows = [], 1
    while rows < least:
        column = min(10, -(-least // rows))
        columns.append(column)
        rows *= column
    blocks = (
        f"VALUES ?column{place} {{ {' '.join(map(str, range(size)))} }}"
        for place, size in enumerate(columns)
    )
    return rows, f"SELECT ?column0 {{ {' '.join(blocks)} }}"


# Answers, read strictly: one that broke off is not taken for a short one


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
