"""A process that answers one query at a time, and can be killed at any moment.

Oxigraph has no time-out, and a thread cannot be stopped. The process shares only two pipes with
:mod:`compactgraph.serving.bounded_queries`, which starts it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from pyoxigraph import RdfFormat, Triple, parse, serialize

from compactgraph.common.operating_system import end_in, limit_memory
from compactgraph.common.subprocesses import pack_error, receive, send
from compactgraph.errors import CompactgraphError, QueryError, QueryLimitError, shorten
from compactgraph.serving.published import Served, open_served
from compactgraph.sparql.dataset import Dataset
from compactgraph.sparql.questions import Parameter, SavedQuestion, ask
from compactgraph.sparql.rows import Answer, GraphAnswer
from compactgraph.sparql.running import GraphsAsked, run_sparql, write_sparql
from compactgraph.sparql.safety import names_its_graphs
from compactgraph.store.storage import Location, storage_at

LENGTH_LIMIT = 20_000_000
"""The longest answer that is sent, in characters or bytes: a cell can hold all words of a graph."""

_GRACE = 1.0


def pack_answer(answer: Answer | GraphAnswer | bool) -> dict[str, Any]:
    """Return an answer as a message; raise QueryLimitError if it is too long."""
    if isinstance(answer, bool):
        return {"truth": answer}
    if isinstance(answer, Answer):
        _check_length(sum(len(c) for row in answer.rows for c in row if isinstance(c, str)))
        return {"columns": answer.columns, "rows": answer.rows, "cut": answer.cut}
    written = serialize(answer.triples, format=RdfFormat.N_TRIPLES) or b""
    _check_length(len(written))
    return {"triples": written.decode("utf-8"), "cut": answer.cut}


def unpack_answer(message: Mapping[str, Any]) -> Answer | GraphAnswer | bool:
    """Return the answer that a message holds."""
    if "truth" in message:
        return bool(message["truth"])
    cut = bool(message["cut"])
    if "rows" in message:
        return Answer(tuple(message["columns"]), [tuple(row) for row in message["rows"]], cut)
    quads = parse(message["triples"], format=RdfFormat.N_TRIPLES)
    return GraphAnswer([Triple(q.subject, q.predicate, q.object) for q in quads], cut)


def _check_length(length: int) -> None:
    if length > LENGTH_LIMIT:
        raise QueryLimitError(
            f"the answer has {length:,} characters, the limit is {LENGTH_LIMIT:,}; ask for fewer or "
            "shorter cells, or run it without a time limit on the command line"
        )


class _Worker:
    def __init__(self, location: Location) -> None:
        self._location = location
        self._storage = storage_at(location)
        self._served: Served | None = None

    def answer(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """Return the answer to a request, or the error, as a message."""
        try:
            return self._ask(self._published_store(), request)
        except CompactgraphError as error:
            return pack_error(error)
        except (OSError, RuntimeError) as error:
            if isinstance(error, OSError) or str(error).startswith("Corruption"):
                return pack_error(self._storage.damaged())
            line = f"the query cannot be answered: {shorten(str(error), 200)}"
            return pack_error(QueryError(line))

    def _published_store(self) -> Dataset:
        served = self._served
        if served is None or served.generation != self._storage.published():
            served = self._served = open_served(self._location, memory_quads=0)
        return served.store

    def _ask(self, store: Dataset, request: Mapping[str, Any]) -> dict[str, Any]:
        limit = int(request["limit"])
        if "written" in request:
            return self._write(store, request)
        if "sparql" in request:
            return pack_answer(run_sparql(store, request["sparql"], limit=limit))
        parts = request["question"]
        parameters = tuple(Parameter(**parameter) for parameter in parts["parameters"])
        question = SavedQuestion(**{**parts, "parameters": parameters})
        return pack_answer(ask(store, question, request["values"], request["review"], limit=limit))

    def _write(self, store: Dataset, request: Mapping[str, Any]) -> dict[str, Any]:
        sparql, names_graphs = request["written"], request["names_graphs"]
        if names_graphs is None:
            names_graphs = names_its_graphs(sparql)
        written = write_sparql(
            store,
            sparql,
            **request["formats"],
            asked=GraphsAsked(tuple(request["default"]), tuple(request["named"])),
            names_graphs=names_graphs,
            rows=int(request["limit"]),
            length=LENGTH_LIMIT,
        )
        return {**asdict(written), "names_graphs": names_graphs}


def main(arguments: list[str]) -> None:
    """Answer requests from standard input on standard output, until the input ends.

    ``arguments`` are the store's location, and a query's most seconds and bytes of memory.
    """
    location, seconds, memory = arguments[0], float(arguments[1]), int(arguments[2])
    # What a library prints goes to standard error, not among the messages.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    limit_memory(memory)
    import rdflib.plugins.sparql.parser  # noqa: F401

    worker = _Worker(location)
    send(answers, {"ready": True})
    while (request := receive(sys.stdin.buffer)) is not None:
        # The parent kills a query that takes too long; the alarm does if the parent has died.
        end_in(seconds + _GRACE)
        try:
            send(answers, worker.answer(request))
        except MemoryError:
            os.abort()
        except BrokenPipeError:
            return
        end_in(0)
