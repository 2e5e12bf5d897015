"""A store of several reviews: the reader chooses one, and every link keeps to it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from streamlit.testing.v1 import AppTest

from compactgraph.paths import DATA_VARIABLE, STORE_VARIABLE
from tests.support.browser import PROJECT, running_explorer, settled
from tests.support.pages import page_html, page_text


@pytest.fixture
def two(
    two_reviews_folder: Path, two_reviews_data: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., AppTest]:
    """Return what opens the overview on the store of two reviews."""
    monkeypatch.setenv(STORE_VARIABLE, str(two_reviews_folder))
    monkeypatch.setenv(DATA_VARIABLE, str(two_reviews_data))

    def open_page(**values: str) -> AppTest:
        opened = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=60)
        opened.query_params.update(values)
        opened.run()
        assert not opened.exception, opened.exception
        return opened

    return open_page


def test_the_first_review_is_shown_and_the_other_can_be_chosen(two: Callable[..., AppTest]) -> None:
    page = two()
    assert "79 provisions" in page_text(page)
    page.sidebar.selectbox[0].set_value("small-review").run()
    assert "7 provisions" in page_text(page)
    assert page.query_params["review"] == "small-review"


def test_every_link_keeps_to_the_review(two: Callable[..., AppTest]) -> None:
    html = page_html(two(review="small-review"))
    links = re.findall(r'href="([^"#][^"]*)"', html)
    assert len(links) > 20
    assert [link for link in links if "review=small-review" not in link] == []


def test_a_review_that_is_not_there_is_named(two: Callable[..., AppTest]) -> None:
    text = page_text(two(review="atlantis"))
    assert "The address asks for “atlantis” under “Review”." in text
    assert "79 provisions" in text


def test_a_page_opened_by_the_page_list_has_the_review_in_its_address(
    browser: Browser, two_reviews_folder: Path, two_reviews_data: Path, tmp_path: Path
) -> None:
    with running_explorer(two_reviews_folder, two_reviews_data, tmp_path / "log") as address:
        page = browser.new_context().new_page()
        page.goto(f"{address}/?review=small-review")
        settled(page)
        page.get_by_role("link", name="Table of destinations", exact=True).click()
        expect(page.locator("#heading")).to_have_text("Table of destinations")
        expect(page).to_have_url(f"{address}/destinations?review=small-review")
        page.go_back()
        expect(page).to_have_url(f"{address}/?review=small-review")
        expect(page.get_by_text("7 provisions", exact=True)).to_be_visible()
        page.context.close()
