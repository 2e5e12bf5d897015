"""Starts the explorer's server: Streamlit with the explorer's settings."""

from __future__ import annotations

import os
import socket
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from compactgraph import paths
from compactgraph.common.operating_system import become
from compactgraph.errors import NextStep, ServerError
from compactgraph.explorer.sign_in.settings import signing_settings
from compactgraph.service.addresses import listening_at, open_to_others


def check_port(host: str, port: int) -> None:
    """Raise ServerError if the server cannot listen on ``port``."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            problem = f"cannot listen on {host}, port {port} ({reason})"
            raise ServerError(problem, NextStep.CHOOSE_PORT) from None


def check_deciders(host: str, port: int, deciders: Path | None = None) -> str:
    """Return where people open the explorer, as ``http://127.0.0.1:8501``.

    Raises DecidersError if writing is switched on and people cannot sign in.
    """
    if (listed := paths.deciders_file(deciders)) is None:
        return listening_at(host, port)
    origin, _ = signing_settings(host, port, {**os.environ, paths.DECIDERS_VARIABLE: str(listed)})
    return origin


def launch(
    data: Path,
    store: str,
    *,
    host: str = "127.0.0.1",
    port: int = 8501,
    browser: bool = True,
    deciders: Path | None = None,
) -> None:
    """Become the explorer's server, which shows ``store``; this does not return.

    ``deciders`` is the file of those who may decide, by default the one that the environment names;
    without it nobody can write. Raises ServerError if the server cannot listen on ``port``, and
    DecidersError as :func:`check_deciders` does.
    """
    check_port(host, port)
    origin = check_deciders(host, port, deciders)
    given = {"server.address": host, "server.port": port, "server.headless": not browser}
    environment = {
        **os.environ,
        paths.DATA_VARIABLE: str(data.resolve()),
        paths.STORE_VARIABLE: paths.from_anywhere(store),
    }
    script = paths.app_script()
    if (listed := paths.deciders_file(deciders)) is not None:
        script = paths.signing_script()
        environment[paths.DECIDERS_VARIABLE] = str(listed.resolve())
        given |= {"server.enableCORS": True, "server.enableXsrfProtection": True}
    options = [f"--{name}={_written(value)}" for name, value in (dict(settings()) | given).items()]
    command = [sys.executable, "-m", "streamlit", "run", str(script), *options]
    print(f"The explorer is at {origin} (stop it with Ctrl+C)", flush=True)
    if warning := open_to_others(host, port, "read what it shows"):
        print(warning, file=sys.stderr, flush=True)
    become(command, environment)


def settings() -> Iterator[tuple[str, Any]]:
    """Yield the explorer's settings of Streamlit by their full names."""
    with paths.app_settings().open("rb") as stream:
        yield from _flat("", tomllib.load(stream))


def _flat(prefix: str, table: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _flat(f"{prefix}{name}.", value)
        else:
            yield prefix + name, value


def _written(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
