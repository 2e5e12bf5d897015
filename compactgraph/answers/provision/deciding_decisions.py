"""Decisions in words, and which of them made a movement what it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from compactgraph.answers.provision.trace import Destination, Trace
from compactgraph.answers.tables.decisions import Decision
from compactgraph.answers.tables.destinations import natural
from compactgraph.common.english import day_in_words, listed
from compactgraph.common.identifiers import DecisionName, ReadingName, parse_name
from compactgraph.common.schemes import UPHELD, Relation, Status
from compactgraph.register.entry import Kind

_SAYS_NOTHING_OF_IT = (Kind.NOTE, Kind.CONFIRM)


@dataclass(frozen=True)
class Way:
    """A movement as far as decisions make it what it is, by identifiers and notations.

    ``basis`` is the recommendation that it rests on, ``decision`` the decision that made it; one of them
    can be empty.
    """

    movement: str
    basis: str
    decision: str
    relation: str
    status: str

    def is_beside(self, other: Way) -> bool:
        """Say whether the two are alternatives of one another."""
        alternatives = self.relation == other.relation == Relation.EITHER
        return alternatives and self.basis == other.basis and self != other


def deciding(
    way: Way, provision: str, ways: Iterable[Way], decisions: Iterable[Decision]
) -> list[Decision]:
    """Return the decisions in force that made a movement what it is, the first first.

    They are those on the movement itself. If there are none, and it is not as recommended, they are
    those that settled its ``provision`` or agreed to another of the ``ways`` that it could go.
    """
    in_force = [d for d in decisions if d.in_force and d.kind not in _SAYS_NOTHING_OF_IT]
    own = [d for d in in_force if d.item == way.movement]
    if way.decision:
        return [d for d in in_force if d.name == way.decision] + own
    if any(d.kind != Kind.APPLY for d in own) or way.status == Status.RECOMMENDED:
        return own
    others = {other.movement for other in ways if way.is_beside(other)}
    return [
        d
        for d in in_force
        if (d.kind == Kind.SETTLE and d.item == provision) or (d.kind == Kind.AGREE and d.item in others)
    ] + own


# In a trace


def deciding_in(trace: Trace, movement: Destination) -> list[Decision]:
    """Return the decisions in force that made a movement of a trace what it is."""
    ways = [_way(other) for other in trace.movements]
    return deciding(_way(movement), trace.identifier, ways, trace.decisions)


def in_its_place(trace: Trace, movement: Destination) -> list[Destination]:
    """Return the movements that decisions put in the place of one that was given up."""
    if movement.state != Status.REJECTED:
        return []
    names = {decision.name for decision in deciding_in(trace, movement)}
    way = _way(movement)
    chosen = [other for other in trace.movements if way.is_beside(_way(other)) and other.state in UPHELD]
    return chosen + [other for other in trace.movements if other.decision in names]


def _way(movement: Destination) -> Way:
    return Way(movement.movement, movement.basis, movement.decision, movement.relation, movement.state)


# In words


def who_and_when(decision: Decision) -> str:
    """Return who decided, and when: ``agreed on 5 October 2026 by Ann Lee and Bo Okafor``."""
    names = f" by {listed(decision.by)}" if decision.by else ""
    body = f", on behalf of {decision.on_behalf_of}" if decision.on_behalf_of else ""
    return f"{decision.done} on {day_in_words(decision.date)}{names}{body}"


def movement_words(movement: Destination) -> str:
    """Return where a movement goes, in words: ``moves to VCSE Strategy``."""
    return " ".join(filter(None, [movement.label, movement.destination_label]))


def item_words(trace: Trace, decision: Decision) -> str:
    """Return what a decision is on, in words; an item that the review has lost as it was entered."""
    if decision.item == trace.identifier:
        return f"{trace.identifier} as a whole"
    for movement in trace.movements:
        if movement.movement == decision.item:
            where = movement.basis or movement.decision
            return f"{movement_words(movement)} ({where})" if where else movement_words(movement)
    match parse_name(decision.item):
        case DecisionName(number):
            return f"decision d{number}"
        case ReadingName() as reading:
            return f"the reading {reading.name}"
    return decision.item


def contest_among(decisions: Iterable[Decision]) -> str:
    """Say which of some decisions in force do not agree; empty if all do."""
    contested = [decision for decision in decisions if decision.contested]
    names = {name for decision in contested for name in (decision.name, *decision.contested)}
    if not names:
        return ""
    those = listed(sorted(names, key=natural))
    return f"Contested: {those} are in force and do not agree. The latest holds until one is superseded."


def standing_sentences(decision: Decision) -> list[str]:
    """Return in sentences how a decision stands: in force, superseded, contested, suspect or void."""
    if decision.replaced_by:
        found = [f"Superseded by {listed(decision.replaced_by)}: it is in force no longer."]
    elif decision.void:
        found = ["Without effect: the review does not have what it is on any more."]
    else:
        found = ["In force."]
    found += filter(None, [contest_among([decision])])
    if decision.changed:
        found.append(
            f"Suspect: it was made on other words. Those of {listed(decision.changed)} have changed "
            "since, and nobody has confirmed that it holds on the new ones."
        )
    if decision.replaces:
        found.append(f"It supersedes {listed(decision.replaces)}.")
    if decision.beside:
        found.append(f"It leaves {listed(decision.beside)} in force beside it.")
    return found
