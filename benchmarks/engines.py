"""The SPARQL servers that are compared: started on a free port, asked what they hold, stopped."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

from benchmarks.processes import ROOT

_STARTING = 120.0
_ENDING = 30.0
_PROC = Path("/proc")
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Engine:
    """A running server: the port and path at which it takes queries, and its process."""

    port: int
    path: str
    process: int

    def megabytes(self) -> float:
        """Return the memory of its processes now; what several share is counted once."""
        return sum(_own_kilobytes(process) for process in _tree(self.process)) / 1024

    def processor(self) -> float:
        """Return the processor time that its processes have taken, in seconds, those ended included."""
        return sum(_ticks(process) for process in _tree(self.process)) / _TICKS


@contextmanager
def compactgraph(
    store: Path, data: Path, log: Path, *, seconds: float, workers: int
) -> Iterator[Engine]:
    """Run ``compactgraph serve`` over a store that is built, with ``seconds`` for a query."""
    command = [sys.executable, "-m", "compactgraph", "serve", f"--store={store}", f"--data={data}"]
    command += [f"--seconds={seconds:g}", f"--workers={workers}"]
    with _running(command, "--port", "", "/sparql", log) as engine:
        yield engine


@contextmanager
def oxigraph(location: Path, log: Path, *, seconds: float | None) -> Iterator[Engine]:
    """Run the Oxigraph server over a loaded store, all its graphs together being the default one.

    ``seconds`` is its ``--timeout-s``, None for none.
    """
    command = [_program(), "serve-read-only", f"--location={location}", "--union-default-graph"]
    command += [] if seconds is None else [f"--timeout-s={seconds:g}"]
    with _running(command, "--bind", "127.0.0.1:", "/query", log) as engine:
        yield engine


def load_oxigraph(location: Path, nquads: Path) -> None:
    """Load N-Quads into a new store of the Oxigraph server; raise CalledProcessError if it fails."""
    command = [_program(), "load", f"--location={location}", f"--file={nquads}"]
    subprocess.run(command, check=True, capture_output=True)
    optimize = [_program(), "optimize", f"--location={location}"]
    subprocess.run(optimize, check=True, capture_output=True)


def _program() -> str:
    """Return the Oxigraph server's program, which its wheel puts beside Python's."""
    found = shutil.which(
        "oxigraph", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    )
    if found is None:
        raise RuntimeError("there is no oxigraph program; install the package oxigraph")
    return found


@contextmanager
def _running(
    command: Sequence[str], option: str, before_port: str, path: str, log: Path
) -> Iterator[Engine]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    with log.open("w") as output:
        process = subprocess.Popen(
            [*command, f"{option}={before_port}{port}"], cwd=ROOT, stdout=output, stderr=output
        )
        try:
            engine = Engine(port, path, process.pid)
            if not _answers(process, engine):
                raise RuntimeError(f"{command[0]} did not start:\n{log.read_text()}")
            yield engine
        finally:
            process.terminate()
            try:
                process.wait(timeout=_ENDING)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _answers(process: subprocess.Popen[bytes], engine: Engine) -> bool:
    until = time.monotonic() + _STARTING
    while time.monotonic() < until and process.poll() is None:
        connection = HTTPConnection("127.0.0.1", engine.port, timeout=5)
        try:
            connection.request("GET", f"{engine.path}?query=ASK%7B%7D")
            if connection.getresponse().status == 200:
                return True
        except OSError:
            time.sleep(0.1)
        finally:
            connection.close()
    return False


def machine_processor() -> float:
    """Return the processor time that everything on this machine has taken, in seconds."""
    user, nice, system, _, _, irq, softirq, *_ = _read(_PROC / "stat").splitlines()[0].split()[1:]
    return sum(map(int, (user, nice, system, irq, softirq))) / _TICKS


# What a process holds


def _tree(process: int) -> Iterator[int]:
    yield process
    for task in _listed(_PROC / str(process) / "task"):
        for child in _read(task / "children").split():
            yield from _tree(int(child))


def _own_kilobytes(process: int) -> int:
    for line in _read(_PROC / str(process) / "smaps_rollup").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    return 0


def _ticks(process: int) -> int:
    fields = _read(_PROC / str(process) / "stat").rpartition(")")[2].split()
    # Its own, and that of the processes that it started and saw end.
    return sum(map(int, fields[11:15]))


def _listed(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except (FileNotFoundError, ProcessLookupError):
        return []


def _read(file: Path) -> str:
    """Return what a file of the kernel holds: nothing if its process has ended since."""
    try:
        return file.read_text(encoding="ascii", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return ""
