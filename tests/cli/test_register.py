"""The commands of the register: what each records and prints, its status, its line for a mistake."""

from __future__ import annotations

import csv
import getpass
import io
import json
import os
import pwd
import shutil
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from compactgraph.answers.tables.decisions import COLUMNS
from compactgraph.answers.tables.drafts import COLUMNS as DRAFTED
from compactgraph.build.pipeline import build_store
from compactgraph.cli.app import main
from compactgraph.paths import register_file
from compactgraph.register.chain import entries_of
from compactgraph.register.entry import Entry
from compactgraph.register.file import FileRegister
from tests.cli.test_app import Ran
from tests.support.decided import change_words

Run = Callable[..., Ran]
ANN = ("--by", "Ann Lee")
DATED = (*ANN, "--date", "2026-10-05")
MOVES_1_11 = "1.11-r1/moves/vcse-strategy"


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


def copied(decided_folder: Path, folder: Path) -> Path:
    """Return a copy of the store of the decisions of ``tests.support.decided``, with its register."""
    shutil.copytree(decided_folder, folder)
    shutil.copy(register_file(decided_folder), register_file(folder))
    return folder


@pytest.fixture
def after(decided_folder: Path, tmp_path: Path) -> Path:
    return copied(decided_folder, tmp_path / "store")


@pytest.fixture(scope="module")
def busy(decided_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return such a copy on which mistakes are made, and nothing else."""
    return copied(decided_folder, tmp_path_factory.mktemp("busy") / "store")


def entries(store: Path) -> list[Entry]:
    return entries_of("bristol", FileRegister(register_file(store)).kept("bristol"))


def last(store: Path) -> dict[str, Any]:
    """Return what a person entered last, without the words on which it was."""
    without = {"fingerprints", "words"}
    return {k: v for k, v in entries(store)[-1].body.to_json().items() if k not in without}


# decide


def test_agree_records_who_on_whose_behalf_when_and_why(run: Run, store: Path) -> None:
    ran = run(
        *(store, "decide", "agree", "1.11", *DATED, "--by", "Bo Okafor"),
        *("--for", "compact-partners-group", "--why", "The strategy has a chapter on it."),
    )
    assert ran == Ran(0, f"d1: agree {MOVES_1_11}; 1.11 is now moved\n", "")
    assert last(store) == {
        "kind": "agree",
        "item": MOVES_1_11,
        "provision": "1.11",
        "by": ["Ann Lee", "Bo Okafor"],
        "on_behalf_of": "compact-partners-group",
        "date": "2026-10-05",
        "why": "The strategy has a chapter on it.",
    }


def test_who_writes_is_the_operating_system_s_user_whatever_the_environment_says(
    run: Run, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("USER", "LOGNAME", "USERNAME"):
        monkeypatch.setenv(name, "somebody-else")
    assert getpass.getuser() == "somebody-else"
    assert run(store, "decide", "agree", "1.11", *ANN).status == 0
    (entry,) = entries(store)
    assert entry.recorder == f"os:{pwd.getpwuid(os.geteuid()).pw_name}@{socket.gethostname()}"
    assert entry.body.date == date.today().isoformat()


def test_several_provisions_are_decided_at_once_with_all_their_movements(run: Run, store: Path) -> None:
    ran = run(store, "decide", "agree", "2.4", "1.11", "2.4-r1/stays/new-compact", *DATED)
    assert ran.out.splitlines() == [
        "d1: agree 2.4-r1/stays/new-compact; 2.4 is now revised",
        "d2: agree 2.4-r2/refers/voice-and-influence-consultation; 2.4 is now revised",
        "d3: agree 1.11-r1/moves/vcse-strategy; 1.11 is now moved",
    ]
    # What only asks is left out, and what is decided already, until all is.
    ran = run(store, "decide", "agree", "1.4", *DATED)
    assert ran.out == "d4: agree 1.4-r1/absorbed/business-as-usual; 1.4 is now absorbed\n"
    ran = run(store, "decide", "reject", "1.4", *DATED)
    assert ran.out == "d5: reject 1.4-r2/question; 1.4 is now absorbed\n"


def test_each_kind_says_what_becomes_of_the_provision(run: Run, store: Path) -> None:
    def decide(*arguments: str) -> str:
        ran = run(store, "decide", *arguments, *DATED)
        assert (ran.status, ran.err) == (0, "")
        return ran.out

    assert decide("reject", "3.5") == "d1: reject 3.5-r1/dropped; 3.5 is now undecided\n"
    amended = decide(
        *("amend", "2.5", "--disposition", "remove", "--reason", "better-placed-elsewhere"),
        *("--to", "vcse-strategy"),
    )
    assert amended == "d2: amend 2.5-r1/dropped; 2.5 is now moved\n"
    assert last(store) == {
        "kind": "amend",
        "item": "2.5-r1/dropped",
        "provision": "2.5",
        "by": ["Ann Lee"],
        "date": "2026-10-05",
        "dispositions": ["remove"],
        "reasons": ["better-placed-elsewhere"],
        "to": "vcse-strategy",
    }
    assert decide("amend", "3.2", "--disposition", "keep", "--disposition", "add") == (
        "d3: amend 3.2-r1/stays/new-compact; 3.2 is now revised\n"
    )
    assert decide("settle", "value-1", "value-2", "--to", "vcse-strategy") == (
        "d4: settle value-1; value-1 is now moved\nd5: settle value-2; value-2 is now moved\n"
    )
    assert decide("settle", "5.6", "--disposition", "remove", "--reason", "business-as-usual") == (
        "d6: settle 5.6; 5.6 is now absorbed\n"
    )
    assert decide("apply", "2.5", "--place", "Section 4.2") == (
        "d7: apply d2/moves/vcse-strategy; 2.5 is now moved\n"
    )
    assert last(store)["place"] == "Section 4.2"
    assert decide("apply", "5.6") == "d8: apply d6/absorbed/business-as-usual; 5.6 is now absorbed\n"
    assert decide("note", "1.6", "value-8", "--why", "Not yet.") == "d9: note 1.6\nd10: note value-8\n"
    assert decide("note", "3.5-r1/dropped", "--why", "A mistake.", "--replaces", "d1") == (
        "d11: note 3.5-r1/dropped\n"
    )
    table = run(store, "destinations", "--format", "csv").rows()
    stood = {row["provision"]: (row["outcome"], row["status"]) for row in table}
    assert (stood["3.5"], stood["1.6"]) == (("dropped", "recommended"), ("revised", "recommended"))


def test_a_decision_in_force_is_superseded_or_knowingly_kept(run: Run, store: Path) -> None:
    assert run(store, "decide", "agree", "1.11", *DATED).status == 0
    against = (store, "decide", "reject", "1.11", "--by", "Chris", "--date", "2026-10-06")
    ran = run(*against)
    assert ran == Ran(
        2,
        "",
        f"compactgraph: {MOVES_1_11} has a decision in force (d1 of 2026-10-05: agree {MOVES_1_11}, "
        "by Ann Lee); supersede it, or say that both are kept: add --replaces d1, or --beside d1\n",
    )
    assert run(*against, "--beside", "1").out == (f"d2: reject {MOVES_1_11}; 1.11 is now undecided\n")
    ran = run(store, "decide", "agree", "1.11", *DATED)
    assert ran.err.endswith(": add --replaces d1 --replaces d2, or --beside d1 --beside d2\n")
    assert run(store, "decide", "agree", "1.11", *DATED, "--replaces", "1", "--replaces", "d2").out == (
        f"d3: agree {MOVES_1_11}; 1.11 is now moved\n"
    )


def test_what_is_suspect_is_confirmed(
    run: Run, after: Path, data_folder: Path, ontology_folder: Path, tmp_path: Path
) -> None:
    data = Path(shutil.copytree(data_folder, tmp_path / "data"))
    change_words(data)
    build_store(data, ontology_folder, after)
    ran = run(after, "decisions", "--state", "suspect", "--format", "csv")
    assert [(row["decision"], row["suspect"]) for row in ran.rows()] == [("d1", "1.11"), ("d13", "1.11")]
    assert "(suspect: 1.11 has changed since)" in run(after, "trace", "1.11").out
    confirmed = ("decision/1", "decision/13", "reading/3.8-r1/bears-on/3.3", "draft/2/1.5")
    ran = run(after, "decide", "confirm", *confirmed, *DATED, "--why", "The sense is the same.")
    assert ran == Ran(
        0,
        "d30: confirm decision/1; 1.11 is now moved\n"
        "d31: confirm decision/13; 1.11 is now moved\n"
        "d32: confirm reading/3.8-r1/bears-on/3.3; 3.8 is now retained\n"
        "d33: confirm draft/2/1.5\n",
        "",
    )
    assert run(after, "decisions", "--state", "suspect").status == 1


def test_the_command_itself_in_a_process_of_its_own(store: Path) -> None:
    def compactgraph(*arguments: str) -> tuple[int, str, str]:
        environment = {**os.environ, "COMPACTGRAPH_STORE": str(store)}
        done = subprocess.run(
            [sys.executable, "-m", "compactgraph", *arguments],
            capture_output=True,
            text=True,
            env=environment,
            timeout=60,
        )
        return done.returncode, done.stdout, done.stderr

    assert compactgraph("decide", "reject", "3.5", *DATED) == (
        *(0, "d1: reject 3.5-r1/dropped; 3.5 is now undecided\n", ""),
    )
    head = entries(store)[-1].hash
    whole = f"bristol: 1 entry, whole; the last is d1, {head}\n"
    assert compactgraph("decisions", "verify") == (0, whole, "")
    assert compactgraph("decide", "agree", "3.55", *DATED) == (
        *(2, ""),
        "compactgraph: unknown movement or provision '3.55'; nearest: 3.5, 5.5, 4.5\n",
    )


@pytest.mark.parametrize(
    ("group", "commands"),
    [
        ("decide", ["agree", "reject", "amend", "settle", "apply", "note", "confirm"]),
        ("draft", ["begin", "write", "withdraw", "show", "differences"]),
    ],
)
def test_a_group_alone_says_what_it_can_do(
    run: Run, store: Path, group: str, commands: list[str]
) -> None:
    ran = run(store, group)
    assert (ran.status, ran.err) == (0, "")
    assert ran == run(store, group, "--help")
    for command in commands:
        assert f"\n  {command} " in ran.out


# decisions


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


# draft


def test_a_draft_is_begun_written_and_shown(
    run: Run, store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def draft(*arguments: object) -> str:
        ran = run(store, "draft", *arguments)
        assert (ran.status, ran.err) == (0, "")
        return ran.out

    assert draft("begin", *DATED, "--why", "For November.") == "d1: begin-draft in draft 1\n"
    assert run(store, "draft", "show") == Ran(
        2, "", "compactgraph: draft 1 holds nothing; write in it with: compactgraph draft write\n"
    )
    assert draft(
        *("write", "1.1", "--text", "We agree what funding is for.", "--theme", "1"),
        *("--from", "1.9", "--from", "1.12", *DATED, "--for", "vcse-strategy"),
    ) == ("d2: write-draft 1.1 in draft 1\n")
    assert last(store) == {
        "kind": "write-draft",
        "item": "1.1",
        "draft": 1,
        "role": "commitment",
        "theme": "1",
        "text": "We agree what funding is for.",
        "derives_from": ["1.9", "1.12"],
        "by": ["Ann Lee"],
        "on_behalf_of": "vcse-strategy",
        "date": "2026-10-05",
    }
    words = tmp_path / "words.txt"
    words.write_text("\nWe are independent\nof one another.\n", encoding="utf-8")
    assert draft(
        "write", "1.2", "--text-file", words, "--kind", "value", "--from", "value-2", *DATED
    ) == ("d3: write-draft 1.2 in draft 1\n")
    monkeypatch.setattr(sys, "stdin", io.StringIO("We meet once a year.\n"))
    assert draft("write", "1.3", "--text-file", "-", *DATED) == "d4: write-draft 1.3 in draft 1\n"

    anew = (store, "draft", "write", "1.3", "--text", "We meet twice a year.", *DATED)
    assert run(*anew) == Ran(
        2,
        "",
        "compactgraph: draft/1/1.3 has words that were written by Ann Lee on 2026-10-05 (d4); supersede "
        "them if others are to stand there: add --replaces d4\n",
    )
    assert run(*anew, "--replaces", "d4").out == "d5: write-draft 1.3 in draft 1\n"
    assert draft("withdraw", "1.3", *DATED, "--replaces", "5") == "d6: withdraw-draft 1.3 in draft 1\n"

    expected = [
        {
            "draft_provision": "draft/1/1.1",
            "kind": "commitment",
            "theme": "1",
            "origins": "1.9|1.12",
            "text": "We agree what funding is for.",
        },
        {
            "draft_provision": "draft/1/1.2",
            "kind": "value",
            "theme": "",
            "origins": "value-2",
            "text": "We are independent\nof one another.",
        },
    ]
    assert json.loads(draft("show", "--format", "json")) == expected
    assert list(csv.DictReader(io.StringIO(draft("show", "1"), newline=""))) == expected


def test_the_drafts_of_a_day_and_of_a_number(run: Run, decided_folder: Path) -> None:
    def shown(*arguments: str) -> list[str]:
        ran = run(decided_folder, "draft", "show", *arguments, "--format", "csv")
        assert (ran.status, ran.err) == (0, "")
        return [row["draft_provision"] for row in ran.rows()]

    assert shown() == shown("latest") == shown("2")
    assert shown("2") == ["draft/2/1", "draft/2/1.1", "draft/2/1.2", "draft/2/1.4", "draft/2/1.5"]
    assert shown("1") == ["draft/1/1", "draft/1/1.1", "draft/1/1.2"]
    assert shown("--as-at", "2026-10-26") == [*shown("1"), "draft/1/1.3"]
    assert shown("--as-at", "2026-11-02") == shown("2")[:4]
    table = run(decided_folder, "draft", "show", "1", "--format", "table").out
    assert table.splitlines()[0].strip() == "Draft 1: 3 provisions"


def test_how_a_draft_differs_word_by_word(run: Run, decided_folder: Path) -> None:
    ran = run(decided_folder, "draft", "differences", "1", "--draft", "1")
    assert (ran.status, ran.err) == (0, "")
    assert [line.rstrip() for line in ran.out.splitlines()] == [
        "",
        "draft/1/1 – from theme-1: reworded",
        "  Allocating resources [-efficiently-]",
    ]
    out = run(decided_folder, "draft", "differences").out
    headings = [line for line in out.splitlines() if line.startswith("draft/")]
    assert headings == [
        "draft/2/1 – from theme-1: reworded",
        "draft/2/1.1 – from 1.9: reworded",
        "draft/2/1.1 – from 1.12: reworded",
        "draft/2/1.2 – from value-2: reworded",
        "draft/2/1.4 – new: new",
        "draft/2/1.5 – from 1.10: reworded",
    ]
    assert "  {+We meet once a year.+}" in [line.rstrip() for line in out.splitlines()]


# The tables


def test_the_table_of_destinations_in_a_draft(run: Run, decided_folder: Path) -> None:
    ran = run(decided_folder, "destinations", "--draft", "latest", "--format", "csv")
    assert (ran.status, ran.err) == (0, "")
    rows = ran.rows()
    assert list(rows[0]) == list(DRAFTED)
    assert len(rows) == 80
    assert [
        (r["provision"], r["draft_provision"], r["change"]) for r in rows if r["draft_provision"]
    ] == [
        ("value-2", "draft/2/1.2", "reworded"),
        ("theme-1", "draft/2/1", "reworded"),
        ("1.9", "draft/2/1.1", "reworded"),
        ("1.10", "draft/2/1.5", "reworded"),
        ("1.12", "draft/2/1.1", "reworded"),
        ("", "draft/2/1.4", "new"),
    ]
    origins = run(decided_folder, "origins", "--draft", "2", "--format", "csv").rows()
    assert sorted(map(str, origins)) == sorted(map(str, rows))
    assert [row["draft_provision"] for row in origins[:3]] == ["draft/2/1", "draft/2/1.1", "draft/2/1.1"]


def test_the_tables_of_a_draft_as_at_a_day(run: Run, decided_folder: Path) -> None:
    def table(*arguments: str) -> Ran:
        return run(decided_folder, *arguments, "--draft", "latest", "--as-at", "2026-10-27")

    rows = table("origins", "--format", "csv").rows()
    assert [row["draft_provision"] for row in rows[:5]] == [
        *("draft/1/1", "draft/1/1.1", "draft/1/1.1", "draft/1/1.2", ""),
    ]
    title = table("destinations", "--format", "table").out.splitlines()[0].strip()
    assert title == "Table of destinations in the draft as at 2026-10-27: 79 rows"
    title = table("origins", "--format", "table").out.splitlines()[0].strip()
    assert title == "Table of origins of the draft as at 2026-10-27: 79 rows"


@pytest.mark.parametrize(
    ("day", "found"),
    [
        ("2026-10-04", ["value-5 recommended", "1.11 recommended", "4.4 recommended"]),
        (
            "2026-10-12",
            [
                *("value-1 rejected", "value-1 agreed", "value-5 agreed", "1.11 agreed"),
                *("2.5 agreed", "2.5 rejected", "4.4 recommended"),
            ],
        ),
        (
            "2026-10-21",
            [
                *("value-1 rejected", "value-1 agreed", "value-5 agreed", "1.11 applied"),
                *("2.5 agreed", "2.5 rejected"),
            ],
        ),
    ],
)
def test_destinations_and_origins_as_at_a_day(
    run: Run, decided_folder: Path, day: str, found: list[str]
) -> None:
    arguments = ("--outcome", "moved", "--as-at", day, "--format", "csv")
    ran = run(decided_folder, "destinations", *arguments)
    assert (ran.status, ran.err) == (0, "")
    assert sorted(f"{row['provision']} {row['status']}" for row in ran.rows()) == sorted(found)
    origins = run(decided_folder, "origins", *arguments).rows()
    assert sorted(map(str, origins)) == sorted(map(str, ran.rows()))


def test_what_is_agreed_for_a_destination_and_what_is_applied(run: Run, decided_folder: Path) -> None:
    def provisions(*options: str) -> list[str]:
        ran = run(decided_folder, "destinations", "--to", "vcse-strategy", *options, "--format", "csv")
        return [row["provision"] for row in ran.rows()]

    assert provisions("--status", "applied") == ["1.11"]
    assert provisions("--status", "agreed") == [
        *("partners-group", "partners-group", "value-1", "value-5", "2.5"),
    ]
    assert provisions("--status", "agreed", "--as-at", "2026-10-05") == ["value-5", "1.11"]
    assert provisions("--status", "rejected") == ["value-2", "4.4"]


def test_a_day_stands_in_the_title(run: Run, decided_folder: Path) -> None:
    ran = run(decided_folder, "origins", "--to", "ncvo", "--as-at", "2026-10-04", "--format", "table")
    assert ran.status == 1
    assert ran.out.splitlines()[0].strip() == ("Table of origins as at 2026-10-04: 0 provisions, 0 rows")


def test_the_trace_as_at_a_day(run: Run, decided_folder: Path) -> None:
    def what(day: str) -> list[str]:
        out = run(decided_folder, "trace", "1.3", "--as-at", day).out
        lines = [line.strip() for line in out.splitlines()]
        begin, end = lines.index("Where it goes"), lines.index("How it is read")
        return [line for line in lines[begin + 1 : end] if line]

    absorbed = what("2026-10-18")
    assert len(absorbed) == 2
    assert absorbed[0].endswith("(recommended by 1.3-r1)")
    agreed = what("2026-10-19")
    assert agreed[0].endswith("(agreed; recommended by 1.3-r1)")
    assert agreed[2:] == [
        "What was decided",
        "d16: agreed 1.3-r1/absorbed/business-as-usual, by Ann Lee on 2026-10-19",
    ]
    kept = what("2026-10-20")
    assert kept[0].endswith("(rejected; recommended by 1.3-r1)")
    assert kept[1].endswith("(agreed, decided by d18)")
    assert kept[2].startswith("Outcome: retained – ")
    assert kept[3] == "Recommended outcome: absorbed"
    assert [line.partition(":")[0] for line in kept[4:]] == ["What was decided", "d16", "d18"]


def test_the_trace_as_json_has_the_decisions(run: Run, decided_folder: Path) -> None:
    traced = json.loads(run(decided_folder, "trace", "1.3", "--format", "json").out)
    assert (traced["outcome"], traced["recommended_outcome"]) == ("retained", "absorbed")
    assert [(d["name"], d["kind"], d["replaced_by"]) for d in traced["decisions"]] == [
        ("d16", "agree", ["d18"]),
        ("d18", "amend", []),
    ]
    assert [(m["movement"], m["state"], m["decision"]) for m in traced["movements"]] == [
        ("1.3-r1/absorbed/business-as-usual", "rejected", ""),
        ("d18/stays/new-compact", "agreed", "d18"),
    ]


# Mistakes

TOMORROW = (date.today() + timedelta(days=2)).isoformat()
NO_DAY = "is no day; write it as year-month-day, as in 2026-11-24"
MISTAKES: dict[str, tuple[list[str], str]] = {
    "decide what is unknown": (["decide", "decline", "1.11"], "No such command 'decline'"),
    "agree to nothing": (["decide", "agree", *DATED], "Missing argument 'items'"),
    "agree without a name": (
        ["decide", "agree", "1.5"],
        "the name of who decides or writes is missing; give at least one",
    ),
    "an empty name": (
        ["decide", "agree", "1.5", "--by", ""],
        "The name of a person or a body is only spaces; type the name.",
    ),
    "an unknown item": (
        ["decide", "agree", "1.99", *DATED],
        "unknown movement or provision '1.99'; nearest: ",
    ),
    "no day": (["decide", "agree", "1.5", *ANN, "--date", "yesterday"], f"'yesterday' {NO_DAY}"),
    "a day to come": (
        ["decide", "agree", "1.5", *ANN, "--date", TOMORROW],
        f"{TOMORROW} is in the future; give the day on which it was decided",
    ),
    "no movement": (
        ["decide", "agree", "theme-2", *DATED],
        "theme-2 has no movement; look at its trace, or settle the provision itself",
    ),
    "nothing but questions": (
        ["decide", "agree", "partners-group", *DATED],
        "partners-group has nothing but questions; look at its trace, or settle the provision itself",
    ),
    "alternatives": (
        ["decide", "agree", "value-3", *DATED],
        "value-3 has alternatives, new-compact or vcse-strategy; settle which of them it is",
    ),
    "no number": (
        ["decide", "agree", "1.5", *DATED, "--replaces", "dd7"],
        "'dd7' is no decision; name it by its number, as d7",
    ),
    "a number too long": (
        ["decide", "agree", "1.5", *DATED, "--beside", "d1234567890"],
        "'d1234567890' is no decision; name it by its number, as d7",
    ),
    "no such decision": (
        ["decide", "agree", "1.5", *DATED, "--replaces", "99"],
        "there is no decision d99; name one of those recorded",
    ),
    "a draft is no decision": (
        ["decide", "agree", "1.5", *DATED, "--replaces", "d20"],
        "there is no decision d20; name one of those recorded",
    ),
    "an option that agree has not": (
        ["decide", "agree", "1.5", *DATED, "--to", "ncvo"],
        "No such option: --to",
    ),
    "amend without content": (
        ["decide", "amend", "1.5", *DATED],
        "1.5-r1/stays/new-compact: say what is decided, as a disposition: keep, ",
    ),
    "an unknown disposition": (
        ["decide", "amend", "1.5", *DATED, "--disposition", "kep"],
        "unknown disposition of a decision 'kep'; nearest: keep",
    ),
    "an unknown reason": (
        ["decide", "amend", "1.5", *DATED, "--disposition", "remove", "--reason", "old"],
        "unknown reason of a decision 'old'; ",
    ),
    "an unknown destination": (
        ["decide", "settle", "value-3", *DATED, "--to", "vcse-stratgy", "--disposition", "remove"],
        "unknown reference 'vcse-stratgy'; nearest: vcse-strategy",
    ),
    "settle what is settled": (
        ["decide", "settle", "1.5", *DATED, "--disposition", "keep"],
        "1.5 is revised, and nothing of it is open; agree to its movements, reject them or amend them",
    ),
    "settle a movement": (
        ["decide", "settle", MOVES_1_11, *DATED, "--disposition", "keep"],
        f"unknown provision '{MOVES_1_11}'; ",
    ),
    "apply what is applied": (
        ["decide", "apply", "1.11", *DATED, "--place", "Section 4"],
        "1.11 has nothing that is agreed and not applied; look at its trace, or settle the provision "
        "itself",
    ),
    "apply without a place": (
        ["decide", "apply", "value-5", *DATED],
        "value-5-r1/moves/vcse-strategy goes to a document; say at which place in it the matter now "
        "stands",
    ),
    "apply what is recommended": (
        ["decide", "apply", "1.5-r1/stays/new-compact", *DATED, "--place", "1"],
        "1.5-r1/stays/new-compact is recommended; only what was agreed can be applied",
    ),
    "a note without words": (
        ["decide", "note", "1.5", *DATED],
        "a note needs its words; give them as its reason",
    ),
    "confirm what is not suspect": (
        ["decide", "confirm", "decision/1", *DATED],
        "decision/1 is not suspect, and nothing else is",
    ),
    "a conflict": (
        ["decide", "reject", "value-5", *DATED],
        "supersede it, or say that both are kept: add --replaces d2, or --beside d2",
    ),
    "alternatives together": (
        [
            *("decide", "agree", "value-3-r1/either/new-compact", "value-3-r1/either/vcse-strategy"),
            *DATED,
        ],
        "are decided together, and only one of them can hold; decide one of them",
    ),
    "an unknown review": (
        ["decide", "agree", "1.5", *DATED, "--review", "bath"],
        "unknown review 'bath'; known: bristol",
    ),
    "decisions and a word": (["decisions", "lst"], "No such command 'lst'"),
    "an unknown kind": (
        ["decisions", "--kind", "agreed"],
        "unknown kind of decision 'agreed'; nearest: ",
    ),
    "an unknown state": (["decisions", "--state", "old"], "unknown state of a decision 'old'; "),
    "decisions on nothing": (
        ["decisions", "--provision", "1.99"],
        "unknown provision '1.99'; nearest: ",
    ),
    "since no day": (["decisions", "--since", "2026-13-01"], f"'2026-13-01' {NO_DAY}"),
    "until no day": (["decisions", "--until", "October"], f"'October' {NO_DAY}"),
    "decisions as a workbook without a file": (
        ["decisions", "--format", "xlsx"],
        "xlsx needs a file; name it with --output FILE.xlsx",
    ),
    "decisions in an unknown format": (
        ["decisions", "--format", "cvs"],
        "unknown format 'cvs'; nearest: ",
    ),
    "export to nowhere": (
        ["decisions", "export", "/no/such/folder/register.jsonl"],
        "/no/such/folder/register.jsonl: cannot be written (No such file or directory)",
    ),
    "export without a file": (["decisions", "export"], "Missing argument 'path'"),
    "export of a review that has none": (
        ["decisions", "export", "register.jsonl", "--review", "bath"],
        "nothing has been recorded yet, so nothing was written",
    ),
    "import of nothing": (
        ["decisions", "import", "/no/such/file"],
        "/no/such/file: cannot be read (No such file or directory); name a file",
    ),
    "import of a folder": (["decisions", "import", "/"], "/: cannot be read (Is a directory)"),
    "import of another file": (
        ["decisions", "import", __file__],
        "line 1: it is no entry of a register; take a file as 'compactgraph decisions export' wrote it",
    ),
    "write in a closed draft": (
        ["draft", "write", "1.9", "--text", "x", "--from", "draft/1/1.1", "--from", "draft/2/1", *DATED],
        "draft/2/1 is of the same draft; a provision derives from what was there before",
    ),
    "write nothing": (["draft", "write", "1.9", *DATED], "1.9 has no words; give them"),
    "write twice": (
        ["draft", "write", "1.9", "--text", "x", "--text-file", "y", *DATED],
        "--text and --text-file both give the words; give one of them",
    ),
    "write from no file": (
        ["draft", "write", "1.9", "--text-file", "/no/such/file", *DATED],
        "/no/such/file: cannot be read (",
    ),
    "write under no name": (
        ["draft", "write", "1 9", "--text", "x", *DATED],
        "'1 9' cannot name a provision; use up to 40 letters, figures, dots and hyphens, as in 2.3",
    ),
    "write of no kind": (
        ["draft", "write", "1.9", "--text", "x", "--kind", "clause", *DATED],
        "unknown kind of provision 'clause'; ",
    ),
    "write under no theme": (
        ["draft", "write", "1.9", "--text", "x", "--theme", "one", *DATED],
        "'one' is no theme; give its number",
    ),
    "derived from nothing that is there": (
        ["draft", "write", "1.9", "--text", "x", "--from", "9.9", *DATED],
        "unknown provision '9.9'; nearest: ",
    ),
    "write over another": (
        ["draft", "write", "1.4", "--text", "x", *DATED],
        "draft/2/1.4 has words that were written by Chris O’Neill, Bo Okafor on 2026-11-02 (d28); "
        "supersede them if others are to stand there: add --replaces d28\n",
    ),
    "write without a name": (
        ["draft", "write", "1.9", "--text", "x"],
        "the name of who decides or writes is missing; give at least one",
    ),
    "withdraw nothing": (
        ["draft", "withdraw", "9.9", *DATED],
        "unknown provision of draft 2 '9.9'; ",
    ),
    "show no draft": (["draft", "show", "3"], "unknown draft '3'; known: 1, 2"),
    "show no number": (["draft", "show", "last"], "'last' is no draft; give its number, or: latest"),
    "show draft 0": (["draft", "show", "0"], "'0' is no draft; give its number, or: latest"),
    "show a draft of a day before": (
        ["draft", "show", "--as-at", "2026-10-01"],
        "no draft has been begun yet; begin one with: compactgraph draft begin",
    ),
    "differences of nothing": (
        ["draft", "differences", "9.9"],
        "unknown provision of the draft '9.9'; ",
    ),
    "differences of no draft": (
        ["draft", "differences", "--draft", "x"],
        "'x' is no draft; give its number, or: latest",
    ),
    "destinations of no day": (["destinations", "--as-at", "2026-02-30"], f"'2026-02-30' {NO_DAY}"),
    "origins of no day": (["origins", "--as-at", "today"], f"'today' {NO_DAY}"),
    "trace of no day": (["trace", "1.11", "--as-at", ""], f"'' {NO_DAY}"),
    "destinations of an unknown status": (
        ["destinations", "--status", "aplied"],
        "unknown status 'aplied'; nearest: applied",
    ),
    "destinations in no draft": (["destinations", "--draft", "7"], "unknown draft '7'; known: 1, 2"),
    "a part of a draft": (
        ["origins", "--draft", "latest", "--to", "ncvo"],
        "--draft shows a whole draft; leave out --to, --outcome, --theme, --party and --status",
    ),
}


@pytest.mark.parametrize("case", MISTAKES)
def test_a_mistake_is_one_line_and_status_2(run: Run, busy: Path, case: str) -> None:
    arguments, words = MISTAKES[case]
    before = register_file(busy).read_bytes()
    ran = run(busy, *arguments)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith("compactgraph: ")
    assert ran.err.count("\n") == 1
    assert words in ran.err
    assert register_file(busy).read_bytes() == before


@pytest.mark.parametrize(
    "arguments",
    [
        ["decide", "agree", "1.11", *DATED],
        ["decisions"],
        ["draft", "begin", *DATED],
        ["draft", "show"],
        ["destinations", "--as-at", "2026-10-05"],
    ],
)
def test_there_is_no_store_yet(run: Run, tmp_path: Path, arguments: list[str]) -> None:
    nothing = tmp_path / "nothing"
    assert run(nothing, *arguments) == Ran(
        2, "", f"compactgraph: {nothing}: there is no store here yet; run: compactgraph build\n"
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["decide", "agree", "1.11", *DATED],
        ["decisions"],
        ["draft", "begin", *DATED],
        ["draft", "show"],
        ["trace", "1.11", "--as-at", "2026-10-05"],
    ],
)
def test_of_several_reviews_one_is_to_be_chosen(
    run: Run, two_reviews_folder: Path, arguments: list[str]
) -> None:
    assert run(two_reviews_folder, *arguments) == Ran(
        2,
        "",
        "compactgraph: the store has 2 reviews (bristol, small-review); choose one with --review\n",
    )


def test_each_review_has_its_own_numbers(run: Run, two_reviews_folder: Path, tmp_path: Path) -> None:
    store = Path(shutil.copytree(two_reviews_folder, tmp_path / "store"))
    for review in ("bristol", "small-review"):
        ran = run(store, "decide", "note", "theme-1", "--why", "?", *DATED, "--review", review)
        assert ran == Ran(0, "d1: note theme-1\n", "")
    found = run(store, "decisions", "--review", "small-review", "--format", "csv").rows()
    assert [(row["decision"], row["item"]) for row in found] == [("d1", "theme-1")]
    checked = run(store, "decisions", "verify").out.splitlines()
    assert [line.partition(";")[0] for line in checked] == [
        "bristol: 1 entry, whole",
        "small-review: 1 entry, whole",
    ]
