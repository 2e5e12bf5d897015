"""What the tests of the register enter: bodies of every kind, drawn or plain, and registers of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from compactgraph.common.fingerprints import fingerprint
from compactgraph.register.chain import Kept, following
from compactgraph.register.entry import GREATEST, Body, Entry, Kind

RECORDED = "2026-11-24T09:30:00Z"
RECORDER = "os:minutes"
DAY = "2026-11-24"

STRANGE = ["\0", "\x1f", "\x7f", "\x85", "\u2028", "\u2029", "\ue000", "\ufb33", "\uffff", "\U0001f600"]
"""Characters that writers of JSON, sorters of keys and splitters of lines treat in different ways."""

texts = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from(STRANGE), max_size=8)
numbers = st.lists(st.integers(0, GREATEST), max_size=3).map(tuple)
days = st.dates().map(str)


def several(each: st.SearchStrategy[str], least: int = 0) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(each, min_size=least, max_size=3).map(tuple)


bodies = st.fixed_dictionaries(
    {"kind": st.sampled_from(Kind), "by": several(texts, least=1), "date": days},
    optional={
        **dict.fromkeys(("item", "provision", "on_behalf_of", "why", "to", "place"), texts),
        **dict.fromkeys(("role", "theme", "text"), texts),
        **{name: several(texts) for name in ("dispositions", "reasons", "derives_from")},
        **dict.fromkeys(("replaces", "beside"), numbers),
        "draft": st.integers(0, GREATEST),
        "fingerprints": st.dictionaries(texts, texts.map(fingerprint), max_size=3),
        "words": st.dictionaries(texts, texts, max_size=3),
    },
).map(lambda values: _on_its_words(Body(**values)))


def _on_its_words(body: Body) -> Body:
    """Return a body with the fingerprints of the words that it keeps."""
    prints = {name: fingerprint(text) for name, text in body.words.items()}
    return replace(body, fingerprints={**body.fingerprints, **prints})


def note(why: str, **more: Any) -> Body:
    """Return a note on 1.1."""
    plain = {"kind": Kind.NOTE, "by": ("Ann Lee",), "date": DAY, "item": "1.1"}
    return Body(**{**plain, "why": why, **more})


def entered(bodies: Iterable[Body], held: Iterable[Entry] = (), review: str = "bristol") -> list[Entry]:
    """Return bodies as the entries that follow others."""
    return following(review, list(held), bodies, RECORDER, RECORDED)


def kept_of(bodies: Iterable[Body], review: str = "bristol") -> list[Kept]:
    """Return bodies as a register of a review keeps them."""
    return [Kept.of(entry) for entry in entered(bodies, review=review)]
