"""Finds phrases in texts: cues of terms, names of references.

A phrase matches whole words in any case; hyphens match spaces, curly quotes straight ones. A cue passes
over punctuation that it does not have, and its ``…`` stands for any words of the same sentence.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from compactgraph.reading.vocabulary import Reference, Scheme

_PLAIN = str.maketrans("‘’“”–—¹²³⁴⁵⁶⁷⁸⁹", "''\"\"--*********")
_BRACKETS = re.compile(r"\([^()]*\)")
_SENTENCE_GAP = re.compile(r"(?<=[.?!])['\"’”)]*\s+(?=[A-Z‘“'\"])")
_STOPS = tuple(";:,.?!")


@dataclass(frozen=True)
class Match:
    """A phrase found: the characters from ``start`` to before ``end`` of a text."""

    start: int
    end: int
    key: str
    phrase: str


def fold(text: str) -> str:
    """Return ``text`` with plain quotes, dashes and footnote marks, at the same length."""
    return text.translate(_PLAIN)


def sentences(text: str) -> list[tuple[int, int]]:
    """Return the ranges of the sentences of ``text``."""
    found, start = [], 0
    for gap in _SENTENCE_GAP.finditer(text):
        found.append((start, gap.start()))
        start = gap.end()
    found.append((start, len(text)))
    return found


def sentences_with(text: str, words: Collection[str]) -> str:
    """Return the sentences of ``text`` that have some of the words, or else the words."""
    found = [text[start:end] for start, end in sentences(text)]
    with_words = [sentence for sentence in found if any(each in sentence for each in words)]
    return " ".join(with_words) or " … ".join(words)


def _words_pattern(phrase: str) -> str:
    words = [re.escape(word) for word in re.split(r"[\s-]+", fold(phrase)) if word]
    return r"[\s-]+".join(words)


@lru_cache(maxsize=4096)
def cue_pattern(cue: str) -> re.Pattern[str]:
    """Return the pattern of a cue."""
    parts: list[str] = []
    for token in fold(cue).split():
        if token == "…":
            parts.append(r"[^.?!]*?")
        elif token[0].isalnum():
            lead = r"[\s,;:\-]*" if parts and parts[-1].startswith("[^") else r"[\s,;:\-]+"
            parts.append((lead if parts else "") + rf"(?<!\w){_words_pattern(token)}(?!\w)")
        else:
            parts.append(r"\s*" + re.escape(token))
    return re.compile("".join(parts).removeprefix(r"\s*"), re.IGNORECASE)


@lru_cache(maxsize=64)
def _name_pattern(names: tuple[tuple[str, str], ...]) -> re.Pattern[str]:
    alternatives = "|".join(f"(?P<n{i}>{_words_pattern(name)})" for i, (name, _) in enumerate(names))
    return re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)", re.IGNORECASE)


class NameFinder:
    """Finds references by their names; if two names fit, the longer wins."""

    def __init__(self, references: Iterable[Reference]) -> None:
        """Take the references whose names are looked for."""
        pairs = [(name, r.identifier) for r in references for name in r.names]
        self._names = tuple(sorted(pairs, key=lambda pair: (-len(pair[0]), pair)))

    def find(self, text: str) -> Iterator[Match]:
        """Yield the mentions in ``text``, in order; none overlaps another."""
        if not self._names:
            return
        for match in _name_pattern(self._names).finditer(fold(text)):
            name, identifier = self._names[int((match.lastgroup or "n0")[1:])]
            yield Match(match.start(), match.end(), identifier, name)


def find_cues(scheme: Scheme, text: str, start: int, end: int) -> list[Match]:
    """Return the cues of ``scheme`` in the sentence ``text[start:end]``, in order.

    The longest cue that fits wins over those that it overlaps. A match's ``key`` is a notation.
    """
    sentence = fold(text[start:end])
    searched = sentence
    if scheme.at_clause_head:
        searched = _BRACKETS.sub(lambda match: "\0" * len(match[0]), sentence)
    found = []
    for term in scheme.terms.values():
        for cue in term.cues:
            for place in cue_pattern(cue).finditer(searched):
                if _counts(scheme, searched, place.start(), cue):
                    first, last = start + place.start(), start + place.end()
                    found.append(Match(first, last, term.notation, cue))
    found.sort(key=lambda match: (-len(match.phrase), match.start, match.key))
    kept: list[Match] = []
    for match in found:
        if all(match.end <= other.start or other.end <= match.start for other in kept):
            kept.append(match)
    return sorted(kept, key=lambda match: match.start)


def _counts(scheme: Scheme, sentence: str, start: int, cue: str) -> bool:
    """Say whether a cue counts at ``start``: anywhere, or where a clause begins."""
    if not scheme.at_clause_head or not cue[0].isalnum():
        return True
    before = sentence[:start].rstrip(" \t\n\"'")
    if not before or before.endswith(_STOPS) or sentence[:start].endswith("- "):
        return True
    return before.split()[-1].lower() in scheme.connectives


def names_after(scheme: Scheme, text: str, position: int, mentions: Iterable[Match]) -> list[Match]:
    """Return the mentions from ``position`` on that only the scheme's connectives separate."""
    joiners = "|".join(re.escape(word) for word in sorted(scheme.connectives, key=len, reverse=True))
    between = re.compile(rf"\s*(?:(?:{joiners})(?!\w)\s*)*", re.IGNORECASE)
    folded = fold(text)
    found = []
    for mention in sorted(mentions, key=lambda match: match.start):
        if mention.start < position:
            continue
        gap = between.match(folded, position)
        if gap is None or gap.end() < mention.start:
            break
        found.append(mention)
        position = mention.end
    return found
