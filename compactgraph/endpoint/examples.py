"""The saved questions as any tool can run them: their parameters bound to examples from the store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Literal, NamedNode

from compactgraph.common.identifiers import written_name
from compactgraph.sparql.dataset import Dataset
from compactgraph.sparql.questions import SavedQuestion, saved_questions, view
from compactgraph.sparql.rewriting import with_values
from compactgraph.sparql.rows import select, text_of

_OF_ANY_GRAPH = {"text": Literal("compact"), "number": Literal(50)}
"""Examples of the kinds of parameters that do not depend on the store."""


@dataclass(frozen=True)
class Example:
    """A saved question, its SPARQL with the parameters bound, and each parameter's example in words."""

    question: SavedQuestion
    sparql: str
    values: Mapping[str, str]


def examples(store: Dataset, ontology: Path) -> tuple[Example, ...]:
    """Return the saved questions with examples, by who asks them and then by their words.

    Optional parameters are left out, and so are those of a kind that the store does not have.
    """
    found = select(store, view(ontology, "endpoint-examples")).rows
    nodes = {text_of(kind): NamedNode(text_of(iri)) for kind, iri in found if iri}
    questions = sorted(saved_questions(ontology).values(), key=lambda q: (q.asks, q.question))
    return tuple(_example(question, {**nodes, **_OF_ANY_GRAPH}) for question in questions)


def _example(question: SavedQuestion, by_kind: Mapping[str, NamedNode | Literal]) -> Example:
    needed = [p for p in question.parameters if not p.optional and p.kind in by_kind]
    bound = {parameter.name: by_kind[parameter.kind] for parameter in needed}
    words = {
        name: term.value if isinstance(term, Literal) else written_name(term.value)
        for name, term in bound.items()
    }
    return Example(question, with_values(question.sparql, bound), words)
