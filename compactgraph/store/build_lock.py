"""The lock that keeps two builds of one folder apart. For a service see ``lease``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from compactgraph.errors import NextStep, StoreBusyError, StoreError


@contextmanager
def build_lock(folder: Path) -> Iterator[None]:
    """Hold the store for one build.

    Raises StoreBusyError at once if another build holds it, and StoreError if the folder cannot
    be written.
    """
    # Readers take no lock and do not wait for this import.
    from filelock import FileLock, Timeout

    lock = FileLock(folder / "lock", timeout=0)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout:
        raise StoreBusyError(
            f"{folder}: another build is under way; wait for it and try again"
        ) from None
    except OSError as error:
        problem = f"{folder}: cannot be written ({error.strerror})"
        raise StoreError(problem, NextStep.CHOOSE_STORE) from None
    try:
        yield
    finally:
        lock.release()
