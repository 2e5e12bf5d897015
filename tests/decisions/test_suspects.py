"""What rests on words that have changed; and the register beside a graph that is older, or newer."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from compactgraph.answers.review_graph import ReviewGraph
from compactgraph.answers.tables.decisions import history
from compactgraph.build.pipeline import build_store, take_in_decisions
from compactgraph.common.fingerprints import fingerprint
from compactgraph.deciding import desk as desk_module
from compactgraph.deciding.desk import Desk
from compactgraph.errors import EntryError, RegisterError, UnknownNameError
from compactgraph.paths import register_file
from compactgraph.register.entry import Body
from compactgraph.store.folder import read_manifest
from compactgraph.store.oxigraph import canonical_nquads, open_store
from compactgraph.store.storage import FolderStorage
from tests.support.decided import RECORDER, change_words
from tests.support.desks import body, now, rows_of

MOVES_4_4 = "4.4-r1/moves/vcse-strategy"


@pytest.fixture
def store(bristol_folder: Path, tmp_path: Path) -> Path:
    """Return a copy of Bristol's store, on which nothing was decided."""
    return Path(shutil.copytree(bristol_folder, tmp_path / "store"))


@pytest.fixture
def desk(store: Path, ontology_folder: Path) -> Desk:
    return Desk(store, ontology_folder, "bristol")


# What rests on words that have changed


@pytest.fixture
def changed(
    decided_folder: Path, data_folder: Path, ontology_folder: Path, tmp_path: Path
) -> tuple[Path, Desk]:
    """Return a copy of the data of which words were changed, and a desk on the store built of it."""
    store, data = tmp_path / "store", Path(shutil.copytree(data_folder, tmp_path / "data"))
    shutil.copytree(decided_folder, store)
    shutil.copy(register_file(decided_folder), register_file(store))
    change_words(data)
    before = register_file(store).read_bytes()
    assert build_store(data, ontology_folder, store).reviews[0].suspects == 4
    assert register_file(store).read_bytes() == before
    return data, Desk(store, ontology_folder, "bristol")


READ_BY_HAND = "reading/3.8-r1/bears-on/3.3"


def suspects(desk: Desk) -> dict[str, tuple[str, ...]]:
    return dict(desk.situation().stood.suspects)


def written(item: str, *origins: str) -> Body:
    return body(
        "write-draft",
        item,
        date="2026-11-20",
        role="commitment",
        text="Say it in time.",
        derives_from=origins,
    )


def confirmation(item: str, **values: Any) -> Body:
    return body("confirm", item, date="2026-11-20", **values)


def test_what_rests_on_changed_words_is_suspect_until_a_person_confirms_it(
    changed: tuple[Path, Desk],
) -> None:
    _, desk = changed
    assert suspects(desk) == {
        "decision/1": ("1.11",),
        "decision/13": ("1.11",),
        READ_BY_HAND: ("3.8-r1",),
        "draft/2/1.5": ("1.10",),
    }
    found = history(ReviewGraph(open_store(Path(desk.location)), desk.ontology, "bristol"))
    assert {d.name: d.changed for d in found if d.suspect} == {"d1": ("1.11",), "d13": ("1.11",)}
    # A suspect decision still holds: only a person can say that it does not.
    assert now(desk, "1.11")[2] == [
        "1.11-r1: remove+better-placed-elsewhere → moves vcse-strategy, applied"
    ]

    with pytest.raises(UnknownNameError) as caught:
        desk.record([confirmation("decision/2")], RECORDER)
    assert str(caught.value) == ("unknown suspect 'decision/2'; nearest: decision/1, decision/13")

    recorded = desk.record([confirmation("decision/1"), confirmation(READ_BY_HAND)], RECORDER)
    assert {e.body.item: (e.body.provision, sorted(e.body.fingerprints)) for e in recorded.entries} == {
        "decision/1": ("1.11", ["1.11", "1.11-r1"]),
        READ_BY_HAND: ("3.8", ["3.8-r1"]),
    }
    assert suspects(desk) == {"decision/13": ("1.11",), "draft/2/1.5": ("1.10",)}
    desk.record([confirmation("decision/13"), confirmation("draft/2/1.5")], RECORDER)
    assert suspects(desk) == {}
    found = history(ReviewGraph(open_store(Path(desk.location)), desk.ontology, "bristol"))
    assert [(d.name, d.item) for d in found if d.kind == "confirm"] == [
        ("d30", "decision/1"),
        ("d31", READ_BY_HAND),
        ("d32", "decision/13"),
        ("d33", "draft/2/1.5"),
    ]


def test_a_confirmation_holds_for_the_words_that_it_was_made_on_alone(
    changed: tuple[Path, Desk],
) -> None:
    data, desk = changed
    desk.record([confirmation("decision/1"), confirmation(READ_BY_HAND)], RECORDER)
    source = data / "bristol" / "source.txt"
    text = source.read_text(encoding="utf-8")
    assert text.count("community assets") == text.count("above all") == 1
    source.write_text(
        text.replace("community assets", "what a community owns").replace("above all", "chiefly"),
        encoding="utf-8",
    )
    store = Path(desk.location)
    build_store(data, desk.ontology, store)
    again = Desk(store, desk.ontology, "bristol")
    assert suspects(again) == {
        "decision/1": ("1.11",),
        "decision/13": ("1.11",),
        READ_BY_HAND: ("3.8-r1",),
        "draft/2/1.5": ("1.10",),
    }


def test_a_draft_rests_on_the_words_from_which_the_drafts_before_were_made(
    changed: tuple[Path, Desk],
) -> None:
    _, desk = changed
    desk.record([body("begin-draft", "", date="2026-11-20")], RECORDER)
    of_drafts = {name: texts for name, texts in suspects(desk).items() if name.startswith("draft/")}
    assert of_drafts == {"draft/3/1.5": ("1.10",)}  # Taken over as it was.

    desk.record([written("1.5", "draft/2/1.5")], RECORDER)
    assert suspects(desk)["draft/3/1.5"] == ("1.10",)
    (recorded,) = desk.record([confirmation("draft/3/1.5")], RECORDER).entries
    assert sorted(recorded.body.fingerprints) == ["1.10", "draft/2/1.5"]
    assert "draft/3/1.5" not in suspects(desk)

    desk.record([body("begin-draft", "", date="2026-11-20")], RECORDER)
    assert "draft/4/1.5" not in suspects(desk)  # What was confirmed is taken over too.
    desk.record([written("1.6", "1.10", "draft/3/1.5")], RECORDER)
    assert {name for name in suspects(desk) if name.startswith("draft/")} == set()


def test_words_that_are_again_what_they_were_are_suspect_no_longer(
    changed: tuple[Path, Desk], data_folder: Path
) -> None:
    data, desk = changed
    shutil.copy(data_folder / "bristol" / "source.txt", data / "bristol" / "source.txt")
    build_store(data, desk.ontology, desk.location)
    assert suspects(Desk(desk.location, desk.ontology, "bristol")) == {}


def test_words_that_change_while_they_are_looked_at_are_not_confirmed(
    changed: tuple[Path, Desk],
) -> None:
    _, desk = changed
    shown = confirmation("decision/1", fingerprints={"1.11": fingerprint("Support the VCS.")})
    with pytest.raises(EntryError) as caught:
        desk.record([shown], RECORDER)
    assert str(caught.value) == (
        "the words on which decision/1 rests have changed since they were shown; read them again"
    )


def test_what_is_newly_said_of_a_provision_makes_decisions_on_it_suspect(
    data_folder: Path, ontology_folder: Path, store: Path, tmp_path: Path
) -> None:
    data = Path(shutil.copytree(data_folder, tmp_path / "data"))
    Desk(store, ontology_folder, "bristol").record([body("agree", MOVES_4_4)], RECORDER)
    source = data / "bristol" / "source.txt"
    text = source.read_text(encoding="utf-8")
    wider = text.replace(
        "wider social objectives.\t> Remove", "wider social objectives.\tWho says so? > Remove"
    )
    assert wider != text
    source.write_text(wider, encoding="utf-8")
    assert build_store(data, ontology_folder, store).reviews[0].suspects == 1
    assert suspects(Desk(store, ontology_folder, "bristol")) == {"decision/1": ("4.4-c1",)}


# The register and the graph beside it


def test_a_review_that_is_built_anew_stands_as_before(
    decided_folder: Path, data_folder: Path, ontology_folder: Path, tmp_path: Path
) -> None:
    store = tmp_path / "store"
    shutil.copy(register_file(decided_folder), register_file(store))
    before = register_file(store).read_bytes()
    build_store(data_folder, ontology_folder, store)
    assert register_file(store).read_bytes() == before
    # The graph that took in the decisions step by step is the one that was built of all of them.
    quads = [list(canonical_nquads(open_store(folder))) for folder in (store, decided_folder)]
    assert quads[0] == quads[1]
    manifests = [read_manifest(folder) for folder in (store, decided_folder)]
    assert manifests[0] == manifests[1]


LOST = (
    "lacks decisions on bristol that the graph was made with; restore the register from a copy, or "
    "delete the store and build it to go on without them"
)


@pytest.mark.parametrize("lost", ["all of it", "the last entry"])
def test_a_register_that_is_older_than_the_graph_is_refused_by_all_that_would_use_it(
    desk: Desk, data_folder: Path, lost: str
) -> None:
    store, register = Path(desk.location), register_file(desk.location)
    desk.record([body("agree", MOVES_4_4)], RECORDER)
    older = register.read_bytes()
    desk.record([body("agree", "5.3-r1/stays/new-compact")], RECORDER)
    newer = register.read_bytes()
    register.unlink()
    if lost == "the last entry":
        register.write_bytes(older)
    left = register.read_bytes() if register.exists() else None

    for use in (
        lambda: build_store(data_folder, desk.ontology, store),
        lambda: take_in_decisions(desk.ontology, store),
        lambda: desk.record([body("agree", "2.1-r1/dropped")], RECORDER),
    ):
        with pytest.raises(RegisterError) as caught:
            use()
        assert str(caught.value) == f"{register}: {LOST}"
    assert now(desk, "5.3")[2] == ["5.3-r1: keep → stays new-compact, agreed"]
    assert left is None or register.read_bytes() == left

    register.write_bytes(newer)
    desk.record([body("agree", "2.1-r1/dropped")], RECORDER)
    assert [entry.name for entry in desk.situation().entries] == ["d1", "d2", "d3"]


def test_the_store_can_be_deleted_to_go_on_without_what_was_lost(desk: Desk, data_folder: Path) -> None:
    desk.record([body("agree", MOVES_4_4)], RECORDER)
    register_file(desk.location).unlink()
    shutil.rmtree(desk.location)
    build_store(data_folder, desk.ontology, desk.location)
    again = Desk(desk.location, desk.ontology, "bristol")
    assert [e.name for e in again.record([body("reject", MOVES_4_4)], RECORDER).entries] == ["d1"]


def test_a_store_that_another_program_has_built_meanwhile(
    desk: Desk, data_folder: Path, tmp_path: Path
) -> None:
    data = Path(shutil.copytree(data_folder, tmp_path / "data"))
    change_words(data)
    command = [sys.executable, "-m", "compactgraph", "build"]
    command += ["--data", str(data), "--store", str(desk.location)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)

    # The desk was opened before: what it records was decided on the words of then, and says so.
    recorded = desk.record([body("agree", "1.11-r1/moves/vcse-strategy")], RECORDER)
    assert recorded.notice == ""
    again = Desk(desk.location, desk.ontology, "bristol")
    assert suspects(again) == {"decision/1": ("1.11",), READ_BY_HAND: ("3.8-r1",)}
    assert now(again, "1.11")[0] == "moved"


def test_what_is_recorded_while_a_build_is_under_way_is_shown_after_it(
    desk: Desk, data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk_module, "PATIENCE", 0.3)
    store = Path(desk.location)
    with FolderStorage(store).lock():
        recorded = desk.record([body("reject", MOVES_4_4)], RECORDER)
        assert recorded.notice == (
            "It is recorded; the graph will show it when the build under way is done."
        )
        assert now(desk, "4.4")[0] == "moved"
    assert build_store(data_folder, desk.ontology, store).built == ["bristol"]
    assert now(desk, "4.4")[0] == "undecided"


def test_what_is_recorded_is_there_though_the_graph_cannot_be_written(desk: Desk) -> None:
    store = Path(desk.location)
    (store / "lock").unlink(missing_ok=True)
    (store / "lock").mkdir()
    recorded = desk.record([body("reject", MOVES_4_4)], RECORDER)
    assert recorded.notice == (
        f"It is recorded; the graph does not show it yet: {store}: cannot be written (Is a directory); "
        "choose another store"
    )
    (store / "lock").rmdir()
    assert take_in_decisions(desk.ontology, store) == ["bristol"]
    assert take_in_decisions(desk.ontology, store) == []
    assert now(desk, "4.4")[0] == "undecided"


def test_the_review_as_it_stands_can_be_read_without_the_store(desk: Desk) -> None:
    entries = desk.check([body("reject", MOVES_4_4)], [], RECORDER)
    stood = desk.dataset(desk.situation(entries))
    assert rows_of(stood, desk.ontology, "4.4")[0].status == "rejected"  # type: ignore[arg-type]
    assert now(desk, "4.4")[2][0].endswith(", recommended")
    assert desk.register.heads() == {}


def test_there_is_no_review_of_that_name(bristol_folder: Path, ontology_folder: Path) -> None:
    desk = Desk(bristol_folder, ontology_folder, "bath")
    with pytest.raises(
        UnknownNameError, match=r"unknown movement '4\.4-r1/moves/vcse-strategy'; none is"
    ):
        desk.record([body("agree", MOVES_4_4)], RECORDER)
