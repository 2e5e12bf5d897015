"""The RDF of the register: each decision as it was recorded, by whom, when, on what, and why.

A decision is a ``prov:Activity``. What follows from decisions is stated by
:mod:`compactgraph.decisions.standing`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad

from compactgraph.common.identifiers import (
    DecisionName,
    DraftedName,
    ReadingName,
    ReviewIRIs,
    parse_name,
)
from compactgraph.common.namespaces import CG, DCTERMS, PROV, RDF, RDFS, VOCAB, XSD
from compactgraph.decisions.drafts import Draft, Drafts
from compactgraph.register.entry import Entry, Kind


class Names:
    """The IRIs of what entries name."""

    def __init__(
        self, iris: ReviewIRIs, references: Mapping[str, str], readings: Mapping[str, str]
    ) -> None:
        """Take the IRIs of a review's references, by identifier, and of its readings, by name."""
        self.iris = iris
        self._references = references
        self._readings = readings

    def reference(self, identifier: str) -> str:
        """Return the IRI of a reference, or the one that an undeclared reference would have."""
        return self._references.get(identifier, self.iris.reference(identifier))

    def body(self, name: str) -> str:
        """Return the IRI of a body: the reference of this identifier, or an agent of this name."""
        return self._references.get(name) or self.iris.agent(name)

    def text(self, identifier: str) -> str:
        """Return the IRI of a text: a provision's, commentary's, recommendation's, or a draft's."""
        name = parse_name(identifier)
        if isinstance(name, DraftedName):
            return self.iris.drafted(name.draft, name.identifier)
        return self.iris.said(identifier)

    def confirmed(self, item: str) -> str | None:
        """Return the IRI of what can be suspect; None for a reading that is gone."""
        name = parse_name(item)
        if isinstance(name, DecisionName):
            return self.iris.decision(name.number)
        return self._readings.get(name.name) if isinstance(name, ReadingName) else self.text(item)

    def item(self, entry: Entry) -> str | None:
        """Return the IRI of what an entry is on; None for a reading that is gone."""
        body = entry.body
        if body.kind is Kind.CONFIRM:
            return self.confirmed(body.item)
        if body.kind is Kind.SETTLE or body.item == body.provision:
            return self.iris.provision(body.item)
        return self.iris.movement(body.item)


Parts = dict[object, tuple[Quad, ...]]
"""Quads by what they were made of: ``("entry", 7)`` or ``("draft", 1)``.

A part that is the same object as before is unchanged. Two parts may have quads in common.
"""


class Statements:
    """The quads of the decisions graph: a decision for each entry, and the drafts.

    They are kept, and stated anew only for an entry or a draft that has changed.
    """

    def __init__(self, names: Names, language: str) -> None:
        """Take the names of what entries are on, and the language of what people write."""
        self._names = names
        self._iris = names.iris
        self._graph = NamedNode(names.iris.graph("decisions"))
        self._language = language
        self._kept: Mapping[str, str] = {}
        self._quads: dict[Quad, None] = {}
        self._stated: dict[object, tuple[object, tuple[Quad, ...]]] = {}

    def parts(self, entries: Iterable[Entry], drafts: Drafts, kept: Mapping[str, str]) -> Parts:
        """Return the quads, part by part.

        ``kept`` has the words on which entries were made by their fingerprints, as far as they are kept.
        """
        self._kept = kept
        parts: Parts = {}
        for entry in entries:
            key = ("entry", entry.number)
            state = self._state_drafting if entry.body.is_draft else self._state_decision
            parts[key] = self._part(key, entry, [entry], state)
        for draft in drafts.all:
            key = ("draft", draft.number)
            written = [each.entry for each in draft.provisions.values() if each.entry is not None]
            parts[key] = self._part(key, draft, written, self._state_draft)
        return parts

    def remembered(self, entries: Iterable[Entry], drafts: Drafts) -> dict[tuple[str, str], str]:
        """Return the IRI of remembered words by the name of their text and their fingerprint."""
        made = [(self._iri_of(entry), entry) for entry in entries]
        for draft in drafts.all:
            for each in draft.provisions.values():
                if each.entry is not None:
                    made.append((self._iris.drafted(draft.number, each.identifier), each.entry))
        found: dict[tuple[str, str], str] = {}
        for iri, entry in made:
            if iri:
                for text, print_ in entry.body.fingerprints.items():
                    found.setdefault((text, print_), f"{iri}/words/{text}")
        return found

    def _part(
        self, key: object, of: Any, entries: Iterable[Entry], state: Callable[[Any], None]
    ) -> tuple[Quad, ...]:
        kept = [{*entry.body.fingerprints.values()} & self._kept.keys() for entry in entries]
        before, quads = self._stated.get(key, (None, ()))
        if before != (of, kept):
            self._quads = {}
            state(of)
            quads = tuple(self._quads)
            self._stated[key] = ((of, kept), quads)
        return quads

    def _add(self, subject: str, predicate: str, value: NamedNode | Literal) -> None:
        self._quads[Quad(NamedNode(subject), NamedNode(predicate), value, self._graph)] = None

    def _nodes(self, subject: str, predicate: str, *values: str) -> None:
        for value in values:
            self._add(subject, predicate, NamedNode(value))

    def _plain(self, subject: str, predicate: str, value: str | int) -> None:
        self._add(subject, predicate, Literal(value))

    def _words(self, subject: str, predicate: str, value: str) -> None:
        self._add(subject, predicate, Literal(value, language=self._language))

    def _typed(self, subject: str, predicate: str, value: str, datatype: str) -> None:
        self._add(subject, predicate, Literal(value, datatype=NamedNode(XSD + datatype)))

    def _state_entry(self, iri: str, entry: Entry, people: str = "wasAssociatedWith") -> None:
        """State what every entry says: who, when, and on which words.

        ``people`` is PROV's tie to those who made it; an activity has another one than a text.
        """
        body = entry.body
        self._nodes(iri, CG + "review", self._iris.base)
        self._typed(iri, DCTERMS + "date", body.date, "date")
        self._typed(iri, CG + "recorded", entry.recorded, "dateTime")
        self._plain(iri, CG + "recorder", entry.recorder)
        self._plain(iri, CG + "entryHash", entry.hash)
        for name in body.by:
            agent = self._agent(name, "Person")
            self._nodes(iri, PROV + people, agent)
            if body.on_behalf_of:
                self._nodes(agent, PROV + "actedOnBehalfOf", self._names.body(body.on_behalf_of))
        if body.on_behalf_of:
            organisation = self._names.body(body.on_behalf_of)
            self._nodes(iri, CG + "onBehalfOf", organisation)
            if organisation == self._iris.agent(body.on_behalf_of):
                self._agent(body.on_behalf_of, "Organization")
        if body.why:
            self._words(iri, RDFS + "comment", body.why)
        for identifier, print_ in body.fingerprints.items():
            remembered = f"{iri}/words/{identifier}"
            self._nodes(iri, CG + "madeOn", remembered)
            self._nodes(remembered, RDF + "type", CG + "RememberedWords")
            self._nodes(remembered, CG + "wordsOf", self._names.text(identifier))
            self._plain(remembered, CG + "fingerprint", print_)
            if print_ in self._kept:
                self._words(remembered, CG + "text", self._kept[print_])

    def _agent(self, name: str, kind: str) -> str:
        iri = self._iris.agent(name)
        self._nodes(iri, RDF + "type", PROV + "Agent", PROV + kind)
        self._words(iri, RDFS + "label", name)
        return iri

    def _state_decision(self, entry: Entry) -> None:
        iri, body = self._iris.decision(entry.number), entry.body
        self._nodes(iri, RDF + "type", CG + "Decision", PROV + "Activity")
        self._plain(iri, DCTERMS + "identifier", entry.name)
        self._plain(iri, CG + "number", entry.number)
        self._nodes(iri, CG + "decisionKind", f"{VOCAB}decision/{body.kind}")
        if (item := self._names.item(entry)) is not None:
            self._nodes(iri, CG + "decides", item)
        of = self._iris.provision(body.provision) if body.provision else item
        if of is not None:
            self._nodes(iri, CG + "decidesOf", of)
        self._state_entry(iri, entry)
        self._nodes(iri, DCTERMS + "replaces", *map(self._iris.decision, body.replaces))
        self._nodes(iri, CG + "beside", *map(self._iris.decision, body.beside))
        for scheme, terms in (("disposition", body.dispositions), ("reason", body.reasons)):
            self._nodes(iri, CG + scheme, *(f"{VOCAB}{scheme}/{term}" for term in terms))
        if body.to:
            self._nodes(iri, CG + "to", self._names.reference(body.to))
        if body.place:
            self._words(iri, CG + "place", body.place)

    def _state_drafting(self, entry: Entry) -> None:
        """State who began a draft or withdrew a provision; the provision says who wrote it."""
        body, iri = entry.body, self._iri_of(entry)
        if not iri:
            return
        begun = body.kind is Kind.BEGIN_DRAFT
        of = self._iris.draft(body.draft) if begun else self._iris.drafted(body.draft, body.item)
        done = "generated" if begun else "invalidated"
        self._nodes(iri, RDF + "type", PROV + "Activity")
        self._nodes(iri, PROV + done, of)
        self._state_entry(iri, entry)

    def _iri_of(self, entry: Entry) -> str:
        """Return the IRI of what an entry did; empty if it wrote a provision, which says so itself."""
        body = entry.body
        if not body.is_draft:
            return self._iris.decision(entry.number)
        if body.kind is Kind.BEGIN_DRAFT:
            return f"{self._iris.draft(body.draft)}/begun"
        if body.kind is Kind.WITHDRAW_DRAFT:
            return f"{self._iris.drafted(body.draft, body.item)}/withdrawn/{entry.number}"
        return ""

    def _state_draft(self, draft: Draft) -> None:
        iri = self._iris.draft(draft.number)
        self._nodes(iri, RDF + "type", CG + "Draft")
        self._plain(iri, DCTERMS + "identifier", f"draft-{draft.number}")
        self._plain(iri, CG + "number", draft.number)
        self._nodes(iri, CG + "review", self._iris.base)
        if draft.date:
            self._typed(iri, DCTERMS + "date", draft.date, "date")
        for place, provision in enumerate(draft.provisions.values(), 1):
            drafted = self._iris.drafted(draft.number, provision.identifier)
            self._nodes(drafted, RDF + "type", CG + "DraftProvision")
            self._plain(drafted, DCTERMS + "identifier", provision.name)
            self._words(drafted, RDFS + "label", provision.identifier)
            self._nodes(drafted, DCTERMS + "isPartOf", iri)
            self._plain(drafted, CG + "position", place)
            self._plain(drafted, CG + "provisionKind", provision.role)
            if provision.theme:
                self._plain(drafted, CG + "draftTheme", provision.theme)
            self._words(drafted, CG + "text", provision.text)
            self._plain(drafted, CG + "fingerprint", provision.fingerprint)
            if provision.entry is not None:
                self._state_entry(drafted, provision.entry, "wasAttributedTo")
            else:
                self._nodes(drafted, CG + "review", self._iris.base)
            origins = map(self._names.text, provision.origins)
            self._nodes(drafted, PROV + "wasDerivedFrom", *origins)
            if provision.identifier in draft.carried:
                before = self._iris.drafted(draft.number - 1, provision.identifier)
                self._nodes(drafted, PROV + "wasRevisionOf", before)
