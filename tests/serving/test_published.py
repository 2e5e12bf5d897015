"""What a long-lived process shows: how its store stands, and what is built, followed and kept."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pyoxigraph import Store

from compactgraph.build.pipeline import build_store
from compactgraph.deciding.desk import Desk
from compactgraph.errors import (
    CompactgraphError,
    EncodingError,
    FolderError,
    StoreBusyError,
    StoreError,
)
from compactgraph.paths import register_file
from compactgraph.register.followed import FollowedEntries
from compactgraph.serving.published import Condition, Served, Serving, open_served
from compactgraph.sparql.running import run_sparql
from tests.support.desks import body

PROJECT = Path(__file__).resolve().parents[2]
REVIEWS = "SELECT ?id { ?r a cg:Review ; dcterms:identifier ?id } ORDER BY ?id"


@pytest.fixture
def data(data_folder: Path, tmp_path: Path) -> Path:
    """Return a copy of the data folder that a test may change."""
    return Path(shutil.copytree(data_folder, tmp_path / "data"))


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
def serving(data: Path, ontology_folder: Path, store: Path) -> Serving:
    """Return what serves a store that is not built yet."""
    return Serving(data, ontology_folder, store)


@pytest.fixture
def built(serving: Serving, bristol_folder: Path, store: Path) -> Serving:
    """Return what serves a store that has been built."""
    shutil.copytree(bristol_folder, store)
    return serving


def change(data: Path) -> None:
    """Change the review's folder without changing what it says."""
    with (data / "bristol" / "review.toml").open("a", encoding="utf-8") as settings:
        settings.write("# a comment\n")


def reviews(served: Served) -> list[object]:
    """Return the reviews that the graph has, and check that the manifest has the same."""
    answer = run_sparql(served.store, REVIEWS)
    assert not isinstance(answer, bool)
    found = [row[0] for row in getattr(answer, "rows", [])]
    assert [review.identifier for review in served.reviews] == found
    return found


# How a store stands


def test_missing(serving: Serving) -> None:
    assert serving.condition() is Condition.MISSING
    with pytest.raises(StoreError, match="no store here yet"):
        serving.current()


def test_current(built: Serving) -> None:
    assert built.condition() is Condition.CURRENT


def test_what_is_up_to_date_is_looked_into_now_and_then(
    built: Serving, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    served = built.up_to_date()
    assert served is not None
    assert served is built.current()
    change(data)
    assert built.up_to_date() is served
    monkeypatch.setattr("compactgraph.serving.published.LOOKED_INTO", 0.0)
    later = Serving(built.data, built.ontology, built.location)
    assert later.up_to_date() is None


def test_a_build_that_failed_is_not_tried_at_once(
    built: Serving, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (data / "bristol" / "source.txt").write_bytes(b"")
    served = built.prepare()
    assert "source.txt" in served.notice
    assert built.up_to_date() is served
    monkeypatch.setattr("compactgraph.serving.published.TRIED_AGAIN", 0.0)
    built.prepare()
    assert built.up_to_date() is None


def test_stale_where_a_review_was_added(built: Serving, data: Path, cases_folder: Path) -> None:
    shutil.copytree(cases_folder / "small-review", data / "small-review")
    assert built.condition() is Condition.STALE


def test_stale_where_a_review_has_changed(built: Serving, data: Path) -> None:
    change(data)
    assert built.condition() is Condition.STALE


def test_stale_where_a_review_was_taken_away(
    two_reviews_data: Path, ontology_folder: Path, store: Path, data: Path
) -> None:
    build_store(two_reviews_data, ontology_folder, store)
    assert Serving(two_reviews_data, ontology_folder, store).condition() is Condition.CURRENT
    assert Serving(data, ontology_folder, store).condition() is Condition.STALE


def test_stale_where_all_reviews_rest_on_what_changed(built: Serving, data: Path) -> None:
    with (data / "references.ttl").open("a", encoding="utf-8") as references:
        references.write("# a comment\n")
    assert built.condition() is Condition.STALE


def test_reviews_that_cannot_be_read(built: Serving, data: Path) -> None:
    shutil.rmtree(data)
    assert built.condition() is Condition.STALE
    served = built.prepare()
    assert reviews(served) == ["bristol"]
    assert served.notice == (
        f"What is shown was built earlier, and could not be built anew: {data}: no review here; "
        "a review is a folder with a review.toml"
    )


def tables(store: Path) -> Iterator[Path]:
    """Yield the files of the published database that hold its quads."""
    generation = (store / "current").read_text(encoding="ascii")
    yield from (store / generation / "db").glob("*.sst")


def manifest(store: Path) -> Path:
    return store / (store / "current").read_text(encoding="ascii") / "manifest.json"


def spoil(path: Path) -> None:
    """Change some bytes in the middle of a file, and not its length."""
    content = bytearray(path.read_bytes())
    middle = len(content) // 3
    content[middle : middle + 64] = bytes(64)
    path.write_bytes(content)


DAMAGE: dict[str, Callable[[Path], object]] = {
    "no table": lambda store: [table.unlink() for table in tables(store)],
    "short tables": lambda store: [table.write_bytes(b"") for table in tables(store)],
    "wrong bytes": lambda store: [spoil(table) for table in tables(store)],
    "no database": lambda store: shutil.rmtree(manifest(store).parent / "db"),
    "no generation": lambda store: shutil.rmtree(manifest(store).parent),
    "manifest that is no JSON": lambda store: manifest(store).write_text("{"),
    "manifest that is no object": lambda store: manifest(store).write_text("[]"),
    "manifest that says nothing": lambda store: manifest(store).write_text('{"format": 3}'),
    "manifest without total": lambda store: manifest(store).write_text(
        '{"format": 3, "common": "", "reviews": []}'
    ),
    "current that names nothing": lambda store: (store / "current").write_text("generation-77"),
    "current that is no name": lambda store: (store / "current").write_text("../../elsewhere"),
    "current that is no text": lambda store: (store / "current").write_bytes(b"\xff\xfe"),
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_a_broken_store_is_built_anew(
    damage: Callable[[Path], object], built: Serving, store: Path
) -> None:
    damage(store)
    assert built.condition() in (Condition.BROKEN, Condition.STALE)
    served = built.prepare()
    assert reviews(served) == ["bristol"]
    assert served.notice == ""
    assert built.condition() is Condition.CURRENT


def test_a_broken_store_says_so(built: Serving, store: Path) -> None:
    manifest(store).write_text("{")
    assert built.condition() is Condition.BROKEN
    with pytest.raises(StoreError, match="is damaged"):
        built.current()


def test_what_another_version_built_is_built_anew(built: Serving, store: Path) -> None:
    manifest(store).write_text('{"format": 0}')
    assert built.condition() is Condition.MISSING
    assert reviews(built.prepare()) == ["bristol"]


def test_a_folder_that_no_build_wrote_is_left_alone(serving: Serving, store: Path) -> None:
    store.mkdir()
    (store / "current").write_text("someone's accounts")
    with pytest.raises(StoreError, match="is damaged"):
        serving.prepare()
    assert [path.name for path in store.iterdir()] == ["current"]
    assert (store / "current").read_text() == "someone's accounts"


def test_a_broken_store_is_shown_from_memory_meanwhile(built: Serving, store: Path) -> None:
    before = built.current()
    for table in tables(store):
        table.unlink()
    (store / "current").write_text("rubbish")
    assert built.current() is before
    assert reviews(built.current()) == ["bristol"]


# Opening, and following what is published


def test_a_small_store_is_in_memory_and_a_large_one_on_disk(bristol_folder: Path) -> None:
    small = open_served(bristol_folder)
    large = open_served(bristol_folder, memory_quads=small.manifest["quads"] - 1)
    assert isinstance(small.store, Store)
    assert isinstance(large.store, Store)
    small.store.flush()
    with pytest.raises(RuntimeError, match="read-write"):
        large.store.flush()
    assert set(small.store) == set(large.store)
    assert len(small.store) == small.manifest["quads"]
    assert small.generation == large.generation
    assert small.notice == large.notice == ""


def test_it_is_opened_once(built: Serving) -> None:
    first = built.current()
    assert built.current() is first
    assert built.fresh(first)


@pytest.mark.parametrize("memory_quads", [0, 300_000])
def test_a_newer_build_is_followed(
    memory_quads: int,
    data: Path,
    ontology_folder: Path,
    store: Path,
    cases_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("compactgraph.serving.published.MEMORY_QUADS", memory_quads)
    build_store(data, ontology_folder, store)
    serving = Serving(data, ontology_folder, store)
    first = serving.current()
    shutil.copytree(cases_folder / "small-review", data / "small-review")
    assert serving.current() is first
    build_store(data, ontology_folder, store)
    assert not serving.fresh(first)
    second = serving.current()
    assert reviews(second) == ["bristol", "small-review"]
    assert reviews(first) == ["bristol"]
    assert second.generation != first.generation


def test_a_folder_that_was_deleted_and_built_anew_is_followed(
    built: Serving, data: Path, ontology_folder: Path, store: Path
) -> None:
    first = built.current()
    shutil.rmtree(store)
    assert built.current() is first
    build_store(data, ontology_folder, store)
    assert (store / "current").read_text() == first.generation.partition("@")[0]
    assert not built.fresh(first)
    assert built.current().generation != first.generation


# Building


def test_what_is_missing_is_built_with_its_steps(serving: Serving) -> None:
    steps: list[tuple[str, float]] = []
    served = serving.prepare(lambda words, share: steps.append((words, share)))
    assert reviews(served) == ["bristol"]
    assert [words for words, _ in steps] == [
        "Reading the vocabularies",
        "Reading the document",
        "Reading what is recommended",
        "Working out where each provision goes",
        "Checking the graph",
        "Saving the graph",
        "Opening the graph",
    ]
    shares = [share for _, share in steps]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 0.95)
    assert serving.current() is served


def test_the_steps_of_several_reviews_name_them(
    two_reviews_data: Path, ontology_folder: Path, store: Path
) -> None:
    steps: list[str] = []
    Serving(two_reviews_data, ontology_folder, store).prepare(lambda words, share: steps.append(words))
    assert steps[1] == "bristol (1 of 2): Reading the document"
    assert steps[5] == "small-review (2 of 2): Reading the document"


def test_what_is_current_is_only_opened(built: Serving) -> None:
    steps: list[str] = []
    first = built.prepare(lambda words, share: steps.append(words))
    assert steps == ["Opening the graph"]
    assert built.prepare().store is first.store


def test_what_is_stale_is_built(built: Serving, data: Path) -> None:
    first = built.current()
    change(data)
    second = built.prepare()
    assert second.generation != first.generation
    assert second.notice == ""
    assert built.condition() is Condition.CURRENT


# Decisions


def recorded(serving: Serving) -> None:
    """Record a decision as another program does that was stopped before it brought the graph up."""
    desk = Desk(serving.location, serving.ontology, "bristol")
    entered = body("reject", "4.4-r1/moves/vcse-strategy")
    FollowedEntries(desk.register, "bristol").add(lambda held: desk.check([entered], held, "os:minutes"))


def outcome(served: Served) -> str:
    query = "SELECT ?o { ?p dcterms:identifier '4.4' ; cg:outcome/skos:notation ?o }"
    answer = run_sparql(served.store, query)
    assert not isinstance(answer, bool)
    ((found,),) = getattr(answer, "rows", [])
    return str(found)


def test_decisions_that_were_recorded_since_are_told_and_taken_in(built: Serving) -> None:
    before = built.prepare()
    recorded(built)
    assert built.condition() is Condition.STALE
    after = built.prepare()
    assert (outcome(before), outcome(after), after.notice) == ("moved", "undecided", "")
    assert after.generation != before.generation
    assert built.condition() is Condition.CURRENT


def test_a_broken_store_is_built_anew_with_what_was_decided(built: Serving, store: Path) -> None:
    recorded(built)
    assert outcome(built.prepare()) == "undecided"
    DAMAGE["short tables"](store)
    assert built.condition() is Condition.BROKEN
    served = Serving(built.data, built.ontology, store).prepare()
    assert (outcome(served), served.notice) == ("undecided", "")


def test_a_register_that_was_lost_takes_nothing_back(built: Serving, store: Path) -> None:
    recorded(built)
    before = built.prepare()
    register_file(store).unlink()
    served = built.prepare()
    assert (served.store, outcome(served)) == (before.store, "undecided")
    assert served.notice == (
        f"What is shown was built earlier, and could not be built anew: {register_file(store)}: lacks "
        "decisions on bristol that the graph was made with; restore the register from a copy, or delete "
        "the store and build it to go on without them"
    )


def test_a_register_that_cannot_be_read(built: Serving, store: Path) -> None:
    before = built.prepare()
    register_file(store).write_text("This is no register.\n" * 100)
    damaged = (
        f"{register_file(store)}: is not a register, or is damaged (file is not a database); restore it "
        "from a copy"
    )
    assert built.condition() is Condition.STALE
    served = built.prepare()
    assert served.store is before.store
    assert served.notice == (f"What is shown was built earlier, and could not be built anew: {damaged}")


# What cannot be read or built


def test_a_document_that_cannot_be_read(built: Serving, data: Path) -> None:
    before = built.current()
    (data / "bristol" / "source.txt").write_bytes(b"")
    served = built.prepare()
    assert (served.store, served.generation) == (before.store, before.generation)
    assert served.notice.startswith(
        f"What is shown was built earlier, and could not be built anew: {data}/bristol/source.txt: "
    )
    assert "\n" not in served.notice
    assert built.current() is served
    shutil.copy(PROJECT / "data" / "bristol" / "source.txt", data / "bristol" / "source.txt")
    assert built.prepare().notice == ""


def test_a_document_that_cannot_be_read_and_nothing_to_show(serving: Serving, data: Path) -> None:
    (data / "bristol" / "source.txt").write_bytes(b"")
    with pytest.raises(EncodingError):
        serving.prepare()
    assert serving.condition() is Condition.MISSING


def test_no_reviews_and_nothing_to_show(serving: Serving, data: Path) -> None:
    shutil.rmtree(data)
    with pytest.raises(FolderError, match="no review here"):
        serving.prepare()


def test_a_folder_that_cannot_be_written(built: Serving, data: Path, store: Path) -> None:
    (store / "lock").unlink()
    (store / "lock").mkdir()
    assert built.prepare().notice == ""
    change(data)
    served = built.prepare()
    assert reviews(served) == ["bristol"]
    assert served.notice == (
        f"What is shown was built earlier, and could not be built anew: {store}: cannot be written "
        "(Is a directory); choose another store"
    )


def test_a_folder_that_cannot_be_written_and_nothing_to_show(serving: Serving, store: Path) -> None:
    (store / "lock").mkdir(parents=True)
    with pytest.raises(StoreError, match=r"cannot be written \(Is a directory\)"):
        serving.prepare()


def test_a_progress_that_fails_leaves_the_store_as_it_was(serving: Serving) -> None:
    class GoneError(Exception):
        """A page that was closed."""

    def progress(words: str, share: float) -> None:
        if words == "Checking the graph":
            raise GoneError

    with pytest.raises(GoneError):
        serving.prepare(progress)
    assert serving.condition() is Condition.MISSING
    assert reviews(serving.prepare()) == ["bristol"]


# Several at once


HOLDER = """
import sys
from pathlib import Path
from compactgraph.store.storage import FolderStorage

with FolderStorage(Path(sys.argv[1])).lock():
    print("held", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def hold(store: Path) -> Iterator[subprocess.Popen[str]]:
    """Yield another process that holds the store's lock until it reads a line."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(store)],
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_another_build_is_waited_for(serving: Serving, hold: subprocess.Popen[str]) -> None:
    steps: list[str] = []

    def progress(words: str, share: float) -> None:
        if not steps and hold.stdin is not None:
            hold.stdin.write("\n")
            hold.stdin.flush()
        steps.append(words)

    assert reviews(serving.prepare(progress)) == ["bristol"]
    assert steps[0] == "Waiting for the build that another program has begun"


def test_another_build_that_does_not_end(
    serving: Serving, hold: subprocess.Popen[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("compactgraph.serving.published.PATIENCE", 0.5)
    with pytest.raises(StoreBusyError, match="another build is under way"):
        serving.prepare()


def test_another_build_while_there_is_something_to_show(
    built: Serving, data: Path, hold: subprocess.Popen[str]
) -> None:
    change(data)
    served = built.prepare()
    assert reviews(served) == ["bristol"]
    assert served.notice == "What is shown was built earlier; another program is building it anew."


def test_many_sessions_at_once_build_once(serving: Serving, store: Path) -> None:
    seen: dict[int, list[str]] = {}
    barrier = threading.Barrier(8)

    def visit(number: int) -> Served:
        steps = seen.setdefault(number, [])
        barrier.wait()
        return serving.prepare(lambda words, share: steps.append(words))

    with ThreadPoolExecutor(8) as threads:
        served = list(threads.map(visit, range(8)))
    assert len({id(each.store) for each in served}) == 1
    assert sorted(path.name for path in store.iterdir()) == ["current", "generation-1", "lock"]
    built_by = [number for number, steps in seen.items() if "Saving the graph" in steps[-2:]]
    assert len(built_by) >= 1
    assert all(steps[-1] == "Opening the graph" for steps in seen.values())


def test_many_sessions_follow_a_newer_build(
    built: Serving, data: Path, ontology_folder: Path, store: Path
) -> None:
    first = built.current()
    change(data)
    build_store(data, ontology_folder, store)
    with ThreadPoolExecutor(8) as threads:
        served = list(threads.map(lambda _: built.current(), range(64)))
    latest = built.current()
    assert built.fresh(latest)
    assert {each.generation for each in served} <= {first.generation, latest.generation}
    assert len({id(each) for each in served} - {id(first)}) <= 1


def test_every_error_of_a_build_is_plain(serving: Serving, data: Path) -> None:
    (data / "bristol" / "review.toml").write_text("title = ", encoding="utf-8")
    with pytest.raises(CompactgraphError) as caught:
        serving.prepare()
    assert "\n" not in str(caught.value)
