"""The table of destinations as a page: its filters, its order, its address."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.ui.conftest import Explorer, page_html, page_text

COUNTED = re.compile(r"([\d,]+) rows? on ([\d,]+) provisions?")
Row = dict[str, str]


@pytest.fixture(scope="module")
def gold(cases_folder: Path) -> list[Row]:
    """Return the rows of the table of destinations, as a person has read them."""
    with (cases_folder / "bristol-destinations.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def counted(text: str) -> tuple[int, int]:
    """Return how many rows and provisions a page says that it shows."""
    match = COUNTED.search(text)
    assert match is not None, text
    return int(match[1]), int(match[2])


def provisions(html: str) -> list[str]:
    """Return the provisions of the table's rows, in order."""
    return re.findall(r'scope="row"><a href="trace\?item=[^"]*">([^<]+)</a>', html)


def is_in(column: str, *values: str) -> Callable[[Row], bool]:
    """Return what says whether a row has one of ``values`` in a column of several terms."""
    return lambda row: any(value in row[column].split("|") for value in values)


@pytest.mark.parametrize(
    ("values", "wanted", "rows", "number"),
    [
        ({}, lambda row: True, 96, 79),
        ({"outcome": "moved"}, is_in("outcome", "moved"), 3, 3),
        ({"outcome": ["moved", "either"]}, is_in("outcome", "moved", "either"), 9, 6),
        (
            {"theme": "1", "kind": "commitment"},
            lambda r: r["kind"] == "commitment" and r["theme"] == "1",
            21,
            20,
        ),
        ({"theme": "none"}, is_in("theme", ""), 33, 19),
        ({"destination": "vcse-strategy"}, is_in("destination", "vcse-strategy"), 9, 9),
        ({"destination": "none"}, is_in("destination", ""), 20, 18),
        ({"party": "vcs"}, is_in("party", "vcs"), 11, 11),
        ({"reason": "no-longer-possible"}, is_in("reason", "no-longer-possible"), 1, 1),
        ({"relation": "question"}, is_in("relation", "question"), 8, 5),
        ({"disposition": "add"}, is_in("disposition", "add"), 3, 2),
        ({"words": "1.11"}, is_in("provision", "1.11"), 1, 1),
        (
            {"words": "TRAINING", "theme": "4"},
            lambda r: "training" in (r["text"] + r["recommendation_text"]).lower() and r["theme"] == "4",
            1,
            1,
        ),
    ],
)
def test_the_address_filters_the_rows(
    explorer: Explorer,
    gold: list[Row],
    values: dict[str, str | list[str]],
    wanted: Callable[[Row], bool],
    rows: int,
    number: int,
) -> None:
    page = explorer("destinations", **values)
    expected = [row["provision"] for row in gold if wanted(row)]
    assert provisions(page_html(page)) == expected
    assert counted(page_text(page)) == (len(expected), len(set(expected))) == (rows, number)


def test_a_filter_that_nothing_fits_says_so(explorer: Explorer) -> None:
    text = page_text(explorer("destinations", words="zzz"))
    assert counted(text) == (0, 0)
    assert "No row fits these filters." in text


def test_an_unknown_value_is_left_out_and_named(explorer: Explorer) -> None:
    text = page_text(explorer("destinations", outcome="lost"))
    assert counted(text) == (96, 79)
    assert "The address asks for “lost” under “Outcome”." in text


def test_the_switch_turns_the_table_to_origins(explorer: Explorer, gold: list[Row]) -> None:
    html = page_html(
        explorer("destinations", table="origins", destination=["vcse-strategy", "new-compact"])
    )
    expected = [
        row["provision"]
        for name in ("new-compact", "vcse-strategy")
        for row in gold
        if row["destination"] == name
    ]
    assert provisions(html) == expected
    assert ">Table of origins</h1>" in html


@pytest.mark.parametrize(
    ("sort", "first", "last"),
    [
        ("provision", "title", "compact-and-you"),
        ("-provision", "compact-and-you", "title"),
        ("outcome", "1.12", "5.6"),
        ("-outcome", "title", "5.3"),
    ],
)
def test_the_address_sorts_the_rows(explorer: Explorer, sort: str, first: str, last: str) -> None:
    html = page_html(explorer("destinations", sort=sort))
    found = provisions(html)
    assert (found[0], found[-1]) == (first, last)
    direction = "descending" if sort.startswith("-") else "ascending"
    assert html.count("aria-sort") == 1
    assert f'aria-sort="{direction}"' in html


def test_a_widget_writes_the_address(explorer: Explorer) -> None:
    page = explorer("destinations")
    page.multiselect(key="destinations:outcome").set_value(["moved", "dropped"]).run()
    assert page.query_params["outcome"] == ["moved", "dropped"]
    page.text_input(key="destinations:words").set_value("training").run()
    assert page.query_params["words"] == "training"
    page.button[0].click().run()
    assert not page.query_params
    assert counted(page_text(page)) == (96, 79)


def test_short_words_are_cut_and_whole_ones_are_not(explorer: Explorer, gold: list[Row]) -> None:
    text = next(row["text"] for row in gold if row["provision"] == "introduction")
    whole = " ".join(text.split())
    assert whole not in page_text(explorer("destinations"))
    assert whole in page_text(explorer("destinations", length="whole"))
