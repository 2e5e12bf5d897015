"""What the graph says of a review before anything was decided, as decisions need it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode, Quad

from compactgraph.common.identifiers import ReviewIRIs
from compactgraph.common.namespaces import (
    CG,
    DCTERMS,
    ONTOLOGY_GRAPH,
    RDF,
    REFERENCES_GRAPH,
    SKOS,
    VOCAB,
)
from compactgraph.decisions.effects import Move
from compactgraph.decisions.statements import Names
from compactgraph.sparql.dataset import Dataset


@dataclass(frozen=True)
class Read:
    """What the graph says of a review before anything was decided, by identifiers.

    ``texts`` has the fingerprint of each text, by the text's identifier, and ``words`` its words;
    ``readings`` has for each reading by name its IRI, its text's identifier and the fingerprint that it
    was made on: a name is what the reading says of the text, and not where, so that it stays when other
    words move. ``references`` has their IRIs by identifier; ``reasons`` are the terms of that scheme;
    ``leads_to`` has the relations to which each disposition may lead.
    """

    iris: ReviewIRIs
    language: str
    successor: str
    provisions: Mapping[str, str]
    moves: Mapping[str, Move]
    dispositions: Mapping[str, tuple[str, ...]]
    texts: Mapping[str, str]
    readings: Mapping[str, tuple[str, str, str]]
    reasons: frozenset[str]
    references: Mapping[str, str]
    leads_to: Mapping[str, frozenset[str]]
    commitments: frozenset[str] = frozenset()
    texts_of: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)

    def identifier_of(self, iri: str) -> str:
        """Return the identifier of the reference with an IRI, empty if none has it."""
        return next((name for name, each in self.references.items() if each == iri), "")

    def prints_of(self, provision: str) -> dict[str, str]:
        """Return the fingerprint of each text of a provision: its own, and what is said of it."""
        return {text: self.texts[text] for text in self.texts_of.get(provision, ())}


def quads_of_review(store: Dataset, review: str) -> tuple[list[Quad], list[Quad]]:
    """Return of a built review the quads of the vocabularies and references, and those of its reading.

    The second are those of its source and reading graphs.
    """
    iris = ReviewIRIs(review)
    known = _held(store, ONTOLOGY_GRAPH, REFERENCES_GRAPH, iris.graph("references"))
    return known, _held(store, iris.graph("source"), iris.graph("reading"))


def registered_quads(store: Dataset, review: str) -> list[Quad]:
    """Return of a built review the quads that change with its register."""
    return _held(store, *ReviewIRIs(review).registered)


def _held(store: Dataset, *graphs: str) -> list[Quad]:
    return [
        quad for graph in graphs for quad in store.quads_for_pattern(None, None, None, NamedNode(graph))
    ]


def read(review: str, known: Iterable[Quad], stated: Iterable[Quad]) -> Read:
    """Return what the quads of a review's source and reading graphs say.

    ``known`` are the quads of the vocabularies and references.
    """
    return _Reader(ReviewIRIs(review), known, stated).read()


def names_in(found: Read) -> Names:
    """Return the IRIs of what entries on a review name."""
    readings = {name: iri for name, (iri, _, _) in found.readings.items()}
    return Names(found.iris, found.references, readings)


class _Reader:
    def __init__(self, iris: ReviewIRIs, known: Iterable[Quad], stated: Iterable[Quad]) -> None:
        self._iris = iris
        self._values: dict[tuple[str, str], list[str]] = {}
        self._typed: dict[str, list[str]] = {}
        self._language = "en"
        for quad in (*known, *stated):
            if isinstance(quad.subject, NamedNode):
                self._take(quad.subject.value, quad.predicate.value, quad.object)

    def _take(self, subject: str, predicate: str, value: object) -> None:
        if isinstance(value, NamedNode):
            self._values.setdefault((subject, predicate), []).append(value.value)
            if predicate == RDF + "type":
                self._typed.setdefault(value.value, []).append(subject)
        elif isinstance(value, Literal):
            self._values.setdefault((subject, predicate), []).append(value.value)
            if (subject, predicate) == (self._iris.base, DCTERMS + "title") and value.language:
                self._language = value.language

    def _one(self, subject: str, name: str) -> str:
        return next(iter(self._values.get((subject, name), [])), "")

    def _named(self, subject: str, name: str) -> str:
        return self._one(self._one(subject, name), DCTERMS + "identifier")

    def read(self) -> Read:
        identifier = DCTERMS + "identifier"
        provisions = {self._one(p, identifier): p for p in self._typed.get(CG + "Provision", [])}
        moves = {}
        for movement in self._typed.get(CG + "Movement", []):
            name = movement.removeprefix(self._iris.movement(""))
            moves[name] = Move(
                name,
                self._named(movement, CG + "from"),
                self._named(movement, CG + "basis"),
                self._one(movement, CG + "relation").removeprefix(VOCAB + "relation/"),
                self._named(movement, CG + "to"),
            )
        texts_of: dict[str, tuple[str, ...]] = {}
        for name, iri in provisions.items():
            said = [
                self._one(text, identifier)
                for predicate in ("hasCommentary", "hasRecommendation")
                for text in self._values.get((iri, CG + predicate), [])
            ]
            texts_of[name] = (name, *sorted(said))
        texts = [name for names in texts_of.values() for name in names]
        return Read(
            iris=self._iris,
            language=self._language,
            successor=self._named(self._iris.base, CG + "successor"),
            provisions=provisions,
            moves={name: moves[name] for name in sorted(moves)},
            dispositions={
                self._one(r, identifier): tuple(
                    d.removeprefix(VOCAB + "disposition/")
                    for d in self._values.get((r, CG + "disposition"), [])
                )
                for r in self._typed.get(CG + "Recommendation", [])
            },
            texts={name: self._one(self._iris.said(name), CG + "fingerprint") for name in texts},
            readings=self._readings(),
            reasons=frozenset(
                self._one(term, SKOS + "notation")
                for term in self._typed.get(SKOS + "Concept", [])
                if self._one(term, SKOS + "inScheme") == VOCAB + "reason"
            ),
            references={self._one(r, identifier): r for r in self._typed.get(CG + "Reference", [])},
            leads_to={
                self._one(term, SKOS + "notation"): frozenset(
                    relation.removeprefix(VOCAB + "relation/")
                    for relation in self._values.get((term, CG + "leadsTo"), [])
                )
                for term in self._typed.get(SKOS + "Concept", [])
                if (term, CG + "leadsTo") in self._values
            },
            commitments=frozenset(
                self._one(p, identifier) for p in self._typed.get(CG + "Commitment", [])
            ),
            texts_of=texts_of,
            words={name: self._one(self._iris.said(name), CG + "text") for name in texts},
        )

    def _readings(self) -> dict[str, tuple[str, str, str]]:
        found = {}
        for reading in self._typed.get(CG + "Reading", []):
            if print_ := self._one(reading, CG + "fingerprint"):
                text = self._one(self._one(reading, CG + "readFrom"), DCTERMS + "identifier")
                name = reading.removeprefix(self._iris.reading("")).rpartition("/")[0]
                found[name] = (reading, text, print_)
        return found
