"""Processes that write to a register, for tests that kill them, crowd them, or take their rights away.

A nursery is a process that has imported what they need, and from which they fork, each within a few
milliseconds. A writer acknowledges each entry, by its number, only after the writing has returned.
"""

from __future__ import annotations

import json
import os
import resource
import select
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from compactgraph.errors import CompactgraphError
from compactgraph.register.chain import following
from compactgraph.register.entry import Body, Head, Kind
from compactgraph.register.followed import FollowedEntries
from tests.support.bodies import RECORDED, RECORDER, note
from tests.support.registers import register_named

PROJECT = Path(__file__).resolve().parents[2]
NOBODY = 65534
WORDS = 3000

Tell = Callable[[str], None]


class Writer:
    """A process that writes; what it tells comes through a pipe of its own."""

    def __init__(self, nursery: Nursery, pid: int, pipe: int) -> None:
        self.pid = pid
        self._nursery = nursery
        self._lines = os.fdopen(pipe, encoding="utf-8")
        self.told: list[str] = []

    def next(self) -> str:
        """Wait for the next thing that it tells, and return that; empty where it has ended."""
        if line := self._lines.readline().rstrip("\n"):
            self.told.append(line)
        return line

    def has_told(self) -> bool:
        """Say whether there is something to read, be it that it has ended."""
        return bool(select.select([self._lines], [], [], 0)[0])

    def kill(self) -> None:
        """Kill it. Until its end is waited for, no other process can have its number."""
        os.kill(self.pid, signal.SIGKILL)

    def end(self) -> int:
        """Wait until it has ended, and return how: 0, or the number of the signal, negative."""
        while self.next():
            pass
        self._lines.close()
        return os.waitstatus_to_exitcode(self._nursery.ask(["reap", self.pid]))

    @property
    def acknowledged(self) -> list[int]:
        """The numbers of the entries that it has acknowledged."""
        return [int(line) for line in self.told if line.isdecimal()]


class Nursery:
    """Where writers come from."""

    def __init__(self, channel: socket.socket) -> None:
        self._channel = channel

    def ask(self, what: list[Any], *fds: int) -> int:
        socket.send_fds(self._channel, [json.dumps(what).encode()], fds)
        return int(json.loads(self._channel.recv(100)))

    def start(self, what: str, *args: object) -> Writer:
        """Start a writer: ``what`` is a function below, by its name, and ``args`` what it takes."""
        reading, writing = os.pipe()
        pid = self.ask([what, *map(str, args)], writing)
        os.close(writing)
        return Writer(self, pid, reading)


@contextmanager
def nursery() -> Iterator[Nursery]:
    """Start a nursery, and end it and what has come of it."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        command = [sys.executable, "-m", "tests.support.writers", str(theirs.fileno())]
        with subprocess.Popen(command, pass_fds=[theirs.fileno()], cwd=PROJECT) as process:
            theirs.close()
            assert ours.recv(100) == b"0"
            yield Nursery(ours)
            ours.close()
            assert process.wait() == 0


# What a writer does


def entry(length: int = WORDS) -> Callable[[list[Any]], list[Any]]:
    """Return what makes the next entry: a note that says its own number, so and so long."""

    def make(held: list[Any]) -> list[Any]:
        words = f"{len(held) + 1} ".ljust(length, "x")
        return following("bristol", held, [note(words)], RECORDER, RECORDED)

    return make


def write(tell: Tell, path: str, count: str = "1000000") -> None:
    """Write so many entries, one after the other."""
    register = register_named(path)
    for _ in range(int(count)):
        (made,) = FollowedEntries(register, "bristol").add(entry())
        tell(str(made.number))


def write_until(tell: Tell, path: str, limit: str) -> None:
    """Write until a file is to be longer than the limit: the kernel kills it in the middle of that."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit), resource.RLIM_INFINITY))
    write(tell, path)


def write_with_room(tell: Tell, path: str, limit: str) -> None:
    """Write until there is no room for more, and once again when there is."""
    endless = resource.RLIM_INFINITY
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit), endless))
    try:
        write(tell, path)
    except CompactgraphError as error:
        tell(f"{type(error).__name__}: {error}")
    resource.setrlimit(resource.RLIMIT_FSIZE, (endless, endless))
    write(tell, path, "1")


def try_as_nobody(tell: Tell, path: str) -> None:
    """Read, and then write, as a user who has no right that is not everybody's."""
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    register = register_named(path)
    made = following("bath", [], [note("first")], RECORDER, RECORDED)
    for attempt in (
        lambda: f"{len(register.kept('bristol'))} read",
        lambda: register.append("bath", made, Head()) or "written",
    ):
        try:
            tell(attempt())
        except CompactgraphError as error:
            tell(f"{type(error).__name__}: {error}")


def hold(tell: Tell, path: str, statement: str) -> None:
    """Hold a lock on the file, by plain SQL, until it is killed."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute(statement)
    tell("held")
    signal.pause()


def cut_off(tell: Tell, path: str) -> None:
    """Leave a writing behind that was cut off after a part of it had reached the file."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA cache_size = 1")
    connection.execute("BEGIN IMMEDIATE")
    for number in range(100):
        connection.execute("INSERT INTO entry VALUES ('bath', ?, 'h', ?)", (number + 1, "t" * WORDS))
    os.kill(os.getpid(), signal.SIGKILL)


def decide(tell: Tell, store: str, ontology: str) -> None:
    """Agree to one movement after the other."""
    from compactgraph.deciding.desk import Desk

    desk = Desk(Path(store), Path(ontology), "bristol")
    situation = desk.situation()
    decided = {entry.body.item for entry in situation.entries}
    tell("ready")
    for move in situation.found.moves.values():
        if move.identifier not in decided and move.relation not in ("either", "question"):
            body = Body(Kind.AGREE, ("Ann Lee",), "2025-11-24", item=move.identifier)
            recorded = desk.record([body], RECORDER)
            assert recorded.notice == ""
            tell(str(recorded.entries[0].number))


WORK = {
    each.__name__: each
    for each in (write, write_until, write_with_room, try_as_nobody, hold, cut_off, decide)
}


# The nursery's own process


def _serve(channel: socket.socket) -> None:
    import compactgraph.deciding.desk  # noqa: F401 - so that writers find it imported

    channel.send(b"0")
    children = set()
    while True:
        message, fds, _, _ = socket.recv_fds(channel, 10_000, 1)
        if not message:
            break
        what, *args = json.loads(message)
        if what == "reap":
            _, answer = os.waitpid(args[0], 0)
            children.discard(args[0])
        else:
            answer = os.fork()
            if answer == 0:
                channel.close()
                _work(what, args, fds[0])
            os.close(fds[0])
            children.add(answer)
        channel.send(json.dumps(answer).encode())
    for child in children:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def _work(what: str, args: list[str], pipe: int) -> None:
    def tell(line: str) -> None:
        os.write(pipe, f"{line}\n".encode())

    try:
        WORK[what](tell, *args)
    except BaseException as error:
        tell(f"{type(error).__name__}: {error}")
        os._exit(1)
    os._exit(0)


def until(condition: Callable[[], bool], step: float = 0.0005, seconds: float = 60) -> None:
    """Wait until something is so, for a time in which it surely is."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "what was waited for did not come"
        time.sleep(step)


if __name__ == "__main__":
    _serve(socket.socket(fileno=int(sys.argv[1])))
