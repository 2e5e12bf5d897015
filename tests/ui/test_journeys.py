"""What readers do with the explorer, in Chromium."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from tests.ui.conftest import Reader, settled


def rows_of(page: Page) -> list[str]:
    """Return the provisions of the table's rows."""
    return page.locator(".cg table tbody th a").all_inner_texts()


def test_a_filtered_table_is_shared_by_its_link_and_downloaded(reader: Reader, tmp_path: Path) -> None:
    page = reader("destinations")
    page.get_by_label("Outcome", exact=False).first.click()
    page.get_by_role("option", name="Moved").click()
    page.keyboard.press("Escape")
    expect(page.get_by_text("3 rows")).to_be_visible()
    page.get_by_label("Words", exact=True).fill("strategy")
    page.keyboard.press("Enter")
    expect(page.get_by_text("on 3 provisions")).to_be_visible()
    expect(page).to_have_url(re.compile(r"outcome=moved&words=strategy$"))
    shared = reader(page.url.split("/", 3)[3])
    assert rows_of(shared) == rows_of(page) == ["value-5", "1.11", "4.4"]
    with shared.expect_download() as started:
        shared.get_by_role("button", name="Download Excel (XLSX)").click()
    kept = tmp_path / started.value.suggested_filename
    started.value.save_as(kept)
    assert kept.name == "bristol-table-of-destinations.xlsx"
    cells = openpyxl.load_workbook(kept)["Table of destinations"].iter_rows(values_only=True)
    _, header, *rows = cells
    assert (header[0], header[4]) == ("provision", "outcome")
    assert [(row[0], row[4]) for row in rows] == [
        ("value-5", "moved"),
        ("1.11", "moved"),
        ("4.4", "moved"),
    ]


def test_back_forward_and_reload_give_the_same_view(reader: Reader) -> None:
    page = reader("destinations?outcome=moved")
    page.get_by_role("link", name="1.11", exact=True).click()
    expect(page).to_have_url(re.compile(r"/trace\?item=1\.11$"))
    expect(page.locator("#heading")).to_contain_text("1.11")
    page.go_back()
    expect(page.get_by_text("3 rows")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/destinations\?outcome=moved$"))
    page.go_forward()
    expect(page.locator("#heading")).to_contain_text("1.11")
    page.reload()
    settled(page)
    expect(page.locator("#heading")).to_contain_text("1.11")


def test_a_page_left_by_the_page_list_is_as_it_was(reader: Reader) -> None:
    page = reader("destinations?outcome=moved&words=strategy")
    page.get_by_role("link", name="Open points").click()
    expect(page.locator("#heading")).to_have_text("Open points")
    page.get_by_role("link", name="Table of destinations").click()
    expect(page.get_by_text("3 rows")).to_be_visible()
    expect(page.get_by_label("Words", exact=True)).to_have_value("strategy")


def test_a_new_page_begins_at_its_heading(reader: Reader) -> None:
    page = reader("destinations?outcome=moved")
    page.get_by_role("link", name="1.11", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.locator("#heading")).to_contain_text("1.11")
    expect(page.locator("#heading")).to_be_focused()
    assert page.title() == "Commitment 1.11 – Trace – compactgraph"
    assert page.locator("html").get_attribute("lang") == "en-GB"


def test_the_table_prints_whole_without_the_widgets(reader: Reader, tmp_path: Path) -> None:
    page = reader("destinations?destination=vcse-strategy&length=whole")
    page.emulate_media(media="print")
    assert page.locator("[data-testid=stSidebar]").is_hidden()
    assert page.get_by_role("button", name="Download Excel (XLSX)").is_hidden()
    printed = tmp_path / "printed.pdf"
    page.pdf(path=printed, format="A4", landscape=True)
    text = subprocess.run(
        ["pdftotext", "-layout", str(printed), "-"], check=True, capture_output=True, text=True
    ).stdout
    for provision in ("terminology", "value-1", "1.11", "4.4"):
        assert re.search(rf"^\s*{re.escape(provision)}\b", text, re.MULTILINE), provision
    assert "More filters" not in text


@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (320, "dark")])
def test_nothing_is_wider_than_a_phone(reader: Reader, width: int, scheme: str) -> None:
    page = reader("destinations?outcome=moved", width=width, height=844, color_scheme=scheme)
    wide = page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth")
    assert wide <= width
    expect(page.get_by_role("link", name="1.11", exact=True)).to_be_visible()
