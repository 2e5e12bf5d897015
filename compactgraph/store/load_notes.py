"""What a build notes on a service: for each part of the store a JSON text, in a graph of the notes.

A part is a review, the shared graphs, or the whole. Its note counts the triples of each of its graphs.
While they are written one by one, it says that this is under way.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pyoxigraph import Literal, NamedNode

from compactgraph.common.identifiers import ReviewIRIs
from compactgraph.common.namespaces import BUILDS_GRAPH, CG, ONTOLOGY_GRAPH, REFERENCES_GRAPH
from compactgraph.service.client import Service
from compactgraph.service.dataset import RemoteDataset
from compactgraph.store.folder import FORMAT

SHARED_GRAPHS = (ONTOLOGY_GRAPH, REFERENCES_GRAPH)
SHARED = "shared"
WHOLE = "whole"
_REVIEW = "review/"
_NOTE = NamedNode(CG + "buildNote")


def review_part(review: str) -> str:
    """Return the part that a review is."""
    return _REVIEW + review


def node_of(part: str) -> NamedNode:
    """Return the node that has the note of a part: ``shared``, ``whole``, or ``review/…``."""
    return NamedNode(f"{BUILDS_GRAPH}/{part}")


def note_in_graph(part: str, content: Mapping[str, Any]) -> str:
    """Return the note of a part, as SPARQL's ``INSERT DATA`` and ``DELETE DATA`` take it."""
    text = Literal(json.dumps(content, ensure_ascii=False, sort_keys=True))
    return f"GRAPH {NamedNode(BUILDS_GRAPH)} {{ {node_of(part)} {_NOTE} {text} . }}"


def notes_of(service: Service) -> Iterator[tuple[str, str]]:
    """Yield each part that has a note, and the note's text. Raises ServiceError."""
    written = RemoteDataset(service, [BUILDS_GRAPH])
    for quad in written.quads_for_pattern(None, _NOTE, None, None):
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal):
            yield quad.subject.value.removeprefix(BUILDS_GRAPH + "/"), quad.object.value


def read_notes(service: Service) -> dict[str, Any] | None:
    """Return a manifest of the parts that are in place, or None if there is no note of this version.

    ``common``, and ``build``, a name that no other build has, are empty before a first build has ended.
    ``unfinished`` has each part whose load was cut off or is under way: a review, ``shared`` or
    ``whole``, with the number of triples that each of its graphs is to have. Raises ServiceError.
    """
    notes = _true_notes(notes_of(service))
    if not notes:
        return None
    whole = notes.get(WHOLE, {})
    finished = [note for part, note in sorted(notes.items()) if part != WHOLE and not note["loading"]]
    reviews = [note["summary"] for note in finished if "summary" in note]
    unfinished = {
        part.removeprefix(_REVIEW): n["graphs"] for part, n in notes.items() if n.get("loading")
    }
    if not whole:
        unfinished[WHOLE] = {}
    return {
        "format": FORMAT,
        "common": whole.get("common", ""),
        "build": whole.get("build", ""),
        "reviews": reviews,
        "quads": sum(sum(note["graphs"].values()) for note in finished),
        "unfinished": unfinished,
    }


def triples_of(service: Service, part: str) -> dict[str, int]:
    """Return how many triples each graph of a part has, as its note counts them. Raises ServiceError."""
    note = _true_notes(notes_of(service)).get(part, {})
    return dict(note.get("graphs", {}))


def graphs_of(notes: Mapping[str, Any]) -> list[str]:
    """Return the named graphs of the parts that are in place, the shared ones first."""
    own = [graph for review in notes["reviews"] for graph in ReviewIRIs(review["identifier"]).graphs]
    return [*SHARED_GRAPHS, *own]


def _true_notes(stated: Iterable[tuple[str, str]]) -> dict[str, dict[str, Any]]:
    """Return the content of each part's note, without notes that are malformed or of another version."""
    notes: dict[str, dict[str, Any]] = {}
    for part, text in stated:
        try:
            content = json.loads(text)
        except ValueError:
            continue
        # If a load that was cut off left two notes, the one that says so is the true one.
        if _is_note(part, content) and not notes.get(part, {}).get("loading"):
            notes[part] = content
    return notes


def _is_note(part: str, content: Any) -> bool:
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        return False
    counts = isinstance(content.get("graphs"), dict) and isinstance(content.get("loading"), bool)
    return part == WHOLE or counts
