"""Checks a decision against the review, and adds its provision and the fingerprints of its words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import chain

from compactgraph.common.identifiers import (
    DecisionName,
    DraftedName,
    ReadingName,
    parse_name,
    provision_of,
)
from compactgraph.common.schemes import (
    DECIDED_DISPOSITIONS,
    OPEN,
    PLACELESS,
    STAYING,
    UNSETTLED,
    UPHELD,
    Disposition,
    Relation,
    Status,
)
from compactgraph.decisions.effects import Move, conflicts, decision_of, fold, is_chosen, until
from compactgraph.decisions.reviewed import Read
from compactgraph.decisions.standing import Stood
from compactgraph.decisions.suspects import now
from compactgraph.errors import EntryError, require_known
from compactgraph.register.entry import Body, Entry, Head, Kind


@dataclass(frozen=True)
class Situation:
    """How a review stands, and after which entries."""

    stood: Stood
    entries: tuple[Entry, ...]

    @property
    def found(self) -> Read:
        """What the graph says of the review apart from decisions."""
        return self.stood.found

    @property
    def head(self) -> Head:
        """The last entry's head."""
        return self.entries[-1].head if self.entries else Head()

    def by_number(self, number: int) -> Entry | None:
        """Return the entry of a number."""
        return self.entries[number - 1] if 0 < number <= len(self.entries) else None

    @cached_property
    def in_force(self) -> dict[str, list[Entry]]:
        """The entries in force by the provision that they are on, the earliest first."""
        every = chain.from_iterable(self.stood.standing.in_force.values())
        found: dict[str, list[Entry]] = {}
        for entry in sorted(every, key=lambda entry: entry.number):
            found.setdefault(entry.body.provision, []).append(entry)
        return found

    def against(self, body: Body) -> list[Entry]:
        """Return the decisions in force that a body contradicts and does not name, in their order."""
        every = chain.from_iterable(self.stood.standing.in_force.values())
        return conflicts(every, self.found.moves, body)

    @cached_property
    def moves(self) -> dict[str, Move]:
        """The movements by name: those that the review recommends, then those that were decided."""
        return {**self.found.moves, **self.stood.decided}

    def left_open(self, provision: str) -> list[Move]:
        """Return the alternatives and questions that the review recommends on a provision."""
        every = self.found.moves.values()
        return [move for move in every if move.provision == provision and move.relation in OPEN]

    def provision_of_suspect(self, suspect: str) -> str:
        """Return the provision that a suspect decision or reading is on, empty if it is on none."""
        match parse_name(suspect):
            case DecisionName(number):
                entry = self.by_number(number)
                return entry.body.provision if entry else ""
            case ReadingName() as reading:
                return provision_of(self.found.readings[reading.name][1])
        return ""


def completed(situation: Situation, body: Body) -> Body:
    """Return a body with its provision and the fingerprints of its words.

    Raises EntryError if it does not fit the review, and UnknownNameError for an unknown name.
    """
    _check_replaced(situation, body)
    return _COMPLETE[body.kind](situation, body)


def refuse_future(day: date, today: date | None = None) -> None:
    """Raise EntryError if a decision's day is after today."""
    if day > (today or date.today()):
        raise EntryError(f"{day.isoformat()} is in the future; give the day on which it was decided")


def _check_replaced(situation: Situation, body: Body) -> None:
    for number in (*body.replaces, *body.beside):
        earlier = situation.by_number(number)
        if earlier is None or earlier.body.is_draft:
            raise EntryError(f"decision d{number} is unknown; name one that is recorded")
        if number in situation.stood.standing.superseded:
            by = situation.stood.standing.superseded[number]
            raise EntryError(f"decision d{number} was replaced by d{by} already; name that one")
        if number not in body.replaces:
            continue
        if body.kind is Kind.APPLY and earlier.body.kind is not Kind.APPLY:
            raise EntryError(
                f"decision d{number} is what is applied, and stays in force; "
                "only another word that it is applied can be superseded by this one"
            )
        if not _same_matter(situation, earlier.body, body):
            raise EntryError(
                f"decision d{number} is on {earlier.body.item}, and this one on {body.item}; "
                "a decision replaces one on the same provision"
            )


def _same_matter(situation: Situation, one: Body, two: Body) -> bool:
    def matter(body: Body) -> str:
        move = situation.moves.get(body.item)
        return body.provision or (move.provision if move else body.item)

    return one.item == two.item or matter(one) == matter(two)


def _on_a_movement(situation: Situation, body: Body) -> Body:
    require_known("movement", body.item, situation.moves)
    move = situation.moves[body.item]
    if move.identifier in situation.stood.decided and body.kind not in (Kind.APPLY, Kind.NOTE):
        raise EntryError(
            f"{move.identifier} was decided by d{decision_of(move.identifier)}; "
            "replace that decision by another on its item"
        )
    return _with_words(situation, replace(body, provision=move.provision))


def _agreed(situation: Situation, body: Body) -> Body:
    _refuse_content(body)
    move = situation.moves.get(body.item)
    if body.kind is Kind.AGREE and move is not None and move.relation == Relation.QUESTION:
        raise EntryError(
            f"{body.item} asks something, and there is nothing in it to agree to; "
            f"settle {move.provision}, or reject it"
        )
    return _on_a_movement(situation, body)


def _amended(situation: Situation, body: Body) -> Body:
    return _with_content(situation, _on_a_movement(situation, body))


def _settled(situation: Situation, body: Body) -> Body:
    found = situation.found
    require_known("provision", body.item, found.provisions)
    left_open = situation.left_open(body.item)
    outcome = situation.stood.outcomes.get(body.item, "")
    if outcome not in UNSETTLED and not left_open and not body.replaces:
        raise EntryError(
            f"{body.item} is {outcome}, and nothing of it is open; "
            "agree to its movements, reject them or amend them"
        )
    complete = _with_words(situation, replace(body, provision=body.item))
    if any(is_chosen(complete, move) for move in left_open):
        require_known("reference", complete.to, found.references)
        _check_reasons(found, complete)
        return complete
    return _with_content(situation, complete)


def _applied(situation: Situation, body: Body) -> Body:
    _refuse_content(body)
    complete = _on_a_movement(situation, body)
    status = situation.stood.status_of(body.item)
    if status == Status.APPLIED:
        return complete  # If this is said twice, the two are in conflict.
    if status != Status.AGREED:
        raise EntryError(
            f"{body.item} is {status}; only what was agreed can be applied, so agree to it first"
        )
    move = situation.moves.get(body.item)
    if not _was_agreed(situation, body.item, body.date):
        raise EntryError(
            f"{body.item} was not agreed yet on {body.date}; give the day on which it was applied"
        )
    if move and not body.place and move.relation not in PLACELESS:
        raise EntryError(
            f"{body.item} goes to a document; say at which place in it the matter now stands"
        )
    if isinstance(parse_name(body.place), DraftedName):
        words = situation.stood.drafts.provision(body.place)
        if words is None:
            raise EntryError(f"no draft has {body.place}; name a provision of the latest one")
        prints = {**complete.fingerprints, body.place: words.fingerprint}
        return replace(complete, fingerprints=prints)
    return complete


def _was_agreed(situation: Situation, item: str, day: str) -> bool:
    """Say whether a movement was agreed on a day, by the decisions up to it."""
    found = situation.found
    standing = fold(list(found.moves.values()), found.provisions, until(situation.entries, day))
    made = {decided.number for decided in standing.decided}
    return standing.statuses.get(item) in UPHELD or decision_of(item) in made


def _noted(situation: Situation, body: Body) -> Body:
    _refuse_content(body)
    if not body.why:
        raise EntryError("a note needs its words; give them as its reason")
    if body.item in situation.found.provisions:
        return _with_words(situation, replace(body, provision=body.item))
    return _on_a_movement(situation, body)


def _confirmed(situation: Situation, body: Body) -> Body:
    _refuse_content(body)
    suspects = situation.stood.suspects
    if not suspects:
        raise EntryError(f"{body.item} is not suspect, and nothing else is")
    require_known("suspect", body.item, suspects)
    found, drafts = situation.found, situation.stood.drafts
    if any(now(found, drafts, text) != print_ for text, print_ in body.fingerprints.items()):
        raise EntryError(
            f"the words on which {body.item} rests have changed since they were shown; read them again"
        )
    texts = sorted({*situation.stood.resting[body.item], *suspects[body.item]})
    prints = {text: print_ for text in texts if (print_ := now(found, drafts, text))}
    return replace(body, provision=situation.provision_of_suspect(body.item), fingerprints=prints)


_COMPLETE: dict[Kind, Callable[[Situation, Body], Body]] = {
    Kind.AGREE: _agreed,
    Kind.REJECT: _agreed,
    Kind.AMEND: _amended,
    Kind.SETTLE: _settled,
    Kind.APPLY: _applied,
    Kind.NOTE: _noted,
    Kind.CONFIRM: _confirmed,
}


def _with_words(situation: Situation, body: Body) -> Body:
    """Return a body with the fingerprints of its provision; refuse one that was made on other words."""
    prints = situation.found.prints_of(body.provision)
    if body.fingerprints and dict(body.fingerprints) != prints:
        raise EntryError(
            f"the words of {body.provision}, or what is said of it, have changed since they were shown; "
            "read them again, and decide on them"
        )
    return replace(body, fingerprints=prints)


def _refuse_content(body: Body) -> None:
    if body.dispositions or body.reasons or body.to:
        raise EntryError(
            f"to {body.kind} takes what is recommended as it is; to decide something else, amend it"
        )


def _with_content(situation: Situation, body: Body) -> Body:
    """Return a body, if what it decides in place of a recommendation is valid."""
    found = situation.found
    if not body.dispositions:
        raise EntryError(
            f"{body.item}: say what is decided, as a disposition: {', '.join(DECIDED_DISPOSITIONS)}"
        )
    for disposition in body.dispositions:
        require_known("disposition of a decision", disposition, DECIDED_DISPOSITIONS)
    staying = [d for d in body.dispositions if d in STAYING]
    if body.to:
        require_known("reference", body.to, found.references)
        if body.to == found.successor and not staying:
            raise EntryError(
                f"{body.to} is where what is kept stays; decide to keep, change or add it there"
            )
        if body.to != found.successor and staying:
            raise EntryError(
                f"what is decided to be {staying[0]} stays in {found.successor}; "
                f"for {body.to} decide to remove it there, or to refer to it"
            )
    elif Disposition.REFER in body.dispositions:
        raise EntryError(f"{body.item}: to refer needs a document; name it as the destination")
    _check_reasons(found, body)
    return body


def _check_reasons(found: Read, body: Body) -> None:
    for reason in body.reasons:
        require_known("reason of a decision", reason, found.reasons)
    if body.reasons and Disposition.REMOVE not in body.dispositions:
        raise EntryError("a reason term says why something is removed; give other grounds in words")
