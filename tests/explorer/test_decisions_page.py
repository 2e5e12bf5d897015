"""Decisions: what is to be looked at, the history with its filters, the register, confirmations."""

from __future__ import annotations

import html
import re
import shutil
import sqlite3
from itertools import pairwise
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import expect
from streamlit.testing.v1 import AppTest

from compactgraph.deciding.desk import Desk
from compactgraph.explorer.views import decisions as decisions_view
from compactgraph.paths import DATA_VARIABLE, STORE_VARIABLE, register_file
from compactgraph.register.entry import Body, Kind
from tests.support.browser import Reader
from tests.support.deciders import (
    Deciding,
    deciding_on,
    decisions_in,
    form_of,
    labelled,
    press,
)
from tests.support.pages import Explorer, copyable, page_html, page_text

MARKED_UP = "<script>alert(1)</script> **bold** $x^2$ [link](javascript:alert(1))"
SLOW = 20_000
"""For how long a page is waited for, in milliseconds."""


def decisions(page: AppTest) -> list[str]:
    """Return the decisions of the history's table, in order."""
    return re.findall(r'<tr role="row" id="(d\d+)"', page_html(page))


def section(page: AppTest, name: str) -> str:
    """Return the words of one of the groups that are to be looked at."""
    (found,) = re.findall(
        rf'<section aria-labelledby="{name}">(.*?)</section>', page_html(page), re.DOTALL
    )
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", found)).split())


# What is to be looked at


def test_without_a_decision_it_says_so_and_what_awaits_one(explorer: Explorer) -> None:
    page = explorer("decisions")
    text = page_text(page)
    assert (
        "Nothing has been decided yet. Of 92 movements that the review recommends, 0 are agreed, 0 are "
        "rejected, and 92 await a decision."
    ) in text
    assert "Awaits a decision: 92 movements, and 4 provisions" in text
    assert "Contested: 0" in text
    assert "It is empty: nothing has been recorded yet." in text
    assert decisions(page) == []
    assert not page.selectbox
    assert not page.get("download_button")


def test_with_decisions_it_counts_what_is_to_be_looked_at(reworded_explorer: Explorer) -> None:
    page = reworded_explorer("decisions")
    text, shown = page_text(page), page_html(page)
    assert (
        "19 decisions . Of 92 movements that the review recommends, 7 are agreed (2 of them applied), "
        "10 are rejected, and 75 await a decision. Decisions have put 6 other movements in the place of "
        "some, or where nothing was recommended. The register is whole ."
    ) in text
    nav = re.search(r'<nav aria-label="What is to be looked at".*?</nav>', shown, re.DOTALL)
    assert nav is not None
    assert re.findall(r'href="#([\w-]+)">([^<]+)(?:: )?<strong>(\d+)', nav[0]) == [
        ("awaiting", "Awaits a decision: ", "79"),
        ("against", "Decided against the recommendation: ", "5"),
        ("to-apply", "Agreed and not applied: ", "10"),
        ("contested", "Contested: ", "2"),
        ("suspects", "Suspect: ", "4"),
    ]
    assert "Without effect: 0" in text


def test_long_lists_are_folded_and_short_ones_open(reworded_explorer: Explorer) -> None:
    shown = page_html(reworded_explorer("decisions"))
    assert "<details><summary>Show 75 movements</summary>" in shown
    assert "<details open><summary>Show 5 decisions</summary>" in shown


def test_each_group_is_a_saved_question_too(reworded_explorer: Explorer) -> None:
    shown = page_html(reworded_explorer("decisions"))
    assert re.findall(r'href="sparql\?question=([\w-]+)"', shown) == [
        *("awaiting-decision", "against-recommendation", "agreed-not-applied", "contested", "suspects")
    ]


def test_what_was_decided_against_the_recommendation_says_what_and_why(
    reworded_explorer: Explorer,
) -> None:
    said = section(reworded_explorer("decisions"), "against")
    assert (
        "d6 , 12 October 2026: amended 2.5 , goes nowhere. Decided: Remove; better placed elsewhere; it "
        "goes to VCSE Strategy. By Bo Okafor, for Cabinet of the City Council. “It belongs to the "
        "strategy.”"
    ) in said
    assert "d5 , 5 October 2026: rejected 2.1 , goes nowhere." in said


def test_what_is_agreed_and_not_applied_stands_by_destination(reworded_explorer: Explorer) -> None:
    page = reworded_explorer("decisions")
    said = section(page, "to-apply")
    assert re.findall(r"Agreed and not applied: ([A-Z][A-Za-z ]+) Provision", said) == [
        *("Business as usual", "New Compact", "VCSE Strategy")
    ]
    assert re.findall(r"Show (\d movements?)", said) == ["2 movements", "4 movements", "4 movements"]
    assert 'href="checklist?to=vcse-strategy"' in page_html(page)


def test_what_is_suspect_shows_the_words_as_they_are_now(reworded_explorer: Explorer) -> None:
    said = section(reworded_explorer("decisions"), "suspects")
    assert (
        "Decision d1, on 1.11 d1 , 5 October 2026: agreed 1.11 , moves to VCSE Strategy. By Ann Lee, Bo "
        "Okafor, for Bristol Compact Partners' Group. “The strategy has a chapter on it.” 1.11 has "
        "changed. What was changed in it: Support the VCS in ways other than funding for example, "
        "community removed: asset transfer , added: assets , and capacity building support)."
    ) in said
    assert "3.8-r1 has changed. Its words are now (no earlier ones are kept): Keep, above all" in said
    assert "Provision 1.5 of draft 2" in said
    assert "The reading of 3.8-r1 as “bears on 3.3”, on 3.8" in said


def test_earlier_words_that_are_kept_are_compared_word_by_word(
    decided_folder: Path,
    ontology_folder: Path,
    tmp_path: Path,
    explorer: Explorer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store = own(decided_folder, tmp_path)
    desk = Desk(store, ontology_folder, "bristol")
    desk.record(
        [
            Body(
                Kind.APPLY, ("Ann Lee",), "2026-11-04", item="d10/stays/new-compact", place="draft/2/1.4"
            )
        ],
        "test",
    )
    anew = Body(
        Kind.WRITE_DRAFT,
        ("Ann Lee",),
        "2026-11-05",
        item="1.4",
        role="commitment",
        theme="1",
        text="We meet twice a year.",
        replaces=(28,),
    )
    desk.record([anew], "test")
    monkeypatch.setenv(STORE_VARIABLE, str(store))
    page = explorer("decisions")
    assert "What was changed in it:" in section(page, "suspects")
    assert (
        'We meet <del><span class="heard">removed: </span>once<span class="heard">,</span></del> '
        '<ins><span class="heard">added: </span>twice<span class="heard">,</span></ins> a year.'
    ) in page_html(page)


# The history


def own(folder: Path, to: Path) -> Path:
    """Return a copy of a store and its register, which a test may change."""
    shutil.copytree(folder, to / "store")
    shutil.copyfile(register_file(folder), register_file(to / "store"))
    return to / "store"


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, [f"d{number}" for number in range(1, 20)]),
        ({"order": "newest"}, [f"d{number}" for number in range(19, 0, -1)]),
        ({"provision": "1.3"}, ["d16", "d18"]),
        ({"kind": "settle"}, ["d8", "d9", "d10", "d11", "d12"]),
        ({"by": "okafor", "since": "2026-10-12"}, ["d6", "d7", "d17"]),
        ({"by": "cabinet"}, ["d6"]),
        ({"until": "2026-10-05"}, ["d1", "d2", "d3", "d4", "d5"]),
        ({"state": "replaced"}, ["d16"]),
        ({"state": "suspect"}, ["d1", "d13"]),
        ({"state": "void"}, []),
        (
            {"order": "item", "since": "2026-10-19"},
            ["d14", "d16", "d18", "d15", "d13", "d17", "d19"],
        ),
    ],
)
def test_the_address_filters_and_orders_the_history(
    reworded_explorer: Explorer, values: dict[str, str], expected: list[str]
) -> None:
    page = reworded_explorer("decisions", **values)
    assert decisions(page) == expected
    number = "1 decision" if len(expected) == 1 else f"{len(expected)} decisions"
    assert f"{number} {'.' if len(expected) == 19 else 'of 19 in all.'}" in page_text(page)
    assert ("No decision fits these filters." in page_text(page)) == (not expected)


def test_a_decision_is_told_with_all_that_is_recorded(decided_explorer: Explorer) -> None:
    text = page_text(decided_explorer("decisions", provision="1.3"))
    assert "2 decisions of 19 in all. Shown: on 1.3. Trace 1.3" in text
    assert re.search(
        r"d18 20 October 2026 Amended : 1\.3 , absorbed into business as usual Decided: Keep Ann Lee "
        r"The minutes were misread\. In force\. It supersedes d16\. "
        r"Recorded \d+ \w+ \d{4}, \d\d:\d\d UTC, by os:minutes",
        text,
    )
    assert "Superseded by d18: it is in force no longer." in text


def test_where_it_is_applied_and_with_what_it_is_contested(decided_explorer: Explorer) -> None:
    text = page_text(decided_explorer("decisions"))
    assert "Marked as applied : 1.11 , moves to VCSE Strategy Place: Section 4.2, “Assets”" in text
    assert "Contested: d17 and d19 are in force and do not agree." in text


def test_a_filter_writes_the_address_and_is_cleared(decided_explorer: Explorer) -> None:
    page = decided_explorer("decisions")
    labelled(page.selectbox, "Kind of decision").set_value("reject").run()
    assert page.query_params["kind"] == "reject"
    assert decisions(page) == ["d5", "d19"]
    labelled(page.text_input, "Decided by").set_value("chris").run()
    assert decisions(page) == ["d19"]
    press(page, "Clear all filters")
    assert not page.query_params
    assert len(decisions(page)) == 19


def test_what_is_no_day_is_left_out_and_said(decided_explorer: Explorer) -> None:
    page = decided_explorer("decisions", since="last week")
    assert len(decisions(page)) == 19
    said = "'last week' is not a day; write it as year-month-day, as in 2026-11-24."
    assert f"“Decided since” is left out. {said}" in page_text(page)
    assert "“Decided until” is left out." in page_text(decided_explorer("decisions", until="<b>"))


@pytest.mark.parametrize("name", ["provision", "kind", "state", "order"])
def test_what_the_address_asks_for_and_is_not_there_is_named(
    decided_explorer: Explorer, name: str
) -> None:
    text = page_text(decided_explorer("decisions", **{name: "<i>none</i>"}))
    assert "The address asks for “<i>none</i>”" in text


def test_a_long_history_is_shown_in_parts(
    decided_explorer: Explorer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decisions_view, "ROWS_SHOWN", 8)
    page = decided_explorer("decisions", order="newest", first="9")
    assert decisions(page) == [f"d{number}" for number in range(11, 3, -1)]
    shown = page_html(page)
    assert "(9 to 16 of 19)" in shown
    assert 'href="decisions?order=newest#history">Decisions before</a>' in shown
    assert 'href="decisions?order=newest&amp;first=17#history">Decisions after</a>' in shown
    assert decisions(decided_explorer("decisions", first="99"))[0] == "d1"


def test_headings_stand_in_order(reworded_explorer: Explorer) -> None:
    levels = [
        int(level) for level in re.findall(r"<h([1-6])", page_html(reworded_explorer("decisions")))
    ]
    assert levels.count(1) == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))


# The register


def test_the_last_hash_is_there_to_be_copied(decided_explorer: Explorer, decided_folder: Path) -> None:
    page = decided_explorer("decisions")
    text = page_text(page)
    assert (
        "It has 29 entries, each with the hash of the one before: 19 decisions, and 10 on drafts."
        in text
    )
    with sqlite3.connect(f"file:{register_file(decided_folder)}?mode=ro", uri=True) as register:
        ((last,),) = register.execute("SELECT hash FROM head")
    assert copyable(page) == [last]


def test_an_altered_register_is_an_alert(
    decided_folder: Path, tmp_path: Path, explorer: Explorer, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = own(decided_folder, tmp_path)
    with sqlite3.connect(register_file(store)) as register:
        register.execute("DROP TRIGGER entry_stays")
        register.execute("UPDATE entry SET text = replace(text, 'Ann', 'Eve') WHERE number = 3")
    monkeypatch.setenv(STORE_VARIABLE, str(store))
    page = explorer("decisions")
    shown = page_html(page)
    assert '<div class="notice" role="alert"><strong>The register is not whole' in shown
    assert "bristol d3: was altered: its text does not have its hash" in page_text(page)
    assert "It is not whole. See the warning at the top of this page." in page_text(page)
    assert copyable(page) == []


# What people typed


def test_markup_that_people_typed_shows_as_its_characters(
    bristol_folder: Path,
    ontology_folder: Path,
    tmp_path: Path,
    explorer: Explorer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store = Path(shutil.copytree(bristol_folder, tmp_path / "store"))
    typed = Body(
        Kind.AMEND,
        (MARKED_UP,),
        "2026-10-05",
        item="1.11-r1/moves/vcse-strategy",
        on_behalf_of=f"The {MARKED_UP}",
        why=f"Because {MARKED_UP}",
        dispositions=("keep",),
    )
    desk = Desk(store, ontology_folder, "bristol")
    desk.record([typed], MARKED_UP)
    place = Body(Kind.APPLY, ("Ann",), "2026-10-06", item="d1/stays/new-compact", place=MARKED_UP)
    desk.record([place], "test")
    monkeypatch.setenv(STORE_VARIABLE, str(store))
    page = explorer("decisions", by=MARKED_UP[:8])
    text, shown = page_text(page), page_html(page)
    assert text.count(MARKED_UP) == 7
    assert "<script" not in shown
    assert "javascript:alert(1)" in text
    assert not re.search(r'href="javascript', shown)
    assert not page.markdown
    table = explorer("destinations")
    assert "<script" not in page_html(table)


# Two reviews


def test_with_two_reviews_each_has_its_own(
    two_reviews_folder: Path,
    two_reviews_data: Path,
    ontology_folder: Path,
    tmp_path: Path,
    explorer: Explorer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store = Path(shutil.copytree(two_reviews_folder, tmp_path / "store"))
    note = Body(Kind.NOTE, ("Ann Lee",), "2026-10-05", item="1.1", why="To be looked at.")
    Desk(store, ontology_folder, "small-review").record([note], "test")
    monkeypatch.setenv(STORE_VARIABLE, str(store))
    monkeypatch.setenv(DATA_VARIABLE, str(two_reviews_data))
    small = explorer("decisions", review="small-review")
    assert decisions(small) == ["d1"]
    assert "It has 1 entry, each with the hash of the one before: 1 decision." in page_text(small)
    assert 'href="trace?review=small-review&amp;item=1.1"' in page_html(small)
    other = explorer("decisions", review="bristol")
    assert decisions(other) == []
    assert "It is empty: nothing has been recorded yet." in page_text(other)


# Confirming


@pytest.fixture
def store(reworded_folder: Path, tmp_path: Path) -> Path:
    return own(reworded_folder, tmp_path)


@pytest.fixture
def deciding(
    store: Path, reworded_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Deciding:
    return deciding_on(store, reworded_data, tmp_path / "deciders.toml", monkeypatch)


def opened(page: AppTest) -> AppTest:
    page.session_state[form_of(page, "suspects").key("open")] = True
    return page.run()


def test_where_writing_is_off_there_is_no_form(reworded_explorer: Explorer) -> None:
    page = reworded_explorer("decisions")
    assert not page.expander
    assert "Confirm what is suspect" not in page_text(page)
    assert "take it back" not in page_text(page)


def test_several_suspects_are_confirmed_at_once(deciding: Deciding, store: Path) -> None:
    page = opened(deciding("decisions"))
    assert labelled(page.expander, "Confirm what is suspect")
    chosen = labelled(page.multiselect, "What holds on the new words too")
    assert chosen.options == [
        "Decision d1 on 1.11",
        "Decision d13 on 1.11",
        "Provision 1.5 of draft 2",
        "The reading of 3.8-r1 as “bears on 3.3”",
    ]
    chosen.set_value(["decision/1", "reading/3.8-r1/bears-on/3.3"])
    page.run()
    labelled(page.text_area, "Reason").set_value("Only the wording is better.")
    press(page, "Check what will be recorded")
    assert "Nothing is recorded yet." in page_text(page)
    assert len(decisions_in(store)) == 19
    press(page, "Record")
    assert "Recorded: 2 decisions." in page_text(page)
    made = decisions_in(store)[19:]
    assert [(each.kind, each.item, each.by, each.why) for each in made] == [
        ("confirm", "decision/1", ("Ann Lee",), "Only the wording is better."),
        ("confirm", "reading/3.8-r1/bears-on/3.3", ("Ann Lee",), "Only the wording is better."),
    ]
    later = deciding("decisions")
    assert "Suspect: 2" in section(later, "suspects")


def test_what_is_lacking_is_said_and_nothing_is_recorded(deciding: Deciding, store: Path) -> None:
    page = opened(deciding("decisions"))
    press(page, "Check what will be recorded")
    assert "What holds on the new words too: choose at least one." in page_text(page)
    assert len(decisions_in(store)) == 19


def test_what_was_confirmed_meanwhile_is_refused(
    deciding: Deciding, store: Path, ontology_folder: Path
) -> None:
    page = opened(deciding("decisions"))
    labelled(page.multiselect, "What holds on the new words too").set_value(["decision/1"])
    page.run()
    press(page, "Check what will be recorded")
    meanwhile = Body(Kind.CONFIRM, ("Bo",), "2026-11-20", item="decision/1")
    Desk(store, ontology_folder, "bristol").record([meanwhile], "test")
    press(page, "Record")
    assert "Nothing was recorded" in page_text(page)
    assert len(decisions_in(store)) == 20


def test_a_decision_leads_to_the_form_that_corrects_it(deciding: Deciding) -> None:
    shown = page_html(deciding("decisions", provision="1.3"))
    assert '<a href="trace?item=1.3#decided">Correct d18 or take it back</a>' in shown
    assert "Correct d16" not in shown


# In Chromium


def test_a_reader_filters_follows_and_downloads(reworded_reader: Reader, tmp_path: Path) -> None:
    page = reworded_reader("decisions?provision=4.4&order=newest#d17")
    expect(page.locator("tr#d17")).to_be_in_viewport()
    with page.expect_download() as started:
        page.get_by_role("button", name="Download Excel (XLSX)").click()
    kept = tmp_path / started.value.suggested_filename
    started.value.save_as(kept)
    assert kept.name == "bristol-decisions.xlsx"
    _, header, *rows = openpyxl.load_workbook(kept)["Decisions"].iter_rows(values_only=True)
    assert header[:4] == ("decision", "date", "kind", "item")
    assert [row[0] for row in rows] == ["d19", "d17"]
    page.locator("tr#d17").get_by_role("link", name="4.4").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Commitment 4.4", timeout=SLOW)


def test_a_link_within_the_page_goes_to_what_changed(reworded_reader: Reader) -> None:
    page = reworded_reader("decisions?state=suspect")
    page.locator("tr#d13").get_by_role("link", name="See what changed").press("Enter")
    expect(page.locator("#decision-13")).to_be_focused()
    expect(page.locator("#decision-13")).to_be_in_viewport()


def test_the_keyboard_opens_what_is_folded_and_follows_its_links(reworded_reader: Reader) -> None:
    page = reworded_reader("decisions")
    folded = page.locator("section[aria-labelledby=awaiting] summary").first
    folded.focus()
    page.keyboard.press("Enter")
    link = page.locator("section[aria-labelledby=awaiting] td, section[aria-labelledby=awaiting] th")
    expect(link.get_by_role("link").first).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"trace\?item=title$"), timeout=SLOW)


def test_it_prints_without_its_fields(reworded_reader: Reader) -> None:
    page = reworded_reader("decisions?kind=settle")
    page.emulate_media(media="print")
    expect(page.locator("table.decisions-table tr#d8")).to_be_visible()
    for hidden in (".stSelectbox", ".stTextInput", ".stDownloadButton", "[data-testid=stSidebar]"):
        expect(page.locator(hidden).first).to_be_hidden()


@pytest.mark.parametrize("width", [390, 1280])
def test_the_page_is_no_wider_than_the_screen(reworded_reader: Reader, width: int) -> None:
    page = reworded_reader("decisions", width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
