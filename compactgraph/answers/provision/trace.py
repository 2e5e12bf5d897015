"""One provision's whole way: its words, what the partners say, what they recommend, where it goes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

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
    """A text that the document says: wording, commentary, recommendation or footnote.

    ``about`` is the identifier of the text that a footnote explains, else empty.
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

    ``value`` is empty where a person says that the words state nothing of the property; ``rule`` and
    ``cue`` are given for a reading by rule, ``person`` and ``why`` for one by hand.
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
    """A movement: how, and where to; ``destination`` is empty where it names none.

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
    """Another provision that is tied to this one, how, and what becomes of it."""

    tie: str
    direction: str
    identifier: str
    text: str
    outcome: str
    score: float | None
    why: str


@dataclass(frozen=True)
class Trace:
    """All of it; ``theme`` is the theme's number and title, empty where there is none.

    ``outcome`` is the current one; ``recommended_outcome`` what the review alone makes of it.
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
    return Trace(
        review=text_of(provision["review"]),
        identifier=text_of(provision["identifier"]),
        kind=text_of(provision["kind"]),
        label=text_of(provision["label"]),
        theme="" if theme is None else f"{theme}. {provision['theme_label']}",
        party=text_of(provision["party"]),
        outcome=text_of(provision["outcome"]),
        outcome_label=text_of(provision["outcome_label"]),
        outcome_meaning=text_of(provision["outcome_meaning"]),
        recommended_outcome=text_of(recommended["outcome"]),
        recommended_outcome_label=text_of(recommended["outcome_label"]),
        texts=tuple(_texts(graph.rows("trace-texts", provision=node))),
        movements=tuple(_movements(graph.rows("trace-movements", provision=node))),
        evidence=tuple(_evidence(graph.rows("trace-readings", provision=node))),
        related=tuple(_related(graph.rows("trace-related", provision=node))),
        decisions=tuple(decisions_on(graph, node)),
    )


def _number(value: Cell) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _range(row: Mapping[str, Cell]) -> Range:
    numbers = [row[name] for name in ("start", "end", "line")]
    start, end, line = (int(n) if isinstance(n, int | float) else 0 for n in numbers)
    return Range(start, end, line, text_of(row.get("words")))


def _texts(rows: Iterable[dict[str, Cell]]) -> list[Said]:
    found: dict[tuple[str, str], Said] = {}
    for row in rows:
        key = (text_of(row["kind"]), text_of(row["identifier"]))
        if key in found:
            found[key] = replace(found[key], ranges=(*found[key].ranges, _range(row)))
        else:
            found[key] = Said(*key, text_of(row["text"]), (_range(row),), text_of(row["about"]))
    return list(found.values())


def _movements(rows: Iterable[dict[str, Cell]]) -> list[Destination]:
    found: dict[str, Destination] = {}
    for row in rows:
        key = text_of(row["movement"])
        reasons = (text_of(row["reason"]),) if row["reason"] else ()
        if key in found:
            merged = tuple(dict.fromkeys((*found[key].reasons, *reasons)))
            found[key] = replace(found[key], reasons=merged)
            continue
        found[key] = Destination(
            movement=key,
            basis=text_of(row["basis"]),
            decision=text_of(row["decision"]),
            state=text_of(row["state"]),
            relation=text_of(row["relation"]),
            label=text_of(row["relation_label"]),
            meaning=text_of(row["relation_meaning"]),
            destination=text_of(row["destination"]),
            destination_label=text_of(row["destination_label"]),
            status=text_of(row["status"]),
            reasons=reasons,
            rule=text_of(row["rule"]),
        )
    return list(found.values())


def _evidence(rows: Iterable[dict[str, Cell]]) -> list[Evidence]:
    found: dict[str, Evidence] = {}
    for row in rows:
        key = text_of(row["reading"])
        if key in found:
            found[key] = replace(found[key], ranges=(*found[key].ranges, _range(row)))
            continue
        found[key] = Evidence(
            of=text_of(row["of"]),
            property=text_of(row["property"]),
            value=text_of(row["value"]),
            label=text_of(row["value_label"]),
            to=text_of(row["to"]),
            rule=text_of(row["rule"]),
            cue=text_of(row["cue"]),
            person=text_of(row["person"]),
            why=text_of(row["why"]),
            score=_number(row["score"]),
            ranges=(_range(row),),
        )
    return list(found.values())


def _related(rows: Iterable[dict[str, Cell]]) -> Iterator[Related]:
    for row in rows:
        yield Related(
            tie=text_of(row["tie"]),
            direction=text_of(row["direction"]),
            identifier=text_of(row["identifier"]),
            text=text_of(row["text"]),
            outcome=text_of(row["outcome"]),
            score=_number(row["score"]),
            why=text_of(row["why"]),
        )
