"""What a filled-in row says: the decision that is meant, or which cell is not understood, and why."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from compactgraph.common.english import MONTHS
from compactgraph.common.schemes import Disposition
from compactgraph.deciding.checks import refuse_future
from compactgraph.deciding.sheet.columns import FILLED, Heading, Vocabulary
from compactgraph.errors import EntryError, UnknownNameError, shorten
from compactgraph.files.form import Content, Held
from compactgraph.register.entry import Body, Kind

EARLIEST = date(2000, 1, 1)
"""The earliest day that a decision can have: a spreadsheet program reads a lone “5” as a day of 1900."""

_WITHOUT_MEANING = {Heading.BY, Heading.BEHALF, Heading.DATE}
"""The columns that decide nothing by themselves."""

_UNSEEN = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u200b\u200e\u200f\u2060\ufeff]")
"""Characters that leave no mark and are no spaces. A terminal would obey some of them."""

_ESCAPED_END = re.compile("_x000[DA]_", re.IGNORECASE)
_SEPARATORS = re.compile("[;\n]")
_NUMBER = re.compile("d?([1-9][0-9]{0,8})", re.IGNORECASE)
_ISO = re.compile("([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_FIGURES = re.compile("([0-9]{1,2})([/.-])([0-9]{1,2})\\2([0-9]{4})")
_WORDS = re.compile("([0-9]{1,2})(?:st|nd|rd|th)? (?:of )?([a-z]{3,9})[.,]? ([0-9]{4})", re.IGNORECASE)


@dataclass(frozen=True)
class Defaults:
    """Names, a body, and a day as 2026-11-24, for the rows that leave them empty."""

    by: tuple[str, ...] = ()
    on_behalf_of: str = ""
    date: str = ""


@dataclass(frozen=True)
class Problem:
    """What is not understood, or in conflict; ``cell`` is empty if it is the row as a whole."""

    cell: str
    message: str

    def __str__(self) -> str:
        """Return one line for people."""
        return f"{self.cell}: {self.message}" if self.cell else self.message


T = TypeVar("T")


@dataclass(frozen=True)
class Filled:
    """A row's filled-in cells by their headings, and the addresses of all cells of the row."""

    cells: Mapping[str, Held]
    addresses: Mapping[str, str]

    @property
    def is_empty(self) -> bool:
        """Whether the row says nothing."""
        return not any(name in self.cells for name in FILLED if name not in _WITHOUT_MEANING)


def understood(
    filled: Filled, item: str, provision: str, vocabulary: Vocabulary, defaults: Defaults, today: date
) -> tuple[Body | None, list[Problem]]:
    """Return the decision that a row means, or what is not understood of it.

    ``item`` is what the row is of, ``provision`` what the item belongs to: a settlement is on that.
    """
    reader = _Reader(filled, vocabulary, defaults, today)
    kind = reader.kind()
    body = Body(
        kind or Kind.NOTE,  # Without a kind the row is refused below.
        item=provision if kind is Kind.SETTLE else item,
        by=reader.names(),
        on_behalf_of=reader.body(),
        date=reader.day(),
        why=reader.read(Heading.WHY, _text, ""),
        replaces=reader.read(Heading.SUPERSEDES, _numbers, ()),
        beside=reader.read(Heading.BESIDE, _numbers, ()),
        dispositions=reader.choices(Heading.INSTEAD, vocabulary.dispositions.of),
        reasons=reader.choices(Heading.REASON, vocabulary.reasons.of),
        to=reader.read(Heading.TO, lambda held: vocabulary.references.of(_text(held)), ""),
        place=reader.read(Heading.PLACE, _line, ""),
    )
    if kind is None or reader.problems:
        return None, reader.problems
    for column, message in _unfit(body, filled):
        reader.note(column, message)
    return (None, reader.problems) if reader.problems else (body, [])


def _unfit(body: Body, filled: Filled) -> list[tuple[Heading, str]]:
    """Return which columns do not go with the kind of decision, and why."""
    found = []
    if body.kind not in (Kind.AMEND, Kind.SETTLE):
        found += [
            (name, f"belongs to a decision to amend or to settle, and not to {body.kind}")
            for name in (Heading.INSTEAD, Heading.TO, Heading.REASON)
            if name in filled.cells
        ]
    elif not body.dispositions and not (body.kind is Kind.SETTLE and body.to):
        found.append((Heading.INSTEAD, f"say what is decided: to {body.kind} needs it"))
    elif body.reasons and Disposition.REMOVE not in body.dispositions:
        found.append(
            (Heading.REASON, f"says why something is removed; write other grounds into “{Heading.WHY}”")
        )
    elif Disposition.REFER in body.dispositions and not body.to:
        found.append((Heading.TO, "say which document is to be pointed to"))
    if body.place and body.kind is not Kind.APPLY:
        found.append(
            (Heading.PLACE, f"belongs to a decision to mark as applied, and not to {body.kind}")
        )
    if both := set(body.replaces) & set(body.beside):
        also = f"d{min(both)} stands in “{Heading.SUPERSEDES}” too; write it into one of them"
        found.append((Heading.BESIDE, also))
    if body.kind is Kind.NOTE and not body.why:
        found.append((Heading.WHY, "a note needs its words"))
    return found


@dataclass
class _Reader:
    """Reads the cells of one row, and keeps what is not understood."""

    filled: Filled
    vocabulary: Vocabulary
    defaults: Defaults
    today: date
    problems: list[Problem] = field(default_factory=list)

    def kind(self) -> Kind | None:
        if Heading.DECISION not in self.filled.cells:
            self.note(Heading.DECISION, "something is filled in, and no decision is chosen")
        return self.read(
            Heading.DECISION, lambda held: Kind(self.vocabulary.kinds.of(_text(held))), None
        )

    def choices(self, column: str, find: Callable[[str], str]) -> tuple[str, ...]:
        return self.read(column, lambda held: tuple(dict.fromkeys(map(find, _parts(held)))), ())

    def names(self) -> tuple[str, ...]:
        found = self.choices(Heading.BY, str) or self.defaults.by
        if not found and not any(p.cell == self.filled.addresses[Heading.BY] for p in self.problems):
            self.note(Heading.BY, "the name of who decided is missing")
        return found

    def body(self) -> str:
        given = self.read(Heading.BEHALF, _line, "")
        return (self.vocabulary.references.find(given) or given) if given else self.defaults.on_behalf_of

    def day(self) -> str:
        if Heading.DATE in self.filled.cells:
            return self.read(Heading.DATE, lambda held: _day(held, self.today).isoformat(), "")
        if not self.defaults.date:
            self.note(Heading.DATE, "the day of the decision is missing")
        return self.defaults.date

    def read(self, column: str, meaning: Callable[[Held], T], otherwise: T) -> T:
        """Return what a cell means, or ``otherwise`` if it is empty or not understood."""
        held = self.filled.cells.get(column)
        if held is None:
            return otherwise
        try:
            return meaning(held)
        except (EntryError, UnknownNameError) as error:
            self.note(column, str(error))
            return otherwise

    def note(self, column: str, message: str) -> None:
        self.problems.append(Problem(self.filled.addresses[column], message))


# Cells


def plain(text: str, *, lines: bool = True) -> str:
    """Return text without what cannot be seen: repeated spaces, empty lines, control characters."""
    shown = _UNSEEN.sub("", _ESCAPED_END.sub("\n", text))
    every = [" ".join(line.split()) for line in shown.splitlines()]
    return ("\n" if lines else " ").join(filter(None, every))


def _text(held: Held, *, lines: bool = True) -> str:
    if held.content is Content.FORMULA:
        raise EntryError("is a formula, and formulas are not worked out; write what it says as text")
    if held.content is Content.TEXT:
        return plain(str(held.value), lines=lines)
    if held.content is Content.NUMBER and float(str(held.value)).is_integer():
        return str(int(float(str(held.value))))
    shown = {
        Content.NUMBER: f"is the number {held.value}, which may have lost a figure",
        Content.DAY: f"is the date {held.value}",
        Content.BOOLEAN: "is a value true or false",
    }.get(held.content, "is an error of the spreadsheet program")
    raise EntryError(f"{shown}; write it as text")


def _line(held: Held) -> str:
    return _text(held, lines=False)


def _parts(held: Held) -> list[str]:
    return [part for part in map(str.strip, _SEPARATORS.split(_text(held))) if part]


def _numbers(held: Held) -> tuple[int, ...]:
    found = []
    for part in re.split("[;,\\s]+", _text(held)):
        number = _NUMBER.fullmatch(part)
        if number is None:
            raise EntryError(f"'{shorten(part, 20)}' is not a decision; write its number, as d7")
        found.append(int(number[1]))
    return tuple(dict.fromkeys(found))


def _day(held: Held, today: date) -> date:
    if held.content is Content.DAY and isinstance(held.value, date):
        day = held.value
    elif held.content is Content.NUMBER:
        raise EntryError(f"is the number {held.value} and not a date; write it as a date")
    else:
        day = _day_in(_line(held))
    refuse_future(day, today)
    if day < EARLIEST:
        raise EntryError(f"{day.isoformat()} is too long ago; give the day on which it was decided")
    return day


def _day_in(text: str) -> date:
    """Return the day that a text names, in figures in the British order."""
    try:
        if found := _ISO.fullmatch(text):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := _FIGURES.fullmatch(text):
            day, month, year = int(found[1]), int(found[3]), int(found[4])
            if day != month and day <= len(MONTHS) and month <= len(MONTHS):
                raise EntryError(
                    f"'{text}' can be {day} {MONTHS[month - 1]} or {month} {MONTHS[day - 1]}; write the "
                    "month in letters"
                )
            return date(year, month, day)
        if found := _WORDS.fullmatch(text):
            given = found[2].title()
            for month, name in enumerate(MONTHS, 1):
                if given in (name, name[:3], name[:4]):
                    return date(int(found[3]), month, int(found[1]))
    except ValueError:
        pass
    raise EntryError(f"'{shorten(text, 30)}' is not a date; write it as 24 November 2026")
