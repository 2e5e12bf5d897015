"""The ``compactgraph`` command: each command parses its arguments, makes one call, prints.

Exit status: 0 done and conforming; 1 it ran, and found violations or no match; 2 it could not run.
A command imports the libraries of the graph if it needs them, so that the others start at once.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from io import TextIOWrapper
from typing import Annotated, Any

import typer
from typer.exceptions import Abort, TyperException

from compactgraph.cli.advice import told
from compactgraph.cli.commands import ask, build, decide, decisions, draft, export, serve, tables
from compactgraph.cli.output import DONE, FAILED, say_notice
from compactgraph.common.version import __version__
from compactgraph.errors import CompactgraphError

_SETTINGS: dict[str, Any] = {
    "add_completion": False,
    "no_args_is_help": False,
    "rich_markup_mode": None,
    "context_settings": {"help_option_names": ["-h", "--help"]},
}


def print_help(context: typer.Context) -> None:
    """Print the help of a group of commands if none of them is named."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


def _group(
    start: Callable[..., None], commands: Iterable[Callable[..., None]], help_: str = ""
) -> typer.Typer:
    """Return a group of commands; each has the name of its function."""
    group = typer.Typer(pretty_exceptions_enable=False, **_SETTINGS)
    group.callback(invoke_without_command=True, help=help_ or start.__doc__)(start)
    for command in commands:
        group.command(command.__name__.strip("_").replace("_", "-"))(command)
    return group


def start(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """Trace where each commitment of a reviewed Compact moved, why, and on whose word."""
    if version:
        typer.echo(f"compactgraph {__version__}")
    else:
        print_help(context)


_ASKING = (ask.trace, tables.destinations, tables.origins, ask.query)
app = _group(start, (build.build, build.validate, *_ASKING, export.export, serve.serve, serve.app))
_DECIDE = "Record what was decided on a movement or a provision."
_DRAFT = "Write the drafts of the new agreement."
app.add_typer(_group(print_help, decide.COMMANDS, _DECIDE), name="decide")
app.add_typer(_group(decisions.start, decisions.COMMANDS), name="decisions")
app.add_typer(_group(print_help, draft.COMMANDS, _DRAFT), name="draft")


def main() -> None:
    """Run the command; a cause that the user can mend is one line on standard error."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    try:
        status = app(standalone_mode=False)
    except CompactgraphError as error:
        status = _fail(told(error))
    except TyperException as error:
        message = " ".join(error.format_message().split()).rstrip(".")
        status = _fail(f"{message}; see: compactgraph --help")
    except (KeyboardInterrupt, Abort):
        status = _fail("stopped; nothing was changed")
    except BrokenPipeError:
        # The reader of our output has gone; Python would complain again when it flushes.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = DONE
    sys.exit(status)


def _fail(message: str) -> int:
    say_notice(message)
    return FAILED
