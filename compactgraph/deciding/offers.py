"""What can be decided now: which kinds of decision make sense on what, and what stands against one.

This helps a person to choose. :mod:`compactgraph.deciding.checks` refuses what does not fit.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from enum import StrEnum

from compactgraph.common.schemes import PLACELESS, UNSETTLED, UPHELD, Relation, Status
from compactgraph.deciding.checks import Situation
from compactgraph.decisions.effects import EFFECTIVE, Move, contradict, decision_of
from compactgraph.errors import EntryError, require_known
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
    return [move for move in situation.moves.values() if move.provision == provision]


def offers(situation: Situation, provision: str) -> dict[Kind, tuple[str, ...]]:
    """Return the kinds that make sense on a provision, each with the items that it can be on.

    An item is a movement, the provision itself, or a suspect of it, by its name.
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

    Nobody can agree to a question. An alternative is not amended, because the others would remain. What
    a decision made can only be marked as applied.
    """
    move = situation.moves.get(item)
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
    """Return those of some items that await a decision of ``kind``."""
    if kind is Kind.APPLY:
        return [item for item in items if situation.stood.status_of(item) == Status.AGREED]
    return [item for item in items if not situation.stood.standing.of(item)]


def movements_of(situation: Situation, named: str, kind: Kind) -> list[str]:
    """Return the movements that a person means by the name of a movement or a provision.

    Of a provision they are those that can be decided so: for APPLY the agreed ones, otherwise the
    undecided ones, or if all are decided, all that the review recommends. Nobody can agree to a
    question. Raises UnknownNameError for an unknown name, and EntryError if a provision has none.
    """
    if named in situation.moves:
        return [named]
    found = situation.found
    require_known("movement or provision", named, {*found.provisions, *situation.moves})
    own = [move.identifier for move in movements(situation, named)]
    if kind is Kind.APPLY:
        chosen = awaited(situation, own, kind)
    else:
        recommended = [name for name in own if name in found.moves]
        if kind is Kind.AGREE:
            recommended = [n for n in recommended if found.moves[n].relation != Relation.QUESTION]
        chosen = awaited(situation, recommended, kind) or recommended
    choice = [move for move in alternatives(situation, named) if move.identifier in chosen]
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
    """Return the alternatives of a provision: to settle it is to choose one."""
    return [move for move in movements(situation, provision) if move.relation == Relation.EITHER]


def rivals(situation: Situation, items: Iterable[str]) -> list[Move]:
    """Return those of some movements that are alternatives of one another."""
    moves = [situation.found.moves[item] for item in items if item in situation.found.moves]
    either = [move for move in moves if move.relation == Relation.EITHER]
    bases = [move.basis for move in either]
    return [move for move in either if bases.count(move.basis) > 1]


def suspects(situation: Situation, provision: str) -> list[str]:
    """Return what is suspect of a provision: decisions on it, and readings of what is said of it."""
    of = situation.provision_of_suspect
    return [suspect for suspect in situation.stood.suspects if of(suspect) == provision]


def needs_place(situation: Situation, item: str) -> bool:
    """Say whether an applied movement must name its place in the document that receives it."""
    move = situation.moves.get(item)
    return move is not None and move.relation not in PLACELESS


def in_force(situation: Situation, provision: str) -> list[Entry]:
    """Return the decisions in force on a provision and its movements, in their order."""
    entries = situation.in_force.get(provision, [])
    return [entry for entry in entries if entry.body.kind is not Kind.CONFIRM]


def bearing(situation: Situation, item: str, provision: str) -> list[Entry]:
    """Return the decisions in force that say what becomes of an item, the earliest first."""
    asked = Body(Kind.AGREE, (), "", item=item)
    return [
        entry
        for entry in situation.in_force.get(provision, [])
        if entry.body.kind in EFFECTIVE
        and (
            entry.body.item in (item, provision)
            or entry.number == decision_of(item)
            or contradict(entry.body, asked, situation.found.moves)
        )
    ]


def against(situation: Situation, bodies: Iterable[Body]) -> dict[int, Entry]:
    """Return the decisions in force against new ones that do not name them, by number."""
    return {entry.number: entry for body in bodies for entry in situation.against(body)}


def naming(
    situation: Situation, bodies: Iterable[Body], shown: Iterable[int], *, supersede: bool
) -> list[Body]:
    """Return bodies that supersede the decisions against them, or leave them in force beside.

    They name only the numbers ``shown``, which a person has seen. What was decided meanwhile still
    stands against them.
    """
    seen = frozenset(shown)

    def one(body: Body) -> Body:
        numbers = tuple(entry.number for entry in situation.against(body) if entry.number in seen)
        if supersede:
            return replace(body, replaces=(*body.replaces, *numbers))
        return replace(body, beside=(*body.beside, *numbers))

    return [one(body) for body in bodies]


def _is_open(situation: Situation, provision: str) -> bool:
    settled = any(entry.body.kind is Kind.SETTLE for entry in situation.stood.standing.of(provision))
    outcome = situation.stood.outcomes.get(provision, "")
    return settled or outcome in UNSETTLED or bool(situation.left_open(provision))
