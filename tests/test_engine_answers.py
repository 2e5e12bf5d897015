"""Every saved question and every view gives the same rows on servers that others built."""

from __future__ import annotations

import re
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

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

from compactgraph.binding import with_prefixes, with_values
from compactgraph.identifiers import ReviewIRIs
from compactgraph.namespaces import REFERENCES_GRAPH
from compactgraph.questions import SavedQuestion, answer_of, bind, saved_questions, select
from tests.conftest import PROJECT
from tests.engines import ENGINES, Engine, missing

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
}


@dataclass(frozen=True)
class Service:
    """A running engine with the graphs of two reviews."""

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


@pytest.fixture(scope="module", params=ENGINES)
def service(
    request: pytest.FixtureRequest, two_reviews: Store, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Service]:
    if reason := missing(request.param):
        pytest.skip(reason)
    with ENGINES[request.param](tmp_path_factory.mktemp(request.param)) as engine:
        graphs = [g for g in two_reviews.named_graphs() if isinstance(g, NamedNode)]
        for graph in graphs:
            quads = two_reviews.quads_for_pattern(None, None, None, graph)
            triples = (Triple(q.subject, q.predicate, q.object) for q in quads)
            put(engine, graph.value, serialize(triples, format=RdfFormat.N_TRIPLES) or b"")
        yield Service(engine, [graph.value for graph in graphs])


def put(engine: Engine, graph: str, content: bytes) -> None:
    """Put a graph by the Graph Store Protocol; Virtuoso takes N-Triples by Turtle's name only."""
    url = f"{engine.graph_store_url}?{urllib.parse.urlencode({'graph': graph})}"
    request = urllib.request.Request(url, content, {"Content-Type": "text/turtle"}, method="PUT")
    passwords = urllib.request.HTTPPasswordMgrWithDefaultRealm()
    if engine.user is not None and engine.password is not None:
        passwords.add_password(None, url, engine.user, engine.password)
    opener = urllib.request.build_opener(urllib.request.HTTPDigestAuthHandler(passwords))
    with opener.open(request, timeout=120) as reply:
        assert reply.status in (200, 201, 204)


def asked(question: SavedQuestion) -> Iterator[dict[str, str]]:
    """Yield the parameters that a question is asked with: those it needs, and one of the others."""
    needed = {p.name: EXAMPLES[p.kind] for p in question.parameters if not p.optional}
    yield needed
    for parameter in question.parameters:
        if parameter.optional:
            yield {**needed, parameter.name: EXAMPLES[parameter.kind]}


def assert_same(
    store: Store, service: Service, sparql: str, bound: Mapping[str, NamedNode | Literal]
) -> None:
    expected = select(store, sparql, bound)
    found = answer_of(service.answer(with_prefixes(with_values(sparql, bound))), bound, None)
    assert found.columns == expected.columns
    assert found.rows == expected.rows


@pytest.mark.parametrize(
    ("name", "values"),
    [(name, values) for name, question in QUESTIONS.items() for values in asked(question)],
    ids=lambda value: value if isinstance(value, str) else ",".join(value),
)
def test_a_saved_question(
    name: str, values: dict[str, str], service: Service, two_reviews: Store
) -> None:
    kinds = {parameter.name: parameter.kind for parameter in QUESTIONS[name].parameters}
    bound = {key: bind(two_reviews, kinds[key], value, "bristol") for key, value in values.items()}
    assert_same(two_reviews, service, QUESTIONS[name].sparql, bound)


@pytest.mark.parametrize("name", VIEWS)
def test_a_view(name: str, service: Service, two_reviews: Store) -> None:
    sparql = (ONTOLOGY / "views" / f"{name}.rq").read_text(encoding="utf-8")
    projected = re.findall(r"\?(\w+)", sparql[sparql.index("SELECT") : sparql.index("WHERE")])
    bindings = [{projected[0]: NamedNode(iri)} for iri in ITEMS.get(projected[0], [])]
    for bound in bindings or [{}]:
        assert_same(two_reviews, service, sparql, bound)


def test_each_view_is_asked_with_what_it_takes() -> None:
    texts = [(ONTOLOGY / "views" / f"{name}.rq").read_text(encoding="utf-8") for name in VIEWS]
    first = {found[1] for text in texts if (found := re.search(r"SELECT (?:DISTINCT )?\?(\w+)", text))}
    assert first == {*ITEMS, "scheme"}


def test_no_triple_stands_in_two_graphs(two_reviews: Store) -> None:
    triples = [(q.subject, q.predicate, q.object) for q in two_reviews]
    assert len(set(triples)) == len(triples)
