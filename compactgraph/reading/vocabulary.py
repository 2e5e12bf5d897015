"""The vocabularies and references: terms with their cues, outside references with their names.

They are Turtle. A review may add cues in a table, ``cues.csv``.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Store,
    parse,
)

from compactgraph.common.namespaces import (
    CG,
    DCTERMS,
    GENID,
    ONTOLOGY_GRAPH,
    RDF,
    REFERENCES_GRAPH,
    SHARED_REFERENCE,
    SKOS,
    VOCAB,
)
from compactgraph.document.settings import CUES, REFERENCES, ReviewFolder
from compactgraph.errors import FolderError, TurtleError, require_known

CUE_COLUMNS = ["scheme", "term", "cue"]


@dataclass
class Term:
    """A concept of a scheme: its notation, and the phrases that point to it."""

    iri: str
    notation: str
    cues: list[str] = field(default_factory=list)
    threshold: float | None = None


@dataclass
class Scheme:
    """A concept scheme; ``at_clause_head`` says where its cues count."""

    name: str
    at_clause_head: bool
    connectives: tuple[str, ...]
    terms: dict[str, Term]

    def term(self, notation: str) -> Term:
        """Return the term ``notation``; raise UnknownNameError if it is unknown."""
        require_known(self.name, notation, self.terms)
        return self.terms[notation]


@dataclass(frozen=True)
class Reference:
    """A document, body or practice that texts name; ``names`` has the label first."""

    iri: str
    identifier: str
    names: tuple[str, ...]


@dataclass
class Vocabulary:
    """The schemes by name, the references by identifier, their quads, and the review's ``own`` quads."""

    schemes: dict[str, Scheme]
    references: dict[str, Reference]
    quads: list[Quad]
    own: list[Quad]

    def term_iri(self, scheme: str, notation: str) -> str:
        """Return a term's IRI; raise UnknownNameError for an unknown scheme or term."""
        require_known("scheme", scheme, self.schemes)
        return self.schemes[scheme].term(notation).iri

    def reference(self, identifier: str) -> Reference:
        """Return a reference; raise UnknownNameError if it is unknown."""
        require_known("reference", identifier, self.references)
        return self.references[identifier]


def parse_turtle(path: Path, graph: str) -> list[Quad]:
    """Return the quads of a Turtle file, in ``graph``; raise TurtleError if it cannot be read."""
    dataset = Dataset(_parsed(path, RdfFormat.TURTLE))
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    prefix = f"{GENID}{path.stem}-"
    return [
        Quad(_named(q.subject, prefix), q.predicate, _named(q.object, prefix), NamedNode(graph))
        for q in dataset
    ]


def _named(term: Any, prefix: str) -> Any:
    """Give a blank node an IRI, the same in each build."""
    return NamedNode(prefix + term.value) if isinstance(term, BlankNode) else term


_SUFFIXES = {
    ".ttl": RdfFormat.TURTLE,
    ".nt": RdfFormat.N_TRIPLES,
    ".trig": RdfFormat.TRIG,
    ".nq": RdfFormat.N_QUADS,
    ".jsonld": RdfFormat.JSON_LD,
    ".rdf": RdfFormat.RDF_XML,
}


def parse_rdf(path: Path) -> list[Quad]:
    """Return the quads of an RDF file, its format known by its name.

    Raises TurtleError if the file cannot be read, or its format is unknown.
    """
    format_ = _SUFFIXES.get(path.suffix.lower())
    if format_ is None:
        raise TurtleError(f"{path}: no RDF file by its name; use {', '.join(_SUFFIXES)}")
    return _parsed(path, format_)


def _parsed(path: Path, format_: RdfFormat) -> list[Quad]:
    try:
        return list(parse(path.read_bytes(), format=format_))
    except SyntaxError as error:
        place = f", line {error.lineno}" if error.lineno else ""
        raise TurtleError(f"{path}{place}: {error.msg}; mend the file there") from None
    except OSError as error:
        raise TurtleError(f"{path}: cannot be read ({error.strerror}); restore the file") from None


def load_ontology(ontology: Path) -> list[Quad]:
    """Return the quads of the ontology and its vocabularies."""
    files = sorted(ontology.glob("*.ttl")) + sorted((ontology / "vocab").glob("*.ttl"))
    return [quad for path in files for quad in parse_turtle(path, ONTOLOGY_GRAPH)]


def load_shared_references(data: Path) -> list[Quad]:
    """Return the quads of the references that all reviews share."""
    return _references_in(data, REFERENCES_GRAPH)


def _references_in(folder: Path, graph: str) -> list[Quad]:
    path = folder / REFERENCES
    return parse_turtle(path, graph) if path.exists() else []


def build_vocabulary(folder: ReviewFolder, shared: Iterable[Quad]) -> Vocabulary:
    """Return the vocabulary for a review: ``shared`` quads, and the review's own references and cues.

    Raises FolderError if two references have one identifier.
    """
    own = _references_in(folder.path, folder.iris.graph("references"))
    quads = [*shared, *own]
    store = Store()
    store.extend(quads)
    schemes = _schemes(store)
    for scheme, term, cue in _own_cues(folder):
        require_known("scheme", scheme, schemes)
        schemes[scheme].term(term).cues.append(cue)
    return Vocabulary(schemes, _references(store, folder), quads, own)


def _values(store: Store, subject: NamedNode, predicate: str) -> list[str]:
    found = store.quads_for_pattern(subject, NamedNode(predicate), None, None)
    return sorted(q.object.value for q in found if isinstance(q.object, Literal | NamedNode))


def _subjects(store: Store, predicate: str, value: NamedNode) -> list[NamedNode]:
    found = store.quads_for_pattern(None, NamedNode(predicate), value, None)
    nodes = {q.subject for q in found if isinstance(q.subject, NamedNode)}
    return sorted(nodes, key=lambda node: node.value)


def _schemes(store: Store) -> dict[str, Scheme]:
    schemes = {}
    for scheme in _subjects(store, RDF + "type", NamedNode(SKOS + "ConceptScheme")):
        name = scheme.value.removeprefix(VOCAB)
        terms = {}
        for concept in _subjects(store, SKOS + "inScheme", scheme):
            notation = "".join(_values(store, concept, SKOS + "notation")[:1])
            threshold = _values(store, concept, CG + "threshold")
            terms[notation] = Term(
                concept.value,
                notation,
                _values(store, concept, CG + "cue"),
                float(threshold[0]) if threshold else None,
            )
        schemes[name] = Scheme(
            name,
            _values(store, scheme, CG + "cuePosition") == [CG + "ClauseHead"],
            tuple(_values(store, scheme, CG + "connective")),
            terms,
        )
    return schemes


def _references(store: Store, folder: ReviewFolder) -> dict[str, Reference]:
    references: dict[str, Reference] = {}
    own = folder.iris.reference("")
    for node in _subjects(store, RDF + "type", NamedNode(CG + "Reference")):
        identifier = "".join(_values(store, node, DCTERMS + "identifier")[:1])
        labels = _values(store, node, SKOS + "prefLabel")
        iris = (own + identifier, SHARED_REFERENCE + identifier)
        if not (identifier and labels and node.value in iris):
            raise FolderError(
                f"{folder.path / REFERENCES}: <{node.value}> needs a skos:prefLabel, and the last "
                "part of its IRI as dcterms:identifier; mend the reference"
            )
        if identifier in references:
            raise FolderError(
                f"{folder.path / REFERENCES}: '{identifier}' is declared twice, here and among the "
                "shared references; keep one of them"
            )
        names = (*labels, *_values(store, node, SKOS + "altLabel"))
        references[identifier] = Reference(node.value, identifier, names)
    return references


def _own_cues(folder: ReviewFolder) -> Iterator[tuple[str, str, str]]:
    path = folder.path / CUES
    if not path.exists():
        return
    with path.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.DictReader(lines)
        if reader.fieldnames != CUE_COLUMNS:
            raise FolderError(f"{path}: the columns must be {', '.join(CUE_COLUMNS)}")
        for row in reader:
            scheme, term, cue = ((row[c] or "").strip() for c in CUE_COLUMNS)
            if not cue:
                raise FolderError(f"{path}, line {reader.line_num}: the cue is empty; give its words")
            yield scheme, term, cue
