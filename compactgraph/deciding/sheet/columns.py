"""The columns of the sheet that is decided on, the words in them, and what a row of it brings back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from compactgraph.answers.review_graph import ReviewGraph
from compactgraph.answers.tables.destinations import folded
from compactgraph.answers.terms import reference_labels, terms
from compactgraph.common.english import capital
from compactgraph.common.schemes import DECIDED_DISPOSITIONS
from compactgraph.errors import UnknownNameError
from compactgraph.files.form import Column, Filling
from compactgraph.register.entry import Kind, canonical

VERSION = "1"
"""The version of the sheet's form; one of another version is not taken back."""

KINDS = (Kind.AGREE, Kind.REJECT, Kind.AMEND, Kind.SETTLE, Kind.APPLY, Kind.NOTE)
"""The kinds of decision that a sheet can bring back."""

PROVISION = "Provision"
WORDS = "Words of the agreement"
RECOMMENDED = "Words of the recommendation"
RELATION = "How it goes"
DESTINATION = "Destination"
OUTCOME = "Outcome now"
STATUS = "Status"
IN_FORCE = "Decision in force"
DECISION = "Decision"
INSTEAD = "What instead"
TO = "Destination instead"
REASON = "Reason"
PLACE = "Place in the receiving document"
BY = "Decided by"
BEHALF = "On behalf of"
DATE = "Date"
WHY = "Why"
SUPERSEDES = "Supersedes"
BESIDE = "Leaves in force"
ITEM = "Item"
SENT = "Sent out with (leave as it is)"

FILLED = (DECISION, INSTEAD, TO, REASON, PLACE, BY, BEHALF, DATE, WHY, SUPERSEDES, BESIDE)
"""The columns that are filled in, in their order."""

_HINTS = {
    DECISION: "Choose what was decided. A row without a decision is passed over.",
    INSTEAD: "Only to amend or settle: what is decided. Several are separated by semicolons.",
    TO: "Only to amend or settle: where it goes, if it leaves, refers or is one of alternatives.",
    REASON: "Only for what is removed: why. Several are separated by semicolons.",
    PLACE: "Only for what is applied: where in the receiving document it now stands.",
    BY: "The names of those who decided, separated by semicolons.",
    BEHALF: "The body for which they decided. Choose one, or write its name.",
    DATE: "The day of the decision, not later than today.",
    WHY: "The reason, in words. A note needs them.",
    SUPERSEDES: "The numbers of earlier decisions that this one replaces: d7.",
    BESIDE: "The numbers of earlier decisions that differ, and stay in force beside this one: d7.",
}
_WIDTHS = {
    **{PROVISION: 12, WORDS: 42, RECOMMENDED: 38, RELATION: 18, DESTINATION: 20, OUTCOME: 14},
    **{STATUS: 15, IN_FORCE: 26, DECISION: 14, INSTEAD: 18, TO: 20, REASON: 18, PLACE: 18, BY: 22},
    **{BEHALF: 22, DATE: 14, WHY: 32, SUPERSEDES: 12, BESIDE: 12, ITEM: 24, SENT: 12},
}
ORDER = (
    *(PROVISION, WORDS, RECOMMENDED, RELATION, DESTINATION, OUTCOME, STATUS, IN_FORCE),
    *(*FILLED, ITEM, SENT),
)
"""All columns, in their order."""


class Choices:
    """Names for what can be chosen: the one that is shown of each, and others that are understood.

    Case, accents, spaces and a stop at the end make no difference.
    """

    def __init__(self, kind: str, names: Mapping[str, Sequence[str]]) -> None:
        """Take for each choice its names, the one that is shown first."""
        self._kind = kind
        shown = [each[0] for each in names.values()]
        self.shown = {
            choice: each[0] if shown.count(each[0]) == 1 else f"{each[0]} ({choice})"
            for choice, each in names.items()
        }
        self._choices: dict[str, str] = {}
        # The name that is shown counts before any other, whichever choice has that other.
        for choice, name in self.shown.items():
            self._choices.setdefault(_key(name), choice)
        for choice, each in names.items():
            for name in (choice, *each[1:]):
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
    """The words of a sheet: for what can be chosen in it, and for what it shows.

    ``labels`` has words for a term, by its scheme and notation; ``kinds`` and ``meanings`` the kinds of
    decision with their labels and definitions.
    """

    labels: Mapping[tuple[str, str], str]
    meanings: Mapping[Kind, str]
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
            labels={
                (scheme, name): term.title
                for scheme, every in known.items()
                for name, term in every.items()
            },
            meanings={kind: known["decision"][kind].definition for kind in KINDS},
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
        return self.labels.get((scheme, notation), capital(notation))

    def columns(self) -> tuple[Column, ...]:
        """Return the columns, in their order."""
        choices = {
            DECISION: tuple(self.kinds.shown.values()),
            INSTEAD: tuple(self.dispositions.shown.values()),
            TO: tuple(self.references.shown.values()),
            REASON: tuple(self.reasons.shown.values()),
            BEHALF: self.bodies,
        }
        return tuple(
            Column(name, _filling(name), _WIDTHS[name], choices.get(name, ()), _HINTS.get(name, ""))
            for name in ORDER
        )

    def about(self, title: str, last: str) -> tuple[tuple[str, str], ...]:
        """Return the explanation of a sheet of the review ``title``; ``last`` is the last entry then."""
        kinds = [(f"{DECISION}: {self.label('decision', kind)}", self.meanings[kind]) for kind in KINDS]
        return (
            ("Review", title),
            ("Sent out", f"After {last} of the register." if last else "Before anything was decided."),
            *_ABOUT,
            *kinds,
            *((name, _HINTS[name]) for name in FILLED[1:]),
        )


_ABOUT = (
    (
        "What to do",
        "Fill in the columns with a yellow heading, in the rows of what was decided, and send the file "
        "back. Nothing is recorded before somebody has looked at what would be.",
    ),
    (
        "What may be changed",
        "Rows may be sorted, filtered and deleted, and columns moved and added. Leave the other columns "
        "and the headings as they are, merge no cells, and write no formulas.",
    ),
    (
        "Rows left empty",
        "A row without a decision is passed over, also where it has names and a date. Whoever takes the "
        "sheet in can give names, a body and a date for the rows that leave them empty.",
    ),
    (
        "Decided meanwhile",
        "Where something was decided on an item since the sheet went out, or where it has a decision in "
        "force already, the row is in conflict, and nothing of the sheet is recorded. To replace that "
        f"decision, write its number into the column “{SUPERSEDES}”; to keep both, into “{BESIDE}”.",
    ),
    (
        "Dates",
        "A date of the spreadsheet program, or text: 24 November 2026, 24/11/2026, 2026-11-24. One in "
        "which day and month can be taken for each other, as 05/11/2026, is not understood.",
    ),
)


def _filling(name: str) -> Filling:
    if name == SENT:
        return Filling.HIDDEN
    if name == DATE:
        return Filling.DAY
    if name in (DECISION, TO):
        return Filling.CHOICE
    if name in (INSTEAD, REASON, BEHALF):
        return Filling.SEVERAL
    return Filling.TEXT if name in FILLED else Filling.GIVEN


# What a row brings back

_DIGITS = 16
"""How many digits of a text's fingerprint a row carries: enough to tell a change that was not meant."""


@dataclass(frozen=True)
class Sent:
    """What a row went out with: its item, the decisions then in force on it, the words it was made on.

    ``words`` has the first digits of each text's fingerprint.
    """

    review: str
    item: str
    decisions: tuple[int, ...]
    words: Mapping[str, str]

    def text(self) -> str:
        """Return it as the text of a cell."""
        return canonical(
            {
                "decisions": list(self.decisions),
                "item": self.item,
                "review": self.review,
                "words": dict(self.words),
            }
        )

    @classmethod
    def from_text(cls, text: str) -> Sent | None:
        """Return what a cell's text says, None if it is not whole."""
        try:
            data = json.loads(text)
        except (ValueError, RecursionError):
            return None
        if not isinstance(data, dict) or set(data) != {"decisions", "item", "review", "words"}:
            return None
        decisions, words = data["decisions"], data["words"]
        if not isinstance(data["item"], str) or not isinstance(data["review"], str):
            return None
        if not isinstance(decisions, list) or not all(type(each) is int for each in decisions):
            return None
        if not isinstance(words, dict) or not all(isinstance(each, str) for each in words.values()):
            return None
        return cls(data["review"], data["item"], tuple(decisions), words)

    def changed(self, prints: Mapping[str, str]) -> list[str]:
        """Return the texts that have changed since, are gone, or are new."""
        now = digits(prints)
        return [text for text in {**self.words, **now} if self.words.get(text) != now.get(text)]


def digits(prints: Mapping[str, str]) -> dict[str, str]:
    """Return fingerprints as a row carries them."""
    return {text: print_.rpartition(":")[2][:_DIGITS] for text, print_ in prints.items()}
