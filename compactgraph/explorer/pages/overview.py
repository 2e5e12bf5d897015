"""The review at a glance: what it is, how much of it there is, what becomes of it, what stands out."""

from __future__ import annotations

from compactgraph.answers.review.flows import flows
from compactgraph.answers.review.observations import OF_RECOMMENDATIONS, observations
from compactgraph.answers.review.overview import overview
from compactgraph.common.schemes import ProvisionKind
from compactgraph.explorer.frame import address, render, session
from compactgraph.explorer.views import overview as overview_view

shown = session.shown()
session.title("Overview")
review = overview(shown.graph)
agreement = f"the {review.about.reviewed.title}" if review.about.reviewed else "the agreement"
render.heading(
    f"Where each part of {agreement} goes",
    "What is to become of each part, as was decided or else as its review recommends: what stays, what "
    "changes, what goes elsewhere, and what goes nowhere."
    if review.progress.decisions
    else "What its review recommends for each part: what stays, what changes, what goes elsewhere, and "
    "what goes nowhere.",
)
render.show(
    "overview/page",
    review=review,
    kinds=shown.terms["kind"],
    list_address=overview_view.list_address,
)
names = overview_view.provision_names(shown.graph)
render.show(
    "overview/observations",
    observations=observations(shown.graph),
    decided=review.progress.decisions > 0,
    of_recommendations=OF_RECOMMENDATIONS,
    names=names,
    list_address=overview_view.list_address,
    question_address=overview_view.question_address,
)
drawn = {"commitments": "Commitments", "all": "All provisions"}
every = address.switch("Which provisions", "flows", drawn) == "all"
flowing = flows(shown.graph, None if every else str(ProvisionKind.COMMITMENT))
overview_view.draw_flows(flowing)
render.show(
    "overview/flows",
    flows=flowing,
    nodes={node.key: node for node in flowing.nodes},
    names=names,
    list_address=overview_view.list_address,
)
render.show("overview/tables", review=review, list_address=overview_view.list_address)
