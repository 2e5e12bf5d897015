"""How the explorer starts: with no build, a stale or a broken one, and where it cannot."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from streamlit.testing.v1 import AppTest

from compactgraph.answers.network.network import review_network
from compactgraph.answers.provision.source_text import source_document
from compactgraph.answers.tables.destinations import table_of_destinations
from compactgraph.build.pipeline import build_store
from compactgraph.explorer.warm_up import answer_everything
from compactgraph.paths import DATA_VARIABLE, STORE_VARIABLE
from tests.support.browser import PROJECT, running_explorer
from tests.support.pages import page_html, page_text

TOTALS = "79 provisions"


@pytest.fixture
def data(tmp_path: Path, data_folder: Path) -> Path:
    """Return a data folder that a test may change."""
    return Path(shutil.copytree(data_folder, tmp_path / "data"))


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Return a folder for a store, which is not there yet."""
    return tmp_path / "store"


@pytest.fixture
def overview(data: Path, store: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """Return the explorer on the two folders, not yet run."""
    monkeypatch.setenv(DATA_VARIABLE, str(data))
    monkeypatch.setenv(STORE_VARIABLE, str(store))
    return AppTest.from_file(str(PROJECT / "app.py"), default_timeout=120)


def test_without_a_build_it_builds(overview: AppTest, store: Path) -> None:
    overview.run()
    assert TOTALS in page_text(overview)
    assert (store / "current").exists()


def test_a_stale_build_is_renewed(
    overview: AppTest, data: Path, store: Path, ontology_folder: Path
) -> None:
    build_store(data, ontology_folder, store)
    settings = data / "bristol" / "review.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("The document bears no date.", "No date stands in the document."))
    overview.run()
    assert "No date stands in the document." in page_text(overview)


def test_a_broken_build_is_made_anew(
    overview: AppTest, data: Path, store: Path, ontology_folder: Path
) -> None:
    build_store(data, ontology_folder, store)
    generation = (store / "current").read_text(encoding="utf-8")
    shutil.rmtree(store / generation / "db")
    overview.run()
    assert TOTALS in page_text(overview)


def test_a_build_that_fails_shows_the_old_graph_and_says_why(
    overview: AppTest, data: Path, store: Path, ontology_folder: Path
) -> None:
    build_store(data, ontology_folder, store)
    (data / "bristol" / "source.txt").write_bytes(b"")
    overview.run()
    text = page_text(overview)
    assert TOTALS in text
    assert "What is shown is not the newest." in text
    assert "source.txt" in text


def test_where_nothing_can_be_built_it_says_what_to_do(overview: AppTest, data: Path) -> None:
    (data / "bristol" / "source.txt").write_bytes(b"")
    overview.run()
    html, text = page_html(overview), page_text(overview)
    assert "There is no graph to show." in text
    assert 'role="alert"' in html
    assert "source.txt" in text
    assert "Traceback" not in text


def test_the_command_builds_what_is_missing_and_serves(
    browser: Browser, data: Path, store: Path, tmp_path: Path
) -> None:
    command = [sys.executable, "-m", "compactgraph", "app", "--no-browser"]
    with running_explorer(store, data, tmp_path / "log", command=command) as address:
        context = browser.new_context()
        page = context.new_page()
        page.goto(address)
        expect(page.get_by_text(TOTALS, exact=True)).to_be_visible(timeout=30_000)
        context.close()
    assert (store / "current").exists()


def test_it_says_where_it_is_and_nothing_is_advertised_in_it(
    browser: Browser, bristol_folder: Path, data_folder: Path, tmp_path: Path
) -> None:
    # Streamlit advertises to whoever has a programmer's assistant, and did not switch the browser off.
    (tmp_path / "home" / ".agents").mkdir(parents=True)
    environment = {"HOME": str(tmp_path / "home"), "BROWSER": "true"}
    command = [sys.executable, "-m", "compactgraph", "app"]
    log = tmp_path / "log"
    with running_explorer(
        bristol_folder, data_folder, log, command=command, environment=environment
    ) as address:
        context = browser.new_context()
        page = context.new_page()
        page.goto(address)
        expect(page.get_by_text(TOTALS, exact=True)).to_be_visible(timeout=30_000)
        assert page.get_by_text("agents").count() == 0
        context.close()
    assert log.read_text().splitlines()[0] == f"The explorer is at {address} (stop it with Ctrl+C)"
    assert "streamlit" not in log.read_text().lower()


def test_where_it_is_open_to_others_it_says_so(
    bristol_folder: Path, data_folder: Path, tmp_path: Path
) -> None:
    command = [sys.executable, "-m", "compactgraph", "app", "--no-browser", "--host", "0.0.0.0"]
    log = tmp_path / "log"
    with running_explorer(bristol_folder, data_folder, log, command=command) as address:
        port = address.rpartition(":")[2]
        assert log.read_text().splitlines()[:2] == [
            f"The explorer is at http://0.0.0.0:{port} (stop it with Ctrl+C)",
            "It listens on 0.0.0.0: everyone who reaches this machine can read what it shows, "
            "unencrypted and without a password",
        ]


def test_a_port_in_use_is_one_line_and_status_2(bristol_folder: Path) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        refused = subprocess.run(
            [sys.executable, "-m", "compactgraph", "app", "--no-browser", "--port", str(port)],
            capture_output=True,
            text=True,
            check=False,
        )
    assert refused.returncode == 2
    assert refused.stderr == (
        f"compactgraph: cannot listen on 127.0.0.1, port {port} (address already in use); "
        "choose another with --port\n"
    )


def test_the_answers_that_pages_need_are_there_before_they_are_opened(overview: AppTest) -> None:
    overview.run()
    shown = overview.session_state["shown"]
    answer_everything(shown)
    for question in (table_of_destinations, source_document, review_network):
        assert question(shown.graph) is question(shown.graph)
