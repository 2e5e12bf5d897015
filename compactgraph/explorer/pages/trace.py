"""Trace: find a provision, and read its whole way as a story, as it is now or as it stood on a day."""

from __future__ import annotations

from functools import partial
from itertools import groupby

import streamlit as st

from compactgraph.answers.about import about
from compactgraph.answers.export import item_graph
from compactgraph.answers.network.network import resolve, review_network
from compactgraph.answers.network.selection import neighbourhood
from compactgraph.answers.provision import deciding_decisions, story
from compactgraph.answers.provision.evidence import review_texts
from compactgraph.answers.provision.search import find, nearest
from compactgraph.answers.provision.source_text import source_document
from compactgraph.answers.provision.trace import trace
from compactgraph.answers.tables.destinations import COLUMNS, one_row_each, table_of_destinations
from compactgraph.errors import shorten
from compactgraph.explorer.forms import provision as provision_form
from compactgraph.explorer.frame import address, dates, downloads, render, session
from compactgraph.explorer.views import diagram as diagram_view
from compactgraph.files.writing import Sheet, file_bytes

shown = session.shown()
item = address.value("item")
texts = {row.provision: row.text for row in table_of_destinations(shown.graph)}
known = item in texts
named = trace(shown.graph, item) if known else None
title = story.heading(named, shown.term("kind", named.kind).title) if named else "Trace"
session.title(*dict.fromkeys([title, "Trace"]))
render.heading(
    title,
    "What it says, what is said of it, where it goes, and what was decided."
    if known
    else "Follow one part of the agreement from its words to where it goes, and why.",
)
find_field, choose_field, day_field = st.columns([3, 3, 2])
with find_field:
    words = address.text(
        "Find by number or words",
        "words",
        help_="Finds each part that has all of these words, in its own text or in what is said of it.",
    )
with choose_field:
    address.choice(
        "Choose from all parts, in the order of the document",
        "item",
        ["", *texts],
        lambda name: f"{name} – {shorten(texts[name], 70)}" if name else "None chosen",
        tell=False,
    )
with day_field:
    day = dates.field()
dated = dates.on(shown, day)
on = {dates.NAME: day}
if day:
    render.show("shared/day", day=day, now=address.address("trace", item=item))
rows = table_of_destinations(dated.graph)
provisions = one_row_each(rows)
if item and not known:
    render.show("trace/unknown", item=shorten(item), nearest=nearest(provisions, item))
if words:
    render.show(
        "trace/found",
        words=words,
        finds=find(provisions, review_texts(dated.graph), words),
        outcomes=dated.terms["outcome"],
        on=on,
    )
if not known:
    # Those outside the themes come first.
    titles = {"": "Outside the themes"} | dated.themes
    by_theme = groupby(sorted(provisions, key=lambda row: row.theme), key=lambda row: row.theme)
    groups = [(titles.get(theme, theme), list(found)) for theme, found in by_theme]
    render.show("trace/index", groups=groups, terms=dated.terms, on=on)
else:
    told = trace(dated.graph, item)
    network = review_network(dated.graph)
    node = resolve(network, f"provision:{item}")
    near = neighbourhood(network, node)
    drawn = near.nodes
    place = [row.provision for row in provisions].index(item)
    before, _, after = [None, *provisions, None][place : place + 3]
    pager = {"around": (before, after), "on": on}
    render.show(
        "trace/page", told=told, terms=dated.terms, resolutions=deciding_decisions, day=day, **pager
    )
    if not day:
        provision_form.form_on(shown, item)
    render.show(
        "trace/evidence",
        told=told,
        terms=dated.terms,
        rows={row.provision: row for row in provisions},
        texts=story.evidence_in_place(told, source_document(dated.graph), dated.references),
        shared=story.shared_references(network, node),
        explained=story.explained(network, node),
        nodes=drawn,
        drawing=diagram_view,
        on=on,
    )
    name_of = diagram_view.names_by_iri(network)
    centre = name_of[node.iri]
    chosen = diagram_view.draw(
        network,
        drawn,
        near.ties,
        dated.terms,
        key=f"trace picture {item}",
        label=f"What {title} is tied to",
        centre=centre,
        selected=address.value("near") or None,
    )
    address.put(near="" if chosen in (None, centre) else chosen)
    render.show(
        "trace/picture",
        title=title,
        ties=near.ties,
        chosen=next((each for each in drawn[1:] if name_of[each.iri] == chosen), None),
        drawing=diagram_view,
    )
    render.show("trace/cite")
    kind = dated.term("kind", told.kind).title
    cited = story.citation(told, kind, about(shown.graph), shown.generation, day)
    render.copyable(cited, "the citation")
    render.show("trace/downloads", title=title)
    own = Sheet(item, COLUMNS, [row.cells() for row in rows if row.provision == item])
    files = {
        "csv": partial(file_bytes, [own], "csv", item),
        "jsonld": partial(item_graph, dated.graph, item, "jsonld"),
        "turtle": partial(item_graph, dated.graph, item, "turtle"),
    }
    downloads.buttons(dated, item, files)
    render.show("trace/pager", place="bottom", **pager)
