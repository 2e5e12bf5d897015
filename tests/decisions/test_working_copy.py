"""A review in memory that takes in entry after entry: its findings are those of all of it at once."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import Store

from compactgraph.common.fingerprints import fingerprint
from compactgraph.decisions.drafts import drafts_of
from compactgraph.decisions.reviewed import Read, quads_of_review, registered_quads
from compactgraph.decisions.standing import ReviewAsRead
from compactgraph.decisions.working_copy import WorkingCopy
from compactgraph.graph.findings import Finding
from compactgraph.graph.validation import validate_quads
from compactgraph.register.chain import following
from compactgraph.register.entry import Body, Entry, Kind

STEPS = 9
PEOPLE = ("Ann Lee", "Bo Okafor", "ann lee", " ", "Chris\u202eO")
"""Some cannot be read; two have one IRI, and so two names."""

NEAR = ("1.9", "1.3", "value-1", "value-2", "theme-1", "partners-group")
"""Few provisions, so that entries meet."""


class Writer:
    """Writes entries at random, of which many are faulty in one way or another."""

    def __init__(self, seed: int, found: Read) -> None:
        self._random = random.Random(seed)
        self._found = found
        self._moves = [m for m in found.moves.values() if m.provision in NEAR]
        self.entries: list[Entry] = []

    def write(self) -> list[Entry]:
        """Return all entries, with one to three more."""
        for _ in range(self._random.randint(1, 3)):
            self.entries += following("bristol", self.entries, [self._body()], "os:test", self._time())
        return list(self.entries)

    def _time(self) -> str:
        return self._seldom("yesterday", "2026-10-05T12:00:00Z")

    def _seldom(self, faulty: str, sound: str) -> str:
        return faulty if self._random.random() < 0.15 else sound

    def _numbers(self) -> tuple[int, ...]:
        if self._random.random() < 0.6:
            return ()
        return (self._random.randint(1, len(self.entries) + 2),)

    def _body(self) -> Body:
        kind = self._random.choice(list(Kind))
        item, provision = self._item(kind)
        found, chosen = self._found, self._random.choice
        prints = found.prints_of(provision)
        if self._random.random() < 0.2:
            prints = {name: fingerprint("other words") for name in prints}
        content = kind in (Kind.AMEND, Kind.SETTLE) or self._random.random() < 0.1
        derived = [*NEAR, "draft/1/2.3", "draft/1/2.4", "draft/9/2.3", "nowhere"]
        return Body(
            kind,
            tuple(self._random.sample(PEOPLE, k=self._random.choice((1, 1, 2)))),
            chosen(("2026-10-05", "2026-10-06", "2026-10-04")),
            item=item,
            provision=provision,
            on_behalf_of=chosen(("", "", "voscur", "A cabinet")),
            why=chosen(("", "It is so.", "\u202e")),
            replaces=self._numbers(),
            beside=self._numbers(),
            dispositions=(chosen(("keep", "remove", "refer", "consider", "unheard")),)
            if content
            else (),
            reasons=(chosen(("business-as-usual", "unheard")),) if chosen((content, False)) else (),
            to=chosen(("", "vcse-strategy", "new-compact", "nowhere")) if content else "",
            place=self._seldom("Section 2", ""),
            draft=max(1, len(drafts_of(self.entries).all) - chosen((0, 0, 1))),
            role=self._seldom("unheard", "commitment"),
            theme=self._seldom("first", "1"),
            text=self._seldom("", chosen(("We meet.", "We do not."))),
            derives_from=tuple(self._random.sample(derived, k=chosen((0, 1, 2)))),
            fingerprints=prints,
        )

    def _item(self, kind: Kind) -> tuple[str, str]:
        chosen = self._random.choice
        if kind in (Kind.BEGIN_DRAFT, Kind.WRITE_DRAFT, Kind.WITHDRAW_DRAFT):
            return chosen(("2.3", "2.4", "2.5")), ""
        if kind is Kind.SETTLE or (kind is Kind.NOTE and chosen((True, False))):
            provision = chosen(NEAR)
            return self._seldom("nowhere", provision), provision
        if kind is Kind.CONFIRM:
            names = [f"decision/{number}" for number in range(1, len(self.entries) + 2)]
            return chosen([*names, "draft/1/2.3", f"reading/{chosen(list(self._found.readings))}"]), ""
        move = chosen(self._moves)
        if kind is Kind.APPLY and self.entries and chosen((True, False)):
            return f"d{len(self.entries)}/stays/new-compact", move.provision
        return self._seldom("nowhere", move.identifier), self._seldom("1.11", move.provision)


@pytest.fixture
def copy(bristol: Store, ontology_folder: Path) -> WorkingCopy:
    read = ReviewAsRead(ontology_folder, "bristol", *quads_of_review(bristol, "bristol"))
    return WorkingCopy(ontology_folder, read, registered_quads(bristol, "bristol"))


@pytest.fixture
def whole(bristol: Store, ontology_folder: Path) -> Iterator[list[Finding]]:
    return validate_quads(ontology_folder, list(bristol))


@pytest.mark.parametrize("seed", range(6))
def test_what_is_found_entry_by_entry_is_what_all_of_the_shapes_find_of_all_of_the_review(
    seed: int, bristol: Store, ontology_folder: Path, copy: WorkingCopy, whole: list[Finding]
) -> None:
    writer = Writer(seed, copy.read.found)
    held, found, faults = set(registered_quads(bristol, "bristol")), whole, 0
    for _ in range(STEPS):
        entries = writer.write()
        change = copy.take_in(entries)
        held = (held - set(change.removed)) | set(change.added)
        found = copy.findings(change, found)
        anew = ReviewAsRead(ontology_folder, "bristol", copy.read.known, copy.read.stated)
        stood = anew.stand(entries)
        assert held == set(stood.quads)
        assert found == validate_quads(
            ontology_folder, [*copy.read.known, *copy.read.stated, *stood.quads]
        )
        faults = max(faults, len(found))
    assert faults > 5


def test_entries_that_are_no_more_there_take_back_what_they_changed(
    bristol: Store, copy: WorkingCopy, whole: list[Finding]
) -> None:
    entries = Writer(7, copy.read.found).write()
    there = copy.take_in(entries)
    gone = copy.take_in([])
    assert (set(gone.added), set(gone.removed)) == (set(there.removed), set(there.added))
    assert copy.findings(gone, copy.findings(there, whole)) == whole


def test_one_more_note_changes_no_part_but_its_own(copy: WorkingCopy) -> None:
    entries = Writer(8, copy.read.found).write()
    before = copy.take_in(entries).stood.parts
    note = Body(Kind.NOTE, ("Ann Lee",), "2026-10-07", item="1.9", provision="1.9", why="Look again.")
    entries += following("bristol", entries, [note], "os:test", "2026-10-07T12:00:00Z")
    after = copy.take_in(entries).stood.parts
    assert {key for key in after if after[key] is not before.get(key)} == {("entry", len(entries))}


def test_an_amendment_that_names_a_provision_the_review_lacks_is_void(copy: WorkingCopy) -> None:
    move = next(iter(copy.read.found.moves.values()))
    amendment = Body(
        Kind.AMEND,
        ("Ann Lee",),
        "2026-10-07",
        item=move.identifier,
        provision="99.9",
        dispositions=("keep",),
    )
    entries = following("bristol", [], [amendment], "os:test", "2026-10-07T12:00:00Z")
    stood = copy.take_in(entries).stood
    assert stood.standing.void == [1]
    assert stood.status_of(move.identifier) == "recommended"
