"""Readers with a browser: Chromium opens pages and steps between them, and says when each is finished.

A page is finished when its heading stands there, Streamlit runs its script no more, nothing of the page
before is left, and the components that the page has are drawn. The browser looks at each frame, and by
its own clock; what it saw first counts only when it is still so some time later.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Browser, Page, sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_VIEWPORT = {"width": 1280, "height": 900}
_PATIENCE = 60_000
_STILL = 400
"""For how many milliseconds a page stays finished before that is believed."""

_WATCH = """
window.watched = {since: null, left: null, parts: %(parts)s};
function finished() {
  const app = document.querySelector("[data-testid=stApp]");
  if (app?.dataset.testScriptState !== "notRunning") return false;
  const heading = document.querySelector("[data-testid=stMain] h1")?.textContent;
  if (!heading || heading === watched.left) return false;
  if (document.querySelector("[data-testid=stSkeleton], [data-stale=true]")) return false;
  const shown = [document, ...[...document.querySelectorAll("[data-testid^=stBidi]")]
    .flatMap((part) => [part, ...part.querySelectorAll("*")])
    .map((part) => part.shadowRoot).filter(Boolean)];
  return watched.parts.every((part) => shown.some((root) => root.querySelector(part)));
}
function look() {
  if (!finished()) watched.since = null;
  else watched.since ??= performance.now();
  requestAnimationFrame(look);
}
requestAnimationFrame(look);
"""
_WAIT = f"watched.since !== null && performance.now() - watched.since > {_STILL}"
_STEP = """
([title, parts]) => {
  const link = [...document.querySelectorAll("[data-testid=stSidebarNavLink]")]
    .find((link) => link.textContent.trim().endsWith(title));
  watched.left = document.querySelector("[data-testid=stMain] h1").textContent;
  watched.parts = parts;
  watched.since = null;
  watched.began = performance.now();
  link.click();
}
"""


@dataclass(frozen=True)
class Visited:
    """How a page was opened: milliseconds until it was finished, and what was fetched for it."""

    milliseconds: float
    requests: int
    bytes: int


class Reader:
    """A browser that knows nothing yet: its cache is its own, and empty at first."""

    def __init__(self, browser: Browser) -> None:
        """Begin with an empty cache."""
        self._context = browser.new_context(viewport=_VIEWPORT)

    def __enter__(self) -> Reader:
        """Return the reader."""
        return self

    def __exit__(self, *_: object) -> None:
        """Forget everything."""
        self._context.close()

    def visit(self, address: str, parts: list[str]) -> Visited:
        """Open an address in a new tab; the page is finished when all of ``parts`` are drawn, too."""
        page = self._open(address, parts)
        try:
            return self._visited(page)
        finally:
            page.close()

    def steps(self, address: str, titles: dict[str, list[str]]) -> dict[str, float]:
        """Open an address; go through the pages by the page list, and return the milliseconds of each.

        ``titles`` are the titles in the page list, with the parts of each page.
        """
        page = self._open(address, [])
        self._visited(page)
        taken = {}
        for title, parts in titles.items():
            page.evaluate(_STEP, [title, parts])
            page.wait_for_function(_WAIT, polling=50, timeout=_PATIENCE)
            taken[title] = float(page.evaluate("watched.since - watched.began"))
        page.close()
        return taken

    def _open(self, address: str, parts: list[str]) -> Page:
        page = self._context.new_page()
        page.add_init_script(_WATCH % {"parts": parts})
        page.goto(address, wait_until="commit")
        return page

    def _visited(self, page: Page) -> Visited:
        page.wait_for_function(_WAIT, polling=50, timeout=_PATIENCE)
        milliseconds = float(page.evaluate("watched.since"))
        fetched = page.evaluate(
            "performance.getEntriesByType('resource').map((entry) => entry.transferSize)"
        )
        return Visited(milliseconds, len(fetched), sum(fetched))


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start Chromium; end it at the end. Raises RuntimeError where the machine has none."""
    found = next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )
    if found is None:
        raise RuntimeError("no Chromium on this machine; install the package chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=_FLAGS)
        try:
            yield browser
        finally:
            browser.close()
