"""The structure: imports run one way along the journey, and one module knows each foreign library."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import compactgraph

PACKAGE = Path(compactgraph.__file__).parent
JOURNEY = [
    *["errors", "files", "namespaces", "fingerprints", "identifiers", "dataset", "paths", "spelling"],
    *["vetting", "folder", "source", "rows", "review", "footnotes", "reader"],
    *["vocabulary", "cues", "wording", "reading"],
    *["graph", "rules", "findings", "validation", "generations", "store"],
    *["binding", "querytext", "addresses", "authentication", "service", "replies", "remote"],
    *["notes", "lease", "loading", "storage"],
    *["register.entries", "register.chain", "register.file", "register.ballot", "register.service"],
    *["register.place", "register.fold", "register.drafts", "register.lineage", "register.words"],
    *["register.statements", "register.review", "register.suspects", "register.standing"],
    *["processes", "assembly", "crew", "build"],
    *["register.drafting", "register.completing", "register.deciding", "register.asat"],
    *["register.checking", "register.permission", "register.offering"],
    *["questions", "sparql", "terms", "history", "destinations", "newtext"],
    *["trace", "evidence", "passages", "ties", "network", "resolutions"],
    *["overview", "flows", "material", "observations"],
    *["workbook", "references", "checklist", "openpoints", "quality", "standings", "revision"],
    *["form", "incoming", "xlsx", "ods", "docx", "sheets", "jsonld", "export"],
    *["register.columns", "register.filled", "register.preview", "register.bearing"],
    *["register.outgoing", "register.returned", "register.judging", "register.sheet"],
    *["finder", "quotations", "picture", "story", "answers"],
    *["serving", "worker", "bounded", "recipes"],
    *["terminal", "output", "options", "cli_register", "cli"],
]
KNOWN_BY = {
    "pyshacl": {"validation"},
    "networkx": {"network"},
    "rapidfuzz": {"wording"},
    "openpyxl": {"xlsx"},
    "odfdo": {"ods"},
    "docx": {"docx"},
    "typer": {"options", "cli_register", "cli"},
    "fcntl": {"generations"},
    "resource": {"worker"},
    "sqlite3": {"register.file"},
    "requests": {"authentication", "service"},
    "tenacity": {"service"},
    "starlette": set(),
    "streamlit": set(),
    "uvicorn": set(),
}


def modules_of(face: str) -> list[str]:
    """Return the modules of a face that people or programs see, by their paths."""
    return sorted(path.relative_to(PACKAGE).as_posix() for path in (PACKAGE / face).rglob("*.py"))


EXPLORER, ENDPOINT = modules_of("ui"), modules_of("endpoint")
BEFORE_THE_EXPLORER = {"ui/gate.py", "ui/signing_app.py"}


def parsed(module: str) -> ast.Module:
    """Return a module of the journey, or of the explorer by its path, parsed."""
    path = PACKAGE / (module if module.endswith(".py") else f"{module.replace('.', '/')}.py")
    return ast.parse(path.read_text(encoding="utf-8"))


def imports_of(module: str) -> Iterator[str]:
    """Yield the full names of the modules that a module imports, wherever in it."""
    tree = parsed(module)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: imports are absolute"
            if node.module == "compactgraph":
                yield from (f"compactgraph.{alias.name}" for alias in node.names)
            else:
                yield str(node.module)


def test_every_module_stands_in_the_journey() -> None:
    paths = [*PACKAGE.glob("*.py"), *PACKAGE.glob("register/*.py")]
    modules = {".".join(path.relative_to(PACKAGE).with_suffix("").parts) for path in paths}
    assert modules - {"__init__", "__main__", "register.__init__"} == set(JOURNEY)
    assert len(set(JOURNEY)) == len(JOURNEY)


def test_the_register_s_own_module_only_tells_of_it() -> None:
    assert set(imports_of("register/__init__.py")) == set()


@pytest.mark.parametrize("module", JOURNEY)
def test_imports_run_one_way(module: str) -> None:
    before = set(JOURNEY[: JOURNEY.index(module)])
    own = {name.removeprefix("compactgraph.") for name in imports_of(module) if "compactgraph." in name}
    starts_a_server = {"ui.launch", "endpoint.launch"} if module == "cli" else set()
    assert own - {"__version__"} - starts_a_server <= before


@pytest.mark.parametrize(("library", "modules"), KNOWN_BY.items())
def test_one_module_knows_each_library(library: str, modules: set[str]) -> None:
    knowing = {m for m in JOURNEY if library in {name.split(".")[0] for name in imports_of(m)}}
    assert knowing == modules


@pytest.mark.parametrize("module", EXPLORER)
def test_the_explorer_rests_on_the_package_and_knows_no_library_of_the_graph(module: str) -> None:
    libraries = {name.split(".")[0] for name in imports_of(module)}
    servers = {"starlette"} if module in BEFORE_THE_EXPLORER else set()
    assert not libraries & set(KNOWN_BY) - {"streamlit"} - servers
    assert "compactgraph.cli" not in set(imports_of(module))


@pytest.mark.parametrize("module", ENDPOINT)
def test_the_endpoint_rests_on_the_package_and_on_no_explorer(module: str) -> None:
    libraries = {name.split(".")[0] for name in imports_of(module)}
    assert not libraries & set(KNOWN_BY) - {"starlette", "uvicorn"}
    assert not {
        name for name in imports_of(module) if name.startswith(("compactgraph.ui", "compactgraph.cli"))
    }


def test_no_word_of_this_document_stands_in_the_code(data_folder: Path) -> None:
    text = (data_folder / "bristol" / "source.txt").read_text(encoding="utf-8").lower()
    words = [w for w in ("bristol", "vcse", "voscur", "volunteering", "full cost recovery") if w in text]
    for template in PACKAGE.glob("*/templates/*.html"):
        markup = template.read_text(encoding="utf-8").lower()
        assert not any(word in markup for word in words), template.name
    for module in [*JOURNEY, *EXPLORER, *ENDPOINT]:
        tree = parsed(module)
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
