"""What is asked of each side: saved questions, traces, destinations, each with its bound terms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pyoxigraph import Literal, NamedNode, Store

from compactgraph.errors import QueryError
from compactgraph.sparql.questions import SavedQuestion, bind, saved_questions, view

TRACE_VIEWS = (
    *("trace-provision", "trace-recommended", "trace-texts", "trace-movements", "trace-readings"),
    *("trace-related", "decisions"),
)
ONE, ALL = "one review", "all reviews"
_ABSORBING = "business-as-usual"
_VALUES = {"party": "shared", "outcome": "revised", "theme": "2", "words": "social value"}


@dataclass(frozen=True)
class Task:
    """One thing that is asked.

    ``kind`` is question, trace or destinations; ``values`` and ``review`` are what a person gives;
    ``queries`` the SPARQL that answers it, and ``bound`` the terms of its variables, each as its kind
    (iri, text or number) and its value.
    """

    name: str
    kind: str
    scope: str
    values: dict[str, str]
    review: str | None
    queries: list[str]
    bound: dict[str, tuple[str, str]]

    def to_json(self) -> dict[str, Any]:
        """Return the task as plain values."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Task:
        """Return the task that :meth:`to_json` gave ``data`` for."""
        return cls(**{**data, "bound": {name: tuple(term) for name, term in data["bound"].items()}})


def make_tasks(store: Store, ontology: Path, reviews: list[str]) -> list[Task]:
    """Return the tasks for a store of ``reviews``; the review that is asked about is the middle one.

    A question whose parameter is a provision or a theme is asked of one review only: in all of them
    its identifier names many.
    """
    review = reviews[len(reviews) // 2]
    tasks = [_trace(store, ontology, review, which) for which in ("1.1", "2.3", "value-2")]
    tasks.append(_destinations(store, ontology, review))
    for question in saved_questions(ontology).values():
        tasks += _questions(store, question, review, several=len(reviews) > 1)
    return tasks


def _trace(store: Store, ontology: Path, review: str, provision: str) -> Task:
    bound = {"provision": _plain(bind(store, "provision", provision, review))}
    queries = [view(ontology, name) for name in TRACE_VIEWS]
    values = {"provision": provision}
    return Task(f"trace {provision}", "trace", ONE, values, review, queries, bound)


def _destinations(store: Store, ontology: Path, review: str) -> Task:
    bound = {"review": _plain(bind(store, "review", review))}
    queries = [view(ontology, "destinations")]
    return Task("destinations", "destinations", ONE, {}, review, queries, bound)


def _questions(store: Store, question: SavedQuestion, review: str, *, several: bool) -> Iterator[Task]:
    given = {p.name: p.kind for p in question.parameters if not p.optional}
    values = {name: _value(name, kind) for name, kind in given.items()}
    for scope, only in ((ONE, review), (ALL, None)):
        if scope == ALL and not several:
            continue
        try:
            bound = {name: _plain(bind(store, kind, values[name], only)) for name, kind in given.items()}
        except QueryError:
            continue
        if only is not None:
            bound["review"] = _plain(bind(store, "review", only))
        yield Task(question.name, "question", scope, values, only, [question.sparql], bound)


def _value(name: str, kind: str) -> str:
    if kind == "reference":
        return _ABSORBING
    if kind == "provision":
        return "1.1"
    return _VALUES[name if name in _VALUES else kind]


def _plain(term: NamedNode | Literal) -> tuple[str, str]:
    if isinstance(term, NamedNode):
        return "iri", term.value
    number = term.datatype.value.endswith(("integer", "decimal", "double"))
    return "number" if number else "text", term.value
