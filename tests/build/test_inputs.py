"""Which of the package's modules, when edited, make every review be built again."""

from __future__ import annotations

from pathlib import Path

import grimp
import pytest

from compactgraph.build import inputs
from compactgraph.build.inputs import MAKING_GRAPHS, common_fingerprint, modules_making_graphs
from compactgraph.paths import ontology_folder

PACKAGE = Path(inputs.__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def imported() -> set[str]:
    """The files of all that the assembly of a review imports, itself included."""
    root = "compactgraph.build.review"
    modules = {root, *grimp.build_graph("compactgraph").find_upstream_modules(root)}
    return {module.partition(".")[2].replace(".", "/") + ".py" for module in modules}


def test_all_that_the_assembly_of_a_review_imports_is_fingerprinted(imported: set[str]) -> None:
    covered = {str(path.relative_to(PACKAGE)) for path in modules_making_graphs()}
    assert imported - covered == set()


def test_each_fingerprinted_part_is_imported_by_the_assembly(imported: set[str]) -> None:
    unused = [
        p for p in MAKING_GRAPHS if not any(path == p or path.startswith(f"{p}/") for path in imported)
    ]
    assert unused == []


@pytest.mark.parametrize(
    ("edited", "changes"),
    [
        ("endpoint/app.py", False),
        ("explorer/app.py", False),
        ("cli/app.py", False),
        ("build/pipeline.py", False),
        ("build/review.py", True),
        ("decisions/standing.py", True),
        ("document/parser.py", True),
        ("errors.py", True),
        ("graph/rules.py", True),
    ],
)
def test_an_edited_module_counts_only_if_it_makes_graphs(
    edited: str, changes: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in PACKAGE.rglob("*.py"):
        copy = tmp_path / path.relative_to(PACKAGE)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
    monkeypatch.setattr(inputs, "_PACKAGE", tmp_path)
    before = common_fingerprint(ontology_folder(), tmp_path)
    with (tmp_path / edited).open("a", encoding="utf-8") as module:
        module.write("\n# edited\n")
    assert (common_fingerprint(ontology_folder(), tmp_path) != before) is changes
