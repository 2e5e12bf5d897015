"""A real PostgreSQL for tests, on a socket in a folder of its own, run by a user without rights."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg

USER, PASSWORD = "minutes", "compact@Graph/7%"
_START_SECONDS = 60


def _program(name: str) -> str | None:
    """Return a program of the latest PostgreSQL that is installed, or None."""
    installed = Path("/usr/lib/postgresql").glob(f"*/bin/{name}")
    latest = max(installed, key=lambda path: int(path.parts[-3]), default=None)
    return str(latest) if latest else shutil.which(name)


def missing() -> str | None:
    """Return why it cannot be started, or None."""
    return None if _program("initdb") and _program("postgres") else "postgresql is not installed"


class PostgreSQL:
    """A server, which can be killed and started again on the same folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        # PostgreSQL refuses to run as root.
        self._as: dict[str, Any] = {}
        if os.geteuid() == 0:
            self._as = {"user": "postgres", "group": "postgres", "extra_groups": []}
            shutil.chown(folder, "postgres", "postgres")
        folder.chmod(0o755)
        self._process: subprocess.Popen[bytes] | None = None

    def make(self) -> None:
        """Make an empty database, of which ``USER`` is the owner."""
        (self.folder / "password").write_text(PASSWORD)
        command = [_program("initdb"), "--pgdata", self.folder / "data", "--username", USER]
        command += ["--auth", "scram-sha-256", "--pwfile", self.folder / "password"]
        command += ["--encoding", "UTF8", "--locale", "C", "--no-sync"]
        subprocess.run(command, check=True, capture_output=True, cwd=self.folder, **self._as)

    def follow(self, leader: PostgreSQL) -> None:
        """Make a copy of another server, which follows it and takes no writes."""
        command = [_program("pg_basebackup"), "--pgdata", self.folder / "data", "--write-recovery-conf"]
        command += ["--host", leader.folder, "--username", USER, "--checkpoint", "fast", "--no-sync"]
        given = {**os.environ, "PGPASSWORD": PASSWORD}
        subprocess.run(command, check=True, capture_output=True, cwd=self.folder, env=given, **self._as)

    def start(self) -> None:
        """Start it, and wait until it answers."""
        command = [_program("postgres"), "-D", self.folder / "data", "-k", self.folder]
        command += ["-c", "listen_addresses=", "-c", "max_connections=40"]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                command, stdout=log, stderr=log, cwd=self.folder, start_new_session=True, **self._as
            )
        deadline = time.monotonic() + _START_SECONDS
        while True:
            try:
                self.ask("SELECT 1")
                return
            except psycopg.OperationalError:
                assert time.monotonic() < deadline, (self.folder / "log").read_text()[-2000:]
                time.sleep(0.05)

    def kill(self) -> None:
        """Kill it and all its processes, as it cannot help (SIGKILL), and wait until it has ended."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

    def address(self, *, user: str = USER, password: str = PASSWORD, database: str = "postgres") -> str:
        """Return the address that the environment names."""
        secret = quote(password, safe="")
        return f"postgresql://{user}:{secret}@/{database}?host={quote(str(self.folder))}"

    def ask(self, *statements: str) -> list[Any]:
        """Do some SQL, past the register, and return the rows of the last statement."""
        place = {"host": str(self.folder), "user": USER, "password": PASSWORD, "dbname": "postgres"}
        with psycopg.connect(**place, autocommit=True) as connection:
            cursor = None
            for statement in statements:
                cursor = connection.execute(statement)
            return cursor.fetchall() if cursor is not None and cursor.description else []

    def forget(self) -> None:
        """Take away what a register has made there."""
        self.ask("SET client_min_messages = error", "DROP SCHEMA IF EXISTS compactgraph CASCADE")


@contextmanager
def postgresql(leader: PostgreSQL | None = None) -> Iterator[PostgreSQL]:
    """Run a server over an empty database, or one that follows another."""
    # The name of a socket is short, and a test's own folder is nobody else's to enter.
    with tempfile.TemporaryDirectory(prefix="pg") as folder:
        server = PostgreSQL(Path(folder))
        if leader is None:
            server.make()
        else:
            server.follow(leader)
        try:
            server.start()
            yield server
        finally:
            server.kill()
