"""References: who mentions each document, body and practice, in which words, and what goes there."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from tests.support.pages import Explorer, page_html, page_text


def rows(html: str, caption: str) -> list[list[str]]:
    """Return the cells of the table with this caption."""
    table = html.split(f"<caption>{caption}", 1)[1].split("</table>", 1)[0]
    return [
        [
            " ".join(re.sub(r"<[^>]+>", " ", cell).split())
            for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)
        ]
        for row in re.findall(r"<tr.*?</tr>", table, re.DOTALL)
    ][1:]


def test_all_references_stand_under_their_types(explorer: Explorer) -> None:
    html = page_html(explorer("references"))
    assert re.findall(r"<h2[^>]*>(.*?)</h2>", html) == [
        "Agreements",
        "Legislation",
        "Bodies",
        "Practices",
        "Other documents and matters",
    ]
    numbers = [
        len(rows(html, heading)) for heading in ("Agreements", "Legislation", "Bodies", "Practices")
    ]
    assert numbers == [3, 2, 10, 1]
    assert len(rows(html, "Other documents")) == 14


def test_the_counts_of_a_reference(explorer: Explorer) -> None:
    html = page_html(explorer("references"))
    others = {row[0]: row[1:] for row in rows(html, "Other documents")}
    assert others["VCSE Strategy strategy"] == ["10", "0", "0", "1", "9", "9"]
    agreements = {row[0]: row[1:] for row in rows(html, "Agreements")}
    assert agreements["New Compact the succeeding agreement"] == ["6", "0", "0", "1", "5", "45"]
    assert agreements["Bristol Compact 2012 the agreement under review"] == [
        "8",
        "8",
        "0",
        "0",
        "0",
        "0",
    ]


def test_a_reference_with_its_mentions_and_movements(explorer: Explorer) -> None:
    page = explorer("references", ref="vcse-strategy")
    html, text = page_html(page), page_text(page)
    assert re.findall(r"<h1[^>]*>(.*?)</h1>", html) == ["VCSE Strategy"]
    movements = rows(html, "Movements to VCSE Strategy")
    assert [(" ".join(row[0].split()[:2]), *row[1:]) for row in movements] == [
        ("Moves to", "3", "3"),
        ("May go", "3", "3"),
        ("Refers to", "2", "2"),
        ("Raised, not", "1", "1"),
    ]
    assert "Type Strategy" in text
    assert "10 mentions in 10 texts, on 10 parts of the agreement." in text
    assert html.count("<mark>VCSE Strategy</mark>") == 10
    assert "Remove, as could be better included in the new <mark>VCSE Strategy</mark>." in html
    assert "A recommendation (1.11-r1), line 38 of the source" in text
    assert 'href="trace?item=1.11"' in html
    assert 'href="checklist?to=vcse-strategy"' in html


def test_several_names_in_one_text_are_marked_together(explorer: Explorer) -> None:
    page = explorer("references", ref="national-compact")
    assert re.findall(r"<mark>(.*?)</mark>", page_html(page))[:3] == [
        "national Compact",
        "2010 Compact",
        "National Compact",
    ]
    assert "Read by the name “2010 Compact”." in page_text(page)


def test_what_is_not_stated_is_said(explorer: Explorer) -> None:
    text = page_text(explorer("references", ref="voscur"))
    assert "The document recommends no movement there." in text
    assert "Type Body" in text


def test_choosing_writes_the_address(explorer: Explorer) -> None:
    page = explorer("references")
    page.selectbox[0].set_value("voscur").run()
    assert page.query_params["ref"] == "voscur"
    assert "Voscur" in page_text(page)


def test_an_unknown_reference_gets_a_notice(explorer: Explorer) -> None:
    text = page_text(explorer("references", ref="<script>x</script>"))
    assert (
        "The address asks for “<script>x</script>” under “Choose a document, body or practice”." in text
    )
    assert "Agreements" in text


@pytest.mark.parametrize("values", [{}, {"ref": "new-compact"}])
def test_headings_stand_in_order(explorer: Explorer, values: dict[str, str]) -> None:
    levels = [
        int(level) for level in re.findall(r"<h([1-6])", page_html(explorer("references", **values)))
    ]
    assert levels.count(1) == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))


def test_after_decisions_movements_have_their_statuses(decided_explorer: Explorer) -> None:
    html = page_html(decided_explorer("references", ref="vcse-strategy"))
    found = rows(html, "Movements to VCSE Strategy")
    assert [(" ".join(row[0].split()[:2]), *row[1:]) for row in found] == [
        ("Moves to", "4", "4", "2 agreed, 1 rejected, 1 applied"),
        ("May go", "3", "3", "1 recommended, 1 agreed, 1 rejected"),
        ("Refers to", "3", "3", "2 recommended, 1 agreed"),
        ("Raised, not", "1", "1", "1 agreed"),
    ]
    others = {row[0]: row[1:] for row in rows(page_html(decided_explorer("references")), "Other doc")}
    assert others["VCSE Strategy strategy"][-1] == "11 2 rejected"
