"""Markup in the document's words shows as its characters, on every page, and does nothing."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Dialog, Page

from compactgraph.build.pipeline import build_store
from compactgraph.explorer.app import PAGES
from tests.support.browser import reading_at, running_explorer, settled

MARKED_UP = (
    "<script>alert(1)</script> <img src=x onerror=alert(2)> __bold__ $x^2$ :red[now] "
    "[here](javascript:alert(3))"
)


@pytest.fixture(scope="module")
def address(
    cases_folder: Path,
    data_folder: Path,
    ontology_folder: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[str]:
    """Return the address of an explorer of a review in whose words markup stands."""
    folder = tmp_path_factory.mktemp("markup")
    data = folder / "data"
    shutil.copytree(cases_folder / "small-review", data / "small-review")
    shutil.copy(data_folder / "references.ttl", data)
    source = data / "small-review" / "source.txt"
    text = source.read_text(encoding="utf-8")
    for sentence in ("Plan funding together.", "See also 2.1.", "Publish the minutes."):
        assert sentence in text
        text = text.replace(sentence, f"{sentence[:-1]} {MARKED_UP}.")
    source.write_text(text, encoding="utf-8")
    build_store(data, ontology_folder, folder / "store")
    with running_explorer(folder / "store", data, folder / "log") as opened:
        yield opened


@pytest.fixture(scope="module")
def tab(browser: Browser, address: str) -> Iterator[Page]:
    """Return a tab in which one page is opened after another."""
    with reading_at(browser, address) as open_at:
        yield open_at()


@pytest.mark.parametrize(
    "path",
    [
        *(page.path for page in PAGES),
        *["trace?item=1.1", "trace?item=2.2", "destinations?length=whole", "network?item=1.1&show=all"],
        *["checklist?to=ottery-handbook", "sparql?question=words&words=alert"],
    ],
)
def test_markup_in_the_words_does_nothing(tab: Page, address: str, path: str) -> None:
    asked: list[str] = []

    def dismiss(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.dismiss()

    tab.on("dialog", dismiss)
    tab.goto(f"{address}/{path}")
    settled(tab)
    tab.remove_listener("dialog", dismiss)
    assert asked == []
    assert tab.locator("main img[src=x], .stMain img[src=x], main a[href^='javascript:']").count() == 0
    if "=" in path and not path.startswith("network"):
        shown = " ".join(tab.locator("[data-testid=stMain]").inner_text().split())
        assert MARKED_UP in shown
