"""Every page under axe-core, by the rules of WCAG 2.2 A and AA and axe's best practices."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from compactgraph.explorer.app import PAGES
from tests.explorer.conftest import Reader, in_colours

STREAMLITS_OWN = {"presentation-role-conflict": 'data-testid="stFileUploaderDropzone"'}
"""The findings that are Streamlit's own, by rule and a part of the element."""

ADDRESSES = {
    **{page.path or "overview": page.path for page in PAGES},
    "trace of an item": "trace?item=1.11",
    "filtered table": "destinations?outcome=moved&reason=none",
    "table of origins": "destinations?table=origins",
    "a reference": "references?ref=vcse-strategy",
    "a path": "network?from=1.11&to=vcse-strategy",
    "a saved question": "sparql?question=goes-to&destination=vcse-strategy",
    "a table on a day": "destinations?as-at=2026-10-12",
    "an own query": "sparql?query=SELECT%20*%20WHERE%20%7B%3Fs%20a%20cg%3ATheme%7D",
}


DECIDED = {
    "overview": "",
    "destinations": "destinations?status=agreed&status=rejected",
    "open points": "open-points",
    "decisions": "decisions",
    "decisions of an item": "decisions?provision=1.3&order=newest",
    "no decision": "decisions?state=void",
    "drafts": "drafts",
    "drafts from the old": "drafts?view=destinations&draft=1",
    "a reference": "references?ref=vcse-strategy",
    "data quality": "data-quality",
}
"""The addresses that show something else once there are decisions and drafts."""

EVERY_RULE = {"rules": {"target-size": {"enabled": True}}}
"""What axe is asked beside its defaults: targets of at least 24 pixels, a rule of WCAG 2.2."""


def findings(results: dict[str, Any]) -> list[str]:
    """Return what axe found and is not Streamlit's own, each with the element."""
    found = []
    for violation in results["violations"]:
        for node in violation["nodes"]:
            element = node["html"]
            owner = STREAMLITS_OWN.get(violation["id"])
            if owner is None or owner not in element:
                found.append(f"{violation['id']} ({violation['impact']}): {element[:200]}")
    return found


@pytest.mark.parametrize("path", ADDRESSES.values(), ids=ADDRESSES.keys())
def test_axe_finds_nothing(reader: Reader, path: str) -> None:
    assert found_at(reader, path) == []


@pytest.mark.parametrize("path", DECIDED.values(), ids=DECIDED.keys())
def test_axe_finds_nothing_after_decisions(reworded_reader: Reader, path: str) -> None:
    assert found_at(reworded_reader, path) == []


def found_at(reader: Reader, path: str) -> list[str]:
    """Return what axe finds on a page: in the light theme, in the dark one, and at 320 pixels."""
    # Without motion: a colour on its way from light to dark is neither.
    page = reader(path, reduced_motion="reduce")
    page.evaluate("document.querySelectorAll('.cg details').forEach((each) => { each.open = true })")
    found = findings(Axe().run(page, options=EVERY_RULE).response)
    in_colours(page, "dark")
    found += findings(Axe().run(page, options={"runOnly": ["color-contrast"]}).response)
    page.set_viewport_size({"width": 320, "height": 640})
    return found + findings(Axe().run(page, options=EVERY_RULE).response)
