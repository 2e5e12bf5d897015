"""The graph that a long-lived process shows: opened once, kept up to date, built if need be.

A small store is copied into memory, which answers four times as fast as the disk. A large one is read in
place, because copying it would keep the first visitor waiting.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from compactgraph.build.inputs import common_fingerprint, review_fingerprint
from compactgraph.build.pipeline import build_store, decided_since
from compactgraph.build.review import ReviewSummary
from compactgraph.document.settings import list_reviews
from compactgraph.errors import CompactgraphError, NextStep, StoreBusyError, StoreError
from compactgraph.register.registers import register_at
from compactgraph.sparql.dataset import Dataset
from compactgraph.store.storage import Location, storage_at

MEMORY_QUADS = 300_000
"""The largest store that is copied into memory: three seconds and 120 MB."""

PATIENCE = 120.0
"""How many seconds to wait for another process's build, if there is nothing to show meanwhile."""

LOOKED_INTO = 2.0
"""For how many seconds a store counts as up to date once it was found to be."""

TRIED_AGAIN = 10.0
"""After how many seconds a failed build is tried again."""

_LOOK_AGAIN = 0.2
_BUILD_SHARE = 0.95

ShowProgress = Callable[[str, float], None]


class Condition(StrEnum):
    """How a store stands, compared with the reviews, the register and this program."""

    MISSING = "missing"
    BROKEN = "broken"
    STALE = "stale"
    CURRENT = "current"


@dataclass(frozen=True)
class Served:
    """A published build, open for reading.

    ``location`` is the storage's name, ``generation`` a name that no other build there has. ``notice``
    is empty, or one line that says why the build is older than the reviews.
    """

    store: Dataset
    location: str
    generation: str
    manifest: Mapping[str, Any]
    notice: str = ""

    @property
    def reviews(self) -> tuple[ReviewSummary, ...]:
        """What the build noted of each review, by identifier."""
        return tuple(ReviewSummary(**review) for review in self.manifest["reviews"])


def open_served(location: Location, *, memory_quads: int = MEMORY_QUADS) -> Served:
    """Open the published build: in memory if it has at most ``memory_quads``, else in place.

    Raises StoreError if it is missing or damaged.
    """
    storage = storage_at(location)
    build, manifest = storage.published(), storage.manifest()
    if build is None or manifest is None:
        raise StoreError(f"{storage.name}: there is no store here yet", NextStep.BUILD)
    try:
        small = manifest["quads"] <= memory_quads
    except KeyError:
        raise storage.damaged() from None
    opened, manifest = (storage.copied() if small else None) or storage.open()
    return Served(opened, storage.name, build, manifest)


class Serving:
    """Serves one store to all threads of a process: one of them opens or builds, the others wait."""

    def __init__(self, data: Path, ontology: Path, location: Location) -> None:
        """Set the folders of the reviews and the ontology, and the store. Opens and builds nothing."""
        self.data = data
        self.ontology = ontology
        self.location = location
        self._storage = storage_at(location)
        self._register = register_at(location)
        self._served: Served | None = None
        self._up_to_date_until = 0.0
        self._opening = threading.Lock()
        self._preparing = threading.Lock()
        self._stage = ("", 0.0)

    def condition(self) -> Condition:
        """Return how the store stands; it is stale if that is uncertain.

        Raises ServiceError if a service does not answer.
        """
        try:
            manifest = self._storage.manifest()
            if manifest is None:
                return Condition.MISSING
            common = manifest["common"]
            built = {review["identifier"]: review["fingerprint"] for review in manifest["reviews"]}
            self._storage.check()
        except (StoreError, OSError, RuntimeError, KeyError, TypeError):
            return Condition.BROKEN
        try:
            reviews = {name: review_fingerprint(self.data / name) for name in list_reviews(self.data)}
            stale = (
                built != reviews
                or common != common_fingerprint(self.ontology, self.data)
                or decided_since(self._register, manifest["reviews"])
            )
        except (CompactgraphError, OSError):
            return Condition.STALE
        return Condition.STALE if stale else Condition.CURRENT

    def fresh(self, served: Served) -> bool:
        """Say whether ``served`` is what is published now."""
        try:
            return self._storage.published() == served.generation
        except StoreError:
            return False

    def current(self) -> Served:
        """Return the published build, opened anew if a newer one is there.

        While one thread opens it, and if that fails, the others have the one before. Raises StoreError
        if there is no build at all.
        """
        served = self._served
        if served is not None and self.fresh(served):
            return served
        if not self._opening.acquire(blocking=served is None) and served is not None:
            return served
        try:
            if self._served is None or not self.fresh(self._served):
                self._served = open_served(self.location, memory_quads=MEMORY_QUADS)
        except StoreError:
            if self._served is None:
                raise
        finally:
            self._opening.release()
        return self._served

    def up_to_date(self) -> Served | None:
        """Return the published build if it is up to date, else None.

        The reviews are read every :data:`LOOKED_INTO` seconds at most. A failed build is tried again
        after :data:`TRIED_AGAIN` seconds; until then the older build is returned, with its notice.
        Raises StoreError as :meth:`current` does.
        """
        served = self._served
        if served is not None and self.fresh(served) and time.monotonic() < self._up_to_date_until:
            return served
        if self.condition() is not Condition.CURRENT:
            return None
        self._up_to_date_until = time.monotonic() + LOOKED_INTO
        return self.current()

    def prepare(self, progress: ShowProgress | None = None) -> Served:
        """Bring the store up to date if possible, and return what to show.

        ``progress`` is called with the present step in words and the share that is done. If the build
        fails and an older build is there, that is returned, with a notice; otherwise the
        CompactgraphError that stopped the build is raised.
        """
        with self._turn(progress or (lambda words, share: None)) as report:
            found = self._condition_when_opened()
            notice = ""
            if found is not Condition.CURRENT:
                try:
                    self._build(found, report)
                except (CompactgraphError, OSError, RuntimeError) as error:
                    if not self._shows_something():
                        raise self._plain(error) from None
                    notice = _notice(error)
            report("Opening the graph", _BUILD_SHARE)
            served = replace(self.current(), notice=notice)
            with self._opening:
                self._served = served
                if notice:
                    self._up_to_date_until = time.monotonic() + TRIED_AGAIN
            return served

    @contextmanager
    def _turn(self, progress: ShowProgress) -> Iterator[ShowProgress]:
        """Wait for the thread that prepares, showing its progress, and then take its place."""
        while not self._preparing.acquire(timeout=_LOOK_AGAIN):
            progress(*self._stage)

        def report(words: str, share: float) -> None:
            self._stage = (words, share)
            progress(words, share)

        try:
            yield report
        finally:
            self._preparing.release()

    def _condition_when_opened(self) -> Condition:
        """Return how the store stands once all of it that is shown has been read."""
        found = self.condition()
        if found in (Condition.STALE, Condition.CURRENT):
            try:
                if not self.fresh(self.current()):
                    return Condition.BROKEN
            except StoreError:
                return Condition.BROKEN
        return found

    def _build(self, condition: Condition, report: ShowProgress) -> None:
        def step(words: str, share: float) -> None:
            report(words, _BUILD_SHARE * share)

        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                if condition is Condition.BROKEN:
                    self._unpublish_the_damaged()
                build_store(self.data, self.ontology, self.location, step=step)
                return
            except StoreBusyError:
                if self._shows_something() or time.monotonic() > deadline:
                    raise
            report("Waiting for the build that another program has begun", 0.0)
            time.sleep(_LOOK_AGAIN)

    def _unpublish_the_damaged(self) -> None:
        """Make way for a build from nothing, which a damaged store would stop."""
        if not self._storage.was_built():
            raise self._storage.damaged()
        with self._storage.lock():
            if self._condition_when_opened() is Condition.BROKEN:
                self._storage.make_way()

    def _shows_something(self) -> bool:
        try:
            self.current()
        except StoreError:
            return False
        return True

    def _plain(self, error: Exception) -> CompactgraphError:
        if isinstance(error, CompactgraphError):
            return error
        problem = f"{self._storage.name}: cannot be written ({error})"
        return StoreError(problem, NextStep.CHOOSE_STORE)


def _notice(error: Exception) -> str:
    if isinstance(error, StoreBusyError):
        return "What is shown was built earlier; another program is building it anew."
    return f"What is shown was built earlier, and could not be built anew: {error}"
