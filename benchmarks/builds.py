"""What a build costs: of all, of nothing changed, of one review changed; and where its time goes."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.processes import ROOT, Cost, run_for_cost

ALL_LIBRARIES = (
    "networkx", "openpyxl", "oxrdflib", "pyoxigraph", "pyshacl", "rapidfuzz", "rdflib",
    "rich", "typer",
)  # fmt: skip
_BUILD = ("-m", "compactgraph", "build")

_LIST_IMPORTS = """
import json, sys
from importlib.metadata import packages_distributions
known = set(packages_distributions()) - {"compactgraph", "_distutils_hack"}
sys.argv = ["compactgraph", "build"]
from compactgraph.cli.app import main
try:
    main()
except SystemExit:
    pass
sys.stderr.write(json.dumps([
    name
    for name in sys.modules
    if name.partition(".")[0] in known and name.replace(".", "").isidentifier()
]))
"""


class Builder:
    """Builds one store of one folder of reviews, each time in a process of its own."""

    def __init__(self, data: Path, store: Path) -> None:
        """Take the folder of the reviews and that of the store."""
        self.data, self.store = data, store
        self._where = {
            "COMPACTGRAPH_DATA": str(data),
            "COMPACTGRAPH_STORE": str(store),
            "PYTHONPYCACHEPREFIX": str(store.parent / "bytecode"),
        }

    def build(self) -> Cost:
        """Build what is not up to date."""
        return run_for_cost(_BUILD, self._where)

    def _run(self, statement: str) -> Cost:
        return run_for_cost(("-c", statement), self._where)

    def imports_when_unchanged(self) -> list[str]:
        """Return the modules of libraries that a build imports when there is nothing to do."""
        done = subprocess.run(
            [sys.executable, "-c", _LIST_IMPORTS],
            cwd=ROOT,
            env={**os.environ, **self._where},
            capture_output=True,
            text=True,
            check=True,
        )
        found: list[str] = json.loads(done.stderr.splitlines()[-1])
        return found

    def unchanged(self, rounds: int) -> dict[str, Any]:
        """Compare a build of nothing with bare imports, in turns; the medians, in seconds."""
        modules = self.imports_when_unchanged()
        commands: dict[str, Callable[[], Cost]] = {
            "build": self.build,
            "its libraries": lambda: self._run(f"import {', '.join(modules)}"),
            "import typer": lambda: self._run("import typer"),
            "all libraries": lambda: self._run(f"import {', '.join(ALL_LIBRARIES)}"),
            "Python alone": lambda: self._run("pass"),
        }
        costs: dict[str, list[Cost]] = {name: [] for name in commands}
        for turn in range(rounds + 1):
            for name, run in commands.items():
                cost = run()
                if turn:
                    costs[name].append(cost)
        seconds = {n: statistics.median(c.seconds for c in found) for n, found in costs.items()}
        libraries = sorted({module.partition(".")[0] for module in modules})
        megabytes = max(cost.megabytes for cost in costs["build"])
        return {"seconds": seconds, "libraries": libraries, "megabytes": megabytes}

    def one_changed(self, review: str, rounds: int) -> dict[str, float]:
        """Change one review's source and build, ``rounds`` times; the median."""
        source = self.data / review / "source.txt"
        original = source.read_text(encoding="utf-8")
        costs = []
        for turn in range(rounds):
            changed = original.replace("Consider another name", f"Consider name number {turn}")
            source.write_text(changed, encoding="utf-8")
            costs.append(self.build())
        source.write_text(original, encoding="utf-8")
        self.build()
        return asdict(sorted(costs, key=lambda cost: cost.seconds)[len(costs) // 2])


def steps_of_a_build(data: Path, ontology: Path, reviews: list[str]) -> dict[str, float]:
    """Return the seconds that each step of building ``reviews`` takes, a review on average.

    The steps are those of :func:`compactgraph.build.review.build_review`, called one by one,
    if nothing was decided yet.
    """
    from compactgraph.decisions.standing import ReviewAsRead
    from compactgraph.document.parser import read_review
    from compactgraph.document.settings import open_review
    from compactgraph.graph.rules import apply_rules
    from compactgraph.graph.statements import Described, describe
    from compactgraph.graph.validation import validate_quads
    from compactgraph.reading.readings import read_words
    from compactgraph.reading.vocabulary import (
        build_vocabulary,
        load_ontology,
        load_own_references,
        load_shared_references,
    )

    shared = [*load_ontology(ontology), *load_shared_references(data)]
    clock = _Clock()
    for review in reviews:
        folder = open_review(data, review)
        clock.start()
        vocabulary = build_vocabulary(folder, shared)
        clock.lap("vocabulary")
        source, read = read_review(folder)
        clock.lap("read the document")
        readings = read_words(folder, source, read, vocabulary)
        clock.lap("read the words")
        stated = describe(Described(folder, source, read, readings, vocabulary))
        clock.lap("describe")
        derived = apply_rules(ontology, vocabulary.quads, stated, folder.iris.graph("reading"))
        clock.lap("rules")
        said = [*stated, *derived]
        stood = ReviewAsRead(ontology, folder.identifier, vocabulary.quads, said).stand(())
        clock.lap("how it stands")
        validate_quads(ontology, [*shared, *load_own_references(folder), *said, *stood.quads])
        clock.lap("validate")
    return {step: seconds / len(reviews) for step, seconds in clock.laps.items()}


class _Clock:
    """Sums the time of each step."""

    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._last = 0.0

    def start(self) -> None:
        self._last = time.perf_counter()

    def lap(self, step: str) -> None:
        now = time.perf_counter()
        self.laps[step] = self.laps.get(step, 0.0) + now - self._last
        self._last = now
