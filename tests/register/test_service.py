"""A register that an earlier version kept on a SPARQL service: it is read, and taken over."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, Variable

from compactgraph.answers.review_graph import ReviewGraph
from compactgraph.answers.tables.destinations import table_of_destinations
from compactgraph.build.pipeline import build_store, take_in_decisions
from compactgraph.common.identifiers import LAYERS, ReviewIRIs
from compactgraph.common.namespaces import CG, REGISTER_GRAPH
from compactgraph.deciding.desk import Desk
from compactgraph.errors import (
    CompactgraphError,
    ConflictError,
    RegisterError,
    ServiceError,
)
from compactgraph.paths import REGISTER_VARIABLE
from compactgraph.register.chain import Kept, entries_of, flaws_of
from compactgraph.register.entry import Body, Head, Kind
from compactgraph.register.followed import FollowedEntries
from compactgraph.register.registers import Register, register_at
from compactgraph.register.service import ServiceRegister
from compactgraph.register.transfer import export_register, import_register, verify
from compactgraph.service.client import Patience, Service
from compactgraph.service.dataset import RemoteDataset
from compactgraph.store.lease import lease
from compactgraph.store.load_notes import read_notes, triples_of
from compactgraph.store.loading import Load
from compactgraph.store.oxigraph import canonical_nquads, open_with_manifest
from compactgraph.store.storage import open_dataset
from tests.support.bodies import STRANGE, entered, kept_of, note
from tests.support.changes import Standing
from tests.support.engines import ENGINES, Engine, missing
from tests.support.faulty import FaultyService, faulty_service, hangs_up
from tests.support.graph_registers import state, writing

PATIENT = Patience(connect=5, read=30, tries=3, whole=30, first_wait=0.01)
ODD = "Because “é” " + "".join(STRANGE) + ' \\ " \r\n\t ﻿'
AGREED = Body(
    Kind.AGREE, ("Ann Lee", "Bo Okafor"), "2026-10-05", item="1.11-r1/moves/vcse-strategy", why=ODD[:9]
)
AMENDED = Body(
    Kind.AMEND, ("Bo Okafor",), "2026-10-12", item="3.2-r1/stays/new-compact", dispositions=("keep",)
)


def words_of(register: Register, review: str = "bristol") -> list[str]:
    """Return the words of a review's notes, having seen that the register is whole."""
    kept = register.kept(review)
    assert flaws_of(review, kept, noted=register.noted().get(review, Head())) == []
    return [entry.body.why for entry in entries_of(review, kept)]


def stated(location: str) -> set[Quad]:
    """Return all that stands in the graph of the register."""
    service = Service(location, os.environ)
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
        return ServiceRegister(self.location)

    def empty(self) -> None:
        """Take away what earlier tests have left of Bristol."""
        service = Service(self.location, os.environ)
        Load(service).drop_review("bristol")
        service.update(f"CLEAR SILENT GRAPH {NamedNode(REGISTER_GRAPH)}")

    def holds(self, review: str, *writings: Sequence[Kept]) -> ServiceRegister:
        """Return the register, in which a review has entries that were written together or apart."""
        for each in writings:
            state(self.location, writing(review, each))
        return self.register()


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
    assert register.name == place.location


def test_entries_are_kept_as_they_are_and_in_their_order(place: Place) -> None:
    kept = kept_of(map(note, [ODD, "", "x" * 3000]), "order")
    register = place.holds("order", *([each] for each in kept))
    assert register.kept("order") == kept
    assert register.read("order", 2) == (kept[2:], kept[-1].head)
    assert register.heads()["order"] == kept[-1].head
    assert words_of(register, "order") == [ODD, "", "x" * 3000]


def test_reviews_are_apart(place: Place) -> None:
    for review, words in (("apart", "ab"), ("apart-2", "c")):
        place.holds(review, *([each] for each in kept_of(map(note, words), review)))
    register = place.register()
    assert (words_of(register, "apart"), words_of(register, "apart-2")) == (["a", "b"], ["c"])
    heads = register.heads()
    assert (heads["apart"].number, heads["apart-2"].number) == (2, 1)


def test_two_hundred_entries_of_one_writing(place: Place) -> None:
    words = [f"{place:03d} " + "ü" * 400 for place in range(200)]
    register = place.holds("many", kept_of(map(note, words), "many"))
    assert words_of(register, "many") == words
    assert len(on(place.location, "many", "registerEntries")) > 10


def test_the_longest_entry_is_kept(place: Place) -> None:
    register = place.holds("long", kept_of([note("“" * 99_000)], "long"))
    assert words_of(register, "long") == ["“" * 99_000]


def test_a_service_keeps_no_new_entries(place: Place) -> None:
    register = place.register()
    for attempt in (
        lambda: FollowedEntries(register, "new").add(lambda held: entered([note("a")], held, "new")),
        lambda: register.restore({"new": kept_of([note("a")], "new")}),
    ):
        with pytest.raises(RegisterError) as caught:
            attempt()
        assert str(caught.value) == (
            f"{place.location}: a SPARQL service keeps no register; set COMPACTGRAPH_REGISTER to a "
            "file, or to the address of a PostgreSQL database (docs/reference/engines.md)"
        )


# The whole way


def test_what_stands_on_a_service_is_taken_over_with_every_hash(
    place: Place,
    data_folder: Path,
    ontology_folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The graph that was made with the earlier register goes on with the one that took its place."""
    place.empty()
    beside = Desk(*built_beside(data_folder, ontology_folder, tmp_path), "bristol")
    beside.record([AGREED], "os:minutes")
    kept = beside.register.kept("bristol")
    place.holds("bristol", kept)
    build_store(data_folder, ontology_folder, place.location)
    with pytest.raises(RegisterError, match="a SPARQL service keeps no register"):
        Desk(place.location, ontology_folder, "bristol").record([AMENDED], "os:minutes")
    before = {each.review: each for each in verify(place.location)}
    assert (before["bristol"].head, before["bristol"].flaws) == (kept[-1].head, ())

    export_register(place.location, tmp_path / "exported", "bristol")
    monkeypatch.setenv(REGISTER_VARIABLE, str(tmp_path / "taken-over.register"))
    with pytest.raises(RegisterError, match="lacks decisions on bristol that the graph was made with"):
        Desk(place.location, ontology_folder, "bristol").record([AMENDED], "os:minutes")
    assert import_register(place.location, tmp_path / "exported") == {"bristol": 1}
    assert register_at(place.location).kept("bristol") == kept
    (checked,) = verify(place.location, [kept[-1].hash])
    assert (checked.head, checked.flaws) == (kept[-1].head, ())
    assert take_in_decisions(ontology_folder, place.location) == []
    Desk(place.location, ontology_folder, "bristol").record([AMENDED], "os:minutes")
    assert register_at(place.location).kept("bristol")[:1] == kept
    assert place.register().kept("bristol") == kept


def built_beside(data: Path, ontology: Path, folder: Path) -> tuple[Path, Path]:
    build_store(data, ontology, folder / "beside")
    return folder / "beside", ontology


def test_decisions_on_a_service_are_what_they_are_beside_a_folder(
    place: Place,
    bristol_folder: Path,
    data_folder: Path,
    ontology_folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = Path(shutil.copytree(bristol_folder, tmp_path / "store"))
    place.empty()
    build_store(data_folder, ontology_folder, place.location)
    Desk(folder, ontology_folder, "bristol").record([AGREED, AMENDED], "os:minutes")
    state(place.location, writing("elsewhere", kept_of([note("a")], "elsewhere")))
    monkeypatch.setenv(REGISTER_VARIABLE, str(tmp_path / "named.register"))
    desk = Desk(place.location, ontology_folder, "bristol")
    for body in (AGREED, AMENDED):
        assert desk.record([body], "os:minutes").notice == ""
    with pytest.raises(ConflictError):
        desk.record([AGREED], "os:minutes")

    def table(location: str | Path) -> object:
        return table_of_destinations(ReviewGraph(open_dataset(location), ontology_folder, "bristol"))

    rows = table(folder)
    assert table(place.location) == rows
    kept = register_at(place.location).kept("bristol")
    assert [entry.body.why for entry in entries_of("bristol", kept)] == [AGREED.why, ""]

    # The notes of the build are still true.
    service = Service(place.location, os.environ)
    noted = read_notes(service)
    assert noted is not None
    quads = list(open_dataset(place.location).quads_for_pattern(None, None, None, None))
    assert (noted["quads"], noted["unfinished"]) == (len(quads), {})
    assert noted["reviews"][0]["register"] == register_at(place.location).heads()["bristol"].hash

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
    Load(service).drop_review("bristol")
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
    place.empty()
    build_store(data_folder, ontology_folder, place.location)
    monkeypatch.setattr("compactgraph.deciding.desk.PATIENCE", 0.5)
    monkeypatch.setenv(REGISTER_VARIABLE, str(tmp_path / "during.register"))
    service = Service(place.location, os.environ)
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
    assert register_at(folder).kept("bristol") == register_at(place.location).kept("bristol")
    take_in_decisions(ontology_folder, folder)
    mine, its = (
        list(canonical_nquads(open_dataset(location).quads_for_pattern(None, None, None, None)))
        for location in (place.location, folder)
    )
    assert mine == its


# Services that fail


def register_of(faulty: FaultyService, patience: Patience = PATIENT) -> ServiceRegister:
    return ServiceRegister(f"{faulty.url}/query", patience=patience)


def seed(faulty: FaultyService, *words: str) -> None:
    """Put a note of each of some words in the register, each written by itself."""
    for each in kept_of(map(note, words)):
        state(f"{faulty.url}/query", writing("bristol", [each]))


@pytest.fixture
def faulty(monkeypatch: pytest.MonkeyPatch) -> Iterator[FaultyService]:
    with faulty_service() as service:
        for name, value in service.environment.items():
            monkeypatch.setenv(name, value)
        yield service


def test_what_is_read_needs_no_right_to_write(
    faulty: FaultyService, monkeypatch: pytest.MonkeyPatch
) -> None:
    seed(faulty, "a")
    monkeypatch.delenv("COMPACTGRAPH_UPDATE")
    assert words_of(ServiceRegister(f"{faulty.url}/ask", patience=PATIENT)) == ["a"]


def test_a_service_that_is_away_is_not_taken_for_an_empty_register(faulty: FaultyService) -> None:
    faulty.script = [hangs_up] * 100
    with pytest.raises(ServiceError, match="the connection broke"):
        register_of(faulty).heads()
    with pytest.raises(ServiceError, match="the connection broke"):
        register_of(faulty).kept("bristol")


def test_a_service_that_cuts_its_answers_gives_all_entries(faulty: FaultyService) -> None:
    words = [str(number) for number in range(12)]
    seed(faulty, *words)
    faulty.cap = 10
    assert words_of(register_of(faulty)) == words


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
    service = Service(f"{faulty.url}/query", os.environ, patience=PATIENT)
    Load(service).put_review("bristol", quads, summary)
    seed(faulty, "a")
    written = stated(f"{faulty.url}/query")
    anew = standing_anew(faulty)
    before = triples_of(service, "review/bristol")
    Load(service).put_standing("bristol", Standing(anew), {**summary, "register": "sha256:7"})
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
    service = Service(f"{faulty.url}/query", os.environ, patience=PATIENT)
    Load(service).put_review("bristol", quads, summary)
    seed(faulty, "a")
    written = stated(f"{faulty.url}/query")
    anew = standing_anew(faulty)
    counted = {**triples_of(service, "review/bristol"), GRAPHS.graph("standing"): len(anew)}
    faulty.fails_after = 2
    with pytest.raises(ServiceError):
        Load(service).put_standing("bristol", Standing(anew), summary)
    faulty.fails_after = None
    noted = read_notes(service)
    assert noted is not None
    assert (noted["unfinished"], noted["reviews"]) == ({"bristol": counted, "whole": {}}, [])
    assert triples_of(service, "review/bristol") == counted
    Load(service).put_standing("bristol", Standing(anew), summary)
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
def test_what_was_altered_is_found(alteration: str, faulty: FaultyService) -> None:
    kind, change, flaw = ALTERATIONS[alteration]
    register = register_of(faulty)
    seed(faulty, "a", "b", "c")
    altered(faulty, kind, change)
    flaws = flaws_of("bristol", register.kept("bristol"), noted=register.noted()["bristol"])
    assert f"bristol {flaw}" in [str(each) for each in flaws]
    with pytest.raises(RegisterError, match="the register is not whole: bristol d"):
        entries_of("bristol", *register.read("bristol"))


def test_a_record_that_is_none_is_refused(faulty: FaultyService) -> None:
    register = register_of(faulty)
    seed(faulty, "a")
    altered(faulty, "registerRecord", lambda text: ["x" + text])
    for ask in (register.heads, lambda: register.kept("bristol")):
        with pytest.raises(RegisterError) as caught:
            ask()
        line = "the register is damaged (a record in it is invalid); restore it from a copy"
        assert str(caught.value) == line


def test_what_others_state_there_is_of_no_account(faulty: FaultyService) -> None:
    register = register_of(faulty)
    seed(faulty, "a")
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
