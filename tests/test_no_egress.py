"""Nothing leaves the process: what would reach out is refused or passed over, and nobody is called.

A listener on a port of the loopback writes down who connects to it. After each case it is called by
hand: it takes its callers in their order, so whoever called before would stand before this call.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest
from pyoxigraph import NamedNode, Quad, Store

from compactgraph.errors import QueryError
from compactgraph.graph.rules import apply_rules
from compactgraph.graph.validation import validate_files
from compactgraph.serving.bounded_queries import BoundedQueries
from compactgraph.sparql.questions import SavedQuestion, ask, saved_questions
from compactgraph.sparql.rows import Answer, GraphAnswer
from compactgraph.sparql.running import GraphsAsked, run_sparql, write_sparql
from tests.support.endpoint import Endpoint, Reply, running_endpoint
from tests.support.listener import Listener, listening_on_the_loopback

pytestmark = pytest.mark.slow

PROJECT = Path(__file__).resolve().parents[1]
SENTINEL = "a-line-of-a-file-that-nobody-was-given"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
REACHES_OUT = "compactgraph reaches no other service"


@pytest.fixture(scope="module")
def listening() -> Iterator[Listener]:
    with listening_on_the_loopback() as listener:
        yield listener


@pytest.fixture
def listener(listening: Listener, monkeypatch: pytest.MonkeyPatch) -> Iterator[Listener]:
    """Return the listener; what called it during the test fails the test."""
    for name in list(os.environ):
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    listening.heard()
    yield listening
    assert listening.heard() == []


@pytest.fixture
def sentinel(tmp_path: Path) -> str:
    """Return the ``file:`` IRI of a file whose content must stand in no answer."""
    path = tmp_path / "private.ttl"
    path.write_text(f'<urn:a> <urn:b> "{SENTINEL}" .\n', encoding="utf-8")
    return path.as_uri()


# The controls: the listener notices, and the engine does call


def test_a_call_is_noticed(listening: Listener) -> None:
    listening.heard()
    with pytest.raises(OSError, match="404"):
        urlopen(listening.url, timeout=10)
    assert listening.heard() == [b"GET /sparql HTTP/1.1"]


def test_a_store_that_nobody_guards_calls(listening: Listener) -> None:
    listening.heard()
    with pytest.raises(OSError, match="404"):
        list(Store().query(f"SELECT * {{ SERVICE <{listening.url}> {{ ?s ?p ?o }} }}"))
    assert listening.heard() == [b"POST /sparql HTTP/1.1"]


def test_an_update_that_nobody_guards_calls(listening: Listener) -> None:
    listening.heard()
    with pytest.raises(OSError, match="404"):
        Store().update(f"LOAD <{listening.url}>")
    assert listening.heard() == [b"GET /sparql HTTP/1.1"]


# The ways in for a query


@dataclass(frozen=True)
class Said:
    """What came of a query: refused or not, and all that was said."""

    refused: bool
    text: str


Way = Callable[[str], Said]


@pytest.fixture(scope="module")
def endpoint(bristol_folder: Path, ontology_folder: Path, data_folder: Path) -> Iterator[Endpoint]:
    with running_endpoint(bristol_folder, ontology_folder, data_folder, workers=1) as running:
        yield running


def said_in(answering: Callable[[], object]) -> Said:
    try:
        return Said(False, repr(answering()))
    except QueryError as error:
        return Said(True, str(error))


def said_over_http(reply: Reply) -> Said:
    assert reply.status in (200, 400, 403)
    return Said(reply.status == 403, reply.text)


@pytest.fixture(
    params=["run", "write", "run apart", "write apart", "GET", "POST form", "POST direct"],
)
def way(request: pytest.FixtureRequest, bristol: Store, endpoint: Endpoint) -> Way:
    """Return one of the ways in which a query is asked in a program or over HTTP."""
    direct = {"Content-Type": "application/sparql-query"}
    ways: dict[str, Way] = {
        "run": lambda query: said_in(lambda: run_sparql(bristol, query)),
        "write": lambda query: said_in(
            lambda: write_sparql(
                bristol, query, tabular="csv", graph="turtle", rows=100_000, length=10**8
            )
        ),
        "run apart": lambda query: said_in(lambda: endpoint.queries.run(query)),
        "write apart": lambda query: said_in(
            lambda: endpoint.queries.write(query, tabular="csv", graph="turtle")
        ),
        "GET": lambda query: said_over_http(endpoint.get("/sparql?" + urlencode({"query": query}))),
        "POST form": lambda query: said_over_http(
            endpoint.get("/sparql", None, FORM, "POST", urlencode({"query": query}).encode())
        ),
        "POST direct": lambda query: said_over_http(
            endpoint.get("/sparql", None, direct, "POST", query.encode())
        ),
    }
    return ways[request.param]


def on_the_command_line(*arguments: str | Path, brought: str | None = None) -> Said:
    """Run a command of its own process; what it said is on both of its outputs."""
    ended = subprocess.run(
        [sys.executable, "-m", "compactgraph", *map(str, arguments)],
        input=brought,
        capture_output=True,
        text=True,
        cwd=PROJECT,
        timeout=300,
        check=False,
    )
    assert ended.returncode in (0, 1, 2), ended.stderr
    assert "Traceback" not in ended.stderr
    return Said(ended.returncode == 2, ended.stdout + ended.stderr)


SERVICES = {
    "plain": "SELECT * { SERVICE <URL> { ?s ?p ?o } }",
    "silent": "SELECT * { SERVICE SILENT <URL> { ?s ?p ?o } }",
    "small letters": "select * { service silent <URL> { ?s ?p ?o } }",
    "in a service": "SELECT * { SERVICE <URL> { SERVICE <URL> { ?s ?p ?o } } }",
    "optional": "SELECT * { ?s a cg:Theme OPTIONAL { SERVICE <URL> { ?s ?p ?o } } }",
    "union": "SELECT * { { ?s a cg:Theme } UNION { SERVICE <URL> { ?s ?p ?o } } }",
    "subquery": "SELECT * { { SELECT ?s { SERVICE <URL> { ?s ?p ?o } } LIMIT 1 } }",
    "exists": "ASK { ?s a cg:Theme FILTER EXISTS { SERVICE <URL> { ?s ?p ?o } } }",
    "not exists": "ASK { ?s a cg:Theme FILTER NOT EXISTS { SERVICE <URL> { ?s ?p ?o } } }",
    "minus": "SELECT * { ?s a cg:Theme MINUS { SERVICE <URL> { ?s ?p ?o } } }",
    "graph": "SELECT * { GRAPH ?g { ?s a cg:Theme SERVICE <URL> { ?s ?p ?o } } }",
    "variable": "SELECT * { VALUES ?where { <URL> } SERVICE ?where { ?s ?p ?o } }",
    "variable after": "SELECT * { SERVICE SILENT ?where { ?s ?p ?o } } VALUES ?where { <URL> }",
    "prefixed": "PREFIX u: <URL> SELECT * { SERVICE u: { ?s ?p ?o } }",
    "base": "BASE <URL> SELECT * { SERVICE <> { ?s ?p ?o } }",
    "bind": "SELECT * { BIND(EXISTS { SERVICE <URL> { ?s ?p ?o } } AS ?x) }",
    "projected": "SELECT (EXISTS { SERVICE <URL> { ?s ?p ?o } } AS ?x) {}",
    "aggregated": "SELECT (SUM(IF(EXISTS { SERVICE <URL> { ?s ?p ?o } }, 1, 2)) AS ?x) {}",
    "grouped by": "SELECT (COUNT(*) AS ?n) {} GROUP BY (EXISTS { SERVICE <URL> { ?s ?p ?o } } AS ?x)",
    "having": "SELECT (COUNT(*) AS ?n) {} HAVING(EXISTS { SERVICE <URL> { ?s ?p ?o } })",
    "ordered by": "SELECT * {} ORDER BY (EXISTS { SERVICE <URL> { ?s ?p ?o } })",
    "construct": "CONSTRUCT { ?s ?p ?o } WHERE { SERVICE <URL> { ?s ?p ?o } }",
    "describe": "DESCRIBE ?s { SERVICE <URL> { ?s ?p ?o } }",
    "escaped word": "SELECT * { \\u0053ERVI\\U00000043E <URL> { ?s ?p ?o } }",
    "after a comment": "SELECT * { # nothing\nSERVICE <URL> { ?s ?p ?o } }",
    "after a comment that a return ends": "SELECT * { # nothing\rSERVICE <URL> { ?s ?p ?o }\n}",
    "after a text with a sign": "SELECT * { VALUES ?v { '#' } SERVICE <URL> { ?s ?p ?o } }",
    "after an escaped quote": (
        'SELECT * { VALUES ?v { "\\u0022 #" } SERVICE <URL> { ?s ?p ?o } VALUES ?w { 1 #\n } }'
    ),
    "after an escape of eight": (
        'SELECT * { VALUES ?v { "\\u00220000 #" } SERVICE <URL> { ?s ?p ?o } VALUES ?w { 1 #\n } }'
    ),
}
"""Queries that Oxigraph would send, and some that one parser reads otherwise than the other."""


@pytest.mark.parametrize("name", SERVICES)
def test_a_query_that_asks_another_service_is_refused(name: str, way: Way, listener: Listener) -> None:
    said = way(SERVICES[name].replace("URL", listener.url))
    assert said.refused
    assert REACHES_OUT in said.text


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE \\u003CURL> { ?s ?p ?o } }",
        "SELECT * \\u007B SERVICE <URL> { ?s ?p ?o } }",
        "SELECT * { ?s ?p ?o LATERAL { SERVICE <URL> { ?s ?p ?o } } }",
        'SELECT * { VALUES ?v { "\\\\u0022" } SERVICE <URL> { ?s ?p ?o } VALUES ?v { " " } }',
        "LOAD <URL>",
        "LOAD SILENT <URL> INTO GRAPH <urn:g>",
        "INSERT { ?s ?p ?o } USING <URL> WHERE { ?s ?p ?o }",
        "DELETE { ?s ?p ?o } USING NAMED <URL> WHERE { GRAPH ?g { ?s ?p ?o } }",
        "INSERT { ?s ?p ?o } WHERE { SERVICE <URL> { ?s ?p ?o } }",
        "ASK {} ; LOAD <URL>",
        "SELECT * { ?s ?p ?o } ; LOAD <URL>",
    ],
)
def test_what_is_no_query_or_another_language_is_not_run(
    query: str, way: Way, listener: Listener
) -> None:
    said = way(query.replace("URL", listener.url))
    assert said.refused or "does not parse" in said.text


# What names a graph only names it: nothing is fetched for it

NAMING = {
    "FROM": "SELECT ?s FROM <URL> { ?s ?p ?o }",
    "FROM NAMED": "SELECT ?s FROM NAMED <URL> { GRAPH ?g { ?s ?p ?o } }",
    "FROM \\u": "SELECT ?s FROM <\\u0068ttp:URL> { ?s ?p ?o }",
    "GRAPH": "SELECT ?s { GRAPH <URL> { ?s ?p ?o } }",
    "DESCRIBE": "DESCRIBE <URL> FROM <URL>",
}


@pytest.mark.parametrize("name", NAMING)
@pytest.mark.parametrize("place", ["http", "file"])
def test_a_graph_that_a_query_names_is_not_fetched(
    name: str, place: str, way: Way, listener: Listener, sentinel: str
) -> None:
    url = listener.url if place == "http" else sentinel
    said = way(NAMING[name].replace("http:URL", url.replace("http:", "", 1)).replace("URL", url))
    assert not said.refused
    assert "does not parse" not in said.text
    assert SENTINEL not in said.text


@pytest.mark.parametrize("place", ["http", "file"])
def test_a_function_that_a_query_names_is_not_fetched(
    place: str, way: Way, listener: Listener, sentinel: str
) -> None:
    url = listener.url if place == "http" else sentinel
    said = way(f"SELECT (<{url}>(1) AS ?f) {{}}")
    assert "the query cannot be answered: The custom function" in said.text


@pytest.mark.parametrize("parameter", ["default-graph-uri", "named-graph-uri"])
@pytest.mark.parametrize("place", ["http", "file"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_graph_that_a_request_names_is_not_fetched(
    parameter: str, place: str, method: str, endpoint: Endpoint, listener: Listener, sentinel: str
) -> None:
    query = "SELECT (COUNT(*) AS ?n) { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
    sent = urlencode({"query": query, parameter: listener.url if place == "http" else sentinel})
    if method == "POST":
        reply = endpoint.get("/sparql", "text/csv", FORM, "POST", sent.encode())
    else:
        reply = endpoint.get("/sparql?" + sent, "text/csv")
    assert (reply.status, reply.text) == (200, "n\r\n0\r\n")


@pytest.mark.parametrize("asked", [("default",), ("named",), ("default", "named")])
def test_a_graph_that_a_program_names_is_not_fetched(
    asked: tuple[str, ...], bristol: Store, endpoint: Endpoint, listener: Listener, sentinel: str
) -> None:
    graphs = GraphsAsked(**dict.fromkeys(asked, (listener.url, sentinel)))
    query = "SELECT (COUNT(*) AS ?n) { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
    here = write_sparql(bristol, query, tabular="csv", graph=None, asked=graphs, rows=10, length=1_000)
    apart = endpoint.queries.write(query, tabular="csv", graph=None, asked=graphs)
    assert here.content == apart.content == b"n\r\n0\r\n"


@pytest.mark.parametrize(
    ("type_", "body"),
    [
        ("application/sparql-update", "LOAD <URL>"),
        ("application/x-www-form-urlencoded", "update=LOAD+%3CURL%3E"),
        ("application/x-www-form-urlencoded", "query=LOAD+SILENT+%3CURL%3E"),
        ("application/x-www-form-urlencoded", "update=LOAD+%3CURL%3E&using-graph-uri=URL"),
    ],
)
def test_an_update_over_http_is_refused(
    type_: str, body: str, endpoint: Endpoint, listener: Listener
) -> None:
    content = body.replace("URL", listener.url).encode()
    assert endpoint.get("/sparql", None, {"Content-Type": type_}, "POST", content).status == 403


# The command line


@pytest.mark.parametrize(
    "name", ["plain", "variable", "escaped word", "after a comment that a return ends"]
)
@pytest.mark.parametrize("brought", ["file", "-", "--timeout"])
def test_a_query_on_the_command_line_that_asks_another_service_is_refused(
    name: str, brought: str, bristol_folder: Path, tmp_path: Path, listener: Listener
) -> None:
    query = SERVICES[name].replace("URL", listener.url)
    file = tmp_path / "asked.rq"
    file.write_bytes(query.encode())
    store = ("--store", bristol_folder)
    if brought == "-":
        said = on_the_command_line("query", "-", *store, brought=query)
    elif brought == "file":
        said = on_the_command_line("query", file, *store)
    else:
        said = on_the_command_line("query", file, *store, "--timeout", "30")
    assert said.refused
    assert REACHES_OUT in said.text


@pytest.mark.parametrize("place", ["http", "file"])
def test_a_graph_that_a_query_on_the_command_line_names_is_not_fetched(
    place: str, bristol_folder: Path, listener: Listener, sentinel: str
) -> None:
    url = listener.url if place == "http" else sentinel
    query = f"SELECT * FROM <{url}> FROM NAMED <{url}> {{ ?s ?p ?o OPTIONAL {{ GRAPH ?g {{}} }} }}"
    said = on_the_command_line("query", "-", "--store", bristol_folder, brought=query)
    assert not said.refused
    assert SENTINEL not in said.text


# Saved files


@pytest.fixture
def ontology(tmp_path: Path, ontology_folder: Path) -> Path:
    """Return a copy of the ontology's folder, for a file of it to be altered."""
    return shutil.copytree(ontology_folder, tmp_path / "ontology")


@pytest.fixture
def reaching_question(ontology: Path, listener: Listener) -> SavedQuestion:
    (ontology / "queries" / "away.rq").write_text(
        "# question: What do others say?\n# asks: another service\n# row: a thing\n"
        f"SELECT ?s {{ SERVICE <{listener.url}> {{ ?s ?p ?o }} }}\n",
        encoding="utf-8",
    )
    return saved_questions(ontology)["away"]


def test_a_saved_file_that_reaches_out_is_refused(
    reaching_question: SavedQuestion, bristol: Store
) -> None:
    with pytest.raises(QueryError, match=REACHES_OUT):
        ask(bristol, reaching_question, {})


def test_a_saved_file_that_reaches_out_is_refused_in_a_process_apart(
    reaching_question: SavedQuestion, bristol_folder: Path
) -> None:
    with (
        BoundedQueries(bristol_folder, workers=1) as queries,
        pytest.raises(QueryError, match=REACHES_OUT),
    ):
        queries.ask(reaching_question, {})


def test_a_rule_that_reaches_out_is_refused(ontology: Path, listener: Listener) -> None:
    rule = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ SERVICE <{listener.url}> {{ ?s ?p ?o }} }}"
    (ontology / "rules" / "05-away.rq").write_text(rule, encoding="utf-8")
    with pytest.raises(QueryError, match=REACHES_OUT):
        apply_rules(ontology, [], [Quad(*[NamedNode("urn:a")] * 3)], "urn:g")


# Imports

IMPORTING = {
    "imports.ttl": "<urn:a> <http://www.w3.org/2002/07/owl#imports> <URL> .",
    "imports.nt": "<urn:a> <http://www.w3.org/2002/07/owl#imports> <URL> .",
    "imports.trig": "<URL> { <urn:a> <http://www.w3.org/2002/07/owl#imports> <URL> }",
    "imports.nq": "<urn:a> <http://www.w3.org/2002/07/owl#imports> <URL> <URL> .",
    "imports.rdf": (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns:owl="http://www.w3.org/2002/07/owl#">'
        '<owl:Ontology rdf:about="urn:a"><owl:imports rdf:resource="URL"/></owl:Ontology></rdf:RDF>'
    ),
    "imports.jsonld": ('{"@id": "urn:a", "http://www.w3.org/2002/07/owl#imports": {"@id": "URL"}}'),
    "base.ttl": "@base <URL> . <a> <b> <> .",
    "shapes.ttl": (
        "<urn:a> <http://www.w3.org/ns/shacl#shapesGraph> <URL> ; "
        "<http://www.w3.org/ns/shacl#suggestedShapesGraph> <URL> ; "
        "<http://www.w3.org/2000/01/rdf-schema#seeAlso> <URL> ."
    ),
    "base.rdf": (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xml:base="URL">'
        '<rdf:Description rdf:about="a" xmlns:e="urn:e" e:b="c"/></rdf:RDF>'
    ),
    "xinclude.rdf": (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="urn:e">'
        '<rdf:Description rdf:about="urn:a"><e:b rdf:parseType="Literal">'
        '<i:include xmlns:i="http://www.w3.org/2001/XInclude" href="URL" parse="text"/></e:b>'
        "</rdf:Description></rdf:RDF>"
    ),
    "stylesheet.rdf": (
        '<?xml-stylesheet href="URL"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>'
    ),
}
"""Files that name a place, of which nothing needs be known."""

FETCHING = {
    "context.jsonld": '{"@context": "URL", "@id": "urn:a", "name": "b"}',
    "contexts.jsonld": '{"@context": [{"a": "urn:a"}, "URL"], "@id": "urn:a", "a": "b"}',
    "import.jsonld": '{"@context": {"@version": 1.1, "@import": "URL"}, "@id": "urn:a", "b": "c"}',
    "scoped.jsonld": (
        '{"@context": {"@version": 1.1, "a": {"@id": "urn:a", "@context": "URL"}}, '
        '"@id": "urn:b", "a": {"@id": "urn:c", "b": "d"}}'
    ),
    "typed.jsonld": (
        '{"@context": {"@version": 1.1, "A": {"@id": "urn:A", "@context": "URL"}}, '
        '"@id": "urn:b", "@type": "A", "b": "d"}'
    ),
    "scoped-not-used.jsonld": '{"@context": {"a": {"@id": "urn:a", "@context": "URL"}}}',
    "relative.jsonld": '{"@context": [{"@base": "URL"}, "private.ttl"], "@id": "urn:a", "name": "b"}',
    "entity.rdf": (
        '<!DOCTYPE r [<!ENTITY e SYSTEM "URL">]>'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="urn:e">'
        '<rdf:Description rdf:about="urn:a"><e:b>&e;</e:b></rdf:Description></rdf:RDF>'
    ),
}
"""Files that cannot be read without what stands elsewhere."""

DECLARING = {
    "dtd.rdf": (
        '<!DOCTYPE rdf:RDF SYSTEM "URL">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>'
    ),
    "public.rdf": (
        '<!DOCTYPE rdf:RDF PUBLIC "-//W3C//DTD RDF//EN" "URL">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>'
    ),
    "parameter-entity.rdf": (
        '<!DOCTYPE r [<!ENTITY % e SYSTEM "URL"> %e;]>'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>'
    ),
}
"""Files that declare what stands elsewhere, and do not use it."""


def written(tmp_path: Path, name: str, content: str, url: str) -> Path:
    path = tmp_path / name
    path.write_text(content.replace("URL", url), encoding="utf-8")
    return path


@pytest.mark.parametrize("name", IMPORTING)
@pytest.mark.parametrize("place", ["http", "file"])
def test_what_a_file_names_is_not_fetched(
    name: str, place: str, tmp_path: Path, ontology_folder: Path, listener: Listener, sentinel: str
) -> None:
    url = listener.url if place == "http" else sentinel
    found = validate_files(ontology_folder, [written(tmp_path, name, IMPORTING[name], url)])
    assert SENTINEL not in repr(found)


@pytest.mark.parametrize("name", FETCHING)
@pytest.mark.parametrize("place", ["http", "file"])
def test_a_file_that_needs_what_stands_elsewhere_is_refused(
    name: str, place: str, tmp_path: Path, listener: Listener, sentinel: str
) -> None:
    url = listener.url if place == "http" else sentinel
    said = on_the_command_line("validate", written(tmp_path, name, FETCHING[name], url))
    assert said.refused
    assert "mend the file there" in said.text
    assert SENTINEL not in said.text


@pytest.mark.parametrize("name", DECLARING)
@pytest.mark.parametrize("place", ["http", "file"])
def test_what_a_file_declares_to_stand_elsewhere_is_not_fetched(
    name: str, place: str, tmp_path: Path, listener: Listener, sentinel: str
) -> None:
    url = listener.url if place == "http" else sentinel
    said = on_the_command_line("validate", written(tmp_path, name, DECLARING[name], url))
    assert SENTINEL not in said.text


# The data's folder


def test_what_the_files_of_a_review_name_is_not_fetched(
    tmp_path: Path, cases_folder: Path, data_folder: Path, listener: Listener, sentinel: str
) -> None:
    data = tmp_path / "data"
    review = shutil.copytree(cases_folder / "small-review", data / "small-review")
    shutil.copy(data_folder / "references.ttl", data)
    naming = "".join(
        f"<URL> <{about}> <URL>, <{sentinel}> .\n".replace("URL", listener.url)
        for about in (
            "http://www.w3.org/2002/07/owl#imports",
            "http://www.w3.org/2000/01/rdf-schema#seeAlso",
            "http://www.w3.org/ns/shacl#shapesGraph",
        )
    )
    for path in (data / "references.ttl", review / "references.ttl"):
        path.write_text(path.read_text(encoding="utf-8") + naming, encoding="utf-8")
    toml = review / "review.toml"
    named = f'rights = "{listener.url}"\nnote = "{sentinel}"\n'
    text = toml.read_text(encoding="utf-8").replace("[expected]", named + "\n[expected]", 1)
    toml.write_text(text, encoding="utf-8")
    source = review / "source.txt"
    first, _, rest = source.read_text(encoding="utf-8").partition("\n")
    marked = rest.replace("The partners", f'<a href="{listener.url}">The partners</a>', 1)
    source.write_text(f"{first}\n{marked}", encoding="utf-8")
    said = on_the_command_line("build", "--data", data, "--store", tmp_path / "store")
    assert not said.refused, said.text
    assert SENTINEL not in said.text
    quads = on_the_command_line(
        "export", "--format", "nquads", "--store", tmp_path / "store", tmp_path / "all.nq"
    )
    assert not quads.refused
    exported = (tmp_path / "all.nq").read_text(encoding="utf-8")
    assert listener.url in exported
    assert SENTINEL not in exported


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("references.ttl", '@prefix a: <URL> . <urn:a> a:b "c" ; <urn:d> <private.ttl> '),
        ("review.toml", 'source = "URL"\n'),
        ("readings.toml", '[reader]\nname = "URL"\n[[readings]]\nof = "URL"\nwords = "URL"\n'),
    ],
)
@pytest.mark.parametrize("place", ["http", "file"])
def test_a_review_that_would_be_read_from_elsewhere_is_refused(
    file: str,
    content: str,
    place: str,
    tmp_path: Path,
    cases_folder: Path,
    listener: Listener,
    sentinel: str,
) -> None:
    data = tmp_path / "data"
    review = shutil.copytree(cases_folder / "small-review", data / "small-review")
    url = listener.url if place == "http" else sentinel
    before = (review / file).read_text(encoding="utf-8") if (review / file).exists() else ""
    (review / file).write_text(content.replace("URL", url) + before, encoding="utf-8")
    said = on_the_command_line("build", "--data", data, "--store", tmp_path / "store")
    assert said.refused
    assert SENTINEL not in said.text


# What is sent out names no context that a reader would have to fetch


@pytest.mark.parametrize("path", ["/id/bristol/provision/1.11", "/ontology", "/.well-known/void", "/"])
def test_what_is_sent_as_json_ld_needs_nothing_from_elsewhere(
    path: str, endpoint: Endpoint, listener: Listener
) -> None:
    reply = endpoint.get(path, "application/ld+json")
    assert reply.status == 200
    document = json.loads(reply.content)
    contexts = document.get("@context", {}) if isinstance(document, dict) else {}
    assert isinstance(contexts, dict)
    assert "@import" not in contexts
    assert not [term for term in contexts.values() if isinstance(term, dict) and "@context" in term]


def test_an_answer_that_stands_is_an_answer(bristol: Store) -> None:
    """The guard refuses SERVICE as a word of the grammar only."""
    query = """
        PREFIX service: <http://example.org/service/>
        SELECT ?service (<http://example.org/service> AS ?iri) ("SERVICE <x> {" AS ?text)
        { ?service a cg:Provision OPTIONAL { ?service service:SERVICE ?x } } # SERVICE <x> {}
        LIMIT 1"""
    answer = run_sparql(bristol, query)
    assert isinstance(answer, Answer)
    assert len(answer.rows) == 1
    assert isinstance(run_sparql(bristol, "DESCRIBE cg:Service"), GraphAnswer)
