"""An entry of the register: who decided or wrote what, and the hash that ties it to the one before.

An entry is kept as one JSON text in the canonical form of RFC 8785. Its hash is the SHA-256 of that
text, and stands in the entry after it. Values are texts, whole numbers, and lists or tables of them.
Python's own writer gives the canonical form of these once the keys are in order.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from compactgraph.common.fingerprints import fingerprint, is_fingerprint
from compactgraph.common.identifiers import is_slug
from compactgraph.errors import RegisterError, shorten

FORMAT = 1
LONGEST = 100_000
"""How many characters an entry may have; the shapes bound each of its parts."""

GREATEST = 2**53 - 1
"""The greatest number in an entry: RFC 8785 writes greater ones as fractions."""

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(rf"{_DAY.pattern}T[0-9]{{2}}:[0-9]{{2}}:[0-9]{{2}}Z")


class Kind(StrEnum):
    """The kinds of entry; all but the drafts' are terms of the scheme ``decision``."""

    AGREE = "agree"
    REJECT = "reject"
    AMEND = "amend"
    SETTLE = "settle"
    APPLY = "apply"
    NOTE = "note"
    CONFIRM = "confirm"
    BEGIN_DRAFT = "begin-draft"
    WRITE_DRAFT = "write-draft"
    WITHDRAW_DRAFT = "withdraw-draft"


DRAFTING = frozenset({Kind.BEGIN_DRAFT, Kind.WRITE_DRAFT, Kind.WITHDRAW_DRAFT})
DECIDING = tuple(kind for kind in Kind if kind not in DRAFTING)
"""The kinds of decision, in the order in which people are shown them."""


@dataclass(frozen=True)
class Body:
    """What a person enters.

    ``item`` is what is decided on: a movement's or a provision's identifier; for a confirmation what
    is suspect, as ``decision/7``, ``reading/<name>`` or ``draft/1/2.3``; for a draft's provision its
    identifier in the draft. ``provision`` is the item's provision in the agreement under review, if any.
    ``by`` are the names of those who decide on the day ``date``, ``on_behalf_of`` a body: a reference's
    identifier, or its name.

    ``replaces`` and ``beside`` are numbers of earlier decisions on the same item: those that this one
    supersedes, and those that it knowingly leaves in force. ``dispositions``, ``reasons`` and ``to``
    say what is decided instead of what was recommended; ``place`` where in the receiving document it is
    applied. ``draft``, ``role`` (a kind of provision), ``theme``, ``text`` and ``derives_from`` are of a
    draft's provision. ``fingerprints`` has that of each text on which the entry was made, by the text's
    identifier, and ``words`` the words of those texts that no earlier entry keeps.
    """

    kind: Kind
    by: tuple[str, ...]
    date: str
    item: str = ""
    provision: str = ""
    on_behalf_of: str = ""
    why: str = ""
    replaces: tuple[int, ...] = ()
    beside: tuple[int, ...] = ()
    dispositions: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    to: str = ""
    place: str = ""
    draft: int = 0
    role: str = ""
    theme: str = ""
    text: str = ""
    derives_from: tuple[str, ...] = ()
    fingerprints: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_draft(self) -> bool:
        """Whether it is about a draft, and not a decision."""
        return self.kind in DRAFTING

    def to_json(self) -> dict[str, Any]:
        """Return its values by name, without the empty ones."""
        values = {f.name: getattr(self, f.name) for f in fields(self)}
        given = {name: value for name, value in values.items() if value}
        lists = {name: list(value) for name, value in given.items() if isinstance(value, tuple)}
        tables = {name: dict(value) for name, value in given.items() if isinstance(value, Mapping)}
        return {**given, **lists, **tables, "kind": str(self.kind)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Body:
        """Return the body that ``data`` holds; raise RegisterError if it is malformed."""
        given = {name: _value(name, value) for name, value in data.items()}
        try:
            given["kind"] = Kind(given["kind"])
            body = cls(**given)
        except (KeyError, TypeError, ValueError):
            raise RegisterError(
                "an entry is malformed: its kind or one of its keys is unknown, or one is missing"
            ) from None
        prints = body.fingerprints
        if not body.by:
            raise _malformed("by")
        if not all(map(is_fingerprint, prints.values())):
            raise _malformed("fingerprints")
        if any(prints.get(name) != digest(words) for name, words in body.words.items()):
            raise _malformed("words")
        day_of(body.date)
        return body


_LISTS = {
    **dict.fromkeys(("replaces", "beside"), int),
    **dict.fromkeys(("by", "dispositions", "reasons", "derives_from"), str),
}
_TABLES = ("fingerprints", "words")
_NAMES = {each.name for each in fields(Body)}


def _value(name: str, value: Any) -> Any:
    """Return a value of a body as its type has it; raise RegisterError if it has another type."""
    if name in _LISTS:
        _check_list(_LISTS[name], value, name)
        return tuple(value)
    if name in _TABLES:
        _check_list(str, list(value.values()) if isinstance(value, dict) else None, name)
    elif name in _NAMES:
        _check_list(int if name == "draft" else str, [value], name)
    return value  # If the body has no place for it, the body is malformed.


@dataclass(frozen=True)
class Head:
    """The last entry of a review's register: its number, 0 if there is none, and its hash."""

    number: int = 0
    hash: str = ""


@dataclass(frozen=True)
class Entry:
    """A body as it stands in the register.

    ``number`` counts from 1 in each review; ``previous`` is the hash of the entry before, empty for the
    first; ``recorded`` the time of writing, in UTC; ``recorder`` the account that wrote it.
    """

    review: str
    number: int
    previous: str
    recorded: str
    recorder: str
    body: Body

    @property
    def name(self) -> str:
        """What the entry is called: ``d7``."""
        return f"d{self.number}"

    def text(self) -> str:
        """Return the entry as it is kept, in its canonical form."""
        outer = {"format": FORMAT, **{name: getattr(self, name) for name in _OUTER}}
        return canonical({**self.body.to_json(), **outer})

    @property
    def hash(self) -> str:
        """The hash of the entry's text."""
        return digest(self.text())

    @property
    def head(self) -> Head:
        """The head of a register that ends with this entry."""
        return Head(self.number, self.hash)

    @classmethod
    def from_text(cls, text: str) -> Entry:
        """Return the entry that a text holds; raise RegisterError if it is malformed.

        The text need not be canonical: it is the entry's own only if :meth:`text` gives it back.
        """
        try:
            data = json.loads(text)
        except (ValueError, RecursionError):
            raise RegisterError("an entry is not JSON") from None
        version = data.pop("format", None) if isinstance(data, dict) else None
        if type(version) is not int or version != FORMAT:
            raise RegisterError("an entry is of another version of the register")
        outer = {name: data.pop(name, None) for name in _OUTER}
        for name, type_ in _OUTER.items():
            _check_list(type_, [outer[name]], name)
        if not is_slug(outer["review"]):
            raise _malformed("review")
        if not _is_time(outer["recorded"]):
            raise RegisterError("an entry's time of writing is malformed")
        return cls(**outer, body=Body.from_json(data))


_OUTER = {"review": str, "number": int, "previous": str, "recorded": str, "recorder": str}


def canonical(value: Mapping[str, Any]) -> str:
    """Return a table of texts, whole numbers, lists and tables as JSON in the form of RFC 8785."""
    return json.dumps(_sorted(value), ensure_ascii=False, separators=(",", ":"))


def _sorted(value: Any) -> Any:
    """Return a value with the keys of its tables in the order of their UTF-16, as RFC 8785 asks.

    Python's order differs if a character beyond U+FFFF meets one from U+E000 to U+FFFF.
    """
    if isinstance(value, Mapping):
        names = sorted(value, key=lambda name: str(name).encode("utf-16-be", "surrogatepass"))
        return {name: _sorted(value[name]) for name in names}
    return value


def digest(text: str) -> str:
    """Return the fingerprint of ``text``; raise RegisterError if it has a lone surrogate."""
    try:
        return fingerprint(text)
    except UnicodeEncodeError:
        raise RegisterError("a text has half a character in it; type it again") from None


def day_of(text: str) -> date:
    """Return the day that a text as ``2026-11-24`` names; raise RegisterError for another text."""
    if _DAY.fullmatch(text):
        with suppress(ValueError):
            return date.fromisoformat(text)
    raise RegisterError(
        f"'{shorten(text, 20)}' is not a day; write it as year-month-day, as in 2026-11-24"
    )


def _is_time(text: str) -> bool:
    try:
        return _TIME.fullmatch(text) is not None and bool(datetime.fromisoformat(text))
    except ValueError:
        return False


def _check_list(type_: type, value: Any, name: str) -> None:
    """Raise RegisterError for anything but a list of texts or of numbers from 0."""
    if not isinstance(value, list) or not all(type(each) is type_ for each in value):
        raise _malformed(name)
    if type_ is int and not all(0 <= each <= GREATEST for each in value):
        raise _malformed(name)


def _malformed(name: str) -> RegisterError:
    return RegisterError(f"an entry is malformed: '{name}'")
