"""Registers in a graph on a SPARQL service, as an earlier version wrote them there by votes."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence

from pyoxigraph import Literal, NamedNode, Triple

from compactgraph.common.namespaces import CG, REGISTER_GRAPH
from compactgraph.register.chain import Kept
from compactgraph.service.client import Service

PIECE = 50_000
"""How many characters a text has."""

_GRAPH = NamedNode(REGISTER_GRAPH)


def writing(review: str, kept: Sequence[Kept], name: str = "") -> list[Triple]:
    """Return what one writing of entries states: its texts, the votes on its place, and its record."""
    name = name or f"{kept[0].number:016x}"
    node = NamedNode(f"{REGISTER_GRAPH}/{review}")
    place = NamedNode(f"{node.value}/{kept[0].number}")
    whole = "\n".join(json.dumps([each.hash, each.text]) for each in kept)
    pieces = [whole[start : start + PIECE] for start in range(0, len(whole), PIECE)]
    record = f"{kept[0].number:09d}-{kept[-1].number:09d} {kept[-1].hash} {name} {len(pieces)}"
    return [
        *(
            Triple(node, NamedNode(CG + "registerEntries"), Literal(f"{name} {number}\n{piece}"))
            for number, piece in enumerate(pieces)
        ),
        *(
            Triple(place, NamedNode(CG + "registerVote"), Literal(f"1 {said} {record}"))
            for said in ("proposed", "certain")
        ),
        Triple(node, NamedNode(CG + "registerRecord"), Literal(record)),
    ]


def state(location: str, triples: Iterable[Triple]) -> None:
    """Put what a writing states on a service, one triple at a time."""
    service = Service(location, os.environ)
    for triple in triples:
        service.update(f"INSERT DATA {{ GRAPH {_GRAPH} {{ {triple} }} }}")
