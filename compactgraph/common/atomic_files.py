"""Files that are written whole or not at all, and text that XML can hold."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from compactgraph.errors import ExportError

_ILLEGAL_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@contextmanager
def replace_file(path: Path) -> Iterator[Path]:
    """Give a path to write to, which replaces ``path`` if the block succeeds, and else is removed.

    Raises ExportError if the file system refuses, or ``path`` is not a file.
    """
    target = path.resolve()
    if target.exists() and not target.is_file():
        raise ExportError(f"{path}: is not a file; name a file to write")
    beside = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        yield beside
        beside.replace(target)
    except OSError as error:
        raise ExportError(
            f"{path}: cannot be written ({error.strerror or error}); name another file"
        ) from None
    finally:
        beside.unlink(missing_ok=True)


def legal_xml(text: str) -> str:
    """Return ``text`` with U+FFFD for each character that XML 1.0 cannot hold."""
    return _ILLEGAL_IN_XML.sub("\ufffd", text)
