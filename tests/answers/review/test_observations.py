"""What stands out: each sentence verbatim, with the list that it rests on."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import Store

from compactgraph.answers.review.observations import OF_RECOMMENDATIONS, Observation, observations
from compactgraph.answers.review.overview import admitted
from compactgraph.answers.review_graph import ReviewGraph
from compactgraph.answers.tables.destinations import one_row_each, table_of_destinations
from compactgraph.errors import UnknownNameError
from compactgraph.sparql.questions import ask, find_question

SENTENCES = {
    "removed-vcs": (
        "Of the 11 voluntary and community sector commitments, 10 are removed, all of them absorbed."
    ),
    "removed-shared": (
        "Of the 26 shared commitments, 10 are removed: one moved, six absorbed and three dropped."
    ),
    "removed-public-sector": (
        "Of the 17 public sector commitments, four are removed: one moved, one absorbed and two dropped."
    ),
    "themes-without-recommendation": (
        "One theme has no recommendation of its own while its commitments have: theme 2, “Promoting "
        "equality, community cohesion and social inclusion” (all six commitments)."
    ),
    "hollow-themes-by-party": (
        "Under two kept themes all commitments of a party are removed: theme 3 (two public sector "
        "commitments, three voluntary and community sector commitments) and theme 5 (two voluntary and "
        "community sector commitments)."
    ),
    "usual-but-kept": (
        "Four provisions are kept although the commentary on them speaks of business as usual: "
        "“Compact themes”, 5.1, 5.2 and 5.4."
    ),
    "near-but-different": (
        "Two pairs of provisions are worded nearly alike and come to different outcomes: "
        "1.12 (retained) and 1.17 (absorbed); 1.16 (revised) and 1.17 (absorbed)."
    ),
    "alternatives": (
        "Where three provisions go (value 1, value 2 and value 3) is not settled: "
        "new Compact or VCSE Strategy."
    ),
    "undecided": (
        "Seven of the 79 provisions are undecided, three of them commitments: four have no "
        "recommendation and three have only questions or wishes."
    ),
    "largest-destination": (
        "Of six outside documents and bodies named as destinations, VCSE Strategy is named for the most "
        "provisions, nine: three move there, three may go there, two refer to it and one asks about it."
    ),
    "dropped": (
        "Seven provisions are dropped and go nowhere, five of them commitments. "
        "Reasons: goes without saying (two), meaning unclear (four) and no longer possible (one)."
    ),
    "removed-without-reason": (
        "One recommendation removes something and states no reason: on “The national Compact”."
    ),
    "repeated-recommendations": (
        "31 recommendations only repeat the words of an earlier one; the most repeated words, "
        "“Remove, as this is implicit in business-as-usual.”, stand 15 times."
    ),
}
SENTENCES_OF_THE_SMALL_REVIEW = {
    "removed-vcs": "The only voluntary and community sector commitment is removed (dropped).",
    "removed-shared": ("Of the three shared commitments, two are removed: one moved and one absorbed."),
    "hollow-themes": (
        "One theme is kept although all its commitments are removed: "
        "theme 1, “Funding well” (two commitments)."
    ),
    "largest-destination": (
        "Ottery Handbook is the only outside document or body named as a destination, "
        "for one provision: one moves there."
    ),
    "dropped": "One provision is dropped and goes nowhere: 1.2. Reason: no longer possible (one).",
    "repeated-recommendations": (
        "Two recommendations only repeat the words of an earlier one; the most repeated words, "
        "“Keep.”, stand three times."
    ),
}


@pytest.fixture(scope="module")
def found(bristol: Store, ontology_folder: Path) -> dict[str, Observation]:
    made = observations(ReviewGraph(bristol, ontology_folder, "bristol"))
    return {observation.key: observation for observation in made}


def test_bristol(found: dict[str, Observation]) -> None:
    assert {key: observation.sentence for key, observation in found.items()} == SENTENCES


def test_what_matters_most_comes_first(found: dict[str, Observation]) -> None:
    assert list(found) == list(SENTENCES)


def test_the_small_review(two_reviews: Store, ontology_folder: Path) -> None:
    made = observations(ReviewGraph(two_reviews, ontology_folder, "small-review"))
    sentences = {observation.key: observation.sentence for observation in made}
    assert sentences == SENTENCES_OF_THE_SMALL_REVIEW


def test_bristol_is_the_same_beside_another_review(
    found: dict[str, Observation], two_reviews: Store, ontology_folder: Path
) -> None:
    assert observations(ReviewGraph(two_reviews, ontology_folder, "bristol")) == list(found.values())


@pytest.mark.parametrize("key", SENTENCES)
def test_the_list_is_the_saved_questions(
    key: str, found: dict[str, Observation], bristol: Store, ontology_folder: Path
) -> None:
    listing = found[key].listing
    question = find_question(ontology_folder, listing.question.name)
    assert listing.answer == ask(bristol, question, listing.parameters, "bristol")
    assert listing.answer.rows


@pytest.mark.parametrize(
    ("key", "filter_"),
    [
        ("removed-vcs", {"kind": "commitment", "party": "vcs", "outcome": "absorbed"}),
        ("removed-shared", {}),
        ("alternatives", {"relation": "either"}),
        ("undecided", {"outcome": "undecided"}),
        ("largest-destination", {"destination": "vcse-strategy"}),
        ("dropped", {"outcome": "dropped"}),
        ("near-but-different", {}),
    ],
)
def test_the_filter_gives_the_provisions(
    key: str,
    filter_: dict[str, str],
    found: dict[str, Observation],
    bristol: Store,
    ontology_folder: Path,
) -> None:
    assert found[key].filter == filter_
    if filter_:
        rows = admitted(table_of_destinations(ReviewGraph(bristol, ontology_folder, "bristol")), filter_)
        assert tuple(row.provision for row in one_row_each(rows)) == found[key].provisions


@pytest.mark.parametrize(
    ("key", "question", "parameters", "provisions"),
    [
        (
            "removed-vcs",
            "removed",
            {"party": "vcs"},
            "1.17 1.18 1.19 1.20 2.6 3.11 3.12 3.13 5.7 5.8",
        ),
        (
            "themes-without-recommendation",
            "themes-without-recommendation",
            {},
            "theme-2 2.1 2.2 2.3 2.4 2.5 2.6",
        ),
        ("hollow-themes-by-party", "hollow-themes-by-party", {}, "3.9 3.10 3.11 3.12 3.13 5.7 5.8"),
        ("usual-but-kept", "usual-but-kept", {}, "themes 5.1 5.2 5.4"),
        ("near-but-different", "near-but-different", {}, "1.12 1.16 1.17"),
        ("undecided", "undecided", {}, "title partners-group values 1.9 theme-2 3.1 5.6"),
        (
            "largest-destination",
            "goes-to",
            {"destination": "vcse-strategy"},
            "terminology our-commitments partners-group value-1 value-2 value-3 value-5 1.11 4.4",
        ),
        ("dropped", "outcome", {"outcome": "dropped"}, "value-6 value-7 2.1 2.5 3.5 3.7 3.10"),
        ("removed-without-reason", "removed-without-reason", {}, "national-compact"),
    ],
)
def test_the_provisions_concerned(
    key: str,
    question: str,
    parameters: dict[str, str],
    provisions: str,
    found: dict[str, Observation],
) -> None:
    made = found[key]
    assert (made.listing.question.name, made.listing.parameters) == (question, parameters)
    assert " ".join(made.provisions) == provisions


def test_an_unknown_review(bristol: Store, ontology_folder: Path) -> None:
    with pytest.raises(UnknownNameError) as caught:
        observations(ReviewGraph(bristol, ontology_folder, "bristl"))
    assert caught.value.nearest == ["bristol"]


def test_after_decisions_they_tell_how_things_stand(decided: Store, ontology_folder: Path) -> None:
    said = {o.key: o for o in observations(ReviewGraph(decided, ontology_folder, "bristol"))}
    changed = {key: o.sentence for key, o in said.items() if o.sentence != SENTENCES[key]}
    assert changed == {
        "removed-public-sector": (
            "Of the 17 public sector commitments, five are removed: two moved, two absorbed and one "
            "dropped."
        ),
        "removed-shared": (
            "Of the 26 shared commitments, seven are removed: five absorbed and two dropped."
        ),
        "alternatives": (
            "Where one provision goes (value 3) is not settled: new Compact or VCSE Strategy."
        ),
        "undecided": (
            "Six of the 79 provisions are undecided, three of them commitments: two have no "
            "recommendation, two have only questions or wishes and two have only rejected "
            "recommendations."
        ),
        "largest-destination": (
            "Of five outside documents and bodies named as destinations, VCSE Strategy is named for the "
            "most provisions, eight: four move there, one may go there, three refer to it and one asks "
            "about it."
        ),
        "dropped": (
            "Five provisions are dropped and go nowhere, three of them commitments: value 6, value 7, "
            "3.5, 3.7 and 3.10. Reasons: goes without saying (two), meaning unclear (two) and no longer "
            "possible (one)."
        ),
    }
    assert not OF_RECOMMENDATIONS & set(changed)
    assert set(said) >= OF_RECOMMENDATIONS
    assert said["alternatives"].filter == {"relation": "either", "status": "recommended"}
    assert said["alternatives"].provisions == ("value-3",)
