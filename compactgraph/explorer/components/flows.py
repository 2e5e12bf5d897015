"""Flows from column to column, as ribbons: a Sankey diagram."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from compactgraph.explorer.components.mount import Component

_FLOWS = Component("flows")


@dataclass(frozen=True)
class FlowNode:
    """What things flow from and to; it stands in ``column`` (from 0) and leads to ``href``."""

    id: str
    column: int
    label: str
    tone: str = ""
    href: str = ""


@dataclass(frozen=True)
class FlowLink:
    """How much flows from a node to one in a later column; ``title`` is the ribbon's name."""

    source: str
    target: str
    value: float
    tone: str = ""
    href: str = ""
    title: str = ""


def flows(
    columns: Sequence[str],
    nodes: Sequence[FlowNode],
    links: Sequence[FlowLink],
    *,
    key: str,
    label: str,
    description: str,
    unit: tuple[str, str],
) -> None:
    """Draw ``links`` between ``nodes``, which keep their order within a column.

    ``columns`` are the titles above them; ``label`` names the drawing and ``description`` describes it
    to people who do not see it; ``unit`` is what is counted, for one and for several. A node's number is
    the larger of what comes in and what goes out. Colours are ``--cg-tone-<tone>``. Raises ValueError
    if two nodes have one id, a node has no column, or a link leads to no node or backwards.
    """
    places = {node.id: node.column for node in nodes}
    if len(places) < len(nodes):
        raise ValueError("two nodes of the flows have one id")
    for node in nodes:
        if not 0 <= node.column < len(columns):
            raise ValueError(f"{node.id} stands in column {node.column}: there are {len(columns)}")
    for link in links:
        if link.source not in places or link.target not in places:
            raise ValueError(f"a flow leads from {link.source} to {link.target}: one is no node")
        if places[link.source] >= places[link.target]:
            raise ValueError(f"the flow from {link.source} to {link.target} leads backwards")
    data = {
        "columns": list(columns),
        "nodes": list(map(asdict, nodes)),
        "links": list(map(asdict, links)),
        "label": label,
        "description": description,
        "unit": list(unit),
    }
    _FLOWS.show(key, data)
