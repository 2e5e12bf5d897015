"""How a request says who asks: Digest (RFC 7616), Basic (RFC 7617) or a bearer token (RFC 6750)."""

from __future__ import annotations

import re
from collections.abc import Generator

import httpx

from compactgraph.service.addresses import Credentials


def first_signature(credentials: Credentials) -> httpx.Auth:
    """Return what signs requests at first: a token, or Digest, which waits to be asked."""
    if credentials.user is not None and credentials.password is not None:
        return httpx.DigestAuth(credentials.user, credentials.password)
    return _Token(credentials.token)


def next_signature(credentials: Credentials, last: httpx.Auth, challenge: str) -> httpx.Auth | None:
    """Return what signs requests to a service that refused ``last``, or None if nothing else does.

    ``challenge`` is its WWW-Authenticate header. A password goes out as it is only to a service that
    asks for nothing else.
    """
    schemes = set(re.findall(r"(?:^|,)\s*(digest|basic)\b", challenge.lower()))
    if not isinstance(last, httpx.DigestAuth) or schemes != {"basic"}:
        return None
    return httpx.BasicAuth(credentials.user or "", credentials.password or "")


class _Token(httpx.Auth):
    """Signs a request with a bearer token, or not at all."""

    def __init__(self, token: str | None) -> None:
        self._token = token

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        if self._token is not None:
            request.headers["Authorization"] = f"Bearer {self._token}"
        yield request
