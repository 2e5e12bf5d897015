"""What observations are made of: a review's terms, provisions and lists, fetched once, and their words.

An observation is a sentence with its list. The functions here keep sentences apart from queries: they
name provisions, make a number agree with its words, and tie a sentence to the list that it rests on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from compactgraph.answers.about import About, about
from compactgraph.answers.review.overview import admitted, one_row_each
from compactgraph.answers.tables.destinations import Row, table_of_destinations
from compactgraph.answers.terms import ReferenceLabel, Term, reference_labels, terms
from compactgraph.common.english import listed, number_word
from compactgraph.common.schemes import ProvisionKind
from compactgraph.sparql.dataset import Dataset
from compactgraph.sparql.questions import SavedQuestion, ask, bind, find_question, view
from compactgraph.sparql.rows import Answer, select, text_of

NAMED_AT_MOST = 5
"""How many provisions a sentence names; of more it gives the number, and the list has them."""


@dataclass(frozen=True)
class Observation:
    """A sentence, what it rests on, and how much it matters.

    ``answer`` is the list behind it, that of the saved question ``question`` with ``parameters``;
    ``meaning`` says what a row of the list is; ``provisions`` are those concerned, in the order of the
    document; ``filter`` gives them in the table of destinations, and is empty where none does;
    ``importance`` is 1 for what matters most.
    """

    key: str
    sentence: str
    meaning: str
    provisions: tuple[str, ...]
    answer: Answer
    question: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    filter: Mapping[str, str] = field(default_factory=dict)
    importance: int = 0


@dataclass(frozen=True)
class Listing:
    """A saved question, its parameters, its answer, and the answer's rows by column."""

    question: SavedQuestion
    parameters: Mapping[str, str]
    answer: Answer

    @cached_property
    def rows(self) -> list[dict[str, str]]:
        """The rows, each by column, as texts."""
        return [
            dict(zip(self.answer.columns, map(text_of, row), strict=True)) for row in self.answer.rows
        ]

    def distinct(self, column: str) -> list[str]:
        """Return the values of a column, each once, in order."""
        return list(dict.fromkeys(row[column] for row in self.rows))


@dataclass(frozen=True)
class Material:
    """The review that is looked at, and what several observations need of it, fetched once."""

    store: Dataset
    ontology: Path
    review: str

    @cached_property
    def terms(self) -> dict[str, dict[str, Term]]:
        """The terms by scheme and notation."""
        return terms(self.store, self.ontology)

    @cached_property
    def references(self) -> dict[str, ReferenceLabel]:
        """The references by identifier."""
        return reference_labels(self.store, self.ontology, self.review)

    @cached_property
    def about(self) -> About:
        """What the review says about itself."""
        return about(self.store, self.ontology, self.review)

    @cached_property
    def rows(self) -> list[Row]:
        """The rows of the table of destinations."""
        return table_of_destinations(self.store, self.ontology, self.review)

    @cached_property
    def provisions(self) -> list[Row]:
        """The first of these rows for each provision."""
        return one_row_each(self.rows)

    @cached_property
    def commitments(self) -> list[Row]:
        """The provisions that are commitments."""
        return admitted(self.provisions, {"kind": ProvisionKind.COMMITMENT})

    @cached_property
    def names(self) -> dict[str, str]:
        """The provisions as a sentence names them."""
        node = bind(self.store, "review", self.review)
        answer = select(self.store, view(self.ontology, "provision-names"), {"review": node})
        return {
            text_of(identifier): provision_name(text_of(kind), text_of(label), text_of(theme))
            for identifier, kind, label, theme in answer.rows
        }

    def ask(self, name: str, **parameters: str) -> Listing:
        """Return the answer to a saved question."""
        question = find_question(self.ontology, name)
        return Listing(question, parameters, ask(self.store, question, parameters, self.review))

    def label(self, scheme: str, notation: str) -> str:
        """Return the label of a term."""
        return self.terms[scheme][notation].label

    def in_order(self, identifiers: Iterable[str]) -> list[str]:
        """Return identifiers of provisions, each once, in the order of the document."""
        wanted = set(identifiers)
        return [identifier for identifier in self.names if identifier in wanted]

    def named(self, identifiers: Sequence[str], before: str, after: str = "") -> str:
        """Return the provisions' names between two texts; nothing where they are too many."""
        if len(identifiers) > NAMED_AT_MOST:
            return ""
        return before + listed([self.names[identifier] for identifier in identifiers]) + after

    def observation(
        self,
        key: str,
        sentence: str,
        found: Listing,
        concerned: Iterable[str],
        filter_: Mapping[str, str] | None = None,
    ) -> Observation:
        """Return an observation; ``filter_`` is kept where it gives exactly what is concerned."""
        provisions = self.in_order(concerned)
        given = [row.provision for row in one_row_each(admitted(self.rows, filter_ or {}))]
        return Observation(
            key=key,
            sentence=sentence,
            meaning=f"Each row of the list: {found.question.row}.",
            provisions=tuple(provisions),
            answer=found.answer,
            question=found.question.name,
            parameters=found.parameters,
            filter=filter_ if filter_ and given == provisions else {},
        )


def provision_name(kind: str, label: str, theme: str) -> str:
    """Return a provision as a sentence names it: ``5.1``, ``theme 2``, ``value 3``, ``“Title”``."""
    if kind == ProvisionKind.THEME:
        return f"theme {theme}"
    if kind == ProvisionKind.SECTION:
        return f"“{label}”"
    return label if kind == ProvisionKind.COMMITMENT else label[:1].lower() + label[1:]


def agreeing(number: int, one: str, several: str) -> str:
    """Return a number with the words that go with one, or with several."""
    return f"{number_word(number)} {one if number == 1 else several}"


def commitments_among(material: Material, provisions: Sequence[str]) -> str:
    """Return how many of several provisions are commitments, as the end of a clause."""
    ours = {row.provision for row in material.commitments} & set(provisions)
    if not ours or len(provisions) == 1:
        return ""
    if len(ours) == len(provisions):
        return ", all of them commitments"
    return f", {number_word(len(ours))} of them {'a commitment' if len(ours) == 1 else 'commitments'}"
