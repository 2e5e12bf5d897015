"""The saved questions as a SPARQL service is asked them: whole texts, and how many rows each has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Store

from benchmarks.tasks import ONE, Task, make_tasks
from compactgraph.sparql.dataset import Dataset
from compactgraph.sparql.rewriting import with_prefixes, with_values
from compactgraph.sparql.running import Written, write_sparql

ROWS, LENGTH = 1_000_000, 1_000_000_000
"""Bounds that no saved question comes near."""

RUNAWAYS = [
    with_prefixes(
        "SELECT (COUNT(*) AS ?n) WHERE { ?a dcterms:identifier ?b . ?c dcterms:identifier ?d . "
        "?e dcterms:identifier ?f . ?g dcterms:identifier ?h . ?i dcterms:identifier ?j }"
    ),
    "SELECT (COUNT(*) AS ?n) WHERE { ?a (<x:>|!<x:>)* ?b . ?b (<x:>|!<x:>)* ?c }",
]
"""Queries that do not end in any time that matters, of two kinds.

All names by all names, five times over, and all that can be reached from what can be reached from
anything. Each takes some hundred megabytes at most on forty reviews: what is measured is time.
"""

_WHOLE_SHARE = 0.1
"""How much of a load on several reviews asks all of them at once."""


@dataclass(frozen=True)
class Asked:
    """A saved question with its parameters bound.

    ``scope`` says whether one review is asked about or all; ``rows`` is how many rows its answer has,
    ``weight`` how often it is asked in a load, beside the others.
    """

    name: str
    scope: str
    sparql: str
    rows: int
    weight: float = 1.0


def questions_of(store: Store, ontology: Path, reviews: list[str]) -> list[Asked]:
    """Return each saved question, of the middle review and, if there are several, of all."""
    return [_asked(store, task) for task in make_tasks(store, ontology, reviews) if _is_question(task)]


def mix_of(store: Store, ontology: Path, reviews: list[str], different: int) -> list[Asked]:
    """Return what a load asks: the saved questions of some ``different`` reviews, and some of all."""
    step = max(1, len(reviews) // different)
    mixed = [
        _asked(store, task)
        for review in reviews[::step]
        for task in make_tasks(store, ontology, [review])
        if _is_question(task)
    ]
    whole = [asked for asked in questions_of(store, ontology, reviews) if asked.scope != ONE]
    weight = _WHOLE_SHARE / (1 - _WHOLE_SHARE) * len(mixed) / max(1, len(whole))
    return mixed + [Asked(a.name, a.scope, a.sparql, a.rows, weight) for a in whole]


def answered(store: Dataset, sparql: str, tabular: str) -> Written:
    """Return the answer as the endpoint's own function writes it, in this process."""
    return write_sparql(store, sparql, tabular=tabular, graph=None, rows=ROWS, length=LENGTH)


def rows_of(content: bytes) -> int:
    """Return how many rows an answer in TSV has: it writes a line break within a term as two signs."""
    return content.count(b"\n") - 1


def _is_question(task: Task) -> bool:
    return task.kind == "question"


def _asked(store: Store, task: Task) -> Asked:
    terms = {name: _term(*term) for name, term in task.bound.items()}
    sparql = with_prefixes(with_values(_only(task.queries), terms))
    return Asked(task.name, task.scope, sparql, rows_of(answered(store, sparql, "tsv").content))


def _only(queries: Sequence[str]) -> str:
    (query,) = queries
    return query


def _term(kind: str, value: str) -> NamedNode | Literal:
    if kind == "iri":
        return NamedNode(value)
    return Literal(int(value) if kind == "number" else value)
