"""The table, the traces and the drafts as they stood on any day: no later decision counts."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import Store

from compactgraph.answers.provision.trace import trace
from compactgraph.answers.review_graph import ReviewGraph
from compactgraph.answers.tables.decisions import history
from compactgraph.answers.tables.destinations import Row, table_of_destinations, table_of_origins
from compactgraph.answers.tables.drafts import draft_provisions
from compactgraph.deciding.desk import Desk
from compactgraph.decisions.as_at import as_at
from compactgraph.errors import QueryError, RegisterError
from compactgraph.paths import register_file
from compactgraph.register.entry import Body, Kind
from compactgraph.store.oxigraph import canonical_nquads
from tests.support.decided import ANN, CHRIS, RECORDER

OnDay = Callable[[str | None], Store]


@pytest.fixture(scope="module")
def on(decided: Store, decided_folder: Path, ontology_folder: Path) -> OnDay:
    """Return Bristol after the decisions of ``tests.support.decided``, as it stood on a day."""
    stood: dict[str | None, Store] = {}

    def on_day(day: str | None) -> Store:
        if day not in stood:
            stood[day] = as_at(decided, ontology_folder, "bristol", decided_folder, day)  # type: ignore[assignment]
        return stood[day]

    return on_day


def short(row: Row) -> str:
    """Return what a row says of how its provision stands."""
    to = f" {row.destination}" if row.destination else ""
    movement = f"{row.relation}{to} {row.status}{' by ' + row.decision if row.decision else ''}"
    return f"{row.provision}: {row.outcome}; {movement if row.relation else 'no movement'}"


def changed(before: Store, after: Store, ontology: Path) -> tuple[list[str], list[str]]:
    """Return the rows that only the table before has, and those that only the one after has."""
    old, new = (
        [short(row) for row in table_of_destinations(ReviewGraph(store, ontology, "bristol"))]
        for store in (before, after)
    )
    return [row for row in old if row not in new], [row for row in new if row not in old]


DAYS = {
    "2026-10-05": (
        [
            "value-5: moved; moves vcse-strategy recommended",
            "theme-1: revised; stays new-compact recommended",
            "1.2: absorbed; absorbed business-as-usual recommended",
            "1.11: moved; moves vcse-strategy recommended",
            "2.1: dropped; dropped recommended",
        ],
        [
            "value-5: moved; moves vcse-strategy agreed",
            "theme-1: revised; stays new-compact agreed",
            "1.2: absorbed; absorbed business-as-usual agreed",
            "1.11: moved; moves vcse-strategy agreed",
            "2.1: undecided; dropped rejected",
        ],
    ),
    "2026-10-12": (
        [
            "partners-group: undecided; question recommended",
            "partners-group: undecided; question recommended",
            "partners-group: undecided; question social-value-advisory-group recommended",
            "partners-group: undecided; question vcse-strategy recommended",
            "value-1: either; either new-compact recommended",
            "value-1: either; either vcse-strategy recommended",
            "value-2: either; either new-compact recommended",
            "value-2: either; either vcse-strategy recommended",
            "1.9: undecided; no movement",
            "2.5: dropped; dropped recommended",
            "3.2: retained; stays new-compact recommended",
            "5.6: undecided; no movement",
        ],
        [
            "partners-group: referred; refers vcse-strategy agreed by d12",
            "partners-group: referred; question rejected",
            "partners-group: referred; question rejected",
            "partners-group: referred; question social-value-advisory-group rejected",
            "partners-group: referred; question vcse-strategy agreed",
            "value-1: moved; either new-compact rejected",
            "value-1: moved; either vcse-strategy agreed",
            "value-2: retained; either new-compact agreed",
            "value-2: retained; either vcse-strategy rejected",
            "1.9: retained; stays new-compact agreed by d10",
            "2.5: moved; dropped rejected",
            "2.5: moved; moves vcse-strategy agreed by d6",
            "3.2: revised; stays new-compact rejected",
            "3.2: revised; stays new-compact agreed by d7",
            "5.6: absorbed; absorbed business-as-usual agreed by d11",
        ],
    ),
    "2026-10-19": (
        [
            "theme-1: revised; stays new-compact agreed",
            "1.3: absorbed; absorbed business-as-usual recommended",
            "1.11: moved; moves vcse-strategy agreed",
        ],
        [
            "theme-1: revised; stays new-compact applied",
            "1.3: absorbed; absorbed business-as-usual agreed",
            "1.11: moved; moves vcse-strategy applied",
        ],
    ),
    "2026-10-20": (
        [
            "1.3: absorbed; absorbed business-as-usual agreed",
            "4.4: moved; moves vcse-strategy recommended",
        ],
        [
            "1.3: retained; absorbed business-as-usual rejected",
            "1.3: retained; stays new-compact agreed by d18",
            "4.4: moved; moves vcse-strategy agreed",
        ],
    ),
    "2026-10-21": (
        ["4.4: moved; moves vcse-strategy agreed"],
        ["4.4: undecided; moves vcse-strategy rejected"],
    ),
    "2026-11-03": ([], []),
}
BEFORE = dict(zip(DAYS, ["2026-10-04", *DAYS], strict=False))


@pytest.mark.parametrize("day", DAYS)
def test_the_table_of_a_day_has_what_was_decided_until_then(
    on: OnDay, day: str, ontology_folder: Path
) -> None:
    assert changed(on(BEFORE[day]), on(day), ontology_folder) == DAYS[day]


def test_before_the_first_decision_all_is_as_recommended(
    on: OnDay, bristol: Store, ontology_folder: Path
) -> None:
    for table in (table_of_destinations, table_of_origins):
        before = table(ReviewGraph(on("2026-10-04"), ontology_folder, "bristol"))
        assert before == table(ReviewGraph(bristol, ontology_folder, "bristol"))
    assert history(ReviewGraph(on("2026-10-04"), ontology_folder, "bristol")) == []


def test_after_the_last_decision_all_is_as_it_stands_now(
    on: OnDay, decided: Store, ontology_folder: Path
) -> None:
    assert on(None) is decided
    now = [quad for quad in decided if quad.graph_name.value.endswith(("/decisions", "/standing"))]
    for day in ("2026-11-03", "9999-12-31"):
        then = [q for q in on(day) if q.graph_name.value.endswith(("/decisions", "/standing"))]
        assert list(canonical_nquads(then)) == list(canonical_nquads(now))


def test_the_two_tables_hold_the_same_rows_on_every_day(on: OnDay, ontology_folder: Path) -> None:
    for day in DAYS:
        tables = [
            Counter(table(ReviewGraph(on(day), ontology_folder, "bristol")))
            for table in (table_of_destinations, table_of_origins)
        ]
        assert tables[0] == tables[1]


def test_the_recommended_outcome_is_the_same_on_every_day(on: OnDay, ontology_folder: Path) -> None:
    def recommended(day: str | None) -> dict[str, str]:
        rows = table_of_destinations(ReviewGraph(on(day), ontology_folder, "bristol"))
        return {row.provision: row.recommended_outcome for row in rows}

    assert recommended("2026-10-12") == recommended("2026-10-04") == recommended(None)
    assert recommended(None)["2.5"] == "dropped"


@pytest.mark.parametrize(
    ("day", "outcome", "decisions"),
    [
        ("2026-10-18", "absorbed", []),
        ("2026-10-19", "absorbed", ["d16"]),
        ("2026-10-20", "retained", ["d16", "d18"]),
    ],
)
def test_the_trace_of_a_day(
    on: OnDay, ontology_folder: Path, day: str, outcome: str, decisions: list[str]
) -> None:
    traced = trace(ReviewGraph(on(day), ontology_folder, "bristol"), "1.3")
    assert (traced.outcome, traced.recommended_outcome) == (outcome, "absorbed")
    assert [decision.name for decision in traced.decisions] == decisions


def test_what_was_replaced_later_was_in_force_until_then(on: OnDay, ontology_folder: Path) -> None:
    def in_force(day: str) -> list[str]:
        found = history(ReviewGraph(on(day), ontology_folder, "bristol"))
        return [d.name for d in found if d.in_force and d.provision == "1.3"]

    assert in_force("2026-10-19") == ["d16"]
    assert in_force("2026-10-20") == ["d18"]


@pytest.mark.parametrize(
    ("day", "names"),
    [
        ("2026-10-26", ["draft/1/1", "draft/1/1.1", "draft/1/1.2", "draft/1/1.3"]),
        ("2026-11-01", ["draft/1/1", "draft/1/1.1", "draft/1/1.2"]),
        ("2026-11-02", ["draft/2/1", "draft/2/1.1", "draft/2/1.2", "draft/2/1.4"]),
        ("2026-11-03", ["draft/2/1", "draft/2/1.1", "draft/2/1.2", "draft/2/1.4", "draft/2/1.5"]),
    ],
)
def test_the_latest_draft_of_a_day(on: OnDay, ontology_folder: Path, day: str, names: list[str]) -> None:
    assert [
        each.name for each in draft_provisions(ReviewGraph(on(day), ontology_folder, "bristol"))
    ] == names


def test_there_was_no_draft_before_the_first_was_begun(on: OnDay, ontology_folder: Path) -> None:
    with pytest.raises(QueryError, match="no draft has been begun yet"):
        draft_provisions(ReviewGraph(on("2026-10-25"), ontology_folder, "bristol"))


@pytest.mark.parametrize(
    "day", ["", "yesterday", "2026-2-3", "2026-02-30", "20261005", "２０２６-10-05"]
)
def test_a_day_that_is_none(
    bristol: Store, bristol_folder: Path, ontology_folder: Path, day: str
) -> None:
    with pytest.raises(RegisterError) as caught:
        as_at(bristol, ontology_folder, "bristol", bristol_folder, day)
    assert str(caught.value) == f"'{day}' is not a day; write it as year-month-day, as in 2026-11-24"


def test_a_decision_counts_from_its_day_and_not_from_when_it_was_recorded(
    decided_folder: Path, ontology_folder: Path, tmp_path: Path
) -> None:
    store = tmp_path / "store"
    shutil.copytree(decided_folder, store)
    shutil.copy(register_file(decided_folder), register_file(store))
    desk = Desk(store, ontology_folder, "bristol")
    late = Body(Kind.AGREE, (ANN,), "2026-09-30", item="1.5-r1/stays/new-compact")
    over = Body(Kind.REJECT, (CHRIS,), "2026-10-11", item="2.5-r1/dropped", replaces=(6,))
    assert [e.name for e in desk.record([late, over], RECORDER).entries] == ["d30", "d31"]

    def outcome(day: str) -> dict[str, str]:
        known = desk.dataset(desk.situation())
        stood = as_at(known, ontology_folder, "bristol", store, day)
        rows = table_of_destinations(ReviewGraph(stood, ontology_folder, "bristol"))
        return {r.provision: f"{r.outcome} {r.status}" for r in rows if r.provision in ("1.5", "2.5")}

    assert outcome("2026-09-29") == {"1.5": "revised recommended", "2.5": "dropped recommended"}
    assert outcome("2026-09-30") == {"1.5": "revised agreed", "2.5": "dropped recommended"}
    # The amendment of the 12th is replaced by one of the day before: it never was in force.
    assert outcome("2026-10-11") == {"1.5": "revised agreed", "2.5": "undecided rejected"}
    assert outcome("2026-10-12") == {"1.5": "revised agreed", "2.5": "undecided rejected"}
