"""The explorer's server, and the Chromium that the browser tests drive."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from compactgraph.paths import DATA_VARIABLE, STORE_VARIABLE

PROJECT = Path(__file__).resolve().parents[2]
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def free_port() -> int:
    """Return a port on which nothing listens now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def running_explorer(
    store: Path,
    data: Path,
    log: Path,
    *,
    command: list[str] | None = None,
    wait: float = 60.0,
    environment: Mapping[str, str] | None = None,
) -> Iterator[str]:
    """Run the explorer on ``store``; give its address, and stop it at the end.

    ``environment`` has variables that it is given beside those of the tests.
    """
    port = free_port()
    started = command or [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless=true"]
    option = ["--port", str(port)] if command else [f"--server.port={port}"]
    variables = {
        **os.environ,
        STORE_VARIABLE: str(store),
        DATA_VARIABLE: str(data),
        **(environment or {}),
    }
    with log.open("w") as output:
        server = subprocess.Popen(
            [*started, *option], cwd=PROJECT, env=variables, stdout=output, stderr=output
        )
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_until_healthy(server, address, log, time.monotonic() + wait)
            yield address
        finally:
            server.terminate()
            server.wait(timeout=30)


def _wait_until_healthy(server: subprocess.Popen[bytes], address: str, log: Path, until: float) -> None:
    while time.monotonic() < until:
        if server.poll() is not None:
            break
        try:
            with urlopen(f"{address}/_stcore/health", timeout=2) as answer:
                if answer.status == 200:
                    return
        except (URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError(f"the explorer did not start:\n{log.read_text()}")
