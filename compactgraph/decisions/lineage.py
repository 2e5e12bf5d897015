"""Where provisions came from and where they went, through any number of revisions.

What each revision's provisions derive from is given; the two tables follow the same steps, the table of
destinations forwards and the table of origins backwards.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

Steps = Mapping[str, Collection[str]]
"""What each provision derives from directly, by name; without an entry it derives from nothing."""


def origins(steps: Steps, new: Iterable[str], first: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return for each provision of ``new`` those of ``first`` that it came from, sorted.

    One that came from none of them has an empty tuple.
    """
    wanted = set(first)
    return {name: tuple(sorted(_reached(name, steps) & wanted)) for name in new}


def destinations(steps: Steps, first: Iterable[str], new: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return for each provision of ``first`` those of ``new`` that it went to, sorted.

    One that went to none of them has an empty tuple.
    """
    onward: dict[str, list[str]] = {}
    for name, before in steps.items():
        for each in before:
            onward.setdefault(each, []).append(name)
    wanted = set(new)
    return {name: tuple(sorted(_reached(name, onward) & wanted)) for name in first}


def _reached(start: str, steps: Steps) -> set[str]:
    """Return what any number of steps lead to from ``start``, itself included."""
    reached, waiting = {start}, [start]
    while waiting:
        for name in steps.get(waiting.pop(), ()):
            if name not in reached:
                reached.add(name)
                waiting.append(name)
    return reached
