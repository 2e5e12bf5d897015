"""Registers on either engine for tests: how one is named, added to, and seen through."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from compactgraph.errors import RegisterError
from compactgraph.register.chain import flaws_of, following
from compactgraph.register.database import PATIENCE, DatabaseRegister
from compactgraph.register.entry import Body, Entry
from compactgraph.register.file import FileRegister
from compactgraph.register.followed import FollowedEntries
from compactgraph.register.postgresql import PostgresRegister
from tests.support.bodies import RECORDED, RECORDER


def register_named(name: str | Path, patience: float = PATIENCE) -> DatabaseRegister:
    """Return the register in a file, or in the database of an address."""
    if str(name).startswith("postgresql:"):
        return PostgresRegister(str(name), patience=patience)
    return FileRegister(Path(name), patience=patience)


def append(register: DatabaseRegister, *bodies: Body, review: str = "bristol") -> list[Entry]:
    return FollowedEntries(register, review).add(
        lambda held: following(review, held, bodies, RECORDER, RECORDED)
    )


def flaws(register: DatabaseRegister) -> list[str]:
    kept, noted = register.read("bristol")
    return [str(flaw) for flaw in flaws_of("bristol", kept, noted=noted)]


def refused(attempt: Callable[[], object], error: type[RegisterError] = RegisterError) -> str:
    """Return the one line with which something is refused."""
    with pytest.raises(RegisterError) as raised:
        attempt()
    assert type(raised.value) is error
    assert "\n" not in str(raised.value)
    return str(raised.value)
