"""SPARQL from outside: checked, run, and its answer written."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO, StringIO
from itertools import islice
from typing import Any

from pyoxigraph import (
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Triple,
    parse_query_results,
    serialize,
)

from compactgraph.common.namespaces import PREFIXES, ROOT
from compactgraph.errors import NotAcceptableError, QueryError, QueryLimitError, shorten
from compactgraph.sparql.dataset import Dataset
from compactgraph.sparql.rows import Answer, GraphAnswer, answer_of, first_line, has_more
from compactgraph.sparql.safety import plain, verdict

_BASE = f"BASE <{ROOT}> "
_SAID_LENGTH = 200
_ON_LINE_1 = re.compile(r"(?<=error at 1:)\d+")
_IN_PARTS = "which is the limit; narrow the query, or ask for it in parts with LIMIT and OFFSET"

TABULAR: dict[str, QueryResultsFormat] = {
    "json": QueryResultsFormat.JSON,
    "xml": QueryResultsFormat.XML,
    "csv": QueryResultsFormat.CSV,
    "tsv": QueryResultsFormat.TSV,
}
"""The formats of the answer to a SELECT or ASK."""

GRAPHS: dict[str, RdfFormat] = {
    "turtle": RdfFormat.TURTLE,
    "ntriples": RdfFormat.N_TRIPLES,
    "rdfxml": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
}
"""The formats of the answer to a CONSTRUCT or DESCRIBE."""


@dataclass(frozen=True)
class GraphsAsked:
    """The IRIs of the graphs that make a query's default graph, and of those that GRAPH finds."""

    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()


@dataclass(frozen=True)
class Written:
    """An answer in one of the formats of :data:`TABULAR` and :data:`GRAPHS`."""

    content: bytes
    format: str


def run_sparql(store: Dataset, sparql: str, *, limit: int | None = None) -> Answer | GraphAnswer | bool:
    """Run a query from outside, for at most ``limit`` rows or triples.

    It is asked of the graphs of its FROM clauses, or else of all graphs together. Raises QueryError if
    it does not parse, is too long, changes something, or would reach out.
    """
    return _answered(_Checked.of(store, sparql), limit)


def _answered(query: _Checked, limit: int | None) -> Answer | GraphAnswer | bool:
    with _said_in_one_line():
        found = query.run()
        if isinstance(found, QueryBoolean):
            return bool(found)
        if isinstance(found, QuerySolutions):
            return answer_of(found, {}, limit)
        return GraphAnswer(list(islice(found, limit)), has_more(found, limit))


def write_sparql(
    store: Dataset,
    sparql: str,
    *,
    tabular: str | None,
    graph: str | None,
    asked: GraphsAsked | None = None,
    names_graphs: bool | None = None,
    rows: int,
    length: int,
) -> Written:
    """Run a query, and write its answer as the SPARQL 1.1 Protocol sends it.

    ``tabular`` and ``graph`` are the formats for the two kinds of answers, None if the client takes
    none; ``asked`` are the graphs, which go before FROM. ``names_graphs`` is what
    ``safety.names_its_graphs`` said of the query before. Raises QueryError as :func:`run_sparql` does,
    NotAcceptableError if the answer has no format, and QueryLimitError if it has more than ``rows``
    rows or triples, or ``length`` bytes.
    """
    return _written(_Checked.of(store, sparql, asked, names_graphs), tabular, graph, rows, length)


def _written(query: _Checked, tabular: str | None, graph: str | None, rows: int, length: int) -> Written:
    with _said_in_one_line():
        found = query.run()
        if isinstance(found, QuerySolutions | QueryBoolean):
            if tabular is None:
                raise NotAcceptableError(f"the answer is a table; ask for one of {', '.join(TABULAR)}")
            output = _Output(length)
            found.serialize(output, format=TABULAR[tabular])
            content = output.getvalue()
            if isinstance(found, QuerySolutions):
                _check_rows(_count(content, tabular), rows)
            return Written(content, tabular)
        if graph is None:
            raise NotAcceptableError(f"the answer is a graph; ask for one of {', '.join(GRAPHS)}")
        triples = list(islice(found, rows + 1))
    _check_rows(len(triples), rows)
    output = _Output(length)
    prefixes = {n: i for n, i in PREFIXES.items() if graph != "jsonld"}
    serialize(triples, output, format=GRAPHS[graph], prefixes=prefixes)
    return Written(output.getvalue(), graph)


class _Output(BytesIO):
    """Bytes up to a limit."""

    def __init__(self, limit: int) -> None:
        super().__init__()
        self._limit = limit

    def write(self, written: Any) -> int:
        number = super().write(written)
        if self.tell() > self._limit:
            raise QueryLimitError(f"the answer has more than {self._limit:,} bytes, {_IN_PARTS}")
        return number


def _count(content: bytes, format_: str) -> int:
    if format_ == "csv":
        return sum(1 for _ in csv.reader(StringIO(content.decode(), newline=""))) - 1
    solutions = parse_query_results(content, format=TABULAR[format_])
    assert isinstance(solutions, QuerySolutions)
    return sum(1 for _ in solutions)


def _check_rows(number: int, limit: int) -> None:
    if number > limit:
        raise QueryLimitError(f"the answer has more than {limit:,} rows or triples, {_IN_PARTS}")


@dataclass(frozen=True)
class _Checked:
    """A query that may be run, and its graphs as Oxigraph takes them.

    The parser keeps the frames that called it. Oxigraph's iterators must not be in them: only the thread
    that made them may release them. So the functions that run a query never check it.
    """

    store: Dataset
    sparql: str
    graphs: dict[str, Any]

    @classmethod
    def of(
        cls, store: Dataset, sparql: str, asked: GraphsAsked | None = None, from_: bool | None = None
    ) -> _Checked:
        """Check a query; ``from_`` says whether it has FROM, if that is known."""
        spelt = plain(sparql)
        if from_ is None:
            from_ = verdict(spelt)
        # With all graphs together, Oxigraph would ignore FROM.
        graphs: dict[str, Any] = {"use_default_graph_as_union": not from_}
        if asked is not None and (asked.default or asked.named):
            default, named = ([_graph(iri) for iri in some] for some in (asked.default, asked.named))
            graphs = {"default_graph": default, "named_graphs": named}
        return cls(store, spelt, graphs)

    def run(self) -> QuerySolutions | QueryBoolean | Iterator[Triple]:
        # SPARQL 1.1 Protocol: the service gives the base of a query without one.
        return self.store.query(_BASE + self.sparql, prefixes=PREFIXES, **self.graphs)


def _graph(iri: str) -> NamedNode:
    try:
        return NamedNode(iri)
    except ValueError:
        raise QueryError("a graph's name is no absolute IRI; write it out whole") from None


@contextmanager
def _said_in_one_line() -> Iterator[None]:
    """Raise QueryError if Oxigraph cannot parse or evaluate; let errors of a damaged store pass."""
    try:
        yield
    except (SyntaxError, ValueError) as error:
        said = _ON_LINE_1.sub(lambda column: str(int(column[0]) - len(_BASE)), first_line(error))
        raise QueryError(f"the query does not parse: {said}") from None
    except RuntimeError as error:
        if str(error).startswith("Corruption"):
            raise
        said = shorten(first_line(error), _SAID_LENGTH)
        raise QueryError(f"the query cannot be answered: {said}") from None
