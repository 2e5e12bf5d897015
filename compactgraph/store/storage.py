"""Where a store is kept: in a folder on this machine, or on a SPARQL service.

A location is a folder's path or a service's address. Libraries of the graph are imported where they are
needed, because a build that finds nothing changed needs none.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from compactgraph.errors import NextStep, StoreBusyError, StoreError
from compactgraph.paths import is_service
from compactgraph.store import folder as store_folder

if TYPE_CHECKING:
    from pyoxigraph import Quad, Store

    from compactgraph.sparql.dataset import Dataset
    from compactgraph.store.loading import Load
    from compactgraph.store.oxigraph import NewGeneration

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


Generation: TypeAlias = "NewGeneration | Load"
"""A build that is being written."""


def storage_at(location: Location) -> Storage:
    """Return the storage at a location. Nothing is opened or asked yet.

    Raises ServiceError if an address cannot be used.
    """
    return ServiceStorage(str(location)) if is_service(location) else FolderStorage(Path(location))


def summaries_of(manifest: Manifest | None) -> dict[str, dict[str, Any]]:
    """Return the summaries of the reviews that a manifest has, by review."""
    return {review["identifier"]: review for review in (manifest or {"reviews": []})["reviews"]}


def open_dataset(location: Location) -> Dataset:
    """Open the store at a location for reading; raise StoreError if there is no store."""
    return storage_at(location).open()[0]


class FolderStorage:
    """A store in a folder; ``name`` is what messages call it."""

    def __init__(self, folder: Path) -> None:
        """Name the folder; it need not exist yet."""
        self._folder = folder
        self.name = str(folder)

    def damaged(self) -> StoreError:
        """Return the error for a store that cannot be read."""
        return store_folder.damaged(self._folder)

    def manifest(self) -> Manifest | None:
        """Return what the last build noted, or None if there is no store of this version.

        Raises StoreError if the store is damaged.
        """
        return store_folder.read_manifest(self._folder)

    def published(self) -> str | None:
        """Return a name that only the published build has, or None; a quick look."""
        name = store_folder.published(self._folder)
        try:
            current = (self._folder / store_folder.CURRENT).stat()
        except FileNotFoundError:
            return None
        # A folder that was deleted and built anew counts its generations from 1 again.
        return None if name is None else f"{name}@{current.st_mtime_ns}"

    def open(self) -> tuple[Store, Manifest]:
        """Open the published build for reading, with its notes; StoreError if there is no build."""
        from compactgraph.store.oxigraph import open_with_manifest

        return open_with_manifest(self._folder)

    def check(self) -> None:
        """Read a little of the build; StoreError, OSError or RuntimeError if it is damaged."""
        next(iter(self.open()[0].quads_for_pattern(None, None, None, None)), None)

    def copied(self) -> tuple[Dataset, Manifest]:
        """Return the published build as a copy in memory."""
        from pyoxigraph import Store

        on_disk, manifest = self.open()
        copy = Store()
        try:
            copy.bulk_extend(on_disk)
        except (OSError, RuntimeError):
            raise self.damaged() from None
        return copy, manifest

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the store for one build.

        Raises StoreBusyError at once if another build holds it, and StoreError if the folder cannot be
        written.
        """
        # Readers take no lock and do not wait for this import.
        from filelock import FileLock, Timeout

        lock = FileLock(self._folder / "lock", timeout=0)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            lock.acquire()
        except Timeout:
            raise StoreBusyError(
                f"{self._folder}: another build is under way; wait for it and try again"
            ) from None
        except OSError as error:
            problem = f"{self._folder}: cannot be written ({error.strerror})"
            raise StoreError(problem, NextStep.CHOOSE_STORE) from None
        try:
            yield
        finally:
            lock.release()

    @contextmanager
    def generation(self, *, afresh: bool) -> Iterator[Generation]:
        """Start a build under the lock: on what is there, or from nothing if ``afresh``.

        What was written is removed if the build fails.
        """
        from compactgraph.store.oxigraph import NewGeneration

        previous = store_folder.published(self._folder)
        generation = NewGeneration(self._folder, previous, afresh=afresh)
        try:
            yield generation
        except BaseException:
            generation.abandon()
            raise

    def was_built(self) -> bool:
        """Say whether a build wrote what is there, even if it is damaged now."""
        try:
            return store_folder.published(self._folder) is not None
        except StoreError:
            # A file called ``current`` can be anybody's.
            return any(store_folder.GENERATION.fullmatch(path.name) for path in self._folder.iterdir())

    def make_way(self) -> None:
        """Let a build from nothing replace a damaged store."""
        (self._folder / store_folder.CURRENT).unlink(missing_ok=True)


class ServiceStorage:
    """A store on a SPARQL service: see :class:`FolderStorage`."""

    def __init__(self, address: str) -> None:
        """Name the service by its query address; the environment says who may write."""
        from compactgraph.service.client import Service

        self._service = Service(address, os.environ)
        self.name = self._service.name
        self._notes: Manifest | None = None
        self._noted_until = 0.0

    def damaged(self) -> StoreError:
        """Return the error for a build that cannot be read."""
        return StoreError(f"{self.name}: the store is damaged", NextStep.BUILD)

    def manifest(self) -> Manifest | None:
        """Return what the last build noted, or None; ServiceError if the service does not answer."""
        from compactgraph.store.load_notes import read_notes

        if time.monotonic() >= self._noted_until:
            self._notes = read_notes(self._service)
            self._noted_until = time.monotonic() + NOTES_HOLD
        return self._notes

    def published(self) -> str | None:
        """Return the build's name, or None."""
        notes = self.manifest()
        return None if notes is None else str(notes["build"])

    def open(self) -> tuple[Dataset, Manifest]:
        """Return the graphs and the build's notes; StoreError if no build is there and finished."""
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
        """See that no load was cut off."""
        self.open()

    def copied(self) -> None:
        """Return None: a service is asked where it is."""

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold a lease for one build; StoreBusyError if another build holds it."""
        from compactgraph.store.lease import lease

        with lease(self._service):
            self._noted_until = 0.0
            yield
        self._noted_until = 0.0

    @contextmanager
    def generation(self, *, afresh: bool) -> Iterator[Generation]:
        """Start a load; ``afresh`` makes no difference to it."""
        from compactgraph.store.loading import Load

        yield Load(self._service)

    def was_built(self) -> bool:
        """Say whether a build wrote there."""
        return self.manifest() is not None

    def make_way(self) -> None:
        """Do nothing: each part of a load replaces the one before."""


Storage = FolderStorage | ServiceStorage
"""A store's place."""
