"""Where a store is kept: in a folder on this machine, or on a SPARQL service.

A location is a folder's path or a service's address. Libraries of the graph are imported where they are
needed, because a build that finds nothing changed needs none.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from compactgraph.errors import NextStep, StoreError
from compactgraph.paths import is_service
from compactgraph.store import folder as store_folder
from compactgraph.store.build_lock import build_lock

if TYPE_CHECKING:
    from pyoxigraph import Quad

    from compactgraph.sparql.dataset import Dataset

Location = Path | str
"""A folder, or the address of a SPARQL service."""

Manifest = dict[str, Any]
"""What a build notes of a store: ``common``, the ``reviews`` with their summaries, ``quads``."""

NOTES_HOLD = 2.0
"""For how many seconds a service's notes of its build are not read again."""


class Change(Protocol):
    """A change of the graphs of a review that depend on its register."""

    @property
    def quads(self) -> Sequence[Quad]:
        """All of their quads after the change."""

    @property
    def added(self) -> Sequence[Quad]:
        """The new quads."""

    @property
    def removed(self) -> Sequence[Quad]:
        """The quads that are gone."""


class Generation(Protocol):
    """A build that is being written. Each ``put`` replaces the graphs that were there."""

    def put_shared(self, quads: Iterable[Quad]) -> None:
        """Put the ontology and the shared references."""

    def put_review(self, review: str, quads: Iterable[Quad], summary: dict[str, Any]) -> None:
        """Put a review's graphs."""

    def put_standing(self, review: str, change: Change, summary: dict[str, Any]) -> None:
        """Put those of a review's graphs that depend on its register."""

    def drop_review(self, review: str) -> None:
        """Remove a review's graphs."""

    def publish(self, manifest: Manifest) -> None:
        """Let readers see what was written."""


class Storage(Protocol):
    """A store's place."""

    @property
    def name(self) -> str:
        """What messages call it: the folder, or the service's address without secrets."""

    def damaged(self) -> StoreError:
        """Return the error for a store that cannot be read."""

    def manifest(self) -> Manifest | None:
        """Return what the last build noted, or None if there is no store of this version.

        Raises StoreError if the store is damaged, and ServiceError if a service does not answer.
        """

    def published(self) -> str | None:
        """Return a name that only the published build has, or None; a quick look."""

    def open(self) -> tuple[Dataset, Manifest]:
        """Open the published build for reading, with its notes; StoreError if there is no build."""

    def check(self) -> None:
        """Read a little of the build; StoreError, OSError or RuntimeError if it is damaged."""

    def copied(self) -> tuple[Dataset, Manifest] | None:
        """Return the published build as a copy in memory; None for a service."""

    def lock(self) -> AbstractContextManager[None]:
        """Hold the store for one build; StoreBusyError if another build holds it."""

    def generation(self, *, afresh: bool) -> AbstractContextManager[Generation]:
        """Start a build under the lock: on what is there, or from nothing if ``afresh``."""

    def was_built(self) -> bool:
        """Say whether a build wrote what is there, even if it is damaged now."""

    def make_way(self) -> None:
        """Let a build from nothing replace a damaged store, if possible."""


def storage_at(location: Location) -> Storage:
    """Return the storage at a location. Nothing is opened or asked yet.

    Raises ServiceError if an address cannot be used.
    """
    return _ServiceStorage(str(location)) if is_service(location) else _FolderStorage(Path(location))


def open_dataset(location: Location) -> Dataset:
    """Open the store at a location for reading; raise StoreError if there is no store."""
    return storage_at(location).open()[0]


class _FolderStorage:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.name = str(folder)

    def damaged(self) -> StoreError:
        return store_folder.damaged(self._folder)

    def manifest(self) -> Manifest | None:
        return store_folder.read_manifest(self._folder)

    def published(self) -> str | None:
        name = store_folder.published(self._folder)
        try:
            current = (self._folder / store_folder.CURRENT).stat()
        except FileNotFoundError:
            return None
        # A folder that was deleted and built anew counts its generations from 1 again.
        return None if name is None else f"{name}@{current.st_mtime_ns}"

    def open(self) -> tuple[Dataset, Manifest]:
        from compactgraph.store.oxigraph import open_with_manifest

        return open_with_manifest(self._folder)

    def check(self) -> None:
        next(iter(self.open()[0].quads_for_pattern(None, None, None, None)), None)

    def copied(self) -> tuple[Dataset, Manifest]:
        from compactgraph.store.oxigraph import copy_with_manifest

        return copy_with_manifest(self._folder)

    def lock(self) -> AbstractContextManager[None]:
        return build_lock(self._folder)

    def generation(self, *, afresh: bool) -> AbstractContextManager[Generation]:
        from compactgraph.store.oxigraph import new_generation

        return new_generation(self._folder, afresh=afresh)

    def was_built(self) -> bool:
        try:
            return store_folder.published(self._folder) is not None
        except StoreError:
            # A file called ``current`` can be anybody's.
            return any(store_folder.GENERATION.fullmatch(path.name) for path in self._folder.iterdir())

    def make_way(self) -> None:
        (self._folder / store_folder.CURRENT).unlink(missing_ok=True)


class _ServiceStorage:
    def __init__(self, address: str) -> None:
        from compactgraph.service.client import Service

        self._service = Service(address, os.environ)
        self._notes: Manifest | None = None
        self._noted_until = 0.0

    @property
    def name(self) -> str:
        return self._service.name

    def damaged(self) -> StoreError:
        return StoreError(f"{self.name}: the store is damaged", NextStep.BUILD)

    def manifest(self) -> Manifest | None:
        from compactgraph.store.load_notes import read_notes

        if time.monotonic() >= self._noted_until:
            self._notes = read_notes(self._service)
            self._noted_until = time.monotonic() + NOTES_HOLD
        return self._notes

    def published(self) -> str | None:
        notes = self.manifest()
        return None if notes is None else str(notes["build"])

    def open(self) -> tuple[Dataset, Manifest]:
        from compactgraph.service.dataset import RemoteDataset
        from compactgraph.store.load_notes import graphs_of
        from compactgraph.store.loading import describe_load

        notes = self.manifest()
        if notes is None:
            raise StoreError(f"{self.name}: there is no store here yet", NextStep.BUILD)
        if notes["unfinished"]:
            line = describe_load(self._service, notes)
            raise StoreError(line, NextStep.BUILD, "when none is under way, ")
        return RemoteDataset(self._service, graphs_of(notes)), notes

    def check(self) -> None:
        self.open()

    def copied(self) -> None:
        return None

    @contextmanager
    def lock(self) -> Iterator[None]:
        from compactgraph.store.lease import lease

        with lease(self._service):
            self._noted_until = 0.0
            yield
        self._noted_until = 0.0

    @contextmanager
    def generation(self, *, afresh: bool) -> Iterator[Generation]:
        from compactgraph.store.loading import Load

        yield Load(self._service)

    def was_built(self) -> bool:
        return self.manifest() is not None

    def make_way(self) -> None:
        """Do nothing: each part of a load replaces the one before."""
