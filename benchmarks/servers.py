"""Streamlit servers that are measured: started on a free port, asked for their memory, stopped."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from benchmarks.processes import ROOT

_STARTING = 120.0
_PROC = Path("/proc")


@dataclass(frozen=True)
class Server:
    """A running Streamlit server: its address, without a path, and its process."""

    address: str
    process: int

    @property
    def stream(self) -> str:
        """The address of its WebSocket."""
        return f"{self.address.replace('http', 'ws', 1)}/_stcore/stream"

    def megabytes(self) -> float:
        """Return the memory that it holds now, with the processes that it started."""
        return sum(_resident(process) for process in _with_children(self.process)) / 1024


@contextmanager
def running(script: Path, log: Path, more: Mapping[str, str] | None = None) -> Iterator[Server]:
    """Run ``script`` in a server with the explorer's settings; stop it at the end.

    ``more`` goes into its environment. Raises RuntimeError, with what it wrote, if it does not start.
    """
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(script)]
    command += ["--server.headless=true", f"--server.port={port}"]
    environment = {**os.environ, **(more or {})}
    # Where a program is installed, Python keeps its bytecode; here it may be told not to.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    with log.open("w") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=output)
        try:
            address = f"http://127.0.0.1:{port}"
            if not _healthy(process, address):
                raise RuntimeError(f"{script} did not start:\n{log.read_text()}")
            yield Server(address, process.pid)
        finally:
            process.terminate()
            process.wait(timeout=30)


def _healthy(process: subprocess.Popen[bytes], address: str) -> bool:
    until = time.monotonic() + _STARTING
    while time.monotonic() < until and process.poll() is None:
        try:
            with urlopen(f"{address}/_stcore/health", timeout=2) as answer:
                return bool(answer.status == 200)
        except (URLError, OSError):
            time.sleep(0.1)
    return False


def _with_children(process: int) -> Iterator[int]:
    yield process
    for task in (_PROC / str(process) / "task").iterdir():
        for child in _read(task / "children").split():
            yield from _with_children(int(child))


def _resident(process: int) -> int:
    for line in _read(_PROC / str(process) / "status").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    return 0


def _read(file: Path) -> str:
    """Return what a file of the kernel holds: nothing if its thread or process has ended since."""
    try:
        return file.read_text(encoding="ascii")
    except (FileNotFoundError, ProcessLookupError):
        return ""
