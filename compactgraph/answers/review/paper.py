"""The table of destinations as a committee paper: a Word document that says what it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from compactgraph.answers.review.overview import overview
from compactgraph.answers.review_graph import ReviewGraph, asked_once
from compactgraph.answers.tables.decisions import history
from compactgraph.answers.tables.destinations import SEPARATOR, Filter, Row, counts, describe
from compactgraph.answers.terms import reference_labels, terms
from compactgraph.common.english import capital, counted, day_in_words
from compactgraph.files.table import Sheet
from compactgraph.files.writing import file_bytes
from compactgraph.sparql.rows import Cell

_COLUMNS = ("Provision", "Its words", "Outcome", "Recommendation", "Goes to", "How", "Status", "Why")


@dataclass(frozen=True)
class Paper:
    """A Word document: its tables, its title, the text below it, and the foot of its pages."""

    sheets: tuple[Sheet, ...]
    title: str
    about: str
    source: str

    def content(self) -> bytes:
        """Return the paper as a Word document."""
        return file_bytes(self.sheets, "docx", self.title, self.about, self.source)


@asked_once
def table_labels(graph: ReviewGraph) -> dict[tuple[str, str], str]:
    """Return words for the values of the table of destinations, by column and value."""
    schemes = terms(graph).items()
    found = {(scheme, name): term.label for scheme, known in schemes for name, term in known.items()}
    references = reference_labels(graph)
    return found | {("destination", name): one.label for name, one in references.items()}


def committee_paper(
    graph: ReviewGraph,
    tables: Mapping[str, Sequence[Row]],
    wanted: Filter | None = None,
) -> Paper:
    """Return the tables, by title, as a paper that says what it is, of what date and from which source.

    ``wanted`` is the filter that gave the rows. One table gives the paper its title, several take the
    review's.
    """
    said = overview(graph).about
    labels = table_labels(graph)
    filtered = describe(wanted or Filter(), labels)
    shown = f"Only these rows are shown: {filtered}." if filtered else "All rows are shown."
    (first, *more) = tables.values()
    lines = [
        "Where each provision of the agreement goes: as was decided, or else as the review recommends. "
        "A provision that goes to several places has a row for each of them.",
        how_it_stands(graph),
        f"Agreement: {said.reviewed.title}" if said.reviewed else "",
        f"Reviewed by: {said.reviewer.title}" if said.reviewer else "",
        f"Review: {said.title}",
        f"Date: {said.date}",
        f"Source: {said.rights}" if said.rights else "",
        shown if more else f"Rows: {_count(first)}. {shown}",
    ]
    sheets = tuple(
        _paper_sheet(name, rows, labels, f"Rows: {_count(rows)}." if more else "")
        for name, rows in tables.items()
    )
    title = said.title if more else sheets[0].title
    author = f" ({said.reviewer.title})" if said.reviewer else ""
    return Paper(sheets, title, "\n".join(filter(None, lines)), f"Source: {said.title}{author}")


@asked_once
def how_it_stands(graph: ReviewGraph) -> str:
    """Say in a line with which decisions the graph stands: those up to its day, or all."""
    made = history(graph)
    as_at = f"As at {day_in_words(graph.day)}" if graph.day else ""
    if not made:
        return f"{as_at or 'So far'}, nothing {'had' if graph.day else 'has'} been decided."
    last = max(made, key=lambda decision: (decision.date, decision.number))
    which = "the last of them " if len(made) > 1 else ""
    return (
        f"{as_at or 'As it stands'} with {counted(len(made), 'decision')}, "
        f"{which}{last.name} of {day_in_words(last.date)}."
    )


def _paper_sheet(
    title: str, rows: Sequence[Row], labels: Mapping[tuple[str, str], str], description: str
) -> Sheet:
    """Return the rows in the columns and in the words that a reader on paper needs."""

    def words(row: Row, column: str, otherwise: str = "") -> str:
        values = filter(None, getattr(row, column).split(SEPARATOR))
        return capital("; ".join(labels.get((column, value), value) for value in values) or otherwise)

    cells: list[tuple[Cell, ...]] = [
        (
            row.provision,
            row.text,
            words(row, "outcome") + _otherwise(row, labels),
            _said(row) + (f"\nDecided ({row.decision}): {decided}" if decided else ""),
            words(row, "destination", "none named"),
            words(row, "relation", "not stated"),
            words(row, "status", "no movement"),
            words(row, "reason", "none stated"),
        )
        for row in rows
        for decided in [words(row, "disposition") if row.decision else ""]
    ]
    return Sheet(title, _COLUMNS, cells, description)


def _said(row: Row) -> str:
    if not row.recommendation:
        return "No recommendation"
    return f"{row.recommendation}: {row.recommendation_text}"


def _otherwise(row: Row, labels: Mapping[tuple[str, str], str]) -> str:
    """Return the recommended outcome in brackets, if the current one is another."""
    if row.recommended_outcome in ("", row.outcome):
        return ""
    return f" (recommended: {labels['outcome', row.recommended_outcome]})"


def _count(rows: Sequence[Row]) -> str:
    provisions, number = counts(rows)
    return f"{number:,}, of {provisions:,} provisions"
