"""From sources to a checked and published store; called as a function, it builds one."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from compactgraph.build.pipeline import BuildResult


class _Build(ModuleType):
    """``compactgraph.build`` is a folder of modules and, by this class, a public function too."""

    def __call__(self, data: Path | str | None = None, store: Path | str | None = None) -> BuildResult:
        """Build those reviews below ``data`` that have changed into the store; return what was built.

        By default, both are where the environment says, or in the working folder. Raises SourceError and
        FolderError if a review cannot be read, and StoreError if the store cannot be written.
        """
        from compactgraph import paths
        from compactgraph.build.pipeline import build_store

        folder = paths.data_folder(None if data is None else Path(data))
        location = paths.store_location(None if store is None else str(store))
        return build_store(folder, paths.ontology_folder(), location)


sys.modules[__name__].__class__ = _Build
