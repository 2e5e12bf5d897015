"""The ``compactgraph`` command: each command parses its arguments, makes one call, prints.

Exit status: 0 done and conforming; 1 it ran, and found violations or no match; 2 it could not run.
A command imports the libraries of the graph if it needs them, so that the others start at once.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from io import TextIOWrapper
from typing import Annotated, Any

import typer
from typer.exceptions import Abort, TyperException

from compactgraph.cli.advice import told
from compactgraph.cli.commands import ask, build, decide, decisions, draft, export, serve, tables
from compactgraph.cli.options import DONE, FAILED
from compactgraph.common.version import __version__
from compactgraph.errors import CompactgraphError

_SETTINGS: dict[str, Any] = {
    "add_completion": False,
    "no_args_is_help": False,
    "rich_markup_mode": None,
    "context_settings": {"help_option_names": ["-h", "--help"]},
}
app = typer.Typer(pretty_exceptions_enable=False, **_SETTINGS)
_COMMANDS: dict[str, Callable[..., None]] = {
    "build": build.build,
    "validate": build.validate,
    "trace": ask.trace,
    "destinations": tables.destinations,
    "origins": tables.origins,
    "query": ask.query,
    "export": export.export,
    "serve": serve.serve,
    "app": serve.explore,
}
_GROUPS = {"decide": decide, "decisions": decisions, "draft": draft}

for _name, _command in _COMMANDS.items():
    app.command(_name)(_command)
for _name, _group in _GROUPS.items():
    _sub = typer.Typer(**_SETTINGS)
    _sub.callback(invoke_without_command=True)(_group.start)
    for _each, _command in _group.COMMANDS.items():
        _sub.command(_each)(_command)
    app.add_typer(_sub, name=_name)


@app.callback(invoke_without_command=True)
def start(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """Trace where each commitment of a reviewed Compact moved, why, and on whose word."""
    if version:
        typer.echo(f"compactgraph {__version__}")
    elif context.invoked_subcommand is None:
        typer.echo(context.get_help())


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
    print(f"compactgraph: {message}", file=sys.stderr)
    return FAILED
