"""The explorer's server, and the Chromium in which a reader opens its pages."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

from playwright.sync_api import Browser, BrowserContext, Page, Request

from compactgraph.paths import DATA_VARIABLE, STORE_VARIABLE

PROJECT = Path(__file__).resolve().parents[2]
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]
"""How Chromium is started. It finds no other machine, and asks nobody of its own accord."""

IDENTITY = "_streamlit_user"
"""The cookie in which Streamlit keeps who is signed in."""

Reader = Callable[..., Page]


def free_port() -> int:
    """Return a port on which nothing listens now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def running_explorer(
    store: Path,
    data: Path,
    log: Path,
    *,
    command: list[str] | None = None,
    wait: float = 60.0,
    environment: Mapping[str, str] | None = None,
) -> Iterator[str]:
    """Run the explorer on ``store``; give its address, and stop it at the end.

    ``environment`` has variables that it is given beside those of the tests.
    """
    port = free_port()
    started = command or [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless=true"]
    option = ["--port", str(port)] if command else [f"--server.port={port}"]
    variables = {
        **os.environ,
        STORE_VARIABLE: str(store),
        DATA_VARIABLE: str(data),
        **(environment or {}),
    }
    with log.open("w") as output:
        server = subprocess.Popen(
            [*started, *option], cwd=PROJECT, env=variables, stdout=output, stderr=output
        )
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_until_healthy(server, address, log, time.monotonic() + wait)
            yield address
        finally:
            server.terminate()
            server.wait(timeout=30)


def _wait_until_healthy(server: subprocess.Popen[bytes], address: str, log: Path, until: float) -> None:
    while time.monotonic() < until:
        if server.poll() is not None:
            break
        try:
            with urlopen(f"{address}/_stcore/health", timeout=2) as answer:
                if answer.status == 200:
                    return
        except (URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError(f"the explorer did not start:\n{log.read_text()}")


AT_REST = "document.getAnimations().every(each => each.playState !== 'running')"
"""Whether nothing on a page moves or changes its colour."""


def settled(page: Page) -> None:
    """Wait until the page has its heading, its run is done, links are followed, and nothing moves.

    Streamlit unfolds a part within half a second. A click is lost meanwhile, and an open list closes.
    """
    page.locator("main h1, [data-testid=stMain] h1").first.wait_for()
    page.wait_for_function(
        "document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'"
        " && document.documentElement.dataset.page !== undefined"
        f" && {AT_REST}"
    )


def in_colours(page: Page, scheme: Literal["light", "dark"]) -> None:
    """Show a page in the ``light`` or the ``dark`` theme, and wait until no colour changes."""
    page.emulate_media(color_scheme=scheme)
    page.wait_for_function(
        "scheme => getComputedStyle(document.querySelector('.stApp')).colorScheme === scheme"
        f" && {AT_REST}",
        arg=scheme,
    )


@contextmanager
def reading_at(
    browser: Browser,
    address: str,
    *others: str,
    ready: Callable[[Page], None] = settled,
    **always: Any,
) -> Iterator[Reader]:
    """Give what opens a path of the server at ``address``, each in a browser context of its own.

    It waits until the page is ``ready``. ``identity`` is the cookie of a person who has signed in;
    ``always`` and the options of one call go to Playwright. At the end the test fails if a page asked
    for something from elsewhere, if a script failed, or if the page broke its content security policy.
    A page may ask ``others`` too (the sign-in provider), and their own pages may ask for anything.
    """
    known = {urlsplit(each).netloc for each in (address, *others)}
    providers = {urlsplit(each).netloc for each in others}
    elsewhere: list[str] = []
    failed: list[str] = []
    contexts: list[BrowserContext] = []

    # Chromium itself finds no other machine. A route would do too, but it switches off the cache.
    def asked(request: Request) -> None:
        url = urlsplit(request.url)
        # What a page makes itself (blob, data) comes from nowhere.
        if url.scheme not in {"blob", "data"} and url.netloc not in known:
            page = request.frame.url
            if urlsplit(page).netloc not in providers:
                elsewhere.append(f"{page} asked for {request.url}")

    def open_at(
        path: str = "", *, identity: str = "", width: int = 1280, height: int = 900, **options: Any
    ) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, **always, **options)
        contexts.append(context)
        context.on("request", asked)
        if identity:
            context.add_cookies([{"name": IDENTITY, "value": identity, "url": address}])
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("pageerror", lambda error: failed.append(f"{page.url}: {error}"))
        page.on(
            "console",
            lambda said: (
                failed.append(f"{page.url}: {said.text}")
                if "Content Security Policy" in said.text
                else None
            ),
        )
        page.goto(f"{address.rstrip('/')}/{path}")
        ready(page)
        return page

    yield open_at
    for context in contexts:
        context.close()
    assert elsewhere == [], "a page asked for something from elsewhere"
    assert failed == [], "a page did what it must not"
