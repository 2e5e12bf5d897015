"""A PostgreSQL database that several servers share, and its errors in one line.

Connections are pooled; a broken one is replaced. A message names only the user, host and database.
"""

from __future__ import annotations

import atexit
import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, DBAPIError

from compactgraph.errors import HeadMovedError, RegisterBusyError, RegisterError, StoreBusyError, shorten
from compactgraph.paths import REGISTER_VARIABLE

_MALFORMED = (
    f"{REGISTER_VARIABLE} is no address of a PostgreSQL database; write it as "
    "postgresql://USER:PASSWORD@HOST/DATABASE, and @ and % in a password as %40 and %25"
)
_HOST = re.compile(r"[\w.:-]*", re.ASCII)
_DATABASE = re.compile(r"[^@:/]+")
_SETTINGS = """\
SELECT set_config('search_path', :schema, true), set_config('lock_timeout', :patience, true),
    set_config('synchronous_commit', CASE current_setting('synchronous_commit')
        WHEN 'off' THEN 'on' ELSE current_setting('synchronous_commit') END, true)"""

# SQLSTATE codes, or how they begin.
_RACED = ("40", "23505", "42P06", "42P07")
_BUSY = ("55P03", "57014", "53300")
_BROKEN = ("08", "57P")
_ERRORS: dict[tuple[str, ...], type[RegisterError]] = {_RACED: HeadMovedError, _BUSY: RegisterBusyError}
_LINES = {
    _RACED: "others write to it all the time; try again in a moment",
    _BUSY: "another program is writing to it ({why}); try again in a moment",
    _BROKEN: "cannot be reached ({why}); see whether the server runs, and whether "
    f"{REGISTER_VARIABLE} names it and a user whom it lets in",
    # A server that follows another one has no serialisable transactions.
    ("25006", "0A000"): "takes no entries ({why}); name the server that is written to, in "
    f"{REGISTER_VARIABLE}",
    ("42501",): "its user may not do this ({why}); let the owner of the database grant it",
    ("53",): "cannot be written ({why}); see whether the server has room on its disk",
    ("42P01", "42703", "XX"): "is not a register, or is damaged ({why}); restore it from a copy",
    ("",): "cannot be {done} ({why}); see the database's own log",
}
"""What to say of an error, by its code. The first that fits counts."""


class UncertainError(RegisterError):
    """The connection broke during a commit, which may have succeeded or not."""


class Database:
    """A database by its address, ``postgresql://USER:PASSWORD@HOST/DATABASE``."""

    def __init__(self, address: str) -> None:
        """Set the address; connect to nothing yet. Raises RegisterError if it is malformed."""
        self._url = _url_of(address)
        self.name = _name_of(self._url)

    @contextmanager
    def transaction(
        self, schema: str, patience: float, *, writes: bool = False
    ) -> Iterator[sa.Connection]:
        """Open a transaction on a schema; if it ``writes``, it is serialisable and ends in a commit.

        Otherwise it reads one snapshot. A commit is on the server's disk. Raises HeadMovedError if
        another transaction was faster, RegisterBusyError if one holds a lock for longer than
        ``patience`` seconds, UncertainError if the commit may have succeeded or not, and RegisterError
        for any other trouble.
        """
        level = "SERIALIZABLE" if writes else "REPEATABLE READ"
        with self._connected(isolation_level=level, postgresql_readonly=not writes) as connection:
            with self._translated(writes):
                settings = {"schema": schema, "patience": str(int(patience * 1000))}
                connection.execute(sa.text(_SETTINGS), settings)
                yield connection
            if not writes:
                return
            try:
                connection.commit()
            except DBAPIError as error:
                found = self._error(error, writes)
                broken = _code(error).startswith(_BROKEN)
                raise UncertainError(str(found)) if broken else found from None

    @contextmanager
    def lock(self, held: str) -> Iterator[None]:
        """Hold an advisory lock of this name.

        Raises StoreBusyError if another connection holds it, and RegisterError if the database does not
        answer.
        """
        number = int.from_bytes(hashlib.sha256(held.encode()).digest()[:8], signed=True)
        with self._connected(isolation_level="AUTOCOMMIT") as connection:
            with self._translated(writes=False):
                taken = connection.scalar(sa.text("SELECT pg_try_advisory_lock(:n)"), {"n": number})
            if not taken:
                raise StoreBusyError(
                    f"{held}: another build is under way there; try again when it is done"
                )
            try:
                yield
            finally:
                connection.invalidate()  # The lock ends with the connection.

    @contextmanager
    def _connected(self, **options: Any) -> Iterator[sa.Connection]:
        with self._translated(writes=False):
            try:
                connection = _engine(self._url).connect()
            except ModuleNotFoundError:
                raise RegisterError(
                    f"{self.name}: Python has no psycopg here to reach it; run: "
                    "pip install 'compactgraph[postgres]'"
                ) from None
            except (AssertionError, NotImplementedError):
                raise RegisterError(f"{self.name}: is no PostgreSQL database; name one") from None
        try:
            connection.execution_options(**options)
            yield connection
            with suppress(DBAPIError):  # What was asked for is there.
                connection.rollback()
        except BaseException:
            # To roll back on a connection that broke would hide the error that is on its way.
            connection.invalidate()
            raise
        finally:
            connection.close()

    @contextmanager
    def _translated(self, writes: bool) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            raise self._error(error, writes) from None

    def _error(self, error: DBAPIError, writes: bool) -> RegisterError:
        words = {"why": self._words(error), "done": "written" if writes else "read"}
        code = _code(error)
        codes = next(codes for codes in _LINES if code.startswith(codes))
        error_class = _ERRORS.get(codes, RegisterError)
        return error_class(f"{self.name}: {_LINES[codes].format(**words)}")

    def _words(self, error: DBAPIError) -> str:
        """Return the server's or the driver's own line, without secrets."""
        told = getattr(getattr(error.orig, "diag", None), "message_primary", None) or str(error.orig)
        line = next((line for line in told.splitlines() if line.strip()), type(error.orig).__name__)
        line = line.rpartition(" failed: ")[2].removeprefix("FATAL:").strip()
        for secret in self._secrets():
            line = line.replace(secret, "…")
        return shorten(line)

    def _secrets(self) -> Iterator[str]:
        values = [self._url.password, *(str(v) for k, v in self._url.query.items() if "pass" in k)]
        for value in filter(None, values):
            yield value
            yield quote(value)


def _code(error: DBAPIError) -> str:
    """Return the SQLSTATE code; one of a broken connection if no server gave any."""
    return getattr(error.orig, "sqlstate", None) or _BROKEN[0]


@cache
def _engine(url: sa.URL) -> sa.Engine:
    # A server that is away shows within seconds. Prepared statements would not outlive a pooling proxy.
    arguments = {
        "connect_timeout": 10,
        "keepalives_idle": 30,
        "tcp_user_timeout": 30_000,
        "client_encoding": "utf8",
        "prepare_threshold": None,
    }
    own = {name: value for name, value in arguments.items() if name not in url.query}
    engine = sa.create_engine(
        url,
        connect_args=own,
        pool_size=2,
        max_overflow=-1,
        pool_pre_ping=True,
        use_native_hstore=False,
    )
    atexit.register(engine.dispose)
    return engine


def _url_of(address: str) -> sa.URL:
    """Return a checked address. No message shows a malformed one: it may hold a part of a password."""
    try:
        url = sa.make_url(address)
    except (ArgumentError, ValueError):
        raise RegisterError(_MALFORMED) from None
    if not _HOST.fullmatch(url.host or "") or not _DATABASE.fullmatch(url.database or ""):
        raise RegisterError(_MALFORMED)
    return url.set(drivername="postgresql+psycopg")


def _name_of(url: sa.URL) -> str:
    shown = sa.URL.create("postgresql", url.username, None, url.host, url.port, url.database)
    return shown.render_as_string()
