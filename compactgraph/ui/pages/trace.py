"""Trace: find a provision, and read its whole way as a story."""

from __future__ import annotations

import streamlit as st

from compactgraph.destinations import table_of_destinations
from compactgraph.errors import shorten
from compactgraph.evidence import review_texts
from compactgraph.finder import find, nearest
from compactgraph.network import neighbourhood, resolve, review_network
from compactgraph.overview import about, one_row_each
from compactgraph.passages import source_document
from compactgraph.story import citation, evidence_in_place, explained, heading, shared_references
from compactgraph.ui import address, downloads, drawing, render, session, tracing
from compactgraph.ui.components import diagram

shown = session.shown()
rows = shown.ask(table_of_destinations)
provisions = one_row_each(rows)
by_name = {row.provision: row for row in provisions}
item = address.value("item")
known = item in by_name
told = shown.ask(tracing.told, item) if known else None
title = heading(told, shown.term("kind", told.kind).title) if told else "Trace"
session.title(*dict.fromkeys([title, "Trace"]))
render.heading(
    title,
    "What it says, what is said of it, and where it goes."
    if told
    else "Follow one part of the agreement from its words to where it goes, and why.",
)
if item and not known:
    render.show("trace_unknown", item=shorten(item), nearest=nearest(provisions, item))
words = address.text(
    "Find by number or words",
    "words",
    help_="Finds each part that has all of these words, in its own text or in what is said of it.",
)
address.choice(
    "Choose from all parts, in the order of the document",
    "item",
    ["", *by_name],
    lambda name: f"{name} – {shorten(by_name[name].text, 70)}" if name else "None chosen",
    tell=False,
)
if words:
    render.show(
        "trace_found",
        words=words,
        finds=find(provisions, shown.ask(review_texts), words),
        outcomes=shown.terms["outcome"],
    )
if told is None:
    render.show("trace_index", groups=tracing.by_theme(provisions), terms=shown.terms)
else:
    network = shown.ask(review_network)
    node = resolve(network, f"provision:{item}")
    near = neighbourhood(network, node)
    drawn = [node, *(each.node for each in near.neighbours)]
    render.show(
        "trace",
        told=told,
        terms=shown.terms,
        rows=by_name,
        around=tracing.around(provisions, item),
        texts=evidence_in_place(told, shown.ask(source_document), shown.references),
        shared=shared_references(network, node),
        explained=explained(network, node),
        nodes=drawn,
        drawing=drawing,
    )
    name_of = tracing.name_in(network)
    chosen = diagram(
        drawing.diagram_nodes(network, drawn, shown.terms),
        drawing.diagram_ties(network, near.ties),
        key=f"trace picture {item}",
        label=f"What {title} is tied to",
        centre=name_of[node.iri],
        selected=address.value("near") or None,
    )
    address.put(near="" if chosen in (None, name_of[node.iri]) else chosen)
    render.show(
        "trace_picture",
        title=title,
        ties=near.ties,
        chosen=next((each for each in drawn[1:] if name_of[each.iri] == chosen), None),
        drawing=drawing,
    )
    render.show("trace_cite")
    render.copyable(
        citation(told, shown.term("kind", told.kind).title, shown.ask(about), shown.generation),
        "the citation",
    )
    render.show("trace_downloads", title=title)
    with st.container(horizontal=True):
        for format_, made in tracing.files(shown, item, rows).items():
            downloads.button(shown, format_, item, made)
    render.show("trace_pager", around=tracing.around(provisions, item), place="bottom")
