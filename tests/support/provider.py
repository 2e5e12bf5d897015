"""A real OpenID Connect provider on the loopback, and how a reader signs in there."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.parse import quote
from urllib.request import Request, urlopen

from playwright.sync_api import Page

from compactgraph.paths import DECIDERS_VARIABLE
from tests.support.browser import free_port, settled

SECRET = "the-client-s-secret-in-the-tests"
COOKIES = "what-signs-the-cookies-in-the-tests"
SIGNING_COMMAND = [sys.executable, "-m", "compactgraph", "app", "--no-browser"]


@dataclass(frozen=True)
class Provider:
    """A provider that runs, by its issuer."""

    issuer: str

    def knows(self, subject: str, **claims: object) -> None:
        """Have the provider say ``claims`` of a person."""
        told = Request(
            f"{self.issuer}/users/{quote(subject, safe='')}",
            data=json.dumps(claims).encode(),
            headers={"Content-Type": "application/json"},
            method="PUT",
        )
        with urlopen(told, timeout=10) as answer:
            assert answer.status == 204


@contextmanager
def running_provider(log: Path) -> Iterator[Provider]:
    """Run a provider in a process of its own; give it, and stop it at the end."""
    port = free_port()
    with log.open("w") as output:
        server = subprocess.Popen(
            [sys.executable, "-m", "oidc_provider_mock", "--port", str(port)],
            stdout=output,
            stderr=output,
        )
        provider = Provider(f"http://127.0.0.1:{port}")
        try:
            _wait_for(server, provider, log)
            yield provider
        finally:
            server.terminate()
            server.wait(timeout=30)


def _wait_for(server: subprocess.Popen[bytes], provider: Provider, log: Path) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and server.poll() is None:
        try:
            with urlopen(f"{provider.issuer}/.well-known/openid-configuration", timeout=2):
                return
        except (URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError(f"the provider did not start:\n{log.read_text()}")


def signing_environment(file: Path, issuer: str, deciders: str, settings: str = "") -> dict[str, str]:
    """Write a file of those who may decide; return the variables that switch writing on with it."""
    file.write_text(
        f"""
[oidc]
issuer = "{issuer}"
client = "compactgraph"
secret_variable = "TEST_OIDC_SECRET"
cookie_variable = "TEST_COOKIE_SECRET"
{settings}
{deciders}
""",
        encoding="utf-8",
    )
    return {
        DECIDERS_VARIABLE: str(file),
        "TEST_OIDC_SECRET": SECRET,
        "TEST_COOKIE_SECRET": COOKIES,
    }


def sign_in(page: Page, subject: str, button: str = "Sign in to decide") -> None:
    """Sign in as a person whom the provider knows, and come back to the explorer."""
    go_to_provider(page, button)
    page.locator("input[name=sub]").fill(subject)
    page.get_by_role("button", name="Authorize").click()
    back_in_the_explorer(page)


def go_to_provider(page: Page, button: str = "Sign in to decide") -> None:
    """Press the button that leads to the provider, and wait until it asks who this is."""
    page.get_by_role("button", name=button).click()
    page.wait_for_url("**/oauth2/authorize?**")


def back_in_the_explorer(page: Page) -> None:
    """Wait until the explorer is there again."""
    page.wait_for_function("document.querySelector('[data-testid=stApp]') !== null")
    settled(page)
