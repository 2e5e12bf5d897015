"""Open points: each kind with its count, its list and its links."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import Store

from compactgraph.answers.review.open_points import open_points
from compactgraph.answers.review_graph import ReviewGraph
from tests.support.pages import Explorer, page_html, page_text


def test_it_says_how_many_kinds_hold_something(explorer: Explorer) -> None:
    text = page_text(explorer("open-points"))
    assert "Of 11 kinds of open point looked for, 10 hold something." in text


@pytest.mark.parametrize(
    ("name", "title", "provisions", "rows"),
    [
        ("undecided", "Undecided", 7, 9),
        ("open-questions", "Questions and wishes", 5, 7),
        ("alternatives", "Alternatives not settled", 3, 6),
        ("dropped", "Removed, with nowhere to go", 10, 10),
        ("removed-without-reason", "Removed without a stated reason", 1, 1),
        ("usual-but-kept", "Kept, though called everyday practice", 4, 4),
        ("hollow-themes", "Themes kept without their commitments", 0, 0),
        ("near-but-different", "Near in wording, and treated differently", 3, 2),
    ],
)
def test_the_index_counts_each_kind(
    explorer: Explorer, name: str, title: str, provisions: int, rows: int
) -> None:
    page = explorer("open-points")
    assert f'href="#{name}-group"' in page_html(page)
    assert f'<h2 id="{name}-group">{title}</h2>' in page_html(page)
    assert f"{title} {provisions} {rows} " in page_text(page)


def test_every_kind_has_its_heading_and_its_rows(
    explorer: Explorer, bristol: Store, ontology_folder: Path
) -> None:
    html = page_html(explorer("open-points"))
    for group in open_points(ReviewGraph(bristol, ontology_folder, "bristol")):
        start = html.index(f'<h2 id="{group.name}-group">')
        section = html[start : html.index("</section>", start)]
        assert section.count('<tr role="row"><th role="rowheader"') == len(group.rows)
        assert ("<p>None.</p>" in section) == (not group.rows)


def test_a_row_leads_to_its_provision(explorer: Explorer) -> None:
    html = page_html(explorer("open-points"))
    near = html[html.index('<h2 id="near-but-different-group">') :]
    assert 'href="trace?item=1.12"' in near
    assert "tone-retained" in near
    assert "92.3" in near


def test_words_are_shown_from_the_beginning_or_whole(explorer: Explorer) -> None:
    whole = explorer("open-points", length="whole")
    assert whole.radio[0].value == "whole"
    assert "it seeks to define and strengthen the links" in page_text(whole)
    assert "it seeks to define and strengthen the links" not in page_text(explorer("open-points"))


def test_all_can_be_downloaded(explorer: Explorer) -> None:
    labels = [button.proto.label for button in explorer("open-points").get("download_button")]
    assert labels == ["Download Excel (XLSX)", "Download OpenDocument (ODS)", "Download Word (DOCX)"]


def test_what_was_settled_is_left_out_and_said_to(decided_explorer: Explorer) -> None:
    page = decided_explorer("open-points")
    text = page_text(page)
    assert "What was settled by 19 decisions is left out." in text
    assert 'href="decisions">19 decisions</a>' in page_html(page)
    assert "Undecided 6 6 " in text
    assert "Alternatives not settled 1 2 " in text
    assert "What is recommended was rejected" in text


def test_without_decisions_nothing_is_said_of_them(explorer: Explorer) -> None:
    assert "was settled by" not in page_text(explorer("open-points"))
