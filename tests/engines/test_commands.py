"""Each command works on a SPARQL service as it does on a folder: it prints the same."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse

from compactgraph.store.oxigraph import canonical_nquads, open_store
from tests.conftest import PROJECT
from tests.support.engines import ENGINES, Engine, missing


@dataclass(frozen=True)
class Ran:
    status: int
    out: str
    err: str


@dataclass(frozen=True)
class Commands:
    """The commands, on an engine and the folder ``data``."""

    engine: Engine
    data: Path

    def run(self, *arguments: str, **environment: str) -> Ran:
        return run(
            *arguments, **{**self.engine.environment, "COMPACTGRAPH_DATA": str(self.data), **environment}
        )


def run(*arguments: str, **environment: str) -> Ran:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "compactgraph", *arguments],
        env={**os.environ, "COLUMNS": "200", **environment},
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=180,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return Ran(done.returncode, done.stdout, done.stderr)


@pytest.fixture(scope="module", params=ENGINES)
def commands(
    request: pytest.FixtureRequest, two_reviews_data: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Commands]:
    if reason := missing(request.param):
        pytest.skip(reason)
    folder = tmp_path_factory.mktemp(f"commands-{request.param}")
    data = Path(shutil.copytree(two_reviews_data, folder / "data"))
    with ENGINES[request.param](folder) as engine:
        commands = Commands(engine, data)
        built = commands.run("build")
        assert (built.status, built.err.strip()) == (0, "")
        yield commands


@cache
def run_on_folder(folder: Path, *arguments: str) -> Ran:
    """Return what a command prints of a folder, with which each engine is compared."""
    return run(*arguments, COMPACTGRAPH_STORE=str(folder))


@cache
def exported_from_folder(folder: Path, format_: str, to: Path) -> bytes:
    """Return what is exported from a folder, with which each engine is compared."""
    ran = run_on_folder(folder, "export", "--format", format_, "--review", "bristol", str(to))
    assert ran.status == 0, ran.err
    return to.read_bytes()


COMMANDS = [
    ["validate"],
    ["validate", "--format", "csv"],
    ["trace", "1.11", "--review", "bristol"],
    ["trace", "national-compact", "--review", "bristol", "--format", "json"],
    ["trace", "1.11", "--review", "bristol", "--path-to", "vcse-strategy"],
    ["destinations", "--review", "bristol", "--format", "csv"],
    ["destinations", "--review", "bristol", "--to", "vcse-strategy", "--party", "vcs"],
    ["origins", "--review", "bristol", "--format", "json"],
    ["query", "outcome-totals"],
    ["query", "goes-to", "--param", "destination=vcse-strategy", "--review", "bristol"],
    ["query", "goes-to", "--param", "destination=vcse-strategi"],
    ["query", "goes-to", "--param", "destination=vcse-strategy", "--timeout", "60"],
    ["trace", "9.99", "--review", "bristol"],
    ["trace", "1.1"],
    ["destinations", "--review", "nowhere"],
]


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_it_prints_what_it_prints_of_a_folder(
    arguments: list[str], commands: Commands, two_reviews_folder: Path
) -> None:
    assert commands.run(*arguments) == run_on_folder(two_reviews_folder, *arguments)


@pytest.mark.parametrize("format_", ["nquads", "csv", "graphml", "jsonld"])
def test_it_exports_what_it_exports_of_a_folder(
    format_: str,
    commands: Commands,
    two_reviews_folder: Path,
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    path = tmp_path / "served"
    ran = commands.run("export", "--format", format_, "--review", "bristol", str(path))
    assert ran.status == 0, ran.err
    expected = exported_from_folder(
        two_reviews_folder, format_, tmp_path_factory.getbasetemp() / format_
    )
    assert path.read_bytes() == expected


def test_the_whole_graph_is_there(commands: Commands, two_reviews_folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "graph.nq"
    assert commands.run("export", "--format", "nquads", str(path)).status == 0
    served = b"".join(canonical_nquads(parse(path=str(path), format=RdfFormat.N_QUADS)))
    assert served == b"".join(canonical_nquads(open_store(two_reviews_folder)))


def test_a_second_build_finds_nothing_to_do(commands: Commands) -> None:
    ran = commands.run("build")
    assert ran.status == 0
    assert "Nothing has changed since the last build" in ran.out


def test_only_what_changed_is_loaded(commands: Commands) -> None:
    path = commands.data / "small-review" / "note.txt"
    path.write_text("changed")
    ran = commands.run("build")
    assert ran.status == 0
    assert "Built 1 review; the store holds" in ran.out


SPARQL = "SELECT ?s WHERE { ?s a <https://w3id.org/compactgraph/ontology#Commitment> } ORDER BY ?s"


def test_a_person_s_query(commands: Commands, two_reviews_folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "mine.rq"
    for sparql in (SPARQL, f"ASK {{ {{ {SPARQL} }} }}", "DESCRIBE <urn:nothing>", "SELECT * { SELECT"):
        path.write_text(sparql)
        served = commands.run("query", str(path))
        assert (
            served.status == run("query", str(path), COMPACTGRAPH_STORE=str(two_reviews_folder)).status
        )
        if sparql == SPARQL:
            assert served == run("query", str(path), COMPACTGRAPH_STORE=str(two_reviews_folder))


def test_a_service_that_is_away(commands: Commands) -> None:
    ran = commands.run("destinations", "--review", "bristol", "--store", "http://127.0.0.1:9/query")
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith("compactgraph: http://127.0.0.1:9/query: ")
    assert len(ran.err.splitlines()) == 1
