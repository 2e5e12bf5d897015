"""What the endpoint says of itself, for other programs: one graph in four vocabularies.

SPARQL 1.1 Service Description (https://www.w3.org/TR/sparql11-service-description/) says what it can
do; VoID (https://www.w3.org/TR/void/) what is in it, with the partitions by class and property that
editors complete from, and void-ext (http://ldf.fi/void-ext#) the datatypes; SHACL's executables
(https://www.w3.org/TR/shacl-af/) hold the saved questions, with the prefixes that they may use. Every
node has an IRI below the endpoint, so that two readings of it can be compared.

The queries for it cost little, or run once for each build. They run in threads, so that the server
answers others meanwhile.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, Triple

from compactgraph.answers.sparql_display import shortened
from compactgraph.build.review import ReviewSummary
from compactgraph.common.identifiers import ReviewIRIs
from compactgraph.common.namespaces import (
    DCTERMS,
    FORMATS,
    ID,
    PREFIXES,
    RDF,
    RDFS,
    SCHEMA,
    SD,
    SH,
    VOID,
    VOID_EXT,
    XSD,
)
from compactgraph.endpoint.examples import Example, examples
from compactgraph.endpoint.middleware import Places
from compactgraph.endpoint.resources import (
    Resource,
    find_resource,
    page_context,
    property_names,
    write_graph,
    write_resource,
)
from compactgraph.endpoint.statistics import ClassPartition, Kept, Statistics, statistics_of
from compactgraph.serving.published import Served, Serving

TITLE = "Reviews of Compacts, as a graph"
_RESULT_FORMATS = (
    "SPARQL_Results_JSON",
    "SPARQL_Results_XML",
    "SPARQL_Results_CSV",
    "SPARQL_Results_TSV",
    "Turtle",
    "N-Triples",
    "RDF_XML",
    "JSON-LD",
)
_TO_NAMESPACE = re.compile(r".*[#/]")


@dataclass(frozen=True)
class Described:
    """The endpoint's address, what it holds in numbers, its reviews and its saved questions."""

    base: str
    statistics: Statistics
    reviews: Sequence[ReviewSummary]
    examples: Sequence[Example]


@dataclass
class _Writing:
    """The statements so far; names below ``base`` are minted as its fragments."""

    base: str
    triples: list[Triple] = field(default_factory=list)

    def node(self, name: str) -> NamedNode:
        return NamedNode(f"{self.base}#{name}")

    def say(self, subject: NamedNode, predicate: str, *values: NamedNode | Literal | str) -> None:
        """State the values of a property; a plain text is an IRI."""
        for value in values:
            term = NamedNode(value) if isinstance(value, str) else value
            self.triples.append(Triple(subject, NamedNode(predicate), term))


def description(described: Described) -> list[Triple]:
    """Return the endpoint's description as a graph."""
    writing = _Writing(described.base)
    _service(writing, described)
    _dataset(writing, described)
    _questions(writing, described.examples)
    return writing.triples


def _service(writing: _Writing, described: Described) -> None:
    service, dataset, default = map(writing.node, ("service", "dataset", "default-graph"))
    endpoint = NamedNode(described.base + "sparql")
    writing.say(service, RDF + "type", SD + "Service")
    writing.say(service, SD + "endpoint", endpoint)
    writing.say(service, SD + "supportedLanguage", SD + "SPARQL11Query")
    writing.say(service, SD + "feature", SD + "UnionDefaultGraph")
    writing.say(service, SD + "resultFormat", *(FORMATS + name for name in _RESULT_FORMATS))
    writing.say(service, SD + "defaultDataset", dataset)
    writing.say(dataset, RDF + "type", SD + "Dataset")
    writing.say(dataset, SD + "defaultGraph", default)
    for graph, triples in described.statistics.graphs:
        named = writing.node(f"named/{quote(graph, safe='')}")
        inside = writing.node(f"graph/{quote(graph, safe='')}")
        writing.say(dataset, SD + "namedGraph", named)
        writing.say(named, RDF + "type", SD + "NamedGraph")
        writing.say(named, SD + "name", graph)
        writing.say(named, SD + "graph", inside)
        writing.say(inside, RDF + "type", SD + "Graph", VOID + "Dataset")
        writing.say(inside, VOID + "triples", Literal(triples))
        writing.say(default, VOID + "subset", inside)


def _dataset(writing: _Writing, described: Described) -> None:
    numbers, graph = described.statistics, writing.node("default-graph")
    writing.say(graph, RDF + "type", SD + "Graph", VOID + "Dataset")
    writing.say(graph, DCTERMS + "title", Literal(TITLE, language="en"))
    writing.say(graph, VOID + "sparqlEndpoint", described.base + "sparql")
    writing.say(graph, VOID + "uriSpace", Literal(ID))
    writing.say(graph, VOID + "vocabulary", *_vocabularies(numbers))
    writing.say(graph, VOID + "triples", Literal(numbers.triples))
    writing.say(graph, VOID + "distinctSubjects", Literal(numbers.subjects))
    writing.say(graph, VOID + "distinctObjects", Literal(numbers.objects))
    writing.say(graph, VOID + "classes", Literal(len(numbers.classes)))
    writing.say(graph, VOID + "properties", Literal(len(numbers.properties)))
    for review in described.reviews:
        own = ReviewIRIs(review.identifier).base
        writing.say(graph, VOID + "exampleResource", own)
        writing.say(graph, DCTERMS + "subject", own)
    for partition in numbers.properties:
        node = _property(writing, graph, "", partition.property, partition.triples)
        writing.say(node, VOID + "distinctSubjects", Literal(partition.subjects))
        writing.say(node, VOID + "distinctObjects", Literal(partition.objects))
    for class_ in numbers.classes:
        _class(writing, graph, class_)


def _vocabularies(numbers: Statistics) -> list[str]:
    used = [c.name for c in numbers.classes] + [p.property for p in numbers.properties]
    return sorted({match[0] for iri in used if (match := _TO_NAMESPACE.match(iri))})


def _name(iri: str) -> str:
    """Return an IRI as it stands in a minted one: with its prefix, where it has one."""
    short = shortened(iri)
    return short if short != iri else quote(iri, safe="")


def _property(
    writing: _Writing, whole: NamedNode, within: str, property_: str, triples: int
) -> NamedNode:
    node = writing.node(f"{within}property/{_name(property_)}")
    writing.say(whole, VOID + "propertyPartition", node)
    writing.say(node, RDF + "type", VOID + "Dataset")
    writing.say(node, VOID + "property", property_)
    writing.say(node, VOID + "triples", Literal(triples))
    return node


def _class(writing: _Writing, whole: NamedNode, class_: ClassPartition) -> None:
    name = f"class/{_name(class_.name)}"
    node = writing.node(name)
    writing.say(whole, VOID + "classPartition", node)
    writing.say(node, RDF + "type", VOID + "Dataset")
    writing.say(node, VOID + "class", class_.name)
    writing.say(node, VOID + "entities", Literal(class_.entities))
    parts = {
        property_: _property(writing, node, f"{name}/", property_, triples)
        for property_, triples in class_.properties
    }
    for ties, word, kind in (
        (class_.classes, VOID, "class"),
        (class_.datatypes, VOID_EXT, "datatype"),
    ):
        for tie in ties:
            part = parts[tie.property]
            target = NamedNode(f"{part.value}/{kind}/{_name(tie.target)}")
            writing.say(part, f"{word}{kind}Partition", target)
            writing.say(target, RDF + "type", VOID + "Dataset")
            writing.say(target, word + kind, tie.target)
            writing.say(target, VOID + "triples", Literal(tie.triples))


def _questions(writing: _Writing, examples: Iterable[Example]) -> None:
    prefixes = writing.node("prefixes")
    writing.say(prefixes, DCTERMS + "title", Literal("The prefixes of this graph", language="en"))
    for prefix, namespace in PREFIXES.items():
        declared = writing.node(f"prefix/{prefix}")
        writing.say(prefixes, SH + "declare", declared)
        writing.say(declared, RDF + "type", SH + "PrefixDeclaration")
        writing.say(declared, SH + "prefix", Literal(prefix))
        writing.say(declared, SH + "namespace", Literal(namespace, datatype=NamedNode(XSD + "anyURI")))
    endpoint = writing.base + "sparql"
    for example in examples:
        question = example.question
        node = writing.node(f"question/{question.name}")
        writing.say(node, RDF + "type", SH + "SPARQLExecutable", SH + "SPARQLSelectExecutable")
        writing.say(node, DCTERMS + "identifier", Literal(question.name))
        writing.say(node, RDFS + "label", Literal(question.question, language="en"))
        writing.say(node, RDFS + "comment", Literal(question.question, language="en"))
        writing.say(node, DCTERMS + "description", Literal(f"A row: {question.row}", language="en"))
        writing.say(node, SCHEMA + "keywords", Literal(question.asks))
        writing.say(node, SCHEMA + "target", endpoint)
        writing.say(node, SH + "prefixes", prefixes)
        writing.say(node, SH + "select", Literal(example.sparql))


_LOOKING = 4


class Describing:
    """Reads what is published. Raises StoreError or ServiceError if nothing can be read."""

    def __init__(self, serving: Serving, places: Places) -> None:
        """Set what is read, and how much of it at once. Reads nothing yet."""
        self._serving = serving
        self._ontology = serving.ontology
        self._places = places
        self._looking = Places(_LOOKING)
        self._statistics: Kept[Statistics] = Kept(
            lambda served: statistics_of(served.store, self._ontology)
        )
        self._examples: Kept[tuple[Example, ...]] = Kept(
            lambda served: examples(served.store, self._ontology)
        )
        self._labels: Kept[dict[str, str]] = Kept(
            lambda served: property_names(served.store, self._ontology)
        )

    async def served(self) -> Served:
        """Return the build that is published."""
        return await self._looking.run(self._serving.current)

    async def examples(self) -> tuple[Served, tuple[Example, ...]]:
        """Return the build that is published, and the saved questions with examples from it."""

        def work() -> tuple[Served, tuple[Example, ...]]:
            served = self._serving.current()
            return served, self._examples.of(served)

        with self._places.taken():
            return await self._places.run(work)

    async def described(self, base: str, format_: str) -> bytes:
        """Return the endpoint's description, for the address ``base``, in a format of graphs."""

        def work() -> bytes:
            served = self._serving.current()
            numbers, asked = self._statistics.of(served), self._examples.of(served)
            return write_graph(description(Described(base, numbers, served.reviews, asked)), format_)

        with self._places.taken():
            return await self._places.run(work)

    async def resource(self, path: str, format_: str) -> tuple[Resource | None, bytes | dict[str, Any]]:
        """Return what the graph says of a path's IRI, and that written: for a page, its context.

        It is None, and empty, if the graph says nothing of it.
        """
        with self._places.taken():
            return await self._places.run(partial(self._resource, path, format_))

    def _resource(self, path: str, format_: str) -> tuple[Resource | None, bytes | dict[str, Any]]:
        served = self._serving.current()
        found = find_resource(served.store, self._ontology, path)
        if found is None:
            return None, b""
        if format_ == "html":
            return found, page_context(found, path, self._labels.of(served))
        return found, write_resource(found, self._ontology, format_)
