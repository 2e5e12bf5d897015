"""Linked data: the IRIs of the graph, answered below the endpoint with what the graph says of each.

``https://w3id.org/compactgraph/id/…`` is answered at ``/id/…``, and so are the vocabularies, the
ontology and the named graphs. A description has what is said of the thing, the names of what that points
to, and what points to it, up to a bound that is stated. After "Cool URIs for the Semantic Web"
(https://www.w3.org/TR/cooluris/), without its redirects: the answer names the thing as canonical.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import StringIO
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import quote

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QuerySolutions,
    Triple,
    Variable,
    serialize,
)

from compactgraph.answers.export import turtle
from compactgraph.answers.sparql_display import shortened
from compactgraph.common.namespaces import (
    DCTERMS,
    DESCRIPTION_PREFIXES,
    PREFIXES,
    RDF,
    RDFS,
    ROOT,
    SD,
    SKOS,
    VOID,
)
from compactgraph.endpoint.negotiation import EXTENSIONS, TYPES
from compactgraph.endpoint.pages import root_of
from compactgraph.graph.jsonld import load_context, write_jsonld
from compactgraph.sparql.dataset import Dataset, Term
from compactgraph.sparql.questions import view
from compactgraph.sparql.rows import select, text_of
from compactgraph.sparql.running import GRAPHS

ABOUT_LIMIT = 1_000
INCOMING_LIMIT = 200
"""How much is said of a thing, and how much that points to it, in statements."""

SUFFIXES = {f".{EXTENSIONS[name]}": name for name in (*GRAPHS, "html")}
"""How a path may end, and the format that it then asks for."""

_LABELS = {"turtle": "Turtle", "ntriples": "N-Triples", "rdfxml": "RDF/XML", "jsonld": "JSON-LD"}
_NAMES = (SKOS + "prefLabel", RDFS + "label", DCTERMS + "title", DCTERMS + "identifier")
_OPENED = ("http://", "https://")


@dataclass(frozen=True)
class Resource:
    """What the graph says of ``iri``: ``about`` it and ``incoming`` to it, ``more`` where it was cut.

    ``names`` are the statements that name what it points to, and ``defined`` those about what it
    defines.
    """

    iri: str
    about: tuple[Triple, ...]
    incoming: tuple[Triple, ...]
    more: str
    names: tuple[Triple, ...]
    defined: tuple[Triple, ...]

    @property
    def triples(self) -> list[Triple]:
        """All statements, each once, those about the thing first."""
        return list(dict.fromkeys((*self.about, *self.defined, *self.incoming, *self.names)))


def path_and_format(path: str) -> tuple[str, str | None]:
    """Return a path without the suffix that asks for a format, and that format."""
    for suffix, format_ in SUFFIXES.items():
        if path.endswith(suffix) and not path.endswith("/" + suffix):
            return path.removesuffix(suffix), format_
    return path, None


def find_resource(store: Dataset, ontology: Path, path: str) -> Resource | None:
    """Return what the graph says of the IRI at a path, None where it says nothing.

    A named graph is said to be one, with its number of statements.
    """
    try:
        node = NamedNode(ROOT + path.removeprefix("/"))
    except ValueError:
        return None
    about = _statements(store, ontology, "about", node, ("thing", "predicate", "object"))
    incoming = _statements(store, ontology, "pointing", node, ("subject", "predicate", "thing"))
    if not about and (size := _size_of_graph(store, ontology, node)):
        about = [
            Triple(node, NamedNode(RDF + "type"), NamedNode(SD + "Graph")),
            Triple(node, NamedNode(RDF + "type"), NamedNode(VOID + "Dataset")),
            Triple(node, NamedNode(VOID + "triples"), Literal(size)),
        ]
    if not about and not incoming:
        return None
    names = _statements(store, ontology, "names", node, ("object", "naming", "name"))
    defined = _statements(store, ontology, "defined", node, ("subject", "predicate", "object"))
    return Resource(
        node.value,
        tuple(about[:ABOUT_LIMIT]),
        tuple(incoming[:INCOMING_LIMIT]),
        _said_of_the_rest(len(about), len(incoming)),
        tuple(names),
        tuple(defined),
    )


def _said_of_the_rest(about: int, incoming: int) -> str:
    sentences = []
    if about > ABOUT_LIMIT:
        sentences.append(f"Only the first {ABOUT_LIMIT:,} statements about it are listed.")
    if incoming > INCOMING_LIMIT:
        sentences.append(f"More points here than the {INCOMING_LIMIT} that are listed.")
    return " ".join(sentences)


def _statements(
    store: Dataset, ontology: Path, name: str, node: NamedNode, parts: tuple[str, str, str]
) -> list[Triple]:
    """Return what a view finds for a thing, as statements of three of its columns."""
    made = []
    for solution in _solutions(store, ontology, name, node):
        subject, predicate, object_ = (solution[part] for part in parts)
        if isinstance(subject, NamedNode | BlankNode) and isinstance(predicate, NamedNode):
            made.append(Triple(subject, predicate, object_))
    return made


def _solutions(store: Dataset, ontology: Path, name: str, node: NamedNode) -> QuerySolutions:
    found = store.query(
        view(ontology, f"endpoint-{name}"),
        use_default_graph_as_union=True,
        prefixes=PREFIXES,
        substitutions={Variable("thing"): node},
    )
    assert isinstance(found, QuerySolutions)
    return found


def _size_of_graph(store: Dataset, ontology: Path, node: NamedNode) -> int:
    for solution in _solutions(store, ontology, "graph", node):
        return int(solution["triples"].value)
    return 0


def write_resource(resource: Resource, ontology: Path, format_: str) -> bytes:
    """Return a description in one of the formats of graphs; JSON-LD has the context within it."""
    if format_ != "jsonld":
        return write_graph(resource.triples, format_)
    quads = [Quad(t.subject, t.predicate, t.object, DefaultGraph()) for t in resource.triples]
    written = StringIO()
    write_jsonld(sorted(quads, key=str), load_context(ontology), written)
    return written.getvalue().encode()


def links(resource: Resource, path: str) -> str:
    """Return the Link header of a description at a path."""
    file = quote(path.rsplit("/", 1)[-1])
    alternates = [
        f'<{file}.{EXTENSIONS[format_]}>; rel="alternate describedby"; '
        f'type="{TYPES[format_].partition(";")[0]}"'
        for format_ in GRAPHS
    ]
    canonical = quote(resource.iri, safe=":/#?&=%~")
    return ", ".join([f'<{canonical}>; rel="canonical"', *alternates])


# As a page


def property_names(store: Dataset, ontology: Path) -> dict[str, str]:
    """Return the labels of what the ontology defines, by IRI."""
    rows = select(store, view(ontology, "endpoint-property-names")).rows
    return {text_of(iri): text_of(label) for iri, label in rows}


def page_context(resource: Resource, path: str, property_labels: dict[str, str]) -> dict[str, Any]:
    """Return what the page of a resource shows; its links stay below the endpoint where they can."""
    writing = _PageWriting(root_of(path), property_labels, _best_names(resource))
    file = quote(path.rsplit("/", 1)[-1])
    own = {t.predicate.value: text_of(_plain(t.object)) for t in reversed(resource.about)}
    return {
        "title": next((own[name] for name in _NAMES if name in own), shortened(resource.iri)),
        "iri": resource.iri,
        "canonical": resource.iri,
        "about": writing.groups((t.predicate, t.object) for t in resource.about),
        "incoming": writing.groups((t.predicate, t.subject) for t in resource.incoming),
        "incoming_bound": resource.more,
        "formats": [
            (_LABELS[name], f"./{file}.{EXTENSIONS[name]}", TYPES[name].partition(";")[0])
            for name in GRAPHS
        ],
    }


def _best_names(resource: Resource) -> dict[str, str]:
    """Return the name of each thing that has one: its label before its identifier."""
    ranked = {name: rank for rank, name in enumerate(_NAMES)}
    found = sorted(resource.names, key=lambda t: ranked[t.predicate.value], reverse=True)
    return {t.subject.value: _plain(t.object) for t in found if isinstance(t.subject, NamedNode)}


def _plain(term: Term) -> str:
    return term.value if isinstance(term, NamedNode | Literal) else str(term)


@dataclass(frozen=True)
class _PageWriting:
    root: str
    property_labels: dict[str, str]
    names: dict[str, str]

    def groups(
        self, statements: Iterable[tuple[NamedNode, Term]]
    ) -> list[tuple[str, str | None, list[tuple[str, str | None, str | None]]]]:
        """Return statements by their predicate, each value with its link and language."""
        ordered = sorted(statements, key=lambda statement: statement[0].value)
        return [
            (
                self.property_labels.get(predicate.value, shortened(predicate.value)),
                self.href(predicate.value),
                list(self._values(term for _, term in same)),
            )
            for predicate, same in groupby(ordered, key=lambda statement: statement[0])
        ]

    def _values(self, terms: Iterable[Term]) -> Iterator[tuple[str, str | None, str | None]]:
        for term in terms:
            if isinstance(term, NamedNode):
                yield self.names.get(term.value, _short(term.value)), self.href(term.value), None
            elif isinstance(term, Literal):
                yield term.value, None, term.language
            else:
                yield str(term), None, None

    def href(self, iri: str) -> str | None:
        """Return where an IRI leads: below the endpoint, elsewhere on the web, or nowhere."""
        if iri.startswith(ROOT) and iri != ROOT:
            return self.root + iri.removeprefix(ROOT)
        return iri if iri.lower().startswith(_OPENED) else None


def _short(iri: str) -> str:
    short = shortened(iri)
    return iri.removeprefix(ROOT + "id/") if short == iri else short


def write_graph(triples: Iterable[Triple], format_: str) -> bytes:
    """Return a graph in one of the formats of :data:`compactgraph.sparql.running.GRAPHS`."""
    if format_ == "turtle":
        return turtle(triples)
    prefixes = None if format_ == "jsonld" else DESCRIPTION_PREFIXES
    return serialize(triples, format=GRAPHS[format_], prefixes=prefixes) or b""
