"""The sheet that came back: what its rows would do, what stands against them, how it is recorded."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from compactgraph.answers.review_graph import ReviewGraph
from compactgraph.build.pipeline import build_store
from compactgraph.deciding.checks import completed
from compactgraph.deciding.desk import Desk, Recorded
from compactgraph.deciding.sheet.cells import Defaults
from compactgraph.deciding.sheet.columns import Heading, Vocabulary
from compactgraph.deciding.sheet.outgoing import NAME
from compactgraph.deciding.sheet.preview import Fate, Preview
from compactgraph.deciding.sheet.round_trip import (
    apply_sheet,
    preview,
    read_sheet,
    sheet_out,
)
from compactgraph.errors import EntryError, RegisterBusyError, RegisterError, SheetError
from compactgraph.register.entry import Body, Head, Kind
from tests.support.decided import change_words, decide_bristol
from tests.support.filling import HEADER, Cells, Formula, filled, headings, put, rows_of, saved

DAY = date(2026, 11, 20)
TODAY = date(2026, 11, 24)
BY: Cells = {"Decided by": "Ann Lee", "Date": DAY}
ASSETS = "1.11-r1/moves/vcse-strategy"
VOLUNTEERS = "4.4-r1/moves/vcse-strategy"
USUAL = "1.2-r1/absorbed/business-as-usual"
PLAN = "value-5-r1/moves/vcse-strategy"
FREE_TO_STAY, FREE_TO_MOVE = "value-2-r1/either/new-compact", "value-2-r1/either/vcse-strategy"


@pytest.fixture(scope="module")
def desk(bristol_folder: Path, ontology_folder: Path) -> Desk:
    """Return the desk of a store in which nothing is decided; nothing is recorded at it."""
    return Desk(bristol_folder, ontology_folder, "bristol")


@pytest.fixture(scope="module")
def out(desk: Desk) -> bytes:
    return sheet_out(desk)


@pytest.fixture(scope="module")
def vocabulary(desk: Desk) -> Vocabulary:
    return Vocabulary.of(ReviewGraph(desk.dataset(desk.situation()), desk.ontology, desk.review))


@pytest.fixture
def fresh(bristol_folder: Path, ontology_folder: Path, tmp_path: Path) -> Desk:
    """Return the desk of a store of its own, in which nothing is decided yet."""
    shutil.copytree(bristol_folder, tmp_path / "store")
    return Desk(tmp_path / "store", ontology_folder, "bristol")


@pytest.fixture(scope="module")
def decided(
    bristol_folder: Path, ontology_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Desk:
    """Return the desk of a store in which much is decided; nothing more is recorded at it."""
    folder = tmp_path_factory.mktemp("decided") / "store"
    shutil.copytree(bristol_folder, folder)
    decide_bristol(folder)
    return Desk(folder, ontology_folder, "bristol")


def said(seen: Preview, status: Fate) -> dict[str, str]:
    """Return the rows of a fate by their items, each with its problems or what becomes of it."""
    return {row.item: row.sentence.partition(": ")[2] for row in seen.of(status)}


# What would become of a sheet


def test_a_sheet_as_it_went_out_says_nothing(desk: Desk, out: bytes) -> None:
    seen = preview(desk, out)
    assert not seen.applicable
    assert seen.sentences == (
        "bristol: the sheet went out before anything was recorded; nothing has been recorded since.",
        "Left empty, and passed over: 96 rows",
        "No decision is filled in.",
    )
    assert {row.status for row in seen.rows} == {Fate.EMPTY}


MINUTES: Mapping[str, Cells] = {
    FREE_TO_MOVE: {**BY, "Decision": "Agree"},
    PLAN: {**BY, "Decision": "Reject", "Why": "=It belongs here, too."},
    USUAL: {**BY, "Decision": "Note", "Why": "To be heard again."},
    "1.9": {**BY, "Decision": "Settle", "What instead": "Keep"},
    ASSETS: {
        "Decision": "agree",
        "Decided by": "Ann Lee; Bo Okafor",
        "On behalf of": "Bristol City Council",
        "Date": "19/11/2026",
        "Why": "The strategy has\na chapter on it.",
    },
    "2.5-r1/dropped": {
        **BY,
        "Decision": "Amend",
        "What instead": "Remove",
        "Destination instead": "VCSE Strategy",
        "Reason": "Better placed elsewhere",
    },
}

BODIES = [
    Body(Kind.AGREE, ("Ann Lee",), "2026-11-20", item=FREE_TO_MOVE),
    Body(Kind.REJECT, ("Ann Lee",), "2026-11-20", item=PLAN, why="=It belongs here, too."),
    Body(Kind.NOTE, ("Ann Lee",), "2026-11-20", item=USUAL, why="To be heard again."),
    Body(Kind.SETTLE, ("Ann Lee",), "2026-11-20", item="1.9", dispositions=("keep",)),
    Body(
        Kind.AGREE,
        ("Ann Lee", "Bo Okafor"),
        "2026-11-19",
        item=ASSETS,
        on_behalf_of="bristol-city-council",
        why="The strategy has\na chapter on it.",
    ),
    Body(
        Kind.AMEND,
        ("Ann Lee",),
        "2026-11-20",
        item="2.5-r1/dropped",
        dispositions=("remove",),
        reasons=("better-placed-elsewhere",),
        to="vcse-strategy",
    ),
]


def test_what_is_filled_in_will_be_recorded_and_what_follows_is_worked_out(
    desk: Desk, out: bytes
) -> None:
    seen = preview(desk, filled(out, MINUTES))
    assert seen.applicable
    assert list(seen.bodies) == [completed(desk.situation(), body) for body in BODIES]
    assert [(row.outcome, row.standing) for row in seen.of(Fate.WILL_RECORD)] == [
        (("either", "moved"), ("recommended", "agreed")),
        (("moved", "undecided"), ("recommended", "rejected")),
        (("absorbed", "absorbed"), ("recommended", "recommended")),
        (("undecided", "retained"), ("", "")),
        (("moved", "moved"), ("recommended", "agreed")),
        (("dropped", "moved"), ("recommended", "rejected")),
    ]
    assert seen.sentences == (
        "bristol: the sheet went out before anything was recorded; nothing has been recorded since.",
        "Will be recorded: six rows",
        "  row 26, value-2-r1/either/vcse-strategy: agree, by Ann Lee on 20 November 2026; "
        "recommended → agreed; value-2: either → moved",
        "  row 30, value-5-r1/moves/vcse-strategy: reject, by Ann Lee on 20 November 2026; "
        "recommended → rejected; value-5: moved → undecided",
        "  row 37, 1.2-r1/absorbed/business-as-usual: note, by Ann Lee on 20 November 2026; "
        "recommended, as before; 1.2: absorbed, as before",
        "  row 45, 1.9: settle (keep), by Ann Lee on 20 November 2026; 1.9: undecided → retained",
        "  row 47, 1.11-r1/moves/vcse-strategy: agree, by Ann Lee, Bo Okafor for bristol-city-council "
        "on 19 November 2026; recommended → agreed; 1.11: moved, as before",
        "  row 63, 2.5-r1/dropped: amend (remove, because better-placed-elsewhere, to vcse-strategy), "
        "by Ann Lee on 20 November 2026; recommended → rejected; 2.5: dropped → moved",
        "Left empty, and passed over: 90 rows",
    )


def test_a_preview_records_nothing(desk: Desk, out: bytes) -> None:
    preview(desk, filled(out, MINUTES))
    assert desk.situation().entries == ()


def test_a_sheet_is_recorded_once_and_the_second_time_every_row_is_in_conflict(fresh: Desk) -> None:
    data = filled(sheet_out(fresh), MINUTES)
    recorded = apply_sheet(fresh, data, None, "os:minutes")
    assert [entry.name for entry in recorded.entries] == ["d1", "d2", "d3", "d4", "d5", "d6"]
    assert [replace(e.body, provision="", fingerprints={}, words={}) for e in recorded.entries] == BODIES
    assert {entry.recorder for entry in recorded.entries} == {"os:minutes"}
    assert recorded.notice == ""

    again = preview(fresh, data)
    assert said(again, Fate.IN_CONFLICT) == {
        FREE_TO_MOVE: "d1 (agree value-2-r1/either/vcse-strategy, by Ann Lee on 20 November 2026) was "
        f"recorded since the sheet went out; {mend('d1', 26)}",
        PLAN: "d2 (reject value-5-r1/moves/vcse-strategy, by Ann Lee on 20 November 2026) was "
        f"recorded since the sheet went out; {mend('d2', 30)}",
        USUAL: "d3, recorded since the sheet went out, is this very note",
        "1.9": "d4 (settle 1.9, by Ann Lee on 20 November 2026) was recorded since the sheet went "
        f"out; {mend('d4', 45)}",
        ASSETS: "d5 (agree 1.11-r1/moves/vcse-strategy, by Ann Lee, Bo Okafor on 19 November 2026) "
        f"was recorded since the sheet went out; {mend('d5', 47)}",
        "2.5-r1/dropped": "d6 (amend 2.5-r1/dropped, by Ann Lee on 20 November 2026) was recorded "
        f"since the sheet went out; {mend('d6', 63)}",
    }
    assert len(again.of(Fate.EMPTY)) == 90
    with pytest.raises(EntryError, match=r"six rows are in conflict; nothing was recorded"):
        apply_sheet(fresh, data, None, "os:minutes")
    assert len(fresh.situation().entries) == 6


def test_where_one_row_is_not_understood_nothing_is_recorded(fresh: Desk) -> None:
    data = filled(sheet_out(fresh), {**MINUTES, VOLUNTEERS: {**BY, "Decision": "Maybe"}})
    with pytest.raises(EntryError, match=r"one row is not understood; nothing was recorded"):
        apply_sheet(fresh, data, None, "os:minutes")
    assert fresh.situation().entries == ()


def test_an_empty_sheet_is_not_recorded(desk: Desk, out: bytes) -> None:
    with pytest.raises(EntryError, match="no decision is filled in; nothing was recorded"):
        apply_sheet(desk, out, None, "os:minutes")


def test_names_and_a_date_alone_decide_nothing(desk: Desk, out: bytes) -> None:
    seen = preview(desk, filled(out, dict.fromkeys((ASSETS, VOLUNTEERS, "1.9"), BY)))
    assert {row.status for row in seen.rows} == {Fate.EMPTY}


def test_defaults_hold_for_the_rows_that_leave_them_empty(desk: Desk, out: bytes) -> None:
    data = filled(out, {ASSETS: {"Decision": "Agree"}, VOLUNTEERS: {**BY, "Decision": "Agree"}})
    seen = preview(desk, data, Defaults(("Bo Okafor",), "voscur", "2026-11-02"))
    assert [(body.by, body.on_behalf_of, body.date) for body in seen.bodies] == [
        (("Bo Okafor",), "voscur", "2026-11-02"),
        (("Ann Lee",), "voscur", "2026-11-20"),
    ]


def test_a_default_day_must_be_one_that_has_been(desk: Desk, out: bytes) -> None:
    tomorrow = (date.today() + timedelta(days=1)).isoformat()
    with pytest.raises(EntryError, match="is in the future; give the day"):
        preview(desk, out, Defaults(date=tomorrow))
    with pytest.raises(RegisterError, match="'24/11/2026' is not a day; write it as year-month-day"):
        preview(desk, out, Defaults(date="24/11/2026"))


# Rows that do not fit


def test_what_the_review_does_not_allow_is_told_of_its_row(desk: Desk, out: bytes) -> None:
    rows: Mapping[str, Cells] = {
        ASSETS: {**BY, "Decision": "Settle", "What instead": "Keep"},
        VOLUNTEERS: {**BY, "Decision": "Mark as applied", "Place in the receiving document": "4"},
        "1.9": {**BY, "Decision": "Agree"},
        PLAN: {
            **BY,
            "Decision": "Amend",
            "What instead": "Keep",
            "Destination instead": "VCSE Strategy",
        },
        USUAL: {**BY, "Decision": "Agree", "Supersedes": "d9"},
        "2.5-r1/dropped": {**BY, "Decision": "Agree", "Decided by": "A" * 201},
        "1.3-r1/absorbed/business-as-usual": {**BY, "Decision": "Agree"},
    }
    seen = preview(desk, filled(out, rows))
    assert said(seen, Fate.NOT_UNDERSTOOD) == {
        ASSETS: "I47: 1.11 is moved, and nothing of it is open; agree to its movements, reject them "
        "or amend them",
        VOLUNTEERS: "I84: 4.4-r1/moves/vcse-strategy is recommended; only what was agreed can be "
        "applied, so agree to it first",
        "1.9": "I45: 1.9 has no movement; settle it, or put a note on record",
        PLAN: "I30: what is decided to be keep stays in new-compact; for vcse-strategy decide to "
        "remove it there, or to refer to it",
        USUAL: "I37: decision d9 is unknown; name one that is recorded",
        "2.5-r1/dropped": "I63: The name of a person or a body must have 1 to 200 characters; "
        "shorten it, and give each person a separate name.",
    }
    assert [row.item for row in seen.of(Fate.WILL_RECORD)] == ["1.3-r1/absorbed/business-as-usual"]


def test_rows_that_cannot_hold_together_are_in_conflict(desk: Desk, out: bytes) -> None:
    rows: Mapping[str, Cells] = {
        FREE_TO_STAY: {**BY, "Decision": "Agree"},
        FREE_TO_MOVE: {**BY, "Decision": "Agree"},
        "value-1-r1/either/new-compact": {**BY, "Decision": "Reject"},
        "value-1-r1/either/vcse-strategy": {
            **BY,
            "Decision": "Settle",
            "Destination instead": "VCSE Strategy",
        },
        "value-3-r1/either/new-compact": {**BY, "Decision": "Reject"},
        "value-3-r1/either/vcse-strategy": {**BY, "Decision": "Agree"},
    }
    seen = preview(desk, filled(out, rows))
    assert said(seen, Fate.IN_CONFLICT) == {
        "value-1-r1/either/new-compact": "cannot hold together with row 24; empty one of them",
        "value-1-r1/either/vcse-strategy": "cannot hold together with row 23; empty one of them",
        FREE_TO_STAY: "cannot hold together with row 26; empty one of them",
        FREE_TO_MOVE: "cannot hold together with row 25; empty one of them",
    }
    assert len(seen.of(Fate.WILL_RECORD)) == 2


def shown(seen: Preview) -> list[str]:
    """Return the rows that are not understood, each on a line."""
    return [row.sentence for row in seen.of(Fate.NOT_UNDERSTOOD)]


def test_a_row_that_shows_other_words_than_it_went_out_with_is_not_taken(desk: Desk, out: bytes) -> None:
    def change(book: Any) -> None:
        page = book[NAME]
        columns, rows = headings(page), rows_of(page)
        put(page.cell(rows[PLAN], columns["Words of the agreement"]), "We have a vision.")
        put(page.cell(rows["1.9"], columns["Provision"]), "1.10")
        put(page.cell(rows[VOLUNTEERS], columns["Words of the recommendation"]), Formula("C1"))
        put(page.cell(rows[USUAL], columns["Words of the agreement"]), None)
        put(page.cell(rows[ASSETS], columns[Heading.ITEM]), "1.12-r1/stays/new-compact")

    rows = {item: {**BY, "Decision": "Agree"} for item in (ASSETS, PLAN, VOLUNTEERS, USUAL)}
    rows["1.9"] = {**BY, "Decision": "Note", "Why": "So it is."}
    seen = preview(desk, filled(out, rows, change))
    assert shown(seen) == [
        "row 30, value-5-r1/moves/vcse-strategy: B30: was changed: the row went out with “That we "
        "share a commitment to vision and development of Bri…”",
        "row 45, 1.9: A45: was changed: the row went out with “1.9”",
        "row 47, 1.11-r1/moves/vcse-strategy: T47: was changed: the row went out with "
        "“1.11-r1/moves/vcse-strategy”",
        "row 84, 4.4-r1/moves/vcse-strategy: C84: was changed: the row went out with “Remove, as "
        "could be better included in the new VCSE Strateg…”",
    ]
    assert [row.item for row in seen.of(Fate.WILL_RECORD)] == [USUAL], (
        "what is blank shows no other words"
    )


def test_a_row_without_what_it_went_out_with_is_not_taken(desk: Desk, out: bytes) -> None:
    def change(book: Any) -> None:
        page = book[NAME]
        columns, rows = headings(page), rows_of(page)
        sent = page.cell(rows[ASSETS], columns[Heading.SENT]).value
        put(page.cell(rows[ASSETS], columns[Heading.SENT]), sent.replace('"bristol"', '"ottery\\u001b"'))
        put(page.cell(rows[VOLUNTEERS], columns[Heading.SENT]), sent[:-1])
        put(page.cell(rows[USUAL], columns[Heading.SENT]), None)
        put(page.cell(rows[PLAN], columns[Heading.SENT]), sent.replace("1.11-r1/moves", "1.99-r1/moves"))
        put(page.cell(102, columns["Decision"]), "Agree")
        put(page.cell(103, columns["Provision"]), "96 in all")

    rows = {item: {**BY, "Decision": "Agree"} for item in (ASSETS, VOLUNTEERS, USUAL, PLAN)}
    lost = "the row did not go out, or lost what it went out with; use the one that was sent"
    seen = preview(desk, filled(out, rows, change))
    assert shown(seen) == [
        "row 30, 1.99-r1/moves/vcse-strategy: T30: the review has no item "
        "1.99-r1/moves/vcse-strategy; it may have been read anew",
        f"row 37: U37: {lost}",
        "row 47, 1.11-r1/moves/vcse-strategy: U47: 1.11-r1/moves/vcse-strategy is an item of the "
        "review 'ottery'",
        f"row 84: U84: {lost}",
        f"row 102: U102: {lost}",
    ]
    assert len(seen.of(Fate.EMPTY)) == 92


def test_an_item_that_stands_twice_is_taken_from_neither_row(desk: Desk, out: bytes) -> None:
    def copy_row(book: Any) -> None:
        page = book[NAME]
        for cell in page[rows_of(page)[ASSETS]]:
            put(page.cell(110, cell.column), cell.value)

    seen = preview(desk, filled(out, {ASSETS: {**BY, "Decision": "Agree"}}, copy_row))
    assert shown(seen) == [
        "row 47, 1.11-r1/moves/vcse-strategy: T47: stands in row 110 too; fill in one of them",
        "row 110, 1.11-r1/moves/vcse-strategy: T110: stands in row 47 too; fill in one of them",
    ]


def test_merged_cells_are_told_also_where_they_hide_what_is_empty(desk: Desk, out: bytes) -> None:
    def merge(book: Any) -> None:
        book[NAME].merge_cells("I84:I85")
        book[NAME].merge_cells("A45:C45")
        book[NAME].merge_cells("A1:E1")

    seen = preview(desk, filled(out, {VOLUNTEERS: {**BY, "Decision": "Agree"}}, merge))
    mend = "I84:I85: cells are merged; take that back, and fill in each row by itself"
    assert [row.partition(": ")[2] for row in shown(seen)] == [mend, mend]


# What came meanwhile


def mend(number: str, row: int) -> str:
    return (
        f"to replace it, write {number} into R{row}, “Supersedes”; to keep both, into S{row}, "
        "“Leaves in force”"
    )


def agree(desk: Desk, item: str, *replaces: int, why: str = "") -> Recorded:
    body = Body(Kind.AGREE, ("Bo Okafor",), "2026-11-12", item=item, why=why, replaces=replaces)
    return desk.record([body], "os:other")


def test_a_decision_since_the_sheet_went_out_is_superseded_where_the_sheet_says_so(fresh: Desk) -> None:
    out = sheet_out(fresh)
    agree(fresh, ASSETS)
    agree(fresh, "1.12-r1/stays/new-compact")
    row = {**BY, "Decision": "Reject"}
    assert said(preview(fresh, filled(out, {ASSETS: row})), Fate.IN_CONFLICT) == {
        ASSETS: "d1 (agree 1.11-r1/moves/vcse-strategy, by Bo Okafor on 12 November 2026) was recorded "
        f"since the sheet went out; {mend('d1', 47)}"
    }
    data = filled(out, {ASSETS: {**row, "Supersedes": "d1"}})
    assert preview(fresh, data).sentences == (
        "bristol: the sheet went out before anything was recorded; the register is at d2 now.",
        "Will be recorded: one row",
        "  row 47, 1.11-r1/moves/vcse-strategy: reject, by Ann Lee on 20 November 2026, replacing d1; "
        "agreed → rejected; 1.11: moved → undecided",
        "Left empty, and passed over: 95 rows",
    )
    assert [entry.body.replaces for entry in apply_sheet(fresh, data, None, "os:a").entries] == [(1,)]
    assert fresh.situation().stood.status_of(ASSETS) == "rejected"
    assert said(preview(fresh, data), Fate.IN_CONFLICT) == {
        ASSETS: "d3 (reject 1.11-r1/moves/vcse-strategy, by Ann Lee on 20 November 2026) was recorded "
        f"since the sheet went out; {mend('d3', 47)}"
    }


def test_a_decision_stays_in_force_beside_the_new_one_where_the_sheet_says_so(fresh: Desk) -> None:
    out = sheet_out(fresh)
    agree(fresh, ASSETS)
    data = filled(out, {ASSETS: {**BY, "Decision": "Reject", "Leaves in force": "d1"}})
    assert preview(fresh, data).sentences[2] == (
        "  row 47, 1.11-r1/moves/vcse-strategy: reject, by Ann Lee on 20 November 2026, beside d1; "
        "agreed → rejected; 1.11: moved → undecided"
    )
    (entry,) = apply_sheet(fresh, data, None, "os:a").entries
    assert (entry.body.replaces, entry.body.beside) == ((), (1,))
    assert fresh.situation().stood.standing.contested == {ASSETS: [1, 2]}


def test_a_decision_is_superseded_or_stays_and_not_both(fresh: Desk) -> None:
    out = sheet_out(fresh)
    agree(fresh, ASSETS)
    both = {**BY, "Decision": "Reject", "Supersedes": "d1", "Leaves in force": "d1"}
    assert said(preview(fresh, filled(out, {ASSETS: both})), Fate.NOT_UNDERSTOOD) == {
        ASSETS: "S47: d1 stands in “Supersedes” too; write it into one of them"
    }


def test_a_decision_that_was_in_force_is_in_conflict_too_and_all_of_them_are_named(
    decided: Desk,
) -> None:
    out = sheet_out(decided, everything=True)
    seen = preview(
        decided,
        filled(
            out,
            {
                VOLUNTEERS: {**BY, "Decision": "Agree", "Supersedes": "d17"},
                "value-1-r1/either/new-compact": {**BY, "Decision": "Agree"},
                ASSETS: {**BY, "Decision": "Mark as applied", "Place in the receiving document": "4"},
            },
        ),
    )
    rows = {row.item: row.number for row in seen.rows}
    assert said(seen, Fate.IN_CONFLICT) == {
        VOLUNTEERS: "d19 (reject 4.4-r1/moves/vcse-strategy, by Chris O’Neill on 21 October 2026) "
        f"was recorded and holds; {mend('d19', rows[VOLUNTEERS])}",
        "value-1-r1/either/new-compact": "d8 (settle value-1, by Ann Lee on 12 October 2026) was "
        f"recorded and holds; {mend('d8', rows['value-1-r1/either/new-compact'])}",
        ASSETS: "d13 (apply 1.11-r1/moves/vcse-strategy, by Chris O’Neill on 19 October 2026) was "
        f"recorded and holds; {mend('d13', rows[ASSETS])}",
    }


def test_what_was_agreed_is_marked_as_applied_by_a_sheet(decided: Desk) -> None:
    out = sheet_out(decided, everything=True)
    applied = {**BY, "Decision": "Mark as applied"}
    seen = preview(
        decided,
        filled(
            out,
            {
                PLAN: {**applied, "Place in the receiving document": "4.10"},
                "d6/moves/vcse-strategy": {**applied, "Place in the receiving document": "Section 2"},
                USUAL: applied,
                "value-1-r1/either/vcse-strategy": applied,
            },
        ),
    )
    assert [(row.item, row.standing) for row in seen.of(Fate.WILL_RECORD)] == [
        (PLAN, ("agreed", "applied")),
        (USUAL, ("agreed", "applied")),
        ("d6/moves/vcse-strategy", ("agreed", "applied")),
    ]
    assert [body.place for body in seen.bodies] == ["4.10", "", "Section 2"]
    assert said(seen, Fate.NOT_UNDERSTOOD) == {
        "value-1-r1/either/vcse-strategy": "I25: value-1-r1/either/vcse-strategy goes to a document; "
        "say at which place in it the matter now stands"
    }


def test_what_was_agreed_meanwhile_is_not_marked_as_applied_unseen(fresh: Desk) -> None:
    out = sheet_out(fresh)
    agree(fresh, ASSETS)
    row = {**BY, "Decision": "Mark as applied", "Place in the receiving document": "4.2"}
    assert said(preview(fresh, filled(out, {ASSETS: row})), Fate.IN_CONFLICT) == {
        ASSETS: "d1 (agree 1.11-r1/moves/vcse-strategy, by Bo Okafor on 12 November 2026) was recorded "
        "since the sheet went out; look at it, and mark it as applied in a new sheet"
    }
    row["Supersedes"] = "d1"
    assert said(preview(fresh, filled(out, {ASSETS: row})), Fate.NOT_UNDERSTOOD) == {
        ASSETS: "R47: to mark as applied can replace only another mark as applied"
    }


def test_a_decision_that_was_replaced_meanwhile_puts_its_row_in_conflict(fresh: Desk) -> None:
    agree(fresh, ASSETS)
    amend = Body(Kind.AMEND, ("Bo Okafor",), "2026-11-12", item="2.5-r1/dropped", dispositions=("keep",))
    fresh.record([amend], "os:other")
    out = sheet_out(fresh, everything=True)
    taken_back = [
        Body(Kind.NOTE, ("Bo Okafor",), "2026-11-13", item=item, why="Misread.", replaces=(number,))
        for item, number in ((ASSETS, 1), ("2.5-r1/dropped", 2))
    ]
    fresh.record(taken_back, "os:other")
    place = "Place in the receiving document"
    rows: Mapping[str, Cells] = {
        ASSETS: {**BY, "Decision": "Mark as applied", place: "4.2"},
        "d2/stays/new-compact": {**BY, "Decision": "Mark as applied", place: "2"},
        "2.5-r1/dropped": {**BY, "Decision": "Reject", "Supersedes": "d4"},
    }
    seen = preview(fresh, filled(out, rows))
    assert said(seen, Fate.IN_CONFLICT) == {
        ASSETS: "d3 (note 1.11-r1/moves/vcse-strategy, by Bo Okafor on 13 November 2026) was recorded "
        "since the sheet went out; look at it, and mark it as applied in a new sheet",
        "d2/stays/new-compact": "it is gone: d4 (note 2.5-r1/dropped, by Bo Okafor on 13 November "
        "2026) was recorded since the sheet went out; decide on what stands now, in a new sheet",
    }
    assert [row.item for row in seen.of(Fate.WILL_RECORD)] == ["2.5-r1/dropped"]


def test_a_note_is_in_conflict_only_with_itself(fresh: Desk) -> None:
    out = sheet_out(fresh)
    agree(fresh, ASSETS)
    data = filled(out, {ASSETS: {**BY, "Decision": "Note", "Why": "Look here."}})
    apply_sheet(fresh, data, None, "os:a")
    another = filled(out, {ASSETS: {**BY, "Decision": "Note", "Why": "Look there."}})
    assert [body.why for body in preview(fresh, another).bodies] == ["Look there."]
    assert said(preview(fresh, data), Fate.IN_CONFLICT) == {
        ASSETS: "d2, recorded since the sheet went out, is this very note"
    }


def test_words_that_changed_since_the_sheet_went_out_put_their_row_in_conflict(
    data_folder: Path, ontology_folder: Path, tmp_path: Path
) -> None:
    shutil.copytree(data_folder, tmp_path / "data")
    store = tmp_path / "store"
    build_store(tmp_path / "data", ontology_folder, store)
    out = sheet_out(Desk(store, ontology_folder, "bristol"))
    change_words(tmp_path / "data")
    build_store(tmp_path / "data", ontology_folder, store)
    rows: Mapping[str, Cells] = {
        item: {**BY, "Decision": "Agree"} for item in (ASSETS, "3.8-r1/stays/new-compact", PLAN)
    }
    seen = preview(Desk(store, ontology_folder, "bristol"), filled(out, rows))
    since = "have changed since the sheet went out; read them, and decide in a new sheet"
    assert said(seen, Fate.IN_CONFLICT) == {
        ASSETS: f"the words of 1.11 {since}",
        "3.8-r1/stays/new-compact": f"the words of 3.8-r1 {since}",
    }
    assert [row.item for row in seen.of(Fate.WILL_RECORD)] == [PLAN]


class Interrupted(Desk):
    """A desk at which another person is faster, some times."""

    other: Sequence[Body] = ()
    times = 1

    def record(self, bodies: Sequence[Body], recorder: str, after: Head | None = None) -> Recorded:
        if self.times:
            self.times -= 1
            Desk(self.location, self.ontology, self.review).record(self.other, "os:faster")
        return super().record(bodies, recorder, after)


@pytest.fixture
def interrupted(fresh: Desk) -> Interrupted:
    return Interrupted(fresh.location, fresh.ontology, fresh.review)


def test_a_sheet_is_looked_at_anew_where_others_record_something_meanwhile(
    interrupted: Interrupted,
) -> None:
    data = filled(sheet_out(interrupted), {ASSETS: {**BY, "Decision": "Note", "Why": "Look."}})
    interrupted.other = [Body(Kind.AGREE, ("Bo Okafor",), "2026-11-12", item=PLAN)]
    apply_sheet(interrupted, data, None, "os:a")
    assert [entry.body.item for entry in interrupted.situation().entries] == [PLAN, ASSETS]


def test_the_same_sheet_taken_in_by_two_people_at_once_is_recorded_once(
    interrupted: Interrupted,
) -> None:
    note = Body(Kind.NOTE, ("Ann Lee",), "2026-11-20", item=ASSETS, why="Look.")
    data = filled(sheet_out(interrupted), {ASSETS: {**BY, "Decision": "Note", "Why": "Look."}})
    interrupted.other = [note]
    with pytest.raises(EntryError, match="one row is in conflict; nothing was recorded"):
        apply_sheet(interrupted, data, None, "os:a")
    assert [entry.recorder for entry in interrupted.situation().entries] == ["os:faster"]


def test_where_others_record_without_a_pause_it_is_to_be_tried_again(interrupted: Interrupted) -> None:
    data = filled(sheet_out(interrupted), {ASSETS: {**BY, "Decision": "Agree"}})
    interrupted.other = [Body(Kind.NOTE, ("Bo Okafor",), "2026-11-12", item=PLAN, why="Look.")]
    interrupted.times = 5
    with pytest.raises(RegisterBusyError, match="others record at the same time, again and again"):
        apply_sheet(interrupted, data, None, "os:a")
    assert [entry.recorder for entry in interrupted.situation().entries] == ["os:faster"] * 5


# What people do to a sheet


def test_a_sheet_may_be_sorted_and_cut_and_have_its_columns_moved_and_more_added(
    desk: Desk, out: bytes
) -> None:
    def rearrange(book: Any) -> None:
        old = book[NAME]
        table = [[cell.value for cell in row] for row in old.iter_rows(min_row=HEADER)]
        order = [*range(len(Heading) - 1, 9, -1), *range(10)]
        kept = [row for row in table[1:] if row[0] != "values"]
        kept.sort(key=lambda row: (row[1], row[list(Heading).index(Heading.ITEM)]), reverse=True)
        new = book.create_sheet("What we said", 0)
        new.append(["Minutes of the meeting"])
        for row in [table[0], *kept]:
            heading = row is table[0]
            cells = ["Comments" if heading else "=checked", *[row[place] for place in order]]
            new.append([f" {cell.upper()} " if heading else cell for cell in cells])
            for cell in new[new.max_row]:
                put(cell, cell.value)
        del book[NAME]
        del book["About"]
        new.auto_filter.ref = new.dimensions

    seen = preview(desk, filled(out, MINUTES, rearrange))
    expected = sorted(seen.bodies, key=lambda body: body.item)
    assert expected == sorted(
        (completed(desk.situation(), body) for body in BODIES), key=lambda body: body.item
    )
    assert seen.applicable
    assert seen.passed_over == ("“COMMENTS” (A2)",)
    assert seen.sentences[-1] == "Not the sheet's own, and passed over: “COMMENTS” (A2)"


@pytest.mark.parametrize("name", ["saved-by-libreoffice.xlsx", "saved-by-libreoffice.ods"])
def test_a_sheet_that_another_program_saved_says_the_same(
    desk: Desk, out: bytes, cases_folder: Path, name: str
) -> None:
    saved_there = preview(desk, read_sheet(cases_folder / "sheets" / name))
    assert saved_there.sentences == preview(desk, filled(out, MINUTES)).sentences


def test_a_sheet_may_have_more_than_ten_thousand_rows(desk: Desk, out: bytes) -> None:
    def grow(book: Any) -> None:
        page = book[NAME]
        page.move_range("A47:U99", rows=12_000, cols=0)
        for row in range(47, 12_047):
            page.cell(row, 1).value = f"Minute {row}"

    seen = preview(desk, filled(out, MINUTES, grow))
    assert seen.applicable
    assert len(seen.rows) == 96
    assert [row.number for row in seen.of(Fate.WILL_RECORD)] == [26, 30, 37, 45, 12_047, 12_063]


def test_dates_are_read_in_the_other_epoch_too(desk: Desk, out: bytes) -> None:
    def old_epoch(book: Any) -> None:
        book.epoch = datetime(1904, 1, 1)

    seen = preview(desk, filled(out, {ASSETS: {**BY, "Decision": "Agree"}}, old_epoch))
    assert [body.date for body in seen.bodies] == ["2026-11-20"]


# What is no sheet of ours


def change_cell(page: str, cell: str, value: object) -> Callable[[Any], None]:
    return lambda book: put(book[page][cell], value)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            change_cell(NAME, "Q3", "Our reason"),
            "the heading “Why” is missing; put back the column, or its heading, as it was",
        ),
        (
            change_cell(NAME, "U3", None),
            "the heading “Sent out with (leave as it is)” is missing; put back the column, or its "
            "heading, as it was",
        ),
        (
            change_cell(NAME, "V3", "why"),
            "the heading “Why” stands twice; delete one of the two columns",
        ),
        (
            lambda book: book.copy_worksheet(book[NAME]),
            "the table stands on several sheets, “Decisions” and “Decisions Copy”; delete all but one "
            "of them",
        ),
        (
            lambda book: book[NAME].delete_rows(HEADER),
            "the file has no table with the headings of the sheet; fill in the file as it was sent",
        ),
        (
            lambda book: book.remove(book["Sent out"]),
            "the hidden sheet that says what the sheet went out with is missing; fill in the file "
            "as it was sent",
        ),
        (
            change_cell("Sent out", "B1", "2"),
            "the sheet is of another version of its form; send out a new one, and fill that in",
        ),
        (
            change_cell("Sent out", "B2", "ottery"),
            "the sheet is of the review 'ottery', and not of 'bristol'; take it in there",
        ),
        (
            change_cell("Sent out", "B3", "7"),
            "the sheet went out from another register: its d7 is not the one here; take it in there",
        ),
        (
            change_cell("Sent out", "B3", "seven"),
            "the hidden sheet that says what the sheet went out with is missing; fill in the file "
            "as it was sent",
        ),
    ],
)
def test_a_file_that_is_no_whole_sheet_is_refused_with_what_to_do(
    desk: Desk, out: bytes, change: Callable[[Any], None], message: str
) -> None:
    with pytest.raises(SheetError) as refused:
        preview(desk, filled(out, {}, change))
    assert str(refused.value) == message


def test_a_sheet_from_another_register_is_refused(decided: Desk, fresh: Desk) -> None:
    for _ in range(2):
        fresh.record([Body(Kind.NOTE, ("Ann",), "2026-11-20", item="1.9", why="Look.")], "os:a")
    out = sheet_out(fresh)
    with pytest.raises(SheetError, match="its d2 is not the one here; take it in there"):
        preview(decided, out)


def test_a_workbook_of_something_else_is_refused(desk: Desk) -> None:
    with pytest.raises(
        SheetError, match="the hidden sheet that says what the sheet went out with is missing"
    ):
        preview(desk, saved(Workbook()))


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(SheetError, match=r"sheet\.xlsx: cannot be read \(No such file or directory\)"):
        read_sheet(tmp_path / "sheet.xlsx")
