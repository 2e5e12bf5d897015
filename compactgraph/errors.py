"""What can stop a command: each cause has its class, each message is one line.

::

    CompactgraphError
    ├── SourceError          the review document cannot be read as one
    │   ├── EncodingError    it is missing, empty, binary, not UTF-8 or too large
    │   ├── TableError       a line is not a row of the two-column table
    │   ├── MarkupError      a tag is not closed
    │   ├── UnplacedError    a text belongs to nothing the reader knows
    │   ├── NumberingError   a number stands twice
    │   ├── PairingError     list items and recommendations differ in number
    │   └── FootnoteError    a mark has no note, or a note no mark
    ├── FolderError          a review's folder, or a file in it, is missing or malformed
    ├── TurtleError          a Turtle file cannot be parsed
    ├── UnreadError          a strict build met words that no cue and no person reads
    ├── UnknownNameError     a review, provision, reference, query or format is unknown
    ├── StoreError           the store is missing, in use or damaged
    │   └── StoreBusyError   another build of it is under way
    ├── ServiceError         a remote SPARQL service is away, refuses or breaks its answer off
    │   └── CutAnswerError   it gave only a part of an answer, and the rest cannot be had
    ├── RegisterError        the register cannot be read or written, or is not whole
    │   ├── RegisterBusyError    another program is writing to it
    │   │   └── HeadMovedError   others added entries meanwhile
    │   ├── EntryError           what was entered does not fit the review, or breaks a rule
    │   └── ConflictError        decisions on the same item stand against it
    ├── SheetError           a spreadsheet cannot be read, or is not one that went out
    ├── DecidersError        the file of those who may decide is missing or malformed
    ├── NotAllowedError      nobody is signed in, or the person may not decide here
    ├── QueryError           a query that cannot be parsed, or may not be run
    │   ├── MissingParameterError  a parameter of a saved question has no value
    │   ├── RefusedQueryError    it would change the graph, or reach out of the process
    │   ├── QueryLengthError     it is too long to be parsed
    │   ├── NotAcceptableError   its answer has no format that the client takes
    │   └── QueryLimitError      it was stopped at a limit, or its answer passed one
    │       └── QueryBusyError   it found no place to run in
    ├── ExportError          a file cannot be written
    ├── ProcessError         a process that shares the work cannot be started, or has ended
    └── ServerError          a server cannot be started

An error says what is wrong, and names the next step if each place tells it in its own words:
:mod:`compactgraph.cli.advice` has those of the command line.

A finding of validation is not an error: see :mod:`compactgraph.graph.validation`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path

QUOTE_LENGTH = 60


class NextStep(StrEnum):
    """A next step that each place tells in its own words; the values are the words if it has none."""

    BUILD = "build the store"
    CHOOSE_STORE = "choose another store"
    CHOOSE_PORT = "choose another port"
    CHOOSE_REVIEW = "choose one of them"
    CHECK_REGISTER = "check the register"
    EXPORT_REGISTER = "take a file as the export of a register wrote it"
    BEGIN_DRAFT = "begin one"
    WRITE_DRAFT = "write in it"
    GIVE_PARAMETER = "give it a value"
    LIST_READINGS = "take it from the list of what was read by hand"


class CompactgraphError(Exception):
    """The base of all that compactgraph raises for a cause that a user can mend.

    ``step`` is the next step if each place tells it in its own words: the command line names options,
    a page names what is on it. ``lead`` are the words before it. Otherwise the message says it all.
    """

    step: NextStep | None = None
    lead: str = ""

    def __init__(self, problem: str, step: NextStep | None = None, lead: str = "") -> None:
        """Take what is wrong, and the next step."""
        super().__init__(problem)
        if step is not None:
            self.step, self.lead = step, lead

    @property
    def problem(self) -> str:
        """What is wrong, without the next step."""
        return str(self.args[0]) if self.args else ""

    def told(self, words: Mapping[NextStep, str]) -> str:
        """Return the message, the next step told in ``words`` if they have it."""
        if self.step is None:
            return self.problem
        return f"{self.problem}; {self.lead}{words.get(self.step, str(self.step))}"

    def __str__(self) -> str:
        """Return the message for a place that has no words of its own."""
        return self.told({})


def shorten(text: str, length: int = QUOTE_LENGTH) -> str:
    """Return ``text`` on one line and at most ``length`` characters long, cut with an ellipsis."""
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= length else one_line[: length - 1].rstrip() + "…"


class SourceError(CompactgraphError):
    """The review document cannot be read; carries the file, the line (from 1) and the mend."""

    def __init__(self, what: str, *, path: Path | None, line: int | None = None, mend: str) -> None:
        """Join what happened, where, and what to do into one line."""
        self.path = path
        self.line = line
        place = str(path) if path else "the source"
        if line is not None:
            place += f", line {line}"
        super().__init__(f"{place}: {what}; {mend}")


class EncodingError(SourceError):
    """The file is missing, empty, binary, not UTF-8, or larger than the limit."""


class TableError(SourceError):
    """A line between the column headings and the notes is not a row of two cells."""


class MarkupError(SourceError):
    """A tag in a cell is opened and not closed, or closed and not opened."""


class UnplacedError(SourceError):
    """A text belongs to no provision, heading, note or section that the reader knows."""


class NumberingError(SourceError):
    """A clause number or a section stands twice."""


class PairingError(SourceError):
    """A list and the recommendations that it is paired with differ in number."""


class FootnoteError(SourceError):
    """A footnote has no mark, or a mark has no footnote."""


class FolderError(CompactgraphError):
    """A review's folder lacks a file, or a file in it says something malformed."""


class TurtleError(CompactgraphError):
    """A Turtle file cannot be parsed."""


class UnreadError(CompactgraphError):
    """A strict build met words that neither a cue nor a person's entry reads."""


class StoreError(CompactgraphError):
    """The store is missing, in use by another build, or damaged."""


class StoreBusyError(StoreError):
    """Another build holds the store; this passes by itself."""


class ServiceError(CompactgraphError):
    """A remote SPARQL service is away, refuses what it is asked, or breaks its answer off."""


class CutAnswerError(ServiceError):
    """A remote SPARQL service gave only a part of an answer, and the rest cannot be had."""


class RegisterError(CompactgraphError):
    """The register of decisions cannot be read or written, or its entries are not whole."""


class RegisterBusyError(RegisterError):
    """Another program is writing to the register; this passes by itself."""


class HeadMovedError(RegisterBusyError):
    """Others added entries after the last one that the writer knew; read them and try again."""


class EntryError(RegisterError):
    """What a person entered does not fit the review, or breaks a rule of the shapes."""


class ConflictError(RegisterError):
    """Decisions in force stand against a new one that does not name them; carries their numbers."""

    def __init__(self, message: str, numbers: Iterable[int], *, beside: bool = True) -> None:
        """Keep their numbers, and whether both can stay in force."""
        self.numbers = tuple(numbers)
        self.beside = beside
        super().__init__(message)


class SheetError(CompactgraphError):
    """A spreadsheet cannot be read safely, or is not one that went out."""


class DecidersError(CompactgraphError):
    """The file of those who may decide is missing or malformed, or a secret that it names is not set."""


class NotAllowedError(CompactgraphError):
    """Nobody is signed in, or the person may not decide here; ``again``: signing in again helps."""

    def __init__(self, message: str, *, again: bool = False) -> None:
        """Keep whether signing in again helps."""
        self.again = again
        super().__init__(message)


class QueryError(CompactgraphError):
    """A query that cannot be parsed, lacks a parameter, or may not be run."""


class MissingParameterError(QueryError):
    """A saved question lacks a value for a parameter; carries the parameter's name."""

    def __init__(self, problem: str, parameter: str) -> None:
        """Keep the parameter's name."""
        self.parameter = parameter
        super().__init__(problem, NextStep.GIVE_PARAMETER)


class RefusedQueryError(QueryError):
    """A query would change the graph, or reach out of the process."""


class QueryLengthError(QueryError):
    """A query is too long to be parsed."""


class NotAcceptableError(QueryError):
    """A query's answer has no format that the client takes."""


class QueryLimitError(QueryError):
    """A query was stopped: it used up its time, its memory or the room for its answer."""


class QueryBusyError(QueryLimitError):
    """A query found no place to run in; it may be tried again."""


class ExportError(CompactgraphError):
    """A file cannot be written, or its format has no room for the content."""


class UnknownNameError(CompactgraphError):
    """A name is unknown; carries the nearest names that exist."""

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        """Look for the names nearest to ``name`` among ``known``."""
        self.kind = kind
        self.name = name
        names = sorted(set(known))
        self.nearest = get_close_matches(name, names, n=3, cutoff=0.4)
        if self.nearest:
            hint = f"nearest: {', '.join(self.nearest)}"
        elif names:
            hint = f"known: {', '.join(names[:8])}{' …' if len(names) > 8 else ''}"
        else:
            hint = "none is known"
        super().__init__(f"unknown {kind} '{shorten(name)}'; {hint}")


class ServerError(CompactgraphError):
    """A server cannot be started."""


class ProcessError(CompactgraphError):
    """A process that shares the work cannot be started, or ended too early."""
