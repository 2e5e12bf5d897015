"""A running endpoint for tests: uvicorn on a free port of the loopback, in a thread of this process."""

from __future__ import annotations

import threading
import time
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import uvicorn
from rdflib import Graph

from compactgraph.endpoint.app import Settings, create_app
from compactgraph.endpoint.launch import INSTEAD, listening, server_settings
from compactgraph.serving.bounded_queries import BoundedQueries
from compactgraph.serving.published import Serving

_STARTS_WITHIN = 30.0


@dataclass(frozen=True)
class Reply:
    """What came back: the status, the headers by their names in small letters, the body."""

    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def text(self) -> str:
        return self.content.decode("utf-8")

    @property
    def type(self) -> str:
        """The media type, without its parameters."""
        return self.headers.get("content-type", "").partition(";")[0]


@dataclass(frozen=True)
class Endpoint:
    """An endpoint that answers, and what runs its queries."""

    url: str
    queries: BoundedQueries
    serving: Serving = field(repr=False)

    @property
    def sparql(self) -> str:
        return self.url + "sparql"

    def get(
        self,
        path: str,
        accept: str | None = None,
        headers: Mapping[str, str] | None = None,
        method: str = "GET",
        body: bytes | None = None,
    ) -> Reply:
        """Send one request for a path below the endpoint; follow nothing, raise nothing of a status."""
        connection = HTTPConnection(urlsplit(self.url).netloc, timeout=60)
        sent = {**({} if accept is None else {"Accept": accept}), **(headers or {})}
        try:
            connection.request(method, path, body=body, headers=sent)
            response = connection.getresponse()
            named = {name.lower(): value for name, value in response.getheaders()}
            return Reply(response.status, named, response.read())
        finally:
            connection.close()


def graph_in(reply: Reply) -> Graph:
    """Return the graph that a reply holds, read by rdflib in the format that it says it has."""
    with warnings.catch_warnings():
        # rdflib's reader of JSON-LD uses what rdflib itself calls outdated.
        warnings.simplefilter("ignore", DeprecationWarning)
        return Graph().parse(data=reply.content, format=reply.type)


@contextmanager
def running_endpoint(
    store: Path | str,
    ontology: Path,
    data: Path,
    *,
    seconds: float = 10.0,
    rows: int = 100_000,
    workers: int = 2,
    settings: Settings | None = None,
) -> Iterator[Endpoint]:
    """Start an endpoint over a store that is built, and stop it and its processes afterwards."""
    serving = Serving(data, ontology, store)
    with (
        BoundedQueries(store, seconds=seconds, rows=rows, workers=workers, instead=INSTEAD) as queries,
        listening("127.0.0.1", 0) as listener,
    ):
        server = uvicorn.Server(server_settings(create_app(serving, queries, settings)))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            deadline = time.monotonic() + _STARTS_WITHIN
            while not server.started:
                assert thread.is_alive(), "the server ended at once"
                assert time.monotonic() < deadline, "the server does not start"
                time.sleep(0.01)
            yield Endpoint(f"http://127.0.0.1:{listener.getsockname()[1]}/", queries, serving)
        finally:
            server.should_exit = True
            thread.join(_STARTS_WITHIN)
