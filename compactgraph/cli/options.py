"""What the commands share: their options, how they open a store, which review they mean.

Options that several commands share stand in a dataclass here. :func:`spread` gives a command the options
of each dataclass among its parameters.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints

import typer

from compactgraph import paths
from compactgraph.cli.advice import told
from compactgraph.errors import QueryError, RegisterError, StoreBusyError, UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Collection

    from compactgraph.answers.review_graph import ReviewGraph
    from compactgraph.answers.tables.destinations import Filter
    from compactgraph.sparql.dataset import Dataset

DONE, FOUND, FAILED = 0, 1, 2

StoreOption = Annotated[
    str | None,
    typer.Option(
        "--store",
        help="The store's folder, or a SPARQL service's URL (or $COMPACTGRAPH_STORE); ./.compactgraph",
    ),
]
DataOption = Annotated[
    Path | None,
    typer.Option("--data", help="The folder of reviews (or $COMPACTGRAPH_DATA); ./data"),
]
ReviewOption = Annotated[
    str | None, typer.Option("--review", help="Which review, where the store has several.")
]
FormatOption = Annotated[
    str | None,
    typer.Option("--format", help="table (default on a terminal), csv (else), json, xlsx, ods, docx."),
]
OutputOption = Annotated[
    Path | None,
    typer.Option("--output", "-o", help="Write to this file; xlsx, ods and docx need one."),
]
ToOption = Annotated[str | None, typer.Option("--to", help="Only this destination, by its identifier.")]
OutcomeOption = Annotated[str | None, typer.Option("--outcome", help="Only this outcome.")]
ThemeOption = Annotated[int | None, typer.Option("--theme", help="Only this theme, by its number.")]
PartyOption = Annotated[
    str | None,
    typer.Option("--party", help="Only commitments of this party."),
]
StatusOption = Annotated[
    str | None,
    typer.Option("--status", help="Only this status: recommended, agreed, rejected or applied."),
]
DraftOption = Annotated[
    str | None,
    typer.Option("--draft", help="In a draft of the new agreement: its number, or latest."),
]
AsAtOption = Annotated[
    str | None,
    typer.Option("--as-at", help="As it stood on this day, as 2026-11-24: no later decision counts."),
]
ByOption = Annotated[
    list[str] | None,
    typer.Option("--by", help="The name of who decides or writes; once for each of several."),
]
ForOption = Annotated[
    str, typer.Option("--for", help="On whose behalf: a reference's identifier, or a body's name.")
]
DateOption = Annotated[
    str | None, typer.Option("--date", help="The day of the decision, as 2026-11-24; today.")
]
WhyOption = Annotated[str, typer.Option("--why", help="The reason, in words.")]
ReplacesOption = Annotated[
    list[str] | None,
    typer.Option("--replaces", help="A decision that this one supersedes, by its number: d7."),
]
BesideOption = Annotated[
    list[str] | None,
    typer.Option("--beside", help="A decision on the same item that is knowingly left in force: d7."),
]


@dataclass(frozen=True)
class TableFilter:
    """Which rows of the table of destinations are wanted."""

    to: ToOption = None
    outcome: OutcomeOption = None
    theme: ThemeOption = None
    party: PartyOption = None
    status: StatusOption = None

    def wanted(self) -> Filter:
        """Return the filter that these options make."""
        from compactgraph.answers.tables.destinations import Filter

        def only(value: str | int | None) -> tuple[str, ...]:
            return () if value is None else (str(value),)

        return Filter(
            to=only(self.to),
            outcome=only(self.outcome),
            theme=only(self.theme),
            party=only(self.party),
            status=only(self.status),
        )


@dataclass(frozen=True)
class Where:
    """The store and the review that a command is about."""

    store: StoreOption = None
    review: ReviewOption = None


@dataclass(frozen=True)
class Dated(Where):
    """The store, the review, and the day on which it is shown."""

    as_at: AsAtOption = None

    @property
    def on(self) -> str:
        """The day for a title."""
        return "" if self.as_at is None else f" as at {self.as_at}"

    def graph(self) -> ReviewGraph:
        """Open the graph of the review."""
        return open_graph(self.store, self.review, self.as_at)


@dataclass(frozen=True)
class Written:
    """How an answer is written, and to which file."""

    format_: FormatOption = None
    output: OutputOption = None


@dataclass(frozen=True)
class Signed:
    """Who decides or writes, on whose behalf, when and why."""

    by: ByOption = None
    for_: ForOption = ""
    date_: DateOption = None
    why: WhyOption = ""

    def entered(self) -> dict[str, Any]:
        """Return what an entry of the register says of it."""
        return {
            "by": tuple(self.by or ()),
            "on_behalf_of": self.for_,
            "date": self.date_ or date.today().isoformat(),
            "why": self.why,
        }


@dataclass(frozen=True)
class Replacing(Signed):
    """The same, and which decisions the entry supersedes."""

    replaces: ReplacesOption = None

    def entered(self) -> dict[str, Any]:
        """Return what an entry of the register says of it."""
        return super().entered() | {"replaces": _numbers(self.replaces)}


@dataclass(frozen=True)
class Deciding(Replacing):
    """The same, and which decisions on the same item stay in force."""

    beside: BesideOption = None

    def entered(self) -> dict[str, Any]:
        """Return what an entry of the register says of it."""
        return super().entered() | {"beside": _numbers(self.beside)}


def _numbers(given: list[str] | None) -> tuple[int, ...]:
    return tuple(_number(each) for each in given or ())


def _number(given: str) -> int:
    figures = given.removeprefix("d")
    if not (figures.isascii() and figures.isdecimal() and len(figures) < 10):
        raise QueryError(f"'{given[:20]}' is no decision; name it by its number, as d7")
    return int(figures)


def spread(command: Callable[..., None]) -> Callable[..., None]:
    """Return a command whose parameters are those of ``command``, each dataclass taken apart.

    Typer reads a command's options from its signature; ``command`` itself gets the dataclasses whole.
    """
    hints = get_type_hints(command, include_extras=True)
    groups: dict[str, Any] = {}
    parameters: list[inspect.Parameter] = []
    for parameter in inspect.signature(command).parameters.values():
        kind = hints[parameter.name]
        if not is_dataclass(kind):
            parameters.append(parameter.replace(annotation=kind))
            continue
        groups[parameter.name] = kind
        types = get_type_hints(kind, include_extras=True)
        parameters += [
            inspect.Parameter(
                option.name,
                inspect.Parameter.KEYWORD_ONLY,
                default=inspect.Parameter.empty if option.default is MISSING else option.default,
                annotation=types[option.name],
            )
            for option in fields(kind)
        ]

    def run(**given: Any) -> None:
        whole = {
            name: kind(**{option.name: given.pop(option.name) for option in fields(kind)})
            for name, kind in groups.items()
        }
        command(**given, **whole)

    keyword = [each.replace(kind=inspect.Parameter.KEYWORD_ONLY) for each in parameters]
    run.__name__, run.__doc__ = command.__name__, command.__doc__
    run.__signature__ = inspect.Signature(keyword)  # type: ignore[attr-defined]
    run.__annotations__ = {each.name: each.annotation for each in keyword}
    return run


def draft_number(given: str) -> int:
    """Return the number of a draft, 0 for the latest; raise QueryError if it is neither."""
    if given == "latest":
        return 0
    if given.isascii() and given.isdecimal() and 0 < int(given) < 100_000:
        return int(given)
    raise QueryError(f"'{given[:20]}' is no draft; give its number, or: latest")


def take_in_decisions(store: str | None) -> None:
    """Bring the graph up to date with the register; say on standard error if that cannot be done."""
    from compactgraph.build.pipeline import take_in_decisions as take_in

    try:
        take_in(paths.ontology_folder(), paths.store_location(store))
    except (RegisterError, StoreBusyError) as error:
        print(f"compactgraph: what is shown may lack decisions: {told(error)}", file=sys.stderr)


def open_store(store: str | None) -> tuple[Dataset, dict[str, str]]:
    """Open the store as it is; return it with the titles of its reviews by identifier."""
    from compactgraph.store.storage import storage_at

    opened, manifest = storage_at(paths.store_location(store)).open()
    return opened, {r["identifier"]: r["title"] for r in manifest["reviews"]}


def open_graph(store: str | None, review: str | None, day: str | None = None) -> ReviewGraph:
    """Return the graph of the one review meant, as it stood on a day if one is given."""
    from compactgraph.answers.review_graph import ReviewGraph
    from compactgraph.decisions.as_at import as_at

    take_in_decisions(store)
    opened, names = open_store(store)
    only, ontology = one_review(review, names), paths.ontology_folder()
    dated = as_at(opened, ontology, only, paths.store_location(store), day)
    return ReviewGraph(dated, ontology, only, day=day or "")


def known_review(review: str, names: Collection[str]) -> str:
    """Return a review's identifier; raise UnknownNameError if the store has no such review."""
    if review not in names:
        raise UnknownNameError("review", review, names)
    return review


def chosen_review(review: str | None, names: Collection[str]) -> str | None:
    """Return the chosen review, or the only one, or None for all."""
    if review is not None:
        return known_review(review, names)
    return next(iter(names)) if len(names) == 1 else None


def one_review(review: str | None, names: Collection[str]) -> str:
    """Return the chosen review, or the only one; raise QueryError if it must be chosen."""
    chosen = chosen_review(review, names)
    if chosen is None:
        some = ", ".join([*names][:5]) + (" …" if len(names) > 5 else "")
        raise QueryError(f"the store has {len(names)} reviews ({some}); choose one with --review")
    return chosen
