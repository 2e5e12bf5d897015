"""What observations are made of: lists of saved questions, names of provisions, and sentences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from compactgraph.answers.review.overview import admitted, names_of_provisions
from compactgraph.answers.review_graph import ReviewGraph, asked_once
from compactgraph.answers.tables.destinations import Row, one_row_each, table_of_destinations
from compactgraph.answers.terms import terms
from compactgraph.common.english import capital, counted, listed
from compactgraph.common.schemes import ProvisionKind
from compactgraph.sparql.questions import SavedQuestion, find_question
from compactgraph.sparql.rows import Answer, text_of

NAMED_AT_MOST = 5
"""How many provisions a sentence names; of more it gives the number, and the list has them."""


@dataclass(frozen=True)
class Listing:
    """A saved question, its parameters, its answer, and the answer's rows by column."""

    question: SavedQuestion
    parameters: Mapping[str, str]
    answer: Answer

    @cached_property
    def rows(self) -> list[dict[str, str]]:
        """The rows, each by column, as texts."""
        return self.answer.texts()

    def distinct(self, column: str) -> list[str]:
        """Return the values of a column, each once, in order."""
        return list(dict.fromkeys(row[column] for row in self.rows))


@dataclass(frozen=True)
class Observation:
    """A sentence, and the list that it rests on.

    ``provisions`` are those concerned, in the order of the document; ``filter`` gives them in the table
    of destinations, and is empty if none does.
    """

    key: str
    sentence: str
    listing: Listing
    provisions: tuple[str, ...]
    filter: Mapping[str, str]


def answered(graph: ReviewGraph, name: str, **parameters: str) -> Listing:
    """Return a saved question with its answer."""
    question = find_question(graph.ontology, name)
    return Listing(question, parameters, graph.ask(name, **parameters))


def made(
    graph: ReviewGraph,
    listing: Listing,
    sentence: str,
    concerned: Iterable[str] | None = None,
    filter_: Mapping[str, str] | None = None,
    key: str = "",
) -> Observation:
    """Return an observation; ``filter_`` is kept if it gives exactly what is concerned.

    Without ``concerned`` it is the list's provisions; without ``key`` the question's name is the key.
    """
    wanted = set(listing.distinct("provision") if concerned is None else concerned)
    provisions = [identifier for identifier in provision_names(graph) if identifier in wanted]
    rows = admitted(table_of_destinations(graph), filter_ or {})
    given = [row.provision for row in one_row_each(rows)]
    return Observation(
        key=key or listing.question.name,
        sentence=capital(sentence),
        listing=listing,
        provisions=tuple(provisions),
        filter=filter_ if filter_ and given == provisions else {},
    )


@asked_once
def provision_rows(graph: ReviewGraph) -> list[Row]:
    """Return the first row of each provision in the table of destinations."""
    return one_row_each(table_of_destinations(graph))


@asked_once
def commitment_rows(graph: ReviewGraph) -> list[Row]:
    """Return the first row of each commitment in the table of destinations."""
    return admitted(provision_rows(graph), {"kind": ProvisionKind.COMMITMENT})


@asked_once
def provision_names(graph: ReviewGraph) -> dict[str, str]:
    """Return the provisions as a sentence names them, by identifier, in the order of the document."""
    return {
        text_of(identifier): provision_name(text_of(kind), text_of(label), text_of(theme))
        for identifier, kind, label, theme in names_of_provisions(graph).rows
    }


def term_label(graph: ReviewGraph, scheme: str, notation: str) -> str:
    """Return the label of a term."""
    return terms(graph)[scheme][notation].label


def named(graph: ReviewGraph, identifiers: Sequence[str], before: str, after: str = "") -> str:
    """Return the provisions' names between two texts; nothing if they are too many."""
    if len(identifiers) > NAMED_AT_MOST:
        return ""
    names = provision_names(graph)
    return before + listed([names[identifier] for identifier in identifiers]) + after


def provision_name(kind: str, label: str, theme: str) -> str:
    """Return a provision as a sentence names it: ``5.1``, ``theme 2``, ``value 3``, ``“Title”``."""
    if kind == ProvisionKind.THEME:
        return f"theme {theme}"
    if kind == ProvisionKind.SECTION:
        return f"“{label}”"
    return label if kind == ProvisionKind.COMMITMENT else label[:1].lower() + label[1:]


def commitments_among(graph: ReviewGraph, provisions: Sequence[str]) -> str:
    """Return how many of several provisions are commitments, as the end of a clause."""
    ours = {row.provision for row in commitment_rows(graph)} & set(provisions)
    if not ours or len(provisions) == 1:
        return ""
    if len(ours) == len(provisions):
        return ", all of them commitments"
    return f", {counted(len(ours), 'of them a commitment', 'of them commitments')}"
