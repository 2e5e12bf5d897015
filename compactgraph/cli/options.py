"""The options that commands share, and how a command opens the store and finds the review.

Options that several commands share stand in a dataclass. :func:`spread` gives a command the options of
each dataclass among its parameters.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass, is_dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from compactgraph import paths
from compactgraph.cli.advice import told
from compactgraph.cli.output import say_notice
from compactgraph.errors import QueryError, RegisterError, StoreBusyError, UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Collection

    from compactgraph.answers.review_graph import ReviewGraph
    from compactgraph.answers.tables.destinations import Filter
    from compactgraph.sparql.dataset import Dataset

StoreOption = Annotated[
    str | None,
    typer.Option(
        "--store",
        help="The store's folder, or a SPARQL service's URL (or $COMPACTGRAPH_STORE); ./.compactgraph",
    ),
]
DataOption = Annotated[
    Path | None, typer.Option("--data", help="The folder of reviews (or $COMPACTGRAPH_DATA); ./data")
]
DraftOption = Annotated[
    str | None, typer.Option("--draft", help="In a draft of the new agreement: its number, or latest.")
]
ByOption = Annotated[
    list[str] | None,
    typer.Option("--by", help="The name of who decides or writes; once for each of several."),
]
ForOption = Annotated[
    str, typer.Option("--for", help="On whose behalf: a reference's identifier, or a body's name.")
]


@dataclass(frozen=True)
class TableFilter:
    """Which rows of the table of destinations are wanted."""

    to: Annotated[str | None, typer.Option("--to", help="Only this destination, by its identifier.")] = (
        None
    )
    outcome: Annotated[str | None, typer.Option("--outcome", help="Only this outcome.")] = None
    theme: Annotated[int | None, typer.Option("--theme", help="Only this theme, by its number.")] = None
    party: Annotated[str | None, typer.Option("--party", help="Only commitments of this party.")] = None
    status: Annotated[
        str | None,
        typer.Option("--status", help="Only this status: recommended, agreed, rejected or applied."),
    ] = None

    def wanted(self) -> Filter:
        """Return the filter that these options make."""
        from compactgraph.answers.tables.destinations import Filter

        given = {name: (str(value),) for name, value in asdict(self).items() if value is not None}
        return Filter(words="", **given)


@dataclass(frozen=True)
class Where:
    """The store and the review that a command is about."""

    store: StoreOption = None
    review: Annotated[
        str | None, typer.Option("--review", help="Which review, if the store has several.")
    ] = None

    @property
    def location(self) -> str:
        """The folder or the address of the store."""
        return paths.store_location(self.store)

    def open(self) -> tuple[Dataset, dict[str, str]]:
        """Open the store, up to date with the register, and return it with its reviews' titles.

        If it cannot be brought up to date, a notice on standard error says so.
        """
        from compactgraph.build.pipeline import take_in_decisions

        try:
            take_in_decisions(paths.ontology_folder(), self.location)
        except (RegisterError, StoreBusyError) as error:
            say_notice(f"what is shown may lack decisions: {told(error)}")
        return self.open_as_it_is()

    def open_as_it_is(self) -> tuple[Dataset, dict[str, str]]:
        """Open the store without looking at the register; return it with its reviews' titles."""
        from compactgraph.store.storage import storage_at

        opened, manifest = storage_at(self.location).open()
        return opened, {each["identifier"]: each["title"] for each in manifest["reviews"]}

    def graph(self, day: str | None = None) -> ReviewGraph:
        """Open the graph of the one review meant, as it stood on a day if one is given."""
        from compactgraph.answers.review_graph import ReviewGraph
        from compactgraph.decisions.as_at import as_at

        opened, names = self.open()
        review, ontology = self.one_of(names), paths.ontology_folder()
        dated = as_at(opened, ontology, review, self.location, day)
        return ReviewGraph(dated, ontology, review, day=day or "")

    def named(self, names: Collection[str]) -> str | None:
        """Return the review that is named, or None; raise UnknownNameError if it is not in ``names``."""
        if self.review is not None and self.review not in names:
            raise UnknownNameError("review", self.review, names)
        return self.review

    def chosen(self, names: Collection[str]) -> str | None:
        """Return the review that is named, or the only one, or None for all."""
        return self.named(names) or (next(iter(names)) if len(names) == 1 else None)

    def one_of(self, names: Collection[str]) -> str:
        """Return the review that is named, or the only one; raise QueryError if it must be chosen."""
        if chosen := self.chosen(names):
            return chosen
        some = ", ".join([*names][:5]) + (" …" if len(names) > 5 else "")
        raise QueryError(f"the store has {len(names)} reviews ({some}); choose one with --review")


@dataclass(frozen=True)
class Dated(Where):
    """The store, the review, and the day on which it is shown."""

    as_at: Annotated[
        str | None,
        typer.Option("--as-at", help="As it stood on this day (2026-11-24): no later decision counts."),
    ] = None

    @property
    def on(self) -> str:
        """The day for a title."""
        return "" if self.as_at is None else f" as at {self.as_at}"


@dataclass(frozen=True)
class Signed:
    """Who decides or writes, on whose behalf, when and why."""

    by: ByOption = None
    for_: ForOption = ""
    date_: Annotated[
        str | None, typer.Option("--date", help="The day of the decision, as 2026-11-24; today.")
    ] = None
    why: Annotated[str, typer.Option("--why", help="The reason, in words.")] = ""

    def entered(self) -> dict[str, Any]:
        """Return these values as an entry of the register takes them."""
        return {
            "by": tuple(self.by or ()),
            "on_behalf_of": self.for_,
            "date": self.date_ or date.today().isoformat(),
            "why": self.why,
        }


@dataclass(frozen=True)
class Replacing(Signed):
    """The same, and which decisions the entry supersedes."""

    replaces: Annotated[
        list[str] | None,
        typer.Option("--replaces", help="A decision that this one supersedes, by its number: d7."),
    ] = None

    def entered(self) -> dict[str, Any]:
        """Return these values as an entry of the register takes them."""
        return super().entered() | {"replaces": _numbers(self.replaces)}


@dataclass(frozen=True)
class Deciding(Replacing):
    """The same, and which decisions on the same item stay in force."""

    beside: Annotated[
        list[str] | None,
        typer.Option("--beside", help="A decision on the same item that is to stay in force: d7."),
    ] = None

    def entered(self) -> dict[str, Any]:
        """Return these values as an entry of the register takes them."""
        return super().entered() | {"beside": _numbers(self.beside)}


def _numbers(given: list[str] | None) -> tuple[int, ...]:
    return tuple(map(_number, given or ()))


def _number(given: str) -> int:
    figures = given.removeprefix("d")
    if not (figures.isascii() and figures.isdecimal() and len(figures) < 10):
        raise QueryError(f"'{given[:20]}' is not a decision; name it by its number, as d7")
    return int(figures)


def spread(command: Callable[..., None]) -> Callable[..., None]:
    """Return a command whose parameters are those of ``command``, each dataclass taken apart.

    Typer reads a command's options from its signature; ``command`` itself gets the dataclasses whole.
    """
    whole = inspect.signature(command, eval_str=True).parameters
    groups: dict[str, Any] = {
        name: each.annotation for name, each in whole.items() if is_dataclass(each.annotation)
    }
    options = {name: inspect.signature(kind, eval_str=True).parameters for name, kind in groups.items()}

    def run(**given: Any) -> None:
        for name, kind in groups.items():
            given[name] = kind(**{option: given.pop(option) for option in options[name]})
        command(**given)

    parameters = [
        parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY)
        for name, each in whole.items()
        for parameter in options.get(name, {name: each}).values()
    ]
    run.__name__, run.__doc__ = command.__name__, command.__doc__
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {each.name: each.annotation for each in parameters}
    return run


def read_text(path: Path, kind: str) -> str:
    """Return the text of a file, or of standard input for ``-``; ``kind`` says what file it should be.

    Raises QueryError if the file cannot be read.
    """
    try:
        return sys.stdin.read() if str(path) == "-" else path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise QueryError(f"{path}: cannot be read ({error}); name {kind}") from None


def draft_number(given: str) -> int:
    """Return the number of a draft, 0 for the latest; raise QueryError if it is neither."""
    if given == "latest":
        return 0
    if given.isascii() and given.isdecimal() and len(given) < 6 and int(given):
        return int(given)
    raise QueryError(f"'{given[:20]}' is not a draft; give its number, or: latest")
