"""The fingerprint of a text, which changes if the words change."""

from __future__ import annotations

import hashlib
import re


def fingerprint(text: str) -> str:
    """Return the SHA-256 of ``text`` in UTF-8: ``sha256:`` and 64 hexadecimal digits.

    Raises UnicodeEncodeError if the text has a lone surrogate.
    """
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def is_fingerprint(text: str) -> bool:
    """Say whether ``text`` has the form of a :func:`fingerprint`."""
    return re.fullmatch(r"sha256:[0-9a-f]{64}", text) is not None
