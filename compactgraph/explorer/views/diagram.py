"""What stands in the drawings of the network: nodes with their shapes, tones and captions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from compactgraph.answers.network.network import Network
from compactgraph.answers.network.selection import called, names
from compactgraph.answers.network.ties import Node, Tie
from compactgraph.answers.terms import Term
from compactgraph.common.english import capital, counted, listed
from compactgraph.explorer.components.diagram import DiagramNode, DiagramTie, diagram
from compactgraph.explorer.frame.address import address

_PLURALS = {"party": "parties"}
_WHERE = {
    "reference": ("references", "ref"),
    "party": ("destinations", "party"),
    "reason": ("destinations", "reason"),
}
"""For each kind of node but provisions, its page and the name of its value in the address."""


def node_address(node: Node) -> str:
    """Return the address of the page about a node."""
    page, name = _WHERE.get(node.kind, ("trace", "item"))
    return address(page, **{name: node.identifier})


def kind_name(kind: str, terms: Mapping[str, Mapping[str, Term]]) -> str:
    """Return the plain name of a kind of node."""
    known = terms["kind"].get(kind)
    return known.label if known else kind


def kinds_counted(counts: Mapping[str, int], terms: Mapping[str, Mapping[str, Term]]) -> str:
    """Return in words how many nodes of each kind there are."""
    parts = []
    for kind, number in counts.items():
        name = kind_name(kind, terms)
        parts.append(f"{number:,} {name if number == 1 else _PLURALS.get(name, name + 's')}")
    return listed(parts)


def label_of(node: Node) -> str:
    """Return what a widget or a heading calls a node."""
    return capital(called(node))


def draw(
    network: Network,
    nodes: Iterable[Node],
    ties: Iterable[Tie],
    terms: Mapping[str, Mapping[str, Term]],
    **look: Any,
) -> str | None:
    """Draw nodes and ties; return the name in the address of the chosen node, or None.

    ``look`` is passed on to :func:`diagram`. A tie that is not settled, or was rejected, is dashed.
    """
    name_of = names_by_iri(network)
    number = Counter(node.iri for tie in network.ties for node in {tie.start, tie.end})
    drawn = [
        DiagramNode(
            name_of[node.iri],
            label_of(node),
            node.kind,
            tone=node.outcome or node.kind,
            caption=_caption(node, number[node.iri], terms),
        )
        for node in nodes
    ]
    lines = [
        DiagramTie(
            name_of[tie.start.iri], name_of[tie.end.iri], tie.label(), tie.kind, firm=tie.is_settled
        )
        for tie in ties
    ]
    return diagram(drawn, lines, **look)


def names_by_iri(network: Network) -> dict[str, str]:
    """Return the name of each node in the address, by its IRI."""
    return {node.iri: name for name, node in names(network).items()}


def _caption(node: Node, ties: int, terms: Mapping[str, Mapping[str, Term]]) -> str:
    """Return what becomes of a node, and how many ties it has; the drawing says its name and kind."""
    outcome = f"Outcome: {terms['outcome'][node.outcome].label}. " if node.outcome else ""
    return f"{outcome}{capital(counted(ties, 'tie'))} in all."


def outcomes(nodes: Iterable[Node], terms: Mapping[str, Mapping[str, Term]]) -> list[Term]:
    """Return the outcomes that the colours of nodes stand for, in order."""
    found = {node.outcome for node in nodes}
    return [term for notation, term in terms["outcome"].items() if notation in found]
