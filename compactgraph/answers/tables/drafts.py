"""Where the words of the agreement under review went in the drafts of the succeeding one.

The tables of destinations and of origins hold the same rows: one for each pair of a provision under
review and a provision of the draft that came from it, and one for each provision without a pair.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass, fields
from enum import StrEnum
from operator import itemgetter

from compactgraph.answers.records import grouped, record
from compactgraph.answers.review_graph import ReviewGraph, asked_once
from compactgraph.answers.tables.destinations import (
    SEPARATOR,
    Row,
    natural,
    one_row_each,
    table_of_destinations,
)
from compactgraph.common.schemes import UNSETTLED, Outcome
from compactgraph.errors import NextStep, QueryError, require_known
from compactgraph.sparql.rows import text_of

_KEPT = frozenset({Outcome.RETAINED, Outcome.REVISED})


class Change(StrEnum):
    """What became of the words of a row."""

    UNCHANGED = "unchanged"
    REWORDED = "reworded"
    NEW = "new"
    MISSING = "missing"
    GONE = "gone"
    OPEN = "open"


MEANINGS = {
    Change.UNCHANGED: "The draft has it in the same words.",
    Change.REWORDED: "The draft has it in other words.",
    Change.NEW: "It comes from nothing in the agreement under review.",
    Change.MISSING: "It is to be kept, and no provision of the draft comes from it.",
    Change.GONE: "It is to leave, and no provision of the draft comes from it.",
    Change.OPEN: "What becomes of it is not settled, and no provision of the draft comes from it.",
}


@dataclass(frozen=True)
class DraftProvision:
    """A provision of a draft, with the identifiers of those under review that it came from."""

    draft: int
    name: str
    identifier: str
    kind: str
    theme: str
    text: str
    origins: tuple[str, ...]

    def cells(self) -> tuple[str, ...]:
        """Return the cells in the order of :data:`SHOWN`."""
        return (self.name, self.kind, self.theme, SEPARATOR.join(self.origins), self.text)


SHOWN = ("draft_provision", "kind", "theme", "origins", "text")


@dataclass(frozen=True)
class DraftRow:
    """A row of either table; its fields are the columns. ``change`` is a :class:`Change`."""

    provision: str
    kind: str
    theme: str
    outcome: str
    text: str
    draft_provision: str
    draft_kind: str
    draft_theme: str
    draft_text: str
    change: str

    def cells(self) -> tuple[str, ...]:
        """Return the cells in the order of the columns."""
        return astuple(self)


COLUMNS = tuple(column.name for column in fields(DraftRow))


def draft_provisions(graph: ReviewGraph, draft: int = 0) -> list[DraftProvision]:
    """Return the provisions of a draft, in the order of their identifiers; 0 means the latest.

    Raises QueryError if there is no draft or it is empty, and UnknownNameError for an unknown number.
    """
    begun = _begun(graph)
    if not begun:
        raise QueryError("no draft has been begun yet", NextStep.BEGIN_DRAFT)
    wanted = draft or begun[-1]
    require_known("draft", str(wanted), [str(number) for number in begun])
    own = [each for each in every_draft_provision(graph) if each.draft == wanted]
    if not own:
        raise QueryError(f"draft {wanted} holds nothing", NextStep.WRITE_DRAFT)
    return sorted(own, key=lambda provision: natural(provision.identifier))


def draft_destinations(graph: ReviewGraph, draft: int = 0) -> list[DraftRow]:
    """Return the table of destinations in a draft, in the order of the agreement under review.

    Raises as :func:`draft_provisions` does.
    """
    new = draft_provisions(graph, draft)
    old = one_row_each(table_of_destinations(graph))
    rows = []
    for row in old:
        coming = [provision for provision in new if row.provision in provision.origins]
        rows += [_row(row, provision) for provision in coming] or [_row(row, None)]
    return rows + [_row(None, provision) for provision in new if not provision.origins]


def draft_origins(graph: ReviewGraph, draft: int = 0) -> list[DraftRow]:
    """Return the table of origins of a draft: the same rows, in the order of the draft.

    What went to no provision of the draft comes last. Raises as :func:`draft_provisions` does.
    """
    new = draft_provisions(graph, draft)
    old = {row.provision: row for row in one_row_each(table_of_destinations(graph))}
    rows = []
    for provision in new:
        rows += [_row(old[origin], provision) for origin in provision.origins] or [_row(None, provision)]
    reached = {origin for provision in new for origin in provision.origins}
    return rows + [_row(row, None) for name, row in old.items() if name not in reached]


def _row(old: Row | None, new: DraftProvision | None) -> DraftRow:
    """Return the row of a pair; the columns of a missing provision are empty."""
    columns = {
        name: getattr(old, name, "") for name in ("provision", "kind", "theme", "outcome", "text")
    }
    drafted = {f"draft_{name}": getattr(new, name, "") for name in ("kind", "theme", "text")}
    name = new.name if new else ""
    return DraftRow(**columns, draft_provision=name, **drafted, change=_change(old, new))


def _change(old: Row | None, new: DraftProvision | None) -> Change:
    if old is None:
        return Change.NEW
    if new is not None:
        return Change.UNCHANGED if old.text.split() == new.text.split() else Change.REWORDED
    if old.outcome in _KEPT:
        return Change.MISSING
    return Change.OPEN if old.outcome in UNSETTLED else Change.GONE


@asked_once
def _begun(graph: ReviewGraph) -> list[int]:
    return [int(row["draft"]) for row in graph.view("begun").texts()]


@asked_once
def every_draft_provision(graph: ReviewGraph) -> list[DraftProvision]:
    """Return the provisions of all drafts of a review, the first draft first."""
    by_name = grouped(graph.rows("drafted"), itemgetter("name"))
    return [
        record(
            DraftProvision,
            rows[0],
            origins=tuple(text_of(row["origin"]) for row in rows if row["origin"] is not None),
        )
        for rows in by_name.values()
    ]
