"""Opens the explorer: in AppTest for what a page holds, in Chromium for what a reader does."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Request, Route, sync_playwright
from streamlit.testing.v1 import AppTest

from compactgraph.paths import DATA_VARIABLE, STORE_VARIABLE
from tests.support.browser import CHROMIUM, FLAGS, running_explorer

PROJECT = Path(__file__).resolve().parents[2]
Explorer = Callable[..., AppTest]

_TAG = re.compile(r"<[^>]+>")


def page_html(page: AppTest) -> str:
    """Return the HTML that the templates made for a page."""
    return "\n".join(element.proto.body for element in page.get("html"))


def page_text(page: AppTest) -> str:
    """Return the words of a page as a reader sees them, on one line."""
    return " ".join(html.unescape(_TAG.sub(" ", page_html(page))).split())


def copyable(page: AppTest) -> list[str]:
    """Return the texts that the page shows with a button to copy them."""
    return [html.unescape(text) for text in re.findall(r"<pre>(.*?)</pre>", page_html(page), re.DOTALL)]


@pytest.fixture
def explorer(bristol_folder: Path, data_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Explorer:
    """Return what opens a page by its place in the URL, with the values that the URL gives it."""
    monkeypatch.setenv(STORE_VARIABLE, str(bristol_folder))
    monkeypatch.setenv(DATA_VARIABLE, str(data_folder))

    def open_page(page: str = "", **values: str | list[str]) -> AppTest:
        opened = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=60)
        if "-" in page:
            # AppTest takes the file's name for the address until a first run has listed the pages.
            opened.run()
        for name, value in values.items():
            opened.query_params[name] = value
        if page:
            opened.switch_page(f"compactgraph/explorer/pages/{page.replace('-', '_')}.py")
        opened.run()
        assert not opened.exception, opened.exception
        return opened

    return open_page


@pytest.fixture
def decided_explorer(
    explorer: Explorer, decided_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Explorer:
    """Return what opens a page of the explorer that shows Bristol after ``tests.support.decided``."""
    monkeypatch.setenv(STORE_VARIABLE, str(decided_folder))
    return explorer


@pytest.fixture
def reworded_explorer(
    explorer: Explorer, reworded_folder: Path, reworded_data: Path, monkeypatch: pytest.MonkeyPatch
) -> Explorer:
    """Return the same for the store in which words have changed on which decisions rest."""
    monkeypatch.setenv(STORE_VARIABLE, str(reworded_folder))
    monkeypatch.setenv(DATA_VARIABLE, str(reworded_data))
    return explorer


@pytest.fixture(scope="session")
def explorer_address(
    bristol_folder: Path, data_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Return the address of a running explorer that shows Bristol."""
    log = tmp_path_factory.mktemp("explorer") / "log"
    with running_explorer(bristol_folder, data_folder, log) as address:
        yield address


@pytest.fixture(scope="session")
def reworded_address(
    reworded_folder: Path, reworded_data: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Return the address of a running explorer that shows decisions and drafts, some of them suspect."""
    log = tmp_path_factory.mktemp("reworded-explorer") / "log"
    with running_explorer(reworded_folder, reworded_data, log) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return Chromium; skip where the machine has none."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine; install the package chromium")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


Reader = Callable[..., Page]


@pytest.fixture
def reader(browser: Browser, explorer_address: str) -> Iterator[Reader]:
    """Return what opens a reader's browser at an address of the explorer: see :func:`reading_at`."""
    with reading_at(browser, explorer_address) as open_at:
        yield open_at


@pytest.fixture
def reworded_reader(browser: Browser, reworded_address: str) -> Iterator[Reader]:
    """Return the same for the explorer that shows decisions and drafts, some of them suspect."""
    with reading_at(browser, reworded_address) as open_at:
        yield open_at


@contextmanager
def reading_at(browser: Browser, address: str) -> Iterator[Reader]:
    """Give what opens a reader's browser at an address of the explorer at ``address``.

    Each has a session of its own. All traffic but the explorer's is refused, and fails the test, as does
    an error of a script in the page.
    """
    refused: list[str] = []
    failed: list[str] = []
    contexts = []

    def guard(route: Route, request: Request) -> None:
        if urlsplit(request.url).netloc == urlsplit(address).netloc:
            route.continue_()
        else:
            refused.append(request.url)
            route.abort()

    def open_at(path: str = "", *, width: int = 1280, height: int = 900, **options: object) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height}, accept_downloads=True, **options
        )
        contexts.append(context)
        context.route("**/*", guard)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("pageerror", lambda error: failed.append(str(error)))
        page.goto(f"{address}/{path}")
        settled(page)
        return page

    yield open_at
    for context in contexts:
        context.close()
    assert refused == [], "the page asked for something from elsewhere"
    assert failed == [], "a script in the page failed"


AT_REST = "document.getAnimations().every(each => each.playState !== 'running')"
"""Whether nothing on a page moves, nor changes its colour."""


def settled(page: Page) -> None:
    """Wait until the page has its heading, its run is done, links are followed, and nothing moves.

    Streamlit unfolds a part within half a second. What is clicked meanwhile is missed, and a list that
    is opened closes again.
    """
    page.locator("main h1, [data-testid=stMain] h1").first.wait_for()
    page.wait_for_function(
        "document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'"
        " && document.documentElement.dataset.page !== undefined"
        f" && {AT_REST}"
    )


def in_colours(page: Page, scheme: Literal["light", "dark"]) -> None:
    """Show a page in the ``light`` or the ``dark`` theme, and wait until no colour is on its way."""
    page.emulate_media(color_scheme=scheme)
    page.wait_for_function(
        "scheme => getComputedStyle(document.querySelector('.stApp')).colorScheme === scheme"
        f" && {AT_REST}",
        arg=scheme,
    )
