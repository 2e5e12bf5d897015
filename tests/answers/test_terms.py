"""The terms in the vocabulary's own order, the references by their plain names, numbers in words."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import Store

from compactgraph.answers.review_graph import ReviewGraph
from compactgraph.answers.terms import ReferenceLabel, Term, reference_labels, terms
from compactgraph.common.english import capital, counted, listed, number_word
from compactgraph.errors import UnknownNameError

ROOT = "https://w3id.org/compactgraph/"
IN_ORDER = {
    "decision": ["agree", "reject", "amend", "settle", "apply", "note", "confirm"],
    "disposition": ["keep", "keep-with-revision", "change", "remove", "refer", "add", "consider"],
    "kind": ["commitment", "theme", "value", "section"],
    "outcome": [
        *("retained", "revised", "either", "moved", "absorbed", "dropped", "referred", "undecided"),
    ],
    "party": ["shared", "public-sector", "vcs"],
    "reason": [
        *("business-as-usual", "implicit", "meaning-unclear", "no-longer-possible", "obsolete"),
        "better-placed-elsewhere",
    ],
    "relation": ["stays", "moves", "either", "absorbed", "refers", "question", "dropped"],
    "role": [
        *("introductory", "column-heading", "party-heading", "number", "wording", "commentary"),
        *("recommendation", "marker", "footnote"),
    ],
    "rule": [
        *("cue", "name", "clause-number", "near-wording", "named-destination", "either-successor"),
        *("stays", "absorbed", "dropped", "question", "moves-to", "outcome"),
    ],
    "status": ["recommended", "agreed", "rejected", "applied"],
}


@pytest.fixture(scope="module")
def known(bristol: Store, ontology_folder: Path) -> dict[str, dict[str, Term]]:
    return terms(ReviewGraph(bristol, ontology_folder, "bristol"))


# Terms


def test_the_schemes_and_the_kinds(known: dict[str, dict[str, Term]]) -> None:
    assert sorted(known) == sorted(IN_ORDER)


@pytest.mark.parametrize("scheme", IN_ORDER)
def test_terms_stand_in_the_order_of_the_vocabulary(
    scheme: str, known: dict[str, dict[str, Term]]
) -> None:
    assert list(known[scheme]) == IN_ORDER[scheme]


@pytest.mark.parametrize("scheme", IN_ORDER)
def test_each_term_has_words(scheme: str, known: dict[str, dict[str, Term]]) -> None:
    for notation, term in known[scheme].items():
        assert (term.scheme, term.notation) == (scheme, notation)
        assert term.label.strip()
        assert term.definition.endswith(".")


def test_a_term(known: dict[str, dict[str, Term]]) -> None:
    term = known["party"]["vcs"]
    assert term == Term(
        scheme="party",
        notation="vcs",
        label="voluntary and community sector",
        definition="The organisations of the voluntary and community sector make it.",
        iri=ROOT + "vocab/party/vcs",
        alternatives=("VCS",),
    )
    assert term.title == "Voluntary and community sector"


def test_a_kind_of_provision(known: dict[str, dict[str, Term]]) -> None:
    kind = known["kind"]["commitment"]
    assert (kind.label, kind.title, kind.plural) == ("commitment", "Commitment", "commitments")
    assert kind.iri == ROOT + "ontology#Commitment"


def test_the_terms_are_the_same_beside_another_review(
    known: dict[str, dict[str, Term]], two_reviews: Store, ontology_folder: Path
) -> None:
    assert terms(ReviewGraph(two_reviews, ontology_folder, "bristol")) == known


# References


def test_references_by_name(bristol: Store, ontology_folder: Path) -> None:
    labels = reference_labels(ReviewGraph(bristol, ontology_folder, "bristol"))
    names = [reference.label.casefold() for reference in labels.values()]
    assert len(labels) == 30
    assert names == sorted(names)
    assert labels["vcse-strategy"] == ReferenceLabel(
        "vcse-strategy", "VCSE Strategy", "strategy", ROOT + "id/bristol/reference/vcse-strategy"
    )
    assert labels["business-as-usual"] == ReferenceLabel(
        *("business-as-usual", "business as usual", "practice"),
        ROOT + "id/reference/business-as-usual",
        category="practice",
    )
    assert labels["new-compact"].title == "New Compact"


@pytest.mark.parametrize(
    ("identifier", "category", "type_"),
    [
        ("new-compact", "agreement", "agreement"),
        ("national-compact", "agreement", "agreement"),
        ("pcr-2015", "legislation", "legislation"),
        ("bristol-city-council", "body", "body"),
        ("voscur", "body", "body"),
        ("business-as-usual", "practice", "practice"),
        ("hearts-and-minds", "", "report"),
        ("consultation-finder", "", "website"),
    ],
)
def test_what_a_reference_is(
    identifier: str, category: str, type_: str, bristol: Store, ontology_folder: Path
) -> None:
    found = reference_labels(ReviewGraph(bristol, ontology_folder, "bristol"))[identifier]
    assert (found.category, found.type) == (category, type_)


def test_a_reference_of_which_nothing_says_what_it_is(two_reviews: Store, ontology_folder: Path) -> None:
    found = reference_labels(ReviewGraph(two_reviews, ontology_folder, "small-review"))[
        "ottery-handbook"
    ]
    assert (found.category, found.type) == ("", "")


@pytest.mark.parametrize(
    ("scheme", "labels"),
    [
        (
            "outcome",
            [
                *("retained", "revised", "to stay or move", "moved", "absorbed", "dropped"),
                *("replaced by a pointer", "undecided"),
            ],
        ),
        (
            "relation",
            [
                *("stays in", "moves to", "may go to", "absorbed into", "refers to"),
                *("raised, not decided", "goes nowhere"),
            ],
        ),
        (
            "reason",
            [
                *("business as usual", "goes without saying", "meaning unclear", "no longer possible"),
                *("obsolete", "better placed elsewhere"),
            ],
        ),
    ],
)
def test_the_words_for_readers(
    scheme: str, labels: list[str], known: dict[str, dict[str, Term]]
) -> None:
    assert [term.label for term in known[scheme].values()] == labels


def test_no_definition_has_a_prefixed_name_or_a_library(known: dict[str, dict[str, Term]]) -> None:
    definitions = [term.definition for terms_ in known.values() for term in terms_.values()]
    assert [words for words in definitions if "cg:" in words or "RapidFuzz" in words] == []


def test_another_reviews_references_are_not_named(two_reviews: Store, ontology_folder: Path) -> None:
    small = reference_labels(ReviewGraph(two_reviews, ontology_folder, "small-review"))
    bristol = reference_labels(ReviewGraph(two_reviews, ontology_folder, "bristol"))
    own = {"new-ottery-compact", "ottery-compact-2014", "ottery-handbook", "ottery-working-group"}
    assert set(small) - set(bristol) == own
    assert "vcse-strategy" not in small
    assert "pcr-2015" in small


def test_references_of_an_unknown_review(bristol: Store, ontology_folder: Path) -> None:
    with pytest.raises(UnknownNameError) as caught:
        reference_labels(ReviewGraph(bristol, ontology_folder, "bristl"))
    assert caught.value.nearest == ["bristol"]


# Words


@pytest.mark.parametrize(
    ("number", "word"), [(0, "no"), (1, "one"), (9, "nine"), (10, "10"), (1234, "1,234")]
)
def test_number_word(number: int, word: str) -> None:
    assert number_word(number) == word


@pytest.mark.parametrize(
    ("number", "words"), [(0, "no values"), (1, "one value"), (2, "two values"), (11, "11 values")]
)
def test_counted(number: int, words: str) -> None:
    assert counted(number, "value") == words


def test_counted_with_a_plural_of_its_own() -> None:
    assert counted(1, "body", "bodies") == "one body"
    assert counted(3, "body", "bodies") == "three bodies"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")],
)
def test_listed(words: list[str], sentence: str) -> None:
    assert listed(words) == sentence


def test_listed_as_alternatives() -> None:
    assert listed(["a", "b", "c"], "or") == "a, b or c"


@pytest.mark.parametrize(("words", "as_heading"), [("", ""), ("new Compact", "New Compact")])
def test_capital(words: str, as_heading: str) -> None:
    assert capital(words) == as_heading
