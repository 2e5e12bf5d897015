"""The open points: each group holds what its saved question finds, in plain words."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from pyoxigraph import Store

from compactgraph.answers.review.open_points import Group, open_points, to_sheets
from compactgraph.answers.review_graph import ReviewGraph
from compactgraph.deciding.desk import Desk
from compactgraph.errors import UnknownNameError
from compactgraph.register.entry import Body, Kind
from compactgraph.sparql.questions import ask, find_question
from compactgraph.store.oxigraph import open_store


@pytest.fixture(scope="module")
def groups(bristol: Store, ontology_folder: Path) -> dict[str, Group]:
    return {group.name: group for group in open_points(ReviewGraph(bristol, ontology_folder, "bristol"))}


def test_the_groups_and_how_much_is_in_each(groups: dict[str, Group]) -> None:
    assert {name: (len(g.rows), len(g.provisions)) for name, g in groups.items()} == {
        "undecided": (9, 7),
        "open-questions": (7, 5),
        "alternatives": (6, 3),
        "dropped": (10, 10),
        "removed-without-reason": (1, 1),
        "mixed": (12, 7),
        "usual-but-kept": (4, 4),
        "hollow-themes": (0, 0),
        "hollow-themes-by-party": (3, 2),
        "near-but-different": (2, 3),
        "repeated-recommendations": (31, 31),
    }


def test_each_row_is_as_wide_as_the_columns_and_knows_its_provision(groups: dict[str, Group]) -> None:
    for group in groups.values():
        assert group.columns[:2] == ("Provision", "Words of the agreement")
        assert {len(row) for row in group.rows} <= {len(group.columns)}
        assert {row[0] for row in group.rows} <= set(group.provisions)
        assert group.meaning.endswith(".")


def test_each_group_is_its_saved_question(
    groups: dict[str, Group], bristol: Store, ontology_folder: Path
) -> None:
    for group in groups.values():
        answer = ask(bristol, find_question(ontology_folder, group.name), {}, "bristol")
        if "provision" in answer.columns:
            place = answer.columns.index("provision")
            asked = list(dict.fromkeys(str(row[place]) for row in answer.rows))
            assert list(dict.fromkeys(row[0] for row in group.rows)) == asked
        assert group.is_empty is not bool(answer.rows)


def test_what_is_undecided_and_why(groups: dict[str, Group]) -> None:
    undecided = groups["undecided"]
    assert undecided.provisions == (
        "title",
        "partners-group",
        "values",
        "1.9",
        "theme-2",
        "3.1",
        "5.6",
    )
    assert {row[0]: row[2] for row in undecided.rows} == {
        "title": "Only wishes are stated",
        "partners-group": "Only questions are asked",
        "values": "Nothing is recommended",
        "1.9": "Nothing is recommended",
        "theme-2": "Nothing is recommended",
        "3.1": "Only wishes are stated",
        "5.6": "Nothing is recommended",
    }
    said = {row[0]: row[3] for row in undecided.rows}
    assert said["5.6"] == "BAU (effective contract management)."
    assert said["theme-2"] == "Not clear if this is still appropriate or how it is used in practice."


def test_the_questions_and_the_wishes(groups: dict[str, Group]) -> None:
    assert [(row[0], row[2], row[3]) for row in groups["open-questions"].rows] == [
        ("title", "Undecided", "Wish"),
        ("introduction", "Revised", "Wish"),
        ("partners-group", "Undecided", "Question"),
        ("partners-group", "Undecided", "Question"),
        ("partners-group", "Undecided", "Question"),
        ("1.4", "Absorbed", "Wish"),
        ("3.1", "Undecided", "Wish"),
    ]


def test_the_alternatives(groups: dict[str, Group]) -> None:
    rows = groups["alternatives"].rows
    assert [(row[0], row[2], row[3]) for row in rows[:2]] == [
        ("value-1", "New Compact", "Recommended"),
        ("value-1", "VCSE Strategy", "Recommended"),
    ]


def test_what_is_removed_with_nowhere_to_go(groups: dict[str, Group]) -> None:
    assert [(row[0], row[2], row[3]) for row in groups["dropped"].rows] == [
        ("introduction", "Revised", "Obsolete"),
        ("national-compact", "Replaced by a pointer", "None stated"),
        ("our-commitments", "Revised", "Goes without saying"),
        ("value-6", "Dropped", "Goes without saying"),
        ("value-7", "Dropped", "Goes without saying"),
        ("2.1", "Dropped", "Meaning unclear"),
        ("2.5", "Dropped", "Meaning unclear"),
        ("3.5", "Dropped", "No longer possible"),
        ("3.7", "Dropped", "Meaning unclear"),
        ("3.10", "Dropped", "Meaning unclear"),
    ]
    assert groups["removed-without-reason"].rows[0][2:] == (
        "Replaced by a pointer",
        "Include a link to the National Compact; delete these words.",
    )


def test_recommendations_that_do_different_things(groups: dict[str, Group]) -> None:
    assert [(row[0], row[4]) for row in groups["mixed"].rows] == [
        ("introduction", "Remove"),
        ("introduction", "Change; Consider"),
        ("national-compact", "Point to another document; Remove"),
        ("terminology", "Add; Point to another document"),
        ("our-commitments", "Change; Remove"),
        ("our-commitments", "Add"),
        ("our-commitments", "Point to another document"),
        ("1.4", "Remove"),
        ("1.4", "Consider"),
        ("2.4", "Keep, with revision"),
        ("2.4", "Point to another document"),
        ("complaints", "Change; Keep"),
    ]


def test_what_is_kept_though_called_usual(groups: dict[str, Group]) -> None:
    assert groups["usual-but-kept"].provisions == ("themes", "5.1", "5.2", "5.4")


def test_themes_in_which_a_party_keeps_nothing(groups: dict[str, Group]) -> None:
    assert groups["hollow-themes-by-party"].rows == [
        (
            "theme-3",
            "Consulting with and involving the VCS, service users and governance bodies",
            "Public sector",
            2,
        ),
        (
            "theme-3",
            "Consulting with and involving the VCS, service users and governance bodies",
            "Voluntary and community sector",
            3,
        ),
        ("theme-5", "Managing changes to services", "Voluntary and community sector", 2),
    ]


def test_near_wording_treated_differently(groups: dict[str, Group]) -> None:
    near = groups["near-but-different"]
    assert [(r[0], r[2], r[3], r[5], r[6]) for r in near.rows] == [
        ("1.12", "Retained", "1.17", "Absorbed", 92.3),
        ("1.16", "Revised", "1.17", "Absorbed", 90.7),
    ]
    assert near.rows[1][1] == "Respond constructively to funding opportunities."
    assert near.provisions == ("1.12", "1.16", "1.17")


def test_recommendations_that_repeat_another(groups: dict[str, Group]) -> None:
    rows = groups["repeated-recommendations"].rows
    assert [(row[0], row[2], row[3]) for row in rows[:3]] == [
        ("value-2", "Keep (in Compact or VCSE Strategy).", "value-1"),
        ("value-7", "Remove, as this is implicit.", "value-6"),
        (
            "themes",
            "In general, the new Compact needs to be lighter, flexible and encourage collaborative "
            "thinking and problem-solving.",
            "subtitle",
        ),
    ]


def test_no_cell_is_a_code(groups: dict[str, Group]) -> None:
    cells = {cell for group in groups.values() for row in group.rows for cell in row[2:]}
    codes = {"business-as-usual", "meaning-unclear", "undecided", "public-sector", "vcse-strategy"}
    assert cells.isdisjoint(codes)


def test_another_review(two_reviews: Store, ontology_folder: Path, groups: dict[str, Group]) -> None:
    small = {
        group.name: group
        for group in open_points(ReviewGraph(two_reviews, ontology_folder, "small-review"))
    }
    assert list(small) == list(groups)
    assert {name for name, group in small.items() if not group.is_empty} == {
        "dropped",
        "hollow-themes",
        "hollow-themes-by-party",
        "repeated-recommendations",
    }
    assert small["hollow-themes"].rows == [("theme-1", "Funding well", "Retained", 2)]
    assert open_points(ReviewGraph(two_reviews, ontology_folder, "bristol")) == list(groups.values())


def test_an_unknown_review_is_named(bristol: Store, ontology_folder: Path) -> None:
    with pytest.raises(UnknownNameError, match="unknown review 'x'"):
        open_points(ReviewGraph(bristol, ontology_folder, "x"))


def test_a_sheet_for_each_group(groups: dict[str, Group]) -> None:
    sheets = to_sheets(groups.values())
    assert [sheet.title for sheet in sheets] == [group.title for group in groups.values()]
    assert sheets[0].description == (
        "Neither a recommendation nor a decision says what becomes of these."
    )
    assert sheets[0].rows == groups["undecided"].rows


# After decisions


@pytest.fixture(scope="module")
def left(decided: Store, ontology_folder: Path) -> dict[str, Group]:
    return {group.name: group for group in open_points(ReviewGraph(decided, ontology_folder, "bristol"))}


def test_what_was_settled_is_left_out(groups: dict[str, Group], left: dict[str, Group]) -> None:
    gone = {
        name: sorted({str(row[0]) for row in group.rows} - {str(row[0]) for row in left[name].rows})
        for name, group in groups.items()
    }
    assert {name: provisions for name, provisions in gone.items() if provisions} == {
        "undecided": ["1.9", "5.6", "partners-group"],
        "open-questions": ["partners-group"],
        "alternatives": ["value-1", "value-2"],
        "dropped": ["2.1", "2.5"],
        "repeated-recommendations": ["2.5", "4.4", "value-2"],
    }


def test_what_was_rejected_and_not_settled_is_undecided(left: dict[str, Group]) -> None:
    why = {row[0]: row[2] for row in left["undecided"].rows}
    assert why["2.1"] == why["4.4"] == "What is recommended was rejected"
    assert list(why) == ["title", "values", "theme-2", "2.1", "3.1", "4.4"]


@pytest.mark.parametrize(
    ("name", "movements"),
    [
        ("removed-without-reason", ["national-compact-r1/refers/national-compact"]),
        ("usual-but-kept", ["5.2-r1/stays/new-compact"]),
        ("mixed", ["2.4-r1/stays/new-compact"]),
    ],
)
def test_once_all_of_it_is_decided_a_provision_is_no_open_point(
    name: str,
    movements: list[str],
    groups: dict[str, Group],
    bristol_folder: Path,
    ontology_folder: Path,
    tmp_path: Path,
) -> None:
    store = Path(shutil.copytree(bristol_folder, tmp_path / "store"))
    desk = Desk(store, ontology_folder, "bristol")
    provision = movements[0].partition("-r")[0]
    own = [m for m in desk.situation().found.moves.values() if m.provision == provision]
    assert {move.identifier for move in own} >= set(movements)
    desk.record([Body(Kind.AGREE, ("Ann",), "2026-10-05", item=m.identifier) for m in own], "test")
    now = {
        group.name: group
        for group in open_points(ReviewGraph(open_store(store), ontology_folder, "bristol"))
    }
    assert set(groups[name].provisions) - set(now[name].provisions) == {provision}
