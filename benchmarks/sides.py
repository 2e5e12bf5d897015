"""The sides that are compared: compactgraph, raw pyoxigraph on disk and in memory, plain rdflib.

Each runs in a process of its own, ``python -m benchmarks.sides NAME``, which is told in lines of JSON
what to load and what to ask (see :class:`benchmarks.processes.Worker`).
"""

from __future__ import annotations

import hashlib
import json
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from types import FrameType
from typing import Any, Protocol

from benchmarks.cost import peak_megabytes
from benchmarks.tasks import Task

COMPACTGRAPH = "compactgraph"
OXIGRAPH = "pyoxigraph, disk"
OXIGRAPH_MEMORY = "pyoxigraph, memory"
RDFLIB = "rdflib"
_NUMBERS = ("integer", "decimal", "double", "float")

Rows = list[tuple[str, ...]]


class Side(Protocol):
    """A way to hold the graph and to ask it."""

    def load(self, store: Path, nquads: Path) -> None:
        """Take up the graph: compactgraph's store, or the same graph as N-Quads."""

    def prepare(self, task: Task) -> Callable[[], Any]:
        """Return what is timed: it answers the task to its last row."""

    def rows(self, answer: Any) -> Rows:
        """Return the rows of what the timed call gave, for comparison with another side's."""


class CompactgraphSide:
    """compactgraph's public functions on its own store."""

    def __init__(self, ontology: Path) -> None:
        """Take the folder of the saved questions."""
        self._ontology = ontology

    def load(self, store: Path, nquads: Path) -> None:
        """Open the store."""
        from compactgraph.store.oxigraph import open_store

        self._store = open_store(store)

    def prepare(self, task: Task) -> Callable[[], Any]:
        """Return a call of the public function that a command makes."""
        from compactgraph.answers.provision.trace import trace
        from compactgraph.answers.review_graph import ReviewGraph
        from compactgraph.answers.tables.destinations import table_of_destinations
        from compactgraph.sparql.questions import ask, find_question

        store, ontology, review = self._store, self._ontology, task.review or ""
        if task.kind == "trace":
            return lambda: trace(ReviewGraph(store, ontology, review), task.values["provision"])
        if task.kind == "destinations":
            return lambda: table_of_destinations(ReviewGraph(store, ontology, review))
        question = find_question(ontology, task.name)
        return lambda: ask(store, question, task.values, task.review)

    def rows(self, answer: Any) -> Rows:
        """Return an answer's rows; a trace and a table are no rows of a query, so they have none."""
        from compactgraph.sparql.rows import Answer

        if not isinstance(answer, Answer):
            return []
        return sorted(tuple(_plain(value) for value in row) for row in answer.rows)


class OxigraphSide:
    """pyoxigraph without anything of compactgraph's."""

    def __init__(self, *, memory: bool) -> None:
        """Take where the graph is held."""
        self._memory = memory

    def load(self, store: Path, nquads: Path) -> None:
        """Load the N-Quads in bulk."""
        from pyoxigraph import RdfFormat, Store

        if self._memory:
            self._store = Store()
        else:
            self._folder = tempfile.TemporaryDirectory(prefix="oxigraph-", dir=nquads.parent)
            self._store = Store(self._folder.name)
        self._store.bulk_load(path=str(nquads), format=RdfFormat.N_QUADS)
        self._store.optimize()

    def prepare(self, task: Task) -> Callable[[], Any]:
        """Return a call that runs the task's queries, the terms bound as substitutions."""
        from pyoxigraph import BlankNode, Literal, NamedNode, QuerySolutions, Triple, Variable

        bound: dict[Variable, NamedNode | BlankNode | Literal | Triple] = {
            Variable(name): NamedNode(value)
            if kind == "iri"
            else Literal(int(value) if kind == "number" else value)
            for name, (kind, value) in task.bound.items()
        }

        def run() -> list[list[tuple[Any, ...]]]:
            answers = []
            for query in task.queries:
                found = self._store.query(query, use_default_graph_as_union=True, substitutions=bound)
                if not isinstance(found, QuerySolutions):
                    raise TypeError(f"{task.name} is no SELECT")
                names = [variable.value for variable in found.variables]
                shown = [place for place, name in enumerate(names) if name not in task.bound]
                answers.append([tuple(solution[place] for place in shown) for solution in found])
            return answers

        return run

    def rows(self, answer: Any) -> Rows:
        """Return the rows of all queries together."""
        from compactgraph.sparql.rows import cell

        return sorted(tuple(_plain(cell(term)) for term in row) for rows in answer for row in rows)


class RdflibSide:
    """A plain rdflib Dataset in memory, its default graph the union of all."""

    def load(self, store: Path, nquads: Path) -> None:
        """Parse the N-Quads."""
        from rdflib import Dataset

        self._dataset = Dataset(default_union=True)
        self._dataset.parse(nquads, format="nquads")

    def prepare(self, task: Task) -> Callable[[], Any]:
        """Return a call that runs the task's queries, parsed before, the terms as initial bindings."""
        from rdflib import Literal, URIRef
        from rdflib.plugins.sparql import prepareQuery

        bound = {
            name: URIRef(value) if kind == "iri" else Literal(int(value) if kind == "number" else value)
            for name, (kind, value) in task.bound.items()
        }
        queries = [prepareQuery(query) for query in task.queries]

        def run() -> list[list[tuple[Any, ...]]]:
            answers = []
            for query in queries:
                found = self._dataset.query(query, initBindings=bound)
                shown = [v for v in found.vars or [] if str(v) not in bound]
                answers.append([tuple(row.get(v) for v in shown) for row in found.bindings])
            return answers

        return run

    def rows(self, answer: Any) -> Rows:
        """Return the rows of all queries together."""
        return sorted(tuple(_rdflib_value(term) for term in row) for rows in answer for row in rows)


def _plain(value: Any) -> str:
    if value is None:
        return ""
    return f"{float(value):.6g}" if isinstance(value, int | float) else str(value)


def _rdflib_value(term: Any) -> str:
    kind = str(getattr(term, "datatype", None) or "").rpartition("#")[2]
    if kind == "boolean":
        return _plain(str(term) in ("true", "1"))
    return _plain(float(term) if kind in _NUMBERS else term)


# The worker


class _OverTimeError(Exception):
    """The call took longer than its limit."""


def _over_time(number: int, frame: FrameType | None) -> None:
    raise _OverTimeError


def _digest(rows: Rows) -> str:
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()


def _ask(side: Side, request: dict[str, Any]) -> dict[str, Any]:
    """Answer a task; the time is this thread's on the processor, which other work disturbs least."""
    call = side.prepare(Task.from_json(request["task"]))
    signal.setitimer(signal.ITIMER_REAL, request["limit"] or 0)
    try:
        started = time.thread_time()
        answer = call()
        seconds = time.thread_time() - started
    except _OverTimeError:
        return {"over": request["limit"]}
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    if not request["compare"]:
        return {"seconds": seconds}
    rows = side.rows(answer)
    return {"seconds": seconds, "rows": len(rows), "digest": _digest(rows)}


def make_side(name: str, ontology: Path) -> Side:
    """Return the side called ``name``."""
    sides: dict[str, Callable[[], Side]] = {
        COMPACTGRAPH: lambda: CompactgraphSide(ontology),
        OXIGRAPH: lambda: OxigraphSide(memory=False),
        OXIGRAPH_MEMORY: lambda: OxigraphSide(memory=True),
        RDFLIB: RdflibSide,
    }
    return sides[name]()


def serve(name: str, ontology: Path, requests: Iterable[str]) -> None:
    """Answer requests, a line of JSON each, until there are no more."""
    signal.signal(signal.SIGALRM, _over_time)
    side = make_side(name, ontology)
    for line in requests:
        request = json.loads(line)
        if request["do"] == "load":
            started = time.perf_counter()
            side.load(Path(request["store"]), Path(request["nquads"]))
            answer: dict[str, Any] = {"seconds": time.perf_counter() - started}
        elif request["do"] == "ask":
            answer = _ask(side, request)
        else:
            answer = {"megabytes": peak_megabytes()}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    serve(sys.argv[1], Path(sys.argv[2]), sys.stdin)
