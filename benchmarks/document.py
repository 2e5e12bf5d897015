"""Writes a two-column document as such extractions look: mixed markup, rows cut by page breaks."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field

_LOWER_WORD = re.compile(r" (?=[a-z]{4,} [a-z])")


@dataclass
class Cell:
    """A cell's paragraphs; ``html`` says whether they stand in tags or run on as plain text."""

    paragraphs: list[str]
    html: bool = True

    def write(self) -> str:
        """Return the cell as the document has it."""
        if not self.html:
            return " ".join(self.paragraphs)
        return " ".join(f"<p>{paragraph}</p>" for paragraph in self.paragraphs)

    def cut(self, rng: random.Random, *, after: int) -> tuple[Cell, Cell] | None:
        """Return the cell in two, cut inside its last paragraph, or None where that has no place.

        The cut comes after the paragraph's first ``after`` characters, which hold its number or its
        marker. What follows begins with a small letter, so that it is seen to go on.
        """
        if not self.paragraphs or "<" in self.paragraphs[-1]:
            return None
        last = self.paragraphs[-1]
        places = [match.start() for match in _LOWER_WORD.finditer(last, after)]
        if not places:
            return None
        place = rng.choice(places)
        head, tail = last[:place], last[place + 1 :]
        return (
            Cell([*self.paragraphs[:-1], head], self.html),
            Cell([tail], self.html),
        )


@dataclass
class Document:
    """The lines of a document under way."""

    rng: random.Random
    rows_a_page: int
    lines: list[str] = field(default_factory=list)
    _rows: int = 0

    def line(self, text: str = "") -> None:
        """Write a line outside the table, or an empty one."""
        self.lines.append(text)

    def row(self, left: Cell, right: Cell) -> None:
        """Write a row; at the end of a page it is cut, where its words allow it."""
        self._rows += 1
        if self._rows % self.rows_a_page:
            self._write(left, right)
            return
        one, other = left.cut(self.rng, after=45), right.cut(self.rng, after=12)
        way = self.rng.choice(("both", "left", "right", "between"))
        if way == "both" and one and other:
            self._cut(one[0], other[0], one[1], other[1])
        elif way in ("both", "left") and one:
            self._cut(one[0], right, one[1], Cell([]))
        elif way in ("both", "right") and other:
            self._cut(left, other[0], Cell([]), other[1])
        else:
            self._write(left, right)
            self.line()

    def text(self) -> str:
        """Return the document."""
        return "\n".join(self.lines) + "\n"

    def _cut(self, left: Cell, right: Cell, rest_left: Cell, rest_right: Cell) -> None:
        self._write(left, right)
        self.line()
        self._write(rest_left, rest_right)

    def _write(self, left: Cell, right: Cell) -> None:
        self.lines.append(f"{left.write()}\t{right.write()}")
