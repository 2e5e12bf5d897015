"""What can be decided now: which kinds of decision make sense on what, and what stands against one.

It is asked before anything is entered, to show a person what there is to choose, and again before
anything is written, to tell what was decided meanwhile. What is refused is refused by
:mod:`compactgraph.deciding.checks` and :mod:`compactgraph.deciding.desk`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from enum import StrEnum

from compactgraph.common.identifiers import DecisionName, ReadingName, parse_name, provision_of
from compactgraph.common.schemes import OPEN, PLACELESS, UNSETTLED, UPHELD, Relation, Status
from compactgraph.deciding.checks import Situation
from compactgraph.decisions.effects import Move, conflicts
from compactgraph.errors import EntryError, UnknownNameError
from compactgraph.register.entry import DECIDING, Body, Entry, Kind


class Unfit(StrEnum):
    """Why a kind of decision makes no sense on an item."""

    ASKED = "asked"
    ALTERNATIVE = "alternative"
    DECIDED = "decided"
    NOT_AGREED = "not agreed"
    NO_MOVEMENT = "no movement"


def movements(situation: Situation, provision: str) -> list[Move]:
    """Return the movements of a provision, those that the review recommends first."""
    every = (*situation.found.moves.values(), *situation.stood.decided.values())
    return [move for move in every if move.provision == provision]


def offers(situation: Situation, provision: str) -> dict[Kind, tuple[str, ...]]:
    """Return for each kind that makes sense on a provision the items that it can be on.

    An item is a movement, the provision itself, or what is suspect of it, by its name.
    """
    own = [move.identifier for move in movements(situation, provision)]
    found: dict[Kind, tuple[str, ...]] = {}
    for kind in DECIDING:
        if kind is Kind.SETTLE:
            items = [provision] if _is_open(situation, provision) else []
        elif kind is Kind.NOTE:
            items = [provision, *own]
        elif kind is Kind.CONFIRM:
            items = suspects(situation, provision)
        else:
            items = [item for item in own if unfit(situation, item, kind) is None]
        if items:
            found[kind] = tuple(items)
    return found


def unfit(situation: Situation, item: str, kind: Kind) -> Unfit | None:
    """Return why ``kind`` makes no sense on a movement, None if it does.

    What only asks can be put aside or settled, and not agreed to; one of several alternatives is not
    amended, as the others would remain; what a decision made can only be marked as applied.
    """
    move = situation.movement(item)
    if move is None:
        return Unfit.NO_MOVEMENT
    if kind is Kind.NOTE:
        return None
    if move.relation == Relation.QUESTION and kind is not Kind.REJECT:
        return Unfit.ASKED
    if move.relation == Relation.EITHER and kind is Kind.AMEND:
        return Unfit.ALTERNATIVE
    if kind is Kind.APPLY:
        return None if situation.stood.status_of(item) in UPHELD else Unfit.NOT_AGREED
    return Unfit.DECIDED if item in situation.stood.decided else None


def awaited(situation: Situation, items: Iterable[str], kind: Kind) -> list[str]:
    """Return those of some items that a decision of ``kind`` is likely to be on: what awaits one."""
    if kind is Kind.APPLY:
        return [item for item in items if situation.stood.status_of(item) == Status.AGREED]
    return [item for item in items if not situation.stood.standing.of(item)]


def movements_of(situation: Situation, named: str, kind: Kind) -> list[str]:
    """Return the movements that a person means by a name: a movement's own, or a provision's.

    Of a provision those that can be decided so: for APPLY what is agreed, else what is not decided yet,
    or, if all is, all that the review recommends; what only asks is not agreed to. Raises
    UnknownNameError for an unknown name, and EntryError for a provision that has nothing of the kind.
    """
    found, stood = situation.found, situation.stood
    if named in found.moves or named in stood.decided:
        return [named]
    if named not in found.provisions:
        raise UnknownNameError(
            "movement or provision", named, [*found.provisions, *found.moves, *stood.decided]
        )
    own = [move.identifier for move in movements(situation, named)]
    if kind is Kind.APPLY:
        chosen = awaited(situation, own, kind)
    else:
        recommended = [name for name in own if name in found.moves]
        if kind is Kind.AGREE:
            recommended = [
                name for name in recommended if found.moves[name].relation != Relation.QUESTION
            ]
        chosen = awaited(situation, recommended, kind) or recommended
    choice = [
        move for name in chosen if (move := found.moves.get(name)) and move.relation == Relation.EITHER
    ]
    if kind is Kind.AGREE and len(choice) > 1:
        places = " or ".join(move.to for move in choice)
        raise EntryError(f"{named} has alternatives, {places}; settle which of them it is")
    if not chosen:
        what = "no movement"
        if kind is Kind.APPLY:
            what = "nothing that is agreed and not applied"
        elif own:
            what = "nothing but questions"
        raise EntryError(f"{named} has {what}; look at its trace, or settle the provision itself")
    return chosen


def alternatives(situation: Situation, provision: str) -> list[Move]:
    """Return the alternatives of a provision, of which one can be chosen by settling it."""
    return [move for move in movements(situation, provision) if move.relation == Relation.EITHER]


def rivals(situation: Situation, items: Iterable[str]) -> list[Move]:
    """Return those of some movements that are alternatives of one another: one can be agreed to."""
    moves = [situation.found.moves[item] for item in items if item in situation.found.moves]
    either = [move for move in moves if move.relation == Relation.EITHER]
    bases = [move.basis for move in either]
    return [move for move in either if bases.count(move.basis) > 1]


def suspects(situation: Situation, provision: str) -> list[str]:
    """Return what is suspect of a provision: decisions on it, and readings of what is said of it."""
    found = []
    for suspect in situation.stood.suspects:
        name, of = parse_name(suspect), ""
        if isinstance(name, DecisionName):
            entry = situation.by_number(name.number)
            of = entry.body.provision if entry else ""
        elif isinstance(name, ReadingName):
            of = provision_of(situation.found.readings[name.name][1])
        if of == provision:
            found.append(suspect)
    return found


def needs_place(situation: Situation, item: str) -> bool:
    """Say whether what is marked as applied stands in a document, at a place that can be named."""
    move = situation.movement(item)
    return move is not None and move.relation not in PLACELESS


def in_force(situation: Situation, provision: str) -> list[Entry]:
    """Return the decisions in force on a provision and its movements, in their order."""
    return sorted(
        (
            entry
            for entries in situation.stood.standing.in_force.values()
            for entry in entries
            if entry.body.provision == provision and entry.body.kind is not Kind.CONFIRM
        ),
        key=lambda entry: entry.number,
    )


def against(situation: Situation, bodies: Iterable[Body]) -> dict[str, list[Entry]]:
    """Return for each item the decisions in force against a new one that it does not name."""
    standing, moves = situation.stood.standing, situation.found.moves
    found: dict[str, list[Entry]] = {}
    for body in bodies:
        if entries := conflicts(standing, moves, body):
            found.setdefault(body.item, []).extend(entries)
    return found


def naming(
    situation: Situation, bodies: Iterable[Body], shown: Iterable[int], *, supersede: bool
) -> list[Body]:
    """Return bodies that name the decisions against them: superseded, or left in force beside them.

    Only those of the numbers ``shown`` are named, which a person has seen: what was decided meanwhile
    still stands against the new decision.
    """
    seen = frozenset(shown)
    named = []
    for body in bodies:
        entries = against(situation, [body]).get(body.item, [])
        numbers = tuple(entry.number for entry in entries if entry.number in seen)
        if supersede:
            named.append(replace(body, replaces=(*body.replaces, *numbers)))
        else:
            named.append(replace(body, beside=(*body.beside, *numbers)))
    return named


def _is_open(situation: Situation, provision: str) -> bool:
    own = [move for move in situation.found.moves.values() if move.provision == provision]
    settled = any(entry.body.kind is Kind.SETTLE for entry in situation.stood.standing.of(provision))
    outcome = situation.stood.outcomes.get(provision, "")
    return settled or outcome in UNSETTLED or any(move.relation in OPEN for move in own)
