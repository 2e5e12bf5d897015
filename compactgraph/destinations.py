"""The table of destinations, and its inverse, the table of origins.

A row is one movement, what legislation.gov.uk calls an effect; a provision without a movement still
has its row.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields
from pathlib import Path

from pyoxigraph import Store

from compactgraph.questions import Cell, bind, select, view

SEPARATOR = "|"


@dataclass(frozen=True)
class Row:
    """A row of the table; the fields are its columns, in their order, and an empty one says nothing.

    ``theme`` is a theme's number; ``destination`` a reference's identifier; ``disposition`` and
    ``reason`` hold the terms of the recommendation, joined by ``|``.
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

    def cells(self) -> tuple[str, ...]:
        """Return the cells in the order of the columns."""
        return astuple(self)


COLUMNS = tuple(column.name for column in fields(Row))
_JOINED = ("theme", "disposition", "reason")


@dataclass(frozen=True)
class Filter:
    """What rows are wanted: each value given must be the row's."""

    to: str | None = None
    outcome: str | None = None
    theme: int | None = None
    party: str | None = None

    def check(self, store: Store, review: str) -> None:
        """Raise UnknownNameError where a value is one that the review cannot have."""
        for kind, value in (
            ("reference", self.to),
            ("outcome", self.outcome),
            ("theme", None if self.theme is None else str(self.theme)),
            ("party", self.party),
        ):
            if value is not None:
                bind(store, kind, value, review)

    def admits(self, row: Row) -> bool:
        """Say whether ``row`` is wanted."""
        return (
            self.to in (None, row.destination)
            and self.outcome in (None, row.outcome)
            and (self.theme is None or str(self.theme) == row.theme)
            and self.party in (None, row.party)
        )


def table_of_destinations(
    store: Store, ontology: Path, review: str, wanted: Filter | None = None
) -> list[Row]:
    """Return the rows of a review's table of destinations, in the order of its provisions.

    Raises UnknownNameError where the review, or a value of ``wanted``, is unknown.
    """
    answer = select(store, view(ontology, "destinations"), {"review": bind(store, "review", review)})
    wanted = wanted or Filter()
    wanted.check(store, review)
    rows = _rows(answer.columns, answer.rows)
    return [row for row in rows if wanted.admits(row)]


def table_of_origins(
    store: Store, ontology: Path, review: str, wanted: Filter | None = None
) -> list[Row]:
    """Return the same rows ordered by destination; those that go nowhere come last.

    Raises UnknownNameError where the review, or a value of ``wanted``, is unknown.
    """
    rows = table_of_destinations(store, ontology, review, wanted)
    return sorted(rows, key=lambda row: (not row.destination, row.destination))


def _rows(columns: tuple[str, ...], rows: Iterable[tuple[Cell, ...]]) -> list[Row]:
    """Return a row for each movement; its dispositions and reasons, a row each before, are joined."""
    found: dict[tuple[str, ...], dict[str, str]] = {}
    several: dict[tuple[tuple[str, ...], str], set[str]] = {}
    for cells in rows:
        named = {
            name: "" if value is None else str(value) for name, value in zip(columns, cells, strict=True)
        }
        key = tuple(named[c] for c in ("provision", "recommendation", "relation", "destination"))
        found.setdefault(key, named)
        for column in ("disposition", "reason"):
            several.setdefault((key, column), set()).add(named[column])
    return [
        Row(
            **{column: named[column] for column in COLUMNS if column not in _JOINED},
            theme=named["theme"] or named["own_theme"],
            disposition=SEPARATOR.join(sorted(several[key, "disposition"] - {""})),
            reason=SEPARATOR.join(sorted(several[key, "reason"] - {""})),
        )
        for key, named in found.items()
    ]
