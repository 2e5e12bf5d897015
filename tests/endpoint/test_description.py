"""What the endpoint says of itself, as others read it: the service, VoID, and the saved questions."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from pyoxigraph import Store
from pyshacl import validate
from rdflib import RDF, BNode, Graph, Literal, Namespace, URIRef
from rdflib.namespace import RDFS, SH, VOID, XSD

from compactgraph.build.pipeline import build_store
from compactgraph.common.namespaces import CG, DCTERMS, ID, PREFIXES, ROOT, VOCAB
from compactgraph.endpoint.app import Settings
from compactgraph.endpoint.description import Kept, statistics_of
from compactgraph.errors import StoreError
from compactgraph.serving.published import Served
from compactgraph.sparql.questions import saved_questions
from tests.support.endpoint import Endpoint, graph_in, running_endpoint
from tests.support.engines import missing, oxigraph_server
from tests.support.sizes import OF_ALL, TRIPLES

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
SCHEMA = Namespace("https://schema.org/")
FORMATS = "http://www.w3.org/ns/formats/"
VOID_EXT = Namespace("http://ldf.fi/void-ext#")
COUNTED = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
COMPLETED_FROM = """
PREFIX void: <http://rdfs.org/ns/void#>
PREFIX void-ext: <http://ldf.fi/void-ext#>
SELECT DISTINCT ?class ?property ?target WHERE {
  ?partition void:class ?class ; void:propertyPartition ?part .
  ?part void:property ?property .
  OPTIONAL {
    { ?part void:classPartition [ void:class ?target ] }
    UNION
    { ?part void-ext:datatypePartition [ void-ext:datatype ?target ] }
  }
}
"""


@pytest.fixture(scope="module")
def endpoint(bristol_folder: Path, ontology_folder: Path, data_folder: Path) -> Iterator[Endpoint]:
    with running_endpoint(bristol_folder, ontology_folder, data_folder) as running:
        yield running


@pytest.fixture(scope="module")
def described(endpoint: Endpoint) -> Graph:
    return graph_in(endpoint.get("/", "text/turtle"))


@pytest.fixture(scope="module")
def default(described: Graph) -> Any:
    """Return the node of the default graph."""
    dataset = described.value(described.value(None, RDF.type, SD.Service), SD.defaultDataset)
    return described.value(dataset, SD.defaultGraph)


@pytest.mark.parametrize("path", ["/", "/sparql", "/.well-known/void"])
@pytest.mark.parametrize(
    "type_", ["text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json"]
)
def test_the_description_is_the_same_graph_at_each_place_and_in_each_format(
    endpoint: Endpoint, described: Graph, path: str, type_: str
) -> None:
    reply = endpoint.get(path, type_)
    assert (reply.status, reply.type) == (200, type_)
    assert set(graph_in(reply)) == set(described)


@pytest.mark.parametrize("accept", [None, "*/*", "text/html, */*;q=0.1"])
def test_void_is_data_for_everyone(endpoint: Endpoint, accept: str | None) -> None:
    assert endpoint.get("/.well-known/void", accept).type == "text/turtle"


def test_the_description_is_written_alike_twice(endpoint: Endpoint) -> None:
    assert endpoint.get("/").content == endpoint.get("/").content


def test_the_description_has_the_shape_that_others_read(described: Graph, cases_folder: Path) -> None:
    shapes = Graph().parse(cases_folder / "endpoint-description.ttl")
    conforms, _, report = validate(described, shacl_graph=shapes)
    assert conforms, report


@pytest.mark.parametrize(
    ("subject", "predicate", "finding"),
    [
        ("#service", SD.endpoint, "service"),
        ("#dataset", SD.defaultGraph, "dataset"),
        ("#class/cg:Theme", VOID["class"], "class-partition"),
        ("#property/cg:text", VOID.property, "property-partition"),
        ("#question/mixed", SH.select, "saved-question"),
        ("#prefix/cg", SH.namespace, "prefix-declaration"),
    ],
)
def test_the_shapes_find_what_is_missing(
    described: Graph,
    endpoint: Endpoint,
    cases_folder: Path,
    subject: str,
    predicate: URIRef,
    finding: str,
) -> None:
    spoiled = Graph()
    spoiled += described
    node = URIRef(endpoint.url + subject)
    assert (node, predicate, None) in spoiled
    spoiled.remove((node, predicate, None))
    shapes = Graph().parse(cases_folder / "endpoint-description.ttl")
    shape = URIRef(f"https://example.org/shape/{finding}")
    kept = shapes.cbd(shape)
    conforms, results, _ = validate(spoiled, shacl_graph=kept)
    assert not conforms
    assert set(results.objects(None, SH.focusNode)) == {node}


def test_no_node_is_blank(described: Graph) -> None:
    assert not [part for triple in described for part in triple if isinstance(part, BNode)]


# The service


def test_the_service_says_what_it_can_do(described: Graph, endpoint: Endpoint) -> None:
    service = described.value(None, RDF.type, SD.Service)
    assert service == URIRef(endpoint.url + "#service")
    assert list(described.objects(service, SD.endpoint)) == [URIRef(endpoint.sparql)]
    assert list(described.objects(service, SD.supportedLanguage)) == [SD.SPARQL11Query]
    assert list(described.objects(service, SD.feature)) == [SD.UnionDefaultGraph]
    assert {str(f).removeprefix(FORMATS) for f in described.objects(service, SD.resultFormat)} == {
        *("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV"),
        *("Turtle", "N-Triples", "RDF_XML", "JSON-LD"),
    }


def test_the_named_graphs_stand_with_their_sizes(described: Graph) -> None:
    found = {
        str(described.value(named, SD.name)).removeprefix(ROOT): described.value(
            described.value(named, SD.graph), VOID.triples
        ).toPython()
        for named in described.subjects(RDF.type, SD.NamedGraph)
    }
    assert found == TRIPLES


# VoID


def test_void_says_what_is_in_the_graph(described: Graph, endpoint: Endpoint, default: Any) -> None:
    def value(name: str) -> Any:
        return described.value(default, VOID[name]).toPython()

    assert value("triples") == OF_ALL
    assert value("distinctSubjects") == 2_052
    assert value("distinctObjects") == 4_861
    assert (value("classes"), value("properties")) == (34, 109)
    assert described.value(default, VOID.sparqlEndpoint) == URIRef(endpoint.sparql)
    assert described.value(default, VOID.exampleResource) == URIRef(ID + "bristol")
    vocabularies = {str(v) for v in described.objects(default, VOID.vocabulary)}
    assert {CG, DCTERMS, PREFIXES["skos"], PREFIXES["prov"], PREFIXES["oa"]} <= vocabularies


@pytest.mark.parametrize(
    ("class_", "entities"),
    [("Provision", 79), ("Commitment", 54), ("Theme", 5), ("Value", 8), ("Section", 12),
     ("Recommendation", 83), ("Commentary", 31), ("Movement", 92), ("Review", 1)],
)  # fmt: skip
def test_each_class_has_its_number(described: Graph, class_: str, entities: int, default: Any) -> None:
    found = [
        part
        for part in described.objects(default, VOID.classPartition)
        if (part, VOID["class"], URIRef(CG + class_)) in described
    ]
    assert [described.value(part, VOID.entities) for part in found] == [Literal(entities)]


def test_each_class_and_property_is_counted_as_the_store_has_it(
    described: Graph, bristol: Store, default: Any
) -> None:
    classes = {
        str(described.value(part, VOID["class"])): described.value(part, VOID.entities).toPython()
        for part in described.objects(default, VOID.classPartition)
    }
    properties = {
        str(described.value(part, VOID.property)): tuple(
            described.value(part, VOID[name]).toPython()
            for name in ("triples", "distinctSubjects", "distinctObjects")
        )
        for part in described.objects(default, VOID.propertyPartition)
    }
    things: dict[str, set[str]] = {}
    stated: dict[str, tuple[list[str], set[str], set[str]]] = {}
    for quad in bristol:
        triples, subjects, objects = stated.setdefault(quad.predicate.value, ([], set(), set()))
        triples.append(str(quad))
        subjects.add(str(quad.subject))
        objects.add(str(quad.object))
        if quad.predicate.value == str(RDF.type):
            things.setdefault(quad.object.value, set()).add(str(quad.subject))
    assert classes == {name: len(members) for name, members in things.items()}
    assert properties == {name: tuple(map(len, found)) for name, found in stated.items()}


def test_an_editor_completes_the_properties_of_a_class_and_where_they_lead(described: Graph) -> None:
    rows = {tuple(map(str, row)) for row in described.query(COMPLETED_FROM)}
    of_commitments = {(p, t) for c, p, t in rows if c == CG + "Commitment"}
    assert (CG + "theme", CG + "Theme") in of_commitments
    assert (CG + "hasMovement", CG + "Movement") in of_commitments
    assert (CG + "position", str(XSD.integer)) in of_commitments
    assert (CG + "outcome", PREFIXES["skos"] + "Concept") in of_commitments
    assert not {p for p, _ in of_commitments if p in (CG + "basis", CG + "to")}


def test_a_property_of_a_class_is_counted_within_it(described: Graph, endpoint: Endpoint) -> None:
    node = URIRef(f"{endpoint.url}#class/cg:Commitment/property/cg:position")
    assert described.value(node, VOID.property) == URIRef(CG + "position")
    assert described.value(node, VOID.triples) == Literal(54)
    integers = described.value(node, VOID_EXT.datatypePartition)
    assert described.value(integers, VOID_EXT.datatype) == XSD.integer
    assert described.value(integers, VOID.triples) == Literal(54)


# The saved questions


def test_the_saved_questions_stand_as_executables(
    described: Graph, endpoint: Endpoint, ontology_folder: Path
) -> None:
    saved = saved_questions(ontology_folder)
    found = {
        str(described.value(node, URIRef(DCTERMS + "identifier"))): node
        for node in described.subjects(RDF.type, SH.SPARQLExecutable)
    }
    assert set(found) == set(saved)
    for name, node in found.items():
        assert str(described.value(node, RDFS.comment)) == saved[name].question
        assert str(described.value(node, SCHEMA.keywords)) == saved[name].asks
        assert described.value(node, SCHEMA.target) == URIRef(endpoint.sparql)


def test_the_prefixes_are_declared(described: Graph) -> None:
    declared = {
        str(described.value(node, SH.prefix)): described.value(node, SH.namespace)
        for node in described.objects(None, SH.declare)
    }
    assert declared == {name: Literal(iri, datatype=XSD.anyURI) for name, iri in PREFIXES.items()}


QUESTIONS = sorted(saved_questions(Path(__file__).parents[2] / "ontology"))
ROWS = {
    "absorbed": 17,
    "dropped": 10,
    "goes-to": 1,
    "hollow-themes": 0,
    "mentions": 1,
    "movements": 1,
    "outcome": 17,
    "outcome-totals": 17,
    "revised": 38,
    "survivors": 11,
    "theme": 21,
    "words": 30,
}


@pytest.mark.parametrize(("name", "rows"), ROWS.items())
def test_a_saved_question_is_run_as_it_stands(
    described: Graph, endpoint: Endpoint, name: str, rows: int
) -> None:
    query = str(described.value(URIRef(f"{endpoint.url}#question/{name}"), SH.select))
    reply = endpoint.get("/sparql?" + urlencode({"query": query}), "text/tab-separated-values")
    assert (reply.status, reply.text.count("\n") - 1) == (200, rows)


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_saved_question_is_answered(described: Graph, endpoint: Endpoint, name: str) -> None:
    query = str(described.value(URIRef(f"{endpoint.url}#question/{name}"), SH.select))
    reply = endpoint.get("/sparql?" + urlencode({"query": query, "format": "csv"}))
    assert reply.status == 200, reply.text


@pytest.mark.parametrize(
    ("name", "term"),
    [
        ("goes-to", f"<{ID}bristol/reference/ccg-stp>"),
        ("outcome", f"<{VOCAB}outcome/absorbed>"),
        ("theme", f"<{ID}bristol/provision/theme-1>"),
        ("movements", f"<{ID}bristol/provision/1.1>"),
        ("words", '"compact"'),
    ],
)
def test_a_parameter_is_bound_to_an_example(
    described: Graph, endpoint: Endpoint, name: str, term: str
) -> None:
    query = str(described.value(URIRef(f"{endpoint.url}#question/{name}"), SH.select))
    assert f"{{ ({term}) }}" in query


# Keeping it


def test_a_newer_build_is_described_anew(
    ontology_folder: Path, data_folder: Path, two_reviews_data: Path, tmp_path: Path
) -> None:
    store = tmp_path / "store"
    build_store(data_folder, ontology_folder, store)
    with running_endpoint(store, ontology_folder, data_folder) as endpoint:
        node = URIRef(endpoint.url + "#default-graph")
        before = graph_in(endpoint.get("/"))
        assert set(before.objects(node, VOID.exampleResource)) == {URIRef(ID + "bristol")}
        build_store(two_reviews_data, ontology_folder, store)
        after = graph_in(endpoint.get("/"))
        assert len(set(after.objects(node, VOID.exampleResource))) == 2
        counted = endpoint.get("/sparql?" + urlencode({"query": COUNTED, "format": "csv"})).text
        assert after.value(node, VOID.triples) == Literal(int(counted.split()[1]))
        assert after.value(node, VOID.triples) > before.value(node, VOID.triples)


def test_a_large_graph_is_described_without_where_each_property_leads(
    bristol: Store, ontology_folder: Path
) -> None:
    whole = statistics_of(bristol, ontology_folder, detailed=OF_ALL)
    large = statistics_of(bristol, ontology_folder, detailed=OF_ALL - 1)
    assert len(whole["object-classes"]) == 269
    assert len(whole["datatypes"]) == 138
    assert large == {**whole, "object-classes": [], "datatypes": []}


def test_a_service_s_graph_is_described_as_the_embedded_store_s(
    bristol_folder: Path,
    ontology_folder: Path,
    data_folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if reason := missing("oxigraph"):
        pytest.skip(reason)
    settings = Settings(base="https://example.org/")
    paths = ("/", "/id/bristol/provision/1.11", "/id/bristol/graph/source", "/ontology")

    def told(store: Path | str) -> list[set[Any]]:
        with running_endpoint(store, ontology_folder, data_folder, settings=settings) as endpoint:
            return [set(graph_in(endpoint.get(path))) for path in paths]

    with oxigraph_server(tmp_path) as engine:
        monkeypatch.setenv("COMPACTGRAPH_UPDATE", engine.update_url)
        monkeypatch.setenv("COMPACTGRAPH_GRAPHS", engine.graph_store_url)
        build_store(data_folder, ontology_folder, engine.query_url)
        assert told(engine.query_url) == told(bristol_folder)


def test_a_value_is_made_once_for_each_build(bristol: Store) -> None:
    made: list[str] = []

    def make(build: Served) -> int:
        made.append(build.generation)
        return len(made)

    kept = Kept(make)
    builds = [Served(bristol, "store", name, {}) for name in ("one", "one", "two")]
    assert [kept.of(build) for build in builds] == [1, 1, 2]
    assert made == ["one", "two"]


def test_what_could_not_be_made_is_tried_again(bristol: Store) -> None:
    tries: list[int] = []

    def make(build: Served) -> int:
        tries.append(1)
        if len(tries) == 1:
            raise StoreError("the service does not answer")
        return len(tries)

    kept, build = Kept(make), Served(bristol, "store", "one", {})
    with pytest.raises(StoreError):
        kept.of(build)
    assert kept.of(build) == 2
