"""The RDF of a review: its source layer and its reading layer, without a blank node.

IRIs are made from identifiers and character ranges, so that two builds of the same input give the same
quads. The selector of a passage is an ``oa:TextPositionSelector`` and an ``oa:TextQuoteSelector``.
"""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Quad

from compactgraph.common.fingerprints import fingerprint
from compactgraph.common.identifiers import ReviewIRIs, provision_of, theme_identifier
from compactgraph.common.namespaces import CG, DCTERMS, OA, PROV, RDF, RDFS, SKOS, XSD
from compactgraph.common.schemes import ProvisionKind
from compactgraph.document.model import Provision, Review
from compactgraph.document.settings import ReviewFolder
from compactgraph.document.text import Passage, Source, Span
from compactgraph.reading.readings import PERSON, Reading, ReviewReadings
from compactgraph.reading.vocabulary import Vocabulary

_DECIMAL = NamedNode(XSD + "decimal")
_PREDICATES = {
    "disposition": CG + "disposition",
    "reason": CG + "reason",
    "relation": CG + "relation",
    "mentions": CG + "mentions",
    "bears-on": CG + "bearsOn",
    "near-wording": CG + "nearWording",
}


@dataclass(frozen=True)
class Described:
    """What a review's graph is made from."""

    folder: ReviewFolder
    source: Source
    review: Review
    readings: ReviewReadings
    vocabulary: Vocabulary


def describe(described: Described) -> list[Quad]:
    """Return the quads of a review's source and reading layers, before the rules."""
    passages: set[Span] = set()
    layers = (_SourceLayer(described, passages), _ReadingLayer(described, passages))
    return [quad for layer in layers for quad in layer.describe()]


class _Layer:
    """Collects the quads of one named graph."""

    name = ""

    def __init__(self, described: Described, passages: set[Span]) -> None:
        self._described = described
        self._iris: ReviewIRIs = described.folder.iris
        self._graph = NamedNode(self._iris.graph(self.name))
        self._passages = passages
        self._quads: list[Quad] = []
        self._language = described.folder.language
        self._reference = described.vocabulary.reference
        self._term = described.vocabulary.term_iri

    def _node(self, subject: str, predicate: str, value: str) -> None:
        self._add(subject, predicate, NamedNode(value))

    def _type(self, subject: str, *classes: str) -> None:
        for name in classes:
            self._node(subject, RDF + "type", name)

    def _plain(self, subject: str, predicate: str, value: str | int) -> None:
        self._add(subject, predicate, Literal(value))

    def _words(self, subject: str, predicate: str, value: str | None) -> None:
        if value:
            self._add(subject, predicate, Literal(value, language=self._language))

    def _add(self, subject: str, predicate: str, value: NamedNode | Literal) -> None:
        self._quads.append(Quad(NamedNode(subject), NamedNode(predicate), value, self._graph))

    def _passage(self, span: Span) -> str:
        """Describe a passage once, and return its IRI."""
        iri = self._iris.passage(span.start, span.end)
        if span not in self._passages:
            self._passages.add(span)
            selector = iri + "/selector"
            self._type(iri, OA + "SpecificResource")
            self._node(iri, OA + "hasSource", self._iris.document)
            self._node(iri, OA + "hasSelector", selector)
            self._plain(iri, CG + "line", self._described.source.line_of(span.start))
            self._type(selector, OA + "TextPositionSelector", OA + "TextQuoteSelector")
            self._plain(selector, OA + "start", span.start)
            self._plain(selector, OA + "end", span.end)
            self._plain(selector, OA + "exact", self._described.source.quote(span))
        return iri


class _SourceLayer(_Layer):
    """What the document says, verbatim."""

    name = "source"

    def describe(self) -> list[Quad]:
        self._describe_review()
        review = self._described.review
        for place, piece in enumerate(review.pieces, 1):
            iri = self._passage(piece.span)
            self._type(iri, CG + "Piece")
            self._plain(iri, CG + "position", place)
            self._node(iri, CG + "role", self._term("role", piece.role))
        for place, provision in enumerate(review.provisions, 1):
            self._describe_provision(place, provision)
        for footnote in review.footnotes:
            iri = self._iris.footnote(footnote.identifier)
            self._type(iri, CG + "Footnote")
            self._describe_text(iri, footnote.identifier, footnote.words)
            self._node(iri, CG + "annotates", self._iris.said(footnote.annotates))
            self._node(iri, CG + "mark", self._passage(footnote.mark))
        return self._quads

    def _describe_review(self) -> None:
        folder, source = self._described.folder, self._described.source
        base, document = self._iris.base, self._iris.document
        self._type(base, CG + "Review")
        self._plain(base, DCTERMS + "identifier", folder.identifier)
        self._words(base, DCTERMS + "title", folder.title)
        self._node(base, DCTERMS + "source", document)
        self._node(base, CG + "reviews", self._reference(folder.reviewed).iri)
        self._node(base, CG + "successor", self._reference(folder.successor).iri)
        self._node(base, CG + "reviewedBy", self._reference(folder.reviewer).iri)
        if folder.issued:
            self._plain(base, DCTERMS + "issued", folder.issued)
        self._words(base, SKOS + "note", folder.note)
        self._type(document, CG + "Document")
        self._plain(document, DCTERMS + "identifier", f"{folder.identifier}-document")
        self._words(document, DCTERMS + "title", folder.title)
        self._words(document, CG + "text", source.text)
        self._plain(document, CG + "fingerprint", fingerprint(source.text))
        self._plain(document, DCTERMS + "language", folder.language)
        self._plain(document, DCTERMS + "format", "text/plain")
        self._node(document, DCTERMS + "creator", self._reference(folder.reviewer).iri)
        self._words(document, DCTERMS + "rights", folder.rights)

    def _describe_provision(self, place: int, provision: Provision) -> None:
        iri = self._iris.provision(provision.identifier)
        self._type(iri, CG + "Provision", CG + provision.kind.capitalize())
        self._describe_text(iri, provision.identifier, provision.words)
        self._node(iri, DCTERMS + "isPartOf", self._reference(self._described.folder.reviewed).iri)
        self._words(iri, RDFS + "label", provision.label)
        self._plain(iri, CG + "position", place)
        if provision.kind is ProvisionKind.THEME and provision.theme is not None:
            self._plain(iri, CG + "themeNumber", provision.theme)
        elif provision.theme is not None:
            self._node(iri, CG + "theme", self._iris.provision(theme_identifier(provision.theme)))
        if provision.party is not None:
            self._node(iri, CG + "party", self._term("party", provision.party))
        if provision.annotates is not None:
            self._node(iri, CG + "annotates", self._iris.said(provision.annotates))
        for part, predicate, class_ in (
            (provision.commentary, CG + "hasCommentary", CG + "Commentary"),
            (provision.recommendations, CG + "hasRecommendation", CG + "Recommendation"),
        ):
            for number, text in enumerate(part, 1):
                said = self._iris.said(text.identifier)
                self._node(iri, predicate, said)
                self._type(said, class_)
                self._describe_text(said, text.identifier, text.words)
                self._plain(said, CG + "position", number)

    def _describe_text(self, iri: str, identifier: str, words: Passage) -> None:
        self._plain(iri, DCTERMS + "identifier", identifier)
        self._node(iri, CG + "review", self._iris.base)
        self._words(iri, CG + "text", words.text)
        self._plain(iri, CG + "fingerprint", fingerprint(words.text))
        for span in words.spans:
            self._node(iri, CG + "piece", self._passage(span))


class _ReadingLayer(_Layer):
    """The readings, each with its evidence."""

    name = "reading"

    def describe(self) -> list[Quad]:
        readings = self._described.readings
        self._texts = {
            text.identifier: text.words.text
            for provision in self._described.review.provisions
            for text in provision.texts()
        }
        self._reader = self._iris.base + "/agent/reader"
        if readings.person:
            self._type(self._reader, PROV + "Agent")
            self._words(self._reader, RDFS + "label", readings.person)
        for reading in readings.readings:
            self._describe_reading(reading)
        return list(dict.fromkeys(self._quads))

    def _describe_reading(self, reading: Reading) -> None:
        predicate = _PREDICATES[reading.property]
        read_from = self._iris.said(reading.subject)
        provision = self._iris.provision(provision_of(reading.subject))
        subject = provision if reading.property == "bears-on" else read_from
        iri = self._iris.reading(_reading_name(reading))
        self._type(iri, CG + "Reading")
        self._node(iri, RDF + "subject", subject)
        self._node(iri, CG + "concerns", provision)
        self._node(iri, CG + "readFrom", read_from)
        made_on = reading.fingerprint or fingerprint(self._texts[reading.subject])
        self._plain(iri, CG + "fingerprint", made_on)
        self._node(iri, RDF + "predicate", predicate)
        self._node(iri, CG + "review", self._iris.base)
        for span in reading.spans:
            self._node(iri, OA + "hasTarget", self._passage(span))
        value = self._value(reading)
        if value is not None:
            self._node(iri, RDF + "object", value)
            if reading.property != "relation":
                self._node(subject, predicate, value)
        if reading.to is not None:
            self._node(iri, CG + "to", self._reference(reading.to).iri)
        if reading.rule == PERSON:
            self._node(iri, PROV + "wasAttributedTo", self._reader)
            self._words(iri, RDFS + "comment", reading.why)
        else:
            self._node(iri, CG + "rule", self._term("rule", reading.rule))
        self._words(iri, CG + "cue", reading.cue)
        if reading.score is not None:
            self._add(iri, CG + "score", Literal(f"{reading.score:g}", datatype=_DECIMAL))

    def _value(self, reading: Reading) -> str | None:
        if reading.value is None:
            return None
        if reading.property == "mentions":
            return self._reference(reading.value).iri
        if reading.property in ("bears-on", "near-wording"):
            return self._iris.provision(reading.value)
        return self._term(reading.property, reading.value)


def _reading_name(reading: Reading) -> str:
    parts = [reading.subject, reading.property, reading.value or "none", reading.to]
    return "/".join([*filter(None, parts), str(reading.spans[0].start)])
