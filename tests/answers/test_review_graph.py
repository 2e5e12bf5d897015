"""One review's graph with its questions: what is asked once, and what another graph asks anew."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Store

from compactgraph.answers.provision.source_text import source_document
from compactgraph.answers.provision.trace import trace
from compactgraph.answers.review.checklist import checklist, destinations_of
from compactgraph.answers.review.draft_comparison import revision
from compactgraph.answers.review.flows import flows
from compactgraph.answers.review.observations import observations
from compactgraph.answers.review.open_points import open_points
from compactgraph.answers.review.overview import overview
from compactgraph.answers.review.paper import committee_paper
from compactgraph.answers.review.standing import standings
from compactgraph.answers.review_graph import ReviewGraph
from compactgraph.answers.tables.destinations import table_of_destinations
from compactgraph.errors import QueryError, UnknownNameError


class Counting:
    """A store that counts what it is asked."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.asked: Counter[tuple[str, str]] = Counter()

    def query(self, sparql: str, **how: Any) -> Any:
        values = how.get("substitutions") or {}
        bound = sorted((variable.value, str(term)) for variable, term in values.items())
        self.asked[sparql, str(bound)] += 1
        return self._store.query(sparql, **how)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


QUESTIONS: dict[str, Callable[[ReviewGraph], object]] = {
    "overview": overview,
    "observations": observations,
    "open points": open_points,
    "standings": standings,
    "destinations": destinations_of,
    "checklist": lambda graph: checklist(graph, "vcse-strategy"),
    "flows": flows,
    "trace": lambda graph: trace(graph, "1.11"),
    "source": source_document,
    "drafts": lambda graph: [revision(graph, 2, table) for table in ("origins", "destinations")],
    "paper": lambda graph: committee_paper(graph, {"Table": table_of_destinations(graph)}),
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_no_query_is_asked_twice(question: str, decided: Store, ontology_folder: Path) -> None:
    store = Counting(decided)
    graph = ReviewGraph(store, ontology_folder, "bristol")  # type: ignore[arg-type]
    first = QUESTIONS[question](graph)
    assert store.asked
    assert set(store.asked.values()) == {1}
    before = store.asked.copy()
    assert QUESTIONS[question](graph) == first
    assert store.asked == before


def test_no_query_is_asked_twice_by_all_questions_together(
    decided: Store, ontology_folder: Path
) -> None:
    store = Counting(decided)
    graph = ReviewGraph(store, ontology_folder, "bristol")  # type: ignore[arg-type]
    for question in QUESTIONS.values():
        question(graph)
    assert set(store.asked.values()) == {1}


def test_a_checklist_asks_eleven_queries(decided: Store, ontology_folder: Path) -> None:
    store = Counting(decided)
    checklist(ReviewGraph(store, ontology_folder, "bristol"), "vcse-strategy")  # type: ignore[arg-type]
    assert store.asked.total() == 11


def test_two_reviews_have_answers_of_their_own(two_reviews: Store, ontology_folder: Path) -> None:
    titles = {
        overview(ReviewGraph(two_reviews, ontology_folder, review)).about.title
        for review in ("bristol", "small-review")
    }
    assert len(titles) == 2


def test_what_cannot_be_answered_is_not_kept(bristol: Store, ontology_folder: Path) -> None:
    graph = ReviewGraph(bristol, ontology_folder, "bristol")
    for _ in range(2):
        with pytest.raises(UnknownNameError, match=r"unknown provision '9\.9'"):
            trace(graph, "9.9")
    assert not graph._locks


def test_a_review_that_is_not_there(bristol: Store, ontology_folder: Path) -> None:
    with pytest.raises(UnknownNameError, match="unknown review 'bath'"):
        table_of_destinations(ReviewGraph(bristol, ontology_folder, "bath"))


def test_threads_share_one_answer(bristol: Store, ontology_folder: Path) -> None:
    store = Counting(bristol)
    graph = ReviewGraph(store, ontology_folder, "bristol")  # type: ignore[arg-type]
    threads = [threading.Thread(target=overview, args=(graph,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(store.asked.values()) == {1}


def test_the_one_review_that_has_a_provision(two_reviews: Store, ontology_folder: Path) -> None:
    assert ReviewGraph.with_provision(two_reviews, ontology_folder, "5.8").review == "bristol"
    with pytest.raises(QueryError, match="is in several reviews"):
        ReviewGraph.with_provision(two_reviews, ontology_folder, "theme-1")
    with pytest.raises(UnknownNameError, match=r"unknown provision '9\.9'"):
        ReviewGraph.with_provision(two_reviews, ontology_folder, "9.9")
