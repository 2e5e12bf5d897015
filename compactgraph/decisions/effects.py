"""Which decisions on a review are in force on a given day, and what they make of its movements.

The rules:

- a decision is in force until another, in force or not, replaces it; what was replaced stays replaced;
- of several in force on one item the later one holds, by its day, then by its number; if they decide
  different things the item is contested, and says so;
- to agree to one of several alternatives settles the others;
- to amend a movement puts what is decided in its place;
- to decide a provision settles what was left open of it: its alternatives and its questions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from compactgraph.common.identifiers import MovementName, parse_name
from compactgraph.common.schemes import OPEN, Relation, Status
from compactgraph.register.entry import Body, Entry, Kind

_SETTLING = frozenset({Kind.AGREE, Kind.REJECT, Kind.AMEND, Kind.SETTLE})
EFFECTIVE = _SETTLING | {Kind.APPLY}
"""The kinds that say what becomes of an item; a note and a confirmation do not."""


@dataclass(frozen=True)
class Move:
    """A movement that the review recommends, by identifiers; ``to`` may be empty."""

    identifier: str
    provision: str
    basis: str
    relation: str
    to: str


@dataclass(frozen=True)
class Decided:
    """What a decision puts in the place of a recommendation; the same rules read it.

    ``basis`` is the recommendation of the amended movement, if any.
    """

    number: int
    provision: str
    basis: str
    dispositions: tuple[str, ...]
    reasons: tuple[str, ...]
    to: str

    @property
    def name(self) -> str:
        """The name under which the rules read it: ``d7``."""
        return f"d{self.number}"


@dataclass
class Standing:
    """How the movements and provisions of a review stand.

    ``statuses`` has a status for each recommended movement, ``settled`` the movements that no longer
    count for the outcome, ``chosen`` the alternatives that were agreed to. ``decided`` is what decisions
    add, ``applied`` the movements from it that are applied. ``in_force`` has the entries in force by
    item, notes included; ``superseded`` the number that replaced each other entry; ``contested`` the
    items on which decisions in force disagree; ``void`` the numbers of decisions on an item or a
    provision that the review lacks.
    """

    statuses: dict[str, str] = field(default_factory=dict)
    settled: set[str] = field(default_factory=set)
    chosen: set[str] = field(default_factory=set)
    decided: list[Decided] = field(default_factory=list)
    applied: set[str] = field(default_factory=set)
    in_force: dict[str, list[Entry]] = field(default_factory=dict)
    superseded: dict[int, int] = field(default_factory=dict)
    contested: dict[str, list[int]] = field(default_factory=dict)
    void: list[int] = field(default_factory=list)

    def of(self, item: str) -> list[Entry]:
        """Return the decisions in force on an item, without notes and confirmations."""
        return [entry for entry in self.in_force.get(item, []) if entry.body.kind in EFFECTIVE]


def until(entries: Iterable[Entry], day: str | None) -> list[Entry]:
    """Return the entries of days up to ``day``, or all, in the order in which they hold."""
    chosen = [entry for entry in entries if day is None or entry.body.date <= day]
    return sorted(chosen, key=lambda entry: (entry.body.date, entry.number))


def fold(moves: Sequence[Move], provisions: Iterable[str], entries: Iterable[Entry]) -> Standing:
    """Return how the movements and provisions stand after ``entries``, which :func:`until` returned."""
    decisions = [entry for entry in entries if not entry.body.is_draft]
    standing = Standing(statuses={move.identifier: Status.RECOMMENDED for move in moves})
    for entry in decisions:
        for number in entry.body.replaces:
            standing.superseded.setdefault(number, entry.number)
    held = [entry for entry in decisions if entry.number not in standing.superseded]
    for entry in held:
        standing.in_force.setdefault(entry.body.item, []).append(entry)
    _Fold(standing, moves, set(provisions)).run(held)
    return standing


class _Fold:
    def __init__(self, standing: Standing, moves: Sequence[Move], provisions: set[str]) -> None:
        self._standing = standing
        self._moves = {move.identifier: move for move in moves}
        self._provisions = provisions

    def run(self, held: Sequence[Entry]) -> None:
        settling = []
        for entry in held:
            if entry.body.kind in _SETTLING:
                if self._has_item(entry.body):
                    settling.append(entry)
                else:
                    self._standing.void.append(entry.number)
        self._note_contested(settling)
        last = {entry.body.item: entry for entry in settling}
        for entry in settling:
            if last[entry.body.item] is entry:
                self._settle(entry)
        for entry in held:
            if entry.body.kind is Kind.APPLY:
                self._apply(entry)

    def _has_item(self, body: Body) -> bool:
        if body.kind is Kind.SETTLE:
            return body.item in self._provisions
        known = body.kind is not Kind.AMEND or not body.provision or body.provision in self._provisions
        return known and body.item in self._moves

    def _note_contested(self, settling: Sequence[Entry]) -> None:
        earlier: dict[str, list[Entry]] = {}
        for entry in settling:
            move = self._moves.get(entry.body.item)
            on_the_same = earlier.setdefault(move.provision if move else entry.body.item, [])
            for other in on_the_same:
                one, two = other.body, entry.body
                if contradict(one, two, self._moves) and not _agree_with(one, two, self._moves):
                    for item in dict.fromkeys((one.item, two.item)):
                        numbers = self._standing.contested.setdefault(item, [])
                        numbers += [n for n in (other.number, entry.number) if n not in numbers]
            on_the_same.append(entry)

    def _settle(self, entry: Entry) -> None:
        body = entry.body
        if body.kind is Kind.SETTLE:
            self._decide(entry)
            return
        move = self._moves[body.item]
        if body.kind is Kind.AGREE:
            self._agree(move)
        else:
            self._give_up(move)
            if body.kind is Kind.AMEND:
                self._put(entry, move.basis)

    def _agree(self, move: Move) -> None:
        standing = self._standing
        standing.statuses[move.identifier] = Status.AGREED
        standing.settled.discard(move.identifier)
        if move.relation == Relation.EITHER:
            standing.chosen.add(move.identifier)
            for other in self._moves.values():
                alternative = other.basis == move.basis and other.relation == Relation.EITHER
                agreed_too = other.identifier in standing.chosen or self._has_its_own(other)
                if alternative and not agreed_too:
                    self._give_up(other)

    def _has_its_own(self, move: Move) -> bool:
        """Say whether a decision on the movement itself settles it."""
        held = self._standing.of(move.identifier)
        return any(entry.body.kind in _SETTLING and self._has_item(entry.body) for entry in held)

    def _give_up(self, move: Move, status: str = Status.REJECTED) -> None:
        self._standing.statuses[move.identifier] = status
        self._standing.settled.add(move.identifier)

    def _decide(self, entry: Entry) -> None:
        body = entry.body
        left_open = [
            move
            for move in self._moves.values()
            if move.provision == body.item and move.relation in OPEN and not self._has_its_own(move)
        ]
        chosen = next((m for m in left_open if is_chosen(body, m)), None)
        if chosen is None and body.dispositions:
            self._put(entry, "")
        for move in left_open:
            if move is chosen:
                self._agree(move)
            else:
                self._give_up(move, Status.AGREED if _answers(body, move) else Status.REJECTED)

    def _put(self, entry: Entry, basis: str) -> None:
        body = entry.body
        provision = body.provision or body.item
        self._standing.decided.append(
            Decided(entry.number, provision, basis, body.dispositions, body.reasons, body.to)
        )

    def _apply(self, entry: Entry) -> None:
        item, standing = entry.body.item, self._standing
        if item in self._moves:
            if standing.statuses[item] == Status.AGREED:
                standing.statuses[item] = Status.APPLIED
        elif decision_of(item) in {decided.number for decided in standing.decided}:
            standing.applied.add(item)
        else:
            standing.void.append(entry.number)


def is_chosen(body: Body, move: Move) -> bool:
    """Say whether a decision on a provision only chooses the alternative ``move``."""
    return move.relation == Relation.EITHER and move.to == body.to and not body.dispositions


def decision_of(movement: str) -> int | None:
    """Return the number of the decision that made a movement (``d7/moves/…``), or None."""
    name = parse_name(movement)
    return name.decision if isinstance(name, MovementName) else None


def _answers(body: Body, move: Move) -> bool:
    return move.relation == Relation.QUESTION and bool(body.to) and move.to == body.to


def _agree_with(one: Body, two: Body, moves: Mapping[str, Move]) -> bool:
    """Say whether two decisions that :func:`contradict` names decide the same."""
    if one.item == two.item:
        return _content(one) == _content(two)
    for decided, other in ((one, two), (two, one)):
        move = moves.get(other.item)
        if decided.kind is Kind.SETTLE and move is not None:
            taken = is_chosen(decided, move) or _answers(decided, move)
            return other.kind is (Kind.AGREE if taken else Kind.REJECT)
    return False


def _content(body: Body) -> tuple[object, ...]:
    return (body.kind, frozenset(body.dispositions), frozenset(body.reasons), body.to)


def contradict(one: Body, two: Body, moves: Mapping[str, Move]) -> bool:
    """Say whether at most one of two decisions can hold, unless one names the other.

    That is true of two on one item, of agreements to two alternatives, and of one on a provision and one
    on a movement that the provision leaves open.
    """
    if one.item == two.item:
        return one.kind in EFFECTIVE and two.kind in EFFECTIVE
    if one.kind not in _SETTLING or two.kind not in _SETTLING:
        return False
    first, second = moves.get(one.item), moves.get(two.item)
    if first is not None and second is not None:
        alternatives = first.relation == second.relation == Relation.EITHER
        both_agreed = one.kind is two.kind is Kind.AGREE
        return both_agreed and alternatives and first.basis == second.basis
    for decided, move in ((one, second), (two, first)):
        if decided.kind is Kind.SETTLE and move is not None:
            return move.provision == decided.item and move.relation in OPEN
    return False


def conflicts(in_force: Iterable[Entry], moves: Mapping[str, Move], body: Body) -> list[Entry]:
    """Return the decisions in force that a new one would contradict and does not name.

    To apply something contradicts only another decision that applies it.
    """
    named = {*body.replaces, *body.beside}
    found = [
        entry
        for entry in in_force
        if contradict(entry.body, body, moves)
        and entry.number not in named
        and not (body.kind is Kind.APPLY and entry.body.kind is not Kind.APPLY)
    ]
    return sorted(found, key=lambda entry: entry.number)
