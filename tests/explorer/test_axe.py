"""Every page under axe-core, with and without decisions."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from compactgraph.explorer.app import PAGES
from tests.support.accessibility import CONTRAST, found_by_axe
from tests.support.browser import in_colours, reading_at, settled

ADDRESSES = {
    **{page.path or "overview": page.path for page in PAGES},
    "trace of an item": "trace?item=1.11",
    "filtered table": "destinations?outcome=moved&reason=none",
    "table of origins": "destinations?table=origins",
    "a reference": "references?ref=vcse-strategy",
    "a path": "network?from=1.11&to=vcse-strategy",
    "a saved question": "sparql?question=goes-to&destination=vcse-strategy",
    "a table on a day": "destinations?as-at=2026-10-12",
    "an own query": "sparql?query=SELECT%20*%20WHERE%20%7B%3Fs%20a%20cg%3ATheme%7D",
}


DECIDED = {
    "overview": "",
    "destinations": "destinations?status=agreed&status=rejected",
    "open points": "open-points",
    "decisions": "decisions",
    "decisions of an item": "decisions?provision=1.3&order=newest",
    "no decision": "decisions?state=void",
    "drafts": "drafts",
    "drafts from the old": "drafts?view=destinations&draft=1",
    "a reference": "references?ref=vcse-strategy",
    "data quality": "data-quality",
}
"""The addresses that show something else once there are decisions and drafts."""


@pytest.fixture(scope="module")
def tab(browser: Browser, explorer_address: str) -> Iterator[Page]:
    """Return a tab in which one page is opened after another."""
    with reading_at(browser, explorer_address, reduced_motion="reduce") as open_at:
        yield open_at()


@pytest.fixture(scope="module")
def reworded_tab(browser: Browser, reworded_address: str) -> Iterator[Page]:
    """Return the same of the explorer that shows decisions and drafts, some of them suspect."""
    with reading_at(browser, reworded_address, reduced_motion="reduce") as open_at:
        yield open_at()


@pytest.mark.parametrize("path", ADDRESSES.values(), ids=ADDRESSES.keys())
def test_axe_finds_nothing(tab: Page, explorer_address: str, path: str) -> None:
    assert found_at(tab, f"{explorer_address}/{path}") == []


@pytest.mark.parametrize("path", DECIDED.values(), ids=DECIDED.keys())
def test_axe_finds_nothing_after_decisions(reworded_tab: Page, reworded_address: str, path: str) -> None:
    assert found_at(reworded_tab, f"{reworded_address}/{path}") == []


def found_at(page: Page, address: str) -> list[str]:
    """Return what axe finds at an address: in the light theme, in the dark one, and at 320 pixels."""
    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(color_scheme="light")
    page.goto(address)
    settled(page)
    page.evaluate("document.querySelectorAll('.cg details').forEach((each) => { each.open = true })")
    found = found_by_axe(page)
    in_colours(page, "dark")
    found += found_by_axe(page, CONTRAST)
    page.set_viewport_size({"width": 320, "height": 640})
    return found + found_by_axe(page)
