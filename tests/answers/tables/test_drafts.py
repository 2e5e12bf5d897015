"""The drafts beside the agreement under review: where each provision's words went, and came from."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pytest
from pyoxigraph import Store

from compactgraph.answers.review_graph import ReviewGraph
from compactgraph.answers.tables.destinations import table_of_destinations
from compactgraph.answers.tables.drafts import (
    COLUMNS,
    MEANINGS,
    SHOWN,
    Change,
    DraftProvision,
    DraftRow,
    draft_destinations,
    draft_origins,
    draft_provisions,
    every_draft_provision,
)
from compactgraph.deciding.desk import Desk
from compactgraph.errors import QueryError, UnknownNameError
from compactgraph.reading.similarity import Fate, differences
from compactgraph.register.entry import Body, Kind
from compactgraph.store.oxigraph import open_store
from tests.support.decided import BO, RECORDER

RESOURCES = "Allocating resources"
FUNDING = "We agree what funding is for\nbefore it is given."
FUNDING_AGAIN = "We agree what funding is for before it is given, and write it down."
INDEPENDENT = "We are independent of one another."
ONCE_A_YEAR = "We meet once a year."
IN_PROPORTION = "What we ask for is in proportion to what we give."

DRAFTS = {
    1: [
        DraftProvision(1, "draft/1/1", "1", "theme", "", RESOURCES, ("theme-1",)),
        DraftProvision(1, "draft/1/1.1", "1.1", "commitment", "1", FUNDING, ("1.9", "1.12")),
        DraftProvision(1, "draft/1/1.2", "1.2", "value", "", INDEPENDENT, ("value-2",)),
    ],
    2: [
        DraftProvision(2, "draft/2/1", "1", "theme", "", RESOURCES, ("theme-1",)),
        DraftProvision(2, "draft/2/1.1", "1.1", "commitment", "1", FUNDING_AGAIN, ("1.9", "1.12")),
        DraftProvision(2, "draft/2/1.2", "1.2", "value", "", INDEPENDENT, ("value-2",)),
        DraftProvision(2, "draft/2/1.4", "1.4", "commitment", "1", ONCE_A_YEAR, ()),
        DraftProvision(2, "draft/2/1.5", "1.5", "commitment", "1", IN_PROPORTION, ("1.10",)),
    ],
}


@pytest.fixture
def desk(bristol_folder: Path, ontology_folder: Path, tmp_path: Path) -> Desk:
    """Return a desk on a copy of Bristol's store on which nothing was decided."""
    return Desk(shutil.copytree(bristol_folder, tmp_path / "store"), ontology_folder, "bristol")


def pairs(rows: list[DraftRow]) -> list[tuple[str, str, str]]:
    return [(row.provision, row.draft_provision, row.change) for row in rows]


def written(item: str, text: str, *origins: str, role: str = "commitment") -> Body:
    return Body(
        Kind.WRITE_DRAFT,
        (BO,),
        "2026-10-26",
        item=item,
        role=role,
        text=text,
        derives_from=origins,
    )


BEGUN = Body(Kind.BEGIN_DRAFT, (BO,), "2026-10-26")


# What a draft holds


@pytest.mark.parametrize("number", DRAFTS)
def test_a_draft_holds_what_was_written_and_not_withdrawn(
    decided: Store, ontology_folder: Path, number: int
) -> None:
    assert draft_provisions(ReviewGraph(decided, ontology_folder, "bristol"), number) == DRAFTS[number]


def test_the_latest_draft_is_meant_where_none_is_named(decided: Store, ontology_folder: Path) -> None:
    assert {
        each.draft for each in every_draft_provision(ReviewGraph(decided, ontology_folder, "bristol"))
    } == {1, 2}
    assert draft_provisions(ReviewGraph(decided, ontology_folder, "bristol")) == DRAFTS[2]


def test_a_provision_of_a_draft_is_shown_in_five_cells(decided: Store, ontology_folder: Path) -> None:
    assert SHOWN == ("draft_provision", "kind", "theme", "origins", "text")
    shown = [
        each.cells() for each in draft_provisions(ReviewGraph(decided, ontology_folder, "bristol"), 1)
    ]
    assert shown == [
        ("draft/1/1", "theme", "", "theme-1", RESOURCES),
        ("draft/1/1.1", "commitment", "1", "1.9|1.12", FUNDING),
        ("draft/1/1.2", "value", "", "value-2", INDEPENDENT),
    ]


def test_there_is_no_draft_yet(bristol: Store, ontology_folder: Path) -> None:
    assert {
        each.draft for each in every_draft_provision(ReviewGraph(bristol, ontology_folder, "bristol"))
    } == set()
    for table in (draft_provisions, draft_destinations, draft_origins):
        with pytest.raises(QueryError) as caught:
            table(ReviewGraph(bristol, ontology_folder, "bristol"))
        assert str(caught.value) == ("no draft has been begun yet; begin one")


def test_a_draft_that_is_not_there(decided: Store, ontology_folder: Path) -> None:
    with pytest.raises(UnknownNameError) as caught:
        draft_provisions(ReviewGraph(decided, ontology_folder, "bristol"), 3)
    assert str(caught.value) == "unknown draft '3'; known: 1, 2"


def test_a_latest_draft_that_holds_nothing_is_not_taken_for_the_one_before(desk: Desk) -> None:
    desk.record([BEGUN, written("1.1", "We agree.", "1.9")], RECORDER)
    withdrawn = Body(Kind.WITHDRAW_DRAFT, (BO,), "2026-10-27", item="1.1")
    desk.record([BEGUN, withdrawn], RECORDER)
    store = open_store(Path(desk.location))
    assert {
        each.draft for each in every_draft_provision(ReviewGraph(store, desk.ontology, "bristol"))
    } == {1}
    for number in (0, 2):
        with pytest.raises(QueryError) as caught:
            draft_origins(ReviewGraph(store, desk.ontology, "bristol"), number)
        assert str(caught.value) == "draft 2 holds nothing; write in it"
    assert len(draft_provisions(ReviewGraph(store, desk.ontology, "bristol"), 1)) == 1


def test_provisions_stand_in_the_order_of_their_identifiers(desk: Desk) -> None:
    names = ["1.10", "2", "1.9", "1", "A-1", "1.1"]
    desk.record([BEGUN, *(written(name, f"It is {name}.") for name in names)], RECORDER)
    found = draft_provisions(ReviewGraph(open_store(Path(desk.location)), desk.ontology, "bristol"))
    assert [each.identifier for each in found] == ["1", "1.1", "1.9", "1.10", "2", "A-1"]


# The two tables


def test_the_table_of_origins_runs_from_the_new_text_back(decided: Store, ontology_folder: Path) -> None:
    rows = draft_origins(ReviewGraph(decided, ontology_folder, "bristol"), 2)
    assert pairs(rows)[:7] == [
        ("theme-1", "draft/2/1", "reworded"),
        ("1.9", "draft/2/1.1", "reworded"),
        ("1.12", "draft/2/1.1", "reworded"),
        ("value-2", "draft/2/1.2", "reworded"),
        ("", "draft/2/1.4", "new"),
        ("1.10", "draft/2/1.5", "reworded"),
        ("title", "", "open"),
    ]
    assert all(row.provision and not row.draft_provision for row in rows[6:])


def test_the_table_of_destinations_runs_in_the_order_of_the_agreement(
    decided: Store, ontology_folder: Path
) -> None:
    rows = draft_destinations(ReviewGraph(decided, ontology_folder, "bristol"), 2)
    order = [
        row.provision for row in table_of_destinations(ReviewGraph(decided, ontology_folder, "bristol"))
    ]
    assert [row.provision for row in rows[:-1]] == list(dict.fromkeys(order))
    assert [pair for pair in pairs(rows) if pair[1]] == [
        ("value-2", "draft/2/1.2", "reworded"),
        ("theme-1", "draft/2/1", "reworded"),
        ("1.9", "draft/2/1.1", "reworded"),
        ("1.10", "draft/2/1.5", "reworded"),
        ("1.12", "draft/2/1.1", "reworded"),
        ("", "draft/2/1.4", "new"),
    ]


@pytest.mark.parametrize("number", DRAFTS)
def test_both_tables_hold_the_same_rows(decided: Store, ontology_folder: Path, number: int) -> None:
    tables = [
        Counter(table(ReviewGraph(decided, ontology_folder, "bristol"), number))
        for table in (draft_destinations, draft_origins)
    ]
    assert tables[0] == tables[1]


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (1, {"reworded": 4, "missing": 38, "gone": 30, "open": 7}),
        (2, {"reworded": 5, "new": 1, "missing": 37, "gone": 30, "open": 7}),
    ],
)
def test_how_many_rows_say_what(
    decided: Store, ontology_folder: Path, number: int, expected: dict[str, int]
) -> None:
    rows = draft_destinations(ReviewGraph(decided, ontology_folder, "bristol"), number)
    assert Counter(str(row.change) for row in rows) == expected


def test_what_is_missing_is_what_is_to_be_kept_and_comes_to_no_new_provision(
    decided: Store, ontology_folder: Path
) -> None:
    old = table_of_destinations(ReviewGraph(decided, ontology_folder, "bristol"))
    outcomes = {row.provision: row.outcome for row in old}
    rows = draft_origins(ReviewGraph(decided, ontology_folder, "bristol"), 2)
    arrived = {row.provision for row in rows if row.draft_provision}
    expected = {
        "missing": {p for p, outcome in outcomes.items() if outcome in ("retained", "revised")},
        "open": {p for p, outcome in outcomes.items() if outcome in ("undecided", "either")},
        "gone": {p for p, o in outcomes.items() if o in ("moved", "absorbed", "dropped", "referred")},
    }
    for change, provisions in expected.items():
        found = {row.provision for row in rows if row.change == change}
        assert found == provisions - arrived, change
    # By decisions alone: 3.2 is kept and revised, 1.3 is kept where it was to be absorbed.
    missing = {row.provision for row in rows if row.change == "missing"}
    assert {"3.2", "1.3"} <= missing
    assert {row.provision for row in rows if row.change == "gone"} >= {"2.5", "5.6", "value-1"}


def test_a_row_has_both_wordings_and_what_becomes_of_the_old_one(
    decided: Store, ontology_folder: Path
) -> None:
    rows = draft_origins(ReviewGraph(decided, ontology_folder, "bristol"), 2)
    row = next(row for row in rows if row.provision == "1.9")
    assert (
        *("provision", "kind", "theme", "outcome", "text"),
        *("draft_provision", "draft_kind", "draft_theme", "draft_text", "change"),
    ) == COLUMNS
    assert row.cells() == (
        *("1.9", "commitment", "1", "retained"),
        "Coordinate funding streams and monitoring processes through joint commissioning and lead "
        "funder arrangements.",
        *("draft/2/1.1", "commitment", "1", FUNDING_AGAIN, "reworded"),
    )


def test_each_change_has_a_meaning() -> None:
    assert set(MEANINGS) == set(Change)
    assert all(meaning.endswith(".") for meaning in MEANINGS.values())


def test_the_same_words_are_unchanged_whatever_stands_between_them(desk: Desk, bristol: Store) -> None:
    rows = table_of_destinations(ReviewGraph(bristol, desk.ontology, "bristol"))
    texts = {row.provision: row.text for row in rows}
    same, other = texts["1.12"].replace(" ", "\n"), texts["1.5"].upper()
    desk.record([BEGUN, written("1", same, "1.12"), written("2", other, "1.5")], RECORDER)
    store = open_store(Path(desk.location))
    found = draft_origins(ReviewGraph(store, desk.ontology, "bristol"))
    assert pairs(found)[:2] == [("1.12", "draft/1/1", "unchanged"), ("1.5", "draft/1/2", "reworded")]
    fates = {stretch.fate for stretch in differences(found[0].text, found[0].draft_text)}
    assert fates == {Fate.KEPT}


def test_a_provision_that_is_split_and_two_that_are_merged(desk: Desk) -> None:
    desk.record(
        [
            BEGUN,
            written("1", "One half.", "1.9"),
            written("2", "The other half.", "1.9", "1.12"),
            written("3", "All of it.", "1.12", "1.10", "value-2"),
        ],
        RECORDER,
    )
    store = open_store(Path(desk.location))
    origins = [
        pair[:2]
        for pair in pairs(draft_origins(ReviewGraph(store, desk.ontology, "bristol")))
        if pair[1]
    ]
    assert origins == [
        *(("1.9", "draft/1/1"), ("1.9", "draft/1/2"), ("1.12", "draft/1/2")),
        *(("value-2", "draft/1/3"), ("1.10", "draft/1/3"), ("1.12", "draft/1/3")),
    ]
    destinations = pairs(draft_destinations(ReviewGraph(store, desk.ontology, "bristol")))
    assert [pair[:2] for pair in destinations if pair[1]] == [
        *(("value-2", "draft/1/3"), ("1.9", "draft/1/1"), ("1.9", "draft/1/2")),
        *(("1.10", "draft/1/3"), ("1.12", "draft/1/2"), ("1.12", "draft/1/3")),
    ]


def test_origins_are_followed_through_every_draft(desk: Desk) -> None:
    desk.record([BEGUN, written("1", "One.", "1.9"), written("2", "Two.", "1.12")], RECORDER)
    both = written("1", "One and two.", "draft/1/1", "draft/1/2")
    gone = Body(Kind.WITHDRAW_DRAFT, (BO,), "2026-10-27", item="2")
    desk.record([BEGUN, both, gone, written("3", "Three.", "draft/1/2", "1.10")], RECORDER)
    desk.record([BEGUN, written("4", "Four.", "draft/2/1", "draft/2/3")], RECORDER)
    found = draft_provisions(ReviewGraph(open_store(Path(desk.location)), desk.ontology, "bristol"))
    assert [(each.identifier, each.origins) for each in found] == [
        ("1", ("1.9", "1.12")),
        ("3", ("1.10", "1.12")),
        ("4", ("1.9", "1.10", "1.12")),
    ]
