"""The build and the store: the same bytes twice, nothing half-written, only what changed."""

from __future__ import annotations

import dataclasses
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import Store

from compactgraph.build.pipeline import BuildResult, build_store
from compactgraph.errors import (
    CompactgraphError,
    FolderError,
    StoreBusyError,
    StoreError,
    UnreadError,
)
from compactgraph.sparql.rows import select
from compactgraph.store.folder import read_manifest
from compactgraph.store.oxigraph import canonical_nquads, open_store
from compactgraph.store.storage import FolderStorage
from tests.support.sizes import OF_ALL, TRIPLES

OUTCOMES = {
    "absorbed": 17,
    "dropped": 7,
    "either": 3,
    "moved": 3,
    "referred": 3,
    "retained": 9,
    "revised": 30,
    "undecided": 7,
}
COMMITMENT_OUTCOMES = {
    "absorbed": 17,
    "dropped": 5,
    "moved": 2,
    "referred": 1,
    "retained": 8,
    "revised": 18,
    "undecided": 3,
}


@pytest.fixture
def data(data_folder: Path, tmp_path: Path) -> Path:
    """Return a copy of the data folder that a test may change."""
    return Path(shutil.copytree(data_folder, tmp_path / "data"))


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
def built(data: Path, ontology_folder: Path, store: Path) -> Iterator[BuildResult]:
    return build_store(data, ontology_folder, store)


def nquads(store: Path) -> bytes:
    return b"".join(canonical_nquads(open_store(store)))


def copy_review(data: Path, name: str) -> None:
    """Make a second review of the first: its own references move to its own IRIs."""
    folder = Path(shutil.copytree(data / "bristol", data / name))
    references = folder / "references.ttl"
    text = references.read_text(encoding="utf-8")
    references.write_text(text.replace("/id/bristol/", f"/id/{name}/"), encoding="utf-8")


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_totals_of_bristol(built: BuildResult) -> None:
    review = built.reviews[0]
    assert review.outcomes == OUTCOMES
    assert sum(review.outcomes.values()) == 79
    assert review.commitment_outcomes == COMMITMENT_OUTCOMES
    assert sum(review.commitment_outcomes.values()) == 54
    assert review.unread == []
    assert review.violations == 0
    assert review.counts == {
        "provisions": 79,
        "commentary": 31,
        "recommendations": 83,
        "footnotes": 5,
        "pieces": 383,
        "readings": 240,
        "by hand": 3,
        "movements": 92,
        "section": 12,
        "theme": 5,
        "value": 8,
        "commitment": 54,
        "shared": 26,
        "public-sector": 17,
        "vcs": 11,
    }


def test_two_builds_give_the_same_bytes(
    data: Path, ontology_folder: Path, tmp_path: Path, built: BuildResult, store: Path
) -> None:
    build_store(data, ontology_folder, tmp_path / "other")
    assert nquads(store) == nquads(tmp_path / "other")


def test_no_blank_node_and_no_triple_in_two_graphs(built: BuildResult, store: Path) -> None:
    lines = nquads(store).splitlines()
    assert not any(line.startswith(b"_:") or b" _:" in line for line in lines)
    triples = [line.rsplit(b" <", 1)[0] for line in lines]
    assert len(triples) == len(set(triples))


def test_layers_are_named_graphs(built: BuildResult, store: Path) -> None:
    opened = open_store(store)
    sizes = {
        graph.value.removeprefix("https://w3id.org/compactgraph/"): len(
            list(opened.quads_for_pattern(None, None, None, graph))
        )
        for graph in opened.named_graphs()
    }
    assert sizes == TRIPLES
    assert built.quads == OF_ALL


def test_an_unchanged_build_does_nothing(
    data: Path, ontology_folder: Path, built: BuildResult, store: Path
) -> None:
    generation = (store / "current").read_text()
    again = build_store(data, ontology_folder, store)
    assert again.built == []
    assert (store / "current").read_text() == generation
    assert dataclasses.replace(again, built=["bristol"]) == built


def test_an_unchanged_build_imports_no_library_of_the_graph(
    data: Path, built: BuildResult, store: Path
) -> None:
    program = (
        "import sys; from compactgraph.cli.app import main\n"
        f"sys.argv = ['compactgraph', 'build', '--data', {str(data)!r}, '--store', {str(store)!r}]\n"
        "try: main()\n"
        "except SystemExit as end: assert end.code == 0, end.code\n"
        "print(sorted({'rdflib', 'pyshacl', 'pyoxigraph', 'networkx', 'pandas'} & set(sys.modules)))"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    assert run.stdout.splitlines()[-1] == "[]"


def test_only_the_changed_review_is_built(data: Path, ontology_folder: Path, store: Path) -> None:
    for name in ("avon", "severn"):
        copy_review(data, name)
    first = build_store(data, ontology_folder, store)
    assert first.built == ["avon", "bristol", "severn"]
    edit(data / "severn" / "source.txt", "> Keep, with revision (add time", "> Remove (add time")
    second = build_store(data, ontology_folder, store)
    assert second.built == ["severn"]
    changed = {review.identifier: review.outcomes for review in second.reviews}
    assert changed["bristol"] == changed["avon"] == OUTCOMES
    assert changed["severn"] == {**OUTCOMES, "revised": 29, "dropped": 8}


def test_an_incremental_build_gives_the_bytes_of_a_full_one(
    data: Path, ontology_folder: Path, store: Path, tmp_path: Path
) -> None:
    copy_review(data, "avon")
    build_store(data, ontology_folder, store)
    edit(data / "avon" / "source.txt", "> Keep, with revision (add time", "> Remove (add time")
    build_store(data, ontology_folder, store)
    build_store(data, ontology_folder, tmp_path / "full")
    assert nquads(store) == nquads(tmp_path / "full")


def test_a_review_that_is_gone_is_taken_out(data: Path, ontology_folder: Path, store: Path) -> None:
    copy_review(data, "avon")
    build_store(data, ontology_folder, store)
    shutil.rmtree(data / "avon")
    result = build_store(data, ontology_folder, store)
    assert (result.built, result.removed) == ([], ["avon"])
    assert b"/id/avon/" not in nquads(store)


def test_an_open_reader_survives_the_next_build(
    data: Path, ontology_folder: Path, built: BuildResult, store: Path
) -> None:
    reader = open_store(store)
    edit(data / "bristol" / "source.txt", "> Keep, with revision (add time", "> Remove (add time")
    build_store(data, ontology_folder, store)
    query = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
    assert select(reader, query).rows == [(built.quads,)]


def test_a_failed_build_changes_nothing(
    data: Path, ontology_folder: Path, built: BuildResult, store: Path
) -> None:
    before = sorted(path.name for path in store.iterdir())
    edit(data / "bristol" / "source.txt", "1.19. Facilitate", "1.18. Facilitate")
    with pytest.raises(CompactgraphError, match=r"'1\.18' stands twice"):
        build_store(data, ontology_folder, store)
    assert sorted(path.name for path in store.iterdir()) == before
    assert len(open_store(store)) == built.quads


def test_strict_refuses_what_is_unread(
    data: Path, ontology_folder: Path, built: BuildResult, store: Path
) -> None:
    edit(data / "bristol" / "source.txt", "> Change to include notions", "> Ponder notions")
    with pytest.raises(UnreadError, match=r"1 unread: 1\.6-r1 \(line 31\)"):
        build_store(data, ontology_folder, store, strict=True)
    assert len(open_store(store)) == built.quads


def test_strict_refuses_an_unchanged_review_before_another_is_published(
    data: Path, ontology_folder: Path, store: Path
) -> None:
    copy_review(data, "avon")
    edit(data / "avon" / "source.txt", "> Change to include notions", "> Ponder notions")
    build_store(data, ontology_folder, store)
    generation = (store / "current").read_text()
    edit(data / "bristol" / "source.txt", "> Keep, with revision (add time", "> Remove (add time")
    with pytest.raises(UnreadError, match="avon: 1 unread"):
        build_store(data, ontology_folder, store, strict=True)
    assert (store / "current").read_text() == generation


def test_what_is_unread_is_reported_without_strict(
    data: Path, ontology_folder: Path, store: Path
) -> None:
    edit(data / "bristol" / "source.txt", "> Change to include notions", "> Ponder notions")
    review = build_store(data, ontology_folder, store).reviews[0]
    assert len(review.unread) == 1
    assert review.unread[0].startswith("1.6-r1 (line 31): 'Ponder notions of appropriateness")
    assert review.outcomes == {**OUTCOMES, "revised": 29, "undecided": 8}


def test_a_second_build_at_the_same_time_is_told(data: Path, ontology_folder: Path, store: Path) -> None:
    with FolderStorage(store).lock(), pytest.raises(StoreBusyError, match="another build is under way"):
        build_store(data, ontology_folder, store)


def test_there_is_no_store_yet(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="there is no store here yet; build the store"):
        open_store(tmp_path / "nothing")


@pytest.mark.parametrize("content", ["generation-99", "../elsewhere", "\xff"])
def test_a_damaged_store_is_told(built: BuildResult, store: Path, content: str) -> None:
    (store / "current").write_text(content, encoding="latin-1")
    with pytest.raises(StoreError, match="the store is damaged"):
        open_store(store)


def test_a_damaged_database_is_told(built: BuildResult, store: Path) -> None:
    generation = (store / "current").read_text(encoding="ascii")
    for table in (store / generation / "db").glob("*.sst"):
        table.write_bytes(b"")
    line = f"{store}: the store is damaged; delete the folder and build the store"
    with pytest.raises(StoreError, match=f"^{re.escape(line)}$"):
        open_store(store)


def test_a_store_that_cannot_be_locked_is_no_busy_one(
    data: Path, ontology_folder: Path, store: Path
) -> None:
    (store / "lock").mkdir(parents=True)
    with pytest.raises(StoreError, match=r"cannot be written \(Is a directory\)") as caught:
        build_store(data, ontology_folder, store)
    assert not isinstance(caught.value, StoreBusyError)


def test_no_review_in_the_data(tmp_path: Path, ontology_folder: Path, store: Path) -> None:
    with pytest.raises(FolderError, match="no review here"):
        build_store(tmp_path, ontology_folder, store)


@pytest.mark.parametrize("delay", [0.1, 0.5, 0.7, 0.9, 1.1, 1.3, 1.5, 1.8])
def test_a_killed_build_leaves_the_last_good_store(
    data: Path, ontology_folder: Path, built: BuildResult, store: Path, delay: float
) -> None:
    before = nquads(store)
    edit(data / "bristol" / "source.txt", "> Keep, with revision (add time", "> Remove (add time")
    command = [sys.executable, "-m", "compactgraph", "build"]
    command += ["--data", str(data), "--store", str(store)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(delay)
    os.kill(process.pid, signal.SIGKILL)
    killed = process.wait(timeout=30) == -signal.SIGKILL
    manifest = read_manifest(store)
    assert manifest is not None
    rebuilt = manifest["reviews"][0]["outcomes"]["revised"] == 29
    if killed and not rebuilt:
        assert nquads(store) == before
    result = build_store(data, ontology_folder, store)
    assert result.reviews[0].outcomes["revised"] == 29
    assert len([path for path in store.iterdir() if path.name.startswith("generation-")]) <= 2
    assert len(open_store(store)) == result.quads


def test_two_builds_race_and_one_store_results(data: Path, store: Path) -> None:
    command = [sys.executable, "-m", "compactgraph", "build"]
    command += ["--data", str(data), "--store", str(store)]
    processes = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    ends = []
    for process in processes:
        _, errors = process.communicate(timeout=120)
        ends.append(process.returncode)
        assert "Traceback" not in errors
        assert process.returncode == 0 or "another build is under way" in errors
    assert 0 in ends
    assert set(ends) <= {0, 2}
    assert isinstance(open_store(store), Store)


def test_the_manifest_is_plain_json(built: BuildResult, store: Path) -> None:
    generation = (store / "current").read_text()
    manifest = json.loads((store / generation / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["quads"] == built.quads
