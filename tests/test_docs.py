"""The documents are true: the README's sessions run, every command and folder that it names is there."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer.main

from compactgraph.cli.app import app
from tests.support.terminals import on_a_terminal

PROJECT = Path(__file__).resolve().parents[1]
README = (PROJECT / "README.md").read_text(encoding="utf-8")
ELLIPSIS = "…"


def sessions() -> Iterator[tuple[str, list[str]]]:
    """Yield the commands of the README's console blocks, each with the lines that it shows."""
    for block in re.findall(r"```console\n(.*?)```", README, flags=re.DOTALL):
        command, shown = "", []
        for line in block.splitlines():
            if line.startswith("$ "):
                if command:
                    yield command, shown
                command, shown = line[2:], []
            else:
                shown.append(line.rstrip())
        yield command, shown


def matches(shown: list[str], expected: list[str]) -> bool:
    """Say whether ``shown`` is ``expected``, in which a line … stands for any lines."""
    if not expected:
        return not shown
    if expected[0] == ELLIPSIS:
        return any(matches(shown[skipped:], expected[1:]) for skipped in range(len(shown) + 1))
    return bool(shown) and shown[0] == expected[0] and matches(shown[1:], expected[1:])


SESSIONS = list(sessions())


@pytest.fixture(scope="module")
def shown(bristol_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> list[list[str]]:
    """Return the lines that each command of the sessions shows, run in their order on one store."""
    store = Path(shutil.copytree(bristol_folder, tmp_path_factory.mktemp("readme") / "store"))
    texts = [on_a_terminal(shlex.split(command), store, TERM="dumb")[1] for command, _ in SESSIONS]
    return [[line.rstrip() for line in text.splitlines()] for text in texts]


@pytest.mark.parametrize("place", range(len(SESSIONS)), ids=[command for command, _ in SESSIONS])
def test_the_readme_s_sessions_run(place: int, shown: list[list[str]]) -> None:
    assert matches(shown[place], SESSIONS[place][1]), "\n".join(shown[place])


def test_the_readme_names_every_command() -> None:
    group = typer.main.get_command(app)
    commands = set(getattr(group, "commands", {}))
    assert commands == {
        "build",
        "validate",
        "trace",
        "destinations",
        "origins",
        "query",
        "export",
        "serve",
        "app",
        "decide",
        "decisions",
        "draft",
    }
    assert set(re.findall(r"^\| `compactgraph (\w+)", README, flags=re.MULTILINE)) == commands


@pytest.mark.parametrize(
    "path", sorted(set(re.findall(r"`((?:ontology|data|docs|tests|scripts)/[^`<… ]*)`", README)))
)
def test_the_paths_that_the_readme_names_exist(path: str) -> None:
    assert (PROJECT / path).exists()


def test_the_readme_s_pictures_are_there_and_described() -> None:
    pictures = re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", README)
    assert len(pictures) == 5
    for description, path in pictures:
        assert description
        assert (PROJECT / path).is_file()


def test_no_file_names_a_registry_s_host_or_this_machine() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=PROJECT,
        capture_output=True,
        check=True,
        text=True,
    )
    hosts = ["pypi." + "org", "npmjs." + "org", "deb.debian." + "org"]
    # A folder's name within an address is no path.
    folders = [r"(?<![\w.])/wo" + "rk/", r"(?<![\w.])/ro" + "ot/"]
    forbidden = re.compile("|".join([*map(re.escape, hosts), *folders]))
    for name in filter(None, listed.stdout.split("\0")):
        path = PROJECT / name
        if path.is_file():
            content = path.read_text(encoding="utf-8", errors="replace")
            assert not forbidden.findall(content), name
