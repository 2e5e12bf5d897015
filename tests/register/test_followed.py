"""Entries that are followed: only what is new is read, and another register is noticed."""

from __future__ import annotations

from pathlib import Path

import pytest

from compactgraph.errors import RegisterError
from compactgraph.register.chain import Kept
from compactgraph.register.entry import Body, Entry, Head, Kind
from compactgraph.register.file import FileRegister
from compactgraph.register.followed import FollowedEntries
from tests.support.registers import append


def note(why: str) -> Body:
    return Body(Kind.NOTE, ("Ann Lee",), "2026-10-05", item="1.9", provision="1.9", why=why)


class Watched(FileRegister):
    """A register in a file that notes after which numbers its entries were read."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.after: list[int] = []

    def read(self, review: str, after: int = 0) -> tuple[list[Kept], Head]:
        self.after.append(after)
        return super().read(review, after)


@pytest.fixture
def register(tmp_path: Path) -> Watched:
    return Watched(tmp_path / "register")


@pytest.fixture
def followed(register: Watched) -> FollowedEntries:
    return FollowedEntries(register, "bristol")


def numbers(entries: list[Entry]) -> list[int]:
    return [entry.number for entry in entries]


def test_only_what_came_since_is_read(register: Watched, followed: FollowedEntries) -> None:
    append(FileRegister(register.path), note("a"), note("b"))
    before = followed.now()
    append(FileRegister(register.path), note("c"))
    after = followed.now()
    assert numbers(followed.now()) == [1, 2, 3]
    assert [one is two for one, two in zip(before, after, strict=False)] == [True, True]
    assert register.after == [0, 2, 3]


@pytest.mark.parametrize("left", [0, 1])
def test_a_register_that_has_lost_entries_is_read_anew(
    register: Watched, followed: FollowedEntries, left: int
) -> None:
    for why in "abc"[:left]:
        append(FileRegister(register.path), note(why))
    older = register.path.read_bytes() if left else None
    last = append(FileRegister(register.path), note("d"), note("e"))[-1]
    followed.now()
    assert followed.had(last.hash)
    register.path.unlink()
    if older is not None:
        register.path.write_bytes(older)
    assert numbers(followed.now()) == [*range(1, left + 1)]
    assert not followed.had(last.hash)


@pytest.mark.parametrize("more", [0, 2])
def test_another_register_in_its_place_is_read_anew(
    register: Watched, followed: FollowedEntries, more: int
) -> None:
    append(FileRegister(register.path), note("a"), note("b"))
    followed.now()
    register.path.unlink()
    append(FileRegister(register.path), *(note(str(number)) for number in range(2 + more)))
    assert [entry.body.why for entry in followed.now()] == [str(number) for number in range(2 + more)]


def test_what_is_added_follows_what_is_there(register: Watched, followed: FollowedEntries) -> None:
    append(FileRegister(register.path), note("a"))
    held: list[list[int]] = []

    def refuse(entries: list[Entry]) -> list[Entry]:
        held.append(numbers(entries))
        raise RegisterError("no")

    with pytest.raises(RegisterError, match=r"^no$"):
        followed.add(refuse)
    assert held == [[1]]
    assert numbers(followed.now()) == [1]
