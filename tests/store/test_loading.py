"""The store on a service: loaded part by part, read back the same, and true about what is in place."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from compactgraph.build.pipeline import build_store
from compactgraph.common.identifiers import ReviewIRIs
from compactgraph.common.namespaces import BUILDS_GRAPH, CG, ONTOLOGY_GRAPH, REFERENCES_GRAPH
from compactgraph.errors import ServiceError, StoreBusyError
from compactgraph.paths import REGISTER_VARIABLE
from compactgraph.register.chain import following
from compactgraph.register.entry import Body, Kind
from compactgraph.register.followed import FollowedEntries
from compactgraph.register.registers import register_at
from compactgraph.service.client import Patience, Service
from compactgraph.service.dataset import RemoteDataset
from compactgraph.store.lease import lease
from compactgraph.store.load_notes import graphs_of, notes_of, read_notes
from compactgraph.store.loading import GraphState, Load, describe_load, state_of_load
from compactgraph.store.oxigraph import canonical_nquads, open_with_manifest
from tests.support.changes import Standing
from tests.support.engines import ENGINES, missing
from tests.support.faulty import FaultyService, answers, does_and_hangs_up, faulty_service

pytestmark = pytest.mark.slow

QUICK = Patience(connect=5, read=30, tries=2, whole=5, first_wait=0.01)
BUILD_NOTE = NamedNode(CG + "buildNote")
LEASE_NODE = NamedNode(f"{BUILDS_GRAPH}/lease")
OTHERS = Quad(*[NamedNode("http://example.org/others")] * 4)
NO_ROWS = b'{"head":{"vars":["subject"]},"results":{"bindings":[]}}'
ATOMIC, STEPWISE = "Oxigraph/0.5.13", "Virtuoso/07.20"


@dataclass(frozen=True)
class Built:
    """A store of two reviews as a build made it."""

    manifest: dict[str, Any]
    shared: list[Quad]
    reviews: dict[str, list[Quad]]

    def summary(self, review: str) -> dict[str, Any]:
        (summary,) = [r for r in self.manifest["reviews"] if r["identifier"] == review]
        return dict(summary)

    def load(self, service: Service, *reviews: str) -> None:
        Load(service).put_shared(self.shared)
        for review in reviews or self.reviews:
            Load(service).put_review(review, self.reviews[review], self.summary(review))
        Load(service).publish(self.manifest)

    def canonical(self, *reviews: str) -> list[bytes]:
        own = [quad for review in reviews for quad in self.reviews[review]]
        return list(canonical_nquads([*self.shared, *own]))


@pytest.fixture(scope="module")
def built(two_reviews_folder: Path) -> Built:
    store, manifest = open_with_manifest(two_reviews_folder)
    shared = [q for g in (ONTOLOGY_GRAPH, REFERENCES_GRAPH) for q in in_graph(store, g)]
    names = [review["identifier"] for review in manifest["reviews"]]
    reviews = {n: [q for g in ReviewIRIs(n).graphs for q in in_graph(store, g)] for n in names}
    return Built(manifest, shared, reviews)


def in_graph(store: Store, graph: str) -> list[Quad]:
    return list(store.quads_for_pattern(None, None, None, NamedNode(graph)))


def service_at(faulty: FaultyService, path: str = "/query") -> Service:
    environ = dict(faulty.environment)
    if path != "/query":
        del environ["COMPACTGRAPH_GRAPHS"]
    return Service(faulty.url + path, environ, patience=QUICK)


def read_back(service: Service) -> list[bytes]:
    """Return all that a reader of the store finds on a service."""
    notes = read_notes(service)
    assert notes is not None
    found = RemoteDataset(service, graphs_of(notes)).quads_for_pattern(None, None, None, None)
    return list(canonical_nquads(found))


def in_place(faulty: FaultyService, review: str) -> dict[str, list[bytes]]:
    """Return what really stands in a review's graphs."""
    graphs = ReviewIRIs(review).graphs
    return {graph: list(canonical_nquads(in_graph(faulty.store, graph))) for graph in graphs}


# Real servers


@pytest.fixture(scope="module", params=list(ENGINES))
def served(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Service]:
    if reason := missing(request.param):
        pytest.skip(reason)
    with ENGINES[request.param](tmp_path_factory.mktemp(request.param)) as engine:
        yield Service(engine.query_url, engine.environment)


def test_a_real_server_gives_back_what_was_loaded(served: Service, built: Built) -> None:
    assert read_notes(served) is None
    with lease(served):
        built.load(served)
    assert read_back(served) == built.canonical("bristol", "small-review")
    notes = read_notes(served)
    assert notes is not None
    assert notes["unfinished"] == {}
    assert notes["reviews"] == built.manifest["reviews"]
    assert (notes["common"], notes["quads"]) == (built.manifest["common"], built.manifest["quads"])


def test_a_real_server_takes_a_review_anew_and_lets_one_go(served: Service, built: Built) -> None:
    built.load(served)
    small = built.reviews["small-review"]
    Load(served).put_review("small-review", small[:100], built.summary("small-review"))
    expected = list(canonical_nquads([*built.shared, *built.reviews["bristol"], *small[:100]]))
    assert read_back(served) == expected
    Load(served).drop_review("small-review")
    assert read_back(served) == built.canonical("bristol")
    Load(served).drop_review("small-review")
    assert read_back(served) == built.canonical("bristol")


def test_a_real_server_is_held_by_one_build_at_a_time(served: Service) -> None:
    with lease(served), pytest.raises(StoreBusyError) as caught, lease(served):
        pass
    line = f"{served.name}: another build is under way there; try again when it is done"
    assert str(caught.value) == line
    with lease(served):
        pass


# What is written


@pytest.mark.parametrize("server", [ATOMIC, STEPWISE])
def test_only_the_stores_own_graphs_are_touched(built: Built, server: str) -> None:
    with faulty_service() as faulty:
        faulty.server = server
        faulty.store.add(OTHERS)
        service = service_at(faulty)
        built.load(service)
        Load(service).drop_review("bristol")
        assert OTHERS in faulty.store
        named = {str(graph).strip("<>") for graph in faulty.store.named_graphs()}
        notes = read_notes(service)
        assert notes is not None
        kept = {graph for graph in graphs_of(notes) if in_graph(faulty.store, graph)}
        assert named - {OTHERS.graph_name.value, BUILDS_GRAPH} == kept  # type: ignore[union-attr]


def test_an_atomic_server_is_sent_a_review_in_one_request(built: Built) -> None:
    with faulty_service() as faulty:
        faulty.server = ATOMIC
        service = service_at(faulty)
        read_notes(service)
        before = len(faulty.received)
        Load(service).put_review("bristol", built.reviews["bristol"], built.summary("bristol"))
        assert [request.path for request in faulty.received[before:]] == ["/update"]


def test_a_server_without_a_graph_store_is_sent_a_thousand_triples_at_once(built: Built) -> None:
    with faulty_service() as faulty:
        faulty.server = STEPWISE
        built.load(service_at(faulty, "/ask"))
        bodies = [request.body for request in faulty.received if request.path == "/update"]
        inserted = [body.count(b" .\n") for body in bodies]
        assert max(inserted) == 1000
        assert sum(inserted) == built.manifest["quads"]
        assert read_back(service_at(faulty)) == built.canonical("bristol", "small-review")


def test_a_server_that_cannot_be_updated_is_told_before_anything_is_written(built: Built) -> None:
    with faulty_service() as faulty:
        service = Service(f"{faulty.url}/ask", {}, patience=QUICK)
        with pytest.raises(
            ServiceError, match="where it takes updates is not known; set COMPACTGRAPH_UP"
        ):
            built.load(service)
        assert len(faulty.store) == 0


@pytest.mark.parametrize("server", [ATOMIC, STEPWISE])
def test_a_write_whose_answer_was_lost_is_written_again(built: Built, server: str) -> None:
    with faulty_service() as faulty:
        faulty.server = server
        service = service_at(faulty)
        read_notes(service)
        faulty.script += [does_and_hangs_up]
        built.load(service)
        assert read_back(service) == built.canonical("bristol", "small-review")


def test_each_finished_build_has_a_name_of_its_own(built: Built) -> None:
    with faulty_service() as faulty:
        service = service_at(faulty)
        names = set()
        for _ in range(3):
            Load(service).publish(built.manifest)
            notes = read_notes(service)
            assert notes is not None
            names.add(notes["build"])
        assert len(names) == 3


# A load that is cut off


@pytest.mark.parametrize("writes", range(4))
def test_an_atomic_load_cut_off_leaves_the_earlier_review(built: Built, writes: int) -> None:
    with faulty_service() as faulty:
        faulty.server = ATOMIC
        service = service_at(faulty)
        built.load(service, "bristol")
        earlier = in_place(faulty, "bristol")
        faulty.fails_after = writes
        newer = built.reviews["bristol"][:500]
        for size in (500, 400, 300)[:writes]:
            Load(service).put_review("bristol", newer[:size], built.summary("bristol"))
        with pytest.raises(ServiceError, match="the connection broke"):
            Load(service).put_review("bristol", newer[:200], built.summary("bristol"))
        faulty.fails_after = None
        sizes = [len(built.reviews["bristol"]), 500, 400, 300]
        there = in_place(faulty, "bristol")
        assert sum(map(len, there.values())) == sizes[writes]
        assert (there == earlier) is (writes == 0)
        notes = read_notes(service)
        assert notes is not None
        assert sorted(notes["unfinished"]) == []


@pytest.mark.parametrize("writes", range(8))
def test_a_stepwise_load_cut_off_says_exactly_what_is_in_place(built: Built, writes: int) -> None:
    with faulty_service() as faulty:
        faulty.server = STEPWISE
        service = service_at(faulty)
        built.load(service)
        earlier = in_place(faulty, "bristol")
        newer = built.reviews["bristol"][::2]
        faulty.fails_after = writes
        try:
            Load(service).put_review("bristol", newer, built.summary("bristol"))
            done = True
        except ServiceError:
            done = False
        faulty.fails_after = None
        notes = read_notes(service)
        assert notes is not None
        there = in_place(faulty, "bristol")
        if writes == 0:  # Nothing was begun: the earlier review is there, whole.
            assert (done, sorted(notes["unfinished"]), there) == (False, [], earlier)
            return
        if writes == 7:
            assert (done, sorted(notes["unfinished"]), sum(map(len, there.values()))) == (
                True,
                [],
                len(newer),
            )
            return
        assert (done, sorted(notes["unfinished"])) == (False, ["bristol"])
        expected = {graph: sum(q.graph_name == NamedNode(graph) for q in newer) for graph in there}
        assert state_of_load(service, notes) == [
            GraphState("bristol", graph, len(there[graph]), expected[graph]) for graph in sorted(there)
        ]
        # What was finished is still to be read, and the rest is not offered to readers.
        assert read_back(service) == built.canonical("small-review")
        triples = ", ".join(f"{g} {len(n):,} of {expected[g]:,}" for g, n in sorted(there.items()))
        assert describe_load(service, notes) == (
            f"{service.name}: a build is under way there, or was cut off; whole: small-review; "
            f"triples: {triples}"
        )
        Load(service).put_review("bristol", built.reviews["bristol"], built.summary("bristol"))
        assert read_back(service) == built.canonical("bristol", "small-review")


@pytest.mark.parametrize("writes", range(1, 7))
def test_a_stepwise_removal_cut_off_is_told_and_ended_by_the_next(built: Built, writes: int) -> None:
    with faulty_service() as faulty:
        faulty.server = STEPWISE
        service = service_at(faulty)
        built.load(service)
        faulty.fails_after = writes
        with pytest.raises(ServiceError):
            Load(service).drop_review("bristol")
        faulty.fails_after = None
        notes = read_notes(service)
        assert notes is not None
        assert sorted(notes["unfinished"]) == ["bristol"]
        Load(service).drop_review("bristol")
        assert not any(in_place(faulty, "bristol").values())
        assert read_back(service) == built.canonical("small-review")


# What follows from decisions, written anew


def test_only_what_changes_with_the_register_is_written_anew(built: Built) -> None:
    with faulty_service() as faulty:
        faulty.server = ATOMIC
        service = service_at(faulty)
        built.load(service)
        earlier, before = in_place(faulty, "bristol"), len(faulty.received)
        newer = [quad for quad in built.reviews["bristol"] if is_standing(quad)][:50]
        Load(service).put_standing(
            "bristol", Standing(newer), {**built.summary("bristol"), "suspects": 7}
        )
        assert [request.path for request in faulty.received[before:]] == ["/query", "/update"]
        there = in_place(faulty, "bristol")
        standing = ReviewIRIs("bristol").graph("standing")
        assert there == {**earlier, standing: list(canonical_nquads(newer))}
        notes = read_notes(service)
        assert notes is not None
        assert sorted(notes["unfinished"]) == []
        assert notes["quads"] == built.manifest["quads"] - len(earlier[standing]) + 50
        assert {r["identifier"]: r["suspects"] for r in notes["reviews"]} == {
            "bristol": 7,
            "small-review": 0,
        }


@pytest.mark.parametrize("writes", range(5))
def test_a_stepwise_writing_of_it_cut_off_says_exactly_what_is_in_place(
    built: Built, writes: int
) -> None:
    with faulty_service() as faulty:
        faulty.server = STEPWISE
        service = service_at(faulty)
        built.load(service)
        earlier = in_place(faulty, "bristol")
        newer = [quad for quad in built.reviews["bristol"] if is_standing(quad)][::2]
        faulty.fails_after = writes
        try:
            Load(service).put_standing("bristol", Standing(newer), built.summary("bristol"))
            done = True
        except ServiceError:
            done = False
        faulty.fails_after = None
        notes = read_notes(service)
        assert notes is not None
        there = in_place(faulty, "bristol")
        untouched = [ReviewIRIs("bristol").graph(name) for name in ("source", "reading", "references")]
        assert {g: there[g] for g in untouched} == {g: earlier[g] for g in untouched}
        assert (done, sorted(notes["unfinished"])) == (
            writes == 4,
            ["bristol"] if 0 < writes < 4 else [],
        )
        if 0 < writes < 4:
            counted = {state.graph: state.expected for state in state_of_load(service, notes)}
            sizes = {graph: len(earlier[graph]) for graph in untouched}
            standing, decisions = (ReviewIRIs("bristol").graph(n) for n in ("standing", "decisions"))
            assert counted == {**sizes, standing: len(newer), decisions: 0}
        Load(service).put_standing("bristol", Standing(newer), built.summary("bristol"))
        standing = ReviewIRIs("bristol").graph("standing")
        assert in_place(faulty, "bristol")[standing] == list(canonical_nquads(newer))


def test_what_was_decided_on_one_review_is_taken_in_though_a_load_of_another_was_cut_off(
    built: Built,
    two_reviews_data: Path,
    ontology_folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with faulty_service() as faulty:
        faulty.server = STEPWISE
        for name, value in faulty.environment.items():
            monkeypatch.setenv(name, value)
        location = f"{faulty.url}/query"
        service = service_at(faulty)
        built.load(service)
        faulty.fails_after = 3
        with pytest.raises(ServiceError):
            Load(service).put_review("bristol", built.reviews["bristol"], built.summary("bristol"))
        faulty.fails_after = None
        noted = Body(Kind.NOTE, ("Ann Lee",), "2026-10-05", item="theme-1", provision="theme-1", why="?")
        monkeypatch.setenv(REGISTER_VARIABLE, str(tmp_path / "kept.register"))
        FollowedEntries(register_at(location), "small-review").add(
            lambda held: following("small-review", held, [noted], "os:minutes", "2026-10-05T10:00:00Z"),
        )
        result = build_store(two_reviews_data, ontology_folder, location)
        assert result.built == ["bristol", "small-review"]
        assert [bool(review.register) for review in result.reviews] == [False, True]
        notes = read_notes(service)
        assert notes is not None
        assert sorted(notes["unfinished"]) == []


def is_standing(quad: Quad) -> bool:
    return quad.graph_name == NamedNode(ReviewIRIs("bristol").graph("standing"))


# Between reviews


def test_a_first_load_cut_off_between_reviews_is_told(built: Built) -> None:
    with faulty_service() as faulty:
        faulty.server = ATOMIC
        service = service_at(faulty)
        Load(service).put_shared(built.shared)
        Load(service).put_review("bristol", built.reviews["bristol"], built.summary("bristol"))
        notes = read_notes(service)
        assert notes is not None
        assert (notes["common"], notes["build"]) == ("", "")
        assert sorted(notes["unfinished"]) == ["whole"]
        assert [review["identifier"] for review in notes["reviews"]] == ["bristol"]
        assert describe_load(service, notes) == (
            f"{service.name}: a build is under way there, or was cut off; whole: bristol"
        )


def test_triples_that_a_server_lost_are_missed(built: Built) -> None:
    with faulty_service() as faulty:
        faulty.server, faulty.loses = STEPWISE, 1
        service = service_at(faulty)
        triples = sum(quad.graph_name == NamedNode(ONTOLOGY_GRAPH) for quad in built.shared)
        with pytest.raises(ServiceError) as caught:
            Load(service).put_shared(built.shared)
        assert str(caught.value) == (
            f"{service.name} took {triples - 1:,} of {triples:,} triples of {ONTOLOGY_GRAPH}; "
            "see the service's own log, and build the store"
        )
        notes = read_notes(service)
        assert notes is not None
        assert sorted(notes["unfinished"]) == ["shared", "whole"]


# Notes


def note(faulty: FaultyService, part: str, text: str) -> None:
    node = NamedNode(f"{BUILDS_GRAPH}/{part}")
    faulty.store.add(Quad(node, BUILD_NOTE, Literal(text), NamedNode(BUILDS_GRAPH)))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "nonsense",
        '{"format": 2, "graphs": {}, "loading": false}',
        '{"format": 3, "loading": false}',
    ],
)
def test_notes_of_another_version_are_none(text: str) -> None:
    with faulty_service() as faulty:
        note(faulty, "review/bristol", text)
        assert read_notes(service_at(faulty)) is None


@pytest.mark.parametrize("first", [True, False])
def test_of_two_notes_the_one_of_a_load_under_way_is_believed(first: bool) -> None:
    with faulty_service() as faulty:
        for loading in (first, not first):
            content = {"format": 3, "graphs": {"http://e/g": 1}, "loading": loading, "summary": {}}
            note(faulty, "review/bristol", json.dumps(content))
        notes = read_notes(service_at(faulty))
        assert notes is not None
        assert sorted(notes["unfinished"]) == ["bristol", "whole"]


def test_the_notes_are_no_part_of_the_store(built: Built) -> None:
    with faulty_service() as faulty:
        service = service_at(faulty)
        built.load(service)
        notes = read_notes(service)
        assert notes is not None
        assert BUILDS_GRAPH not in graphs_of(notes)
        dataset = RemoteDataset(service, graphs_of(notes))
        assert list(dataset.quads_for_pattern(None, BUILD_NOTE, None, None)) == []


# Two builds


def leases(faulty: FaultyService) -> list[dict[str, Any]]:
    quads = faulty.store.quads_for_pattern(LEASE_NODE, BUILD_NOTE, None, None)
    return [json.loads(quad.object.value) for quad in quads]  # type: ignore[union-attr]


def hold(faulty: FaultyService, seconds: float) -> None:
    note(faulty, "lease", json.dumps({"holder": "another", "until": time.time() + seconds}))


def test_a_lease_is_there_while_it_is_held_and_then_gone() -> None:
    with faulty_service() as faulty:
        with lease(service_at(faulty)):
            assert len(leases(faulty)) == 1
        assert leases(faulty) == []


def test_a_lease_is_given_back_where_a_build_fails() -> None:
    with faulty_service() as faulty:
        with pytest.raises(KeyError), lease(service_at(faulty)):
            raise KeyError
        assert leases(faulty) == []


def test_a_lease_that_ran_out_is_taken_over() -> None:
    with faulty_service() as faulty:
        hold(faulty, -1)
        with lease(service_at(faulty)):
            (held,) = leases(faulty)
            assert held["holder"] != "another"


def test_a_lease_that_is_held_is_left_alone() -> None:
    with faulty_service() as faulty:
        hold(faulty, 600)
        with pytest.raises(StoreBusyError), lease(service_at(faulty)):
            pass
        assert [held["holder"] for held in leases(faulty)] == ["another"]


def test_one_of_two_that_take_a_lease_at_once_gives_way() -> None:
    with faulty_service() as faulty:
        hold(faulty, 600)
        service = service_at(faulty)
        assert list(notes_of(service))  # From here on a look is one request.
        faulty.script += [answers(NO_ROWS)]  # The other's lease is not there yet at the first look.
        with pytest.raises(StoreBusyError), lease(service):
            pass
        assert [held["holder"] for held in leases(faulty)] == ["another"]


def test_a_lease_is_renewed_while_it_is_held() -> None:
    with faulty_service() as faulty, lease(service_at(faulty), seconds=3):
        (first,) = leases(faulty)
        deadline = time.monotonic() + 30
        while leases(faulty) in ([first], []) and time.monotonic() < deadline:
            time.sleep(0.05)
        (renewed,) = leases(faulty)
        assert renewed["holder"] == first["holder"]
        assert renewed["until"] > first["until"]
