"""The structure: imports run as ``pyproject.toml`` says, and no document's words stand in the code."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

import compactgraph

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
        tree = ast.parse(module.read_text(encoding="utf-8"))
        documented = {
            id(node.body[0].value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
            and node.body
            and isinstance(node.body[0], ast.Expr)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                if id(node) in documented:
                    continue
                assert not any(word in node.value.lower() for word in words), (module, node.value)
