"""Every saved question and every view gives the same rows on servers that others built."""

from __future__ import annotations

import re
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import httpx
import pytest
from pyoxigraph import (
    Literal,
    NamedNode,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Store,
    Triple,
    parse_query_results,
    serialize,
)

from compactgraph.common.identifiers import ReviewIRIs
from compactgraph.common.namespaces import CG, REFERENCES_GRAPH, ROOT
from compactgraph.sparql.questions import SavedQuestion, bind, saved_questions
from compactgraph.sparql.rewriting import with_prefixes, with_values
from compactgraph.sparql.rows import Answer, Cell, answer_of, select
from tests.conftest import PROJECT
from tests.support.engines import ENGINES, Engine, missing, oxigraph_server, virtuoso

ONTOLOGY = PROJECT / "ontology"
QUESTIONS = saved_questions(ONTOLOGY)
VIEWS = sorted(path.stem for path in (ONTOLOGY / "views").glob("*.rq"))
EXAMPLES = {
    "review": "bristol",
    "reference": "vcse-strategy",
    "provision": "1.11",
    "theme": "1",
    "number": "2",
    "text": "support",
    "outcome": "absorbed",
    "party": "shared",
    "disposition": "keep",
    "reason": "implicit",
    "relation": "moves",
    "status": "recommended",
}
BRISTOL = ReviewIRIs("bristol")
ITEMS = {
    "review": [BRISTOL.base, ReviewIRIs("small-review").base],
    "provision": [BRISTOL.provision(name) for name in ("1.11", "national-compact", "theme-2")],
    "graph": [BRISTOL.graph("references"), REFERENCES_GRAPH],
    "item": [BRISTOL.provision("1.10"), BRISTOL.recommendation("1.4-r2"), BRISTOL.document],
    "thing": [
        BRISTOL.provision("1.11"),
        BRISTOL.base,
        BRISTOL.graph("source"),
        CG + "Provision",
        ROOT + "ontology",
    ],
}
# What a view begins with and is not given: it is asked for all of them.
FREE = {"class", "kind", "property", "scheme"}
# These are of all that a service holds, and Virtuoso holds graphs of its own.
OWN_GRAPHS_ONLY = {name for name in VIEWS if name.startswith("endpoint-")}


@dataclass(frozen=True)
class Service:
    """A running engine with the graphs of two reviews, which are named with each query, or none is."""

    engine: Engine
    graphs: list[str]

    def answer(self, sparql: str) -> QuerySolutions:
        """Return what the engine answers to a SELECT over all the graphs."""
        graphs = [(f"{kind}-graph-uri", g) for kind in ("default", "named") for g in self.graphs]
        body = urllib.parse.urlencode([("query", sparql), *graphs]).encode()
        request = urllib.request.Request(self.engine.query_url, body)
        request.add_header("Accept", "application/sparql-results+json")
        with urllib.request.urlopen(request, timeout=120) as reply:
            found = parse_query_results(reply.read(), format=QueryResultsFormat.JSON)
        assert isinstance(found, QuerySolutions)
        return found


@contextmanager
def loaded(name: str, folder: Path, store: Store, *, union: bool = False) -> Iterator[Service]:
    if reason := missing(name):
        pytest.skip(reason)
    running = oxigraph_server(folder, union=union) if name == "oxigraph" else virtuoso(folder)
    with running as engine:
        graphs = [g for g in store.named_graphs() if isinstance(g, NamedNode)]
        for graph in graphs:
            quads = store.quads_for_pattern(None, None, None, graph)
            triples = (Triple(q.subject, q.predicate, q.object) for q in quads)
            put(engine, graph.value, serialize(triples, format=RdfFormat.N_TRIPLES) or b"")
        yield Service(engine, [] if union else [graph.value for graph in graphs])


@pytest.fixture(scope="module", params=ENGINES)
def service(
    request: pytest.FixtureRequest, two_reviews: Store, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Service]:
    with loaded(request.param, tmp_path_factory.mktemp(request.param), two_reviews) as running:
        yield running


@pytest.fixture(scope="module", params=ENGINES)
def union(
    request: pytest.FixtureRequest, two_reviews: Store, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Service]:
    """An engine whose default graph is all its graphs, of which none is named in a query."""
    folder = tmp_path_factory.mktemp(f"{request.param}-union")
    with loaded(request.param, folder, two_reviews, union=True) as running:
        yield running


def put(engine: Engine, graph: str, content: bytes) -> None:
    """Put a graph by the Graph Store Protocol; Virtuoso takes N-Triples by Turtle's name only."""
    with httpx.Client() as session:
        if engine.user is not None and engine.password is not None:
            # Virtuoso breaks the connection in the middle of a body that is not signed.
            session.auth = httpx.DigestAuth(engine.user, engine.password)
            session.get(engine.graph_store_url, params={"graph": graph}, timeout=120)
        reply = session.put(
            engine.graph_store_url,
            content=content,
            params={"graph": graph},
            headers={"Content-Type": "text/turtle"},
            timeout=120,
        )
    assert reply.status_code in (200, 201, 204)


def asked(question: SavedQuestion) -> Iterator[dict[str, str]]:
    """Yield the parameters that a question is asked with: those it needs, and one of the others."""
    needed = {p.name: EXAMPLES[p.kind] for p in question.parameters if not p.optional}
    yield needed
    for parameter in question.parameters:
        if parameter.optional:
            yield {**needed, parameter.name: EXAMPLES[parameter.kind]}


def plain(rows: list[tuple[Cell, ...]]) -> list[list[tuple[str, Cell]]]:
    """Return the cells with the names of their types: Python's True equals 1, and 1 equals 1.0."""
    return [[(type(value).__name__, value) for value in row] for row in rows]


@cache
def expected_of(store: Store, sparql: str, bound: tuple[tuple[str, NamedNode | Literal], ...]) -> Answer:
    """Return what the store itself answers, with which each engine is compared."""
    return select(store, sparql, dict(bound))


def assert_same(
    store: Store, service: Service, sparql: str, bound: Mapping[str, NamedNode | Literal]
) -> None:
    expected = expected_of(store, sparql, tuple(bound.items()))
    found = answer_of(service.answer(with_prefixes(with_values(sparql, bound))), bound, None)
    assert found.columns == expected.columns
    assert plain(found.rows) == plain(expected.rows)


def text_of(view: str) -> str:
    return (ONTOLOGY / "views" / f"{view}.rq").read_text(encoding="utf-8")


def given_to(view: str) -> str | None:
    """Return the variable that a view is given: it stands first, so that it can be left out."""
    found = re.search(r"SELECT\s+(?:DISTINCT\s+)?\?(\w+)", text_of(view))
    return None if found is None or found[1] in FREE or view == "endpoint-graphs" else found[1]


def bindings(question: str, values: Mapping[str, str], store: Store) -> dict[str, NamedNode | Literal]:
    kinds = {parameter.name: parameter.kind for parameter in QUESTIONS[question].parameters}
    return {key: bind(store, kinds[key], value, "bristol") for key, value in values.items()}


ASKED = pytest.mark.parametrize(
    ("name", "values"),
    [(name, values) for name, question in QUESTIONS.items() for values in asked(question)],
    ids=lambda value: value if isinstance(value, str) else ",".join(value),
)
SHOWN = pytest.mark.parametrize(
    ("name", "iri"),
    [(name, iri) for name in VIEWS for iri in ITEMS.get(given_to(name) or "", [None])],
    ids=lambda value: "all" if value is None else value.removeprefix(ROOT),
)


@ASKED
def test_a_saved_question(
    name: str, values: dict[str, str], service: Service, two_reviews: Store
) -> None:
    bound = bindings(name, values, two_reviews)
    assert_same(two_reviews, service, QUESTIONS[name].sparql, bound)


@ASKED
def test_a_saved_question_where_no_graph_is_named(
    name: str, values: dict[str, str], union: Service, two_reviews: Store
) -> None:
    bound = bindings(name, values, two_reviews)
    assert_same(two_reviews, union, QUESTIONS[name].sparql, bound)


@SHOWN
def test_a_view(name: str, iri: str | None, service: Service, two_reviews: Store) -> None:
    variable = given_to(name)
    bound = {variable: NamedNode(iri)} if variable and iri else {}
    assert_same(two_reviews, service, text_of(name), bound)


@pytest.mark.parametrize(
    ("name", "iri"),
    [
        (name, ITEMS[given][0] if (given := given_to(name)) else None)
        for name in VIEWS
        if name not in OWN_GRAPHS_ONLY
    ],
)
def test_a_view_where_no_graph_is_named(
    name: str, iri: str | None, union: Service, two_reviews: Store
) -> None:
    variable = given_to(name)
    bound = {variable: NamedNode(iri)} if variable and iri else {}
    assert_same(two_reviews, union, text_of(name), bound)


def test_what_a_view_is_given_is_known_here() -> None:
    assert {given for name in VIEWS if (given := given_to(name))} == set(ITEMS)


def test_no_triple_stands_in_two_graphs(two_reviews: Store) -> None:
    triples = [(q.subject, q.predicate, q.object) for q in two_reviews]
    assert len(set(triples)) == len(triples)
