"""Rows of an answer as records, and in groups."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from functools import cache
from typing import Any, TypeVar, get_type_hints

from compactgraph.sparql.rows import Cell, text_of

T = TypeVar("T")
K = TypeVar("K", bound=Hashable)


def whole(value: Cell) -> int:
    """Return a cell that holds a number as a whole number; any other is 0."""
    return int(value) if isinstance(value, int | float) else 0


def _number(value: Cell) -> float | None:
    return float(value) if isinstance(value, int | float) else None


_READERS: Mapping[Any, Callable[[Cell], Any]] = {str: text_of, int: whole, float | None: _number}


@cache
def _readers(kind: Callable[..., object]) -> dict[str, Callable[[Cell], Any]]:
    """Return for each field of a dataclass what reads its cell, by the field's type."""
    return {name: _READERS[type_] for name, type_ in get_type_hints(kind).items() if type_ in _READERS}


def record(kind: Callable[..., T], row: Mapping[str, Cell], /, **given: Any) -> T:
    """Return a row as the dataclass ``kind``: a field has its ``given`` value, or else its cell."""
    cells = {name: read(row[name]) for name, read in _readers(kind).items() if name in row}
    return kind(**{**cells, **given})


def grouped(items: Iterable[T], key: Callable[[T], K]) -> dict[K, list[T]]:
    """Return the items by their key; keys, and the items of each, stand in the order given."""
    found: defaultdict[K, list[T]] = defaultdict(list)
    for item in items:
        found[key(item)].append(item)
    return dict(found)
