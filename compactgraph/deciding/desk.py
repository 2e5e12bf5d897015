"""Checks what people enter, writes it to the register, and takes it into the graph.

If one of several entries is refused, nothing is written.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

from compactgraph.build.pipeline import ReviewAtHand, take_in_decisions
from compactgraph.deciding.checks import Situation, completed, refuse_future
from compactgraph.deciding.draft_checks import drafted
from compactgraph.decisions.drafts import Drafts, drafts_of
from compactgraph.decisions.effects import contradict
from compactgraph.decisions.kept_words import keeping, kept_words
from compactgraph.decisions.reviewed import names_in
from compactgraph.decisions.standing import in_memory
from compactgraph.decisions.statements import Statements
from compactgraph.errors import (
    CompactgraphError,
    ConflictError,
    EntryError,
    StoreBusyError,
    shorten,
)
from compactgraph.graph.findings import Severity
from compactgraph.graph.validation import validate_quads
from compactgraph.register.chain import following
from compactgraph.register.entry import LONGEST, Body, Entry, Head, Kind, day_of
from compactgraph.register.registers import Register, register_at
from compactgraph.sparql.dataset import Dataset
from compactgraph.store.storage import Location

PATIENCE = 20.0
"""For how many seconds a recorded decision waits for a build under way."""

SHAPES = ("decision", "draft")
"""The files of shapes that check what people enter."""

_LOOK_AGAIN = 0.2


@dataclass(frozen=True)
class Recorded:
    """The entries that were written; ``notice`` says why the graph does not show them yet, if so."""

    entries: tuple[Entry, ...]
    notice: str = ""


class Desk:
    """Where decisions on one review are made; it reads the graph once, then only new entries."""

    def __init__(self, location: Location, ontology: Path, review: str) -> None:
        """Open the store at ``location``; raise StoreError if there is none."""
        self.location = location
        self.review = review
        self.register: Register = register_at(location)
        self.ontology = ontology
        self._at_hand = ReviewAtHand(ontology, location, review)
        self._read = self._at_hand.read()

    def situation(self, entries: Sequence[Entry] | None = None) -> Situation:
        """Return how the review stands now, or after ``entries``.

        Raises RegisterError if the register is not whole.
        """
        given = self._at_hand.entries("") if entries is None else entries
        return Situation(self._read.stand(given), tuple(given))

    def dataset(self, situation: Situation) -> Dataset:
        """Return a store in memory that holds the review as it stands in a situation."""
        return in_memory(self._read.known, self._read.stated, situation.stood)

    def record(self, bodies: Sequence[Body], recorder: str, after: Head | None = None) -> Recorded:
        """Write decisions, all or none, and take them into the graph.

        ``bodies`` need no ``provision``, and ``fingerprints`` only to say which words the person was
        shown. ``recorder`` is the account that writes. ``after`` is the last entry that the person knew
        of, if they must know of all.

        Raises EntryError if one does not fit the review or breaks a shape, UnknownNameError for an
        unknown name, ConflictError if decisions in force stand against one that does not name them or
        entries have come after ``after``, and RegisterError if the register cannot be written, or lacks
        decisions with which the graph was made.
        """

        def made(held: Sequence[Entry]) -> list[Entry]:
            if after is not None:
                _refuse_others_since(after, held)
            return self.check(bodies, held, recorder)

        entries = self._at_hand.add(made)
        return Recorded(tuple(entries), self._take_in())

    def check(self, bodies: Sequence[Body], held: Sequence[Entry], recorder: str) -> list[Entry]:
        """Return decisions as the entries that would follow ``held``; raise as :meth:`record`."""
        situation = self.situation(held)
        complete: list[Body] = []
        drafts = situation.stood.drafts
        for body in bodies:
            if not body.by:
                raise EntryError("the name of who decides or writes is missing; give at least one")
            refuse_future(day_of(body.date))
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
        """Return complete bodies as entries; raise EntryError if one breaks a shape."""
        recorded = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        complete = keeping(bodies, situation.found.words, situation.entries)
        made = following(self.review, situation.entries, complete, recorder, recorded)
        for entry in made:
            if len(entry.text()) > LONGEST:
                raise EntryError(f"{entry.body.item}: more than {LONGEST:,} characters; say it in fewer")
        entries = [*situation.entries, *made]
        statements = Statements(names_in(situation.found), situation.found.language)
        parts = statements.parts(made, _only_of(drafts_of(entries), made), kept_words(entries))
        for finding in validate_quads(self.ontology, chain.from_iterable(parts.values()), SHAPES):
            if finding.severity is Severity.VIOLATION:
                raise EntryError(finding.message)
        return made

    def _take_in(self) -> str:
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                take_in_decisions(self.ontology, self.location, self._at_hand)
                return ""
            except StoreBusyError:
                if time.monotonic() > deadline:
                    return "It is recorded; the graph will show it when the build under way is done."
                time.sleep(_LOOK_AGAIN)
            except (CompactgraphError, OSError) as error:
                return f"It is recorded; the graph does not show it yet: {error}"


def _only_of(drafts: Drafts, made: Sequence[Entry]) -> Drafts:
    """Return what entries wrote of the drafts, and the drafts that they begin as a whole."""
    begun = sum(entry.body.kind is Kind.BEGIN_DRAFT for entry in made)
    first_new = len(drafts.all) - begun
    written = {id(entry) for entry in made}
    old = [
        replace(draft, provisions={n: p for n, p in draft.provisions.items() if id(p.entry) in written})
        for draft in drafts.all[:first_new]
    ]
    return Drafts((*(draft for draft in old if draft.provisions), *drafts.all[first_new:]))


def _refuse_others_since(after: Head, held: Sequence[Entry]) -> None:
    if held and held[-1].head != after:
        since = [entry for entry in held if entry.number > after.number] or held[-1:]
        raise ConflictError(
            f"{', '.join(entry.name for entry in since)} came meanwhile; look at it first",
            [entry.number for entry in since],
        )


def _refuse_conflicts(situation: Situation, body: Body, together: Sequence[Body]) -> None:
    if against := situation.against(body):
        said = "; ".join(
            f"{entry.name} of {entry.body.date}: {entry.body.kind} {entry.body.item}, "
            f"by {shorten(', '.join(entry.body.by))}"
            for entry in against
        )
        raise ConflictError(
            f"{body.item} has a decision in force ({said}); supersede it, or say that both are kept",
            [entry.number for entry in against],
        )
    for other in together:
        if not contradict(other, body, situation.found.moves):
            continue
        if other.item == body.item:
            raise EntryError(f"{body.item} is decided twice in what was entered; decide it once")
        raise EntryError(
            f"{other.item} and {body.item} are decided together, and only one of them can hold; "
            "decide one of them"
        )
