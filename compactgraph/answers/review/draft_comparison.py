"""A draft of the succeeding agreement, as people read it: what changed, and who wrote it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from compactgraph.answers.about import about
from compactgraph.answers.review.standing import changed_texts
from compactgraph.answers.review_graph import ReviewGraph, asked_once
from compactgraph.answers.tables.destinations import natural, table_of_destinations
from compactgraph.answers.tables.drafts import (
    COLUMNS,
    Change,
    DraftProvision,
    DraftRow,
    draft_destinations,
    draft_origins,
    draft_provisions,
)
from compactgraph.answers.terms import terms
from compactgraph.common.schemes import UPHELD, Relation
from compactgraph.files.table import Sheet
from compactgraph.reading.similarity import Stretch, differences
from compactgraph.sparql.rows import Cell

_STAYING = frozenset({Relation.STAYS, Relation.EITHER})

ORIGINS, DESTINATIONS = "origins", "destinations"
"""The two tables by the names that an address gives them."""

TITLES = {
    ORIGINS: "Table of origins of draft {draft}",
    DESTINATIONS: "Table of destinations in draft {draft}",
}

CHANGES = {
    Change.UNCHANGED: "In the same words",
    Change.REWORDED: "In other words",
    Change.NEW: "New",
    Change.MISSING: "To be kept, and in no provision of the draft",
    Change.GONE: "To leave, and in no provision of the draft",
    Change.OPEN: "Not settled, and in no provision of the draft",
}
"""What a row says of its words, as a heading or a cell shows it."""


@dataclass(frozen=True)
class Draft:
    """A draft: its number, the day on which it was begun, and how many provisions it holds."""

    number: int
    date: str
    provisions: int


@dataclass(frozen=True)
class Writing:
    """Who wrote a draft's provision, on whose behalf, if any, and when."""

    by: tuple[str, ...]
    on_behalf_of: str
    date: str


@dataclass(frozen=True)
class Compared:
    """A row of either table, and how its new words differ from the old, if it has both."""

    row: DraftRow
    stretches: tuple[Stretch, ...]

    @property
    def change(self) -> Change:
        """What the row says of its words."""
        return Change(self.row.change)


@dataclass(frozen=True)
class Revision:
    """A draft beside the agreement under review.

    ``rows`` are those of one of the tables; ``provisions`` what the draft holds. ``written`` says who
    wrote its provisions, by their names, except those that were taken over unchanged. ``suspects`` has
    the provisions that rest on words that have changed, each with the changed texts; ``agreed`` the
    provisions under review of which it was agreed that something is kept.
    """

    draft: Draft
    table: str
    rows: tuple[Compared, ...]
    provisions: tuple[DraftProvision, ...]
    written: Mapping[str, Writing]
    suspects: Mapping[str, tuple[str, ...]]
    agreed: frozenset[str]

    @property
    def title(self) -> str:
        """What the table is called."""
        return TITLES[self.table].format(draft=self.draft.number)

    @property
    def in_draft(self) -> list[Compared]:
        """The rows whose words stand in the draft."""
        return [each for each in self.rows if each.row.draft_provision]

    def of(self, change: Change) -> list[Compared]:
        """Return the rows of one kind."""
        return [each for each in self.rows if each.change is change]

    @property
    def missing(self) -> list[Compared]:
        """The rows of what was agreed to be kept, and is in no provision of the draft."""
        return [each for each in self.of(Change.MISSING) if each.row.provision in self.agreed]


@asked_once
def drafts(graph: ReviewGraph) -> list[Draft]:
    """Return a review's drafts, empty ones too, the first one first."""
    found: dict[tuple[int, str], set[str]] = {}
    for row in _rows(graph):
        found.setdefault((int(row["draft"]), row["begun"]), set()).add(row["name"])
    return [Draft(number, begun, len(names - {""})) for (number, begun), names in sorted(found.items())]


@asked_once
def revision(graph: ReviewGraph, draft: int, table: str) -> Revision:
    """Return a draft beside the agreement under review; ``table`` is ORIGINS or DESTINATIONS.

    Raises UnknownNameError if there is no such review or draft, and QueryError if the draft is empty or
    none has been begun.
    """
    rows = {ORIGINS: draft_origins, DESTINATIONS: draft_destinations}[table](graph, draft)
    name = f"draft/{draft}/"
    return Revision(
        draft=next(each for each in drafts(graph) if each.number == draft),
        table=table,
        rows=tuple(map(_compared, rows)),
        provisions=tuple(draft_provisions(graph, draft)),
        written=_written(graph, name),
        suspects={
            item: tuple(text.identifier for text in texts)
            for item, texts in changed_texts(graph).items()
            if item.startswith(name)
        },
        agreed=_agreed_to_keep(graph),
    )


def _agreed_to_keep(graph: ReviewGraph) -> frozenset[str]:
    """Return the provisions of which it was agreed that something stays in the succeeding agreement."""
    successor = about(graph).successor
    return frozenset(
        row.provision
        for row in table_of_destinations(graph)
        if row.status in UPHELD
        and row.relation in _STAYING
        and successor is not None
        and row.destination == successor.identifier
    )


def _compared(row: DraftRow) -> Compared:
    both = row.provision and row.draft_provision
    return Compared(row, tuple(differences(row.text, row.draft_text)) if both else ())


@asked_once
def _rows(graph: ReviewGraph) -> list[dict[str, str]]:
    return graph.view("drafts").texts()


def _written(graph: ReviewGraph, prefix: str) -> dict[str, Writing]:
    found: dict[str, Writing] = {}
    for row in _rows(graph):
        name, behalf = row["name"], row["body"] or row["body_name"]
        if row["by"] and name.startswith(prefix):
            others = found[name].by if name in found else ()
            names = tuple(dict.fromkeys([*others, row["by"]]))
            found[name] = Writing(names, behalf, row["written"])
    return dict(sorted(found.items(), key=lambda item: natural(item[0])))


# As files


def to_sheet(found: Revision, title: str = "") -> Sheet:
    """Return the table as the command line prints it, in the columns that programs know."""
    rows: list[tuple[Cell, ...]] = [each.row.cells() for each in found.rows]
    return Sheet(title or found.title, COLUMNS, rows, description(found))


def to_paper(graph: ReviewGraph, found: Revision, title: str = "") -> list[Sheet]:
    """Return the draft's table as sheets for a Word document: what is in the draft, and what is not.

    Words that were removed stand in [-…-] and those that were added in {+…+}.
    """
    known = terms(graph)
    kinds = {notation: term.label for notation, term in known["kind"].items()}
    inside: list[tuple[Cell, ...]] = [
        (
            _place(each.row, kinds.get(each.row.draft_kind, each.row.draft_kind)),
            each.row.draft_text,
            each.row.provision or "Nothing: it is new",
            each.row.text,
            marked(each.stretches) if each.change is Change.REWORDED else CHANGES[each.change],
        )
        for each in found.in_draft
    ]
    outside: list[tuple[Cell, ...]] = [
        (row.provision, row.text, known["outcome"][row.outcome].title, CHANGES[Change(row.change)])
        for row in (each.row for each in found.rows)
        if not row.draft_provision
    ]
    return [
        Sheet(
            title or found.title,
            ("In the draft", "New words", "Comes from", "Old words", "Difference"),
            inside,
            f"{description(found)} Removed words stand in [-…-], added ones in {{+…+}}.",
        ),
        Sheet(
            "In no provision of the draft",
            ("Provision", "Its words", "Outcome", "What that means"),
            outside,
            "Provisions of the agreement under review from which nothing in the draft comes.",
        ),
    ]


def description(found: Revision) -> str:
    """Return in a sentence what the table holds."""
    began = f", begun on {found.draft.date}" if found.draft.date else ""
    order = "draft" if found.table == ORIGINS else "agreement under review"
    beside = "beside the agreement under review, in the order of the"
    return f"Draft {found.draft.number}{began}, {beside} {order}."


def marked(stretches: Iterable[Stretch]) -> str:
    """Return the words of a difference with marks about what was removed and what was added."""
    return " ".join(stretch.marked for stretch in stretches)


def _place(row: DraftRow, kind: str) -> str:
    theme = f", theme {row.draft_theme}" if row.draft_theme else ""
    return f"{row.draft_provision.rpartition('/')[2]} ({kind}{theme})"
