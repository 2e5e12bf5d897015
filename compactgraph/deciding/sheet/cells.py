"""What a filled-in row says: the decision that is meant, or which cell is not understood, and why."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from compactgraph.common.schemes import Disposition
from compactgraph.deciding.sheet.columns import (
    BEHALF,
    BESIDE,
    BY,
    DATE,
    DECISION,
    INSTEAD,
    PLACE,
    REASON,
    SUPERSEDES,
    TO,
    WHY,
    Vocabulary,
)
from compactgraph.errors import UnknownNameError, shorten
from compactgraph.files.form import Content, Held
from compactgraph.register.entry import Body, Kind

EARLIEST = date(2000, 1, 1)
"""The earliest day that is taken for that of a decision: a program makes of a lone “5” a day of 1900."""

_MEANING = (DECISION, INSTEAD, TO, REASON, PLACE, WHY, SUPERSEDES, BESIDE)
"""The columns that say something by themselves; names, a body and a date alone decide nothing."""

_CONTENT = (INSTEAD, TO, REASON)
_UNSEEN = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u200b\u200e\u200f\u2060\ufeff]")
"""What has no mark and is no space: a terminal would obey some of it."""

_ESCAPED_END = re.compile("_x000[DA]_", re.IGNORECASE)
_SEPARATORS = re.compile("[;\n]")
_NUMBER = re.compile("d?([1-9][0-9]{0,8})", re.IGNORECASE)
_ISO = re.compile("([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_FIGURES = re.compile("([0-9]{1,2})([/.-])([0-9]{1,2})\\2([0-9]{4})")
_WORDS = re.compile("([0-9]{1,2})(?:st|nd|rd|th)? (?:of )?([a-z]{3,9})[.,]? ([0-9]{4})", re.IGNORECASE)
_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july", "august", "september"),
    *("october", "november", "december"),
)


@dataclass(frozen=True)
class Defaults:
    """What holds for the rows that leave it empty: names, a body, and a day as 2026-11-24."""

    by: tuple[str, ...] = ()
    on_behalf_of: str = ""
    date: str = ""


@dataclass(frozen=True)
class Problem:
    """What is not understood, or in conflict; the cell is empty if it is the row as a whole."""

    cell: str
    message: str

    def __str__(self) -> str:
        """Return one line for people."""
        return f"{self.cell}: {self.message}" if self.cell else self.message


T = TypeVar("T")
_NONE: tuple[str, ...] = ()


class _Unclear(Exception):
    """A cell is not understood; the text says why."""


@dataclass(frozen=True)
class Filled:
    """A row's cells by the headings of their columns, and the addresses of all cells of the row."""

    cells: Mapping[str, Held]
    addresses: Mapping[str, str]

    @property
    def is_empty(self) -> bool:
        """Whether the row says nothing."""
        return not any(name in self.cells for name in _MEANING)


def understood(
    filled: Filled, item: str, provision: str, vocabulary: Vocabulary, defaults: Defaults, today: date
) -> tuple[Body | None, list[Problem]]:
    """Return the decision that a row means, and what is not understood of it; one of them is empty.

    ``item`` is what the row is of, ``provision`` what that belongs to: to settle is to decide on it.
    """
    reader = _Reader(filled, vocabulary, defaults, today)
    kind = reader.kind()
    by, behalf, day, why = reader.names(), reader.body(), reader.day(), reader.words(WHY)
    replaces, beside = reader.numbers(SUPERSEDES), reader.numbers(BESIDE)
    dispositions = reader.choices(INSTEAD, vocabulary.dispositions.of)
    reasons = reader.choices(REASON, vocabulary.reasons.of)
    to, place = reader.one(TO, vocabulary.references.of), reader.words(PLACE, lines=False)
    if kind is None or reader.problems:
        return None, reader.problems
    body = Body(
        kind,
        by,
        day,
        item=provision if kind is Kind.SETTLE else item,
        on_behalf_of=behalf,
        why=why,
        replaces=replaces,
        beside=beside,
        dispositions=dispositions,
        reasons=reasons,
        to=to,
        place=place,
    )
    problems = [Problem(filled.addresses[name], message) for name, message in _unfit(body, filled)]
    return (None, problems) if problems else (body, [])


def _unfit(body: Body, filled: Filled) -> list[tuple[str, str]]:
    """Return which columns do not go with the kind of decision, and why."""
    found = []
    if body.kind not in (Kind.AMEND, Kind.SETTLE):
        found += [
            (name, f"belongs to a decision to amend or to settle, and not to {body.kind}")
            for name in _CONTENT
            if name in filled.cells
        ]
    elif not body.dispositions and not (body.kind is Kind.SETTLE and body.to):
        found.append((INSTEAD, f"say what is decided: to {body.kind} needs it"))
    elif body.reasons and Disposition.REMOVE not in body.dispositions:
        found.append((REASON, f"says why something is removed; write other grounds into “{WHY}”"))
    elif Disposition.REFER in body.dispositions and not body.to:
        found.append((TO, "say which document is to be pointed to"))
    if body.place and body.kind is not Kind.APPLY:
        found.append((PLACE, f"belongs to a decision to mark as applied, and not to {body.kind}"))
    if both := set(body.replaces) & set(body.beside):
        found.append((BESIDE, f"d{min(both)} stands in “{SUPERSEDES}” too; write it into one of them"))
    if body.kind is Kind.NOTE and not body.why:
        found.append((WHY, "a note needs its words"))
    return found


class _Reader:
    """Reads the cells of one row, and keeps what is not understood."""

    def __init__(self, filled: Filled, vocabulary: Vocabulary, defaults: Defaults, today: date) -> None:
        self._filled = filled
        self._vocabulary = vocabulary
        self._defaults = defaults
        self._today = today
        self.problems: list[Problem] = []

    def kind(self) -> Kind | None:
        if DECISION not in self._filled.cells:
            self._note(DECISION, "something is filled in, and no decision is chosen")
            return None
        found = self.one(DECISION, self._vocabulary.kinds.of)
        return Kind(found) if found else None

    def words(self, column: str, *, lines: bool = True) -> str:
        return self._read(column, lambda held: _text(held, lines=lines), "")

    def one(self, column: str, find: Callable[[str], str]) -> str:
        return self._read(column, lambda held: find(_text(held)), "")

    def choices(self, column: str, find: Callable[[str], str]) -> tuple[str, ...]:
        def read(held: Held) -> tuple[str, ...]:
            return tuple(dict.fromkeys(find(part) for part in _parts(_text(held))))

        return self._read(column, read, _NONE)

    def names(self) -> tuple[str, ...]:
        given = self._read(BY, lambda held: tuple(dict.fromkeys(_parts(_text(held)))), _NONE)
        found = given or self._defaults.by
        if not found and not any(p.cell == self._filled.addresses[BY] for p in self.problems):
            self._note(BY, "the name of who decided is missing")
        return found

    def body(self) -> str:
        given = self._read(BEHALF, lambda held: _text(held, lines=False), "")
        return self._vocabulary.references.find(given) or given if given else self._defaults.on_behalf_of

    def day(self) -> str:
        if DATE in self._filled.cells:
            return self._read(DATE, lambda held: _day(held, self._today).isoformat(), "")
        if not self._defaults.date:
            self._note(DATE, "the day of the decision is missing")
        return self._defaults.date

    def numbers(self, column: str) -> tuple[int, ...]:
        return self._read(column, _numbers, ())

    def _read(self, column: str, read: Callable[[Held], T], otherwise: T) -> T:
        held = self._filled.cells.get(column)
        if held is None:
            return otherwise
        try:
            return read(held)
        except (_Unclear, UnknownNameError) as error:
            self._note(column, str(error))
            return otherwise

    def _note(self, column: str, message: str) -> None:
        self.problems.append(Problem(self._filled.addresses[column], message))


# Cells


def plain(text: str, *, lines: bool = True) -> str:
    """Return text without what is not seen: spaces around lines and several together, empty lines."""
    shown = _UNSEEN.sub("", _ESCAPED_END.sub("\n", text))
    every = [" ".join(line.split()) for line in shown.splitlines()]
    return ("\n" if lines else " ").join(filter(None, every))


def _text(held: Held, *, lines: bool = True) -> str:
    if held.content is Content.FORMULA:
        raise _Unclear("is a formula, and formulas are not worked out; write what it says as text")
    if held.content is Content.TEXT:
        return plain(str(held.value), lines=lines)
    if held.content is Content.NUMBER and float(str(held.value)).is_integer():
        return str(int(float(str(held.value))))
    shown = {
        Content.NUMBER: f"is the number {held.value}, which may have lost a figure",
        Content.DAY: f"is the date {held.value}",
        Content.BOOLEAN: "is a value true or false",
    }.get(held.content, "is an error of the spreadsheet program")
    raise _Unclear(f"{shown}; write it as text")


def _parts(text: str) -> list[str]:
    return [part for part in (part.strip() for part in _SEPARATORS.split(text)) if part]


def _numbers(held: Held) -> tuple[int, ...]:
    found = []
    for part in re.split("[;,\\s]+", _text(held)):
        number = _NUMBER.fullmatch(part)
        if number is None:
            raise _Unclear(f"'{shorten(part, 20)}' is no decision; write its number, as d7")
        found.append(int(number[1]))
    return tuple(dict.fromkeys(found))


def _day(held: Held, today: date) -> date:
    if held.content is Content.DAY and isinstance(held.value, date):
        day = held.value
    elif held.content is Content.NUMBER:
        raise _Unclear(f"is the number {held.value} and no date; write it as a date")
    else:
        day = _day_in(_text(held, lines=False))
    if day > today:
        raise _Unclear(f"{day.isoformat()} is in the future; give the day on which it was decided")
    if day < EARLIEST:
        raise _Unclear(f"{day.isoformat()} is too long ago; give the day on which it was decided")
    return day


def _day_in(text: str) -> date:
    """Return the day that a text names, in figures in the British order."""
    try:
        if found := _ISO.fullmatch(text):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := _FIGURES.fullmatch(text):
            day, month, year = int(found[1]), int(found[3]), int(found[4])
            if day != month and day <= len(_MONTHS) and month <= len(_MONTHS):
                raise _Unclear(
                    f"'{text}' can be {day} {_MONTHS[month - 1].title()} or "
                    f"{month} {_MONTHS[day - 1].title()}; write the month in letters"
                )
            return date(year, month, day)
        if found := _WORDS.fullmatch(text):
            months = [place for place, name in enumerate(_MONTHS, 1) if _is_month(found[2], name)]
            if months:
                return date(int(found[3]), months[0], int(found[1]))
    except ValueError:
        pass
    raise _Unclear(f"'{shorten(text, 30)}' is no date; write it as 24 November 2026")


def _is_month(given: str, name: str) -> bool:
    return given.lower() in (name, name[:3], name[:4])
