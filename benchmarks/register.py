"""What the register costs: ``python -m benchmarks.register [DECISIONS …]``.

Each figure stands beside the same work without the register, or done by SQLite alone, in the same run;
the sides take turns, and a time is the median of their rounds after one that is not counted.
"""

from __future__ import annotations

import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import count
from pathlib import Path

from compactgraph.answers.provision.trace import trace
from compactgraph.answers.review_graph import ReviewGraph
from compactgraph.answers.tables.destinations import table_of_destinations
from compactgraph.build.pipeline import build_store, take_in_decisions
from compactgraph.deciding.desk import Desk
from compactgraph.decisions.as_at import as_at
from compactgraph.decisions.kept_words import keeping
from compactgraph.register.chain import following
from compactgraph.register.entry import Body, Entry, Kind
from compactgraph.register.followed import FollowedEntries
from compactgraph.register.transfer import verify
from compactgraph.store.storage import open_dataset

PROJECT = Path(__file__).resolve().parents[1]
DATA, ONTOLOGY = PROJECT / "data", PROJECT / "ontology"
REVIEW = "bristol"
ROUNDS = 7
DAY = "2026-01-02"
RECORDED = "2026-01-02T00:00:00Z"

Work = Callable[[], object]


def medians(*sides: Work, clock: Callable[[], float] = time.perf_counter) -> list[float]:
    """Return the median time in seconds of each side, which take turns."""
    times: list[list[float]] = [[] for _ in sides]
    for turn in range(ROUNDS + 1):
        for side, taken in zip(sides, times, strict=True):
            started = clock()
            side()
            if turn:
                taken.append(clock() - started)
    return [statistics.median(taken) for taken in times]


def decisions(desk: Desk, number: int) -> list[Entry]:
    """Return entries that reject each movement of the review in turn, each time anew."""
    found = desk.situation([]).found
    last: dict[str, int] = {}
    bodies = []
    for place, move in zip(range(1, number + 1), _round(list(found.moves.values())), strict=False):
        replaced = (last[move.identifier],) if move.identifier in last else ()
        prints = found.prints_of(move.provision)
        bodies.append(
            Body(
                Kind.REJECT,
                ("Ann Lee",),
                DAY,
                item=move.identifier,
                provision=move.provision,
                replaces=replaced,
                fingerprints=prints,
            )
        )
        last[move.identifier] = place
    return following(REVIEW, [], keeping(bodies, found.words, []), "os:benchmark", RECORDED)


def _round(things: list) -> Iterator:  # type: ignore[type-arg]
    while True:
        yield from things


def plain_insert(path: Path) -> Work:
    """Return what adds one text to an SQLite file as durably as the register does, and nothing else."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("CREATE TABLE entry (number INTEGER PRIMARY KEY, text TEXT)")

    def insert() -> None:
        with closing(sqlite3.connect(path, isolation_level=None)) as opened:
            opened.execute("PRAGMA synchronous = EXTRA")
            opened.execute("BEGIN IMMEDIATE")
            opened.execute("INSERT INTO entry (text) VALUES (?)", ("x" * 600,))
            opened.execute("COMMIT")

    return insert


def measure(folder: Path, number: int) -> Iterator[tuple[str, float, str, float]]:
    """Yield what was measured with ``number`` decisions: what, its time, beside what, and its time."""
    store, bare = folder / "store", folder / "bare"
    build_store(DATA, ONTOLOGY, bare)
    build_store(DATA, ONTOLOGY, store)
    desk = Desk(store, ONTOLOGY, REVIEW)
    made = decisions(desk, number)
    followed = FollowedEntries(desk.register, REVIEW)
    followed.add(lambda held: made)
    take_in_decisions(ONTOLOGY, store)
    notes = count(1)

    def note() -> Body:
        return Body(Kind.NOTE, ("Ann Lee",), DAY, item="1.9", why=f"note {next(notes)}")

    def append() -> None:
        followed.add(lambda held: following(REVIEW, held, [note()], "os:benchmark", RECORDED))

    places = count(1)

    def build_anew() -> None:
        build_store(DATA, ONTOLOGY, folder / f"anew-{next(places)}")

    appended, inserted = medians(append, plain_insert(folder / "plain.sqlite"))
    yield "one entry written", appended, "one row written by SQLite", inserted
    sides = (lambda: desk.record([note()], "os:benchmark"), build_anew)
    recorded, built = medians(*sides)
    yield "one decision recorded, graph and all", recorded, "a build without decisions", built
    recorded, built = medians(*sides, clock=time.process_time)
    yield "the same, processor time", recorded, "a build without decisions", built
    with_, without = open_dataset(store), open_dataset(bare)
    for what, ask in (
        ("trace of 1.11", lambda opened: trace(ReviewGraph(opened, ONTOLOGY, "bristol"), "1.11")),
        (
            "table of destinations",
            lambda opened: table_of_destinations(ReviewGraph(opened, ONTOLOGY, REVIEW)),
        ),
    ):
        one, other = medians(lambda a=ask: a(with_), lambda a=ask: a(without))  # type: ignore[misc]
        yield what, one, "the same without decisions", other
    dated, opened = medians(
        lambda: as_at(with_, ONTOLOGY, REVIEW, store, DAY), lambda: open_dataset(store)
    )
    yield "the review as at a day", dated, "opening the store", opened
    checked, read = medians(lambda: verify(store), lambda: desk.register.kept(REVIEW))
    yield "the register verified", checked, "read", read


def main() -> None:
    """Print the figures for each number of decisions."""
    for number in [int(given) for given in sys.argv[1:]] or [10, 100, 1000]:
        print(f"{number} decisions on one review")
        with tempfile.TemporaryDirectory() as folder:
            for what, seconds, beside, other in measure(Path(folder), number):
                ratio = seconds / other
                print(
                    f"  {what:38} {seconds * 1000:8.1f} ms   {beside:28} {other * 1000:8.1f} ms"
                    f"   {ratio:6.2f} times"
                )


if __name__ == "__main__":
    main()
