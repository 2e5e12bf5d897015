"""``destinations`` and ``origins``."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from compactgraph.cli.options import Dated, DraftOption, TableFilter, draft_number, spread
from compactgraph.cli.output import TableFormat, Written, finish
from compactgraph.errors import QueryError

if TYPE_CHECKING:
    from collections.abc import Callable

    from compactgraph.answers.review_graph import ReviewGraph
    from compactgraph.answers.tables.destinations import Filter, Row
    from compactgraph.answers.tables.drafts import DraftRow


@spread
def destinations(
    rows: TableFilter, dated: Dated, draft: DraftOption = None, *, written: Written
) -> None:
    """Print the table of destinations: where each provision goes."""
    from compactgraph.answers.tables.destinations import table_of_destinations
    from compactgraph.answers.tables.drafts import draft_destinations

    if draft is None:
        _print_rows("Table of destinations", table_of_destinations, rows, dated, written)
    else:
        title = "Table of destinations in the draft"
        _print_drafted(title, draft_destinations, draft, rows, dated, written)


@spread
def origins(rows: TableFilter, dated: Dated, draft: DraftOption = None, *, written: Written) -> None:
    """Print the table of origins: for each destination, where its content came from."""
    from compactgraph.answers.tables.destinations import table_of_origins
    from compactgraph.answers.tables.drafts import draft_origins

    if draft is None:
        _print_rows("Table of origins", table_of_origins, rows, dated, written)
    else:
        _print_drafted("Table of origins of the draft", draft_origins, draft, rows, dated, written)


def _print_rows(
    title: str,
    table: Callable[[ReviewGraph, Filter], list[Row]],
    wanted: TableFilter,
    dated: Dated,
    written: Written,
) -> None:
    from compactgraph.answers.tables.destinations import COLUMNS, counts
    from compactgraph.cli.reports import destinations_table

    graph, filter_ = dated.graph(dated.as_at), wanted.wanted()
    rows = table(graph, filter_)
    provisions, number = counts(rows)
    counted = f"{title}{dated.on}: {provisions} provisions, {number} rows"
    if written.chosen is TableFormat.DOCX:
        written.write_paper(graph, {f"{title}{dated.on}": rows}, filter_)
    else:
        cells = [row.cells() for row in rows]
        written.show(counted, COLUMNS, cells, partial(destinations_table, rows, counted))
    finish(rows)


def _print_drafted(
    title: str,
    table: Callable[[ReviewGraph, int], list[DraftRow]],
    draft: str,
    wanted: TableFilter,
    dated: Dated,
    written: Written,
) -> None:
    from compactgraph.answers.tables.drafts import COLUMNS

    if wanted != TableFilter():
        raise QueryError(
            "--draft shows a whole draft; leave out --to, --outcome, --theme, --party and --status"
        )
    rows = table(dated.graph(dated.as_at), draft_number(draft))
    written.show(f"{title}{dated.on}: {len(rows)} rows", COLUMNS, [row.cells() for row in rows])
    finish(rows)
