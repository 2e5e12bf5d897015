"""The overview: what the review is, its totals, its outcomes, what stands out, its flows, its links."""

from __future__ import annotations

import re
import shutil
from itertools import pairwise
from pathlib import Path

import pytest

from compactgraph.build.pipeline import build_store
from compactgraph.paths import DATA_VARIABLE, STORE_VARIABLE
from tests.support.pages import Explorer, page_html, page_text

MARKED_UP = "<script>alert(1)</script> **bold** $x^2$"


def rows(html: str, caption: str) -> list[list[str]]:
    """Return the cells' words of the table whose caption begins with ``caption``."""
    table = next(
        t for t in re.findall(r"<table.*?</table>", html, re.DOTALL) if f"<caption>{caption}" in t
    )
    return [
        [
            " ".join(re.sub(r"<[^>]+>", " ", cell).split())
            for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)
        ]
        for row in re.findall(r"<tr.*?</tr>", table, re.DOTALL)
    ]


def marked_up_review(
    data_folder: Path, folder: Path, name: str, file: str, replaced: dict[str, str]
) -> Path:
    """Return a data folder with Bristol under another name, and with other words in one of its files."""
    copy = folder / "data" / name
    shutil.copytree(data_folder / "bristol", copy)
    shutil.copy(data_folder / "references.ttl", folder / "data")
    renamed = {"references.ttl": {"/id/bristol/": f"/id/{name}/"}, file: replaced}
    for changed, words in renamed.items():
        text = (copy / changed).read_text(encoding="utf-8")
        for old, new in words.items():
            assert old in text
            text = text.replace(old, new)
        (copy / changed).write_text(text, encoding="utf-8")
    return folder / "data"


def test_it_says_which_review_it_shows(explorer: Explorer) -> None:
    text = page_text(explorer())
    assert "Where each part of the Bristol Compact 2012 goes" in text
    assert (
        "Review Bristol Compact – revision – what to keep / change / drop for the new Compact?" in text
    )
    assert "Agreement reviewed Bristol Compact 2012" in text
    assert "Reviewed by Bristol Compact Partners' Group" in text
    assert "To be followed by New Compact" in text
    assert "As at The document bears no date. Its commentary speaks of June 2017 as past." in text
    assert "it is quoted whole and unchanged as the source of this data." in text


def test_the_totals_reconcile(explorer: Explorer) -> None:
    text = page_text(explorer())
    assert (
        "79 provisions : 54 commitments, 5 themes, 8 values, 12 sections. 83 recommendations ." in text
    )
    assert "All totals reconcile" in text
    assert "Holds: By kind: 54 + 5 + 8 + 12 = 79 provisions." in text
    assert "Holds: By outcome: 8 + 18 + 0 + 2 + 17 + 5 + 1 + 3 = 54 commitments." in text
    assert "Does not hold" not in text


def test_each_outcome_has_its_numbers_and_its_meaning(explorer: Explorer) -> None:
    html = page_html(explorer())
    assert [row[-2:] for row in rows(html, "Provisions by outcome")[1:]] == [
        ["8", "9"],
        ["18", "30"],
        ["0", "3"],
        ["2", "3"],
        ["17", "17"],
        ["5", "7"],
        ["1", "3"],
        ["3", "7"],
        ["54", "79"],
    ]
    assert "It leaves the agreement because it has become business as usual." in html
    assert 'href="destinations?outcome=absorbed&amp;kind=commitment">17</a>' in html
    assert "outcome=either&amp;kind=commitment" not in html


def test_the_matrices_have_every_cell_and_no_link_where_there_is_nothing(explorer: Explorer) -> None:
    html = page_html(explorer())
    by_theme = rows(html, "Number of commitments, by theme")
    assert " ".join(by_theme[0]) == (
        "Theme Retained Revised To stay or move Moved Absorbed Dropped Replaced by a pointer "
        "Undecided All"
    )
    assert [" ".join(row[1:]) for row in by_theme[1:]] == [
        "3 8 0 1 7 0 0 1 20",
        "0 2 0 0 2 2 0 0 6",
        "3 1 0 0 5 3 0 1 13",
        "1 3 0 1 1 0 1 0 7",
        "1 4 0 0 2 0 0 1 8",
        "8 18 0 2 17 5 1 3 54",
    ]
    by_party = rows(html, "Number of commitments, by party")
    assert [row[0] for row in by_party] == [
        "Party",
        "Shared",
        "Public sector",
        "Voluntary and community sector",
        "All",
    ]
    assert " ".join(by_party[3][1:]) == "0 1 0 0 10 0 0 0 11"
    assert 'href="destinations?kind=commitment&amp;party=vcs&amp;outcome=absorbed">10</a>' in html
    assert "party=vcs&amp;outcome=retained" not in html


def test_what_stands_out_leads_to_its_lists(explorer: Explorer) -> None:
    html, text = page_html(explorer()), page_text(explorer())
    said = "Of the 11 voluntary and community sector commitments, 10 are removed, all of them absorbed."
    assert said in text
    assert 'href="destinations?kind=commitment&amp;party=vcs&amp;outcome=absorbed">See the list' in html
    assert 'href="sparql?question=themes-without-recommendation">See the list' in html
    assert "Each row of the list: a commitment of the party that leaves the agreement" in text
    assert '<a href="trace?item=theme-2">Theme 2</a>' in html
    assert html.count("See the list as a table") == html.count("behind this</summary>") == 13


@pytest.mark.parametrize(
    ("asked", "total", "absorbed"), [({}, 54, "17"), ({"flows": "all"}, 79, "17")], ids=["some", "all"]
)
def test_the_flows_stand_as_a_table_too(
    explorer: Explorer, asked: dict[str, str], total: int, absorbed: str
) -> None:
    html = page_html(explorer(**asked))
    flows = rows(html, "Where the ")[1:]
    themes = [row for row in flows if re.match(r"\d\. |No theme", row[0])]
    ends = [row for row in flows if row not in themes]
    assert sum(int(row[2]) for row in themes) == sum(int(row[2]) for row in ends) == total
    assert [row[2] for row in ends if row[:2] == ["Absorbed", "Business as usual"]] == [absorbed]
    assert all(len(row[3].split(", ")) == int(row[2]) for row in flows)


def test_which_provisions_flow_stands_in_the_address(explorer: Explorer) -> None:
    page = explorer()
    assert page.radio[0].value == "commitments"
    page.radio[0].set_value("all").run()
    assert page.query_params["flows"] == "all"
    assert "Each of the 79 provisions is counted once at every stage." in page_text(page)


def test_there_are_three_ways_to_begin(explorer: Explorer) -> None:
    html = page_html(explorer())
    begin = html[html.index('id="begin"') : html.index("</ul>", html.index('id="begin"'))]
    assert re.findall(r'href="([^"]*)"', begin) == ["trace", "destinations", "checklist"]


def test_headings_stand_in_order(explorer: Explorer) -> None:
    levels = [int(level) for level in re.findall(r"<h([1-6])", page_html(explorer()))]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))


def test_a_review_that_says_little_is_shown_with_what_it_says(
    explorer: Explorer,
    two_reviews_data: Path,
    two_reviews_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(STORE_VARIABLE, str(two_reviews_folder))
    monkeypatch.setenv(DATA_VARIABLE, str(two_reviews_data))
    page = explorer(review="small-review")
    text = page_text(page)
    assert "Review Ottery Compact: what to keep and what to change" in text
    assert "As at The review states no date." in text
    assert "Source Whose the document is, is not stated." in text
    assert "7 provisions : 4 commitments" in text
    assert "All totals reconcile" in text
    assert "review=small-review" in page_html(page)


def test_markup_in_the_data_shows_as_its_characters(
    explorer: Explorer,
    data_folder: Path,
    ontology_folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    replaced = {"The document bears no date.": MARKED_UP, "The document belongs": MARKED_UP}
    data = marked_up_review(data_folder, tmp_path, "marked-up-about", "review.toml", replaced)
    build_store(data, ontology_folder, tmp_path / "store")
    monkeypatch.setenv(STORE_VARIABLE, str(tmp_path / "store"))
    monkeypatch.setenv(DATA_VARIABLE, str(data))
    page = explorer()
    assert page_text(page).count(MARKED_UP) == 2
    assert "<script" not in page_html(page)
    assert not page.markdown


# After decisions


def test_without_decisions_the_figures_are_those_of_the_recommendations(explorer: Explorer) -> None:
    text = page_text(explorer())
    assert (
        "Nothing has been decided yet : 92 recommended movements await a decision . The figures on this "
        "page say what is recommended ."
    ) in text
    assert "An outcome sums up what is recommended for a provision;" in text
    assert "As recommended:" not in text


def test_after_decisions_they_say_how_things_stand(decided_explorer: Explorer) -> None:
    page = decided_explorer()
    text, html = page_text(page), page_html(page)
    assert (
        "19 decisions so far: of 92 recommended movements 5 are agreed, 2 applied and 10 rejected; "
        "75 await a decision . Decisions have put 6 other movements in the place of some, or where "
        "nothing was recommended. The figures on this page say how things stand ."
    ) in text
    assert 'href="decisions#awaiting">75 await a decision</a>' in html
    assert "What is to become of each part, as was decided or else as its review recommends" in text
    assert "An outcome sums up how a provision stands: what was decided counts" in text
    assert [row[-1] for row in rows(html, "Provisions by outcome")[1:]] == [
        *("11", "31", "1", "4", "17", "5", "4", "6", "79")
    ]
    assert "All totals reconcile" in text
    assert text.count("As recommended:") == 3
