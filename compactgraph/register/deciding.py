"""How a decision is checked and written: what it is on, whether it stands against another, its shape.

What a person enters is completed from the graph (which provision, on which words), checked, written to
the register, and then taken into the graph. Nothing is written where any of several is refused. Entries
on drafts go the same way: see :mod:`compactgraph.register.drafting`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

from compactgraph.build import known_in_graph, refuse_older, take_in_decisions
from compactgraph.dataset import Dataset
from compactgraph.errors import (
    CompactgraphError,
    ConflictError,
    EntryError,
    StoreBusyError,
    UnknownNameError,
    shorten,
)
from compactgraph.findings import Finding, Severity
from compactgraph.identifiers import provision_of
from compactgraph.register.chain import entries_of, following
from compactgraph.register.drafting import drafted
from compactgraph.register.drafts import drafts_of, parse_name
from compactgraph.register.entries import LONGEST, Body, Entry, Head, Kind, day_of
from compactgraph.register.fold import (
    AGREED,
    APPLIED,
    EITHER,
    OPEN,
    Move,
    conflicts,
    contradict,
    decision_of,
    fold,
    is_chosen,
    until,
)
from compactgraph.register.place import Register, register_at
from compactgraph.register.review import Read, names_in, quads_of_review
from compactgraph.register.standing import Stood, in_memory, stand
from compactgraph.register.statements import state
from compactgraph.register.suspects import now
from compactgraph.register.words import keeping, kept_words
from compactgraph.storage import Location, open_dataset
from compactgraph.validation import validate_quads

DISPOSITIONS = ("keep", "keep-with-revision", "change", "remove", "refer", "add")
"""The dispositions that a decision can have: what it does is settled, so that none considers."""

STAYING = frozenset({"keep", "keep-with-revision", "change", "add"})
"""Those of them that leave the matter in the succeeding agreement."""

PATIENCE = 20.0
"""For how many seconds a build is waited for, after a decision was written, before the graph is left."""

SHAPES = ("decision", "draft")
"""The files of shapes by which what people enter is checked before it is written."""

_LOOK_AGAIN = 0.2


@dataclass(frozen=True)
class Recorded:
    """What was written; ``notice`` is empty, or says why the graph does not show it yet."""

    entries: tuple[Entry, ...]
    notice: str = ""


@dataclass(frozen=True)
class Situation:
    """What a decision is made in: how the review stands now, and on what entries."""

    stood: Stood
    entries: tuple[Entry, ...]

    @property
    def found(self) -> Read:
        """What the graph says of the review before anything was decided."""
        return self.stood.found

    def by_number(self, number: int) -> Entry | None:
        """Return the entry of a number."""
        return self.entries[number - 1] if 0 < number <= len(self.entries) else None


class Desk:
    """Where decisions on one review are made; it reads the graph once, and the register each time."""

    def __init__(self, location: Location, ontology: Path, review: str) -> None:
        """Open the store at ``location``; raise StoreError where there is none."""
        self.location = location
        self.review = review
        self.register: Register = register_at(location)
        self.ontology = ontology
        self._known, self._read = quads_of_review(open_dataset(location), review)

    def situation(self, entries: Sequence[Entry] | None = None) -> Situation:
        """Return how the review stands now, or after ``entries``.

        Raises RegisterError where the register is not whole.
        """
        given = entries
        if given is None:
            given = entries_of(self.review, self.register.kept(self.review))
        stood = stand(self.ontology, self.review, self._known, self._read, given)
        return Situation(stood, tuple(given))

    def dataset(self, situation: Situation) -> Dataset:
        """Return a store in memory that holds the review as it stands in a situation."""
        return in_memory(self._known, self._read, situation.stood)

    def record(self, bodies: Sequence[Body], recorder: str, after: Head | None = None) -> Recorded:
        """Write decisions, all or none, and take them into the graph.

        ``bodies`` need no ``provision`` and no ``fingerprints``: they are completed. Where fingerprints
        are given, they are those of the words that the person was shown. ``recorder`` is the account
        that writes. ``after`` is the last entry that the person knew of, where they must know of all.

        Raises EntryError where one does not fit the review or breaks a shape, UnknownNameError for a
        name nobody knows, ConflictError where decisions in force stand against one that does not name
        them or entries have come after ``after``, and RegisterError where the register cannot be
        written, or lacks decisions with which the graph was made.
        """
        known = known_in_graph(self.location, self.review)

        def made(held: Sequence[Entry]) -> list[Entry]:
            refuse_older(self.register, self.review, known, (entry.hash for entry in held))
            if after is not None:
                _refuse_others_since(after, held)
            return self.check(bodies, held, recorder)

        entries = self.register.append(self.review, made)
        return Recorded(tuple(entries), self._take_in())

    def check(self, bodies: Sequence[Body], held: Sequence[Entry], recorder: str) -> list[Entry]:
        """Return decisions as the entries that would follow ``held``; raises as :meth:`record` does."""
        situation = self.situation(held)
        complete: list[Body] = []
        drafts = situation.stood.drafts
        for body in bodies:
            _check_who_and_when(body)
            if body.is_draft:
                complete.append(drafted(situation.found, drafts, body))
                made = following(self.review, held, complete, recorder, "")
                drafts = drafts_of([*held, *made])
                continue
            checked = completed(situation, body)
            _refuse_conflicts(situation, checked, complete)
            complete.append(checked)
        return self.shaped(complete, situation, recorder)

    def shaped(self, bodies: Iterable[Body], situation: Situation, recorder: str) -> list[Entry]:
        """Return complete bodies as entries; raise EntryError where one breaks a shape."""
        recorded = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        complete = keeping(bodies, situation.found.words, situation.entries)
        made = following(self.review, situation.entries, complete, recorder, recorded)
        for entry in made:
            if len(entry.text()) > LONGEST:
                raise EntryError(f"{entry.body.item}: more than {LONGEST:,} characters; say it in fewer")
        for finding in self.findings(made, situation):
            if finding.severity is Severity.VIOLATION:
                raise EntryError(finding.message)
        return made

    def findings(self, made: Sequence[Entry], situation: Situation) -> list[Finding]:
        """Return what the shapes find in entries that are to be written."""
        names = names_in(situation.found)
        entries = [*situation.entries, *made]
        kept = kept_words(entries)
        quads = state(names, made, drafts_of(entries), situation.found.language, kept)
        return validate_quads(self.ontology, quads, SHAPES)

    def _take_in(self) -> str:
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                take_in_decisions(self.ontology, self.location)
                return ""
            except StoreBusyError:
                if time.monotonic() > deadline:
                    return "It is recorded; the graph will show it when the build under way is done."
                time.sleep(_LOOK_AGAIN)
            except (CompactgraphError, OSError) as error:
                return f"It is recorded; the graph does not show it yet: {error}"


def _refuse_others_since(after: Head, held: Sequence[Entry]) -> None:
    if held and held[-1].head != after:
        since = [entry for entry in held if entry.number > after.number] or held[-1:]
        raise ConflictError(
            f"{', '.join(entry.name for entry in since)} came meanwhile; look at it first",
            [entry.number for entry in since],
        )


# What a decision is on


def completed(situation: Situation, body: Body) -> Body:
    """Return a body with its provision and the fingerprints of the words that it is made on.

    Raises EntryError where it does not fit the review, and UnknownNameError for an unknown name.
    """
    _check_replaced(situation, body)
    return _COMPLETE[body.kind](situation, body)


def _check_who_and_when(body: Body) -> None:
    if not body.by:
        raise EntryError("the name of who decides or writes is missing; give at least one")
    if day_of(body.date) > date.today():
        raise EntryError(f"{body.date} is in the future; give the day on which it was decided")


def _check_replaced(situation: Situation, body: Body) -> None:
    for number in (*body.replaces, *body.beside):
        earlier = situation.by_number(number)
        if earlier is None or earlier.body.is_draft:
            raise EntryError(f"there is no decision d{number}; name one of those recorded")
        if number in situation.stood.standing.superseded:
            by = situation.stood.standing.superseded[number]
            raise EntryError(f"decision d{number} was replaced by d{by} already; name that one")
    for number in body.replaces:
        earlier = situation.by_number(number)
        if body.kind is Kind.APPLY and earlier is not None and earlier.body.kind is not Kind.APPLY:
            raise EntryError(
                f"decision d{number} is what is applied, and stays in force; "
                "only another word that it is applied can be superseded by this one"
            )
        if earlier is not None and not _same_matter(situation, earlier.body, body):
            raise EntryError(
                f"decision d{number} is on {earlier.body.item}, and this one on {body.item}; "
                "a decision replaces one on the same provision"
            )


def _same_matter(situation: Situation, one: Body, two: Body) -> bool:
    def matter(body: Body) -> str:
        move = _movement(situation, body.item)
        return body.provision or (move.provision if move else body.item)

    return one.item == two.item or matter(one) == matter(two)


def _movement(situation: Situation, identifier: str) -> Move | None:
    return situation.found.moves.get(identifier) or situation.stood.decided.get(identifier)


def _on_a_movement(situation: Situation, body: Body) -> Body:
    move = _movement(situation, body.item)
    if move is None:
        known = [*situation.found.moves, *situation.stood.decided]
        raise UnknownNameError("movement", body.item, known)
    if move.identifier in situation.stood.decided and body.kind not in (Kind.APPLY, Kind.NOTE):
        number = move.identifier.partition("/")[0]
        raise EntryError(
            f"{move.identifier} was decided by {number}; replace that decision by another on its item"
        )
    return _with_words(situation, replace(body, provision=move.provision))


def _agreed(situation: Situation, body: Body) -> Body:
    _refuse_content(body)
    return _on_a_movement(situation, body)


def _amended(situation: Situation, body: Body) -> Body:
    return _with_content(situation, _on_a_movement(situation, body))


def _settled(situation: Situation, body: Body) -> Body:
    found = situation.found
    if body.item not in found.provisions:
        raise UnknownNameError("provision", body.item, found.provisions)
    left_open = [m for m in found.moves.values() if m.provision == body.item and m.relation in OPEN]
    outcome = situation.stood.outcomes.get(body.item, "")
    if outcome not in ("undecided", "either") and not left_open and not body.replaces:
        raise EntryError(
            f"{body.item} is {outcome}, and nothing of it is open; "
            "agree to its movements, reject them or amend them"
        )
    complete = _with_words(situation, replace(body, provision=body.item))
    if any(is_chosen(complete, move) for move in left_open):
        _known_reference(found, complete.to)
        _check_reasons(found, complete)
        return complete
    return _with_content(situation, complete)


def _applied(situation: Situation, body: Body) -> Body:
    _refuse_content(body)
    complete = _on_a_movement(situation, body)
    status = situation.stood.status_of(body.item)
    if status == APPLIED:
        return complete  # Whether this is said twice is a matter of conflicts.
    if status != AGREED:
        raise EntryError(
            f"{body.item} is {status}; only what was agreed can be applied, so agree to it first"
        )
    move = _movement(situation, body.item)
    if not _was_agreed(situation, body.item, body.date):
        raise EntryError(
            f"{body.item} was not agreed yet on {body.date}; give the day on which it was applied"
        )
    if move and not body.place and move.relation not in ("dropped", "absorbed", "question"):
        raise EntryError(
            f"{body.item} goes to a document; say at which place in it the matter now stands"
        )
    if parse_name(body.place):
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
    return standing.statuses.get(item) in (AGREED, APPLIED) or decision_of(item) in made


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
    if body.item not in suspects:
        if not suspects:
            raise EntryError(f"{body.item} is not suspect, and nothing else is")
        raise UnknownNameError("suspect", body.item, suspects)
    kind, _, name = body.item.partition("/")
    found, drafts = situation.found, situation.stood.drafts
    if any(now(found, drafts, text) != print_ for text, print_ in body.fingerprints.items()):
        raise EntryError(
            f"the words on which {body.item} rests have changed since they were shown; read them again"
        )
    provision = ""
    if kind == "decision":
        earlier = situation.by_number(int(name))
        provision = earlier.body.provision if earlier else ""
    elif kind == "reading":
        provision = provision_of(found.readings[name][1])
    texts = sorted({*situation.stood.resting[body.item], *suspects[body.item]})
    prints = {text: print_ for text in texts if (print_ := now(found, drafts, text))}
    return replace(body, provision=provision, fingerprints=prints)


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
    """Return a body with the words of its provision as they are; refuse one that was made on others."""
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
    """Check what is decided in the place of what was recommended."""
    found = situation.found
    if not body.dispositions:
        raise EntryError(
            f"{body.item}: say what is decided, as a disposition: {', '.join(DISPOSITIONS)}"
        )
    for disposition in body.dispositions:
        if disposition not in DISPOSITIONS:
            raise UnknownNameError("disposition of a decision", disposition, DISPOSITIONS)
    staying = [d for d in body.dispositions if d in STAYING]
    if body.to:
        _known_reference(found, body.to)
        if body.to == found.successor and not staying:
            raise EntryError(
                f"{body.to} is where what is kept stays; decide to keep, change or add it there"
            )
        if body.to != found.successor and staying:
            raise EntryError(
                f"what is decided to be {staying[0]} stays in {found.successor}; "
                f"for {body.to} decide to remove it there, or to refer to it"
            )
    elif "refer" in body.dispositions:
        raise EntryError(f"{body.item}: to refer needs a document; name it as the destination")
    _check_reasons(found, body)
    return body


def _check_reasons(found: Read, body: Body) -> None:
    for reason in body.reasons:
        if reason not in found.reasons:
            raise UnknownNameError("reason of a decision", reason, found.reasons)
    if body.reasons and "remove" not in body.dispositions:
        raise EntryError("a reason term says why something is removed; give other grounds in words")


def _known_reference(found: Read, identifier: str) -> None:
    if identifier not in found.references:
        raise UnknownNameError("reference", identifier, found.references)


def _refuse_conflicts(situation: Situation, body: Body, together: Sequence[Body]) -> None:
    standing = situation.stood.standing
    against = conflicts(standing, situation.found.moves, body)
    if against:
        raise ConflictError(conflict_sentence(body, against), [entry.number for entry in against])
    for other in together:
        if not contradict(other, body, situation.found.moves):
            continue
        if other.item == body.item:
            raise EntryError(f"{body.item} is decided twice in what was entered; decide it once")
        raise EntryError(
            f"{other.item} and {body.item} are decided together, and only one of them can hold; "
            "decide one of them"
        )


def conflict_sentence(body: Body, against: Sequence[Entry]) -> str:
    """Say in one line which decisions in force stand against a new one, and what to do."""
    said = "; ".join(
        f"d{e.number} of {e.body.date}: {e.body.kind} {e.body.item}, by {shorten(', '.join(e.body.by))}"
        for e in against
    )
    return f"{body.item} has a decision in force ({said}); supersede it, or say that both are kept"


def movements_of(situation: Situation, named: str, kind: Kind) -> list[str]:
    """Return the movements that a person means by a name: a movement's own, or a provision's.

    Of a provision those that can be decided so: for APPLY what is agreed, else what is not decided yet,
    or, where all is, all that the review recommends. Raises UnknownNameError for an unknown name, and
    EntryError for a provision that has nothing of the kind.
    """
    found, stood = situation.found, situation.stood
    if named in found.moves or named in stood.decided:
        return [named]
    if named not in found.provisions:
        raise UnknownNameError(
            "movement or provision", named, [*found.provisions, *found.moves, *stood.decided]
        )
    own = [
        m.identifier for m in (*found.moves.values(), *stood.decided.values()) if m.provision == named
    ]
    if kind is Kind.APPLY:
        chosen = [name for name in own if stood.status_of(name) == AGREED]
    else:
        recommended = [name for name in own if name in found.moves]
        chosen = [name for name in recommended if not stood.standing.of(name)] or recommended
    alternatives = [
        name for name in chosen if name in found.moves and found.moves[name].relation == EITHER
    ]
    if kind is Kind.AGREE and len(alternatives) > 1:
        places = " or ".join(found.moves[name].to for name in alternatives)
        raise EntryError(f"{named} has alternatives, {places}; settle which of them it is")
    if not chosen:
        what = "nothing that is agreed and not applied" if kind is Kind.APPLY else "no movement"
        raise EntryError(f"{named} has {what}; look at its trace, or settle the provision itself")
    return chosen
