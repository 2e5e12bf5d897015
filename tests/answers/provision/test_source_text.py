"""The words in their place: what is shown is the source, no more and no less."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from pathlib import Path

import pytest
from pyoxigraph import Store

from compactgraph.answers.provision.evidence import review_readings, review_texts
from compactgraph.answers.provision.source_text import Excerpt, SourceDocument, source_document
from compactgraph.answers.provision.trace import Range, trace
from compactgraph.answers.review_graph import ReviewGraph
from compactgraph.document.text import Source
from compactgraph.errors import QueryError, UnknownNameError
from tests.document.test_parser import visible_words


def _marked_text(excerpt: Excerpt) -> tuple[str, ...]:
    """Return each unbroken run of marked segments as it shows."""
    runs = groupby(excerpt.segments, key=lambda segment: segment.marked)
    return tuple("".join(segment.text for segment in run) for marked, run in runs if marked)


@pytest.fixture(scope="module")
def source(data_folder: Path) -> str:
    return (data_folder / "bristol" / "source.txt").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def document(bristol: Store, ontology_folder: Path) -> SourceDocument:
    return source_document(ReviewGraph(bristol, ontology_folder, "bristol"))


# The whole document


def test_the_segments_are_the_source(document: SourceDocument, source: str) -> None:
    assert "".join(segment.source for segment in document.segments) == source
    assert document.length == len(source) == 25_219
    place = 0
    for segment in document.segments:
        assert segment.start == place
        assert segment.source == source[segment.start : segment.end]
        assert segment.line == source.count("\n", 0, segment.start) + 1
        place = segment.end


def test_each_piece_is_shown_as_it_stands_and_a_gap_as_a_break(document: SourceDocument) -> None:
    pieces = [segment for segment in document.segments if not segment.is_gap]
    assert len(pieces) == 383
    assert all(piece.text == piece.source for piece in pieces)
    shown = Counter(segment.text for segment in document.segments if segment.is_gap)
    assert shown == {" ": 178, "\n": 46 + 74 + 84}


def test_what_is_shown_are_the_words_that_a_reader_sees(document: SourceDocument, source: str) -> None:
    shown = "".join(segment.text for segment in document.segments)
    assert "".join(shown.split()) == "".join(visible_words(Source(source)))


def test_each_text_has_its_ranges(
    document: SourceDocument, bristol: Store, ontology_folder: Path
) -> None:
    texts = review_texts(ReviewGraph(bristol, ontology_folder, "bristol")).pieces
    found = {piece.of: piece.text for piece in texts}
    assert len(found) == 79 + 31 + 83 + 5
    for identifier, text in found.items():
        assert " ".join(place.words for place in document.ranges_of(identifier)) == text
    assert document.ranges_of("9.9") == ()


def test_a_number_and_a_marker_belong_to_what_they_open(document: SourceDocument) -> None:
    number = next(segment for segment in document.segments if segment.source == "1.11.")
    assert (number.role, number.of) == ("number", "1.11")
    openers = [s for s in document.segments if s.role in ("number", "marker")]
    assert [s.source for s in openers if not s.of] == []


def test_what_belongs_to_no_text_says_so(document: SourceDocument) -> None:
    roles = Counter(s.role for s in document.segments if not s.is_gap and not s.of)
    assert roles == {"introductory": 3, "column-heading": 2, "party-heading": 13}


def test_a_footnote_belongs_to_the_provision_that_it_explains(document: SourceDocument) -> None:
    assert {s.provision for s in document.segments if s.of == "note-5"} == {"complaints"}


# Passages


def test_each_reading_is_quoted_from_its_place(
    document: SourceDocument, source: str, bristol: Store, ontology_folder: Path
) -> None:
    readings = review_readings(ReviewGraph(bristol, ontology_folder, "bristol"))
    assert len(readings) == 240
    for reading in readings:
        found = document.passage(reading.ranges, 20)
        marked = [s for excerpt in found for s in excerpt.segments if s.marked]
        assert [s.source for s in marked] == [source[r.start : r.end] for r in reading.ranges]
        assert [s.source for s in marked] == [r.words for r in reading.ranges]


def test_the_readings_of_each_provision_stand_in_its_texts(
    document: SourceDocument, bristol: Store, ontology_folder: Path
) -> None:
    texts = review_texts(ReviewGraph(bristol, ontology_folder, "bristol"))
    for provision in sorted({piece.provision for piece in texts.pieces}):
        for evidence in trace(ReviewGraph(bristol, ontology_folder, "bristol"), provision).evidence:
            marked = [
                segment
                for excerpt in document.passage(evidence.ranges, 300)
                for segment in excerpt.segments
                if segment.marked
            ]
            assert [s.source for s in marked] == [r.words for r in evidence.ranges]
            assert marked[0].provision == provision


def test_a_passage_shows_what_stands_before_and_after(bristol: Store, ontology_folder: Path) -> None:
    place = (
        trace(ReviewGraph(bristol, ontology_folder, "bristol"), "1.11")
        .of_kind("recommendation")[0]
        .ranges
    )
    found = source_document(ReviewGraph(bristol, ontology_folder, "bristol")).passage(place, 80)
    (excerpt,) = found
    assert excerpt.text == (
        "funding for example, community asset transfer and capacity building support).\n"
        "> Remove, as could be better included in the new VCSE Strategy.\n"
        "1.12. Publish in advance information about financial arrangements and"
    )
    assert _marked_text(excerpt) == ("Remove, as could be better included in the new VCSE Strategy.",)
    assert (excerpt.cut_before, excerpt.cut_after) == (True, True)
    assert (excerpt.first_line, excerpt.last_line) == (38, 39)


def test_a_text_cut_by_a_page_is_marked_in_both_parts(document: SourceDocument) -> None:
    (excerpt,) = document.passage(document.ranges_of("1.10"), 80)
    first, second = _marked_text(excerpt)
    assert first.startswith("Balance the needs for accountability")
    assert second == "outcomes."
    assert (
        f"1.10. {first}\n"
        "> Keep the notion of proportionality; add reference to practice within relationships between "
        f"primes and subcontracting VCSE\n{second}\norganisations.\n1.11. Support"
    ) in excerpt.text


def test_ranges_far_apart_have_an_excerpt_each(document: SourceDocument) -> None:
    ranges = [*document.ranges_of("1.12"), *document.ranges_of("1.17")]
    first, second = document.passage(reversed(ranges), 30)
    assert _marked_text(first) == (
        "Publish in advance information about financial arrangements and opportunities.",
    )
    assert _marked_text(second) == (
        "Respond constructively to advance information about financial arrangements and opportunities "
        "by engaging with service users and governance bodies.",
    )
    assert (first.last_line, second.first_line) == (39, 44)
    assert len(document.passage(ranges, 600)) == 1


def test_overlapping_ranges_are_marked_once(document: SourceDocument, source: str) -> None:
    start = source.index("Keep and find")
    (excerpt,) = document.passage([Range(start, start + 8, 1), Range(start + 5, start + 13, 1)], 0)
    assert _marked_text(excerpt) == ("Keep and find",)
    assert excerpt.text == "Keep and find"


def test_the_ends_of_the_document_are_not_cut(document: SourceDocument) -> None:
    (first,) = document.passage([Range(2, 9, 1)], 300)
    assert (first.cut_before, first.cut_after) == (False, True)
    assert first.text.startswith("Bristol Compact – revision")
    (last,) = document.passage([Range(document.length - 5, document.length, 1)], 300)
    assert (last.cut_before, last.cut_after) == (True, False)


@pytest.mark.parametrize("around", [0, 1, 7, 40])
def test_no_excerpt_begins_or_ends_within_a_word(
    document: SourceDocument, source: str, around: int
) -> None:
    for start in range(0, len(source) - 3, 97):
        (excerpt,) = document.passage([Range(start, start + 3, 1)], around)
        assert excerpt.start <= start
        assert start + 3 <= excerpt.end
        for edge in (excerpt.start, excerpt.end):
            if 0 < edge < len(source):
                segment = next(s for s in document.segments if s.start <= edge < s.end)
                inside = segment.start < edge and not segment.is_gap
                assert not (inside and source[edge - 1 : edge + 1].isalnum())


@pytest.mark.parametrize(("start", "end"), [(-1, 4), (9, 9), (9, 4), (25_219, 25_220), (0, 10**9)])
def test_a_range_outside_the_document_is_refused(document: SourceDocument, start: int, end: int) -> None:
    with pytest.raises(QueryError, match=f"characters {start}–{end} do not stand in the document"):
        document.passage([Range(start, end, 1)], 300)


def test_no_range_has_no_excerpt(document: SourceDocument) -> None:
    assert document.passage([], 300) == ()


def test_an_unknown_review_is_named(bristol: Store, ontology_folder: Path) -> None:
    with pytest.raises(UnknownNameError, match="unknown review 'bristo'; nearest: bristol"):
        source_document(ReviewGraph(bristol, ontology_folder, "bristo"))


# Beside another review


def test_each_review_has_its_own_document(
    two_reviews: Store, two_reviews_data: Path, ontology_folder: Path, document: SourceDocument
) -> None:
    assert source_document(ReviewGraph(two_reviews, ontology_folder, "bristol")) == document
    small = source_document(ReviewGraph(two_reviews, ontology_folder, "small-review"))
    source = (two_reviews_data / "small-review" / "source.txt").read_text(encoding="utf-8")
    assert "".join(segment.source for segment in small.segments) == source
    assert [place.words for place in small.ranges_of("1.2-r1")] == ["Remove, as no longer possible."]
