"""Trace: finding a provision, its story, its evidence in its place, its files."""

from __future__ import annotations

import re
import shutil
from itertools import pairwise
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from compactgraph.build.pipeline import build_store
from compactgraph.paths import DATA_VARIABLE, STORE_VARIABLE
from tests.support.pages import Explorer, copyable, page_html, page_text


def headings(page: AppTest, level: int = 2) -> list[str]:
    """Return the words of a page's headings of one level."""
    found = re.findall(rf"<h{level}[^>]*>(.*?)</h{level}>", page_html(page), flags=re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", words).split()) for words in found]


def found(page: AppTest) -> list[str]:
    """Return the provisions that the search lists."""
    html = page_html(page)
    if 'class="trace-found"' not in html:
        return []
    shown = html.split('class="trace-found"', 1)[1].split("</ul>", 1)[0]
    return re.findall(r'href="trace\?item=([^"]+)"', shown)


def test_without_an_item_it_lists_all_parts_by_theme(explorer: Explorer) -> None:
    page = explorer("trace")
    assert headings(page, 1) == ["Trace"]
    assert headings(page, 3) == [
        "Outside the themes",
        "1. Allocating resources efficiently",
        "2. Promoting equality, community cohesion and social inclusion",
        "3. Consulting with and involving the VCS, service users and go…",
        "4. Promoting and supporting volunteering",
        "5. Managing changes to services",
    ]
    listed = page_html(page).split("All parts of the agreement")[1]
    items = re.findall(r'<li><a href="trace\?item=([^"]+)"', listed)
    assert len(items) == len(set(items)) == 79
    assert items[:2] == ["title", "subtitle"]
    assert items[-1] == "5.8"


def test_the_story_of_1_11(explorer: Explorer) -> None:
    page = explorer("trace", item="1.11")
    assert headings(page, 1) == ["Commitment 1.11"]
    assert headings(page) == [
        "What becomes of it",
        "The words of the agreement",
        "What the partners say",
        "What they recommend",
        "Where it goes, how firmly, and why",
        "What was decided",
        "The evidence",
        "What is related to it",
        "Its neighbourhood",
        "To cite it",
        "To take it with you",
    ]
    text = page_text(page)
    assert "moved It leaves the agreement for another document." in text
    assert "Theme 1. Allocating resources efficiently Made by Public sector" in text
    assert "community asset transfer and capacity building support)." in text
    assert "The document says nothing here beyond what it recommends." in text
    assert "1.11-r1: Remove – " in text
    assert "Moves to: VCSE Strategy The matter leaves for the named document." in text
    assert "How firmly Recommended. The review recommends it; nobody has decided." in text
    assert "Why Better placed elsewhere" in text
    assert 'href="checklist?to=vcse-strategy"' in page_html(page)


def test_the_evidence_is_marked_in_its_place(explorer: Explorer) -> None:
    page = explorer("trace", item="1.11")
    evidence = page_html(page).split('id="evidence"')[1].split('id="related"')[0]
    assert re.findall(r"<mark>(.*?)</mark>", evidence) == [
        "Marked words",
        "Remove",
        "could be better included in the new VCSE Strategy",
    ]
    assert "1.12. Publish in advance information" in evidence
    text = page_text(page)
    assert "In the source on line 38." in text
    assert "“Remove” is read from “Remove”, by the cue “remove”." in text
    assert (
        "The reason “better placed elsewhere” is read from “could be better included in”, "
        "by the cue “could be better included in”." in text
    )
    assert "A mention of VCSE Strategy is read from “VCSE Strategy”, by the name" in text


def test_a_reading_by_hand_says_whose_and_why(explorer: Explorer) -> None:
    text = page_text(explorer("trace", item="3.8"))
    assert (
        "That it bears on 3.3 is read from “a mitigation of potentially shorted consultation periods”, "
        "by the hand of The maintainers of compactgraph, because: 3.3 is the commitment that sets the "
        "consultation period" in text
    )


def test_what_the_document_does_not_say_is_said(explorer: Explorer) -> None:
    text = page_text(explorer("trace", item="values"))
    assert "The document recommends nothing here." in text
    assert (
        "Nothing that the document recommends moves it: no recommendation decides: it is missing, or it "
        "only asks or wishes." in text
    )
    assert "The document names no party here." in text
    assert "Why The document states no reason." in page_text(explorer("trace", item="national-compact"))


def test_related_parts_are_grouped_with_their_outcomes(explorer: Explorer) -> None:
    page = explorer("trace", item="1.12")
    related = page_html(page).split('id="related"')[1].split('id="neighbourhood"')[0]
    assert re.findall(r"<h3>(.*?)</h3>", related) == [
        "Near in wording",
        "Tied to the same documents and bodies",
    ]
    assert "The wording is 92.3 of 100 alike." in related
    assert 'href="trace?item=1.17"' in related
    assert "tone-absorbed" in related
    assert "Tied by the commentary" in page_text(explorer("trace", item="3.3"))
    assert "terminology explains a term of it." in page_text(explorer("trace", item="national-compact"))


def test_the_neighbourhood_stands_as_a_table(explorer: Explorer) -> None:
    text = page_text(explorer("trace", item="1.11"))
    table = text.split("5 ties in the drawing around Commitment 1.11")[1]
    assert "1.11 moves to (recommended) VCSE Strategy “Remove, as could be better included" in table
    assert "1.11 is a commitment of the party Public sector By the structure of the document." in table


@pytest.mark.parametrize(
    ("item", "before", "after"),
    [("1.11", "1.10", "1.12"), ("title", None, "subtitle"), ("compact-and-you", "complaints", None)],
)
def test_the_pager_follows_the_document(
    explorer: Explorer, item: str, before: str | None, after: str | None
) -> None:
    text = page_text(explorer("trace", item=item))
    assert text.count(f"Previous: {before}" if before else "This is the first part.") == 2
    assert text.count(f"Next: {after}" if after else "This is the last part.") == 2


def test_the_citation_says_only_what_is_known(explorer: Explorer) -> None:
    (cited,) = copyable(explorer("trace", item="1.11"))
    assert re.fullmatch(
        r"Bristol Compact 2012, Commitment 1\.11; in: Bristol Compact – revision – what to keep / "
        r"change / drop for the new Compact\?; source line 38; "
        r"retrieved from compactgraph \S+, build \d+\.",
        cited,
    )


# What was decided


def test_a_movement_says_how_far_it_has_come_and_who_decided_it(decided_explorer: Explorer) -> None:
    page = decided_explorer("trace", item="1.11")
    text = page_text(page)
    assert "How firmly Applied. It is carried out: the receiving text has it" in text
    assert (
        "Who decided d1 : agreed on 5 October 2026 by Ann Lee and Bo Okafor, on behalf of Bristol "
        "Compact Partners' Group. The strategy has a chapter on it." in text
    )
    assert (
        "d13 : marked as applied on 19 October 2026 by Chris O’Neill. Applied at: Section 4.2, “Assets”"
        in text
    )
    assert 'href="decisions?provision=1.11#d1"' in page_html(page)
    assert 'href="decisions?provision=1.11"' in page_html(page)


def test_the_recommended_outcome_stands_beside_what_was_decided(decided_explorer: Explorer) -> None:
    text = page_text(decided_explorer("trace", item="2.5"))
    assert "Outcome ➜ moved It leaves the agreement" in text
    assert (
        "Recommended ✕ dropped is what the review recommends. What was decided makes it another." in text
    )
    assert "In its place Moves to VCSE Strategy, by d6." in text
    assert "It follows from Decision d6, in the place of 2.5-r1." in text
    assert "Recommended" not in page_text(decided_explorer("trace", item="1.11")).split("Number 1.11")[0]


def test_the_history_of_a_provision_says_what_holds(decided_explorer: Explorer) -> None:
    page = decided_explorer("trace", item="1.3")
    assert headings(page, 3)[1:4] == [
        "Stays in: New Compact",
        "d16 : agreed on 19 October 2026",
        "d18 : amended on 20 October 2026",
    ]
    text = page_text(page)
    assert "2 decisions in the order in which they were recorded" in text
    assert "How it stands Superseded by d18: it is in force no longer." in text
    assert "Decided instead keep" in text
    assert "Reason The minutes were misread. How it stands In force. It supersedes d16." in text


def test_what_is_contested_says_so(decided_explorer: Explorer) -> None:
    text = page_text(decided_explorer("trace", item="4.4"))
    contest = (
        "Contested: d17 and d19 are in force and do not agree. The latest holds until one is superseded."
    )
    assert text.count(contest) == 3
    assert "It leaves d17 in force beside it." in text


def test_what_rests_on_changed_words_says_so(reworded_explorer: Explorer) -> None:
    text = page_text(reworded_explorer("trace", item="1.11"))
    assert text.count("Suspect: it was made on other words. Those of 1.11 have changed since") == 2


def test_what_people_typed_shows_as_its_characters(decided_explorer: Explorer) -> None:
    page = decided_explorer("trace", item="2.1")
    assert "see C:\\Compact\\notes, and the <minutes> of “5/10”." in page_text(page)
    assert "<minutes>" not in page_html(page)


def test_a_provision_as_it_stood_on_a_day(decided_explorer: Explorer) -> None:
    page = decided_explorer("trace", item="1.11", **{"as-at": "2026-10-12"})
    text = page_text(page)
    assert "As it stood on 12 October 2026. No later decision counts." in text
    assert "How firmly Agreed." in text
    assert "d13" not in text
    assert "; as it stood on 12 October 2026; retrieved from compactgraph" in copyable(page)[0]
    html = page_html(page)
    assert 'href="trace?item=1.10&amp;as-at=2026-10-12"' in html
    assert 'href="trace?item=1.11"' in html
    before = page_text(decided_explorer("trace", item="1.11", **{"as-at": "2026-10-04"}))
    assert "How firmly Recommended." in before
    assert "Nothing had been decided by then." in before


def test_the_day_is_typed_into_a_field(decided_explorer: Explorer) -> None:
    page = decided_explorer("trace", item="2.5")
    (day,) = [field for field in page.text_input if field.label == "As it stood on"]
    page = day.set_value("2026-10-05").run()
    assert page.query_params["as-at"] == "2026-10-05"
    assert "Outcome ✕ dropped" in page_text(page)


def test_the_list_of_all_parts_stands_as_on_a_day_too(decided_explorer: Explorer) -> None:
    now = page_text(decided_explorer("trace")).split("All parts of the agreement")[1]
    then = page_text(decided_explorer("trace", **{"as-at": "2026-10-04"}))
    assert "2.5 ➜ moved" in now
    assert "2.5 ✕ dropped" in then.split("All parts of the agreement")[1]
    assert "As it stood on 4 October 2026." in then


def test_words_find_parts_and_are_marked(explorer: Explorer) -> None:
    page = explorer("trace", words="BUILDING capacity")
    assert found(page) == ["1.11"]
    assert "<mark>capacity</mark> <mark>building</mark>" in page_html(page)
    assert "tone-moved" in page_html(page)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("training", ["introduction", "4.7"]),
        ("1.20", ["1.20"]),
        ("1.2", ["1.2", "1.20"]),
        ("brokerage", ["complaints"]),
        ("zebra", []),
    ],
)
def test_what_words_find(explorer: Explorer, words: str, expected: list[str]) -> None:
    page = explorer("trace", words=words)
    assert found(page) == expected
    assert ("No part of the agreement" in page_text(page)) == (not expected)


def test_words_said_of_a_part_find_it_and_say_where(explorer: Explorer) -> None:
    assert "In what the partners say:" in page_text(explorer("trace", words="brokered"))
    assert "In a recommendation:" in page_text(explorer("trace", words="stability/continuity"))


def test_choosing_and_typing_write_the_address(explorer: Explorer) -> None:
    page = explorer("trace")
    page.text_input[0].set_value("capacity").run()
    assert page.query_params["words"] == "capacity"
    page.selectbox[0].set_value("1.4").run()
    assert page.query_params["item"] == "1.4"
    assert headings(page, 1) == ["Commitment 1.4"]


def test_an_unknown_item_gets_a_notice_with_the_nearest(explorer: Explorer) -> None:
    page = explorer("trace", item="9.99")
    text = page_text(page)
    assert "This review has no “9.99”. The nearest are 3.9 , 1.9 , 1.19 ." in text
    assert "The address asks for" not in text
    assert "All parts of the agreement" in text


def test_its_files_can_be_downloaded(explorer: Explorer) -> None:
    page = explorer("trace", item="1.11")
    labels = [button.proto.label for button in page.get("download_button")]
    assert labels == ["Download CSV", "Download JSON-LD", "Download Turtle"]


def test_headings_stand_in_order(explorer: Explorer) -> None:
    for values in ({}, {"item": "complaints", "words": "training"}):
        levels = [
            int(level) for level in re.findall(r"<h([1-6])", page_html(explorer("trace", **values)))
        ]
        assert levels.count(1) == 1
        assert levels[0] == 1
        assert all(later <= earlier + 1 for earlier, later in pairwise(levels))


def test_markup_in_the_address_and_in_the_data_shows_as_its_characters(
    explorer: Explorer,
    cases_folder: Path,
    data_folder: Path,
    ontology_folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    marked_up = "<script>alert(1)</script> $x^2$ :red[now] [here](there)"
    shutil.copytree(cases_folder / "small-review", tmp_path / "data" / "small-review")
    shutil.copy(data_folder / "references.ttl", tmp_path / "data")
    source = tmp_path / "data" / "small-review" / "source.txt"
    text = source.read_text(encoding="utf-8")
    source.write_text(text.replace("Plan funding", f"Plan {marked_up} funding"), encoding="utf-8")
    build_store(tmp_path / "data", ontology_folder, tmp_path / "store")
    monkeypatch.setenv(STORE_VARIABLE, str(tmp_path / "store"))
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path / "data"))
    page = explorer("trace", item="1.1", words="alert(1)")
    assert marked_up in page_text(page)
    assert "<script" not in page_html(page)
    assert not page.markdown
    page = explorer("trace", item=marked_up, words=marked_up)
    assert "<script" not in page_html(page)


def test_a_suspect_decision_leads_to_what_changed(reworded_explorer: Explorer) -> None:
    html = page_html(reworded_explorer("trace", item="1.11"))
    assert "nobody has confirmed that it holds on the new ones." in html
    links = re.findall(r'<a href="([^"]*)">See what changed</a>', html)
    assert links == ["decisions#decision-1", "decisions#decision-13"]
