"""The endpoint over HTTP: the protocol, the formats, the bounds, the pages, and what is refused."""

from __future__ import annotations

import gzip
import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

import pytest
from pyoxigraph import Store
from rdflib import URIRef

from compactgraph.common.namespaces import CG, ID, ROOT, VOCAB
from compactgraph.endpoint.app import Settings
from compactgraph.endpoint.launch import launch
from compactgraph.endpoint.middleware import answers_for
from compactgraph.endpoint.negotiation import Wanted, for_graph, prefers_page, wanted
from compactgraph.endpoint.refusals import refusal
from compactgraph.errors import (
    CutAnswerError,
    FolderError,
    QueryError,
    ServerError,
    ServiceError,
    StoreError,
)
from compactgraph.serving.published import Serving
from tests.support.endpoint import Endpoint, Reply, graph_in, running_endpoint
from tests.support.sizes import OF_ALL, OF_READING, OF_SOURCE

PROVISIONS = "SELECT (COUNT(*) AS ?n) WHERE { ?p a cg:Provision }"
CONSTRUCT = "CONSTRUCT { ?p a cg:Commitment } WHERE { ?p a cg:Commitment }"
RUNAWAY = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
RESULTS = "application/sparql-results+"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def sent_as(type_: str) -> dict[str, str]:
    return {"Content-Type": type_}


FORM = sent_as("application/x-www-form-urlencoded")
SPARQL = sent_as("application/sparql-query")


@pytest.fixture(scope="module")
def endpoint(bristol_folder: Path, ontology_folder: Path, data_folder: Path) -> Iterator[Endpoint]:
    with running_endpoint(bristol_folder, ontology_folder, data_folder) as running:
        yield running


@pytest.fixture(scope="module")
def narrow(bristol_folder: Path, ontology_folder: Path, data_folder: Path) -> Iterator[Endpoint]:
    """Return an endpoint with room for little: one second, ten rows, 1,000 bytes, two requests."""
    settings = Settings(base="https://example.org/compact/", length=1_000, waiting=2)
    with running_endpoint(
        bristol_folder,
        ontology_folder,
        data_folder,
        seconds=1.0,
        rows=10,
        workers=1,
        settings=settings,
    ) as running:
        yield running


def ask(endpoint: Endpoint, query: str, accept: str | None = "text/csv", **more: str) -> Reply:
    return endpoint.get("/sparql?" + urlencode({"query": query, **more}), accept)


def line(reply: Reply) -> tuple[int, str]:
    """Return the status and the one line of a refusal."""
    assert reply.headers["content-type"] == "text/plain; charset=utf-8"
    assert reply.text.count("\n") == 1
    return reply.status, reply.text.rstrip("\n")


# The protocol


@pytest.mark.parametrize(
    ("path", "method", "body", "headers"),
    [
        (f"/sparql?query={quote(PROVISIONS)}", "GET", None, {}),
        (f"/sparql?{urlencode({'query': PROVISIONS})}", "GET", None, {}),
        ("/sparql", "POST", urlencode({"query": PROVISIONS}).encode(), FORM),
        ("/sparql", "POST", PROVISIONS.encode(), SPARQL),
        ("/sparql", "POST", PROVISIONS.encode(), sent_as("application/sparql-query;charset=UTF-8")),
        ("/sparql", "POST", PROVISIONS.encode(), sent_as('APPLICATION/Sparql-Query; charset="utf-8"')),
        (f"/sparql?unheard={'x' * 99}", "POST", PROVISIONS.encode(), SPARQL),
    ],
)
def test_a_query_is_asked_in_each_way_of_the_protocol(
    endpoint: Endpoint, path: str, method: str, body: bytes | None, headers: dict[str, str]
) -> None:
    reply = endpoint.get(path, "text/csv", headers, method, body)
    assert (reply.status, reply.content) == (200, b"n\r\n79\r\n")


def test_head_has_the_headers_of_get_and_no_body(endpoint: Endpoint) -> None:
    path = "/sparql?" + urlencode({"query": PROVISIONS})
    got, head = endpoint.get(path, "text/csv"), endpoint.get(path, "text/csv", method="HEAD")
    assert (head.status, head.content) == (200, b"")
    assert head.headers["content-length"] == got.headers["content-length"] == "7"
    assert head.headers["content-type"] == got.headers["content-type"]


@pytest.mark.parametrize(
    ("status", "said", "path", "method", "body", "headers"),
    [
        (400, "several queries", "/sparql?query=ASK{}&query=ASK{}", "GET", None, {}),
        (400, "several queries", "/sparql?query=ASK{}", "POST", b"query=ASK{}", FORM),
        (400, "several queries", "/sparql?query=ASK{}", "POST", b"ASK{}", SPARQL),
        (400, "has no query", "/sparql", "POST", b"", FORM),
        (400, "has no query", "/sparql", "POST", b"sparql=ASK{}", FORM),
        (400, "a % in the request begins no escape", "/sparql?query=ASK%7", "GET", None, {}),
        (400, "a % in the request begins no escape", "/sparql", "POST", b"query=%zz", FORM),
        (400, "is no UTF-8", "/sparql?query=ASK%FF{}", "GET", None, {}),
        (400, "is no UTF-8", "/sparql", "POST", b"query=ASK\xff{}", FORM),
        (400, "is no UTF-8", "/sparql", "POST", b"ASK\xff{}", SPARQL),
        (400, "more than 1,000 parameters", "/sparql", "POST", b"a=&" * 2_000, FORM),
        (400, "does not parse: line 1, column 1", "/sparql?query=", "GET", None, {}),
        (400, "does not parse: line 1, column 1", "/sparql", "POST", b"", SPARQL),
        (400, "no absolute IRI", "/sparql?query=ASK{}&default-graph-uri=x", "GET", None, {}),
        (400, "no absolute IRI", "/sparql?query=ASK{}&named-graph-uri=x", "GET", None, {}),
        (403, "reads only", "/sparql?update=CLEAR+ALL", "GET", None, {}),
        (403, "reads only", "/sparql", "POST", b"update=CLEAR+ALL", FORM),
        (403, "reads only", "/sparql", "POST", b"CLEAR ALL", sent_as("application/sparql-update")),
        (403, "only read, never changed", "/sparql", "POST", b"query=CLEAR+ALL", FORM),
        (403, "reaches no other service", "/sparql", "POST", b"ASK{SERVICE<http://x.org>{}}", SPARQL),
        (404, "nothing here", "/query", "GET", None, {}),
        (405, "only read", "/sparql", "PUT", b"", {}),
        (405, "only read", "/sparql", "DELETE", None, {}),
        (405, "only read", "/sparql", "PATCH", b"", {}),
        (405, "only read", "/health", "POST", b"", {}),
        (415, "is sent as", "/sparql", "POST", b"ASK{}", sent_as("text/plain")),
        (415, "is sent as", "/sparql", "POST", b"ASK{}", sent_as("multipart/form-data")),
        (415, "is sent as", "/sparql", "POST", b"ASK{}", {}),
        (415, "UTF-8", "/sparql", "POST", b"ASK{}", sent_as("application/sparql-query;charset=UTF-16")),
    ],
)  # fmt: skip
def test_what_is_none_of_the_protocol_s_requests_is_refused(
    endpoint: Endpoint,
    status: int,
    said: str,
    path: str,
    method: str,
    body: bytes | None,
    headers: dict[str, str],
) -> None:
    found, words = line(endpoint.get(path, None, headers, method, body))
    assert found == status
    assert said in words


def test_a_method_that_is_not_allowed_names_those_that_are(endpoint: Endpoint) -> None:
    allowed = endpoint.get("/sparql", method="PUT", body=b"").headers["allow"]
    assert set(allowed.split(", ")) == {"GET", "HEAD", "POST", "OPTIONS"}
    reply = endpoint.get("/sparql", method="OPTIONS")
    assert (reply.status, reply.headers["allow"]) == (204, "GET, HEAD, POST, OPTIONS")


def test_a_malformed_query_says_the_line_and_the_column(endpoint: Endpoint) -> None:
    reply = ask(endpoint, "SELECT ?p\nWHERE { ?p a }")
    assert line(reply) == (400, "the query does not parse: line 2, column 9")


SOURCE, READING = f"{ID}bristol/graph/source", f"{ID}bristol/graph/reading"


@pytest.mark.parametrize(
    ("graphs", "in_default", "in_named"),
    [
        ([], OF_ALL, OF_ALL),
        ([("default-graph-uri", SOURCE)], OF_SOURCE, 0),
        ([("default-graph-uri", SOURCE), ("default-graph-uri", READING)], OF_SOURCE + OF_READING, 0),
        ([("named-graph-uri", READING)], 0, OF_READING),
        ([("default-graph-uri", SOURCE), ("named-graph-uri", READING)], OF_SOURCE, OF_READING),
        ([("default-graph-uri", "http://example.org/none")], 0, 0),
    ],
)
def test_a_query_is_asked_of_the_graphs_that_the_request_names(
    endpoint: Endpoint, graphs: list[tuple[str, str]], in_default: int, in_named: int
) -> None:
    counting = "SELECT (COUNT(*) AS ?n) WHERE { %s }"
    found = [
        endpoint.get("/sparql?" + urlencode([("query", counting % pattern), *graphs]), "text/csv").text
        for pattern in ("?s ?p ?o", "GRAPH ?g { ?s ?p ?o }")
    ]
    assert found == [f"n\r\n{in_default}\r\n", f"n\r\n{in_named}\r\n"]


def test_the_graphs_of_a_direct_post_stand_in_the_address(endpoint: Endpoint) -> None:
    path = "/sparql?" + urlencode({"default-graph-uri": READING})
    query = b"SELECT (COUNT(*) AS ?n) FROM <http://example.org/none> WHERE { ?s ?p ?o }"
    assert endpoint.get(path, "text/csv", SPARQL, "POST", query).text == f"n\r\n{OF_READING}\r\n"


# The formats


@pytest.mark.parametrize(
    ("accept", "tabular", "graph"),
    [
        ("", "json", "turtle"),
        ("*/*", "json", "turtle"),
        ("garbage", "json", "turtle"),
        ("text/csv", "csv", None),
        ("TEXT/CSV", "csv", None),
        ("text/csv, */*", "csv", "turtle"),
        ("text/csv;q=0.5, */*;q=0.1", "csv", "turtle"),
        ("text/csv;q=0.5, application/sparql-results+xml", "xml", None),
        ("text/csv;q=0, text/*", "tsv", "turtle"),
        ("text/*", "csv", "turtle"),
        ("application/*", "json", "ntriples"),
        ("application/*, text/turtle;q=0.9", "json", "ntriples"),
        ("*/*;q=0.1, application/sparql-results+json;q=0", "xml", "turtle"),
        ("application/json", "json", "jsonld"),
        ("application/xml", "xml", "rdfxml"),
        ("application/rdf+xml, application/ld+json", None, "rdfxml"),
        ('application/ld+json;profile="a,b;q=0"', None, "jsonld"),
        ('application/ld+json;profile="a\\"b";q=0.2, text/turtle;q=0.1', None, "jsonld"),
        ("text/turtle;charset=utf-8", None, "turtle"),
        ("text/csv;q=2, text/turtle", None, "turtle"),
        ("text/csv;q=x, text/tab-separated-values", "tsv", None),
        ("text/csv ; Q=0.4 , text/tab-separated-values;q=0.3", "csv", None),
        ("text/csv;q=1.000, text/tab-separated-values;q=0.999", "csv", None),
        ("*/csv, image/png", None, None),
        ("image/png", None, None),
        ("*/*;q=0", None, None),
        (",,text/csv,", "csv", None),
    ],
)
def test_the_accept_header_chooses_the_format(
    accept: str, tabular: str | None, graph: str | None
) -> None:
    assert wanted(accept, None) == Wanted(tabular, graph)


@pytest.mark.parametrize(
    ("asked", "tabular", "graph"),
    [
        ("csv", "csv", None),
        ("TSV", "tsv", None),
        ("json", "json", "jsonld"),
        ("xml", "xml", "rdfxml"),
        ("turtle", None, "turtle"),
        ("ntriples", None, "ntriples"),
        ("rdf+xml", None, "rdfxml"),
        ("json-ld", None, "jsonld"),
        ("application/sparql-results+xml", "xml", None),
        ("unheard-of", "csv", None),
        ("", "csv", None),
    ],
)
def test_the_format_in_the_address_goes_before_the_accept_header(
    asked: str, tabular: str | None, graph: str | None
) -> None:
    assert wanted("text/csv", asked) == Wanted(tabular, graph)


@pytest.mark.parametrize(
    ("accept", "asked", "format_"),
    [
        (BROWSER, None, "html"),
        (BROWSER, "turtle", "turtle"),
        ("text/turtle", "html", "html"),
        ("text/turtle, text/html;q=0.9", None, "turtle"),
        ("", None, "turtle"),
        ("*/*", None, "turtle"),
        ("text/csv", None, None),
        ("text/turtle", "csv", None),
    ],
)
def test_a_page_is_had_where_it_is_wanted_most(
    accept: str, asked: str | None, format_: str | None
) -> None:
    assert for_graph(accept, asked, page=True) == format_
    assert prefers_page(accept) == (for_graph(accept, None, page=True) == "html")


@pytest.mark.parametrize(
    ("accept", "type_", "content"),
    [
        (RESULTS + "json", RESULTS + "json", b'{"head":{"vars":["n"]}'),
        (RESULTS + "xml", RESULTS + "xml", b'<?xml version="1.0"?><sparql'),
        ("text/csv", "text/csv; charset=utf-8", b"n\r\n79\r\n"),
        ("text/tab-separated-values", "text/tab-separated-values; charset=utf-8", b"?n\n79\n"),
        (None, RESULTS + "json", b'{"head":{"vars":["n"]}'),
    ],
)
def test_a_table_comes_in_each_format(
    endpoint: Endpoint, accept: str | None, type_: str, content: bytes
) -> None:
    reply = ask(endpoint, PROVISIONS, accept)
    assert (reply.status, reply.headers["content-type"]) == (200, type_)
    assert reply.content.startswith(content)
    assert "accept" in reply.headers["vary"].lower().split(", ")


@pytest.mark.parametrize(
    "type_", ["text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json"]
)
def test_a_graph_comes_in_each_format(endpoint: Endpoint, type_: str) -> None:
    reply = ask(endpoint, CONSTRUCT, type_)
    assert (reply.status, reply.type) == (200, type_)
    assert len(graph_in(reply)) == 54


def test_a_format_that_no_answer_has_is_refused_with_those_there_are(endpoint: Endpoint) -> None:
    assert line(ask(endpoint, PROVISIONS, "image/png")) == (
        406,
        "the answer can be had as application/sparql-results+json, application/sparql-results+xml, "
        "text/csv, text/tab-separated-values, text/turtle, application/n-triples, "
        "application/rdf+xml, application/ld+json",
    )


@pytest.mark.parametrize(
    ("query", "accept", "said"),
    [(PROVISIONS, "text/turtle", "json, xml, csv, tsv"), (CONSTRUCT, "text/csv", "turtle, ntriples")],
)
def test_a_format_of_the_other_kind_is_refused(
    endpoint: Endpoint, query: str, accept: str, said: str
) -> None:
    status, words = line(ask(endpoint, query, accept))
    assert status == 406
    assert said in words


@pytest.mark.parametrize(
    ("query", "format_", "name"),
    [
        (PROVISIONS, "csv", "answer.csv"),
        (PROVISIONS, "json", "answer.srj"),
        (CONSTRUCT, "xml", "answer.rdf"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_answer_can_be_downloaded(
    endpoint: Endpoint, query: str, format_: str, name: str, method: str
) -> None:
    fields = urlencode({"query": query, "format": format_, "download": "1"})
    sent = endpoint.get("/sparql", BROWSER, FORM, "POST", fields.encode())
    reply = sent if method == "POST" else endpoint.get(f"/sparql?{fields}", BROWSER)
    assert reply.headers["content-disposition"] == f'attachment; filename="{name}"'
    assert "content-disposition" not in ask(endpoint, query, None, format=format_).headers


@pytest.mark.parametrize(
    ("coding", "packed"),
    [("gzip", True), ("br, gzip;q=0.5", True), ("gzip;q=0", False), ("identity", False)],
)
def test_a_long_answer_is_packed_for_those_who_take_it(
    endpoint: Endpoint, coding: str, packed: bool
) -> None:
    path = "/sparql?" + urlencode({"query": "SELECT ?p WHERE { ?p a cg:Provision }"})
    reply = endpoint.get(path, "text/csv", {"Accept-Encoding": coding})
    assert reply.headers.get("content-encoding") == ("gzip" if packed else None)
    content = gzip.decompress(reply.content) if packed else reply.content
    assert content.count(b"\r\n") == 80


def test_a_short_answer_is_not_packed(endpoint: Endpoint) -> None:
    path = "/sparql?" + urlencode({"query": PROVISIONS})
    assert "content-encoding" not in endpoint.get(path, None, {"Accept-Encoding": "gzip"}).headers


# The bounds


def test_a_query_that_runs_away_is_stopped_and_the_next_one_is_answered(narrow: Endpoint) -> None:
    status, words = line(ask(narrow, RUNAWAY))
    assert status == 422
    assert words.startswith("the query took longer than 1 second and was stopped; narrow it")
    assert ask(narrow, PROVISIONS).text == "n\r\n79\r\n"


@pytest.mark.parametrize(("number", "status"), [(10, 200), (11, 422)])
@pytest.mark.parametrize(
    "query", ["SELECT ?s {{ ?s ?p ?o }} LIMIT {}", "CONSTRUCT WHERE {{ ?s a ?o }} LIMIT {}"]
)
def test_an_answer_with_more_rows_than_the_limit_is_refused_and_never_cut(
    narrow: Endpoint, query: str, number: int, status: int
) -> None:
    reply = ask(narrow, query.format(number), None)
    assert reply.status == status
    assert (status == 200) != reply.text.startswith("the answer has more than 10 rows or triples")


@pytest.mark.parametrize("length", [1_001, 10**13])
def test_a_body_that_is_too_long_is_refused_by_what_it_says(narrow: Endpoint, length: int) -> None:
    with socket.create_connection(("127.0.0.1", urlsplit(narrow.url).port or 0)) as client:
        client.sendall(
            b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\n"
            b"Content-Length: %d\r\n\r\n" % length
        )
        assert client.recv(12) == b"HTTP/1.1 413"


def test_a_body_that_says_no_length_is_refused_while_it_comes(narrow: Endpoint) -> None:
    connection = HTTPConnection(urlsplit(narrow.url).netloc, timeout=30)
    connection.request("POST", "/sparql", iter([b"#" * 600] * 2), SPARQL, encode_chunked=True)
    with connection.getresponse() as response:
        assert (response.status, response.read()) == (
            413,
            b"the request has more than 1,000 bytes; ask a shorter query\n",
        )
    connection.close()


def test_a_body_that_does_not_come_is_not_waited_for(
    narrow: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("compactgraph.endpoint.protocol.BODY_SECONDS", 0.2)
    with socket.create_connection(("127.0.0.1", urlsplit(narrow.url).port or 0)) as client:
        client.sendall(
            b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\n"
            b"Content-Length: 9\r\n\r\nASK"
        )
        assert client.recv(12) == b"HTTP/1.1 408"
    assert ask(narrow, PROVISIONS).status == 200


def test_those_who_go_away_keep_no_places(narrow: Endpoint) -> None:
    for _ in range(2):
        with socket.create_connection(("127.0.0.1", urlsplit(narrow.url).port or 0)) as client:
            client.sendall(
                b"POST /sparql HTTP/1.1\r\nHost: localhost\r\n"
                b"Content-Type: application/sparql-query\r\nContent-Length: 9\r\n\r\nASK"
            )
    tries = 0
    while (reply := ask(narrow, PROVISIONS)).status == 503 and tries < 100:
        tries += 1
        time.sleep(0.05)
    assert reply.status == 200


def test_a_query_that_is_too_long_to_be_parsed_is_refused(endpoint: Endpoint) -> None:
    body = b"ASK {} #" + b"x" * 200_000
    assert line(endpoint.get("/sparql", None, SPARQL, "POST", body)) == (
        413,
        "the query has 200,008 characters, the limit is 200,000",
    )


def test_an_address_that_is_too_long_is_refused(endpoint: Endpoint) -> None:
    assert line(ask(endpoint, "ASK {} #" + "x" * 64_000)) == (
        414,
        "the address has more than 64,000 bytes; use POST",
    )


def test_beyond_the_places_one_is_told_at_once_to_come_again(narrow: Endpoint) -> None:
    with ThreadPoolExecutor(6) as threads:
        replies = list(threads.map(lambda _: ask(narrow, RUNAWAY), range(6)))
    refused = [reply for reply in replies if reply.status == 503]
    assert len(refused) >= 4
    assert {(line(reply)[1], reply.headers["retry-after"]) for reply in refused} <= {
        ("2 requests are under way; try again in a moment", "2"),
        (
            "other queries have kept all places busy for 1 second (1 can run at once); "
            "try again in a moment",
            "2",
        ),
    }
    assert ask(narrow, PROVISIONS).status == 200


def test_others_are_answered_while_a_query_runs_away(narrow: Endpoint) -> None:
    with ThreadPoolExecutor(1) as threads:
        running = threads.submit(ask, narrow, RUNAWAY)
        assert narrow.get("/health").status == 200
        assert narrow.get("/id/bristol").status == 200
        assert running.result().status == 422


# Who is answered, and the headers


@pytest.mark.parametrize("host", ["localhost", "localhost:7878", "127.0.0.1:1", "[::1]", "LOCALHOST"])
def test_this_machine_s_own_names_are_answered_for(endpoint: Endpoint, host: str) -> None:
    assert endpoint.get("/health", headers={"Host": host}).status == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "localhost@evil.example", "", "127.0.0.1:x"]
)
@pytest.mark.parametrize("path", ["/", "/sparql?query=ASK%7B%7D", "/id/bristol", "/static/x"])
def test_another_host_s_name_is_not_answered_for(endpoint: Endpoint, host: str, path: str) -> None:
    assert line(endpoint.get(path, headers={"Host": host})) == (
        421,
        "this server does not answer for that host; use its public address",
    )


def test_the_base_s_host_is_answered_for_and_stands_in_the_description(narrow: Endpoint) -> None:
    for host in ("example.org", "localhost"):
        text = narrow.get("/", "application/n-triples", {"Host": host}).text
        assert "<https://example.org/compact/sparql>" in text
        assert "localhost" not in text


@pytest.mark.parametrize(
    ("host", "known", "answered"),
    [
        ("a.org", {"A.org"}, True),
        ("[2001:db8::1]:80", {"2001:db8::1"}, True),
        ("a.org.", {"a.org"}, False),
    ],
)
def test_a_host_is_known_by_its_name(host: str, known: set[str], answered: bool) -> None:
    assert answers_for(host, known) is answered


@pytest.mark.parametrize(
    "path", ["/", "/sparql?query=ASK%7B%7D", "/sparql?query=x", "/id/bristol", "/nothing", "/health"]
)
@pytest.mark.parametrize("accept", [BROWSER, "*/*"])
def test_each_answer_has_the_headers_that_keep_it_safe(
    endpoint: Endpoint, path: str, accept: str
) -> None:
    headers = endpoint.get(path, accept, {"Origin": "https://elsewhere.example"}).headers
    assert headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "server" not in headers


def test_a_page_elsewhere_may_ask_by_post(endpoint: Endpoint) -> None:
    asked = {
        "Origin": "https://elsewhere.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    reply = endpoint.get("/sparql", headers=asked, method="OPTIONS")
    assert reply.status == 200
    assert reply.headers["access-control-allow-origin"] == "*"
    assert "POST" in reply.headers["access-control-allow-methods"]
    assert "PUT" not in reply.headers["access-control-allow-methods"]
    assert reply.headers["access-control-allow-headers"] in ("content-type", "*")
    exposed = endpoint.get("/health", headers=asked).headers["access-control-expose-headers"]
    assert exposed == "Link, Retry-After, Content-Disposition"


# The health


def test_a_slash_too_many_is_no_redirection(endpoint: Endpoint) -> None:
    reply = endpoint.get("/sparql/?query=ASK%20%7B%7D")
    assert (reply.status, "location" in reply.headers) == (404, False)


def test_health_says_what_is_served_and_no_place_of_it(endpoint: Endpoint, bristol_folder: Path) -> None:
    reply = endpoint.get("/health")
    said = json.loads(reply.content)
    assert said.pop("generation")
    assert said == {"status": "ok", "quads": OF_ALL, "reviews": ["bristol"]}
    assert str(bristol_folder) not in reply.text


def test_where_there_is_no_store_each_answer_says_so_and_no_place(
    ontology_folder: Path, data_folder: Path, tmp_path: Path
) -> None:
    with running_endpoint(tmp_path / "nowhere", ontology_folder, data_folder) as endpoint:
        health = endpoint.get("/health")
        assert (health.status, health.content) == (503, b'{"status":"unavailable"}')
        for path in ("/sparql?query=ASK%7B%7D", "/", "/.well-known/void", "/id/bristol"):
            reply = endpoint.get(path)
            assert line(reply) == (
                503,
                "the graph cannot be read at the moment; try again in a moment",
            )
            assert reply.headers["retry-after"] == "2"


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (StoreError("/srv/store: damaged"), 503, "the graph cannot be read at the moment; "),
        (ServiceError("http://10.0.0.1/: away"), 503, "the graph cannot be read at the moment; "),
        (CutAnswerError("http://10.0.0.1/: cut"), 422, "the service that holds the graph gave a part"),
        (FolderError("/srv/ontology: missing"), 500, "the query could not be answered"),
        (RuntimeError("/srv/store"), 500, "the query could not be answered"),
        (QueryError("line 1,\nline 2"), 400, "line 1, line 2"),
    ],
)
def test_a_refusal_says_nothing_of_the_machine(error: Exception, status: int, said: str) -> None:
    refused = refusal(error)
    assert refused.status == status
    assert refused.line.startswith(said)
    assert not any(place in refused.line for place in ("/srv", "10.0.0.1", "\n"))
    assert ("Retry-After" in refused.headers) == (status == 503)


def test_what_is_unexpected_is_logged_and_not_told(
    narrow: Endpoint, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise RuntimeError("a secret of the machine")

    monkeypatch.setattr(narrow.serving, "current", fail)
    reply = narrow.get("/", headers={"Origin": "https://elsewhere.example"})
    assert line(reply) == (500, "the query could not be answered")
    assert reply.headers["access-control-allow-origin"] == "*"
    assert "a secret of the machine" in caplog.text


# The pages


@pytest.mark.parametrize("path", ["/", "/sparql", "/?query=ASK%7B%7D"])
def test_a_browser_gets_the_page_with_the_saved_questions(endpoint: Endpoint, path: str) -> None:
    reply = endpoint.get(path, BROWSER)
    assert (reply.status, reply.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "script-src 'self'" in reply.headers["content-security-policy"]
    assert "hollow-themes" in reply.text
    assert f"{OF_ALL:,} statements" in reply.text
    assert "A query may run for 10 seconds and answer with 100,000 rows." in reply.text


def test_a_browser_gets_an_answer_where_it_asks_a_query(endpoint: Endpoint) -> None:
    assert ask(endpoint, PROVISIONS, BROWSER).type == "application/sparql-results+xml"


@pytest.mark.parametrize(("path", "status"), [("/nothing", 404), ("/id/nothing", 404)])
def test_a_browser_gets_a_page_that_says_why_there_is_no_answer(
    endpoint: Endpoint, path: str, status: int
) -> None:
    reply = endpoint.get(path, BROWSER)
    assert (reply.status, reply.type) == (status, "text/html")
    assert endpoint.get(path).text.strip() in unescape(reply.text)


def test_static_files_are_served_and_no_other_file_is(endpoint: Endpoint) -> None:
    assert endpoint.get("/static/endpoint.css").type == "text/css"
    assert endpoint.get("/static/../app.py").status == 404
    assert endpoint.get("/static/%2e%2e/app.py").status == 404
    assert endpoint.get("/static/").status == 404


def test_the_context_is_served(endpoint: Endpoint, ontology_folder: Path) -> None:
    reply = endpoint.get("/context.jsonld")
    assert reply.type == "application/ld+json"
    assert reply.content == (ontology_folder / "context.jsonld").read_bytes()


# Linked data

PROVISION = "/id/bristol/provision/1.11"
TYPES = {
    "ttl": "text/turtle",
    "nt": "application/n-triples",
    "rdf": "application/rdf+xml",
    "jsonld": "application/ld+json",
}


@pytest.mark.parametrize(("suffix", "type_"), TYPES.items())
def test_a_resource_comes_in_each_format_by_accept_and_by_suffix(
    endpoint: Endpoint, suffix: str, type_: str
) -> None:
    by_accept = endpoint.get(PROVISION, type_)
    by_suffix = endpoint.get(f"{PROVISION}.{suffix}", "image/png")
    assert by_accept.status == by_suffix.status == 200
    assert by_accept.content == by_suffix.content
    assert by_accept.type == type_
    found = set(graph_in(by_accept))
    assert len(found) == 37
    assert found == set(graph_in(endpoint.get(PROVISION)))


def test_a_resource_has_what_is_said_of_it_the_names_and_what_points_to_it(
    endpoint: Endpoint, bristol: Store
) -> None:
    graph = graph_in(endpoint.get(PROVISION))
    node = URIRef(ID + "bristol/provision/1.11")
    own = {q.predicate.value for q in bristol if str(q.subject) == node.n3()}
    assert {str(p) for p in graph.predicates(node)} == own
    movement = URIRef(ID + "bristol/movement/1.11-r1/moves/vcse-strategy")
    assert (movement, URIRef(CG + "from"), node) in graph
    prefers = URIRef("http://www.w3.org/2004/02/skos/core#prefLabel")
    assert str(graph.value(URIRef(VOCAB + "outcome/moved"), prefers)) == "moved"


def test_a_resource_names_itself_and_its_formats(endpoint: Endpoint) -> None:
    links = endpoint.get(PROVISION).headers["link"].split(", ")
    assert links[0] == f'<{ROOT}id/bristol/provision/1.11>; rel="canonical"'
    assert links[1:] == [
        f'<1.11.{suffix}>; rel="alternate describedby"; type="{type_}"'
        for suffix, type_ in TYPES.items()
    ]


@pytest.mark.parametrize("path", [PROVISION, PROVISION + ".html"])
def test_a_resource_s_page_links_below_the_endpoint(endpoint: Endpoint, path: str) -> None:
    page = endpoint.get(path, BROWSER if path == PROVISION else "text/turtle")
    assert (page.status, page.type) == (200, "text/html")
    assert '<a href="../../../vocab/outcome/moved">moved</a>' in page.text
    assert '<a href="../../../id/bristol/reference/vcse-strategy">VCSE Strategy</a>' in page.text
    assert f'href="{ROOT}id/' not in page.text.replace(f'<link rel="canonical" href="{ROOT}id/', "")


@pytest.mark.parametrize(
    ("path", "statements"),
    [
        ("/id/bristol/graph/source", 3),
        ("/graph/ontology", 3),
        ("/vocab/outcome/moved", 17),
        ("/ontology", 604),
    ],
)
def test_terms_graphs_and_the_ontology_are_answered_for(
    endpoint: Endpoint, path: str, statements: int
) -> None:
    reply = endpoint.get(path)
    assert reply.status == 200
    assert len(graph_in(reply)) == statements


def test_the_ontology_says_what_its_terms_mean(endpoint: Endpoint) -> None:
    graph = graph_in(endpoint.get("/ontology.nt"))
    assert graph.value(
        URIRef(CG + "Commitment"), URIRef("http://www.w3.org/2004/02/skos/core#definition")
    )


def test_a_named_graph_says_how_much_is_in_it(endpoint: Endpoint) -> None:
    graph = graph_in(endpoint.get("/id/bristol/graph/source"))
    triples = URIRef("http://rdfs.org/ns/void#triples")
    assert graph.value(URIRef(ID + "bristol/graph/source"), triples).toPython() == OF_SOURCE


def test_where_more_points_to_a_thing_than_is_listed_the_page_says_so(endpoint: Endpoint) -> None:
    sentence = "More points here than the 200 that are listed."
    assert sentence in endpoint.get("/id/bristol", BROWSER).text
    assert sentence not in endpoint.get(PROVISION, BROWSER).text
    graph = graph_in(endpoint.get("/id/bristol"))
    assert len(list(graph.subjects(None, URIRef(ID + "bristol")))) == 200


@pytest.mark.parametrize(
    "path",
    [
        *("/id/", "/id/nobody", PROVISION + ".csv", "/ontology/x"),
        *("/id/a%20b", "/id/%3Cscript%3E", "/id/%00", "/id/%ff"),
    ],
)
def test_what_the_graph_says_nothing_of_is_not_found(endpoint: Endpoint, path: str) -> None:
    assert line(endpoint.get(path)) == (
        404,
        "the graph says nothing of this; see the endpoint's root",
    )
    assert "<script>" not in endpoint.get(path, BROWSER).text.lower()


def test_a_resource_in_a_format_that_there_is_not_is_refused(endpoint: Endpoint) -> None:
    status, words = line(endpoint.get(PROVISION, "image/png"))
    assert status == 406
    assert words.endswith("application/ld+json, text/html")


# The server


@pytest.fixture
def serving(bristol_folder: Path, ontology_folder: Path, data_folder: Path) -> Serving:
    return Serving(data_folder, ontology_folder, bristol_folder)


def test_a_port_that_is_taken_is_said_in_one_line(serving: Serving) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ServerError) as raised:
            launch(serving, port=port)
    assert str(raised.value) == (
        f"cannot listen on 127.0.0.1, port {port} (address already in use); choose another port"
    )


@pytest.mark.parametrize(
    "base", ["example.org", "ftp://example.org/", "http://", "http://a b/", "http://x/?q", "http://x:99999/"]
)  # fmt: skip
def test_a_base_that_is_no_address_is_refused(serving: Serving, base: str) -> None:
    with pytest.raises(ServerError, match="is no address; write it like"):
        launch(serving, port=0, base=base)


_SCRIPT = """
import sys
from pathlib import Path
from compactgraph.endpoint.launch import launch
from compactgraph.serving.published import Serving
data, ontology, store, host = sys.argv[1:]
launch(Serving(Path(data), Path(ontology), Path(store)), host=host, port=0, seconds=60)
"""


def children(process: int) -> list[int]:
    listed = Path(f"/proc/{process}/task/{process}/children")
    return [int(child) for child in listed.read_text(encoding="ascii").split()]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
def test_the_server_says_where_it_is_and_ends_in_good_order(
    serving: Serving, number: signal.Signals, host: str
) -> None:
    folders = [str(serving.data), str(serving.ontology), str(serving.location)]
    server = subprocess.Popen(
        [sys.executable, "-c", _SCRIPT, *folders, host],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    try:
        assert server.stdout is not None
        first = server.stdout.readline()
        port = int(first.partition("/sparql")[0].rpartition(":")[2])
        assert first == (
            f"The endpoint answers at http://{host}:{port}/sparql, with a page at "
            f"http://{host}:{port}/ (stop it with Ctrl+C)\n"
        )
        asked = Endpoint(f"http://127.0.0.1:{port}/", None, serving)  # type: ignore[arg-type]
        assert ask(asked, PROVISIONS).text == "n\r\n79\r\n"
        with ThreadPoolExecutor(1) as threads:
            workers = children(server.pid)
            running = threads.submit(ask, asked, RUNAWAY)
            time.sleep(0.5)
            server.send_signal(number)
            reply = running.result()
        rest, errors = server.communicate(timeout=60)
    finally:
        server.kill()
        server.wait()
    assert line(reply) == (422, "the program is ending; the query was stopped")
    assert (server.returncode, rest) == (0, "")
    everyone = (
        f"It listens on {host}: everyone who reaches this machine can ask it, unencrypted and "
        "without a password\n"
    )
    assert errors == ("" if host == "127.0.0.1" else everyone)
    assert len(workers) == 2
    assert not [worker for worker in workers if Path(f"/proc/{worker}").exists()]


def test_the_store_s_folder_stands_in_no_answer(endpoint: Endpoint, bristol_folder: Path) -> None:
    paths = ["/", "/health", "/nothing", "/sparql?query=x", "/id/bristol", "/sparql?query=ASK%7B%7D"]
    texts = [endpoint.get(path, accept).text for path in paths for accept in (BROWSER, None)]
    places = (str(bristol_folder), str(Path(__file__).parents[2]))
    assert not [text for text in texts if any(place in text for place in places)]
