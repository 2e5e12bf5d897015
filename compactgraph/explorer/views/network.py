"""The widgets of the page Network: what is drawn, what is chosen, and the two ends of a path."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import streamlit as st

from compactgraph.answers.network import selection
from compactgraph.answers.network.network import Network
from compactgraph.answers.network.selection import NO_THEME, Picture, tie_kinds
from compactgraph.answers.network.ties import NODE_KINDS, WORDINGS, Node
from compactgraph.answers.terms import Term
from compactgraph.common.english import capital, listed
from compactgraph.errors import shorten
from compactgraph.explorer.frame import address
from compactgraph.explorer.views import diagram

LIMIT = 40
"""How many ties a table shows before the reader asks for all."""

GROUP_NAMES = {
    selection.GOES: "Where things go",
    selection.MENTIONS: "What mentions what",
    selection.BETWEEN: "Ties between parts",
    selection.BELONGS: "Themes, parties, reasons",
    selection.ALL: "Everything",
}
"""What may be drawn, and how the page calls it."""


def filters(
    network: Network, themes: Mapping[str, str], terms: Mapping[str, Mapping[str, Term]]
) -> dict[str, Any]:
    """Draw the filters; return what :func:`compactgraph.answers.network.selection.picture` takes."""
    group = address.switch("What to show", "show", GROUP_NAMES)
    columns = st.columns(3)
    with columns[0]:
        theme = address.choice(
            "Part of the agreement",
            "theme",
            ["", *sorted(themes), NO_THEME],
            {"": "All of it", NO_THEME: "Outside the themes"} | dict(themes),
        )
    with columns[1]:
        present = {node.kind for node in network.nodes.values()}
        kinds = address.choices(
            "Kinds of thing",
            "kinds",
            [kind for kind in NODE_KINDS if kind in present],
            lambda kind: capital(diagram.kind_name(kind, terms)),
        )
    with columns[2]:
        ties = address.choices("Kinds of tie", "ties", list(tie_kinds(network, group)), _tie_label)
    return {"group": group, "kinds": kinds, "ties": ties, "theme": theme}


def kinds_counted(seen: Picture) -> dict[str, int]:
    """Return how many ties of each kind are shown, by its words, most frequent first."""
    counts = Counter(tie.kind for tie in seen.ties)
    return {_tie_label(kind): number for kind, number in counts.most_common()}


def _tie_label(kind: str) -> str:
    wording = WORDINGS.get(kind)
    return capital(wording.forward if wording else kind)


def described(wanted: Mapping[str, Any], themes: Mapping[str, str]) -> str:
    """Return in plain words what is shown."""
    parts = [GROUP_NAMES[wanted["group"]].lower()]
    if wanted["theme"]:
        parts.append(themes.get(wanted["theme"], "outside the themes"))
    if wanted["kinds"]:
        parts.append(f"only {listed(wanted['kinds'])}")
    if wanted["ties"]:
        parts.append(f"only ties of the kind {listed(wanted['ties'], 'or')}")
    return "; ".join(parts)


def choice_label(node: Node, terms: Mapping[str, Mapping[str, Term]]) -> str:
    """Return how a widget lists a node: its name and its kind."""
    kind = diagram.kind_name(node.kind, terms)
    return f"{shorten(diagram.label_of(node), 60)} ({kind})"


def follow(chosen: str | None, item: str, seen: Picture, nodes: Mapping[str, Node]) -> None:
    """Put what was chosen in the drawing into the address, and run the page again with it.

    A thing that the drawing leaves out stays chosen if the reader chose it in the list.
    """
    drawn = {node.iri for node in seen.nodes}
    absent = bool(item) and item in nodes and nodes[item].iri not in drawn
    if (chosen or "") != item and not (absent and chosen is None):
        address.put(item=chosen or "")
        st.rerun()


def limit() -> int:
    """Return how many ties the table shows."""
    return 1_000_000 if address.value("rows") == "all" else LIMIT


def more(number: int) -> None:
    """Draw a button that shows all ties, if the table leaves some out."""
    if number > limit():
        st.button(f"Show all {number} ties", on_click=lambda: address.put(rows="all"))


def ends(nodes: Mapping[str, Node], terms: Mapping[str, Mapping[str, Term]]) -> tuple[str, str]:
    """Draw the fields for the two ends of a path; return what is chosen in them."""

    def label(name: str) -> str:
        return choice_label(nodes[name], terms) if name else "None chosen"

    columns = st.columns(2)
    with columns[0]:
        start = address.choice("From", "from", ["", *nodes], label)
    with columns[1]:
        end = address.choice("To", "to", ["", *nodes], label)
    return start, end
