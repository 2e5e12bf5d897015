"""The saved questions as any tool can run them: their parameters bound to examples from the store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Literal, NamedNode

from compactgraph.sparql.dataset import Dataset
from compactgraph.sparql.questions import Parameter, SavedQuestion, saved_questions, view
from compactgraph.sparql.rewriting import with_values
from compactgraph.sparql.rows import select, text_of

WORDS = "compact"
NUMBER = 50
"""The examples of what no graph has: words to look for, and a number."""


@dataclass(frozen=True)
class Example:
    """A saved question, its SPARQL with the parameters bound, and each parameter's example in words."""

    question: SavedQuestion
    sparql: str
    values: Mapping[str, str]


def examples(store: Dataset, ontology: Path) -> tuple[Example, ...]:
    """Return the saved questions with examples, by who asks them and then by their words.

    A parameter that may be left out is left out, and so is one of a kind that the store has none of.
    """
    found = select(store, view(ontology, "endpoint-examples")).rows
    nodes = {text_of(kind): NamedNode(text_of(iri)) for kind, iri in found if iri}
    questions = sorted(saved_questions(ontology).values(), key=lambda q: (q.asks, q.question))
    return tuple(_example(question, nodes) for question in questions)


def _example(question: SavedQuestion, nodes: Mapping[str, NamedNode]) -> Example:
    bound: dict[str, NamedNode | Literal] = {}
    for parameter in question.parameters:
        term = None if parameter.optional else _term(parameter, nodes)
        if term is not None:
            bound[parameter.name] = term
    words = {name: _in_words(term) for name, term in bound.items()}
    return Example(question, with_values(question.sparql, bound), words)


def _term(parameter: Parameter, nodes: Mapping[str, NamedNode]) -> NamedNode | Literal | None:
    if parameter.kind == "text":
        return Literal(WORDS)
    if parameter.kind == "number":
        return Literal(NUMBER)
    return nodes.get(parameter.kind)


def _in_words(term: NamedNode | Literal) -> str:
    """Return a term as a person writes it: ``1.11``, ``moved``, ``2`` for a theme."""
    if isinstance(term, Literal):
        return term.value
    return term.value.rsplit("/", 1)[-1].removeprefix("theme-")
