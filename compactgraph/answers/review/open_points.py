"""What a review leaves open: the undecided, the questions, the alternatives, and what does not fit.

Each group rests on a saved question, without what was settled by decisions since. Nothing here decides:
a group says what those who decide may look at, and one that holds nothing is there too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from compactgraph.answers.provision.evidence import whole
from compactgraph.answers.tables.destinations import Row, table_of_destinations
from compactgraph.answers.terms import Term, reference_labels, terms
from compactgraph.common.identifiers import theme_identifier
from compactgraph.common.schemes import UNSETTLED, ProvisionKind, Relation, Status
from compactgraph.files.table import Sheet
from compactgraph.sparql.dataset import Dataset
from compactgraph.sparql.questions import ask, find_question
from compactgraph.sparql.rows import Cell, text_of

_PROVISION = ("Provision", "Words of the agreement")
_QUESTION_MARK = "?"

_Row = Mapping[str, Cell]
_Line = tuple[str, tuple[Cell, ...]]


@dataclass(frozen=True)
class Group:
    """The open points of one kind.

    ``meaning`` is one sentence that says why they are open; ``question`` the saved question that they
    rest on. ``row_provisions`` has the provision of each row; ``provisions`` has each provision
    concerned once, in the order of the document.
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
        """Whether there is none."""
        return not self.rows


def open_points(store: Dataset, ontology: Path, review: str) -> list[Group]:
    """Return the groups of open points, empty ones too.

    Raises UnknownNameError where there is no such review.
    """
    return list(_Finder(store, ontology, review).groups())


def to_sheets(groups: Iterable[Group]) -> list[Sheet]:
    """Return a table for each group."""
    return [Sheet(group.title, group.columns, group.rows, group.meaning) for group in groups]


class _Finder:
    """Asks the saved questions about one review, and puts their answers in plain words."""

    def __init__(self, store: Dataset, ontology: Path, review: str) -> None:
        self._store = store
        self._ontology = ontology
        self._review = review
        table = table_of_destinations(store, ontology, review)
        self._settled = _Settled(table)
        self._texts = {row.provision: row.text for row in table}
        self._places = {provision: place for place, provision in enumerate(self._texts)}
        self._recommended = {row.recommendation: row.provision for row in table}
        self._vocabulary: Mapping[str, Mapping[str, Term]] = terms(store, ontology)
        self._references = reference_labels(store, ontology, review)

    def groups(self) -> Iterator[Group]:
        """Yield the groups, what is open before what does not fit."""
        yield self._group(
            "undecided",
            "Undecided",
            "Neither a recommendation nor a decision says what becomes of these.",
            ("Why", "Recommendation, or else commentary"),
            self._undecided,
        )
        yield self._group(
            "open-questions",
            "Questions and wishes",
            "These recommendations ask, or wish for, something and leave it to others to decide.",
            ("Outcome", "Kind", "Recommendation"),
            self._asked,
        )
        yield self._group(
            "alternatives",
            "Alternatives not settled",
            "These may go to more than one place, and nothing says to which.",
            ("May go to", "Status", "Recommendation"),
            self._alternatives,
        )
        yield self._group(
            "dropped",
            "Removed, with nowhere to go",
            "A recommendation takes these out, whole or in part, and names no other place for them.",
            ("Outcome", "Reason", "Recommendation"),
            self._dropped,
        )
        yield self._group(
            "removed-without-reason",
            "Removed without a stated reason",
            "A recommendation takes something out and does not say why.",
            ("Outcome", "Recommendation"),
            self._without_reason,
        )
        yield self._group(
            "mixed",
            "Recommendations that do different things",
            "What is recommended for one provision does more than one thing to it, which may be meant.",
            ("Outcome", "Recommendation", "What it does"),
            self._mixed,
        )
        yield self._group(
            "usual-but-kept",
            "Kept, though called everyday practice",
            "The commentary names everyday practice, for which others are removed, and these are kept.",
            ("Outcome", "Commentary"),
            self._kept,
        )
        yield self._group(
            "hollow-themes",
            "Themes kept without their commitments",
            "The theme is kept, and each commitment under it goes.",
            ("Outcome", "Commitments that go"),
            self._hollow,
        )
        yield self._group(
            "hollow-themes-by-party",
            "Themes in which one party keeps no commitment",
            "The theme is kept, and each commitment of this party under it goes.",
            ("Party", "Commitments that go"),
            self._hollow,
        )
        yield self._near()
        yield self._group(
            "repeated-recommendations",
            "Recommendations in the same words as an earlier one",
            "The words fit several provisions; whether they are meant alike is worth asking.",
            ("Recommendation", "First said of"),
            self._repeated,
        )

    def _group(
        self,
        name: str,
        title: str,
        meaning: str,
        columns: tuple[str, ...],
        lines: Callable[[list[_Row]], Iterable[_Line]],
    ) -> Group:
        """Return a group whose rows begin with the provision and its words."""
        found = list(lines(self._ask(name)))
        return Group(
            name,
            title,
            meaning,
            (*_PROVISION, *columns),
            [(provision, self._texts[provision], *cells) for provision, cells in found],
            tuple(provision for provision, _ in found),
            self._in_order(provision for provision, _ in found),
            name,
        )

    def _ask(self, name: str) -> list[_Row]:
        question = find_question(self._ontology, name)
        answer = ask(self._store, question, {}, self._review)
        return [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]

    def _in_order(self, provisions: Iterable[str]) -> tuple[str, ...]:
        return tuple(sorted(set(provisions), key=lambda provision: self._places[provision]))

    def _label(self, scheme: str, notation: Cell) -> str:
        term = self._vocabulary[scheme].get(text_of(notation))
        return term.title if term else text_of(notation)

    def _place(self, identifier: Cell) -> str:
        label = self._references.get(text_of(identifier))
        return label.title if label else text_of(identifier)

    # The rows of each group

    def _undecided(self, rows: list[_Row]) -> Iterator[_Line]:
        commentary: dict[str, list[str]] = {}
        for row in self._ask("commentary-only"):
            commentary.setdefault(text_of(row["provision"]), []).append(text_of(row["words"]))
        said: dict[str, list[str]] = {}
        for row in rows:
            said.setdefault(text_of(row["provision"]), []).append(text_of(row["words"]))
        for row in rows:
            provision = text_of(row["provision"])
            words = text_of(row["words"]) or " ".join(commentary.get(provision, ()))
            yield provision, (_why(text_of(row["why"]), said[provision]), words or None)

    def _asked(self, rows: list[_Row]) -> Iterator[_Line]:
        for row in rows:
            kind = "question" if _QUESTION_MARK in text_of(row["words"]) else "wish"
            outcome = self._label("outcome", row["outcome"])
            yield text_of(row["provision"]), (outcome, kind.capitalize(), row["words"])

    def _alternatives(self, rows: list[_Row]) -> Iterator[_Line]:
        for row in rows:
            status = self._label("status", row["status"])
            cells = (self._place(row["destination"]), status, row["words"])
            yield text_of(row["provision"]), cells

    def _dropped(self, rows: list[_Row]) -> Iterator[_Line]:
        for row in rows:
            if row["decision"] or self._settled.recommendation(
                text_of(row["recommendation"]), Relation.DROPPED
            ):
                continue
            outcome = self._label("outcome", row["outcome"])
            reason = self._label("reason", row["reason"]) or "None stated"
            yield text_of(row["provision"]), (outcome, reason, row["words"])

    def _without_reason(self, rows: list[_Row]) -> Iterator[_Line]:
        return self._with_outcome(
            [r for r in rows if not self._settled.recommendation(text_of(r["recommendation"]))]
        )

    def _kept(self, rows: list[_Row]) -> Iterator[_Line]:
        return self._with_outcome(
            [row for row in rows if not self._settled.provision(text_of(row["provision"]))]
        )

    def _with_outcome(self, rows: list[_Row]) -> Iterator[_Line]:
        for row in rows:
            yield text_of(row["provision"]), (self._label("outcome", row["outcome"]), row["words"])

    def _mixed(self, rows: list[_Row]) -> Iterator[_Line]:
        """Yield a row for each recommendation, with all that it does."""
        does: dict[str, list[str]] = {}
        first: dict[str, _Row] = {}
        for row in rows:
            if self._settled.provision(text_of(row["provision"])):
                continue
            recommendation = text_of(row["recommendation"])
            first.setdefault(recommendation, row)
            does.setdefault(recommendation, []).append(self._label("disposition", row["disposition"]))
        for recommendation, row in first.items():
            outcome = self._label("outcome", row["outcome"])
            cells = (outcome, row["words"], "; ".join(does[recommendation]))
            yield text_of(row["provision"]), cells

    def _hollow(self, rows: list[_Row]) -> Iterator[_Line]:
        for row in rows:
            theme = theme_identifier(whole(row["theme"]))
            if self._settled.theme(whole(row["theme"]), text_of(row.get("party"))):
                continue
            scheme = "party" if "party" in row else "outcome"
            yield theme, (self._label(scheme, row[scheme]), row["commitments"])

    def _repeated(self, rows: list[_Row]) -> Iterator[_Line]:
        for row in rows:
            if self._settled.recommendation(text_of(row["recommendation"])):
                continue
            provision = self._recommended[text_of(row["recommendation"])]
            yield provision, (row["words"], self._recommended[text_of(row["repeats"])])

    def _near(self) -> Group:
        name = "near-but-different"
        rows: list[tuple[Cell, ...]] = []
        firsts, concerned = [], set()
        for row in self._ask(name):
            one, other = text_of(row["provision"]), text_of(row["near"])
            if self._settled.provision(one) and self._settled.provision(other):
                continue
            firsts.append(one)
            concerned |= {one, other}
            outcomes = [self._label("outcome", row[c]) for c in ("outcome", "near_outcome")]
            cells = (one, self._texts[one], outcomes[0], other, self._texts[other], outcomes[1])
            rows.append((*cells, row["score"]))
        return Group(
            name,
            "Near in wording, and treated differently",
            "These share most of their words, as a measure from 0 to 100 finds, and come to different "
            "outcomes.",
            (
                *_PROVISION,
                "Outcome",
                "Near provision",
                "Words of the near provision",
                "Outcome of the near provision",
                "Nearness, of 100",
            ),
            rows,
            tuple(firsts),
            self._in_order(concerned),
            name,
        )


class _Settled:
    """What was settled by decisions, as the table of destinations says."""

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
    """Say whether each movement in some rows was decided; not so where there is none."""
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
