"""Quoted words marked in the texts that they stand in."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import Store

from compactgraph.answers.provision.quotations import quoted_texts
from compactgraph.answers.provision.source_text import SourceDocument, source_document
from compactgraph.answers.review.checklist import checklist, destinations_of
from compactgraph.answers.review_graph import ReviewGraph


@pytest.fixture(scope="module")
def document(bristol: Store, ontology_folder: Path) -> SourceDocument:
    """Return Bristol's document."""
    return source_document(ReviewGraph(bristol, ontology_folder, "bristol"))


def squeezed(text: str) -> str:
    """Return a text without its spaces and line ends."""
    return "".join(text.split())


def test_a_text_is_whole_and_its_quoted_words_are_marked(
    bristol: Store, ontology_folder: Path, document: SourceDocument
) -> None:
    quoted = 0
    for destination in destinations_of(ReviewGraph(bristol, ontology_folder, "bristol")):
        listed = checklist(ReviewGraph(bristol, ontology_folder, "bristol"), destination.identifier)
        for item in (item for group in listed.groups for item in group.items):
            for text in quoted_texts(document, item.evidence):
                quoted += 1
                shown = "".join(segment.text for segment in text.segments)
                marked = "".join(segment.text for segment in text.segments if segment.marked)
                assert squeezed(shown) == squeezed(text.readings[0].text), text.identifier
                for reading in text.readings:
                    for place in reading.ranges:
                        assert squeezed(place.words) in squeezed(marked), text.identifier
    assert quoted > 60


def test_readings_of_one_text_stand_together(
    bristol: Store, ontology_folder: Path, document: SourceDocument
) -> None:
    listed = checklist(ReviewGraph(bristol, ontology_folder, "bristol"), "vcse-strategy")
    readings = [reading for group in listed.groups for item in group.items for reading in item.evidence]
    texts = quoted_texts(document, [*readings, *readings])
    assert len(texts) == 10
    first = texts[0]
    assert (first.identifier, first.kind, first.line) == ("value-5-r1", "recommendation", 20)
    assert [s.text for s in first.segments] == ["Remove, ", "will be referenced in VCSE Strategy", "."]
    assert len(first.readings) == 2


def test_nothing_read_is_nothing_quoted(document: SourceDocument) -> None:
    assert quoted_texts(document, []) == ()
