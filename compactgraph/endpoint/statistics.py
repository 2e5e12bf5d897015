"""What a store holds, in numbers: its graphs, classes and properties, counted once for each build.

The counting walks the whole graph: a second for a review or two, a quarter of a minute for a million
statements. So it is done where the numbers are first asked for, in a thread of the one who asks, and
kept for as long as that build is the one that is served.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from compactgraph.serving.published import Served
from compactgraph.sparql.dataset import Dataset
from compactgraph.sparql.questions import view
from compactgraph.sparql.rows import Cell, select

Value = TypeVar("Value")


DETAILED = 500_000
"""In a graph of up to so many statements it is counted where the properties of each class lead."""


@dataclass(frozen=True)
class Partition:
    """The statements with one property: how many, of how many things, with how many values."""

    property: str
    triples: int
    subjects: int
    objects: int


@dataclass(frozen=True)
class Tie:
    """How often a property of a class leads to things of a class, or has literals of a datatype."""

    property: str
    target: str
    triples: int


@dataclass(frozen=True)
class ClassPartition:
    """The things of one class: how many, and how often each property is stated of them.

    ``classes`` and ``datatypes`` are empty in a graph that is too large for it: see :data:`DETAILED`.
    """

    name: str
    entities: int
    properties: tuple[tuple[str, int], ...]
    classes: tuple[Tie, ...]
    datatypes: tuple[Tie, ...]


@dataclass(frozen=True)
class Statistics:
    """A store in numbers; ``graphs`` are the named ones with their number of statements."""

    triples: int
    subjects: int
    objects: int
    graphs: tuple[tuple[str, int], ...]
    classes: tuple[ClassPartition, ...]
    properties: tuple[Partition, ...]


def statistics_of(store: Dataset, ontology: Path, *, detailed: int = DETAILED) -> Statistics:
    """Count what a store holds, over all its graphs together; ``detailed`` is :data:`DETAILED`."""

    def rows(name: str) -> list[tuple[Cell, ...]]:
        return select(store, view(ontology, f"endpoint-{name}")).rows

    triples, subjects, objects = (_number(cell) for cell in rows("totals")[0])
    within: dict[str, list[tuple[str, int]]] = {}
    for class_, property_, stated in rows("class-properties"):
        within.setdefault(str(class_), []).append((str(property_), _number(stated)))
    small = triples <= detailed
    to_classes = _ties(rows("object-classes")) if small else {}
    to_datatypes = _ties(rows("datatypes")) if small else {}
    classes = (
        ClassPartition(
            str(name),
            _number(entities),
            tuple(within.get(str(name), ())),
            tuple(to_classes.get(str(name), ())),
            tuple(to_datatypes.get(str(name), ())),
        )
        for name, entities in rows("classes")
    )
    return Statistics(
        triples=triples,
        subjects=subjects,
        objects=objects,
        graphs=tuple((str(graph), _number(size)) for graph, size in rows("graphs")),
        classes=tuple(classes),
        properties=tuple(_partition(row) for row in rows("properties")),
    )


def _partition(row: tuple[Cell, ...]) -> Partition:
    return Partition(str(row[0]), *(_number(cell) for cell in row[1:]))


def _ties(rows: list[tuple[Cell, ...]]) -> dict[str, list[Tie]]:
    found: dict[str, list[Tie]] = {}
    for class_, property_, target, triples in rows:
        found.setdefault(str(class_), []).append(Tie(str(property_), str(target), _number(triples)))
    return found


def _number(cell: Cell) -> int:
    return int(cell or 0)


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
