"""The commands that list decisions, and check, export and import the register."""

from __future__ import annotations

import json
import shutil
import sqlite3
from pathlib import Path

import openpyxl
import pytest

from compactgraph.answers.tables.decisions import COLUMNS
from compactgraph.paths import register_file
from tests.support.commands import DATED, MOVES_1_11, Ran, Run, entries


def test_the_decisions_as_a_table_of_columns(run: Run, decided_folder: Path) -> None:
    ran = run(decided_folder, "decisions", "--format", "csv")
    assert (ran.status, ran.err) == (0, "")
    assert list(ran.rows()[0]) == list(COLUMNS)
    assert [row["decision"] for row in ran.rows()] == [f"d{number}" for number in range(1, 20)]
    assert ran.rows()[5] | {"recorded": ""} == {
        "decision": "d6",
        "date": "2026-10-12",
        "kind": "amend",
        "item": "2.5-r1/dropped",
        "provision": "2.5",
        "by": "Bo Okafor",
        "on_behalf_of": "Cabinet of the City Council",
        "why": "It belongs to the strategy.",
        "decided": "remove|better placed elsewhere",
        "to": "VCSE Strategy",
        "place": "",
        "replaces": "",
        "replaced_by": "",
        "beside": "",
        "contested": "",
        "suspect": "",
        "recorded": "",
        "recorder": "os:minutes",
    }
    assert json.loads(run(decided_folder, "decisions", "--format", "json").out) == ran.rows()


@pytest.mark.parametrize(
    ("options", "found"),
    [
        (["--provision", "1.11"], ["d1", "d13"]),
        (["--kind", "reject"], ["d5", "d19"]),
        (["--by", "bo"], ["d1", "d2", "d3", "d4", "d6", "d7", "d17"]),
        (["--since", "2026-10-20"], ["d17", "d18", "d19"]),
        (["--until", "2026-10-12", "--kind", "amend"], ["d6", "d7"]),
        (["--state", "replaced"], ["d16"]),
        (["--state", "in-force", "--provision", "1.3"], ["d18"]),
        (["--state", "contested"], ["d17", "d19"]),
        (["--state", "void"], []),
    ],
)
def test_the_decisions_that_are_wanted(
    run: Run, decided_folder: Path, options: list[str], found: list[str]
) -> None:
    ran = run(decided_folder, "decisions", *options, "--format", "csv")
    assert (ran.status, ran.err) == (0 if found else 1, "")
    assert [row["decision"] for row in ran.rows()] == found


def test_the_decisions_on_a_screen(run: Run, decided_folder: Path) -> None:
    ran = run(decided_folder, "decisions", "--provision", "1.11", "--format", "table")
    assert ran.status == 0
    assert [line.rstrip() for line in ran.out.splitlines()] == [
        "Decisions: 2",
        f"  d1: agreed {MOVES_1_11}, by Ann Lee, Bo Okafor for Bristol Compact Partners' Group on "
        "2026-10-05: The strategy has a chapter on it.",
        f"  d13: marked as applied {MOVES_1_11}, by Chris O’Neill on 2026-10-19; in Section 4.2, "
        "“Assets”",
    ]
    out = run(decided_folder, "decisions", "--provision", "1.3", "--format", "table").out
    lines = [line.rstrip() for line in out.splitlines()]
    assert lines[1].endswith("by Ann Lee on 2026-10-19  (replaced by d18)")
    assert lines[2].endswith(
        " – keep, by Ann Lee on 2026-10-20: The minutes were misread.  (replaces d16)"
    )


def test_no_decision_is_found(run: Run, store: Path) -> None:
    assert run(store, "decisions", "--format", "csv") == Ran(1, ",".join(COLUMNS) + "\r\n", "")
    assert run(store, "decisions", "--format", "json") == Ran(1, "[]\n", "")


def test_the_decisions_as_a_workbook(run: Run, decided_folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "decisions.xlsx"
    ran = run(decided_folder, "decisions", "--format", "xlsx", "-o", path)
    assert ran == Ran(0, "", f"Wrote {path}.\n")
    cells = [row[0].value for row in openpyxl.load_workbook(path).worksheets[1].iter_rows()]
    assert cells[-19:] == [f"d{number}" for number in range(1, 20)]


def test_a_register_that_is_whole(run: Run, after: Path) -> None:
    head = entries(after)[-1].hash
    ran = run(after, "decisions", "verify")
    assert ran == Ran(0, f"bristol: 29 entries, whole; the last is d29, {head}\n", "")
    noted = [each.hash for each in entries(after)[:2]]
    assert run(after, "decisions", "verify", "--head", noted[0], "--head", noted[1]).status == 0
    other = "sha256:" + "0" * 64
    ran = run(after, "decisions", "verify", "--head", other)
    assert (ran.status, ran.err) == (1, "")
    assert ran.out.splitlines()[1:] == [f"the register: has no entry with the hash {other}"]


def test_a_register_that_holds_nothing(run: Run, store: Path) -> None:
    assert run(store, "decisions", "verify") == Ran(0, "Nothing has been recorded yet.\n", "")


def test_an_entry_that_was_altered_is_found(run: Run, after: Path) -> None:
    connection = sqlite3.connect(register_file(after))
    connection.execute("DROP TRIGGER entry_stays")
    connection.execute("UPDATE entry SET text = REPLACE(text, 'Chris', 'Carol') WHERE number = 19")
    connection.commit()
    connection.close()
    ran = run(after, "decisions", "verify")
    assert ran == Ran(1, "bristol d19: was altered: its text does not have its hash\n", "")
    ran = run(after, "decide", "agree", "1.5", *DATED)
    assert ran == Ran(
        2,
        "",
        "compactgraph: the register is not whole: bristol d19: was altered: its text does not have its "
        "hash; run: compactgraph decisions verify\n",
    )


def test_a_register_that_was_lost_is_told_by_each_command(run: Run, after: Path) -> None:
    register = register_file(after)
    register.unlink()
    lacks = (
        f"{register}: lacks decisions on bristol that the graph was made with; restore the register "
        "from a copy, or delete the store and build it to go on without them\n"
    )
    assert run(after, "build") == Ran(2, "", f"compactgraph: {lacks}")
    assert run(after, "decide", "agree", "1.5", *DATED) == Ran(2, "", f"compactgraph: {lacks}")
    ran = run(after, "destinations", "--outcome", "moved", "--format", "csv")
    assert (ran.status, ran.err) == (0, f"compactgraph: what is shown may lack decisions: {lacks}")
    assert {row["provision"] for row in ran.rows()} >= {"1.11", "2.5"}
    ran = run(after, "decisions", "verify")
    assert (ran.status, ran.err) == (1, "")
    assert ran.out.splitlines()[0] == "bristol d1: is missing: the graph knows an entry of this number"
    assert ran.out.splitlines()[-1] == "bristol: lacks the last entry with which the graph was made"


def test_a_register_goes_elsewhere_unchanged(
    run: Run, after: Path, bristol_folder: Path, tmp_path: Path
) -> None:
    path, head = tmp_path / "register.jsonl", entries(after)[-1].hash
    ran = run(after, "decisions", "export", path)
    assert ran == Ran(0, f"bristol: 29 entries; the last is d29, {head}\n", f"Wrote {path}.\n")
    other = Path(shutil.copytree(bristol_folder, tmp_path / "elsewhere" / "store"))
    assert run(other, "decisions", "import", path) == Ran(0, "bristol: 29 new entries\n", "")
    assert run(other, "decisions", "import", path) == Ran(0, "bristol: 0 new entries\n", "")
    assert run(other, "decisions", "verify") == run(after, "decisions", "verify")
    for table in ("destinations", "origins", "decisions"):
        arguments = (table, "--format", "csv")
        assert run(other, *arguments) == run(after, *arguments)
    again = tmp_path / "again.jsonl"
    assert run(other, "decisions", "export", again, "--review", "bristol").status == 0
    assert again.read_bytes() == path.read_bytes()


def test_another_history_is_not_imported(
    run: Run, after: Path, tmp_path: Path, bristol_folder: Path
) -> None:
    path = tmp_path / "register.jsonl"
    run(after, "decisions", "export", path)
    other = Path(shutil.copytree(bristol_folder, tmp_path / "elsewhere" / "store"))
    assert run(other, "decide", "agree", "1.5", *DATED).status == 0
    before = register_file(other).read_bytes()
    ran = run(other, "decisions", "import", path)
    assert ran == Ran(
        2, "", "compactgraph: bristol d1: the register here has another entry; nothing was imported\n"
    )
    assert register_file(other).read_bytes() == before


def test_a_file_that_was_changed_on_the_way_is_not_imported(
    run: Run, after: Path, tmp_path: Path, bristol_folder: Path
) -> None:
    path, cut = tmp_path / "register.jsonl", tmp_path / "cut.jsonl"
    run(after, "decisions", "export", path)
    other = Path(shutil.copytree(bristol_folder, tmp_path / "elsewhere" / "store"))
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    cut.write_text("".join(lines[:-1]), encoding="utf-8")
    ran = run(other, "decisions", "import", cut)
    assert ran == Ran(
        2,
        "",
        f"compactgraph: {cut}: line 30: the last line of the export is missing; take a file as "
        "'compactgraph decisions export' wrote it\n",
    )
    cut.write_text("".join(lines).replace("Carol", "").replace("Bo Okafor", "Bo"), encoding="utf-8")
    ran = run(other, "decisions", "import", cut)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err == (
        f"compactgraph: {cut}: line 1: bristol d1: was altered: its text does not have its hash; take "
        "a file as 'compactgraph decisions export' wrote it\n"
    )
    assert run(other, "decisions", "verify").out == "Nothing has been recorded yet.\n"
