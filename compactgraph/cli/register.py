"""The commands of the register: ``decide``, ``decisions`` and ``draft``.

Each parses its arguments, makes one call, prints: see :mod:`compactgraph.cli.app`.
"""

from __future__ import annotations

import os
import pwd
import socket
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.exceptions import Exit

from compactgraph import paths
from compactgraph.cli.options import (
    DONE,
    FOUND,
    AsAtOption,
    FormatOption,
    OutputOption,
    ReviewOption,
    StoreOption,
    draft_number,
    one_review,
    open_graph,
)
from compactgraph.cli.output import TableFormat, choose_format, print_sheet
from compactgraph.common.schemes import ProvisionKind
from compactgraph.errors import QueryError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from compactgraph.deciding.desk import Desk
    from compactgraph.errors import ConflictError
    from compactgraph.register.entry import Body

_SETTINGS: dict[str, Any] = {
    "add_completion": False,
    "no_args_is_help": False,
    "rich_markup_mode": None,
    "context_settings": {"help_option_names": ["-h", "--help"]},
}
decide = typer.Typer(help="Record what was decided on a movement or a provision.", **_SETTINGS)
draft = typer.Typer(help="Write the drafts of the new agreement.", **_SETTINGS)
decisions = typer.Typer(
    help="List what was decided; check the register, and take it elsewhere.", **_SETTINGS
)

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
DispositionOption = Annotated[
    list[str] | None,
    typer.Option("--disposition", help="What is decided: keep, keep-with-revision, change, remove …"),
]
ReasonOption = Annotated[
    list[str] | None, typer.Option("--reason", help="Why something is removed, by its term.")
]
DestinationOption = Annotated[
    str, typer.Option("--to", help="Where it goes, by the reference's identifier.")
]
ItemsArgument = Annotated[
    list[str], typer.Argument(help="Movements by their identifiers, or provisions: all their movements.")
]


@decide.callback(invoke_without_command=True)
def start_deciding(context: typer.Context) -> None:
    """Record what was decided on a movement or a provision."""
    _help_alone(context)


@draft.callback(invoke_without_command=True)
def start_drafting(context: typer.Context) -> None:
    """Write the drafts of the new agreement."""
    _help_alone(context)


def _help_alone(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


# decide


@decide.command()
def agree(
    items: ItemsArgument,
    by: ByOption = None,
    for_: ForOption = "",
    date_: DateOption = None,
    why: WhyOption = "",
    replaces: ReplacesOption = None,
    beside: BesideOption = None,
    store: StoreOption = None,
    review: ReviewOption = None,
) -> None:
    """Agree to what is recommended."""
    entered = _entered("agree", by, for_, date_, why, replaces, beside)
    _record_each(items, entered, store, review)


@decide.command()
def reject(
    items: ItemsArgument,
    by: ByOption = None,
    for_: ForOption = "",
    date_: DateOption = None,
    why: WhyOption = "",
    replaces: ReplacesOption = None,
    beside: BesideOption = None,
    store: StoreOption = None,
    review: ReviewOption = None,
) -> None:
    """Decline what is recommended."""
    entered = _entered("reject", by, for_, date_, why, replaces, beside)
    _record_each(items, entered, store, review)


@decide.command()
def amend(
    items: ItemsArgument,
    disposition: DispositionOption = None,
    reason: ReasonOption = None,
    to: DestinationOption = "",
    by: ByOption = None,
    for_: ForOption = "",
    date_: DateOption = None,
    why: WhyOption = "",
    replaces: ReplacesOption = None,
    beside: BesideOption = None,
    store: StoreOption = None,
    review: ReviewOption = None,
) -> None:
    """Decide something else in the place of what is recommended."""
    entered = _entered("amend", by, for_, date_, why, replaces, beside)
    content = {"dispositions": tuple(disposition or ()), "reasons": tuple(reason or ()), "to": to}
    _record_each(items, entered | content, store, review)


@decide.command()
def settle(
    provisions: Annotated[list[str], typer.Argument(help="Provisions, by their identifiers.")],
    disposition: DispositionOption = None,
    reason: ReasonOption = None,
    to: DestinationOption = "",
    by: ByOption = None,
    for_: ForOption = "",
    date_: DateOption = None,
    why: WhyOption = "",
    replaces: ReplacesOption = None,
    beside: BesideOption = None,
    store: StoreOption = None,
    review: ReviewOption = None,
) -> None:
    """Decide a provision that is undecided, or which of its alternatives (--to) it is."""
    entered = _entered("settle", by, for_, date_, why, replaces, beside)
    content = {"dispositions": tuple(disposition or ()), "reasons": tuple(reason or ()), "to": to}
    entered |= content
    _record(_desk(store, review), [_body(item=name, **entered) for name in provisions])


@decide.command()
def apply(
    items: ItemsArgument,
    place: Annotated[
        str, typer.Option("--place", help="Where it now stands: in words, or as draft/1/2.3.")
    ] = "",
    by: ByOption = None,
    for_: ForOption = "",
    date_: DateOption = None,
    why: WhyOption = "",
    replaces: ReplacesOption = None,
    beside: BesideOption = None,
    store: StoreOption = None,
    review: ReviewOption = None,
) -> None:
    """Mark what was agreed as applied, with its place in the receiving document."""
    entered = _entered("apply", by, for_, date_, why, replaces, beside)
    _record_each(items, entered | {"place": place}, store, review)


@decide.command()
def note(
    items: ItemsArgument,
    by: ByOption = None,
    for_: ForOption = "",
    date_: DateOption = None,
    why: WhyOption = "",
    replaces: ReplacesOption = None,
    store: StoreOption = None,
    review: ReviewOption = None,
) -> None:
    """Put something on record that decides nothing; with --replaces, take a decision back."""
    entered = _entered("note", by, for_, date_, why, replaces, None)
    _record(_desk(store, review), [_body(item=item, **entered) for item in items])


@decide.command()
def confirm(
    suspects: Annotated[
        list[str], typer.Argument(help="What is suspect, by its name: decision/7, draft/1/2.3, …")
    ],
    by: ByOption = None,
    for_: ForOption = "",
    date_: DateOption = None,
    why: WhyOption = "",
    store: StoreOption = None,
    review: ReviewOption = None,
) -> None:
    """Confirm that what rests on words that have changed since holds on the new words too."""
    entered = _entered("confirm", by, for_, date_, why, None, None)
    _record(_desk(store, review), [_body(item=item, **entered) for item in suspects])


@decide.command()
def sheet(
    path: Annotated[Path, typer.Argument(help="The file to write, as .xlsx.")],
    to: Annotated[str, typer.Option("--to", help="Only what goes to this destination.")] = "",
    everything: Annotated[
        bool, typer.Option("--all", help="Everything, and not only what awaits a decision.")
    ] = False,
    store: StoreOption = None,
    review: ReviewOption = None,
) -> None:
    """Write a spreadsheet of what awaits a decision, to be filled in and taken back."""
    from compactgraph.common.english import counted
    from compactgraph.deciding.sheet.round_trip import write_sheet

    rows = write_sheet(_desk(store, review), path, to, everything=everything)
    said = f"To be decided on: {counted(rows, 'row')}" if rows else "Nothing awaits a decision."
    typer.echo(said)
    if rows:
        print(f"Wrote {path}.", file=sys.stderr)
    raise Exit(DONE if rows else FOUND)


@decide.command("from-sheet")
def from_sheet(
    path: Annotated[Path, typer.Argument(help="A sheet that was filled in, .xlsx or .ods.")],
    apply_: Annotated[
        bool, typer.Option("--apply", help="Record it, all or nothing; without it, only show.")
    ] = False,
    by: ByOption = None,
    for_: ForOption = "",
    date_: Annotated[
        str, typer.Option("--date", help="The day of the decisions whose row has none: 2026-11-24.")
    ] = "",
    store: StoreOption = None,
    review: ReviewOption = None,
) -> None:
    """Show what a filled-in spreadsheet would record, what is not understood and what is in conflict."""
    from compactgraph.cli.reports import recorded_report
    from compactgraph.deciding.sheet.round_trip import Defaults, apply_sheet, preview, read_sheet

    data, defaults = read_sheet(path), Defaults(tuple(by or ()), for_, date_)
    desk = _desk(store, review)
    seen = preview(desk, data, defaults)
    for line in seen.sentences:
        typer.echo(line)
    if not apply_ or not seen.applicable:
        typer.echo("Nothing was recorded." + (" To record it, add --apply." if seen.applicable else ""))
        raise Exit(DONE if seen.applicable else FOUND)
    recorded = apply_sheet(desk, data, defaults, _recorder())
    typer.echo("Recorded:")
    for line in recorded_report(recorded, desk.situation()):
        typer.echo(f"  {line}")
    if recorded.notice:
        typer.echo(f"compactgraph: {recorded.notice}", err=True)


def _entered(
    kind: str,
    by: list[str] | None,
    for_: str,
    day: str | None,
    why: str,
    replaces: list[str] | None,
    beside: list[str] | None,
) -> dict[str, Any]:
    return {
        "kind": kind,
        "by": tuple(by or ()),
        "on_behalf_of": for_,
        "date": day or date.today().isoformat(),
        "why": why,
        "replaces": tuple(_number(given) for given in replaces or ()),
        "beside": tuple(_number(given) for given in beside or ()),
    }


def _number(given: str) -> int:
    figures = given.removeprefix("d")
    if not (figures.isascii() and figures.isdecimal() and len(figures) < 10):
        raise QueryError(f"'{given[:20]}' is no decision; name it by its number, as d7")
    return int(figures)


def _body(kind: str, **values: Any) -> Body:
    from compactgraph.register.entry import Body, Kind

    return Body(kind=Kind(kind), **values)


def _desk(store: str | None, review: str | None) -> Desk:
    from compactgraph.deciding.desk import Desk
    from compactgraph.store.storage import storage_at

    # What was decided is read from the register itself: the graph need not have taken it in.
    location = paths.store_location(store)
    reviews = storage_at(location).open()[1]["reviews"]
    names = [each["identifier"] for each in reviews]
    return Desk(location, paths.ontology_folder(), one_review(review, names))


def _record_each(
    items: Sequence[str], entered: dict[str, Any], store: str | None, review: str | None
) -> None:
    """Record the same decision on each of some movements, or on those of some provisions."""
    from compactgraph.deciding.offers import movements_of
    from compactgraph.register.entry import Kind

    desk = _desk(store, review)
    situation = desk.situation()
    kind = Kind(entered["kind"])
    chosen = [name for item in items for name in movements_of(situation, item, kind)]
    _record(desk, [_body(item=name, **entered) for name in dict.fromkeys(chosen)])


def _record(desk: Desk, bodies: Sequence[Body]) -> None:
    from compactgraph.cli.reports import recorded_report

    recorded = desk.record(bodies, _recorder())
    for line in recorded_report(recorded, desk.situation()):
        typer.echo(line)
    if recorded.notice:
        typer.echo(f"compactgraph: {recorded.notice}", err=True)


def conflict_options(error: ConflictError) -> str:
    """Return the options with which an entry stands that others stand against."""
    names = ("replaces", "beside") if error.beside else ("replaces",)
    options = [" ".join(f"--{name} d{n}" for n in error.numbers) for name in names]
    return f"add {', or '.join(options)}"


def _recorder() -> str:
    """Return the account that writes: the operating system's user, whatever the environment says."""
    return f"os:{pwd.getpwuid(os.geteuid()).pw_name}@{socket.gethostname()}"


# decisions


@decisions.callback(invoke_without_command=True)
def list_decisions(
    context: typer.Context,
    provision: Annotated[
        str, typer.Option("--provision", help="Only those on this provision and its movements.")
    ] = "",
    kind: Annotated[str, typer.Option("--kind", help="Only this kind: agree, reject, amend …")] = "",
    by: Annotated[str, typer.Option("--by", help="Only those of a person or body so named.")] = "",
    since: Annotated[str, typer.Option("--since", help="Only those of this day and later.")] = "",
    until: Annotated[str, typer.Option("--until", help="Only those of this day and earlier.")] = "",
    state: Annotated[
        str, typer.Option("--state", help="Only those in-force, replaced, suspect or void.")
    ] = "",
    store: StoreOption = None,
    review: ReviewOption = None,
    format_: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """List what was decided, the first first."""
    if context.invoked_subcommand is not None:
        return
    from compactgraph.answers.tables.decisions import COLUMNS, Wanted, checked, history

    graph = open_graph(store, review)
    wanted = checked(graph, Wanted(provision, kind, by, since, until, state))
    found = [each for each in history(graph) if wanted.admits(each)]
    title = f"Decisions: {len(found)}"
    if output is None and choose_format(format_) is TableFormat.TABLE:
        from compactgraph.cli.reports import console, decisions_report

        console().print(decisions_report(title, found))
        raise Exit(DONE if found else FOUND)
    print_sheet(title, COLUMNS, [each.cells() for each in found], format_, output)
    raise Exit(DONE if found else FOUND)


@decisions.command()
def verify(
    head: Annotated[
        list[str] | None,
        typer.Option("--head", help="The hash of a last entry that was written down elsewhere."),
    ] = None,
    store: StoreOption = None,
) -> None:
    """Find any entry of the register that was altered or taken out."""
    from compactgraph.register.transfer import verify as check

    found = check(paths.store_location(store), head or [])
    for each in found:
        for flaw in each.flaws:
            typer.echo(str(flaw))
        if not each.flaws:
            entries = "1 entry" if each.entries == 1 else f"{each.entries:,} entries"
            typer.echo(
                f"{each.review}: {entries}, whole; the last is d{each.head.number}, {each.head.hash}"
            )
    if not found:
        typer.echo("Nothing has been recorded yet.")
    raise Exit(FOUND if any(each.flaws for each in found) else DONE)


@decisions.command("export")
def export_(
    path: Annotated[Path, typer.Argument(help="The file to write: JSON lines.")],
    store: StoreOption = None,
    review: ReviewOption = None,
) -> None:
    """Write the register to a file that can be checked and imported elsewhere."""
    from compactgraph.register.transfer import export_register

    written = export_register(paths.store_location(store), path, review)
    for name, head in written.items():
        typer.echo(f"{name}: {head.number:,} entries; the last is d{head.number}, {head.hash}")
    print(f"Wrote {path}.", file=sys.stderr)


@decisions.command("import")
def import_(
    path: Annotated[Path, typer.Argument(help="A file that 'decisions export' wrote.")],
    store: StoreOption = None,
) -> None:
    """Add the entries of an exported register to this one, unchanged; those that are here stay."""
    from compactgraph.register.transfer import import_register

    for name, number in import_register(paths.store_location(store), path).items():
        typer.echo(f"{name}: {number:,} new entries")


# draft


@draft.command()
def begin(
    by: ByOption = None,
    for_: ForOption = "",
    date_: DateOption = None,
    why: WhyOption = "",
    store: StoreOption = None,
    review: ReviewOption = None,
) -> None:
    """Begin a draft; it starts with all that the one before holds, which is closed from then on."""
    entered = _entered("begin-draft", by, for_, date_, why, None, None)
    _record(_desk(store, review), [_body(**entered)])


@draft.command()
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
    by: ByOption = None,
    for_: ForOption = "",
    date_: DateOption = None,
    why: WhyOption = "",
    replaces: ReplacesOption = None,
    store: StoreOption = None,
    review: ReviewOption = None,
) -> None:
    """Write a provision of the latest draft, or write it anew."""
    entered = _entered("write-draft", by, for_, date_, why, replaces, None)
    words = _words(text, text_file)
    derived = tuple(origin or ())
    body = _body(item=identifier, role=kind, theme=theme, text=words, derives_from=derived, **entered)
    _record(_desk(store, review), [body])


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


@draft.command()
def withdraw(
    identifier: Annotated[str, typer.Argument(help="The provision of the latest draft.")],
    by: ByOption = None,
    for_: ForOption = "",
    date_: DateOption = None,
    why: WhyOption = "",
    replaces: ReplacesOption = None,
    store: StoreOption = None,
    review: ReviewOption = None,
) -> None:
    """Take a provision out of the latest draft; the drafts before keep it."""
    entered = _entered("withdraw-draft", by, for_, date_, why, replaces, None)
    _record(_desk(store, review), [_body(item=identifier, **entered)])


@draft.command()
def show(
    number: Annotated[str, typer.Argument(help="A draft's number, or latest.")] = "latest",
    as_at: AsAtOption = None,
    store: StoreOption = None,
    review: ReviewOption = None,
    format_: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """Print a draft: each provision with its words and where it came from."""
    from compactgraph.answers.tables.drafts import SHOWN, draft_provisions

    found = draft_provisions(open_graph(store, review, as_at), draft_number(number))
    title = f"Draft {found[0].draft}: {len(found)} provisions"
    print_sheet(title, SHOWN, [each.cells() for each in found], format_, output)


@draft.command()
def differences(
    identifier: Annotated[
        str | None, typer.Argument(help="Only this provision of the draft, as 2.3.")
    ] = None,
    number: Annotated[str, typer.Option("--draft", help="A draft's number, or latest.")] = "latest",
    store: StoreOption = None,
    review: ReviewOption = None,
) -> None:
    """Show word by word how a draft's provisions differ from what they derive from."""
    from compactgraph.answers.tables.drafts import draft_origins
    from compactgraph.cli.reports import console, differences_report

    rows = draft_origins(open_graph(store, review), draft_number(number))
    written = [row for row in rows if row.draft_provision]
    chosen = [r for r in written if identifier in (None, r.draft_provision.rpartition("/")[2])]
    if identifier is not None and not chosen:
        from compactgraph.errors import UnknownNameError

        known = [row.draft_provision.rpartition("/")[2] for row in written]
        raise UnknownNameError("provision of the draft", identifier, known)
    console().print(differences_report(chosen))
