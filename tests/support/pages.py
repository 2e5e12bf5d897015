"""A page of the explorer in AppTest: how it is opened, and what it shows."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from functools import cache

from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from tests.support.browser import PROJECT

Explorer = Callable[..., AppTest]

# Each run of AppTest looks for components in all installed packages; that takes longer than most pages.
manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)

_TAG = re.compile(r"<[^>]+>")


def page_html(page: AppTest) -> str:
    """Return the HTML that the templates made for a page."""
    return "\n".join(element.proto.body for element in page.get("html"))


def page_text(page: AppTest) -> str:
    """Return the words of a page as a reader sees them, on one line."""
    return " ".join(html.unescape(_TAG.sub(" ", page_html(page))).split())


def copyable(page: AppTest) -> list[str]:
    """Return the texts that the page shows with a button to copy them."""
    return [html.unescape(text) for text in re.findall(r"<pre>(.*?)</pre>", page_html(page), re.DOTALL)]


def opened_page(page: str = "", **values: str | list[str]) -> AppTest:
    """Return the explorer's page at a path, with the values that its address has, as AppTest runs it."""
    opened = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=60)
    if "-" in page:
        # AppTest takes the file's name for the address until a first run has listed the pages.
        opened.run()
    for name, value in values.items():
        opened.query_params[name] = value
    if page:
        opened.switch_page(f"compactgraph/explorer/pages/{page.replace('-', '_')}.py")
    opened.run()
    assert not opened.exception, opened.exception
    # Streamlit writes a string that stands alone in a page's script onto the page.
    assert not opened.markdown, opened.markdown
    return opened
