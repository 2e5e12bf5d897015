"""How a request says who asks: Digest (RFC 7616), Basic (RFC 7617) or a bearer token (RFC 6750)."""

from __future__ import annotations

import re
from collections.abc import Generator

import httpx

from compactgraph.service.addresses import Credentials

_Flow = Generator[httpx.Request, httpx.Response, None]


def signature(credentials: Credentials) -> httpx.Auth:
    """Return what signs the requests to one address."""
    if credentials.user is not None and credentials.password is not None:
        return _Password(credentials.user, credentials.password)
    return _Token(credentials.token)


class _Password(httpx.Auth):
    """Sends a password by Digest; by Basic only to a service that asks for nothing else."""

    def __init__(self, user: str, password: str) -> None:
        self._digest = httpx.DigestAuth(user, password)
        self._basic = httpx.BasicAuth(user, password)
        self._asks_for_basic = False

    def auth_flow(self, request: httpx.Request) -> _Flow:
        if not self._asks_for_basic:
            response = yield from _last_response(self._digest.auth_flow(request))
            challenge = response.headers.get("WWW-Authenticate", "").lower()
            schemes = set(re.findall(r"(?:^|,)\s*(digest|basic)\b", challenge))
            if response.status_code != 401 or schemes != {"basic"}:
                return
            self._asks_for_basic = True
        yield from self._basic.auth_flow(request)


def _last_response(flow: _Flow) -> Generator[httpx.Request, httpx.Response, httpx.Response]:
    request = next(flow)
    while True:
        response = yield request
        try:
            request = flow.send(response)
        except StopIteration:
            return response


class _Token(httpx.Auth):
    """Signs a request with a bearer token, or not at all."""

    def __init__(self, token: str | None) -> None:
        self._token = token

    def auth_flow(self, request: httpx.Request) -> _Flow:
        if self._token is not None:
            request.headers["Authorization"] = f"Bearer {self._token}"
        yield request
