"""Fingerprints of what a build rests on: a review's folder, and what all reviews share.

A review is built again only if one of the two changes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from compactgraph.document.settings import REFERENCES

_PACKAGE = Path(__file__).resolve().parents[1]
_ONTOLOGY_PARTS = ("*.ttl", "vocab/*.ttl", "shapes/*.ttl", "rules/*.rq")

MAKING_GRAPHS = (
    "build/review.py",
    "common",
    "decisions",
    "document",
    "errors.py",
    "graph",
    "reading",
    "register/entry.py",
    "sparql",
)
"""The parts of this package that make a review's graph: what ``build.review`` imports."""


def common_fingerprint(ontology: Path, data: Path) -> str:
    """Return the fingerprint of what all reviews rest on: ontology, shared references, program."""
    parts = [path for part in _ONTOLOGY_PARTS for path in sorted(ontology.glob(part))]
    named = [(str(path.relative_to(ontology)), path) for path in parts]
    named += [(str(path.relative_to(_PACKAGE)), path) for path in modules_making_graphs()]
    if (data / REFERENCES).exists():
        named.append((f"data/{REFERENCES}", data / REFERENCES))
    return _digest(named)


def review_fingerprint(folder: Path) -> str:
    """Return the fingerprint of the files in a review's folder."""
    return _digest((path.name, path) for path in sorted(folder.iterdir()) if path.is_file())


def modules_making_graphs() -> Iterator[Path]:
    """Yield the files of this package on which every review's graph depends."""
    for part in MAKING_GRAPHS:
        path = _PACKAGE / part
        yield from [path] if path.is_file() else sorted(path.rglob("*.py"))


def _digest(paths: Iterable[tuple[str, Path]]) -> str:
    digest = hashlib.sha256()
    for name, path in paths:
        content = path.read_bytes()
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()
