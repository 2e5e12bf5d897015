"""Where a store is kept, and the ways in: a folder on this machine, or a SPARQL service.

A location is a folder's path or a service's address. What is built and asked goes through
:class:`Storage`, so that each command works on either. Libraries of the graph are imported where they
are needed: a build that finds nothing changed needs none.
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

    from compactgraph.service.client import Service
    from compactgraph.sparql.dataset import Dataset

Location = Path | str
"""A folder, or the address of a SPARQL service."""

Manifest = dict[str, Any]
"""What a build notes of a store: ``common``, the ``reviews`` with what was made of each, ``quads``."""


class Change(Protocol):
    """What changes in the graphs of a review that change with its register."""

    @property
    def quads(self) -> Sequence[Quad]:
        """All of them after the change."""
        ...

    @property
    def added(self) -> Sequence[Quad]:
        """Those that were not there before."""
        ...

    @property
    def removed(self) -> Sequence[Quad]:
        """Those that were there before and are no more."""
        ...


class Generation(Protocol):
    """A build that is being written."""

    def put_shared(self, quads: Iterable[Quad]) -> None:
        """Put the ontology and the shared references in the place of those before."""
        ...

    def put_review(self, review: str, quads: Iterable[Quad], summary: dict[str, Any]) -> None:
        """Put a review's graphs in the place of those before."""
        ...

    def put_standing(self, review: str, change: Change, summary: dict[str, Any]) -> None:
        """Put those of a review's graphs that change with its register in the place of those before."""
        ...

    def drop_review(self, review: str) -> None:
        """Take a review's graphs away."""
        ...

    def publish(self, manifest: Manifest) -> None:
        """Let readers see what was written."""
        ...


class Storage(Protocol):
    """A store's place. Its ``name`` is what messages call it."""

    @property
    def name(self) -> str:
        """The folder, or the service's address without what it keeps to itself."""
        ...

    def damaged(self) -> StoreError:
        """Return the error for a store that cannot be read."""
        ...

    def manifest(self) -> Manifest | None:
        """Return what the last build noted, or None if there is no store of this version."""
        ...

    def published(self) -> str | None:
        """Return a name of the published build that no other has, or None; it costs little."""
        ...

    def open(self) -> tuple[Dataset, Manifest]:
        """Open the published build for reading, with its notes; StoreError if there is none."""
        ...

    def check(self) -> None:
        """Read a little of the build; StoreError, OSError or RuntimeError if it is damaged."""
        ...

    def copied(self) -> tuple[Dataset, Manifest] | None:
        """Return the published build as a copy in memory, or None if none is to be made."""
        ...

    def lock(self) -> AbstractContextManager[None]:
        """Hold the store for one build; StoreBusyError if another build holds it."""
        ...

    def generation(self, *, afresh: bool) -> AbstractContextManager[Generation]:
        """Start a build under the lock: on what is there, or from nothing if ``afresh``."""
        ...

    def was_built(self) -> bool:
        """Say whether a build wrote what is there, damaged as it may be."""
        ...

    def make_way(self) -> None:
        """Let a build from nothing take the place of a store that is damaged, if that can be."""
        ...


def storage_at(location: Location) -> Storage:
    """Return the storage at a location. Nothing is opened or asked yet.

    Raises ServiceError if an address cannot be used.
    """
    return ServiceStorage(str(location)) if is_service(location) else FolderStorage(Path(location))


def open_dataset(location: Location) -> Dataset:
    """Open the store at a location for reading; raise StoreError if there is none."""
    return storage_at(location).open()[0]


class FolderStorage:
    """A store in a folder: see :mod:`compactgraph.store.oxigraph`."""

    def __init__(self, folder: Path) -> None:
        """Name the folder; it need not be there yet."""
        self.folder = folder

    @property
    def name(self) -> str:
        """The folder's path."""
        return str(self.folder)

    def damaged(self) -> StoreError:
        """Return the error for a folder that cannot be read."""
        return store_folder.damaged(self.folder)

    def manifest(self) -> Manifest | None:
        """Return what the last build noted; StoreError if the store is damaged."""
        return store_folder.read_manifest(self.folder)

    def published(self) -> str | None:
        """Return the generation and the time of its publishing; StoreError if damaged.

        If a folder was deleted and built anew, its generations are counted from 1 again: the time
        tells them apart.
        """
        name = store_folder.published(self.folder)
        try:
            current = (self.folder / store_folder.CURRENT).stat()
        except FileNotFoundError:
            return None
        return None if name is None else f"{name}@{current.st_mtime_ns}"

    def open(self) -> tuple[Dataset, Manifest]:
        """Open the published generation where it lies."""
        from compactgraph.store.oxigraph import open_with_manifest

        return open_with_manifest(self.folder)

    def check(self) -> None:
        """Read the first quad."""
        next(iter(self.open()[0].quads_for_pattern(None, None, None, None)), None)

    def copied(self) -> tuple[Dataset, Manifest]:
        """Copy the published generation into memory."""
        from compactgraph.store.oxigraph import copy_with_manifest

        return copy_with_manifest(self.folder)

    def lock(self) -> AbstractContextManager[None]:
        """Hold the folder for one build."""
        return build_lock(self.folder)

    def generation(self, *, afresh: bool) -> AbstractContextManager[Generation]:
        """Start a generation beside the published one."""
        from compactgraph.store.oxigraph import new_generation

        return new_generation(self.folder, afresh=afresh)

    def was_built(self) -> bool:
        """Whether a build wrote the folder: a file called ``current`` can be anybody's."""
        try:
            return store_folder.published(self.folder) is not None
        except StoreError:
            return any(store_folder.GENERATION.fullmatch(path.name) for path in self.folder.iterdir())

    def make_way(self) -> None:
        """Take the publishing back."""
        (self.folder / store_folder.CURRENT).unlink(missing_ok=True)


LOOKED_AT = 2.0
"""For how many seconds what a service says of its build is taken to be so."""


class ServiceStorage:
    """A store on a SPARQL service: see :mod:`compactgraph.store.loading`."""

    def __init__(self, address: str) -> None:
        """Name the service by its query address; who may write is in the environment."""
        from compactgraph.service.client import Service

        self._service: Service = Service.from_location(address, os.environ)
        self._notes: Manifest | None = None
        self._noted_until = 0.0

    @property
    def name(self) -> str:
        """The service's address, without what it keeps to itself."""
        return self._service.name

    def damaged(self) -> StoreError:
        """Return the error for a build on the service that cannot be read."""
        return StoreError(f"{self.name}: the store is damaged", NextStep.BUILD)

    def manifest(self) -> Manifest | None:
        """Return what the service says of its build; ServiceError if it does not answer."""
        from compactgraph.store.loading import read_notes

        if time.monotonic() >= self._noted_until:
            self._notes = read_notes(self._service)
            self._noted_until = time.monotonic() + LOOKED_AT
        return self._notes

    def published(self) -> str | None:
        """Return the build's name."""
        notes = self.manifest()
        return None if notes is None else str(notes["build"])

    def open(self) -> tuple[Dataset, Manifest]:
        """Return the service's graphs; StoreError if none is built, or a load was cut off."""
        from compactgraph.service.dataset import RemoteDataset
        from compactgraph.store.loading import describe_load, graphs_of, unfinished

        notes = self.manifest()
        if notes is None:
            raise StoreError(f"{self.name}: there is no store here yet", NextStep.BUILD)
        if unfinished(notes):
            line = describe_load(self._service, notes)
            raise StoreError(line, NextStep.BUILD, "when none is under way, ")
        return RemoteDataset(self._service, graphs_of(notes)), notes

    def check(self) -> None:
        """See that no load was cut off."""
        self.open()

    def copied(self) -> None:
        """Return None: a service is asked where it is."""

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold a lease on the service for one build."""
        from compactgraph.store.loading import lease

        with lease(self._service):
            self._noted_until = 0.0
            yield
        self._noted_until = 0.0

    @contextmanager
    def generation(self, *, afresh: bool) -> Iterator[Generation]:
        """Start a load; each part is in place as soon as it is written."""
        yield _Load(self._service)

    def was_built(self) -> bool:
        """Whether a build wrote there."""
        return self.manifest() is not None

    def make_way(self) -> None:
        """Do nothing: each part of a load takes the place of the one before."""


class _Load:
    def __init__(self, service: Service) -> None:
        self._service = service

    def put_shared(self, quads: Iterable[Quad]) -> None:
        from compactgraph.store.loading import write_shared

        write_shared(self._service, quads)

    def put_review(self, review: str, quads: Iterable[Quad], summary: dict[str, Any]) -> None:
        from compactgraph.store.loading import write_review

        write_review(self._service, review, quads, summary)

    def put_standing(self, review: str, change: Change, summary: dict[str, Any]) -> None:
        from compactgraph.store.loading import write_standing

        write_standing(self._service, review, change.quads, summary)

    def drop_review(self, review: str) -> None:
        from compactgraph.store.loading import remove_review

        remove_review(self._service, review)

    def publish(self, manifest: Manifest) -> None:
        from compactgraph.store.loading import write_notes

        write_notes(self._service, manifest)
