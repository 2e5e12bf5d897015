"""What the overview needs besides its templates: links to lists, names of provisions, its drawing."""

from __future__ import annotations

from collections.abc import Mapping

from compactgraph.answers.review import sentences
from compactgraph.answers.review.flows import Flow, FlowNode, Flows
from compactgraph.answers.review_graph import ReviewGraph, asked_once
from compactgraph.common.english import capital
from compactgraph.explorer.components import flows as ribbons
from compactgraph.explorer.frame.address import NONE, address

STAGES = ("theme", "outcome", "destination")
"""The stages of the flows, in the order of the columns of their picture."""

_TONES = {"theme": "theme", "destination": "reference"}
_BY_TABLE = "The same stands as a table below the picture."


def list_address(filter_: Mapping[str, str]) -> str:
    """Return the address of the table of destinations under a filter; empty without a filter."""
    values = {column: value or NONE for column, value in filter_.items()}
    return address("destinations", **values) if values else ""


def question_address(question: str, parameters: Mapping[str, str]) -> str:
    """Return the address at which a saved question is answered; empty without a question."""
    return address("sparql", question=question, **parameters) if question else ""


def draw_flows(drawn: Flows) -> None:
    """Draw the flows of a review as ribbons; each leads to its list if one filter gives it."""
    outcomes = {node.key: node.identifier for node in drawn.nodes if node.stage == "outcome"}
    nodes = [
        ribbons.FlowNode(
            node.key,
            STAGES.index(node.stage),
            node.label,
            tone=_TONES.get(node.stage, node.identifier),
            href=_checklist(node),
        )
        for node in drawn.nodes
    ]
    links = [
        ribbons.FlowLink(
            flow.source,
            flow.target,
            flow.count,
            tone=outcomes.get(flow.source) or outcomes[flow.target],
            href=list_address(flow.filter),
            title=flow_sentence(flow, drawn),
        )
        for flow in drawn.flows
    ]
    ribbons.flows(
        [stage.capitalize() for stage in STAGES],
        nodes,
        links,
        key="flows",
        label=drawn.title,
        description=f"{drawn.note} {_BY_TABLE}",
        unit=(drawn.unit.removesuffix("s"), drawn.unit),
    )


def _checklist(node: FlowNode) -> str:
    """Return the address of what an end is to receive; empty if the node is not one reference."""
    ends = node.stage == "destination" and node.identifier
    return address("checklist", to=node.identifier) if ends else ""


def flow_sentence(flow: Flow, drawn: Flows) -> str:
    """Return a flow in words: ``Absorbed to Business as usual: 17 commitments``."""
    labels = {node.key: node.label for node in drawn.nodes}
    unit = drawn.unit.removesuffix("s") if flow.count == 1 else drawn.unit
    return f"{labels[flow.source]} to {labels[flow.target]}: {flow.count} {unit}"


@asked_once
def provision_names(graph: ReviewGraph) -> dict[str, str]:
    """Return how a link names each provision, by identifier: ``5.1``, ``Theme 2``, ``“Title”``."""
    return {name: capital(said) for name, said in sentences.provision_names(graph).items()}
