"""The trace of a provision: its words, what is said of it, what is recommended, where it goes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from operator import itemgetter
from typing import Any

from compactgraph.answers.records import grouped, record
from compactgraph.answers.review_graph import ReviewGraph, asked_once
from compactgraph.answers.tables.decisions import Decision, decisions_on
from compactgraph.sparql.rows import Cell, text_of


@dataclass(frozen=True)
class Range:
    """Where words stand: characters ``start`` up to ``end`` of the document, on ``line``."""

    start: int
    end: int
    line: int
    words: str = ""


@dataclass(frozen=True)
class Said:
    """A text of the document: wording, commentary, recommendation or footnote.

    ``about`` is the identifier of the text that a footnote explains.
    """

    kind: str
    identifier: str
    text: str
    ranges: tuple[Range, ...]
    about: str

    @property
    def line(self) -> int:
        """The line of the source on which the text begins."""
        return self.ranges[0].line


@dataclass(frozen=True)
class Evidence:
    """A reading of one of the provision's texts, and the words that it rests on.

    ``value`` is empty if a person says that the words state nothing of the property. A reading by rule
    has ``rule`` and ``cue``, one by hand ``person`` and ``why``.
    """

    of: str
    property: str
    value: str
    label: str
    to: str
    rule: str
    cue: str
    person: str
    why: str
    score: float | None
    ranges: tuple[Range, ...]


@dataclass(frozen=True)
class Destination:
    """A movement: how, and where to; some name no destination.

    ``basis`` is the recommendation that it rests on, ``decision`` the decision that made it; one of them
    can be empty. ``state`` is the notation of its status.
    """

    movement: str
    basis: str
    decision: str
    state: str
    relation: str
    label: str
    meaning: str
    destination: str
    destination_label: str
    status: str
    reasons: tuple[str, ...]
    rule: str


@dataclass(frozen=True)
class Related:
    """Another provision, how it is tied to this one, and what becomes of it."""

    tie: str
    direction: str
    identifier: str
    text: str
    outcome: str
    score: float | None
    why: str


@dataclass(frozen=True)
class Trace:
    """A provision with all that is known of it; ``theme`` is the theme's number and title.

    ``outcome`` is the current one, ``recommended_outcome`` that of the review alone.
    """

    review: str
    identifier: str
    kind: str
    label: str
    theme: str
    party: str
    outcome: str
    outcome_label: str
    outcome_meaning: str
    recommended_outcome: str
    recommended_outcome_label: str
    texts: tuple[Said, ...]
    movements: tuple[Destination, ...]
    evidence: tuple[Evidence, ...]
    related: tuple[Related, ...]
    decisions: tuple[Decision, ...]

    def of_kind(self, kind: str) -> list[Said]:
        """Return the texts of one kind."""
        return [text for text in self.texts if text.kind == kind]

    def to_json(self) -> dict[str, Any]:
        """Return the trace as plain values."""
        return asdict(self)


@asked_once
def trace(graph: ReviewGraph, identifier: str) -> Trace:
    """Trace the provision ``identifier``.

    Raises UnknownNameError, with the nearest, if the review has no such provision.
    """
    node = graph.bind("provision", identifier)
    provision = graph.rows("trace-provision", provision=node)[0]
    recommended = graph.rows("trace-recommended", provision=node)[0]
    theme = provision["theme"]
    return record(
        Trace,
        provision,
        theme="" if theme is None else f"{theme}. {provision['theme_label']}",
        recommended_outcome=text_of(recommended["outcome"]),
        recommended_outcome_label=text_of(recommended["outcome_label"]),
        texts=tuple(_texts(graph.rows("trace-texts", provision=node))),
        movements=tuple(_movements(graph.rows("trace-movements", provision=node))),
        evidence=tuple(_evidence(graph.rows("trace-readings", provision=node))),
        related=tuple(record(Related, row) for row in graph.rows("trace-related", provision=node)),
        decisions=tuple(decisions_on(graph, node)),
    )


def _ranges(rows: Iterable[Mapping[str, Cell]]) -> tuple[Range, ...]:
    return tuple(record(Range, row) for row in rows)


def _texts(rows: Iterable[Mapping[str, Cell]]) -> Iterator[Said]:
    for group in grouped(rows, itemgetter("kind", "identifier")).values():
        yield record(Said, group[0], ranges=_ranges(group))


def _movements(rows: Iterable[Mapping[str, Cell]]) -> Iterator[Destination]:
    for group in grouped(rows, itemgetter("movement")).values():
        reasons = dict.fromkeys(text_of(row["reason"]) for row in group if row["reason"])
        first = group[0]
        yield record(
            Destination,
            first,
            label=text_of(first["relation_label"]),
            meaning=text_of(first["relation_meaning"]),
            reasons=tuple(reasons),
        )


def _evidence(rows: Iterable[Mapping[str, Cell]]) -> Iterator[Evidence]:
    for group in grouped(rows, itemgetter("reading")).values():
        label = text_of(group[0]["value_label"])
        yield record(Evidence, group[0], label=label, ranges=_ranges(group))
