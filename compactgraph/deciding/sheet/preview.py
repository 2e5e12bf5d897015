"""What would become of a sheet that came back, row by row."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from compactgraph.common.english import counted, day_in_words, listed
from compactgraph.deciding.sheet.cells import Problem
from compactgraph.errors import shorten
from compactgraph.register.entry import Body, Head


class Fate(StrEnum):
    """What would become of a row."""

    WILL_RECORD = "will-record"
    NOT_UNDERSTOOD = "not-understood"
    IN_CONFLICT = "in-conflict"
    EMPTY = "empty"


@dataclass(kw_only=True)
class PreviewRow:
    """A row of a sheet that came back, by its number there.

    ``said`` is the decision that it means, ``unclear`` what is not understood of it, ``against`` what is
    in conflict with it. ``outcome`` has the provision's term before and after the whole sheet is
    recorded, ``standing`` the movement's status; both may be empty.
    """

    number: int
    item: str = ""
    provision: str = ""
    said: Body | None = None
    unclear: list[Problem] = field(default_factory=list)
    against: list[Problem] = field(default_factory=list)
    outcome: tuple[str, str] = ("", "")
    standing: tuple[str, str] = ("", "")

    @property
    def status(self) -> Fate:
        """What would become of the row."""
        if self.unclear:
            return Fate.NOT_UNDERSTOOD
        if self.against:
            return Fate.IN_CONFLICT
        return Fate.EMPTY if self.said is None else Fate.WILL_RECORD

    @property
    def body(self) -> Body | None:
        """What will be recorded, if anything."""
        return self.said if self.status is Fate.WILL_RECORD else None

    @property
    def problems(self) -> list[Problem]:
        """What is not understood, and what is in conflict."""
        return [*self.unclear, *self.against]

    @property
    def sentence(self) -> str:
        """The row in one line."""
        start = f"row {self.number}" + (f", {self.item}" if self.item else "")
        if self.body is None:
            return f"{start}: " + ("; ".join(map(str, self.problems)) or "left empty")
        parts = [_decided(self.body)]
        if any(self.standing):
            parts.append(_step(*self.standing))
        if any(self.outcome):
            parts.append(f"{self.provision}: {_step(*self.outcome)}")
        return f"{start}: {'; '.join(parts)}"


@dataclass(frozen=True)
class Preview:
    """What would become of a sheet, row by row; nothing has been recorded.

    ``sent_after`` was the last entry of the register when the sheet went out, ``now`` is the last one.
    ``passed_over`` are the headings of columns that are not the sheet's own, with their cells.
    """

    review: str
    sent_after: Head
    now: Head
    rows: tuple[PreviewRow, ...]
    passed_over: tuple[str, ...] = ()

    def of(self, status: Fate) -> tuple[PreviewRow, ...]:
        """Return the rows of one fate, in the order of the sheet."""
        return tuple(row for row in self.rows if row.status is status)

    @property
    def bodies(self) -> tuple[Body, ...]:
        """What will be recorded, in the order of the sheet."""
        return tuple(row.body for row in self.rows if row.body is not None)

    @property
    def applicable(self) -> bool:
        """Whether there is something to record, and nothing stands against it."""
        problems = self.of(Fate.NOT_UNDERSTOOD) or self.of(Fate.IN_CONFLICT)
        return bool(self.bodies) and not problems

    @property
    def sentences(self) -> tuple[str, ...]:
        """The preview in lines for people."""
        then, now = (f"d{head.number}" if head.number else "" for head in (self.sent_after, self.now))
        since = "nothing has been recorded since" if then == now else f"the register is at {now} now"
        sent = f"after {then}" if then else "before anything was recorded"
        lines = [f"{self.review}: the sheet went out {sent}; {since}."]
        for status, title in _TITLES.items():
            if found := self.of(status):
                lines.append(f"{title}: {counted(len(found), 'row')}")
                lines += [f"  {row.sentence}" for row in found]
        if empty := self.of(Fate.EMPTY):
            lines.append(f"Left empty, and passed over: {counted(len(empty), 'row')}")
        if self.passed_over:
            lines.append(f"Not the sheet's own, and passed over: {listed(self.passed_over)}")
        if all(row.status is Fate.EMPTY for row in self.rows):
            lines.append("No decision is filled in.")
        return tuple(lines)


_TITLES = {
    Fate.WILL_RECORD: "Will be recorded",
    Fate.NOT_UNDERSTOOD: "Not understood",
    Fate.IN_CONFLICT: "In conflict",
}


def _decided(body: Body) -> str:
    """Return a decision in words."""
    content = [*body.dispositions, *(f"because {reason}" for reason in body.reasons)]
    if body.to:
        content.append(f"to {body.to}")
    said = f"{body.kind} ({', '.join(content)})" if content else str(body.kind)
    behalf = f" for {shorten(body.on_behalf_of)}" if body.on_behalf_of else ""
    earlier = "".join(
        f", {how} {listed([f'd{number}' for number in numbers])}"
        for how, numbers in (("replacing", body.replaces), ("beside", body.beside))
        if numbers
    )
    names = shorten(", ".join(body.by))
    return f"{said}, by {names}{behalf} on {day_in_words(body.date)}{earlier}"


def _step(before: str, after: str) -> str:
    return f"{before}, as before" if before == after else f"{before} → {after}"
