"""A writer that is killed at any moment: what it acknowledged is there, and nothing is there by half."""

from __future__ import annotations

import random
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from compactgraph.build.pipeline import build_store, take_in_decisions
from compactgraph.register.chain import Kept, entries_of, flaws_of
from compactgraph.register.entry import Head
from compactgraph.register.file import FileRegister
from compactgraph.register.followed import FollowedEntries
from compactgraph.store.folder import read_manifest
from compactgraph.store.oxigraph import canonical_nquads, open_store
from tests.support import writers
from tests.support.writers import Nursery, Writer, entry, until

pytestmark = pytest.mark.slow

SECTOR = 512
"""What a disk writes whole or not at all."""


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    with writers.nursery() as started:
        yield started


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store.register"


def check(path: Path, acknowledged: list[int], before: int = 0) -> int:
    """See that a register is as its writer must have left it, and goes on; return its length then.

    ``before`` is how many entries it had when the writer began. An entry that was being written may be
    there, whole, or not at all.
    """
    assert acknowledged == list(range(before + 1, before + 1 + len(acknowledged)))
    least = before + len(acknowledged)
    register = FileRegister(path)
    kept = register.kept("bristol")
    assert len(kept) in (least, least + 1)
    assert flaws_of("bristol", kept, noted=register.noted().get("bristol", Head())) == []
    assert [int(e.body.why.split()[0]) for e in entries_of("bristol", kept)] == [e.number for e in kept]
    (made,) = FollowedEntries(register, "bristol").add(entry())
    assert made.number == len(kept) + 1
    assert register.kept("bristol") == [*kept, Kept.of(made)]
    assert [each.name for each in path.parent.iterdir()] == [path.name]
    return made.number


@pytest.mark.parametrize("moment", range(40))
def test_killed_while_it_makes_the_file(nursery: Nursery, path: Path, moment: int) -> None:
    writer = nursery.start("write", path)
    time.sleep(moment / 1000)
    writer.kill()
    assert writer.end() == -signal.SIGKILL
    check(path, writer.acknowledged)


def test_killed_in_the_middle_of_a_write_wherever_that_ends(nursery: Nursery, tmp_path: Path) -> None:
    """The journal, and then the file, are cut at each of some places in turn."""
    lengths = set()
    for limit in range(0, 40_000, 700):
        path = tmp_path / str(limit) / "store.register"
        path.parent.mkdir()
        writer = nursery.start("write_until", path, limit)
        assert writer.end() == -signal.SIGXFSZ
        lengths.add(check(path, writer.acknowledged))
    assert len(lengths) > 5


def test_killed_at_any_moment_of_a_register_that_grows(nursery: Nursery, path: Path) -> None:
    chance = random.Random(20261124)
    length = 0
    for _ in range(40):
        writer = nursery.start("write", path)
        for _ in range(chance.randint(0, 2)):
            writer.next()
        time.sleep(chance.uniform(0, 0.03))
        writer.kill()
        assert writer.end() == -signal.SIGKILL
        length = check(path, writer.acknowledged, length)


def test_killed_several_at_once(nursery: Nursery, path: Path) -> None:
    chance = random.Random(20261125)
    acknowledged: list[int] = []
    for _ in range(8):
        crowd = [nursery.start("write", path) for _ in range(4)]
        time.sleep(chance.uniform(0.05, 0.4))
        for writer in crowd:
            writer.kill()
        assert [writer.end() for writer in crowd] == [-signal.SIGKILL] * 4
        acknowledged += [number for writer in crowd for number in writer.acknowledged]
        kept = FileRegister(path).kept("bristol")
        assert flaws_of("bristol", kept, noted=FileRegister(path).noted().get("bristol", Head())) == []
        assert set(acknowledged) <= {each.number for each in kept}
        assert len(set(acknowledged)) == len(acknowledged)
    assert acknowledged


# A machine that goes down


def committing(nursery: Nursery, path: Path) -> bytes:
    """Kill a writer while it overwrites the file, with its journal on the disk; return the journal.

    The journal says how many pages it has only when all of it is on the disk.
    """
    journal = path.with_name(f"{path.name}-journal")

    def is_complete() -> bool:
        try:
            return journal.read_bytes()[8:12] not in (b"", bytes(4))
        except FileNotFoundError:
            return False

    for _ in range(100):
        writer: Writer = nursery.start("write", path, 1)
        until(lambda writer=writer: is_complete() or writer.has_told(), step=0)
        writer.kill()
        writer.end()
        if is_complete():
            return journal.read_bytes()
        check(path, [], len(FileRegister(path).kept("bristol")))
    pytest.fail("no writer was met with its journal on the disk")


def test_a_machine_that_goes_down_while_the_file_is_overwritten(nursery: Nursery, path: Path) -> None:
    """The journal is on the disk; of the file any sectors are the old ones, and any the new ones."""
    chance = random.Random(20261126)
    for _ in range(5):
        FollowedEntries(FileRegister(path), "bristol").add(entry())
    journal = committing(nursery, path)
    shutil.copy(path, path.with_name("cut"))
    before = FileRegister(path).kept("bristol")
    old = path.read_bytes()
    FollowedEntries(FileRegister(path), "bristol").add(entry())
    after = FileRegister(path).kept("bristol")
    new = path.read_bytes()
    assert before == after[:-1]
    folder = path.parent / "down"
    for trial in range(60):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        torn = bytearray(old)
        share = chance.random()
        for start in range(0, len(new), SECTOR):
            if chance.random() < share:
                torn.extend(bytes(max(0, start - len(torn))))
                torn[start : start + SECTOR] = new[start : start + SECTOR]
        (folder / path.name).write_bytes(torn if trial else new)
        (folder / f"{path.name}-journal").write_bytes(journal)
        assert FileRegister(folder / path.name).kept("bristol") == before
        check(folder / path.name, [], len(before))


def test_a_machine_that_goes_down_while_the_journal_is_written(nursery: Nursery, path: Path) -> None:
    """The file is as it was; of the journal any sectors are missing, and it may be cut anywhere."""
    chance = random.Random(20261127)
    for _ in range(5):
        FollowedEntries(FileRegister(path), "bristol").add(entry())
    journal = committing(nursery, path)
    before = FileRegister(path).kept("bristol")
    old = path.read_bytes()
    folder = path.parent / "down"
    for _ in range(60):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        torn = bytearray(journal[: chance.randint(0, len(journal))])
        for start in range(0, len(torn), SECTOR):
            if chance.random() < 0.3:
                torn[start : start + SECTOR] = bytes(len(torn[start : start + SECTOR]))
        (folder / path.name).write_bytes(old)
        (folder / f"{path.name}-journal").write_bytes(torn)
        assert FileRegister(folder / path.name).kept("bristol") == before
        check(folder / path.name, [], len(before))


# A decision, and the graph that follows from it


def test_a_desk_that_is_killed_at_any_moment(
    nursery: Nursery, bristol_folder: Path, data_folder: Path, ontology_folder: Path, tmp_path: Path
) -> None:
    """What was acknowledged is in the register, and the graph is brought up to date with it."""
    store = Path(shutil.copytree(bristol_folder, tmp_path / "store"))
    register = FileRegister(tmp_path / "store.register")
    chance = random.Random(20261128)
    behind = 0
    for trial in range(12):
        length = len(register.kept("bristol"))
        writer = nursery.start("decide", store, ontology_folder)
        assert writer.next() == "ready"
        if trial % 2:
            # After it was recorded, and before the graph shows it.
            until(lambda length=length: len(register.kept("bristol")) > length)
            time.sleep(chance.uniform(0, 0.6))
        else:
            time.sleep(chance.uniform(0, 1.8))
        writer.kill()
        assert writer.end() == -signal.SIGKILL
        kept = register.kept("bristol")
        assert writer.acknowledged == list(range(length + 1, length + 1 + len(writer.acknowledged)))
        assert len(kept) - length - len(writer.acknowledged) in (0, 1)
        assert flaws_of("bristol", kept, noted=register.noted().get("bristol", Head())) == []
        head = kept[-1].hash if kept else ""
        behind += taken_in(store) != head
        if trial % 4 < 2:
            take_in_decisions(ontology_folder, store)
        else:
            build_store(data_folder, ontology_folder, store)
        assert taken_in(store) == head
        assert take_in_decisions(ontology_folder, store) == []
    assert behind >= 4
    shutil.copy(register.path, tmp_path / "afresh.register")
    build_store(data_folder, ontology_folder, tmp_path / "afresh")
    assert nquads(store) == nquads(tmp_path / "afresh")


def taken_in(store: Path) -> str:
    """Return the hash of the last entry with which a graph was made."""
    manifest = read_manifest(store)
    assert manifest is not None
    return str(manifest["reviews"][0]["register"])


def nquads(store: Path) -> bytes:
    return b"".join(canonical_nquads(open_store(store)))
