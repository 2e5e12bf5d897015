"""What a review leaves open: the undecided, the questions, the alternatives, and what does not fit.

Each group rests on a saved question, without what decisions have settled since.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from compactgraph.answers.records import grouped, whole
from compactgraph.answers.review_graph import ReviewGraph, asked_once
from compactgraph.answers.tables.destinations import Row, rows_by, table_of_destinations
from compactgraph.answers.terms import reference_labels, title_of
from compactgraph.common.identifiers import theme_identifier
from compactgraph.common.schemes import UNSETTLED, ProvisionKind, Relation, Status
from compactgraph.files.table import Sheet
from compactgraph.sparql.rows import Cell, text_of

_QUESTION_MARK = "?"
_WHY = {
    "no recommendation": "Nothing is recommended",
    "rejected recommendation": "What is recommended was rejected",
    "unread recommendation": "A recommendation is not read yet",
}

_Row = Mapping[str, Cell]
_Value = Callable[[ReviewGraph, _Row], Cell]


@dataclass(frozen=True)
class Group:
    """The open points of one kind; ``name`` is that of the saved question behind them.

    ``meaning`` says why they are open. Each row begins with its provision; ``provisions`` has each
    provision concerned once, in the order of the document.
    """

    name: str
    title: str
    meaning: str
    columns: tuple[str, ...]
    rows: list[tuple[Cell, ...]]
    provisions: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        """Whether the group has no rows."""
        return not self.rows


@dataclass(frozen=True)
class _Kind:
    """A kind of open point: its columns with what fills them, and which rows decisions have settled.

    If ``once`` names a column, there is one row for each of its values.
    """

    name: str
    title: str
    meaning: str
    columns: Mapping[str, _Value]
    is_settled: Callable[[ReviewGraph, _Row], bool] = lambda graph, row: False
    once: str = ""

    def group(self, graph: ReviewGraph) -> Group:
        """Return the group of a review."""
        rows = [row for row in _rows(graph, self.name) if not self.is_settled(graph, row)]
        if self.once:
            rows = list({row[self.once]: row for row in rows}.values())
        concerned = {_provision(graph, row) for row in rows} | {text_of(row.get("near")) for row in rows}
        return Group(
            self.name,
            self.title,
            self.meaning,
            ("Provision", "Words of the agreement", *self.columns),
            [self._line(graph, row) for row in rows],
            tuple(provision for provision in _texts(graph) if provision in concerned),
        )

    def _line(self, graph: ReviewGraph, row: _Row) -> tuple[Cell, ...]:
        provision = _provision(graph, row)
        cells = (value(graph, row) for value in self.columns.values())
        return (provision, _texts(graph)[provision], *cells)


@asked_once
def open_points(graph: ReviewGraph) -> list[Group]:
    """Return the groups of open points, empty ones too."""
    return [kind.group(graph) for kind in _KINDS]


def to_sheets(groups: Iterable[Group]) -> list[Sheet]:
    """Return a table for each group."""
    return [Sheet(group.title, group.columns, group.rows, group.meaning) for group in groups]


# Rows


@asked_once
def _rows(graph: ReviewGraph, question: str) -> list[dict[str, Cell]]:
    return graph.ask(question).by_column()


@asked_once
def _texts(graph: ReviewGraph) -> dict[str, str]:
    """Return the words of each provision, in the order of the document."""
    return {row.provision: row.text for row in table_of_destinations(graph)}


@asked_once
def _recommended(graph: ReviewGraph) -> dict[str, str]:
    """Return the provision of each recommendation."""
    return {row.recommendation: row.provision for row in table_of_destinations(graph)}


def _provision(graph: ReviewGraph, row: _Row) -> str:
    """Return the provision that a row is about."""
    if "provision" in row:
        return text_of(row["provision"])
    if "theme" in row:
        return theme_identifier(whole(row["theme"]))
    return _recommended(graph)[text_of(row["recommendation"])]


# Cells


def _cell(column: str) -> _Value:
    return lambda graph, row: row[column]


def _label(scheme: str, column: str = "", *, otherwise: str = "") -> _Value:
    """Return what gives the label of a term."""
    return lambda graph, row: title_of(graph, scheme, text_of(row[column or scheme])) or otherwise


def _place(graph: ReviewGraph, row: _Row) -> str:
    identifier = text_of(row["destination"])
    label = reference_labels(graph).get(identifier)
    return label.title if label else identifier


def _why_undecided(graph: ReviewGraph, row: _Row) -> str:
    """Say why a provision is undecided; the saved question counts wishes as questions."""
    why = text_of(row["why"])
    if why in _WHY:
        return _WHY[why]
    own = [r for r in _rows(graph, "undecided") if r["provision"] == row["provision"]]
    asked = {_QUESTION_MARK in text_of(r["words"]) for r in own}
    if asked == {True}:
        return "Only questions are asked"
    return "Only wishes are stated" if asked == {False} else "Only questions and wishes are stated"


def _recommendation_or_commentary(graph: ReviewGraph, row: _Row) -> Cell:
    said = [r for r in _rows(graph, "commentary-only") if r["provision"] == row["provision"]]
    return row["words"] or " ".join(text_of(r["words"]) for r in said) or None


@asked_once
def _dispositions(graph: ReviewGraph) -> dict[str, list[str]]:
    """Return what each recommendation that does different things does."""
    by_recommendation = grouped(_rows(graph, "mixed"), lambda row: text_of(row["recommendation"]))
    return {
        recommendation: [title_of(graph, "disposition", text_of(row["disposition"])) for row in rows]
        for recommendation, rows in by_recommendation.items()
    }


def _what_it_does(graph: ReviewGraph, row: _Row) -> str:
    return "; ".join(_dispositions(graph)[text_of(row["recommendation"])])


_OUTCOME = {"Outcome": _label("outcome")}
_RECOMMENDATION = {"Recommendation": _cell("words")}


# What decisions have settled


def _all_decided(rows: Iterable[Row]) -> bool:
    """Say whether the rows have movements and each was decided."""
    statuses = [row.status for row in rows if row.movement]
    return bool(statuses) and Status.RECOMMENDED not in statuses


def _provision_settled(graph: ReviewGraph, row: _Row, column: str = "provision") -> bool:
    """Say whether all that is recommended for a provision was decided, and nothing of it is open."""
    own = rows_by(graph, "provision").get(text_of(row[column]), [])
    return _all_decided(own) and not any(each.outcome in UNSETTLED for each in own)


def _recommendation_settled(graph: ReviewGraph, row: _Row, relation: str = "") -> bool:
    """Say whether each movement of a recommendation, or each in one relation, was decided."""
    own = rows_by(graph, "recommendation").get(text_of(row["recommendation"]), [])
    return _all_decided(each for each in own if not each.decision and relation in ("", each.relation))


def _dropping_settled(graph: ReviewGraph, row: _Row) -> bool:
    return bool(row["decision"]) or _recommendation_settled(graph, row, Relation.DROPPED)


def _theme_settled(graph: ReviewGraph, row: _Row) -> bool:
    """Say whether a theme is settled, and all its commitments, or those of one party."""
    party = text_of(row.get("party"))
    return all(
        _provision_settled(graph, {"provision": each.provision})
        for each in rows_by(graph, "theme").get(text_of(row["theme"]), [])
        if each.kind == ProvisionKind.THEME
        or (each.kind == ProvisionKind.COMMITMENT and party in ("", each.party))
    )


def _pair_settled(graph: ReviewGraph, row: _Row) -> bool:
    return _provision_settled(graph, row) and _provision_settled(graph, row, "near")


_KINDS = (
    _Kind(
        "undecided",
        "Undecided",
        "Neither a recommendation nor a decision says what becomes of these.",
        {
            "Why": _why_undecided,
            "Recommendation, or else commentary": _recommendation_or_commentary,
        },
    ),
    _Kind(
        "open-questions",
        "Questions and wishes",
        "These recommendations ask, or wish for, something and leave it to others to decide.",
        {
            **_OUTCOME,
            "Kind": lambda _, row: "Question" if _QUESTION_MARK in text_of(row["words"]) else "Wish",
            **_RECOMMENDATION,
        },
    ),
    _Kind(
        "alternatives",
        "Alternatives not settled",
        "These may go to more than one place, and nothing says to which.",
        {"May go to": _place, "Status": _label("status"), **_RECOMMENDATION},
    ),
    _Kind(
        "dropped",
        "Removed, with nowhere to go",
        "A recommendation takes these out, whole or in part, and names no other place for them.",
        {**_OUTCOME, "Reason": _label("reason", otherwise="None stated"), **_RECOMMENDATION},
        _dropping_settled,
    ),
    _Kind(
        "removed-without-reason",
        "Removed without a stated reason",
        "A recommendation takes something out and does not say why.",
        {**_OUTCOME, **_RECOMMENDATION},
        _recommendation_settled,
    ),
    _Kind(
        "mixed",
        "Recommendations that do different things",
        "What is recommended for one provision does more than one thing to it, which may be meant.",
        {**_OUTCOME, **_RECOMMENDATION, "What it does": _what_it_does},
        _provision_settled,
        once="recommendation",
    ),
    _Kind(
        "usual-but-kept",
        "Kept, though called everyday practice",
        "The commentary names everyday practice, for which others are removed, and these are kept.",
        {**_OUTCOME, "Commentary": _cell("words")},
        _provision_settled,
    ),
    _Kind(
        "hollow-themes",
        "Themes kept without their commitments",
        "The theme is kept, and each commitment under it goes.",
        {**_OUTCOME, "Commitments that go": _cell("commitments")},
        _theme_settled,
    ),
    _Kind(
        "hollow-themes-by-party",
        "Themes in which one party keeps no commitment",
        "The theme is kept, and each commitment of this party under it goes.",
        {"Party": _label("party"), "Commitments that go": _cell("commitments")},
        _theme_settled,
    ),
    _Kind(
        "near-but-different",
        "Near in wording, and treated differently",
        "These share most of their words, as a measure from 0 to 100 finds, and come to different "
        "outcomes.",
        {
            **_OUTCOME,
            "Near provision": _cell("near"),
            "Words of the near provision": lambda graph, row: _texts(graph)[text_of(row["near"])],
            "Outcome of the near provision": _label("outcome", "near_outcome"),
            "Nearness, of 100": _cell("score"),
        },
        _pair_settled,
    ),
    _Kind(
        "repeated-recommendations",
        "Recommendations in the same words as an earlier one",
        "The words fit several provisions; whether they are meant alike is worth asking.",
        {
            **_RECOMMENDATION,
            "First said of": lambda graph, row: _recommended(graph)[text_of(row["repeats"])],
        },
        _recommendation_settled,
    ),
)
"""The kinds of open points: what is open, then what does not fit."""
