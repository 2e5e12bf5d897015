"""The table of destinations filtered, sorted and described, with exact counts from Bristol."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Store

from compactgraph.answers.review_graph import ReviewGraph
from compactgraph.answers.tables.destinations import (
    COLUMNS,
    FILTERS,
    Filter,
    Row,
    choices,
    counts,
    describe,
    natural,
    sort_rows,
    table_of_destinations,
    table_of_origins,
)
from compactgraph.errors import UnknownNameError


@pytest.fixture(scope="module")
def rows(bristol: Store, ontology_folder: Path) -> list[Row]:
    return table_of_destinations(ReviewGraph(bristol, ontology_folder, "bristol"))


def row(**cells: str) -> Row:
    return replace(Row(*[""] * len(COLUMNS)), **cells)


def column(rows: list[Row], name: str) -> list[str]:
    return [getattr(one, name) for one in rows]


# Filtered


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Filter(), (79, 96)),
        (Filter(to=("vcse-strategy",)), (9, 9)),
        (Filter(to=("vcse-strategy",), outcome=("moved", "either")), (6, 6)),
        (Filter(to=("",)), (18, 20)),
        (Filter(party=("",)), (25, 39)),
        (Filter(party=("", "vcs")), (36, 50)),
        (Filter(theme=("2",)), (7, 8)),
        (Filter(theme=("1", "")), (40, 55)),
        (Filter(kind=("theme", "value")), (13, 16)),
        (Filter(kind=("commitment",), party=("vcs",), outcome=("absorbed",)), (10, 10)),
        (Filter(disposition=("remove",)), (30, 32)),
        (Filter(disposition=("remove", "change")), (44, 49)),
        (Filter(disposition=("",)), (4, 4)),
        (Filter(reason=("obsolete", "implicit")), (4, 4)),
        (Filter(reason=("",)), (53, 67)),
        (Filter(relation=("question",)), (5, 8)),
        (Filter(relation=("",)), (4, 4)),
        (Filter(words="1.11"), (1, 1)),
        (Filter(words="training"), (2, 4)),
        (Filter(words="TRAINing"), (2, 4)),
        (Filter(words="partners' group"), (3, 6)),
        (Filter(words="vcse-strategy"), (9, 9)),
        (Filter(words=" \n "), (79, 96)),
        (Filter(words="zebra"), (0, 0)),
    ],
    ids=str,
)
def test_filter_admits_rows_with_one_of_the_values_of_each_column(
    bristol: Store, ontology_folder: Path, wanted: Filter, found: tuple[int, int]
) -> None:
    assert (
        counts(table_of_destinations(ReviewGraph(bristol, ontology_folder, "bristol"), wanted)) == found
    )
    assert counts(table_of_origins(ReviewGraph(bristol, ontology_folder, "bristol"), wanted)) == found


@pytest.mark.parametrize("term", ["change", "remove"])
def test_filter_finds_each_of_several_terms_in_a_cell(rows: list[Row], term: str) -> None:
    both = [one for one in rows if one.disposition == "change|remove"]

    assert column(both, "provision") == ["our-commitments", "our-commitments"]
    assert all(Filter(disposition=(term,)).admits(one) for one in both)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("cafe", True),
        ("CAFÉ", True),
        ("ruhig straße", True),
        ("STRASSE", True),
        ("group's", True),
        ("group’s", True),
        ('"quoted"', True),
        ("2012-2017", True),
        ("af", True),
        ("1.4-r2", True),
        ("cafe tea", False),
        ("(café|x)", False),
        (".*", False),
    ],
)
def test_words_are_found_whatever_their_case_accents_and_quotes(words: str, found: bool) -> None:
    one = row(
        text="Café, the Group’s own, 2012–2017",
        recommendation="1.4-r2",
        recommendation_text="“Quoted” ruhige Straße",
    )

    assert Filter(words=words).admits(one) is found


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        (Filter(to=("vcse-strategi",)), "unknown reference 'vcse-strategi'; nearest: vcse-strategy"),
        (Filter(outcome=("moved", "moveed")), "unknown outcome 'moveed'; nearest: moved"),
        (Filter(theme=("9",)), "unknown provision 'theme-9'; nearest: theme-"),
        (Filter(party=("vcz",)), "unknown party 'vcz'; nearest: vcs"),
        (Filter(kind=("comitment",)), "unknown kind 'comitment'; nearest: commitment"),
        (Filter(disposition=("kep",)), "unknown disposition 'kep'; nearest: keep"),
        (Filter(reason=("obsolet",)), "unknown reason 'obsolet'; nearest: obsolete"),
        (Filter(relation=("movs",)), "unknown relation 'movs'; nearest: moves"),
    ],
)
def test_unknown_value_is_refused_with_the_nearest(
    bristol: Store, ontology_folder: Path, wanted: Filter, message: str
) -> None:
    with pytest.raises(UnknownNameError, match=message):
        table_of_destinations(ReviewGraph(bristol, ontology_folder, "bristol"), wanted)


# Described

LABELS = {("destination", "vcse-strategy"): "VCSE Strategy", ("party", "vcs"): "voluntary sector"}


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (Filter(), ""),
        (Filter(words="  "), ""),
        (
            Filter(outcome=("moved", "either"), words=" training  day "),
            "outcome moved or either; words “training day”",
        ),
        (
            Filter(to=("vcse-strategy", ""), theme=("1", "2", "3")),
            "theme 1, 2 or 3; destination VCSE Strategy or none stated",
        ),
        (
            Filter(party=("vcs",), kind=("value",), disposition=("keep",), relation=("stays",)),
            "party voluntary sector; kind value; recommendation keep; movement stays",
        ),
    ],
)
def test_filter_is_described_in_plain_words(wanted: Filter, words: str) -> None:
    assert describe(wanted, LABELS) == words


# Sorted


def test_provisions_are_sorted_in_the_order_of_the_document(
    bristol: Store, ontology_folder: Path, rows: list[Row]
) -> None:
    origins = table_of_origins(ReviewGraph(bristol, ontology_folder, "bristol"))
    back = sort_rows(origins, "provision", descending=True)

    assert column(sort_rows(origins, "provision"), "provision") == column(rows, "provision")
    assert column(back, "provision") == column(rows, "provision")[::-1]
    assert rows[0].position == 1
    assert rows[-1].position == 79


def test_position_is_no_column(rows: list[Row]) -> None:
    assert COLUMNS[-1] == "recommendation_text"
    assert rows[0].cells()[:5] == ("title", "section", "", "", "undecided")
    assert len(rows[0].cells()) == len(COLUMNS) == 13


def test_recommendations_are_sorted_in_the_order_of_the_document(rows: list[Row]) -> None:
    found = column(sort_rows(rows, "recommendation", descending=True), "recommendation")

    assert found[:3] == ["compact-and-you-r1", "complaints-r1", "5.8-r1"]
    assert found.index("1.4-r2") + 1 == found.index("1.4-r1")
    assert found[-5:] == ["title-r1", "", "", "", ""]


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("name", COLUMNS)
def test_empty_cells_come_last_and_equal_ones_keep_their_order(
    rows: list[Row], name: str, descending: bool
) -> None:
    found = sort_rows(rows, name, descending=descending)
    empty = [one for one in rows if not getattr(one, name)]
    alike = [one for one in found if one.outcome == "revised"]

    assert sorted(found, key=rows.index) == rows
    assert found[len(rows) - len(empty) :] == empty
    if name == "outcome":
        assert alike == [one for one in rows if one.outcome == "revised"]


def test_order_of_a_vocabulary_comes_before_that_of_the_words(rows: list[Row]) -> None:
    order = ["retained", "revised", "either", "moved", "absorbed", "dropped", "referred", "undecided"]
    up = column(sort_rows(rows, "outcome", order=order), "outcome")
    down = column(sort_rows(rows, "outcome", order=order[:1], descending=True), "outcome")

    assert list(dict.fromkeys(up)) == order
    assert list(dict.fromkeys(down)) == [*sorted(order[1:], reverse=True), "retained"]


def test_unknown_column_is_refused(rows: list[Row]) -> None:
    with pytest.raises(UnknownNameError, match="unknown column 'outcom'; nearest: outcome"):
        sort_rows(rows, "outcom")


def test_numbers_in_texts_are_sorted_by_their_value() -> None:
    texts = ["1.10", "b", "1.2", "1.02", "É", "A", "f", "", "theme-10", "theme-9", "9" * 5000]

    assert sorted(texts, key=natural) == [
        *["", "1.2", "1.02", "1.10", "9" * 5000, "A", "b", "É", "f", "theme-9", "theme-10"]
    ]


# Offered


def test_choices_are_the_values_that_rows_have(rows: list[Row]) -> None:
    found = choices(rows, {"kind": ["commitment", "theme", "value", "section"]})

    assert tuple(found) == FILTERS
    assert found["theme"] == ["1", "2", "3", "4", "5", ""]
    assert found["kind"] == ["commitment", "theme", "value", "section"]
    assert found["party"] == ["public-sector", "shared", "vcs", ""]
    assert found["disposition"] == [
        *["add", "change", "consider", "keep", "keep-with-revision", "refer", "remove", ""]
    ]
    assert found["destination"] == [
        "business-as-usual",
        "ccg-stp",
        "mayors-statement",
        "national-compact",
        "new-compact",
        "social-value-advisory-group",
        "vcse-strategy",
        "voice-and-influence-consultation",
        "",
    ]


@pytest.mark.parametrize("name", FILTERS)
def test_each_choice_finds_rows_and_together_they_find_all(rows: list[Row], name: str) -> None:
    found: list[Row] = []
    for value in choices(rows)[name]:
        given: dict[str, Any] = {"to" if name == "destination" else name: (value,)}
        admitted = [one for one in rows if Filter(**given).admits(one)]
        assert admitted
        found += admitted
    assert {id(one) for one in found} == {id(one) for one in rows}


def test_no_rows_offer_and_count_nothing() -> None:
    assert counts([]) == (0, 0)
    assert choices([]) == {name: [] for name in FILTERS}
    assert sort_rows([], "theme") == []
