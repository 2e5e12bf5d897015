"""The RDF of the register: each decision as it was recorded, by whom, when, on what, and why.

It says what the entries say, and nothing that follows from them: that is
:mod:`compactgraph.decisions.standing`.
A decision is a ``prov:Activity``. There is no blank node.
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
    """The IRIs of what entries name: references by identifier, and what a confirmation confirms."""

    def __init__(
        self, iris: ReviewIRIs, references: Mapping[str, str], readings: Mapping[str, str]
    ) -> None:
        """Take the IRIs of a review's references, by identifier, and of its readings, by name."""
        self.iris = iris
        self._references = references
        self._readings = readings

    def reference(self, identifier: str) -> str:
        """Return the IRI of a reference; if it is not declared, the one that it would have."""
        return self._references.get(identifier, self.iris.reference(identifier))

    def body(self, name: str) -> str:
        """Return the IRI of a body: the reference of this identifier, or else an agent of this name."""
        return self._references.get(name) or self.iris.agent(name)

    def text(self, identifier: str) -> str:
        """Return the IRI of a text: a provision's, commentary's, recommendation's, or a draft's."""
        name = parse_name(identifier)
        if isinstance(name, DraftedName):
            return self.iris.drafted(name.draft, name.identifier)
        return self.iris.said(identifier)

    def confirmed(self, item: str) -> str | None:
        """Return the IRI of what can be suspect; None for a reading that is read no more."""
        name = parse_name(item)
        if isinstance(name, DecisionName):
            return self.iris.decision(name.number)
        return self._readings.get(name.name) if isinstance(name, ReadingName) else self.text(item)

    def item(self, entry: Entry) -> str | None:
        """Return the IRI of what an entry is on; None for a reading that is read no more."""
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
    """The quads of the decisions graph: a decision for each entry, and the drafts as they are.

    What was stated of an entry or a draft is kept, and stated anew only if it has changed.
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
            of = (entry, self._words_kept(entry))
            parts["entry", entry.number] = self._part(("entry", entry.number), of, self._state_entry_of)
        for draft in drafts.all:
            written = [(p, self._words_kept(p.entry)) for p in draft.provisions.values()]
            of_draft = (draft, written)
            parts["draft", draft.number] = self._part(
                ("draft", draft.number), of_draft, self._state_draft
            )
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

    def _words_kept(self, entry: Entry | None) -> tuple[str, ...]:
        prints = () if entry is None else entry.body.fingerprints.values()
        return tuple(print_ for print_ in prints if print_ in self._kept)

    def _part(self, key: object, of: Any, state: Callable[[Any], None]) -> tuple[Quad, ...]:
        before, quads = self._stated.get(key, (None, ()))
        if before != of:
            self._quads = {}
            state(of[0])
            quads = tuple(self._quads)
            self._stated[key] = (of, quads)
        return quads

    def _state_entry_of(self, entry: Entry) -> None:
        if entry.body.is_draft:
            self._state_drafting(entry)
        else:
            self._state_decision(entry)

    def _add(self, subject: str, predicate: str, value: NamedNode | Literal) -> None:
        self._quads[Quad(NamedNode(subject), NamedNode(predicate), value, self._graph)] = None

    def _node(self, subject: str, predicate: str, value: str) -> None:
        self._add(subject, predicate, NamedNode(value))

    def _plain(self, subject: str, predicate: str, value: str | int) -> None:
        self._add(subject, predicate, Literal(value))

    def _words(self, subject: str, predicate: str, value: str) -> None:
        self._add(subject, predicate, Literal(value, language=self._language))

    def _typed(self, subject: str, predicate: str, value: str, datatype: str) -> None:
        self._add(subject, predicate, Literal(value, datatype=NamedNode(XSD + datatype)))

    def _state_entry(self, iri: str, entry: Entry, people: str = "wasAssociatedWith") -> None:
        """State what every entry says: who, when, and what they had before them.

        ``people`` is PROV's name for the tie to those who made it: another for an activity than for a
        text.
        """
        body = entry.body
        self._node(iri, CG + "review", self._iris.base)
        self._typed(iri, DCTERMS + "date", body.date, "date")
        self._typed(iri, CG + "recorded", entry.recorded, "dateTime")
        self._plain(iri, CG + "recorder", entry.recorder)
        self._plain(iri, CG + "entryHash", entry.hash)
        for name in body.by:
            agent = self._agent(name, "Person")
            self._node(iri, PROV + people, agent)
            if body.on_behalf_of:
                self._node(agent, PROV + "actedOnBehalfOf", self._names.body(body.on_behalf_of))
        if body.on_behalf_of:
            organisation = self._names.body(body.on_behalf_of)
            self._node(iri, CG + "onBehalfOf", organisation)
            if organisation == self._iris.agent(body.on_behalf_of):
                self._agent(body.on_behalf_of, "Organization")
        if body.why:
            self._words(iri, RDFS + "comment", body.why)
        for identifier, print_ in body.fingerprints.items():
            remembered = f"{iri}/words/{identifier}"
            self._node(iri, CG + "madeOn", remembered)
            self._node(remembered, RDF + "type", CG + "RememberedWords")
            self._node(remembered, CG + "wordsOf", self._names.text(identifier))
            self._plain(remembered, CG + "fingerprint", print_)
            if print_ in self._kept:
                self._words(remembered, CG + "text", self._kept[print_])

    def _agent(self, name: str, kind: str) -> str:
        iri = self._iris.agent(name)
        self._node(iri, RDF + "type", PROV + "Agent")
        self._node(iri, RDF + "type", PROV + kind)
        self._words(iri, RDFS + "label", name)
        return iri

    def _state_decision(self, entry: Entry) -> None:
        iri, body = self._iris.decision(entry.number), entry.body
        self._node(iri, RDF + "type", CG + "Decision")
        self._node(iri, RDF + "type", PROV + "Activity")
        self._plain(iri, DCTERMS + "identifier", entry.name)
        self._plain(iri, CG + "number", entry.number)
        self._node(iri, CG + "decisionKind", f"{VOCAB}decision/{body.kind}")
        if (item := self._names.item(entry)) is not None:
            self._node(iri, CG + "decides", item)
        of = self._iris.provision(body.provision) if body.provision else item
        if of is not None:
            self._node(iri, CG + "decidesOf", of)
        self._state_entry(iri, entry)
        for number in body.replaces:
            self._node(iri, DCTERMS + "replaces", self._iris.decision(number))
        for number in body.beside:
            self._node(iri, CG + "beside", self._iris.decision(number))
        for scheme, terms in (("disposition", body.dispositions), ("reason", body.reasons)):
            for term in terms:
                self._node(iri, CG + scheme, f"{VOCAB}{scheme}/{term}")
        if body.to:
            self._node(iri, CG + "to", self._names.reference(body.to))
        if body.place:
            self._words(iri, CG + "place", body.place)

    def _state_drafting(self, entry: Entry) -> None:
        """State who began a draft, or withdrew a provision; who wrote one is stated of the provision."""
        body, iri = entry.body, self._iri_of(entry)
        if not iri:
            return
        begun = body.kind is Kind.BEGIN_DRAFT
        of = self._iris.draft(body.draft) if begun else self._iris.drafted(body.draft, body.item)
        done = "generated" if begun else "invalidated"
        self._node(iri, RDF + "type", PROV + "Activity")
        self._node(iri, PROV + done, of)
        self._state_entry(iri, entry)

    def _iri_of(self, entry: Entry) -> str:
        """Return the IRI of what an entry did; empty if it wrote, which is stated of what it wrote."""
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
        self._node(iri, RDF + "type", CG + "Draft")
        self._plain(iri, DCTERMS + "identifier", f"draft-{draft.number}")
        self._plain(iri, CG + "number", draft.number)
        self._node(iri, CG + "review", self._iris.base)
        if draft.date:
            self._typed(iri, DCTERMS + "date", draft.date, "date")
        for place, provision in enumerate(draft.provisions.values(), 1):
            drafted = self._iris.drafted(draft.number, provision.identifier)
            self._node(drafted, RDF + "type", CG + "DraftProvision")
            self._plain(drafted, DCTERMS + "identifier", provision.name)
            self._words(drafted, RDFS + "label", provision.identifier)
            self._node(drafted, DCTERMS + "isPartOf", iri)
            self._plain(drafted, CG + "position", place)
            self._plain(drafted, CG + "provisionKind", provision.role)
            if provision.theme:
                self._plain(drafted, CG + "draftTheme", provision.theme)
            self._words(drafted, CG + "text", provision.text)
            self._plain(drafted, CG + "fingerprint", provision.fingerprint)
            if provision.entry is not None:
                self._state_entry(drafted, provision.entry, "wasAttributedTo")
            else:
                self._node(drafted, CG + "review", self._iris.base)
            for origin in provision.origins:
                self._node(drafted, PROV + "wasDerivedFrom", self._names.text(origin))
            if provision.identifier in draft.carried:
                before = self._iris.drafted(draft.number - 1, provision.identifier)
                self._node(drafted, PROV + "wasRevisionOf", before)
