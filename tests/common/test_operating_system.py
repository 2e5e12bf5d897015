"""What stands in for the calls of one operating system: the ways of others that can be run here."""

from __future__ import annotations

import getpass
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from compactgraph.common.operating_system import (
    _has_data_within,
    account,
    ended_by_alarm,
    ended_by_depth,
    ended_by_memory,
    processors,
    start_apart,
)

SPEAKS = "import sys, time; time.sleep(float(sys.argv[1])); print('said', flush=True); sys.stdin.read()"


@pytest.fixture
def late() -> Iterator[subprocess.Popen[bytes]]:
    """Yield a process that speaks after half a second."""
    with start_apart([sys.executable, "-c", SPEAKS, "0.5"]) as process:
        yield process
        process.kill()


def test_a_pipe_is_waited_for_without_poll(late: subprocess.Popen[bytes]) -> None:
    assert late.stdout is not None
    assert not _has_data_within(late.stdout, 0.05)
    assert _has_data_within(late.stdout, 30)
    assert late.stdout.readline() == b"said\n"
    late.kill()
    assert _has_data_within(late.stdout, 30)


def test_the_account_is_the_systems(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "someone")
    assert getpass.getuser() == "someone"
    assert not account().startswith("someone@")


def test_at_least_one_processor() -> None:
    assert 1 <= processors() <= (os.cpu_count() or 1)


@pytest.mark.parametrize(
    ("ending", "told"),
    [
        ("os.abort()", ended_by_memory),
        ("end_in(0.1); time.sleep(60)", ended_by_alarm),
        ("os.kill(os.getpid(), 11)", ended_by_depth),
    ],
)
def test_how_a_process_ended(ending: str, told: object) -> None:
    program = f"import os, time; from compactgraph.common.operating_system import end_in; {ending}"
    status = subprocess.run([sys.executable, "-c", program], check=False).returncode
    every = (ended_by_memory, ended_by_alarm, ended_by_depth)
    assert [end for end in every if end(status)] == [told]


def test_an_alarm_is_taken_back() -> None:
    program = (
        "import time; from compactgraph.common.operating_system import end_in; "
        "end_in(0.2); end_in(0); time.sleep(0.4)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_a_program_takes_this_ones_place() -> None:
    program = (
        "import sys; from compactgraph.common.operating_system import become; "
        "become([sys.executable, '-c', 'import os, sys; sys.exit(int(os.environ[\"CODE\"]))'], "
        "{'CODE': '7'})"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 7
