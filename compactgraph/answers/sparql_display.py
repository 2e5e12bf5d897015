"""Answers as a page shows them: IRIs in short, numbers as bars, triples as a table and a drawing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Triple

from compactgraph.answers.review_graph import ReviewGraph, asked_once
from compactgraph.common.english import capital
from compactgraph.common.identifiers import LAYERS
from compactgraph.common.namespaces import ONTOLOGY_GRAPH, PREFIXES, RDF, REFERENCES_GRAPH
from compactgraph.sparql.dataset import Dataset
from compactgraph.sparql.questions import SavedQuestion, bind
from compactgraph.sparql.rows import Answer, Cell, cell, text_of

TRIPLE_COLUMNS = ("subject", "predicate", "object")
BARS_LIMIT = 60
LABEL_LIMIT = 80
"""The most bars that are drawn, and the longest label that a bar has, in characters."""

_LOCAL = re.compile(r"[\w][\w.-]*(?<!\.)")
_WHERE = re.compile(r"^WHERE\s*\{\n", re.MULTILINE)
_NAMESPACES = sorted(((iri, prefix) for prefix, iri in PREFIXES.items()), reverse=True)


@dataclass(frozen=True)
class Bar:
    """What a bar is of, and how long it is in each unit."""

    label: str
    numbers: tuple[int | float, ...]


@dataclass(frozen=True)
class Bars:
    """An answer as bars: ``subject`` names what the bars are of, ``units`` the columns of numbers."""

    subject: str
    units: tuple[str, ...]
    bars: tuple[Bar, ...]
    greatest: int | float


@dataclass(frozen=True)
class Node:
    """A node of a drawing: its IRI or blank node as written, in short, and its class in one word."""

    name: str
    label: str
    kind: str


@dataclass(frozen=True)
class Drawing:
    """Triples as a drawing: the nodes, and ties as (start, end, label). Literals are in the table."""

    nodes: tuple[Node, ...]
    ties: tuple[tuple[str, str, str], ...]


def shortened(value: str) -> str:
    """Return an IRI with its prefix, ``cg:Theme``; a value that no prefix fits stays as it is."""
    for namespace, prefix in _NAMESPACES:
        if value.startswith(namespace) and _LOCAL.fullmatch(value, len(namespace)):
            return f"{prefix}:{value[len(namespace) :]}"
    return value


def in_words(column: str) -> str:
    """Return a column's name as a heading has it: ``naming_it`` as ``Naming it``."""
    return capital(column.replace("_", " "))


def bars(answer: Answer) -> Bars | None:
    """Return the answer as bars, or None if bars do not fit it.

    Bars fit one column of texts with one to three of numbers, or two of texts with one of numbers. No
    number may be below zero, and the labels must be short and all different.
    """
    if not 0 < len(answer.rows) <= BARS_LIMIT or answer.cut:
        return None
    columns = list(zip(*answer.rows, strict=True))
    numbers = [place for place, column in enumerate(columns) if all(map(_is_amount, column))]
    texts = [place for place in range(len(columns)) if place not in numbers]
    if (len(texts), len(numbers)) not in {(1, 1), (1, 2), (1, 3), (2, 1)}:
        return None
    if any(not isinstance(value, str | None) for place in texts for value in columns[place]):
        return None
    found = [
        Bar(
            ", ".join(shortened(text_of(row[place])) or "none" for place in texts),
            tuple(number for place in numbers if isinstance(number := row[place], int | float)),
        )
        for row in answer.rows
    ]
    labels = {bar.label for bar in found}
    greatest = max(number for bar in found for number in bar.numbers)
    if len(labels) < len(found) or max(map(len, labels)) > LABEL_LIMIT or not greatest:
        return None
    names = [answer.columns[place] for place in texts]
    units = tuple(answer.columns[place] for place in numbers)
    return Bars(" and ".join(names), units, tuple(found), greatest)


def _is_amount(value: Cell) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < float("inf")


def triples_table(triples: Iterable[Triple], *, cut: bool = False) -> Answer:
    """Return triples as a table of three columns, in order."""
    rows = [tuple(cell(part) for part in (t.subject, t.predicate, t.object)) for t in triples]
    return Answer(TRIPLE_COLUMNS, sorted(rows, key=lambda row: tuple(map(text_of, row))), cut)


def drawing(triples: Sequence[Triple]) -> Drawing:
    """Return the drawing of triples, without those whose object is a literal.

    A node's kind is the last word of a class that the triples give it, else ``thing``.
    """
    kinds: dict[str, str] = {}
    names: dict[str, None] = {}
    ties: dict[tuple[str, str, str], None] = {}
    for triple in triples:
        subject, predicate = _name(triple.subject), shortened(triple.predicate.value)
        names[subject] = None
        if triple.predicate.value == RDF + "type" and isinstance(triple.object, NamedNode):
            kinds[subject] = max(kinds.get(subject, ""), _last_word(triple.object.value))
        elif not isinstance(triple.object, Literal | Triple):
            names[_name(triple.object)] = None
            ties[subject, _name(triple.object), predicate] = None
    nodes = (Node(name, _label(name), kinds.get(name, "thing")) for name in sorted(names))
    return Drawing(tuple(nodes), tuple(sorted(ties)))


def _name(node: object) -> str:
    return node.value if isinstance(node, NamedNode) else str(node)


def _label(name: str) -> str:
    short = shortened(name)
    return short if short != name else " ".join(name.rstrip("/").rsplit("/", 2)[-2:])


def _last_word(iri: str) -> str:
    return re.split(r"[/#]", iri)[-1].lower()


def written_out(
    store: Dataset, question: SavedQuestion, values: Mapping[str, str], review: str | None
) -> str:
    """Return the SPARQL of a saved question with its values written into it, for a person to edit.

    Each value becomes a term, as in ``VALUES ?party { <…> }``, at the beginning of the first WHERE.
    Raises what :func:`compactgraph.sparql.questions.bind` raises.
    """
    kinds = {parameter.name: parameter.kind for parameter in question.parameters}
    given = dict(values) if review is None else {**values, "review": review}
    lines = [
        f"  VALUES ?{name} {{ {bind(store, kinds[name], value, review)} }}\n"
        for name, value in given.items()
    ]
    return _WHERE.sub(lambda opening: opening[0] + "".join(lines), question.sparql, count=1)


# What there is to ask

_GRAPHS = {
    "source": "What the document says, word for word, each piece with its place in it.",
    "reading": "How the document is read; each statement says by which rule or by whose hand.",
    "references": "The documents, bodies and practices that are named.",
    "decisions": "What was decided later, by whom and when; empty until something is decided.",
    "standing": "What follows from both: statuses, current outcomes, and what is in dispute or suspect.",
    "ontology": "The vocabulary: classes, properties and terms, with their definitions.",
}


@asked_once
def named_graphs(graph: ReviewGraph) -> list[tuple[str, str]]:
    """Return the named graphs of a review and those that all reviews share: the IRI and what is in it.

    The graph of the decisions is listed even if it is empty: a folder keeps no empty graph.
    """
    there = {each.value for each in graph.store.named_graphs() if isinstance(each, NamedNode)}
    there.add(graph.iris.graph("decisions"))
    own = [(graph.iris.graph(layer), layer) for layer in LAYERS]
    shared = [(REFERENCES_GRAPH, "references"), (ONTOLOGY_GRAPH, "ontology")]
    return [(iri, _GRAPHS[layer]) for iri, layer in (*own, *shared) if iri in there]
