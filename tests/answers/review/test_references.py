"""The references: what each is, and each place that names it, as the saved questions count them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from pyoxigraph import Store

from compactgraph.answers.provision.evidence import Means
from compactgraph.answers.review.references import (
    Reference,
    RelationCount,
    reference_of,
    references,
)
from compactgraph.answers.review_graph import ReviewGraph
from compactgraph.common.namespaces import SHARED_REFERENCE
from compactgraph.errors import UnknownNameError
from compactgraph.sparql.questions import ask, find_question


@pytest.fixture(scope="module")
def found(bristol: Store, ontology_folder: Path) -> dict[str, Reference]:
    return {r.identifier: r for r in references(ReviewGraph(bristol, ontology_folder, "bristol"))}


def test_the_most_mentioned_come_first(found: dict[str, Reference]) -> None:
    assert [(name, len(r.mentions)) for name, r in found.items()][:5] == [
        ("business-as-usual", 24),
        ("vcse-strategy", 10),
        ("compact-2012", 8),
        ("national-compact", 7),
        ("new-compact", 6),
    ]
    assert len(found) == 30
    assert sum(len(r.mentions) for r in found.values()) == 100


def test_what_a_reference_is(found: dict[str, Reference]) -> None:
    pcr = found["pcr-2015"]
    assert pcr.label == "Public Contracts Regulations 2015"
    assert pcr.other_names == ("PCR 2015", "PCR2015", "Public Contract Regulations 2015")
    assert pcr.definition.startswith("The regulations on public procurement in England")
    assert pcr.iri == "https://w3id.org/compactgraph/id/reference/pcr-2015"
    assert (pcr.type, pcr.category) == ("legislation", "legislation")
    assert pcr.links == ("http://www.legislation.gov.uk/uksi/2015/102",)
    assert found["vcse-strategy"].iri == (
        "https://w3id.org/compactgraph/id/bristol/reference/vcse-strategy"
    )


def test_the_types_are_those_of_the_graph(found: dict[str, Reference]) -> None:
    categories = {"agreement": 3, "body": 10, "legislation": 2, "practice": 1}
    assert Counter(r.category for r in found.values()) == {**categories, "": 14}
    assert {r.type for r in found.values() if r.category} == set(categories)
    assert {name: r.type for name, r in found.items() if not r.category} == {
        "vcse-strategy": "strategy",
        "bcc-social-value-policy": "policy",
        "decommissioning-policy": "policy",
        "bristol-20-20-plan": "plan",
        "ccg-stp": "plan",
        "best-value-statutory-guidance": "guidance",
        "hearts-and-minds": "report",
        "mayors-statement": "statement",
        "compact-complaints-procedure": "procedure",
        "contractual-terms": "contract terms",
        "voice-and-influence-consultation": "consultation",
        "public-services-programme": "programme",
        "consultation-finder": "website",
        "big-society": "policy agenda",
    }


def test_only_the_acts_say_where_to_read_them(found: dict[str, Reference]) -> None:
    assert {name: r.links for name, r in found.items() if r.links} == {
        "pcr-2015": ("http://www.legislation.gov.uk/uksi/2015/102",),
        "social-value-act-2012": ("http://www.legislation.gov.uk/ukpga/2012/3",),
    }


def test_what_part_a_reference_has_in_the_review(found: dict[str, Reference]) -> None:
    assert {name: r.parts for name, r in found.items() if r.parts} == {
        "compact-2012": ("the agreement under review",),
        "new-compact": ("the succeeding agreement",),
        "compact-partners-group": ("the reviewer",),
    }
    assert [name for name, r in found.items() if r.is_part] == ["compact-2012", "new-compact"]


def test_the_kinds_of_text_are_counted_as_the_saved_question_does(
    found: dict[str, Reference], bristol: Store, ontology_folder: Path
) -> None:
    question = find_question(ontology_folder, "mention-counts")
    for name, reference in found.items():
        answer = ask(bristol, question, {"reference": name}, "bristol")
        assert reference.by_kind == dict(answer.rows)


def test_each_mention_is_the_saved_questions(
    found: dict[str, Reference], bristol: Store, ontology_folder: Path
) -> None:
    question = find_question(ontology_folder, "mentions")
    for name, reference in found.items():
        answer = ask(bristol, question, {"reference": name}, "bristol")
        mentions = [
            (m.of, m.kind, place.words, place.line) for m in reference.mentions for place in m.ranges
        ]
        assert mentions == answer.rows


def test_who_mentions_the_strategy(bristol: Store, ontology_folder: Path) -> None:
    mentions = reference_of(ReviewGraph(bristol, ontology_folder, "bristol"), "vcse-strategy").mentions
    assert [(m.provision, m.of, m.kind, m.ranges[0].line) for m in mentions] == [
        ("terminology", "terminology-r1", "recommendation", 15),
        ("our-commitments", "our-commitments-r3", "recommendation", 18),
        ("partners-group", "partners-group-r3", "recommendation", 19),
        ("values", "values-c1", "commentary", 20),
        ("value-1", "value-1-r1", "recommendation", 20),
        ("value-2", "value-2-r1", "recommendation", 20),
        ("value-3", "value-3-r1", "recommendation", 20),
        ("value-5", "value-5-r1", "recommendation", 20),
        ("1.11", "1.11-r1", "recommendation", 38),
        ("4.4", "4.4-r1", "recommendation", 80),
    ]
    assert {m.quote() for m in mentions} == {"VCSE Strategy"}
    assert {(m.means, m.rule, m.person, m.why) for m in mentions} == {(Means.CUE, "name", "", "")}
    assert mentions[3].sentence() == (
        "Such values (or similar) will likely be included in the new VCSE Strategy."
    )


def test_what_a_footnote_names_is_quoted_from_the_footnote(found: dict[str, Reference]) -> None:
    (mention,) = found["social-value-act-2012"].mentions
    assert (mention.of, mention.kind, mention.provision) == ("note-3", "footnote", "1.1")
    assert mention.text == "According to the Public Services (Social Value) Act 2012"
    assert found["social-value-act-2012"].provisions == ("1.1",)


def test_the_movements_are_counted_by_relation(found: dict[str, Reference]) -> None:
    assert found["vcse-strategy"].movements == (
        RelationCount("moves", 3, 3),
        RelationCount("either", 3, 3),
        RelationCount("refers", 2, 2),
        RelationCount("question", 1, 1),
    )
    assert found["new-compact"].movements == (
        RelationCount("stays", 42, 40),
        RelationCount("either", 3, 3),
    )
    assert found["pcr-2015"].movements == ()
    assert sum(count.movements for r in found.values() for count in r.movements) == 76


def test_what_nothing_mentions_is_listed_last(two_reviews: Store, ontology_folder: Path) -> None:
    small = references(ReviewGraph(two_reviews, ontology_folder, "small-review"))
    assert [(r.identifier, len(r.mentions)) for r in small if r.mentions] == [
        ("business-as-usual", 1),
        ("ottery-compact-2014", 1),
        ("ottery-handbook", 1),
    ]
    assert [bool(r.mentions) for r in small] == [True] * 3 + [False] * 13
    assert {
        r.identifier for r in small if not r.mentions and not r.iri.startswith(SHARED_REFERENCE)
    } == {
        "new-ottery-compact",
        "ottery-working-group",
    }


def test_another_review_changes_nothing(
    two_reviews: Store, ontology_folder: Path, found: dict[str, Reference]
) -> None:
    assert references(ReviewGraph(two_reviews, ontology_folder, "bristol")) == list(found.values())


def test_an_unknown_reference_is_named_with_the_nearest(bristol: Store, ontology_folder: Path) -> None:
    message = "unknown reference 'vcse-stategy'; nearest: vcse-strategy"
    with pytest.raises(UnknownNameError, match=message):
        reference_of(ReviewGraph(bristol, ontology_folder, "bristol"), "vcse-stategy")


def test_movements_are_counted_by_their_status(decided: Store, ontology_folder: Path) -> None:
    strategy = reference_of(ReviewGraph(decided, ontology_folder, "bristol"), "vcse-strategy")
    assert {count.relation: count.statuses for count in strategy.movements} == {
        "moves": {"agreed": 2, "rejected": 1, "applied": 1},
        "either": {"recommended": 1, "agreed": 1, "rejected": 1},
        "refers": {"recommended": 2, "agreed": 1},
        "question": {"agreed": 1},
    }
    assert [count.rejected for count in strategy.movements] == [1, 1, 0, 0]
    assert all(count.is_decided for count in strategy.movements)


def test_without_decisions_nothing_is_decided(found: dict[str, Reference]) -> None:
    counts = [count for reference in found.values() for count in reference.movements]
    assert counts
    assert not any(count.is_decided or count.rejected for count in counts)
