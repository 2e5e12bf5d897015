"""An entry of the register: who decided or wrote what, and the hash that ties it to the one before.

An entry is kept as one JSON text in the canonical form of RFC 8785 (keys sorted, no spaces): its hash is
the SHA-256 of that text, and stands in the entry after it. All of its values are texts, whole numbers,
and lists or tables of them; Python's own writer gives that form of them once the keys are in order.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
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
"""The greatest number that an entry may hold: RFC 8785 writes those beyond as fractions."""

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
    identifier in the draft. ``provision`` is the provision of the agreement under review that the item
    belongs to, empty if there is none. ``by`` are the names of those who decide, ``on_behalf_of`` a
    body (a reference's identifier, or its name), ``date`` the day of the decision.

    ``replaces`` and ``beside`` are the numbers of earlier decisions on the same item: those that this
    one supersedes, and those that it knowingly leaves in force. ``dispositions``, ``reasons`` and ``to``
    say what is decided if it is not what was recommended; ``place`` where in the receiving document
    it is applied. ``draft``, ``role`` (a kind of provision), ``theme``, ``text`` and ``derives_from``
    are of a draft's provision. ``fingerprints`` has that of each text on which the entry was made, and
    ``words`` the words of those of them that no earlier entry keeps, by the same identifiers.
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
        """Whether it is about a draft, and no decision."""
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
        given = dict(data)
        for f in fields(cls):
            if f.name not in given:
                continue
            value = given[f.name]
            if f.name in _NUMBERS:
                given[f.name] = tuple(_list_of(int, value, f.name))
            elif f.name in _TEXTS:
                given[f.name] = tuple(_list_of(str, value, f.name))
            elif f.name == "fingerprints":
                given[f.name] = _fingerprints(value)
            elif f.name == "words":
                given[f.name] = _words(value, given.get("fingerprints", {}))
            elif f.name == "draft":
                (given[f.name],) = _list_of(int, [value], f.name)
            else:
                (given[f.name],) = _list_of(str, [value], f.name)
        try:
            given["kind"] = Kind(given["kind"])
            body = cls(**given)
        except (KeyError, TypeError, ValueError):
            raise RegisterError(
                "an entry is malformed: its kind or one of its keys is unknown, or one is missing"
            ) from None
        if not body.by:
            raise RegisterError("an entry is malformed: 'by'")
        day_of(body.date)
        return body


_NUMBERS = frozenset({"replaces", "beside"})
_TEXTS = frozenset({"by", "dispositions", "reasons", "derives_from"})


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
        outer = {
            "format": FORMAT,
            "review": self.review,
            "number": self.number,
            "previous": self.previous,
            "recorded": self.recorded,
            "recorder": self.recorder,
        }
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
        """Return the entry that a text holds; raise RegisterError if it holds none.

        The text may have another form than the canonical one: it is the entry's own only if
        :meth:`text` gives it back.
        """
        try:
            data = json.loads(text)
        except (ValueError, RecursionError):
            raise RegisterError("an entry is no JSON") from None
        version = data.pop("format", None) if isinstance(data, dict) else None
        if type(version) is not int or version != FORMAT:
            raise RegisterError("an entry is of another version of the register")
        outer: dict[str, Any] = {}
        for name, type_ in _OUTER.items():
            (outer[name],) = _list_of(type_, [data.pop(name, None)], name)
        if not is_slug(outer["review"]):
            raise RegisterError("an entry is malformed: 'review'")
        if not _is_time(outer["recorded"]):
            raise RegisterError("an entry's time of writing is malformed")
        return cls(**outer, body=Body.from_json(data))


_OUTER: dict[str, type] = {
    "review": str,
    "number": int,
    "previous": str,
    "recorded": str,
    "recorder": str,
}


def canonical(value: Mapping[str, Any]) -> str:
    """Return a table of texts, whole numbers, lists and such tables as JSON in the form of RFC 8785."""
    return json.dumps(_sorted(value), ensure_ascii=False, separators=(",", ":"))


def _sorted(value: Any) -> Any:
    """Return a value with the keys of its tables in the order of their UTF-16, which RFC 8785 asks for.

    Python's order differs if a character beyond U+FFFF meets one between U+E000 and U+FFFF.
    """
    if isinstance(value, Mapping):
        names = sorted(value, key=lambda name: str(name).encode("utf-16-be", "surrogatepass"))
        return {name: _sorted(value[name]) for name in names}
    return value


def digest(text: str) -> str:
    """Return the fingerprint of ``text``.

    A text with half a character (a lone surrogate), which UTF-8 cannot hold, raises RegisterError.
    """
    try:
        return fingerprint(text)
    except UnicodeEncodeError:
        raise RegisterError("a text has half a character in it; type it again") from None


def day_of(text: str) -> date:
    """Return the day that ``2026-11-24`` names; raise RegisterError if it names none."""
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise RegisterError(f"'{shorten(text, 20)}' is no day; write it as year-month-day, as in 2026-11-24")


def _is_time(text: str) -> bool:
    try:
        return _TIME.fullmatch(text) is not None and bool(datetime.fromisoformat(text))
    except ValueError:
        return False


def _list_of(type_: type, value: Any, name: str) -> Sequence[Any]:
    """Return a list of texts or of numbers from 0; raise RegisterError for another value."""
    if (
        not isinstance(value, list)
        or not all(isinstance(each, type_) for each in value)
        or any(isinstance(each, bool) for each in value)
        or any(isinstance(each, int) and not 0 <= each <= GREATEST for each in value)
    ):
        raise RegisterError(f"an entry is malformed: '{name}'")
    return value


def _fingerprints(value: Any) -> dict[str, str]:
    if not isinstance(value, dict) or not all(
        isinstance(each, str) and is_fingerprint(each) for each in value.values()
    ):
        raise RegisterError("an entry is malformed: 'fingerprints'")
    return dict(value)


def _words(value: Any, prints: Mapping[str, str]) -> dict[str, str]:
    """Return the words of texts; raise RegisterError if they do not have their fingerprints."""
    if not isinstance(value, dict) or not all(
        isinstance(each, str) and prints.get(name) == digest(each) for name, each in value.items()
    ):
        raise RegisterError("an entry is malformed: 'words'")
    return dict(value)
