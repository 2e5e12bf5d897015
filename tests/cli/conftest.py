"""What the tests of the commands share: a command in this process, and stores of a test's own."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from compactgraph.cli.app import main
from tests.support.commands import Ran, Run, copied


@pytest.fixture
def run(data_folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command in this process on a store: ``run(store, "decide", …)``."""
    monkeypatch.setenv("COMPACTGRAPH_DATA", str(data_folder))
    monkeypatch.setenv("COLUMNS", "200")

    def run_command(store: Path, *arguments: object) -> Ran:
        monkeypatch.setenv("COMPACTGRAPH_STORE", str(store))
        monkeypatch.setattr(sys, "argv", ["compactgraph", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        captured = capsys.readouterr()
        return Ran(int(ended.value.code or 0), captured.out, captured.err)

    return run_command


@pytest.fixture
def store(bristol_folder: Path, tmp_path: Path) -> Path:
    """Return a copy of Bristol's store, on which nothing was decided."""
    return Path(shutil.copytree(bristol_folder, tmp_path / "store"))


@pytest.fixture
def after(decided_folder: Path, tmp_path: Path) -> Path:
    return copied(decided_folder, tmp_path / "store")
