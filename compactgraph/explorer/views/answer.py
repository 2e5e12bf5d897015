"""How the SPARQL page shows an answer: in words, as bars, as a table, as a drawing, and as files."""

from __future__ import annotations

from functools import partial
from urllib.parse import urljoin

import streamlit as st

from compactgraph.answers.export import turtle
from compactgraph.answers.sparql_display import bars, drawing, in_words, shortened, triples_table
from compactgraph.answers.tables.destinations import table_of_destinations
from compactgraph.common.english import capital
from compactgraph.explorer.components.diagram import DiagramNode, DiagramTie, diagram
from compactgraph.explorer.frame import address, downloads, render, session
from compactgraph.explorer.views import snippets
from compactgraph.explorer.views.query import PAGE, Asked
from compactgraph.files.writing import Sheet
from compactgraph.serving.bounded_queries import Bounded
from compactgraph.sparql.rows import Answer, GraphAnswer

ROWS_SHOWN = 200
NODES_DRAWN = 150
"""How many rows stand on one page of a table, and how many nodes a drawing can have."""

FORMATS = ("xlsx", "ods", "csv", "json")
_LINKED = frozenset({"provision", "near", "bears_on"})


def show(shown: session.Shown, asked: Asked) -> None:
    """Show the answer to what was asked, or say why it is missing."""
    if isinstance(asked.answer, str) and not asked.stale:
        render.notice("This query was not answered.", f"{capital(asked.answer)}.", role="alert")
        return
    if not isinstance(asked.answer, Bounded):
        render.notice(
            "Nothing has been asked yet.",
            "Fill in the fields above."
            if asked.question
            else "Run the query to see its answer. One that comes with a link does not run by itself.",
        )
        return
    found = asked.answer.answer
    number, noun = 0, "row"
    if isinstance(found, Answer):
        number = len(found.rows)
    elif isinstance(found, GraphAnswer):
        number, noun = len(found.triples), "triple"
    render.show(
        "sparql/answer",
        stale=asked.stale,
        truth=found if isinstance(found, bool) else None,
        number=number,
        noun=noun,
        bounded=asked.answer,
    )
    if isinstance(found, GraphAnswer):
        _show_drawing(found)
        _show_table(shown, asked, triples_table(found.triples, cut=found.cut))
        downloads.button(shown, "turtle", asked.title, partial(turtle, found.triples))
    elif isinstance(found, Answer):
        _show_table(shown, asked, found)


def _show_table(shown: session.Shown, asked: Asked, answer: Answer) -> None:
    render.show(
        "sparql/table",
        title=asked.title,
        answer=answer,
        columns=[in_words(column) for column in answer.columns],
        part=address.stretch(PAGE, len(answer.rows), ROWS_SHOWN),
        bars=bars(answer),
        shortened=shortened,
        linked=_LINKED,
        provisions={row.provision for row in table_of_destinations(shown.graph)},
    )
    if answer.rows:
        about = f"A row is {asked.question.row}." if asked.question else ""
        if answer.cut:
            about = f"{about} The answer has more rows; these are the first.".strip()
        downloads.sheet(shown, Sheet(asked.title, answer.columns, answer.rows, about), FORMATS)


def _show_drawing(found: GraphAnswer) -> None:
    drawn = drawing(found.triples)
    if not drawn.nodes:
        return
    if len(drawn.nodes) > NODES_DRAWN:
        render.notice(
            "This is too much for a drawing.",
            f"A drawing holds {NODES_DRAWN} things, and this has {len(drawn.nodes):,}. "
            "All of it stands in the table.",
        )
        return
    render.show("sparql/part", part="drawing", question=None)
    diagram(
        [DiagramNode(node.name, node.label, node.kind, caption=node.name) for node in drawn.nodes],
        [DiagramTie(start, end, label) for start, end, label in drawn.ties],
        key="sparql-drawing",
        label="The answer as a drawing",
        said_by="The table below says the same, and has the words too.",
    )


def show_elsewhere(shown: session.Shown, asked: Asked) -> None:
    """Show how to ask the same by a link, on the command line and in Python."""
    render.show("sparql/part", part="link", question=asked.question)
    if asked.link:
        render.copyable(urljoin(st.context.url or "", asked.link), "the link")
    what = asked.question or asked.sparql
    render.show("sparql/part", part="command", question=asked.question)
    render.copyable(snippets.command_line(what, asked.values, shown.review), "the command")
    render.show("sparql/part", part="python", question=asked.question)
    render.copyable(snippets.python(what, asked.values, shown.review), "the Python")
