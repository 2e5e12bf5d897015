"""``trace`` and ``query``."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from signal import SIG_DFL, SIGINT, signal
from typing import TYPE_CHECKING, Annotated, Any

import typer

from compactgraph import paths
from compactgraph.cli.options import Dated, Where, read_text, spread
from compactgraph.cli.output import TableFormat, Written, finish
from compactgraph.errors import QueryError, UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from compactgraph.answers.network.network import Step
    from compactgraph.answers.review_graph import ReviewGraph
    from compactgraph.serving.bounded_queries import BoundedQueries
    from compactgraph.sparql.questions import SavedQuestion

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

    known = (TableFormat.TABLE, TableFormat.JSON)
    if format_ and format_ not in known:
        raise UnknownNameError("format", format_, known)
    graph = _graph_with(provision, dated)
    traced = trace_provision(graph, provision)
    steps: list[Step] | None = None
    if path_to is not None:
        from compactgraph.answers.network.network import explained_path, resolve, review_network

        network = review_network(graph)
        start = resolve(network, f"provision:{traced.identifier}")
        steps = explained_path(network, start, resolve(network, path_to))
    if format_ == TableFormat.JSON:
        path = None if steps is None else [_step_json(step) for step in steps]
        told = traced.to_json() | ({} if path_to is None else {"path": path})
        print(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        console().print(trace_report(traced))
        if path_to is not None:
            console().print(path_report(steps, path_to))
    finish(path_to is None or steps is not None)


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
    from compactgraph.sparql.questions import find_question, saved_questions
    from compactgraph.sparql.rows import GraphAnswer

    ontology = paths.ontology_folder()
    if name is None:
        _list_questions(saved_questions(ontology).values(), written)
        return
    sparql = _brought(name)
    if sparql is not None and param:
        raise QueryError("--param goes with a saved question; write the value into the query")
    asked = find_question(ontology, name) if sparql is None else sparql
    answer = _answer(asked, _parameters(param or []), where, timeout)
    if isinstance(answer, bool):
        typer.echo("yes" if answer else "no")
        finish(answer)
    if isinstance(answer, GraphAnswer):
        from compactgraph.answers.export import turtle

        sys.stdout.buffer.write(turtle(answer.triples))
        finish(answer.triples)
    title = "" if isinstance(asked, str) else asked.question
    written.show(title, answer.columns, answer.rows)
    finish(answer.rows)


def _answer(
    asked: SavedQuestion | str, values: dict[str, str], where: Where, timeout: float | None
) -> Any:
    """Return the answer to a saved question with its values, or to a query in SPARQL."""
    from compactgraph.sparql.questions import ask
    from compactgraph.sparql.running import run_sparql

    opened, names = where.open()
    review = None if isinstance(asked, str) else where.chosen(names)
    with _stopped_after(timeout, where.location) as bounded:
        if isinstance(asked, str):
            return run_sparql(opened, asked) if bounded is None else bounded.run(asked).answer
        if bounded is None:
            return ask(opened, asked, values, review)
        return bounded.ask(asked, values, review).answer


def _graph_with(provision: str, where: Dated) -> ReviewGraph:
    """Return the graph of the chosen review, or of the only one that has the provision."""
    from compactgraph.answers.review_graph import ReviewGraph

    if where.as_at is not None:
        return where.graph(where.as_at)
    opened, names = where.open()
    review, ontology = where.chosen(names), paths.ontology_folder()
    if review is None:
        return ReviewGraph.with_provision(opened, ontology, provision)
    return ReviewGraph(opened, ontology, review)


@contextmanager
def _stopped_after(seconds: float | None, location: str) -> Iterator[BoundedQueries | None]:
    """Stop a query after some seconds; without a limit let Ctrl+C end it, which Oxigraph ignores."""
    if seconds is None:
        before = signal(SIGINT, SIG_DFL)
        try:
            yield None
        finally:
            signal(SIGINT, before)
        return
    from compactgraph.serving.bounded_queries import BoundedQueries

    longer = "give it longer with --timeout"
    bounds: dict[str, Any] = {"seconds": seconds, "rows": sys.maxsize, "memory": _QUERY_MEMORY}
    with BoundedQueries(location, **bounds, workers=1, instead=longer) as bounded:
        yield bounded


def _list_questions(questions: Iterable[SavedQuestion], written: Written) -> None:
    rows = [
        (q.name, q.question, q.asks, ", ".join(p.name for p in q.parameters if not p.optional))
        for q in questions
    ]
    written.show("Saved questions", ("name", "question", "asks", "needs"), rows)


def _brought(name: str) -> str | None:
    """Return the query on standard input or in a file, or None for a saved question's name."""
    path = Path(name)
    is_file = path.suffix in (".rq", ".sparql") or os.sep in name or name == "-"
    return read_text(path, "a file of SPARQL") if is_file else None


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
