"""Where the graph is kept: Oxigraph on disk, a new generation for each build. Only this module opens it.

::

    <store>/current            the name of the generation that readers open
    <store>/generation-7/db    its database, never written after it was published
    <store>/generation-7/manifest.json
    <store>/lock               held by the build that is under way

A build writes a generation beside the published one and then replaces ``current`` in one rename, so that
a build killed at any moment leaves the last good store. A generation starts as a backup of the one
before it, which shares its unchanged files; one changed review costs one review. The generation before
the published one stays for the readers that still have it open.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

from pyoxigraph import NamedNode, Quad, RdfFormat, Store

from compactgraph.errors import StoreError

_CURRENT = "current"
_MANIFEST = "manifest.json"
_GENERATION = re.compile(r"generation-(\d+)")
FORMAT = 1


def _published(folder: Path) -> str | None:
    try:
        name = (folder / _CURRENT).read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError):
        raise _damaged(folder) from None
    if _GENERATION.fullmatch(name) is None:
        raise _damaged(folder)
    return name


def _damaged(folder: Path) -> StoreError:
    return StoreError(f"{folder}: the store is damaged; delete the folder and run: compactgraph build")


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """Return what the last build noted of itself, or None where there is no store yet.

    Raises StoreError where the store is damaged.
    """
    name = _published(folder)
    if name is None:
        return None
    try:
        manifest = json.loads((folder / name / _MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise _damaged(folder) from None
    if not isinstance(manifest, dict):
        raise _damaged(folder)
    return manifest if manifest.get("format") == FORMAT else None


def open_store(folder: Path) -> Store:
    """Open the published generation for reading; raise StoreError where there is none."""
    name = _published(folder)
    if name is None or read_manifest(folder) is None:
        raise StoreError(f"{folder}: there is no store here yet; run: compactgraph build")
    try:
        return Store.read_only(str(folder / name / "db"))
    except OSError:
        raise _damaged(folder) from None


class Generation:
    """A generation being written; nobody sees it until :meth:`publish`."""

    def __init__(self, folder: Path, previous: str | None, *, afresh: bool) -> None:
        """Start from the published generation ``previous``, or empty where ``afresh``."""
        self._folder = folder
        number = 1 + max((_number(path.name) for path in folder.iterdir()), default=0)
        self._path = folder / f"generation-{number}"
        self._path.mkdir()
        self._afresh = afresh or previous is None
        database = self._path / "db"
        if previous is not None and not self._afresh:
            Store.read_only(str(folder / previous / "db")).backup(str(database))
        self._store = Store(str(database))
        self._previous = previous

    def replace_graphs(self, graphs: Iterable[str], quads: Iterable[Quad]) -> None:
        """Put ``quads`` in the place of all that the graphs ``graphs`` hold."""
        if self._afresh:
            self._store.bulk_extend(quads)
            return
        for graph in graphs:
            self._store.remove_graph(NamedNode(graph))
        self._store.extend(quads)

    def quads(self) -> int:
        """Return the number of quads written."""
        return len(self._store)

    def publish(self, manifest: dict[str, Any]) -> None:
        """Make this generation the one that readers open, and drop all but the one before it."""
        if self._afresh:
            self._store.optimize()
        self._store.flush()
        del self._store
        _write_durably(
            self._path / _MANIFEST, json.dumps({"format": FORMAT, **manifest}, ensure_ascii=False)
        )
        _sync(self._path)
        beside = self._folder / (_CURRENT + ".new")
        _write_durably(beside, self._path.name)
        beside.replace(self._folder / _CURRENT)
        _sync(self._folder)
        self._drop_all_but({self._path.name, self._previous})

    def abandon(self) -> None:
        """Take away what was written."""
        self._store = Store()
        shutil.rmtree(self._path, ignore_errors=True)

    def _drop_all_but(self, kept: set[str | None]) -> None:
        for path in self._folder.iterdir():
            if _GENERATION.fullmatch(path.name) and path.name not in kept:
                shutil.rmtree(path, ignore_errors=True)


def _number(name: str) -> int:
    match = _GENERATION.fullmatch(name)
    return int(match[1]) if match else 0


def _write_durably(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def build_lock(folder: Path) -> Iterator[None]:
    """Hold the store for one build; raise StoreError at once where another build holds it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / "lock").open("w")
    except OSError as error:
        raise StoreError(
            f"{folder}: cannot be written ({error.strerror}); choose another with --store"
        ) from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise StoreError(
                f"{folder}: another build is under way; wait for it and run the command again"
            ) from None
        yield


@contextmanager
def new_generation(folder: Path, *, afresh: bool) -> Iterator[Generation]:
    """Start a generation under the lock; take it away again where the build fails."""
    generation = Generation(folder, _published(folder), afresh=afresh)
    try:
        yield generation
    except BaseException:
        generation.abandon()
        raise


def canonical_nquads(store: Store) -> Iterator[bytes]:
    """Yield the store's N-Quads lines in sorted order: the same for the same graph."""
    buffer = BytesIO()
    store.dump(buffer, RdfFormat.N_QUADS)
    yield from sorted(buffer.getvalue().splitlines(keepends=True))
