"""``destinations`` and ``origins``."""

from __future__ import annotations

from functools import partial

from compactgraph.cli.options import Dated, DraftOption, TableFilter, draft_number, spread
from compactgraph.cli.output import TableFormat, Written, finish
from compactgraph.errors import QueryError


@spread
def destinations(
    rows: TableFilter, dated: Dated, draft: DraftOption = None, *, written: Written
) -> None:
    """Print the table of destinations: where each provision goes."""
    _print("destinations", rows, dated, draft, written)


@spread
def origins(rows: TableFilter, dated: Dated, draft: DraftOption = None, *, written: Written) -> None:
    """Print the table of origins: for each destination, where its content came from."""
    _print("origins", rows, dated, draft, written)


def _print(name: str, wanted: TableFilter, dated: Dated, draft: str | None, written: Written) -> None:
    from compactgraph.answers.tables import destinations, drafts
    from compactgraph.cli.reports import destinations_table

    is_origins = name == "origins"
    if draft is not None:
        if wanted != TableFilter():
            raise QueryError(
                "--draft shows a whole draft; leave out --to, --outcome, --theme, --party and --status"
            )
        drafted = drafts.draft_origins if is_origins else drafts.draft_destinations
        found = drafted(dated.graph(dated.as_at), draft_number(draft))
        title = f"Table of {name} {'of' if is_origins else 'in'} the draft{dated.on}"
        written.show(f"{title}: {len(found)} rows", drafts.COLUMNS, [row.cells() for row in found])
        finish(found)
    graph, filter_ = dated.graph(dated.as_at), wanted.wanted()
    table = destinations.table_of_origins if is_origins else destinations.table_of_destinations
    rows = table(graph, filter_)
    title = f"Table of {name}{dated.on}"
    if written.chosen is TableFormat.DOCX:
        written.write_paper(graph, {title: rows}, filter_)
    else:
        provisions, number = destinations.counts(rows)
        counted = f"{title}: {provisions} provisions, {number} rows"
        cells = [row.cells() for row in rows]
        on_screen = partial(destinations_table, rows, counted)
        written.show(counted, destinations.COLUMNS, cells, on_screen)
    finish(rows)
