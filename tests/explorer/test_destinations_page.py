"""The table of destinations as a page: its filters, its order, its address."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from html import unescape
from pathlib import Path

import docx
import pytest

from tests.support.browser import Reader
from tests.support.pages import Explorer, page_html, page_text

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


# After decisions


def cells(html: str, provision: str) -> list[list[str]]:
    """Return the words of the cells of a provision's rows, after the first."""
    rows = re.findall(r'<tr role="row">.*?</tr>', html, re.DOTALL)
    return [
        [
            " ".join(unescape(re.sub(r"<[^>]+>", " ", cell)).split())
            for cell in re.findall(r"<td .*?</td>", row, re.DOTALL)
        ]
        for row in rows
        if f'item={provision}">{provision}</a>' in row
    ]


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("applied", ["theme-1", "1.11"]),
        (
            "agreed",
            [
                *("partners-group", "partners-group", "value-1", "value-2", "value-5", "1.2", "1.3"),
                *("1.9", "2.5", "3.2", "5.6"),
            ],
        ),
        (
            "rejected",
            [
                *("partners-group", "partners-group", "partners-group", "value-1", "value-2", "1.3"),
                *("2.1", "2.5", "3.2", "4.4"),
            ],
        ),
    ],
)
def test_the_status_filters_the_rows(
    decided_explorer: Explorer, status: str, expected: list[str]
) -> None:
    page = decided_explorer("destinations", status=status)
    assert provisions(page_html(page)) == expected
    assert f"Shown: status {status}." in page_text(page)


def test_what_a_decision_made_is_marked_beside_what_was_recommended(decided_explorer: Explorer) -> None:
    page = page_html(decided_explorer("destinations", words="2.5"))
    given_up, instead = cells(page, "2.5")
    assert given_up[1:] == [
        "➜ moved Recommended: Dropped",
        "Remove, as no longer clear what it means. 2.5-r1: Remove",
        "No destination Goes nowhere",
        "Rejected",
        "Meaning unclear",
    ]
    assert instead[1:] == [
        "➜ moved Recommended: Dropped",
        "Remove, as no longer clear what it means. 2.5-r1 Decided instead ( d6 ): Remove",
        "VCSE Strategy Moves to",
        "Agreed by d6",
        "Better placed elsewhere",
    ]
    assert 'href="decisions?provision=2.5#d6">d6</a>' in page
    assert 'href="decisions?provision=2.5">Rejected</a>' in page


def test_where_nothing_is_recommended_a_decision_stands_alone(decided_explorer: Explorer) -> None:
    ((_, outcome, said, *_),) = cells(page_html(decided_explorer("destinations", words="1.9")), "1.9")
    assert outcome == "● retained Recommended: Undecided"
    assert said == "The document recommends nothing here. Decided ( d10 ): Keep"


def test_without_decisions_every_movement_is_recommended(explorer: Explorer) -> None:
    html = page_html(explorer("destinations"))
    assert html.count('data-label="Status">Recommended</td>') == 92
    assert html.count('data-label="Status">No movement</td>') == 4
    assert "Recommended: " not in html


def test_as_it_stood_on_a_day(decided_explorer: Explorer) -> None:
    page = decided_explorer("destinations", status="agreed", **{"as-at": "2026-10-05"})
    text = page_text(page)
    assert provisions(page_html(page)) == ["value-5", "theme-1", "1.2", "1.11"]
    assert "Shown is how things stood on 5 October 2026 : no later decision counts." in text
    assert "<caption>Table of destinations as at 2026-10-05</caption>" in page_html(page)
    assert 'href="destinations?status=agreed">See how they stand now</a>' in page_html(page)
    before = decided_explorer("destinations", **{"as-at": "2026-10-04"})
    assert counted(page_text(before)) == (96, 79)


def test_a_day_that_is_none_shows_how_things_stand_now(decided_explorer: Explorer) -> None:
    page = decided_explorer("destinations", status="applied", **{"as-at": "2026-13-01"})
    assert provisions(page_html(page)) == ["theme-1", "1.11"]
    assert 'role="alert"><strong>Shown is how things stand now.</strong>' in page_html(page)


def test_files_say_the_day(reworded_reader: Reader, tmp_path: Path) -> None:
    page = reworded_reader("destinations?status=agreed&as-at=2026-10-12")
    with page.expect_download() as started:
        page.get_by_role("button", name="Download Word (DOCX)").click()
    kept = tmp_path / started.value.suggested_filename
    started.value.save_as(kept)
    assert kept.name == "bristol-table-of-destinations-as-at-2026-10-12.docx"
    words = [paragraph.text for paragraph in docx.Document(str(kept)).paragraphs]
    assert words[0] == "Table of destinations as at 2026-10-12"
    assert "As at 12 October 2026 with 12 decisions, the last of them d12 of 12 October 2026." in words
