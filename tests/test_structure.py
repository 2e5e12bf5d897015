"""The structure: imports run as ``pyproject.toml`` says, and no document's words stand in the code."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer.core
import typer.main
from importlinter.cli import lint_imports

import compactgraph
from compactgraph.cli.app import app

PACKAGE = Path(compactgraph.__file__).parent


def test_imports_run_one_way_and_one_module_knows_each_library(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(PACKAGE.parent)
    assert lint_imports(no_cache=True) == 0, capsys.readouterr().out


def test_no_word_of_this_document_stands_in_the_code(data_folder: Path) -> None:
    text = (data_folder / "bristol" / "source.txt").read_text(encoding="utf-8").lower()
    words = [w for w in ("bristol", "vcse", "voscur", "volunteering", "full cost recovery") if w in text]
    for template in PACKAGE.rglob("templates/**/*.html"):
        markup = template.read_text(encoding="utf-8").lower()
        assert not any(word in markup for word in words), template.name
    for module in PACKAGE.rglob("*.py"):
        for literal in literals(module):
            assert not any(word in literal.lower() for word in words), (module, literal)


def test_only_the_command_line_names_commands_and_their_options() -> None:
    group = typer.main.get_command(app)
    assert isinstance(group, typer.core.TyperGroup)
    named = re.compile(rf"(?<![\w-])--[a-z]|\bcompactgraph ({'|'.join(group.commands)})\b")
    # The snippets are commands that people copy.
    exempt = {*(PACKAGE / "cli").rglob("*.py"), PACKAGE / "explorer" / "views" / "snippets.py"}
    for module in {*PACKAGE.rglob("*.py")} - exempt:
        for literal in literals(module):
            assert named.search(literal) is None, (module, literal)


OF_ONE_SYSTEM = {
    "fcntl", "grp", "msvcrt", "pwd", "resource", "select", "syslog", "termios", "tty", "winreg",
    "win32api", "win32con", "win32job", "win32process", "_winapi",
}  # fmt: skip
CALLS_OF_ONE_SYSTEM = {
    "chown", "execv", "execve", "fchmod", "fork", "forkpty", "geteuid", "getegid", "getgid", "getpgid",
    "getuid", "killpg", "mkfifo", "setpgid", "setpriority", "setsid", "sched_getaffinity", "waitpid",
    "alarm", "pthread_kill", "setitimer", "sigwait", "SIGABRT", "SIGALRM", "SIGHUP", "SIGKILL",
    "SIGUSR1", "SIGUSR2", "add_signal_handler",
}  # fmt: skip
ARGUMENTS_OF_ONE_SYSTEM = {"creationflags", "pass_fds", "preexec_fn", "start_new_session"}


def test_one_module_knows_the_operating_system() -> None:
    for module in PACKAGE.rglob("*.py"):
        if module == PACKAGE / "common" / "operating_system.py":
            continue
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            used: set[str | None] = set()
            if isinstance(node, ast.Import):
                used = {name.name for name in node.names} & OF_ONE_SYSTEM
            elif isinstance(node, ast.ImportFrom):
                names = {name.name for name in node.names} if node.module in ("os", "signal") else set()
                used = ({node.module} & OF_ONE_SYSTEM) | (names & CALLS_OF_ONE_SYSTEM)
            elif isinstance(node, ast.Attribute):
                used = {node.attr} & CALLS_OF_ONE_SYSTEM
            elif isinstance(node, ast.keyword):
                used = {node.arg} & ARGUMENTS_OF_ONE_SYSTEM
            assert not used, (module, used)


def test_no_name_of_a_file_holds_what_windows_forbids() -> None:
    for root in ("compactgraph", "ontology", "data", "tests", "docs", "scripts"):
        for path in (PACKAGE.parent / root).rglob("*"):
            assert not set(path.name) & set('<>:"|?*\\'), path


def test_no_folder_holds_more_than_a_person_takes_in() -> None:
    for folder in {module.parent for module in PACKAGE.rglob("*.py")}:
        assert len([m for m in folder.glob("*.py") if m.name != "__init__.py"]) <= 12, folder


def literals(module: Path) -> Iterator[str]:
    """Yield the strings in a module's code, but not its docstrings."""
    tree = ast.parse(module.read_text(encoding="utf-8"))
    documented = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documented:
            yield node.value
