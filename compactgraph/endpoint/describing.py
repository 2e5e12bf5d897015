"""What the endpoint reads of the graph for itself: its description, its examples, one resource.

These are the project's own queries, which cost little or are asked once for each build. They run in
threads, so that the server answers others meanwhile.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from compactgraph.endpoint.description import Described, description, write_graph
from compactgraph.endpoint.examples import Example, examples
from compactgraph.endpoint.places import Places
from compactgraph.endpoint.resources import (
    Resource,
    find_resource,
    page_context,
    property_names,
    write_resource,
)
from compactgraph.endpoint.statistics import Kept, Statistics, statistics_of
from compactgraph.serving.published import Served, Serving

_LOOKING = 4


class Describing:
    """Reads what is published. Raises StoreError or ServiceError where nothing can be read."""

    def __init__(self, serving: Serving, places: Places) -> None:
        """Set what is read, and how much of it at once. Reads nothing yet."""
        self._serving = serving
        self._ontology = serving.ontology
        self._places = places
        self._looking = Places(_LOOKING)
        self._statistics: Kept[Statistics] = Kept(
            lambda served: statistics_of(served.store, self._ontology)
        )
        self._examples: Kept[tuple[Example, ...]] = Kept(
            lambda served: examples(served.store, self._ontology)
        )
        self._labels: Kept[dict[str, str]] = Kept(
            lambda served: property_names(served.store, self._ontology)
        )

    async def served(self) -> Served:
        """Return the build that is published."""
        return await self._looking.run(self._serving.current)

    async def examples(self) -> tuple[Served, tuple[Example, ...]]:
        """Return the build that is published, and the saved questions with examples from it."""

        def work() -> tuple[Served, tuple[Example, ...]]:
            served = self._serving.current()
            return served, self._examples.of(served)

        with self._places.taken():
            return await self._places.run(work)

    async def described(self, base: str, format_: str) -> bytes:
        """Return the endpoint's description, for the address ``base``, in a format of graphs."""

        def work() -> bytes:
            served = self._serving.current()
            numbers, asked = self._statistics.of(served), self._examples.of(served)
            return write_graph(description(Described(base, numbers, served.reviews, asked)), format_)

        with self._places.taken():
            return await self._places.run(work)

    async def resource(self, path: str, format_: str) -> tuple[Resource | None, bytes | dict[str, Any]]:
        """Return what the graph says of a path's IRI, and that written: for a page, its context.

        It is None, and empty, where the graph says nothing of it.
        """
        with self._places.taken():
            return await self._places.run(partial(self._resource, path, format_))

    def _resource(self, path: str, format_: str) -> tuple[Resource | None, bytes | dict[str, Any]]:
        served = self._serving.current()
        found = find_resource(served.store, self._ontology, path)
        if found is None:
            return None, b""
        if format_ == "html":
            return found, page_context(found, path, self._labels.of(served))
        return found, write_resource(found, self._ontology, format_)
