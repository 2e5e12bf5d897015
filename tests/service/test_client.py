"""A service's addresses, its credentials, and requests to one that misbehaves: over real HTTP."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from email.utils import formatdate

import pytest

from compactgraph.errors import CutAnswerError, ServiceError
from compactgraph.service.addresses import Addresses
from compactgraph.service.client import Patience, Service
from tests.support.faulty import (
    JSON,
    ONE,
    FaultyService,
    answers,
    asks_for_basic,
    asks_for_digest,
    breaks_off,
    breaks_off_unannounced,
    busy,
    faulty_service,
    hangs,
    hangs_in_the_middle,
    hangs_up,
    is_endless,
)

QUICK = Patience(connect=2, read=0.3, tries=3, whole=5, first_wait=0.01)
USER = {"COMPACTGRAPH_USER": "ann", "COMPACTGRAPH_PASSWORD": "s:écret/7"}
SECRET = "s3cr3t"


def service_at(faulty: FaultyService, environ: dict[str, str] | None = None) -> Service:
    given = {**faulty.environment, **(environ or {})}
    return Service(f"{faulty.url}/query", given, patience=QUICK)


def ask(service: Service) -> object:
    """Ask anything, and return what the answer's JSON says."""
    return service.query("SELECT ?s { ?s ?p ?o }", json.loads, accept=(JSON,)).parsed


# Addresses


@pytest.mark.parametrize(
    ("query", "update", "graphs"),
    [
        ("http://h:7878/query", "http://h:7878/update", "http://h:7878/store"),
        ("http://h:3030/ds/query", "http://h:3030/ds/update", "http://h:3030/ds/data"),
        ("http://h/fuseki/ds/sparql", "http://h/fuseki/ds/update", "http://h/fuseki/ds/data"),
        ("https://h/sparql", "https://h/sparql", "https://h/sparql-graph-crud-auth"),
        ("https://h/sparql/", "https://h/sparql", "https://h/sparql-graph-crud-auth"),
        ("https://h/sparql-auth", "https://h/sparql-auth", "https://h/sparql-graph-crud-auth"),
        (
            "http://h:7200/repositories/r",
            "http://h:7200/repositories/r/statements",
            "http://h:7200/repositories/r/rdf-graphs/service",
        ),
        ("https://h/ask", None, None),
        ("https://h", None, None),
    ],
)
def test_the_other_addresses_follow_from_the_first(
    query: str, update: str | None, graphs: str | None
) -> None:
    found = Addresses.find(query, {})
    assert (found.query, found.update, found.graphs) == (query, update, graphs)


def test_virtuoso_is_updated_where_it_asks_for_a_name_by_one_who_has_one() -> None:
    assert Addresses.find("https://h/sparql", USER).update == "https://h/sparql-auth"


def test_the_environment_has_the_last_word_on_addresses() -> None:
    environ = {"COMPACTGRAPH_UPDATE": "https://h/u", "COMPACTGRAPH_GRAPHS": "https://h/g"}
    found = Addresses.find("https://h/query", environ)
    assert (found.update, found.graphs) == ("https://h/u", "https://h/g")


@pytest.mark.parametrize(
    "address",
    [
        "http://",
        "http://h:port/",
        "http://h:99999/",
        "ftp://h/",
        "http://h/a b",
        "http://h/\n",
        "http://[h/",
        "/folder",
    ],
)
def test_what_is_no_address_is_refused_by_the_variable_that_has_it(address: str) -> None:
    with pytest.raises(ServiceError, match=r"^COMPACTGRAPH_STORE is no address"):
        Addresses.find(address, {})


@pytest.mark.parametrize(
    "variable", ["COMPACTGRAPH_STORE", "COMPACTGRAPH_UPDATE", "COMPACTGRAPH_GRAPHS"]
)
def test_an_address_with_a_password_is_refused_and_not_repeated(variable: str) -> None:
    secret = f"https://ann:{SECRET}@h/query"
    environ = {} if variable == "COMPACTGRAPH_STORE" else {variable: secret}
    location = "https://h/query" if environ else secret
    with pytest.raises(ServiceError, match=f"^{variable} has a user or a password in the address") as e:
        Service(location, environ)
    assert SECRET not in str(e.value)
    assert "ann" not in str(e.value)


# Credentials


@pytest.mark.parametrize(
    ("environ", "line"),
    [
        ({"COMPACTGRAPH_USER": "ann"}, "COMPACTGRAPH_USER and COMPACTGRAPH_PASSWORD go together"),
        ({"COMPACTGRAPH_PASSWORD": SECRET}, "COMPACTGRAPH_USER and COMPACTGRAPH_PASSWORD go together"),
        ({**USER, "COMPACTGRAPH_TOKEN": SECRET}, "COMPACTGRAPH_TOKEN is set, and COMPACTGRAPH_USER too"),
        ({"COMPACTGRAPH_TOKEN": f"{SECRET}\r\nX: 1"}, "COMPACTGRAPH_TOKEN is no token"),
        ({"COMPACTGRAPH_TOKEN": ""}, "COMPACTGRAPH_TOKEN is no token"),
    ],
)
def test_credentials_that_cannot_be_meant_are_refused(environ: dict[str, str], line: str) -> None:
    with pytest.raises(ServiceError, match=f"^{line}") as caught:
        Service("https://h/query", environ)
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("environ", [USER, {"COMPACTGRAPH_TOKEN": SECRET}])
@pytest.mark.parametrize(
    ("location", "other"),
    [
        ("http://h/query", {}),
        ("HTTP://h/query", {}),
        ("https://h/query", {"COMPACTGRAPH_UPDATE": "http://h/u"}),
        ("https://h/query", {"COMPACTGRAPH_GRAPHS": "http://h/u"}),
        ("http://127.0.0.1.example.org/query", {}),
        ("http://localhost.example.org/query", {}),
    ],
)
def test_credentials_are_not_sent_in_the_clear(
    location: str, other: dict[str, str], environ: dict[str, str]
) -> None:
    with pytest.raises(ServiceError, match=r"^credentials are not sent to .* over plain http"):
        Service(location, {**environ, **other})
    Service(location, {**environ, **other, "COMPACTGRAPH_PLAIN_HTTP": "1"})


@pytest.mark.parametrize(
    "host", ["localhost", "127.0.0.1", "127.8.0.1", "[::1]", "a.localhost", "LOCALHOST"]
)
def test_credentials_are_sent_to_this_machine(host: str) -> None:
    assert Service(f"http://{host}/query", USER).addresses.credentials


def test_no_picture_of_a_service_has_its_secrets() -> None:
    service = Service("https://h/query?key=k3y", {"COMPACTGRAPH_TOKEN": SECRET})
    shown = f"{service} {service!r} {service.addresses} {service.name}"
    assert SECRET not in shown
    assert service.name == "https://h/query"
    assert repr(service) == "Service(https://h/query)"


@pytest.mark.parametrize("asks", [asks_for_basic, asks_for_digest])
def test_a_challenge_is_met_as_it_asks(asks) -> None:  # type: ignore[no-untyped-def]
    step = asks(USER["COMPACTGRAPH_USER"], USER["COMPACTGRAPH_PASSWORD"])
    with faulty_service(*[step] * 5) as faulty:
        service = service_at(faulty, USER)
        assert ask(service) == ask(service)
        sent = ["Authorization" in request.headers for request in faulty.received]
    assert sent == [False, True, True]


@pytest.mark.parametrize("asks", [asks_for_basic, asks_for_digest])
def test_refused_credentials_are_named_by_their_variables(asks) -> None:  # type: ignore[no-untyped-def]
    with faulty_service(*[asks("ann", "another")] * 5) as faulty:
        with pytest.raises(ServiceError) as caught:
            ask(service_at(faulty, USER))
        assert str(caught.value) == (
            f"{faulty.url}/query refuses these credentials (401); "
            "set COMPACTGRAPH_USER and COMPACTGRAPH_PASSWORD, or COMPACTGRAPH_TOKEN"
        )


@pytest.mark.parametrize("status", [401, 403])
def test_a_service_that_asks_who_asks_is_told_which_variables_to_set(status: int) -> None:
    with faulty_service(answers(b"who?", status=status, media="text/plain")) as faulty:
        with pytest.raises(ServiceError) as caught:
            ask(service_at(faulty))
        assert str(caught.value) == (
            f"{faulty.url}/query asks for credentials ({status}); "
            "set COMPACTGRAPH_USER and COMPACTGRAPH_PASSWORD, or COMPACTGRAPH_TOKEN"
        )


def test_a_token_goes_with_each_request() -> None:
    with faulty_service() as faulty:
        service = service_at(faulty, {"COMPACTGRAPH_TOKEN": SECRET})
        ask(service)
        service.update("INSERT DATA { <http://e/a> <http://e/b> 1 }")
        assert [r.headers["Authorization"] for r in faulty.received] == [f"Bearer {SECRET}"] * 2


def test_a_users_netrc_is_left_alone(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    netrc = tmp_path / "netrc"
    netrc.write_text(f"machine 127.0.0.1 login ann password {SECRET}\n")
    monkeypatch.setenv("NETRC", str(netrc))
    with faulty_service() as faulty:
        ask(service_at(faulty))
        assert "Authorization" not in faulty.received[0].headers


def test_no_proxy_stands_between_this_machine_and_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    with faulty_service() as faulty, faulty_service() as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        monkeypatch.delenv("no_proxy", raising=False)
        monkeypatch.delenv("NO_PROXY", raising=False)
        ask(service_at(faulty))
        assert not proxy.received


@pytest.mark.parametrize("variable", ["http_proxy", "HTTP_PROXY", "ALL_PROXY"])
def test_another_machine_is_asked_through_the_proxy(
    variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with faulty_service() as proxy:
        monkeypatch.setenv(variable, proxy.url)
        ask(Service("http://service.invalid/query", {}, patience=QUICK))
        assert [r.path for r in proxy.received] == ["http://service.invalid/query"]
        monkeypatch.setenv("NO_PROXY", "service.invalid")
        with pytest.raises(ServiceError, match="it cannot be reached"):
            ask(Service("http://service.invalid/query", {}, patience=QUICK))
        assert len(proxy.received) == 1


@pytest.mark.parametrize("proxy", ["nonsense://proxy", "socks5://proxy"])
def test_a_proxy_that_cannot_be_used_is_one_line(proxy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", proxy)
    with pytest.raises(ServiceError, match="the proxy in the environment cannot be used"):
        ask(Service("http://service.invalid/query", {}, patience=QUICK))
    with faulty_service() as faulty:
        ask(service_at(faulty))


@pytest.mark.parametrize("asks", [asks_for_basic, asks_for_digest])
def test_threads_share_the_connections_and_the_signature(asks) -> None:  # type: ignore[no-untyped-def]
    step = asks(USER["COMPACTGRAPH_USER"], USER["COMPACTGRAPH_PASSWORD"])
    with faulty_service(*[step] * 100) as faulty:
        service = service_at(faulty, USER)
        with ThreadPoolExecutor(8) as threads:
            found = list(threads.map(lambda _: ask(service), range(40)))
        assert found == [found[0]] * 40
        unsigned = [r for r in faulty.received if "Authorization" not in r.headers]
        assert len(unsigned) <= 8
        signed = {r.headers.get("Authorization", "") for r in faulty.received} - {""}
        assert len(signed) == (1 if asks is asks_for_basic else 40)


def test_a_way_of_digest_that_nobody_knows_is_one_line() -> None:
    headers = {"WWW-Authenticate": 'Digest realm="a", nonce="b", algorithm="ROT13"'}
    step = answers(b"", status=401, headers=headers)
    with faulty_service(step) as faulty, pytest.raises(ServiceError, match="its answer cannot be read"):
        ask(service_at(faulty, USER))


def test_what_speaks_no_tls_is_not_tried_again() -> None:
    with faulty_service() as faulty:
        url = faulty.url.replace("http:", "https:") + "/query"
        with pytest.raises(ServiceError, match="its certificate cannot be verified"):
            ask(Service(url, {}, patience=QUICK))


def test_credentials_and_queries_do_not_follow_a_redirect_to_another_host() -> None:
    with faulty_service() as other:
        port = other.url.rpartition(":")[2]
        target = f"http://localhost:{port}/query?{SECRET}"
        moved = answers(b"", status=307, media="", headers={"Location": target})
        with faulty_service(moved) as faulty:
            with pytest.raises(ServiceError) as caught:
                ask(service_at(faulty, {"COMPACTGRAPH_TOKEN": SECRET}))
            assert str(caught.value) == (
                f"{faulty.url}/query redirects to another host, localhost:{port}; "
                "if that is right, give that address in COMPACTGRAPH_STORE"
            )
        assert not other.received


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_on_the_same_host_is_followed_with_the_same_request(status: int) -> None:
    moved = answers(b"", status=status, media="", headers={"Location": "/query?again"})
    with faulty_service(moved) as faulty:
        ask(service_at(faulty))
        first, second = faulty.received
        assert (first.path, second.path) == ("/query", "/query?again")
        assert (first.method, first.body) == (second.method, second.body)


def test_redirects_come_to_an_end() -> None:
    around = answers(b"", status=308, media="", headers={"Location": "/query"})
    with faulty_service(*[around] * 10) as faulty:
        with pytest.raises(ServiceError, match="redirects without an end"):
            ask(service_at(faulty))
        assert len(faulty.received) == 3


# Patience


@pytest.mark.parametrize(
    "step",
    [
        busy(),
        busy("0"),
        busy("nonsense"),
        busy(status=502),
        hangs_up,
        breaks_off,
        breaks_off_unannounced,
    ],
)
def test_what_passes_is_tried_again(step) -> None:  # type: ignore[no-untyped-def]
    with faulty_service(step, step, answers(ONE)) as faulty:
        assert ask(service_at(faulty)) == json.loads(ONE)
        assert len(faulty.received) == 3


@pytest.mark.parametrize(
    ("step", "what"),
    [
        (busy(), "it is busy or away (503)"),
        (hangs_up, "the connection broke"),
        (breaks_off, "its answer breaks off or is malformed"),
        (breaks_off_unannounced, "its answer breaks off or is malformed"),
        (answers(b"{"), "its answer breaks off or is malformed"),
        (answers(b"[" * 100_000), "its answer breaks off or is malformed"),
    ],
)
def test_what_does_not_pass_is_said_after_the_tries(step, what: str) -> None:  # type: ignore[no-untyped-def]
    with faulty_service(*[step] * 5) as faulty:
        with pytest.raises(ServiceError) as caught:
            ask(service_at(faulty))
        line = f"{faulty.url}/query: {what} (tried 3 times); try again when it is back"
        assert str(caught.value) == line
        assert len(faulty.received) == 3


def test_a_service_that_is_away_is_said_to_be() -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))  # It does not listen: a connection is refused.
        url = f"http://127.0.0.1:{bound.getsockname()[1]}/query"
        with pytest.raises(ServiceError) as caught:
            ask(Service(url, {}, patience=QUICK))
    line = f"{url}: it cannot be reached (tried 3 times); try again when it is back"
    assert str(caught.value) == line


def test_the_wait_that_a_service_asks_for_is_kept() -> None:
    patience = Patience(tries=5, whole=1.5, first_wait=0.01)
    with faulty_service(*[busy("1")] * 5) as faulty:
        with pytest.raises(ServiceError, match=r"\(503\) \(tried 2 times\)"):
            ask(Service(f"{faulty.url}/query", {}, patience=patience))
        assert len(faulty.received) == 2  # A second wait of a second would end beyond all patience.


@pytest.mark.parametrize(
    "wait",
    ["3600", "99999999999999", formatdate(time.time() + 3600, usegmt=True)],
    ids=["an hour", "for ever", "until a time"],
)
def test_a_wait_beyond_patience_is_not_begun(wait: str) -> None:
    with faulty_service(busy(wait)) as faulty:
        with pytest.raises(
            ServiceError, match=r"it is busy or away \(503\); try again when it is back$"
        ):
            ask(service_at(faulty))
        assert len(faulty.received) == 1


@pytest.mark.parametrize("step", [hangs, hangs_in_the_middle])
def test_a_service_that_hangs_is_left_and_not_asked_again(step) -> None:  # type: ignore[no-untyped-def]
    with faulty_service(step) as faulty:
        with pytest.raises(ServiceError, match=r"/query did not answer in 0\.3 seconds; ask for less"):
            ask(service_at(faulty))
        assert len(faulty.received) == 1


def test_an_endless_answer_is_left_at_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("compactgraph.service.client.ANSWER_BYTES", 100_000)
    with faulty_service(is_endless) as faulty, pytest.raises(ServiceError) as caught:
        ask(service_at(faulty))
    assert str(caught.value) == (
        f"{faulty.url}/query: its answer has more than 100,000 bytes; ask for less at once"
    )


def test_an_update_is_tried_again() -> None:
    with faulty_service(busy(), hangs_up) as faulty:
        service_at(faulty).update("INSERT DATA { <http://e/a> <http://e/b> 1 }")
        assert len(faulty.received) == 3
        assert len(faulty.store) == 1


def test_a_graph_is_put_in_the_place_of_the_one_before() -> None:
    with faulty_service() as faulty:
        service = service_at(faulty)
        service.put_graph("http://e/g", b"<http://e/a> <http://e/b> <http://e/c> .\n")
        service.put_graph("http://e/g", b"<http://e/a> <http://e/b> <http://e/d> .\n")
        assert [str(quad.object) for quad in faulty.store] == ["<http://e/d>"]


@pytest.mark.parametrize(
    ("call", "variable"),
    [
        (lambda service: service.update("x"), "COMPACTGRAPH_UPDATE"),
        (lambda service: service.put_graph("x", b""), "COMPACTGRAPH_GRAPHS"),
    ],
)
def test_an_address_that_is_not_known_is_asked_for(
    call: Callable[[Service], None], variable: str
) -> None:
    service = Service("https://h/ask", {})
    with pytest.raises(ServiceError, match=f"^https://h/ask: where .* not known; set {variable}$"):
        call(service)


# What a service says


@pytest.mark.parametrize(
    ("status", "media", "body", "said"),
    [
        (400, "text/plain", "line 1: \x1b[31mno\x07 verb\nmore", ": line 1: [31mno verb; see the "),
        (500, "text/plain; charset=utf-8", "x" * 500, ": " + "x" * 199 + "…; see the "),
        (400, "application/json", '{"message": "no"}', ': {"message": "no"}; see the '),
        (400, "text/html", "<h1>no</h1>", "; see the service's own log"),
        (404, "text/html", "<h1>no</h1>", "; check COMPACTGRAPH_STORE"),
        (400, "text/plain", "", "; see the service's own log"),
    ],
)
def test_a_refusal_is_one_line_with_what_the_service_says(
    status: int, media: str, body: str, said: str
) -> None:
    with faulty_service(answers(body.encode(), status=status, media=media)) as faulty:
        with pytest.raises(ServiceError) as caught:
            ask(service_at(faulty))
        line = str(caught.value)
        assert line.startswith(f"{faulty.url}/query refuses ({status}){said}")
        assert line.isprintable()
        assert len(faulty.received) == 1


@pytest.mark.parametrize("media", ["text/html; charset=utf-8", "application/xml", ""])
def test_a_page_is_not_taken_for_an_answer(media: str) -> None:
    with faulty_service(answers(b"<html>Hello</html>", media=media)) as faulty:
        with pytest.raises(ServiceError, match=r"answers with .*, which is no answer to a query; check"):
            ask(service_at(faulty))
        assert len(faulty.received) == 1


@pytest.mark.parametrize(
    "step",
    [
        answers(ONE, status=206),
        answers(ONE, headers={"X-SQL-State": "S1TAT", "X-SQL-Message": "anytime"}),
    ],
)
def test_a_part_that_is_called_one_is_not_taken_for_an_answer(step) -> None:  # type: ignore[no-untyped-def]
    with (
        faulty_service(step) as faulty,
        pytest.raises(CutAnswerError, match="gave a part of the answer and stopped at a limit"),
    ):
        ask(service_at(faulty))


def test_no_message_has_the_query_string_of_an_address() -> None:
    with faulty_service(answers(b"", status=500)) as faulty:
        service = Service(f"{faulty.url}/query?key={SECRET}", {}, patience=QUICK)
        with pytest.raises(ServiceError) as caught:
            ask(service)
        assert SECRET not in str(caught.value)
        assert faulty.received[0].path == f"/query?key={SECRET}"


@pytest.mark.parametrize(
    ("server", "name", "atomic"),
    [
        ("Oxigraph/0.5.13", "Oxigraph", True),
        ("Virtuoso/07.20.3229 (Linux)", "Virtuoso", False),
        ("Apache Jena Fuseki (5.1.0)", "Fuseki", False),
    ],
)
def test_the_engine_is_known_by_its_server_header(server: str, name: str, atomic: bool) -> None:
    with faulty_service() as faulty:
        faulty.server = server
        service = service_at(faulty)
        ask(service)
        assert service.engine is not None
        assert (service.engine.name, service.engine.atomic) == (name, atomic)


def test_a_server_of_another_name_is_no_engine_that_is_known() -> None:
    with faulty_service() as faulty:
        faulty.server = "nginx"
        service = service_at(faulty)
        assert service.engine is not None  # By its address alone, before it is asked.
        ask(service)
        assert service.engine is None
