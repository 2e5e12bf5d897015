"""Counts what a store holds, once for each build.

The counting walks the whole graph: a second for a review or two, a quarter of a minute for a million
statements.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from compactgraph.serving.published import Served
from compactgraph.sparql.dataset import Dataset
from compactgraph.sparql.questions import view
from compactgraph.sparql.rows import select

Value = TypeVar("Value")
Rows = list[tuple[Any, ...]]

DETAILED = 500_000
"""Above so many statements, no classes and datatypes of objects are counted."""


@dataclass(frozen=True)
class Statistics:
    """A store in numbers: the rows of the views ``endpoint-…``, which say what they count.

    ``object_classes`` and ``datatypes`` are empty for a graph of more than :data:`DETAILED` statements.
    """

    totals: tuple[int, int, int]
    graphs: Rows
    classes: Rows
    properties: Rows
    class_properties: Rows
    object_classes: Rows
    datatypes: Rows


def statistics_of(store: Dataset, ontology: Path, *, detailed: int = DETAILED) -> Statistics:
    """Count what a store holds, over all its graphs together; ``detailed`` is :data:`DETAILED`."""

    def rows(name: str) -> Rows:
        return select(store, view(ontology, f"endpoint-{name}")).rows

    ((triples, subjects, objects),) = rows("totals")
    small = triples <= detailed
    return Statistics(
        (triples, subjects, objects),
        rows("graphs"),
        rows("classes"),
        rows("properties"),
        rows("class-properties"),
        rows("object-classes") if small else [],
        rows("datatypes") if small else [],
    )


class Kept(Generic[Value]):
    """A value that is made once for each build, by the first thread that asks; the others wait."""

    def __init__(self, make: Callable[[Served], Value]) -> None:
        """Set what makes the value."""
        self._make = make
        self._lock = threading.Lock()
        self._made: tuple[str, Value] | None = None

    def of(self, served: Served) -> Value:
        """Return the value for a build; raise what making it raises, and try again the next time."""
        made = self._made
        if made is not None and made[0] == served.generation:
            return made[1]
        with self._lock:
            if self._made is None or self._made[0] != served.generation:
                self._made = served.generation, self._make(served)
            return self._made[1]
