"""Writes the store to a SPARQL service: part by part, each with a note of what is to be there.

A part is a review, or the ontology and the shared references; its graphs take the place of those before.
If the server runs an update request in one transaction, a part is one request: it is there whole, or the
earlier one is. Otherwise its graphs are put one by one, and while that lasts the part's note says
so, with the number of triples of each: a reader after a load that was cut off is told what is in place.

The notes stand in a named graph of their own, and are JSON. A lease there keeps two builds apart.
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
from compactgraph.store.lease import lease
from compactgraph.store.load_notes import (
    SHARED,
    SHARED_GRAPHS,
    WHOLE,
    Note,
    graphs_of,
    notes_of,
    read_notes,
    review_part,
    triples_of,
    unfinished,
)

__all__ = [
    "GraphState",
    "describe_load",
    "graphs_of",
    "lease",
    "read_notes",
    "remove_review",
    "replace_graphs",
    "state_of_load",
    "unfinished",
    "write_notes",
    "write_review",
    "write_shared",
    "write_standing",
]

BATCH = 1000
"""How many triples one INSERT has: Virtuoso refuses 5,000 for want of memory."""

_COUNT = "SELECT (COUNT(*) AS ?triples) ?graph { GRAPH ?graph { ?s ?p ?o } } GROUP BY ?graph"


@dataclass(frozen=True)
class GraphState:
    """How many triples of a part's graph are in place, of how many that are to be."""

    part: str
    graph: str
    held: int
    expected: int


def write_shared(service: Service, quads: Iterable[Quad]) -> None:
    """Put the ontology and the shared references in the place of those before.

    Raises ServiceError if that fails; the part's note then says what is in place.
    """
    _write_part(service, SHARED, SHARED_GRAPHS, quads, {})


def write_review(
    service: Service, review: str, quads: Iterable[Quad], summary: Mapping[str, Any]
) -> None:
    """Put a review's graphs, and the summary of its build, in the place of those before.

    Raises ServiceError as :func:`write_shared` does.
    """
    part = review_part(review)
    _write_part(service, part, ReviewIRIs(review).graphs, quads, {"summary": dict(summary)})


def write_standing(
    service: Service, review: str, quads: Iterable[Quad], summary: Mapping[str, Any]
) -> None:
    """Put those of a review's graphs that change with its register in the place of those before.

    The note of the review has the summary, and still counts the triples of its other graphs. Raises
    ServiceError as :func:`write_shared` does.
    """
    part, graphs = review_part(review), ReviewIRIs(review).registered
    counted = triples_of(service, part)
    others = {graph: number for graph, number in counted.items() if graph not in graphs}
    _write_part(service, part, graphs, quads, {"summary": dict(summary)}, others)


def remove_review(service: Service, review: str) -> None:
    """Take a review's graphs and its note away. Raises ServiceError as :func:`write_shared` does."""
    part, graphs = review_part(review), ReviewIRIs(review).graphs
    gone = [_drop(graph) for graph in graphs]
    if _is_atomic(service):
        _update(service, [*gone, _forget(part)])
        return
    _write_note(service, Note(part, {"loading": True, "graphs": dict.fromkeys(graphs, 0)}))
    for step in [*gone, _forget(part)]:
        _update(service, [step])


def write_notes(service: Service, manifest: Mapping[str, Any]) -> None:
    """Note that a build is finished: what all reviews rest on, and a new name for the whole.

    What was made of each review stands in the review's own note. Raises ServiceError.
    """
    _write_note(service, Note(WHOLE, {"common": manifest["common"], "build": secrets.token_hex(8)}))


def replace_graphs(service: Service, graphs: Mapping[str, Sequence[Triple]], note: Note) -> None:
    """Put a part's graphs and its note in the place of those before; ``note`` counts their triples.

    In one transaction, if the server runs an update request in one. Otherwise graph by graph, the note
    saying so meanwhile, and the triples are counted before it says that they are in place. Raises
    ServiceError.
    """
    if _is_atomic(service):
        data = [f"{NamedNode(g)} {{\n{_ntriples(triples).decode()}}}" for g, triples in graphs.items()]
        steps = [_drop(graph) for graph in graphs]
        steps += [f"INSERT DATA {{ GRAPH {graph} }}" for graph in data]
        _update(service, [*steps, *_renew(note)])
        return
    _write_note(service, Note(note.part, {**note.content, "loading": True}))
    for graph, triples in graphs.items():
        if triples and service.addresses.graphs is not None:
            service.put_graph(graph, _ntriples(triples))
            continue
        _update(service, [_drop(graph)])
        for start in range(0, len(triples), BATCH):
            some = _ntriples(triples[start : start + BATCH]).decode()
            _update(service, [f"INSERT DATA {{ GRAPH {NamedNode(graph)} {{\n{some}}} }}"])
    for state in _states(service, note.part, note.content["graphs"]):
        if state.held != state.expected:
            raise ServiceError(
                f"{service.name} took {state.held:,} of {state.expected:,} triples of {state.graph}",
                NextStep.BUILD,
                "see the service's own log, and ",
            )
    _write_note(service, note)


# What is in place


def state_of_load(service: Service, notes: Mapping[str, Any]) -> list[GraphState]:
    """Return how far the graphs are in place whose load was cut off, or is under way."""
    parts = notes["unfinished"].items()
    return [state for part, graphs in sorted(parts) for state in _states(service, part, graphs)]


def describe_load(service: Service, notes: Mapping[str, Any]) -> str:
    """Say in one line what is in place, and what is not, after a load that was cut off."""
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


# Writing


def _write_part(
    service: Service,
    part: str,
    graphs: Sequence[str],
    quads: Iterable[Quad],
    content: Mapping[str, Any],
    others: Mapping[str, int] | None = None,
) -> None:
    triples: dict[str, dict[Triple, None]] = {graph: {} for graph in graphs}
    for quad in quads:
        if isinstance(quad.graph_name, NamedNode):
            triples[quad.graph_name.value][quad.triple] = None
    counts = {**(others or {}), **{graph: len(own) for graph, own in triples.items()}}
    note = Note(part, {**content, "graphs": counts, "loading": False})
    replace_graphs(service, {graph: list(own) for graph, own in triples.items()}, note)


def _is_atomic(service: Service) -> bool:
    if not service.has_answered:
        next(notes_of(service), None)  # Any answer has the header that tells what the server is.
    engine = service.engine
    return engine is not None and engine.atomic


def _ntriples(triples: Sequence[Triple]) -> bytes:
    return serialize(triples, format=RdfFormat.N_TRIPLES) or b""


def _write_note(service: Service, note: Note) -> None:
    _update(service, _renew(note))


def _renew(note: Note) -> list[str]:
    return [_forget(note.part), f"INSERT DATA {{ GRAPH {NamedNode(BUILDS_GRAPH)} {{ {note.triple} }} }}"]


def _forget(part: str) -> str:
    # In two operations: Virtuoso adds nothing if an OPTIONAL in the WHERE finds nothing.
    pattern = f"GRAPH {NamedNode(BUILDS_GRAPH)} {{ {NamedNode(Note(part, {}).node)} ?property ?value }}"
    return f"DELETE {{ {pattern} }} WHERE {{ {pattern} }}"


def _drop(graph: str) -> str:
    return f"DROP SILENT GRAPH {NamedNode(graph)}"


def _update(service: Service, steps: Iterable[str]) -> None:
    service.update(" ;\n".join(steps))
