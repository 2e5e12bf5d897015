"""``draft``: the drafts of the new agreement."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from compactgraph.cli.commands.recording import body, desk_of, help_alone, record
from compactgraph.cli.options import (
    Dated,
    Replacing,
    Signed,
    Where,
    Written,
    draft_number,
    open_graph,
    spread,
)
from compactgraph.cli.output import print_sheet
from compactgraph.common.schemes import ProvisionKind
from compactgraph.errors import QueryError


def start(context: typer.Context) -> None:
    """Write the drafts of the new agreement."""
    help_alone(context)


@spread
def begin(
    *,
    signed: Signed,
    where: Where,
) -> None:
    """Begin a draft; it starts with all that the one before holds, which is closed from then on."""
    record(desk_of(where), [body("begin-draft", **signed.entered())])


@spread
def write(
    identifier: Annotated[str, typer.Argument(help="What the draft calls the provision, as 2.3.")],
    text: Annotated[str, typer.Option("--text", help="Its words.")] = "",
    text_file: Annotated[
        Path | None, typer.Option("--text-file", help="A file with its words; - is standard input.")
    ] = None,
    kind: Annotated[
        str, typer.Option("--kind", help="commitment, theme, value or section.")
    ] = ProvisionKind.COMMITMENT,
    theme: Annotated[str, typer.Option("--theme", help="The number of its theme.")] = "",
    origin: Annotated[
        list[str] | None,
        typer.Option("--from", help="A provision that it derives from: 1.11, or draft/1/2.3."),
    ] = None,
    *,
    signed: Replacing,
    where: Where,
) -> None:
    """Write a provision of the latest draft, or write it anew."""
    derived = tuple(origin or ())
    written = body(
        "write-draft",
        item=identifier,
        role=kind,
        theme=theme,
        text=_words(text, text_file),
        derives_from=derived,
        **signed.entered(),
    )
    record(desk_of(where), [written])


@spread
def withdraw(
    identifier: Annotated[str, typer.Argument(help="The provision of the latest draft.")],
    *,
    signed: Replacing,
    where: Where,
) -> None:
    """Take a provision out of the latest draft; the drafts before keep it."""
    record(desk_of(where), [body("withdraw-draft", item=identifier, **signed.entered())])


@spread
def show(
    number: Annotated[str, typer.Argument(help="A draft's number, or latest.")] = "latest",
    *,
    dated: Dated,
    written: Written,
) -> None:
    """Print a draft: each provision with its words and where it came from."""
    from compactgraph.answers.tables.drafts import SHOWN, draft_provisions

    found = draft_provisions(dated.graph(), draft_number(number))
    title = f"Draft {found[0].draft}: {len(found)} provisions"
    print_sheet(title, SHOWN, [each.cells() for each in found], written)


@spread
def differences(
    identifier: Annotated[
        str | None, typer.Argument(help="Only this provision of the draft, as 2.3.")
    ] = None,
    number: Annotated[str, typer.Option("--draft", help="A draft's number, or latest.")] = "latest",
    *,
    where: Where,
) -> None:
    """Show word by word how a draft's provisions differ from what they derive from."""
    from compactgraph.answers.tables.drafts import draft_origins
    from compactgraph.cli.reports import console, differences_report

    rows = draft_origins(open_graph(where.store, where.review), draft_number(number))
    written = [row for row in rows if row.draft_provision]
    chosen = [r for r in written if identifier in (None, r.draft_provision.rpartition("/")[2])]
    if identifier is not None and not chosen:
        from compactgraph.errors import UnknownNameError

        known = [row.draft_provision.rpartition("/")[2] for row in written]
        raise UnknownNameError("provision of the draft", identifier, known)
    console().print(differences_report(chosen))


COMMANDS = {
    "begin": begin,
    "write": write,
    "withdraw": withdraw,
    "show": show,
    "differences": differences,
}


def _words(text: str, path: Path | None) -> str:
    if path is None:
        return text
    if text:
        raise QueryError("--text and --text-file both give the words; give one of them")
    if str(path) == "-":
        return sys.stdin.read().strip()
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise QueryError(f"{path}: cannot be read ({error}); name a text file in UTF-8") from None
