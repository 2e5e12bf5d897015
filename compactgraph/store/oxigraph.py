"""Keeps the graph on disk with Oxigraph, a new generation for each build. Only this module opens it.

A build writes a generation beside the published one, and then replaces ``current`` in one rename: a
build killed at any moment leaves the last good store. A generation starts as a backup of the one before,
which shares the unchanged files. The one before stays for readers that have it open.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyoxigraph import NamedNode, Quad, RdfFormat, Store, serialize

from compactgraph.common.identifiers import ReviewIRIs
from compactgraph.common.namespaces import ONTOLOGY_GRAPH, REFERENCES_GRAPH
from compactgraph.common.operating_system import sync_folder
from compactgraph.errors import NextStep, StoreError
from compactgraph.store.folder import (
    CURRENT,
    FORMAT,
    GENERATION,
    MANIFEST,
    damaged,
    manifest_of,
    published,
    write_durably,
)

if TYPE_CHECKING:
    from compactgraph.store.storage import Change


def open_store(folder: Path) -> Store:
    """Open the published generation for reading; raise StoreError if there is none."""
    return open_with_manifest(folder)[0]


def open_with_manifest(folder: Path) -> tuple[Store, dict[str, Any]]:
    """Open the published generation for reading, and return what its build noted with it.

    Both are of one generation, whatever is published meanwhile. Raises StoreError if there is no store,
    or if it is damaged.
    """
    name = published(folder)
    manifest = None if name is None else manifest_of(folder, name)
    if name is None or manifest is None:
        raise StoreError(f"{folder}: there is no store here yet", NextStep.BUILD)
    try:
        return Store.read_only(str(folder / name / "db")), manifest
    except (OSError, RuntimeError):
        raise damaged(folder) from None


_BATCH = 250_000
"""How many quads a new store loads at once: each load writes its own files."""


class NewGeneration:
    """A generation being written, which nobody sees before :meth:`publish`."""

    def __init__(self, folder: Path, previous: str | None, *, afresh: bool) -> None:
        """Start from the published generation ``previous``, or from nothing if ``afresh``."""
        self._folder = folder
        names = [GENERATION.fullmatch(path.name) for path in folder.iterdir()]
        last = max((int(name[1]) for name in names if name), default=0)
        self._path = folder / f"generation-{last + 1}"
        self._path.mkdir()
        self._afresh = afresh or previous is None
        database = self._path / "db"
        if previous is not None and not self._afresh:
            Store.read_only(str(folder / previous / "db")).backup(str(database))
        self._store = Store(str(database))
        self._previous = previous
        self._pending: list[Quad] = []

    def put_shared(self, quads: Iterable[Quad]) -> None:
        """Replace the ontology and the shared references."""
        self._replace((ONTOLOGY_GRAPH, REFERENCES_GRAPH), quads)

    def put_review(self, review: str, quads: Iterable[Quad], summary: dict[str, Any]) -> None:
        """Replace a review's graphs; the manifest will hold the summary."""
        self._replace(ReviewIRIs(review).graphs, quads)

    def put_standing(self, review: str, change: Change, summary: dict[str, Any]) -> None:
        """Change those of a review's graphs that depend on its register."""
        for quad in change.removed:
            self._store.remove(quad)
        self._store.extend(change.added)

    def drop_review(self, review: str) -> None:
        """Remove a review's graphs."""
        self._replace(ReviewIRIs(review).graphs, [])

    def _replace(self, graphs: Iterable[str], quads: Iterable[Quad]) -> None:
        if self._afresh:
            self._pending += quads
            if len(self._pending) >= _BATCH:
                self._load_pending()
            return
        for graph in graphs:
            self._store.remove_graph(NamedNode(graph))
        self._store.extend(quads)

    def _load_pending(self) -> None:
        if self._pending:
            self._store.bulk_extend(self._pending)
            self._pending = []

    def publish(self, manifest: dict[str, Any]) -> None:
        """Let readers open this generation, and drop all but the one before it."""
        self._load_pending()
        if self._afresh:
            self._store.optimize()
        self._store.flush()
        del self._store
        write_durably(
            self._path / MANIFEST, json.dumps({"format": FORMAT, **manifest}, ensure_ascii=False)
        )
        sync_folder(self._path)
        beside = self._folder / (CURRENT + ".new")
        write_durably(beside, self._path.name)
        beside.replace(self._folder / CURRENT)
        sync_folder(self._folder)
        self._drop_all_but({self._path.name, self._previous})

    def abandon(self) -> None:
        """Remove what was written."""
        self._store = Store()
        shutil.rmtree(self._path, ignore_errors=True)

    def _drop_all_but(self, kept: set[str | None]) -> None:
        for path in self._folder.iterdir():
            if GENERATION.fullmatch(path.name) and path.name not in kept:
                shutil.rmtree(path, ignore_errors=True)


def canonical_nquads(quads: Iterable[Quad]) -> Iterator[bytes]:
    """Yield the N-Quads lines of quads, or of a store, sorted: the same for the same graph."""
    buffer = BytesIO()
    serialize(quads, buffer, format=RdfFormat.N_QUADS)
    yield from sorted(buffer.getvalue().splitlines(keepends=True))
