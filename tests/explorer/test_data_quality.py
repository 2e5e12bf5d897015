"""Data quality: what was found, how the words were read, by whose hand, what the terms mean."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from compactgraph.build.pipeline import build_store
from compactgraph.paths import DATA_VARIABLE, STORE_VARIABLE
from tests.explorer.test_overview import MARKED_UP, marked_up_review, rows
from tests.support.pages import Explorer, page_html, page_text


def test_it_says_in_words_that_the_review_conforms(explorer: Explorer) -> None:
    text = page_text(explorer("data-quality"))
    assert (
        "Yes. “Bristol Compact – revision – what to keep / change / drop for the new Compact?”" in text
    )
    assert "The checks found 1 thing: none must be mended, 1 worth a look, none for information." in text


def test_a_finding_leads_to_its_item_and_its_place(explorer: Explorer) -> None:
    page = explorer("data-quality")
    text, html = page_text(page), page_html(page)
    assert "worth a look Removal states a reason" in text
    assert "national-compact-r1 removes something and does not say why" in text
    assert '<a href="trace?item=national-compact">trace “The national Compact”</a>' in html
    assert "Lines 14 to 15 of the source:" in text
    assert "<mark>Include a link to the National Compact; delete these words.</mark>" in html


def test_how_much_is_read_by_cue_by_measure_and_by_hand(explorer: Explorer) -> None:
    page = explorer("data-quality")
    expected = (
        "240 statements were read from the words of the review: 234 by cue, 3 by measure, 3 by hand."
    )
    assert expected in page_text(page)
    assert rows(page_html(page), "Number of readings")[1:] == [
        ["Bears on", "0", "0", "1", "1"],
        ["Disposition", "91", "0", "2", "93"],
        ["Mentions", "100", "0", "0", "100"],
        ["Near wording", "0", "3", "0", "3"],
        ["Reason", "29", "0", "0", "29"],
        ["Relation", "14", "0", "0", "14"],
        ["All", "234", "3", "3", "240"],
    ]


def test_what_a_person_read_has_its_reason_and_its_words(explorer: Explorer) -> None:
    page = explorer("data-quality")
    text, html = page_text(page), page_html(page)
    assert "3 statements were read by a person, because no rule could." in text
    assert "3.8-r1 – Bears on: 3.3" in text
    assert "title-r1 – Disposition: the words state none" in text
    assert text.count("Read by The maintainers of compactgraph: “") == 3
    assert "<mark>a mitigation of potentially shorted consultation periods</mark>" in html


def test_nothing_is_left_unread(explorer: Explorer) -> None:
    text = page_text(explorer("data-quality"))
    assert "Left unread None. Every recommendation in the source was read." in text


def test_the_vocabulary_is_defined_and_linked(explorer: Explorer) -> None:
    html = page_html(explorer("data-quality"))
    linked = re.findall(r'href="#(terms-[^"]+)"', html)
    assert linked == re.findall(r'<h3 id="(terms-[^"]+)"', html)
    assert len(linked) == 12
    assert '<dt id="term-outcome-absorbed">absorbed</dt>' in html
    assert "No definition is given." not in html


def test_iris_stand_only_where_analysts_open_them(explorer: Explorer) -> None:
    html = page_html(explorer("data-quality"))
    assert "https://w3id.org/compactgraph/vocab/outcome/absorbed" in html
    outside = re.sub(
        r"<details><summary>[^<]*names for analysts.*?</details>", "", html, flags=re.DOTALL
    )
    assert "w3id.org" not in outside


def test_markup_in_the_data_shows_as_its_characters(
    explorer: Explorer,
    data_folder: Path,
    ontology_folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    replaced = {"The sentence is a condition": MARKED_UP}
    data = marked_up_review(data_folder, tmp_path, "marked-up-hand", "readings.toml", replaced)
    build_store(data, ontology_folder, tmp_path / "store")
    monkeypatch.setenv(STORE_VARIABLE, str(tmp_path / "store"))
    monkeypatch.setenv(DATA_VARIABLE, str(data))
    page = explorer("data-quality")
    assert MARKED_UP in page_text(page)
    assert "<script" not in page_html(page)
    assert not page.markdown


def test_what_rests_on_changed_words_is_counted_and_marked(reworded_explorer: Explorer) -> None:
    page = reworded_explorer("data-quality")
    text = page_text(page)
    assert (
        "4 things rest on words that have changed since: 1 reading, and 3 decisions or provisions of a "
        "draft. See what is suspect"
    ) in text
    assert "3.8-r1 – Bears on: 3.3 Suspect: its words have changed since it was read." in text
    assert text.count("Suspect:") == 1


def test_where_no_words_have_changed_it_says_so(explorer: Explorer) -> None:
    said = "None. No words on which a reading, a decision or a draft rests have changed since."
    assert said in page_text(explorer("data-quality"))
