"""The spreadsheet's way out and back on the command line: what is printed, and the exit status."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from compactgraph.cli.app import main
from compactgraph.deciding.desk import Desk
from compactgraph.deciding.sheet.outgoing import NAME
from tests.support.filling import Cells, filled, opened, rows_of

ASSETS = "1.11-r1/moves/vcse-strategy"
VOLUNTEERS = "4.4-r1/moves/vcse-strategy"
BY: Cells = {"Decided by": "Ann Lee", "Date": date(2026, 11, 20)}


@dataclass(frozen=True)
class Ran:
    status: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def store(bristol_folder: Path, tmp_path: Path) -> Path:
    """Return the folder of a store of its own, in which nothing is decided yet."""
    return Path(shutil.copytree(bristol_folder, tmp_path / "store"))


@pytest.fixture
def run(store: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command in this process, on that store."""
    monkeypatch.setenv("COMPACTGRAPH_STORE", str(store))

    def run_command(*arguments: object) -> Ran:
        monkeypatch.setattr(sys, "argv", ["compactgraph", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        captured = capsys.readouterr()
        return Ran(int(ended.value.code or 0), captured.out, captured.err)

    return run_command


def fill(path: Path, rows: dict[str, Cells]) -> None:
    """Fill in a sheet where it lies."""
    path.write_bytes(filled(path.read_bytes(), rows))


def test_a_sheet_goes_out_comes_back_is_shown_and_recorded_once(
    run: Run, store: Path, ontology_folder: Path, tmp_path: Path
) -> None:
    path = tmp_path / "strategy.xlsx"
    assert run("decide", "sheet", "--to", "vcse-strategy", path) == Ran(
        0, "To be decided on: nine rows\n", f"Wrote {path}.\n"
    )
    fill(path, {ASSETS: {**BY, "Decision": "Agree"}, VOLUNTEERS: {"Decision": "Reject"}})

    defaults = ("--by", "Bo Okafor", "--for", "voscur", "--date", "2026-11-19")
    shown = (
        "bristol: the sheet went out before anything was recorded; nothing has been recorded since.\n"
        "Will be recorded: two rows\n"
        "  row 11, 1.11-r1/moves/vcse-strategy: agree, by Ann Lee for voscur on 20 November 2026; "
        "recommended → agreed; 1.11: moved, as before\n"
        "  row 12, 4.4-r1/moves/vcse-strategy: reject, by Bo Okafor for voscur on 19 November 2026; "
        "recommended → rejected; 4.4: moved → undecided\n"
        "Left empty, and passed over: seven rows\n"
    )
    assert run("decide", "from-sheet", path, *defaults) == Ran(
        0, shown + "Nothing was recorded. To record it, add --apply.\n", ""
    )
    assert run("decide", "from-sheet", path, *defaults, "--apply") == Ran(
        0,
        shown + "Recorded:\n"
        "  d1: agree 1.11-r1/moves/vcse-strategy; 1.11 is now moved\n"
        "  d2: reject 4.4-r1/moves/vcse-strategy; 4.4 is now undecided\n",
        "",
    )
    entries = Desk(store, ontology_folder, "bristol").situation().entries
    assert [entry.name for entry in entries] == ["d1", "d2"]
    account = pwd.getpwuid(os.geteuid()).pw_name
    assert {entry.recorder for entry in entries} == {f"os:{account}@{socket.gethostname()}"}

    again = run("decide", "from-sheet", path, *defaults, "--apply")
    assert again.status == 1
    assert again.out.splitlines()[1] == "In conflict: two rows"
    assert again.out.endswith("Left empty, and passed over: seven rows\nNothing was recorded.\n")
    assert len(Desk(store, ontology_folder, "bristol").situation().entries) == 2


def test_what_is_not_understood_is_shown_and_nothing_is_recorded(
    run: Run, store: Path, ontology_folder: Path, tmp_path: Path
) -> None:
    path = tmp_path / "all.xlsx"
    assert run("decide", "sheet", path).out == "To be decided on: 96 rows\n"
    fill(path, {ASSETS: {**BY, "Decision": "Agree"}, VOLUNTEERS: {"Decision": "Perhaps"}})
    ran = run("decide", "from-sheet", path, "--apply")
    assert ran == Ran(
        1,
        "bristol: the sheet went out before anything was recorded; nothing has been recorded since.\n"
        "Will be recorded: one row\n"
        "  row 47, 1.11-r1/moves/vcse-strategy: agree, by Ann Lee on 20 November 2026; "
        "recommended → agreed; 1.11: moved, as before\n"
        "Not understood: one row\n"
        "  row 84, 4.4-r1/moves/vcse-strategy: I84: unknown decision 'Perhaps'; known: Agree, Amend, "
        "Mark as applied, Note, Reject, Settle; N84: the name of who decided is missing; P84: the day "
        "of the decision is missing\n"
        "Left empty, and passed over: 94 rows\n"
        "Nothing was recorded.\n",
        "",
    )
    assert Desk(store, ontology_folder, "bristol").situation().entries == ()


def test_a_sheet_of_everything_has_what_was_decided_too(run: Run, tmp_path: Path) -> None:
    run("decide", "agree", "1.11", "--by", "Ann Lee", "--date", "2026-11-20")
    for option, present in (((), False), (("--all",), True)):
        path = tmp_path / "sheet.xlsx"
        assert run("decide", "sheet", *option, path).status == 0
        assert (ASSETS in rows_of(opened(path.read_bytes())[NAME])) == present


def test_an_empty_sheet_finds_nothing_to_record(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "sheet.xlsx"
    run("decide", "sheet", path)
    ran = run("decide", "from-sheet", path)
    assert ran.status == 1
    assert ran.out.endswith("No decision is filled in.\nNothing was recorded.\n")


def test_a_destination_to_which_nothing_goes_gives_no_sheet(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "sheet.xlsx"
    assert run("decide", "sheet", "--to", "ncvo", path) == Ran(1, "Nothing awaits a decision.\n", "")
    assert not path.exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ("sheet", "--to", "vcse-stratgy", "out.xlsx"),
            "unknown reference 'vcse-stratgy'; nearest: vcse-strategy, mayors-statement, ccg-stp",
        ),
        (("sheet", "out.csv"), "out.csv: the sheet goes out as .xlsx; name a file that ends so"),
        (
            ("from-sheet", "none.xlsx"),
            "none.xlsx: cannot be read (No such file or directory); name a file",
        ),
        (
            ("from-sheet", "text.xlsx"),
            "the file is no workbook, or is damaged; save the sheet as .xlsx, and take that",
        ),
        (
            ("from-sheet", "empty.xlsx", "--date", "20/11/2026"),
            "'20/11/2026' is not a day; write it as year-month-day, as in 2026-11-24",
        ),
    ],
)
def test_what_cannot_be_done_is_one_line(
    run: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("text.xlsx").write_text("Decision,Date\n", encoding="utf-8")
    Path("empty.xlsx").write_bytes(b"")
    assert run("decide", *arguments) == Ran(2, "", f"compactgraph: {message}\n")
