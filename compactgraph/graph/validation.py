"""Whether a graph conforms to the shapes: the only module that knows pySHACL.

The data stand in an Oxigraph store, which answers the shapes' queries much faster than rdflib's memory
does; pySHACL itself decides what conforms.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from pyoxigraph import DefaultGraph, NamedNode, Quad, Store
from pyshacl import validate
from pyshacl.graph_abstraction import OxigraphDataGraph
from rdflib import Graph
from rdflib.namespace import SH
from rdflib.plugins.parsers.notation3 import BadSyntax
from rdflib.term import Node

from compactgraph.common.identifiers import ReviewIRIs
from compactgraph.common.namespaces import CG, DCTERMS, OA, ONTOLOGY_GRAPH, REFERENCES_GRAPH
from compactgraph.errors import TurtleError, shorten
from compactgraph.graph.findings import Finding, Severity
from compactgraph.reading.vocabulary import load_ontology, parse_rdf
from compactgraph.sparql.dataset import Dataset


class _DataGraph(OxigraphDataGraph):
    """pySHACL asks the graph at each finding whether it is empty, which counts all of it."""

    def __bool__(self) -> bool:
        return True


@lru_cache(maxsize=4)
def _shapes(ontology: Path, only: tuple[str, ...] = ()) -> Graph:
    graph = Graph()
    for path in shape_files(ontology):
        if only and path.stem not in only:
            continue
        try:
            graph.parse(path, format="ox-turtle")
        except (SyntaxError, BadSyntax) as error:
            raise TurtleError(f"{path}: {error}; mend the shape") from None
    return graph


def shape_files(ontology: Path) -> list[Path]:
    """Return the files of the shapes, one a class."""
    return sorted((ontology / "shapes").glob("*.ttl"))


def validate_quads(ontology: Path, quads: Iterable[Quad], only: tuple[str, ...] = ()) -> list[Finding]:
    """Validate ``quads``, their named graphs taken together, against the shapes of ``ontology``.

    ``only`` names the files of shapes that count, where not all do. Returns the findings, the gravest
    first, each kind in the order of the source.
    """
    store = Store()
    union = DefaultGraph()
    store.bulk_extend(Quad(q.subject, q.predicate, q.object, union) for q in quads)
    try:
        _, report, _ = validate(
            _DataGraph(store),
            shacl_graph=_shapes(ontology, only),
            inplace=True,
            advanced=False,
            do_owl_imports=False,
        )
    except re.error:
        # pySHACL puts names into messages as replacement patterns, in which a backslash is a command.
        raise TurtleError(
            "a name in the data has a backslash, which no message can quote; take it out"
        ) from None
    if not isinstance(report, Graph):
        raise report
    found = {_finding(report, result, store) for result in report.subjects(SH.resultSeverity, None)}
    order = list(Severity)
    return sorted(
        found,
        key=lambda f: (order.index(f.severity), f.line or 0, f.focus, f.shape, f.value or ""),
    )


def _finding(report: Graph, result: Node, store: Store) -> Finding:
    severity = str(report.value(result, SH.resultSeverity)).rpartition("#")[2]
    shape = report.value(result, SH.sourceShape)
    focus = str(report.value(result, SH.focusNode))
    value = report.value(result, SH.value)
    message = " ".join(str(report.value(result, SH.resultMessage)).split())
    place = focus if _line(store, focus) is not None else str(value)
    return Finding(
        severity=Severity(severity),
        shape=_local_name(str(shape)),
        focus=_name(store, focus),
        message=message,
        value=None if value is None else shorten(_name(store, str(value))),
        line=_line(store, place),
    )


def _local_name(iri: str) -> str:
    return re.split(r"[#/]", iri)[-1]


def _objects(store: Store, iri: str, predicate: str) -> list[Any]:
    try:
        subject = NamedNode(iri)
    except ValueError:
        return []
    return [q.object for q in store.quads_for_pattern(subject, NamedNode(predicate), None, None)]


def _name(store: Store, iri: str) -> str:
    identifiers = sorted(node.value for node in _objects(store, iri, DCTERMS + "identifier"))
    return identifiers[0] if identifiers else iri


def _line(store: Store, iri: str) -> int | None:
    """Return the line on which ``iri``, or the first passage that it rests on, stands."""
    passages = [iri]
    for predicate in (CG + "piece", OA + "hasTarget"):
        passages += [node.value for node in _objects(store, iri, predicate)]
    for basis in _objects(store, iri, CG + "basis"):
        passages += [node.value for node in _objects(store, basis.value, CG + "piece")]
    lines = [int(n.value) for p in passages for n in _objects(store, p, CG + "line")]
    return min(lines, default=None)


def validate_review(store: Dataset, ontology: Path, review: str) -> list[Finding]:
    """Validate one review of an opened store on its own graphs and those that all reviews share."""
    graphs = [ONTOLOGY_GRAPH, REFERENCES_GRAPH, *ReviewIRIs(review).graphs]
    return validate_quads(
        ontology,
        (q for graph in graphs for q in store.quads_for_pattern(None, None, None, NamedNode(graph))),
    )


def validate_files(ontology: Path, files: Iterable[Path]) -> list[Finding]:
    """Validate RDF files together, with the vocabularies; raise TurtleError where one is no RDF.

    The format follows the file's name: .ttl, .nt, .trig, .nq, .jsonld or .rdf.
    """
    quads = load_ontology(ontology)
    for path in files:
        quads += parse_rdf(path)
    return validate_quads(ontology, quads)
