"""compactgraph traces where each commitment of a reviewed Compact moved, why, and on whose word.

For a notebook or a script::

    import compactgraph

    graph = compactgraph.open_review("bristol")
    compactgraph.destinations(graph, to="vcse-strategy").to_frame()
    compactgraph.ask(graph, "removed", party="vcs").to_frame()
    compactgraph.trace(graph, "1.11").outcome

Each name is imported when it is used. Everything behind these names may change.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from compactgraph.common.version import __version__

if TYPE_CHECKING:
    from compactgraph import build
    from compactgraph.answers.public import (
        Destinations,
        ask,
        destinations,
        open_review,
        run_sparql,
        trace,
    )
    from compactgraph.answers.review_graph import ReviewGraph

__all__ = [
    "Destinations",
    "ReviewGraph",
    "__version__",
    "ask",
    "build",
    "destinations",
    "open_review",
    "run_sparql",
    "trace",
]


def __getattr__(name: str) -> Any:
    if name == "build":
        return import_module("compactgraph.build")
    if name not in __all__:
        raise AttributeError(f"module 'compactgraph' has no attribute '{name}'")
    home = "review_graph" if name == "ReviewGraph" else "public"
    return getattr(import_module(f"compactgraph.answers.{home}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
