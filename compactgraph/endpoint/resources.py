"""Linked data: describes the thing that an IRI of the graph stands for, below the endpoint.

``https://w3id.org/compactgraph/id/…`` is answered at ``/id/…``, and so are the vocabularies, the
ontology and the named graphs. After "Cool URIs for the Semantic Web" (https://www.w3.org/TR/cooluris/),
without its redirects: the answer names the thing as canonical.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
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
from compactgraph.endpoint.negotiation import FORMATS
from compactgraph.endpoint.pages import root_of
from compactgraph.graph.jsonld import write_jsonld
from compactgraph.sparql.dataset import Dataset, Term
from compactgraph.sparql.questions import view
from compactgraph.sparql.rows import select, text_of
from compactgraph.sparql.running import GRAPHS

ABOUT_LIMIT = 1_000
INCOMING_LIMIT = 200
"""The most statements that are listed about a thing, and that point to it."""

_SUFFIXES = {f".{FORMATS[name].extension}": name for name in (*GRAPHS, "html")}
_NAMES = (SKOS + "prefLabel", RDFS + "label", DCTERMS + "title", DCTERMS + "identifier")


@dataclass(frozen=True)
class Resource:
    """What the graph says ``about`` an IRI, and what is ``incoming`` to it.

    ``names`` are the statements that name what it points to, and ``defined`` those about what it
    defines. ``more`` says which lists were cut.
    """

    iri: str
    about: list[Triple]
    incoming: list[Triple]
    names: list[Triple]
    defined: list[Triple]
    more: str

    @property
    def triples(self) -> list[Triple]:
        """All statements, each once, those about the thing first."""
        return list(dict.fromkeys((*self.about, *self.defined, *self.incoming, *self.names)))


def path_and_format(path: str) -> tuple[str, str | None]:
    """Return a path without the suffix that asks for a format, and that format."""
    for suffix, format_ in _SUFFIXES.items():
        if path.endswith(suffix) and not path.endswith("/" + suffix):
            return path.removesuffix(suffix), format_
    return path, None


def find_resource(store: Dataset, ontology: Path, path: str) -> Resource | None:
    """Return what the graph says of the IRI at a path, or None if it says nothing.

    Of a named graph it says that it is one, and its number of statements.
    """
    try:
        node = NamedNode(ROOT + path.removeprefix("/"))
    except ValueError:
        return None

    def solutions(name: str) -> QuerySolutions:
        found = store.query(
            view(ontology, f"endpoint-{name}"),
            use_default_graph_as_union=True,
            prefixes=PREFIXES,
            substitutions={Variable("thing"): node},
        )
        assert isinstance(found, QuerySolutions)
        return found

    def statements(name: str, *parts: str) -> list[Triple]:
        """Return what a view finds, as statements of three of its columns."""
        found = ([solution[part] for part in parts] for solution in solutions(name))
        return [
            Triple(subject, predicate, object_)
            for subject, predicate, object_ in found
            if isinstance(subject, NamedNode | BlankNode)
        ]

    about = statements("about", "thing", "predicate", "object")
    incoming = statements("pointing", "subject", "predicate", "thing")
    if not about:
        for solution in solutions("graph"):
            stated = ("type", SD + "Graph"), ("type", VOID + "Dataset")
            about = [Triple(node, NamedNode(RDF + name), NamedNode(iri)) for name, iri in stated]
            about.append(Triple(node, NamedNode(VOID + "triples"), solution["triples"]))
    if not about and not incoming:
        return None
    more = []
    if len(about) > ABOUT_LIMIT:
        more.append(f"Only the first {ABOUT_LIMIT:,} statements about it are listed.")
    if len(incoming) > INCOMING_LIMIT:
        more.append(f"More points here than the {INCOMING_LIMIT} that are listed.")
    return Resource(
        node.value,
        about[:ABOUT_LIMIT],
        incoming[:INCOMING_LIMIT],
        statements("names", "object", "naming", "name"),
        statements("defined", "subject", "predicate", "object"),
        " ".join(more),
    )


def write_resource(resource: Resource, ontology: Path, format_: str) -> bytes:
    """Return a description in one of the formats of graphs; JSON-LD includes its context."""
    if format_ != "jsonld":
        return write_graph(resource.triples, format_)
    quads = [Quad(t.subject, t.predicate, t.object, DefaultGraph()) for t in resource.triples]
    return write_jsonld(sorted(quads, key=str), ontology)


def write_graph(triples: Iterable[Triple], format_: str) -> bytes:
    """Return a graph in one of the formats of :data:`compactgraph.sparql.running.GRAPHS`."""
    if format_ == "turtle":
        return turtle(triples)
    prefixes = None if format_ == "jsonld" else DESCRIPTION_PREFIXES
    return serialize(triples, format=GRAPHS[format_], prefixes=prefixes) or b""


def links(resource: Resource, path: str) -> str:
    """Return the Link header of a description at a path."""
    canonical = quote(resource.iri, safe=":/#?&=%~")
    alternates = [
        f'<{file}>; rel="alternate describedby"; type="{media_type}"'
        for _, file, media_type in _files(path)
    ]
    return ", ".join([f'<{canonical}>; rel="canonical"', *alternates])


def _files(path: str) -> Iterator[tuple[str, str, str]]:
    """Yield the label, the name and the media type of each file of a description at a path."""
    file = quote(path.rsplit("/", 1)[-1])
    for format_ in map(FORMATS.__getitem__, GRAPHS):
        yield format_.name.replace("_", "/"), f"{file}.{format_.extension}", format_.media_type


# As a page


def property_names(store: Dataset, ontology: Path) -> dict[str, str]:
    """Return the labels of what the ontology defines, by IRI."""
    rows = select(store, view(ontology, "endpoint-property-names")).rows
    return {text_of(iri): text_of(label) for iri, label in rows}


def page_context(resource: Resource, path: str, property_labels: dict[str, str]) -> dict[str, Any]:
    """Return what the page of a resource shows; its links stay below the endpoint if they can."""
    writing = _PageWriting(root_of(path), property_labels, _best_names(resource))
    own = {t.predicate.value: text_of(_plain(t.object)) for t in reversed(resource.about)}
    return {
        "title": next((own[name] for name in _NAMES if name in own), shortened(resource.iri)),
        "iri": resource.iri,
        "about": writing.groups((t.predicate, t.object) for t in resource.about),
        "incoming": writing.groups((t.predicate, t.subject) for t in resource.incoming),
        "incoming_bound": resource.more,
        "formats": [(label, f"./{file}", media_type) for label, file, media_type in _files(path)],
    }


def _best_names(resource: Resource) -> dict[str, str]:
    """Return the name of each thing that has one: its label before its identifier."""
    found = sorted(resource.names, key=lambda t: _NAMES.index(t.predicate.value), reverse=True)
    return {t.subject.value: _plain(t.object) for t in found if isinstance(t.subject, NamedNode)}


def _plain(term: Term) -> str:
    return term.value if isinstance(term, NamedNode | Literal) else str(term)


_Value = tuple[str, str | None, str | None]


@dataclass(frozen=True)
class _PageWriting:
    root: str
    property_labels: dict[str, str]
    names: dict[str, str]

    def groups(
        self, statements: Iterable[tuple[NamedNode, Term]]
    ) -> list[tuple[str, str | None, list[_Value]]]:
        """Return statements by their predicate, each value with its link and language."""
        ordered = sorted(statements, key=lambda statement: statement[0].value)
        return [
            (
                self.property_labels.get(predicate.value, shortened(predicate.value)),
                self._href(predicate.value),
                [self._value(term) for _, term in same],
            )
            for predicate, same in groupby(ordered, key=lambda statement: statement[0])
        ]

    def _value(self, term: Term) -> _Value:
        if isinstance(term, NamedNode):
            return self.names.get(term.value, _short(term.value)), self._href(term.value), None
        return _plain(term), None, term.language if isinstance(term, Literal) else None

    def _href(self, iri: str) -> str | None:
        """Return where an IRI leads: below the endpoint, elsewhere on the web, or nowhere."""
        if iri.startswith(ROOT) and iri != ROOT:
            return self.root + iri.removeprefix(ROOT)
        return iri if iri.lower().startswith(("http://", "https://")) else None


def _short(iri: str) -> str:
    short = shortened(iri)
    return iri.removeprefix(ROOT + "id/") if short == iri else short
