"""The folder of the store: which generation is published, and its manifest.

::

    <store>/current            the name of the generation that readers open
    <store>/generation-7/db    its database, never written after it was published
    <store>/generation-7/manifest.json
    <store>/lock               held by the build that is under way

Reading here needs no library, so that a build that finds nothing changed ends at once.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

from compactgraph.errors import NextStep, StoreError

CURRENT = "current"
MANIFEST = "manifest.json"
GENERATION = re.compile(r"generation-(\d+)")
FORMAT = 3


def published(folder: Path) -> str | None:
    """Return the name of the published generation, or None; raise StoreError if it is damaged."""
    try:
        name = (folder / CURRENT).read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError):
        raise damaged(folder) from None
    if GENERATION.fullmatch(name) is None:
        raise damaged(folder)
    return name


def damaged(folder: Path) -> StoreError:
    """Return the error for a store that cannot be read."""
    return StoreError(f"{folder}: the store is damaged", NextStep.BUILD, "delete the folder and ")


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """Return what the last build noted of itself, or None if there is no store yet.

    Raises StoreError if the store is damaged.
    """
    name = published(folder)
    return None if name is None else manifest_of(folder, name)


def manifest_of(folder: Path, name: str) -> dict[str, Any] | None:
    """Return the manifest of the generation ``name``, or None if another version wrote it.

    Raises StoreError if it is damaged.
    """
    try:
        manifest = json.loads((folder / name / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise damaged(folder) from None
    if not isinstance(manifest, dict):
        raise damaged(folder)
    return manifest if manifest.get("format") == FORMAT else None


def write_durably(path: Path, text: str) -> None:
    """Write a file, and wait until it is on the disk."""
    with path.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
