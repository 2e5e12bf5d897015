"""The columns of the decision sheet, the words in them, and what a row of it brings back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Self

from compactgraph.answers.review_graph import ReviewGraph
from compactgraph.answers.tables.destinations import folded
from compactgraph.answers.terms import Term, reference_labels, terms
from compactgraph.common.english import capital
from compactgraph.common.schemes import DECIDED_DISPOSITIONS
from compactgraph.errors import UnknownNameError
from compactgraph.files.form import Column, Filling
from compactgraph.register.entry import Kind, canonical

VERSION = "1"
"""The version of the sheet's form; one of another version is not taken back."""

KINDS = (Kind.AGREE, Kind.REJECT, Kind.AMEND, Kind.SETTLE, Kind.APPLY, Kind.NOTE)
"""The kinds of decision that a sheet can bring back."""


class Heading(StrEnum):
    """A column by its heading, with its width in characters and how it is filled; in their order."""

    width: int
    filling: Filling

    PROVISION = "Provision", 12
    WORDS = "Words of the agreement", 42
    RECOMMENDED = "Words of the recommendation", 38
    RELATION = "How it goes", 18
    DESTINATION = "Destination", 20
    OUTCOME = "Outcome now", 14
    STATUS = "Status", 15
    IN_FORCE = "Decision in force", 26
    DECISION = "Decision", 14, Filling.CHOICE
    INSTEAD = "What instead", 18, Filling.SEVERAL
    TO = "Destination instead", 20, Filling.CHOICE
    REASON = "Reason", 18, Filling.SEVERAL
    PLACE = "Place in the receiving document", 18, Filling.TEXT
    BY = "Decided by", 22, Filling.TEXT
    BEHALF = "On behalf of", 22, Filling.SEVERAL
    DATE = "Date", 14, Filling.DAY
    WHY = "Why", 32, Filling.TEXT
    SUPERSEDES = "Supersedes", 12, Filling.TEXT
    BESIDE = "Leaves in force", 12, Filling.TEXT
    ITEM = "Item", 24
    SENT = "Sent out with (leave as it is)", 12, Filling.HIDDEN

    def __new__(cls, heading: str, width: int, filling: Filling = Filling.GIVEN) -> Self:
        """Make a text of the heading that has a width and a filling."""
        column = str.__new__(cls, heading)
        column._value_ = heading
        column.width, column.filling = width, filling
        return column


FILLED = tuple(name for name in Heading if name.filling not in (Filling.GIVEN, Filling.HIDDEN))
"""The columns that people fill in."""

_HINTS = {
    Heading.DECISION: "Choose what was decided. A row without a decision is passed over.",
    Heading.INSTEAD: "Only to amend or settle: what is decided. Separate several with semicolons.",
    Heading.TO: "Only to amend or settle: where it goes, if it leaves, refers or is an alternative.",
    Heading.REASON: "Only for what is removed: why. Separate several with semicolons.",
    Heading.PLACE: "Only for what is applied: where in the receiving document it now stands.",
    Heading.BY: "The names of those who decided. Separate several with semicolons.",
    Heading.BEHALF: "The body for which they decided. Choose one, or write its name.",
    Heading.DATE: "The day of the decision, not later than today.",
    Heading.WHY: "The reason, in words. A note needs them.",
    Heading.SUPERSEDES: "The numbers of earlier decisions that this one replaces: d7.",
    Heading.BESIDE: (
        "The numbers of earlier decisions that differ, and stay in force beside this one: d7."
    ),
}


class Choices:
    """What can be chosen, by its names: the one that is shown, and others that are understood.

    Case, accents, spaces and a stop at the end make no difference.
    """

    def __init__(self, kind: str, names: Mapping[str, Sequence[str]]) -> None:
        """Take the names of each choice; the first one is shown."""
        self._kind = kind
        shown = [_key(first) for first, *_ in names.values()]
        self.shown = {
            choice: first if shown.count(_key(first)) == 1 else f"{first} ({choice})"
            for choice, (first, *_) in names.items()
        }
        # The name that is shown counts before any other name, even of another choice.
        self._choices = {_key(name): choice for choice, name in self.shown.items()}
        for choice, (_, *others) in names.items():
            for name in (choice, *others):
                self._choices.setdefault(_key(name), choice)

    def find(self, text: str) -> str | None:
        """Return the choice of a name, None if it is unknown."""
        return self._choices.get(_key(text))

    def of(self, text: str) -> str:
        """Return the choice of a name; raise UnknownNameError, with the nearest, if it is unknown."""
        found = self.find(text)
        if found is None:
            raise UnknownNameError(self._kind, text, self.shown.values())
        return found


def _key(text: str) -> str:
    return " ".join(folded(text).split()).rstrip(" .")


@dataclass(frozen=True)
class Vocabulary:
    """The words of a sheet: the terms by scheme and notation, and what can be chosen."""

    terms: Mapping[str, Mapping[str, Term]]
    kinds: Choices
    dispositions: Choices
    reasons: Choices
    references: Choices
    bodies: tuple[str, ...]

    @classmethod
    def of(cls, graph: ReviewGraph) -> Vocabulary:
        """Return the words of a review's sheet."""
        known = terms(graph)
        references = reference_labels(graph)

        def choices(kind: str, scheme: str, chosen: Iterable[str]) -> Choices:
            of_scheme = known.get(scheme, {})
            named = [of_scheme[name] for name in chosen if name in of_scheme]
            return Choices(kind, {t.notation: (t.title, *t.alternatives) for t in named})

        destinations = Choices("reference", {name: (r.title,) for name, r in references.items()})
        return cls(
            terms=known,
            kinds=choices("decision", "decision", KINDS),
            dispositions=choices("decision on what instead", "disposition", DECIDED_DISPOSITIONS),
            reasons=choices("reason", "reason", known.get("reason", {})),
            references=destinations,
            bodies=tuple(
                destinations.shown[name] for name, r in references.items() if r.category == "body"
            ),
        )

    def label(self, scheme: str, notation: str) -> str:
        """Return the words for a term, with a capital."""
        term = self.terms.get(scheme, {}).get(notation)
        return term.title if term else capital(notation)

    def columns(self) -> tuple[Column, ...]:
        """Return the columns, in their order."""
        choices = {
            Heading.DECISION: tuple(self.kinds.shown.values()),
            Heading.INSTEAD: tuple(self.dispositions.shown.values()),
            Heading.TO: tuple(self.references.shown.values()),
            Heading.REASON: tuple(self.reasons.shown.values()),
            Heading.BEHALF: self.bodies,
        }
        return tuple(
            Column(str(name), name.filling, name.width, choices.get(name, ()), _HINTS.get(name, ""))
            for name in Heading
        )

    def about(self, title: str, last: str) -> tuple[tuple[str, str], ...]:
        """Return the explanation of a sheet of the review ``title``, sent out after entry ``last``."""
        decision = Heading.DECISION
        kinds = [self.terms["decision"][kind] for kind in KINDS]
        return (
            ("Review", title),
            ("Sent out", f"After {last} of the register." if last else "Before anything was decided."),
            *_ABOUT,
            *((f"{decision}: {kind.title}", kind.definition) for kind in kinds),
            *((str(name), hint) for name, hint in _HINTS.items() if name is not decision),
        )


_ABOUT = (
    (
        "What to do",
        "In the rows of what was decided, fill in the columns with a yellow heading. Then send the file "
        "back. Somebody looks at what it says before anything is recorded.",
    ),
    (
        "What may be changed",
        "You may sort, filter and delete rows, and move and add columns. Leave the other columns and "
        "the headings as they are. Do not merge cells, and do not write formulas.",
    ),
    (
        "Rows left empty",
        "A row without a decision is passed over, even if it has names and a date. Whoever takes the "
        "sheet in can give names, a body and a date for the rows that leave them empty.",
    ),
    (
        "Decided meanwhile",
        "If somebody has decided on an item since the sheet went out, or it already had a decision in "
        "force, its row is in conflict, and nothing of the sheet is recorded. To replace that decision, "
        f"write its number into the column “{Heading.SUPERSEDES}”. To keep both, write it into "
        f"“{Heading.BESIDE}”.",
    ),
    (
        "Dates",
        "Use a date of the spreadsheet program, or text: 24 November 2026, 24/11/2026, 2026-11-24. If "
        "day and month can be mistaken for each other, as in 05/11/2026, the date is not understood.",
    ),
)


# What a row brings back

_DIGITS = 16
"""How many digits of a text's fingerprint a row carries: enough to tell an accidental change."""


@dataclass(frozen=True)
class Sent:
    """What a row went out with: its item, the decisions then in force on it, and its words.

    ``words`` has the first digits of the fingerprint of each text that the row was made on.
    """

    review: str
    item: str
    decisions: tuple[int, ...]
    words: Mapping[str, str]

    def text(self) -> str:
        """Return it as the text of a cell."""
        return canonical(asdict(self))

    @classmethod
    def from_text(cls, text: str) -> Sent | None:
        """Return what a cell's text says, None if it is damaged."""
        try:
            data = json.loads(text)
            sent = cls(data["review"], data["item"], tuple(data["decisions"]), dict(data["words"]))
            is_whole = sent.text() == canonical(data)
        except (KeyError, TypeError, ValueError, RecursionError):
            return None
        texts = (sent.review, sent.item, *sent.words.values())
        is_whole &= all(isinstance(each, str) for each in texts)
        return sent if is_whole and all(type(each) is int for each in sent.decisions) else None

    def changed(self, prints: Mapping[str, str]) -> list[str]:
        """Return the texts that have changed since, are gone, or are new."""
        now = digits(prints)
        return [text for text in {**self.words, **now} if self.words.get(text) != now.get(text)]


def digits(prints: Mapping[str, str]) -> dict[str, str]:
    """Return fingerprints as a row carries them."""
    return {text: print_.rpartition(":")[2][:_DIGITS] for text, print_ in prints.items()}
