"""What a review leaves open: the undecided, the questions, the alternatives, and what does not fit.

Each group rests on a saved question, without what decisions have settled since. A group says what those
who decide may look at. Empty groups are listed too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from compactgraph.answers.provision.evidence import whole
from compactgraph.answers.review_graph import ReviewGraph, asked_once
from compactgraph.answers.tables.destinations import Row, table_of_destinations
from compactgraph.answers.terms import reference_labels, title_of
from compactgraph.common.identifiers import theme_identifier
from compactgraph.common.schemes import UNSETTLED, ProvisionKind, Relation, Status
from compactgraph.files.table import Sheet
from compactgraph.sparql.rows import Cell, text_of

_PROVISION = ("Provision", "Words of the agreement")
_NEAR = "Near provision"
_QUESTION_MARK = "?"

_Row = dict[str, Cell]
_Line = tuple[str, tuple[Cell, ...]]
_Lines = Callable[[ReviewGraph, list[_Row]], Iterable[_Line]]


@dataclass(frozen=True)
class Group:
    """The open points of one kind.

    ``meaning`` says in one sentence why they are open; ``question`` is the saved question behind them.
    ``row_provisions`` has the provision of each row; ``provisions`` has each provision concerned once,
    in the order of the document.
    """

    name: str
    title: str
    meaning: str
    columns: tuple[str, ...]
    rows: list[tuple[Cell, ...]]
    row_provisions: tuple[str, ...]
    provisions: tuple[str, ...]
    question: str

    @property
    def is_empty(self) -> bool:
        """Whether the group has no rows."""
        return not self.rows


@asked_once
def open_points(graph: ReviewGraph) -> list[Group]:
    """Return the groups of open points, empty ones too.

    Raises UnknownNameError if there is no such review.
    """
    return [_group(graph, *group) for group in _GROUPS]


def to_sheets(groups: Iterable[Group]) -> list[Sheet]:
    """Return a table for each group."""
    return [Sheet(group.title, group.columns, group.rows, group.meaning) for group in groups]


def _group(
    graph: ReviewGraph, name: str, title: str, meaning: str, columns: tuple[str, ...], lines: _Lines
) -> Group:
    """Return a group whose rows begin with the provision and its words."""
    found = list(lines(graph, graph.ask(name).by_column()))
    firsts = tuple(provision for provision, _ in found)
    near = columns.index(_NEAR) if _NEAR in columns else None
    others = () if near is None else (text_of(cells[near]) for _, cells in found)
    concerned = {*firsts, *others}
    texts = _texts(graph)
    return Group(
        name,
        title,
        meaning,
        (*_PROVISION, *columns),
        [(provision, texts[provision], *cells) for provision, cells in found],
        firsts,
        tuple(provision for provision in texts if provision in concerned),
        name,
    )


def _place(graph: ReviewGraph, identifier: Cell) -> str:
    label = reference_labels(graph).get(text_of(identifier))
    return label.title if label else text_of(identifier)


def _label(graph: ReviewGraph, row: _Row, scheme: str) -> str:
    return title_of(graph, scheme, text_of(row[scheme]))


# The rows of each group


def _undecided(graph: ReviewGraph, rows: list[_Row]) -> Iterator[_Line]:
    commentary: dict[str, list[str]] = {}
    for row in graph.ask("commentary-only").by_column():
        commentary.setdefault(text_of(row["provision"]), []).append(text_of(row["words"]))
    said: dict[str, list[str]] = {}
    for row in rows:
        said.setdefault(text_of(row["provision"]), []).append(text_of(row["words"]))
    for row in rows:
        provision = text_of(row["provision"])
        words = text_of(row["words"]) or " ".join(commentary.get(provision, ()))
        yield provision, (_why(text_of(row["why"]), said[provision]), words or None)


def _asked(graph: ReviewGraph, rows: list[_Row]) -> Iterator[_Line]:
    for row in rows:
        kind = "question" if _QUESTION_MARK in text_of(row["words"]) else "wish"
        outcome = _label(graph, row, "outcome")
        yield text_of(row["provision"]), (outcome, kind.capitalize(), row["words"])


def _alternatives(graph: ReviewGraph, rows: list[_Row]) -> Iterator[_Line]:
    for row in rows:
        status = _label(graph, row, "status")
        cells = (_place(graph, row["destination"]), status, row["words"])
        yield text_of(row["provision"]), cells


def _dropped(graph: ReviewGraph, rows: list[_Row]) -> Iterator[_Line]:
    for row in rows:
        if row["decision"] or _settled(graph).recommendation(
            text_of(row["recommendation"]), Relation.DROPPED
        ):
            continue
        outcome = _label(graph, row, "outcome")
        reason = _label(graph, row, "reason") or "None stated"
        yield text_of(row["provision"]), (outcome, reason, row["words"])


def _without_reason(graph: ReviewGraph, rows: list[_Row]) -> Iterator[_Line]:
    return _with_outcome(
        graph, [r for r in rows if not _settled(graph).recommendation(text_of(r["recommendation"]))]
    )


def _kept(graph: ReviewGraph, rows: list[_Row]) -> Iterator[_Line]:
    return _with_outcome(
        graph, [row for row in rows if not _settled(graph).provision(text_of(row["provision"]))]
    )


def _with_outcome(graph: ReviewGraph, rows: list[_Row]) -> Iterator[_Line]:
    for row in rows:
        yield text_of(row["provision"]), (_label(graph, row, "outcome"), row["words"])


def _mixed(graph: ReviewGraph, rows: list[_Row]) -> Iterator[_Line]:
    """Yield a row for each recommendation, with all that it does."""
    does: dict[str, list[str]] = {}
    first: dict[str, _Row] = {}
    for row in rows:
        if _settled(graph).provision(text_of(row["provision"])):
            continue
        recommendation = text_of(row["recommendation"])
        first.setdefault(recommendation, row)
        does.setdefault(recommendation, []).append(_label(graph, row, "disposition"))
    for recommendation, row in first.items():
        outcome = _label(graph, row, "outcome")
        cells = (outcome, row["words"], "; ".join(does[recommendation]))
        yield text_of(row["provision"]), cells


def _hollow(graph: ReviewGraph, rows: list[_Row]) -> Iterator[_Line]:
    for row in rows:
        theme = theme_identifier(whole(row["theme"]))
        if _settled(graph).theme(whole(row["theme"]), text_of(row.get("party"))):
            continue
        scheme = "party" if "party" in row else "outcome"
        yield theme, (_label(graph, row, scheme), row["commitments"])


def _repeated(graph: ReviewGraph, rows: list[_Row]) -> Iterator[_Line]:
    for row in rows:
        if _settled(graph).recommendation(text_of(row["recommendation"])):
            continue
        provision = _recommended(graph)[text_of(row["recommendation"])]
        yield provision, (row["words"], _recommended(graph)[text_of(row["repeats"])])


def _near(graph: ReviewGraph, rows: list[_Row]) -> Iterator[_Line]:
    texts = _texts(graph)
    for row in rows:
        one, other = text_of(row["provision"]), text_of(row["near"])
        if _settled(graph).provision(one) and _settled(graph).provision(other):
            continue
        ours, theirs = (title_of(graph, "outcome", text_of(row[c])) for c in ("outcome", "near_outcome"))
        yield one, (ours, other, texts[other], theirs, row["score"])


@asked_once
def _texts(graph: ReviewGraph) -> dict[str, str]:
    """Return the words of each provision, in the order of the document."""
    return {row.provision: row.text for row in table_of_destinations(graph)}


@asked_once
def _recommended(graph: ReviewGraph) -> dict[str, str]:
    """Return the provision of each recommendation."""
    return {row.recommendation: row.provision for row in table_of_destinations(graph)}


@asked_once
def _settled(graph: ReviewGraph) -> _Settled:
    return _Settled(table_of_destinations(graph))


class _Settled:
    """What decisions settled, as the table of destinations says."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._rows = list(rows)

    def recommendation(self, identifier: str, relation: str = "") -> bool:
        """Say whether all that a recommendation recommends, or would have in one way, was decided."""
        return _all_decided(
            row
            for row in self._rows
            if row.recommendation == identifier and not row.decision and relation in ("", row.relation)
        )

    def provision(self, identifier: str) -> bool:
        """Say whether all that is recommended for a provision was decided, and nothing of it is open."""
        own = [row for row in self._rows if row.provision == identifier]
        return _all_decided(own) and not any(row.outcome in UNSETTLED for row in own)

    def theme(self, number: int, party: str) -> bool:
        """Say whether a theme is settled, and all its commitments, or those of a party."""
        return all(
            self.provision(row.provision)
            for row in self._rows
            if row.theme == str(number)
            and (
                row.kind == ProvisionKind.THEME
                or (row.kind == ProvisionKind.COMMITMENT and party in ("", row.party))
            )
        )


def _all_decided(rows: Iterable[Row]) -> bool:
    """Say whether the rows have movements and each was decided."""
    statuses = [row.status for row in rows if row.movement]
    return bool(statuses) and Status.RECOMMENDED not in statuses


def _why(why: str, recommendations: Iterable[str]) -> str:
    """Return why a provision is undecided: the question calls wishes questions too."""
    if why == "no recommendation":
        return "Nothing is recommended"
    if why == "rejected recommendation":
        return "What is recommended was rejected"
    if why != "only questions":
        return "A recommendation is not read yet"
    asked = {_QUESTION_MARK in words for words in recommendations}
    if asked == {True}:
        return "Only questions are asked"
    return "Only wishes are stated" if asked == {False} else "Only questions and wishes are stated"


_GROUPS: tuple[tuple[str, str, str, tuple[str, ...], _Lines], ...] = (
    (
        "undecided",
        "Undecided",
        "Neither a recommendation nor a decision says what becomes of these.",
        ("Why", "Recommendation, or else commentary"),
        _undecided,
    ),
    (
        "open-questions",
        "Questions and wishes",
        "These recommendations ask, or wish for, something and leave it to others to decide.",
        ("Outcome", "Kind", "Recommendation"),
        _asked,
    ),
    (
        "alternatives",
        "Alternatives not settled",
        "These may go to more than one place, and nothing says to which.",
        ("May go to", "Status", "Recommendation"),
        _alternatives,
    ),
    (
        "dropped",
        "Removed, with nowhere to go",
        "A recommendation takes these out, whole or in part, and names no other place for them.",
        ("Outcome", "Reason", "Recommendation"),
        _dropped,
    ),
    (
        "removed-without-reason",
        "Removed without a stated reason",
        "A recommendation takes something out and does not say why.",
        ("Outcome", "Recommendation"),
        _without_reason,
    ),
    (
        "mixed",
        "Recommendations that do different things",
        "What is recommended for one provision does more than one thing to it, which may be meant.",
        ("Outcome", "Recommendation", "What it does"),
        _mixed,
    ),
    (
        "usual-but-kept",
        "Kept, though called everyday practice",
        "The commentary names everyday practice, for which others are removed, and these are kept.",
        ("Outcome", "Commentary"),
        _kept,
    ),
    (
        "hollow-themes",
        "Themes kept without their commitments",
        "The theme is kept, and each commitment under it goes.",
        ("Outcome", "Commitments that go"),
        _hollow,
    ),
    (
        "hollow-themes-by-party",
        "Themes in which one party keeps no commitment",
        "The theme is kept, and each commitment of this party under it goes.",
        ("Party", "Commitments that go"),
        _hollow,
    ),
    (
        "near-but-different",
        "Near in wording, and treated differently",
        "These share most of their words, as a measure from 0 to 100 finds, and come to different "
        "outcomes.",
        (
            "Outcome",
            _NEAR,
            "Words of the near provision",
            "Outcome of the near provision",
            "Nearness, of 100",
        ),
        _near,
    ),
    (
        "repeated-recommendations",
        "Recommendations in the same words as an earlier one",
        "The words fit several provisions; whether they are meant alike is worth asking.",
        ("Recommendation", "First said of"),
        _repeated,
    ),
)
"""The name, title, meaning, columns and rows of each group: what is open, then what does not fit."""
