"""Several reviews at once give what one after the other gives."""

from __future__ import annotations

import os
import shutil
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from compactgraph.build.parallel import JOBS_VARIABLE, jobs_for, validate_store
from compactgraph.build.pipeline import build_store
from compactgraph.errors import CompactgraphError, MarkupError, ProcessError, StoreError, UnreadError
from compactgraph.graph.findings import Finding
from compactgraph.store.folder import read_manifest
from compactgraph.store.oxigraph import canonical_nquads, open_store

pytestmark = pytest.mark.slow

NAMES = ["avon", "bath", "bristol", "small-review"]


@pytest.fixture
def four(two_reviews_data: Path, tmp_path: Path) -> Path:
    """Return a data folder of four reviews, three of them with the words of Bristol."""
    folder = Path(shutil.copytree(two_reviews_data, tmp_path / "data"))
    for name in ("avon", "bath"):
        copy = Path(shutil.copytree(folder / "bristol", folder / name))
        references = (copy / "references.ttl").read_text(encoding="utf-8")
        moved = references.replace("/id/bristol/", f"/id/{name}/")
        (copy / "references.ttl").write_text(moved, encoding="utf-8")
    return folder


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
def three_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(JOBS_VARIABLE, "3")


def nquads(store: Path) -> bytes:
    return b"".join(canonical_nquads(open_store(store)))


def test_the_store_is_the_same(
    four: Path, ontology_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: dict[str, list[tuple[str, int, int]]] = {"1": [], "3": []}
    steps: list[float] = []
    for jobs, shown in seen.items():
        monkeypatch.setenv(JOBS_VARIABLE, jobs)
        build_store(
            four,
            ontology_folder,
            tmp_path / jobs,
            progress=lambda *told, shown=shown: shown.append(told),
            step=lambda words, share: steps.append(share),
        )
    assert nquads(tmp_path / "1") == nquads(tmp_path / "3")
    assert read_manifest(tmp_path / "1") == read_manifest(tmp_path / "3")
    assert seen["1"] == seen["3"] == [(name, i, 4) for i, name in enumerate(NAMES, 1)]
    assert max(steps) <= 1.0


@pytest.mark.usefixtures("three_at_once")
def test_only_what_changed_is_built(four: Path, ontology_folder: Path, store: Path) -> None:
    assert build_store(four, ontology_folder, store).built == NAMES
    path = four / "bath" / "source.txt"
    words = path.read_text(encoding="utf-8")
    path.write_text(words.replace("> Keep, with revision (add time", "> Remove (add time"), "utf-8")
    result = build_store(four, ontology_folder, store)
    assert result.built == ["bath"]
    assert [review.outcomes.get("revised") for review in result.reviews[:3]] == [30, 29, 30]


def test_the_findings_are_the_same(
    four: Path, ontology_folder: Path, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built = build_store(four, ontology_folder, store)
    found: list[list[tuple[str, list[Finding]]]] = []
    for jobs in ("1", "3"):
        monkeypatch.setenv(JOBS_VARIABLE, jobs)
        found.append(list(validate_store(store, ontology_folder, NAMES)))
    assert found[0] == found[1]
    noted = [[Finding.from_json(f) for f in review.findings] for review in built.reviews]
    assert [findings for _, findings in found[0]] == noted
    of_bristol = [(f.focus, f.value) for _, findings in found[0][:3] for f in findings]
    assert of_bristol == [(name, "national-compact-r1") for name in NAMES[:3]]


def markup(words: str) -> str:
    return words.replace("<p>", "<p><u>", 1)


def unread(words: str) -> str:
    return words.replace("> Change to include notions", "> Ponder notions")


@pytest.mark.parametrize(("spoil", "class_"), [(markup, MarkupError), (unread, UnreadError)])
@pytest.mark.usefixtures("three_at_once")
def test_what_stops_one_review_stops_the_build(
    spoil: Callable[[str], str],
    class_: type[CompactgraphError],
    four: Path,
    ontology_folder: Path,
    store: Path,
    started: Callable[[], list[int]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    build_store(four, ontology_folder, store)
    before = nquads(store)
    for name in ("avon", "bath", "bristol"):
        path = four / name / "source.txt"
        changed = path.read_text(encoding="utf-8") + ("\n" if name == "bristol" else "")
        path.write_text(spoil(changed) if name == "bath" else changed.rstrip("\n") + "\n", "utf-8")
        (four / name / "note.txt").write_text("changed", "utf-8")
    errors = []
    for jobs in ("1", "3"):
        monkeypatch.setenv(JOBS_VARIABLE, jobs)
        with pytest.raises(class_) as raised:
            build_store(four, ontology_folder, store, strict=True)
        errors.append((type(raised.value), str(raised.value), vars(raised.value)))
    assert errors[0] == errors[1]
    assert nquads(store) == before
    assert started() == []


@pytest.mark.usefixtures("three_at_once")
def test_a_process_that_is_killed_is_told(
    four: Path, ontology_folder: Path, store: Path, started: Callable[[], list[int]]
) -> None:
    build_store(four, ontology_folder, store)
    for name in NAMES:
        (four / name / "note.txt").write_text("changed", "utf-8")
    before = nquads(store)
    ended = threading.Event()

    def kill_all() -> None:
        while not ended.wait(0.01):
            for child in started():
                with suppress(ProcessLookupError):
                    os.kill(child, signal.SIGKILL)

    killer = threading.Thread(target=kill_all)
    killer.start()
    line = r"(avon|bath|bristol|small-review): the process at work on it ended .* \(status -9\)"
    try:
        with pytest.raises(ProcessError, match=line):
            build_store(four, ontology_folder, store)
    finally:
        ended.set()
        killer.join()
    assert nquads(store) == before
    assert started() == []


@pytest.mark.usefixtures("three_at_once")
def test_a_store_that_is_not_there(ontology_folder: Path, store: Path) -> None:
    with pytest.raises(StoreError, match="there is no store here yet"):
        list(validate_store(store, ontology_folder, NAMES))


@pytest.mark.parametrize(
    ("given", "reviews", "jobs"), [("2", 5, 2), ("1", 5, 1), ("8", 5, 5), ("8", 2, 1), ("8", 0, 1)]
)
def test_how_many_processes(
    given: str, reviews: int, jobs: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(JOBS_VARIABLE, given)
    assert jobs_for(reviews) == jobs


def test_as_many_processes_as_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(JOBS_VARIABLE, raising=False)
    assert jobs_for(1000) == len(os.sched_getaffinity(0))


@pytest.mark.parametrize("given", ["0", "-1", "two", "1.5", "²"])
def test_a_number_of_processes_that_is_none(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(JOBS_VARIABLE, given)
    with pytest.raises(ProcessError, match="set it to a number from 1"):
        jobs_for(5)
