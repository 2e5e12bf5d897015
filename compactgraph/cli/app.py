"""The ``compactgraph`` command: each command parses its arguments, makes one call, prints.

Exit status: 0 done and conforming; 1 it ran, and found violations or no match; 2 it could not run.
Libraries of the graph are imported by the command that needs them, so that the others start at once.
"""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from signal import SIG_DFL, SIGINT, signal
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.exceptions import Abort, Exit, TyperException

from compactgraph import paths
from compactgraph.cli.options import (
    DONE,
    FAILED,
    FOUND,
    AsAtOption,
    DataOption,
    DraftOption,
    FormatOption,
    OutcomeOption,
    OutputOption,
    PartyOption,
    ReviewOption,
    StatusOption,
    StoreOption,
    ThemeOption,
    ToOption,
    chosen_review,
    draft_number,
    known_review,
    one_review,
    open_graph,
    open_store,
    take_in_decisions,
)
from compactgraph.cli.output import (
    FILE_FORMATS,
    Progress,
    StageProgress,
    TableFormat,
    choose_format,
    print_json,
    print_sheet,
    write_sheets,
)
from compactgraph.cli.register import conflict_options, decide, decisions
from compactgraph.cli.register import draft as draft_app
from compactgraph.common.version import __version__
from compactgraph.errors import CompactgraphError, ConflictError, QueryError, UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from compactgraph.answers.network.network import Step
    from compactgraph.answers.review_graph import ReviewGraph
    from compactgraph.answers.tables.destinations import Filter, Row
    from compactgraph.answers.tables.drafts import DraftRow
    from compactgraph.serving.pool import BoundedQueries
    from compactgraph.sparql.rows import Answer, Cell

_QUERY_MEMORY = 4_000_000_000

app = typer.Typer(
    add_completion=False,
    no_args_is_help=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


app.add_typer(decide, name="decide")
app.add_typer(decisions, name="decisions")
app.add_typer(draft_app, name="draft")


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


@app.command()
def build(
    data: DataOption = None,
    store: StoreOption = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Fail where anything is unread or violates a shape.")
    ] = False,
) -> None:
    """Build the store: source → graph → SHACL → store."""
    from compactgraph.build.pipeline import build_store
    from compactgraph.cli.reports import build_report, console

    with Progress() as progress:
        result = build_store(
            paths.data_folder(data),
            paths.ontology_folder(),
            paths.store_location(store),
            strict=strict,
            progress=progress,
        )
    console().print(build_report(result))
    raise Exit(DONE if result.conforms else FOUND)


@app.command()
def validate(
    files: Annotated[
        list[Path] | None, typer.Argument(help="RDF files; without any, the store is validated.")
    ] = None,
    store: StoreOption = None,
    review: ReviewOption = None,
    format_: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """Report in plain English where the graph does not conform, with the place in the source."""
    from compactgraph.cli.reports import console, findings_report

    ontology = paths.ontology_folder()
    if files:
        from compactgraph.graph.validation import validate_files

        found = {"": validate_files(ontology, files)}
    else:
        from compactgraph.build.parallel import validate_store

        take_in_decisions(store)
        _, names = open_store(store)
        chosen = list(names) if review is None else [known_review(review, names)]
        with Progress("Validating") as progress:
            found = {}
            for name, findings in validate_store(paths.store_location(store), ontology, chosen):
                found[name] = findings
                progress(name, len(found), len(chosen))
    if output is None and choose_format(format_) is TableFormat.TABLE:
        console().print(findings_report(found))
    else:
        columns = ("review", "severity", "item", "line", "finding", "value", "shape")
        rows: list[tuple[Cell, ...]] = [
            (name, f.severity, f.focus, f.line, f.message, f.value, f.shape)
            for name, findings in found.items()
            for f in findings
        ]
        print_sheet("What validation found", columns, rows, format_, output)
    violations = any(f.severity == "Violation" for each in found.values() for f in each)
    raise Exit(FOUND if violations else DONE)


@app.command()
def trace(
    provision: Annotated[str, typer.Argument(help="A provision, by its identifier.")],
    path_to: Annotated[
        str | None, typer.Option("--path-to", help="Show how it is tied to this.")
    ] = None,
    store: StoreOption = None,
    review: ReviewOption = None,
    as_at: AsAtOption = None,
    format_: Annotated[
        str | None, typer.Option("--format", help="table (a story, the default) or json.")
    ] = None,
) -> None:
    """Show one provision's whole way: words, commentary, recommendations, destination, evidence."""
    from compactgraph.answers.provision.trace import trace as trace_provision
    from compactgraph.cli.reports import console, path_report, trace_report

    chosen = choose_format(format_ or "table", known=[TableFormat.TABLE, TableFormat.JSON])
    graph = _graph_with(provision, store, review, as_at)
    traced = trace_provision(graph, provision)
    steps: list[Step] | None = None
    if path_to is not None:
        from compactgraph.answers.network.network import explained_path, resolve, review_network

        network = review_network(graph)
        start = resolve(network, f"provision:{traced.identifier}")
        end = resolve(network, path_to)
        steps = explained_path(network, start, end)
    if chosen is TableFormat.JSON:
        path = None if steps is None else [_step_json(step) for step in steps]
        print_json(traced.to_json() | ({} if path_to is None else {"path": path}))
    else:
        console().print(trace_report(traced))
        if path_to is not None:
            console().print(path_report(steps, path_to))
    raise Exit(FOUND if path_to is not None and steps is None else DONE)


@app.command()
def destinations(
    to: ToOption = None,
    outcome: OutcomeOption = None,
    theme: ThemeOption = None,
    party: PartyOption = None,
    status: StatusOption = None,
    store: StoreOption = None,
    review: ReviewOption = None,
    as_at: AsAtOption = None,
    draft: DraftOption = None,
    format_: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """Print the table of destinations: where each provision goes."""
    from compactgraph.answers.tables.destinations import table_of_destinations
    from compactgraph.answers.tables.drafts import draft_destinations

    wanted = _wanted(to, outcome, theme, party, status)
    if draft is not None:
        title = "Table of destinations in the draft"
        _print_drafted(title, draft_destinations, draft, wanted, store, review, as_at, format_, output)
    title = "Table of destinations"
    _print_rows(title, table_of_destinations, wanted, store, review, as_at, format_, output)


@app.command()
def origins(
    to: ToOption = None,
    outcome: OutcomeOption = None,
    theme: ThemeOption = None,
    party: PartyOption = None,
    status: StatusOption = None,
    store: StoreOption = None,
    review: ReviewOption = None,
    as_at: AsAtOption = None,
    draft: DraftOption = None,
    format_: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """Print the table of origins: for each destination, where its content came from."""
    from compactgraph.answers.tables.destinations import table_of_origins
    from compactgraph.answers.tables.drafts import draft_origins

    wanted = _wanted(to, outcome, theme, party, status)
    if draft is not None:
        title = "Table of origins of the draft"
        _print_drafted(title, draft_origins, draft, wanted, store, review, as_at, format_, output)
    _print_rows("Table of origins", table_of_origins, wanted, store, review, as_at, format_, output)


@app.command()
def query(
    name: Annotated[
        str | None,
        typer.Argument(help="A saved question, a SPARQL file, or - for standard input."),
    ] = None,
    param: Annotated[
        list[str] | None, typer.Option("--param", "-p", help="A parameter: name=value.")
    ] = None,
    store: StoreOption = None,
    review: ReviewOption = None,
    timeout: Annotated[
        float | None,
        typer.Option("--timeout", min=0.1, help="Stop after this many seconds; else there is no limit."),
    ] = None,
    format_: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """Ask a question in SPARQL; without a name, list the saved questions."""
    from compactgraph.sparql.questions import ask, find_question, saved_questions
    from compactgraph.sparql.rows import GraphAnswer
    from compactgraph.sparql.running import run_sparql

    ontology = paths.ontology_folder()
    if name is None:
        _list_questions(saved_questions(ontology).values(), format_, output)
        return
    sparql = _brought(name)
    if sparql is None:
        question = find_question(ontology, name)
        take_in_decisions(store)
        opened, names = open_store(store)
        only = chosen_review(review, names)
        values, title = _parameters(param or []), question.question
        with _stopped_after(timeout, store) as bounded:
            answer: Any = (
                ask(opened, question, values, only)
                if bounded is None
                else bounded.ask(question, values, only).answer
            )
    else:
        if param:
            raise QueryError("--param goes with a saved question; write the value into the query")
        take_in_decisions(store)
        opened, title = open_store(store)[0], ""
        with _stopped_after(timeout, store) as bounded:
            answer = run_sparql(opened, sparql) if bounded is None else bounded.run(sparql).answer
    if isinstance(answer, bool):
        typer.echo("yes" if answer else "no")
        raise Exit(DONE if answer else FOUND)
    if isinstance(answer, GraphAnswer):
        from compactgraph.answers.export import turtle

        sys.stdout.buffer.write(turtle(answer.triples))
        raise Exit(DONE if answer.triples else FOUND)
    _print_answer(title, answer, format_, output)


@app.command()
def export(
    path: Annotated[Path, typer.Argument(help="The file to write.")],
    format_: Annotated[str, typer.Option("--format", help="turtle, trig, nquads, jsonld, graphml …")],
    store: StoreOption = None,
    review: ReviewOption = None,
) -> None:
    """Write the graph to a file; xlsx, ods, docx write the tables of destinations and origins."""
    from compactgraph.answers.export import FORMATS, export_graph

    known = [*FORMATS, *FILE_FORMATS, TableFormat.CSV]
    if format_ not in known:
        raise UnknownNameError("format", format_, known)
    ontology = paths.ontology_folder()
    take_in_decisions(store)
    opened, names = open_store(store)
    if format_ in FORMATS:
        only = None if review is None else known_review(review, names)
        export_graph(opened, ontology, format_, path, only)
        typer.echo(f"Wrote {path}.", err=True)
    else:
        from compactgraph.answers.review_graph import ReviewGraph

        one = one_review(review, names)
        graph = ReviewGraph(opened, ontology, one)
        _write_tables(graph, names[one], TableFormat(format_), path)


@app.command()
def serve(
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="The port to listen on.")] = 7878,
    host: Annotated[
        str, typer.Option("--host", help="The address to listen on; 0.0.0.0 lets other machines in.")
    ] = "127.0.0.1",
    base: Annotated[
        str | None,
        typer.Option("--base", help="The public URL of its root, behind a proxy."),
    ] = None,
    seconds: Annotated[
        float, typer.Option("--seconds", min=0.1, help="How long a query may run.")
    ] = 10.0,
    rows: Annotated[
        int, typer.Option("--rows", min=1, help="How many rows or triples an answer may have.")
    ] = 100_000,
    memory: Annotated[
        int, typer.Option("--memory", min=100, help="How many megabytes a query may take.")
    ] = 1_000,
    workers: Annotated[
        int, typer.Option("--workers", min=1, help="How many queries may run at once.")
    ] = 16,
    data: DataOption = None,
    store: StoreOption = None,
) -> None:
    """Offer the graph as a SPARQL 1.1 endpoint at /sparql, building first what is missing."""
    from compactgraph.endpoint.launch import launch
    from compactgraph.serving.published import Serving

    location = paths.store_location(store)
    serving = Serving(paths.data_folder(data), paths.ontology_folder(), location)
    with StageProgress() as progress:
        served = serving.prepare(progress)
    if served.notice:
        typer.echo(f"compactgraph: {served.notice}", err=True)
    bounds: dict[str, Any] = {"seconds": seconds, "rows": rows, "memory": memory * 1_000_000}
    launch(serving, host=host, port=port, base=base, **bounds, workers=workers)


@app.command("app")
def explore(
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="The port to listen on.")] = 8501,
    host: Annotated[
        str, typer.Option("--host", help="The address to listen on; 0.0.0.0 lets other machines in.")
    ] = "127.0.0.1",
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Do not open the explorer in a browser.")
    ] = False,
    deciders: Annotated[
        Path | None,
        typer.Option(
            "--decisions",
            help="Let those whom this file names decide in it, signed in (or $COMPACTGRAPH_DECIDERS).",
        ),
    ] = None,
    data: DataOption = None,
    store: StoreOption = None,
) -> None:
    """Open the explorer in a browser, building first what is missing."""
    from compactgraph.explorer.launch import check_deciders, check_port, launch
    from compactgraph.serving.published import Serving

    check_port(host, port)
    check_deciders(host, port, deciders)
    reviews, kept = paths.data_folder(data), paths.store_location(store)
    with StageProgress() as progress:
        served = Serving(reviews, paths.ontology_folder(), kept).prepare(progress)
    if served.notice:
        typer.echo(f"compactgraph: {served.notice}", err=True)
    launch(reviews, kept, host=host, port=port, browser=not no_browser, deciders=deciders)


# What the commands share


@contextmanager
def _stopped_after(seconds: float | None, store: str | None) -> Iterator[BoundedQueries | None]:
    """Have a query stopped after some seconds, or else, since Oxigraph hears no interrupt, by Ctrl+C."""
    if seconds is None:
        before = signal(SIGINT, SIG_DFL)
        try:
            yield None
        finally:
            signal(SIGINT, before)
        return
    from compactgraph.serving.pool import BoundedQueries

    location = paths.store_location(store)
    longer = "give it longer with --timeout"
    bounds: dict[str, Any] = {"seconds": seconds, "rows": sys.maxsize, "memory": _QUERY_MEMORY}
    with BoundedQueries(location, **bounds, workers=1, instead=longer) as bounded:
        yield bounded


def _wanted(
    to: str | None, outcome: str | None, theme: int | None, party: str | None, status: str | None
) -> Filter:
    from compactgraph.answers.tables.destinations import Filter

    def only(value: str | int | None) -> tuple[str, ...]:
        return () if value is None else (str(value),)

    return Filter(
        to=only(to),
        outcome=only(outcome),
        theme=only(theme),
        party=only(party),
        status=only(status),
    )


def _print_rows(
    title: str,
    table: Callable[[ReviewGraph, Filter], list[Row]],
    wanted: Filter,
    store: str | None,
    review: str | None,
    as_at: str | None,
    format_: str | None,
    output: Path | None,
) -> None:
    from compactgraph.answers.tables.destinations import COLUMNS, counts
    from compactgraph.cli.reports import console, destinations_table

    chosen = choose_format(format_, output)
    graph = open_graph(store, review, as_at)
    rows = table(graph, wanted)
    provisions, number = counts(rows)
    counted = f"{title}{_on(as_at)}: {provisions} provisions, {number} rows"
    if chosen is TableFormat.DOCX:
        _write_paper(graph, {f"{title}{_on(as_at)}": rows}, wanted, output)
    elif chosen is TableFormat.TABLE and output is None:
        screen = console()
        screen.print(destinations_table(rows, counted, screen.width))
    else:
        print_sheet(counted, COLUMNS, [row.cells() for row in rows], str(chosen), output)
    raise Exit(DONE if rows else FOUND)


def _print_drafted(
    title: str,
    table: Callable[[ReviewGraph, int], list[DraftRow]],
    draft: str,
    wanted: Filter,
    store: str | None,
    review: str | None,
    as_at: str | None,
    format_: str | None,
    output: Path | None,
) -> None:
    from compactgraph.answers.tables.destinations import Filter
    from compactgraph.answers.tables.drafts import COLUMNS

    if wanted != Filter():
        raise QueryError(
            "--draft shows a whole draft; leave out --to, --outcome, --theme, --party and --status"
        )
    rows = table(open_graph(store, review, as_at), draft_number(draft))
    title = f"{title}{_on(as_at)}: {len(rows)} rows"
    print_sheet(title, COLUMNS, [row.cells() for row in rows], format_, output)
    raise Exit(DONE if rows else FOUND)


def _graph_with(provision: str, store: str | None, review: str | None, day: str | None) -> ReviewGraph:
    """Return the graph of the review meant, or, if none is chosen, of the only one that has it."""
    from compactgraph.answers.review_graph import ReviewGraph

    if day is not None:
        return open_graph(store, review, day)
    take_in_decisions(store)
    opened, names = open_store(store)
    only, ontology = chosen_review(review, names), paths.ontology_folder()
    if only is None:
        return ReviewGraph.with_provision(opened, ontology, provision)
    return ReviewGraph(opened, ontology, only)


def _on(day: str | None) -> str:
    return "" if day is None else f" as at {day}"


def _print_answer(title: str, answer: Answer, format_: str | None, output: Path | None) -> None:
    print_sheet(title, answer.columns, answer.rows, format_, output)
    raise Exit(DONE if answer.rows else FOUND)


def _write_tables(graph: ReviewGraph, title: str, chosen: TableFormat, path: Path) -> None:
    from compactgraph.answers.tables.destinations import COLUMNS, table_of_destinations, table_of_origins
    from compactgraph.files.writing import Sheet

    tables = [
        (name, table(graph), about)
        for name, table, about in (
            ("Table of destinations", table_of_destinations, "Where each provision goes"),
            ("Table of origins", table_of_origins, "The same rows, ordered by destination"),
        )
    ]
    if chosen is TableFormat.DOCX:
        _write_paper(graph, {name: rows for name, rows, _ in tables}, None, path)
        return
    sheets = [Sheet(name, COLUMNS, [row.cells() for row in rows], about) for name, rows, about in tables]
    write_sheets(sheets[:1] if chosen is TableFormat.CSV else sheets, chosen, path, title)


def _write_paper(
    graph: ReviewGraph,
    tables: Mapping[str, Sequence[Row]],
    wanted: Filter | None,
    output: Path | None,
) -> None:
    from compactgraph.answers.review.paper import committee_paper

    paper = committee_paper(graph, tables, wanted)
    write_sheets(paper.sheets, TableFormat.DOCX, output, paper.title, paper.about, paper.source)


def _list_questions(questions: Any, format_: str | None, output: Path | None) -> None:
    rows: list[tuple[Cell, ...]] = [
        (q.name, q.question, q.asks, ", ".join(p.name for p in q.parameters if not p.optional))
        for q in questions
    ]
    columns = ("name", "question", "asks", "needs")
    print_sheet("Saved questions", columns, rows, format_, output)


def _brought(name: str) -> str | None:
    """Return the query that ``-`` or a file's name brings, or None for a saved question's name."""
    if name == "-":
        return sys.stdin.read()
    path = Path(name)
    if path.suffix not in (".rq", ".sparql") and os.sep not in name:
        return None
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise QueryError(f"{path}: cannot be read ({error}); name a file of SPARQL") from None


def _parameters(given: Sequence[str]) -> dict[str, str]:
    values = {}
    for pair in given:
        name, equals, value = pair.partition("=")
        if not equals:
            raise QueryError(f"--param {pair}: write it as name=value")
        values[name.strip()] = value.strip()
    return values


def _step_json(step: Step) -> dict[str, str]:
    ends = {"from": step.start.identifier, "to": step.end.identifier}
    return {**ends, "label": step.label, "words": step.words, "of": step.of}


def main() -> None:
    """Run the command; a cause that the user can mend is one line on standard error."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    try:
        status = app(standalone_mode=False)
    except ConflictError as error:
        status = _fail(f"{error}: {conflict_options(error)}")
    except CompactgraphError as error:
        status = _fail(str(error))
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
