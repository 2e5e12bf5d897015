"""Destinations in detail: the groups, their items, the quoted words, the escaping and the downloads."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from compactgraph.deciding.desk import Desk
from compactgraph.deciding.sheet.columns import Heading
from compactgraph.deciding.sheet.round_trip import sheet_out
from compactgraph.register.entry import Body, Kind
from tests.support.deciders import (
    ANN,
    ONTOLOGY,
    Deciding,
    alert,
    claims,
    deciding_on,
    decisions_in,
    labelled,
    own_store,
    press,
)
from tests.support.filling import filled
from tests.support.pages import Explorer, page_html, page_text

CHECK = "Check what will be recorded"
THREE = ("value-5-r1/moves/vcse-strategy", "1.11-r1/moves/vcse-strategy", "4.4-r1/moves/vcse-strategy")


def test_the_first_destination_is_chosen(explorer: Explorer) -> None:
    page = explorer("checklist")
    assert page.selectbox[0].value == "vcse-strategy"
    assert page.selectbox[0].options[0] == "VCSE Strategy (9 movements)"
    text = page_text(page)
    assert "9 movements lead to it, from 9 provisions; 1 other text mentions it in passing." in text


def test_each_group_has_its_count_and_meaning(explorer: Explorer) -> None:
    text = page_text(explorer("checklist", to="vcse-strategy"))
    for heading in (
        "Moves there: 3 movements The matter leaves for the named document.",
        "May go there: 3 movements The succeeding agreement or the named document",
        "Refers to it: 2 movements",
        "Only asks about it: 1 movement The recommendation asks or wishes where the matter goes",
        "Mentions it in passing: 1 text",
    ):
        assert heading in text


def test_the_summary_leads_to_each_group(explorer: Explorer) -> None:
    html = page_html(explorer("checklist"))
    for name in ("moves", "either", "refers", "question", "mentions"):
        assert f'href="#group-{name}"' in html
        assert f'<h2 id="group-{name}">' in html


def test_an_item_has_its_words_its_way_and_its_evidence(explorer: Explorer) -> None:
    page = explorer("checklist")
    html = page_html(page)
    item = html[html.index('href="trace?item=1.11"') : html.index('href="trace?item=4.4"')]
    assert "Support the VCS in ways other than funding" in item
    assert "tone-moved" in item
    assert "<mark>could be better included in the new VCSE Strategy</mark>." in item
    assert "1.11-r1, line 38 of the source" in item
    assert "<dt>Reason stated</dt><dd>Better placed elsewhere</dd>" in item
    assert "The phrase is “could be better included in”." in item


def test_a_mention_quotes_the_commentary(explorer: Explorer) -> None:
    html = page_html(explorer("checklist"))
    group = html[html.index('<h2 id="group-mentions">') :]
    assert 'href="trace?item=values"' in group
    assert "What the commentary says" in group
    assert "<mark>VCSE Strategy</mark>" in group


def test_an_empty_group_says_none(explorer: Explorer) -> None:
    html = page_html(explorer("checklist", to="ccg-stp"))
    moves = html[html.index('<h2 id="group-moves">') : html.index('<h2 id="group-either">')]
    assert "<p>None.</p>" in moves


def test_a_large_destination_shows_all_its_movements(explorer: Explorer) -> None:
    page = explorer("checklist", to="new-compact")
    assert "45 movements lead to it" in page_text(page)
    assert page_html(page).count('class="checklist-item"') >= 45


def test_a_destination_that_nobody_names_is_said_to_be_none(explorer: Explorer) -> None:
    page = explorer("checklist", to="big-society")
    assert page.selectbox[0].value == "vcse-strategy"
    assert "The address asks for “big-society” under “Destination”." in page_text(page)


def test_choosing_writes_the_address(explorer: Explorer) -> None:
    page = explorer("checklist")
    page.selectbox[0].select("social-value-advisory-group").run()
    assert "social-value-advisory-group" in page.query_params["to"]
    assert "Social Value Advisory Group" in page_text(page)


def test_it_can_be_downloaded_in_each_format(explorer: Explorer) -> None:
    page = explorer("checklist")
    labels = [button.proto.label for button in page.get("download_button")]
    assert labels == [
        "Download Excel (XLSX)",
        "Download OpenDocument (ODS)",
        "Download CSV",
        "Download Word (DOCX)",
    ]


# What was decided


def test_each_item_says_how_firmly_and_who_decided(decided_explorer: Explorer) -> None:
    page = decided_explorer("checklist", to="vcse-strategy")
    text = page_text(page)
    assert "Of these movements 3 are recommended; 5 are agreed; 2 are rejected; 1 is applied." in text
    item = text.split("1.11 ➜ moved")[1].split("4.4 ○ undecided")[0]
    assert "How firmly Applied" in item
    assert "Who decided d1 : agreed on 5 October 2026 by Ann Lee and Bo Okafor" in item
    assert "Applied at: Section 4.2, “Assets”." in item
    assert "Decision: Decided by: Date:" not in item
    contested = text.split("4.4 ○ undecided")[1]
    assert "Contested: d17 and d19 are in force and do not agree." in contested
    put = text.split("2.5 ➜ moved")[1]
    assert "What was recommended 2.5-r1 Remove, as no longer clear what it means." in put
    assert "No words are quoted: it follows from decision d6." in put


def test_a_checklist_as_it_stood_on_a_day(decided_explorer: Explorer) -> None:
    page = decided_explorer("checklist", to="vcse-strategy", **{"as-at": "2026-10-05"})
    text = page_text(page)
    assert "As it stood on 5 October 2026." in text
    assert "Of these movements 7 are recommended; 2 are agreed." in text
    assert 'href="trace?item=1.11&amp;as-at=2026-10-05"' in page_html(page)


# Signing off


@pytest.fixture
def store(bristol_folder: Path, tmp_path: Path) -> Path:
    return own_store(bristol_folder, tmp_path)


@pytest.fixture
def deciding(
    store: Path, data_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Deciding:
    return deciding_on(store, data_folder, tmp_path / "deciders.toml", monkeypatch)


def test_where_writing_is_off_nothing_is_ticked(explorer: Explorer) -> None:
    page = explorer("checklist")
    assert not page.checkbox
    assert not page.file_uploader
    assert "Sign off" not in page_text(page)


def test_the_past_is_not_signed_off(deciding: Deciding) -> None:
    page = deciding("checklist", **{"as-at": "2026-10-05"})
    assert not page.checkbox


def test_what_moves_can_be_ticked_and_what_only_asks_cannot(deciding: Deciding) -> None:
    page = deciding("checklist")
    labels = [box.label.replace("\\", "") for box in page.checkbox]
    assert labels[:3] == [
        "All in this group: Moves there",
        "Sign off value-5: moves to VCSE Strategy (value-5-r1)",
        "Sign off 1.11: moves to VCSE Strategy (1.11-r1)",
    ]
    assert not [label for label in labels if "partners-group" in label]
    text = page_text(page)
    assert "There is nothing to sign off here: it only asks, and is settled" in text
    assert labelled(page.radio, "What was decided").options == ["Agree", "Reject", "Mark as applied"]


def signed_off(deciding: Deciding, kind: str = "agree") -> AppTest:
    """Return the page with all that moves there ticked, checked."""
    page = deciding("checklist")
    page = labelled(page.checkbox, "All in this group\\: Moves there").check().run()
    page = labelled(page.radio, "What was decided").set_value(kind).run()
    labelled(page.text_area, "Reason").set_value("As in the minutes.")
    return press(page, CHECK)


def test_several_are_signed_off_at_once(deciding: Deciding, store: Path) -> None:
    page = signed_off(deciding)
    text = page_text(page)
    assert "value-5: moves to VCSE Strategy (value-5-r1): recommended becomes agreed." in text
    assert decisions_in(store) == []
    page = press(page, "Record")
    found = decisions_in(store)
    assert tuple(d.item for d in found) == THREE
    assert {(d.kind, d.by, d.why) for d in found} == {("agree", (ANN,), "As in the minutes.")}
    assert "Recorded: 3 decisions." in page_text(page)
    assert "value-5 is now moved; 1.11 is now moved; 4.4 is now moved." in page_text(page)
    assert not [box for box in page.checkbox if box.value]


def test_nothing_ticked_is_told(deciding: Deciding) -> None:
    page = labelled(deciding("checklist").radio, "What was decided").set_value("agree").run()
    assert alert(press(page, CHECK)) == ["Nothing is ticked: tick at least one item in the list above."]


def test_where_one_does_not_fit_none_is_recorded(deciding: Deciding, store: Path) -> None:
    agreed = Body(Kind.AGREE, ("Bo Okafor",), "2026-10-05", item=THREE[1])
    Desk(store, ONTOLOGY, "bristol").record([agreed], "os:minutes")
    page = signed_off(deciding, "apply")
    unfit = "it is not agreed, and only what is agreed can be marked as applied. Untick it."
    assert alert(page) == [
        f"value-5: moves to VCSE Strategy (value-5-r1): {unfit}",
        f"4.4: moves to VCSE Strategy (4.4-r1): {unfit}",
        "Where it stands now: name the place in the document that receives it.",
    ]
    assert len(decisions_in(store)) == 1


def test_conflicts_of_all_that_is_ticked_are_told_before_it_is_recorded(
    deciding: Deciding, store: Path
) -> None:
    rejected = [Body(Kind.REJECT, ("Bo Okafor",), "2026-10-05", item=item) for item in THREE[:2]]
    Desk(store, ONTOLOGY, "bristol").record(rejected, "os:minutes")
    page = signed_off(deciding)
    assert "2 decisions in force stand against what is entered here." in page_text(page)
    labelled(page.radio, "What becomes of these decisions").set_value("supersede")
    page = press(press(page.run(), CHECK), "Record")
    assert [(d.name, d.replaces) for d in decisions_in(store)[2:]] == [
        ("d3", ("d1",)),
        ("d4", ("d2",)),
        ("d5", ()),
    ]


# By spreadsheet


def sheet_of(store: Path, rows: dict[str, dict[str, object]]) -> tuple[str, bytes, str]:
    """Return the sheet of the VCSE Strategy filled in, as it is brought back."""
    data = filled(sheet_out(Desk(store, ONTOLOGY, "bristol"), "vcse-strategy"), rows)
    return ("filled.xlsx", data, "application/octet-stream")


def brought(deciding: Deciding, file: tuple[str, bytes, str]) -> AppTest:
    page = deciding("checklist")
    page.file_uploader[0].set_value(file)
    page.run()
    assert not page.exception, page.exception
    return page


def test_the_sheet_is_offered_for_download(deciding: Deciding) -> None:
    labels = [button.proto.label for button in deciding("checklist").get("download_button")]
    assert labels[0].replace("\\", "") == "Download the sheet for VCSE Strategy, to fill in (XLSX)"


def test_a_sheet_is_looked_at_before_it_is_recorded(deciding: Deciding, store: Path) -> None:
    rows = {
        THREE[0]: {Heading.DECISION: "agree", Heading.WHY: "<b>Yes</b>"},
        THREE[1]: {Heading.DECISION: "reject"},
    }
    page = brought(deciding, sheet_of(store, rows))
    text = page_text(page)
    assert (
        "This can be recorded. 2 rows would be recorded; 0 are not understood; 0 are in conflict" in text
    )
    assert (
        "value-5: moves to VCSE Strategy (value-5-r1) Agree “<b>Yes</b>” Ann Lee, on behalf of" in text
    )
    assert "Recommended, then agreed" in text
    assert decisions_in(store) == []
    page = press(page, "Record 2 decisions")
    assert [(d.kind, d.item, d.by) for d in decisions_in(store)] == [
        ("agree", THREE[0], (ANN,)),
        ("reject", THREE[1], (ANN,)),
    ]
    assert "Recorded: 2 decisions." in page_text(page)
    assert page.file_uploader[0].value is None


def test_what_is_not_understood_stops_the_whole_sheet(deciding: Deciding, store: Path) -> None:
    rows = {THREE[0]: {Heading.DECISION: "agree"}, THREE[1]: {Heading.DECISION: "perhaps"}}
    page = brought(deciding, sheet_of(store, rows))
    text = page_text(page)
    assert "Nothing of this can be recorded yet." in text
    assert "What must be mended in the sheet" in text
    assert "Not understood" in text
    assert "perhaps" in text
    assert not [button for button in page.button if button.label.startswith("Record")]


def test_what_was_decided_since_the_sheet_went_out_is_told(deciding: Deciding, store: Path) -> None:
    file = sheet_of(store, {THREE[1]: {Heading.DECISION: "agree"}})
    rejected = Body(Kind.REJECT, ("Bo Okafor",), "2026-10-05", item=THREE[1])
    Desk(store, ONTOLOGY, "bristol").record([rejected], "os:minutes")
    text = page_text(brought(deciding, file))
    assert "In conflict" in text
    assert "the last entry is d1 now" in text


def test_what_was_recorded_since_the_preview_is_looked_at_first(deciding: Deciding, store: Path) -> None:
    page = brought(deciding, sheet_of(store, {THREE[1]: {Heading.DECISION: "agree"}}))
    other = Body(Kind.AGREE, ("Bo Okafor",), "2026-10-05", item=THREE[0])
    Desk(store, ONTOLOGY, "bristol").record([other], "os:minutes")
    page = press(page, "Record 1 decision")
    assert alert(page) == [
        "Nothing was recorded: meanwhile something else was. The sheet was looked at anew; see below "
        "what it says now."
    ]
    assert len(decisions_in(store)) == 1
    press(page, "Record 1 decision")
    assert [d.item for d in decisions_in(store)] == [THREE[0], THREE[1]]


def test_what_is_no_sheet_is_told_in_a_sentence(deciding: Deciding) -> None:
    page = brought(deciding, ("filled.xlsx", b"PK no workbook", "application/octet-stream"))
    assert alert(page) == [
        "The file is no workbook, or is damaged; save the sheet as .xlsx, and take that."
    ]
    assert "Traceback" not in page_text(page)


def test_who_may_not_any_more_records_no_sheet(deciding: Deciding, store: Path) -> None:
    page = brought(deciding, sheet_of(store, {THREE[1]: {Heading.DECISION: "agree"}}))
    page.user = claims("eve")
    labelled(page.button, "Record 1 decision").click()
    page.run()
    assert "You cannot record anything now." in page_text(page)
    assert decisions_in(store) == []
