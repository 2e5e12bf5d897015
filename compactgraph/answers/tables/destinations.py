"""The table of destinations, and its inverse, the table of origins.

A row is one movement, which legislation.gov.uk calls an effect, or a provision without a movement.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, field, fields
from operator import attrgetter, itemgetter

from compactgraph.answers.records import grouped, record
from compactgraph.answers.review_graph import ReviewGraph, asked_once
from compactgraph.common.english import listed
from compactgraph.common.schemes import UPHELD, ProvisionKind, Relation, Status
from compactgraph.errors import require_known
from compactgraph.sparql.rows import Cell, text_of

SEPARATOR = "|"


@dataclass(frozen=True)
class Row:
    """A row of the table; its fields are the columns, in order.

    ``theme`` is a theme's number, ``destination`` a reference's identifier, ``outcome`` the current
    one. ``disposition`` and ``reason`` hold terms, joined by ``|``: of the recommendation, or of the
    decision in its place.

    The last four are not columns: the outcome that the review recommends, the identifiers of the
    movement and of the decision that made it, and the provision's place in the document, from 1.
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
_SEARCHED = ("provision", "recommendation", "destination", "text", "recommendation_text")
_NOUNS = {"disposition": "recommendation", "relation": "movement"}
_TYPED = str.maketrans("‘’ʼ“”‐‑–—", "'''\"\"----")


@dataclass(frozen=True)
class Filter:
    """Which rows are wanted: those with one of the given values in each column that has some.

    ``to`` is the destination; the value ``""`` stands for an empty cell. Each of ``words`` must be
    found in the row's texts or identifiers, in any case and with or without accents.
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
        """Raise UnknownNameError if the review cannot have a value."""
        for column in FILTERS:
            for value in filter(None, self.of(column)):
                if column == "kind":
                    require_known("kind", value, [*ProvisionKind])
                else:
                    graph.bind("reference" if column == "destination" else column, value)

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
    """Return text without case and accents, with the quotes and dashes of a keyboard."""
    parts = unicodedata.normalize("NFKD", text.translate(_TYPED))
    return "".join(part for part in parts if not unicodedata.combining(part)).casefold()


def describe(wanted: Filter, labels: Mapping[tuple[str, str], str] | None = None) -> str:
    """Say in plain words what is wanted: ``outcome moved or either; words “training”``.

    ``labels`` has the words for a column and a value. The answer is empty if all rows are wanted.
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
    """Return the table of destinations of a review, in the order of its provisions."""
    rows = graph.rows("destinations")
    names = dict.fromkeys(row["provision"] for row in rows)
    positions = {name: position for position, name in enumerate(names, 1)}
    groups = grouped(rows, itemgetter("provision", "movement"))
    return [_row(group, positions[name]) for (name, _), group in groups.items()]


@asked_once
def rows_by(graph: ReviewGraph, column: str) -> dict[str, list[Row]]:
    """Return the rows of the table of destinations, by the values of a column."""
    return grouped(every_row(graph), attrgetter(column))


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

    Raises UnknownNameError if the review, or a value of ``wanted``, is unknown.
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

    Provisions keep the order of the document. Values in ``order`` come first, in that order. Numbers
    in texts count by their value: 1.2 comes before 1.10. The sort is stable. Raises UnknownNameError
    for an unknown column.
    """
    require_known("column", column, COLUMNS)
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
    """Return for each column of :data:`FILTERS` the values of its cells.

    Those that ``orders`` has for the column come first, in that order; ``""`` comes last.
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
    """Return a key that sorts texts, with the numbers in them by value."""
    parts = re.split(r"([0-9]+)", folded(text))
    numbers = [part.lstrip("0") for part in parts[1::2]] + [""]
    return tuple((words, len(number), number) for words, number in zip(parts[::2], numbers, strict=True))


def _ordering(order: Sequence[str]) -> Callable[[str], tuple[int, _Natural]]:
    places = {value: place for place, value in enumerate(order)}
    return lambda value: (places.get(value, len(places)), natural(value))


def _row(rows: Sequence[Mapping[str, Cell]], position: int) -> Row:
    """Return the row of a movement, or of a provision without one; dispositions and reasons are joined.

    A movement that a decision made has the dispositions of the decision.
    """
    first = rows[0]
    return record(
        Row,
        first,
        theme=text_of(first["own_theme"] if first["theme"] is None else first["theme"]),
        disposition=_joined(rows, "disposition" if first["decision"] is None else "decided"),
        reason=_joined(rows, "reason"),
        position=position,
    )


def _joined(rows: Iterable[Mapping[str, Cell]], column: str) -> str:
    return SEPARATOR.join(sorted({text_of(row[column]) for row in rows} - {""}))


def one_row_each(rows: Iterable[Row]) -> list[Row]:
    """Return the first row of each provision, in order."""
    found: dict[str, Row] = {}
    for row in rows:
        found.setdefault(row.provision, row)
    return list(found.values())
