"""The table of destinations, and its inverse, the table of origins.

A row is one movement, what legislation.gov.uk calls an effect; a provision without a movement still
has its row.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, field, fields

from compactgraph.answers.review_graph import ReviewGraph, asked_once
from compactgraph.common.english import listed
from compactgraph.common.schemes import UPHELD, ProvisionKind, Relation, Status
from compactgraph.errors import UnknownNameError
from compactgraph.sparql.rows import Cell

SEPARATOR = "|"


@dataclass(frozen=True)
class Row:
    """A row of the table; the fields are its columns, in their order, and an empty one says nothing.

    ``theme`` is a theme's number; ``destination`` a reference's identifier; ``disposition`` and
    ``reason`` hold the terms of the recommendation, joined by ``|``, or of the decision in its place.
    ``outcome`` is the current one.

    The last four are no columns: ``recommended_outcome`` is what the review alone makes of the
    provision; ``movement`` is the movement's identifier, ``decision`` that of the decision which made
    it, empty where the review recommends it; ``position`` is the provision's place in the document,
    from 1.
    """

    provision: str
    kind: str
    theme: str
    party: str
    outcome: str
    recommendation: str
    disposition: str
    reason: str
    destination: str
    relation: str
    status: str
    text: str
    recommendation_text: str
    recommended_outcome: str = field(default="", repr=False)
    movement: str = field(default="", repr=False)
    decision: str = field(default="", repr=False)
    position: int = field(default=0, repr=False)

    def cells(self) -> tuple[str, ...]:
        """Return the cells in the order of the columns."""
        return astuple(self)[: len(COLUMNS)]

    @property
    def stands(self) -> bool:
        """Whether it has a movement that was not rejected."""
        return self.status not in ("", Status.REJECTED)

    @property
    def is_chosen(self) -> bool:
        """Whether it is one of several alternatives, and the one that was agreed to."""
        return self.relation == Relation.EITHER and self.status in UPHELD


_BESIDE = frozenset({"recommended_outcome", "movement", "decision", "position"})
COLUMNS = tuple(column.name for column in fields(Row) if column.name not in _BESIDE)
FILTERS = (
    *("theme", "party", "kind", "outcome", "disposition", "reason", "destination", "relation"),
    "status",
)
_JOINED = ("theme", "disposition", "reason")
_SEARCHED = ("provision", "recommendation", "destination", "text", "recommendation_text")
_NOUNS = {"disposition": "recommendation", "relation": "movement"}
_TYPED = str.maketrans("‘’ʼ“”‐‑–—", "'''\"\"----")


@dataclass(frozen=True)
class Filter:
    """What rows are wanted: in each column one of the values given, or any where none is.

    The value ``""`` means that none is stated; ``to`` is the destination. Of ``words`` each must stand
    somewhere in the row's texts or identifiers, also as a part of a word, whatever its case or accents.
    """

    to: tuple[str, ...] = ()
    outcome: tuple[str, ...] = ()
    theme: tuple[str, ...] = ()
    party: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    disposition: tuple[str, ...] = ()
    reason: tuple[str, ...] = ()
    relation: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    words: str = ""

    def of(self, column: str) -> tuple[str, ...]:
        """Return the values that are wanted in a column of :data:`FILTERS`."""
        values: tuple[str, ...] = getattr(self, "to" if column == "destination" else column)
        return values

    def check(self, graph: ReviewGraph) -> None:
        """Raise UnknownNameError where a value is one that the review cannot have."""
        for column in FILTERS:
            for value in filter(None, self.of(column)):
                if column != "kind":
                    graph.bind("reference" if column == "destination" else column, value)
                elif value not in set(ProvisionKind):
                    raise UnknownNameError("kind", value, ProvisionKind)

    def admits(self, row: Row) -> bool:
        """Say whether ``row`` is wanted."""
        for column in FILTERS:
            wanted = self.of(column)
            stated = getattr(row, column).split(SEPARATOR)
            if wanted and not any(value in wanted for value in stated):
                return False
        if not self.words.strip():
            return True
        searched = folded(" ".join(getattr(row, column) for column in _SEARCHED))
        return all(word in searched for word in folded(self.words).split())


def folded(text: str) -> str:
    """Return text without case and accents, and its quotes and dashes as a keyboard has them."""
    parts = unicodedata.normalize("NFKD", text.translate(_TYPED))
    return "".join(part for part in parts if not unicodedata.combining(part)).casefold()


def describe(wanted: Filter, labels: Mapping[tuple[str, str], str] | None = None) -> str:
    """Say in plain words what is wanted: ``outcome moved or either; words “training”``.

    ``labels`` has words for the value of a column; without them the value itself stands. The answer is
    empty where all rows are wanted.
    """
    known = labels or {}
    parts = []
    for column in FILTERS:
        names = [known.get((column, value), value or "none stated") for value in wanted.of(column)]
        if names:
            parts.append(f"{_NOUNS.get(column, column)} {listed(names, 'or')}")
    if wanted.words.strip():
        parts.append(f"words “{' '.join(wanted.words.split())}”")
    return "; ".join(parts)


@asked_once
def every_row(graph: ReviewGraph) -> list[Row]:
    """Return the table of destinations of a review, in the order of its provisions.

    Raises UnknownNameError if there is no such review.
    """
    answer = graph.view("destinations")
    return _rows(answer.columns, answer.rows)


def table_of_destinations(graph: ReviewGraph, wanted: Filter | None = None) -> list[Row]:
    """Return the rows of a review's table of destinations, in the order of its provisions.

    Raises UnknownNameError if the review, or a value of ``wanted``, is unknown.
    """
    rows = every_row(graph)
    if wanted is None:
        return rows
    wanted.check(graph)
    return [row for row in rows if wanted.admits(row)]


def table_of_origins(graph: ReviewGraph, wanted: Filter | None = None) -> list[Row]:
    """Return the same rows ordered by destination; those that go nowhere come last.

    Raises UnknownNameError where the review, or a value of ``wanted``, is unknown.
    """
    rows = table_of_destinations(graph, wanted)
    return sorted(rows, key=lambda row: (not row.destination, row.destination))


def counts(rows: Iterable[Row]) -> tuple[int, int]:
    """Return how many provisions and how many rows there are."""
    found = [row.provision for row in rows]
    return len(set(found)), len(found)


def sort_rows(
    rows: Iterable[Row], column: str, *, descending: bool = False, order: Sequence[str] = ()
) -> list[Row]:
    """Return the rows sorted by a column; rows with an empty cell come last, either way.

    Provisions stand in the order of the document, numbers in texts by their value, so that 1.2 comes
    before 1.10; the values in ``order``, where it is given, in that order and before all others. Rows
    with equal cells keep their order. Raises UnknownNameError for an unknown column.
    """
    if column not in COLUMNS:
        raise UnknownNameError("column", column, COLUMNS)
    given = list(rows)
    filled = [row for row in given if getattr(row, column)]
    if column in ("provision", "recommendation"):
        filled.sort(key=lambda row: (row.position, natural(getattr(row, column))), reverse=descending)
    else:
        in_order = _ordering(order)
        filled.sort(
            key=lambda row: [in_order(value) for value in getattr(row, column).split(SEPARATOR)],
            reverse=descending,
        )
    return filled + [row for row in given if not getattr(row, column)]


def choices(
    rows: Iterable[Row], orders: Mapping[str, Sequence[str]] | None = None
) -> dict[str, list[str]]:
    """Return for each column of :data:`FILTERS` the values that its cells have.

    They stand in the order that ``orders`` has for the column, others after them by their words; last
    comes ``""``, where a row states none.
    """
    given = list(rows)
    found = {}
    for column in FILTERS:
        values = {value for row in given for value in getattr(row, column).split(SEPARATOR)}
        in_order = _ordering((orders or {}).get(column, ()))
        empty = [""] if "" in values else []
        found[column] = sorted(sorted(values - {""}), key=in_order) + empty
    return found


_Natural = tuple[tuple[str, int, str], ...]


def natural(text: str) -> _Natural:
    """Return a key by which texts are sorted, the numbers in them by their value."""
    parts = re.split(r"([0-9]+)", folded(text))
    numbers = [part.lstrip("0") for part in parts[1::2]] + [""]
    return tuple((words, len(number), number) for words, number in zip(parts[::2], numbers, strict=True))


def _ordering(order: Sequence[str]) -> Callable[[str], tuple[int, _Natural]]:
    places = {value: place for place, value in enumerate(order)}
    return lambda value: (places.get(value, len(places)), natural(value))


def _rows(columns: tuple[str, ...], rows: Iterable[tuple[Cell, ...]]) -> list[Row]:
    """Return a row for each movement; its dispositions and reasons, a row each before, are joined.

    What a decision made has the dispositions of the decision.
    """
    found: dict[tuple[str, ...], dict[str, str]] = {}
    several: dict[tuple[tuple[str, ...], str], set[str]] = {}
    positions: dict[str, int] = {}
    for cells in rows:
        named = {
            name: "" if value is None else str(value) for name, value in zip(columns, cells, strict=True)
        }
        key = (named["provision"], named["movement"])
        found.setdefault(key, named)
        positions.setdefault(named["provision"], len(positions) + 1)
        for column in ("disposition", "decided", "reason"):
            several.setdefault((key, column), set()).add(named[column])
    return [
        Row(
            **{column: named[column] for column in COLUMNS if column not in _JOINED},
            recommended_outcome=named["recommended_outcome"],
            movement=named["movement"],
            decision=named["decision"],
            theme=named["theme"] or named["own_theme"],
            disposition=SEPARATOR.join(
                sorted(several[key, "decided" if named["decision"] else "disposition"] - {""})
            ),
            reason=SEPARATOR.join(sorted(several[key, "reason"] - {""})),
            position=positions[named["provision"]],
        )
        for key, named in found.items()
    ]


def one_row_each(rows: Iterable[Row]) -> list[Row]:
    """Return the first row of each provision, in order: what it is and what becomes of it."""
    found: dict[str, Row] = {}
    for row in rows:
        found.setdefault(row.provision, row)
    return list(found.values())
