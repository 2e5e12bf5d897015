"""The explorer with writing switched on, on a store of a test's own: in AppTest and in Chromium."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from compactgraph.answers.review_graph import ReviewGraph
from compactgraph.answers.tables.decisions import Decision, history
from compactgraph.paths import DATA_VARIABLE, DECIDERS_VARIABLE, REGISTER_VARIABLE, STORE_VARIABLE
from compactgraph.store.storage import open_dataset
from tests.support.browser import PROJECT, running_explorer
from tests.support.pages import page_html
from tests.support.provider import SIGNING_COMMAND, Provider, running_provider, signing_environment

ISSUER = "https://id.example.org"
ANN, BO = "Ann Lee", "Bo Okafor"
DECIDERS = """
[[deciders]]
name = "Ann Lee"
email = "ann@example.org"
on_behalf_of = "compact-partners-group"

[[deciders]]
name = "Bo Okafor"
email = "bo@example.org"
"""
ONTOLOGY = PROJECT / "ontology"


def claims(person: str, **changed: Any) -> dict[str, Any]:
    """Return what a provider says of ``ann`` or ``bo``, who has just signed in."""
    return {
        "is_logged_in": True,
        "iss": ISSUER,
        "aud": "compactgraph",
        "sub": person,
        "iat": int(time.time()),
        "email": f"{person}@example.org",
        "email_verified": True,
        **changed,
    }


def own_store(bristol_folder: Path, folder: Path) -> Path:
    """Return a copy of the store of Bristol; its register is a file beside it."""
    return Path(shutil.copytree(bristol_folder, folder / "store"))


def decisions_in(store: Path) -> list[Decision]:
    """Return what is recorded in a store, as its graph has it."""
    return history(ReviewGraph(open_dataset(store), ONTOLOGY, "bristol"))


Deciding = Callable[..., AppTest]


def deciding_on(store: Path, data: Path, listed: Path, monkeypatch: pytest.MonkeyPatch) -> Deciding:
    """Return what opens a page for a person who has signed in, with the values that the URL gives it."""
    environment = signing_environment(listed, ISSUER, DECIDERS)
    for name, value in {**environment, STORE_VARIABLE: str(store), DATA_VARIABLE: str(data)}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv(REGISTER_VARIABLE, raising=False)

    def open_page(page: str, person: str = "ann", **values: str) -> AppTest:
        opened = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=120)
        opened.user = claims(person)
        for name, value in values.items():
            opened.query_params[name] = value
        opened.switch_page(f"compactgraph/explorer/pages/{page}.py")
        opened.run()
        assert not opened.exception, opened.exception
        return opened

    return open_page


def form_of(page: AppTest, scope: str) -> Any:
    """Return a session's form, by what it decides on."""
    return page.session_state["forms that decide"][f"bristol {scope}"]


def labelled(widgets: Any, label: str) -> Any:
    """Return the widget whose label begins so."""
    found = [widget for widget in widgets if widget.label.startswith(label)]
    assert len(found) == 1, [widget.label for widget in widgets]
    return found[0]


def press(page: AppTest, label: str) -> AppTest:
    """Press a button, and run the page again."""
    labelled(page.button, label).click()
    page.run()
    assert not page.exception, page.exception
    return page


def alert(page: AppTest) -> list[str]:
    """Return the problems that the page tells."""
    html = page_html(page)
    if 'id="deciding-problems"' not in html:
        return []
    told = html.split('id="deciding-problems"', 1)[1].split("</ul>", 1)[0]
    return [part.split("</li>")[0] for part in told.split("<li>")[1:]]


@contextmanager
def explorer_that_writes(
    store: Path, data: Path, folder: Path, deciders: str = DECIDERS
) -> Iterator[tuple[str, Provider, Mapping[str, str]]]:
    """Run an explorer with writing switched on, and a provider that knows Ann and Bo."""
    with running_provider(folder / "provider.log") as provider:
        for person in ("ann", "bo"):
            provider.knows(person, email=f"{person}@example.org", email_verified=True)
        environment = signing_environment(folder / "deciders.toml", provider.issuer, deciders)
        with running_explorer(
            store, data, folder / "log", command=SIGNING_COMMAND, environment=environment
        ) as address:
            yield address, provider, {**environment, DECIDERS_VARIABLE: str(folder / "deciders.toml")}
