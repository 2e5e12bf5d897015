"""How a request says who asks: Digest (RFC 7616), Basic (RFC 7617) or a bearer token (RFC 6750)."""

from __future__ import annotations

import re

from requests import PreparedRequest
from requests.auth import AuthBase, HTTPBasicAuth, HTTPDigestAuth

from compactgraph.service.addresses import Credentials


def first_signature(credentials: Credentials) -> AuthBase:
    """Return what signs requests at first: a token, or Digest, which waits to be asked."""
    if credentials.user is not None and credentials.password is not None:
        return HTTPDigestAuth(credentials.user, credentials.password)
    return _Token(credentials.token)


def next_signature(credentials: Credentials, last: AuthBase, challenge: str) -> AuthBase | None:
    """Return what signs requests to a service that refused ``last``, or None where there is no other.

    ``challenge`` is its WWW-Authenticate header. A password goes out as it is only to a service that
    asks for nothing else.
    """
    schemes = set(re.findall(r"(?:^|,)\s*(digest|basic)\b", challenge.lower()))
    if not isinstance(last, HTTPDigestAuth) or schemes != {"basic"}:
        return None
    user, password = credentials.user or "", credentials.password or ""
    return HTTPBasicAuth(user.encode(), password.encode())


class _Token(AuthBase):
    """Signs a request with a bearer token, or not at all."""

    def __init__(self, token: str | None) -> None:
        self._token = token

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        if self._token is not None:
            request.headers["Authorization"] = f"Bearer {self._token}"
        return request
