"""What the page Trace asks: a provision's trace, its place among the others, the list of all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import groupby

from compactgraph.answers.export import item_graph
from compactgraph.answers.tables.destinations import COLUMNS, Row
from compactgraph.explorer.frame.destinations_table import theme_titles
from compactgraph.explorer.frame.session import Shown
from compactgraph.files.writing import Sheet, file_bytes

OUTSIDE = "Outside the themes"


def around(provisions: Sequence[Row], identifier: str) -> tuple[Row | None, Row | None]:
    """Return the provisions before and after one, in the order of the document."""
    place = [row.provision for row in provisions].index(identifier)
    before, _, after = [None, *provisions, None][place : place + 3]
    return before, after


def by_theme(provisions: Sequence[Row]) -> list[tuple[str, list[Row]]]:
    """Return all provisions under the headings of their themes; those outside come first."""
    titles = theme_titles(provisions)
    in_order = sorted(provisions, key=lambda row: row.theme)
    return [
        (titles.get(theme, theme) if theme else OUTSIDE, list(rows))
        for theme, rows in groupby(in_order, key=lambda row: row.theme)
    ]


def files(shown: Shown, identifier: str, rows: Sequence[Row]) -> dict[str, Callable[[], bytes]]:
    """Return what makes the files of one provision, by format.

    CSV has its rows of the table of destinations, the others all that the graph says of it.
    """
    own = Sheet(identifier, COLUMNS, [row.cells() for row in rows if row.provision == identifier])
    return {
        "csv": partial(file_bytes, [own], "csv", identifier),
        "jsonld": partial(item_graph, shown.graph, identifier, "jsonld"),
        "turtle": partial(item_graph, shown.graph, identifier, "turtle"),
    }
