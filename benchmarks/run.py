"""Measures compactgraph on made-up reviews, against plain rdflib and raw pyoxigraph in the same run.

``python -m benchmarks.run 1 100`` prints the tables and writes them, and all figures as JSON, to
``benchmarks/out/``. See ``benchmarks/README.md`` for what is compared with what.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pyoxigraph import RdfFormat

from benchmarks import answers, builds, report, sides, validations
from benchmarks.generate import SEED, generate_reviews
from benchmarks.processes import ROOT
from benchmarks.tasks import ONE, make_tasks
from compactgraph.store.oxigraph import open_store

OUT = ROOT / "benchmarks" / "out"
ONTOLOGY = ROOT / "ontology"
_PROFILED = 10
"""How many reviews the profile of a build takes."""

_TOGETHER = 4
"""How many reviews are validated together; pySHACL's time on rdflib grows faster than their number."""


class Run:
    """The measurements on one number of reviews."""

    def __init__(self, reviews: int, options: argparse.Namespace, folder: Path) -> None:
        """Write the reviews below ``folder``."""
        self._options = options
        self._folder = folder
        self._say(f"{reviews} reviews: writing them")
        self._names = generate_reviews(folder / "data", reviews, seed=options.seed)
        self._builder = builds.Builder(folder / "data", folder / "store")
        self.result: dict[str, Any] = {"reviews": reviews, "seed": options.seed, "left_out": ""}

    def measure(self) -> dict[str, Any]:
        """Measure everything and return the figures."""
        self._measure_builds()
        store = open_store(self._builder.store)
        self.result["quads"] = len(store)
        self._measure_validation()
        self._measure_answers()
        return self.result

    def _say(self, what: str) -> None:
        print(what, file=sys.stderr, flush=True)

    def _measure_builds(self) -> None:
        rounds, names = self._options.rounds, self._names
        self._say("building them")
        self.result["build"] = asdict(self._builder.build())
        generate_reviews(self._folder / "single", 1, seed=self._options.seed)
        single = builds.Builder(self._folder / "single", self._folder / "single-store")
        costs = []
        for _ in range(3):
            shutil.rmtree(single.store, ignore_errors=True)
            costs.append(single.build())
        self.result["single"] = asdict(sorted(costs, key=lambda cost: cost.seconds)[1])
        self._say("building what has not changed, and one changed review")
        self.result["unchanged"] = self._builder.unchanged(2 * rounds + 1)
        self.result["one_changed"] = self._builder.one_changed(names[len(names) // 2], 3)
        self.result["steps"] = builds.steps_of_a_build(self._builder.data, ONTOLOGY, names[:_PROFILED])

    def _measure_validation(self) -> None:
        """Validate some reviews one by one, then as they stand together, whole and damaged."""
        self._say("validating")
        store, names = open_store(self._builder.store), self._names[:_TOGETHER]
        cases = [("one review", [[name] for name in names[:3]], False)]
        cases.append(("one review, damaged", [[name] for name in names[:3]], True))
        if len(names) > 1:
            cases.append((f"{len(names)} reviews, damaged", [names], True))
        self.result["validation"] = []
        for what, groups, damaged in cases:
            files = []
            for place, group in enumerate(groups):
                files.append(self._folder / f"validated-{place}.nq")
                validations.write_data(store, group, files[-1], damaged=damaged)
            apart = []
            for place, name in enumerate(groups[0]) if len(groups) == 1 else ():
                apart.append(self._folder / f"apart-{place}.nq")
                validations.write_data(store, [name], apart[-1], damaged=damaged)
            self.result["validation"].append(self._validate(what, files, apart or files))

    def _validate(self, what: str, together: list[Path], apart: list[Path]) -> dict[str, Any]:
        """Compare compactgraph, which validates reviews ``apart``, with pySHACL on rdflib.

        Raises ValueError if they do not find the same.
        """
        limit = self._options.validation_limit
        warm = [apart[0], *apart]
        ours = validations.measure(validations.COMPACTGRAPH, ONTOLOGY, warm, limit)
        theirs = validations.measure(
            validations.RDFLIB, ONTOLOGY, [apart[0], *together] if together == apart else together, limit
        )
        found = {tuple(f) for findings in ours["findings"][1:] for f in findings}
        several = len(apart) > len(together)
        result: dict[str, Any] = {
            "what": what,
            validations.COMPACTGRAPH: {
                "seconds": sum(ours["seconds"][1:])
                if several
                else statistics.median(ours["seconds"][1:]),
                "megabytes": ours["megabytes"],
                "findings": sum(len(findings) for findings in ours["findings"][1:]),
            },
            validations.RDFLIB: theirs,
        }
        if "over" not in theirs:
            skipped = 1 if together == apart else 0
            same = {tuple(f) for findings in theirs["findings"][skipped:] for f in findings}
            if same != found:
                raise ValueError(f"{what}: the findings differ: {sorted(same ^ found)[:5]}")
            result[validations.RDFLIB] = {
                "seconds": statistics.median(theirs["seconds"][skipped:]),
                "megabytes": theirs["megabytes"],
            }
        return result

    def _measure_answers(self) -> None:
        options = self._options
        store = open_store(self._builder.store)
        tasks = make_tasks(store, ONTOLOGY, self._names)
        if options.one_review:
            tasks = [task for task in tasks if task.scope == ONE]
        if options.only:
            tasks = [task for task in tasks if task.name in options.only]
        self._say("writing the graph as N-Quads")
        nquads = self._folder / "graph.nq"
        with nquads.open("wb") as file:
            store.dump(file, RdfFormat.N_QUADS)
        del store
        chosen = [sides.COMPACTGRAPH, sides.OXIGRAPH, sides.OXIGRAPH_MEMORY]
        if self.result["quads"] <= options.rdflib_limit:
            chosen.append(sides.RDFLIB)
        else:
            self.result["left_out"] = f"rdflib, above {options.rdflib_limit:,} quads (--rdflib-limit)"
        panel = answers.Panel(chosen, ONTOLOGY, options.rdflib_time)
        try:
            self._say("loading the graph into each side")
            self.result["load"] = panel.load(self._builder.store, nquads)
            self.result["answers"] = []
            for place, task in enumerate(tasks, 1):
                self._say(f"asking {task.name} of {task.scope}, {place} of {len(tasks)}")
                asked = panel.ask(task, options.rounds)
                self.result["answers"].append(answers.to_json(task, asked))
            self.result["peaks"] = panel.peaks()
        finally:
            panel.close()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure compactgraph on made-up reviews.")
    parser.add_argument("reviews", type=int, nargs="+", help="how many reviews, e.g. 1 100 1000")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--rounds", type=int, default=5, help="of each thing asked (default 5)")
    parser.add_argument(
        "--rdflib-limit", type=int, default=1_200_000, help="the most quads that rdflib is given"
    )
    parser.add_argument(
        "--rdflib-time", type=float, default=20.0, help="the seconds that rdflib has for one question"
    )
    parser.add_argument(
        "--validation-limit", type=float, default=300.0, help="the seconds for one validation"
    )
    parser.add_argument("--only", nargs="*", default=[], help="ask only these, by name")
    parser.add_argument(
        "--one-review", action="store_true", help="ask of one review only, never of all together"
    )
    parser.add_argument("--work", type=Path, help="a folder for what is written (default: temporary)")
    return parser.parse_args()


def main() -> None:
    """Measure as the command line says; print the tables and write them."""
    options = _options()
    OUT.mkdir(exist_ok=True)
    results = []
    for reviews in options.reviews:
        with tempfile.TemporaryDirectory(prefix="benchmark-", dir=options.work) as folder:
            results.append(Run(reviews, options, Path(folder)).measure())
        (OUT / f"results-{reviews}.json").write_text(
            json.dumps(results[-1], indent=1, ensure_ascii=False), encoding="utf-8"
        )
    written = report.to_markdown(results)
    (OUT / "results.md").write_text(written, encoding="utf-8")
    print(written)


if __name__ == "__main__":
    main()
