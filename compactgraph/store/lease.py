"""Keeps two builds on one service apart.

If a PostgreSQL database keeps the register, a build holds an advisory lock there, which ends with its
connection. Otherwise it writes a lease on the service, gives way if another has one, and renews its own
while it runs. The lease of a build that died runs out.

A lease is best effort. Two builds can run at once if the service answers from a copy that lags behind,
clocks differ by more than the lease is long, or a lease could not be renewed in time. Unless updates are
atomic, a part may then be a mixture of the two that no count shows.
"""

from __future__ import annotations

import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from compactgraph.errors import ServiceError, StoreBusyError
from compactgraph.paths import register_database
from compactgraph.service.client import Service
from compactgraph.store.load_notes import note_in_graph, notes_of

LEASE_SECONDS = 120.0
"""How long a lease holds if it is not renewed."""

_PART = "lease"
_RENEWALS = 3


@contextmanager
def lease(service: Service, *, seconds: float = LEASE_SECONDS) -> Iterator[None]:
    """Hold a service for one build; a thread renews the lease.

    Raises StoreBusyError if another build holds the service, ServiceError if the service cannot be
    asked, and RegisterError if the database cannot.
    """
    if address := register_database():
        from compactgraph.service.postgresql import Database

        with Database(address).lock(service.name):
            yield
        return
    held = _Lease(service, seconds)
    held.take()
    ended = threading.Event()
    renewing = threading.Thread(target=held.renew_until, args=(ended,), daemon=True)
    renewing.start()
    try:
        yield
    finally:
        ended.set()
        renewing.join()
        held.give_back()


class _Lease:
    def __init__(self, service: Service, seconds: float) -> None:
        self._service = service
        self._seconds = seconds
        self._holder = secrets.token_hex(8)
        self._written = ""

    def take(self) -> None:
        self._replace(self._run_out())
        try:
            self._run_out()
        except StoreBusyError:
            self.give_back()
            raise

    def renew_until(self, ended: threading.Event) -> None:
        while not ended.wait(self._seconds / _RENEWALS):
            try:
                self._replace([])
            except ServiceError:
                continue  # The build meets the same error and reports it; the next renewal may succeed.

    def give_back(self) -> None:
        self._write([self._written], "")

    def _replace(self, old: list[str]) -> None:
        before, content = self._written, {"holder": self._holder, "until": time.time() + self._seconds}
        self._written = json.dumps(content)
        self._write([*old, before], self._written)

    def _write(self, old: list[str], new: str) -> None:
        steps = [f"DELETE DATA {{ {note_in_graph(_PART, json.loads(text))} }}" for text in old if text]
        steps += [f"INSERT DATA {{ {note_in_graph(_PART, json.loads(new))} }}"] if new else []
        if steps:
            self._service.update(" ;\n".join(steps))

    def _run_out(self) -> list[str]:
        """Return the leases of others that have run out; raise StoreBusyError if one has not."""
        leases = [text for part, text in notes_of(self._service) if part == _PART]
        others = {text: held for text in leases if (held := json.loads(text))["holder"] != self._holder}
        if any(float(held["until"]) > time.time() for held in others.values()):
            raise StoreBusyError(
                f"{self._service.name}: another build is under way there; try again when it is done"
            )
        return list(others)
