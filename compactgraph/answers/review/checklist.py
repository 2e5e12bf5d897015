"""The governance lead's checklist for one destination: what goes there, how firmly, on whose words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from compactgraph.answers.provision.deciding_decisions import Way, deciding
from compactgraph.answers.provision.evidence import Quoted, review_readings
from compactgraph.answers.review.references import Reference, reference_of, references
from compactgraph.answers.review_graph import ReviewGraph, asked_once
from compactgraph.answers.tables.decisions import Decision, history
from compactgraph.answers.tables.destinations import SEPARATOR, Row, table_of_destinations
from compactgraph.answers.terms import terms, title_of
from compactgraph.common.schemes import Relation
from compactgraph.files.table import Sheet
from compactgraph.sparql.rows import Cell, text_of

MENTIONS = "mentions"
"""The name of the last group: what names the destination and does not go there."""

_ORDER = (Relation.MOVES, Relation.EITHER, Relation.REFERS, Relation.QUESTION)
_TITLES = {
    Relation.MOVES: "Moves there",
    Relation.EITHER: "May go there",
    Relation.REFERS: "Refers to it",
    Relation.QUESTION: "Only asks about it",
    Relation.STAYS: "Stays there",
    Relation.ABSORBED: "Is absorbed into it",
    MENTIONS: "Mentions it in passing",
}
_MENTIONS_MEANING = "A text names it, and nothing that the text recommends goes to it."

COLUMNS = (
    "Group",
    "Provision",
    "Words of the agreement",
    "Outcome",
    "Recommendation",
    "Words of the recommendation",
    "Reason",
    "Status",
    "Evidence",
    "Line of the source",
    "Decision",
    "Decided by",
    "Date",
)

_Key = tuple[str, str, str]


@dataclass(frozen=True)
class Item:
    """A provision on the checklist, what is recommended, and the words that say so.

    ``recommendation`` is empty if the words do not stand in a recommendation. ``status``,
    ``dispositions`` and ``reasons`` are empty for what only mentions the destination. ``movement`` is
    the movement's identifier; ``decision`` names the decision that made it, and is empty if the review
    recommends it. ``decisions`` are those in force that made it what it is.
    """

    provision: str
    kind: str
    theme: str
    party: str
    text: str
    outcome: str
    outcome_label: str
    recommendation: str
    recommendation_text: str
    dispositions: tuple[str, ...]
    reasons: tuple[str, ...]
    reason_labels: tuple[str, ...]
    status: str
    status_label: str
    evidence: tuple[Quoted, ...]
    movement: str = ""
    decision: str = ""
    decisions: tuple[Decision, ...] = ()


@dataclass(frozen=True)
class Group:
    """What goes to the destination in one way; ``relation`` is that term, or :data:`MENTIONS`."""

    relation: str
    title: str
    meaning: str
    items: tuple[Item, ...]

    @property
    def provisions(self) -> tuple[str, ...]:
        """The provisions of the group, each once."""
        return tuple(dict.fromkeys(item.provision for item in self.items))


@dataclass(frozen=True)
class Checklist:
    """The checklist of a destination, the firmest group first."""

    review: str
    reference: Reference
    groups: tuple[Group, ...]

    def group(self, relation: str) -> Group | None:
        """Return the group of a relation, or None."""
        return next((group for group in self.groups if group.relation == relation), None)

    @property
    def provisions(self) -> tuple[str, ...]:
        """The provisions that have a movement to the destination, each once."""
        found = [p for group in self.groups if group.relation != MENTIONS for p in group.provisions]
        return tuple(dict.fromkeys(found))

    @property
    def movements(self) -> int:
        """How many movements go to the destination."""
        return sum(len(group.items) for group in self.groups if group.relation != MENTIONS)

    @property
    def mentions(self) -> int:
        """How many texts only mention it."""
        return sum(len(group.items) for group in self.groups if group.relation == MENTIONS)

    @property
    def statuses(self) -> dict[str, int]:
        """How many movements have each status that occurs."""
        return dict(Counter(item.status for group in self.groups for item in group.items if item.status))


@dataclass(frozen=True)
class Destination:
    """A reference that movements go to: how many move or may move there, and how many go in all."""

    reference: Reference
    moving: int
    movements: int


@asked_once
def destinations_of(graph: ReviewGraph) -> list[Destination]:
    """Return where provisions go, in the order in which a person chooses.

    First what stands outside the agreement, by what moves or may move there, then by what refers to
    it; after it bodies, everyday practices, and the agreements of the review itself. Raises
    UnknownNameError if there is no such review.
    """
    found: list[tuple[tuple[object, ...], Destination]] = []
    for reference in references(graph):
        counts = {count.relation: count.movements for count in reference.movements}
        moving = counts.get(Relation.MOVES, 0) + counts.get(Relation.EITHER, 0)
        if counts:
            destination = Destination(reference, moving, sum(counts.values()))
            refers = counts.get(Relation.REFERS, 0)
            order = (_rank(reference), -moving, -refers, -destination.movements, reference.label)
            found.append((order, destination))
    return [destination for _, destination in sorted(found, key=lambda pair: pair[0])]


def _rank(reference: Reference) -> int:
    if reference.is_part:
        return 3
    return {"practice": 2, "body": 1}.get(reference.category, 0)


@asked_once
def checklist(graph: ReviewGraph, reference: str) -> Checklist:
    """Return the checklist of the destination ``reference``.

    What moves, may move, refers, asks and mentions has a group even if it is empty; any other
    relation has one if it occurs. A text behind a movement to the destination is not listed again as
    mentioning it. Raises UnknownNameError if the review or the reference is unknown.
    """
    found = reference_of(graph, reference)
    rows = table_of_destinations(graph)
    relations = terms(graph)["relation"]
    items = _Items(graph)
    to = [row for row in rows if row.destination == reference]
    present = {row.relation for row in to}
    order = [*_ORDER, *(notation for notation in relations if notation in present - set(_ORDER))]
    groups = [
        Group(
            notation,
            _TITLES.get(notation, relations[notation].title),
            relations[notation].definition,
            tuple(items.moving(row) for row in to if row.relation == notation),
        )
        for notation in order
    ]
    bases = {row.recommendation for row in to}
    passing = [mention for mention in found.mentions if mention.of not in bases]
    mentioning = Group(MENTIONS, _TITLES[MENTIONS], _MENTIONS_MEANING, tuple(items.mentioning(passing)))
    return Checklist(graph.review, found, (*groups, mentioning))


@asked_once
def _evidence(graph: ReviewGraph) -> dict[_Key, list[Quoted]]:
    """Return the readings that each movement rests on, by recommendation, relation, destination."""
    readings = {reading.iri: reading for reading in review_readings(graph)}
    found: dict[_Key, list[Quoted]] = {}
    for row in graph.rows("movement-readings"):
        recommendation, relation, destination, reading = (text_of(value) for value in row.values())
        if reading in readings:
            found.setdefault((recommendation, relation, destination), []).append(readings[reading])
    return found


class _Items:
    """Makes items from the rows of the table of destinations."""

    def __init__(self, graph: ReviewGraph) -> None:
        self._graph = graph
        self._evidence = _evidence(graph)
        self._first: dict[str, Row] = {}
        self._ways: dict[str, list[Way]] = {}
        for row in table_of_destinations(graph):
            self._first.setdefault(row.provision, row)
            self._ways.setdefault(row.provision, []).append(_way(row))
        self._decisions: dict[str, list[Decision]] = {}
        for decision in history(graph):
            self._decisions.setdefault(decision.provision, []).append(decision)

    def moving(self, row: Row) -> Item:
        """Return the item of a movement."""
        key = (row.recommendation, row.relation, row.destination)
        evidence = [] if row.decision else self._evidence.get(key, [])
        ways, decisions = self._ways[row.provision], self._decisions.get(row.provision, ())
        made_it = deciding(_way(row), row.provision, ways, decisions)
        item = self._item(
            row,
            recommendation=(row.recommendation, row.recommendation_text),
            dispositions=_several(row.disposition),
            reasons=_several(row.reason),
            status=row.status,
            evidence=sorted(evidence, key=lambda quoted: quoted.ranges[0].start),
        )
        return replace(item, movement=row.movement, decision=row.decision, decisions=tuple(made_it))

    def mentioning(self, mentions: Iterable[Quoted]) -> Iterator[Item]:
        """Yield an item for each text that has some of the mentions."""
        by_text: dict[str, list[Quoted]] = {}
        for mention in mentions:
            by_text.setdefault(mention.of, []).append(mention)
        for found in by_text.values():
            text = found[0]
            recommends = text.kind == "recommendation"
            yield self._item(
                self._first[text.provision],
                recommendation=(text.of, text.text) if recommends else ("", ""),
                evidence=found,
            )

    def _item(
        self,
        row: Row,
        *,
        recommendation: tuple[str, str],
        evidence: Iterable[Quoted],
        dispositions: tuple[str, ...] = (),
        reasons: tuple[str, ...] = (),
        status: str = "",
    ) -> Item:
        return Item(
            provision=row.provision,
            kind=row.kind,
            theme=row.theme,
            party=row.party,
            text=row.text,
            outcome=row.outcome,
            outcome_label=title_of(self._graph, "outcome", row.outcome),
            recommendation=recommendation[0],
            recommendation_text=recommendation[1],
            dispositions=dispositions,
            reasons=reasons,
            reason_labels=tuple(title_of(self._graph, "reason", reason) for reason in reasons),
            status=status,
            status_label=title_of(self._graph, "status", status),
            evidence=tuple(evidence),
        )


def _way(row: Row) -> Way:
    return Way(row.movement, row.recommendation, row.decision, row.relation, row.status)


def _several(cell: str) -> tuple[str, ...]:
    return tuple(cell.split(SEPARATOR)) if cell else ()


def to_sheet(listed: Checklist) -> Sheet:
    """Return the checklist as a table; without a decision, its columns of the decision are empty."""
    rows: list[tuple[Cell, ...]] = [
        (
            group.title,
            item.provision,
            item.text,
            item.outcome_label,
            item.recommendation,
            item.recommendation_text,
            "; ".join(item.reason_labels),
            item.status_label,
            "; ".join(dict.fromkeys(map(_in_words, item.evidence))),
            item.evidence[0].ranges[0].line if item.evidence else None,
            *_decided(item),
        )
        for group in listed.groups
        for item in group.items
    ]
    description = (
        f"What goes to {listed.reference.label}, what may, and what only mentions it, with the words "
        "that say so. Where nothing was decided yet, the columns Decision, Decided by and Date are "
        "empty, for those who decide."
    )
    return Sheet(f"Checklist: {listed.reference.label}", COLUMNS, rows, description)


def _decided(item: Item) -> tuple[Cell, Cell, Cell]:
    """Return what was decided on an item, by whom and when, in words, or three empty cells."""
    if not item.decisions:
        return (None, None, None)
    made = item.decisions
    whose = [
        "; ".join(decision.by) + (f" (for {decision.on_behalf_of})" if decision.on_behalf_of else "")
        for decision in made
    ]
    return (
        "; ".join(f"{decision.name}: {decision.done}" for decision in made),
        "; ".join(dict.fromkeys(whose)),
        "; ".join(dict.fromkeys(decision.date for decision in made)),
    )


def _in_words(quoted: Quoted) -> str:
    words = quoted.sentence() if quoted.property == MENTIONS else quoted.quote()
    by_hand = f", read by {quoted.person}: {quoted.why}" if quoted.person else ""
    return f"“{words}” ({quoted.of}{by_hand})"
