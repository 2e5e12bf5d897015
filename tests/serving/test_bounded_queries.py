"""Queries in processes of their own: the same answers, and a plain line at each bound."""

from __future__ import annotations

import gc
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pyoxigraph import Store

from compactgraph.build.pipeline import build_store
from compactgraph.errors import QueryError, QueryLimitError, StoreError, UnknownNameError
from compactgraph.serving.bounded_queries import Bounded, BoundedQueries
from compactgraph.sparql.questions import ask, find_question
from compactgraph.sparql.rows import Answer, GraphAnswer
from compactgraph.sparql.running import run_sparql
from tests.support.processes import children

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
HUGE = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?a"
COMMITMENTS = "SELECT (COUNT(*) AS ?n) { ?p a cg:Commitment }"
REVIEWS = "SELECT ?id { ?r a cg:Review ; dcterms:identifier ?id } ORDER BY ?id"

Started = Callable[[], list[int]]


@pytest.fixture(scope="module")
def queries(bristol_folder: Path, started: Started) -> Iterator[BoundedQueries]:
    with BoundedQueries(bristol_folder, seconds=20, rows=50) as queries:
        yield queries


@pytest.fixture
def brief(bristol_folder: Path) -> Iterator[BoundedQueries]:
    """Yield queries that have two seconds, one at a time."""
    with BoundedQueries(bristol_folder, seconds=2, workers=1) as queries:
        yield queries


def wait_until(done: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not done():
        assert time.monotonic() < end, "it did not come about in time"
        time.sleep(0.02)


def runs(process: int) -> bool:
    """Return whether any thread of a process still runs; its parent may not know yet that none does."""
    folder = Path(f"/proc/{process}")
    try:
        ended = (folder / "stat").read_text().rpartition(")")[2].split()[0] == "Z"
        return not ended or len(list((folder / "task").iterdir())) > 1
    except OSError:
        return False


# The same answers


@pytest.mark.parametrize(
    "sparql",
    [
        "SELECT ?id { ?p a cg:Theme ; dcterms:identifier ?id } ORDER BY ?id",
        "ASK { ?p a cg:Commitment }",
        "ASK { ?p a cg:Nothing }",
        "CONSTRUCT { ?p cg:outcome ?o } WHERE { ?p dcterms:identifier '1.16' ; cg:outcome ?o }",
        "CONSTRUCT { ?p cg:outcome ?o } WHERE { ?p dcterms:identifier 'none' ; cg:outcome ?o }",
        "CONSTRUCT { _:a rdfs:label 'é \\n \"\\u2028'@cy } WHERE {}",
        "DESCRIBE ?o WHERE { ?p dcterms:identifier '1.16' ; cg:outcome ?o }",
        "SELECT (1 AS ?a) (2.5 AS ?b) (true AS ?c) ('INF'^^xsd:double AS ?d) (?e AS ?f) {}",
        "SELECT ('x'^^xsd:integer AS ?a) ('x'^^xsd:boolean AS ?b) ('🙂'@en AS ?c) {}",
    ],
)
def test_a_query_gives_what_it_gives_elsewhere(
    sparql: str, queries: BoundedQueries, bristol: Store
) -> None:
    bounded = queries.run(sparql)
    expected = run_sparql(bristol, sparql)
    if isinstance(expected, GraphAnswer):
        assert isinstance(bounded.answer, GraphAnswer)
        assert {t.object for t in bounded.answer.triples} == {t.object for t in expected.triples}
        assert len(bounded.answer.triples) == len(expected.triples)
    else:
        assert bounded.answer == expected
    assert (bounded.cut, bounded.limit) == (False, 50)
    assert 0 < bounded.seconds < 20


def test_a_saved_question(queries: BoundedQueries, bristol: Store, ontology_folder: Path) -> None:
    question = find_question(ontology_folder, "goes-to")
    values = {"destination": "vcse-strategy"}
    bounded = queries.ask(question, values, "bristol")
    assert bounded.answer == ask(bristol, question, values, "bristol")
    assert isinstance(bounded.answer, Answer)
    assert len(bounded.answer.rows) == 9


def test_what_was_found_may_be_forgotten_in_any_thread(bristol: Store) -> None:
    """Oxigraph's iterators complain where another thread than their own lets them go."""
    gc.collect()
    gc.disable()
    try:
        queries = ["SELECT * { ?s ?p ?o }", "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"]
        with ThreadPoolExecutor(1) as threads:
            list(threads.map(lambda sparql: run_sparql(bristol, sparql, limit=5), queries))
        gc.collect()
    finally:
        gc.enable()


# The bound in rows


@pytest.mark.parametrize(("number", "cut"), [(49, False), (50, False), (51, True), (13_000, True)])
def test_rows_are_counted_and_never_cut_in_silence(
    number: int, cut: bool, queries: BoundedQueries
) -> None:
    bounded = queries.run(f"SELECT ?s {{ ?s ?p ?o }} LIMIT {number}")
    assert isinstance(bounded.answer, Answer)
    assert (len(bounded.answer.rows), bounded.cut) == (min(number, 50), cut)
    graph = queries.run(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ ?s ?p ?o }} LIMIT {number}")
    assert isinstance(graph.answer, GraphAnswer)
    assert (len(graph.answer.triples), graph.cut) == (min(number, 50), cut)


def test_a_saved_question_is_cut_too(queries: BoundedQueries, ontology_folder: Path) -> None:
    bounded = queries.ask(find_question(ontology_folder, "by-hand"), {}, "bristol")
    assert not bounded.cut
    bounded = queries.ask(find_question(ontology_folder, "words"), {"words": "the"}, "bristol")
    assert isinstance(bounded.answer, Answer)
    assert (len(bounded.answer.rows), bounded.cut) == (50, True)


# What is refused


@pytest.mark.parametrize(
    ("sparql", "line"),
    [
        ("SELECT * {", "does not parse: line 1, column 11"),
        ("INSERT DATA { <a:b> <a:c> 1 }", "is an update: it has INSERT, and the graph is only read"),
        ("# a\nPREFIX a: <b:c>\nload <http://localhost:1/>", "it has LOAD, and the graph is only read"),
        ("DELETE WHERE { ?s ?p ?o }", "it has DELETE"),
        ("SELECT * { SERVICE <http://localhost:1/> { ?s ?p ?o } }", "SERVICE"),
        ("SELECT " + "(" * 3000, "nested too deeply"),
        ("#" * 200_001, "the limit is 200,000"),
        ("\udc80", "does not parse"),
    ],
)
def test_a_query_that_is_refused(sparql: str, line: str, queries: BoundedQueries) -> None:
    with pytest.raises(QueryError, match=line) as caught:
        queries.run(sparql)
    assert not isinstance(caught.value, QueryLimitError)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("source", ["FROM", "FROM NAMED"])
def test_a_graph_that_is_not_here_is_not_fetched(source: str, queries: BoundedQueries) -> None:
    """A request would be refused at that port, and be an error."""
    where = "{ { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
    answer = queries.run(f"SELECT * {source} <http://127.0.0.1:1/a.ttl> {where}").answer
    assert isinstance(answer, Answer)
    assert answer.rows == []


def test_a_graph_that_is_named_is_the_only_one_asked(queries: BoundedQueries) -> None:
    source = "FROM <https://w3id.org/compactgraph/id/bristol/graph/source>"
    query = "SELECT (COUNT(DISTINCT ?d) AS ?n) %s { ?r cg:disposition ?d }"
    assert queries.run(query % "").answer == Answer(("n",), [(7,)])
    assert queries.run(query % source).answer == Answer(("n",), [(0,)])


def test_a_name_that_nobody_knows(queries: BoundedQueries, ontology_folder: Path) -> None:
    with pytest.raises(UnknownNameError, match="unknown reference 'vcse-stratgy'") as caught:
        queries.ask(find_question(ontology_folder, "goes-to"), {"destination": "vcse-stratgy"})
    assert (caught.value.kind, caught.value.name) == ("reference", "vcse-stratgy")
    assert caught.value.nearest[0] == "vcse-strategy"


def test_a_parameter_that_is_missing(queries: BoundedQueries, ontology_folder: Path) -> None:
    with pytest.raises(QueryError, match="goes-to needs destination"):
        queries.ask(find_question(ontology_folder, "goes-to"), {})


def test_no_store(tmp_path: Path) -> None:
    with BoundedQueries(tmp_path) as queries, pytest.raises(StoreError, match="no store here yet"):
        queries.run("ASK {}")


def test_a_damaged_store(bristol_folder: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(bristol_folder, tmp_path / "store"))
    for table in folder.glob("generation-*/db/*.sst"):
        table.write_bytes(b"")
    with BoundedQueries(folder) as queries, pytest.raises(StoreError, match="is damaged"):
        queries.run("ASK { ?s ?p ?o }")


# The bounds in time, memory and length


def test_time_that_is_up(brief: BoundedQueries) -> None:
    with pytest.raises(QueryLimitError) as caught:
        brief.run(ENDLESS)
    assert str(caught.value) == (
        "the query took longer than 2 seconds and was stopped; narrow it, "
        "or run it on the command line, where there is no limit"
    )
    assert brief.run(COMMITMENTS).answer == Answer(("n",), [(54,)])


def test_memory_that_is_used_up(bristol_folder: Path) -> None:
    with BoundedQueries(bristol_folder, seconds=60, memory=300_000_000) as queries:
        with pytest.raises(QueryLimitError, match="needed more than 300 MB of memory"):
            queries.run(HUGE)
        assert queries.run(COMMITMENTS).answer == Answer(("n",), [(54,)])


def test_a_cell_that_is_too_long(queries: BoundedQueries) -> None:
    sparql = "SELECT (GROUP_CONCAT(STR(?o)) AS ?all) { ?s ?p ?o VALUES ?n { %s } }"
    with pytest.raises(QueryLimitError, match="the limit is 20,000,000"):
        queries.run(sparql % " ".join(map(str, range(40))))


def test_all_places_are_busy(brief: BoundedQueries) -> None:
    def outcome(_: int) -> str:
        with pytest.raises(QueryLimitError) as caught:
            brief.run(ENDLESS)
        return str(caught.value)

    with ThreadPoolExecutor(4) as threads:
        lines = set(threads.map(outcome, range(4)))
    busy = (
        "other queries have kept all places busy for 2 seconds (1 can run at once); "
        "try again in a moment"
    )
    assert busy in lines
    assert all(line == busy or line.startswith("the query took longer") for line in lines)
    assert brief.run(COMMITMENTS).answer == Answer(("n",), [(54,)])


def test_many_threads_share_the_processes(queries: BoundedQueries, started: Started) -> None:
    def count(number: int) -> Bounded:
        return queries.run(f"SELECT ({number} AS ?n) {{}}")

    with ThreadPoolExecutor(16) as threads:
        answers = [bounded.answer for bounded in threads.map(count, range(64))]
    assert answers == [Answer(("n",), [(number,)]) for number in range(64)]
    assert len(started()) <= 2


def test_places_are_taken_in_the_order_of_asking(bristol_folder: Path) -> None:
    """Threads that ask again and again do not keep another waiting."""
    with BoundedQueries(bristol_folder, seconds=60, workers=1) as queries:
        asked: list[int] = []

        def ask_again(number: int) -> None:
            for _ in range(30):
                queries.run("ASK {}")
                asked.append(number)

        with ThreadPoolExecutor(4) as threads:
            list(threads.map(ask_again, range(4)))
    first_is_done = min(len(asked) - asked[::-1].index(number) for number in range(4))
    assert all(asked[:first_is_done].count(number) >= 10 for number in range(4))


# What is published meanwhile


def test_a_newer_build_is_asked(
    data_folder: Path, cases_folder: Path, ontology_folder: Path, tmp_path: Path, started: Started
) -> None:
    data = Path(shutil.copytree(data_folder, tmp_path / "data"))
    store = tmp_path / "store"
    build_store(data, ontology_folder, store)
    with BoundedQueries(store, workers=1) as queries:
        assert queries.run(REVIEWS).answer == Answer(("id",), [("bristol",)])
        process = started()
        shutil.copytree(cases_folder / "small-review", data / "small-review")
        build_store(data, ontology_folder, store)
        both = [("bristol",), ("small-review",)]
        assert queries.run(REVIEWS).answer == Answer(("id",), both)
        shutil.rmtree(store)
        shutil.rmtree(data / "small-review")
        build_store(data, ontology_folder, store)
        assert queries.run(REVIEWS).answer == Answer(("id",), [("bristol",)])
        assert started() == process


# The processes


def test_a_process_that_is_killed_in_mid_query(bristol_folder: Path, started: Started) -> None:
    with BoundedQueries(bristol_folder, seconds=60, workers=1) as queries:
        assert queries.run(COMMITMENTS).answer == Answer(("n",), [(54,)])
        before = set(started())

        def kill() -> None:
            time.sleep(0.5)
            for process in before:
                os.kill(process, signal.SIGKILL)

        killer = threading.Thread(target=kill)
        killer.start()
        with pytest.raises(QueryLimitError) as caught:
            queries.run(ENDLESS)
        killer.join()
        assert str(caught.value) == (
            "the process that ran the query ended unexpectedly (status -9); try again"
        )
        assert queries.run(COMMITMENTS).answer == Answer(("n",), [(54,)])


def test_a_process_that_is_killed_between_queries(bristol_folder: Path, started: Started) -> None:
    with BoundedQueries(bristol_folder, workers=1) as queries:
        queries.start()
        assert queries.run(COMMITMENTS).answer == Answer(("n",), [(54,)])
        [process] = started()
        os.kill(process, signal.SIGKILL)
        wait_until(lambda: not runs(process))
        assert queries.run(COMMITMENTS).answer == Answer(("n",), [(54,)])


def test_closing_stops_what_runs(bristol_folder: Path, started: Started) -> None:
    queries = BoundedQueries(bristol_folder, seconds=60, workers=1)
    assert queries.run(COMMITMENTS).answer == Answer(("n",), [(54,)])
    closer = threading.Timer(0.5, queries.close)
    closer.start()
    with pytest.raises(QueryLimitError, match="the program is ending; the query was stopped"):
        queries.run(ENDLESS)
    closer.join()
    assert started() == []
    with pytest.raises(QueryLimitError, match="the program is ending"):
        queries.run(COMMITMENTS)


PROGRAM = """
import sys, threading, time
from pathlib import Path
from compactgraph.serving.bounded_queries import BoundedQueries

print("begun")
queries = BoundedQueries(Path(sys.argv[1]), seconds=float(sys.argv[2]), workers=2)
queries.start()
print(queries.run("SELECT (COUNT(*) AS ?n) { ?p a cg:Commitment }").answer.rows, flush=True)
"""
LONGER = (
    f'threading.Thread(target=queries.run, args=["{ENDLESS}"], daemon=True).start()\ntime.sleep(60)\n'
)


def start_program(text: str, *arguments: str, folder: Path) -> subprocess.Popen[str]:
    """Start a program without any guard for its import by another process."""
    script = folder / "program.py"
    script.write_text(text, encoding="utf-8")
    project = str(Path(__file__).resolve().parents[2])
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-X", "dev", str(script), *arguments],
        env={**os.environ, "PYTHONPATH": project},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_program_ends_its_processes(bristol_folder: Path, tmp_path: Path) -> None:
    program = start_program(
        PROGRAM + "time.sleep(1)\nprint('ended')\n",
        str(bristol_folder),
        "20",
        folder=tmp_path,
    )
    assert program.stdout is not None
    assert program.stdout.readline() == "begun\n"
    assert program.stdout.readline() == "[(54,)]\n"
    workers = children(program.pid)
    assert len(workers) == 2
    assert program.stderr is not None
    assert (program.stdout.read(), program.stderr.read(), program.wait()) == ("ended\n", "", 0)
    program.stdout.close()
    program.stderr.close()
    assert [process for process in workers if runs(process)] == []


def test_a_program_that_is_killed_leaves_no_process(bristol_folder: Path, tmp_path: Path) -> None:
    with start_program(PROGRAM + LONGER, str(bristol_folder), "1", folder=tmp_path) as program:
        assert program.stdout is not None
        program.stdout.readline()
        program.stdout.readline()
        workers = children(program.pid)
        time.sleep(0.2)
        program.kill()
    wait_until(lambda: not any(runs(process) for process in workers))


def test_a_worker_knows_no_front_end(bristol_folder: Path) -> None:
    shown = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys, compactgraph.serving.worker\n"
            "print({'typer', 'streamlit', 'rich', 'multiprocessing', 'pyshacl'} & set(sys.modules))",
        ],
        cwd=Path(__file__).resolve().parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    assert shown.stdout == "set()\n"
