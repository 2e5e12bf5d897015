"""A change of what depends on a register, for those who write it to a service."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from pyoxigraph import Quad


class Standing(NamedTuple):
    """All quads after the change; what is new and gone matters to a folder only."""

    quads: Sequence[Quad]
    added: Sequence[Quad] = ()
    removed: Sequence[Quad] = ()
