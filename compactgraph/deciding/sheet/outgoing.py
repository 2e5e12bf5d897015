"""The sheet that goes out: its items, with what is recommended and decided on each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from compactgraph.answers.about import about
from compactgraph.answers.review_graph import ReviewGraph
from compactgraph.answers.tables.decisions import Decision, history
from compactgraph.answers.tables.destinations import Filter, Row, table_of_destinations
from compactgraph.common.english import day_in_words
from compactgraph.common.schemes import UNSETTLED, Status
from compactgraph.deciding.checks import Situation
from compactgraph.deciding.desk import Desk
from compactgraph.deciding.offers import bearing
from compactgraph.deciding.sheet.columns import VERSION, Heading, Sent, Vocabulary, digits
from compactgraph.files.form import Form
from compactgraph.register.entry import Head

NAME = "Decisions"
"""The name of the tab that is filled in."""

MARK = "compactgraph sheet"
"""The name of the stamp's first line; its value is the version of the form."""

_NOTE = "Fill in the columns with a yellow heading. The sheet “About” says how."


@dataclass(frozen=True)
class Stamp:
    """What a sheet went out with: its review, and the last entry of the register then."""

    review: str
    head: Head
    version: str = VERSION

    def lines(self) -> dict[str, str]:
        """Return it as the sheet carries it."""
        return {
            MARK: self.version,
            "review": self.review,
            "entries": str(self.head.number),
            "hash": self.head.hash,
        }

    @classmethod
    def from_lines(cls, lines: Mapping[str, str]) -> Stamp | None:
        """Return what lines say, None if something is missing."""
        try:
            number = int(lines["entries"])
            return cls(lines["review"], Head(number, lines.get("hash", "")), lines[MARK])
        except (KeyError, ValueError):
            return None


def form_of(desk: Desk, to: str = "", *, everything: bool = False) -> Form:
    """Return the sheet of all that goes to ``to``, of all that awaits a decision, or of everything.

    It has a row for each movement, and for each provision without a movement. Raises UnknownNameError
    for an unknown destination.
    """
    situation = desk.situation()
    graph = ReviewGraph(desk.dataset(situation), desk.ontology, desk.review)
    vocabulary = Vocabulary.of(graph)
    rows = table_of_destinations(graph, Filter(to=(to,) if to else ()))
    if not to and not everything:
        rows = [row for row in rows if _awaits(situation, row)]
    title = "Decisions on the whole review" if everything else "What awaits a decision"
    if to:
        title = f"Decisions on what goes to: {vocabulary.references.shown.get(to, to)}"
    made = {decision.number: decision for decision in history(graph)}
    cells = [_cells(desk.review, situation, vocabulary, made, row) for row in rows]
    head = situation.head
    return Form(
        name=NAME,
        title=title,
        note=_NOTE,
        columns=vocabulary.columns(),
        rows=tuple(tuple(of_row.get(name, "") for name in Heading) for of_row in cells),
        about=vocabulary.about(about(graph).title, f"d{head.number}" if head.number else ""),
        stamp=Stamp(desk.review, head).lines(),
    )


def _awaits(situation: Situation, row: Row) -> bool:
    return (
        row.status == Status.RECOMMENDED
        or row.outcome in UNSETTLED
        or bool({row.movement, row.provision} & situation.stood.standing.contested.keys())
    )


def _cells(
    review: str,
    situation: Situation,
    vocabulary: Vocabulary,
    made: Mapping[int, Decision],
    row: Row,
) -> dict[Heading, str]:
    """Return the cells of a row; ``made`` has the decisions by number."""
    label, destination = vocabulary.label, row.destination
    item = row.movement or row.provision
    numbers = tuple(entry.number for entry in bearing(situation, item, row.provision))
    words = digits(situation.found.prints_of(row.provision))
    return {
        Heading.PROVISION: row.provision,
        Heading.WORDS: row.text,
        Heading.RECOMMENDED: row.recommendation_text,
        Heading.RELATION: label("relation", row.relation) if row.relation else "",
        Heading.DESTINATION: vocabulary.references.shown.get(destination, destination),
        Heading.OUTCOME: label("outcome", row.outcome),
        Heading.STATUS: label("status", row.status) if row.status else "",
        Heading.IN_FORCE: "\n".join(_in_words(made[number], item) for number in numbers),
        Heading.ITEM: item,
        Heading.SENT: Sent(review, item, numbers, words).text(),
    }


def _in_words(decision: Decision, item: str) -> str:
    """Return a decision in words, with its item if that is not ``item``."""
    names, day = ", ".join(decision.by), day_in_words(decision.date)
    on = "" if decision.item == item else f" (on {decision.item})"
    return f"{decision.name}: {decision.done} by {names} on {day}{on}"
