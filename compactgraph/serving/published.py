"""The graph that a long-lived process shows: opened once, followed as it is built, built where need be.

A small store is copied into memory, where each question takes a quarter of the time that it takes on
disk; a large one is read where it lies, since copying it would keep the first visitor waiting.
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
from compactgraph.register.registers import Register, register_at
from compactgraph.sparql.dataset import Dataset
from compactgraph.store.storage import Location, Storage, storage_at

MEMORY_QUADS = 300_000
"""The largest store that is copied into memory: three seconds and 120 MB."""

PATIENCE = 120.0
"""How many seconds another process's build is waited for, where there is nothing to show meanwhile."""

LOOKED_INTO = 2.0
"""For how many seconds a store that was found to be up to date is taken to be so."""

TRIED_AGAIN = 10.0
"""After how many seconds a build that failed is tried again."""

_LOOK_AGAIN = 0.2
_BUILD_SHARE = 0.95

ShowProgress = Callable[[str, float], None]


class Condition(StrEnum):
    """What a store's folder holds, measured against the reviews."""

    MISSING = "missing"
    BROKEN = "broken"
    STALE = "stale"
    CURRENT = "current"


@dataclass(frozen=True)
class StoreState:
    """The condition of a store, and the sentence that says it and what to do."""

    condition: Condition
    sentence: str


@dataclass(frozen=True)
class Served:
    """A published build, open for reading.

    ``location`` is the storage's name, ``generation`` a name that no other build there has. ``notice``
    is empty, or one line that says that the build is older than the reviews, and why.
    """

    store: Dataset
    location: str
    generation: str
    manifest: Mapping[str, Any]
    in_memory: bool
    notice: str = ""

    @property
    def reviews(self) -> tuple[ReviewSummary, ...]:
        """What the build noted of each review, by identifier."""
        return tuple(ReviewSummary.from_json(review) for review in self.manifest["reviews"])


def open_served(location: Location, *, memory_quads: int = MEMORY_QUADS) -> Served:
    """Open the published build: in memory where it has at most ``memory_quads``, else where it lies.

    Raises StoreError where there is none, or where it is damaged.
    """
    storage = storage_at(location)
    build, manifest = storage.published(), storage.manifest()
    if build is None or manifest is None:
        raise StoreError(f"{storage.name}: there is no store here yet", NextStep.BUILD)
    try:
        small = manifest["quads"] <= memory_quads
    except KeyError:
        raise storage.damaged() from None
    copy = storage.copied() if small else None
    opened, manifest = copy or storage.open()
    return Served(opened, storage.name, build, manifest, in_memory=copy is not None)


# How a store stands


def state(data: Path, ontology: Path, location: Location) -> StoreState:
    """Say whether the store is there, can be read, and is what the reviews and this program make.

    Raises ServiceError where a service does not answer.
    """
    return _state(data, ontology, storage_at(location), register_at(location))


def _state(data: Path, ontology: Path, storage: Storage, register: Register) -> StoreState:
    try:
        manifest = storage.manifest()
        if manifest is None:
            return StoreState(Condition.MISSING, f"The graph has not been built yet; {NextStep.BUILD}")
        common = manifest["common"]
        built = {review["identifier"]: review["fingerprint"] for review in manifest["reviews"]}
        storage.check()
    except (StoreError, OSError, RuntimeError, KeyError, TypeError):
        return _broken(storage)
    try:
        changes = list(_changes(common, built, data, ontology))
        decided = decided_since(register, manifest["reviews"])
        changes += [f"decisions on the review {name} have been recorded" for name in decided]
    except (CompactgraphError, OSError) as error:
        unsure = f"It cannot be told whether the built graph is up to date: {error}"
        return StoreState(Condition.STALE, unsure)
    if changes:
        return StoreState(
            Condition.STALE, f"Since the graph was built, {_listed(changes)}; {NextStep.BUILD}"
        )
    return StoreState(Condition.CURRENT, "The built graph is up to date.")


def _broken(storage: Storage) -> StoreState:
    error = storage.damaged()
    return StoreState(Condition.BROKEN, f"The built graph is damaged; {error.lead}{error.step}")


def _changes(common: str, built: Mapping[str, str], data: Path, ontology: Path) -> Iterator[str]:
    names = list_reviews(data)
    if common != common_fingerprint(ontology, data):
        yield "the program, its vocabularies or the shared references have changed"
    for name in sorted({*names, *built}):
        if name not in names:
            yield f"the review {name} has been taken away"
        elif name not in built:
            yield f"the review {name} has been added"
        elif built[name] != review_fingerprint(data / name):
            yield f"the review {name} has changed"


def _listed(changes: list[str]) -> str:
    shown = changes[:3]
    if more := len(changes) - len(shown):
        shown.append(f"{more} more change{' was' if more == 1 else 's were'} made")
    return " and ".join(filter(None, [", ".join(shown[:-1]), shown[-1]]))


# Serving it


class Serving:
    """Serves one store to all threads of a process: one of them opens or builds, the others wait."""

    def __init__(
        self,
        data: Path,
        ontology: Path,
        location: Location,
        *,
        memory_quads: int = MEMORY_QUADS,
        patience: float = PATIENCE,
    ) -> None:
        """Name the folders of the reviews and the ontology, and the store. Opens and builds nothing."""
        self.data = data
        self.ontology = ontology
        self.location = location
        self._storage = storage_at(location)
        self._register = register_at(location)
        self._memory_quads = memory_quads
        self._patience = patience
        self._served: Served | None = None
        self._up_to_date_until = 0.0
        self._opening = threading.Lock()
        self._preparing = threading.Lock()
        self._stage = ("", 0.0)

    def state(self) -> StoreState:
        """Say how the store stands: see :func:`state`."""
        return _state(self.data, self.ontology, self._storage, self._register)

    def fresh(self, served: Served) -> bool:
        """Say whether ``served`` is what is published now."""
        try:
            return self._storage.published() == served.generation
        except StoreError:
            return False

    def current(self) -> Served:
        """Return the published build, opened anew where a newer one is there.

        While one thread opens it, and where it cannot be opened, the others have the one before.
        Raises StoreError where there is none at all.
        """
        served = self._served
        if served is not None and self.fresh(served):
            return served
        if not self._opening.acquire(blocking=served is None) and served is not None:
            return served
        try:
            if self._served is None or not self.fresh(self._served):
                self._served = open_served(self.location, memory_quads=self._memory_quads)
        except StoreError:
            if self._served is None:
                raise
        finally:
            self._opening.release()
        return self._served

    def up_to_date(self) -> Served | None:
        """Return the published build where it is what the reviews make, else None.

        What the reviews make is looked into every :data:`LOOKED_INTO` seconds at most, since it reads
        all of them; what is published, each time. A build that could not be made is tried again after
        :data:`TRIED_AGAIN` seconds; until then the older one is returned, with its notice. Raises
        StoreError as :meth:`current` does.
        """
        served = self._served
        if served is not None and self.fresh(served) and time.monotonic() < self._up_to_date_until:
            return served
        if self.state().condition is not Condition.CURRENT:
            return None
        self._up_to_date_until = time.monotonic() + LOOKED_INTO
        return self.current()

    def prepare(self, progress: ShowProgress | None = None) -> Served:
        """Bring the store up to date where that can be done, and return what is to be shown.

        ``progress`` is called with what is being done, in words, and the share that is done. Where
        the store cannot be built and an older build is there, that is returned, with a notice. Raises
        the CompactgraphError that stopped the build where there is nothing to show.
        """
        with self._turn(progress or (lambda words, share: None)) as report:
            found = self._state_when_opened()
            notice = ""
            if found.condition is not Condition.CURRENT:
                try:
                    self._build(found.condition, report)
                except (CompactgraphError, OSError, RuntimeError) as error:
                    self._raise_where_nothing_is_shown(error)
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
        """Wait for the thread that prepares, showing how far it is, and then take its place."""
        while not self._preparing.acquire(timeout=_LOOK_AGAIN):
            progress(*self._stage)

        def report(words: str, share: float) -> None:
            self._stage = (words, share)
            progress(words, share)

        try:
            yield report
        finally:
            self._preparing.release()

    def _state_when_opened(self) -> StoreState:
        """Say how the store stands once all of it that is shown has been read."""
        found = self.state()
        if found.condition in (Condition.STALE, Condition.CURRENT):
            try:
                if not self.fresh(self.current()):
                    return _broken(self._storage)
            except StoreError:
                return _broken(self._storage)
        return found

    def _build(self, condition: Condition, report: ShowProgress) -> None:
        def step(words: str, share: float) -> None:
            report(words, _BUILD_SHARE * share)

        deadline = time.monotonic() + self._patience
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
            if self._state_when_opened().condition is Condition.BROKEN:
                self._storage.make_way()

    def _shows_something(self) -> bool:
        try:
            self.current()
        except StoreError:
            return False
        return True

    def _raise_where_nothing_is_shown(self, error: Exception) -> None:
        if self._shows_something():
            return
        if isinstance(error, CompactgraphError):
            raise error
        raise StoreError(f"{self._storage.name}: cannot be written ({error})", NextStep.CHOOSE_STORE)


def _notice(error: Exception) -> str:
    if isinstance(error, StoreBusyError):
        return "What is shown was built earlier; another program is building it anew."
    return f"What is shown was built earlier, and could not be built anew: {error}"
