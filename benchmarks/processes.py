"""Processes whose cost is known: commands that run once, and workers that answer one by one."""

from __future__ import annotations

import json
import os
import selectors
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
GRACE = 15.0
"""How long, in seconds, a worker may overrun its own time limit before it is killed."""


@dataclass(frozen=True)
class Cost:
    """What a process cost: wall time and processor time in seconds, peak memory in megabytes."""

    seconds: float
    processor: float
    megabytes: float


class WorkerLostError(Exception):
    """A worker died, or was killed for not answering in time."""


def run_for_cost(command: Sequence[str], more: Mapping[str, str] | None = None) -> Cost:
    """Run a Python command to its end and return its cost.

    ``command`` are the interpreter's arguments, ``more`` goes into its environment. Raises
    CalledProcessError, with what it wrote, if its exit status is not 0.
    """
    environment = {**os.environ, **(more or {})}
    # Where a program is installed, Python keeps its bytecode; here it may be told not to.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.cost", *command],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return Cost(**json.loads(done.stdout.splitlines()[-1]))


class Worker:
    """A process that is told what to do, a line of JSON each time, and answers in the same way."""

    def __init__(self, module: str, *arguments: str) -> None:
        """Start ``python -m module arguments``."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._selector = selectors.DefaultSelector()
        if self._process.stdout is not None:
            self._selector.register(self._process.stdout, selectors.EVENT_READ)

    def tell(self, request: Mapping[str, Any], limit: float | None = None) -> dict[str, Any]:
        """Send a request and return the answer; raise WorkerLostError if none comes.

        ``limit`` is the worker's own time limit, in seconds; it is killed some time after that.
        """
        channel = self._process.stdin, self._process.stdout
        if channel[0] is None or channel[1] is None or self._process.poll() is not None:
            raise WorkerLostError
        channel[0].write(json.dumps(request) + "\n")
        channel[0].flush()
        if limit is not None and not self._selector.select(limit + GRACE):
            self._process.kill()
            raise WorkerLostError
        line = channel[1].readline()
        if not line:
            raise WorkerLostError
        answer: dict[str, Any] = json.loads(line)
        return answer

    def close(self) -> None:
        """End the worker."""
        self._selector.close()
        if self._process.poll() is None:
            self._process.kill()
        self._process.communicate()
