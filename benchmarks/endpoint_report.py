"""Writes what was measured of the endpoint as tables in Markdown."""

from __future__ import annotations

import argparse
import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from benchmarks import single
from benchmarks.load import RIGHT

_SIDES = (
    single.IN_PROCESS,
    single.IN_PROCESS_UNSEEN,
    single.KEPT,
    single.KEPT_UNSEEN,
    single.NEW,
    single.OTHER,
    single.OTHER_NEW,
)
_SHARES = (50, 90, 95, 99)


def to_markdown(results: Sequence[dict[str, Any]], options: argparse.Namespace) -> str:
    """Return the report of a run."""
    parts = ["# The endpoint beside the same queries in process, and beside the Oxigraph server"]
    for result in results:
        reviews = f"{result['reviews']:,} review{'s' if result['reviews'] > 1 else ''}"
        parts.append(f"## {reviews}, {result['quads']:,} quads")
        for scope in dict.fromkeys(asked["scope"] for asked in result["single"]):
            some = [asked for asked in result["single"] if asked["scope"] == scope]
            parts.append(f"One client, {len(some)} saved questions of {scope}, milliseconds:")
            parts.append(_table(["", "median question", "slowest", "÷ in process"], _alone(some)))
            beside = sorted(_ratio(asked, single.KEPT, single.OTHER) for asked in some)
            parts.append(
                f"compactgraph ÷ oxigraph, question by question: {_factor(beside[0])} to "
                f"{_factor(beside[-1])}, median {_factor(statistics.median(beside))}."
            )
        parts.append(f"{options.clients} clients for {options.seconds:g} s, seconds:")
        heads = ["", "answers a second", *(f"{share} %" for share in _SHARES), "slowest", "not answered"]
        parts.append(_table(heads, _loads(result["loads"], options.seconds)))
        heads = [
            "",
            "runaways ended as",
            "after, s",
            "before, MB",
            "most",
            "after",
            "processor, s",
            "processors busy afterwards",
            "taken by others meanwhile",
        ]
        parts.append(_table(heads, _held(result["loads"])))
        parts.append(_table(["question of", *_SIDES], _each(result["single"])))
    return "\n\n".join(parts) + "\n"


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that ``share`` per cent of the values do not pass."""
    ordered = sorted(values)
    return ordered[max(0, -int(-len(ordered) * share // 100) - 1)]


def _median(asked: dict[str, Any], side: str) -> float:
    times: list[float] = asked["seconds"][side]
    return statistics.median(times)


def _ratio(asked: dict[str, Any], side: str, other: str) -> float:
    return _median(asked, side) / _median(asked, other)


def _alone(some: Sequence[dict[str, Any]]) -> Iterable[list[str]]:
    for side in _SIDES:
        medians = [_median(asked, side) for asked in some]
        ratio = statistics.median(_ratio(asked, side, single.IN_PROCESS) for asked in some)
        slowest = _milliseconds(max(medians))
        yield [side, _milliseconds(statistics.median(medians)), slowest, _factor(ratio)]


def _loads(loads: Sequence[dict[str, Any]], seconds: float) -> Iterable[list[str]]:
    for each in loads:
        replies = each["outcome"]["replies"]
        right = [reply["seconds"] for reply in replies if reply["end"] == RIGHT]
        in_time = sum(
            reply["end"] == RIGHT and reply["begun"] + reply["seconds"] <= seconds for reply in replies
        )
        others = Counter(reply["end"] for reply in replies if reply["end"] != RIGHT)
        cells = [f"{percentile(right, share):.3f}" if right else "–" for share in _SHARES]
        slowest = f"{max(right):.2f}" if right else "–"
        yield [_named(each), f"{in_time / seconds:.1f}", *cells, slowest, _counted(others, len(replies))]


def _held(loads: Sequence[dict[str, Any]]) -> Iterable[list[str]]:
    for each in loads:
        runaways = each["outcome"]["runaways"]
        ends = Counter(reply["end"] for reply in runaways)
        took = f"{statistics.median(r['seconds'] for r in runaways):.1f}" if runaways else "–"
        held = [f"{each['memory'][when]:,.0f}" for when in ("before", "during", "after")]
        yield [
            _named(each),
            _counted(ends, 0),
            took,
            *held,
            f"{each['processor']:.0f}",
            f"{each['busy']:.1f}",
            f"{each['others']:.1f}",
        ]


def _each(measured: Sequence[dict[str, Any]]) -> Iterable[list[str]]:
    for asked in measured:
        times = [_milliseconds(_median(asked, side)) for side in _SIDES]
        yield [f"{asked['scope']}: {asked['name']}", *times]


def _named(each: dict[str, Any]) -> str:
    return f"{each['how']}: {each['side']}"


def _counted(ends: Counter[str], of: int) -> str:
    said = ", ".join(f"{end}: {number:,}" for end, number in sorted(ends.items()))
    return (said + (f" of {of:,}" if of else "")) if said else "–"


def _milliseconds(seconds: float) -> str:
    return f"{1000 * seconds:.1f}" if seconds < 0.1 else f"{1000 * seconds:,.0f}"


def _factor(ratio: float) -> str:
    return f"{ratio:.2f}" if ratio < 10 else f"{ratio:.0f}"


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---", *["---:"] * (len(heads) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
