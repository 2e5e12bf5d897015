"""What readers do with the explorer, in Chromium."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import Reader, settled


def rows_of(page: Page) -> list[str]:
    """Return the provisions of the table's rows."""
    return page.locator(".cg table tbody th a").all_inner_texts()


def test_a_filtered_table_is_shared_by_its_link_and_downloaded(reader: Reader, tmp_path: Path) -> None:
    page = reader("destinations")
    page.get_by_label("Outcome", exact=False).first.click()
    page.get_by_role("option", name="Moved").click()
    page.keyboard.press("Escape")
    expect(page.get_by_text("3 rows")).to_be_visible()
    page.get_by_role("textbox", name="Words", exact=True).fill("strategy")
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
    expect(page.get_by_role("textbox", name="Words", exact=True)).to_have_value("strategy")


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


def test_1_11_is_found_by_its_words_and_followed_to_the_vcse_strategy(reader: Reader) -> None:
    page = reader("")
    page.get_by_role("link", name="Trace", exact=True).first.click()
    page.get_by_role("textbox", name="Find by number or words").fill("asset transfer")
    page.keyboard.press("Enter")
    found = page.locator(".cg").get_by_role("link", name=re.compile(r"1\.11")).first
    found.click()
    expect(page.locator("#heading")).to_have_text("Commitment 1.11")
    expect(page.get_by_text("Support the VCS in ways other than funding").first).to_be_visible()
    expect(
        page.locator("mark", has_text="could be better included in the new VCSE Strategy")
    ).to_be_visible()
    page.get_by_role("heading", name="Moves").get_by_role("link", name="VCSE Strategy").click()
    expect(page.locator("#heading")).to_have_text("Destinations in detail")
    expect(page).to_have_url(re.compile(r"/checklist\?to=vcse-strategy$"))
    expect(page.get_by_role("link", name="1.11", exact=True).first).to_be_visible()


def click_in_the_drawing(page: Page, node: str) -> None:
    """Click a node of the drawing with the mouse, where the drawing has it now."""
    stage = page.locator("[role=listbox]")
    stage.scroll_into_view_if_needed()
    x, y = page.evaluate(
        """node => {
            const walk = root => {
                for (const element of root.querySelectorAll("*")) {
                    if (element._cyreg) return element;
                    const found = element.shadowRoot && walk(element.shadowRoot);
                    if (found) return found;
                }
            };
            const container = walk(document);
            const box = container.getBoundingClientRect();
            const at = container._cyreg.cy.getElementById(node).renderedPosition();
            return [box.x + at.x, box.y + at.y];
        }""",
        node,
    )
    page.mouse.click(x, y)


def test_a_node_of_the_network_leads_to_its_trace(reader: Reader) -> None:
    page = reader("network?ties=moves")
    expect(page.locator("[role=option]")).to_have_count(4)
    click_in_the_drawing(page, "1.11")
    expect(page).to_have_url(re.compile(r"item=1\.11"))
    page.get_by_role("link", name="Trace 1.11").click()
    expect(page.locator("#heading")).to_have_text("Commitment 1.11")
    page.go_back()
    expect(page.get_by_role("heading", name="1.11", exact=True)).to_be_visible()


def test_a_saved_question_and_a_wrong_query(reader: Reader) -> None:
    page = reader("sparql?question=goes-to&destination=vcse-strategy")
    expect(page.get_by_text("9 rows").first).to_be_visible()
    assert len(rows_of(page)) == 9
    page.get_by_role("button", name="Edit as my own query").click()
    editor = page.get_by_role("textbox", name=re.compile("SPARQL|query", re.IGNORECASE)).first
    editor.click()
    page.keyboard.press("Control+a")
    page.keyboard.type("SELECT ?theme WHERE { ?theme a cg:Theme }")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("5 rows").first).to_be_visible()
    editor.click()
    page.keyboard.press("Control+a")
    page.keyboard.type("SELECT ?theme WHERE { ?theme a ")
    page.keyboard.press("Control+Enter")
    alert = page.get_by_role("alert").filter(has_text="does not parse")
    expect(alert).to_be_visible()
    assert "Traceback" not in page.locator("[data-testid=stMain]").inner_text()
    expect(editor).to_contain_text("SELECT ?theme WHERE { ?theme a")


def test_an_endless_query_is_stopped_and_says_so(reader: Reader) -> None:
    endless = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    page = reader(f"sparql?query={endless}")
    page.get_by_role("button", name="Run").click()
    expect(page.get_by_text("took longer than 10 seconds")).to_be_visible(timeout=40_000)
    page.get_by_role("link", name="Overview", exact=True).click()
    expect(page.get_by_text("79 provisions", exact=True)).to_be_visible()


def test_the_keyboard_alone_does_it(reader: Reader) -> None:
    page = reader("destinations")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    for _ in range(12):
        if page.evaluate("document.activeElement.getAttribute('aria-label')") == "Words":
            break
        page.keyboard.press("Tab")
    page.keyboard.type("asset transfer")
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 row", exact=True)).to_be_visible()
    for _ in range(30):
        if page.evaluate("document.activeElement.textContent") == "1.11":
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#heading")).to_have_text("Commitment 1.11")
    page.get_by_role("listbox").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("near="))


@pytest.mark.parametrize(
    "path",
    [
        *["", "trace?item=1.6", "checklist", "references?ref=pcr-2015", "network", "open-points"],
        *["sparql?question=party-outcomes", "data-quality", "accessibility"],
    ],
)
def test_every_page_fits_a_phone_and_the_dark(reader: Reader, path: str) -> None:
    page = reader(path, width=320, height=640, color_scheme="dark")
    wide = page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth")
    assert wide <= 320
    background = page.evaluate("getComputedStyle(document.querySelector('.stApp')).backgroundColor")
    assert background == "rgb(18, 24, 31)"


def test_a_bare_letter_does_nothing(reader: Reader) -> None:
    page = reader("destinations")
    page.evaluate("document.querySelector('.cg table').dataset.mark = 'the same'")
    page.get_by_role("link", name="value-1", exact=True).first.focus()
    page.keyboard.press("r")
    page.wait_for_timeout(500)
    states = page.evaluate("document.querySelector('.stApp').dataset.testScriptState")
    assert states == "notRunning"
    page.get_by_role("textbox", name="Words", exact=True).fill("")
    page.get_by_role("textbox", name="Words", exact=True).press_sequentially("train")
    expect(page.get_by_role("textbox", name="Words", exact=True)).to_have_value("train")


def test_the_citation_is_copied(reader: Reader) -> None:
    page = reader("trace?item=1.11")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    button = page.get_by_role("button", name="Copy the citation")
    button.click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("Bristol Compact 2012, Commitment 1.11; in: Bristol Compact – revision")
    expect(button).to_be_visible()
