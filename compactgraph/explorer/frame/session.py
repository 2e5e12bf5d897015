"""What a page shows: the graph, opened once a server, and the review that the reader has chosen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import streamlit as st

from compactgraph import paths
from compactgraph.answers.terms import Term, reference_labels, terms
from compactgraph.build.review import ReviewSummary
from compactgraph.errors import CompactgraphError
from compactgraph.explorer.frame import address, render
from compactgraph.serving.pool import BoundedQueries
from compactgraph.serving.published import Served, Serving
from compactgraph.sparql.dataset import Dataset

T = TypeVar("T")

_REVIEW = "review"
_SHOWN = "shown"
_CACHED = 512


@dataclass(frozen=True)
class Shown:
    """The graph as this run of a page shows it.

    ``summary`` is what the build noted of the review; ``generation`` changes with each build.
    """

    served: Served
    ontology: Path
    review: str
    summary: ReviewSummary

    @property
    def store(self) -> Dataset:
        """The store, open for reading."""
        return self.served.store

    @property
    def generation(self) -> str:
        """The name of the build that is shown."""
        return self.served.generation

    def ask(self, question: Callable[..., T], *values: Any) -> T:
        """Return ``question(store, ontology, review, *values)``, asked once.

        ``values`` are hashable. The cache is the server's, for all readers: nobody may change what it
        returns.
        """
        name = f"{question.__module__}.{question.__qualname__}"
        answer: T = _asked(
            self.served.location,
            self.generation,
            self.review,
            name,
            values,
            _question=question,
            _shown=self,
        )
        return answer

    @cached_property
    def terms(self) -> Any:
        """The controlled terms by scheme and notation, in plain words."""
        # Once a run: a page looks up a term for each of its rows, and each look into the server's
        # cache hashes the whole key.
        return _vocabulary(self.served.location, self.generation, self)

    def term(self, scheme: str, notation: str) -> Term:
        """Return one term."""
        found: Term = self.terms[scheme][notation]
        return found

    @cached_property
    def references(self) -> Any:
        """The plain names of the review's references, by identifier."""
        return self.ask(reference_labels)


@st.cache_resource(max_entries=_CACHED, show_spinner=False)
def _asked(
    location: str,
    generation: str,
    review: str,
    name: str,
    values: tuple[Any, ...],
    *,
    _question: Callable[..., Any],
    _shown: Shown,
) -> Any:
    return _question(_shown.store, _shown.ontology, review, *values)


@st.cache_resource(max_entries=4, show_spinner=False)
def _vocabulary(location: str, generation: str, _shown: Shown) -> Any:
    return terms(_shown.store, _shown.ontology)


@st.cache_resource(show_spinner=False)
def serving(data: Path, ontology: Path, store: str) -> Serving:
    """Return the server's hold on the store; there is one for all readers."""
    return Serving(data, ontology, store)


@st.cache_resource(show_spinner=False)
def bounded_queries(store: str) -> BoundedQueries:
    """Return the server's workers for readers' own queries."""
    return BoundedQueries(store)


def open_graph() -> Shown | None:
    """Open the graph, building first what is missing; None, with a notice shown, where that fails."""
    try:
        ontology = paths.ontology_folder()
        held = serving(paths.data_folder(None), ontology, paths.store_location())
        served = _prepared(held)
        chosen = _chosen_review(served.reviews)
    except CompactgraphError as error:
        render.heading("The review cannot be shown yet")
        render.notice("There is no graph to show.", str(error), role="alert")
        return None
    if served.notice:
        render.notice("What is shown is not the newest.", served.notice)
    shown = Shown(served, ontology, chosen.identifier, chosen)
    st.session_state[_SHOWN] = shown
    return shown


def shown() -> Shown:
    """Return what this run of a page shows."""
    found: Shown = st.session_state[_SHOWN]
    return found


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
    names = list(by_name)
    address.keep_in_links(review="")
    if len(names) == 1:
        return reviews[0]
    remembered = str(st.session_state.get(_REVIEW, names[0]))
    with st.sidebar:
        chosen = address.choice(
            "Review",
            _REVIEW,
            names,
            {name: review.title for name, review in by_name.items()},
            default=remembered if remembered in by_name else names[0],
            always=True,
        )
    st.session_state[_REVIEW] = chosen
    address.keep_in_links(review=chosen)
    return by_name[chosen]
