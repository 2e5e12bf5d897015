"""Clients that others wrote, unchanged, against the endpoint: rdflib, SPARQLWrapper and curl."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rdflib import Graph, Literal, URIRef, Variable
from rdflib.plugins.stores.sparqlconnector import SPARQLConnector
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, JSON, JSONLD, N3, POST, RDFXML, TSV, TURTLE, XML, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed

from compactgraph.common.namespaces import CG, ID
from tests.support.endpoint import Endpoint, running_endpoint
from tests.support.sizes import OF_ALL, OF_SOURCE

TOTALS = """
SELECT ?outcome (COUNT(?p) AS ?number)
WHERE { ?p a cg:Provision ; cg:outcome ?outcome }
GROUP BY ?outcome
ORDER BY DESC(?number) ?outcome
LIMIT 2
"""
OUTCOMES = [("revised", 30), ("absorbed", 17)]
COMMITMENTS = "CONSTRUCT { ?p a cg:Commitment } WHERE { ?p a cg:Commitment }"
ASKED = "ASK { ?p cg:outcome outcome:moved }"
SOURCE = f"{ID}bristol/graph/source"


@pytest.fixture(scope="module")
def endpoint(bristol_folder: Path, ontology_folder: Path, data_folder: Path) -> Iterator[Endpoint]:
    with running_endpoint(bristol_folder, ontology_folder, data_folder) as running:
        yield running


def last(iri: object) -> str:
    return str(iri).rsplit("/", 1)[-1]


# rdflib


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
@pytest.mark.parametrize("format_", ["json", "xml", "csv", "tsv"])
def test_rdflib_s_store_asks_each_form(endpoint: Endpoint, method: str, format_: str) -> None:
    store = SPARQLStore(endpoint.sparql, method=method, returnFormat=format_)
    graph = Graph(store)
    rows = [(last(outcome), int(number)) for outcome, number in graph.query(TOTALS)]
    assert rows == OUTCOMES
    assert graph.query("SELECT (1 AS ?one) WHERE {}").vars == [Variable("one")]


@pytest.mark.parametrize("format_", ["json", "xml"])
def test_rdflib_s_store_asks_yes_or_no(endpoint: Endpoint, format_: str) -> None:
    store = SPARQLStore(endpoint.sparql, returnFormat=format_)
    assert store.query(ASKED).askAnswer is True
    assert store.query("ASK { ?p cg:outcome cg:none }").askAnswer is False


def test_rdflib_walks_the_graph_as_if_it_were_its_own(endpoint: Endpoint) -> None:
    graph = Graph(SPARQLStore(endpoint.sparql))
    type_ = URIRef("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    assert len(graph) == OF_ALL
    assert len(set(graph.subjects(type_, URIRef(CG + "Provision")))) == 79
    provision = URIRef(ID + "bristol/provision/1.11")
    assert last(graph.value(provision, URIRef(CG + "outcome"))) == "moved"
    assert (provision, URIRef(CG + "position"), Literal(29)) in graph


def test_rdflib_asks_one_named_graph(endpoint: Endpoint) -> None:
    graph = Graph(SPARQLStore(endpoint.sparql), identifier=URIRef(SOURCE))
    assert len(graph) == OF_SOURCE


def test_rdflib_constructs_a_graph(endpoint: Endpoint) -> None:
    made = Graph(SPARQLStore(endpoint.sparql)).query(COMMITMENTS).graph
    assert made is not None
    assert len(made) == 54


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
def test_rdflib_s_connector_names_the_default_graph(endpoint: Endpoint, method: Any) -> None:
    connector = SPARQLConnector(endpoint.sparql, method=method)
    counted = connector.query("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }", default_graph=SOURCE)
    assert [int(row[0]) for row in counted] == [OF_SOURCE]


# SPARQLWrapper


OUTDATED = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
"""SPARQLWrapper reads graphs with a class of rdflib's that rdflib has given up."""


def wrapper(endpoint: Endpoint, query: str, format_: str, method: str = "GET") -> SPARQLWrapper:
    asking = SPARQLWrapper(endpoint.sparql)
    asking.setQuery(query)
    asking.setReturnFormat(format_)
    asking.setMethod(method)
    return asking


@pytest.mark.parametrize("method", ["GET", POST])
def test_sparqlwrapper_reads_json(endpoint: Endpoint, method: str) -> None:
    found = wrapper(endpoint, TOTALS, JSON, method).queryAndConvert()
    rows = found["results"]["bindings"]
    assert [(last(r["outcome"]["value"]), int(r["number"]["value"])) for r in rows] == OUTCOMES


@pytest.mark.parametrize("method", ["GET", POST])
def test_sparqlwrapper_reads_xml(endpoint: Endpoint, method: str) -> None:
    document = wrapper(endpoint, TOTALS, XML, method).queryAndConvert()
    numbers = [node.firstChild.data for node in document.getElementsByTagName("literal")]
    assert numbers == ["30", "17"]


@pytest.mark.parametrize(("format_", "delimiter"), [(CSV, ","), (TSV, "\t")])
def test_sparqlwrapper_reads_csv_and_tsv(endpoint: Endpoint, format_: str, delimiter: str) -> None:
    content = wrapper(endpoint, TOTALS, format_).queryAndConvert().decode()
    rows = list(csv.reader(StringIO(content), delimiter=delimiter))
    assert [row[1] for row in rows[1:]] == ["30", "17"]


def test_sparqlwrapper_asks_yes_or_no(endpoint: Endpoint) -> None:
    assert wrapper(endpoint, ASKED, JSON).queryAndConvert()["boolean"] is True


@pytest.mark.parametrize("method", ["GET", POST])
@pytest.mark.parametrize("format_", [RDFXML, XML])
@OUTDATED
def test_sparqlwrapper_constructs_a_graph(endpoint: Endpoint, format_: str, method: str) -> None:
    asking = wrapper(endpoint, f"PREFIX cg: <{CG}> {COMMITMENTS}", format_, method)
    assert len(asking.queryAndConvert()) == 54


@pytest.mark.parametrize(
    ("format_", "read_as"), [(TURTLE, "turtle"), (N3, "turtle"), (JSONLD, "json-ld")]
)
@OUTDATED
def test_sparqlwrapper_constructs_in_other_formats(
    endpoint: Endpoint, format_: str, read_as: str
) -> None:
    asking = wrapper(endpoint, f"PREFIX cg: <{CG}> {COMMITMENTS}", format_)
    found = asking.queryAndConvert()
    graph = found if isinstance(found, Graph) else Graph().parse(data=found, format=read_as)
    assert len(graph) == 54


def test_sparqlwrapper_names_the_graph(endpoint: Endpoint) -> None:
    asking = wrapper(endpoint, "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }", JSON)
    asking.addDefaultGraph(SOURCE)
    assert asking.queryAndConvert()["results"]["bindings"][0]["n"]["value"] == str(OF_SOURCE)


def test_sparqlwrapper_says_what_is_malformed(endpoint: Endpoint) -> None:
    with pytest.raises(QueryBadFormed, match="the query does not parse: line 1, column 12"):
        wrapper(endpoint, "SELECT ?x {", JSON).query()


# curl


@pytest.fixture(scope="module")
def curl() -> str:
    found = shutil.which("curl")
    if found is None:
        pytest.skip("curl is not installed")
    return found


def fetched(curl: str, *arguments: str) -> str:
    done = subprocess.run(
        [curl, "--silent", "--show-error", "--fail-with-body", "--max-time", "30", *arguments],
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    assert done.stderr in ("", "curl: (22) The requested URL returned error: 400\n")
    return done.stdout


@pytest.mark.parametrize("way", [["--get"], []], ids=["GET", "POST"])
def test_curl_sends_a_form(endpoint: Endpoint, curl: str, way: list[str]) -> None:
    asked = ["--data-urlencode", f"query={TOTALS}", "--header", "Accept: text/csv"]
    rows = list(csv.reader(StringIO(fetched(curl, *way, *asked, endpoint.sparql))))
    assert [(last(outcome), number) for outcome, number in rows[1:]] == [
        (name, str(number)) for name, number in OUTCOMES
    ]


def test_curl_sends_the_query_itself(endpoint: Endpoint, curl: str, tmp_path: Path) -> None:
    file = tmp_path / "totals.rq"
    file.write_text(TOTALS, encoding="utf-8")
    kind = ["--header", "Content-Type: application/sparql-query"]
    found = json.loads(fetched(curl, *kind, "--data-binary", f"@{file}", endpoint.sparql))
    assert [int(r["number"]["value"]) for r in found["results"]["bindings"]] == [30, 17]


def test_curl_takes_what_is_packed(endpoint: Endpoint, curl: str) -> None:
    asked = ["--data-urlencode", f"query={COMMITMENTS}", "--header", "Accept: application/n-triples"]
    plain = fetched(curl, *asked, endpoint.sparql)
    assert fetched(curl, "--compressed", *asked, endpoint.sparql) == plain
    assert plain.count("\n") == 54


def test_curl_shows_what_is_wrong(endpoint: Endpoint, curl: str) -> None:
    said = fetched(curl, "--get", "--data-urlencode", "query=SELEC", endpoint.sparql)
    assert said == "the query does not parse: line 1, column 1\n"


def test_curl_downloads_under_the_answer_s_name(endpoint: Endpoint, curl: str, tmp_path: Path) -> None:
    asked = ["--get", "--data-urlencode", f"query={TOTALS}", "--data", "format=tsv&download=1"]
    named = ["--remote-header-name", "--remote-name", "--output-dir", str(tmp_path)]
    fetched(curl, *asked, *named, endpoint.sparql)
    assert (tmp_path / "answer.tsv").read_text(encoding="utf-8").startswith("?outcome\t?number\n")
