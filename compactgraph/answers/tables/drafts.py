"""The drafts of the succeeding agreement beside the one under review: where each provision's words went.

The two tables hold the same rows: one for each provision under review and each provision of the draft
that came from it, one for a provision that went to none, and one for a provision of the draft that came
from none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from enum import StrEnum

from compactgraph.answers.review_graph import ReviewGraph, asked_once
from compactgraph.answers.tables.destinations import (
    SEPARATOR,
    Row,
    natural,
    one_row_each,
    table_of_destinations,
)
from compactgraph.common.schemes import UNSETTLED, Outcome
from compactgraph.errors import NextStep, QueryError, UnknownNameError
from compactgraph.sparql.rows import Cell, text_of

_KEPT = frozenset({Outcome.RETAINED, Outcome.REVISED})


class Change(StrEnum):
    """What a row of the tables says of its words."""

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
    """A row of either table; the fields are its columns, and an empty one says nothing.

    ``outcome`` is the current outcome of the provision; ``change`` a :class:`Change`.
    """

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

    Raises QueryError if there is no draft or it is empty, and UnknownNameError if no draft has
    the number.
    """
    begun = _begun(graph)
    if not begun:
        raise QueryError("no draft has been begun yet", NextStep.BEGIN_DRAFT)
    wanted = draft or begun[-1]
    if wanted not in begun:
        raise UnknownNameError("draft", str(draft), map(str, begun))
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
    return DraftRow(
        provision=old.provision if old else "",
        kind=old.kind if old else "",
        theme=old.theme if old else "",
        outcome=old.outcome if old else "",
        text=old.text if old else "",
        draft_provision=new.name if new else "",
        draft_kind=new.kind if new else "",
        draft_theme=new.theme if new else "",
        draft_text=new.text if new else "",
        change=_change(old, new),
    )


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
    by_name: dict[str, list[dict[str, Cell]]] = {}
    for row in graph.rows("drafted"):
        by_name.setdefault(text_of(row["name"]), []).append(row)
    return [_drafted(name, own) for name, own in by_name.items()]


def _drafted(name: str, rows: Sequence[Mapping[str, Cell]]) -> DraftProvision:
    first = rows[0]
    return DraftProvision(
        draft=int(text_of(first["draft"])),
        name=name,
        identifier=text_of(first["identifier"]),
        kind=text_of(first["kind"]),
        theme=text_of(first["theme"]),
        text=text_of(first["text"]),
        origins=tuple(text_of(row["origin"]) for row in rows if row["origin"] is not None),
    )
