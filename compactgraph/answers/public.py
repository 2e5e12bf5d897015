"""What ``import compactgraph`` gives: a review of a built store, and what can be asked of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from compactgraph import paths
from compactgraph.answers.provision.trace import Trace
from compactgraph.answers.provision.trace import trace as trace_provision
from compactgraph.answers.review_graph import ReviewGraph
from compactgraph.answers.tables.destinations import COLUMNS, Filter, Row, table_of_destinations
from compactgraph.build.review import ReviewSummary
from compactgraph.common.frames import frame
from compactgraph.errors import QueryError, require_known
from compactgraph.sparql import running
from compactgraph.sparql.rows import Answer, GraphAnswer
from compactgraph.store.storage import storage_at


class Destinations(tuple[Row, ...]):
    """Rows of the table of destinations."""

    def to_frame(self) -> Any:
        """Return the rows as a DataFrame of pandas, or else of polars, with the columns of the CSV.

        Raises ExportError if neither is installed.
        """
        return frame(COLUMNS, [row.cells() for row in self])


def open_review(review: str | None = None, *, store: Path | str | None = None) -> ReviewGraph:
    """Open a review of a store that was built; the only one, if ``review`` is not given.

    ``store`` is a folder or the address of a SPARQL service; if it is not given, the one in
    ``$COMPACTGRAPH_STORE``, or ``./.compactgraph``. Nothing is built or written: decisions that were
    recorded since, and are not in the store yet, do not count. Raises StoreError if there is no store,
    UnknownNameError if it has no such review, and QueryError if it has several and none is named.
    """
    location = paths.store_location(None if store is None else str(store))
    opened, manifest = storage_at(location).open()
    summaries = {each["identifier"]: ReviewSummary(**each) for each in manifest["reviews"]}
    if review is None and len(summaries) != 1:
        raise QueryError(f"the store has {len(summaries)} reviews; name one: {', '.join(summaries)}")
    chosen = next(iter(summaries)) if review is None else review
    require_known("review", chosen, summaries)
    return ReviewGraph(opened, paths.ontology_folder(), chosen, summaries[chosen])


def ask(graph: ReviewGraph, question: str, /, **values: str) -> Answer:
    """Ask a saved question by its name, with the values of its parameters.

    Raises UnknownNameError if the question, a parameter or the name in a value is unknown, and
    QueryError if a value is missing or does not fit.
    """
    return graph.ask(question, **values)


def run_sparql(graph: ReviewGraph, sparql: str, /) -> Answer | GraphAnswer | bool:
    """Run a query in SPARQL over the whole store, with all its reviews.

    A SELECT gives rows, an ASK true or false, a CONSTRUCT or DESCRIBE triples. Raises QueryError if it
    cannot be run, would change something, or reaches out.
    """
    return running.run_sparql(graph.store, sparql)


def trace(graph: ReviewGraph, provision: str, /) -> Trace:
    """Return the whole way of one provision. Raises UnknownNameError if the review has no such one."""
    return trace_provision(graph, provision)


def destinations(graph: ReviewGraph, /, **wanted: str) -> Destinations:
    """Return the table of destinations, a row for each movement.

    ``wanted`` has values by column, as ``to="vcse-strategy"``, ``outcome="moved"``, ``theme="2"`` or
    ``words="training"``. Raises UnknownNameError if a column or a value is unknown.
    """
    for column in wanted:
        require_known("column", column, Filter.__dataclass_fields__)
    given: dict[str, Any] = {
        column: value if column == "words" else (value,) for column, value in wanted.items()
    }
    return Destinations(table_of_destinations(graph, Filter(**given)))
