"""A command that ran in this process, and what it recorded."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from compactgraph.paths import register_file
from compactgraph.register.chain import entries_of
from compactgraph.register.entry import Entry
from compactgraph.register.file import FileRegister


@dataclass(frozen=True)
class Ran:
    status: int
    out: str
    err: str

    def rows(self) -> list[dict[str, str]]:
        return list(csv.DictReader(io.StringIO(self.out, newline="")))


Run = Callable[..., Ran]
ANN = ("--by", "Ann Lee")
DATED = (*ANN, "--date", "2026-10-05")
MOVES_1_11 = "1.11-r1/moves/vcse-strategy"


def copied(decided_folder: Path, folder: Path) -> Path:
    """Return a copy of the store of the decisions of ``tests.support.decided``, with its register."""
    shutil.copytree(decided_folder, folder)
    shutil.copy(register_file(decided_folder), register_file(folder))
    return folder


def entries(store: Path) -> list[Entry]:
    return entries_of("bristol", FileRegister(register_file(store)).kept("bristol"))


def last(store: Path) -> dict[str, Any]:
    """Return what a person entered last, without the words on which it was."""
    without = {"fingerprints", "words"}
    return {k: v for k, v in entries(store)[-1].body.to_json().items() if k not in without}
