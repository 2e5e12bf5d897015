"""What axe-core finds on a page, by the rules of WCAG 2.2 A and AA and axe's best practices."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

STREAMLITS_OWN = {"presentation-role-conflict": 'data-testid="stFileUploaderDropzone"'}
"""The findings that are Streamlit's own, by rule and a part of the element."""

# Targets of at least 24 pixels are a rule of WCAG 2.2, which axe leaves out unless it is asked.
EVERY_RULE = {"rules": {"target-size": {"enabled": True}}}
CONTRAST = {"runOnly": ["color-contrast"]}

# Without this axe describes each element that passes, which takes five times as long as the rules.
_FINDINGS_ALONE = {"resultTypes": ["violations"]}


def found_by_axe(page: Page, rules: dict[str, Any] = EVERY_RULE) -> list[str]:
    """Return what axe finds on a page and is not Streamlit's own, each with the element."""
    found = []
    for violation in Axe().run(page, options={**rules, **_FINDINGS_ALONE}).response["violations"]:
        for node in violation["nodes"]:
            element = node["html"]
            owner = STREAMLITS_OWN.get(violation["id"])
            if owner is None or owner not in element:
                found.append(f"{violation['id']} ({violation['impact']}): {element[:200]}")
    return found
