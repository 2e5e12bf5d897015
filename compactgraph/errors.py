"""What can stop a command: each cause has its class, each message is one line.

Findings of validation are values: see :mod:`compactgraph.graph.findings`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path


class NextStep(StrEnum):
    """A next step; the command line and the pages say it in their own words, others as it is here."""

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
    """The base of all errors that a user can mend.

    ``step`` is the next step, if the message does not give it; ``lead`` the words before it.
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
        """Return the message, with the next step in ``words`` if they have it."""
        if self.step is None:
            return self.problem
        return f"{self.problem}; {self.lead}{words.get(self.step, str(self.step))}"

    def __str__(self) -> str:
        """Return the message, with the next step in its plain words."""
        return self.told({})


def shorten(text: str, length: int = 60) -> str:
    """Return ``text`` on one line and at most ``length`` characters long, cut with an ellipsis."""
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= length else one_line[: length - 1].rstrip() + "…"


class SourceError(CompactgraphError):
    """The review document cannot be read; carries the file and the line, from 1."""

    def __init__(self, what: str, *, path: Path | None, line: int | None = None, mend: str) -> None:
        """Join what happened, where, and what to do into one line."""
        self.path = path
        self.line = line
        at_line = "" if line is None else f", line {line}"
        super().__init__(f"{path or 'the source'}{at_line}: {what}; {mend}")


class EncodingError(SourceError):
    """The file is missing, empty, binary, not UTF-8, or larger than the limit."""


class TableError(SourceError):
    """The document has no table, or a line of it is not a row of two cells."""


class MarkupError(SourceError):
    """A tag in a cell is opened and not closed, or closed and not opened."""


class UnplacedError(SourceError):
    """A text belongs to no provision, heading, note or section."""


class NumberingError(SourceError):
    """A clause number or a section occurs twice."""


class PairingError(SourceError):
    """A list and its recommendations differ in number."""


class FootnoteError(SourceError):
    """A footnote has no mark, or a mark has no footnote."""


class FolderError(CompactgraphError):
    """A review's folder, or a file in it, is missing or malformed."""


class TurtleError(CompactgraphError):
    """A Turtle file cannot be parsed."""


class UnreadError(CompactgraphError):
    """A strict build met words that no cue and no person reads."""


class StoreError(CompactgraphError):
    """The store is missing, in use by another build, or damaged."""


class StoreBusyError(StoreError):
    """Another build holds the store; try again."""


class ServiceError(CompactgraphError):
    """A remote SPARQL service is away, refuses a request, or breaks off its answer."""


class CutAnswerError(ServiceError):
    """A remote SPARQL service gave only a part of an answer."""


class RegisterError(CompactgraphError):
    """The register cannot be read or written, or its chain is broken."""


class RegisterBusyError(RegisterError):
    """Another program is writing to the register; try again."""


class HeadMovedError(RegisterBusyError):
    """Others added entries meanwhile; read them and try again."""


class EntryError(RegisterError):
    """What a person entered does not fit the review, or breaks a rule of the shapes."""


class ConflictError(RegisterError):
    """Decisions in force conflict with a new one that does not name them.

    ``numbers`` are theirs; ``beside`` says whether both can stay in force.
    """

    def __init__(self, message: str, numbers: Iterable[int], *, beside: bool = True) -> None:
        """Take the message, and what the error carries."""
        self.numbers = tuple(numbers)
        self.beside = beside
        super().__init__(message)


class SheetError(CompactgraphError):
    """A spreadsheet cannot be read, or is not one that went out."""


class DecidersError(CompactgraphError):
    """The file of deciders is missing or malformed, or a secret that it names is not set."""


class NotAllowedError(CompactgraphError):
    """Nobody is signed in, or the person may not decide; ``again`` if signing in again helps."""

    def __init__(self, message: str, *, again: bool = False) -> None:
        """Take the message, and whether signing in again helps."""
        self.again = again
        super().__init__(message)


class QueryError(CompactgraphError):
    """A query that cannot be parsed, lacks a parameter, or may not be run."""


class MissingParameterError(QueryError):
    """A saved question lacks a value for ``parameter``."""

    def __init__(self, problem: str, parameter: str) -> None:
        """Take what is wrong, and the parameter's name."""
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
    """All workers were busy; try again."""


class ExportError(CompactgraphError):
    """A file cannot be written, or its format has no room for the content."""


class UnknownNameError(CompactgraphError):
    """A name is unknown; ``nearest`` are the nearest that exist."""

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


def require_known(kind: str, name: str, known: Collection[str]) -> None:
    """Raise UnknownNameError if ``name`` is not among ``known``."""
    if name not in known:
        raise UnknownNameError(kind, name, known)


class ServerError(CompactgraphError):
    """A server cannot be started."""


class ProcessError(CompactgraphError):
    """A process that shares the work cannot be started, or ended too early."""
