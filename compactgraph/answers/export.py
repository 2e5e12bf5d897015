"""The graph as a file, in the formats of RDF and for network tools.

A format of triples holds all graphs as one; a format of quads keeps the named graphs. Two exports of
the same graph give the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, serialize

from compactgraph.answers.review_graph import ReviewGraph
from compactgraph.common.atomic_files import legal_xml, replace_file
from compactgraph.common.identifiers import ReviewIRIs
from compactgraph.common.namespaces import (
    CG,
    DCTERMS,
    ID,
    OA,
    PREFIXES,
    PROV,
    RDF,
    RDFS,
    REFERENCES_GRAPH,
    SKOS,
)
from compactgraph.errors import ExportError, require_known, shorten
from compactgraph.sparql.dataset import Dataset
from compactgraph.sparql.questions import bind
from compactgraph.sparql.rows import select, text_of
from compactgraph.store.oxigraph import canonical_nquads

_REVIEWS = "SELECT ?name { ?review a cg:Review ; dcterms:identifier ?name } ORDER BY ?name"
_XML_NAME_AT_END = re.compile(r"[A-Za-z_][\w.-]*$", re.ASCII)
_ROOT = re.compile(rb"<rdf:RDF ([^>]*)>")


FORMATS = ("turtle", "trig", "nquads", "ntriples", "jsonld", "rdfxml", "graphml")
ITEM_FORMATS = ("turtle", "jsonld")

_PARTS = (CG + "hasCommentary", CG + "hasRecommendation", CG + "hasMovement")
_POINTING_TO = (CG + "concerns", CG + "annotates", CG + "decidesOf")
_RESTS_ON = (
    CG + "piece",
    CG + "mark",
    CG + "madeOn",
    CG + "changedFrom",
    OA + "hasTarget",
    OA + "hasSelector",
    PROV + "wasAttributedTo",
)
_NAMING = (RDF + "type", DCTERMS + "identifier", DCTERMS + "title", RDFS + "label", SKOS + "prefLabel")


def export_graph(
    store: Dataset, ontology: Path, format_: str, path: Path, review: str | None = None
) -> None:
    """Write the graph to ``path``, whole or not at all, in one of :data:`FORMATS`.

    With ``review``, only that review's graphs and, of the references that all reviews share, those
    that it names; without, everything in the store, the ontology too. Raises UnknownNameError for an
    unknown format or review, and ExportError if the file cannot be written, or its format has no
    room for something in the graph.
    """
    require_known("format", format_, FORMATS)
    if format_ == "graphml":
        _export_networks(store, ontology, path, review)
        return
    quads = (
        list(store.quads_for_pattern(None, None, None)) if review is None else _quads_of(store, review)
    )
    content = _serialised(quads, format_, ontology)
    with replace_file(path) as beside:
        beside.write_bytes(content)


def item_graph(graph: ReviewGraph, identifier: str, format_: str) -> bytes:
    """Return what the graph says of one provision, in one of :data:`ITEM_FORMATS`.

    That is its own statements and those of its commentary, recommendations, movements, footnotes,
    readings and decisions, with the passages and words that they rest on; of what else they name, such
    as references, people and other provisions, the type, identifier and label. Raises UnknownNameError
    for an unknown format, review or provision.
    """
    require_known("format", format_, ITEM_FORMATS)
    _ = graph.node
    quads = list(_quads_about(graph.store, graph.bind("provision", identifier)))
    return _serialised(quads, format_, graph.ontology)


def _quads_about(store: Dataset, provision: NamedNode) -> Iterator[Quad]:
    """Yield the quads of a provision, its texts and what they rest on, and the names of the rest."""
    own = [provision]
    for predicate in _PARTS:
        for quad in store.quads_for_pattern(provision, NamedNode(predicate), None, None):
            own += [quad.object] if isinstance(quad.object, NamedNode) else []
    pending = own + [
        quad.subject
        for text in own
        for predicate in _POINTING_TO
        for quad in store.quads_for_pattern(None, NamedNode(predicate), text, None)
        if isinstance(quad.subject, NamedNode)
    ]
    told: set[NamedNode] = set()
    named: set[NamedNode] = set()
    while pending:
        node = pending.pop()
        if node in told:
            continue
        told.add(node)
        for quad in store.quads_for_pattern(node, None, None, None):
            yield quad
            if isinstance(quad.object, NamedNode):
                if quad.predicate.value in _RESTS_ON:
                    pending.append(quad.object)
                else:
                    named.add(quad.object)
    for node in named - told:
        if node.value.startswith(ID):
            for predicate in _NAMING:
                yield from store.quads_for_pattern(node, NamedNode(predicate), None, None)


def turtle(statements: Iterable[Quad | Triple]) -> bytes:
    """Return statements, without their graphs, as Turtle with the project's prefixes, in order."""
    return _ordered_prefixes(_serialise(_triples(statements), RdfFormat.TURTLE))


def _export_networks(store: Dataset, ontology: Path, path: Path, review: str | None) -> None:
    from compactgraph.answers.network.network import review_network, write_graphml

    names = [review] if review is not None else [text_of(row[0]) for row in select(store, _REVIEWS).rows]
    write_graphml((review_network(ReviewGraph(store, ontology, name)) for name in names), path)


def _quads_of(store: Dataset, review: str) -> list[Quad]:
    """Return the quads of a review's graphs, and of the shared references that they name."""
    bind(store, "review", review)
    own = [
        quad
        for graph in ReviewIRIs(review).graphs
        for quad in store.quads_for_pattern(None, None, None, NamedNode(graph))
    ]
    shared = NamedNode(REFERENCES_GRAPH)
    named = {quad.object for quad in own if isinstance(quad.object, NamedNode)}
    for node in named:
        own += store.quads_for_pattern(node, None, None, shared)
    return own


def _order(quad: Quad) -> tuple[str, str, bool, str, str]:
    predicate = quad.predicate.value
    return (
        str(quad.graph_name),
        str(quad.subject),
        predicate != RDF + "type",
        predicate,
        str(quad.object),
    )


def _triples(statements: Iterable[Quad | Triple]) -> list[Quad]:
    """Return the statements without their graphs, each once, in order."""
    plain = {Quad(one.subject, one.predicate, one.object) for one in statements}
    return sorted(plain, key=_order)


def _serialised(quads: list[Quad], format_: str, ontology: Path) -> bytes:
    if format_ == "jsonld":
        from compactgraph.graph.jsonld import write_jsonld

        return write_jsonld(sorted(quads, key=_order), ontology)
    return _SERIALISERS[format_](quads)


def _serialise(quads: Iterable[Quad], format_: RdfFormat) -> bytes:
    return serialize(quads, format=format_, prefixes=PREFIXES) or b""


def _rdfxml(quads: list[Quad]) -> bytes:
    """Return RDF/XML; raise ExportError for what XML cannot hold."""
    triples = _triples(quads)
    for triple in triples:
        if _XML_NAME_AT_END.search(triple.predicate.value) is None:
            raise ExportError(f"{triple.predicate} is no name in RDF/XML; export it as turtle")
        if isinstance(triple.object, Literal) and legal_xml(triple.object.value) != triple.object.value:
            raise ExportError(
                f"'{shorten(legal_xml(triple.object.value))}' has a character that XML cannot hold; "
                "export it as turtle"
            )
    written = _serialise(triples, RdfFormat.RDF_XML)
    return _ROOT.sub(
        lambda root: b"<rdf:RDF " + b" ".join(sorted(root[1].split())) + b">", written, count=1
    )


_SERIALISERS: dict[str, Callable[[list[Quad]], bytes]] = {
    "turtle": turtle,
    "trig": lambda quads: _ordered_prefixes(_serialise(sorted(quads, key=_order), RdfFormat.TRIG)),
    "nquads": lambda quads: b"".join(canonical_nquads(quads)),
    # Without their graphs, the lines of quads are those of triples.
    "ntriples": lambda quads: b"".join(canonical_nquads(_triples(quads))),
    "rdfxml": _rdfxml,
}


def _ordered_prefixes(written: bytes) -> bytes:
    """Return Turtle or TriG with its prefixes in order: the serialiser has them in none."""
    lines = written.splitlines(keepends=True)
    count = next((n for n, line in enumerate(lines) if not line.startswith(b"@prefix ")), len(lines))
    return b"".join([*sorted(lines[:count]), *lines[count:]])
