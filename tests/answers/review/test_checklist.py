"""The checklist of a destination: each movement and each mention once, in its group, with its words."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from pyoxigraph import Store

from compactgraph.answers.review.checklist import (
    COLUMNS,
    Checklist,
    Group,
    checklist,
    destinations_of,
    to_sheet,
)
from compactgraph.answers.review.references import references
from compactgraph.answers.review_graph import ReviewGraph
from compactgraph.answers.tables.destinations import table_of_destinations
from compactgraph.errors import UnknownNameError


@pytest.fixture(scope="module")
def strategy(bristol: Store, ontology_folder: Path) -> Checklist:
    return checklist(ReviewGraph(bristol, ontology_folder, "bristol"), "vcse-strategy")


def provisions_of(group: Group) -> tuple[str, ...]:
    return tuple(dict.fromkeys(item.provision for item in group.items))


def test_the_groups_and_their_provisions(strategy: Checklist) -> None:
    assert [(group.relation, group.title, provisions_of(group)) for group in strategy.groups] == [
        ("moves", "Moves there", ("value-5", "1.11", "4.4")),
        ("either", "May go there", ("value-1", "value-2", "value-3")),
        ("refers", "Refers to it", ("terminology", "our-commitments")),
        ("question", "Only asks about it", ("partners-group",)),
        ("mentions", "Mentions it in passing", ("values",)),
    ]


def test_the_totals(strategy: Checklist) -> None:
    assert (strategy.movements, len(strategy.provisions), strategy.mentions) == (9, 9, 1)
    assert strategy.reference.label == "VCSE Strategy"


def test_a_group_means_what_the_vocabulary_says(strategy: Checklist) -> None:
    groups = {group.relation: group for group in strategy.groups}
    assert groups["either"].meaning == (
        "The succeeding agreement or the named document: it is not yet settled which."
    )
    assert "absorbed" not in groups


def test_an_item_that_moves(strategy: Checklist) -> None:
    item = strategy.groups[0].items[1]
    assert (item.provision, item.kind, item.theme, item.party) == (
        "1.11",
        "commitment",
        "1",
        "public-sector",
    )
    assert item.text.startswith("Support the VCS in ways other than funding")
    assert item.outcome == "moved"
    assert item.recommendation == "1.11-r1"
    assert item.recommendation_text == "Remove, as could be better included in the new VCSE Strategy."
    assert item.disposition == "remove"
    assert item.reasons == ("better-placed-elsewhere",)
    assert item.status == "recommended"
    (quoted,) = item.evidence
    assert quoted.quote() == "could be better included in the new VCSE Strategy"
    assert (quoted.of, quoted.property, quoted.to) == ("1.11-r1", "relation", "vcse-strategy")
    assert (quoted.cue, quoted.person, quoted.ranges[0].line) == ("could be better included in", "", 38)


def test_an_item_that_is_mentioned_in_passing(strategy: Checklist) -> None:
    (item,) = strategy.groups[-1].items
    assert (item.provision, item.outcome) == ("values", "undecided")
    assert (item.recommendation, item.recommendation_text) == ("", "")
    assert (item.disposition, item.reasons, item.status, item.movement) == ("", (), "", "")
    assert [quoted.of for quoted in item.evidence] == ["values-c1"]


def test_every_movement_and_every_mention_is_on_a_list(bristol: Store, ontology_folder: Path) -> None:
    table = table_of_destinations(ReviewGraph(bristol, ontology_folder, "bristol"))
    for reference in references(ReviewGraph(bristol, ontology_folder, "bristol")):
        listed = checklist(ReviewGraph(bristol, ontology_folder, "bristol"), reference.identifier)
        moving = [
            (item.provision, item.recommendation, group.relation)
            for group in listed.groups
            for item in group.items
            if group.relation != "mentions"
        ]
        rows = [row for row in table if row.destination == reference.identifier]
        assert Counter(moving) == Counter((r.provision, r.recommendation, r.relation) for r in rows)
        passing = {quoted.of for item in listed.groups[-1].items for quoted in item.evidence}
        bases = {row.recommendation for row in rows}
        assert {m.of for m in reference.mentions} - bases == passing
        assert all(item.evidence for group in listed.groups for item in group.items)


def test_the_succeeding_agreement_has_what_stays(bristol: Store, ontology_folder: Path) -> None:
    listed = checklist(ReviewGraph(bristol, ontology_folder, "bristol"), "new-compact")
    assert [(group.title, len(group.items)) for group in listed.groups] == [
        ("Moves there", 0),
        ("May go there", 3),
        ("Refers to it", 0),
        ("Only asks about it", 0),
        ("Stays there", 42),
        ("Mentions it in passing", 2),
    ]
    assert (listed.movements, len(listed.provisions)) == (45, 43)


def test_business_as_usual_has_what_is_absorbed(bristol: Store, ontology_folder: Path) -> None:
    listed = checklist(ReviewGraph(bristol, ontology_folder, "bristol"), "business-as-usual")
    (absorbed,) = [group for group in listed.groups if group.relation == "absorbed"]
    assert (absorbed.title, len(absorbed.items)) == ("Is absorbed into it", 17)
    (passing,) = [group for group in listed.groups if group.relation == "mentions"]
    assert provisions_of(passing) == ("themes", "3.1", "5.1", "5.2", "5.4", "5.6")
    assert [quoted.quote() for quoted in passing.items[0].evidence] == ["business-as-usual", "BAU"]


def test_what_is_only_mentioned_has_a_checklist_too(bristol: Store, ontology_folder: Path) -> None:
    listed = checklist(ReviewGraph(bristol, ontology_folder, "bristol"), "decommissioning-policy")
    assert (listed.movements, listed.provisions, listed.mentions) == (0, (), 4)
    assert listed.groups[-1].items[3].recommendation == "5.5-r1"


# Where to choose from


def test_outside_documents_that_receive_most_come_first(bristol: Store, ontology_folder: Path) -> None:
    found = destinations_of(ReviewGraph(bristol, ontology_folder, "bristol"))
    assert [(each.identifier, each.going("moves", "either"), each.going()) for each in found] == [
        ("vcse-strategy", 6, 9),
        ("ccg-stp", 0, 1),
        ("mayors-statement", 0, 1),
        ("national-compact", 0, 1),
        ("voice-and-influence-consultation", 0, 1),
        ("social-value-advisory-group", 0, 1),
        ("business-as-usual", 0, 17),
        ("new-compact", 3, 45),
    ]


def test_another_review_has_its_own_destinations(
    two_reviews: Store, ontology_folder: Path, strategy: Checklist
) -> None:
    found = destinations_of(ReviewGraph(two_reviews, ontology_folder, "small-review"))
    assert [(each.identifier, each.going("moves", "either"), each.going()) for each in found] == [
        ("ottery-handbook", 1, 1),
        ("business-as-usual", 0, 1),
        ("new-ottery-compact", 0, 4),
    ]
    assert checklist(ReviewGraph(two_reviews, ontology_folder, "bristol"), "vcse-strategy") == strategy


def test_an_unknown_destination_is_named(bristol: Store, ontology_folder: Path) -> None:
    with pytest.raises(UnknownNameError, match="unknown reference 'vcse'; nearest: vcse-strategy"):
        checklist(ReviewGraph(bristol, ontology_folder, "bristol"), "vcse")


# As a table


def test_the_sheet_has_a_row_for_each_item(
    bristol: Store, ontology_folder: Path, strategy: Checklist
) -> None:
    sheet = to_sheet(ReviewGraph(bristol, ontology_folder, "bristol"), strategy)
    assert (sheet.title, sheet.columns) == ("Checklist: VCSE Strategy", COLUMNS)
    assert [row[:2] for row in sheet.rows] == [
        ("Moves there", "value-5"),
        ("Moves there", "1.11"),
        ("Moves there", "4.4"),
        ("May go there", "value-1"),
        ("May go there", "value-2"),
        ("May go there", "value-3"),
        ("Refers to it", "terminology"),
        ("Refers to it", "our-commitments"),
        ("Only asks about it", "partners-group"),
        ("Mentions it in passing", "values"),
    ]
    assert sheet.rows[1] == (
        "Moves there",
        "1.11",
        "Support the VCS in ways other than funding for example, community asset transfer and capacity "
        "building support).",
        "Moved",
        "1.11-r1",
        "Remove, as could be better included in the new VCSE Strategy.",
        "Better placed elsewhere",
        "Recommended",
        "“could be better included in the new VCSE Strategy” (1.11-r1)",
        38,
        None,
        None,
        None,
    )
    assert sheet.rows[9][3] == "Undecided"
    assert sheet.rows[9][8] == (
        "“Such values (or similar) will likely be included in the new VCSE Strategy.” (values-c1)"
    )


def test_the_sheet_says_that_the_decision_is_to_be_filled_in(
    bristol: Store, ontology_folder: Path, strategy: Checklist
) -> None:
    sheet = to_sheet(ReviewGraph(bristol, ontology_folder, "bristol"), strategy)
    assert sheet.columns[-3:] == ("Decision", "Decided by", "Date")
    assert {row[-3:] for row in sheet.rows} == {(None, None, None)}
    assert "Decision, Decided by and Date are empty, for those who decide" in sheet.description
