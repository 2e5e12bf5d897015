"""Middleware for an explorer in which people sign in; it adds what Streamlit lacks.

- If people reach the explorer over TLS, browsers send its cookies only over TLS.
- Only the explorer's own pages can open the connection that sends forms.
- A person who has signed in comes back to the page that they left.
- A failed sign-in says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from compactgraph.explorer.frame import render

_IN = "/auth/login"
_BACK = "/oauth2callback"
_IDENTITY = "_streamlit_user="
_LEFT = "compactgraph_left"
_LEFT_LASTS = 3600
_LONGEST = 2000
_AWAY = "The service at which people sign in cannot be reached, or does not answer as it should."
_REFUSED = "The service at which people sign in did not say who you are."


@dataclass(frozen=True)
class Gate:
    """The application ``app`` behind the gate; people open it at ``origin``."""

    app: ASGIApp
    origin: str

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request or a new connection."""
        if scope["type"] == "websocket" and not self._is_own(Headers(scope=scope)):
            await send({"type": "websocket.close", "code": 1008})
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    def _is_own(self, headers: Headers) -> bool:
        """Say whether a page of the explorer opens the connection, or no page at all."""
        asking = headers.get("origin")
        return asking is None or asking == self.origin or urlsplit(asking).netloc == headers.get("host")

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        told = False

        async def pass_on(message: Message) -> None:
            nonlocal told
            if message["type"] == "http.response.start":
                words, back = self._change(Request(scope), message)
                if words:
                    told = True
                    page = HTMLResponse(render.html("sign_in/failed", words=words, back=back), 400)
                    page.raw_headers += [pair for pair in message["headers"] if _is_cookie(*pair)]
                    await page(scope, receive, send)
            if not told:
                await send(message)

        await self.app(scope, receive, pass_on)

    def _change(self, request: Request, message: Message) -> tuple[str, str]:
        """Change the head of an answer; return words to show instead, if any, and the way back."""
        headers = MutableHeaders(scope=message)
        words, back = "", "/"
        if request.url.path == _IN:
            back = self._page_left(request)
            headers.append("set-cookie", _kept(back, _LEFT_LASTS))
            words = _AWAY if message["status"] >= 400 else ""
        elif request.url.path == _BACK and _is_answer(request):
            back = _left(request)
            headers.append("set-cookie", _kept("", 0))
            if _signed_in(headers):
                headers["location"] = back
            else:
                words = _REFUSED
        if self.origin.startswith("https:"):
            message["headers"] = [(name, _over_tls(name, value)) for name, value in message["headers"]]
        return words, back

    def _page_left(self, request: Request) -> str:
        came_from = urlsplit(request.headers.get("referer", ""))
        own = f"{came_from.scheme}://{came_from.netloc}" == self.origin
        path = came_from.path + (f"?{came_from.query}" if came_from.query else "")
        return path if own and _is_page(path) else "/"


def _is_page(path: str) -> bool:
    """Say whether ``path`` leads to a page of this explorer, and to no other host."""
    leads_away = path[1:2] in ("/", "\\") or not path.startswith("/")
    return not leads_away and path.isascii() and path.isprintable() and len(path) <= _LONGEST


def _kept(path: str, seconds: int) -> str:
    return f"{_LEFT}={quote(path, safe='/')}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}"


def _left(request: Request) -> str:
    """Return the page that the reader left to sign in."""
    path = unquote(request.cookies.get(_LEFT, ""))
    return path if _is_page(path) else "/"


def _is_answer(request: Request) -> bool:
    """Say whether the provider answers a sign-in; its request after a sign-out has no parameters."""
    return bool({"code", "error"} & set(request.query_params))


def _signed_in(headers: MutableHeaders) -> bool:
    return any(
        cookie.startswith(_IDENTITY) and "max-age=0" not in cookie.lower()
        for cookie in headers.getlist("set-cookie")
    )


def _is_cookie(name: bytes, value: bytes) -> bool:
    return name.lower() == b"set-cookie"


def _over_tls(name: bytes, value: bytes) -> bytes:
    """Return a header; mark a cookie that it sets as for TLS only."""
    parts = [part.strip().lower() for part in value.split(b";")]
    return value + b"; Secure" if _is_cookie(name, value) and b"secure" not in parts[1:] else value
