"""Opens the explorer: in AppTest for what a page holds, in Chromium for what a reader does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from compactgraph.paths import DATA_VARIABLE, STORE_VARIABLE
from tests.support.browser import Reader, reading_at, running_explorer
from tests.support.pages import Explorer, opened_page


@pytest.fixture
def explorer(bristol_folder: Path, data_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Explorer:
    """Return what opens a page by its place in the URL, with the values that the URL gives it."""
    monkeypatch.setenv(STORE_VARIABLE, str(bristol_folder))
    monkeypatch.setenv(DATA_VARIABLE, str(data_folder))

    return opened_page


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
