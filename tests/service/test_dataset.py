"""The store of a service, asked like one in this process, and never with a cut answer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QuerySolutions,
    RdfFormat,
    Store,
    Triple,
    Variable,
)

from compactgraph.common.namespaces import CG, DCTERMS, ONTOLOGY_GRAPH, PREFIXES, RDF, REFERENCES_GRAPH
from compactgraph.errors import CutAnswerError, ServiceError
from compactgraph.service.client import Patience, Service
from compactgraph.service.dataset import RemoteDataset
from compactgraph.sparql.dataset import Dataset
from compactgraph.sparql.rewriting import QueryText
from tests.support.engines import ENGINES, missing
from tests.support.faulty import FaultyService, answers, behaves, faulty_service

QUICK = Patience(connect=5, read=30, tries=2, whole=5, first_wait=0.01)
OTHERS = NamedNode("http://example.org/others")
COMMITMENTS = "SELECT ?c ?i { ?c a cg:Commitment ; dcterms:identifier ?i } ORDER BY ?i"
OUTCOMES = "SELECT ?outcome { ?provision cg:outcome ?outcome }"
ROWS = 12_000
REVIEW = NamedNode("https://w3id.org/compactgraph/id/bristol")
TYPE = NamedNode(RDF + "type")
COMMITMENT = NamedNode(CG + "Commitment")


@pytest.fixture
def faulty(bristol: Store) -> Iterator[FaultyService]:
    """Return a service that holds Bristol, and a graph of others that says the like."""
    with faulty_service() as service:
        service.store.bulk_extend(bristol)
        for name in ("1", "2"):
            node = NamedNode(f"http://example.org/{name}")
            kind = NamedNode(CG + "Commitment")
            service.store.add(Quad(node, NamedNode(RDF + "type"), kind, OTHERS))
            service.store.add(Quad(node, NamedNode(DCTERMS + "identifier"), Literal(name), OTHERS))
        yield service


def dataset_at(service: FaultyService, graphs: list[str]) -> RemoteDataset:
    return RemoteDataset(Service(f"{service.url}/query", {}, patience=QUICK), graphs)


def graphs_of(store: Store) -> list[str]:
    return sorted(graph.value for graph in store.named_graphs() if isinstance(graph, NamedNode))


def rows_of(dataset: Dataset, sparql: str, **options: object) -> list[tuple[str, ...]]:
    """Return the rows of a SELECT in their order, each term as it is written."""
    found = dataset.query(sparql, prefixes=PREFIXES, **{"use_default_graph_as_union": True, **options})  # type: ignore[arg-type]
    assert isinstance(found, QuerySolutions)
    names = found.variables
    return [tuple(str(row[name]) for name in names) for row in found]


# The same answers


@pytest.mark.parametrize("says_cap", [False, True])
@pytest.mark.parametrize("cap", [None, 1, 10, 53, 54, 55, 1000])
def test_an_answer_is_the_same_whatever_the_cap(
    faulty: FaultyService, bristol: Store, cap: int | None, says_cap: bool
) -> None:
    faulty.cap, faulty.says_cap = cap, says_cap
    remote = dataset_at(faulty, graphs_of(bristol))
    rows = rows_of(remote, COMMITMENTS)
    assert len(rows) == 54
    assert rows == rows_of(bristol, COMMITMENTS)


@pytest.mark.parametrize("cap", [None, 10])
@pytest.mark.parametrize(
    "sparql",
    [
        OUTCOMES,
        "SELECT DISTINCT ?outcome { ?provision cg:outcome ?outcome }",
        "SELECT ?o (COUNT(*) AS ?n) { ?p cg:outcome ?o } GROUP BY ?o ORDER BY ?o",
        "SELECT ?c { ?c a cg:Commitment ; dcterms:identifier ?i } ORDER BY DESC(?i) LIMIT 30 OFFSET 4",
        "SELECT ?i { ?c dcterms:identifier ?i } VALUES ?c { <http://example.org/1> }",
        "SELECT * { ?c a cg:Commitment } # the end",
        "SELECT ?g ?c { GRAPH ?g { ?c a cg:Commitment } }",
    ],
)
def test_queries_of_all_shapes_have_the_same_rows(
    faulty: FaultyService, bristol: Store, sparql: str, cap: int | None
) -> None:
    faulty.cap = cap
    remote = dataset_at(faulty, graphs_of(bristol))
    assert sorted(rows_of(remote, sparql)) == sorted(rows_of(bristol, sparql))


def test_a_cap_is_found_out_once_for_all_datasets_of_a_service(
    faulty: FaultyService, bristol: Store
) -> None:
    service = Service(f"{faulty.url}/query", {}, patience=QUICK)
    for _ in range(3):
        rows_of(RemoteDataset(service, graphs_of(bristol)), COMMITMENTS)
    probes = [query for query in faulty.queries if "?column0" in query]
    assert (len(probes), len(faulty.queries)) == (1, 4)


def test_an_answer_just_as_long_as_the_cap_is_counted(faulty: FaultyService, bristol: Store) -> None:
    faulty.cap = 54
    rows_of(dataset_at(faulty, graphs_of(bristol)), COMMITMENTS)
    assert [query for query in faulty.queries if "COUNT(*)" in query]


def test_terms_are_bound_and_no_text_is_more_than_a_term(faulty: FaultyService, bristol: Store) -> None:
    hostile = 'x" } } DROP ALL # {\n\\u007B é \U0001f600'
    sparql = "SELECT ?text { { SELECT (1 AS ?one) {} } }"
    bound = {Variable("text"): Literal(hostile, language="en")}
    remote = dataset_at(faulty, graphs_of(bristol))
    found = remote.query(sparql, use_default_graph_as_union=True, substitutions=bound)
    assert isinstance(found, QuerySolutions)
    assert [row["text"] for row in found] == [Literal(hostile, language="en")]


def test_terms_are_bound_in_a_construct(faulty: FaultyService, bristol: Store) -> None:
    sparql = "CONSTRUCT { ?c cg:outcome ?o } { ?c cg:outcome ?o }"
    bound = {Variable("c"): NamedNode("https://w3id.org/compactgraph/id/bristol/provision/1.11")}
    remote = dataset_at(faulty, graphs_of(bristol))
    found = remote.query(sparql, use_default_graph_as_union=True, substitutions=bound)
    assert [triple.subject for triple in found] == [bound[Variable("c")]]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("pattern", "truth"), [("?c a cg:Commitment", True), ("?c a cg:Nothing", False)]
)
def test_a_question_is_answered(
    faulty: FaultyService, bristol: Store, pattern: str, truth: bool
) -> None:
    remote = dataset_at(faulty, graphs_of(bristol))
    found = remote.query(f"ASK {{ {pattern} }}", use_default_graph_as_union=True)
    assert isinstance(found, QueryBoolean)
    assert bool(found) is truth


@pytest.mark.parametrize(
    "sparql", ["", "nonsense", "INSERT DATA { <a:b> <a:b> 1 }", "PREFIX select: <a:b>"]
)
def test_what_is_no_query_is_not_sent(faulty: FaultyService, sparql: str) -> None:
    with pytest.raises(SyntaxError):
        dataset_at(faulty, []).query(sparql)
    assert not faulty.received


# Graphs


CONSTRUCT = "CONSTRUCT { ?c cg:outcome ?o . ?c a cg:Kept } WHERE { ?c cg:outcome ?o ; a cg:Commitment }"
SHORT = "CONSTRUCT WHERE { ?c a cg:Commitment }"


@pytest.mark.parametrize("sparql", [CONSTRUCT, SHORT, SHORT + " LIMIT 100", "DESCRIBE cg:Commitment"])
def test_a_graph_is_the_same(faulty: FaultyService, bristol: Store, sparql: str) -> None:
    remote = dataset_at(faulty, graphs_of(bristol))
    found = remote.query(sparql, use_default_graph_as_union=True)
    own = bristol.query(sparql, use_default_graph_as_union=True, prefixes=PREFIXES)
    assert not isinstance(found, QuerySolutions | QueryBoolean)
    triples = list(found)
    assert all(isinstance(triple, Triple) for triple in triples)
    assert sorted(map(str, triples)) == sorted(map(str, own))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("sparql", "cap"),
    [(CONSTRUCT, 54), (SHORT, 53), ("DESCRIBE <https://w3id.org/compactgraph/id/bristol>", 2)],
)
def test_a_graph_that_may_be_cut_is_refused(
    faulty: FaultyService, bristol: Store, sparql: str, cap: int
) -> None:
    faulty.cap = cap
    form = sparql.split()[0]
    with pytest.raises(CutAnswerError) as caught:
        dataset_at(faulty, graphs_of(bristol)).query(sparql, use_default_graph_as_union=True)
    assert str(caught.value) == (
        f"{faulty.url}/query cuts its answers at {cap} rows, and a {form} cannot be asked for in pages; "
        "narrow it, or use SELECT"
    )


def test_a_graph_of_few_triples_from_many_solutions_is_refused_too(
    faulty: FaultyService, bristol: Store
) -> None:
    faulty.cap = 50
    sparql = "CONSTRUCT { <http://e/a> <http://e/b> ?o } { ?c a cg:Commitment ; cg:outcome ?o }"
    with pytest.raises(CutAnswerError, match="cuts its answers at 50 rows"):
        dataset_at(faulty, graphs_of(bristol)).query(sparql, use_default_graph_as_union=True)


# Pages that do not add up


def rows_named(*names: str) -> bytes:
    rows = [{"o": {"type": "literal", "value": name}} for name in names]
    return json.dumps({"head": {"vars": ["o"]}, "results": {"bindings": rows}}).encode()


@pytest.mark.parametrize(
    ("pages", "line"),
    [
        ([["a", "b"], ["c"]], "its pages have 3 rows of 4"),
        ([["a", "b"], ["b", "c"], []], "its pages have 3 distinct rows of 4"),
    ],
)
def test_pages_that_do_not_add_up_are_refused(pages: list[list[str]], line: str) -> None:
    answers_of = [answers(rows_named(*page)) for page in pages]
    with faulty_service(behaves, behaves, *answers_of) as faulty:
        faulty.cap = 2
        graph = NamedNode("http://e/g")
        for name in "abcd":
            faulty.store.add(Quad(NamedNode(f"http://e/{name}"), graph, Literal(name), graph))
        with pytest.raises(CutAnswerError) as caught:
            dataset_at(faulty, ["http://e/g"]).query("SELECT ?o { GRAPH ?g { ?s ?p ?o } }")
        assert str(caught.value) == f"{faulty.url}/query cuts its answers at 2 rows, and {line}"


def test_a_service_that_gives_no_rows_where_some_must_be_is_not_believed() -> None:
    with (
        faulty_service(*[answers(rows_named())] * 2) as faulty,
        pytest.raises(CutAnswerError, match="it could not be found out where it cuts answers"),
    ):
        dataset_at(faulty, []).query("SELECT ?o { ?s ?p ?o }")


# Of which graphs is asked


def test_graphs_of_others_do_not_enter_an_answer(faulty: FaultyService, bristol: Store) -> None:
    remote = dataset_at(faulty, graphs_of(bristol))
    everywhere = "SELECT ?g ?c { GRAPH ?g { ?c a cg:Commitment } }"
    assert (
        len(list(faulty.store.query(COMMITMENTS, use_default_graph_as_union=True, prefixes=PREFIXES)))
        == 56
    )  # type: ignore[arg-type]
    assert len(rows_of(remote, COMMITMENTS)) == 54
    assert len(rows_of(remote, everywhere)) == 54
    assert len(list(remote.quads_for_pattern(None, TYPE, COMMITMENT, None))) == 54
    assert list(remote.quads_for_pattern(None, None, None, OTHERS)) == []
    assert rows_of(remote, "SELECT ?s { ?s ?p ?o }", default_graph=[OTHERS], named_graphs=[OTHERS]) == []


@pytest.mark.parametrize("cap", [None, 10])
@pytest.mark.parametrize("written", ["<{graph}>", "a:reading"])
def test_a_querys_own_from_is_honoured_and_finds_the_stores_graphs(
    faulty: FaultyService, bristol: Store, written: str, cap: int | None
) -> None:
    faulty.cap = cap
    graph = "https://w3id.org/compactgraph/id/bristol/graph/reading"
    name = written.format(graph=graph)
    prologue = "PREFIX a: <https://w3id.org/compactgraph/id/bristol/graph/>\n"
    dataset = f"FROM {name} FROM NAMED <{OTHERS.value}>"
    sparql = f"{prologue}SELECT ?p ?o\n{dataset}\n{{ ?p cg:recommendedOutcome ?o }}"
    remote = dataset_at(faulty, graphs_of(bristol))
    rows = rows_of(remote, sparql, use_default_graph_as_union=False)
    assert sorted(rows) == sorted(rows_of(bristol, sparql, use_default_graph_as_union=False))
    assert len(rows) == 79
    others = f"SELECT ?c FROM <{OTHERS.value}> {{ ?c a cg:Commitment }}"
    assert rows_of(remote, others, use_default_graph_as_union=False) == []


def test_a_from_that_cannot_be_told_is_left_to_the_service_and_never_paged(
    faulty: FaultyService, bristol: Store
) -> None:
    base = "BASE <https://w3id.org/compactgraph/id/bristol/graph/>\n"
    sparql = f"{base}SELECT ?p FROM <reading> {{ ?p cg:recommendedOutcome ?o }}"
    remote = dataset_at(faulty, graphs_of(bristol))
    assert len(rows_of(remote, sparql, use_default_graph_as_union=False)) == 79
    faulty.cap = 10
    with pytest.raises(CutAnswerError, match="its FROM cannot be told from its text"):
        rows_of(dataset_at(faulty, graphs_of(bristol)), sparql, use_default_graph_as_union=False)


def test_a_service_whose_default_graph_is_the_union_takes_more_graphs_than_can_be_named(
    faulty: FaultyService, bristol: Store
) -> None:
    many = [*graphs_of(bristol), *(f"http://e/{number}" for number in range(60))]
    rows = rows_of(dataset_at(faulty, many), OUTCOMES)
    assert len(rows) == 79
    assert all(b"default-graph-uri" not in request.body for request in faulty.received)
    found = dataset_at(faulty, many).quads_for_pattern(None, TYPE, COMMITMENT, None)
    assert len(list(found)) == 54


def test_a_service_whose_default_graph_is_not_the_union_says_what_to_configure(
    faulty: FaultyService, bristol: Store
) -> None:
    faulty.union = False
    many = [*graphs_of(bristol), *(f"http://e/{number}" for number in range(60))]
    with pytest.raises(ServiceError) as caught:
        rows_of(dataset_at(faulty, many), OUTCOMES)
    assert str(caught.value) == (
        f"{faulty.url}/query: 66 graphs are too many to name in each query, "
        "and the service's default graph is not their union; configure it so there"
    )


# Patterns


PATTERNS = [
    (None, None, None, None),
    (None, None, None, NamedNode(ONTOLOGY_GRAPH)),
    (None, TYPE, COMMITMENT, None),
    (REVIEW, None, None, None),
    (None, NamedNode(DCTERMS + "identifier"), Literal("1.11"), None),
    (None, TYPE, None, NamedNode(REFERENCES_GRAPH)),
    (REVIEW, TYPE, COMMITMENT, None),
    (None, None, None, NamedNode("http://e/absent")),
    (None, None, None, DefaultGraph()),
    (BlankNode("a"), None, None, None),
]


@pytest.mark.parametrize("pattern", PATTERNS, ids=str)
def test_patterns_find_the_same_quads(faulty: FaultyService, bristol: Store, pattern) -> None:  # type: ignore[no-untyped-def]
    remote = dataset_at(faulty, graphs_of(bristol))
    found = list(remote.quads_for_pattern(*pattern))
    assert sorted(map(str, found)) == sorted(map(str, bristol.quads_for_pattern(*pattern)))


def test_the_named_graphs_are_those_of_the_store(faulty: FaultyService, bristol: Store) -> None:
    named = dataset_at(faulty, graphs_of(bristol)).named_graphs()
    assert sorted(map(str, named)) == sorted(map(str, bristol.named_graphs()))


def test_a_pattern_asks_nothing_before_its_first_quad_is_wanted(
    faulty: FaultyService, bristol: Store
) -> None:
    dataset_at(faulty, graphs_of(bristol)).quads_for_pattern(None, None, None, None)
    assert not faulty.received


# What engines write in their own way


def test_virtuosos_literals_are_read_as_they_are_meant() -> None:
    xsd = "http://www.w3.org/2001/XMLSchema#"
    terms = [("boolean", "1"), ("boolean", "0"), ("boolean", "true"), ("integer", "1")]
    rows = [
        {"o": {"type": "typed-literal", "datatype": xsd + datatype, "value": value}}
        for datatype, value in terms
    ]
    head = {"link": [], "vars": ["o"]}
    written = {"head": head, "results": {"distinct": False, "ordered": True, "bindings": rows}}
    with faulty_service(answers(json.dumps(written).encode())) as faulty:
        found = dataset_at(faulty, []).query("SELECT ?o { ?s ?p ?o }")
        assert isinstance(found, QuerySolutions)
        expected = [Literal(True), Literal(False), Literal(True), Literal(1)]
        assert [row["o"] for row in found] == expected


@pytest.mark.parametrize(("value", "truth"), [("1", True), ("0", False)])
def test_virtuosos_truth_is_read_as_it_is_meant(value: str, truth: bool) -> None:
    integer = "http://www.w3.org/2001/XMLSchema#integer"
    row = {"__ASK_RETVAL": {"type": "typed-literal", "datatype": integer, "value": value}}
    written = {"head": {"vars": ["__ASK_RETVAL"]}, "results": {"bindings": [row]}}
    with faulty_service(answers(json.dumps(written).encode())) as faulty:
        assert bool(dataset_at(faulty, []).query("ASK {}")) is truth


@pytest.mark.parametrize(
    "written",
    [
        b"[]",
        b"{}",
        b'{"head": {}, "results": {"bindings": []}}',
        b'{"head": {"vars": ["o"]}, "results": {"bindings": [1]}}',
        b'{"head": {"vars": ["o"]}, "results": {"bindings": [{"o": {"value": "x"}}]}}',
        b'{"head": {"vars": ["o"]}, "results": {"bindings": [{"o": {"type": "uri", "value": ""}}]}}',
        b'{"head": {"vars": ["o"]}, "results": {"bindings": {}}}',
        b'{"head": {"vars": "o"}, "results": {"bindings": []}}',
        b'{"boolean": true}',
        b"\xff",
    ],
)
@pytest.mark.parametrize("sparql", ["SELECT ?o { ?s ?p ?o }", "ASK { ?s ?p ?o }"])
def test_a_malformed_answer_is_none(written: bytes, sparql: str) -> None:
    if sparql.startswith("ASK") and written == b'{"boolean": true}':
        written = b'{"boolean": "true"}'
    with faulty_service(*[answers(written)] * 2) as faulty:
        with pytest.raises(ServiceError, match="its answer breaks off or is malformed"):
            dataset_at(faulty, []).query(sparql)
        assert len(faulty.received) == 2


# Real servers


@pytest.fixture(scope="module", params=list(ENGINES))
def served(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Service]:
    """Return a real server that holds a graph of many triples."""
    if reason := missing(request.param):
        pytest.skip(reason)
    folder: Path = tmp_path_factory.mktemp(request.param)
    with ENGINES[request.param](folder) as engine:
        service = Service(engine.query_url, engine.environment)
        lines = (f'<http://e/s{n}> <http://e/p> "{n:06}" .\n' for n in range(ROWS))
        service.put_graph("http://e/many", "".join(lines).encode())
        yield service


@pytest.mark.parametrize(
    "sparql",
    [
        "SELECT ?o { ?s ?p ?o } ORDER BY ?o",
        "SELECT ?o { ?s ?p ?o }",
        "SELECT DISTINCT ?o { ?s ?p ?o } ORDER BY ?o",
    ],
)
def test_a_real_server_gives_all_of_a_long_answer(served: Service, sparql: str) -> None:
    rows = rows_of(RemoteDataset(served, ["http://e/many"]), sparql)
    expected = [(f'"{number:06}"',) for number in range(ROWS)]
    assert (rows if "ORDER" in sparql else sorted(rows)) == expected


def test_a_real_server_gives_a_long_graph_or_is_refused(served: Service) -> None:
    dataset = RemoteDataset(served, ["http://e/many"])
    sparql = "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }"
    assert served.engine is not None
    if served.engine.name == "Virtuoso":
        with pytest.raises(CutAnswerError, match=r"cuts its answers at 10,000 rows, and a CONSTRUCT"):
            dataset.query(sparql, use_default_graph_as_union=True)
    else:
        assert len(list(dataset.query(sparql, use_default_graph_as_union=True))) == ROWS  # type: ignore[arg-type]


def test_a_real_server_finds_all_quads_of_a_pattern(served: Service) -> None:
    dataset = RemoteDataset(served, ["http://e/many"])
    quads = set(dataset.quads_for_pattern(None, NamedNode("http://e/p"), None, None))
    own = Store()
    lines = "".join(f'<http://e/s{n}> <http://e/p> "{n:06}" .\n' for n in range(ROWS))
    own.load(lines, format=RdfFormat.N_TRIPLES, to_graph=NamedNode("http://e/many"))
    assert quads == set(own)


def test_a_real_server_refuses_what_it_cannot_read_in_one_line(served: Service) -> None:
    with pytest.raises(ServiceError) as caught:
        RemoteDataset(served, []).query("SELECT ?s { ?s ?p }")
    assert str(caught.value).startswith(f"{served.name} refuses (400): ")
    assert str(caught.value).isprintable()


# A query's text


@pytest.mark.parametrize(
    ("sparql", "form", "default", "ordered"),
    [
        ("SELECT * FROM <http://e/g> { ?s ?p ?o } ORDER BY ?s", "SELECT", ("http://e/g",), True),
        ("select * from <http://e/g> { ?s ?p ?o } order by ?s", "SELECT", ("http://e/g",), True),
        ("# FROM <http://e/no>\nSELECT * { ?s ?p 'ORDER FROM <http://e/no>' }", "SELECT", (), False),
        ("SELECT * { { SELECT ?s { ?s ?p ?o } ORDER BY ?s } }", "SELECT", (), False),
        (
            "PREFIX from: <http://e/> SELECT * FROM from:from { ?s from:ORDER ?o }",
            "SELECT",
            ("http://e/from",),
            False,
        ),
        ("PREFIX e: <http://e/> SELECT ?s { ?s ?p ?o } GROUP BY e:ORDER(?s)", "SELECT", (), False),
        (
            "BASE <http://e/> PREFIX ask: <http://e/#> ASK FROM <http://e/g> { ?s ?p '}' }",
            "ASK",
            ("http://e/g",),
            False,
        ),
        ("DESCRIBE <http://e/FROM> FROM <http://e/g>", "DESCRIBE", ("http://e/g",), False),
    ],
)
def test_a_query_is_taken_apart_by_its_words(
    sparql: str, form: str, default: tuple[str, ...], ordered: bool
) -> None:
    text = QueryText.parse(sparql)
    assert (text.form, text.default, text.ordered, text.keeps_from) == (form, default, ordered, False)
    assert len(text.whole) == len(sparql)
    assert text.whole.count("\n") == sparql.count("\n")


@pytest.mark.parametrize(
    "clause",
    [
        "FROM <g>",
        "FROM e:a%20b",
        "FROM e:a:b",
        "FROM e:a\\-b",
        "FROM f:g",
        "FROM # no\n <http://e/g>",
        "FROM :g",
    ],
)
def test_a_from_that_cannot_be_told_is_kept(clause: str) -> None:
    sparql = f"PREFIX e: <http://e/> SELECT * {clause} {{ ?s ?p ?o }}"
    text = QueryText.parse(sparql)
    assert (text.keeps_from, text.default, text.whole) == (True, (), sparql)


@pytest.mark.parametrize(
    ("sparql", "pattern"),
    [
        ("CONSTRUCT { ?s ?p '}' } WHERE { ?s ?p ?o } LIMIT 2", " WHERE { ?s ?p ?o } LIMIT 2"),
        ("CONSTRUCT WHERE { ?s ?p ?o } LIMIT 2", "WHERE { ?s ?p ?o } LIMIT 2"),
        ("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }", " { ?s ?p ?o }"),
    ],
)
def test_the_pattern_of_a_construct_follows_its_template(sparql: str, pattern: str) -> None:
    assert QueryText.parse(sparql).pattern == pattern


def test_a_name_from_an_answer_is_no_text_of_a_query() -> None:
    with pytest.raises(ValueError, match="no variable"):
        QueryText.parse("SELECT ?s { ?s ?p ?o }").page(["s } } DROP ALL #"], 10, 0)
