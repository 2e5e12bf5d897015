"""Writes what was measured as tables in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from benchmarks import sides, validations

_SIDES = (sides.COMPACTGRAPH, sides.OXIGRAPH, sides.OXIGRAPH_MEMORY, sides.RDFLIB)


def to_markdown(results: Sequence[dict[str, Any]]) -> str:
    """Return the report of runs on one or more numbers of reviews."""
    parts = ["# What was measured"]
    for result in results:
        parts += [*_one_size(result)]
    if len(results) > 1:
        parts += _growth(results)
    return "\n\n".join(parts) + "\n"


def _one_size(result: dict[str, Any]) -> Iterable[str]:
    reviews = f"{result['reviews']:,} review{'s' if result['reviews'] > 1 else ''}"
    yield f"## {reviews}, {result['quads']:,} quads"
    yield _table(("build", "time", "peak memory", "compared"), _builds(result))
    if "steps" in result:
        yield "Where the time of building one review goes:"
        total = sum(result["steps"].values())
        yield _table(
            ("step", "time", "share"),
            [(s, _time(t), f"{t / total:.0%}") for s, t in result["steps"].items()],
        )
    if "validation" in result:
        yield _table(
            ("validation", "compactgraph", "pySHACL on rdflib", "ratio", "findings"),
            _validations(result["validation"]),
        )
    yield _table(
        ("graph", *_SIDES),
        [
            ("load or open", *(_time(result["load"].get(s)) for s in _SIDES)),
            ("peak memory", *(_memory(result["peaks"].get(s)) for s in _SIDES)),
        ],
    )
    if result["left_out"]:
        yield f"Not run: {result['left_out']}."
    yield _table(
        ("asked", "of", "rows", *_SIDES, "÷ pyoxigraph, disk", "rdflib ÷"),
        [_answer(asked) for asked in result["answers"]],
    )


def _builds(result: dict[str, Any]) -> Iterable[tuple[str, ...]]:
    whole, changed = result["build"], result["one_changed"]
    each = whole["seconds"] / result["reviews"]
    yield (
        "everything, from nothing",
        _time(whole["seconds"]),
        _memory(whole["megabytes"]),
        f"{_time(each)} a review",
    )
    yield (
        "one review changed",
        _time(changed["seconds"]),
        _memory(changed["megabytes"]),
        f"{changed['seconds'] / result['single']['seconds']:.2f} × a build of one review alone "
        f"({_time(result['single']['seconds'])})",
    )
    seconds = result["unchanged"]["seconds"]
    bare, every = seconds["its libraries"], seconds["all libraries"]
    yield (
        "nothing changed",
        _time(seconds["build"]),
        _memory(result["unchanged"]["megabytes"]),
        f"{seconds['build'] / bare:.2f} × the bare import of what it imports ({_time(bare)}), "
        f"{seconds['build'] / every:.2f} × of all libraries ({_time(every)}); "
        f"import typer alone {_time(seconds['import typer'])}",
    )


def _validations(found: Sequence[dict[str, Any]]) -> Iterable[tuple[str, ...]]:
    for each in found:
        ours, theirs = each[validations.COMPACTGRAPH], each[validations.RDFLIB]
        if theirs.get("over"):
            times, ratio = f"over {theirs['over']:g} s", f"> {theirs['over'] / ours['seconds']:.0f}"
            findings = f"{ours['findings']}, not compared"
        else:
            times = f"{_time(theirs['seconds'])}, {_memory(theirs['megabytes'])}"
            ratio = f"{theirs['seconds'] / ours['seconds']:.1f}"
            findings = f"{ours['findings']}, the same"
        mine = f"{_time(ours['seconds'])}, {_memory(ours['megabytes'])}"
        yield each["what"], mine, times, ratio, findings


def _answer(asked: dict[str, Any]) -> tuple[str, ...]:
    found = [asked["sides"].get(side, {}) for side in _SIDES]
    times = [each.get("median") for each in found]
    cells = [
        " ".join(filter(None, (_time(time) if time else "", each.get("note", "")))) or "–"
        for time, each in zip(times, found, strict=True)
    ]
    mine, raw, _, plain = times
    over = found[-1].get("over")
    ratio = "–"
    if mine and plain:
        ratio = f"{plain / mine:,.0f}"
    elif mine and over:
        ratio = f"> {over / mine:,.0f}"
    return (
        asked["task"],
        asked["scope"],
        "–" if asked["rows"] is None else f"{asked['rows']:,}",
        *cells,
        f"{mine / raw:.2f}" if mine and raw else "–",
        ratio,
    )


def _growth(results: Sequence[dict[str, Any]]) -> list[str]:
    """Return how the time of what is asked of one review grows with their number."""
    by_size = [
        {
            a["task"]: a["sides"][sides.COMPACTGRAPH]["median"]
            for a in result["answers"]
            if a["scope"] == "one review"
        }
        for result in results
    ]
    rows = []
    for name in by_size[0]:
        times = [found.get(name) for found in by_size]
        first, last = times[0], times[-1]
        growth = f"{last / first:.1f}" if first and last else "–"
        rows.append((name, *(_time(time) for time in times), growth))
    sizes = [f"{result['reviews']:,} in the store" for result in results]
    return [
        "## One review asked about, as the corpus grows",
        _table(("asked of compactgraph", *sizes, "growth"), rows),
    ]


def _time(seconds: float | None) -> str:
    if seconds is None:
        return "–"
    if seconds < 0.1:
        return f"{seconds * 1000:.2g} ms" if seconds < 0.01 else f"{seconds * 1000:.0f} ms"
    return f"{seconds:.2f} s" if seconds < 10 else f"{seconds:,.0f} s"


def _memory(megabytes: float | None) -> str:
    return "–" if megabytes is None else f"{megabytes:,.0f} MB"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
