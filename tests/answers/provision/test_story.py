"""The story of a provision, the search for one, and the parts of the network that are drawn."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import Store

from compactgraph.answers.network.network import Network, resolve, review_network
from compactgraph.answers.network.selection import (
    ALL,
    GROUPS,
    group_of,
    names,
    picture,
    sentence,
    tie_kinds,
)
from compactgraph.answers.provision.evidence import review_texts
from compactgraph.answers.provision.quotations import quoted_texts
from compactgraph.answers.provision.search import excerpt, find, nearest
from compactgraph.answers.provision.source_text import SourceDocument, source_document
from compactgraph.answers.provision.story import (
    Level,
    evidence_in_place,
    shared_references,
    source_lines,
)
from compactgraph.answers.provision.trace import trace
from compactgraph.answers.review.references import reference_of
from compactgraph.answers.review_graph import ReviewGraph
from compactgraph.answers.tables.destinations import one_row_each, table_of_destinations
from compactgraph.answers.terms import reference_labels


@pytest.fixture(scope="module")
def network(bristol: Store, ontology_folder: Path) -> Network:
    return review_network(ReviewGraph(bristol, ontology_folder, "bristol"))


@pytest.fixture(scope="module")
def document(bristol: Store, ontology_folder: Path) -> SourceDocument:
    return source_document(ReviewGraph(bristol, ontology_folder, "bristol"))


def test_every_reading_is_marked_in_its_place_and_told_in_a_sentence(
    bristol: Store, ontology_folder: Path, document: SourceDocument
) -> None:
    labels = reference_labels(ReviewGraph(bristol, ontology_folder, "bristol"))
    told = 0
    for row in one_row_each(table_of_destinations(ReviewGraph(bristol, ontology_folder, "bristol"))):
        traced = trace(ReviewGraph(bristol, ontology_folder, "bristol"), row.provision)
        for text in evidence_in_place(traced, document, labels):
            marked = " ".join(
                span.words for each in text.stretches for span in each.spans if span.level is Level.READ
            )
            told += len(text.readings)
            for reading in (each for each in traced.evidence if each.of == text.said.identifier):
                within = [
                    place
                    for place in reading.ranges
                    if any(s.start <= place.start and place.end <= s.end for s in text.said.ranges)
                ]
                assert all(place.words in marked for place in within), (within, marked)
    assert told == 240


def test_what_a_footnote_names_is_told_with_the_footnote(
    bristol: Store, ontology_folder: Path, document: SourceDocument
) -> None:
    labels = reference_labels(ReviewGraph(bristol, ontology_folder, "bristol"))
    texts = evidence_in_place(
        trace(ReviewGraph(bristol, ontology_folder, "bristol"), "value-5"), document, labels
    )
    (note,) = [text for text in texts if text.said.kind == "footnote"]
    assert note.readings == (
        "A mention of Bristol 20:20 Plan is read from “Bristol’s 20:20 Plan”, "
        "by the name “Bristol's 20:20 Plan”.",
    )


def test_a_text_is_told_from_what_stands_around_it(
    bristol: Store, ontology_folder: Path, document: SourceDocument
) -> None:
    labels = reference_labels(ReviewGraph(bristol, ontology_folder, "bristol"))
    traced = trace(ReviewGraph(bristol, ontology_folder, "bristol"), "1.11")
    wording, recommendation = evidence_in_place(traced, document, labels)
    (stretch,) = wording.stretches
    own = [span.words for span in stretch.spans if span.level is Level.TEXT]
    assert own == [traced.texts[0].text]
    assert stretch.cut_before
    assert stretch.cut_after
    assert wording.readings == ()
    assert [
        span.words for span in recommendation.stretches[0].spans if span.level is not Level.AROUND
    ] == [
        "Remove",
        ", as ",
        "could be better included in the new VCSE Strategy",
        ".",
    ]
    assert source_lines(traced.texts) == "line 38"


def test_mentions_in_one_text_stand_together(
    bristol: Store, ontology_folder: Path, document: SourceDocument
) -> None:
    usual = reference_of(ReviewGraph(bristol, ontology_folder, "bristol"), "business-as-usual")
    texts = quoted_texts(document, usual.mentions)
    assert len(usual.mentions) == 24
    assert len(texts) == len({text.identifier for text in texts}) == 23
    assert all(text.segments for text in texts)


def test_what_shares_a_reference_comes_in_order(network: Network) -> None:
    shared = shared_references(network, resolve(network, "1.2"))
    assert [each.reference.identifier for each in shared] == [
        "bcc-social-value-policy",
        "business-as-usual",
    ]
    assert shared[0].others == ()
    assert len(shared[1].others) == 22
    assert shared[0].ties == (
        "1.2 has a recommendation that mentions Bristol City Council's Social Value Policy",
    )


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("1.11", ["1.11"]),
        ("VALUES", ["values"]),
        ("“national compact”", []),
        ("", []),
    ],
)
def test_what_is_found(bristol: Store, ontology_folder: Path, words: str, expected: list[str]) -> None:
    provisions = one_row_each(table_of_destinations(ReviewGraph(bristol, ontology_folder, "bristol")))
    texts = review_texts(ReviewGraph(bristol, ontology_folder, "bristol"))
    assert [each.row.provision for each in find(provisions, texts, words)][:2] == expected


def test_an_excerpt_is_the_beginning_or_begins_before_the_first_word() -> None:
    line = "one two three four five café’s seven eight"
    assert "".join(part.text for part in excerpt(line, ["two"], 20)) == "one two three four …"
    (marked,) = [part.text for part in excerpt(line, ["cafe's"]) if part.found]
    assert marked == "café’s"
    late = excerpt(f"{'word ' * 40}needle {'tail ' * 60}", ["needle"])
    assert [part.text for part in late if part.found] == ["needle"]
    assert "".join(part.text for part in late).startswith("… word word")
    assert late[-1].text == " …"


def test_the_nearest_identifiers(bristol: Store, ontology_folder: Path) -> None:
    provisions = one_row_each(table_of_destinations(ReviewGraph(bristol, ontology_folder, "bristol")))
    assert nearest(provisions, "teminology")[0] == "terminology"


def test_the_groups_of_ties_part_the_network(network: Network) -> None:
    counts = [len(picture(network, group).ties) for group in GROUPS]
    assert counts == [76, 93, 5, 121]
    assert sum(counts) == len(network.ties) == len(picture(network, ALL).ties) == 295
    assert set(tie_kinds(network, "between")) == {"near in wording", "explains", "bears on"}
    assert {group_of(tie) for tie in network.ties} == set(GROUPS)


def test_each_node_is_named_so_that_it_is_found_again(network: Network) -> None:
    named = names(network)
    assert len(named) == len(network.nodes)
    assert all(resolve(network, name) == node for name, node in named.items())


def test_a_tie_reads_as_a_sentence(network: Network) -> None:
    (moves,) = [tie for tie in network.ties_of(resolve(network, "1.11")) if tie.kind == "moves"]
    assert sentence(moves) == "1.11 moves to VCSE Strategy (recommended)"
