"""What a page shows: the graph, opened once a server, and the review that the reader has chosen."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from compactgraph import paths
from compactgraph.answers.review_graph import ReviewGraph
from compactgraph.answers.tables.destinations import table_of_destinations
from compactgraph.answers.terms import ReferenceLabel, Term, reference_labels, terms
from compactgraph.build.review import ReviewSummary
from compactgraph.errors import CompactgraphError, shorten
from compactgraph.explorer.frame import address, render
from compactgraph.serving.bounded_queries import BoundedQueries
from compactgraph.serving.published import Served, Serving

_REVIEW = "review"
_SHOWN = "shown"
_CACHED = 64
"""How many reviews the server keeps with their answers."""


@dataclass(frozen=True)
class Shown:
    """What this run of a page shows: a review's graph, in a published build of the store.

    All readers share the graph and the answers that it keeps. Each build and each day has its own
    ``generation``.
    """

    served: Served
    graph: ReviewGraph
    summary: ReviewSummary
    generation: str

    @property
    def review(self) -> str:
        """The identifier of the review."""
        return self.graph.review

    @property
    def terms(self) -> dict[str, dict[str, Term]]:
        """The controlled terms by scheme and notation, in plain words."""
        return terms(self.graph)

    def term(self, scheme: str, notation: str) -> Term:
        """Return one term."""
        return self.terms[scheme][notation]

    @property
    def themes(self) -> dict[str, str]:
        """How a page names each theme: its number and the words of its heading."""
        return {
            row.theme: f"{row.theme}. {shorten(row.text.splitlines()[0], 60)}"
            for row in table_of_destinations(self.graph)
            if row.kind == "theme"
        }

    @property
    def references(self) -> dict[str, ReferenceLabel]:
        """The plain names of the review's references, by identifier."""
        return reference_labels(self.graph)


@st.cache_resource(max_entries=_CACHED, show_spinner=False)
def _graph(
    location: str, generation: str, review: str, *, _served: Served, _of: ReviewSummary
) -> ReviewGraph:
    return ReviewGraph(_served.store, paths.ontology_folder(), review, _of)


@st.cache_resource(show_spinner=False)
def serving(data: Path, ontology: Path, store: str) -> Serving:
    """Return the server's hold on the store; there is one for all readers."""
    return Serving(data, ontology, store)


@st.cache_resource(show_spinner=False)
def bounded_queries(store: str) -> BoundedQueries:
    """Return the server's workers for readers' own queries."""
    return BoundedQueries(store)


def open_graph() -> Shown | None:
    """Open the graph, building first what is missing; return None, with a notice, if that fails."""
    try:
        held = serving(paths.data_folder(), paths.ontology_folder(), paths.store_location())
        served = _prepared(held)
        chosen = _chosen_review(served.reviews)
    except CompactgraphError as error:
        render.heading("The review cannot be shown yet")
        render.notice("There is no graph to show.", str(error), role="alert")
        return None
    if served.notice:
        render.notice("What is shown is not the newest.", served.notice)
    name = chosen.identifier
    graph = _graph(served.location, served.generation, name, _served=served, _of=chosen)
    st.session_state[_SHOWN] = Shown(served, graph, chosen, served.generation)
    return shown()


def shown() -> Shown:
    """Return what this run of a page shows."""
    found: Shown = st.session_state[_SHOWN]
    return found


def begin(name: str, lead: str) -> Shown:
    """Begin a page that has one heading: name the tab, show the heading; return what is shown."""
    title(name)
    render.heading(name, lead)
    return shown()


def title(*parts: str) -> None:
    """Name the browser's tab: the item before the page."""
    st.set_page_config(page_title=" – ".join([*parts, "compactgraph"]))


def _prepared(held: Serving) -> Served:
    if served := held.up_to_date():
        return served
    room = st.empty()
    with room.container():
        render.heading("Getting the review ready", "This takes some seconds, and only once.")
        bar = st.progress(0.0, text="Starting …")

    def report(stage: str, share: float) -> None:
        bar.progress(share, text=stage)

    try:
        return held.prepare(report)
    finally:
        room.empty()


def _chosen_review(reviews: tuple[ReviewSummary, ...]) -> ReviewSummary:
    by_name = {review.identifier: review for review in reviews}
    if not by_name:
        raise CompactgraphError("the store holds no review; add one to the data folder")
    address.keep_in_links(review="")
    if len(reviews) == 1:
        return reviews[0]
    titles = {name: review.title for name, review in by_name.items()}
    remembered = st.session_state.get(_REVIEW)
    default = remembered if remembered in titles else None
    with st.sidebar:
        chosen = address.choice("Review", _REVIEW, [*titles], titles, default=default, always=True)
    st.session_state[_REVIEW] = chosen
    address.keep_in_links(review=chosen)
    return by_name[chosen]
