"""Network: what is drawn and listed, the chosen thing, the way between two."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from tests.support.pages import Explorer, page_html, page_text


def test_by_default_it_shows_where_things_go(explorer: Explorer) -> None:
    page = explorer("network")
    text = page_text(page)
    assert (
        "Drawn: 74 things (10 sections, 4 themes, 6 values, 46 commitments and 8 references) "
        "and 76 ties , of 117 things and 295 ties in all; “Everything” draws them all." in text
    )
    assert "The first 40 of 76 ties are shown. The downloads have them all." in text
    assert "Stays in 42 Is absorbed into 17" in text
    assert [button.label for button in page.button] == ["Show all 76 ties"]


def test_all_ties_are_shown_on_demand(explorer: Explorer) -> None:
    page = explorer("network")
    page.button[0].click().run()
    assert page.query_params["rows"] == "all"
    table = page_html(page).split("76 ties that the drawing shows")[1].split("</table>")[0]
    assert table.count("<tr") == 77


@pytest.mark.parametrize(
    ("values", "drawn"),
    [
        ({"show": "all"}, "117 things and 295 ties"),
        ({"show": "mentions"}, "75 things and 93 ties"),
        ({"show": "between"}, "9 things and 5 ties"),
        ({"show": "belongs"}, "73 things and 121 ties"),
        ({"show": "all", "theme": "1"}, "34 things and 79 ties"),
        ({"ties": "moves"}, "4 things and 3 ties"),
        ({"ties": ["moves", "either"]}, "8 things and 9 ties"),
        ({"kinds": ["value", "reference"]}, "8 things and 9 ties"),
    ],
)
def test_the_filters_stand_in_the_address(
    explorer: Explorer, values: dict[str, str | list[str]], drawn: str
) -> None:
    text = re.sub(r" \([^)]*\)", "", page_text(explorer("network", **values))).replace(" ,", ",")
    assert f"Drawn: {drawn}, of 117 things" in text


def test_filters_that_nothing_fits_say_so(explorer: Explorer) -> None:
    text = page_text(explorer("network", kinds="party"))
    assert "No tie fits these filters." in text
    assert "The drawing as a table" not in text


def test_a_chosen_thing_leads_to_its_trace_with_all_its_ties(explorer: Explorer) -> None:
    page = explorer("network", item="1.11")
    html = page_html(page).split('id="chosen"')[1].split("</section>")[0]
    assert '<a href="trace?item=1.11">Trace 1.11</a>' in html
    assert "All 5 ties of 1.11" in html
    assert html.count("<tr") == 6
    reference = page_html(explorer("network", item="vcse-strategy"))
    assert '<a href="references?ref=vcse-strategy">Read about VCSE Strategy</a>' in reference
    party = page_html(explorer("network", item="vcs"))
    assert '<a href="destinations?party=vcs">' in party
    assert "These filters leave it out of the drawing." in party


def test_two_things_of_one_identifier_are_told_apart(explorer: Explorer) -> None:
    page = explorer("network", item="section:national-compact")
    assert "Trace The national Compact" in page_text(page)
    page = explorer("network", item="reference:national-compact")
    assert "Read about National Compact" in page_text(page)


def test_a_thing_can_be_chosen_in_a_list(explorer: Explorer) -> None:
    page = explorer("network")
    chooser = next(box for box in page.selectbox if box.label.startswith("Choose a thing"))
    chooser.set_value("4.4").run()
    assert page.query_params["item"] == "4.4"
    assert "Trace 4.4" in page_text(page)


def test_a_path_is_told_step_by_step_in_the_words_of_the_document(explorer: Explorer) -> None:
    text = page_text(explorer("network", **{"from": "1.11", "to": "4.4"}))
    path = text.split("How two things are tied")[1]
    assert "2 steps from 1.11 to 4.4 :" in path
    assert "1.11 moves to VCSE Strategy (recommended). Remove, as could be better included" in path
    assert "VCSE Strategy receives 4.4 (recommended)." in path


def test_a_path_to_itself_or_to_nothing_is_said(explorer: Explorer) -> None:
    text = page_text(explorer("network", **{"from": "1.11", "to": "1.11"}))
    assert "These are the same thing." in text
    text = page_text(explorer("network", **{"from": "1.11", "to": "<b>x</b>"}))
    assert "The address asks for “<b>x</b>” under “To”." in text


def test_headings_stand_in_order(explorer: Explorer) -> None:
    html = page_html(explorer("network", item="1.11", **{"from": "1.11", "to": "4.4"}))
    levels = [int(level) for level in re.findall(r"<h([1-6])", html)]
    assert levels.count(1) == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))
