"""The overview: totals that reconcile, and counts that agree with the rows to which they lead."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import Store

from compactgraph.answers.about import about
from compactgraph.answers.review.flows import Flows, flows
from compactgraph.answers.review.overview import (
    Check,
    CrossTable,
    Overview,
    Progress,
    admitted,
    overview,
    theme_headings,
)
from compactgraph.answers.review_graph import ReviewGraph
from compactgraph.answers.tables.destinations import one_row_each, table_of_destinations
from compactgraph.build.review import ReviewSummary
from compactgraph.errors import UnknownNameError
from compactgraph.store.folder import read_manifest

OUTCOMES = [
    *("retained", "revised", "either", "moved", "absorbed", "dropped", "referred", "undecided"),
]
THEMES = [
    "1. Allocating resources efficiently",
    "2. Promoting equality, community cohesion and social inclusion",
    "3. Consulting with and involving the VCS, service users and governance bodies",
    "4. Promoting and supporting volunteering",
    "5. Managing changes to services",
]
SUMS = [
    "By kind: 54 + 5 + 8 + 12 = 79 provisions.",
    "By outcome: 9 + 30 + 3 + 3 + 17 + 7 + 3 + 7 = 79 provisions.",
    "By outcome: 8 + 18 + 0 + 2 + 17 + 5 + 1 + 3 = 54 commitments.",
    "By theme: 20 + 6 + 13 + 7 + 8 = 54 commitments.",
    "By party: 26 + 17 + 11 = 54 commitments.",
]


@pytest.fixture(scope="module")
def seen(bristol: Store, ontology_folder: Path) -> Overview:
    return overview(ReviewGraph(bristol, ontology_folder, "bristol"))


@pytest.fixture(scope="module")
def summary(bristol_folder: Path) -> ReviewSummary:
    manifest = read_manifest(bristol_folder)
    assert manifest is not None
    (review,) = manifest["reviews"]
    return ReviewSummary(**review)


def counts_of(table: CrossTable) -> dict[str, list[int]]:
    rows = [*table.rows, table.totals]
    return {r.heading.label: [*(cell.count for cell in r.cells), r.total.count] for r in rows}


# What the review says about itself


def test_about(seen: Overview) -> None:
    said = seen.about
    assert said.title == (
        "Bristol Compact – revision – what to keep / change / drop for the new Compact?"
    )
    assert said.issued == ""
    assert said.date == "The document bears no date. Its commentary speaks of June 2017 as past."
    assert said.rights.startswith("The document belongs to its authors")
    assert said.language == "en"
    named = [said.reviewed, said.successor, said.reviewer]
    assert [reference.label for reference in named if reference] == [
        "Bristol Compact 2012",
        "new Compact",
        "Bristol Compact Partners' Group",
    ]


def test_a_date_that_is_stated_is_the_date(seen: Overview) -> None:
    assert replace(seen.about, issued="2017-07-01").date == "2017-07-01"


def test_about_a_review_that_says_little(two_reviews: Store, ontology_folder: Path) -> None:
    said = about(ReviewGraph(two_reviews, ontology_folder, "small-review"))
    assert said.title == "Ottery Compact: what to keep and what to change"
    assert said.date == "The review states no date."
    assert said.rights == ""


# Totals


def test_totals(seen: Overview) -> None:
    assert seen.provisions == 79
    assert seen.recommendations == 83
    assert seen.commentaries == 31
    assert seen.without_recommendation == 4
    kinds = [(count.kind.notation, count.provisions) for count in seen.kinds]
    assert kinds == [("commitment", 54), ("theme", 5), ("value", 8), ("section", 12)]


def test_outcomes_in_the_order_of_the_vocabulary(seen: Overview) -> None:
    found = [(c.outcome.notation, c.provisions, c.commitments) for c in seen.outcomes]
    assert found == [
        ("retained", 9, 8),
        ("revised", 30, 18),
        ("either", 3, 0),
        ("moved", 3, 2),
        ("absorbed", 17, 17),
        ("dropped", 7, 5),
        ("referred", 3, 1),
        ("undecided", 7, 3),
    ]


def test_totals_reconcile(seen: Overview) -> None:
    assert [check.statement for check in seen.checks] == SUMS
    assert seen.reconciled


def test_totals_reconcile_with_the_build(
    bristol: Store, ontology_folder: Path, summary: ReviewSummary
) -> None:
    checked = overview(ReviewGraph(bristol, ontology_folder, "bristol", summary))
    assert checked.reconciled
    assert checked.checks[len(SUMS) :] == (
        Check(
            "The build read 79 provisions and 83 recommendations from the source, "
            "and the graph has them all.",
            holds=True,
        ),
    )


def test_a_build_that_counted_otherwise_is_told(
    bristol: Store, ontology_folder: Path, summary: ReviewSummary
) -> None:
    counts = {**summary.counts, "recommendations": 84}
    other = replace(summary, counts=counts, outcomes={**summary.outcomes, "moved": 2})
    checked = overview(ReviewGraph(bristol, ontology_folder, "bristol", other))
    assert not checked.reconciled
    assert [check.statement for check in checked.checks if not check.holds] == [
        "The build read 84 recommendations, but the graph has 83.",
        "The build read 2 provisions moved, but the graph has 3.",
    ]


def test_totals_of_a_small_review(two_reviews: Store, ontology_folder: Path) -> None:
    small = overview(ReviewGraph(two_reviews, ontology_folder, "small-review"))
    assert (small.provisions, small.recommendations, small.commentaries) == (7, 7, 2)
    assert small.without_recommendation == 0
    assert [check.statement for check in small.checks] == [
        "By kind: 4 + 2 + 0 + 1 = 7 provisions.",
        "By outcome: 3 + 1 + 0 + 1 + 1 + 1 + 0 + 0 = 7 provisions.",
        "By outcome: 1 + 0 + 0 + 1 + 1 + 1 + 0 + 0 = 4 commitments.",
        "By theme: 2 + 2 = 4 commitments.",
        "By party: 3 + 1 = 4 commitments.",
    ]
    assert small.reconciled


def test_the_overview_is_the_same_beside_another_review(
    seen: Overview, two_reviews: Store, ontology_folder: Path
) -> None:
    assert overview(ReviewGraph(two_reviews, ontology_folder, "bristol")) == seen


def test_an_unknown_review(bristol: Store, ontology_folder: Path) -> None:
    with pytest.raises(UnknownNameError) as caught:
        overview(ReviewGraph(bristol, ontology_folder, "bristl"))
    assert caught.value.nearest == ["bristol"]


# Cross tables


def test_theme_by_outcome(seen: Overview) -> None:
    table = seen.theme_outcomes
    assert table.title == "Commitments by theme and outcome"
    assert table.row_heading == "Theme"
    assert [column.key for column in table.columns] == OUTCOMES
    assert counts_of(table) == {
        THEMES[0]: [3, 8, 0, 1, 7, 0, 0, 1, 20],
        THEMES[1]: [0, 2, 0, 0, 2, 2, 0, 0, 6],
        THEMES[2]: [3, 1, 0, 0, 5, 3, 0, 1, 13],
        THEMES[3]: [1, 3, 0, 1, 1, 0, 1, 0, 7],
        THEMES[4]: [1, 4, 0, 0, 2, 0, 0, 1, 8],
        "All": [8, 18, 0, 2, 17, 5, 1, 3, 54],
    }


def test_party_by_outcome(seen: Overview) -> None:
    table = seen.party_outcomes
    assert table.title == "Commitments by party and outcome"
    assert counts_of(table) == {
        "Shared": [5, 9, 0, 1, 6, 3, 1, 1, 26],
        "Public sector": [3, 8, 0, 1, 1, 2, 0, 2, 17],
        "Voluntary and community sector": [0, 1, 0, 0, 10, 0, 0, 0, 11],
        "All": [8, 18, 0, 2, 17, 5, 1, 3, 54],
    }


def test_a_cell_says_what_it_counts(seen: Overview) -> None:
    moved = OUTCOMES.index("moved")
    row = seen.theme_outcomes.rows[0]
    assert row.cells[moved].filter == {"kind": "commitment", "theme": "1", "outcome": "moved"}
    assert row.total.filter == {"kind": "commitment", "theme": "1"}
    totals = seen.party_outcomes.totals
    assert totals.cells[moved].filter == {"kind": "commitment", "outcome": "moved"}
    assert totals.total.filter == {"kind": "commitment"}


def test_each_cells_filter_gives_as_many_as_it_counts(
    seen: Overview, bristol: Store, ontology_folder: Path
) -> None:
    rows = table_of_destinations(ReviewGraph(bristol, ontology_folder, "bristol"))
    cells = [
        cell
        for table in (seen.theme_outcomes, seen.party_outcomes)
        for row in (*table.rows, table.totals)
        for cell in (*row.cells, row.total)
    ]
    assert len(cells) == 90
    for cell in cells:
        assert len(one_row_each(admitted(rows, cell.filter))) == cell.count


def test_a_party_without_commitments_has_no_row(two_reviews: Store, ontology_folder: Path) -> None:
    table = overview(ReviewGraph(two_reviews, ontology_folder, "small-review")).party_outcomes
    assert [row.heading.key for row in table.rows] == ["shared", "vcs"]


def test_theme_headings(bristol: Store, ontology_folder: Path) -> None:
    found = theme_headings(ReviewGraph(bristol, ontology_folder, "bristol"))
    assert [(heading.key, heading.label) for heading in found] == [
        (str(number), label) for number, label in enumerate(THEMES, 1)
    ]


# Flows


def nodes_of(found: Flows, stage: str) -> dict[str, int]:
    return {node.label: node.count for node in found.nodes if node.stage == stage}


@pytest.fixture(scope="module")
def of_commitments(bristol: Store, ontology_folder: Path) -> Flows:
    return flows(ReviewGraph(bristol, ontology_folder, "bristol"))


@pytest.fixture(scope="module")
def of_all(bristol: Store, ontology_folder: Path) -> Flows:
    return flows(ReviewGraph(bristol, ontology_folder, "bristol"), kind=None)


def test_flows_of_commitments(of_commitments: Flows) -> None:
    assert of_commitments.title == (
        "Where the commitments go: from theme through outcome to destination"
    )
    assert of_commitments.note == (
        "Each of the 54 commitments is counted once at every stage. For two commitments more than one "
        "place is named; such places stand together as one end. 25 provisions that are not among the "
        "commitments are left out."
    )
    assert nodes_of(of_commitments, "theme") == dict(zip(THEMES, [20, 6, 13, 7, 8], strict=True))
    assert nodes_of(of_commitments, "outcome") == {
        "Retained": 8,
        "Revised": 18,
        "Moved": 2,
        "Absorbed": 17,
        "Dropped": 5,
        "Replaced by a pointer": 1,
        "Undecided": 3,
    }
    assert nodes_of(of_commitments, "destination") == {
        "New Compact": 25,
        "Business as usual": 17,
        "VCSE Strategy": 2,
        "CCG's STP and Mayor's statement": 1,
        "New Compact and Voice & Influence consultation": 1,
        "Goes nowhere": 5,
        "No destination stated": 2,
        "Raised, not decided": 1,
    }


def test_flows_of_all_provisions(of_all: Flows) -> None:
    assert of_all.note == (
        "Each of the 79 provisions is counted once at every stage. For eight provisions more than one "
        "place is named; such places stand together as one end."
    )
    assert nodes_of(of_all, "theme") == {
        **dict(zip(THEMES, [21, 7, 14, 9, 9], strict=True)),
        "No theme": 19,
    }
    assert nodes_of(of_all, "destination") == {
        "New Compact": 37,
        "Business as usual": 17,
        "VCSE Strategy": 3,
        "National Compact": 1,
        "New Compact or VCSE Strategy": 3,
        "New Compact and VCSE Strategy": 2,
        "Raised, not decided: Social Value Advisory Group and VCSE Strategy": 1,
        "CCG's STP and Mayor's statement": 1,
        "New Compact and Voice & Influence consultation": 1,
        "Goes nowhere": 7,
        "No destination stated": 4,
        "Raised, not decided": 2,
    }


@pytest.mark.parametrize(("kind", "total"), [("commitment", 54), ("value", 8), (None, 79)])
def test_each_stage_adds_up(kind: str | None, total: int, bristol: Store, ontology_folder: Path) -> None:
    found = flows(ReviewGraph(bristol, ontology_folder, "bristol"), kind=kind)
    keys = {node.key for node in found.nodes}
    assert found.total == total
    assert len(keys) == len(found.nodes)
    for stage in ("theme", "outcome", "destination"):
        assert sum(nodes_of(found, stage).values()) == total
    for node in found.nodes:
        coming = sum(flow.count for flow in found.flows if flow.target == node.key)
        leaving = sum(flow.count for flow in found.flows if flow.source == node.key)
        assert {coming, leaving} - {0} == {node.count}
    assert {key for flow in found.flows for key in (flow.source, flow.target)} == keys


def test_each_flows_filter_gives_its_provisions(
    of_commitments: Flows, of_all: Flows, bristol: Store, ontology_folder: Path
) -> None:
    rows = table_of_destinations(ReviewGraph(bristol, ontology_folder, "bristol"))
    for flow in (*of_commitments.flows, *of_all.flows):
        assert flow.count == len(flow.provisions)
        if flow.filter:
            given = one_row_each(admitted(rows, flow.filter))
            assert tuple(row.provision for row in given) == flow.provisions


def test_a_flow_that_no_filter_gives(of_commitments: Flows) -> None:
    without = [
        (flow.source, flow.target, flow.count) for flow in of_commitments.flows if not flow.filter
    ]
    assert without == [
        ("outcome:revised", "destination:new-compact", 17),
        ("outcome:revised", "destination:new-compact+voice-and-influence-consultation", 1),
    ]


def test_what_is_dropped_is_told_apart_from_what_is_not_said(of_commitments: Flows) -> None:
    ends = {
        (flow.source, flow.target): flow.provisions
        for flow in of_commitments.flows
        if flow.target.startswith("destination:none")
    }
    assert ends == {
        ("outcome:dropped", "destination:none+dropped"): ("2.1", "2.5", "3.5", "3.7", "3.10"),
        ("outcome:undecided", "destination:none"): ("1.9", "5.6"),
        ("outcome:undecided", "destination:none+question"): ("3.1",),
    }


def test_flows_of_an_unknown_kind(bristol: Store, ontology_folder: Path) -> None:
    with pytest.raises(UnknownNameError) as caught:
        flows(ReviewGraph(bristol, ontology_folder, "bristol"), kind="comitment")
    assert caught.value.nearest[0] == "commitment"


# After decisions


def test_without_decisions_nothing_has_come_anywhere(seen: Overview) -> None:
    assert seen.progress == Progress(
        decisions=0,
        movements=92,
        agreed=0,
        applied=0,
        rejected=0,
        awaiting=92,
        added=0,
        undecided=7,
    )


def test_after_decisions_the_totals_are_those_of_how_things_stand(
    decided: Store, decided_folder: Path, ontology_folder: Path
) -> None:
    (summary,) = read_manifest(decided_folder)["reviews"]
    now = overview(ReviewGraph(decided, ontology_folder, "bristol", ReviewSummary(**summary)))
    assert [(count.provisions, count.commitments) for count in now.outcomes] == [
        *((11, 9), (31, 19), (1, 0), (4, 2), (17, 17), (5, 3), (4, 1), (6, 3))
    ]
    assert now.reconciled
    assert (now.progress.decisions, now.progress.movements, now.progress.awaiting) == (19, 92, 75)


def test_what_was_rejected_flows_nowhere(decided: Store, ontology_folder: Path) -> None:
    found = flows(ReviewGraph(decided, ontology_folder, "bristol"), kind=None)
    ends = {
        provision: flow.target
        for flow in found.flows
        for provision in flow.provisions
        if flow.target.startswith("destination:")
    }
    assert {name: ends[name] for name in ("2.1", "2.5", "4.4", "value-1", "value-2", "1.3")} == {
        "2.1": "destination:none",
        "2.5": "destination:vcse-strategy",
        "4.4": "destination:none",
        "value-1": "destination:vcse-strategy",
        "value-2": "destination:new-compact",
        "1.3": "destination:new-compact",
    }
    assert len(ends) == 79
