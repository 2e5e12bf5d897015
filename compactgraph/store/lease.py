"""Keeps two builds on one service apart.

If a PostgreSQL database keeps the register, a build holds an advisory lock there, which ends with its
connection. Otherwise it writes a lease on the service, gives way if another has one, and renews its own
while it runs. The lease of a build that died runs out.

A lease is best effort. Two builds can run at once if the service answers from a copy that lags behind,
if clocks differ by more than the lease is long, or if a lease could not be renewed in time. Then each
part is from one of the builds if updates are atomic. Otherwise it may be a mixture that no count shows.
"""

from __future__ import annotations

import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from pyoxigraph import NamedNode

from compactgraph.common.namespaces import BUILDS_GRAPH
from compactgraph.errors import ServiceError, StoreBusyError
from compactgraph.paths import register_database
from compactgraph.service.client import Service
from compactgraph.store.load_notes import note_triple, notes_of

LEASE_SECONDS = 120.0
"""How long a lease holds if it is not renewed."""

_PART = "lease"
_NODE = f"{BUILDS_GRAPH}/{_PART}"
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
        others = list(self._others())
        if any(until > time.time() for _, until in others):
            raise self._busy()
        self._replace([text for text, _ in others])
        if any(until > time.time() for _, until in self._others()):
            self.give_back()
            raise self._busy()

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
        steps = [f"DELETE DATA {{ {_in_graph(text)} }}" for text in old if text]
        steps += [f"INSERT DATA {{ {_in_graph(new)} }}"] if new else []
        if steps:
            self._service.update(" ;\n".join(steps))

    def _others(self) -> Iterator[tuple[str, float]]:
        for part, text in notes_of(self._service):
            if part == _PART:
                content = json.loads(text)
                if content["holder"] != self._holder:
                    yield text, float(content["until"])

    def _busy(self) -> StoreBusyError:
        return StoreBusyError(
            f"{self._service.name}: another build is under way there; try again when it is done"
        )


def _in_graph(text: str) -> str:
    return f"GRAPH {NamedNode(BUILDS_GRAPH)} {{ {note_triple(_NODE, json.loads(text))} }}"
