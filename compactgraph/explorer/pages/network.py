"""Network: what is tied to what, drawn and listed; and how two things are tied."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import streamlit as st

from compactgraph.answers.network import selection
from compactgraph.answers.network.network import explained_path, review_network
from compactgraph.answers.network.selection import NO_THEME, names, picture, sheet, told
from compactgraph.answers.network.ties import NODE_KINDS, WORDINGS
from compactgraph.common.english import capital, listed
from compactgraph.errors import shorten
from compactgraph.explorer.frame import address, downloads, render, session
from compactgraph.explorer.views import diagram as diagram_view

# How many ties a table shows before the reader asks for all.
LIMIT = 40

# What may be drawn, and how the page calls it.
GROUP_NAMES = {
    selection.GOES: "Where things go",
    selection.MENTIONS: "What mentions what",
    selection.BETWEEN: "Ties between parts",
    selection.BELONGS: "Themes, parties, reasons",
    selection.ALL: "Everything",
}


def tie_label(kind: str) -> str:
    """Return how the page calls a kind of tie."""
    wording = WORDINGS.get(kind)
    return capital(wording.forward if wording else kind)


def in_words(wanted: Mapping[str, Any], themes: Mapping[str, str]) -> str:
    """Return in plain words what is drawn."""
    parts = [GROUP_NAMES[wanted["group"]].lower()]
    if wanted["theme"]:
        parts.append(themes.get(wanted["theme"], "outside the themes"))
    if wanted["kinds"]:
        parts.append(f"only {listed(wanted['kinds'])}")
    if wanted["ties"]:
        parts.append(f"only ties of the kind {listed(wanted['ties'], 'or')}")
    return "; ".join(parts)


def label(name: str) -> str:
    """Return how a widget lists a thing: its name and its kind."""
    if not name:
        return "None chosen"
    node = nodes[name]
    kind = diagram_view.kind_name(node.kind, terms)
    return f"{shorten(diagram_view.label_of(node), 60)} ({kind})"


shown = session.begin(
    "Network",
    "What is tied to what by the words of the document, and how any two things are tied.",
)
terms, themes = shown.terms, shown.themes
network = review_network(shown.graph)
nodes = names(network)
wanted: dict[str, Any] = {"group": address.switch("What to show", "show", GROUP_NAMES)}
columns = st.columns(3)
with columns[0]:
    wanted["theme"] = address.choice(
        "Part of the agreement",
        "theme",
        ["", *sorted(themes), NO_THEME],
        {"": "All of it", NO_THEME: "Outside the themes"} | themes,
    )
with columns[1]:
    present = {node.kind for node in network.nodes.values()}
    wanted["kinds"] = address.choices(
        "Kinds of thing",
        "kinds",
        [kind for kind in NODE_KINDS if kind in present],
        lambda kind: capital(diagram_view.kind_name(kind, terms)),
    )
with columns[2]:
    tie_kinds = selection.tie_kinds(network, wanted["group"])
    wanted["ties"] = address.choices("Kinds of tie", "ties", [*tie_kinds], tie_label)
seen = picture(network, **wanted)
item = address.choice("Choose a thing, to see all its ties", "item", ["", *nodes], label)
render.show("network/about", seen=seen, network=network, drawing=diagram_view, terms=terms)
described = in_words(wanted, themes)
chosen = diagram_view.draw(
    network,
    seen.nodes,
    seen.ties,
    terms,
    key="network drawing",
    label=f"The network: {described}",
    height=620,
    selected=item or None,
    said_by="The table below says the same; its button shows all of it.",
)
# A thing that the drawing leaves out stays chosen if the reader chose it in the list.
left_out = bool(item) and nodes[item] not in seen.nodes
if (chosen or "") != item and not (left_out and chosen is None):
    address.put(item=chosen or "")
    st.rerun()
render.show(
    "network/chosen",
    node=nodes.get(item),
    seen=seen,
    network=network,
    drawing=diagram_view,
    terms=terms,
)
kinds = Counter(tie.kind for tie in seen.ties)
limit = len(seen.ties) if address.value("rows") == "all" else LIMIT
render.show(
    "network/ties",
    ties=seen.ties,
    by_kind={tie_label(kind): number for kind, number in kinds.most_common()},
    limit=limit,
    drawing=diagram_view,
)
if len(seen.ties) > limit:
    st.button(f"Show all {len(seen.ties)} ties", on_click=lambda: address.put(rows="all"))
downloads.sheet(shown, sheet("Ties", seen.ties, described), ("xlsx", "ods", "csv"))
render.show("network/path_head")
left, right = st.columns(2)
with left:
    start = address.choice("From", "from", ["", *nodes], label)
with right:
    end = address.choice("To", "to", ["", *nodes], label)
if start and end:
    render.show(
        "network/path",
        start=nodes[start],
        end=nodes[end],
        steps=explained_path(network, nodes[start], nodes[end]),
        drawing=diagram_view,
        told=told,
    )
