"""What the tests share: the project's folders, and stores that are built once a session."""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright
from pyoxigraph import Store

from compactgraph.build.pipeline import build_store
from compactgraph.paths import register_file
from compactgraph.store.oxigraph import open_store
from tests.support.browser import CHROMIUM, FLAGS
from tests.support.decided import change_words, decide_bristol
from tests.support.processes import children

PROJECT = Path(__file__).resolve().parents[1]


ENGINES = ("oxigraph", "postgresql", "virtuoso")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark a test by what it uses, so that nobody has to remember to."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)
        if item.path.parent.name == "engines" or any(engine in item.name for engine in ENGINES):
            item.add_marker(pytest.mark.engine)


def pytest_collection_finish() -> None:
    """Spare the garbage collector the collected tests, which all stay to the end."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Make a skipped test a failed one in CI, where everything that a test needs is installed."""
    report = yield
    if report.skipped and os.environ.get("CI") and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, and in CI none may be: {report.longrepr}"
    return report


@pytest.fixture(scope="module")
def started() -> Callable[[], list[int]]:
    """Return what tells the processes that the tests of a module have started and that still run.

    Others may run beside them: a server or a browser that the tests of several modules share.
    """
    before = children(os.getpid())
    return lambda: [child for child in children(os.getpid()) if child not in before]


@pytest.fixture(scope="session")
def data_folder() -> Path:
    """Return the folder of the reviews and of the references that they share."""
    return PROJECT / "data"


@pytest.fixture(scope="session")
def ontology_folder() -> Path:
    """Return the folder of the vocabularies, rules, shapes, views and saved questions."""
    return PROJECT / "ontology"


@pytest.fixture(scope="session")
def cases_folder() -> Path:
    """Return the folder of the cases with their exact expected results."""
    return PROJECT / "tests" / "cases"


@pytest.fixture(scope="session")
def bristol_folder(
    tmp_path_factory: pytest.TempPathFactory, data_folder: Path, ontology_folder: Path
) -> Path:
    """Return the folder of a store that holds Bristol; treat it as read-only."""
    folder = tmp_path_factory.mktemp("bristol") / "store"
    build_store(data_folder, ontology_folder, folder)
    return folder


@pytest.fixture(scope="session")
def bristol(bristol_folder: Path) -> Store:
    """Return the store of Bristol, open for reading."""
    return open_store(bristol_folder)


@pytest.fixture(scope="session")
def bristol_store(bristol_folder: Path) -> Path:
    """Return the same folder as ``bristol_folder``."""
    return bristol_folder


@pytest.fixture(scope="session")
def decided_folder(bristol_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a store that holds Bristol after ``support.decided``; it is read-only."""
    folder = tmp_path_factory.mktemp("decided") / "store"
    shutil.copytree(bristol_folder, folder)
    decide_bristol(folder)
    return folder


@pytest.fixture(scope="session")
def decided(decided_folder: Path) -> Store:
    """Return the store of Bristol with decisions, open for reading."""
    return open_store(decided_folder)


@pytest.fixture(scope="session")
def reworded_data(tmp_path_factory: pytest.TempPathFactory, data_folder: Path) -> Path:
    """Return a data folder of Bristol with other words where decisions, a draft and a reading rest."""
    folder = tmp_path_factory.mktemp("reworded") / "data"
    shutil.copytree(data_folder, folder)
    change_words(folder)
    return folder


@pytest.fixture(scope="session")
def reworded_folder(reworded_data: Path, ontology_folder: Path, decided_folder: Path) -> Path:
    """Return the folder of a store of it, where ``support.decided`` was decided on the words before."""
    folder = reworded_data.parent / "store"
    shutil.copytree(decided_folder, folder)
    shutil.copyfile(register_file(decided_folder), register_file(folder))
    build_store(reworded_data, ontology_folder, folder)
    return folder


@pytest.fixture(scope="session")
def reworded(reworded_folder: Path) -> Store:
    """Return that store, open for reading."""
    return open_store(reworded_folder)


@pytest.fixture(scope="session")
def two_reviews_data(
    tmp_path_factory: pytest.TempPathFactory, data_folder: Path, cases_folder: Path
) -> Path:
    """Return a data folder that holds Bristol and the made-up small review."""
    folder = tmp_path_factory.mktemp("two-reviews") / "data"
    shutil.copytree(data_folder, folder)
    shutil.copytree(cases_folder / "small-review", folder / "small-review")
    return folder


@pytest.fixture(scope="session")
def two_reviews_folder(two_reviews_data: Path, ontology_folder: Path) -> Path:
    """Return the folder of a store that holds Bristol and the small review; it is read-only."""
    folder = two_reviews_data.parent / "store"
    build_store(two_reviews_data, ontology_folder, folder)
    return folder


@pytest.fixture(scope="session")
def two_reviews(two_reviews_folder: Path) -> Store:
    """Return the store of Bristol and the small review, open for reading."""
    return open_store(two_reviews_folder)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return Chromium; skip if the machine has none."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine; install the package chromium")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()
