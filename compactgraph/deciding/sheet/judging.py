"""Whether each row of a sheet that came back can be recorded, and if not, why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from operator import attrgetter

from compactgraph.answers.review_graph import ReviewGraph
from compactgraph.answers.tables.destinations import Row, table_of_destinations
from compactgraph.common.atomic_files import legal_xml
from compactgraph.common.english import day_in_words, listed
from compactgraph.deciding.checks import completed
from compactgraph.deciding.desk import Desk
from compactgraph.deciding.offers import bearing
from compactgraph.deciding.sheet.cells import Defaults, Filled, Problem, plain, understood
from compactgraph.deciding.sheet.columns import Heading, Sent, Vocabulary
from compactgraph.deciding.sheet.incoming import stamp_of, table_of
from compactgraph.deciding.sheet.preview import Preview, PreviewRow
from compactgraph.decisions.effects import conflicts, contradict, decision_of
from compactgraph.errors import EntryError, UnknownNameError, shorten
from compactgraph.files.form import Line, Page
from compactgraph.register.chain import following
from compactgraph.register.entry import Body, Entry, Kind

_NAMED = 5
_RECORDER = "preview"
_NOTE_SAYS = attrgetter("kind", "item", "by", "on_behalf_of", "date", "why")


def judge(desk: Desk, pages: Sequence[Page], defaults: Defaults) -> Preview:
    """Return what would become of the rows of a workbook; ``defaults`` fill their empty cells.

    Raises SheetError if it is not a sheet of the desk's review and register.
    """
    return _Judge(desk, pages, defaults).preview()


@dataclass(kw_only=True)
class _Judged(PreviewRow):
    """A row, with its cells."""

    line: Line
    filled: Filled

    def refuse(self, column: str, message: str) -> None:
        self.unclear.append(Problem(self.filled.addresses.get(column, ""), message))

    def oppose(self, message: str) -> None:
        self.against.append(Problem("", message))


class _Judge:
    def __init__(self, desk: Desk, pages: Sequence[Page], defaults: Defaults) -> None:
        self._desk = desk
        self._defaults = defaults
        self._situation = desk.situation()
        self._stamp = stamp_of(pages, desk.review, self._situation.entries)
        self._table = table_of(pages)
        graph = ReviewGraph(desk.dataset(self._situation), desk.ontology, desk.review)
        self._vocabulary = Vocabulary.of(graph)
        rows = table_of_destinations(graph)
        # A settled provision gets movements. It stays an item all the same.
        self._rows: Mapping[str, Row] = {row.provision: row for row in rows} | {
            row.movement: row for row in rows if row.movement
        }
        self._today = date.today()

    def preview(self) -> Preview:
        judged = [found for line in self._table.lines() if (found := self._line(line)) is not None]
        self._refuse_repeated(judged)
        for each in judged:
            if each.body is not None:
                self._complete(each, each.body)
        self._oppose_each_other(judged)
        self._refuse_misshapen([each for each in judged if each.body is not None])
        self._add_outcomes(judged)
        return Preview(
            review=self._desk.review,
            sent_after=self._stamp.head,
            now=self._situation.head,
            rows=tuple(judged),
            passed_over=self._table.others,
        )

    # A row by itself

    def _line(self, line: Line) -> _Judged | None:
        """Return what a row says by itself, None if it did not go out and says nothing."""
        judged = _Judged(number=line.number, line=line, filled=self._table.filled(line))
        given = self._table.text(line, Heading.SENT)
        merged = self._table.merged(line)
        if not given and judged.filled.is_empty and not merged:
            return None
        sent = Sent.from_text(given)
        if sent is not None:
            judged.item = shorten(plain(sent.item), 200)
        for area in merged:
            message = "cells are merged; take that back, and fill in each row by itself"
            judged.unclear.append(Problem(str(area), message))
        if judged.filled.is_empty or merged:
            return judged
        if sent is None:
            judged.refuse(
                Heading.SENT,
                "the row did not go out, or lost what it went out with; use the one that was sent",
            )
        elif sent.review != self._desk.review:
            other = shorten(plain(sent.review))
            judged.refuse(Heading.SENT, f"{judged.item} is an item of the review '{other}'")
        else:
            self._sent(judged, sent)
        return judged

    def _sent(self, judged: _Judged, sent: Sent) -> None:
        """Judge a row that went out: whether it changed, what it says, what was decided meanwhile."""
        row = self._rows.get(sent.item)
        gone = self._replaced(sent)
        if row is None:
            if gone:
                judged.oppose(
                    f"it is gone: {listed([_in_words(entry) for entry in gone])} since the sheet "
                    "went out; decide on what stands now, in a new sheet"
                )
            else:
                judged.refuse(
                    Heading.ITEM, f"the review has no item {judged.item}; it may have been read anew"
                )
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
        judged.said, unclear = understood(
            judged.filled, sent.item, row.provision, self._vocabulary, self._defaults, self._today
        )
        judged.unclear += unclear
        if judged.said is not None:
            self._oppose_meanwhile(judged, judged.said, sent, gone)

    def _refuse_edited(self, judged: _Judged, row: Row, sent: Sent) -> None:
        """Refuse a row whose words were edited: it is unclear on which words it was decided."""
        shown = {Heading.ITEM: sent.item, Heading.PROVISION: row.provision, Heading.WORDS: row.text}
        if row.movement == sent.item:
            shown[Heading.RECOMMENDED] = row.recommendation_text
        for name, expected in shown.items():
            found = self._table.cell(judged.line, name)
            if found is None:
                continue
            given = "" if found.value is None else plain(str(found.value))
            if given != plain(legal_xml(expected)):
                judged.refuse(name, f"was changed: the row went out with “{shorten(expected)}”")

    # What came meanwhile

    def _replaced(self, sent: Sent) -> list[Entry]:
        """Return what replaced the decisions that a row went out with."""
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
                if _NOTE_SAYS(entry.body) == _NOTE_SAYS(body):
                    judged.oppose(f"{entry.name}, recorded since the sheet went out, is this very note")
            if not body.replaces:
                return
        on = bearing(self._situation, sent.item, judged.provision)
        since = [entry for entry in on if entry.number not in sent.decisions]
        for entry in {entry.number: entry for entry in (*since, *gone)}.values():
            if entry.number not in (*body.replaces, *body.beside):
                mend = self._mend(judged, body, entry)
                judged.oppose(f"{_in_words(entry)} since the sheet went out; {mend}")

    def _mend(self, judged: _Judged, body: Body, entry: Entry) -> str:
        if body.kind is Kind.APPLY and entry.body.kind is not Kind.APPLY:
            return "look at it, and mark it as applied in a new sheet"
        replaced, kept = (
            f"{judged.filled.addresses[name]}, “{name}”" for name in (Heading.SUPERSEDES, Heading.BESIDE)
        )
        return f"to replace it, write {entry.name} into {replaced}; to keep both, into {kept}"

    # Whether it can be recorded

    def _complete(self, judged: _Judged, body: Body) -> None:
        if body.kind is Kind.APPLY and not self._replaces_only_applications(body):
            judged.refuse(
                Heading.SUPERSEDES, "to mark as applied can replace only another mark as applied"
            )
            return
        if body.kind not in (Kind.SETTLE, Kind.NOTE) and body.item == judged.provision:
            judged.refuse(
                Heading.DECISION, f"{body.item} has no movement; settle it, or put a note on record"
            )
            return
        try:
            complete = completed(self._situation, body)
        except (EntryError, UnknownNameError) as error:
            judged.refuse(Heading.DECISION, str(error))
            return
        judged.said = complete
        on = self._situation.in_force.get(complete.provision, [])
        for entry in conflicts(on, self._situation.found.moves, complete):
            judged.oppose(f"{_in_words(entry)} and holds; {self._mend(judged, complete, entry)}")

    def _replaces_only_applications(self, body: Body) -> bool:
        earlier = [self._situation.by_number(number) for number in body.replaces]
        return all(entry is None or entry.body.kind is Kind.APPLY for entry in earlier)

    def _refuse_repeated(self, judged: Iterable[_Judged]) -> None:
        rows: dict[str, list[_Judged]] = {}
        for each in judged:
            if each.item and not each.filled.is_empty:
                rows.setdefault(each.item, []).append(each)
        for first, *others in rows.values():
            if others:
                first.refuse(Heading.ITEM, _stands_too(others[0]))
            for each in others:
                each.refuse(Heading.ITEM, _stands_too(first))

    def _oppose_each_other(self, judged: Iterable[_Judged]) -> None:
        """Oppose rows that cannot hold together, such as agreements to two alternatives."""
        moves = self._situation.found.moves
        rows: dict[str, list[tuple[_Judged, Body]]] = {}
        for each in judged:
            if each.body is not None:
                rows.setdefault(each.provision, []).append((each, each.body))
        for several in rows.values():
            for (one, body), (other, other_body) in combinations(several, 2):
                if contradict(body, other_body, moves):
                    one.oppose(_cannot_hold_with(other))
                    other.oppose(_cannot_hold_with(one))

    def _refuse_misshapen(self, judged: Sequence[_Judged]) -> None:
        """Find the rows that break a shape by halving, and refuse them."""
        if not judged:
            return
        try:
            self._desk.shaped(_bodies(judged), self._situation, _RECORDER)
        except EntryError as error:
            if half := len(judged) // 2:
                self._refuse_misshapen(judged[:half])
                self._refuse_misshapen(judged[half:])
            if all(each.body is not None for each in judged):
                judged[-1].refuse(Heading.DECISION, str(error))

    # What follows

    def _add_outcomes(self, judged: Sequence[_Judged]) -> None:
        """Add what becomes of the rows if all that can be recorded is recorded."""
        before, bodies = self._situation, _bodies(judged)
        if not bodies:
            return
        made = following(self._desk.review, before.entries, bodies, _RECORDER, "")
        then, now = before.stood, self._desk.situation([*before.entries, *made]).stood
        for each in judged:
            if each.body is not None:
                of = each.provision
                each.outcome = (then.outcomes.get(of, ""), now.outcomes.get(of, ""))
                each.standing = (then.status_of(each.item), now.status_of(each.item))


def _bodies(judged: Iterable[_Judged]) -> list[Body]:
    return [each.body for each in judged if each.body is not None]


def _stands_too(row: _Judged) -> str:
    return f"stands in row {row.number} too; fill in one of them"


def _cannot_hold_with(row: _Judged) -> str:
    return f"cannot hold together with row {row.number}; empty one of them"


def _texts(names: Sequence[str]) -> str:
    shown = [shorten(plain(name)) for name in names[:_NAMED]]
    return listed([*shown, f"{len(names) - _NAMED} more"] if len(names) > _NAMED else shown)


def _in_words(entry: Entry) -> str:
    body = entry.body
    return (
        f"{entry.name} ({body.kind} {body.item}, by {shorten(', '.join(body.by))} on "
        f"{day_in_words(body.date)}) was recorded"
    )
