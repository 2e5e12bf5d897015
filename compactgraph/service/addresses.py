"""The addresses of a SPARQL service, and the credentials for it.

A service has three addresses: for queries, for updates, and for whole graphs. The first is given. The
others follow from it if the kind of server is known, or stand in the environment.
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
    """A kind of server: how its Server header begins, and its paths for queries, updates and graphs.

    ``atomic`` if it runs the operations of one update request in one transaction.
    """

    name: str
    server: str
    path: str
    update: str
    graphs: str
    atomic: bool = False


_VIRTUOSO_GRAPHS = "/sparql-graph-crud-auth"

# Measured with an update request whose last operation fails: the Oxigraph server 0.5.13 changes nothing,
# Virtuoso 07.20.3229 keeps what the earlier operations did. Fuseki, GraphDB and RDF4J were not tried, so
# they do not count as atomic. A prefix before /query is Fuseki's dataset: an Oxigraph behind a prefix
# needs COMPACTGRAPH_GRAPHS.
ENGINES = (
    Engine("Oxigraph", "oxigraph", "()/query", "/update", "/store", atomic=True),
    Engine("Virtuoso", "virtuoso", "()/sparql", "/sparql", _VIRTUOSO_GRAPHS),
    Engine("Virtuoso", "virtuoso", "()/sparql-auth", "/sparql-auth", _VIRTUOSO_GRAPHS),
    Engine("Fuseki", "apache jena fuseki", "(/.+)/(?:query|sparql)", "/update", "/data"),
    Engine("RDF4J", "", "(.*/repositories/[^/]+)", "/statements", "/rdf-graphs/service"),
)


@dataclass(frozen=True)
class Credentials:
    """A user with a password, or a token, or nobody. They are never shown."""

    user: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)

    def __bool__(self) -> bool:
        """Whether there is anything to send."""
        return self.user is not None or self.token is not None


@dataclass(frozen=True)
class Addresses:
    """The addresses of a service, None if unknown, and the credentials for them."""

    query: str
    update: str | None
    graphs: str | None
    credentials: Credentials

    @classmethod
    def find(cls, location: str, environ: Mapping[str, str]) -> Addresses:
        """Return the addresses for a store's location; ``environ`` may name the other two.

        Raises ServiceError if an address is malformed or holds a password, and if credentials would
        be sent in the clear.
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
        """The kind of server that has such an address for queries, None if unknown."""
        return _engine_at(urlsplit(self.query))[0]


def engine_called(server: str) -> Engine | None:
    """Return the kind of server that sends such a Server header."""
    said = server.lower()
    return next((e for e in ENGINES if e.server and said.startswith(e.server)), None)


def parts_of(address: str) -> SplitResult | None:
    """Return the parts of an http or https address, or None if it is malformed."""
    try:
        parts = urlsplit(address)
        has_host = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return None
    fits = is_service(address) and has_host and not re.search(r"[\s\x00-\x20\x7f]", address)
    return parts if fits else None


def _parsed(address: str, variable: str) -> SplitResult:
    parts = parts_of(address)
    if parts is None:
        raise ServiceError(f"{variable} is no address of a service; write it as https://host/path")
    if "@" in parts.netloc:
        raise ServiceError(
            f"{variable} has a user or a password in the address; take them out and {SET_CREDENTIALS}"
        )
    return parts._replace(fragment="")


def _engine_at(parts: SplitResult) -> tuple[Engine | None, str]:
    """Return the kind of server at an address, and the path before its own."""
    for engine in ENGINES:
        if match := re.fullmatch(engine.path, parts.path.rstrip("/")):
            return engine, match[1]
    return None, ""


def _derived(parts: SplitResult, credentials: Credentials) -> tuple[str | None, str | None]:
    """Return the addresses for updates and for graphs that such a server has."""
    engine, base = _engine_at(parts)
    if engine is None:
        return None, None
    update = engine.update
    if update == "/sparql" and credentials.user is not None:
        update = "/sparql-auth"  # Virtuoso never asks for a name at /sparql.
    paths = (base + update, base + engine.graphs)
    update_address, graphs_address = (urlunsplit(parts._replace(path=p, query="")) for p in paths)
    return update_address, graphs_address


def _refuse_in_the_clear(address: str | None) -> None:
    parts = urlsplit(address or "")
    if parts.scheme == "http" and not is_loopback(parts):
        raise ServiceError(
            f"credentials are not sent to {host_of(parts)} over plain http; use https, "
            f"or set {PLAIN_HTTP_VARIABLE}=1 if the network is safe"
        )


def listening_at(host: str, port: int) -> str:
    """Return the address of a server on a port of a host, without a slash at its end."""
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def open_to_others(host: str, port: int, what: str) -> str:
    """Return a line that says ``what`` others can do with a server, empty if none can reach it."""
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
    """Return an address's host and port, without credentials."""
    return plain(parts.netloc.rpartition("@")[2])


def name_of(address: str) -> str:
    """Return an address for a message: without credentials and query string."""
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
    """Return a text with a space for each unprintable character."""
    return "".join(c if c.isprintable() else " " for c in text)
