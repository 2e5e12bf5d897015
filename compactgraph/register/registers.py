"""Where the register of a store is, and how writers take turns."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from compactgraph.errors import HeadMovedError
from compactgraph.paths import is_service, register_database, register_file, register_is_named

if TYPE_CHECKING:
    from compactgraph.register.database import DatabaseRegister
    from compactgraph.register.service import ServiceRegister

PATIENCE = 60.0
"""For how many seconds a writer tries again because others were faster."""

_PAUSE = 0.05

Outcome = TypeVar("Outcome")


Register: TypeAlias = "DatabaseRegister | ServiceRegister"
"""The entries of all reviews of a store: in a database, or for reading on a service."""


def register_at(location: Path | str) -> Register:
    """Return the register of the store at a location. Nothing is opened or asked yet.

    The environment may name a file or a PostgreSQL database. Otherwise it is the file beside the store's
    folder; for a store on a service, what an earlier version kept there, for reading. Raises
    RegisterError or ServiceError if an address cannot be used.
    """
    if address := register_database():
        from compactgraph.register.postgresql import PostgresRegister

        return PostgresRegister(address)
    if is_service(location) and not register_is_named():
        from compactgraph.register.service import ServiceRegister

        return ServiceRegister(str(location))
    from compactgraph.register.file import FileRegister

    return FileRegister(register_file(location))


def again_if_moved(attempt: Callable[[], Outcome]) -> Outcome:
    """Return what ``attempt`` returns; try again as long as other writers are faster.

    Raises HeadMovedError if that lasts too long.
    """
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return attempt()
        except HeadMovedError:
            if time.monotonic() > deadline:
                raise
        # Pauses differ from writer to writer.
        time.sleep(random.uniform(0, _PAUSE))
