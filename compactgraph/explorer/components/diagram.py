"""A drawing of a network in which a person can choose one thing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from compactgraph.explorer.components.mount import Component, Turn

_DIAGRAM = Component("diagram")


@dataclass(frozen=True)
class DiagramNode:
    """A thing in the drawing: ``kind`` gives its shape, ``tone`` its colour, ``--cg-tone-<tone>``.

    ``caption`` is shown, and read out, below the drawing while the thing is chosen.
    """

    id: str
    label: str
    kind: str
    tone: str = ""
    caption: str = ""


@dataclass(frozen=True)
class DiagramTie:
    """A line from one thing to another, by their ids; dashed if it is not ``firm``."""

    start: str
    end: str
    label: str = ""
    kind: str = ""
    firm: bool = True


def diagram(
    nodes: Sequence[DiagramNode],
    ties: Sequence[DiagramTie],
    *,
    key: str,
    label: str,
    height: int = 520,
    centre: str | None = None,
    selected: str | None = None,
    said_by: str = "The table below says the same.",
) -> str | None:
    """Draw ``nodes`` and ``ties``; return the id of the chosen node, or None.

    With ``centre`` the others stand in rings around it, by how many ties they are away. ``label`` names
    the drawing; ``said_by`` names the place that says the same in text. What the person chooses stays
    chosen until the page passes a ``selected`` that it neither passed nor got last. The same input gives
    the same drawing. Raises ValueError if two nodes have one id, or an end of a tie is not a node.
    """
    known = {node.id for node in nodes}
    if len(known) < len(nodes):
        raise ValueError("two nodes of the drawing have one id")
    for tie in ties:
        if not {tie.start, tie.end} <= known:
            raise ValueError(f"a tie of the drawing leads from {tie.start} to {tie.end}: one is no node")
    turn = Turn(key, selected if selected in known else None)
    data = {
        "nodes": list(map(asdict, nodes)),
        "ties": list(map(asdict, ties)),
        "label": label,
        "note": said_by,
        "height": height,
        "centre": centre if centre in known else None,
        "selected": turn.value,
        "turn": turn.number,
    }
    chosen = turn.settle(_DIAGRAM.show(key, data, "edited").edited)
    return chosen if chosen in known else None
