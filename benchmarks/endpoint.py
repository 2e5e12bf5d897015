"""Measures ``compactgraph serve`` beside the same queries in process, and beside the Oxigraph server.

``python -m benchmarks.endpoint`` prints the tables and writes them, and all figures as JSON, to
``benchmarks/out/``. See ``benchmarks/README.md`` for what is compared with what.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from contextlib import AbstractContextManager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pyoxigraph import RdfFormat, Store

from benchmarks import asked, endpoint_report, engines, load, single
from benchmarks.builds import Builder
from benchmarks.engines import Engine
from benchmarks.generate import SEED, generate_reviews
from benchmarks.processes import ROOT
from compactgraph.document.settings import list_reviews
from compactgraph.store.oxigraph import open_store

OUT = ROOT / "benchmarks" / "out"
ONTOLOGY = ROOT / "ontology"
COMPACTGRAPH, OXIGRAPH, LIMITED = "compactgraph", "oxigraph", "oxigraph --timeout-s"
CALM, RUNNING_AWAY = "questions alone", "a runaway every second"
_DIFFERENT = 8
"""How many reviews the questions of a load are about, if there are so many."""

_LOOKS = 0.5
_WATCHED = 2.0
"""Every how many seconds the memory is looked at, and for how many the processor after a load."""


class Corpus:
    """One set of reviews, built and loaded for both servers, and what is measured on it."""

    def __init__(self, data: Path, folder: Path, options: argparse.Namespace) -> None:
        """Build the reviews in ``data``, and load the same quads into a store of the Oxigraph server."""
        self._options = options
        self._folder = folder
        folder.mkdir()
        self._builder = Builder(data, folder / "store")
        self._say("building, and loading the Oxigraph server")
        self._builder.build()
        self._store: Store = open_store(self._builder.store)
        self._store.dump(str(folder / "graph.nq"), format=RdfFormat.N_QUADS)
        engines.load_oxigraph(folder / "oxigraph", folder / "graph.nq")
        self._reviews = list_reviews(data)

    def measure(self) -> dict[str, Any]:
        """Measure everything and return the figures."""
        result: dict[str, Any] = {"reviews": len(self._reviews), "quads": len(self._store)}
        self._say("one client")
        questions = asked.questions_of(self._store, ONTOLOGY, self._reviews)
        first = self._options.workers[0]
        with self._engine(COMPACTGRAPH, first) as ours, self._engine(OXIGRAPH) as theirs:
            result["single"] = single.measure(self._store, ours, theirs, questions, self._options.rounds)
        mixed = asked.mix_of(self._store, ONTOLOGY, self._reviews, _DIFFERENT)
        result["loads"] = [
            self._load(name, workers, how, mixed)
            for how in (CALM, RUNNING_AWAY)
            for name, workers in self._sides()
        ]
        return result

    def _sides(self) -> list[tuple[str, int]]:
        return [
            *((COMPACTGRAPH, number) for number in self._options.workers),
            (OXIGRAPH, 0),
            (LIMITED, 0),
        ]

    def _engine(self, name: str, workers: int = 0) -> AbstractContextManager[Engine]:
        log, limit = self._folder / f"{name.split()[0]}.log", self._options.limit
        if name == COMPACTGRAPH:
            data, store = self._builder.data, self._builder.store
            return engines.compactgraph(store, data, log, seconds=limit, workers=workers)
        return engines.oxigraph(
            self._folder / "oxigraph", log, seconds=limit if name == LIMITED else None
        )

    def _load(self, name: str, workers: int, how: str, mixed: list[asked.Asked]) -> dict[str, Any]:
        side = f"{name}, {workers} workers" if workers else name
        self._say(f"{self._options.clients} clients, {how}: {side}")
        options = self._options
        with self._engine(name, workers) as engine:
            plan = load.Plan(
                engine.port,
                engine.path,
                options.clients,
                options.seconds,
                3 * options.limit,
                options.seed,
                mixed,
                asked.RUNAWAYS if how == RUNNING_AWAY else [],
            )
            before, idle = engine.megabytes(), engine.processor()
            began, whole = time.monotonic(), engines.machine_processor()
            outcome, during = _run_load(plan, engine)
            spent = engine.processor()
            lasted, taken = time.monotonic() - began, engines.machine_processor() - whole
            time.sleep(_WATCHED)
            busy = (engine.processor() - spent) / _WATCHED
            after = engine.megabytes()
        return {
            "side": side,
            "how": how,
            "memory": {"before": before, "during": during, "after": after},
            "processor": spent - idle,
            "busy": busy,
            "others": max(0.0, (taken - (spent - idle)) / lasted - outcome.processor),
            "outcome": asdict(outcome),
        }

    def _say(self, what: str) -> None:
        print(f"{self._folder.name}: {what}", file=sys.stderr, flush=True)


def _run_load(plan: load.Plan, engine: Engine) -> tuple[load.Outcome, float]:
    """Run a load in a process of its own; return what came of it, and the most memory meanwhile."""
    most = engine.megabytes()
    with tempfile.TemporaryFile("w+") as told, tempfile.TemporaryFile("w+") as outcome:
        told.write(plan.to_json())
        told.seek(0)
        process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.load"], cwd=ROOT, stdin=told, stdout=outcome
        )
        try:
            while process.poll() is None:
                time.sleep(_LOOKS)
                most = max(most, engine.megabytes())
        finally:
            process.kill()
            process.wait()
        if process.returncode:
            raise RuntimeError(f"the load ended with status {process.returncode}")
        outcome.seek(0)
        return load.Outcome.from_json(outcome.read()), most


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description="Measure the SPARQL endpoint beside the Oxigraph server."
    )
    parser.add_argument("--reviews", type=int, default=40, help="of the larger corpus (default 40)")
    parser.add_argument("--seconds", type=float, default=60, help="that a load lasts (default 60)")
    parser.add_argument("--clients", type=int, default=32, help="at once (default 32)")
    parser.add_argument("--limit", type=float, default=10, help="of a query, in seconds (default 10)")
    parser.add_argument(
        "--workers", type=int, nargs="+", default=[16], help="numbers of them to try (default 16)"
    )
    parser.add_argument("--rounds", type=int, default=7, help="of each question alone (default 7)")
    parser.add_argument("--seed", type=int, default=SEED, help="of the reviews and of who asks what")
    return parser.parse_args()


def main() -> None:
    """Measure as the command line says; print the tables and write them."""
    options = _options()
    OUT.mkdir(exist_ok=True)
    results: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory(prefix="benchmark-") as name:
        folder = Path(name)
        corpora = {"one review": ROOT / "data"}
        if options.reviews > 1:
            generate_reviews(folder / "data", options.reviews, seed=options.seed)
            corpora[f"{options.reviews} reviews"] = folder / "data"
        for corpus, data in corpora.items():
            results.append(Corpus(data, folder / corpus, options).measure())
            written = _write(results, options)
    print(written)


def _write(results: list[dict[str, Any]], options: argparse.Namespace) -> str:
    """Write what was measured so far, so that a run that is broken off leaves it; return the tables."""
    (OUT / "endpoint.json").write_text(json.dumps(results, indent=1), encoding="utf-8")
    written = endpoint_report.to_markdown(results, options)
    (OUT / "endpoint.md").write_text(written, encoding="utf-8")
    return written


if __name__ == "__main__":
    main()
