"""What the graph says of a review before anything was decided, as decisions need it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
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
from compactgraph.common.schemes import Disposition, Relation
from compactgraph.decisions.effects import Move
from compactgraph.decisions.statements import Names
from compactgraph.sparql.dataset import Dataset


@dataclass(frozen=True)
class Read:
    """What the graph says of a review before anything was decided, by identifiers.

    ``texts`` has the fingerprint of each text, ``words`` its words. ``readings`` has for each reading by
    name its IRI, its text's identifier and the fingerprint that it was made on. A reading's name is what
    it says of the text, and not where, so it stays when other words move. ``references`` has their IRIs,
    ``reasons`` the terms of that scheme, ``leads_to`` the relations to which a disposition may lead.
    """

    iris: ReviewIRIs
    language: str
    successor: str
    provisions: Mapping[str, str]
    moves: Mapping[str, Move]
    dispositions: Mapping[str, tuple[Disposition, ...]]
    texts: Mapping[str, str]
    readings: Mapping[str, tuple[str, str, str]]
    reasons: frozenset[str]
    references: Mapping[str, str]
    leads_to: Mapping[str, frozenset[Relation]]
    commitments: frozenset[str] = frozenset()
    texts_of: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)

    def identifier_of(self, iri: str) -> str:
        """Return the identifier of the reference with an IRI, empty if it is unknown."""
        return next((name for name, each in self.references.items() if each == iri), "")

    def prints_of(self, provision: str) -> dict[str, str]:
        """Return the fingerprints of a provision's own text and of what is said of it."""
        return {text: self.texts[text] for text in self.texts_of.get(provision, ())}


def quads_of_review(store: Dataset, review: str) -> tuple[list[Quad], list[Quad]]:
    """Return a built review's quads: of vocabularies and references; of the source and the reading."""
    iris = ReviewIRIs(review)
    known = _held(store, ONTOLOGY_GRAPH, REFERENCES_GRAPH, iris.graph("references"))
    return known, _held(store, iris.graph("source"), iris.graph("reading"))


def registered_quads(store: Dataset, review: str) -> list[Quad]:
    """Return those quads of a built review that depend on its register."""
    return _held(store, *ReviewIRIs(review).registered)


def _held(store: Dataset, *graphs: str) -> list[Quad]:
    return [
        quad for graph in graphs for quad in store.quads_for_pattern(None, None, None, NamedNode(graph))
    ]


def read(review: str, known: Iterable[Quad], stated: Iterable[Quad]) -> Read:
    """Return what the quads of a review's source and reading graphs say.

    ``known`` are the quads of the vocabularies and references.
    """
    return _Reader(ReviewIRIs(review), [*known, *stated]).read()


def names_in(found: Read) -> Names:
    """Return the IRIs of what entries on a review name."""
    readings = {name: iri for name, (iri, _, _) in found.readings.items()}
    return Names(found.iris, found.references, readings)


class _Reader:
    def __init__(self, iris: ReviewIRIs, quads: Iterable[Quad]) -> None:
        self._iris = iris
        self._values: dict[tuple[str, str], list[str]] = {}
        self._typed: dict[str, list[str]] = {}
        self._language = "en"
        for quad in quads:
            value = quad.object
            if not isinstance(quad.subject, NamedNode) or not isinstance(value, NamedNode | Literal):
                continue
            subject, predicate = quad.subject.value, quad.predicate.value
            self._values.setdefault((subject, predicate), []).append(value.value)
            if isinstance(value, NamedNode):
                if predicate == RDF + "type":
                    self._typed.setdefault(value.value, []).append(subject)
            elif (subject, predicate) == (iris.base, DCTERMS + "title") and value.language:
                self._language = value.language

    def _all(self, subject: str, name: str) -> list[str]:
        return self._values.get((subject, name), [])

    def _one(self, subject: str, name: str) -> str:
        return next(iter(self._all(subject, name)), "")

    def _identifier(self, subject: str) -> str:
        return self._one(subject, DCTERMS + "identifier")

    def _named(self, subject: str, name: str) -> str:
        return self._identifier(self._one(subject, name))

    def _by_identifier(self, class_: str) -> dict[str, str]:
        """Return the IRIs of the members of a class by identifier."""
        return {self._identifier(each): each for each in self._typed.get(CG + class_, [])}

    def read(self) -> Read:
        provisions = self._by_identifier("Provision")
        texts_of = {name: (name, *sorted(self._said_of(iri))) for name, iri in provisions.items()}
        texts = {name: self._iris.said(name) for names in texts_of.values() for name in names}
        concepts = self._typed.get(SKOS + "Concept", [])
        return Read(
            iris=self._iris,
            language=self._language,
            successor=self._named(self._iris.base, CG + "successor"),
            provisions=provisions,
            moves=self._moves(),
            dispositions={
                name: tuple(Disposition(notation(d)) for d in self._all(iri, CG + "disposition"))
                for name, iri in self._by_identifier("Recommendation").items()
            },
            texts={name: self._one(iri, CG + "fingerprint") for name, iri in texts.items()},
            readings=self._readings(),
            reasons=frozenset(
                self._one(term, SKOS + "notation")
                for term in concepts
                if self._one(term, SKOS + "inScheme") == VOCAB + "reason"
            ),
            references=self._by_identifier("Reference"),
            leads_to={
                self._one(term, SKOS + "notation"): frozenset(Relation(notation(r)) for r in relations)
                for term in concepts
                if (relations := self._all(term, CG + "leadsTo"))
            },
            commitments=frozenset(self._by_identifier("Commitment")),
            texts_of=texts_of,
            words={name: self._one(iri, CG + "text") for name, iri in texts.items()},
        )

    def _said_of(self, provision: str) -> Iterator[str]:
        for predicate in ("hasCommentary", "hasRecommendation"):
            yield from map(self._identifier, self._all(provision, CG + predicate))

    def _moves(self) -> dict[str, Move]:
        moves = {}
        for movement in sorted(self._typed.get(CG + "Movement", [])):
            name = movement.removeprefix(self._iris.movement(""))
            provision, basis = (self._named(movement, CG + tie) for tie in ("from", "basis"))
            relation = Relation(notation(self._one(movement, CG + "relation")))
            moves[name] = Move(name, provision, basis, relation, self._named(movement, CG + "to"))
        return moves

    def _readings(self) -> dict[str, tuple[str, str, str]]:
        found = {}
        for reading in self._typed.get(CG + "Reading", []):
            if print_ := self._one(reading, CG + "fingerprint"):
                name = reading.removeprefix(self._iris.reading("")).rpartition("/")[0]
                found[name] = (reading, self._named(reading, CG + "readFrom"), print_)
        return found


def notation(term: str) -> str:
    """Return the notation of a term of a vocabulary, with which its IRI ends."""
    return term.rpartition("/")[2]
