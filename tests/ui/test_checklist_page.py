"""Destinations in detail: the groups, their items, the quoted words, the escaping and the downloads."""

from __future__ import annotations

from tests.ui.conftest import Explorer, page_html, page_text


def test_the_first_destination_is_chosen(explorer: Explorer) -> None:
    page = explorer("checklist")
    assert page.selectbox[0].value == "vcse-strategy"
    assert page.selectbox[0].options[0] == "VCSE Strategy (9 movements)"
    text = page_text(page)
    assert "9 movements lead to it, from 9 provisions; 1 other text mentions it in passing." in text


def test_each_group_has_its_count_and_meaning(explorer: Explorer) -> None:
    text = page_text(explorer("checklist", to="vcse-strategy"))
    for heading in (
        "Moves there: 3 movements The matter leaves for the named document.",
        "May go there: 3 movements The succeeding agreement or the named document",
        "Refers to it: 2 movements",
        "Only asks about it: 1 movement Where the matter goes is asked",
        "Mentions it in passing: 1 text",
    ):
        assert heading in text


def test_the_summary_leads_to_each_group(explorer: Explorer) -> None:
    html = page_html(explorer("checklist"))
    for name in ("moves", "either", "refers", "question", "mentions"):
        assert f'href="#group-{name}"' in html
        assert f'<h2 id="group-{name}">' in html


def test_an_item_has_its_words_its_way_and_its_evidence(explorer: Explorer) -> None:
    page = explorer("checklist")
    html = page_html(page)
    item = html[html.index('href="trace?item=1.11"') : html.index('href="trace?item=4.4"')]
    assert "Support the VCS in ways other than funding" in item
    assert "tone-moved" in item
    assert "<mark>could be better included in the new VCSE Strategy</mark>." in item
    assert "1.11-r1, line 38 of the source" in item
    assert "<dt>Reason stated</dt><dd>Better placed elsewhere</dd>" in item
    assert "The phrase is “could be better included in”." in item


def test_a_mention_quotes_the_commentary(explorer: Explorer) -> None:
    html = page_html(explorer("checklist"))
    group = html[html.index('<h2 id="group-mentions">') :]
    assert 'href="trace?item=values"' in group
    assert "What the commentary says" in group
    assert "<mark>VCSE Strategy</mark>" in group


def test_an_empty_group_says_none(explorer: Explorer) -> None:
    html = page_html(explorer("checklist", to="ccg-stp"))
    moves = html[html.index('<h2 id="group-moves">') : html.index('<h2 id="group-either">')]
    assert "<p>None.</p>" in moves


def test_a_large_destination_shows_all_its_movements(explorer: Explorer) -> None:
    page = explorer("checklist", to="new-compact")
    assert "45 movements lead to it" in page_text(page)
    assert page_html(page).count('class="checklist-item"') >= 45


def test_a_destination_that_nobody_names_is_said_to_be_none(explorer: Explorer) -> None:
    page = explorer("checklist", to="big-society")
    assert page.selectbox[0].value == "vcse-strategy"
    assert "The address asks for “big-society” under “Destination”." in page_text(page)


def test_choosing_writes_the_address(explorer: Explorer) -> None:
    page = explorer("checklist")
    page.selectbox[0].select("social-value-advisory-group").run()
    assert "social-value-advisory-group" in page.query_params["to"]
    assert "Social Value Advisory Group" in page_text(page)


def test_it_can_be_downloaded_in_each_format(explorer: Explorer) -> None:
    page = explorer("checklist")
    labels = [button.proto.label for button in page.get("download_button")]
    assert labels == [
        "Download Excel (XLSX)",
        "Download OpenDocument (ODS)",
        "Download CSV",
        "Download Word (DOCX)",
    ]
