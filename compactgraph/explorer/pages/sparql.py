"""Questions to the graph: the saved ones with their parameters, and a reader's own in SPARQL."""

from __future__ import annotations

from compactgraph import paths
from compactgraph.answers.sparql_display import named_graphs
from compactgraph.common.namespaces import PREFIXES
from compactgraph.explorer.frame import render, session
from compactgraph.explorer.views import answer, query

TITLE = "SPARQL"

shown = session.shown()
own = query.is_own()
bounds = session.bounded_queries(paths.store_location())
render.heading(
    TITLE,
    "Questions to the graph: saved ones in plain words, or your own in SPARQL. They only read: nothing "
    f"here can change anything. Each may take {bounds.seconds:g} seconds and have {bounds.rows:,} rows.",
)
render.show("sparql/ways", own=own, ways=query.ways())
asked = query.ask_own(shown) if own else query.ask_saved(shown)
session.title(asked.title, TITLE)
answer.show(shown, asked)
if not own:
    render.show("sparql/part", part="query", question=asked.question)
    render.copyable(asked.sparql, "the query")
    query.edit(shown, asked)
if asked.answer is not None:
    answer.show_elsewhere(shown, asked)
render.show(
    "sparql/about",
    questions=query.in_order(shown.graph.ontology),
    prefixes=PREFIXES,
    graphs=named_graphs(shown.graph),
)
