"""The register on a SPARQL service: whole, durable and in order, whoever writes and whatever fails."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, Variable

from compactgraph.answers.tables.destinations import table_of_destinations
from compactgraph.build.pipeline import build_store, take_in_decisions
from compactgraph.common.identifiers import LAYERS, ReviewIRIs
from compactgraph.common.namespaces import CG, REGISTER_GRAPH
from compactgraph.deciding.desk import Desk
from compactgraph.errors import (
    CompactgraphError,
    ConflictError,
    RegisterBusyError,
    RegisterError,
    ServiceError,
)
from compactgraph.register import service as module
from compactgraph.register.chain import Kept, entries_of, flaws_of
from compactgraph.register.entry import Body, Entry, Head, Kind
from compactgraph.register.registers import register_at
from compactgraph.register.service import PIECE, ServiceRegister
from compactgraph.service.client import Patience, Service
from compactgraph.service.dataset import RemoteDataset
from compactgraph.store.folder import canonical_nquads, open_with_manifest
from compactgraph.store.load_notes import triples_of
from compactgraph.store.loading import lease, read_notes, remove_review, write_review, write_standing
from compactgraph.store.storage import open_dataset
from tests.support.bodies import STRANGE, entered, kept_of, note
from tests.support.engines import ENGINES, Engine, missing
from tests.support.faulty import (
    FaultyService,
    Step,
    answers,
    behaves,
    busy,
    does_and_hangs,
    does_and_hangs_up,
    faulty_service,
    hangs,
    hangs_up,
)

PROJECT = Path(__file__).resolve().parents[2]
PATIENT = Patience(connect=5, read=30, tries=3, whole=30, first_wait=0.01)
QUICK = Patience(connect=5, read=2, tries=3, whole=30, first_wait=0.01)
ONCE = Patience(connect=5, read=30, tries=1, whole=30, first_wait=0.01)
ODD = "Because “é” " + "".join(STRANGE) + ' \\ " \r\n\t ﻿'
AGREED = Body(
    Kind.AGREE, ("Ann Lee", "Bo Okafor"), "2026-10-05", item="1.11-r1/moves/vcse-strategy", why=ODD[:9]
)
AMENDED = Body(
    Kind.AMEND, ("Bo Okafor",), "2026-10-12", item="3.2-r1/stays/new-compact", dispositions=("keep",)
)

Make = Callable[[list[Entry]], Sequence[Entry]]


def notes(*words: str, review: str = "bristol") -> Make:
    """Return what makes a note of each of some words."""
    return lambda held: entered(map(note, words), held, review)


def words_of(register: ServiceRegister, review: str = "bristol") -> list[str]:
    """Return the words of a review's notes, having seen that the register is whole."""
    kept = register.kept(review)
    assert flaws_of(review, kept, noted=register.noted().get(review, Head())) == []
    return [entry.body.why for entry in entries_of(review, kept)]


def stated(location: str) -> set[Quad]:
    """Return all that stands in the graph of the register."""
    service = Service.from_location(location, os.environ)
    return set(RemoteDataset(service, [REGISTER_GRAPH]).quads_for_pattern(None, None, None, None))


def on(location: str, review: str, kind: str) -> list[Quad]:
    """Return what stands there of one kind on a review."""
    node, predicate = NamedNode(f"{REGISTER_GRAPH}/{review}"), NamedNode(CG + kind)
    return [quad for quad in stated(location) if (quad.subject, quad.predicate) == (node, predicate)]


# On real servers


@dataclass(frozen=True)
class Place:
    """A running engine, whose addresses are in the environment."""

    engine: Engine

    @property
    def location(self) -> str:
        return self.engine.query_url

    def register(self) -> ServiceRegister:
        return ServiceRegister(self.location, patience=ONCE)


@pytest.fixture(scope="module", params=list(ENGINES))
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    if reason := missing(request.param):
        pytest.skip(reason)
    with ENGINES[request.param](tmp_path_factory.mktemp(request.param)) as engine:
        yield engine


@pytest.fixture
def place(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Place:
    for name, value in engine.environment.items():
        monkeypatch.setenv(name, value)
    return Place(engine)


def test_what_was_never_written_to_is_empty(place: Place) -> None:
    register = place.register()
    assert register.kept("nowhere") == []
    assert "nowhere" not in register.heads()
    assert register.append("nowhere", lambda held: []) == []
    assert register.kept("nowhere") == []
    assert register.name == place.location


def test_entries_are_kept_as_they_are_and_in_their_order(place: Place) -> None:
    register = place.register()
    words = [ODD, "", "x" * 3000]
    made = [register.append("order", notes(each, review="order")) for each in words]
    assert [entry.number for (entry,) in made] == [1, 2, 3]
    expected = [Kept.of(entry) for (entry,) in made]
    assert place.register().kept("order") == expected
    assert place.register().heads()["order"] == expected[-1].head
    assert words_of(register, "order") == words


def test_reviews_are_apart(place: Place) -> None:
    register = place.register()
    for review in ("apart", "apart-2", "apart"):
        register.append(review, notes(f"on {review}", review=review))
    assert words_of(register, "apart") == ["on apart"] * 2
    assert words_of(register, "apart-2") == ["on apart-2"]
    heads = register.heads()
    assert (heads["apart"].number, heads["apart-2"].number) == (2, 1)


def test_two_hundred_entries_are_one_writing(place: Place) -> None:
    register = place.register()
    words = [f"{place:03d} " + "ü" * 400 for place in range(200)]
    register.append("many", notes(*words, review="many"))
    assert words_of(register, "many") == words
    assert len(on(place.location, "many", "registerRecord")) == 1
    assert len(on(place.location, "many", "registerEntries")) > 10


def test_the_longest_entry_is_kept(place: Place) -> None:
    register = place.register()
    register.append("long", notes("“" * 99_000, review="long"))
    assert words_of(register, "long") == ["“" * 99_000]


def test_an_import_is_taken_in_once_and_only_where_it_goes_on(place: Place) -> None:
    register = place.register()
    kept = kept_of([note("a"), note("b"), note("c")], "restored")
    assert register.restore({"restored": kept[:2]}) == {"restored": 2}
    assert register.restore({"restored": kept, "restored-2": []}) == {"restored": 1, "restored-2": 0}
    assert register.restore({"restored": kept}) == {"restored": 0}
    assert register.kept("restored") == kept
    others = kept_of([note("a"), note("x")], "restored")
    fine = kept_of([note("new")], "restored-3")
    line = "restored d2: the register here has another entry; nothing was imported"
    with pytest.raises(RegisterError, match=line):
        register.restore({"restored-3": fine, "restored": others})
    assert register.kept("restored-3") == []
    register.append("restored", notes("d", review="restored"))
    assert words_of(register, "restored") == ["a", "b", "c", "d"]


def test_writers_at_once_lose_nothing(place: Place) -> None:
    failed: list[CompactgraphError] = []

    def write(writer: int) -> None:
        register = place.register()
        try:
            for number in range(10):
                register.append("crowd", notes(f"{writer}/{number}", review="crowd"))
        except CompactgraphError as error:
            failed.append(error)

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    words = words_of(place.register(), "crowd")
    for writer in range(4):
        assert [w for w in words if w.startswith(f"{writer}/")] == [f"{writer}/{n}" for n in range(10)]
    assert len(words) == 40


def test_two_who_enter_the_same_at_once_have_an_entry_each(place: Place) -> None:
    """Their entries have the same text, up to the number: neither is taken for the other's."""
    numbers: list[int] = []
    both = threading.Barrier(2)

    def write() -> None:
        def make(held: list[Entry]) -> list[Entry]:
            if not held:
                both.wait(30)
            return entered([note("the same")], held, "twins")

        numbers.append(place.register().append("twins", make)[0].number)

    threads = [threading.Thread(target=write) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(numbers) == [1, 2]
    assert words_of(place.register(), "twins") == ["the same"] * 2
    assert len(on(place.location, "twins", "registerEntries")) == 2


def test_what_the_second_of_two_makes_is_made_of_what_the_first_wrote(place: Place) -> None:
    register = place.register()
    held: list[int] = []

    def make(entries: list[Entry]) -> list[Entry]:
        held.append(len(entries))
        if not entries:
            place.register().append("second", notes("first", review="second"))
        if entries:
            raise ConflictError("it was decided meanwhile", [1])
        return entered([note("second")], entries, "second")

    with pytest.raises(ConflictError):
        register.append("second", make)
    assert held == [0, 1]
    assert words_of(register, "second") == ["first"]
    assert len(on(place.location, "second", "registerEntries")) == 1


# Killed at any moment


def test_a_server_that_is_killed_has_what_it_acknowledged(place: Place) -> None:
    chance = random.Random(20261130)
    told: list[str] = []
    for trial in range(3):

        def write(writer: int, trial: int = trial) -> None:
            register = place.register()
            for number in range(1000):
                words = f"{trial}/{writer}/{number}"
                try:
                    register.append("killed", notes(words, review="killed"))
                except (RegisterError, ServiceError):
                    return
                told.append(words)

        threads = [threading.Thread(target=write, args=(writer,)) for writer in range(2)]
        before = len(told)
        for thread in threads:
            thread.start()
        while len(told) < before + 2:
            time.sleep(0.05)
        time.sleep(chance.uniform(0, 1))
        place.engine.server.kill()
        for thread in threads:
            thread.join()
        place.engine.server.start()
        words = words_of(place.register(), "killed")
        assert set(told) <= set(words)
        assert len(words) == len(set(words))
        # Each writer may have been cut off in one that it was not told of.
        assert len(words) <= len(told) + 2 * (trial + 1)
    place.register().append("killed", notes("after", review="killed"))
    assert words_of(place.register(), "killed")[-1] == "after"


_WRITER = """
import sys
from tests.register.test_service import notes
from compactgraph.register.service import ServiceRegister
register = ServiceRegister(sys.argv[1])
for number in range(1000):
    register.append("cut", notes(f"{sys.argv[2]}/{number}", review="cut"))
    print(f"{sys.argv[2]}/{number}", flush=True)
"""


def test_a_writer_that_is_killed_leaves_its_entries_whole(place: Place) -> None:
    chance = random.Random(20261201)
    told: list[str] = []
    for trial in range(4):
        command = [sys.executable, "-c", _WRITER, place.location, str(trial)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=PROJECT) as writer:
            assert writer.stdout is not None
            told.append(writer.stdout.readline().strip())
            time.sleep(chance.uniform(0, 0.4))
            writer.send_signal(signal.SIGKILL)
            told += [line.strip() for line in writer.stdout if line.endswith("\n")]
        words = words_of(place.register(), "cut")
        assert set(told) <= set(words)
        assert len(words) == len(set(words)) <= len(told) + trial + 1
    place.register().append("cut", notes("after", review="cut"))
    words = words_of(place.register(), "cut")
    assert words[-1] == "after"
    assert len(words) == len(set(words)) <= len(told) + 5


# The whole way


def test_decisions_on_a_service_are_what_they_are_beside_a_folder(
    place: Place, bristol_folder: Path, data_folder: Path, ontology_folder: Path, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(bristol_folder, tmp_path / "store"))
    build_store(data_folder, ontology_folder, place.location)
    Desk(folder, ontology_folder, "bristol").record([AGREED, AMENDED], "os:minutes")
    desk = Desk(place.location, ontology_folder, "bristol")
    for body in (AGREED, AMENDED):
        assert desk.record([body], "os:minutes").notice == ""
    with pytest.raises(ConflictError):
        desk.record([AGREED], "os:minutes")

    def table(location: str | Path) -> object:
        return table_of_destinations(open_dataset(location), ontology_folder, "bristol")

    rows = table(folder)
    assert table(place.location) == rows
    assert [entry.body.why for entry in entries_of("bristol", place.register().kept("bristol"))] == [
        AGREED.why,
        "",
    ]

    # The notes of the build are still true.
    service = Service.from_location(place.location, os.environ)
    noted = read_notes(service)
    assert noted is not None
    quads = list(open_dataset(place.location).quads_for_pattern(None, None, None, None))
    assert (noted["quads"], noted["unfinished"]) == (len(quads), {})
    assert noted["reviews"][0]["register"] == place.register().heads()["bristol"].hash

    # No answer has the register itself.
    assert REGISTER_GRAPH not in {str(g.value) for g in open_dataset(place.location).named_graphs()}
    held = open_dataset(place.location).query(
        "SELECT ?s { ?s ?property ?o }",
        use_default_graph_as_union=True,
        substitutions={Variable("property"): NamedNode(CG + "registerRecord")},
    )
    assert isinstance(held, QuerySolutions)
    assert list(held) == []

    # Neither taking the review out nor building it anew touches the register.
    written = stated(place.location)
    assert written
    remove_review(service, "bristol")
    assert stated(place.location) == written
    assert build_store(data_folder, ontology_folder, place.location).built == ["bristol"]
    assert table(place.location) == rows
    assert take_in_decisions(ontology_folder, place.location) == []
    assert stated(place.location) == written


def test_what_was_decided_during_a_build_is_taken_in_afterwards(
    place: Place,
    bristol_folder: Path,
    data_folder: Path,
    ontology_folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    build_store(data_folder, ontology_folder, place.location)
    monkeypatch.setattr("compactgraph.deciding.desk.PATIENCE", 0.5)
    service = Service.from_location(place.location, os.environ)
    settled = Body(Kind.SETTLE, ("Chris O’Neill",), "2026-10-12", item="1.9", dispositions=("keep",))
    with lease(service):
        recorded = Desk(place.location, ontology_folder, "bristol").record([settled], "os:minutes")
    assert recorded.notice == "It is recorded; the graph will show it when the build under way is done."
    noted = read_notes(service)
    assert noted is not None
    assert noted["reviews"][0]["register"] != recorded.entries[-1].hash
    assert build_store(data_folder, ontology_folder, place.location).built == ["bristol"]

    # With the same entries, a folder has the same graph.
    folder = Path(shutil.copytree(bristol_folder, tmp_path / "store"))
    register_at(folder).restore({"bristol": place.register().kept("bristol")})
    take_in_decisions(ontology_folder, folder)
    mine, its = (
        list(canonical_nquads(open_dataset(location).quads_for_pattern(None, None, None, None)))
        for location in (place.location, folder)
    )
    assert mine == its


# Services that fail


def register_of(faulty: FaultyService, patience: Patience = PATIENT) -> ServiceRegister:
    return ServiceRegister(f"{faulty.url}/query", patience=patience)


@pytest.fixture
def faulty(monkeypatch: pytest.MonkeyPatch) -> Iterator[FaultyService]:
    with faulty_service() as service:
        for name, value in service.environment.items():
            monkeypatch.setenv(name, value)
        yield service


STEPS = ("query", "query", "update", "query", "update", "query", "update", "query", "update")
"""The requests of a first writing: to read, with a look whether answers are cut; for its text; to look,
to propose it, to look, to be certain of it, and to look again; for its record.
"""


def test_a_writing_takes_so_many_requests(faulty: FaultyService) -> None:
    register_of(faulty).append("bristol", notes("a"))
    assert [request.path for request in faulty.received] == [f"/{path}" for path in STEPS]
    register = register_of(faulty)
    register.heads()
    before = len(faulty.received)
    register.heads()
    assert len(faulty.received) == before + 1


def if_written(updating: Step, asking: Step) -> Step:
    """Behave in one way to an update, and in another to a query."""
    return lambda handler: (updating if handler.path == "/update" else asking)(handler)


PASSING: dict[str, Step] = {
    "the connection breaks before": hangs_up,
    "the connection breaks after": if_written(does_and_hangs_up, hangs_up),
    "it is busy": busy(),
    "it gave an update up": answers(
        b"Virtuoso 40001 Error SR172: Transaction deadlocked\n\nSPARQL query:\n",
        status=500,
        media="text/plain",
    ),
}


@pytest.mark.parametrize("step", range(len(STEPS)))
@pytest.mark.parametrize("fault", PASSING)
def test_what_passes_by_itself_is_not_noticed(fault: str, step: int, faulty: FaultyService) -> None:
    faulty.script = [*[behaves] * step, PASSING[fault]]
    register_of(faulty).append("bristol", notes("a"))
    assert faulty.script == []
    assert words_of(register_of(faulty)) == ["a"]
    register_of(faulty).append("bristol", notes("b"))
    assert words_of(register_of(faulty)) == ["a", "b"]


@pytest.mark.parametrize("step", [2, 4, 6, 8])
def test_an_update_that_was_made_and_not_answered_is_reported_as_made(
    step: int, faulty: FaultyService
) -> None:
    faulty.script = [*[behaves] * step, does_and_hangs]
    register_of(faulty, QUICK).append("bristol", notes("a"))
    assert len(faulty.received) == len(STEPS) + 1  # It is asked whether it is there.
    assert words_of(register_of(faulty)) == ["a"]


UNKNOWN = "it is not known whether this is recorded; look before you enter it again: "
REFUSED: dict[str, tuple[Step, str]] = {
    "nobody may": (
        answers(b"no", status=403, media="text/plain"),
        "asks for credentials (403); set COMPACTGRAPH_USER and COMPACTGRAPH_PASSWORD, or "
        "COMPACTGRAPH_TOKEN",
    ),
    "it fails": (
        answers(b"disk full\nat line 7", status=500, media="text/plain"),
        "refuses (500): disk full; see the service's own log",
    ),
}


@pytest.mark.parametrize("fault", REFUSED)
def test_a_writing_that_is_refused_is_not_there(fault: str, faulty: FaultyService) -> None:
    step, said = REFUSED[fault]
    faulty.script = [behaves, behaves, step]
    with pytest.raises(RegisterError) as caught:
        register_of(faulty).append("bristol", notes("a"))
    assert str(caught.value) == f"nothing was recorded: {faulty.url}/update {said}"
    assert len(faulty.store) == 0
    register_of(faulty).append("bristol", notes("b"))
    assert words_of(register_of(faulty)) == ["b"]


def test_a_long_writing_that_is_refused_leaves_nothing(faulty: FaultyService) -> None:
    step, _ = REFUSED["it fails"]
    faulty.script = [*[behaves] * 4, step]
    with pytest.raises(RegisterError, match=r"nothing was recorded: .* disk full"):
        register_of(faulty).append("bristol", notes("a" * 4 * PIECE))
    assert faulty.script == []
    assert len(faulty.store) == 0


@pytest.mark.parametrize("step", range(3, len(STEPS)))
@pytest.mark.parametrize("fault", REFUSED)
def test_a_writing_that_is_refused_on_its_way_is_there_once_or_not_at_all(
    fault: str, step: int, faulty: FaultyService
) -> None:
    refusing, said = REFUSED[fault]
    faulty.script = [*[behaves] * step, refusing]
    with pytest.raises(RegisterError) as caught:
        register_of(faulty).append("bristol", notes("a"))
    begin = "nothing was recorded: " if step < 4 else UNKNOWN
    assert str(caught.value) == f"{begin}{faulty.url}/{STEPS[step]} {said}"
    assert words_of(register_of(faulty)) == []
    register_of(faulty).append("bristol", notes("b"))
    # What was proposed by then is brought to its end by whoever writes next.
    assert words_of(register_of(faulty)) == (["b"] if step < 5 else ["a", "b"])


@pytest.mark.parametrize(
    ("end", "step"), [*(("gone", step) for step in range(len(STEPS))), ("silent", 1), ("silent", 8)]
)
def test_a_service_that_goes_away_has_the_writing_once_or_not_at_all(
    end: str, step: int, faulty: FaultyService
) -> None:
    away = hangs_up if end == "gone" else hangs
    faulty.script = [*[behaves] * step, *[away] * 100]
    with pytest.raises((RegisterError, ServiceError)) as caught:
        register_of(faulty, QUICK).append("bristol", notes("a"))
    message = str(caught.value)
    assert "\n" not in message
    assert message.startswith(
        faulty.url if step < 2 else "nothing was recorded: " if step < 4 else UNKNOWN
    )
    faulty.script = []
    assert words_of(register_of(faulty)) == []
    register_of(faulty).append("bristol", notes("b"))
    words = words_of(register_of(faulty))
    assert words == (["b"] if step < 5 else ["a", "b"])
    register_of(faulty).append("bristol", notes("c"))
    assert words_of(register_of(faulty)) == [*words, "c"]


@pytest.mark.parametrize("writes", range(4))
def test_a_writer_that_dies_is_survived(writes: int, faulty: FaultyService) -> None:
    faulty.fails_after = writes
    with pytest.raises(RegisterError):
        register_of(faulty, ONCE).append("bristol", notes("a"))
    faulty.fails_after = None
    for words in ("b", "c"):
        register_of(faulty).append("bristol", notes(words))
    assert words_of(register_of(faulty)) == [*(["a"] if writes > 1 else []), "b", "c"]


def test_what_is_read_needs_no_right_to_write(
    faulty: FaultyService, monkeypatch: pytest.MonkeyPatch
) -> None:
    register_of(faulty).append("bristol", notes("a"))
    monkeypatch.delenv("COMPACTGRAPH_UPDATE")
    register = ServiceRegister(f"{faulty.url}/ask", patience=PATIENT)
    assert words_of(register) == ["a"]
    with pytest.raises(RegisterError) as caught:
        register.append("bristol", notes("b"))
    assert str(caught.value) == (
        f"nothing was recorded: {faulty.url}/ask: where it takes updates is not known; "
        "set COMPACTGRAPH_UPDATE"
    )
    assert words_of(register) == ["a"]


def test_a_service_that_is_away_is_not_taken_for_an_empty_register(faulty: FaultyService) -> None:
    faulty.script = [hangs_up] * 100
    with pytest.raises(ServiceError, match="the connection broke"):
        register_of(faulty).heads()
    with pytest.raises(ServiceError, match="the connection broke"):
        register_of(faulty).kept("bristol")


def test_an_answer_that_has_a_record_and_not_yet_its_text_is_asked_for_again(
    faulty: FaultyService,
) -> None:
    """A service may read what it answers while it takes in what another writes."""
    register_of(faulty).append("bristol", notes("a"))
    (text,) = (q for q in faulty.store if q.predicate.value == CG + "registerEntries")

    def lacks_it(handler: Any) -> None:
        faulty.store.remove(text)
        behaves(handler)
        faulty.store.add(text)

    register = register_of(faulty)
    register.heads()
    faulty.script = [lacks_it]
    assert [each.number for each in register.kept("bristol")] == [1]
    assert faulty.script == []
    assert words_of(register) == ["a"]
    faulty.script = [lacks_it]
    register.append("bristol", notes("b"))
    assert words_of(register) == ["a", "b"]


def test_a_service_that_cuts_its_answers_gives_all_entries(faulty: FaultyService) -> None:
    faulty.cap = 10
    register = register_of(faulty)
    words = [str(number) for number in range(12)]
    for each in words:
        register.append("bristol", notes(each))
    assert words_of(register_of(faulty)) == words


def test_a_writer_who_never_gets_a_turn_is_told_so(
    faulty: FaultyService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.5)

    def make(held: list[Entry]) -> list[Entry]:
        register_of(faulty).append("bristol", notes("another"))
        return entered([note("mine")], held)

    with pytest.raises(RegisterBusyError) as caught:
        register_of(faulty).append("bristol", make)
    line = f"{faulty.url}/query: others write to it all the time; try again in a moment"
    assert str(caught.value) == line
    assert set(words_of(register_of(faulty))) == {"another"}


# What is written of the graph that follows

ATOMIC, STEPWISE = "Oxigraph/0.5.13", "Virtuoso/07.20"
GRAPHS = ReviewIRIs("bristol")


def in_graphs(quads: Iterable[Quad], layers: Sequence[str]) -> list[Quad]:
    return [q for q in quads if q.graph_name in [NamedNode(GRAPHS.graph(layer)) for layer in layers]]


@pytest.fixture(scope="module")
def built(bristol_folder: Path) -> tuple[list[Quad], dict[str, Any]]:
    """Return some quads of each of Bristol's graphs, and what a build notes of the review."""
    store, manifest = open_with_manifest(bristol_folder)
    quads = [quad for layer in LAYERS for quad in in_graphs(store, [layer])[:50]]
    return quads, manifest["reviews"][0]


def standing_anew(faulty: FaultyService) -> list[Quad]:
    held = in_graphs(faulty.store, ["standing"])
    old = held[0]
    named = [NamedNode(f"{GRAPHS.base}/{number}") for number in range(3)]
    return [*held[10:], *(Quad(node, old.predicate, old.object, old.graph_name) for node in named)]


@pytest.mark.parametrize("server", [ATOMIC, STEPWISE])
def test_only_the_graphs_that_follow_from_the_register_are_written_anew(
    server: str, faulty: FaultyService, built: tuple[list[Quad], dict[str, Any]]
) -> None:
    quads, summary = built
    faulty.server = server
    service = Service.from_location(f"{faulty.url}/query", os.environ, patience=PATIENT)
    write_review(service, "bristol", quads, summary)
    register_of(faulty).append("bristol", notes("a"))
    written = stated(f"{faulty.url}/query")
    anew = standing_anew(faulty)
    before = triples_of(service, "review/bristol")
    write_standing(service, "bristol", anew, {**summary, "register": "sha256:7"})
    for layers, expected in (
        (["source", "reading", "references"], in_graphs(quads, ["source", "reading", "references"])),
        (["standing"], anew),
        (["decisions"], []),
    ):
        assert set(in_graphs(faulty.store, layers)) == set(expected)
    counted = triples_of(service, "review/bristol")
    assert counted == {**before, GRAPHS.graph("standing"): len(anew)}
    assert counted == {
        graph: len(set(faulty.store.quads_for_pattern(None, None, None, NamedNode(graph))))
        for graph in GRAPHS.graphs
    }
    noted = read_notes(service)
    assert noted is not None
    assert (noted["quads"], sorted(noted["unfinished"])) == (sum(counted.values()), ["whole"])
    assert noted["reviews"] == [{**summary, "register": "sha256:7"}]
    assert stated(f"{faulty.url}/query") == written


def test_what_follows_is_known_to_be_cut_off_where_it_is(
    faulty: FaultyService, built: tuple[list[Quad], dict[str, Any]]
) -> None:
    quads, summary = built
    faulty.server = STEPWISE
    service = Service.from_location(f"{faulty.url}/query", os.environ, patience=PATIENT)
    write_review(service, "bristol", quads, summary)
    register_of(faulty).append("bristol", notes("a"))
    written = stated(f"{faulty.url}/query")
    anew = standing_anew(faulty)
    counted = {**triples_of(service, "review/bristol"), GRAPHS.graph("standing"): len(anew)}
    faulty.fails_after = 2
    with pytest.raises(ServiceError):
        write_standing(service, "bristol", anew, summary)
    faulty.fails_after = None
    noted = read_notes(service)
    assert noted is not None
    assert (noted["unfinished"], noted["reviews"]) == ({"bristol": counted, "whole": {}}, [])
    assert triples_of(service, "review/bristol") == counted
    write_standing(service, "bristol", anew, summary)
    noted = read_notes(service)
    assert noted is not None
    assert noted["reviews"] == [summary]
    assert set(in_graphs(faulty.store, ["standing"])) == set(anew)
    assert stated(f"{faulty.url}/query") == written


# Altered by hand


def altered(faulty: FaultyService, kind: str, change: Callable[[str], list[str]]) -> None:
    """Put other texts in the place of the last one of a kind."""
    held = on(f"{faulty.url}/query", "bristol", kind)
    said = {quad.object.value: quad for quad in held if isinstance(quad.object, Literal)}
    # A text does not begin with its place: the last one is known by its words.
    last = max(said, key=lambda text: ('\\"c\\"' in text, text))
    faulty.store.remove(said[last])
    for text in change(last):
        faulty.store.add(
            Quad(said[last].subject, said[last].predicate, Literal(text), NamedNode(REGISTER_GRAPH))
        )


ALTERATIONS: dict[str, tuple[str, Callable[[str], list[str]], str]] = {
    "a text": (
        "registerEntries",
        lambda text: [text.replace('\\"c\\"', '\\"x\\"')],
        "d3: was altered: its text does not have its hash",
    ),
    "a text, taken out": (
        "registerEntries",
        lambda text: [],
        "d3: was altered: its text does not have its hash",
    ),
    "a text, and a false one beside it": (
        "registerEntries",
        lambda text: [text, text.replace('\\"c\\"', '\\"x\\"')],
        "d3: was altered: its text does not have its hash",
    ),
    "a record, and a second for its place": (
        "registerRecord",
        lambda text: [text, text.removesuffix(" 1") + " 2"],
        "d3: does not follow the entry before it",
    ),
    "the hash in a record": (
        "registerRecord",
        lambda text: [text.replace("sha256:", "sha256:0")],
        "d3: is not the entry that the register's own note knows",
    ),
}


@pytest.mark.parametrize("alteration", ALTERATIONS)
def test_what_was_altered_is_found_and_nothing_is_added_to_it(
    alteration: str, faulty: FaultyService
) -> None:
    kind, change, flaw = ALTERATIONS[alteration]
    register = register_of(faulty)
    for words in "abc":
        register.append("bristol", notes(words))
    altered(faulty, kind, change)
    flaws = flaws_of("bristol", register.kept("bristol"), noted=register.noted()["bristol"])
    assert f"bristol {flaw}" in [str(each) for each in flaws]
    before = set(faulty.store)
    with pytest.raises(RegisterError, match="the register is not whole: bristol d"):
        register.append("bristol", notes("d"))
    assert set(faulty.store) == before


def test_a_record_that_is_none_is_refused(faulty: FaultyService) -> None:
    register = register_of(faulty)
    register.append("bristol", notes("a"))
    altered(faulty, "registerRecord", lambda text: ["x" + text])
    for ask in (register.heads, lambda: register.kept("bristol")):
        with pytest.raises(RegisterError) as caught:
            ask()
        line = "the register is damaged (a record in it is none); restore it from a copy"
        assert str(caught.value) == line


def test_a_vote_that_is_none_is_refused(faulty: FaultyService) -> None:
    place, graph = NamedNode(f"{REGISTER_GRAPH}/bristol/1"), NamedNode(REGISTER_GRAPH)
    faulty.store.add(Quad(place, NamedNode(CG + "registerVote"), Literal("all for me"), graph))
    with pytest.raises(RegisterError, match=r"damaged \(a vote on bristol/1 is none\); restore it"):
        register_of(faulty).append("bristol", notes("a"))
    assert words_of(register_of(faulty)) == []


def test_a_last_record_that_was_taken_out_comes_back_with_the_next(faulty: FaultyService) -> None:
    register = register_of(faulty)
    for words in "abc":
        register.append("bristol", notes(words))
    altered(faulty, "registerRecord", lambda text: [])
    assert words_of(register) == ["a", "b"]
    register.append("bristol", notes("d"))
    assert words_of(register) == ["a", "b", "c", "d"]


def test_what_others_state_there_is_of_no_account(faulty: FaultyService) -> None:
    register = register_of(faulty)
    register.append("bristol", notes("a"))
    node, graph = NamedNode(f"{REGISTER_GRAPH}/bristol"), NamedNode(REGISTER_GRAPH)
    for name, term in (
        ("label", Literal("register")),
        ("registerEntries", Literal("no text")),
        ("registerEntries", NamedNode("http://example.org/")),
    ):
        faulty.store.add(Quad(node, NamedNode(CG + name), term, graph))
    assert words_of(register) == ["a"]


def test_an_address_that_is_none_is_refused() -> None:
    with pytest.raises(CompactgraphError, match="COMPACTGRAPH_STORE is no address of a service"):
        register_at("http://")
