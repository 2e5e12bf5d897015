"""The command that records: what each kind prints, and what is recorded."""

from __future__ import annotations

import getpass
import os
import pwd
import shutil
import socket
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from compactgraph.build.pipeline import build_store
from tests.support.commands import ANN, DATED, MOVES_1_11, Ran, Run, entries, last
from tests.support.decided import change_words


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
