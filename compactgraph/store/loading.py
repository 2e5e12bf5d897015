"""Writes the store to a SPARQL service: part by part, each with a note of what is to be there.

A part is a review, or the ontology and the shared references. If the server runs an update request in
one transaction, a part is one request. Otherwise its graphs are put one by one. While that lasts the
part's note says so, with the number of triples of each, so that a reader is told what is in place.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pyoxigraph import NamedNode, Quad, QuerySolutions, RdfFormat, Triple, Variable, serialize

from compactgraph.common.identifiers import ReviewIRIs
from compactgraph.common.namespaces import BUILDS_GRAPH
from compactgraph.errors import NextStep, ServiceError
from compactgraph.service.client import Service
from compactgraph.service.dataset import RemoteDataset
from compactgraph.store.folder import FORMAT
from compactgraph.store.load_notes import (
    SHARED,
    SHARED_GRAPHS,
    WHOLE,
    node_of,
    note_in_graph,
    notes_of,
    review_part,
    triples_of,
)
from compactgraph.store.storage import Change

BATCH = 1000
"""How many triples one INSERT has: Virtuoso lacks the memory for 5,000."""

_COUNT = "SELECT (COUNT(*) AS ?triples) ?graph { GRAPH ?graph { ?s ?p ?o } } GROUP BY ?graph"


class Load:
    """A build that is being written to a service; each part is in place as soon as it is written.

    Every method raises ServiceError if it fails. The part's note then says what is in place.
    """

    def __init__(self, service: Service) -> None:
        """Take the service. Nothing is written yet."""
        self._service = service

    def put_shared(self, quads: Iterable[Quad]) -> None:
        """Replace the ontology and the shared references."""
        self._put(SHARED, SHARED_GRAPHS, quads, {}, {})

    def put_review(self, review: str, quads: Iterable[Quad], summary: Mapping[str, Any]) -> None:
        """Replace a review's graphs, and the summary of its build."""
        content = {"summary": dict(summary)}
        self._put(review_part(review), ReviewIRIs(review).graphs, quads, content, {})

    def put_standing(self, review: str, change: Change, summary: Mapping[str, Any]) -> None:
        """Replace those of a review's graphs that depend on its register, and its summary."""
        part, graphs = review_part(review), ReviewIRIs(review).registered
        counted = triples_of(self._service, part)
        others = {graph: number for graph, number in counted.items() if graph not in graphs}
        self._put(part, graphs, change.quads, {"summary": dict(summary)}, others)

    def drop_review(self, review: str) -> None:
        """Remove a review's graphs and its note."""
        part, graphs = review_part(review), ReviewIRIs(review).graphs
        steps = [*map(_drop, graphs), _forget(part)]
        if self._is_atomic():
            self._update(steps)
            return
        self._update(_renew(part, {"loading": True, "graphs": dict.fromkeys(graphs, 0)}))
        for step in steps:
            self._update([step])

    def publish(self, manifest: Mapping[str, Any]) -> None:
        """Note that the build is finished: what all reviews rest on, and a new name for the whole."""
        note = {"common": manifest["common"], "build": secrets.token_hex(8)}
        self._update(_renew(WHOLE, note))

    def _put(
        self,
        part: str,
        graphs: Sequence[str],
        quads: Iterable[Quad],
        content: Mapping[str, Any],
        others: Mapping[str, int],
    ) -> None:
        """Replace graphs of a part, and its note, which counts also ``others``."""
        own: dict[str, dict[Triple, None]] = {graph: {} for graph in graphs}
        for quad in quads:
            if isinstance(quad.graph_name, NamedNode):
                own[quad.graph_name.value][quad.triple] = None
        triples = {graph: list(each) for graph, each in own.items()}
        counts = {**others, **{graph: len(each) for graph, each in triples.items()}}
        note = {**content, "graphs": counts, "loading": False}
        if self._is_atomic():
            steps = [*map(_drop, triples), *(_insert(g, each) for g, each in triples.items())]
            self._update([*steps, *_renew(part, note)])
            return
        self._update(_renew(part, {**note, "loading": True}))
        for graph, each in triples.items():
            self._put_graph(graph, each)
        for state in _states(self._service, part, counts):
            if state.held != state.expected:
                raise ServiceError(
                    f"{self._service.name} took {state.held:,} of {state.expected:,} triples of "
                    f"{state.graph}",
                    NextStep.BUILD,
                    "see the service's own log, and ",
                )
        self._update(_renew(part, note))

    def _put_graph(self, graph: str, triples: Sequence[Triple]) -> None:
        if triples and self._service.addresses.graphs is not None:
            self._service.put_graph(graph, _ntriples(triples))
            return
        self._update([_drop(graph)])
        for start in range(0, len(triples), BATCH):
            self._update([_insert(graph, triples[start : start + BATCH])])

    def _is_atomic(self) -> bool:
        if not self._service.has_answered:
            next(notes_of(self._service), None)  # Any answer has the header that names the server.
        engine = self._service.engine
        return engine is not None and engine.atomic

    def _update(self, steps: Iterable[str]) -> None:
        self._service.update(" ;\n".join(steps))


def _renew(part: str, note: Mapping[str, Any]) -> list[str]:
    return [_forget(part), f"INSERT DATA {{ {note_in_graph(part, {'format': FORMAT, **note})} }}"]


def _forget(part: str) -> str:
    # In two operations: Virtuoso adds nothing if an OPTIONAL in the WHERE finds nothing.
    pattern = f"GRAPH {NamedNode(BUILDS_GRAPH)} {{ {node_of(part)} ?property ?value }}"
    return f"DELETE {{ {pattern} }} WHERE {{ {pattern} }}"


def _drop(graph: str) -> str:
    return f"DROP SILENT GRAPH {NamedNode(graph)}"


def _insert(graph: str, triples: Sequence[Triple]) -> str:
    return f"INSERT DATA {{ GRAPH {NamedNode(graph)} {{\n{_ntriples(triples).decode()}}} }}"


def _ntriples(triples: Sequence[Triple]) -> bytes:
    return serialize(triples, format=RdfFormat.N_TRIPLES) or b""


# What is in place


@dataclass(frozen=True)
class GraphState:
    """How many triples of a part's graph are in place, and how many there are to be."""

    part: str
    graph: str
    held: int
    expected: int


def state_of_load(service: Service, notes: Mapping[str, Any]) -> list[GraphState]:
    """Return how far the graphs are in place whose load was cut off, or is under way."""
    parts = notes["unfinished"].items()
    return [state for part, graphs in sorted(parts) for state in _states(service, part, graphs)]


def describe_load(service: Service, notes: Mapping[str, Any]) -> str:
    """Return one line on what is in place, and what is missing, after a load that was cut off."""
    waiting = [
        f"{state.graph} {state.held:,} of {state.expected:,}" for state in state_of_load(service, notes)
    ]
    names = [review["identifier"] for review in notes["reviews"]]
    whole = f"whole: {', '.join(names) or 'no review'}"
    triples = f"; triples: {', '.join(waiting)}" if waiting else ""
    return f"{service.name}: a build is under way there, or was cut off; {whole}{triples}"


def _states(service: Service, part: str, expected: Mapping[str, int]) -> Iterator[GraphState]:
    dataset = RemoteDataset(service, expected)
    for graph, triples in expected.items():
        found = dataset.query(_COUNT, substitutions={Variable("graph"): NamedNode(graph)})
        assert isinstance(found, QuerySolutions)
        held = [int(row["triples"].value) for row in found]
        yield GraphState(part, graph, held[0] if held else 0, triples)
