"""Drafts: the new agreement beside the old, word by word, with what is to be looked at."""

from __future__ import annotations

import html
import re
import shutil
from itertools import pairwise
from pathlib import Path

import docx
import pytest
from playwright.sync_api import expect
from streamlit.testing.v1 import AppTest

from compactgraph.deciding.desk import Desk
from compactgraph.paths import DATA_VARIABLE, STORE_VARIABLE
from compactgraph.register.entry import Body, Kind
from tests.support.browser import Reader
from tests.support.pages import Explorer, page_html, page_text

MARKED_UP = "<script>alert(1)</script> **bold** $x^2$ <ins>new</ins>"
SLOW = 20_000
"""For how long a page is waited for, in milliseconds."""


def rows(page: AppTest) -> list[list[str]]:
    """Return the words of the cells of the draft's table."""
    (table,) = re.findall(
        r'<table role="table" class="cards drafts-table">.*?</table>', page_html(page), re.DOTALL
    )
    return [
        [
            " ".join(html.unescape(re.sub(r"<[^>]+>", " ", cell)).split())
            for cell in re.findall(r"<t[hd] .*?</t[hd]>", row, re.DOTALL)
        ]
        for row in re.findall(r"<tr role=\"row\">.*?</tr>", table, re.DOTALL)
    ][1:]


def test_where_there_is_no_draft_it_says_so_and_what_to_do(explorer: Explorer) -> None:
    page = explorer("drafts")
    text = page_text(page)
    assert "No draft of the new agreement has been begun yet. Begin one as described below;" in text
    assert 'compactgraph draft begin --by "Your name"' in text
    assert not page.get("download_button")
    assert not page.selectbox


def test_the_latest_draft_is_shown_with_its_origins(decided_explorer: Explorer) -> None:
    page = decided_explorer("drafts")
    text = page_text(page)
    assert (
        "Draft 2 , begun on 2 November 2026, holds 5 provisions. They come from 5 of the agreement’s 79 "
        "provisions."
    ) in text
    assert page.selectbox[0].value == "2"
    found = rows(page)
    assert len(found) == 6
    assert found[0] == [
        "1 Theme Allocating resources As in the draft before",
        "theme-1 ◐ revised Allocating resources efficiently",
        "Allocating resources removed: efficiently ,",
    ]
    assert found[1][0] == (
        "1.1 Commitment, theme 1 We agree what funding is for before it is given, and write it down. "
        "Written by Chris O’Neill, 2 November 2026"
    )
    assert [row[1].split()[0] for row in found] == [
        *("theme-1", "1.9", "1.12", "value-2", "Nothing:", "1.10")
    ]
    assert found[4] == [
        "1.4 Commitment, theme 1 We meet once a year. Written by Bo Okafor, Chris O’Neill, for Bristol "
        "Compact Partners' Group, 2 November 2026",
        "Nothing: it is new.",
        "New.",
    ]


def test_differences_are_told_by_signs_and_words_not_by_colour(decided_explorer: Explorer) -> None:
    shown = page_html(decided_explorer("drafts"))
    assert (
        'Allocating resources <del><span class="heard">removed: </span>efficiently'
        '<span class="heard">,</span></del>'
    ) in shown
    assert '<ins><span class="heard">added: </span>We are independent of one another.' in shown
    assert "are struck through, and those that were" in page_text(decided_explorer("drafts"))


def test_what_is_to_be_looked_at(reworded_explorer: Explorer) -> None:
    text = page_text(reworded_explorer("drafts"))
    assert "Agreed to be kept, and in no provision of the draft: 2 Show 2 provisions 1.3" in text
    assert "Recommended to be kept, and in no provision of the draft: 35 Show 35 provisions" in text
    assert "New, and from nothing in the agreement: 1 1.4 We meet once a year." in text
    assert (
        "Written on words that have changed since: 1 1.5 : 1.10 has changed. See what is suspect" in text
    )
    assert "In no provision of the draft: 74" in text
    assert "Not settled: 7 Show 7 provisions" in text
    assert "To leave: 30 Show 30 provisions" in text


def test_the_table_of_destinations_holds_the_same_in_the_old_order(decided_explorer: Explorer) -> None:
    page = decided_explorer("drafts", view="destinations")
    found = rows(page)
    assert len(found) == 80
    assert found[0][0].startswith("title ○ undecided")
    assert found[0][1:] == ["No provision", "Not settled, and in no provision of the draft."]
    there = {row[0].split()[0]: row[1].split()[0] for row in found if row[1] != "No provision"}
    assert there == {
        "value-2": "1.2",
        "theme-1": "1",
        "1.9": "1.1",
        "1.10": "1.5",
        "1.12": "1.1",
        "Nothing:": "1.4",
    }
    assert page.radio[0].value == "destinations"


def test_an_earlier_draft_stays_as_it_was(decided_explorer: Explorer) -> None:
    page = decided_explorer("drafts", draft="1")
    assert "Draft 1 , begun on 26 October 2026, holds 3 provisions." in page_text(page)
    assert [row[0].split()[0] for row in rows(page)] == ["1", "1.1", "1.1", "1.2"]
    assert "We agree what funding is for before it is given." in rows(page)[1][0]


def test_choosing_writes_the_address(decided_explorer: Explorer) -> None:
    page = decided_explorer("drafts")
    page.selectbox[0].set_value("1").run()
    assert page.query_params["draft"] == "1"
    page.radio[0].set_value("destinations").run()
    assert page.query_params["view"] == "destinations"


def test_an_unknown_draft_is_named_and_the_latest_is_shown(decided_explorer: Explorer) -> None:
    text = page_text(decided_explorer("drafts", draft="<b>9</b>"))
    assert "The address asks for “<b>9</b>” under “Draft”." in text
    assert "Draft 2 , begun" in text


def test_as_it_stood_on_a_day(decided_explorer: Explorer) -> None:
    page = decided_explorer("drafts", **{"as-at": "2026-10-26"})
    text = page_text(page)
    assert "Draft 1 , begun on 26 October 2026, holds 4 provisions." in text
    assert "Shown is how things stood on 26 October 2026 ." in text
    assert "Table of origins of draft 1 as at 2026-10-26" in text
    before = page_text(decided_explorer("drafts", **{"as-at": "2026-10-01"}))
    assert "No draft had been begun by 1 October 2026. Take the day out" in before


def test_a_day_that_is_none_is_said(decided_explorer: Explorer) -> None:
    text = page_text(decided_explorer("drafts", **{"as-at": "yesterday"}))
    assert "Shown is how things stand now." in text
    assert "'yesterday' is not a day" in text
    assert "Draft 2 , begun" in text


def test_a_draft_that_holds_nothing_is_said_to(
    bristol_folder: Path,
    ontology_folder: Path,
    tmp_path: Path,
    explorer: Explorer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store = Path(shutil.copytree(bristol_folder, tmp_path / "store"))
    begun = Body(Kind.BEGIN_DRAFT, ("Ann Lee",), "2026-11-01")
    Desk(store, ontology_folder, "bristol").record([begun], "test")
    monkeypatch.setenv(STORE_VARIABLE, str(store))
    assert "Draft 1 holds nothing yet. Write its first provision as described below." in page_text(
        explorer("drafts")
    )


def test_all_can_be_downloaded(decided_explorer: Explorer) -> None:
    labels = [button.proto.label for button in decided_explorer("drafts").get("download_button")]
    assert labels == [
        "Download Excel (XLSX)",
        "Download OpenDocument (ODS)",
        "Download CSV",
        "Download Word (DOCX)",
    ]


@pytest.mark.parametrize("values", [{}, {"view": "destinations"}])
def test_headings_stand_in_order(reworded_explorer: Explorer, values: dict[str, str]) -> None:
    levels = [
        int(level)
        for level in re.findall(r"<h([1-6])", page_html(reworded_explorer("drafts", **values)))
    ]
    assert levels.count(1) == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))


def test_markup_in_a_draft_shows_as_its_characters(
    bristol_folder: Path,
    ontology_folder: Path,
    tmp_path: Path,
    explorer: Explorer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store = Path(shutil.copytree(bristol_folder, tmp_path / "store"))
    desk = Desk(store, ontology_folder, "bristol")
    desk.record([Body(Kind.BEGIN_DRAFT, ("Ann Lee",), "2026-11-01")], "test")
    written = Body(
        Kind.WRITE_DRAFT,
        (MARKED_UP,),
        "2026-11-01",
        item="1.1",
        role="commitment",
        theme="1",
        text=MARKED_UP,
        derives_from=("1.1",),
    )
    desk.record([written], "test")
    monkeypatch.setenv(STORE_VARIABLE, str(store))
    for view in ("origins", "destinations"):
        page = explorer("drafts", view=view)
        assert page_text(page).count(MARKED_UP) == 3
        assert "<script" not in page_html(page)
        assert "<ins>new" not in page_html(page)
        assert not page.markdown


def test_with_two_reviews_each_has_its_own(
    two_reviews_folder: Path,
    two_reviews_data: Path,
    ontology_folder: Path,
    tmp_path: Path,
    explorer: Explorer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store = Path(shutil.copytree(two_reviews_folder, tmp_path / "store"))
    desk = Desk(store, ontology_folder, "small-review")
    desk.record([Body(Kind.BEGIN_DRAFT, ("Ann Lee",), "2026-11-01")], "test")
    written = Body(
        Kind.WRITE_DRAFT, ("Ann Lee",), "2026-11-01", item="9", role="value", text="We listen."
    )
    desk.record([written], "test")
    monkeypatch.setenv(STORE_VARIABLE, str(store))
    monkeypatch.setenv(DATA_VARIABLE, str(two_reviews_data))
    small = explorer("drafts", review="small-review")
    assert rows(small)[0][0].startswith("9 Value We listen.")
    assert "No draft of the new agreement has been begun yet." in page_text(
        explorer("drafts", review="bristol")
    )


def test_a_reader_downloads_what_is_shown(reworded_reader: Reader, tmp_path: Path) -> None:
    page = reworded_reader("drafts?draft=1&as-at=2026-10-27")
    with page.expect_download() as started:
        page.get_by_role("button", name="Download Word (DOCX)").click()
    kept = tmp_path / started.value.suggested_filename
    started.value.save_as(kept)
    assert kept.name == "bristol-table-of-origins-of-draft-1-as-at-2026-10-27.docx"
    inside, outside = docx.Document(str(kept)).tables
    assert len(inside.rows) == 5
    assert inside.rows[1].cells[4].text == "Allocating resources [-efficiently-]"
    assert len(outside.rows) == 76


def test_a_reader_follows_a_provision_to_its_trace(reworded_reader: Reader) -> None:
    page = reworded_reader("drafts")
    page.locator(".drafts-table").get_by_role("link", name="1.10", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Commitment 1.10", timeout=SLOW)


@pytest.mark.parametrize("width", [390, 1280])
def test_the_page_is_no_wider_than_the_screen(reworded_reader: Reader, width: int) -> None:
    page = reworded_reader("drafts?view=destinations", width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
