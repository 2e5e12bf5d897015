"""A pseudo-terminal for tests: what a command shows to a person."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]


def on_a_terminal(
    arguments: Sequence[str], store: Path, folder: Path = PROJECT, **variables: str
) -> tuple[int, str]:
    """Run ``python -m`` with ``arguments`` in a pseudo-terminal; return its status and what it shows."""
    main_end, terminal = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", *arguments],
        stdout=terminal,
        stderr=terminal,
        env={**os.environ, "COMPACTGRAPH_STORE": str(store), **variables},
        cwd=folder,
    )
    os.close(terminal)
    shown = b""
    while True:
        try:
            part = os.read(main_end, 65536)
        except OSError:  # how Linux says that the other end is closed
            break
        if not part:
            break
        shown += part
    os.close(main_end)
    return process.wait(timeout=60), shown.decode().replace("\r\n", "\n")
