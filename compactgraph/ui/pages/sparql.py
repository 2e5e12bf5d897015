"""Questions to the graph: the saved ones with their parameters, and a reader's own in SPARQL."""

from __future__ import annotations

from compactgraph.answers import named_graphs
from compactgraph.namespaces import PREFIXES
from compactgraph.ui import answering, asking, render, session

TITLE = "SPARQL"

shown = session.shown()
own = asking.is_own()
seconds, rows = asking.bounds()
render.heading(
    TITLE,
    "Questions to the graph: saved ones in plain words, or your own in SPARQL. They only read: nothing "
    f"here can change anything. Each may take {seconds:g} seconds and have {rows:,} rows.",
)
render.show("sparql_ways", own=own, ways=asking.ways())
asked = asking.ask_own(shown) if own else asking.ask_saved(shown)
session.title(asked.title, TITLE)
answering.show(shown, asked)
if not own:
    render.show("sparql_part", part="query", question=asked.question)
    render.copyable(asked.sparql, "the query")
    asking.edit(shown, asked)
if asked.answer is not None:
    answering.show_elsewhere(shown, asked)
render.show(
    "sparql_about",
    questions=asking.in_order(shown.ontology),
    prefixes=PREFIXES,
    graphs=shown.ask(named_graphs),
)
