"""Opens the graph, lists the pages and runs the one that the address names."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import streamlit as st

from compactgraph.errors import CompactgraphError
from compactgraph.explorer import warm_up
from compactgraph.explorer.components.scripts import follow_links
from compactgraph.explorer.frame import address, render
from compactgraph.explorer.frame.session import open_graph
from compactgraph.explorer.sign_in import session as sign_in

_HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class PageOfExplorer:
    """A page: its place in the URL, which names its file too, and its title in the page list."""

    path: str
    title: str

    @property
    def file(self) -> Path:
        """The script that draws the page."""
        return _HERE / "pages" / f"{(self.path or 'overview').replace('-', '_')}.py"


PAGES = (
    PageOfExplorer("", "Overview"),
    PageOfExplorer("trace", "Trace"),
    PageOfExplorer("destinations", "Table of destinations"),
    PageOfExplorer("checklist", "Destinations in detail"),
    PageOfExplorer("references", "References"),
    PageOfExplorer("network", "Network"),
    PageOfExplorer("open-points", "Open points"),
    PageOfExplorer("decisions", "Decisions"),
    PageOfExplorer("drafts", "Drafts"),
    PageOfExplorer("sparql", "SPARQL"),
    PageOfExplorer("data-quality", "Data quality"),
    PageOfExplorer("accessibility", "Accessibility"),
)


def main() -> None:
    """Show the page that the address names."""
    st.set_page_config(
        page_title="compactgraph",
        page_icon=str(_HERE / "icon.svg"),
        layout="wide",
        initial_sidebar_state=240,
    )
    st.html(f"<style>{_style()}</style>")
    chosen = st.navigation(
        [
            st.Page(page.file, title=page.title, url_path=page.path or None, default=not page.path)
            for page in PAGES
        ]
    )
    page = chosen.url_path
    address.arrive(page)
    if open_graph() is not None:
        warm_up.warm_up()
        sign_in.corner()
        try:
            chosen.run()
        except CompactgraphError as error:
            render.notice("This cannot be shown.", str(error), role="alert")
        for label, asked in address.unknown_values():
            render.notice(
                f"The address asks for “{asked}” under “{label}”.",
                "There is no such thing in this review, so it was left out.",
            )
    address.leave(page)
    follow_links(page)


@lru_cache(maxsize=1)
def _style() -> str:
    return (_HERE / "style.css").read_text(encoding="utf-8")
