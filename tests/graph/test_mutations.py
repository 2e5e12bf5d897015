"""Mutated copies of the real document: the reader reads them without loss, or refuses them."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from compactgraph.document.parser import Reader
from compactgraph.document.settings import ReviewFolder, open_review
from compactgraph.document.text import Source
from compactgraph.errors import CompactgraphError
from tests.document.test_parser import visible_text, visible_words

pytestmark = pytest.mark.slow

FOLDER = open_review(Path(__file__).resolve().parents[2] / "data", "bristol")
TEXT = FOLDER.source.read_text(encoding="utf-8")
LINES = TEXT.split("\n")
LENIENT = dataclasses.replace(FOLDER, expected={})
INSERTS = st.sampled_from(
    [
        "\t",
        "\n",
        "\n\n",
        "\r\n",
        ">",
        " > ",
        "<",
        "<p>",
        "</p>",
        "<u>",
        "</i>",
        "<ul>",
        "<script>x</script>",
        "•",
        "• ",
        "*",
        "*¹",
        "¹",
        "1.1. ",
        "9. ",
        "7.7. ",
        "\u2028",
        "\xa0",
        "Shared commitments",
        "</ul>",
        "é",
        "0",
        "&amp;",
    ]
)
POSITIONS = st.integers(0, len(TEXT))


def cut(start: int, length: int) -> str:
    return TEXT[:start] + TEXT[start + length :]


def insert(position: int, piece: str) -> str:
    return TEXT[:position] + piece + TEXT[position:]


def move_line(source: int, target: int) -> str:
    lines = list(LINES)
    lines.insert(target, lines.pop(source))
    return "\n".join(lines)


def repeat_line(line: int) -> str:
    return "\n".join([*LINES[:line], LINES[line], *LINES[line:]])


def join_lines(line: int) -> str:
    return "\n".join(
        [*LINES[:line], LINES[line] + " " + "".join(LINES[line + 1 : line + 2]), *LINES[line + 2 :]]
    )


LINE_NUMBERS = st.integers(0, len(LINES) - 1)
MUTATIONS = st.one_of(
    st.builds(cut, POSITIONS, st.integers(1, 400)),
    st.builds(insert, POSITIONS, INSERTS),
    st.builds(insert, POSITIONS, st.text(min_size=1, max_size=8)),
    st.builds(move_line, LINE_NUMBERS, LINE_NUMBERS),
    st.builds(repeat_line, LINE_NUMBERS),
    st.builds(join_lines, LINE_NUMBERS),
    st.builds(lambda end: TEXT[:end], POSITIONS),
)


def read_or_refuse(folder: ReviewFolder, text: str) -> bool:
    """Read ``text`` and prove that no word is lost or told twice; return False where it is refused."""
    source = Source(text, folder.source)
    try:
        review = Reader(folder, source).read()
    except CompactgraphError as refusal:
        told = str(refusal)
    else:
        told = ""
    if told:
        assert "\n" not in told
        assert len(told) < 600
        return False
    assert visible_text(source, review).split() == visible_words(source)
    spans = [span for p in review.provisions for t in p.texts() for span in t.words.spans]
    spans += [span for note in review.footnotes for span in note.words.spans]
    assert len(spans) == len(set(spans))
    identifiers = [t.identifier for p in review.provisions for t in p.texts()]
    assert len(identifiers) == len(set(identifiers))
    return True


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=MUTATIONS)
def test_a_mutated_document_is_read_without_loss_or_refused(text: str) -> None:
    read_or_refuse(LENIENT, text)


@settings(max_examples=100, deadline=None)
@given(text=st.text(alphabet="ab >\t\n<p/>•*¹1.", max_size=200))
def test_any_text_is_read_without_loss_or_refused(text: str) -> None:
    read_or_refuse(dataclasses.replace(LENIENT, sections=()), text)


@pytest.mark.parametrize(
    ("mutated", "read"),
    [
        (TEXT.replace("Good communication", "Better communication"), True),
        (TEXT.replace("\n", "\r\n"), True),
        (TEXT + "\n\n", True),
        (cut(TEXT.index("1.3. Work"), 5), False),
    ],
)
def test_harmless_mutations_are_read_and_harmful_ones_refused(mutated: str, *, read: bool) -> None:
    assert read_or_refuse(FOLDER, mutated) is read
