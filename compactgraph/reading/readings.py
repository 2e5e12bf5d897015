"""How a review is read: dispositions, reasons, relations and mentions, each with its evidence.

Words are read by cues, and by a person's entries in ``readings.toml``; on the same words, the person's
entry holds. Words that neither reads are reported as unread: nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from compactgraph.common.fingerprints import is_fingerprint
from compactgraph.common.schemes import Disposition, ProvisionKind, Reason, Relation
from compactgraph.document.model import Review, Text
from compactgraph.document.settings import READINGS, ReviewFolder, TomlTable
from compactgraph.document.text import Source, Span
from compactgraph.errors import FolderError, NextStep, require_known, shorten
from compactgraph.reading.phrase_finder import (
    Match,
    NameFinder,
    cue_pattern,
    find_cues,
    fold,
    names_after,
    sentences,
)
from compactgraph.reading.similarity import near_pairs
from compactgraph.reading.vocabulary import Vocabulary

PROPERTIES = ("disposition", "reason", "relation", "mentions", "bears-on")
PERSON = "person"
_CLAUSE = re.compile(r"\s*(\d+\.\d+)(?!\.?\d)")


@dataclass(frozen=True)
class Reading:
    """One statement about a text, and its evidence.

    ``subject`` is the identifier of a text; ``value`` a term's notation, or the identifier of a
    reference or provision, or None if a person says that the words state nothing; ``to`` the
    destination of a relation. ``rule`` is a term of the scheme ``rule``, or ``person``: then ``why``
    gives the reason, and ``fingerprint`` may give that of the text as the person had it.
    """

    subject: str
    property: str
    value: str | None
    spans: tuple[Span, ...]
    words: str
    rule: str
    cue: str | None = None
    to: str | None = None
    why: str | None = None
    score: float | None = None
    fingerprint: str = ""


@dataclass(frozen=True)
class Unread:
    """Words that no cue and no person reads, their line, and what is missing."""

    subject: str
    words: str
    line: int
    missing: str

    def __str__(self) -> str:
        """Return one line for people."""
        return f"{self.subject} (line {self.line}): '{shorten(self.words)}' {self.missing}"


@dataclass(frozen=True)
class ReviewReadings:
    """All readings of a review, the person who read by hand, and the unread words."""

    readings: list[Reading]
    person: str
    unread: list[Unread]


def read_words(
    folder: ReviewFolder, source: Source, review: Review, vocabulary: Vocabulary
) -> ReviewReadings:
    """Read the words of a review; raise FolderError or UnknownNameError if an entry does not fit it."""
    return _WordReader(folder, source, review, vocabulary).read()


@dataclass
class _WordReader:
    folder: ReviewFolder
    source: Source
    review: Review
    vocabulary: Vocabulary

    def __post_init__(self) -> None:
        self._finder = NameFinder(self.vocabulary.references.values())
        self._recommendations = [r for p in self.review.provisions for r in p.recommendations]
        texts = (text for provision in self.review.provisions for text in provision.texts())
        self._texts = {text.identifier: text.words for text in texts}

    def read(self) -> ReviewReadings:
        person, by_hand = self._entries()
        by_cue: list[Reading] = []
        for recommendation in self._recommendations:
            by_cue += self._read_recommendation(recommendation, by_hand)
        by_cue += self._mentions()
        by_cue += self._clause_numbers()
        by_cue += self._near_wordings()
        readings = list(dict.fromkeys([*_not_replaced(by_cue, by_hand), *by_hand]))
        return ReviewReadings(readings, person, list(self._unread(readings)))

    # By cue

    def _read_recommendation(self, text: Text, by_hand: list[Reading]) -> Iterator[Reading]:
        words = text.words
        mentions = list(self._finder.find(words.text))
        dispositions = list(self._by_cue("disposition", text))
        yield from dispositions
        entered = [r for r in by_hand if (r.subject, r.property) == (text.identifier, "disposition")]
        if any(r.value == Disposition.REMOVE for r in [*_not_replaced(dispositions, by_hand), *entered]):
            yield from self._by_cue("reason", text)
        scheme = self.vocabulary.schemes["relation"]
        for match, end in self._cues("relation", words.text):
            for name in names_after(scheme, words.text, match.end, mentions):
                if name.end <= end:
                    whole = Match(match.start, name.end, match.key, match.phrase)
                    yield self._reading(text, "relation", whole, "cue", to=name.key)

    def _by_cue(self, property_: str, text: Text) -> Iterator[Reading]:
        for match, _ in self._cues(property_, text.words.text):
            yield self._reading(text, property_, match, "cue")

    def _cues(self, property_: str, text: str) -> Iterator[tuple[Match, int]]:
        """Yield the cues of a property, each with the end of its sentence."""
        for start, end in sentences(text):
            for match in find_cues(self.vocabulary.schemes[property_], text, start, end):
                yield match, end

    def _reading(
        self, text: Text, property_: str, match: Match, rule: str, to: str | None = None
    ) -> Reading:
        return Reading(
            subject=text.identifier,
            property=property_,
            value=match.key,
            spans=text.words.locate(match.start, match.end),
            words=text.words.text[match.start : match.end],
            rule=rule,
            cue=match.phrase,
            to=to,
        )

    def _mentions(self) -> Iterator[Reading]:
        """Yield the mentions of references; a footnote's are those of the text that it explains."""
        texts = [text for provision in self.review.provisions for text in provision.texts()]
        texts += [Text(note.annotates, note.words) for note in self.review.footnotes]
        for text in texts:
            for match in self._finder.find(text.words.text):
                yield self._reading(text, "mentions", match, "name")

    def _clause_numbers(self) -> Iterator[Reading]:
        numbers = {p.identifier for p in self.review.provisions if p.kind is ProvisionKind.COMMITMENT}
        rule = self.vocabulary.schemes["rule"].term("clause-number")
        for provision in self.review.provisions:
            for text in [*provision.commentary, *provision.recommendations]:
                folded = fold(text.words.text)
                for cue in rule.cues:
                    for match in cue_pattern(cue).finditer(folded):
                        number = _CLAUSE.match(folded, match.end())
                        if number and number[1] in numbers - {provision.identifier}:
                            found = Match(match.start(), number.end(), number[1], cue)
                            yield self._reading(text, "bears-on", found, rule.notation)

    def _near_wordings(self) -> Iterator[Reading]:
        rule = self.vocabulary.schemes["rule"].term("near-wording")
        kinds = (ProvisionKind.COMMITMENT, ProvisionKind.VALUE)
        clauses = [p for p in self.review.provisions if p.kind in kinds]
        threshold = rule.threshold if rule.threshold is not None else 100.0
        for first, second, score in near_pairs([c.words.text for c in clauses], threshold):
            one, other = clauses[first], clauses[second]
            yield Reading(
                subject=one.identifier,
                property="near-wording",
                value=other.identifier,
                spans=one.words.spans + other.words.spans,
                words=one.words.text,
                rule=rule.notation,
                score=score,
            )

    # By a person's hand

    def _entries(self) -> tuple[str, list[Reading]]:
        path = self.folder.path / READINGS
        table = TomlTable.read(path) if path.exists() else TomlTable(path, {})
        entries = table.entries("readings")
        if not entries:
            return "", []
        reader = table.values.get("reader", {})
        person = reader.get("name") if isinstance(reader, dict) else None
        if not isinstance(person, str) or not person.strip():
            raise FolderError(f"{path}: [reader] needs a name; say who read these words")
        readings = []
        for place, entry in enumerate(entries, 1):
            stands = f"{path}, entry {place}"
            subject, words = entry.text("of"), entry.text("words")
            property_, value = entry.text("property"), entry.text("value")
            require_known(f"text in {stands}:", subject, self._texts)
            passage = self._texts[subject]
            start = passage.text.find(words)
            if start < 0:
                raise FolderError(
                    f"{stands}: '{shorten(words)}' does not stand in {subject}; quote its words exactly"
                )
            made_on = entry.text("fingerprint", "")
            if made_on and not is_fingerprint(made_on):
                raise FolderError(
                    f"{stands}: fingerprint must be 'sha256:' and 64 hexadecimal digits",
                    NextStep.LIST_READINGS,
                )
            to = entry.text("to", "")
            readings.append(
                Reading(
                    subject=subject,
                    property=property_,
                    value=self._checked(property_, value, stands),
                    spans=passage.locate(start, start + len(words)),
                    words=words,
                    rule=PERSON,
                    to=self.vocabulary.reference(to).identifier if to else None,
                    why=entry.text("why"),
                    fingerprint=made_on,
                )
            )
        return person, readings

    def _checked(self, property_: str, value: str, stands: str) -> str | None:
        require_known(f"property in {stands}:", property_, PROPERTIES)
        if value == "none":
            return None
        if property_ == "mentions":
            self.vocabulary.reference(value)
        elif property_ == "bears-on":
            require_known(f"provision in {stands}:", value, self.review.by_identifier())
        else:
            self.vocabulary.schemes[property_].term(value)
        return value

    # What stays unread

    def _unread(self, readings: Iterable[Reading]) -> Iterator[Unread]:
        by_text: dict[str, list[Reading]] = {}
        for reading in readings:
            by_text.setdefault(reading.subject, []).append(reading)
        for text in self._recommendations:
            of_text = by_text.get(text.identifier, [])
            dispositions = [r for r in of_text if r.property == "disposition"]
            for start, end in sentences(text.words.text):
                spans = text.words.locate(start, end)
                if not any(s.overlaps(t) for r in dispositions for s in r.spans for t in spans):
                    yield self._as_unread(text, start, end, "has no disposition")
            stated = {r.value for r in dispositions if r.value}
            destined = {r.value for r in of_text if r.property == "relation" and r.to}
            reasons = {r.value for r in of_text if r.property == "reason"}
            missing = []
            if dispositions and not stated:
                missing.append("has no disposition")
            if Disposition.REFER in stated and Relation.REFERS not in destined:
                missing.append("refers to no reference that is declared")
            if Reason.BETTER_PLACED_ELSEWHERE in reasons and Relation.MOVES not in destined:
                missing.append("moves to no reference that is declared")
            for what in missing:
                yield self._as_unread(text, 0, len(text.words.text), what)

    def _as_unread(self, text: Text, start: int, end: int, missing: str) -> Unread:
        spans = text.words.locate(start, end)
        line = self.source.line_of(spans[0].start)
        return Unread(text.identifier, text.words.text[start:end], line, missing)


def _not_replaced(by_cue: Iterable[Reading], by_hand: list[Reading]) -> list[Reading]:
    """Return the readings by cue that no person's reading replaces."""
    return [r for r in by_cue if not any(_replaces(entry, r) for entry in by_hand)]


def _replaces(by_hand: Reading, by_cue: Reading) -> bool:
    return (
        by_hand.subject == by_cue.subject
        and by_hand.property == by_cue.property
        and any(one.overlaps(other) for one in by_hand.spans for other in by_cue.spans)
    )
