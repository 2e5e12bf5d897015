"""Asks every side the same, in turns, and keeps what each took."""

from __future__ import annotations

import statistics
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.processes import Worker, WorkerLostError
from benchmarks.sides import COMPACTGRAPH, RDFLIB
from benchmarks.tasks import Task

SLOW = 3.0
"""A side that takes longer than this, in seconds, is not asked the same again."""


@dataclass
class Asked:
    """What one side took for one task; ``note`` says why there is no time, or what is wrong."""

    seconds: list[float] = field(default_factory=list)
    rows: int | None = None
    digest: str | None = None
    note: str = ""
    over: float | None = None

    @property
    def median(self) -> float | None:
        """The median time in seconds, None if it was not taken."""
        return statistics.median(self.seconds) if self.seconds else None


class Panel:
    """The sides, each in its process, with the graph loaded."""

    def __init__(self, sides: list[str], ontology: Path, rdflib_limit: float) -> None:
        """Start a process for each of ``sides``; ``rdflib_limit`` is rdflib's time for one task."""
        self._workers = {name: Worker("benchmarks.sides", name, str(ontology)) for name in sides}
        self._limits = {name: rdflib_limit if name == RDFLIB else None for name in sides}

    def load(self, store: Path, nquads: Path) -> dict[str, float]:
        """Load the graph into each side, one after the other; return the seconds of each."""
        request = {"do": "load", "store": str(store), "nquads": str(nquads)}
        return {name: w.tell(request)["seconds"] for name, w in self._workers.items()}

    def ask(self, task: Task, rounds: int) -> dict[str, Asked]:
        """Ask each side ``task`` in turns, ``rounds`` times after a first time that is not counted."""
        asked = {name: Asked() for name in self._workers}
        for turn in range(rounds + 1):
            for name, found in asked.items():
                if not found.note and (found.median or 0) < SLOW:
                    self._ask_once(name, task, found, first=turn == 0)
        _compare(task, asked)
        return asked

    def _ask_once(self, name: str, task: Task, found: Asked, *, first: bool) -> None:
        request = {"do": "ask", "task": task.to_json(), "limit": self._limits[name], "compare": first}
        try:
            answer = self._workers[name].tell(request, self._limits[name])
        except WorkerLostError:
            found.note = "no answer: its process was lost or killed"
            return
        if "over" in answer:
            found.over = answer["over"]
            found.note = f"over {answer['over']:g} s"
            return
        if first:
            found.rows, found.digest = answer["rows"], answer["digest"]
        if not first or answer["seconds"] >= SLOW:
            found.seconds.append(answer["seconds"])

    def peaks(self) -> dict[str, float]:
        """Return each side's peak memory in megabytes; a side that was lost has none."""
        found = {}
        for name, worker in self._workers.items():
            try:
                found[name] = worker.tell({"do": "memory"})["megabytes"]
            except WorkerLostError:
                continue
        return found

    def close(self) -> None:
        """End the processes."""
        for worker in self._workers.values():
            worker.close()


def _compare(task: Task, asked: dict[str, Asked]) -> None:
    """Note where a side's rows differ from compactgraph's, or from the others' if it has none."""
    with_rows = {
        name: found
        for name, found in asked.items()
        if found.digest and (task.kind == "question" or name != COMPACTGRAPH)
    }
    if not with_rows:
        return
    expected = next(iter(with_rows.values()))
    for found in with_rows.values():
        if found.digest != expected.digest:
            found.note = f"rows differ ({found.rows}, not {expected.rows})"


def to_json(task: Task, asked: dict[str, Asked]) -> dict[str, Any]:
    """Return what was asked and what each side took, as plain values."""
    return {
        "task": task.name,
        "scope": task.scope,
        "rows": max((a.rows for a in asked.values() if a.rows is not None), default=None),
        "sides": {
            name: {
                "median": found.median,
                "times": found.seconds,
                "over": found.over,
                "note": found.note,
            }
            for name, found in asked.items()
        },
    }
