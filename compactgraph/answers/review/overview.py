"""A review at a glance: what it says of itself, its totals reconciled, its cross tables.

All counts are of the provisions in the table of destinations, so that a count agrees with the rows to
which its filter leads. The checks compare them with the counts of the saved questions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from compactgraph.answers.about import About, about
from compactgraph.answers.review_graph import ReviewGraph, asked_once
from compactgraph.answers.tables.decisions import history
from compactgraph.answers.tables.destinations import Row, one_row_each, table_of_destinations
from compactgraph.answers.terms import Term, terms
from compactgraph.build.review import ReviewSummary
from compactgraph.common.schemes import Outcome, ProvisionKind, Status
from compactgraph.sparql.rows import Answer, text_of

NO_THEME = "No theme"
NO_PARTY = "No party stated"
ALL = "All"


@dataclass(frozen=True)
class KindCount:
    """How many provisions are of a kind."""

    kind: Term
    provisions: int


@dataclass(frozen=True)
class OutcomeCount:
    """How many provisions, and how many commitments among them, come to an outcome."""

    outcome: Term
    provisions: int
    commitments: int
    filter: Mapping[str, str]


@dataclass(frozen=True)
class Check:
    """A sum that must come out, written down, and whether it does."""

    statement: str
    holds: bool


@dataclass(frozen=True)
class Heading:
    """The heading of a row or a column; ``key`` is the value that it stands for, empty for all."""

    key: str
    label: str


@dataclass(frozen=True)
class CrossCell:
    """A count, and the filter of the table of destinations that gives what is counted."""

    count: int
    filter: Mapping[str, str]


@dataclass(frozen=True)
class CrossRow:
    """A row of a cross table: a cell for each column, and their total."""

    heading: Heading
    cells: tuple[CrossCell, ...]
    total: CrossCell


@dataclass(frozen=True)
class CrossTable:
    """Counts of commitments by theme or party (``row_heading``), and by outcome."""

    title: str
    row_heading: str
    columns: tuple[Heading, ...]
    rows: tuple[CrossRow, ...]
    totals: CrossRow


@dataclass(frozen=True)
class Progress:
    """How far a review has come since it recommended something.

    Of its ``movements``, some are ``agreed`` (and of these some ``applied``), some ``rejected``, and
    the others are ``awaiting`` a decision. ``added`` counts the movements that decisions made,
    ``undecided`` provisions.
    """

    decisions: int
    movements: int
    agreed: int
    applied: int
    rejected: int
    awaiting: int
    added: int
    undecided: int


@dataclass(frozen=True)
class Overview:
    """A review at a glance as it stands; ``without_recommendation`` counts provisions without one."""

    about: About
    provisions: int
    recommendations: int
    commentaries: int
    without_recommendation: int
    kinds: tuple[KindCount, ...]
    outcomes: tuple[OutcomeCount, ...]
    progress: Progress
    checks: tuple[Check, ...]
    theme_outcomes: CrossTable
    party_outcomes: CrossTable

    @property
    def reconciled(self) -> bool:
        """Whether all sums come out."""
        return all(check.holds for check in self.checks)


@asked_once
def overview(graph: ReviewGraph) -> Overview:
    """Return a review at a glance; the totals are checked against its build too, if that is known."""
    known = terms(graph)
    provisions = one_row_each(table_of_destinations(graph))
    counts = Counter({text_of(what): int(text_of(n)) for what, n in graph.view("overview-counts").rows})
    kinds = tuple(
        KindCount(kind, sum(row.kind == kind.notation for row in provisions))
        for kind in known["kind"].values()
    )
    outcomes = tuple(_outcome_count(outcome, provisions) for outcome in known["outcome"].values())
    parties = [Heading(party.notation, party.title) for party in known["party"].values()]
    themes = theme_headings(graph)
    tables = (
        _cross_table("theme", [*themes, Heading("", NO_THEME)], outcomes, provisions),
        _cross_table("party", [*parties, Heading("", NO_PARTY)], outcomes, provisions),
    )
    return Overview(
        about=about(graph),
        provisions=len(provisions),
        recommendations=counts["recommendation"],
        commentaries=counts["commentary"],
        without_recommendation=counts["without recommendation"],
        kinds=kinds,
        outcomes=outcomes,
        progress=progress(graph),
        checks=(
            *_sums(graph, kinds, outcomes, tables, counts["provision"]),
            *_as_built(graph.summary, counts, kinds, outcomes),
        ),
        theme_outcomes=tables[0],
        party_outcomes=tables[1],
    )


@asked_once
def progress(graph: ReviewGraph) -> Progress:
    """Return how far a review has come."""
    rows = table_of_destinations(graph)
    recommended = Counter(row.status for row in rows if row.movement and not row.decision)
    return Progress(
        decisions=len(history(graph)),
        movements=recommended.total(),
        agreed=recommended[Status.AGREED] + recommended[Status.APPLIED],
        applied=recommended[Status.APPLIED],
        rejected=recommended[Status.REJECTED],
        awaiting=recommended[Status.RECOMMENDED],
        added=sum(bool(row.decision) for row in rows),
        undecided=sum(row.outcome == Outcome.UNDECIDED for row in one_row_each(rows)),
    )


@asked_once
def names_of_provisions(graph: ReviewGraph) -> Answer:
    """Return the identifier, kind, label and theme of each provision, in the order of the document."""
    return graph.view("provision-names")


def theme_headings(graph: ReviewGraph) -> list[Heading]:
    """Return the themes of a review by number, each with its number and title as its label."""
    themes = [(n, label) for _, _, label, n in names_of_provisions(graph).rows if isinstance(n, int)]
    return [Heading(str(number), f"{number}. {label}") for number, label in sorted(themes)]


# Counts


def _outcome_count(outcome: Term, provisions: Sequence[Row]) -> OutcomeCount:
    coming = [row for row in provisions if row.outcome == outcome.notation]
    commitments = sum(row.kind == ProvisionKind.COMMITMENT for row in coming)
    return OutcomeCount(outcome, len(coming), commitments, {"outcome": outcome.notation})


def _cross_table(
    column: str, headings: Iterable[Heading], outcomes: Iterable[OutcomeCount], provisions: Sequence[Row]
) -> CrossTable:
    """Return a table of commitments by a column of the table of destinations, and by outcome."""
    columns = tuple(Heading(count.outcome.notation, count.outcome.title) for count in outcomes)
    of_commitments = {"kind": str(ProvisionKind.COMMITMENT)}
    commitments = admitted(provisions, of_commitments)

    def cell(**wanted: str) -> CrossCell:
        return CrossCell(len(admitted(commitments, wanted)), {**of_commitments, **wanted})

    def row(heading: Heading, **wanted: str) -> CrossRow:
        cells = tuple(cell(**wanted, outcome=outcome.key) for outcome in columns)
        return CrossRow(heading, cells, cell(**wanted))

    rows = [row(heading, **{column: heading.key}) for heading in headings]
    return CrossTable(
        title=f"Commitments by {column} and outcome",
        row_heading=column.capitalize(),
        columns=columns,
        rows=tuple(row for row in rows if row.total.count),
        totals=row(Heading("", ALL)),
    )


def admitted(rows: Iterable[Row], filter_: Mapping[str, str]) -> list[Row]:
    """Return the rows that have each value of a filter in its column."""
    return [row for row in rows if all(getattr(row, name) == value for name, value in filter_.items())]


# Totals, reconciled


def _sums(
    graph: ReviewGraph,
    kinds: Iterable[KindCount],
    outcomes: Iterable[OutcomeCount],
    tables: Iterable[CrossTable],
    provisions: int,
) -> Iterator[Check]:
    """Yield the sums of what is shown, each compared with what the saved questions count."""
    by_kind = {count.kind.notation: count.provisions for count in kinds}
    by_outcome = {count.outcome.notation: count.provisions for count in outcomes}
    by_commitment = {count.outcome.notation: count.commitments for count in outcomes}
    commitments = by_kind.get(ProvisionKind.COMMITMENT, 0)
    totals = graph.ask("outcome-totals").texts()
    ours = [row for row in totals if row["kind"] == ProvisionKind.COMMITMENT]
    yield _sum("kind", by_kind, _added(totals, "kind"), provisions, "provisions")
    yield _sum("outcome", by_outcome, _added(totals, "outcome"), provisions, "provisions")
    yield _sum("outcome", by_commitment, _added(ours, "outcome"), commitments, "commitments")
    for table in tables:
        by = table.row_heading.lower()
        shown = {row.heading.key: row.total.count for row in table.rows}
        counted = _added(graph.ask(f"{by}-outcomes").texts(), by)
        yield _sum(by, shown, counted, commitments, "commitments")


def _added(rows: Iterable[Mapping[str, str]], key: str) -> dict[str, int]:
    """Return the sums of an answer's last column by the column ``key``."""
    found: Counter[str] = Counter()
    for row in rows:
        found[row[key]] += int([*row.values()][-1])
    return found


def _sum(by: str, shown: Mapping[str, int], counted: Mapping[str, int], whole: int, unit: str) -> Check:
    total = sum(shown.values())
    said = f"By {by}: {' + '.join(map(str, shown.values())) or 0} = {total}"
    if total != whole:
        return Check(f"{said}, but there are {whole} {unit}.", holds=False)
    different = [key for key in {**shown, **counted} if key and shown.get(key, 0) != counted.get(key, 0)]
    if different:
        keys = ", ".join(different)
        return Check(f"{said} {unit}, but the saved question counts others for {keys}.", holds=False)
    return Check(f"{said} {unit}.", holds=True)


def _as_built(
    summary: ReviewSummary | None,
    counts: Mapping[str, int],
    kinds: Iterable[KindCount],
    outcomes: Iterable[OutcomeCount],
) -> list[Check]:
    """Return what the build counted, compared with what the graph has."""
    if summary is None:
        return []
    provisions = summary.counts.get("provisions", 0)
    recommendations = summary.counts.get("recommendations", 0)
    built_and_now = {
        "provisions": (provisions, counts["provision"]),
        "recommendations": (recommendations, counts["recommendation"]),
    }
    for kind in kinds:
        built_and_now[kind.kind.plural] = (summary.counts.get(kind.kind.notation, 0), kind.provisions)
    for count in outcomes:
        built = summary.outcomes.get(count.outcome.notation, 0)
        built_and_now[f"provisions {count.outcome.label}"] = (built, count.provisions)
    different = [
        Check(f"The build read {built} {what}, but the graph has {now}.", holds=False)
        for what, (built, now) in built_and_now.items()
        if built != now
    ]
    whole = Check(
        f"The build read {provisions} provisions and {recommendations} recommendations from the source, "
        "and the graph has them all.",
        holds=True,
    )
    return different or [whole]
