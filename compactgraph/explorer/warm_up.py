"""Answers what the pages ask ahead of time, so that no first reader waits."""

from __future__ import annotations

import threading
from contextlib import suppress

import streamlit as st
from streamlit import runtime

from compactgraph import paths
from compactgraph.common.schemes import ProvisionKind
from compactgraph.errors import CompactgraphError
from compactgraph.explorer.frame import session

_AFTER = 1.0
"""How many seconds after the first page the work begins, so as not to delay that page."""


def warm_up() -> None:
    """Begin, once for a build and a review, to answer what the pages ask; return at once."""
    # A page that runs in a test has another runtime.
    if runtime.exists() and type(runtime.get_instance()) is runtime.Runtime:
        shown = session.shown()
        _begun(shown.served.location, shown.generation, shown.review, _shown=shown)


@st.cache_resource(max_entries=16, show_spinner=False)
def _begun(location: str, generation: str, review: str, *, _shown: session.Shown) -> None:
    timer = threading.Timer(_AFTER, _answer_quietly, [_shown])
    timer.daemon = True
    timer.start()


def _answer_quietly(shown: session.Shown) -> None:
    """Answer everything; the page that asks it reports an error."""
    with suppress(CompactgraphError, OSError):
        session.bounded_queries(paths.store_location()).start()
        answer_everything(shown)


def answer_everything(shown: session.Shown) -> None:
    """Ask what the pages ask when a reader opens them; the server keeps the answers.

    Raises CompactgraphError if a question fails.
    """
    # Half of the work is to load these modules.
    from compactgraph.answers.network.network import review_network
    from compactgraph.answers.provision.evidence import review_texts
    from compactgraph.answers.provision.source_text import source_document
    from compactgraph.answers.review.checklist import checklist, destinations_of
    from compactgraph.answers.review.draft_comparison import drafts
    from compactgraph.answers.review.flows import flows
    from compactgraph.answers.review.observations import observations
    from compactgraph.answers.review.open_points import open_points
    from compactgraph.answers.review.overview import overview
    from compactgraph.answers.review.paper import how_it_stands, table_labels
    from compactgraph.answers.review.quality import quality, vocabulary
    from compactgraph.answers.review.references import references
    from compactgraph.answers.review.standing import standings
    from compactgraph.answers.sparql_display import named_graphs
    from compactgraph.answers.tables.decisions import history
    from compactgraph.answers.tables.destinations import table_of_destinations
    from compactgraph.explorer.views import overview as overview_view

    graph = shown.graph
    for question in (
        *(overview, table_of_destinations, table_labels, destinations_of, references, standings),
        *(source_document, review_texts, review_network, open_points, named_graphs, observations),
        *(overview_view.provision_names, quality, vocabulary, history, how_it_stands, drafts),
    ):
        question(graph)
    flows(graph, str(ProvisionKind.COMMITMENT))
    if destinations := destinations_of(graph):
        checklist(graph, destinations[0].identifier)
