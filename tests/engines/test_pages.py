"""The explorer shows the same pages when its graph stands on a SPARQL service."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from compactgraph.build.pipeline import build_store
from compactgraph.paths import DATA_VARIABLE, STORE_VARIABLE
from tests.support.engines import ENGINES, Engine, missing
from tests.support.pages import opened_page, page_html

PAGES: list[tuple[str, dict[str, str]]] = [
    ("", {}),
    ("trace", {"item": "1.11"}),
    ("destinations", {"to": "vcse-strategy"}),
    ("checklist", {"to": "vcse-strategy"}),
    ("references", {"reference": "ncvo"}),
    ("network", {}),
    ("open-points", {}),
    ("decisions", {}),
    ("drafts", {}),
    ("sparql", {"question": "survivors", "party": "vcs"}),
    ("data-quality", {}),
]
_PLACES = re.compile(r"/tmp/[^\s<&\"']*|http://127\.0\.0\.1:\d+/\w+|\d[\d.]* (?:ms|seconds?)|build \w+")


@pytest.fixture(scope="module", params=ENGINES)
def engine(
    request: pytest.FixtureRequest,
    data_folder: Path,
    ontology_folder: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Engine]:
    if reason := missing(request.param):
        pytest.skip(reason)
    with ENGINES[request.param](tmp_path_factory.mktemp(f"explorer-{request.param}")) as engine:
        with pytest.MonkeyPatch.context() as patch:
            for name, value in engine.environment.items():
                patch.setenv(name, value)
            build_store(data_folder, ontology_folder, engine.query_url)
        yield engine


def shown(page: AppTest) -> str:
    """Return a page's HTML without what names the store, or says how long something took."""
    return _PLACES.sub("…", page_html(page))


@pytest.fixture(scope="module")
def of_folder(bristol_folder: Path, data_folder: Path) -> dict[str, str]:
    """Return each page as the store's folder has it, by its path."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(STORE_VARIABLE, str(bristol_folder))
        patch.setenv(DATA_VARIABLE, str(data_folder))
        return {page: shown(opened_page(page, **values)) for page, values in PAGES}


@pytest.mark.parametrize(("page", "values"), PAGES, ids=[page or "overview" for page, _ in PAGES])
def test_a_page_is_the_same(
    page: str,
    values: dict[str, str],
    engine: Engine,
    of_folder: dict[str, str],
    data_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in engine.environment.items():
        monkeypatch.setenv(name, value)
    assert STORE_VARIABLE in engine.environment
    monkeypatch.setenv(DATA_VARIABLE, str(data_folder))
    of_service = shown(opened_page(page, **values))
    assert "cannot be shown" not in of_service
    assert of_service == of_folder[page]
