"""A review's graph with its questions: the store, the review that is asked about, and what was answered.

Each function of :mod:`compactgraph.answers` takes a :class:`ReviewGraph`, and raises UnknownNameError
if the store has no such review. The answers of those marked with :func:`asked_once` are kept on it, so
that no query is asked twice.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import cached_property, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar, cast

from pyoxigraph import Literal, NamedNode

from compactgraph.common.identifiers import ReviewIRIs
from compactgraph.sparql.dataset import Dataset
from compactgraph.sparql.questions import ask, bind, find_question, review_of, view
from compactgraph.sparql.rows import Answer, Cell, select

if TYPE_CHECKING:
    # What reads and builds a review is not loaded to ask about one.
    from compactgraph.build.review import ReviewSummary

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(eq=False)
class ReviewGraph:
    """The graph of one review, as one published build of a store holds it.

    ``ontology`` is the folder of the questions; ``summary`` what the build noted of the review, if that
    is known; ``day`` the day as at which the store stands, empty for now. The answers are kept as long
    as the object, for all threads: nobody may change them. After another build, make another graph.
    """

    store: Dataset
    ontology: Path
    review: str
    summary: ReviewSummary | None = None
    day: str = ""
    _answers: dict[Hashable, Any] = field(default_factory=dict, init=False, repr=False)
    _locks: dict[Hashable, threading.RLock] = field(default_factory=dict, init=False, repr=False)

    @classmethod
    def with_provision(cls, store: Dataset, ontology: Path, identifier: str) -> ReviewGraph:
        """Return the graph of the one review that has a provision.

        Raises UnknownNameError if no review has it, and QueryError if several have.
        """
        node = bind(store, "provision", identifier)
        return cls(store, ontology, review_of(node))

    @cached_property
    def iris(self) -> ReviewIRIs:
        """The IRIs of the review. Raises UnknownNameError if the store has no such review."""
        _ = self.node
        return ReviewIRIs(self.review)

    @cached_property
    def node(self) -> NamedNode:
        """The review's node. Raises UnknownNameError if the store has no such review."""
        return self.bind("review", self.review)

    def bind(self, kind: str, value: str) -> NamedNode:
        """Return the node that a name stands for in this review.

        ``kind`` is one of :data:`compactgraph.sparql.questions.KINDS`, but no text and no number. Raises
        UnknownNameError, with the nearest, if the review has no such name.
        """
        found = bind(self.store, kind, value, self.review)
        if not isinstance(found, NamedNode):
            raise TypeError(f"a {kind} is no node")
        return found

    def view(self, name: str, **bound: NamedNode | Literal) -> Answer:
        """Return the answer to a view, about the review or what is ``bound``; it is not kept."""
        return select(self.store, view(self.ontology, name), bound or {"review": self.node})

    def rows(self, name: str, **bound: NamedNode | Literal) -> list[dict[str, Cell]]:
        """Return the rows of a view, each by the names of its columns; they are not kept."""
        return self.view(name, **bound).by_column()

    def ask(self, name: str, **values: str) -> Answer:
        """Return the answer to a saved question; the same one is asked once.

        Raises UnknownNameError if the question, or a name in ``values``, is unknown, and QueryError if a
        value is missing or does not fit.
        """
        question = find_question(self.ontology, name)
        key = (name, *sorted(values.items()))
        return self.once(key, lambda: ask(self.store, question, values, self.review))

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what ``make`` gives, made once for ``key``; an error is not kept."""
        if key not in self._answers:
            with self._locks.setdefault(key, threading.RLock()):
                if key not in self._answers:
                    try:
                        self._answers[key] = make()
                    finally:
                        self._locks.pop(key, None)
        found: T = self._answers[key]
        return found


def asked_once(
    function: Callable[Concatenate[ReviewGraph, P], T],
) -> Callable[Concatenate[ReviewGraph, P], T]:
    """Keep the answers of a function on the graph that they are about; its arguments are hashable."""

    @wraps(function)
    def answered(graph: ReviewGraph, *args: P.args, **kwargs: P.kwargs) -> T:
        key = (function, args, *sorted(kwargs.items()))
        return graph.once(key, lambda: function(graph, *args, **kwargs))

    # wraps() gives a type of its own that names the first parameter.
    return cast("Callable[Concatenate[ReviewGraph, P], T]", answered)
