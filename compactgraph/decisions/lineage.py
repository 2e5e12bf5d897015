"""Where provisions came from, through any number of revisions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

Steps = Mapping[str, Collection[str]]
"""What each provision derives from directly, by name; a provision without an entry is new."""


def origins(steps: Steps, new: Iterable[str], first: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return for each provision of ``new`` those of ``first`` that it came from, sorted."""
    wanted = set(first)
    return {name: tuple(sorted(_reached(name, steps) & wanted)) for name in new}


def _reached(start: str, steps: Steps) -> set[str]:
    """Return what any number of steps lead to from ``start``, itself included."""
    reached, waiting = {start}, [start]
    while waiting:
        new = set(steps.get(waiting.pop(), ())) - reached
        reached |= new
        waiting += new
    return reached
