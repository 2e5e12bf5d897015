"""How much work is taken on at once: what finds no place is told so at once, and comes again later."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from anyio import CapacityLimiter, to_thread

from compactgraph.errors import QueryBusyError

Result = TypeVar("Result")


class Places:
    """A number of places for requests that wait for a thread's work. It belongs to one event loop."""

    def __init__(self, number: int) -> None:
        """Set how many requests there is place for, each with a thread of its own."""
        self._number = number
        self._taken = 0
        self._limiter: CapacityLimiter | None = None

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Hold a place; raise QueryBusyError where there is none."""
        if self._taken >= self._number:
            raise QueryBusyError(f"{self._number} requests are under way; try again in a moment")
        self._taken += 1
        try:
            yield
        finally:
            self._taken -= 1

    async def run(self, work: Callable[[], Result]) -> Result:
        """Have ``work`` done in a thread, and return what it returns."""
        if self._limiter is None:
            self._limiter = CapacityLimiter(self._number)
        return await to_thread.run_sync(work, limiter=self._limiter, abandon_on_cancel=True)
