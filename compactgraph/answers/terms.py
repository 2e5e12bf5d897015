"""The controlled terms and the references in plain words, which the graph has."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pyoxigraph import NamedNode

from compactgraph.answers.review_graph import ReviewGraph, asked_once
from compactgraph.common.english import capital
from compactgraph.common.namespaces import REFERENCES_GRAPH
from compactgraph.common.schemes import KINDS
from compactgraph.sparql.questions import view
from compactgraph.sparql.rows import select, text_of

KIND = "kind"
"""The key of the kinds of provision among the schemes."""


@dataclass(frozen=True)
class Term:
    """A term of a scheme: its label and definition, and the other labels that it has."""

    scheme: str
    notation: str
    label: str
    definition: str
    iri: str
    alternatives: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The label with a capital, as a heading or a cell has it."""
        return capital(self.label)

    @property
    def plural(self) -> str:
        """The label of several; meant for the kinds of provision."""
        return f"{self.label}s"


@dataclass(frozen=True)
class ReferenceLabel:
    """The plain name of a document, body or practice, and what it is.

    ``type`` is a plain word, if the graph has one. ``category`` is ``agreement``, ``legislation``,
    ``body`` or ``practice``, and empty for any other document or matter.
    """

    identifier: str
    label: str
    type: str
    iri: str
    category: str = ""

    @property
    def title(self) -> str:
        """The name with a capital."""
        return capital(self.label)


@asked_once
def terms(graph: ReviewGraph) -> dict[str, dict[str, Term]]:
    """Return the terms by scheme and notation, each scheme's in the order of the vocabulary.

    The key ``kind`` has the kinds of provision. Terms that the vocabulary does not order come last.
    """
    found: dict[str, dict[str, Term]] = {KIND: {}}
    for row in select(graph.store, view(graph.ontology, "terms")).rows:
        scheme, notation, label, definition, iri, alternative = (text_of(value) for value in row)
        term = found.setdefault(scheme, {}).setdefault(
            notation, Term(scheme, notation, label, definition, iri)
        )
        if alternative:
            with_it = (*term.alternatives, alternative)
            found[scheme][notation] = replace(term, alternatives=with_it)
    kinds = found[KIND]
    found[KIND] = {str(kind): kinds[kind] for kind in KINDS if kind in kinds}
    return found


def title_of(graph: ReviewGraph, scheme: str, notation: str) -> str:
    """Return the label of a term with a capital; the notation if the scheme has no such term."""
    term = terms(graph)[scheme].get(notation)
    return term.title if term else notation


@asked_once
def reference_labels(graph: ReviewGraph) -> dict[str, ReferenceLabel]:
    """Return the references that a review may name, its own and the shared ones, in order of name."""
    found: dict[str, ReferenceLabel] = {}
    for name in (graph.iris.graph("references"), REFERENCES_GRAPH):
        answer = graph.view("reference-labels", graph=NamedNode(name))
        for row in answer.rows:
            identifier, label, type_, category, iri = (text_of(value) for value in row)
            found.setdefault(identifier, ReferenceLabel(identifier, label, type_, iri, category))
    return dict(sorted(found.items(), key=lambda item: (item[1].label.casefold(), item[0])))
