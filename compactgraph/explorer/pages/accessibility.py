"""How far everybody can use the explorer, and how to read it: the accessibility statement."""

from __future__ import annotations

from compactgraph.common.version import __version__
from compactgraph.explorer.frame import render, session

session.title("Accessibility")
render.heading(
    "Accessibility statement",
    "How far everybody can use this explorer, what is known to be wrong, and how to read it.",
)
render.show("accessibility/page", version=__version__, outcomes=session.shown().terms["outcome"])
