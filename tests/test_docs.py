"""The documents are true: their sessions run, and what they name is there."""

from __future__ import annotations

import importlib.util
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main

from compactgraph.cli.app import app
from tests.support.terminals import on_a_terminal

PROJECT = Path(__file__).resolve().parents[1]
README = (PROJECT / "README.md").read_text(encoding="utf-8")
REFERENCE = (PROJECT / "docs" / "reference" / "commands.md").read_text(encoding="utf-8")
DOCUMENTS = {
    path.relative_to(PROJECT).as_posix(): path.read_text(encoding="utf-8")
    for path in [
        *(PROJECT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")),
        *sorted((PROJECT / "docs").rglob("*.md")),
        *(PROJECT / folder / "README.md" for folder in ("benchmarks", "frontend")),
    ]
    if path.is_file()
}
ELLIPSIS = "…"


def sessions(text: str) -> Iterator[tuple[str, list[str]]]:
    """Yield the commands of a document's console blocks, each with the lines that it shows."""
    for block in re.findall(r"```console\n(.*?)```", text, flags=re.DOTALL):
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


SESSIONS = {name: found for name, text in DOCUMENTS.items() if (found := list(sessions(text)))}
STEPS = [(name, place) for name, found in SESSIONS.items() for place in range(len(found))]


@pytest.fixture(scope="module")
def shown(bristol_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[list[str]]]:
    """Return the lines that each command of the sessions shows, a document's in order on one store."""
    texts = {}
    for name, found in SESSIONS.items():
        folder = tmp_path_factory.mktemp("document")
        store = Path(shutil.copytree(bristol_folder, folder / "store"))
        texts[name] = [
            on_a_terminal(shlex.split(command), store, folder, TERM="dumb")[1] for command, _ in found
        ]
    return {
        name: [[line.rstrip() for line in text.splitlines()] for text in each]
        for name, each in texts.items()
    }


@pytest.mark.parametrize(
    ("name", "place"), STEPS, ids=[f"{name}: {SESSIONS[name][place][0]}" for name, place in STEPS]
)
def test_the_sessions_run(name: str, place: int, shown: dict[str, list[list[str]]]) -> None:
    found = shown[name][place]
    assert matches(found, SESSIONS[name][place][1]), "\n".join(found)


def test_the_sessions_are_where_they_are_looked_for() -> None:
    assert len(SESSIONS["README.md"]) >= 4
    assert len(STEPS) >= 25


# The programs of a document are the cells of one notebook.
PROGRAMS = {
    name: "\n".join(found)
    for name, text in DOCUMENTS.items()
    if (found := re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL))
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_programs_run(name: str, bristol_folder: Path, tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-W", "error", "-c", PROGRAMS[name]],
        env={**os.environ, "COMPACTGRAPH_STORE": str(bristol_folder)},
        cwd=tmp_path,
        check=True,
        timeout=120,
    )


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


def test_the_readme_is_short() -> None:
    assert len(README.splitlines()) <= 130


def leaves(command: Any, name: str) -> Iterator[tuple[str, Any]]:
    """Yield each command that does something, with its name."""
    inner = getattr(command, "commands", {})
    # A group that takes options does something by itself.
    if not inner or (name != "compactgraph" and command.params):
        yield name, command
    for each, below in inner.items():
        yield from leaves(below, f"{name} {each}")


COMMANDS = dict(leaves(typer.main.get_command(app), "compactgraph"))
DOCUMENTED = {
    re.sub(r" [A-Z\[].*", "", heading): body
    for heading, body in re.findall(
        r"^### `(compactgraph [^`]*)`\n(.*?)(?=^##|\Z)", REFERENCE, flags=re.MULTILINE | re.DOTALL
    )
}


def test_the_reference_has_every_command() -> None:
    assert set(DOCUMENTED) == set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_reference_has_every_option_of_a_command(name: str) -> None:
    options = {
        option
        for parameter in COMMANDS[name].params
        if parameter.param_type_name == "option"
        for option in parameter.opts
    }
    body = DOCUMENTED[name]
    shared = re.search(r"^Shared options: (.*?)\.(?:$| )", body, flags=re.MULTILINE)
    listed = re.findall(r"`(--?[a-z-]+)`", shared[1]) if shared else []
    tabled = [
        option
        for cell in re.findall(r"^\| (`-[^|]*) \|", body, flags=re.MULTILINE)
        for option in re.findall(r"`(--?[a-z-]+)`", cell)
    ]
    assert sorted([*listed, *tabled]) == sorted(options)
    assert all(f"`{option}`" in REFERENCE.partition("## Build and check")[0] for option in listed)


@pytest.mark.parametrize(
    ("name", "path"),
    sorted(
        {
            (name, path)
            for name, text in DOCUMENTS.items()
            for path in re.findall(
                r"`((?:ontology|data|docs|tests|scripts|compactgraph|benchmarks|requirements|frontend)"
                r"/[^`<…*:, ]*)`",
                text,
            )
            # What the benchmarks write is there after they ran.
            if not path.startswith("benchmarks/out")
        }
    ),
)
def test_the_paths_that_a_document_names_exist(name: str, path: str) -> None:
    assert (PROJECT / path).exists()


def is_there(dotted: str) -> bool:
    """Say whether a dotted name is a module of the package, or a name in one."""
    module, _, last = dotted.rpartition(".")
    try:
        if importlib.util.find_spec(dotted) is not None:
            return True
    except ModuleNotFoundError:
        pass
    return bool(module) and last in _names_in(module)


def _names_in(module: str) -> set[str]:
    """Return what a module defines, or the methods of a class in it, without importing it."""
    try:
        spec = importlib.util.find_spec(module)
    except ModuleNotFoundError:
        spec = None
    if spec is None or spec.origin is None:
        outer, _, _ = module.rpartition(".")
        return _names_in(outer) if outer else set()
    text = Path(spec.origin).read_text(encoding="utf-8")
    defined = re.findall(
        r"^\s*(?:async )?(?:def|class) (\w+)|^([A-Za-z_]\w*)(?:: [^=]+)? =", text, flags=re.MULTILINE
    )
    imported = re.findall(r"import ([\w, ]+)$|^    (\w+),$", text, flags=re.MULTILINE)
    return {name for pair in [*defined, *imported] for each in pair for name in each.split(", ") if name}


@pytest.mark.parametrize(
    ("name", "dotted"),
    sorted(
        {
            (name, dotted)
            for name, text in DOCUMENTS.items()
            for dotted in re.findall(r"`((?:compactgraph|benchmarks|tests)(?:\.\w+)+)(?:\(\))?`", text)
            if not dotted.endswith((".ttl", ".register", ".toml"))
        }
    ),
)
def test_the_names_of_the_code_that_a_document_names_exist(name: str, dotted: str) -> None:
    assert is_there(dotted)


LINKS = [
    (name, link)
    for name, text in DOCUMENTS.items()
    for link in re.findall(r"\]\(([^)\s]+)\)", re.sub(r"```.*?```", "", text, flags=re.DOTALL))
    if not link.startswith(("http://", "https://"))
]


@pytest.mark.parametrize(("name", "link"), sorted(set(LINKS)))
def test_the_links_of_a_document_lead_somewhere(name: str, link: str) -> None:
    path, _, fragment = link.partition("#")
    target = (PROJECT / name).parent / path if path else PROJECT / name
    assert target.exists()
    if fragment:
        headings = re.findall(r"^#+ (.*)$", target.read_text(encoding="utf-8"), flags=re.MULTILINE)
        assert fragment in {re.sub(r"[^\w -]", "", each).lower().replace(" ", "-") for each in headings}


def test_every_document_is_in_an_index() -> None:
    indexes = ["README.md", "docs/README.md", "docs/adr/README.md"]
    reached = {
        ((PROJECT / name).parent / link.partition("#")[0]).resolve()
        for name, link in LINKS
        if name in indexes
    }
    missing = {name for name in DOCUMENTS if name.startswith("docs/") and name not in indexes} - {
        path.relative_to(PROJECT).as_posix() for path in reached if path.is_relative_to(PROJECT)
    }
    assert not missing


def test_the_pictures_are_there_and_described() -> None:
    pictures = [
        (name, description, path)
        for name, text in DOCUMENTS.items()
        for description, path in re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", text)
    ]
    assert len(pictures) >= 5
    for name, description, path in pictures:
        assert description
        assert ((PROJECT / name).parent / path).is_file()
    shown = {((PROJECT / name).parent / path).resolve() for name, _, path in pictures}
    assert shown == set((PROJECT / "docs" / "images").iterdir())


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
