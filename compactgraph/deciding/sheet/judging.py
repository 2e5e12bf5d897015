"""What each row of a sheet that came back would do: be recorded, or not, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from compactgraph.answers.review_graph import ReviewGraph
from compactgraph.answers.tables.destinations import Row, table_of_destinations
from compactgraph.common.atomic_files import legal_xml
from compactgraph.common.english import day_in_words, listed
from compactgraph.deciding.bearing import Bearing
from compactgraph.deciding.checks import completed
from compactgraph.deciding.desk import Desk
from compactgraph.deciding.sheet.cells import Defaults, Filled, Problem, plain, understood
from compactgraph.deciding.sheet.columns import (
    BESIDE,
    DECISION,
    ITEM,
    PROVISION,
    RECOMMENDED,
    SENT,
    SUPERSEDES,
    WORDS,
    Sent,
    Vocabulary,
)
from compactgraph.deciding.sheet.incoming import Table, stamp_of, table_of
from compactgraph.deciding.sheet.outgoing import Stamp
from compactgraph.deciding.sheet.preview import Fate, Preview, PreviewRow
from compactgraph.decisions.effects import contradict, decision_of
from compactgraph.errors import EntryError, UnknownNameError, shorten
from compactgraph.files.form import Line, Page
from compactgraph.register.chain import following
from compactgraph.register.entry import Body, Entry, Head, Kind

_NAMED = 5
_RECORDER = "preview"


def judge(desk: Desk, pages: Sequence[Page], defaults: Defaults) -> Preview:
    """Return what would become of the rows of a workbook; ``defaults`` fill their empty cells.

    Raises SheetError if it is no sheet of the desk's review and register.
    """
    return _Judge(desk, pages, defaults).preview()


@dataclass
class _Judged:
    """A row, as far as it is judged: ``unclear`` is not understood, ``against`` are its conflicts."""

    line: Line
    filled: Filled
    item: str = ""
    provision: str = ""
    body: Body | None = None
    unclear: tuple[Problem, ...] = ()
    against: tuple[Problem, ...] = ()

    @property
    def status(self) -> Fate:
        if self.unclear:
            return Fate.NOT_UNDERSTOOD
        if self.against:
            return Fate.IN_CONFLICT
        return Fate.EMPTY if self.body is None else Fate.WILL_RECORD

    def refuse(self, column: str, message: str) -> None:
        self.unclear += (Problem(self.filled.addresses.get(column, ""), message),)

    def oppose(self, message: str) -> None:
        self.against += (Problem("", message),)


class _Judge:
    def __init__(self, desk: Desk, pages: Sequence[Page], defaults: Defaults) -> None:
        self._desk = desk
        self._defaults = defaults
        self._situation = desk.situation()
        self._stamp: Stamp = stamp_of(pages, desk.review, self._situation.entries)
        self._table: Table = table_of(pages)
        graph = ReviewGraph(desk.dataset(self._situation), desk.ontology, desk.review)
        self._vocabulary = Vocabulary.of(graph)
        rows = table_of_destinations(graph)
        # A provision that had no movement has some when it is settled: it stays an item all the same.
        self._rows: Mapping[str, Row] = {row.provision: row for row in rows} | {
            row.movement: row for row in rows if row.movement
        }
        self._bearing = Bearing(self._situation)
        self._today = date.today()

    def preview(self) -> Preview:
        judged = [found for line in self._table.lines() if (found := self._line(line)) is not None]
        self._refuse_repeated(judged)
        for each in judged:
            if each.body is not None and each.status is Fate.WILL_RECORD:
                self._complete(each, each.body)
        self._oppose_each_other(judged)
        self._refuse_misshapen([each for each in judged if each.status is Fate.WILL_RECORD])
        entries = self._situation.entries
        return Preview(
            review=self._desk.review,
            sent_after=self._stamp.head,
            now=entries[-1].head if entries else Head(),
            rows=tuple(self._with_outcomes(judged)),
            passed_over=self._table.others,
        )

    # A row by itself

    def _line(self, line: Line) -> _Judged | None:
        """Return what a row says by itself, None for one that did not go out and says nothing."""
        judged = _Judged(line, self._table.filled(line))
        given = self._table.text(line, SENT)
        merged = self._table.merged(line)
        if not given and judged.filled.is_empty and not merged:
            return None
        sent = Sent.from_text(given)
        if sent is not None:
            judged.item = shorten(plain(sent.item), 200)
        for area in merged:
            judged.unclear += (
                Problem(str(area), "cells are merged; take that back, and fill in each row by itself"),
            )
        if judged.filled.is_empty or merged:
            return judged
        if sent is None:
            judged.refuse(
                SENT, "the row is none that went out, or lost what it went out with; use the one sent"
            )
        elif sent.review != self._desk.review:
            judged.refuse(
                SENT, f"{judged.item} is an item of the review '{shorten(plain(sent.review))}'"
            )
        else:
            self._sent(judged, sent)
        return judged

    def _sent(self, judged: _Judged, sent: Sent) -> None:
        """Judge a row that went out: whether it is as it was, what it says, what came meanwhile."""
        row = self._rows.get(sent.item)
        gone = self._replaced(sent)
        if row is None:
            if gone:
                judged.oppose(
                    f"it is no more: {listed([_in_words(entry) for entry in gone])} since the sheet "
                    "went out; decide on what stands now, in a new sheet"
                )
            else:
                judged.refuse(ITEM, f"the review has no item {judged.item}; it may have been read anew")
            return
        judged.provision = row.provision
        changed = sent.changed(self._situation.found.prints_of(row.provision))
        if changed:
            judged.oppose(
                f"the words of {_texts(changed)} have changed since the sheet went out; read them, and "
                "decide in a new sheet"
            )
        else:
            self._refuse_edited(judged, row, sent)
        judged.body, unclear = understood(
            judged.filled, sent.item, row.provision, self._vocabulary, self._defaults, self._today
        )
        judged.unclear += tuple(unclear)
        if judged.body is not None:
            self._oppose_meanwhile(judged, judged.body, sent, gone)

    def _refuse_edited(self, judged: _Judged, row: Row, sent: Sent) -> None:
        """Refuse a row that shows other words than it went out with: on which was it decided?"""
        shown = {
            ITEM: sent.item,
            PROVISION: row.provision,
            WORDS: row.text,
        }
        if row.movement == sent.item:
            shown[RECOMMENDED] = row.recommendation_text
        for name, expected in shown.items():
            if name not in self._table.columns:
                continue
            found = self._table.cell(judged.line, name)
            given = "" if found is None or found.value is None else plain(str(found.value))
            if found is not None and given != plain(legal_xml(expected)):
                judged.refuse(name, f"was changed: the row went out with “{shorten(expected)}”")

    # What came meanwhile

    def _replaced(self, sent: Sent) -> list[Entry]:
        """Return what took the place of decisions with which a row went out."""
        superseded = self._situation.stood.standing.superseded
        made_by = decision_of(sent.item)
        found = []
        for number in (*sent.decisions, *((made_by,) if made_by else ())):
            last = number
            while last in superseded:
                last = superseded[last]
            entry = self._situation.by_number(last)
            if last != number and entry is not None and entry not in found:
                found.append(entry)
        return found

    def _oppose_meanwhile(self, judged: _Judged, body: Body, sent: Sent, gone: Sequence[Entry]) -> None:
        if body.kind is Kind.NOTE:
            for entry in self._situation.entries[self._stamp.head.number :]:
                if _same_note(entry.body, body):
                    judged.oppose(f"{entry.name}, recorded since the sheet went out, is this very note")
            if not body.replaces:
                return
        on = self._bearing.on(sent.item, judged.provision)
        since = [entry for entry in on if entry.number not in sent.decisions]
        for entry in {entry.number: entry for entry in (*since, *gone)}.values():
            if entry.number not in (*body.replaces, *body.beside):
                mend = self._mend(judged, body, entry)
                judged.oppose(f"{_in_words(entry)} since the sheet went out; {mend}")

    def _mend(self, judged: _Judged, body: Body, entry: Entry) -> str:
        if body.kind is Kind.APPLY and entry.body.kind is not Kind.APPLY:
            return "look at it, and mark it as applied in a new sheet"
        cells = judged.filled.addresses
        replaced = f"to replace it, write {entry.name} into {cells[SUPERSEDES]}, “{SUPERSEDES}”"
        return f"{replaced}; to keep both, into {cells[BESIDE]}, “{BESIDE}”"

    # Whether it can be recorded

    def _complete(self, judged: _Judged, body: Body) -> None:
        if body.kind is Kind.APPLY and not self._replaces_only_applications(body):
            judged.refuse(SUPERSEDES, "to mark as applied replaces no decision but another such mark")
            return
        if body.kind not in (Kind.SETTLE, Kind.NOTE) and body.item == judged.provision:
            judged.refuse(DECISION, f"{body.item} has no movement; settle it, or put a note on record")
            return
        try:
            complete = completed(self._situation, body)
        except (EntryError, UnknownNameError) as error:
            judged.refuse(DECISION, str(error))
            return
        judged.body = complete
        for entry in self._bearing.against(complete):
            judged.oppose(f"{_in_words(entry)} and holds; {self._mend(judged, complete, entry)}")

    def _replaces_only_applications(self, body: Body) -> bool:
        earlier = [self._situation.by_number(number) for number in body.replaces]
        return all(entry is None or entry.body.kind is Kind.APPLY for entry in earlier)

    def _refuse_repeated(self, judged: Iterable[_Judged]) -> None:
        rows: dict[str, list[_Judged]] = {}
        for each in judged:
            if each.item and not each.filled.is_empty:
                rows.setdefault(each.item, []).append(each)
        for several in rows.values():
            for each in several if len(several) > 1 else ():
                other = next(row for row in several if row is not each)
                each.refuse(ITEM, f"stands in row {other.line.number} too; fill in one of them")

    def _oppose_each_other(self, judged: Iterable[_Judged]) -> None:
        """Oppose rows that cannot hold together: agreements to two alternatives, and their like."""
        moves = self._situation.found.moves
        rows: dict[str, list[tuple[_Judged, Body]]] = {}
        for each in judged:
            if each.body is not None and each.status is Fate.WILL_RECORD:
                rows.setdefault(each.provision, []).append((each, each.body))
        for several in rows.values():
            for place, (one, body) in enumerate(several):
                for other, other_body in several[:place]:
                    if contradict(other_body, body, moves):
                        for each, rival in ((one, other), (other, one)):
                            each.oppose(
                                f"cannot hold together with row {rival.line.number}; empty one of them"
                            )

    def _refuse_misshapen(self, judged: Sequence[_Judged]) -> None:
        """Refuse the rows that break a shape, found by halving."""
        message = self._broken_shape(judged) if judged else ""
        if not message:
            return
        half = len(judged) // 2
        if not half:
            judged[0].refuse(DECISION, message)
            return
        self._refuse_misshapen(judged[:half])
        self._refuse_misshapen(judged[half:])
        if all(each.status is Fate.WILL_RECORD for each in judged):
            judged[-1].refuse(DECISION, message)

    def _broken_shape(self, judged: Sequence[_Judged]) -> str:
        bodies = [each.body for each in judged if each.body is not None]
        try:
            self._desk.shaped(bodies, self._situation, _RECORDER)
        except EntryError as error:
            return str(error)
        return ""

    # What would become of it all

    def _with_outcomes(self, judged: Sequence[_Judged]) -> list[PreviewRow]:
        """Return the rows with what becomes of them, when all that will be recorded is."""
        recorded = [e for e in judged if e.status is Fate.WILL_RECORD]
        bodies = [each.body for each in recorded if each.body is not None]
        before = self._situation
        after = before
        if bodies:
            made = following(self._desk.review, before.entries, bodies, _RECORDER, "")
            after = self._desk.situation([*before.entries, *made])
        found = []
        for each in judged:
            row = PreviewRow(
                each.line.number,
                each.status,
                each.item,
                each.provision,
                problems=(*each.unclear, *each.against),
            )
            if each.status is Fate.WILL_RECORD:
                outcomes = (s.stood.outcomes.get(each.provision, "") for s in (before, after))
                standings = (s.stood.status_of(each.item) for s in (before, after))
                row = replace(row, body=each.body, outcome=_pair(outcomes), standing=_pair(standings))
            found.append(row)
        return found


def _texts(names: Sequence[str]) -> str:
    shown = [shorten(plain(name)) for name in names[:_NAMED]]
    return listed([*shown, f"{len(names) - _NAMED} more"] if len(names) > _NAMED else shown)


def _pair(values: Iterable[str]) -> tuple[str, str]:
    before, after = values
    return before, after


def _same_note(one: Body, two: Body) -> bool:
    def said(body: Body) -> tuple[object, ...]:
        return (body.kind, body.item, body.by, body.on_behalf_of, body.date, body.why)

    return said(one) == said(two)


def _in_words(entry: Entry) -> str:
    body = entry.body
    return (
        f"{entry.name} ({body.kind} {body.item}, by {shorten(', '.join(body.by))} on "
        f"{day_in_words(body.date)}) was recorded"
    )
