"""The sheet that goes out to be decided on: its rows, its columns, and what it carries out of sight."""

from __future__ import annotations

import re
import shutil
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from compactgraph.deciding.desk import Desk
from compactgraph.deciding.sheet.columns import FILLED, Choices, Heading, Sent
from compactgraph.deciding.sheet.outgoing import form_of
from compactgraph.deciding.sheet.round_trip import sheet_out, write_sheet
from compactgraph.errors import ExportError, UnknownNameError
from compactgraph.files.form import Column, Filling, Form
from compactgraph.files.xlsx import write_form
from tests.support.decided import decide_bristol
from tests.support.filling import HEADER, headings, opened, rows_of

TO_THE_STRATEGY = [
    "terminology-r1/refers/vcse-strategy",
    "our-commitments-r3/refers/vcse-strategy",
    "partners-group-r3/question/vcse-strategy",
    "value-1-r1/either/vcse-strategy",
    "value-2-r1/either/vcse-strategy",
    "value-3-r1/either/vcse-strategy",
    "value-5-r1/moves/vcse-strategy",
    "1.11-r1/moves/vcse-strategy",
    "4.4-r1/moves/vcse-strategy",
]


@pytest.fixture(scope="module")
def desk(bristol_folder: Path, ontology_folder: Path) -> Desk:
    return Desk(bristol_folder, ontology_folder, "bristol")


@pytest.fixture(scope="module")
def decided(
    bristol_folder: Path, ontology_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Desk:
    """Return the desk of a store in which much of Bristol is decided."""
    folder = tmp_path_factory.mktemp("decided") / "store"
    shutil.copytree(bristol_folder, folder)
    decide_bristol(folder)
    return Desk(folder, ontology_folder, "bristol")


@pytest.fixture(scope="module")
def book(desk: Desk) -> Any:
    return opened(sheet_out(desk, "vcse-strategy"))


def cells(form: Form, item: str) -> dict[str, str]:
    """Return the cells of an item's row that hold something, by their headings."""
    names = [column.heading for column in form.columns]
    (row,) = [row for row in form.rows if row[names.index("Item")] == item]
    return {name: text for name, text in zip(names, row, strict=True) if text}


def ruled(page: Any) -> list[tuple[Any, Any]]:
    """Return the rules of what may be filled in, each with the cells that it is for."""
    return [(area, rule) for rule in page.data_validations.dataValidation for area in rule.sqref.ranges]


# Its rows


def test_the_sheet_of_a_destination_has_a_row_for_each_movement_to_it(book: Any) -> None:
    assert list(rows_of(book["Decisions"])) == TO_THE_STRATEGY


def test_the_sheet_of_all_that_awaits_has_every_item_before_anything_is_decided(desk: Desk) -> None:
    assert len(form_of(desk).rows) == 96
    assert form_of(desk).rows == form_of(desk, everything=True).rows


def test_what_is_decided_awaits_nothing_and_what_is_contested_does(decided: Desk) -> None:
    place = list(Heading).index(Heading.ITEM)
    awaited, every = (
        [row[place] for row in form_of(decided, everything=everything).rows]
        for everything in (False, True)
    )
    assert [item for item in every if item not in awaited] == [
        "d12/refers/vcse-strategy",
        "partners-group-r1/question",
        "partners-group-r2/question",
        "partners-group-r3/question/social-value-advisory-group",
        "partners-group-r3/question/vcse-strategy",
        "value-1-r1/either/new-compact",
        "value-1-r1/either/vcse-strategy",
        "value-2-r1/either/new-compact",
        "value-2-r1/either/vcse-strategy",
        "value-5-r1/moves/vcse-strategy",
        "theme-1-r1/stays/new-compact",
        "1.2-r1/absorbed/business-as-usual",
        "1.3-r1/absorbed/business-as-usual",
        "d18/stays/new-compact",
        "d10/stays/new-compact",
        "1.11-r1/moves/vcse-strategy",
        "2.5-r1/dropped",
        "d6/moves/vcse-strategy",
        "3.2-r1/stays/new-compact",
        "d7/stays/new-compact",
        "d11/absorbed/business-as-usual",
    ]
    assert "2.1-r1/dropped" in awaited, "it was rejected, so that it is undecided"
    assert "4.4-r1/moves/vcse-strategy" in awaited, "it is contested"


def test_a_provision_without_a_movement_has_a_row(desk: Desk) -> None:
    assert cells(form_of(desk), "1.9") == {
        "Provision": "1.9",
        "Words of the agreement": "Coordinate funding streams and monitoring processes through joint "
        "commissioning and lead funder arrangements.",
        "Outcome now": "Undecided",
        "Item": "1.9",
        "Sent out with (leave as it is)": '{"decisions":[],"item":"1.9","review":"bristol",'
        '"words":{"1.9":"57230d73124762bd","1.9-c1":"eb3ade7af4720fc1"}}',
    }


def test_a_row_says_what_is_recommended_and_what_was_decided(decided: Desk) -> None:
    assert cells(form_of(decided, "vcse-strategy"), "1.11-r1/moves/vcse-strategy") == {
        "Provision": "1.11",
        "Words of the agreement": "Support the VCS in ways other than funding for example, community "
        "asset transfer and capacity building support).",
        "Words of the recommendation": "Remove, as could be better included in the new VCSE Strategy.",
        "How it goes": "Moves to",
        "Destination": "VCSE Strategy",
        "Outcome now": "Moved",
        "Status": "Applied",
        "Decision in force": "d1: agreed by Ann Lee, Bo Okafor on 5 October 2026\n"
        "d13: marked as applied by Chris O’Neill on 19 October 2026",
        "Item": "1.11-r1/moves/vcse-strategy",
        "Sent out with (leave as it is)": '{"decisions":[1,13],"item":"1.11-r1/moves/vcse-strategy",'
        '"review":"bristol","words":{"1.11":"3b3fb6bbda83823c","1.11-r1":"4534fbf25f0ff524"}}',
    }


def test_a_decision_on_another_item_is_shown_with_that_item(decided: Desk) -> None:
    row = cells(form_of(decided, everything=True), "value-1-r1/either/new-compact")
    assert row["Status"] == "Rejected"
    assert row["Decision in force"] == "d8: settled by Ann Lee on 12 October 2026 (on value-1)"


def test_a_movement_that_was_decided_has_a_row_of_its_own(decided: Desk) -> None:
    row = cells(form_of(decided, "vcse-strategy"), "d6/moves/vcse-strategy")
    assert row["Decision in force"] == "d6: amended by Bo Okafor on 12 October 2026 (on 2.5-r1/dropped)"
    assert row["Status"] == "Agreed"


def test_an_unknown_destination_is_told_with_the_nearest(desk: Desk) -> None:
    with pytest.raises(
        UnknownNameError, match="unknown reference 'vcse-stratgy'; nearest: vcse-strategy"
    ):
        sheet_out(desk, "vcse-stratgy")


def test_a_destination_to_which_nothing_goes_gives_no_file(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "sheet.xlsx"
    assert write_sheet(desk, path, "ncvo") == 0
    assert not path.exists()


def test_a_sheet_is_written_as_xlsx_alone(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"sheet\.ods: the sheet goes out as \.xlsx; name a file"):
        write_sheet(desk, tmp_path / "sheet.ods", "vcse-strategy")


def test_the_sheet_of_another_review_has_its_own_references(
    two_reviews_folder: Path, ontology_folder: Path
) -> None:
    form = form_of(Desk(two_reviews_folder, ontology_folder, "small-review"))
    (to,) = [column for column in form.columns if column.heading == "Destination instead"]
    assert len(form.rows) == 7
    assert "New Ottery Compact" in to.choices
    assert "VCSE Strategy" not in to.choices


# Its columns


def test_the_columns_stand_in_their_order(book: Any) -> None:
    assert list(headings(book["Decisions"])) == list(Heading)


def test_what_is_chosen_has_a_list_to_choose_from(book: Any) -> None:
    page, lists = book["Decisions"], book["Lists"]
    rules = {page.cell(HEADER, area.min_col).value: rule for area, rule in ruled(page)}
    shown = {
        heading: [row[0].value for row in lists[rule.formula1.removeprefix("Lists!").replace("$", "")]]
        for heading, rule in rules.items()
        if rule.type == "list"
    }
    assert list(rules) == list(FILLED)
    assert shown["Decision"] == ["Agree", "Reject", "Amend", "Settle", "Mark as applied", "Note"]
    assert shown["What instead"] == [
        "Keep",
        "Keep, with revision",
        "Change",
        "Remove",
        "Point to another document",
        "Add",
    ]
    assert shown["Reason"] == [
        "Business as usual",
        "Goes without saying",
        "Meaning unclear",
        "No longer possible",
        "Obsolete",
        "Better placed elsewhere",
    ]
    assert len(shown["Destination instead"]) == 30
    assert "VCSE Strategy" in shown["Destination instead"]
    assert "Bristol City Council" in shown["On behalf of"]
    assert rules["Date"].type == "date"
    assert {heading for heading, rule in rules.items() if rule.showErrorMessage} == {
        "Decision",
        "Destination instead",
        "Date",
    }, "where several can be given, or other words, the list is only an offer"


def test_every_rule_covers_every_row(book: Any) -> None:
    assert {(area.min_row, area.max_row) for area, _ in ruled(book["Decisions"])} == {(4, 12)}


def test_a_column_to_fill_in_is_text_so_that_a_place_keeps_its_figures(book: Any) -> None:
    page = book["Decisions"]
    columns = headings(page)
    formats = {heading: page.cell(4, columns[heading]).number_format for heading in FILLED}
    assert formats == {heading: "d mmm yyyy" if heading == "Date" else "@" for heading in FILLED}


def test_the_header_stays_in_view_and_is_repeated_in_print(book: Any) -> None:
    page = book["Decisions"]
    assert page.freeze_panes == "B4"
    assert page.print_title_rows == "$3:$3"
    assert (page.page_setup.orientation, page.page_setup.paperSize) == ("landscape", 8)
    (table,) = page.tables.values()
    assert (table.ref, table.autoFilter.ref) == ("A3:U12", "A3:U12")


def test_a_sheet_explains_itself(book: Any) -> None:
    about = {row[0].value: row[1].value for row in book["About"].iter_rows(min_row=2)}
    assert about["Sent out"] == "Before anything was decided."
    assert about["Decision: Agree"] == "It is to be as recommended."
    assert about["Supersedes"] == "The numbers of earlier decisions that this one replaces: d7."
    assert about["Leaves in force"] == (
        "The numbers of earlier decisions that differ, and stay in force beside this one: d7."
    )
    assert set(FILLED) - {"Decision"} <= set(about)


# What it carries


def test_a_sheet_carries_its_review_and_the_last_entry_out_of_sight(decided: Desk) -> None:
    book = opened(sheet_out(decided, "vcse-strategy"))
    head = decided.situation().entries[-1].head
    assert [[cell.value for cell in row] for row in book["Sent out"].iter_rows()] == [
        ["compactgraph sheet", "1"],
        ["review", "bristol"],
        ["entries", "29"],
        ["hash", head.hash],
    ]
    assert book.sheetnames == ["Decisions", "About", "Lists", "Sent out"]
    assert [page.sheet_state for page in book] == ["visible", "visible", "hidden", "veryHidden"]
    assert [page.protection.sheet for page in book] == [False, False, True, True]


def test_a_row_carries_the_decisions_in_force_and_the_words(decided: Desk) -> None:
    page = opened(sheet_out(decided, "vcse-strategy"))["Decisions"]
    column = headings(page)["Sent out with (leave as it is)"]
    row = rows_of(page)["4.4-r1/moves/vcse-strategy"]
    sent = Sent.from_text(page.cell(row, column).value)
    prints = decided.situation().found.prints_of("4.4")
    assert page.column_dimensions["U"].hidden
    assert sent is not None
    assert (sent.review, sent.item) == ("bristol", "4.4-r1/moves/vcse-strategy")
    assert sent.decisions == (17, 19)
    assert sent.words == {text: print_[7:23] for text, print_ in prints.items()}
    assert sent.changed(prints) == []


def test_two_sheets_of_the_same_are_the_same_bytes(desk: Desk) -> None:
    assert sheet_out(desk, "vcse-strategy") == sheet_out(desk, "vcse-strategy")


@pytest.mark.parametrize("text", ["=1+1", "+44", "-5", "@SUM(A1)", '=HYPERLINK("x")', "\t=1"])
def test_nothing_in_a_sheet_is_a_formula(text: str) -> None:
    columns = (
        Column(text, Filling.GIVEN, 10),
        Column("Decision", Filling.CHOICE, 10, (text, "other"), text),
    )
    form = Form("Decisions", text, text, columns, ((text, text),), ((text, text),), {text: text})
    data = write_form(form)
    book = opened(data)
    cells = [cell for page in book for row in page.iter_rows() for cell in row if cell.value]
    assert {cell.data_type for cell in cells} == {"s"}
    with ZipFile(BytesIO(data)) as archive:
        sheets = [archive.read(name) for name in archive.namelist() if "worksheets/" in name]
    assert not [sheet for sheet in sheets if re.search(rb"<f[ >]", sheet)]


def test_references_of_one_name_are_told_apart() -> None:
    choices = Choices("reference", {"a": ("Same",), "b": ("Same",), "c": ("Other", "third")})
    assert choices.shown == {"a": "Same (a)", "b": "Same (b)", "c": "Other"}
    assert [choices.of(name) for name in ("same (B)", "a", " OTHER. ", "Third")] == ["b", "a", "c", "c"]
    assert choices.find("Same") is None


def test_references_whose_names_differ_in_case_alone_are_told_apart() -> None:
    choices = Choices("reference", {"a": ("VCSE Strategy",), "b": ("VCSE strategy.",)})
    assert choices.shown == {"a": "VCSE Strategy (a)", "b": "VCSE strategy. (b)"}
    assert choices.find("VCSE Strategy") is None
