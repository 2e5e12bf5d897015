"""Network: what is tied to what, drawn and listed; and how two things are tied."""

from __future__ import annotations

from compactgraph.destinations import table_of_destinations
from compactgraph.network import explained_path, review_network
from compactgraph.overview import one_row_each
from compactgraph.picture import names, picture, sheet, told
from compactgraph.ui import address, downloads, drawing, netting, render, session, table
from compactgraph.ui.components import diagram

shown = session.shown()
session.title("Network")
render.heading(
    "Network",
    "What is tied to what by the words of the document, and how any two things are tied.",
)
network = shown.ask(review_network)
nodes = names(network)
themes = table.theme_titles(one_row_each(shown.ask(table_of_destinations)))
wanted = netting.filters(network, themes, shown.terms)
seen = picture(network, **wanted)
item = address.choice(
    "Choose a thing, to see all its ties",
    "item",
    ["", *nodes],
    lambda name: netting.choice_label(nodes[name], shown.terms) if name else "None chosen",
)
render.show("network_about", seen=seen, network=network, drawing=drawing, terms=shown.terms)
chosen = diagram(
    drawing.diagram_nodes(network, seen.nodes, shown.terms),
    drawing.diagram_ties(network, seen.ties),
    key="network drawing",
    label="The network: " + netting.described(wanted, themes),
    height=620,
    selected=item or None,
    said_by="The table below says the same; its button shows all of it.",
)
netting.follow(chosen, item, seen, nodes)
render.show(
    "network_chosen",
    node=nodes.get(item),
    seen=seen,
    network=network,
    drawing=drawing,
    terms=shown.terms,
)
render.show(
    "network_ties",
    ties=seen.ties,
    by_kind=netting.kinds_counted(seen),
    limit=netting.limit(),
    drawing=drawing,
)
netting.more(len(seen.ties))
about = netting.described(wanted, themes)
downloads.sheet(shown, sheet("Ties", seen.ties, about), ("xlsx", "ods", "csv"))
render.show("network_path_head")
start, end = netting.ends(nodes, shown.terms)
if start and end:
    render.show(
        "network_path",
        start=nodes[start],
        end=nodes[end],
        steps=explained_path(network, nodes[start], nodes[end]),
        drawing=drawing,
        told=told,
    )
