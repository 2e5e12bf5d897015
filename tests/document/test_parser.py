"""The reader: the real document into the model, every word once; bad documents refused in one line."""

from __future__ import annotations

import dataclasses
import itertools
from collections import Counter
from pathlib import Path

import pytest

from compactgraph.common.schemes import ProvisionKind
from compactgraph.document.model import Provision, Review, Role
from compactgraph.document.parser import Reader, read_review
from compactgraph.document.settings import ReviewFolder, open_review
from compactgraph.document.text import SIZE_LIMIT, Source, Span
from compactgraph.errors import (
    EncodingError,
    FootnoteError,
    MarkupError,
    NumberingError,
    PairingError,
    SourceError,
    TableError,
    UnplacedError,
)


@pytest.fixture(scope="module")
def folder(data_folder: Path) -> ReviewFolder:
    return open_review(data_folder, "bristol")


@pytest.fixture(scope="module")
def read(folder: ReviewFolder) -> tuple[Source, Review]:
    return read_review(folder)


@pytest.fixture(scope="module")
def review(read: tuple[Source, Review]) -> Review:
    return read[1]


@pytest.fixture(scope="module")
def provisions(review: Review) -> dict[str, Provision]:
    return review.by_identifier()


def visible_text(source: Source, review: Review) -> str:
    """Return what the pieces show in their order, a space where the document has something between."""
    shown, position = [], 0
    for piece in review.pieces:
        if piece.span.start > position:
            shown.append(" ")
        shown.append(source.quote(piece.span))
        position = piece.span.end
    return "".join(shown)


def visible_words(source: Source) -> list[str]:
    """Return all that the document shows, markup left out, split at white space."""
    return source.visible(Span(0, len(source.text))).split()


def without_expectations(folder: ReviewFolder) -> ReviewFolder:
    return dataclasses.replace(folder, expected={})


def reread(folder: ReviewFolder, source: Source, old: str, new: str) -> Review:
    """Read the document with its one ``old`` text replaced."""
    assert source.text.count(old) == 1, f"'{old}' stands {source.text.count(old)} times"
    altered = Source(source.text.replace(old, new), folder.source)
    return Reader(without_expectations(folder), altered).read()


def test_source_in_data_is_the_document_as_received(folder: ReviewFolder) -> None:
    content = folder.source.read_bytes()
    assert len(content) == 25_350
    assert content.count(b"\t") == 80
    assert content.startswith("\n\nBristol Compact – revision – what to keep".encode())


def test_every_visible_word_stands_in_the_pieces_once(read: tuple[Source, Review]) -> None:
    source, review = read
    assert visible_text(source, review).split() == visible_words(source)
    assert len(visible_words(source)) == 3_488


def test_pieces_follow_one_another_without_overlap(review: Review) -> None:
    spans = [piece.span for piece in review.pieces]
    assert spans == sorted(spans)
    assert all(one.end <= other.start for one, other in itertools.pairwise(spans))


def test_pieces_by_role(review: Review) -> None:
    assert Counter(piece.role for piece in review.pieces) == {
        Role.INTRODUCTORY: 3,
        Role.COLUMN_HEADING: 2,
        Role.PARTY_HEADING: 13,
        Role.NUMBER: 59,
        Role.WORDING: 87,
        Role.COMMENTARY: 32,
        Role.RECOMMENDATION: 85,
        Role.MARKER: 96,
        Role.FOOTNOTE: 6,
    }


def test_provisions_by_kind(review: Review) -> None:
    assert Counter(p.kind for p in review.provisions) == {
        ProvisionKind.COMMITMENT: 54,
        ProvisionKind.SECTION: 12,
        ProvisionKind.VALUE: 8,
        ProvisionKind.THEME: 5,
    }


def test_commitments_by_party(review: Review) -> None:
    commitments = [p for p in review.provisions if p.kind is ProvisionKind.COMMITMENT]
    assert Counter(p.party for p in commitments) == {"shared": 26, "public-sector": 17, "vcs": 11}
    assert {p.party for p in review.provisions if p.kind is not ProvisionKind.COMMITMENT} == {None}


def test_commitments_by_theme(review: Review) -> None:
    commitments = [p for p in review.provisions if p.kind is ProvisionKind.COMMITMENT]
    assert Counter(p.theme for p in commitments) == {1: 20, 2: 6, 3: 13, 4: 7, 5: 8}


def test_sections_in_the_order_of_the_document(review: Review) -> None:
    assert [p.identifier for p in review.provisions if p.kind is ProvisionKind.SECTION] == [
        "title",
        "subtitle",
        "introduction",
        "national-compact",
        "terminology",
        "our-commitments",
        "partners-group",
        "values",
        "themes",
        "volunteering",
        "complaints",
        "compact-and-you",
    ]


def test_recommendations_and_commentary(review: Review) -> None:
    assert sum(len(p.recommendations) for p in review.provisions) == 83
    assert sum(len(p.commentary) for p in review.provisions) == 31
    several = {
        p.identifier: len(p.recommendations) for p in review.provisions if len(p.recommendations) > 1
    }
    assert several == {
        "subtitle": 2,
        "introduction": 2,
        "our-commitments": 3,
        "partners-group": 3,
        "1.4": 2,
        "2.4": 2,
    }
    none = [p.identifier for p in review.provisions if not p.recommendations]
    assert none == ["values", "1.9", "theme-2", "5.6"]


@pytest.mark.parametrize(
    ("identifier", "party", "words"),
    [
        (
            "1.10",
            "public-sector",
            "Balance the needs for accountability and value for money with a commitment to "
            "proportionate and effective processes that monitor and evaluate outcomes.",
        ),
        (
            "1.11",
            "public-sector",
            "Support the VCS in ways other than funding for example, community asset transfer and "
            "capacity building support).",
        ),
        ("1.16", "vcs", "Respond constructively to funding opportunities."),
        (
            "1.1",
            "shared",
            "Integrate the principles of intelligent commissioning*¹ and social value*² into all "
            "commissioning process and policy.",
        ),
        ("5.7", "vcs", "Contribute positively to reviews of services."),
        ("theme-1", None, "Allocating resources efficiently"),
        (
            "value-5",
            None,
            "That we share a commitment to vision and development of Bristol, as currently described in "
            "the Bristol 20:20 Plan*.",
        ),
        (
            "value-8",
            None,
            "That our partnership work is made effective by openness, respect, accountability, "
            "integrity, objectivity, honesty, leadership and putting Bristol and its people and "
            "communities first.",
        ),
    ],
)
def test_wording(
    provisions: dict[str, Provision], identifier: str, party: str | None, words: str
) -> None:
    assert provisions[identifier].words.text == words
    assert provisions[identifier].party == party


@pytest.mark.parametrize(
    ("identifier", "commentary", "recommendations"),
    [
        (
            "1.10",
            [],
            [
                "Keep the notion of proportionality; add reference to practice within relationships "
                "between primes and subcontracting VCSE organisations."
            ],
        ),
        (
            "3.3",
            [
                "Changes to public sector funding/structure have affected capacity to hold 12-week "
                "consultations. Some assumptions behind 12 weeks could be challenged. Some key "
                "principles (e.g. access) must be retained. There are some views that a static "
                "consultation limits dialogue and collaborative/responsive development of ideas."
            ],
            [
                "Keep, with revision (flexibility; appropriateness; collaborative dialogue; commitment "
                "to access)."
            ],
        ),
        (
            "our-commitments",
            [
                "The principle of shared commitments to effective relationships is good. It may be true "
                "that there has been more focus on public sector commitments than others.",
                "As public sector changes, there has been more recent emphasis on the growing "
                "relationships between larger (e.g. prime contractors) and smaller organisations.",
            ],
            [
                "Remove explicit reference to commitments and re-frame as implicit in effective "
                "relationships.",
                "The new Compact needs to address these inter-organisational relationships.",
                "Refer to VCSE Strategy development.",
            ],
        ),
        ("1.12", ["Inconsistent practice."], ["Keep and find a solution."]),
        ("value-5", [], ["Remove, will be referenced in VCSE Strategy."]),
        (
            "value-8",
            [],
            [
                "Change in new principles, including these emerging ideas • Good communication • "
                "Solutions focus • Proportionality • Aspiration • Effectiveness • Productivity • "
                "Collaboration • Realism."
            ],
        ),
        (
            "values",
            [
                "Such values (or similar) will likely be included in the new VCSE Strategy. These could "
                "be turned into principles in the new Compact, for example:"
            ],
            [],
        ),
        ("5.6", ["BAU (effective contract management)."], []),
    ],
)
def test_what_is_said(
    provisions: dict[str, Provision],
    identifier: str,
    commentary: list[str],
    recommendations: list[str],
) -> None:
    provision = provisions[identifier]
    assert [text.words.text for text in provision.commentary] == commentary
    assert [text.words.text for text in provision.recommendations] == recommendations


def test_footnotes_are_bound_to_the_text_that_they_mark(
    read: tuple[Source, Review], provisions: dict[str, Provision]
) -> None:
    source, review = read
    assert [
        (n.identifier, n.annotates, source.quote(n.mark), n.words.text[:32]) for n in review.footnotes
    ] == [
        ("note-1", "value-5", "*", "Bristol’s 20:20 Plan: www.bristo"),
        ("note-2", "1.1", "*¹", "Audit Commission’s report ‘Heart"),
        ("note-3", "1.1", "*²", "According to the Public Services"),
        ("note-4", "1.2", "*³", "The term ‘financial arrangements"),
        ("note-5", "complaints-c3", "¹", "<http://www.compactvoice.org.uk/"),
    ]
    assert provisions["terminology"].annotates == "national-compact"


def test_introductory_lines(read: tuple[Source, Review]) -> None:
    source, review = read
    lines = [piece.span for piece in review.pieces if piece.role is Role.INTRODUCTORY]
    assert [source.quote(line)[:30] for line in lines] == [
        "Bristol Compact – revision – w",
        "The Bristol Compact, published",
        "This document includes detaile",
    ]


def test_a_passage_finds_its_ranges_across_a_page_break(read: tuple[Source, Review]) -> None:
    source, review = read
    words = review.by_identifier()["1.10"].words
    start = words.text.index("evaluate outcomes.")
    found = words.locate(start, len(words.text))
    assert [source.quote(span) for span in found] == ["evaluate", "outcomes."]
    assert [source.line_of(span.start) for span in found] == [35, 37]


def test_a_script_in_a_cell_is_text(folder: ReviewFolder, read: tuple[Source, Review]) -> None:
    script = "<script>alert('x')</script> Give <b>volunteers</b> a choice. <http://example.org>"
    old = "Recognise that volunteering should be open to all."
    review = reread(folder, read[0], old, script)
    words = review.by_identifier()["4.2"].words.text
    assert words == "<script>alert('x')</script> Give volunteers a choice. <http://example.org>"


def test_a_number_out_of_order_is_accepted(folder: ReviewFolder, read: tuple[Source, Review]) -> None:
    text = read[0].text
    assert text.count("3.12. Recognise") == 1
    swapped = text.replace("3.12. Recognise", "3.99. Recognise")
    review = Reader(without_expectations(folder), Source(swapped)).read()
    commitments = [p.identifier for p in review.provisions if p.theme == 3]
    assert commitments[-3:] == ["3.11", "3.99", "3.13"]


@pytest.mark.parametrize(
    ("old", "new", "error", "words"),
    [
        ("1.19. Facilitate", "1.18. Facilitate", NumberingError, "'1.18' stands twice"),
        ("<p>3.4. Use a", "<p>3.4. <u>Use a", MarkupError, "the tag <u> is not closed in its cell"),
        ("<p>3.4. Use a", "3.4. Use a", MarkupError, "the tag </p> closes what is not open"),
        ("1.12. Publish", "1.12.\tPublish", TableError, "has 3 cells"),
        (
            "1.16. Respond constructively to funding opportunities.\t",
            "1.16. Respond constructively to funding opportunities. ",
            TableError,
            "has no tab, so no second cell",
        ),
        (
            "1.16. Respond constructively to funding",
            "Respond constructively to funding",
            UnplacedError,
            "'Respond constructively to funding opportunities.' belongs to no provision",
        ),
        (
            "<p>> Remove, will be referenced in VCSE Strategy.</p>",
            "",
            PairingError,
            "'values' lists 8 items and has 7 recommendations",
        ),
        (
            "• That we recognise and celebrate diversity",
            "That we recognise and celebrate diversity",
            PairingError,
            "'values' lists 7 items and has 8 recommendations",
        ),
        ("Plan*.", "Plan.", FootnoteError, "is a note whose mark stands in no text before it"),
        (
            "opportunities.\tImplicit",
            "opportunities*.\tImplicit",
            FootnoteError,
            "is a mark that no note",
        ),
        ("Resolving Complaints", "Settling Complaints", UnplacedError, "'Settling Complaints Bristol"),
        (
            "VCS commitments\t",
            "VCS commitments\tSaid of nobody",
            UnplacedError,
            "is said of no provision",
        ),
    ],
)
def test_a_bad_document_is_refused_in_one_line(
    folder: ReviewFolder,
    read: tuple[Source, Review],
    old: str,
    new: str,
    error: type[SourceError],
    words: str,
) -> None:
    with pytest.raises(error) as caught:
        reread(folder, read[0], old, new)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)
    assert str(folder.source) in str(caught.value)


@pytest.mark.parametrize("lines", [1, 9, 20, 43, 60, 75, 95, 98])
def test_a_truncated_document_is_refused(
    folder: ReviewFolder, read: tuple[Source, Review], lines: int
) -> None:
    text = "\n".join(read[0].text.split("\n")[:lines])
    with pytest.raises(SourceError):
        Reader(folder, Source(text, folder.source)).read()


def test_other_totals_than_expected_are_refused(
    folder: ReviewFolder, read: tuple[Source, Review]
) -> None:
    text = read[0].text
    line = next(line for line in text.split("\n") if line.startswith("4.3."))
    with pytest.raises(SourceError, match=r"78 provisions were read where review\.toml expects 79"):
        Reader(folder, Source(text.replace(line + "\n", ""), folder.source)).read()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "the file is empty"),
        (b" \n\t\n", "the file is empty"),
        (b"\x00\x01\x02", "the file is binary"),
        ("é".encode("latin-1") + b"\n", "byte 0 is not UTF-8"),
        (b"ok\n\xe2\x80", "line 2: byte 3 is not UTF-8"),
        (b"ok\n\x1b[31mred", r"line 2: there is a control character, U\+001B"),
    ],
)
def test_unreadable_bytes_are_refused(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "source.txt"
    path.write_bytes(content)
    with pytest.raises(EncodingError, match=words):
        Source.read(path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EncodingError, match="cannot be read"):
        Source.read(tmp_path / "source.txt")


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "source.txt"
    with path.open("wb") as file:
        file.truncate(100 * 1024 * 1024)
    with pytest.raises(EncodingError, match=f"the limit is {SIZE_LIMIT:,}"):
        Source.read(path)
