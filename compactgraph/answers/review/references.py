"""The documents, bodies and practices outside the agreement: what each is, and where it is named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from pyoxigraph import NamedNode

from compactgraph.answers.provision.evidence import Quoted, review_readings
from compactgraph.answers.review_graph import ReviewGraph, asked_once
from compactgraph.answers.tables.destinations import Row, table_of_destinations
from compactgraph.answers.terms import Term, reference_labels, terms
from compactgraph.common.namespaces import REFERENCES_GRAPH, SHARED_REFERENCE
from compactgraph.common.schemes import Status
from compactgraph.errors import UnknownNameError
from compactgraph.sparql.rows import text_of

_PARTS = {
    "reviews": "the agreement under review",
    "successor": "the succeeding agreement",
    "reviewedBy": "the reviewer",
}


@dataclass(frozen=True)
class RelationCount:
    """How many movements go to a reference in one way, and of how many provisions.

    ``statuses`` counts them by their status, in the order of the vocabulary.
    """

    relation: str
    label: str
    movements: int
    provisions: int
    statuses: Mapping[str, int] = field(default_factory=dict, compare=False)

    @property
    def rejected(self) -> int:
        """How many of them were rejected."""
        return self.statuses.get(Status.REJECTED, 0)

    @property
    def is_decided(self) -> bool:
        """Whether somebody has decided on any of them."""
        return set(self.statuses) != {Status.RECOMMENDED}


@dataclass(frozen=True)
class Reference:
    """A document, body or practice that a review may name.

    ``type`` is a plain word for what it is, empty where the graph has none; ``category`` is
    ``agreement``, ``legislation``, ``body`` or ``practice``, and empty for any other document or
    matter. ``parts`` say in words what part it has in the review; ``links`` are the addresses that are
    stated for the real thing; ``shared`` says that it is no one review's own. ``mentions`` quote its
    names, in the order of the document; ``movements`` count what goes to it.
    """

    identifier: str
    label: str
    other_names: tuple[str, ...]
    type: str
    category: str
    parts: tuple[str, ...]
    definition: str
    iri: str
    links: tuple[str, ...]
    shared: bool
    mentions: tuple[Quoted, ...]
    movements: tuple[RelationCount, ...]

    @property
    def is_mentioned(self) -> bool:
        """Whether any text names it."""
        return bool(self.mentions)

    @property
    def by_kind(self) -> dict[str, int]:
        """How often it is named in each kind of text."""
        return dict(Counter(mention.kind for mention in self.mentions))

    @property
    def provisions(self) -> tuple[str, ...]:
        """The provisions that name it, themselves or in what is said of them."""
        return tuple(dict.fromkeys(mention.provision for mention in self.mentions))

    @property
    def is_part(self) -> bool:
        """Whether it is the agreement under review or the one that succeeds it."""
        return not {_PARTS["reviews"], _PARTS["successor"]}.isdisjoint(self.parts)


@asked_once
def references(graph: ReviewGraph) -> list[Reference]:
    """Return the references of a review, its own and the shared ones, those named most often first.

    Those that no text names come last. Raises UnknownNameError where there is no such review.
    """
    found = list(_references(graph))
    return sorted(found, key=lambda r: (-len(r.mentions), r.label.casefold(), r.identifier))


def reference_of(graph: ReviewGraph, identifier: str) -> Reference:
    """Return one reference of a review.

    Raises UnknownNameError, with the nearest, where the review has no such reference.
    """
    found = {reference.identifier: reference for reference in references(graph)}
    if identifier not in found:
        raise UnknownNameError("reference", identifier, found)
    return found[identifier]


def _mentions(readings: Iterable[Quoted], identifier: str) -> Iterator[Quoted]:
    for reading in readings:
        if reading.property == "mentions" and reading.value == identifier:
            yield reading


def _references(graph: ReviewGraph) -> Iterator[Reference]:
    labels = reference_labels(graph)
    readings = review_readings(graph)
    rows = table_of_destinations(graph)
    known = terms(graph)
    for layer in (graph.iris.graph("references"), REFERENCES_GRAPH):
        several: dict[str, dict[str, list[str]]] = {}
        for row in graph.rows("reference-details", review=graph.node, graph=NamedNode(layer)):
            details = several.setdefault(text_of(row["identifier"]), {})
            for column in ("name", "definition", "link", "part"):
                value = text_of(row[column])
                if value and value not in details.setdefault(column, []):
                    details[column].append(value)
        for identifier, details in several.items():
            label = labels[identifier]
            yield Reference(
                identifier=identifier,
                label=label.label,
                other_names=tuple(details.get("name", ())),
                type=label.type,
                category=label.category,
                parts=tuple(_PARTS[part] for part in details.get("part", ()) if part in _PARTS),
                definition=" ".join(details.get("definition", ())),
                iri=label.iri,
                links=tuple(details.get("link", ())),
                shared=label.iri.startswith(SHARED_REFERENCE),
                mentions=tuple(_mentions(readings, identifier)),
                movements=tuple(_movements(rows, identifier, known["relation"], known["status"])),
            )


def _movements(
    rows: Iterable[Row], identifier: str, relations: dict[str, Term], statuses: Iterable[str]
) -> Iterator[RelationCount]:
    """Yield the counts in the order of the vocabulary."""
    to = [row for row in rows if row.destination == identifier]
    for notation, relation in relations.items():
        those = [row for row in to if row.relation == notation]
        if those:
            provisions = len({row.provision for row in those})
            counts = Counter(row.status for row in those)
            by_status = {status: counts[status] for status in statuses if counts[status]}
            yield RelationCount(notation, relation.label, len(those), provisions, by_status)
