"""The words on which entries were made: the register keeps them, because the source may change.

An entry has the fingerprint of each text that it was made on. The first entry made on some words keeps
them; the words of a draft are kept by the entry that wrote them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from compactgraph.common.fingerprints import fingerprint
from compactgraph.register.entry import Body, Entry, canonical

MOST = 50_000
"""How many characters of words an entry keeps, as written in it; further words are not kept."""


def kept_words(entries: Iterable[Entry]) -> dict[str, str]:
    """Return all words that entries keep, by their fingerprints."""
    words: dict[str, str] = {}
    for entry in entries:
        for identifier, text in entry.body.words.items():
            words.setdefault(entry.body.fingerprints[identifier], text)
        if entry.body.text:
            words.setdefault(fingerprint(entry.body.text), entry.body.text)
    return words


def keeping(bodies: Iterable[Body], words: Mapping[str, str], held: Iterable[Entry]) -> list[Body]:
    """Return bodies that keep those of their words that neither ``held`` nor a body before keeps.

    ``words`` are the present words of the review's texts, by identifier.
    """
    known = set(kept_words(held))
    complete = []
    for body in bodies:
        kept: dict[str, str] = {}
        for identifier, print_ in body.fingerprints.items():
            text = words.get(identifier, "")
            if print_ in known or fingerprint(text) != print_:
                continue
            if len(canonical({**kept, identifier: text})) <= MOST:
                kept[identifier] = text
                known.add(print_)
        complete.append(replace(body, words=kept))
    return complete
