"""Whatever comes in: an answer or one plain line goes out, nothing is changed, nobody else is called.

Queries and requests are made up by Hypothesis. What it found stands below as plain cases.
"""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from select import select
from urllib.parse import quote, urlencode, urlsplit

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store

from compactgraph.endpoint.app import Settings
from compactgraph.errors import QueryError, QueryLengthError, QueryLimitError, RefusedQueryError
from compactgraph.serving.bounded_queries import BoundedQueries
from compactgraph.sparql.lexer import in_one_spelling
from compactgraph.sparql.running import GraphsAsked, run_sparql, write_sparql
from compactgraph.sparql.safety import PATTERNS_LIMIT
from tests.support.endpoint import Endpoint, running_endpoint
from tests.support.listener import Listener, listening_on_the_loopback

pytestmark = pytest.mark.slow

PROJECT = Path(__file__).resolve().parents[2]
MANY = settings(max_examples=300, deadline=None, derandomize=True)
SOME = settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)

AWAY = "http://127.0.0.1:PORT/sparql"
"""Where a query would reach out to; the test puts the listener's port in."""


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    with listening_on_the_loopback() as listening:
        yield listening


@pytest.fixture(scope="module")
def small() -> Store:
    """Return a store of a few triples that could be written to, if anything wrote."""
    store = Store()
    names = [NamedNode(f"urn:{name}") for name in "abc"]
    for graph in names[:2]:
        store.extend(Quad(s, names[0], o, graph) for s in names for o in (names[1], Literal("a # b")))
    return store


def held(store: Store) -> list[bytes]:
    return sorted(store.dump(format=RdfFormat.N_QUADS).splitlines())


def put(query: str, listener: Listener) -> str:
    return query.replace(AWAY, listener.url)


# Texts that may be queries

# fmt: off
KEYWORDS = [
    "SELECT", "ASK", "CONSTRUCT", "DESCRIBE", "WHERE", "FROM", "NAMED", "PREFIX", "BASE", "OPTIONAL",
    "UNION", "MINUS", "GRAPH", "SERVICE", "SILENT", "FILTER", "EXISTS", "NOT", "BIND", "AS", "VALUES",
    "UNDEF", "DISTINCT", "REDUCED", "ORDER BY", "GROUP BY", "HAVING", "LIMIT", "OFFSET", "COUNT", "SUM",
    "GROUP_CONCAT", "SEPARATOR", "IN", "IF", "COALESCE", "STR", "LANG", "REGEX", "CONCAT", "a", "true",
    "INSERT", "DELETE", "DATA", "LOAD", "CLEAR", "DROP", "WITH", "USING", "INTO", "LATERAL", "ADJUST",
]
SIGNS = [
    *"{}()[].,;*/|^+?!=<>-&@#:'\"\\$_~%", "<=", ">=", "!=", "&&", "||", "^^", '"""', "'''", "<<", ">>",
]
TERMS = [
    "?s", "$p", "?o", "<urn:a>", "<>", "<#>", "urn:a", "cg:text", ":", "_:b", "[]", "()", "1", "1.5",
    "-2e3", "'a'", '"b"@en', '"""c\n"""', '"1"^^xsd:integer', f"<{AWAY}>", "<file:///etc/hostname>",
    "@en", "\\u0053", "\\u0022", "\\U0000000a", "\\u000d", "\\ud800", "\\UFFFFFFFF", "\\u00", "\\",
    "\\\\", "\r", "\n", "\r\n", "\t", "\0", "\x0b", "\x0c", "\x85", "\u00a0", "\u2028", "\ufeff",
    "\ud800", "😀", "# SERVICE\n", "#\r", "'#'", '"\\u0022"', "'''\r'''",
]
STARTS = [
    "", "SELECT * { ", "ASK { ?s ?p ", "CONSTRUCT WHERE { ", "SELECT (", "PREFIX ", "DESCRIBE ",
]
# fmt: on
TOKEN_TEXTS = st.builds(
    lambda start, tokens, between: start + between.join(tokens),
    st.sampled_from(STARTS),
    st.lists(st.sampled_from([*KEYWORDS, *SIGNS, *TERMS]), max_size=20),
    st.sampled_from(["", " ", "\n"]),
)


def check_any(query: str, store: Store, listener: Listener) -> None:
    """Run a text, which is answered or refused in one line; nothing else comes of it."""
    before = held(store)
    ways: list[Callable[[], object]] = [
        lambda: run_sparql(store, put(query, listener), limit=20),
        lambda: write_sparql(
            store, put(query, listener), tabular="json", graph="ntriples", rows=1_000, length=100_000
        ),
    ]
    for way in ways:
        said = ""
        try:
            way()
        except QueryError as error:
            said = str(error)
        assert "\n" not in said
        assert str(PROJECT) not in said
    assert held(store) == before
    assert listener.heard() == []


@MANY
@given(query=st.text())
@example(query="")
@example(query="\ud800")
@example(query="\\ud800")
@example(query="ASK { ?s ?p '\0' }")
def test_any_text_is_answered_or_refused(query: str, small: Store, listener: Listener) -> None:
    check_any(query, small, listener)


@MANY
@given(query=TOKEN_TEXTS)
def test_any_row_of_the_language_s_tokens_is_answered_or_refused(
    query: str, small: Store, listener: Listener
) -> None:
    check_any(query, small, listener)


@MANY
@given(query=TOKEN_TEXTS)
def test_one_spelling_has_no_return_and_stays_as_it_is(query: str) -> None:
    try:
        spelt = in_one_spelling(query)
    except QueryError:
        return
    assert "\r" not in spelt
    assert in_one_spelling(spelt) == spelt


# Queries with SERVICE somewhere

BETWEEN = st.sampled_from([" ", "\n", "\t", " # a\n", " # a\r", "\r\n", " # {\n", "#'\r"])
BESIDE = st.sampled_from(
    [
        "",
        "?s ?p ?o . ",
        "?s ?p '#' . ",
        "<urn:a#b> ?p ?o . ",
        'VALUES ?v { "\\u0022 #" } ',
        "VALUES ?v { '''a\r#''' } ",
        "FILTER('\\\\' != \"'\") ",
        "# SERVICE <urn:x> {}\n",
        "FILTER(1 < 2) ",
        "{ ?service <urn:service> 'SERVICE' } ",
    ]
)
AROUND = st.sampled_from(
    [
        "{ HOLE }",
        "{ HOLE } UNION { ?s ?p ?o }",
        "{ ?s ?p ?o } UNION { HOLE }",
        "OPTIONAL { HOLE }",
        "MINUS { HOLE }",
        "GRAPH ?g { HOLE }",
        "GRAPH <urn:a> { HOLE }",
        "FILTER EXISTS { HOLE }",
        "FILTER NOT EXISTS { HOLE }",
        "FILTER(true && !(EXISTS { HOLE }))",
        "FILTER(1 IN (2, IF(EXISTS { HOLE }, 1, 2)))",
        "FILTER(COALESCE(EXISTS { HOLE }, false))",
        "FILTER(STRLEN(CONCAT('a', STR(EXISTS { HOLE }))) > 1)",
        "{ SELECT * { HOLE } }",
        "{ SELECT DISTINCT (EXISTS { HOLE } AS ?is) { ?s ?p ?o } LIMIT 1 }",
        "{ SELECT (SUM(IF(EXISTS { HOLE }, 1, 2)) AS ?n) { ?s ?p ?o } }",
        "{ SELECT ?s { ?s ?p ?o } GROUP BY ?s HAVING(EXISTS { HOLE }) ORDER BY (EXISTS { HOLE }) }",
    ]
)
FORMS = st.sampled_from(
    [
        "SELECT * { HOLE }",
        "select distinct ?s where { HOLE } limit 1",
        "ASK { HOLE }",
        "CONSTRUCT { ?s ?p ?o } WHERE { HOLE }",
        "DESCRIBE ?s { HOLE }",
        "PREFIX x: <urn:x#> BASE <urn:y> SELECT ?s FROM <urn:a> FROM NAMED <urn:b> { HOLE }",
        "SELECT ?s { HOLE } VALUES ?s { <urn:a> }",
    ]
)
WORD = st.lists(st.booleans(), min_size=7, max_size=7).map(
    lambda large: "".join(c.upper() if up else c for c, up in zip("service", large, strict=True))
)
SERVICE = st.builds(
    lambda word, one, silent, two, where, three: f"{word}{one}{silent}{two}{where}{three}{{ ?s ?p ?o }}",
    WORD,
    BETWEEN,
    st.sampled_from(["", "SILENT", "silent"]),
    BETWEEN,
    st.sampled_from([f"<{AWAY}>", "?where", "cg:Provision"]),
    BETWEEN,
)


@st.composite
def reaching(draw: st.DrawFn) -> tuple[str, str]:
    """Return a query that has SERVICE at some place, and the same with a group there."""
    query = draw(FORMS)
    for _ in range(draw(st.integers(0, 4))):
        inner = draw(BESIDE) + draw(AROUND) + draw(BETWEEN) + draw(BESIDE)
        query = query.replace("HOLE", inner)
    service = draw(BESIDE) + draw(SERVICE) + draw(BETWEEN)
    return query.replace("HOLE", service), query.replace("HOLE", "{ ?s ?p ?o }")


@MANY
@given(queries=reaching())
def test_a_query_that_has_service_anywhere_is_refused(
    queries: tuple[str, str], small: Store, listener: Listener
) -> None:
    query, harmless = queries
    run_sparql(small, harmless, limit=1)
    with pytest.raises(RefusedQueryError, match="reaches no other service"):
        run_sparql(small, put(query, listener), limit=1)
    assert listener.heard() == []


# Found: each was answered, went out, ended the process, or was refused as something else


@pytest.mark.parametrize(
    "query",
    [
        f"SELECT * {{ # nothing\rSERVICE <{AWAY}> {{ ?s ?p ?o }}\n}}",
        f'SELECT * {{ VALUES ?v {{ "\\u0022 #" }} SERVICE <{AWAY}> {{}} VALUES ?w {{ 1 #\n }} }}',
        f'SELECT * {{ VALUES ?v {{ "\\u00220000 #" }} SERVICE <{AWAY}> {{ }} VALUES ?w {{ 1 #\n }} }}',
        f"SELECT * {{ SERVICE <{AWAY}> {{ SERVICE <{AWAY}> {{ ?s ?p ?o }} }} }}",
        f"SELECT * {{ ?s ?p '#' . SERVICE <{AWAY}> {{ ?s ?p ?o }} }}",
        f"SELECT * {{ <urn:a#> ?p ?o . SERVICE <{AWAY}> {{ ?s ?p ?o }} }}",
    ],
)
def test_service_that_one_of_the_parsers_did_not_see_is_refused(
    query: str, small: Store, listener: Listener
) -> None:
    with pytest.raises(RefusedQueryError, match="reaches no other service"):
        run_sparql(small, put(query, listener))
    assert listener.heard() == []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ('SELECT ("\\u0022\\u005C\\u000a\\u000D\\U0001F600" AS ?x) {}', '"\\\n\r😀'),
        ("SELECT ('''a\r\nb''' AS ?x) {}", "a\r\nb"),
        ("SELECT (STR(<urn:\\u0061\\u00e9>) AS ?x) {}", "urn:aé"),
        ("SELECT ?caf\\u00e9 { VALUES ?caf\\u00e9 { 'a' } }", "a"),
        ("SELECT ('\\\\u0041' AS ?x) {}", "\\u0041"),
        ("SELECT *\r\n{ # a comment\r\n VALUES ?x { 'a' } }", "a"),
        ("SELECT * # a comment\r{ VALUES ?x { 'a' } }", "a"),
        ("PREFIX x: <urn:> SELECT (STR(x:a\\#b) AS ?x) {}", "urn:a#b"),
        ("SELECT (STR(<a>) AS ?x) {}", "https://w3id.org/compactgraph/a"),
        ("BASE <urn:b/> SELECT (STR(<a>) AS ?x) {}", "urn:b/a"),
    ],
)
def test_one_spelling_means_what_was_written(query: str, found: str, small: Store) -> None:
    answer = run_sparql(small, query)
    assert getattr(answer, "rows", None) == [(found,)]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("SELECT ('\\ud800' AS ?x) {}", "\\\\ud800 stands for no character"),
        ("SELECT ('\\UFFFFFFFF' AS ?x) {}", "stands for no character"),
        ("SELECT (<urn:\\u0020> AS ?x) {}", "line 1, column 14"),
        ("SELECT *\r{ # a comment\r ?s ?p }", "line 3, column 2"),
        ("SELECT (<urn:f>(1) AS ?x) {}", "cannot be answered: The custom function <urn:f>"),
        ("SELECT ?x { BIND(1 AS ?x) BIND(2 AS ?x) }", "error at 1:[34]"),
        ("ASK {" + "{" * 2_000 + "}" * 2_000 + "}", "nested too deeply"),
        ("ASK { FILTER(" + "(" * 2_000 + "1" + ")" * 2_000 + ") }", "nested too deeply"),
        ("ASK { ?s " + "(" * 2_000 + "a" + ")" * 2_000 + " ?o }", "nested too deeply"),
        ("ASK {" + "(" * 2_000 + "1" + ")" * 2_000 + " ?p ?o }", "nested too deeply"),
    ],
)
def test_a_malformed_query_says_where(query: str, said: str, small: Store) -> None:
    with pytest.raises(QueryError, match=said):
        run_sparql(small, query)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * {" + "".join(f"BIND(1 AS ?x{number}) " for number in range(700)) + "}",
        "SELECT * {" + "MINUS {} " * (PATTERNS_LIMIT // 2) + "}",
        "SELECT " + "".join(f"(1 AS ?x{number})" for number in range(700)) + " {}",
    ],
)
def test_a_query_that_would_use_up_the_engine_s_stack_is_refused(query: str, small: Store) -> None:
    with pytest.raises(QueryLengthError, match="more than 4,000 patterns and expressions"):
        run_sparql(small, query)


@pytest.mark.parametrize(
    "query",
    [
        "ASK {" + "MINUS {} " * 1_900 + "}",
        "ASK {" + "".join(f"BIND(1 AS ?x{number}) " for number in range(600)) + "}",
        "ASK { VALUES ?x {" + " 1" * 5_000 + " } }",
        "ASK { ?s ?p '" + "x" * 190_000 + "' }",
        "ASK { } #" + "x" * 190_000,
    ],
)
def test_a_long_query_that_the_engine_can_take_is_answered(query: str, small: Store) -> None:
    assert run_sparql(small, query) is not None


@SOME
@given(iri=st.text(max_size=20))
def test_any_name_of_a_graph_is_taken_or_refused(iri: str, small: Store, listener: Listener) -> None:
    asked = GraphsAsked((iri,), (iri,))
    try:
        answered: object = write_sparql(
            small, "ASK { ?s ?p ?o }", tabular="csv", graph=None, asked=asked, rows=10, length=100
        ).content
    except QueryError as error:
        answered = str(error)
    assert answered in (b"false", "a graph's name is no absolute IRI; write it out whole")
    assert listener.heard() == []


# Requests

STATED = {
    int(status)
    for status in re.findall(
        r"^\| (\d{3}) \|",
        (PROJECT / "docs" / "reference" / "protocol.md").read_text(encoding="utf-8"),
        flags=re.MULTILINE,
    )
}
"""The statuses that the document of the protocol states."""

WORDS_OF_THE_MACHINE = [
    str(PROJECT),
    str(Path.home()),
    "Traceback",
    "site-packages",
    "pyoxigraph",
    "uvicorn",
    "starlette",
    ".py",
]


@pytest.fixture(scope="module")
def endpoint(bristol_folder: Path, ontology_folder: Path, data_folder: Path) -> Iterator[Endpoint]:
    with running_endpoint(
        bristol_folder,
        ontology_folder,
        data_folder,
        seconds=5,
        settings=Settings(length=100_000),
    ) as running:
        yield running


def sent(endpoint: Endpoint, request: bytes, *, patience: float | None = None) -> bytes:
    """Send bytes as they are, and return all that comes back until the connection is closed.

    Where nothing comes within ``patience`` seconds, the sending is ended, as one who gives up does.
    """
    port = urlsplit(endpoint.url).port or 0
    received = b""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        # It may be refused, and the connection closed, before all of it was sent.
        with suppress(ConnectionError):
            connection.sendall(request)
        if patience is not None and not select([connection], [], [], patience)[0]:
            connection.shutdown(socket.SHUT_WR)
        with suppress(ConnectionError):
            while block := connection.recv(65_536):
                received += block
    return received


def check_replies(received: bytes, endpoint: Endpoint, folder: Path) -> list[int]:
    """Return the statuses of the replies that came; all that must hold of any reply holds of them."""
    healthy = endpoint.get("/health")
    assert (healthy.status, b'"ok"' in healthy.content) == (200, True)
    text = received.decode("utf-8", errors="replace")
    assert not [word for word in [*WORDS_OF_THE_MACHINE, str(folder)] if word in text]
    statuses = []
    while received:
        head, _, rest = received.partition(b"\r\n\r\n")
        start = re.match(rb"HTTP/1\.1 (\d{3}) ", head)
        assert start is not None
        statuses.append(int(start[1]))
        length = re.search(rb"\r\ncontent-length: (\d+)", head.lower())
        body = rest[: int(length[1])] if length else rest
        received = rest[len(body) :]
        assert b"\r\nserver:" not in head.lower()
        # A browser is told the same on a page.
        if statuses[-1] >= 400 and b"content-type: text/html" not in head.lower():
            assert b"content-type: text/plain; charset=utf-8" in head.lower()
            assert body.count(b"\n") <= 1 or b"transfer-encoding: chunked" in head.lower()
            assert len(body) < 1_000
    assert set(statuses) <= STATED - {500}
    return statuses


# fmt: off
METHODS = [
    "GET", "GET", "POST", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "QUERY", "get",
    "G E",
]
PATHS = [
    "/sparql", "/sparql/", "/", "//", "/health", "/id/", "/id/x", "/vocab/..", "/ontology", "/sparql%00",
    "*", "", "/%", "/%ff", "/.well-known/void", "/context.jsonld", "/nothing", "http://127.0.0.1/sparql",
    "/static/", "/static/..%2fapp.py", "/static/%00", "/static/" + "x" * 300,
]
QUERIES = [
    "ASK {}", "SELECT * {}", "ASK {", "CLEAR ALL", f"ASK {{ SERVICE <{AWAY}> {{}} }}", "csv", "turtle",
    "1", "",
]
ESCAPES = ["%", "%f", "%FF", "%zz", "%00", "%u0041", "+", "&", "=", ";", "%ED%A0%80", "é"]
NAMES = [
    "query", "update", "default-graph-uri", "named-graph-uri", "using-graph-uri", "format", "download",
    "x", "",
]
TYPES = [
    "application/sparql-query", "application/x-www-form-urlencoded", "application/sparql-update",
    "application/sparql-query; charset=utf-16", "application/sparql-query;charset", "text/plain",
    "multipart/form-data; boundary=x", "multipart/form-data", "/", ";", 'a/b;c="', "application/json",
    "application/sparql-query; charset*=utf-8''x", 'application/sparql-query; charset="utf-8', "é/é",
]
ACCEPTS = [
    "*/*", "text/csv", "text/html", "text/turtle;q=nan", "q=1", "*/*;q=1e9", ",", ";", "a/b", "*", '"',
    "text/csv;q=-1", "text/*;q=0.1, */*;q=0", "x" * 5_000, "application/json;q=0.0001",
]
HOSTS = [
    "127.0.0.1", "localhost:1", "evil.example", "", "[::1]", "[", "127.0.0.1:99999999", "a b", "é",
    "127.0.0.1, evil.example",
]
OTHERS = [
    "Origin: null", "Origin: http://evil.example", "Accept-Encoding: gzip;q=x", "Accept-Charset: x",
    "Expect: 100-continue", "Upgrade: websocket", "X-Forwarded-Host: evil.example", "Range: bytes=0-1",
    "X-HTTP-Method-Override: DELETE", "If-None-Match: *", "Cookie: a", ": a", "a", "\0: b",
    "Content-Encoding: gzip", "Access-Control-Request-Method: PUT", "Connection: upgrade",
]
CHUNKS = [b"0\r\n\r\n", b"5\r\nASK{}\r\n0\r\n\r\n", b"zz\r\n", b"ffffffffffffffff\r\na"]
# fmt: on
PAIRS = st.lists(
    st.builds(
        "{}={}".format,
        st.sampled_from(NAMES),
        st.one_of(
            st.sampled_from(QUERIES).map(quote),
            st.binary(max_size=12).map(quote),
            st.sampled_from(ESCAPES),
        ),
    ),
    max_size=4,
).map("&".join)


@st.composite
def requests(draw: st.DrawFn) -> bytes:
    """Return a request, of which any part may be wrong."""
    body = draw(st.one_of(st.just(b""), PAIRS.map(str.encode), st.binary(max_size=40)))
    parameters = draw(PAIRS)
    address = draw(st.sampled_from(PATHS)) + ("?" + parameters if parameters else "")
    method, version = (
        draw(st.sampled_from(METHODS)),
        draw(st.sampled_from(["1.1"] * 9 + ["1.0", "9", ""])),
    )
    lines = [f"{method} {address} HTTP/{version}"]
    hosts = st.one_of(
        st.just(["localhost"]), st.just(["localhost"]), st.lists(st.sampled_from(HOSTS), max_size=2)
    )
    lines += [f"Host: {host}" for host in draw(hosts)]
    lines += [f"Content-Type: {type_}" for type_ in draw(st.lists(st.sampled_from(TYPES), max_size=2))]
    lines += [f"Accept: {accept}" for accept in draw(st.lists(st.sampled_from(ACCEPTS), max_size=2))]
    lines += draw(st.one_of(st.just([]), st.lists(st.sampled_from(OTHERS), max_size=3)))
    length = draw(st.sampled_from([len(body)] * 5 + [0, 1, len(body) + 1, 10**6, 10**30, -1, "x", None]))
    lines += [] if length is None else [f"Content-Length: {length}"]
    if draw(st.booleans()) and draw(st.booleans()):
        lines.append("Transfer-Encoding: " + draw(st.sampled_from(["chunked", "gzip", "x"])))
        body = draw(st.sampled_from([*CHUNKS, body]))
    lines.append("Connection: close")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


@SOME
@given(request=requests())
def test_any_request_gets_a_stated_status_and_one_line(
    request: bytes, endpoint: Endpoint, bristol_folder: Path, listener: Listener
) -> None:
    request = request.replace(quote(AWAY).encode(), quote(listener.url).encode())
    check_replies(sent(endpoint, request, patience=0.5), endpoint, bristol_folder)
    assert listener.heard() == []


@SOME
@given(request=st.binary(max_size=200))
@example(request=b"\r\n\r\n")
@example(request=b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * 10_000 + b"\r\n")
@example(request=b"GET /" + b"a" * 1_000_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n")
@example(request=b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03")
@example(request=b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
def test_any_bytes_are_no_harm(request: bytes, endpoint: Endpoint, bristol_folder: Path) -> None:
    statuses = check_replies(sent(endpoint, request, patience=0), endpoint, bristol_folder)
    assert set(statuses) <= {400, 421}


@SOME
@given(query=TOKEN_TEXTS)
def test_any_query_over_http_is_answered_or_refused(
    query: str, endpoint: Endpoint, bristol_folder: Path, listener: Listener
) -> None:
    asked = put(query, listener) + "\nLIMIT 3"
    body = urlencode({"query": asked.encode("utf-8", errors="surrogatepass")}).encode()
    head = (
        f"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\nConnection: close\r\n\r\n"
    )
    statuses = check_replies(sent(endpoint, head.encode() + body), endpoint, bristol_folder)
    assert len(statuses) == 1
    assert set(statuses) <= {200, 400, 403, 413, 422}
    assert listener.heard() == []


# The bounds, under load

SHORT = "SELECT (COUNT(*) AS ?n) { ?p a cg:Provision }"
RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
HOG = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?a"
LONG_WORDS = "SELECT ?t ?u ?v { ?a cg:text ?t . ?b cg:text ?u . ?c cg:text ?v } LIMIT 90000"


def asked(endpoint: Endpoint, query: str) -> tuple[int, str]:
    reply = endpoint.get("/sparql?" + urlencode({"query": query}), "text/csv")
    return reply.status, reply.text


def memory_of(processes: Iterable[int]) -> int:
    """Return the memory that processes hold, in megabytes."""
    total = 0
    for folder in (Path(f"/proc/{process}") for process in processes):
        try:
            match = re.search(r"VmRSS:\s+(\d+)", (folder / "status").read_text(encoding="utf-8"))
        except OSError:
            continue
        total += int(match[1]) if match else 0
    return total // 1_000


def test_short_queries_are_answered_while_one_runs_away(endpoint: Endpoint) -> None:
    with ThreadPoolExecutor(1) as threads:
        running = threads.submit(asked, endpoint, RUNAWAY)
        during = []
        while not running.done():
            during.append(asked(endpoint, SHORT))
        status, line = running.result()
    assert len(during) > 3
    assert set(during) == {(200, "n\r\n79\r\n")}
    assert status == 422
    assert line.startswith("the query took longer than 5 seconds and was stopped")


def test_an_answer_with_more_bytes_than_the_limit_is_refused_whole(endpoint: Endpoint) -> None:
    status, line = asked(endpoint, LONG_WORDS)
    assert (status, line.count("\n")) == (422, 1)
    assert line.startswith("the answer has more than 20,000,000 bytes, which is the limit")


def test_a_query_that_takes_too_much_memory_is_stopped_and_its_memory_is_free(
    bristol_folder: Path, started: Callable[[], list[int]]
) -> None:
    with BoundedQueries(bristol_folder, seconds=60, workers=1, memory=600_000_000) as queries:
        queries.run(SHORT)
        before, peak = memory_of(started()), 0
        with ThreadPoolExecutor(1) as threads:
            running = threads.submit(queries.run, HOG)
            while not running.done():
                peak = max(peak, memory_of(started()))
                time.sleep(0.02)
            with pytest.raises(QueryLimitError, match="needed more than 600 MB of memory"):
                running.result()
        assert peak > before + 200
        assert queries.run(SHORT).answer.rows == [(79,)]  # type: ignore[union-attr]
        assert memory_of(started()) < before + 100
