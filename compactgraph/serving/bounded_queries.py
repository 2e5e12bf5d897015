"""Runs people's queries in a long-lived program, bounded in time, memory and rows.

Each query runs in a worker process (:mod:`compactgraph.serving.worker`), which is kept for the next one,
and killed if it passes a bound. The workers follow what is published.
"""

from __future__ import annotations

import os
import threading
import weakref
from collections import OrderedDict, deque
from collections.abc import Mapping
from contextlib import AbstractContextManager, suppress
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
from compactgraph.common.subprocesses import receive, send, start, unpack_error
from compactgraph.errors import QueryBusyError, QueryLimitError
from compactgraph.paths import from_anywhere
from compactgraph.serving.worker import unpack_answer
from compactgraph.sparql.questions import SavedQuestion
from compactgraph.sparql.rows import Answer, GraphAnswer
from compactgraph.sparql.running import GraphsAsked, Written
from compactgraph.store.storage import Location

_START_SECONDS = 60.0
_AT_HAND = 2
_REMEMBERED, _REMEMBERED_LENGTH = 1_000, 20_000
_BRISK_SECONDS = 1.0
_ALL_GRAPHS = GraphsAsked()
_INSTEAD = "run it on the command line, where there is no limit"


@dataclass(frozen=True)
class Bounded:
    """An answer of at most ``limit`` rows or triples, ``cut`` if there are more, and its ``seconds``."""

    answer: Answer | GraphAnswer | bool
    cut: bool
    limit: int
    seconds: float


class BoundedQueries(AbstractContextManager["BoundedQueries"]):
    """Runs queries over a store, for all threads; its processes end with the program."""

    def __init__(
        self,
        location: Location,
        *,
        seconds: float = 10.0,
        rows: int = 5_000,
        workers: int = 2,
        memory: int = 1_000_000_000,
        instead: str = _INSTEAD,
    ) -> None:
        """Set the bounds, and start no process yet.

        ``seconds`` bounds both the wait for a place and the run of a query, ``rows`` the rows or triples
        of an answer, ``workers`` the queries at once, ``memory`` the bytes of each. ``instead`` says
        what to do if a query was stopped.
        """
        self.seconds = seconds
        self.rows = rows
        self.workers = workers
        self._arguments = [from_anywhere(location), str(seconds), str(memory)]
        self._memory = memory
        self._instead = instead
        self._turns = _Turns(workers)
        # Whether each query that was found safe names its graphs. Parsing is most of the cost of a short
        # query, and the same ones come again. Workers end, so this is kept here.
        self._verdicts: OrderedDict[str, bool] = OrderedDict()
        self._lock = threading.Lock()
        self._idle: list[_Process] = []
        self._all: set[_Process] = set()
        self._closed = False
        self._finalizer = weakref.finalize(self, _end_all, self._all)

    def __exit__(self, *_: object) -> None:
        """End the processes."""
        self.close()

    def start(self) -> None:
        """Start some processes in advance."""
        with self._lock:
            while not self._closed and len(self._all) < min(self.workers, _AT_HAND):
                self._idle.append(self._new())

    def close(self) -> None:
        """End the processes; a running query then raises QueryLimitError."""
        with self._lock:
            self._closed = True
            self._idle.clear()
            self._finalizer()

    def run(self, sparql: str) -> Bounded:
        """Run a SELECT, ASK, CONSTRUCT or DESCRIBE.

        Raises QueryError if it does not parse, is too long, is an update or calls a service,
        QueryLimitError if it was stopped or found no place, and StoreError if there is no store.
        """
        return self._answer({"sparql": sparql})

    def ask(
        self, question: SavedQuestion, values: Mapping[str, str], review: str | None = None
    ) -> Bounded:
        """Ask a saved question, as :func:`compactgraph.sparql.questions.ask` does.

        Raises what that and :meth:`run` raise.
        """
        return self._answer({"question": asdict(question), "values": dict(values), "review": review})

    def write(
        self, sparql: str, *, tabular: str | None, graph: str | None, asked: GraphsAsked = _ALL_GRAPHS
    ) -> Written:
        """Run a query and return its whole answer, as ``running.write_sparql`` does.

        Raises what that and :meth:`run` raise.
        """
        formats = {"tabular": tabular, "graph": graph}
        request = {"written": sparql, "formats": formats, "names_graphs": self._verdicts.get(sparql)}
        message, _ = self._exchange({**request, "default": asked.default, "named": asked.named})
        if len(sparql) <= _REMEMBERED_LENGTH:
            self._verdicts[sparql] = message["names_graphs"]
            while len(self._verdicts) > _REMEMBERED:
                self._verdicts.popitem(last=False)
        return Written(message["content"], message["format"])

    def _answer(self, request: dict[str, Any]) -> Bounded:
        message, seconds = self._exchange(request)
        answer = unpack_answer(message)
        cut = not isinstance(answer, bool) and answer.cut
        return Bounded(answer, cut, self.rows, seconds)

    def _exchange(self, request: dict[str, Any]) -> tuple[dict[str, Any], float]:
        """Send a request to a free process; return its answer, and the seconds that it took."""
        if not self._turns.take(self.seconds):
            raise QueryBusyError(
                f"other queries have kept all places busy for {_in_words(self.seconds)} "
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
        if "error" in message:
            raise unpack_error(message)
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
        if process.expired and not process.ready:
            return f"no query could be run within {_in_words(_START_SECONDS)}; try again in a moment"
        if process.expired or ended_by_alarm(process.status):
            return (
                f"the query took longer than {_in_words(self.seconds)} and was stopped; narrow it, "
                f"or {self._instead}"
            )
        if ended_by_memory(process.status):
            return (
                f"the query needed more than {self._memory // 1_000_000:,} MB of memory and was "
                f"stopped; narrow it, or {self._instead}"
            )
        if ended_by_depth(process.status):
            return "the query is too large, or nested too deeply, for the engine; make it smaller"
        return f"the process that ran the query ended unexpectedly (status {process.status}); try again"


class _Turns:
    """A number of places, taken in the order of asking, which a semaphore does not promise."""

    def __init__(self, places: int) -> None:
        self._free = places
        self._lock = threading.Lock()
        self._waiting: deque[threading.Event] = deque()

    def take(self, seconds: float) -> bool:
        """Take a place; return False if none was free in time."""
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
        """Stop waiting; return whether the place had been given."""
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
        self.ready = False
        self.expired = False
        self.stood_back = False

    @property
    def alive(self) -> bool:
        """Whether the process still runs."""
        return self._process.poll() is None

    @property
    def status(self) -> int | None:
        """The exit code; a signal is below 0."""
        return self._process.returncode

    def exchange(
        self, request: Mapping[str, Any], seconds: float
    ) -> tuple[dict[str, Any] | None, float]:
        """Send a request; return the answer, or None if the process has ended, and the seconds."""
        message: dict[str, Any] | None = None
        begun = monotonic()
        try:
            if not self.ready:
                self.ready = self._within(_START_SECONDS, None) is not None
                begun = monotonic()
            if self.ready:
                message = self._within(seconds, request)
        finally:
            # Only an administrator could raise its priority again.
            if message is None or self.stood_back:
                self.end()
        return message, monotonic() - begun

    def _within(self, seconds: float, request: Mapping[str, Any] | None) -> dict[str, Any] | None:
        """Send a request if given; return the message that comes in time, or None."""
        try:
            if request is not None:
                send(cast(BinaryIO, self._process.stdin), request)
                if not speaks_within(self._process, min(_BRISK_SECONDS, seconds)):
                    seconds -= _BRISK_SECONDS
                    # A long query must not slow the short ones down.
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
