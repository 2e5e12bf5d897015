"""Queries of the project's own, and their answers as plain rows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from pyoxigraph import Literal, NamedNode, QuerySolutions, Triple, Variable

from compactgraph.common.frames import frame
from compactgraph.common.namespaces import PREFIXES, XSD
from compactgraph.errors import QueryError
from compactgraph.sparql.dataset import Dataset, Term
from compactgraph.sparql.safety import refuse_service

Cell = str | int | float | bool | None
"""A value of an answer; None if it has none."""


@dataclass(frozen=True)
class Answer:
    """The answer to a SELECT; ``cut`` if there are more rows."""

    columns: tuple[str, ...]
    rows: list[tuple[Cell, ...]]
    cut: bool = False

    def by_column(self) -> list[dict[str, Cell]]:
        """Return each row by column."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]

    def texts(self) -> list[dict[str, str]]:
        """Return each row by column, with its values as texts."""
        return [dict(zip(self.columns, map(text_of, row), strict=True)) for row in self.rows]

    def to_frame(self) -> Any:
        """Return a DataFrame of pandas, or else polars; raise ExportError if neither is installed."""
        return frame(self.columns, self.rows)


@dataclass(frozen=True)
class GraphAnswer:
    """The answer to a CONSTRUCT or DESCRIBE; ``cut`` if there are more triples."""

    triples: list[Triple]
    cut: bool = False


def select(
    store: Dataset,
    sparql: str,
    bound: Mapping[str, NamedNode | Literal] | None = None,
    *,
    limit: int | None = None,
    hidden: Collection[str] = (),
) -> Answer:
    """Run a SELECT over all graphs together, without the columns that are ``bound`` or ``hidden``.

    Raises QueryError if it cannot be run.
    """
    sparql, bound = refuse_service(sparql), bound or {}
    substitutions: dict[Variable, Term] = {Variable(name): term for name, term in bound.items()}
    try:
        found = store.query(
            sparql, use_default_graph_as_union=True, prefixes=PREFIXES, substitutions=substitutions
        )
    except (SyntaxError, ValueError) as error:
        raise QueryError(f"the query cannot be run: {first_line(error)}") from None
    if not isinstance(found, QuerySolutions):
        raise QueryError("the query is no SELECT; a table needs one")
    return answer_of(found, {*bound, *hidden}, limit)


def answer_of(found: QuerySolutions, hidden: Collection[str], limit: int | None) -> Answer:
    """Return the solutions as an answer of at most ``limit`` rows, without the columns ``hidden``."""
    names = [variable.value for variable in found.variables]
    shown = [place for place, name in enumerate(names) if name not in hidden]
    rows = [tuple(cell(solution[place]) for place in shown) for solution in islice(found, limit)]
    return Answer(tuple(names[place] for place in shown), rows, has_more(found, limit))


def has_more(found: Iterator[object], limit: int | None) -> bool:
    """Say whether more was found than the ``limit``, which were taken."""
    return limit is not None and next(found, None) is not None


_CONVERSIONS: Mapping[NamedNode, Callable[[str], Cell]] = {
    NamedNode(XSD + "integer"): int,
    NamedNode(XSD + "decimal"): float,
    NamedNode(XSD + "double"): float,
    NamedNode(XSD + "float"): float,
    NamedNode(XSD + "boolean"): {"true": True, "1": True, "false": False, "0": False}.__getitem__,
}


def cell(term: Term | None) -> Cell:
    """Return the plain value of a term: a number, a truth value, or a text."""
    if term is None:
        return None
    if isinstance(term, Literal):
        try:
            return _CONVERSIONS.get(term.datatype, str)(term.value)
        except (KeyError, ValueError):
            # A query can make a literal that does not fit its datatype.
            return term.value
    return term.value if isinstance(term, NamedNode) else str(term)


def text_of(value: Cell) -> str:
    """Return a cell as a text, None as an empty one."""
    return "" if value is None else str(value)


def first_line(error: Exception) -> str:
    """Return what an engine says of a query, on one line."""
    return " ".join(str(error.args[0] if error.args else error).split())
