"""The governance lead's checklist for one destination: what goes there, how firmly, on whose words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from compactgraph.answers.provision.deciding_decisions import Way, deciding
from compactgraph.answers.provision.evidence import Quoted, review_readings
from compactgraph.answers.records import grouped
from compactgraph.answers.review.references import Reference, reference_of, references
from compactgraph.answers.review_graph import ReviewGraph, asked_once
from compactgraph.answers.tables.decisions import Decision, history
from compactgraph.answers.tables.destinations import SEPARATOR, Row, rows_by, table_of_destinations
from compactgraph.answers.terms import terms, title_of
from compactgraph.common.schemes import Relation
from compactgraph.files.table import Sheet
from compactgraph.sparql.rows import Cell

MENTIONS = "mentions"
"""The last group: what names the destination and does not go there."""

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
_OF_MOVEMENT = ("disposition", "reason", "destination", "relation", "status", "movement", "decision")


@dataclass(frozen=True)
class Item(Row):
    """A row of the table of destinations, the words that say so, and the decisions that made it so.

    For a text that only mentions the destination, the columns of the movement are empty, and those of
    the recommendation too unless the text is one.
    """

    evidence: tuple[Quoted, ...] = ()
    decisions: tuple[Decision, ...] = ()

    @property
    def reasons(self) -> tuple[str, ...]:
        """The reasons that are stated, as notations."""
        return tuple(filter(None, self.reason.split(SEPARATOR)))


@dataclass(frozen=True)
class Group:
    """What goes to the destination in one way; ``relation`` is that term, or :data:`MENTIONS`."""

    relation: str
    title: str
    meaning: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Checklist:
    """The checklist of a destination: the groups, the firmest first, :data:`MENTIONS` last."""

    reference: Reference
    groups: tuple[Group, ...]

    @property
    def provisions(self) -> tuple[str, ...]:
        """The provisions that have a movement to the destination, each once."""
        return tuple(dict.fromkeys(item.provision for group in self.groups[:-1] for item in group.items))

    @property
    def movements(self) -> int:
        """How many movements go to the destination."""
        return sum(len(group.items) for group in self.groups[:-1])

    @property
    def mentions(self) -> int:
        """How many texts only mention it."""
        return len(self.groups[-1].items)

    @property
    def statuses(self) -> dict[str, int]:
        """How many movements have each status that occurs."""
        return dict(Counter(item.status for group in self.groups[:-1] for item in group.items))


@asked_once
def destinations_of(graph: ReviewGraph) -> list[Reference]:
    """Return the references that movements go to, in the order in which a person chooses.

    Documents outside the agreement come first, then bodies, practices, and the agreements of the review
    itself; among them, what receives most.
    """
    return sorted((each for each in references(graph) if each.movements), key=_order)


def _order(reference: Reference) -> tuple[int, int, int, int, str]:
    rank = 3 if reference.is_part else {"practice": 2, "body": 1}.get(reference.category, 0)
    moving = reference.going(Relation.MOVES, Relation.EITHER)
    return (rank, -moving, -reference.going(Relation.REFERS), -reference.going(), reference.label)


@asked_once
def checklist(graph: ReviewGraph, reference: str) -> Checklist:
    """Return the checklist of the destination ``reference``.

    What moves, may move, refers, asks and mentions has a group even if it is empty; any other
    relation has one if it occurs. A text behind a movement to the destination is not listed again as
    mentioning it. Raises UnknownNameError if the review or the reference is unknown.
    """
    found = reference_of(graph, reference)
    relations = terms(graph)["relation"]
    to = [row for row in table_of_destinations(graph) if row.destination == reference]
    others = {row.relation for row in to} - set(_ORDER)
    groups = [
        Group(
            notation,
            _TITLES.get(notation, relations[notation].title),
            relations[notation].definition,
            tuple(_moving(graph, row) for row in to if row.relation == notation),
        )
        for notation in (*_ORDER, *(relation for relation in relations if relation in others))
    ]
    bases = {row.recommendation for row in to}
    passing = [mention for mention in found.mentions if mention.of not in bases]
    mentioning = tuple(_mentioning(graph, passing))
    return Checklist(found, (*groups, Group(MENTIONS, _TITLES[MENTIONS], _MENTIONS_MEANING, mentioning)))


def _moving(graph: ReviewGraph, row: Row) -> Item:
    """Return the item of a movement."""
    key = (row.recommendation, row.relation, row.destination)
    evidence = [] if row.decision else _evidence(graph).get(key, [])
    ways = [_way(other) for other in rows_by(graph, "provision")[row.provision]]
    made_it = deciding(_way(row), row.provision, ways, _decisions(graph).get(row.provision, ()))
    in_order = sorted(evidence, key=lambda quoted: quoted.ranges[0].start)
    return Item(**vars(row), evidence=tuple(in_order), decisions=tuple(made_it))


def _mentioning(graph: ReviewGraph, mentions: Iterable[Quoted]) -> Iterator[Item]:
    """Yield an item for each text that has some of the mentions."""
    for found in grouped(mentions, lambda mention: mention.of).values():
        text = found[0]
        recommends = text.kind == "recommendation"
        stated: dict[str, Any] = {
            **vars(rows_by(graph, "provision")[text.provision][0]),
            **dict.fromkeys(_OF_MOVEMENT, ""),
            "recommendation": text.of if recommends else "",
            "recommendation_text": text.text if recommends else "",
        }
        yield Item(**stated, evidence=tuple(found))


@asked_once
def _evidence(graph: ReviewGraph) -> dict[tuple[str, str, str], list[Quoted]]:
    """Return the readings that each movement rests on, by recommendation, relation, destination."""
    readings = {reading.iri: reading for reading in review_readings(graph)}
    rows = [row for row in graph.view("movement-readings").texts() if row["reading"] in readings]
    by_movement = grouped(rows, lambda row: (row["recommendation"], row["relation"], row["destination"]))
    return {key: [readings[row["reading"]] for row in own] for key, own in by_movement.items()}


@asked_once
def _decisions(graph: ReviewGraph) -> dict[str, list[Decision]]:
    """Return the decisions, by the provision that they are on."""
    return grouped(history(graph), lambda decision: decision.provision)


def _way(row: Row) -> Way:
    return Way(row.movement, row.recommendation, row.decision, row.relation, row.status)


# As a table


def _once(words: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(words))


def _in_words(quoted: Quoted) -> str:
    words = quoted.sentence() if quoted.property == MENTIONS else quoted.quote()
    by_hand = f", read by {quoted.person}: {quoted.why}" if quoted.person else ""
    return f"“{words}” ({quoted.of}{by_hand})"


def _whose(made: Decision) -> str:
    return "; ".join(made.by) + (f" (for {made.on_behalf_of})" if made.on_behalf_of else "")


_CELLS: Mapping[str, Callable[[ReviewGraph, Item], Cell]] = {
    "Provision": lambda _, item: item.provision,
    "Words of the agreement": lambda _, item: item.text,
    "Outcome": lambda graph, item: title_of(graph, "outcome", item.outcome),
    "Recommendation": lambda _, item: item.recommendation,
    "Words of the recommendation": lambda _, item: item.recommendation_text,
    "Reason": lambda graph, item: _once(title_of(graph, "reason", each) for each in item.reasons),
    "Status": lambda graph, item: title_of(graph, "status", item.status),
    "Evidence": lambda _, item: _once(map(_in_words, item.evidence)),
    "Line of the source": lambda _, item: item.evidence[0].ranges[0].line if item.evidence else None,
    "Decision": lambda _, item: _once(f"{made.name}: {made.done}" for made in item.decisions) or None,
    "Decided by": lambda _, item: _once(map(_whose, item.decisions)) or None,
    "Date": lambda _, item: _once(made.date for made in item.decisions) or None,
}
COLUMNS = ("Group", *_CELLS)


def to_sheet(graph: ReviewGraph, listed: Checklist) -> Sheet:
    """Return the checklist as a table; without a decision, its columns of the decision are empty."""
    rows: list[tuple[Cell, ...]] = [
        (group.title, *(cell(graph, item) for cell in _CELLS.values()))
        for group in listed.groups
        for item in group.items
    ]
    description = (
        f"What goes to {listed.reference.label}, what may, and what only mentions it, with the words "
        "that say so. Where nothing was decided yet, the columns Decision, Decided by and Date are "
        "empty, for those who decide."
    )
    return Sheet(f"Checklist: {listed.reference.label}", COLUMNS, rows, description)
