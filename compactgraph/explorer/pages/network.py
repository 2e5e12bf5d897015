"""Network: what is tied to what, drawn and listed; and how two things are tied."""

from __future__ import annotations

from compactgraph.answers.network.network import explained_path, review_network
from compactgraph.answers.network.selection import names, picture, sheet, told
from compactgraph.answers.tables.destinations import one_row_each, table_of_destinations
from compactgraph.explorer.frame import address, destinations_table, downloads, render, session
from compactgraph.explorer.views import diagram as diagram_view
from compactgraph.explorer.views import network as network_view

shown = session.begin(
    "Network",
    "What is tied to what by the words of the document, and how any two things are tied.",
)
network = review_network(shown.graph)
nodes = names(network)
themes = destinations_table.theme_titles(one_row_each(table_of_destinations(shown.graph)))
wanted = network_view.filters(network, themes, shown.terms)
seen = picture(network, **wanted)
item = address.choice(
    "Choose a thing, to see all its ties",
    "item",
    ["", *nodes],
    lambda name: network_view.choice_label(nodes[name], shown.terms) if name else "None chosen",
)
render.show("network/about", seen=seen, network=network, drawing=diagram_view, terms=shown.terms)
described = network_view.described(wanted, themes)
chosen = diagram_view.draw(
    network,
    seen.nodes,
    seen.ties,
    shown.terms,
    key="network drawing",
    label=f"The network: {described}",
    height=620,
    selected=item or None,
    said_by="The table below says the same; its button shows all of it.",
)
network_view.follow(chosen, item, seen, nodes)
render.show(
    "network/chosen",
    node=nodes.get(item),
    seen=seen,
    network=network,
    drawing=diagram_view,
    terms=shown.terms,
)
render.show(
    "network/ties",
    ties=seen.ties,
    by_kind=network_view.kinds_counted(seen),
    limit=network_view.limit(),
    drawing=diagram_view,
)
network_view.more(len(seen.ties))
downloads.sheet(shown, sheet("Ties", seen.ties, described), ("xlsx", "ods", "csv"))
render.show("network/path_head")
start, end = network_view.ends(nodes, shown.terms)
if start and end:
    render.show(
        "network/path",
        start=nodes[start],
        end=nodes[end],
        steps=explained_path(network, nodes[start], nodes[end]),
        drawing=diagram_view,
        told=told,
    )
