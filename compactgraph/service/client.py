"""Asks a SPARQL 1.1 service on the network, patiently and without giving away who asks.

It speaks the SPARQL 1.1 Protocol and Graph Store HTTP Protocol. Every request can be repeated safely, so
a failure that may pass (503, a refused connection, a broken answer) is tried again after a growing wait.
Credentials go only to the addresses that were given. No message holds them, or a query string.
"""

from __future__ import annotations

import ssl
import threading
import time
import weakref
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode, urljoin, urlsplit

import httpx
from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception_type,
    stop_after_attempt,
    stop_before_delay,
    wait_exponential,
    wait_random,
)

from compactgraph.common.version import __version__
from compactgraph.errors import CutAnswerError, ServiceError, shorten
from compactgraph.paths import STORE_VARIABLE
from compactgraph.service.addresses import (
    GRAPHS_VARIABLE,
    SET_CREDENTIALS,
    UPDATE_VARIABLE,
    Addresses,
    Engine,
    engine_called,
    host_of,
    is_loopback,
    name_of,
    plain,
)
from compactgraph.service.authentication import signature
from compactgraph.sparql.running import GraphsAsked

ANSWER_BYTES = 512 * 1024 * 1024
"""The most bytes that an answer may have."""

_OWN_GRAPHS = GraphsAsked()
_SAID_LENGTH = 200
_WHOLE_ANSWER = 10
"""A whole answer may take this many times as long as the wait for its next piece."""
_REDIRECTS = 3
_DEADLOCK = "Virtuoso 40001 "
"""How Virtuoso says that two updates waited for each other, and that it gave this one up."""
_BREAKS_OFF = "its answer breaks off or is malformed"

T = TypeVar("T")


@dataclass(frozen=True)
class Patience:
    """How many seconds to wait for a connection (``connect``) and for more of an answer (``read``).

    A request has at most ``tries`` within about ``whole`` seconds, the first wait being ``first_wait``.
    """

    connect: float = 5.0
    read: float = 60.0
    tries: int = 5
    whole: float = 30.0
    first_wait: float = 0.5


@dataclass(frozen=True)
class Reply(Generic[T]):
    """A parsed answer, and the number of rows at which the service says that it cuts."""

    parsed: T
    row_limit: int | None


@dataclass
class RowLimits:
    """What is known of a service's longest answer: ``proven`` rows came whole, it cuts at ``cap``."""

    proven: int = 0
    cap: int | None = None
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)


class _PassingError(Exception):
    """A failure that may pass by itself, and how many seconds the service asks to wait."""

    def __init__(self, what: str, wait: float | None = None) -> None:
        super().__init__(what)
        self.wait = wait


class Service:
    """A SPARQL service, asked from any number of threads. It connects when it is first asked.

    ``name`` is the address for queries without its query string, as messages name it.
    """

    def __init__(
        self, location: str, environ: Mapping[str, str], *, patience: Patience | None = None
    ) -> None:
        """Set the address for queries; ``environ`` has the others and the credentials.

        Raises ServiceError as :meth:`Addresses.find` does.
        """
        self.addresses = Addresses.find(location, environ)
        self.name = name_of(self.addresses.query)
        self.row_limits = RowLimits()
        self._patience = patience or Patience()
        self._server: str | None = None
        self._client: httpx.Client | None = None
        self._connecting = threading.Lock()
        self._signatures: dict[str, httpx.Auth] = {}

    def __repr__(self) -> str:
        """Return the name alone."""
        return f"Service({self.name})"

    @property
    def has_answered(self) -> bool:
        """Whether it has answered anything yet."""
        return self._server is not None

    @property
    def engine(self) -> Engine | None:
        """The kind of server, by the Server header of its last answer, or else by its address."""
        return engine_called(self._server) if self._server else self.addresses.engine

    def query(
        self,
        sparql: str,
        parse: Callable[[bytes], T],
        *,
        accept: tuple[str, ...],
        asked: GraphsAsked = _OWN_GRAPHS,
    ) -> Reply[T]:
        """Run a query on the graphs ``asked``, or on the service's own if there are none.

        ``parse`` reads an answer of one of the media types ``accept``. If it raises ValueError, the
        answer counts as broken off and is asked for again. Raises ServiceError if there is no answer,
        and CutAnswerError if the service says that it gave only a part.
        """
        form: dict[str, Any] = {
            "query": sparql,
            "default-graph-uri": asked.default,
            "named-graph-uri": asked.named,
        }
        headers = {"Accept": ", ".join(accept)}

        def once() -> Reply[T]:
            response, content = self._send("POST", self.addresses.query, data=form, headers=headers)
            self._refuse_a_part(response)
            media = _media(response)
            if media not in accept:
                raise ServiceError(
                    f"{self.name} answers with {shorten(plain(media)) or 'no media type'}, which is no "
                    f"answer to a query; check {STORE_VARIABLE}"
                )
            try:
                parsed = parse(content)
            except (ValueError, RecursionError):
                raise _PassingError(_BREAKS_OFF) from None
            limit = response.headers.get("X-SPARQL-MaxRows", "")
            return Reply(parsed, int(limit) if limit.isascii() and limit.isdecimal() else None)

        return self._patiently(once)

    def update(self, sparql: str) -> None:
        """Run an update that may run twice; raise ServiceError if it fails or its address is unknown."""
        address = self._known(self.addresses.update, "where it takes updates", UPDATE_VARIABLE)
        headers = {"Content-Type": "application/sparql-update; charset=utf-8", "Accept": "*/*"}
        body = sparql.encode()
        self._patiently(lambda: self._send("POST", address, content=body, headers=headers))

    def put_graph(self, graph: str, ntriples: bytes) -> None:
        """Replace the graph of that name; raise as :meth:`update` does."""
        address = self._known(self.addresses.graphs, "where it takes graphs", GRAPHS_VARIABLE)
        named = f"{address}{'&' if urlsplit(address).query else '?'}{urlencode({'graph': graph})}"
        headers = {"Content-Type": "application/n-triples"}
        self._patiently(lambda: self._send("PUT", named, content=ntriples, headers=headers))

    def _known(self, address: str | None, what: str, variable: str) -> str:
        if address is None:
            raise ServiceError(f"{self.name}: {what} is not known; set {variable}")
        return address

    # Trying again

    def _patiently(self, once: Callable[[], T]) -> T:
        patience = self._patience
        doubling = wait_exponential(multiplier=patience.first_wait) + wait_random(0, patience.first_wait)

        def wait(state: RetryCallState) -> float:
            failed = state.outcome.exception() if state.outcome is not None else None
            asked = failed.wait if isinstance(failed, _PassingError) else None
            return max(asked or 0.0, doubling(state))

        retrying = Retrying(
            retry=retry_if_exception_type(_PassingError),
            wait=wait,
            stop=stop_after_attempt(patience.tries) | stop_before_delay(patience.whole),
            reraise=True,
        )
        try:
            return retrying(once)
        except _PassingError as error:
            tries = retrying.statistics["attempt_number"]
            times = "" if tries == 1 else f" (tried {tries} times)"
            raise ServiceError(f"{self.name}: {error}{times}; try again when it is back") from None

    # One request

    def _send(self, method: str, address: str, **request: Any) -> tuple[httpx.Response, bytes]:
        """Send a request, signed if the service asks for that; return the answer and its body."""
        for _ in range(_REDIRECTS):
            response, content = self._exchange(method, address, request)
            if not response.has_redirect_location:
                self._refuse_failure(address, response, content)
                return response, content
            address = self._redirected(address, response)
        raise ServiceError(f"{name_of(address)} redirects without an end; check {STORE_VARIABLE}")

    def _exchange(
        self, method: str, address: str, request: dict[str, Any]
    ) -> tuple[httpx.Response, bytes]:
        begun = False
        # An address keeps its signature, whatever its query string.
        signed = self._signatures.setdefault(name_of(address), signature(self.addresses.credentials))
        try:
            with self._connected().stream(method, address, auth=signed, **request) as response:
                begun = True
                self._server = response.headers.get("Server", self._server or "")
                return response, self._body(response)
        # The last two: httpx knows some ways of Digest only.
        except (httpx.HTTPError, httpx.InvalidURL, KeyError, NotImplementedError) as error:
            raise self._explained(name_of(address), error, begun) from None

    def _body(self, response: httpx.Response) -> bytes:
        content = bytearray()
        deadline = time.monotonic() + _WHOLE_ANSWER * self._patience.read
        for chunk in response.iter_bytes():
            content += chunk
            if len(content) > ANSWER_BYTES:
                line = f"its answer has more than {ANSWER_BYTES:,} bytes; ask for less at once"
                raise ServiceError(f"{self.name}: {line}")
            if time.monotonic() > deadline:
                raise ServiceError(f"{self.name}: its answer does not come to an end; ask for less")
        return bytes(content)

    def _explained(self, name: str, error: Exception, begun: bool) -> Exception:
        """Return what a failure means; ``begun`` if the head of an answer had come."""
        if any(isinstance(cause, ssl.SSLError) for cause in _causes(error)):
            return ServiceError(f"{name}: its certificate cannot be verified; check the address")
        if isinstance(error, httpx.ReadTimeout | httpx.WriteTimeout):
            return ServiceError(
                f"{name} did not answer in {self._patience.read:g} seconds; "
                "ask for less, or when it is less busy"
            )
        if isinstance(error, httpx.ConnectError | httpx.TimeoutException | httpx.ProxyError):
            return _PassingError("it cannot be reached")
        if isinstance(error, httpx.NetworkError | httpx.RemoteProtocolError):
            return _PassingError(_BREAKS_OFF if begun else "the connection broke")
        return ServiceError(f"{name}: its answer cannot be read; check {STORE_VARIABLE}")

    def _refuse_failure(self, address: str, response: httpx.Response, content: bytes) -> None:
        status = response.status_code
        if status < 300:
            return
        if status in (429, 502, 503):
            raise _PassingError(f"it is busy or away ({status})", _retry_after(response))
        said = _first_line(response, content)
        if status == 500 and said.startswith(_DEADLOCK):
            raise _PassingError("it could not keep two updates apart (40001)")
        name = name_of(address)
        if status in (401, 403):
            given = self.addresses.credentials
            verb = "refuses these credentials" if given else "asks for credentials"
            raise ServiceError(f"{name} {verb} ({status}); {SET_CREDENTIALS}")
        mend = f"check {STORE_VARIABLE}" if status in (404, 405) else "see the service's own log"
        raise ServiceError(f"{name} refuses ({status}){': ' + said if said else ''}; {mend}")

    def _refuse_a_part(self, response: httpx.Response) -> None:
        """Refuse an answer that the service calls a part: 206, and what Virtuoso calls "anytime"."""
        if response.status_code == 206 or response.headers.get("X-SQL-State") == "S1TAT":
            raise CutAnswerError(
                f"{self.name} gave a part of the answer and stopped at a limit of its own; "
                "narrow the query, or raise the limit there"
            )

    def _redirected(self, address: str, response: httpx.Response) -> str:
        """Return where a redirect leads, on the same host and as safely; refuse any other."""
        target = urljoin(address, response.headers["Location"])
        old, new = urlsplit(address), urlsplit(target)
        try:
            same = (old.scheme, old.hostname, old.port) == (new.scheme, new.hostname, new.port)
            safer = (old.scheme, old.port, new.scheme, new.port) == ("http", None, "https", None)
        except ValueError:
            same = safer = False
        if "@" in new.netloc or not (same or (safer and old.hostname == new.hostname)):
            raise ServiceError(
                f"{name_of(address)} redirects to another host, {shorten(host_of(new)) or 'unnamed'}; "
                f"if that is right, give that address in {STORE_VARIABLE}"
            )
        return target

    def _connected(self) -> httpx.Client:
        """Return the client that all threads share, made when it is first needed."""
        with self._connecting:
            if self._client is None:
                self._client = self._new_client()
                weakref.finalize(self, self._client.close)
            return self._client

    def _new_client(self) -> httpx.Client:
        known = (self.addresses.query, self.addresses.update, self.addresses.graphs)
        parts = [urlsplit(address) for address in known if address is not None]
        # No proxy stands between this machine and itself.
        direct = {f"all://{at.netloc}": None for at in parts if is_loopback(at)}
        patience = self._patience
        try:
            return httpx.Client(
                headers={"User-Agent": f"compactgraph/{__version__}"},
                timeout=httpx.Timeout(patience.read, connect=patience.connect, pool=None),
                limits=httpx.Limits(max_connections=None),
                mounts=direct,
                trust_env=len(direct) < len({at.netloc for at in parts}),
            )
        except (ImportError, ValueError, httpx.InvalidURL):
            raise ServiceError(
                f"{self.name}: the proxy in the environment cannot be used; check HTTPS_PROXY, "
                "HTTP_PROXY and ALL_PROXY"
            ) from None


# What a service says


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _media(response: httpx.Response) -> str:
    return str(response.headers.get("Content-Type", "")).partition(";")[0].strip().lower()


def _first_line(response: httpx.Response, content: bytes) -> str:
    """Return the first line of a plain text, shortened and without control characters."""
    if _media(response) not in ("text/plain", "application/json", "application/problem+json"):
        return ""
    lines = content[:10_000].decode("utf-8", "replace").strip().splitlines()
    return shorten(plain(lines[0]), _SAID_LENGTH) if lines else ""


def _retry_after(response: httpx.Response) -> float | None:
    """Return how many seconds a service asks to wait, whether it names seconds or a date."""
    said = response.headers.get("Retry-After", "").strip()
    if said.isascii() and said.isdecimal():
        return float(said[:9])
    try:
        return max(0.0, parsedate_to_datetime(said).timestamp() - time.time())
    except (ValueError, OverflowError):
        return None
