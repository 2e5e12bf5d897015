"""``draft``: the drafts of the new agreement."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from compactgraph.cli.commands.recording import desk_of, record
from compactgraph.cli.options import Dated, Replacing, Signed, Where, draft_number, read_text, spread
from compactgraph.cli.output import Written
from compactgraph.common.schemes import ProvisionKind
from compactgraph.errors import QueryError, UnknownNameError


@spread
def begin(*, signed: Signed, where: Where) -> None:
    """Begin a draft; it starts with all that the one before holds, which is closed from then on."""
    record(desk_of(where), "begin-draft", [""], signed.entered())


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
    provision = {
        "role": kind,
        "theme": theme,
        "text": _words(text, text_file),
        "derives_from": tuple(origin or ()),
    }
    record(desk_of(where), "write-draft", [identifier], provision | signed.entered())


@spread
def withdraw(
    identifier: Annotated[str, typer.Argument(help="The provision of the latest draft.")],
    *,
    signed: Replacing,
    where: Where,
) -> None:
    """Take a provision out of the latest draft; the drafts before keep it."""
    record(desk_of(where), "withdraw-draft", [identifier], signed.entered())


@spread
def show(
    number: Annotated[str, typer.Argument(help="A draft's number, or latest.")] = "latest",
    *,
    dated: Dated,
    written: Written,
) -> None:
    """Print a draft: each provision with its words and where it came from."""
    from compactgraph.answers.tables.drafts import SHOWN, draft_provisions

    found = draft_provisions(dated.graph(dated.as_at), draft_number(number))
    title = f"Draft {found[0].draft}: {len(found)} provisions"
    written.show(title, SHOWN, [each.cells() for each in found])


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

    rows = draft_origins(where.graph(), draft_number(number))
    written = [(row.draft_provision.rpartition("/")[2], row) for row in rows if row.draft_provision]
    chosen = [row for name, row in written if identifier in (None, name)]
    if identifier is not None and not chosen:
        known = [name for name, _ in written]
        raise UnknownNameError("provision of the draft", identifier, known)
    console().print(differences_report(chosen))


COMMANDS = (begin, write, withdraw, show, differences)


def _words(text: str, path: Path | None) -> str:
    if path is None:
        return text
    if text:
        raise QueryError("--text and --text-file both give the words; give one of them")
    return read_text(path, "a text file in UTF-8").strip()
