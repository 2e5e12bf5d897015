"""What goes out to be decided on: which items, with what is recommended and decided of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from compactgraph.answers.about import about
from compactgraph.answers.review_graph import ReviewGraph
from compactgraph.answers.tables.decisions import Decision, history
from compactgraph.answers.tables.destinations import Filter, Row, table_of_destinations
from compactgraph.common.english import day_in_words
from compactgraph.common.schemes import UNSETTLED, Status
from compactgraph.deciding.bearing import Bearing
from compactgraph.deciding.checks import Situation
from compactgraph.deciding.desk import Desk
from compactgraph.deciding.sheet.columns import (
    DESTINATION,
    IN_FORCE,
    ITEM,
    OUTCOME,
    PROVISION,
    RECOMMENDED,
    RELATION,
    SENT,
    STATUS,
    VERSION,
    WORDS,
    Sent,
    Vocabulary,
    digits,
)
from compactgraph.files.form import Form
from compactgraph.register.entry import Head

NAME = "Decisions"
"""The name of the tab that is filled in."""

MARK = "compactgraph sheet"
"""What the first line of the stamp is called; its value is the version of the form."""

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
        """Return what such lines say, None if they are not whole."""
        try:
            number = int(lines["entries"])
            return cls(lines["review"], Head(number, lines.get("hash", "")), lines[MARK])
        except (KeyError, ValueError):
            return None


def form_of(desk: Desk, to: str = "", *, everything: bool = False) -> Form:
    """Return the sheet of all that goes to ``to``, or of all that awaits a decision, or of everything.

    It has a row for each movement, and one for a provision that has none. Raises UnknownNameError for
    an unknown destination.
    """
    situation = desk.situation()
    graph = ReviewGraph(desk.dataset(situation), desk.ontology, desk.review)
    vocabulary = Vocabulary.of(graph)
    wanted = Filter(to=(to,) if to else ())
    rows = table_of_destinations(graph, wanted)
    if not to and not everything:
        rows = [row for row in rows if _awaits(situation, row)]
    made = {decision.number: decision for decision in history(graph)}
    cells = _Cells(desk.review, situation, vocabulary, made)
    columns = vocabulary.columns()
    head = situation.entries[-1].head if situation.entries else Head()
    title = about(graph).title
    said = vocabulary.about(title, f"d{head.number}" if head.number else "")
    return Form(
        name=NAME,
        title=_title(vocabulary, to, everything=everything),
        note=_NOTE,
        columns=columns,
        rows=tuple(
            tuple(values.get(column.heading, "") for column in columns) for values in cells.of(rows)
        ),
        about=said,
        stamp=Stamp(desk.review, head).lines(),
    )


def _title(vocabulary: Vocabulary, to: str, *, everything: bool) -> str:
    if to:
        return f"Decisions on what goes to: {vocabulary.references.shown.get(to, to)}"
    return "Decisions on the whole review" if everything else "What awaits a decision"


def _awaits(situation: Situation, row: Row) -> bool:
    return (
        row.status == Status.RECOMMENDED
        or row.outcome in UNSETTLED
        or bool({row.movement, row.provision} & situation.stood.standing.contested.keys())
    )


class _Cells:
    """Makes the cells of each row, by the headings of their columns."""

    def __init__(
        self,
        review: str,
        situation: Situation,
        vocabulary: Vocabulary,
        made: Mapping[int, Decision],
    ) -> None:
        self._review = review
        self._situation = situation
        self._vocabulary = vocabulary
        self._made = made
        self._bearing = Bearing(situation)

    def of(self, rows: Iterable[Row]) -> Iterator[dict[str, str]]:
        label = self._vocabulary.label
        for row in rows:
            item = row.movement or row.provision
            entries = self._bearing.on(item, row.provision)
            numbers = tuple(entry.number for entry in entries)
            words = digits(self._situation.found.prints_of(row.provision))
            yield {
                PROVISION: row.provision,
                WORDS: row.text,
                RECOMMENDED: row.recommendation_text,
                RELATION: label("relation", row.relation) if row.relation else "",
                DESTINATION: self._vocabulary.references.shown.get(row.destination, row.destination),
                OUTCOME: label("outcome", row.outcome),
                STATUS: label("status", row.status) if row.status else "",
                IN_FORCE: "\n".join(_in_words(self._made[number], item) for number in numbers),
                ITEM: item,
                SENT: Sent(self._review, item, numbers, words).text(),
            }


def _in_words(decision: Decision, item: str) -> str:
    """Return a decision in words; if it is on another item than ``item``, with that."""
    names, day = ", ".join(decision.by), day_in_words(decision.date)
    on = "" if decision.item == item else f" (on {decision.item})"
    return f"{decision.name}: {decision.done} by {names} on {day}{on}"
