"""A SPARQL service on this machine that misbehaves as it is told, one request after another.

Its store is a real one. A test gives it a script, a step for each request that comes; when the script is
done, requests are answered as the service's own handling says: queries, updates and whole graphs.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import md5
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from pyoxigraph import (
    DefaultGraph,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Store,
    serialize,
)

JSON = "application/sparql-results+json"
NONCE = "7f3a"
EMPTY = b'{"head":{"vars":["s"]},"results":{"bindings":[]}}'
ONE = b'{"head":{"vars":["s"]},"results":{"bindings":[{"s":{"type":"literal","value":"one"}}]}}'


@dataclass(frozen=True)
class Received:
    """A request that came."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def form(self) -> dict[str, list[str]]:
        return parse_qs(self.body.decode())


Step = Callable[["_Handler"], None]


@dataclass
class FaultyService:
    """The service: its address, what came, its store, and how it misbehaves.

    ``cap`` is the number of rows at which it cuts answers, without a word unless ``says_cap``;
    ``server`` is its Server header; ``fails_after`` the number of writes after which it is gone.
    """

    url: str
    store: Store = field(default_factory=Store)
    script: list[Step] = field(default_factory=list)
    received: list[Received] = field(default_factory=list)
    cap: int | None = None
    says_cap: bool = False
    server: str = ""
    union: bool = True
    fails_after: int | None = None
    loses: int = 0
    ended: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def environment(self) -> dict[str, str]:
        """An environment in which its addresses are known."""
        return {
            "COMPACTGRAPH_UPDATE": f"{self.url}/update",
            "COMPACTGRAPH_GRAPHS": f"{self.url}/store",
        }

    @property
    def queries(self) -> list[str]:
        """The queries that came."""
        return [r.form["query"][0] for r in self.received if b"query=" in r.body]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    service: FaultyService

    def handle_one_request(self) -> None:
        try:
            super().handle_one_request()
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.request_body = body
        service = self.service
        with service.lock:
            service.received.append(Received(self.command, self.path, dict(self.headers), body))
            step = service.script.pop(0) if service.script else behaves
        step(self)

    do_GET = do_POST = do_PUT = do_DELETE = _serve

    def version_string(self) -> str:
        return self.service.server

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def reply(self, status: int, media: str, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {
            "Content-Type": media,
            "Content-Length": str(len(body)),
            **(headers or {}),
        }.items():
            if value:
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


# Steps of a script


def answers(
    body: bytes = ONE, *, status: int = 200, media: str = JSON, headers: dict[str, str] | None = None
) -> Step:
    """Answer with just that."""
    return lambda handler: handler.reply(status, media, body, headers)


def busy(retry_after: str = "", status: int = 503) -> Step:
    """Answer 503."""
    return answers(b"busy", status=status, media="text/plain", headers={"Retry-After": retry_after})


def hangs_up(handler: _Handler) -> None:
    """Close the connection without a word."""
    handler.close_connection = True


def breaks_off(handler: _Handler) -> None:
    """Send a half of what was announced."""
    handler.reply(200, JSON, ONE[: len(ONE) // 2], {"Content-Length": str(len(ONE))})
    handler.close_connection = True


def breaks_off_unannounced(handler: _Handler) -> None:
    """Send a half, of an answer whose length was not said."""
    handler.reply(200, JSON, ONE[: len(ONE) // 2], {"Content-Length": "", "Connection": "close"})
    handler.close_connection = True


def hangs(handler: _Handler) -> None:
    """Answer nothing until the test is over."""
    handler.service.ended.wait(60)
    handler.close_connection = True


def hangs_in_the_middle(handler: _Handler) -> None:
    """Send a half, and then nothing until the test is over."""
    handler.reply(200, JSON, ONE[: len(ONE) // 2], {"Content-Length": str(len(ONE))})
    hangs(handler)


def is_endless(handler: _Handler) -> None:
    """Send rows for as long as someone reads them."""
    handler.send_response(200)
    handler.send_header("Content-Type", JSON)
    handler.send_header("Connection", "close")
    handler.end_headers()
    handler.close_connection = True
    handler.wfile.write(b'{"head":{"vars":["s"]},"results":{"bindings":[')
    while not handler.service.ended.is_set():
        handler.wfile.write(b'{"s":{"type":"literal","value":"one"}},' * 100)


def asks_for_basic(user: str, password: str) -> Step:
    """Behave for one user with Basic authentication, and else ask for it."""
    import base64

    wanted = "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
    return _asks(lambda handler: handler.headers.get("Authorization") == wanted, 'Basic realm="a"')


def asks_for_digest(user: str, password: str) -> Step:
    """Behave for one user with Digest authentication (RFC 7616, MD5, auth), and else ask for it."""

    def allowed(handler: _Handler) -> bool:
        said = dict(re.findall(r'(\w+)="?([^",]+)"?', handler.headers.get("Authorization", "")))
        ha1 = _md5(f"{user}:a:{password}")
        ha2 = _md5(f"{handler.command}:{handler.path}")
        parts = [ha1, NONCE, said.get("nc", ""), said.get("cnonce", ""), "auth", ha2]
        return said.get("response") == _md5(":".join(parts))

    return _asks(allowed, f'Digest realm="a", nonce="{NONCE}", qop="auth", algorithm="MD5"')


def _asks(allowed: Callable[[_Handler], bool], challenge: str) -> Step:
    def step(handler: _Handler) -> None:
        if allowed(handler):
            behaves(handler)
        else:
            handler.reply(401, "text/plain", b"who?", {"WWW-Authenticate": challenge})

    return step


def _md5(text: str) -> str:
    return md5(text.encode(), usedforsecurity=False).hexdigest()


# Behaving, as far as it is told to


def behaves(handler: _Handler) -> None:
    if urlsplit(handler.path).path in ("/query", "/ask"):
        _query(handler, parse_qs(handler.request_body.decode()))
    elif _write(handler):
        handler.reply(204, "", b"", {"Content-Length": ""})
    else:
        hangs_up(handler)


def does_and_hangs_up(handler: _Handler) -> None:
    """Write what is to be written, and close the connection before saying so."""
    _write(handler)
    hangs_up(handler)


def does_and_hangs(handler: _Handler) -> None:
    """Write what is to be written, and answer nothing until the test is over."""
    _write(handler)
    hangs(handler)


def _write(handler: _Handler) -> bool:
    """Write, and say so, or write nothing where the service is told to be gone by now."""
    service, path, body = handler.service, urlsplit(handler.path), handler.request_body
    with service.lock:
        if service.fails_after is not None:
            if service.fails_after == 0:
                return False
            service.fails_after -= 1
        if path.path == "/update":
            service.store.update(body.decode())
        else:
            graph = NamedNode(parse_qs(path.query)["graph"][0])
            service.store.remove_graph(graph)
            if handler.command == "PUT":
                kept = body.splitlines(keepends=True)[service.loses :]
                service.store.load(b"".join(kept), format=RdfFormat.N_TRIPLES, to_graph=graph)
    return True


def _query(handler: _Handler, form: dict[str, list[str]]) -> None:
    service = handler.service
    default = [NamedNode(g) for g in form.get("default-graph-uri", [])]
    named = [NamedNode(g) for g in form.get("named-graph-uri", [])]
    dataset: dict[str, Any] = {"use_default_graph_as_union": service.union}
    if default or named:
        dataset = {"default_graph": default or [DefaultGraph()], "named_graphs": named}
    elif "FROM" in form["query"][0]:
        dataset = {}
    try:
        found = service.store.query(form["query"][0], **dataset)
    except SyntaxError as error:
        handler.reply(400, "text/plain; charset=utf-8", str(error).encode())
        return
    headers: dict[str, str] = {}
    if isinstance(found, QuerySolutions | QueryBoolean):
        answer = json.loads(found.serialize(format=QueryResultsFormat.JSON) or b"")
        rows = answer.get("results", {}).get("bindings", [])
        if service.cap is not None and len(rows) > service.cap:
            del rows[service.cap :]
            headers = {"X-SPARQL-MaxRows": str(service.cap)} if service.says_cap else {}
        handler.reply(200, JSON, json.dumps(answer).encode(), headers)
    else:
        triples = list(found)[: service.cap]
        content = serialize(triples, format=RdfFormat.N_TRIPLES) or b""
        handler.reply(200, "application/n-triples", content)


class _Server(ThreadingHTTPServer):
    daemon_threads = False


@contextmanager
def faulty_service(*script: Step) -> Iterator[FaultyService]:
    """Run a service on a free port of this machine; its query address is ``url`` and ``/query``."""
    handler = type("_OneServiceHandler", (_Handler,), {})
    server = _Server(("127.0.0.1", 0), handler)
    service = FaultyService(f"http://127.0.0.1:{server.server_address[1]}", script=list(script))
    handler.service = service
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield service
    finally:
        service.ended.set()
        server.shutdown()
        server.socket.close()
        thread.join()
