"""Measures the explorer beside an empty Streamlit page, both in one run, with Chromium and without.

``python -m benchmarks.explorer`` prints the tables and writes them, and all figures as JSON, to
``benchmarks/out/``. See ``benchmarks/README.md`` for what is compared with what.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.processes import ROOT, run_for_cost
from benchmarks.servers import Server, running
from benchmarks.sessions import Answered, one_reader, readers_at_once
from benchmarks.visits import Reader, Visited, chromium
from compactgraph.explorer.app import PAGES
from compactgraph.paths import DATA_VARIABLE, STORE_VARIABLE

OUT = ROOT / "benchmarks" / "out"
EMPTY = "(an empty page)"
_BESIDE = 4
"""After how many pages of the explorer the empty one is opened again."""

_DRAWING, _FLOWS, _EDITOR = "canvas", "svg[role=group]", ".cm-content"

MORE = (
    "trace?item=1.11",
    "network?show=all",
    "sparql?question=goes-to&destination=vcse-strategy",
    "sparql?ask=own",
)
"""Addresses that cost more than the page alone: an item, the whole network, an answer, the editor."""

PARTS = {"": _FLOWS, "network": _DRAWING, MORE[0]: _DRAWING, MORE[1]: _DRAWING, MORE[3]: _EDITOR}
"""What must be drawn by a component for a page to be finished."""


class Run:
    """The measurements on two servers, that of the explorer and that of the empty page."""

    def __init__(self, explorer: Server, empty: Server, options: argparse.Namespace) -> None:
        """Name the servers, and how often and with how many readers to measure."""
        self._explorer = explorer
        self._empty = empty
        self._options = options
        self._pages = [*(page.path for page in PAGES), *MORE]
        self.result: dict[str, Any] = {}

    def measure(self) -> dict[str, Any]:
        """Measure everything and return the figures."""
        self._say("the first reader of the server")
        self.result["first"] = self._answers(one_reader(self._explorer, self._pages))
        self._say("one reader without a browser")
        later, beside = [], []
        for _ in range(self._options.rounds):
            later += one_reader(self._explorer, self._pages)
            beside += one_reader(self._empty, [""] * _BESIDE)
        self.result["served"] = self._answers(later) | self._answers(beside, EMPTY)
        if not self._options.no_browser:
            self._measure_visits()
        self._say(f"{self._options.readers} readers at once")
        self.result["crowds"] = {
            "the explorer": self._crowd(self._explorer, self._pages),
            EMPTY: self._crowd(self._empty, [""] * len(self._pages)),
        }
        return self.result

    def _say(self, what: str) -> None:
        print(what, file=sys.stderr, flush=True)

    def _answers(self, answered: Sequence[Answered], name: str = "") -> dict[str, Any]:
        pages: dict[str, list[Answered]] = {}
        for each in answered:
            pages.setdefault(name or each.page, []).append(each)
        return {page: [asdict(each) for each in found] for page, found in pages.items()}

    def _measure_visits(self) -> None:
        """Open each page as a new reader does, and again; then go from page to page."""
        visits: dict[str, list[tuple[Visited, Visited]]] = {}
        steps: dict[str, list[float]] = {}
        titles = {page.title: _parts(page.path) for page in PAGES}
        with chromium() as browser:
            for number in range(self._options.rounds + 1):
                self._say(f"readers with a browser, round {number} of {self._options.rounds}")
                for place, page in enumerate(self._pages):
                    for name in [EMPTY, page] if place % _BESIDE == 0 else [page]:
                        with Reader(browser) as reader:
                            server = self._empty if name == EMPTY else self._explorer
                            address = f"{server.address}/{'' if name == EMPTY else name}"
                            both = (
                                reader.visit(address, _parts(name)),
                                reader.visit(address, _parts(name)),
                            )
                        visits.setdefault(name, []).extend([both] if number else [])
                with Reader(browser) as reader:
                    begin = f"{self._explorer.address}/{PAGES[-1].path}"
                    for title, milliseconds in reader.steps(begin, titles).items():
                        steps.setdefault(title, []).extend([milliseconds] if number else [])
        self.result["visits"] = {
            name: [[asdict(first), asdict(again)] for first, again in found]
            for name, found in visits.items()
        }
        self.result["steps"] = steps

    def _crowd(self, server: Server, pages: Sequence[str]) -> dict[str, Any]:
        before = server.megabytes()
        readers = self._options.readers
        answered = readers_at_once(server, pages, readers, self._options.seed)
        return {
            "pages": self._answers(answered.answers),
            "seconds": answered.seconds,
            "before": before,
            "during": answered.megabytes,
            "after": server.megabytes(),
        }


def _parts(page: str) -> list[str]:
    return [PARTS[page]] if page in PARTS else []


# The tables


def to_markdown(result: dict[str, Any], readers: int) -> str:
    """Return the report of a run."""
    parts = ["# The explorer beside an empty Streamlit page"]
    if "visits" in result:
        rows = list(_visited(result["visits"]))
        heads = ["first visit", "ratio", "quickest", "second visit", "ratio", "quickest"]
        parts += ["Until the page is finished in Chromium, milliseconds:"]
        parts += [_table(["page", *heads, "files", "kB"], rows)]
        parts += ["A step within the explorer, from the click to the finished page, milliseconds:"]
        steps = result["steps"].items()
        parts += [
            _table(
                ["to", "median", "slowest"],
                [[title, f"{statistics.median(took):.0f}", f"{max(took):.0f}"] for title, took in steps],
            )
        ]
    parts += ["The server alone, from the request to the end of the script, milliseconds:"]
    parts += [
        _table(
            ["page", "first reader", "later", "beside empty", "kB sent"],
            list(_served(result["first"], result["served"])),
        )
    ]
    parts += [f"{readers} readers at once, each opening every page in an order of their own:"]
    heads = ["median, s", "slowest page, s", "pages a second", "memory before, MB", "at the end"]
    parts += [
        _table(["", *heads, "when they left", "a reader"], list(_crowded(result["crowds"], readers)))
    ]
    return "\n\n".join(parts) + "\n"


def _visited(visits: dict[str, list[list[dict[str, Any]]]]) -> Iterable[list[str]]:
    def took(name: str, which: int) -> list[float]:
        return [both[which]["milliseconds"] for both in visits[name]]

    for name, found in visits.items():
        row = [_named(name)]
        for which in (0, 1):
            own, empty = took(name, which), took(EMPTY, which)
            row += [
                f"{statistics.median(own):.0f}",
                f"{statistics.median(own) / statistics.median(empty):.2f}",
                f"{min(own) / min(empty):.2f}",
            ]
        yield [*row, str(found[0][0]["requests"]), f"{found[0][0]['bytes'] / 1000:,.0f}"]


def _served(first: dict[str, Any], later: dict[str, Any]) -> Iterable[list[str]]:
    def took(page: str) -> float:
        return 1000 * statistics.median(each["seconds"] for each in later[page])

    for page, found in later.items():
        at_first = f"{1000 * first[page][0]['seconds']:.0f}" if page in first else ""
        ratio = f"{took(page) / took(EMPTY):.2f}"
        yield [_named(page), at_first, f"{took(page):.0f}", ratio, f"{found[0]['size'] / 1000:,.0f}"]


def _crowded(crowds: dict[str, Any], readers: int) -> Iterable[list[str]]:
    for name, crowd in crowds.items():
        seconds = [each["seconds"] for found in crowd["pages"].values() for each in found]
        slowest = max(
            (each["seconds"], page) for page, found in crowd["pages"].items() for each in found
        )
        yield [
            name,
            f"{statistics.median(seconds):.2f}",
            f"{slowest[0]:.2f}" + (f" ({_named(slowest[1])})" if len(crowd["pages"]) > 1 else ""),
            f"{len(seconds) / crowd['seconds']:.1f}",
            f"{crowd['before']:.0f}",
            f"{crowd['during']:.0f}",
            f"{crowd['after']:.0f}",
            f"{(crowd['during'] - crowd['before']) / readers:.2f}",
        ]


def _named(page: str) -> str:
    return page or "(overview)"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heads, ["---", *["---:"] * (len(heads) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure the explorer beside an empty Streamlit page.")
    parser.add_argument("--rounds", type=int, default=5, help="of each page (default 5)")
    parser.add_argument("--readers", type=int, default=50, help="at once (default 50)")
    parser.add_argument("--seed", type=int, default=1, help="of the orders in which they read")
    parser.add_argument("--no-browser", action="store_true", help="measure the server alone")
    return parser.parse_args()


def main() -> None:
    """Measure as the command line says; print the tables and write them."""
    options = _options()
    OUT.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="benchmark-") as name:
        folder = Path(name)
        own = {STORE_VARIABLE: str(folder / "store"), DATA_VARIABLE: str(ROOT / "data")}
        run_for_cost(["-m", "compactgraph", "build"], own)
        with (
            running(ROOT / "app.py", folder / "explorer.log", own) as explorer,
            running(ROOT / "benchmarks" / "empty_page.py", folder / "empty.log") as empty,
        ):
            result = Run(explorer, empty, options).measure()
    (OUT / "explorer.json").write_text(json.dumps(result, indent=1), encoding="utf-8")
    written = to_markdown(result, options.readers)
    (OUT / "explorer.md").write_text(written, encoding="utf-8")
    print(written)


if __name__ == "__main__":
    main()
