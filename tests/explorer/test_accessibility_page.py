"""The accessibility statement: its sections, what it admits, and the guide to the explorer."""

from __future__ import annotations

import re

from compactgraph import __version__
from compactgraph.explorer.frame.render import SIGNS
from tests.explorer.test_overview import rows
from tests.support.pages import Explorer, page_html, page_text


def test_it_has_the_sections_of_a_statement(explorer: Explorer) -> None:
    html = page_html(explorer("accessibility"))
    assert re.findall(r'<h2 id="[^"]+">([^<]+)</h2>', html) == [
        "How accessible this explorer is",
        "Feedback and contact information",
        "Enforcement procedure",
        "Technical information about its accessibility",
        "What was tested, and how",
        "How to read this explorer",
    ]
    assert re.findall(r'href="#([^"]+)"', html) == re.findall(r'<h2 id="([^"]+)">', html)


def test_it_says_how_far_it_complies_and_who_tested(explorer: Explorer) -> None:
    text = page_text(explorer("accessibility"))
    assert f"the compactgraph explorer, version {__version__}," in text
    assert (
        "partially compliant with the Web Content Accessibility Guidelines version 2.2 AA standard"
        in text
    )
    assert "Neither disabled users nor an outside auditor have tested the explorer" in text
    assert "The service is run by the body that deploys this explorer." in text


def test_what_is_known_stands_in_words_and_with_its_criterion(explorer: Explorer) -> None:
    page = explorer("accessibility")
    known = rows(page_html(page), "What does not comply")[1:]
    text = page_text(page)
    assert known
    for what, criterion, _ in known:
        assert text.count(what) == 2
        assert re.match(r"\d\.\d\.\d+ [A-Z]", criterion)


def test_it_names_nobody_to_write_to(explorer: Explorer) -> None:
    html = page_html(explorer("accessibility"))
    assert "mailto:" not in html
    assert not re.search(r"\w@\w", html)


def test_every_outcome_is_explained_with_its_sign(explorer: Explorer) -> None:
    text = page_text(explorer("accessibility"))
    labels = {"either": "to stay or move", "referred": "replaced by a pointer"}
    for outcome, sign in SIGNS.items():
        assert f"{sign} {labels.get(outcome, outcome)}" in text
