"""What the commands share: their options, how they open a store, which review they mean."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from compactgraph import paths
from compactgraph.errors import QueryError, RegisterError, StoreBusyError, UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Collection

    from compactgraph.answers.review_graph import ReviewGraph
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


def draft_number(given: str) -> int:
    """Return the number of a draft as a person gives it, 0 for the latest; QueryError for neither."""
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
        print(f"compactgraph: what is shown may lack decisions: {error}", file=sys.stderr)


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
    """Return a review's identifier; raise UnknownNameError where the store has no such review."""
    if review not in names:
        raise UnknownNameError("review", review, names)
    return review


def chosen_review(review: str | None, names: Collection[str]) -> str | None:
    """Return the review that is asked for, or the only one, or None for all."""
    if review is not None:
        return known_review(review, names)
    return next(iter(names)) if len(names) == 1 else None


def one_review(review: str | None, names: Collection[str]) -> str:
    """Return the review that is asked for, or the only one; raise QueryError where it must be chosen."""
    chosen = chosen_review(review, names)
    if chosen is None:
        some = ", ".join([*names][:5]) + (" …" if len(names) > 5 else "")
        raise QueryError(f"the store has {len(names)} reviews ({some}); choose one with --review")
    return chosen
