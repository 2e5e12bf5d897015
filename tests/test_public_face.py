"""What ``import compactgraph`` gives: each name, what it answers, and what it costs to import."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pandas as pd
import polars as pl
import pytest
from pyoxigraph import Store

import compactgraph
from compactgraph.answers.tables.destinations import COLUMNS, table_of_destinations
from compactgraph.common import frames
from compactgraph.errors import ExportError, QueryError, StoreError, UnknownNameError
from compactgraph.sparql.questions import ask, find_question
from compactgraph.sparql.rows import Answer
from compactgraph.sparql.running import run_sparql

PROJECT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def graph(bristol_folder: Path) -> compactgraph.ReviewGraph:
    return compactgraph.open_review("bristol", store=bristol_folder)


def test_every_name_is_there() -> None:
    assert set(compactgraph.__all__) <= set(dir(compactgraph))
    assert all(getattr(compactgraph, name) for name in compactgraph.__all__)
    with pytest.raises(AttributeError, match="module 'compactgraph' has no attribute 'open_reviews'"):
        compactgraph.open_reviews  # noqa: B018


def test_import_is_cheap() -> None:
    program = "import sys, compactgraph; print(*sorted(m for m in sys.modules if 'graph' in m))"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    assert set(done.stdout.split()) - {"graphlib"} == {
        "compactgraph",
        "compactgraph.common",
        "compactgraph.common.version",
    }


def test_the_version_is_that_of_the_package() -> None:
    stated = (PROJECT / "pyproject.toml").read_text(encoding="utf-8")
    assert f'\nversion = "{compactgraph.__version__}"\n' in stated


def test_a_saved_question(
    graph: compactgraph.ReviewGraph, bristol: Store, ontology_folder: Path
) -> None:
    expected = ask(bristol, find_question(ontology_folder, "removed"), {"party": "vcs"}, "bristol")
    assert compactgraph.ask(graph, "removed", party="vcs") == expected
    assert compactgraph.ask(graph, "removed", party="vcs") is compactgraph.ask(
        graph, "removed", party="vcs"
    )


def test_a_query(graph: compactgraph.ReviewGraph, bristol: Store) -> None:
    sparql = "SELECT ?id { ?p a cg:Theme ; dcterms:identifier ?id } ORDER BY ?id"
    assert compactgraph.run_sparql(graph, sparql) == run_sparql(bristol, sparql)
    with pytest.raises(QueryError):
        compactgraph.run_sparql(graph, "DELETE WHERE { ?s ?p ?o }")


def test_a_trace(graph: compactgraph.ReviewGraph) -> None:
    assert compactgraph.trace(graph, "1.11").outcome == "moved"


def test_the_table_of_destinations(graph: compactgraph.ReviewGraph) -> None:
    every = compactgraph.destinations(graph)
    assert list(every) == table_of_destinations(graph)
    some = compactgraph.destinations(graph, to="vcse-strategy", party="vcs")
    assert some == tuple(
        row for row in every if (row.destination, row.party) == ("vcse-strategy", "vcs")
    )
    found = compactgraph.destinations(graph, words="training")
    assert found
    assert all("training" in " ".join(row.cells()).casefold() for row in found)
    with pytest.raises(UnknownNameError, match="unknown column 'outcom'; nearest: outcome"):
        compactgraph.destinations(graph, outcom="moved")
    with pytest.raises(UnknownNameError, match="unknown reference 'vcse-stategy'"):
        compactgraph.destinations(graph, to="vcse-stategy")


def test_rows_come_as_a_frame_of_pandas(graph: compactgraph.ReviewGraph) -> None:
    table = compactgraph.destinations(graph)
    framed = table.to_frame()
    assert isinstance(framed, pd.DataFrame)
    assert tuple(framed.columns) == COLUMNS
    assert list(framed.itertuples(index=False, name=None)) == [row.cells() for row in table]
    answer = compactgraph.ask(graph, "near-but-different")
    assert list(answer.to_frame().columns) == list(answer.columns)
    assert len(answer.to_frame()) == len(answer.rows)


def _without(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    real = frames.import_module

    def missing(name: str) -> object:
        if name in names:
            raise ModuleNotFoundError(name)
        return real(name)

    monkeypatch.setattr(frames, "import_module", missing)


def test_rows_come_as_a_frame_of_polars(
    graph: compactgraph.ReviewGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    _without(monkeypatch, "pandas")
    framed = compactgraph.destinations(graph).to_frame()
    assert isinstance(framed, pl.DataFrame)
    assert tuple(framed.columns) == COLUMNS
    assert framed.rows() == [row.cells() for row in compactgraph.destinations(graph)]
    answer = Answer(("n", "w"), [(1, "a"), (None, None), (2, "b")])
    assert answer.to_frame().rows() == answer.rows


def test_without_either_the_mend_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    _without(monkeypatch, "pandas", "polars")
    with pytest.raises(ExportError, match="install: pip install pandas"):
        Answer(("n",), [(1,)]).to_frame()


def test_a_store_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="there is no store here yet; build the store"):
        compactgraph.open_review("bristol", store=tmp_path / "none")


def test_which_review(bristol_folder: Path, two_reviews_folder: Path) -> None:
    assert compactgraph.open_review(store=bristol_folder).review == "bristol"
    with pytest.raises(UnknownNameError, match="unknown review 'bath'; known: bristol"):
        compactgraph.open_review("bath", store=bristol_folder)
    with pytest.raises(QueryError, match="the store has 2 reviews; name one: bristol, small-review"):
        compactgraph.open_review(store=two_reviews_folder)


def test_it_builds(data_folder: Path, tmp_path: Path) -> None:
    built = compactgraph.build(data_folder, tmp_path / "store")  # type: ignore[operator]
    assert built.built == ["bristol"]
    assert compactgraph.open_review(store=tmp_path / "store").review == "bristol"
