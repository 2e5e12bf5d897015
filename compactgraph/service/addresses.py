"""Where a SPARQL service is, and who asks it: its addresses, and the credentials of the environment.

A service has three addresses: for queries, for updates, and for whole graphs (its graph store). The
first is given; the others follow from it where the kind of server is known, or the environment has them.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit, urlunsplit

from compactgraph.errors import ServiceError
from compactgraph.paths import STORE_VARIABLE, is_service

UPDATE_VARIABLE = "COMPACTGRAPH_UPDATE"
GRAPHS_VARIABLE = "COMPACTGRAPH_GRAPHS"
USER_VARIABLE = "COMPACTGRAPH_USER"
PASSWORD_VARIABLE = "COMPACTGRAPH_PASSWORD"
TOKEN_VARIABLE = "COMPACTGRAPH_TOKEN"
PLAIN_HTTP_VARIABLE = "COMPACTGRAPH_PLAIN_HTTP"

SET_CREDENTIALS = f"set {USER_VARIABLE} and {PASSWORD_VARIABLE}, or {TOKEN_VARIABLE}"


@dataclass(frozen=True)
class Engine:
    """Where a kind of server has its addresses, by the path at which it is asked.

    ``server`` begins the Server header that it sends. ``atomic`` says that it runs the operations of
    one update request in one transaction.
    """

    name: str
    server: str
    path: re.Pattern[str]
    update: str
    graphs: str
    atomic: bool


# Measured, on an update request whose last operation fails: the Oxigraph server 0.5.13 leaves all as it
# was, Virtuoso 07.20.3229 keeps what the operations before it did. Fuseki, GraphDB and RDF4J were not
# tried, so their updates are not taken for atomic. A prefix before /query is Fuseki's dataset: an
# Oxigraph behind a prefix needs COMPACTGRAPH_GRAPHS.
ENGINES = (
    Engine("Oxigraph", "oxigraph", re.compile(r"()/query"), "/update", "/store", True),
    Engine(
        "Virtuoso", "virtuoso", re.compile(r"()/sparql"), "/sparql", "/sparql-graph-crud-auth", False
    ),
    Engine(
        "Virtuoso",
        "virtuoso",
        re.compile(r"()/sparql-auth"),
        "/sparql-auth",
        "/sparql-graph-crud-auth",
        False,
    ),
    Engine(
        "Fuseki", "apache jena fuseki", re.compile(r"(/.+)/(?:query|sparql)"), "/update", "/data", False
    ),
    Engine(
        "RDF4J",
        "",
        re.compile(r"(.*/repositories/[^/]+)"),
        "/statements",
        "/rdf-graphs/service",
        False,
    ),
)


@dataclass(frozen=True)
class Credentials:
    """Who asks: a user with a password, or a token, or nobody. No message has what they hold."""

    user: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)

    def __bool__(self) -> bool:
        """Whether there is anything to send."""
        return self.user is not None or self.token is not None


@dataclass(frozen=True)
class Addresses:
    """The addresses of a service, and who asks; an address is None where it is not known."""

    query: str
    update: str | None
    graphs: str | None
    credentials: Credentials

    @classmethod
    def find(cls, location: str, environ: Mapping[str, str]) -> Addresses:
        """Return those of a store's location; ``environ`` may name the other two, and who asks.

        Raises ServiceError where an address is none, or has a password in it, and where credentials
        would be sent in the clear.
        """
        parts = _parsed(location, STORE_VARIABLE)
        credentials = _credentials(environ)
        update, graphs = _derived(parts, credentials)
        if given := environ.get(UPDATE_VARIABLE):
            update = urlunsplit(_parsed(given, UPDATE_VARIABLE))
        if given := environ.get(GRAPHS_VARIABLE):
            graphs = urlunsplit(_parsed(given, GRAPHS_VARIABLE))
        addresses = cls(urlunsplit(parts), update, graphs, credentials)
        if credentials and environ.get(PLAIN_HTTP_VARIABLE) != "1":
            for address in (addresses.query, addresses.update, addresses.graphs):
                _refuse_in_the_clear(address)
        return addresses

    @property
    def engine(self) -> Engine | None:
        """The kind of server that has its queries at such an address, where that is known."""
        return _engine_at(urlsplit(self.query))


def engine_called(server: str) -> Engine | None:
    """Return the kind of server that sends such a Server header."""
    said = server.lower()
    return next((e for e in ENGINES if e.server and said.startswith(e.server)), None)


def _parsed(address: str, variable: str) -> SplitResult:
    try:
        parts = urlsplit(address)
        well_formed = is_service(address) and parts.hostname and (parts.port is None or parts.port > 0)
    except ValueError:
        well_formed = False
    if not well_formed or re.search(r"[\x00-\x20\x7f]", address):
        raise ServiceError(f"{variable} is no address of a service; write it as https://host/path")
    if "@" in parts.netloc:
        raise ServiceError(
            f"{variable} has a user or a password in the address; take them out and {SET_CREDENTIALS}"
        )
    return parts._replace(fragment="")


def _engine_at(parts: SplitResult) -> Engine | None:
    path = parts.path.rstrip("/")
    return next((engine for engine in ENGINES if engine.path.fullmatch(path)), None)


def _derived(parts: SplitResult, credentials: Credentials) -> tuple[str | None, str | None]:
    """Return the addresses for updates and for graphs that the kind of server has, where it is known."""
    engine = _engine_at(parts)
    if engine is None:
        return None, None
    match = engine.path.fullmatch(parts.path.rstrip("/"))
    base = match[1] if match is not None else ""
    update = engine.update
    if update == "/sparql" and credentials.user is not None:
        update = "/sparql-auth"  # Virtuoso asks nobody's name at /sparql, whoever may write.
    paths = (base + update, base + engine.graphs)
    update_address, graphs_address = (urlunsplit(parts._replace(path=p, query="")) for p in paths)
    return update_address, graphs_address


def _refuse_in_the_clear(address: str | None) -> None:
    parts = urlsplit(address or "")
    if parts.scheme == "http" and not is_loopback(parts):
        raise ServiceError(
            f"credentials are not sent to {host_of(parts)} over plain http; use https, "
            f"or set {PLAIN_HTTP_VARIABLE}=1 where the network is safe"
        )


def listening_at(host: str, port: int) -> str:
    """Return the address of a server that listens on a port of a host, without a slash at its end."""
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def open_to_others(host: str, port: int, what: str) -> str:
    """Say in a line that others reach a server, and ``what`` they can do; nothing where they do not."""
    if is_loopback(urlsplit(listening_at(host, port))):
        return ""
    return (
        f"It listens on {host}: everyone who reaches this machine can {what}, unencrypted and without a "
        "password"
    )


def is_loopback(parts: SplitResult) -> bool:
    """Say whether an address is on this machine."""
    host = (parts.hostname or "").rstrip(".")
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def host_of(parts: SplitResult) -> str:
    """Return an address's host and port, without who asks."""
    return plain(parts.netloc.rpartition("@")[2])


def name_of(address: str) -> str:
    """Return an address as messages have it: without who asks, and without a query string."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{host_of(parts)}{parts.path}"


def _credentials(environ: Mapping[str, str]) -> Credentials:
    user, password = environ.get(USER_VARIABLE), environ.get(PASSWORD_VARIABLE)
    token = environ.get(TOKEN_VARIABLE)
    if (user is None) != (password is None):
        raise ServiceError(f"{USER_VARIABLE} and {PASSWORD_VARIABLE} go together; set both")
    if token is not None and user is not None:
        raise ServiceError(f"{TOKEN_VARIABLE} is set, and {USER_VARIABLE} too; set one of them")
    if token is not None and re.fullmatch(r"[\x21-\x7e]+", token) is None:
        raise ServiceError(f"{TOKEN_VARIABLE} is no token: it has a space or a sign beyond ASCII")
    return Credentials(user, password, token)


def plain(text: str) -> str:
    """Return a text with a space for each sign that cannot be printed."""
    return "".join(c if c.isprintable() else " " for c in text)
