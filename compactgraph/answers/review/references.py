"""The documents, bodies and practices outside the agreement: what each is, and where it is named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from pyoxigraph import NamedNode

from compactgraph.answers.provision.evidence import Quoted, review_readings
from compactgraph.answers.records import grouped
from compactgraph.answers.review_graph import ReviewGraph, asked_once
from compactgraph.answers.tables.destinations import table_of_destinations
from compactgraph.answers.terms import reference_labels, terms
from compactgraph.common.namespaces import REFERENCES_GRAPH
from compactgraph.common.schemes import Status
from compactgraph.errors import require_known

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

    ``type`` is a plain word for what it is, if known; ``category`` is ``agreement``, ``legislation``,
    ``body`` or ``practice``, and empty for other documents and matters. ``parts`` say in words what part
    it has in the review; ``links`` are addresses of the real thing. ``mentions`` quote its names, in the
    order of the document; ``movements`` count what goes to it.
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
    mentions: tuple[Quoted, ...]
    movements: tuple[RelationCount, ...]

    @property
    def by_kind(self) -> dict[str, int]:
        """How often it is named in each kind of text."""
        return dict(Counter(mention.kind for mention in self.mentions))

    @property
    def provisions(self) -> tuple[str, ...]:
        """The provisions that name it, themselves or in what is said of them."""
        return tuple(dict.fromkeys(mention.provision for mention in self.mentions))

    def going(self, *relations: str) -> int:
        """Return how many movements go there in these ways, or in all if none is given."""
        counts = [count for count in self.movements if not relations or count.relation in relations]
        return sum(count.movements for count in counts)

    @property
    def is_part(self) -> bool:
        """Whether it is the agreement under review or the one that succeeds it."""
        return not {_PARTS["reviews"], _PARTS["successor"]}.isdisjoint(self.parts)


@asked_once
def references(graph: ReviewGraph) -> list[Reference]:
    """Return the references of a review, its own and the shared ones, those named most often first."""
    found = list(_references(graph))
    return sorted(found, key=lambda r: (-len(r.mentions), r.label.casefold(), r.identifier))


def reference_of(graph: ReviewGraph, identifier: str) -> Reference:
    """Return one reference of a review.

    Raises UnknownNameError, with the nearest, if the review has no such reference.
    """
    found = {reference.identifier: reference for reference in references(graph)}
    require_known("reference", identifier, found)
    return found[identifier]


def _references(graph: ReviewGraph) -> Iterator[Reference]:
    labels = reference_labels(graph)
    named = [reading for reading in review_readings(graph) if reading.property == "mentions"]
    for layer in (graph.iris.graph("references"), REFERENCES_GRAPH):
        details = graph.view("reference-details", review=graph.node, graph=NamedNode(layer)).texts()
        for identifier, own in grouped(details, lambda row: row["identifier"]).items():
            label = labels[identifier]
            yield Reference(
                identifier=identifier,
                label=label.label,
                other_names=_stated(own, "name"),
                type=label.type,
                category=label.category,
                parts=tuple(_PARTS[part] for part in _stated(own, "part") if part in _PARTS),
                definition=" ".join(_stated(own, "definition")),
                iri=label.iri,
                links=_stated(own, "link"),
                mentions=tuple(reading for reading in named if reading.value == identifier),
                movements=tuple(_movements(graph, identifier)),
            )


def _stated(rows: list[dict[str, str]], column: str) -> tuple[str, ...]:
    """Return the values of a column, each once."""
    return tuple(dict.fromkeys(row[column] for row in rows if row[column]))


def _movements(graph: ReviewGraph, identifier: str) -> Iterator[RelationCount]:
    """Yield the counts in the order of the vocabulary."""
    to = [row for row in table_of_destinations(graph) if row.destination == identifier]
    for relation in terms(graph)["relation"]:
        those = [row for row in to if row.relation == relation]
        if those:
            counts = Counter(row.status for row in those)
            statuses = {status: counts[status] for status in terms(graph)["status"] if counts[status]}
            yield RelationCount(relation, len(those), len({row.provision for row in those}), statuses)
