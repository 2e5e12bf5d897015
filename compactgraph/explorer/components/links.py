"""Links within the explorer: a click changes the page without a full reload."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from compactgraph.explorer.frame.address import in_every_link

_FOLLOW = st.components.v2.component(
    "compactgraph_links", js=(Path(__file__).parent / "links.js").read_text(encoding="utf-8")
)


def follow_links(page: str) -> None:
    """Follow links in place, and on a new ``page`` (its place in the URL) begin reading at its heading.

    A link to another item of the same page begins at its heading too, and a link to an anchor at the
    anchor. The values of every link are put into the address as well.
    """
    state = {name: st.query_params.get_all(name) for name in st.query_params}
    _FOLLOW(key="links", data={"page": page, "state": state, "always": in_every_link()})
