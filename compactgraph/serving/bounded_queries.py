"""Queries that a person brings to a long-lived process, bounded in time, memory and rows.

Each runs in a process of its own kind (:mod:`compactgraph.serving.worker`), which is kept for the
next query and ended where a bound is passed. The processes have the published store open for
reading, and follow what is published.
"""

from __future__ import annotations

import os
import threading
import weakref
from collections import OrderedDict, deque
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from time import monotonic
from typing import Any, BinaryIO, cast

from compactgraph.common.operating_system import (
    ended_by_alarm,
    ended_by_depth,
    ended_by_memory,
    speaks_within,
    stand_back,
)
from compactgraph.common.subprocesses import receive, send, start
from compactgraph.errors import QueryBusyError, QueryLimitError
from compactgraph.paths import from_anywhere
from compactgraph.serving.worker import unpack_answer
from compactgraph.sparql.questions import SavedQuestion
from compactgraph.sparql.rows import Answer, GraphAnswer
from compactgraph.sparql.running import GraphsAsked, Written
from compactgraph.store.storage import Location

DEFAULT_SECONDS = 10.0
DEFAULT_ROWS = 5_000
DEFAULT_WORKERS = 2
DEFAULT_MEMORY = 1_000_000_000
"""The bounds: what a query may take, how many rows or triples its answer has, how many run at once."""

_START_SECONDS = 60.0
_AT_HAND = 2
_REMEMBERED, _REMEMBERED_LENGTH = 1_000, 20_000
_BRISK_SECONDS = 1.0
_INSTEAD = "run it on the command line, where there is no limit"


@dataclass(frozen=True)
class Bounded:
    """An answer of at most ``limit`` rows or triples, ``cut`` where it has more, and its ``seconds``."""

    answer: Answer | GraphAnswer | bool
    cut: bool
    limit: int
    seconds: float


class BoundedQueries:
    """Runs queries over a store, for all threads; its processes end with the program."""

    def __init__(
        self,
        location: Location,
        *,
        seconds: float = DEFAULT_SECONDS,
        rows: int = DEFAULT_ROWS,
        workers: int = DEFAULT_WORKERS,
        memory: int = DEFAULT_MEMORY,
        patience: float | None = None,
        instead: str = _INSTEAD,
    ) -> None:
        """Set the bounds: ``memory`` in bytes for each of the ``workers``. Starts no process yet.

        ``patience`` is how many seconds a query may wait for a place; as long as it may run, where
        nothing else is said; ``instead`` is what one whose query was stopped is told to do.
        """
        self.seconds = seconds
        self.rows = rows
        self.workers = workers
        self._arguments = [from_anywhere(location), str(seconds), str(memory)]
        self._memory = memory
        self._instead = instead
        self._patience = seconds if patience is None else patience
        self._turns = _Turns(workers)
        self._verdicts = _Verdicts()
        self._lock = threading.Lock()
        self._idle: list[_Process] = []
        self._all: set[_Process] = set()
        self._closed = False
        self._finalizer = weakref.finalize(self, _end_all, self._all)

    def __enter__(self) -> BoundedQueries:
        """Return the object itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the processes."""
        self.close()

    def start(self) -> None:
        """Start some processes in advance, so that the first queries need not wait for one."""
        with self._lock:
            while not self._closed and len(self._all) < min(self.workers, _AT_HAND):
                self._idle.append(self._new())

    def close(self) -> None:
        """End the processes, whatever they do; a query that runs then raises QueryLimitError."""
        with self._lock:
            self._closed = True
            self._idle.clear()
            self._finalizer()

    def run(self, sparql: str) -> Bounded:
        """Run a SELECT, ASK, CONSTRUCT or DESCRIBE that a person brings.

        Raises QueryError where it does not parse, is too long, changes something or would reach out,
        QueryLimitError where it was stopped or found no room, and StoreError where there is no store.
        """
        return self._answer({"sparql": sparql})

    def ask(
        self, question: SavedQuestion, values: Mapping[str, str], review: str | None = None
    ) -> Bounded:
        """Ask a saved question, as :func:`compactgraph.sparql.questions.ask` does.

        Raises what that raises, and QueryLimitError and StoreError as :meth:`run` does.
        """
        return self._answer({"question": asdict(question), "values": dict(values), "review": review})

    def write(
        self,
        sparql: str,
        *,
        tabular: str | None,
        graph: str | None,
        asked: GraphsAsked | None = None,
    ) -> Written:
        """Run a query and return its whole answer, as ``running.write_sparql`` does.

        Raises what that raises, QueryLimitError and StoreError as :meth:`run` does, and
        QueryBusyError where it found no place.
        """
        chosen = asked or GraphsAsked()
        formats = {"tabular": tabular, "graph": graph}
        request = {"written": sparql, "formats": formats, "names_graphs": self._verdicts.get(sparql)}
        message, _ = self._exchange({**request, "default": chosen.default, "named": chosen.named})
        answer = unpack_answer(message)
        assert isinstance(answer, Written)
        self._verdicts[sparql] = message["names_graphs"]
        return answer

    def _answer(self, request: dict[str, Any]) -> Bounded:
        message, seconds = self._exchange(request)
        answer = unpack_answer(message)
        assert not isinstance(answer, Written)
        cut = not isinstance(answer, bool) and answer.cut
        return Bounded(answer, cut, self.rows, seconds)

    def _exchange(self, request: dict[str, Any]) -> tuple[dict[str, Any], float]:
        """Send a request to a free process; return its message, and the seconds that it took."""
        if not self._turns.take(self._patience):
            raise QueryBusyError(
                f"other queries have kept all places busy for {_in_words(self._patience)} "
                f"({self.workers} can run at once); try again in a moment"
            )
        try:
            process = self._take()
            try:
                message, seconds = process.exchange({**request, "limit": self.rows}, self.seconds)
            finally:
                self._give_back(process)
        finally:
            self._turns.give_back()
        if message is None:
            raise QueryLimitError(self._why_ended(process))
        return message, seconds

    def _take(self) -> _Process:
        with self._lock:
            if self._closed:
                raise QueryLimitError("the program is ending; no query can be run")
            while self._idle:
                process = self._idle.pop()
                if process.alive:
                    return process
                self._drop(process)
            return self._new()

    def _give_back(self, process: _Process) -> None:
        with self._lock:
            if process.alive and not self._closed:
                self._idle.append(process)
                return
            self._drop(process)
            if not self._closed:
                with suppress(QueryLimitError):
                    self._idle.append(self._new())

    def _new(self) -> _Process:
        process = _Process(self._arguments)
        self._all.add(process)
        return process

    def _drop(self, process: _Process) -> None:
        process.end()
        self._all.discard(process)

    def _why_ended(self, process: _Process) -> str:
        if self._closed:
            return "the program is ending; the query was stopped"
        if process.too_slow_to_start:
            return f"no query could be run within {_in_words(_START_SECONDS)}; try again in a moment"
        if process.expired or ended_by_alarm(process.status):
            return (
                f"the query took longer than {_in_words(self.seconds)} and was stopped; narrow it, "
                + f"or {self._instead}"
            )
        if ended_by_memory(process.status):
            return (
                f"the query needed more than {self._memory // 1_000_000:,} MB of memory and was "
                f"stopped; narrow it, or {self._instead}"
            )
        if ended_by_depth(process.status):
            return "the query is too large, or nested too deeply, for the engine; make it smaller"
        return f"the process that ran the query ended unexpectedly (status {process.status}); try again"


class _Verdicts(OrderedDict[str, bool]):
    """What the workers found of queries that may be run: whether each names its graphs.

    To parse a query is most of what a short one costs, and people and programs ask the same ones
    again. It is kept here, since a worker that had a long query is ended, and knows only its own.
    """

    def __setitem__(self, sparql: str, names_graphs: bool) -> None:
        if len(sparql) <= _REMEMBERED_LENGTH:
            super().__setitem__(sparql, names_graphs)
            while len(self) > _REMEMBERED:
                self.popitem(last=False)


class _Turns:
    """A number of places, taken in the order of asking: a semaphore lets the last one pass the first."""

    def __init__(self, places: int) -> None:
        self._free = places
        self._lock = threading.Lock()
        self._waiting: deque[threading.Event] = deque()

    def take(self, seconds: float) -> bool:
        """Take a place; return False where none was free in time."""
        turn = threading.Event()
        with self._lock:
            if self._free:
                self._free -= 1
                return True
            self._waiting.append(turn)
        try:
            turn.wait(seconds)
        except BaseException:
            if self._leave(turn):
                self.give_back()
            raise
        return self._leave(turn)

    def _leave(self, turn: threading.Event) -> bool:
        """Wait no longer; return whether the place had been given."""
        with self._lock:
            if not turn.is_set():
                self._waiting.remove(turn)
            return turn.is_set()

    def give_back(self) -> None:
        """Give the place to the first who waits."""
        with self._lock:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._free += 1


class _Process:
    """A worker process, its two pipes, and how it ended."""

    def __init__(self, arguments: list[str]) -> None:
        try:
            self._process = start("compactgraph.serving.worker", arguments)
        except OSError as error:
            raise QueryBusyError(
                f"no process could be started for the query ({os.strerror(error.errno or 0)}); "
                "try again in a moment"
            ) from None
        self._ready = False
        self.expired = False
        self.stood_back = False
        self.too_slow_to_start = False

    @property
    def alive(self) -> bool:
        """Whether the process still runs."""
        return self._process.poll() is None

    @property
    def status(self) -> int | None:
        """How the process ended, as subprocess says it: a signal is below 0."""
        return self._process.returncode

    def exchange(
        self, request: Mapping[str, Any], seconds: float
    ) -> tuple[dict[str, Any] | None, float]:
        """Send a request; return the answer, or None where the process has ended, and the seconds."""
        message: dict[str, Any] | None = None
        begun = monotonic()
        try:
            if not self._ready:
                self._ready = self._within(_START_SECONDS, None) is not None
                self.too_slow_to_start = self.expired
                begun = monotonic()
            if self._ready:
                message = self._within(seconds, request)
        finally:
            # What stood back cannot be put in front again without the rights of an administrator.
            if message is None or self.stood_back:
                self.end()
        return message, monotonic() - begun

    def _within(self, seconds: float, request: Mapping[str, Any] | None) -> dict[str, Any] | None:
        """Send a request where there is one; return the message that comes in time, or None."""
        try:
            if request is not None:
                send(cast(BinaryIO, self._process.stdin), request)
                if not speaks_within(self._process, min(_BRISK_SECONDS, seconds)):
                    seconds -= _BRISK_SECONDS
                    # One query that runs away must not slow the short ones down.
                    self.stood_back = True
                    stand_back(self._process)
            if speaks_within(self._process, seconds):
                return receive(cast(BinaryIO, self._process.stdout))
            self.expired = True
        except (OSError, ValueError):
            pass
        return None

    def end(self) -> None:
        """End the process, wait for it, and close its pipes."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(OSError):
                cast(BinaryIO, pipe).close()


def _end_all(processes: set[_Process]) -> None:
    for process in list(processes):
        process.end()
    processes.clear()


def _in_words(seconds: float) -> str:
    return f"{seconds:g} second{'' if seconds == 1 else 's'}"
