"""Real SPARQL servers for tests, each on free ports of this machine and in a folder of its own."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

START_SECONDS = 60
PASSWORD = "compact-Graph/7"

# A quarter of the cost that Virtuoso accepts by default: its estimates vary from one build to the next.
_VIRTUOSO = """\
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
FileExtend = 200
MaxCheckpointRemap = 2000
[TempDatabase]
DatabaseFile = {folder}/virtuoso-temp.db
TransactionFile = {folder}/virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql_port}
DisableUnixSocket = 1
MaxClientConnections = 10
CheckpointInterval = 0
NumberOfBuffers = 10000
MaxDirtyBuffers = 6000
DirsAllowed = {folder}
[HTTPServer]
ServerPort = 127.0.0.1:{http_port}
ServerRoot = {folder}
MaxClientConnections = 10
ServerThreads = 10
Charset = UTF-8
[SPARQL]
ResultSetMaxRows = 10000
MaxQueryCostEstimationTime = 100
MaxQueryExecutionTime = 60
"""


class Server:
    """A server's process, which can be killed, and started again on the same folder and ports."""

    def __init__(self, command: list[str], folder: Path, base: str) -> None:
        self._command = command
        self._folder = folder
        self._base = base
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it answers."""
        log = self._folder / "log"
        with log.open("ab") as file:
            self._process = subprocess.Popen(
                self._command, stdout=file, stderr=file, stdin=subprocess.DEVNULL, cwd=self._folder
            )
        _wait_for(self._process, self._base, log)

    def kill(self) -> None:
        """Kill it, as it cannot help (SIGKILL), and wait until it has ended."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


@dataclass(frozen=True)
class Engine:
    """A running server: its name, its three addresses, its process, and who may write."""

    name: str
    query_url: str
    update_url: str
    graph_store_url: str
    server: Server = field(repr=False, compare=False)
    user: str | None = None
    password: str | None = None

    @property
    def environment(self) -> dict[str, str]:
        """The environment in which compactgraph works on this server."""
        given = {"COMPACTGRAPH_STORE": self.query_url}
        if self.user is not None and self.password is not None:
            given |= {"COMPACTGRAPH_USER": self.user, "COMPACTGRAPH_PASSWORD": self.password}
        return given


def oxigraph_command() -> str | None:
    """Return the Oxigraph server's program, or None where it is not installed."""
    beside = Path(sys.executable).with_name("oxigraph")
    return str(beside) if beside.exists() else shutil.which("oxigraph")


def missing(engine: str) -> str | None:
    """Return why an engine cannot be started, or None."""
    if engine == "oxigraph":
        return None if oxigraph_command() else "the oxigraph server is not installed"
    there = shutil.which("virtuoso-t") and shutil.which("isql-vt")
    return None if there else "virtuoso-opensource-7 is not installed"


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def oxigraph_server(folder: Path, *, union: bool = False) -> Iterator[Engine]:
    """Run the Oxigraph server over an empty store in ``folder``.

    Where it is a ``union``, its default graph is all its graphs together, as Virtuoso's always is.
    """
    command = oxigraph_command()
    assert command is not None
    port = free_port()
    arguments = ["serve", "--location", str(folder / "db"), "--bind", f"127.0.0.1:{port}"]
    if union:
        arguments.append("--union-default-graph")
    base = f"http://127.0.0.1:{port}"
    with _running([command, *arguments], folder, base) as server:
        yield Engine("oxigraph", f"{base}/query", f"{base}/update", f"{base}/store", server)


@contextmanager
def virtuoso(folder: Path) -> Iterator[Engine]:
    """Run Virtuoso over an empty database in ``folder``; its user ``dba`` may write."""
    http_port, sql_port = free_port(), free_port()
    settings = folder / "virtuoso.ini"
    settings.write_text(_VIRTUOSO.format(folder=folder, http_port=http_port, sql_port=sql_port))
    base = f"http://127.0.0.1:{http_port}"
    with _running(["virtuoso-t", "+configfile", str(settings), "+foreground"], folder, base) as server:
        statements = [f"USER_SET_PASSWORD('dba', '{PASSWORD}');", 'GRANT SPARQL_UPDATE TO "SPARQL";']
        sql = ["isql-vt", f"127.0.0.1:{sql_port}", "dba", "dba", f"exec={' '.join(statements)}"]
        subprocess.run(sql, check=True, capture_output=True, timeout=START_SECONDS)
        yield Engine(
            "virtuoso",
            f"{base}/sparql",
            f"{base}/sparql-auth",
            f"{base}/sparql-graph-crud-auth",
            server,
            "dba",
            PASSWORD,
        )


@contextmanager
def _running(command: list[str], folder: Path, base: str) -> Iterator[Server]:
    server = Server(command, folder, base)
    try:
        server.start()
        yield server
    finally:
        server.kill()


def _wait_for(process: subprocess.Popen[bytes], base: str, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(base, timeout=5).close()
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"{base} did not start: {log.read_text(errors='replace')[-2000:]}")


ENGINES = {"oxigraph": oxigraph_server, "virtuoso": virtuoso}
