"""A trace as a story for readers: what is read from which words, in their place, and what is tied to it.

What it says comes from the trace, the document and the network; here it is only put into sentences and
groups.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from operator import itemgetter

from compactgraph.answers.about import About
from compactgraph.answers.network.network import Network
from compactgraph.answers.network.selection import sentence
from compactgraph.answers.network.ties import Node, Tie
from compactgraph.answers.provision.source_text import Excerpt, SourceDocument, marked
from compactgraph.answers.provision.trace import Evidence, Range, Said, Trace
from compactgraph.answers.terms import ReferenceLabel
from compactgraph.common.english import capital, day_in_words, listed
from compactgraph.common.version import __version__

AROUND = 240
"""How many characters of the document are shown before and after a text."""


class Level(StrEnum):
    """What words in a passage are: around the text, of the text, or what a reading rests on."""

    AROUND = "around"
    TEXT = "text"
    READ = "read"


@dataclass(frozen=True)
class Span:
    """Some characters as they show."""

    words: str
    level: Level


@dataclass(frozen=True)
class Stretch:
    """An unbroken stretch of the document; it is cut if words stand before or after it."""

    spans: tuple[Span, ...]
    cut_before: bool
    cut_after: bool


@dataclass(frozen=True)
class ReadText:
    """One text of a provision in its place, and in sentences how it is read."""

    said: Said
    lines: str
    stretches: tuple[Stretch, ...]
    readings: tuple[str, ...]


@dataclass(frozen=True)
class SharedReference:
    """A reference to which a provision is tied, in sentences how, and the others that are tied to it."""

    reference: Node
    ties: tuple[str, ...]
    others: tuple[Node, ...]


def _spans(excerpt: Excerpt, read: Sequence[Range]) -> Iterator[Span]:
    """Yield the words of an excerpt, those of one level together."""
    marks = [(place.start, place.end) for place in read]
    parts = [
        (Level.READ if part.marked else Level.TEXT if segment.marked else Level.AROUND, part.text)
        for segment in excerpt.segments
        for part in marked([segment], marks)
        if part.text
    ]
    for level, run in groupby(parts, key=itemgetter(0)):
        yield Span("".join(words for _, words in run), level)


def evidence_in_place(
    trace: Trace, document: SourceDocument, references: Mapping[str, ReferenceLabel]
) -> list[ReadText]:
    """Return the texts of a provision in their place, each with how it is read.

    A reading comes with the text that has its words. A mention in a footnote is read of the text that
    the footnote explains, but comes with the footnote.
    """
    found = []
    for said in trace.texts:
        readings = [each for each in trace.evidence if _told_with(each, trace.texts) is said]
        read = [place for each in readings for place in each.ranges]
        stretches = [
            Stretch(tuple(_spans(excerpt, read)), excerpt.cut_before, excerpt.cut_after)
            for excerpt in document.passage(said.ranges, AROUND)
        ]
        found.append(
            ReadText(
                said,
                source_lines([said]),
                tuple(stretches),
                tuple(reading_sentence(each, references) for each in readings),
            )
        )
    return found


def _told_with(reading: Evidence, texts: Sequence[Said]) -> Said | None:
    having = [
        said
        for said in texts
        if any(
            whole.start <= place.start and place.end <= whole.end
            for whole in said.ranges
            for place in reading.ranges
        )
    ]
    own = [said for said in having if said.identifier == reading.of]
    return next(iter(own or having), None)


def source_lines(texts: Iterable[Said]) -> str:
    """Return on which lines of the source texts begin: ``line 38``, ``lines 12, 14 and 15``."""
    return lines_named(place.line for said in texts for place in said.ranges)


def lines_named(numbers: Iterable[int]) -> str:
    """Return the numbers of lines as running text has them, each once."""
    lines = sorted(set(numbers))
    return f"line{'s' if len(lines) > 1 else ''} {listed([str(line) for line in lines])}"


# Readings in sentences


def reading_sentence(reading: Evidence, references: Mapping[str, ReferenceLabel]) -> str:
    """Return in one sentence what is read, from which words, and by what."""
    quote = " … ".join(place.words for place in reading.ranges)
    return f"{_what(reading, references)} “{quote}”{_by(reading)}."


_READ = {
    "reason": "The reason “{0}”",
    "mentions": "A mention of {0}",
    "nearWording": "Wording near to that of {0}",
    "bearsOn": "That it bears on {0}",
}
_READ_NOTHING = {"disposition": "No decision", "reason": "No reason", "relation": "No movement"}


def _what(reading: Evidence, references: Mapping[str, ReferenceLabel]) -> str:
    if not reading.value:
        what = _READ_NOTHING.get(reading.property, "Nothing")
    elif reading.property == "relation":
        to = references[reading.to].label if reading.to in references else reading.to
        what = f"The movement “{reading.label}”" + (f" ({to})" if to else "")
    elif reading.property in _READ:
        what = _READ[reading.property].format(reading.label)
    else:
        what = f"“{capital(reading.label)}”"
    return f"{what} is read from"


def _by(reading: Evidence) -> str:
    if reading.person:
        why = reading.why.rstrip(".")
        return f", by the hand of {reading.person}" + (f", because: {why}" if why else "")
    if reading.score is not None:
        return f", by a measure of how many words they share: {reading.score:g} of 100"
    if reading.cue:
        return f", by the {'name' if reading.property == 'mentions' else 'cue'} “{reading.cue}”"
    return ""


# What is tied to a provision


def shared_references(network: Network, node: Node) -> list[SharedReference]:
    """Return the references to which a provision is tied, and for each the others that are.

    Those to which fewest are tied come first: they say most.
    """
    found = []
    ties = [tie for tie in network.ties_of(node) if tie.end.kind == "reference"]
    for reference in dict.fromkeys(tie.end for tie in ties):
        others = {
            tie.start
            for tie in network.ties_of(reference)
            if tie.start.is_provision and tie.start != node
        }
        how = dict.fromkeys(sentence(tie) for tie in ties if tie.end == reference)
        in_order = tuple(sorted(others, key=lambda other: other.order))
        found.append(SharedReference(reference, tuple(how), in_order))
    return sorted(found, key=lambda shared: (len(shared.others), shared.reference.label))


def explained(network: Network, node: Node) -> list[Tie]:
    """Return the ties by which a provision explains another's terms, or has its own explained."""
    return [tie for tie in network.ties_of(node) if tie.kind == "explains"]


# Quoting it


def heading(trace: Trace, kind: str) -> str:
    """Return what a provision is called: its kind and number, or the words of its heading."""
    return f"{kind} {trace.identifier}" if trace.label == trace.identifier else trace.label


def citation(trace: Trace, kind: str, about: About, build: str, day: str = "") -> str:
    """Return how to cite a provision's trace; it leaves out what is not known.

    ``day`` is the day of the trace, empty for now.
    """
    agreement = [about.reviewed.label] if about.reviewed else []
    name = heading(trace, kind)
    named = name if trace.identifier in name else f"{name} ({trace.identifier})"
    review = [f"in: {about.title}"]
    if about.issued:
        review.append(about.issued)
    number = build.partition("@")[0].rpartition("-")[2]
    parts = [
        ", ".join([*agreement, named]),
        ", ".join(review),
        f"source {source_lines(trace.texts)}",
        *([f"as it stood on {day_in_words(day)}"] if day else []),
        f"retrieved from compactgraph {__version__}, build {number}",
    ]
    return "; ".join(parts) + "."
