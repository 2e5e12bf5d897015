"""One client: each saved question in this process, and over HTTP to both servers, in turns."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from http.client import HTTPConnection, RemoteDisconnected
from itertools import count
from typing import Any
from urllib.parse import urlencode

from pyoxigraph import Store

from benchmarks.asked import Asked, answered
from benchmarks.engines import Engine

IN_PROCESS, IN_PROCESS_UNSEEN = "in process", "in process, a text not seen before"
KEPT, KEPT_UNSEEN = "compactgraph", "compactgraph, a text not seen before"
NEW = "compactgraph, a new connection"
OTHER, OTHER_NEW = "oxigraph", "oxigraph, a new connection"
_JSON = "application/sparql-results+json"
_PATIENCE = 120.0
_KEEPING = (KEPT, KEPT_UNSEEN, OTHER)
_WAKING = "ASK {}"
"""Asked before the time is taken: a server lets go of connections that others' turns left idle."""

Ask = Callable[[str], bytes]


def measure(
    store: Store, ours: Engine, theirs: Engine, questions: list[Asked], rounds: int
) -> list[dict[str, Any]]:
    """Return each question's times in seconds on each side, by round; the first is not counted.

    The sides take turns within a round. Raises ValueError where two of them answer differently.
    """
    kept, other = _Kept(ours), _Kept(theirs)
    unseen = _unseen()
    sides: dict[str, Ask] = {
        IN_PROCESS: lambda text: answered(store, text, "json").content,
        KEPT: kept.ask,
        OTHER: other.ask,
        IN_PROCESS_UNSEEN: lambda text: answered(store, unseen(text), "json").content,
        KEPT_UNSEEN: lambda text: kept.ask(unseen(text)),
        NEW: lambda text: _ask_anew(ours, text),
        OTHER_NEW: lambda text: _ask_anew(theirs, text),
    }
    try:
        return [_measured(question, sides, rounds) for question in questions]
    finally:
        kept.close()
        other.close()


def _measured(question: Asked, sides: dict[str, Ask], rounds: int) -> dict[str, Any]:
    _check(question, {name: ask(question.sparql) for name, ask in sides.items()})
    times: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(rounds):
        for name, ask in sides.items():
            if name in _KEEPING:
                ask(_WAKING)
            began = time.perf_counter()
            ask(question.sparql)
            times[name].append(time.perf_counter() - began)
    return {"name": question.name, "scope": question.scope, "rows": question.rows, "seconds": times}


def _unseen() -> Callable[[str], str]:
    """Return what makes a query one that nobody has asked: a prefix of its own that it does not use.

    A comment would not do: it is taken away before a query is looked up among those checked.
    """
    numbers = count()
    return lambda text: f"PREFIX unseen{(number := next(numbers))}: <urn:unseen:{number}> {text}"


class _Kept:
    """A client that keeps its connection."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection = HTTPConnection("127.0.0.1", engine.port, timeout=_PATIENCE)

    def ask(self, sparql: str) -> bytes:
        """Return the answer in JSON; raise ValueError if there is none."""
        try:
            return self._ask(sparql)
        except RemoteDisconnected:
            self._connection.close()
            return self._ask(sparql)

    def _ask(self, sparql: str) -> bytes:
        address = f"{self._engine.path}?{urlencode({'query': sparql})}"
        self._connection.request("GET", address, headers={"Accept": _JSON})
        reply = self._connection.getresponse()
        content = reply.read()
        if reply.status != 200:
            raise ValueError(f"{self._engine.path} answered {reply.status}: {content.decode()[:200]}")
        return content

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


def _ask_anew(engine: Engine, sparql: str) -> bytes:
    client = _Kept(engine)
    try:
        return client.ask(sparql)
    finally:
        client.close()


def _check(question: Asked, contents: dict[str, bytes]) -> None:
    """Raise ValueError where the answers do not hold the same rows, each as often."""
    found = {name: _rows(content) for name, content in contents.items()}
    for name, rows in found.items():
        if rows != found[IN_PROCESS] or len(rows) != question.rows:
            raise ValueError(
                f"{question.name}, {name}: {len(rows)} rows, which are not the {question.rows} expected"
            )


def _rows(content: bytes) -> list[str]:
    bindings = json.loads(content)["results"]["bindings"]
    return sorted(json.dumps(binding, sort_keys=True) for binding in bindings)
