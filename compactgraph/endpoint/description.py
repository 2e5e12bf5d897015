"""Describes the endpoint for other programs, as one graph in four vocabularies.

- SPARQL 1.1 Service Description (https://www.w3.org/TR/sparql11-service-description/): what it can do
- VoID (https://www.w3.org/TR/void/) and void-ext (http://ldf.fi/void-ext#): what it holds, by class,
  property and datatype, from which editors complete
- SHACL's executables (https://www.w3.org/TR/shacl-af/): the saved questions and their prefixes

Every node has an IRI below the endpoint, so that two descriptions can be compared.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, Triple

from compactgraph.answers.sparql_display import shortened
from compactgraph.build.review import ReviewSummary
from compactgraph.common.identifiers import ReviewIRIs
from compactgraph.common.namespaces import (
    DCTERMS,
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
from compactgraph.common.namespaces import FORMATS as W3C_FORMATS
from compactgraph.endpoint.examples import Example, examples
from compactgraph.endpoint.negotiation import FORMATS
from compactgraph.endpoint.resources import (
    Resource,
    find_resource,
    page_context,
    property_names,
    write_graph,
    write_resource,
)
from compactgraph.serving.published import Served, Serving
from compactgraph.sparql.dataset import Dataset
from compactgraph.sparql.questions import view
from compactgraph.sparql.rows import select
from compactgraph.sparql.running import GRAPHS, TABULAR

TITLE = "Reviews of Compacts, as a graph"

DETAILED = 500_000
"""Above so many statements, no classes and datatypes of objects are counted."""

_TO_NAMESPACE = re.compile(r".*[#/]")
_COUNTS = (VOID + "triples", VOID + "distinctSubjects", VOID + "distinctObjects")

Value = NamedNode | Literal | str | int
Made = TypeVar("Made")

Statistics = Mapping[str, list[tuple[Any, ...]]]
"""A store in numbers: the rows of each view ``endpoint-…``, which says what it counts."""

_COUNTED = ("totals", "graphs", "classes", "properties", "class-properties")
_COUNTED_IF_SMALL = ("object-classes", "datatypes")


def statistics_of(store: Dataset, ontology: Path, *, detailed: int = DETAILED) -> Statistics:
    """Count what a store holds, over all its graphs together; ``detailed`` is :data:`DETAILED`.

    That walks the whole graph: a second for a review or two, a quarter of a minute for a million
    statements.
    """

    def rows(name: str) -> list[tuple[Any, ...]]:
        return select(store, view(ontology, f"endpoint-{name}")).rows

    numbers = {name: rows(name) for name in _COUNTED}
    ((triples, _, _),) = numbers["totals"]
    return {**numbers, **{n: rows(n) if triples <= detailed else [] for n in _COUNTED_IF_SMALL}}


def description(
    base: str, numbers: Statistics, reviews: Sequence[ReviewSummary], asked: Iterable[Example]
) -> list[Triple]:
    """Return the description of the endpoint at the address ``base`` as a graph."""
    graph = _Graph(base)
    _state_service(graph, numbers)
    _state_dataset(graph, numbers, reviews)
    _state_questions(graph, asked)
    return graph.triples


@dataclass
class _Graph:
    """The statements so far. Its nodes are fragments of ``base``."""

    base: str
    triples: list[Triple] = field(default_factory=list)

    def node(self, name: str) -> NamedNode:
        return NamedNode(f"{self.base}#{name}")

    def state(self, subject: NamedNode, stated: Mapping[str, Value | list[str]]) -> None:
        """State the values of some properties: a text is an IRI, a number a literal."""
        for predicate, given in stated.items():
            for value in given if isinstance(given, list) else [given]:
                term = NamedNode(value) if isinstance(value, str) else value
                term = Literal(term) if isinstance(term, int) else term
                self.triples.append(Triple(subject, NamedNode(predicate), term))

    def state_part(
        self, whole: NamedNode, kind: str, iri: str, name: str, stated: Mapping[str, Value]
    ) -> None:
        """State the part of a dataset that has a class, property or datatype: the ``kind``."""
        part = self.node(name)
        self.state(whole, {kind + "Partition": part})
        self.state(part, {RDF + "type": VOID + "Dataset", kind: iri, **stated})


def _state_service(graph: _Graph, numbers: Statistics) -> None:
    service, dataset, default = map(graph.node, ("service", "dataset", "default-graph"))
    graph.state(
        service,
        {
            RDF + "type": SD + "Service",
            SD + "endpoint": graph.base + "sparql",
            SD + "supportedLanguage": SD + "SPARQL11Query",
            SD + "feature": SD + "UnionDefaultGraph",
            SD + "resultFormat": [W3C_FORMATS + FORMATS[name].name for name in (*TABULAR, *GRAPHS)],
            SD + "defaultDataset": dataset,
        },
    )
    graph.state(dataset, {RDF + "type": SD + "Dataset", SD + "defaultGraph": default})
    for name, triples in numbers["graphs"]:
        named = graph.node(f"named/{quote(name, safe='')}")
        inside = graph.node(f"graph/{quote(name, safe='')}")
        graph.state(dataset, {SD + "namedGraph": named})
        graph.state(named, {RDF + "type": SD + "NamedGraph", SD + "name": name, SD + "graph": inside})
        graph.state(inside, {RDF + "type": [SD + "Graph", VOID + "Dataset"], VOID + "triples": triples})
        graph.state(default, {VOID + "subset": inside})


def _state_dataset(graph: _Graph, numbers: Statistics, reviews: Sequence[ReviewSummary]) -> None:
    default = graph.node("default-graph")
    own = [ReviewIRIs(review.identifier).base for review in reviews]
    graph.state(
        default,
        {
            RDF + "type": [SD + "Graph", VOID + "Dataset"],
            DCTERMS + "title": Literal(TITLE, language="en"),
            DCTERMS + "subject": own,
            VOID + "exampleResource": own,
            VOID + "sparqlEndpoint": graph.base + "sparql",
            VOID + "uriSpace": Literal(ID),
            VOID + "vocabulary": _vocabularies(numbers),
            VOID + "classes": len(numbers["classes"]),
            VOID + "properties": len(numbers["properties"]),
            **dict(zip(_COUNTS, numbers["totals"][0], strict=True)),
        },
    )
    for iri, *counts in numbers["properties"]:
        counted = dict(zip(_COUNTS, counts, strict=True))
        graph.state_part(default, VOID + "property", iri, f"property/{_name(iri)}", counted)
    for iri, entities in numbers["classes"]:
        counted = {VOID + "entities": entities}
        graph.state_part(default, VOID + "class", iri, f"class/{_name(iri)}", counted)
    for class_, iri, triples in numbers["class-properties"]:
        counted = {VOID + "triples": triples}
        name = _name_of_property(class_, iri)
        graph.state_part(graph.node(f"class/{_name(class_)}"), VOID + "property", iri, name, counted)
    for vocabulary, kind, rows in (
        (VOID, "class", numbers["object-classes"]),
        (VOID_EXT, "datatype", numbers["datatypes"]),
    ):
        for class_, iri, target, triples in rows:
            whole = _name_of_property(class_, iri)
            name = f"{whole}/{kind}/{_name(target)}"
            counted = {VOID + "triples": triples}
            graph.state_part(graph.node(whole), vocabulary + kind, target, name, counted)


def _name_of_property(class_: str, property_: str) -> str:
    return f"class/{_name(class_)}/property/{_name(property_)}"


def _vocabularies(numbers: Statistics) -> list[str]:
    used = [iri for iri, *_ in (*numbers["classes"], *numbers["properties"])]
    return sorted({match[0] for iri in used if (match := _TO_NAMESPACE.match(iri))})


def _name(iri: str) -> str:
    """Return an IRI as a part of another one: with its prefix, or percent-encoded."""
    short = shortened(iri)
    return short if short != iri else quote(iri, safe="")


def _state_questions(graph: _Graph, asked: Iterable[Example]) -> None:
    prefixes = graph.node("prefixes")
    graph.state(prefixes, {DCTERMS + "title": Literal("The prefixes of this graph", language="en")})
    for prefix, namespace in PREFIXES.items():
        declared = graph.node(f"prefix/{prefix}")
        graph.state(prefixes, {SH + "declare": declared})
        graph.state(
            declared,
            {
                RDF + "type": SH + "PrefixDeclaration",
                SH + "prefix": Literal(prefix),
                SH + "namespace": Literal(namespace, datatype=NamedNode(XSD + "anyURI")),
            },
        )
    for example in asked:
        question = example.question
        graph.state(
            graph.node(f"question/{question.name}"),
            {
                RDF + "type": [SH + "SPARQLExecutable", SH + "SPARQLSelectExecutable"],
                DCTERMS + "identifier": Literal(question.name),
                DCTERMS + "description": Literal(f"A row: {question.row}", language="en"),
                RDFS + "label": Literal(question.question, language="en"),
                RDFS + "comment": Literal(question.question, language="en"),
                SCHEMA + "keywords": Literal(question.asks),
                SCHEMA + "target": graph.base + "sparql",
                SH + "prefixes": prefixes,
                SH + "select": Literal(example.sparql),
            },
        )


class Kept(Generic[Made]):
    """A value that is made once for each build, by the first thread that asks; the others wait."""

    def __init__(self, make: Callable[[Served], Made]) -> None:
        """Set what makes the value."""
        self._make = make
        self._lock = threading.Lock()
        self._made: tuple[str, Made] | None = None

    def of(self, served: Served) -> Made:
        """Return the value for a build; raise what making it raises, and try again the next time."""
        made = self._made
        if made is not None and made[0] == served.generation:
            return made[1]
        with self._lock:
            if self._made is None or self._made[0] != served.generation:
                self._made = served.generation, self._make(served)
            return self._made[1]


class Describing:
    """Reads the published store. Its methods raise StoreError or ServiceError if they cannot."""

    def __init__(self, serving: Serving) -> None:
        """Set what serves the store. Reads nothing yet."""
        self._serving = serving
        self._ontology = serving.ontology
        self._statistics = Kept(lambda served: statistics_of(served.store, self._ontology))
        self._examples = Kept(lambda served: examples(served.store, self._ontology))
        self._labels = Kept(lambda served: property_names(served.store, self._ontology))

    def examples(self) -> tuple[Served, tuple[Example, ...]]:
        """Return the published build, and the saved questions with examples from it."""
        served = self._serving.current()
        return served, self._examples.of(served)

    def described(self, base: str, format_: str) -> bytes:
        """Return the endpoint's description, for the address ``base``, in a format of graphs."""
        served, asked = self.examples()
        numbers = self._statistics.of(served)
        return write_graph(description(base, numbers, served.reviews, asked), format_)

    def resource(self, path: str, format_: str) -> tuple[Resource | None, bytes | dict[str, Any]]:
        """Return what the graph says of a path's IRI, and that in a format: for a page, its context.

        Returns None and no bytes if the graph says nothing of it.
        """
        served = self._serving.current()
        found = find_resource(served.store, self._ontology, path)
        if found is None:
            return None, b""
        if format_ == "html":
            return found, page_context(found, path, self._labels.of(served))
        return found, write_resource(found, self._ontology, format_)
