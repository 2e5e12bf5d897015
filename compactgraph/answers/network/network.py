"""One review as a typed network, and explained paths in it.

Only this module imports networkx.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import networkx as nx

from compactgraph.answers.network.ties import Node, Tie, review_ties
from compactgraph.answers.review_graph import ReviewGraph, asked_once
from compactgraph.common.atomic_files import legal_xml, replace_file
from compactgraph.errors import QueryError, UnknownNameError


@dataclass(frozen=True)
class Step:
    """A step of a path: from a node to a node, why in plain words, and the words of the document.

    ``of`` is the identifier of the text that ``words`` stand in; both are empty if a step rests on
    the document's structure. ``relation`` is the kind of the tie, a key of
    :data:`compactgraph.answers.network.ties.WORDINGS`, walked in its direction or against it.
    """

    start: Node
    end: Node
    label: str
    words: str
    of: str
    relation: str


@dataclass(frozen=True)
class Network:
    """A review's network: its nodes by IRI and its ties, both in a fixed order.

    ``said_of`` has, for each commentary, recommendation and footnote, the provision's IRI.
    """

    nodes: Mapping[str, Node]
    ties: tuple[Tie, ...]
    said_of: Mapping[str, str] = field(repr=False)

    @cached_property
    def undirected(self) -> Any:
        """The network without directions: an edge's ``tie`` is the one that a path takes."""
        graph = nx.Graph()
        graph.add_nodes_from(self.nodes)
        for tie in sorted(self.ties, key=lambda tie: tie.order):
            if not graph.has_edge(tie.start.iri, tie.end.iri):
                graph.add_edge(tie.start.iri, tie.end.iri, tie=tie, cost=tie.cost)
        return graph

    def ties_of(self, node: Node) -> list[Tie]:
        """Return the ties from and to ``node``, in order."""
        return [tie for tie in self.ties if node in (tie.start, tie.end)]


@asked_once
def review_network(graph: ReviewGraph) -> Network:
    """Return the network of a review."""
    return Network(*review_ties(graph))


def resolve(network: Network, name: str) -> Node:
    """Return the node that a person names.

    ``name`` is an identifier (``1.6``, ``theme-1``, ``vcse-strategy``, ``vcs``), or that of a text,
    which stands for its provision (``1.4-r1``). Provisions and references go before parties and
    reasons. If a provision and a reference share an identifier, write the kind before it:
    ``reference:national-compact``, ``provision:national-compact``. Raises UnknownNameError with the
    nearest names, and QueryError if the name fits both.
    """
    kind, colon, identifier = name.rpartition(":")
    found = [
        node
        for node in network.nodes.values()
        if node.identifier == identifier
        and (not colon or kind == node.kind or (kind == "provision" and node.is_provision))
    ]
    first = [node for node in found if node.is_provision or node.kind == "reference"]
    if len(first) > 1:
        choices = " or ".join(f"{node.kind}:{identifier}" for node in first)
        raise QueryError(f"'{name}' names {len(first)} things; write {choices}")
    if found:
        return (first or found)[0]
    if not colon and name in network.said_of:
        return network.nodes[network.said_of[name]]
    known = {node.identifier for node in network.nodes.values()} | set(network.said_of)
    raise UnknownNameError("node of the network", name, known)


def explained_path(network: Network, start: Node, end: Node) -> list[Step] | None:
    """Return the shortest path from ``start`` to ``end``, with ties in either direction.

    It is the path of least cost by ``ties.WORDINGS``, then of the fewest steps, then the one that goes
    to the first node in the document. It is empty if both are one node, and None if no ties join them.
    """
    plain = network.undirected
    each: int = plain.number_of_nodes()

    def weight(_one: str, _other: str, edge: Mapping[str, Any]) -> int:
        cost: int = edge["cost"]
        return cost * each + 1

    left = nx.single_source_dijkstra_path_length(plain, end.iri, weight=weight)
    if start.iri not in left:
        return None
    steps: list[Step] = []
    here = start
    while here != end:
        edges = plain[here.iri]
        closer = [
            network.nodes[iri]
            for iri, edge in edges.items()
            if left[here.iri] - left[iri] == weight(here.iri, iri, edge)
        ]
        there = min(closer, key=lambda node: node.order)
        tie: Tie = edges[there.iri]["tie"]
        label = tie.label(backward=tie.start != here)
        steps.append(Step(here, there, label, tie.words, tie.of, tie.kind))
        here = there
    return steps


# For network tools


def write_graphml(networks: Iterable[Network], path: Path) -> None:
    """Write reviews' networks as one GraphML file, in which shared references are one node.

    A node has its IRI as id and the attributes kind, label, identifier, outcome, party, theme; an edge
    has relation, status, evidence (the text's identifier) and words. All are strings, which can be
    empty. Raises ExportError if the file cannot be written.
    """
    graph = nx.MultiDiGraph()
    for network in networks:
        for node in network.nodes.values():
            graph.add_node(
                node.iri,
                **{
                    name: legal_xml(getattr(node, name))
                    for name in ("kind", "label", "identifier", "outcome", "party", "theme")
                },
            )
        for tie in network.ties:
            graph.add_edge(
                tie.start.iri,
                tie.end.iri,
                relation=tie.kind,
                status=legal_xml(tie.status),
                evidence=legal_xml(tie.of),
                words=legal_xml(tie.words),
            )
    with replace_file(path) as beside:
        nx.write_graphml_xml(graph, beside, named_key_ids=True)
