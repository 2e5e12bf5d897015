"""A review in memory that follows its register: what entries change, and what the shapes find then."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import DefaultGraph, NamedNode, Quad, Store

from compactgraph.common.namespaces import CG, DCTERMS, PROV, RDF, VOCAB
from compactgraph.decisions.standing import ReviewAsRead, Stood
from compactgraph.decisions.statements import Parts
from compactgraph.errors import shorten
from compactgraph.graph.findings import Finding
from compactgraph.graph.validation import in_order, name_of, validate_nodes, validate_store
from compactgraph.register.entry import Entry

_IDENTIFIER = NamedNode(DCTERMS + "identifier")
_FORWARD = [NamedNode(CG + name) for name in ("decides", "decidesOf", "from", "hasMovement")]
_BACKWARD = [
    *(NamedNode(CG + name) for name in ("beside", "contestedBy", "from", "hasMovement", "madeOn")),
    NamedNode(DCTERMS + "replaces"),
    NamedNode(PROV + "wasDerivedFrom"),
    NamedNode(PROV + "wasGeneratedBy"),
]
"""The ties along which the shapes look from what they are about: forward from what changed, or back."""

_NO_FINDING_OF_ITS_OBJECT = frozenset(
    NamedNode(iri) for iri in (RDF + "type", CG + "review", CG + "wordsOf", DCTERMS + "isPartOf")
)


@dataclass(frozen=True)
class Change:
    """What changes in the graphs ``decisions`` and ``standing``.

    ``nodes`` are those of which it can change what the shapes find, ``names`` what findings call them.
    """

    stood: Stood
    added: Sequence[Quad]
    removed: Sequence[Quad]
    nodes: Sequence[NamedNode]
    names: frozenset[str]

    @property
    def quads(self) -> list[Quad]:
        """All quads of the two graphs after the change."""
        return self.stood.quads


class WorkingCopy:
    """A built review in memory, with what its register holds, up to the entries last taken in."""

    def __init__(self, ontology: Path, read: ReviewAsRead, held: Sequence[Quad]) -> None:
        """Take a review as it is read, and the quads that its store holds of its register."""
        self._ontology = ontology
        self.read = read
        self._review = read.found.iris.base
        fixed = (*read.known, *read.stated)
        self._fixed = {quad.triple for quad in fixed}
        self._parts: Parts = {"as built": tuple(held)}
        self._held = Counter(held)
        self._union = Store()
        self._union.bulk_extend(map(_in_union, (*fixed, *held)))

    def take_in(self, entries: Sequence[Entry]) -> Change:
        """Bring the graphs to what all entries of the register make them; return what that changes."""
        stood = self.read.stand(entries)
        before, after = Counter[Quad](), Counter[Quad]()
        for key in self._parts.keys() | stood.parts.keys():
            old, new = self._parts.get(key, ()), stood.parts.get(key, ())
            if old is not new:
                before.update(set(old))
                after.update(set(new))
        added = tuple(quad for quad in after if quad not in self._held)
        self._held.update(after)
        self._held.subtract(before)
        removed = tuple(quad for quad in before if not self._held[quad])
        for quad in removed:
            del self._held[quad]
        self._parts = dict(stood.parts)
        self._union.extend(map(_in_union, added))
        nodes = self._affected([*added, *removed])
        names = self._names(nodes)
        for quad in removed:
            if quad.triple not in self._fixed:
                self._union.remove(_in_union(quad))
        return Change(stood, added, removed, nodes, frozenset(names | self._names(nodes)))

    def findings(self, change: Change, before: Iterable[Finding]) -> list[Finding]:
        """Return what the shapes find after the last change; ``before`` is what they found before."""
        review = name_of(self._union, self._review)

        def concerned(finding: Finding) -> bool:
            of_review = finding.focus == review and finding.value is not None
            return (finding.value if of_review else finding.focus) in change.names

        kept = [finding for finding in before if not concerned(finding)]
        found = validate_nodes(self._ontology, self._union, change.nodes)
        return in_order([*kept, *filter(concerned, found)])

    def all_findings(self) -> list[Finding]:
        """Return what the shapes find of the whole review."""
        return validate_store(self._ontology, self._union)

    def _affected(self, changed: Iterable[Quad]) -> list[NamedNode]:
        """Return the nodes of which findings can change with some quads, all of them in the union."""
        seeds: dict[NamedNode, None] = {}
        for quad in changed:
            seeds[_named(quad.subject)] = None
            asked = quad.predicate not in _NO_FINDING_OF_ITS_OBJECT
            if asked and isinstance(quad.object, NamedNode) and not quad.object.value.startswith(VOCAB):
                seeds[quad.object] = None
        found: dict[NamedNode, None] = {}
        waiting = list(seeds)
        while waiting:
            node = waiting.pop()
            if node not in found and not self._is_reading(node):
                found[node] = None
                waiting += self._tied(node)
        return list(found)

    def _tied(self, node: NamedNode) -> Iterator[NamedNode]:
        for predicate in _FORWARD:
            for quad in self._union.quads_for_pattern(node, predicate, None):
                yield _named(quad.object)
        for predicate in _BACKWARD:
            for quad in self._union.quads_for_pattern(None, predicate, node):
                yield _named(quad.subject)
        for held in self._union.quads_for_pattern(node, _IDENTIFIER, None):
            for quad in self._union.quads_for_pattern(None, _IDENTIFIER, held.object):
                yield _named(quad.subject)

    def _is_reading(self, node: NamedNode) -> bool:
        """Say whether a node is a reading: no shape asks of one what a register changes."""
        return Quad(node, NamedNode(RDF + "type"), NamedNode(CG + "Reading")) in self._union

    def _names(self, nodes: Iterable[NamedNode]) -> set[str]:
        names = {name_of(self._union, node.value) for node in nodes}
        return names | {shorten(name) for name in names}


def _named(node: object) -> NamedNode:
    assert isinstance(node, NamedNode)
    return node


def _in_union(quad: Quad) -> Quad:
    return Quad(quad.subject, quad.predicate, quad.object, DefaultGraph())
