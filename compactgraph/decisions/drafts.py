"""The drafts of the succeeding agreement, as the entries of the register make them.

A draft begins with all provisions of the draft before. Then provisions are written, rewritten and
withdrawn. A provision may derive from some of the agreement under review or of the draft before.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from compactgraph.common.fingerprints import fingerprint
from compactgraph.common.identifiers import DraftedName, parse_name
from compactgraph.register.entry import Entry, Kind


@dataclass(frozen=True)
class DraftedProvision:
    """A provision of a draft.

    ``origins`` are what it derives from: identifiers of the agreement under review, and names of
    provisions of the draft before (``draft/1/2.3``). ``entry`` is the entry that wrote it, or None if
    it is unchanged since the draft before.
    """

    draft: int
    identifier: str
    role: str
    theme: str
    text: str
    origins: tuple[str, ...]
    entry: Entry | None

    @property
    def name(self) -> str:
        """The name by which others refer to it: ``draft/1/2.3``."""
        return str(DraftedName(self.draft, self.identifier))

    @property
    def fingerprint(self) -> str:
        """The fingerprint of its words."""
        return fingerprint(self.text)


@dataclass
class Draft:
    """A draft: its provisions by identifier; ``carried`` are those that the draft before had too."""

    number: int
    date: str
    provisions: dict[str, DraftedProvision] = field(default_factory=dict)
    carried: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Drafts:
    """All drafts, by number."""

    all: tuple[Draft, ...] = ()

    @property
    def latest(self) -> Draft | None:
        """The draft that is being written, or None."""
        return self.all[-1] if self.all else None

    def draft(self, number: int) -> Draft | None:
        """Return the draft of a number."""
        return next((draft for draft in self.all if draft.number == number), None)

    def provision(self, name: str) -> DraftedProvision | None:
        """Return the provision of a name as ``draft/1/2.3``."""
        named = parse_name(name)
        if not isinstance(named, DraftedName):
            return None
        draft = self.draft(named.draft)
        return None if draft is None else draft.provisions.get(named.identifier)


def drafts_of(entries: Iterable[Entry], day: str | None = None) -> Drafts:
    """Return the drafts as the entries of days up to ``day`` make them, or all entries if it is None.

    Entries hold in the order of recording. A draft is there once all before it are, so that it has the
    same number on each day.
    """
    drafts: list[Draft] = []
    later = False
    for entry in sorted(entries, key=lambda each: each.number):
        body = entry.body
        if not body.is_draft:
            continue
        if day is not None and body.date > day:
            later |= body.kind is Kind.BEGIN_DRAFT
            continue
        if body.kind is Kind.BEGIN_DRAFT:
            if not later:
                drafts.append(_next(drafts, body.date))
            continue
        draft = next((each for each in drafts if each.number == body.draft), None)
        if draft is None:
            continue  # Its beginning is of a later day.
        if body.kind is Kind.WITHDRAW_DRAFT:
            draft.provisions.pop(body.item, None)
        else:
            draft.provisions[body.item] = DraftedProvision(
                body.draft, body.item, body.role, body.theme, body.text, body.derives_from, entry
            )
    return Drafts(tuple(drafts))


def _next(drafts: list[Draft], date: str) -> Draft:
    number = len(drafts) + 1
    before = drafts[-1].provisions if drafts else {}
    taken_over = {
        name: replace(old, draft=number, origins=(old.name,), entry=None) for name, old in before.items()
    }
    return Draft(number, date, taken_over, frozenset(taken_over))


# Where provisions came from, through any number of revisions

Steps = Mapping[str, Collection[str]]
"""What each provision derives from directly, by name; a provision without an entry is new."""


def origins(steps: Steps, new: Iterable[str], first: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return for each provision of ``new`` those of ``first`` that it came from, sorted."""
    wanted = set(first)
    return {name: tuple(sorted(_reached(name, steps) & wanted)) for name in new}


def _reached(start: str, steps: Steps) -> set[str]:
    """Return what any number of steps lead to from ``start``, itself included."""
    reached, waiting = {start}, [start]
    while waiting:
        new = set(steps.get(waiting.pop(), ())) - reached
        reached |= new
        waiting += new
    return reached
