"""The fingerprint of a text, by which a later reader tells whether the words are still the same."""

from __future__ import annotations

import hashlib
import re

_WRITTEN = re.compile(r"sha256:[0-9a-f]{64}")


def fingerprint(text: str) -> str:
    """Return the SHA-256 of ``text`` in UTF-8, as ``sha256:`` and 64 hexadecimal digits.

    Raises UnicodeEncodeError for a text that UTF-8 cannot hold: one with a lone surrogate.
    """
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def is_fingerprint(text: str) -> bool:
    """Say whether ``text`` is written as :func:`fingerprint` writes one."""
    return _WRITTEN.fullmatch(text) is not None
