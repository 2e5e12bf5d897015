"""Whether a graph conforms to the shapes: the only module that knows pySHACL.

The data stand in an Oxigraph store, which answers the shapes' queries much faster than rdflib's memory
does; pySHACL itself decides what conforms.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, islice
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pyoxigraph import DefaultGraph, NamedNode, Quad, Store
from pyshacl import Validator
from pyshacl.constraints import ALL_CONSTRAINT_PARAMETERS
from pyshacl.graph_abstraction import OxigraphDataGraph, to_ox
from pyshacl.shapes_graph import ShapesGraph
from rdflib import Graph
from rdflib.namespace import RDF, RDFS, SH
from rdflib.plugins.parsers.notation3 import BadSyntax
from rdflib.term import Node, URIRef

from compactgraph.common.identifiers import ReviewIRIs
from compactgraph.common.namespaces import CG, DCTERMS, OA, ONTOLOGY_GRAPH, REFERENCES_GRAPH
from compactgraph.errors import TurtleError, shorten
from compactgraph.graph.findings import Finding, Severity
from compactgraph.reading.vocabulary import load_ontology, parse_rdf
from compactgraph.sparql.dataset import Dataset


class _DataGraph(OxigraphDataGraph):
    """The graph that is validated."""

    prefixes: Mapping[str, str] = MappingProxyType({})

    def __bool__(self) -> bool:
        # pySHACL asks at each finding whether the graph is empty, which counts all of it.
        return True

    def query_oxigraph(self, query_object: Any, **kwargs: Any) -> Any:  # type: ignore[override]
        return super().query_oxigraph(query_object, **kwargs | {"initNs": self.prefixes})

    def classes(self) -> set[Any]:
        """Return the classes of what a shape can target, and those above them."""
        return self._with_those_above(self.objects(None, RDF.type))

    def _with_those_above(self, classes: Iterable[Any]) -> set[Any]:
        above: set[Any] = set()
        for class_ in set(classes):
            above.update(self.transitive_objects(class_, RDFS.subClassOf))
        return above


class _GraphAbout(_DataGraph):
    """The whole graph, of which the shapes ask about some nodes alone.

    pySHACL finds what a shape targets by ``subjects`` of a class and by ``subject_objects``. A shape's
    query is about its ``?value``.
    """

    def __init__(self, store: Store, nodes: Iterable[NamedNode]) -> None:
        super().__init__(store)
        self._nodes = [URIRef(node.value) for node in nodes]
        self._values = " ".join(node.n3() for node in self._nodes)
        self._of_class: dict[Any, list[Any]] = {}
        reviews = super().subjects(RDF.type, URIRef(CG + "Review"))
        for node in dict.fromkeys([*self._nodes, *reviews]):
            for class_ in self.objects(node, RDF.type):
                self._of_class.setdefault(class_, []).append(node)

    # pySHACL declares these otherwise than rdflib, which it inherits from.
    def subjects(self, predicate: Any, object_: Any, unique: bool = False) -> Any:  # type: ignore[override]
        if predicate == RDF.type:
            return iter(self._of_class.get(object_, ()))
        return super().subjects(predicate, object_, unique)

    def classes(self) -> set[Any]:
        return self._with_those_above(self._of_class)

    def subject_objects(self, predicate: Any, unique: bool = False) -> Any:  # type: ignore[override]
        for node in self._nodes:
            for pattern in ((node, predicate, None), (None, predicate, node)):
                yield from ((s, o) for s, _, o in islice(self.triples(pattern), 1))

    def query_oxigraph(self, query_object: Any, **kwargs: Any) -> Any:  # type: ignore[override]
        before, _, pattern = query_object.partition("{")
        about = f"{before}{{ VALUES ?value {{ {self._values} }} {pattern}"
        return super().query_oxigraph(about, **kwargs)


@dataclass(frozen=True)
class _Shapes:
    """Shapes as pySHACL has read them, and the prefixes that their queries use.

    ``of_class`` gives the shapes that target a class, ``others`` those with another target. ``queries``
    holds the query of each shape that asks nothing else.
    """

    graph: ShapesGraph
    prefixes: dict[str, str]
    of_class: dict[Node, list[Any]]
    others: list[Any]
    queries: dict[Any, str]

    def that_can_find(self, data: _DataGraph) -> list[str]:
        """Return the shapes that must run on ``data``: all but those that can find nothing.

        pySHACL takes much longer over a shape than Oxigraph over its targets and its query, so these
        are asked first. A shape's query gives a row for each of its findings.
        """
        targeting = chain(self.others, *(self.of_class.get(each, ()) for each in data.classes()))
        return [str(shape.node) for shape in dict.fromkeys(targeting) if self._can_find(shape, data)]

    def _can_find(self, shape: Any, data: _DataGraph) -> bool:
        query = self.queries.get(shape)
        return query is None or any(
            any(True for _ in data.query_oxigraph(query, initBindings={"this": to_ox(node)}))
            for node in shape.focus_nodes(data)
        )


@lru_cache(maxsize=4)
def _shapes(ontology: Path, only: tuple[str, ...] = ()) -> _Shapes:
    graph = Graph("SimpleMemory")
    for path in shape_files(ontology):
        if only and path.stem not in only and path.stem != "shapes":
            continue
        try:
            graph.parse(path, format="ox-turtle")
        except (SyntaxError, BadSyntax) as error:
            raise TurtleError(f"{path}: {error}; mend the shape") from None
    # pySHACL would collect the prefixes anew for each query; the data graph gives them instead.
    prefixes = {
        str(graph.value(each, SH.prefix)): str(graph.value(each, SH.namespace))
        for each in graph.objects(None, SH.declare)
    }
    graph.remove((None, SH.prefixes, None))
    shapes: Any = ShapesGraph(graph)
    of_class: dict[Node, list[Any]] = {}
    others = []
    queries = {}
    for shape in shapes.shapes:
        for class_ in shape.target_classes():
            of_class.setdefault(class_, []).append(shape)
        if any(map(any, (shape.target_nodes(), shape.target_subjects_of(), shape.target_objects_of()))):
            others.append(shape)
        asked = [c for c in graph.predicates(shape.node, unique=True) if c in ALL_CONSTRAINT_PARAMETERS]
        constraints = list(graph.objects(shape.node, SH.sparql))
        if asked == [SH.sparql] and len(constraints) == 1:
            queries[shape] = str(graph.value(constraints[0], SH.select))
    return _Shapes(shapes, prefixes, of_class, others, queries)


def shape_files(ontology: Path) -> list[Path]:
    """Return the files of the shapes, one a class."""
    return sorted((ontology / "shapes").glob("*.ttl"))


def validate_quads(ontology: Path, quads: Iterable[Quad], only: tuple[str, ...] = ()) -> list[Finding]:
    """Validate ``quads``, their named graphs taken together, against the shapes of ``ontology``.

    ``only`` names the files of shapes that count, if not all do. Returns the findings, the gravest
    first, each kind in the order of the source.
    """
    store = Store()
    union = DefaultGraph()
    store.bulk_extend(Quad(q.subject, q.predicate, q.object, union) for q in quads)
    return _findings(_DataGraph(store), _shapes(ontology, only))


def validate_store(ontology: Path, store: Store) -> list[Finding]:
    """Return what the shapes find in the default graph of ``store``."""
    return _findings(_DataGraph(store), _shapes(ontology))


def validate_nodes(ontology: Path, store: Store, nodes: Iterable[NamedNode]) -> list[Finding]:
    """Return what the shapes find in the default graph of ``store`` of some nodes.

    Some findings of the review itself may be among them.
    """
    return _findings(_GraphAbout(store, nodes), _shapes(ontology))


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings, each once, the gravest first, each kind in the order of the source."""
    order = list(Severity)
    return sorted(
        set(findings),
        key=lambda f: (order.index(f.severity), f.line or 0, f.focus, f.shape, f.value or ""),
    )


def _findings(data: _DataGraph, shapes: _Shapes) -> list[Finding]:
    data.prefixes = shapes.prefixes
    asked = shapes.that_can_find(data)
    if not asked:
        return []
    options = {"inplace": True, "use_shapes": asked}
    validator: Any = Validator(data, shacl_graph=shapes.graph.graph, options=options)
    # What pySHACL has read of the shapes once serves each validation.
    validator.shacl_graph = shapes.graph
    try:
        _, report, _ = validator.run()
    except re.error:
        # pySHACL puts names into messages as replacement patterns, in which a backslash is a command.
        raise TurtleError(
            "a name in the data has a backslash, which no message can quote; take it out"
        ) from None
    if not isinstance(report, Graph):
        raise report
    return in_order(
        _finding(report, result, data.impl) for result in report.subjects(SH.resultSeverity, None)
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
        focus=name_of(store, focus),
        message=message,
        value=None if value is None else shorten(name_of(store, str(value))),
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


def name_of(store: Store, iri: str) -> str:
    """Return what findings call a node: its first identifier, or its IRI if it has none."""
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
    """Validate RDF files together, with the vocabularies; raise TurtleError if one is not RDF.

    The format follows the file's name: .ttl, .nt, .trig, .nq, .jsonld or .rdf.
    """
    quads = load_ontology(ontology)
    for path in files:
        quads += parse_rdf(path)
    return validate_quads(ontology, quads)
