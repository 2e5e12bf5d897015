"""``trace`` and ``query``."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from signal import SIG_DFL, SIGINT, signal
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.exceptions import Exit

from compactgraph import paths
from compactgraph.cli.options import (
    DONE,
    FOUND,
    Dated,
    Where,
    Written,
    chosen_review,
    open_store,
    spread,
    take_in_decisions,
)
from compactgraph.cli.output import TableFormat, choose_format, print_json, print_sheet
from compactgraph.errors import QueryError

if TYPE_CHECKING:
    from compactgraph.answers.network.network import Step
    from compactgraph.answers.review_graph import ReviewGraph
    from compactgraph.serving.bounded_queries import BoundedQueries
    from compactgraph.sparql.rows import Cell

_QUERY_MEMORY = 4_000_000_000


@spread
def trace(
    provision: Annotated[str, typer.Argument(help="A provision, by its identifier.")],
    path_to: Annotated[
        str | None, typer.Option("--path-to", help="Show how it is tied to this.")
    ] = None,
    *,
    dated: Dated,
    format_: Annotated[
        str | None, typer.Option("--format", help="table (a story, the default) or json.")
    ] = None,
) -> None:
    """Show one provision's whole way: words, commentary, recommendations, destination, evidence."""
    from compactgraph.answers.provision.trace import trace as trace_provision
    from compactgraph.cli.reports import console, path_report, trace_report

    chosen = choose_format(format_ or "table", known=[TableFormat.TABLE, TableFormat.JSON])
    graph = _graph_with(provision, dated)
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


@spread
def query(
    name: Annotated[
        str | None,
        typer.Argument(help="A saved question, a SPARQL file, or - for standard input."),
    ] = None,
    param: Annotated[
        list[str] | None, typer.Option("--param", "-p", help="A parameter: name=value.")
    ] = None,
    *,
    where: Where,
    timeout: Annotated[
        float | None,
        typer.Option("--timeout", min=0.1, help="Stop after this many seconds; else there is no limit."),
    ] = None,
    written: Written,
) -> None:
    """Ask a question in SPARQL; without a name, list the saved questions."""
    from compactgraph.sparql.questions import ask, find_question, saved_questions
    from compactgraph.sparql.rows import GraphAnswer
    from compactgraph.sparql.running import run_sparql

    ontology = paths.ontology_folder()
    if name is None:
        _list_questions(saved_questions(ontology).values(), written)
        return
    sparql = _brought(name)
    if sparql is None:
        question = find_question(ontology, name)
        take_in_decisions(where.store)
        opened, names = open_store(where.store)
        only = chosen_review(where.review, names)
        values, title = _parameters(param or []), question.question
        with _stopped_after(timeout, where.store) as bounded:
            answer: Any = (
                ask(opened, question, values, only)
                if bounded is None
                else bounded.ask(question, values, only).answer
            )
    else:
        if param:
            raise QueryError("--param goes with a saved question; write the value into the query")
        take_in_decisions(where.store)
        opened, title = open_store(where.store)[0], ""
        with _stopped_after(timeout, where.store) as bounded:
            answer = run_sparql(opened, sparql) if bounded is None else bounded.run(sparql).answer
    if isinstance(answer, bool):
        typer.echo("yes" if answer else "no")
        raise Exit(DONE if answer else FOUND)
    if isinstance(answer, GraphAnswer):
        from compactgraph.answers.export import turtle

        sys.stdout.buffer.write(turtle(answer.triples))
        raise Exit(DONE if answer.triples else FOUND)
    print_sheet(title, answer.columns, answer.rows, written)
    raise Exit(DONE if answer.rows else FOUND)


def _graph_with(provision: str, where: Dated) -> ReviewGraph:
    """Return the graph of the chosen review, or of the only one that has the provision."""
    from compactgraph.answers.review_graph import ReviewGraph

    if where.as_at is not None:
        return where.graph()
    take_in_decisions(where.store)
    opened, names = open_store(where.store)
    only, ontology = chosen_review(where.review, names), paths.ontology_folder()
    if only is None:
        return ReviewGraph.with_provision(opened, ontology, provision)
    return ReviewGraph(opened, ontology, only)


@contextmanager
def _stopped_after(seconds: float | None, store: str | None) -> Iterator[BoundedQueries | None]:
    """Stop a query after some seconds; without a limit let Ctrl+C end it, which Oxigraph ignores."""
    if seconds is None:
        before = signal(SIGINT, SIG_DFL)
        try:
            yield None
        finally:
            signal(SIGINT, before)
        return
    from compactgraph.serving.bounded_queries import BoundedQueries

    location = paths.store_location(store)
    longer = "give it longer with --timeout"
    bounds: dict[str, Any] = {"seconds": seconds, "rows": sys.maxsize, "memory": _QUERY_MEMORY}
    with BoundedQueries(location, **bounds, workers=1, instead=longer) as bounded:
        yield bounded


def _list_questions(questions: Any, written: Written) -> None:
    rows: list[tuple[Cell, ...]] = [
        (q.name, q.question, q.asks, ", ".join(p.name for p in q.parameters if not p.optional))
        for q in questions
    ]
    columns = ("name", "question", "asks", "needs")
    print_sheet("Saved questions", columns, rows, written)


def _brought(name: str) -> str | None:
    """Return the query on standard input or in a file, or None for a saved question's name."""
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
