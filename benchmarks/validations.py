"""Validation: compactgraph's way, and pySHACL on a plain rdflib graph, with the same shapes and data.

Each side runs in a process of its own, ``python -m benchmarks.validations NAME ONTOLOGY FILE…``, and
prints for each N-Quads file its seconds and its findings, then its peak memory, as JSON.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse, serialize

from benchmarks.cost import peak_megabytes
from benchmarks.processes import ROOT

COMPACTGRAPH, RDFLIB = "compactgraph", "pySHACL on rdflib"
_CG = "https://w3id.org/compactgraph/ontology#"
_DAMAGED = ("outcome", "party", "disposition", "status", "line")
"""The properties of which a damaged copy lacks some values, so that there is something to find."""

Findings = list[list[str]]


def write_data(store: Store, reviews: Iterable[str], path: Path, *, damaged: bool = False) -> None:
    """Write the graphs of ``reviews``, with those that all reviews share, to the N-Quads file ``path``.

    Where ``damaged``, every twentieth value of some properties is left out of each graph.
    """
    wanted = tuple(f"/id/{review}/graph/" for review in reviews)
    lost = {NamedNode(_CG + name) for name in _DAMAGED}
    kept: list[Quad] = []
    for graph in store.named_graphs():
        if not isinstance(graph, NamedNode):
            continue
        if not any(part in graph.value for part in wanted) and "/id/" in graph.value:
            continue
        seen = 0
        for quad in store.quads_for_pattern(None, None, None, graph):
            seen += quad.predicate in lost
            if not (damaged and quad.predicate in lost and seen % 20 == 0):
                kept.append(quad)
    path.write_bytes(serialize(kept, format=RdfFormat.N_QUADS) or b"")


def measure(name: str, ontology: Path, files: list[Path], limit: float) -> dict[str, Any]:
    """Run a side over ``files``; its answer, or that it took over ``limit`` seconds."""
    command = [sys.executable, "-m", "benchmarks.validations", name, str(ontology), *map(str, files)]
    try:
        done = subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=limit
        )
    except subprocess.TimeoutExpired:
        return {"over": limit}
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def _with_compactgraph(ontology: Path) -> Callable[[Path], tuple[float, Findings]]:
    from compactgraph.graph.validation import validate_quads

    def run(path: Path) -> tuple[float, Findings]:
        quads = list(parse(path=str(path), format=RdfFormat.N_QUADS))
        started = time.process_time()
        found = validate_quads(ontology, quads)
        seconds = time.process_time() - started
        named = {(f.severity.value, f.shape, f.focus, f.message) for f in found}
        return seconds, sorted(list(each) for each in named)

    return run


def _with_rdflib(ontology: Path) -> Callable[[Path], tuple[float, Findings]]:
    from pyshacl import validate
    from rdflib import Graph

    from compactgraph.graph.validation import shape_files

    shapes = Graph()
    for file in shape_files(ontology):
        shapes.parse(file, format="turtle")

    def run(path: Path) -> tuple[float, Findings]:
        graph = Graph()
        quads = parse(path=str(path), format=RdfFormat.N_QUADS)
        triples = serialize((quad.triple for quad in quads), format=RdfFormat.N_TRIPLES)
        graph.parse(data=triples or b"", format="nt")
        started = time.process_time()
        _, report, _ = validate(
            graph, shacl_graph=shapes, inplace=True, advanced=False, do_owl_imports=False
        )
        return time.process_time() - started, _findings(graph, report)

    return run


def _findings(graph: Any, report: Any) -> Findings:
    """Return pySHACL's results in the form of compactgraph's findings, each once."""
    from rdflib.namespace import DCTERMS, SH

    found = set()
    for result in report.subjects(SH.resultSeverity, None):
        focus = report.value(result, SH.focusNode)
        names = sorted(str(name) for name in graph.objects(focus, DCTERMS.identifier))
        found.add(
            (
                _local(report.value(result, SH.resultSeverity)),
                _local(report.value(result, SH.sourceShape)),
                names[0] if names else str(focus),
                " ".join(str(report.value(result, SH.resultMessage)).split()),
            )
        )
    return sorted(list(each) for each in found)


def _local(iri: object) -> str:
    return re.split(r"[#/]", str(iri))[-1]


def main() -> None:
    """Validate the files named on the command line; print what it took and what was found."""
    name, ontology, *files = sys.argv[1:]
    run = {COMPACTGRAPH: _with_compactgraph, RDFLIB: _with_rdflib}[name](Path(ontology))
    answers = [run(Path(file)) for file in files]
    print(
        json.dumps(
            {
                "seconds": [seconds for seconds, _ in answers],
                "findings": [findings for _, findings in answers],
                "megabytes": peak_megabytes(),
            }
        )
    )


if __name__ == "__main__":
    main()
