"""How good a review's data are: what validation found, by what the words were read, what terms mean."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from compactgraph.answers.provision.evidence import Means, Quoted, review_readings, review_texts
from compactgraph.answers.provision.trace import Range
from compactgraph.answers.records import record
from compactgraph.answers.review_graph import ReviewGraph, asked_once
from compactgraph.answers.terms import terms
from compactgraph.common.english import capital
from compactgraph.common.namespaces import CG, DCTERMS, SHARED_REFERENCE
from compactgraph.errors import QueryError
from compactgraph.graph.findings import Finding, Severity
from compactgraph.sparql.questions import view
from compactgraph.sparql.rows import select, text_of

SEVERITIES = {
    Severity.VIOLATION: "must be mended",
    Severity.WARNING: "worth a look",
    Severity.INFO: "for information",
}

_WHOLES = ("review", "document")
_NAMED = re.compile(r"(The reading|Passage|Piece)? ?(\S+)")
_FOLDERS = {"The reading": "reading", "Passage": "passage", "Piece": "passage"}

_CLASSES, _PROPERTIES = "classes", "properties"
_HEADINGS = {
    _CLASSES: ("Kinds of thing", "What the data speak of."),
    _PROPERTIES: ("Statements", "What the data say of each thing."),
}


@dataclass(frozen=True)
class LocatedFinding:
    """A finding of validation in plain words, with what it is about and where that stands.

    ``requirement`` is what should hold. ``item`` is the identifier of the thing and ``item_kind`` what
    it is, such as provision, reading or passage; both are empty if the graph has no such thing.
    ``provision`` is the provision that it is, or belongs to, if any; ``text`` has the words that it is,
    or rests on.
    """

    finding: Finding
    severity: str
    requirement: str
    message: str
    item: str
    item_kind: str
    provision: str
    text: str
    ranges: tuple[Range, ...]
    line: int | None


@dataclass(frozen=True)
class ReadBy:
    """How many readings of a property were made by one rule; ``rule`` is empty if by hand."""

    property: str
    label: str
    means: Means
    rule: str
    how: str
    readings: int


@dataclass(frozen=True)
class Quality:
    """What validation found, by what the words were read, and which stay unread.

    ``suspects`` counts what rests on words that have changed since: readings, decisions and provisions
    of a draft; ``suspect_readings`` has the IRIs of the readings among them.
    """

    findings: tuple[LocatedFinding, ...]
    read_by: tuple[ReadBy, ...]
    by_hand: tuple[Quoted, ...]
    unread: tuple[str, ...]
    suspects: int = 0
    suspect_readings: frozenset[str] = frozenset()

    @property
    def readings(self) -> int:
        """How many readings there are."""
        return sum(read.readings for read in self.read_by)

    @property
    def by_means(self) -> dict[Means, int]:
        """How many readings were made by each means."""
        return {
            means: sum(read.readings for read in self.read_by if read.means is means) for means in Means
        }

    @property
    def conforms(self) -> bool:
        """Whether nothing must be mended."""
        return not any(found.finding.severity is Severity.VIOLATION for found in self.findings)


@dataclass(frozen=True)
class Entry:
    """A word of the vocabulary and what it means."""

    name: str
    label: str
    definition: str
    note: str
    iri: str


@dataclass(frozen=True)
class Scheme:
    """The words of one kind: of a scheme, the classes, or the properties."""

    name: str
    label: str
    definition: str
    entries: tuple[Entry, ...]


@asked_once
def quality(graph: ReviewGraph) -> Quality:
    """Return how good the data of a review are, with what its build noted.

    Raises UnknownNameError if the store has no such review, and QueryError if nothing is known
    of its build.
    """
    summary = graph.summary
    if summary is None:
        raise QueryError(f"nothing is known of the build of {graph.review}; open it from its store")
    readings = review_readings(graph)
    return Quality(
        findings=tuple(_located(graph, Finding.from_json(found)) for found in summary.findings),
        read_by=tuple(_read_by(readings)),
        by_hand=tuple(reading for reading in readings if reading.means is Means.HAND),
        unread=tuple(summary.unread),
        suspects=summary.suspects,
        suspect_readings=_suspect_readings(graph),
    )


def _suspect_readings(graph: ReviewGraph) -> frozenset[str]:
    changed = NamedNode(CG + "changedWords"), None, NamedNode(graph.iris.graph("standing"))
    subjects = (quad.subject for quad in graph.store.quads_for_pattern(None, *changed))
    nodes = (subject.value for subject in subjects if isinstance(subject, NamedNode))
    return frozenset(node for node in nodes if node.startswith(graph.iris.reading("")))


def _read_by(readings: list[Quoted]) -> list[ReadBy]:
    counts = Counter((r.property, r.label, r.means, r.rule, r.how) for r in readings)
    read_by = [ReadBy(*key, number) for key, number in counts.items()]
    order = list(Means)
    return sorted(read_by, key=lambda read: (read.label, order.index(read.means), read.rule))


# Where a finding is


@dataclass(frozen=True)
class _Place:
    kind: str
    identifier: str
    text: str
    ranges: tuple[Range, ...]


def _located(graph: ReviewGraph, finding: Finding) -> LocatedFinding:
    """Return a finding with what it is about."""
    place = _offender(graph, finding) or _Place("", "", "", ())
    line = place.ranges[0].line if place.ranges else None
    return LocatedFinding(
        finding=finding,
        severity=SEVERITIES[finding.severity],
        requirement=capital(finding.shape.replace("-", " ")),
        message=finding.message,
        item=place.identifier,
        item_kind=place.kind,
        provision=_provision(graph, place),
        text=place.text or " … ".join(found.words for found in place.ranges),
        ranges=place.ranges,
        line=line if finding.line is None else finding.line,
    )


def _provision(graph: ReviewGraph, place: _Place) -> str:
    if place.kind == "provision":
        return place.identifier
    piece = review_texts(graph).at(place.ranges[0].start) if place.ranges else None
    return piece.provision if piece else ""


def _offender(graph: ReviewGraph, finding: Finding) -> _Place | None:
    """Return what a finding is about.

    If the focus is the whole review or document, it is the value, or what the message names first.
    """
    focus = _named(graph, finding.focus, finding.shape)
    if focus is not None and focus.kind not in _WHOLES:
        return focus
    names = [finding.value] if finding.value else []
    if named := _NAMED.match(finding.message):
        folder = _FOLDERS.get(named[1] or "")
        names.append(f"{graph.iris.base}/{folder}/{named[2]}" if folder else named[2])
    candidates = (_named(graph, name, finding.shape) for name in names)
    return next(filter(None, candidates), focus)


def _named(graph: ReviewGraph, name: str, shape: str) -> _Place | None:
    """Return the thing of this review that has the name, an IRI or an identifier.

    If several have the identifier, it is the kind of thing that the shape is named for.
    """
    found = [place for node in _nodes(graph, name) if (place := _place(graph, node))]
    return next((place for place in found if shape.startswith(place.kind)), next(iter(found), None))


def _nodes(graph: ReviewGraph, name: str) -> list[NamedNode]:
    """Return the nodes of this review that have the name, then those shared by all."""
    own = graph.iris.base + "/"
    if name.startswith((own, SHARED_REFERENCE)):
        try:
            return [NamedNode(name)]
        except ValueError:
            return []
    naming = NamedNode(DCTERMS + "identifier"), Literal(name)
    subjects = [quad.subject for quad in graph.store.quads_for_pattern(None, *naming, None)]
    nodes = {node.value for node in subjects if isinstance(node, NamedNode)}
    ours = sorted(node for node in nodes if f"{node}/".startswith(own))
    shared = sorted(node for node in nodes if node.startswith(SHARED_REFERENCE))
    return [NamedNode(node) for node in (*ours, *shared)]


@asked_once
def _place(graph: ReviewGraph, node: NamedNode) -> _Place | None:
    rows = graph.rows("item-place", item=node)
    if not rows:
        return None
    ranges = [record(Range, row) for row in rows if row["start"] is not None]
    kind = min(text_of(row["kind"]) for row in rows)
    identifier = text_of(rows[0]["identifier"])
    unnamed = node.value.removeprefix(f"{graph.iris.base}/{kind}/")
    text = text_of(rows[0]["text"])
    return _Place(kind, identifier or unnamed, text, tuple(dict.fromkeys(ranges)))


# What the terms mean


@asked_once
def vocabulary(graph: ReviewGraph) -> list[Scheme]:
    """Return the whole vocabulary: the classes, the properties, then the schemes by their names.

    The terms of a scheme stand in the order of the vocabulary, the others in that of the alphabet.
    """
    headings = dict(_HEADINGS)
    entries: dict[str, dict[str, Entry]] = {name: {} for name in _HEADINGS}
    for row in select(graph.store, view(graph.ontology, "vocabulary")).texts():
        scheme, name = row["scheme"], row["name"]
        headings.setdefault(scheme, (capital(row["scheme_label"]), row["scheme_definition"]))
        entries.setdefault(scheme, {})[name] = record(Entry, row)
    in_order = terms(graph)
    schemes = []
    for scheme in sorted(entries, key=lambda scheme: (scheme not in _HEADINGS, headings[scheme][0])):
        places = {name: place for place, name in enumerate(in_order.get(scheme, ()))}
        known = entries[scheme].values()
        ordered = sorted(known, key=lambda entry: (places.get(entry.name, len(places)), entry.label))
        schemes.append(Scheme(scheme, *headings[scheme], tuple(ordered)))
    return schemes
