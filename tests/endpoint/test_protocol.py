"""The SPARQL 1.1 Protocol, case by case of the W3C's tests, over raw HTTP on the real document.

The requirements are those of https://github.com/w3c/rdf-tests, ``sparql/sparql11/protocol``, whose cases
give the names. The endpoint loads nothing from elsewhere, so the graphs are the store's own; where a
case depends on its graphs, the same query without them must give the other answer.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from pyoxigraph import RdfFormat, Store
from rdflib import Graph

from compactgraph.common.namespaces import CG, ID, ROOT
from compactgraph.store.oxigraph import open_store
from tests.support.endpoint import Endpoint, Reply, running_endpoint
from tests.support.sizes import OF_ALL

PROJECT = Path(__file__).resolve().parents[2]
TABLE = PROJECT / "docs" / "reference" / "protocol.md"

RDF_TESTS = "ad541a5f0479f0798608c4801369d97b8e08b36f"
"""The commit of w3c/rdf-tests whose manifest was read."""

MANIFEST = (
    "query_post_form",
    "query_dataset_default_graphs_get",
    "query_dataset_default_graphs_post",
    "query_dataset_named_graphs_post",
    "query_dataset_named_graphs_get",
    "query_dataset_full",
    "query_multiple_dataset",
    "query_get",
    "query_content_type_select",
    "query_content_type_ask",
    "query_content_type_describe",
    "query_content_type_construct",
    "update_dataset_default_graph",
    "update_dataset_default_graphs",
    "update_dataset_named_graphs",
    "update_dataset_full",
    "update_post_form",
    "update_post_direct",
    "update_base_uri",
    "query_post_direct",
    "bad_query_method",
    "bad_multiple_queries",
    "bad_query_wrong_media_type",
    "bad_query_missing_form_type",
    "bad_query_missing_direct_type",
    "bad_query_non_utf8",
    "bad_query_syntax",
    "bad_update_get",
    "bad_multiple_updates",
    "bad_update_wrong_media_type",
    "bad_update_missing_form_type",
    "bad_update_non_utf8",
    "bad_update_syntax",
    "bad_update_dataset_conflict",
)
"""The entries of the manifest, in its order."""

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
QUERY = {"Content-Type": "application/sparql-query"}
UPDATE = {"Content-Type": "application/sparql-update"}

SOURCE, READING = f"{ID}bristol/graph/source", f"{ID}bristol/graph/reading"
ONTOLOGY = f"{ROOT}graph/ontology"
IN_SOURCE = f"<{ID}bristol/provision/1.11> a ?source"
IN_READING = f"<{ID}bristol/movement/1.11-r1/moves/vcse-strategy> a ?reading"
IN_ONTOLOGY = f"<{CG}Commitment> a ?ontology"
BOTH = f"ASK {{ {IN_SOURCE} . {IN_READING} }}"
BOTH_NAMED = f"ASK {{ GRAPH ?g1 {{ {IN_SOURCE} }} GRAPH ?g2 {{ {IN_READING} }} }}"
FULL = f"ASK {{ {IN_ONTOLOGY} GRAPH ?g1 {{ {IN_SOURCE} }} GRAPH ?g2 {{ {IN_READING} }} }}"
NAMES_ANOTHER = f"ASK FROM <{ONTOLOGY}> {{ GRAPH ?g1 {{ {IN_SOURCE} }} GRAPH ?g2 {{ {IN_READING} }} }}"

BOOLEANS = {"application/sparql-results+json", "application/sparql-results+xml"}
TABLES = {*BOOLEANS, "text/csv", "text/tab-separated-values"}
GRAPHS = {"text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json"}


@pytest.fixture(scope="module")
def endpoint(bristol_folder: Path, ontology_folder: Path, data_folder: Path) -> Iterator[Endpoint]:
    with running_endpoint(bristol_folder, ontology_folder, data_folder, workers=1) as running:
        yield running


@dataclass(frozen=True)
class Request:
    """One request to /sparql, as it goes over the wire."""

    parameters: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    method: str = "GET"

    def sent(self, endpoint: Endpoint) -> Reply:
        address = "/sparql" + (
            "?" + urlencode(self.parameters, quote_via=quote) if self.parameters else ""
        )
        return endpoint.get(address, None, self.headers, self.method, self.body)


def get(*parameters: tuple[str, str]) -> Request:
    return Request(parameters)


def post(body: str | bytes, headers: Mapping[str, str], *parameters: tuple[str, str]) -> Request:
    content = body.encode() if isinstance(body, str) else body
    return Request(parameters, content, headers, "POST")


def graphs(kind: str, *names: str) -> tuple[tuple[str, str], ...]:
    return tuple((f"{kind}-graph-uri", name) for name in names)


# Queries that are answered

ANSWERED: dict[str, tuple[Request, Request | None]] = {
    "query_get": (get(("query", "ASK {}"), *graphs("default", SOURCE)), None),
    "query_post_form": (post("query=ASK%20%7B%7D", FORM, *graphs("default", SOURCE)), None),
    "query_post_direct": (post("ASK {}", QUERY), None),
    "query_content_type_ask": (post("ASK {}", QUERY, *graphs("default", SOURCE)), None),
    "query_dataset_default_graphs_get": (
        get(("query", BOTH), *graphs("default", SOURCE, READING)),
        get(("query", BOTH), *graphs("default", SOURCE)),
    ),
    "query_dataset_default_graphs_post": (
        post(BOTH, QUERY, *graphs("default", SOURCE, READING)),
        post(BOTH, QUERY, *graphs("default", READING)),
    ),
    "query_dataset_named_graphs_get": (
        get(("query", BOTH_NAMED), *graphs("named", SOURCE, READING)),
        get(("query", BOTH_NAMED), *graphs("named", SOURCE)),
    ),
    "query_dataset_named_graphs_post": (
        post(BOTH_NAMED, QUERY, *graphs("named", SOURCE, READING)),
        post(BOTH_NAMED, QUERY, *graphs("default", SOURCE, READING)),
    ),
    "query_dataset_full": (
        post(FULL, QUERY, *graphs("default", ONTOLOGY), *graphs("named", SOURCE, READING)),
        post(FULL, QUERY, *graphs("default", SOURCE), *graphs("named", ONTOLOGY, READING)),
    ),
    "query_multiple_dataset": (
        post(NAMES_ANOTHER, QUERY, *graphs("named", SOURCE, READING)),
        post(NAMES_ANOTHER, QUERY),
    ),
}
"""Each case that is true, and the same query on other graphs, of which it is false."""


@pytest.mark.parametrize("case", ANSWERED)
def test_a_query_is_answered_of_the_graphs_that_the_protocol_names(
    case: str, endpoint: Endpoint
) -> None:
    asked, elsewhere = ANSWERED[case]
    reply = asked.sent(endpoint)
    assert reply.status == 200
    assert reply.type in BOOLEANS
    assert json.loads(reply.content)["boolean"] is True
    if elsewhere is not None:
        assert json.loads(elsewhere.sent(endpoint).content)["boolean"] is False


TYPED = {
    "query_content_type_select": ("SELECT (1 AS ?value) {}", TABLES, 1),
    "query_content_type_describe": (f"DESCRIBE <{ID}bristol/provision/1.11>", GRAPHS, 13),
    "query_content_type_construct": ("CONSTRUCT { <s> <p> 1 } WHERE {}", GRAPHS, 1),
}


@pytest.mark.parametrize("case", TYPED)
def test_an_answer_has_the_type_of_its_kind(case: str, endpoint: Endpoint) -> None:
    query, types, number = TYPED[case]
    reply = post(query, QUERY, *graphs("default", SOURCE)).sent(endpoint)
    assert reply.status == 200
    assert reply.type in types
    if types is GRAPHS:
        assert len(Graph().parse(data=reply.content, format=reply.type)) == number
    else:
        assert json.loads(reply.content)["results"]["bindings"][0]["value"]["value"] == "1"


# Requests that are malformed

MALFORMED: dict[str, tuple[Request, int]] = {
    "bad_query_method": (
        Request((("query", "ASK {}"), *graphs("default", SOURCE)), None, FORM, "PUT"),
        405,
    ),
    "bad_multiple_queries": (get(("query", "ASK {}"), ("query", "SELECT * {}")), 400),
    "bad_query_wrong_media_type": (post("ASK {}", {"Content-Type": "text/plain"}), 415),
    "bad_query_missing_form_type": (post("query=ASK%20%7B%7D", {}), 415),
    "bad_query_missing_direct_type": (post("ASK {}", {}), 415),
    "bad_query_non_utf8": (
        post("ASK {}".encode("utf-16"), {"Content-Type": "application/sparql-query; charset=UTF-16"}),
        415,
    ),
    "bad_query_syntax": (get(("query", "ASK {")), 400),
    "bad_update_get": (get(("update", "CLEAR ALL")), 403),
    "bad_multiple_updates": (post("update=CLEAR%20NAMED&update=CLEAR%20DEFAULT", FORM), 403),
    "bad_update_wrong_media_type": (post("CLEAR NAMED", {"Content-Type": "text/plain"}), 415),
    "bad_update_missing_form_type": (post("update=CLEAR%20NAMED", {}), 415),
    "bad_update_non_utf8": (
        post(
            "CLEAR NAMED".encode("utf-16"),
            {"Content-Type": "application/sparql-update; charset=UTF-16"},
        ),
        403,
    ),
    "bad_update_syntax": (post("update=CLEAR%20XYZ", FORM), 403),
    "bad_update_dataset_conflict": (
        post(
            f"WITH <{SOURCE}> DELETE {{ ?s ?p ?o }} WHERE {{ ?s ?p ?o }}",
            UPDATE,
            ("using-named-graph-uri", READING),
        ),
        403,
    ),
}
"""Each case, and the status of the refusal."""


def held(store: Store) -> bytes:
    """Return all that a store holds, in one order."""
    return b"".join(sorted(store.dump(format=RdfFormat.N_QUADS).splitlines(keepends=True)))


def check_refused(reply: Reply, status: int) -> None:
    assert reply.status == status
    assert reply.headers["content-type"] == "text/plain; charset=utf-8"
    assert reply.text.count("\n") == 1


@pytest.mark.parametrize("case", MALFORMED)
def test_a_malformed_request_is_refused_with_its_status(
    case: str, endpoint: Endpoint, bristol_folder: Path
) -> None:
    request, status = MALFORMED[case]
    before = held(open_store(bristol_folder))
    check_refused(request.sent(endpoint), status)
    assert held(open_store(bristol_folder)) == before


# Updates: each is refused, whatever it would do

TARGET = "http://example.org/protocol-update-test"
INSERTING = f"INSERT {{ GRAPH <{TARGET}> {{ ?s <http://example.org/in> ?g }} }} WHERE"
UPDATES: dict[str, Request] = {
    "update_dataset_default_graph": post(
        f"CLEAR ALL ; {INSERTING} {{ {IN_SOURCE} }}", UPDATE, ("using-graph-uri", SOURCE)
    ),
    "update_dataset_default_graphs": post(
        f"DROP ALL ; {INSERTING} {{ {IN_SOURCE} . {IN_READING} }}",
        UPDATE,
        ("using-graph-uri", SOURCE),
        ("using-graph-uri", READING),
    ),
    "update_dataset_named_graphs": post(
        f"DROP ALL ; {INSERTING} {{ GRAPH ?g {{ {IN_SOURCE} }} }}",
        UPDATE,
        ("using-named-graph-uri", SOURCE),
        ("using-named-graph-uri", READING),
    ),
    "update_dataset_full": post(
        f"DROP ALL ; {INSERTING} {{ {{ GRAPH ?g {{ {IN_READING} }} }} UNION {{ {IN_SOURCE} }} }}",
        UPDATE,
        ("using-graph-uri", SOURCE),
        ("using-named-graph-uri", READING),
    ),
    "update_post_form": post("update=CLEAR+ALL", FORM),
    "update_post_direct": post("CLEAR ALL", UPDATE),
    "update_base_uri": post(
        f"CLEAR SILENT GRAPH <{TARGET}> ; "
        f"INSERT DATA {{ GRAPH <{TARGET}> {{ <http://example.org/s> <http://example.org/p> <test> }} }}",
        UPDATE,
    ),
}


@pytest.mark.parametrize("case", UPDATES)
def test_an_update_is_refused_and_the_store_is_as_it_was(
    case: str, endpoint: Endpoint, bristol_folder: Path
) -> None:
    before = held(open_store(bristol_folder))
    assert before.count(b"\n") == OF_ALL
    reply = UPDATES[case].sent(endpoint)
    check_refused(reply, 403)
    assert reply.text == "this endpoint reads only; it takes no update\n"
    assert held(open_store(bristol_folder)) == before
    made = post(f"ASK {{ GRAPH <{TARGET}> {{ ?s ?p ?o }} }}", QUERY).sent(endpoint)
    assert json.loads(made.content)["boolean"] is False


@pytest.mark.parametrize("update", [request.body for request in UPDATES.values()])
@pytest.mark.parametrize("method", ["GET", "POST form", "POST direct"])
def test_an_update_that_comes_as_a_query_is_refused(
    update: bytes, method: str, endpoint: Endpoint, bristol_folder: Path
) -> None:
    text = update.decode().removeprefix("update=").replace("+", " ")
    request = {
        "GET": get(("query", text)),
        "POST form": post(urlencode({"query": text}), FORM),
        "POST direct": post(text, QUERY),
    }[method]
    before = held(open_store(bristol_folder))
    check_refused(request.sent(endpoint), 403)
    assert held(open_store(bristol_folder)) == before


# The table


def table() -> list[list[str]]:
    """Return the rows of the document's table of cases, a list of cells each."""
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    rows = [
        [cell.strip() for cell in line.strip("|").split(" | ")] for line in lines if line[:3] == "| `"
    ]
    return [row for row in rows if re.fullmatch(r"`\w*(query|queries|update|updates)\w*`", row[0])]


def test_each_case_of_the_manifest_is_tested_once() -> None:
    tested = [*ANSWERED, *TYPED, *MALFORMED, *UPDATES]
    assert sorted(tested) == sorted(MANIFEST)
    assert len(set(MANIFEST)) == len(MANIFEST) == 34


def test_the_table_of_the_document_has_each_case_in_the_manifest_s_order() -> None:
    assert [row[0].strip("`") for row in table()] == list(MANIFEST)
    assert RDF_TESTS in TABLE.read_text(encoding="utf-8")


@pytest.mark.parametrize("row", table(), ids=lambda row: row[0].strip("`"))
def test_the_table_of_the_document_says_what_is_tested(row: list[str]) -> None:
    case = row[0].strip("`")
    said, status, where = row[2], row[3], row[4]
    assert said == ("refused on purpose" if case in UPDATES else "met")
    assert status == str(MALFORMED[case][1] if case in MALFORMED else 403 if case in UPDATES else 200)
    groups = {
        "test_a_query_is_answered_of_the_graphs_that_the_protocol_names": ANSWERED,
        "test_an_answer_has_the_type_of_its_kind": TYPED,
        "test_a_malformed_request_is_refused_with_its_status": MALFORMED,
        "test_an_update_is_refused_and_the_store_is_as_it_was": UPDATES,
    }
    assert case in groups[where.strip("`")]
