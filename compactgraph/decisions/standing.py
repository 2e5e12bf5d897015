"""How a review stands: what follows from its readings and the decisions together, by the same rules.

The rules of ``ontology/rules`` read what was decided as a recommendation. What it replaces, and what
was given up, they do not read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from threading import Lock

from pyoxigraph import Literal, NamedNode, Quad, Store, Triple

from compactgraph.common.namespaces import CG, DCTERMS, PROV, RDF, VOCAB
from compactgraph.common.schemes import Disposition, Relation, Status
from compactgraph.decisions.drafts import Drafts, drafts_of, origins
from compactgraph.decisions.effects import Decided, Move, Standing, fold, until
from compactgraph.decisions.kept_words import kept_words
from compactgraph.decisions.reviewed import Read, names_in, notation, read
from compactgraph.decisions.statements import Names, Parts, Statements
from compactgraph.decisions.suspects import Resting, now, resting_on, suspects_of
from compactgraph.graph.rules import apply_rules
from compactgraph.register.entry import Entry
from compactgraph.sparql.dataset import Dataset

_READ_BY_RULES = frozenset(
    [
        RDF + "type",
        DCTERMS + "identifier",
        *(CG + name for name in ("review", "successor", "hasRecommendation", "hasMovement")),
        *(CG + name for name in ("from", "to", "relation", "basis", "disposition", "reason")),
    ]
)
"""The predicates that say what the rules read of a provision, without the readings."""


@dataclass(frozen=True)
class Stood:
    """How a review stands on a day: as quads, and as what they were made of.

    ``parts`` are the quads of its entries and drafts, and of ``"standing"``, which follows from them.
    ``decided`` are the movements that decisions make, by identifier; ``outcomes`` those of provisions;
    ``suspects`` what rests on words that have changed, each with the texts that have.
    """

    parts: Parts
    found: Read
    standing: Standing
    decided: Mapping[str, Move]
    drafts: Drafts
    outcomes: Mapping[str, str]
    resting: Resting
    suspects: Mapping[str, tuple[str, ...]]
    entries: Sequence[Entry]

    @property
    def quads(self) -> list[Quad]:
        """The quads of the graphs ``decisions`` and ``standing``, each once."""
        return list(dict.fromkeys(chain.from_iterable(self.parts.values())))

    def status_of(self, movement: str) -> str:
        """Return the status of a movement, empty if no movement has that identifier."""
        if movement in self.decided:
            return Status.APPLIED if movement in self.standing.applied else Status.AGREED
        return self.standing.statuses.get(movement, "")


def in_memory(known: Iterable[Quad], read: Iterable[Quad], stood: Stood) -> Dataset:
    """Return a store in memory that holds a review as it stands, with the quads it was made of."""
    memory = Store()
    memory.extend([*known, *read, *stood.quads])
    return memory


class ReviewAsRead:
    """A review before anything was decided. It says how it stands after the entries of a register.

    It keeps what it worked out, and works out only what has changed since.
    """

    def __init__(
        self, ontology: Path, review: str, known: Sequence[Quad], stated: Sequence[Quad]
    ) -> None:
        """Take the quads of the vocabularies and references, and those of the source and the reading."""
        self.known = known
        self.stated = stated
        self.found = read(review, known, stated)
        self._names = names_in(self.found)
        self._statements = Statements(self._names, self.found.language)
        self._rules = _Rules(ontology, self.found, self._names, known, stated)
        self._standing: tuple[Quad, ...] = ()
        self._last: Stood | None = None
        self._lock = Lock()

    def stand(self, entries: Sequence[Entry], day: str | None = None) -> Stood:
        """Return how the review stands on ``day``, or now if it is None.

        ``entries`` are all of its register. Raises FolderError if a rule does not parse.
        """
        with self._lock:
            held = until(entries, day)
            if day is not None:
                return self._stand(held, entries, day)
            if self._last is None or self._last.entries != held:
                self._last = self._stand(held, entries, None)
            return self._last

    def _stand(self, held: list[Entry], entries: Sequence[Entry], day: str | None) -> Stood:
        found = self.found
        drafts = drafts_of(entries, day)
        standing = fold(list(found.moves.values()), found.provisions, held)
        resting = resting_on(found, held, drafts, standing.superseded)
        suspects = suspects_of(found, drafts, resting)
        parts = self._statements.parts(held, drafts, kept_words(entries))
        follows = self._rules.follow(standing)
        remembered = self._statements.remembered(held, drafts) if suspects else {}
        quads = (
            *follows.quads,
            *self._marks(standing),
            *self._changed(drafts, resting, suspects, remembered),
            *self._lineage(drafts),
        )
        if quads != self._standing:
            self._standing = quads
        parts["standing"] = self._standing
        decided, outcomes = follows.decided, follows.outcomes
        return Stood(parts, found, standing, decided, drafts, outcomes, resting, suspects, held)

    def _marks(self, standing: Standing) -> Iterator[Quad]:
        """Yield which items are contested, and which decisions are on nothing here."""
        iris = self.found.iris
        for item, numbers in standing.contested.items():
            of = iris.provision if item in self.found.provisions else iris.movement
            for number in numbers:
                yield self._rules.quad(of(item), CG + "contestedBy", iris.decision(number))
        for number in standing.void:
            yield self._rules.quad(iris.decision(number), RDF + "type", CG + "VoidDecision")

    def _changed(
        self,
        drafts: Drafts,
        resting: Resting,
        suspects: Mapping[str, tuple[str, ...]],
        remembered: Mapping[tuple[str, str], str],
    ) -> Iterator[Quad]:
        """Yield which words of what is suspect have changed, and from which.

        ``remembered`` has the IRI of remembered words by their text's name and their fingerprint.
        """
        for name, changed in suspects.items():
            iri = self._names.confirmed(name)
            if iri is None:
                continue
            for text in changed:
                yield self._rules.quad(iri, CG + "changedWords", self._names.text(text))
                for print_ in resting[name].get(text, frozenset()) - {now(self.found, drafts, text)}:
                    if (text, print_) in remembered:
                        yield self._rules.quad(iri, CG + "changedFrom", remembered[text, print_])

    def _lineage(self, drafts: Drafts) -> Iterator[Quad]:
        """Yield which provisions under review those of all drafts came from, directly or not."""
        iris = self.found.iris
        steps = {p.name: p.origins for draft in drafts.all for p in draft.provisions.values()}
        for name, first in origins(steps, steps, self.found.provisions).items():
            iri = self._names.text(name)
            for origin in first:
                yield self._rules.quad(iri, CG + "originatesIn", iris.provision(origin))
        if drafts.latest is not None:
            yield self._rules.quad(iris.base, CG + "latestDraft", iris.draft(drafts.latest.number))


# What follows by the rules


@dataclass
class _Follows:
    """The statuses, the decided movements and the outcomes: as quads, and the last two by name."""

    quads: list[Quad] = field(default_factory=list)
    decided: dict[str, Move] = field(default_factory=dict)
    outcomes: dict[str, str] = field(default_factory=dict)


class _Rules:
    """What the rules derive of each provision, with what was decided for what was recommended.

    The rules look at one provision at a time, and again only if the decisions on it have changed.
    """

    def __init__(
        self, ontology: Path, found: Read, names: Names, known: Sequence[Quad], stated: Iterable[Quad]
    ) -> None:
        self._ontology = ontology
        self._found = found
        self._names = names
        self._known = known
        self._graph = NamedNode(found.iris.graph("standing"))
        self._derived: dict[str, tuple[object, list[Quad]]] = {}
        self._moves: defaultdict[str, list[str]] = defaultdict(list)
        owners = {found.iris.base: ""}
        for name, move in found.moves.items():
            self._moves[move.provision].append(name)
            owners[found.iris.movement(name)] = move.provision
        for name, texts in found.texts_of.items():
            owners |= {found.iris.said(text): name for text in texts}
        self._stated: defaultdict[str, list[Quad]] = defaultdict(list)
        self._recommended: dict[str, Quad] = {}
        self._shortcuts = {
            _iri(q.subject): _iri(q.object) for q in known if q.predicate.value == CG + "shortcut"
        }
        ties = {CG + "hasDestination", *self._shortcuts.values()}
        self._tied: set[Triple] = set()
        for quad in stated:
            predicate, subject = quad.predicate.value, _iri(quad.subject)
            if subject not in owners:
                continue
            if predicate in _READ_BY_RULES:
                self._stated[owners[subject]].append(quad)
            elif predicate == CG + "recommendedOutcome":
                self._recommended[owners[subject]] = quad
            elif predicate in ties:
                self._tied.add(quad.triple)

    def quad(self, subject: str, predicate: str, value: str | Literal) -> Quad:
        """Return a quad of the graph ``standing``; a text is the IRI of a node."""
        node = NamedNode(value) if isinstance(value, str) else value
        return Quad(NamedNode(subject), NamedNode(predicate), node, self._graph)

    def follow(self, standing: Standing) -> _Follows:
        """Return what follows from how the decisions stand."""
        derived = self._derive(standing)
        follows = _Follows()
        names = {iri: name for name, iri in self._found.provisions.items()}
        for quad in derived:
            if quad.predicate.value == CG + "recommendedOutcome":
                provision, outcome = _iri(quad.subject), _iri(quad.object)
                follows.quads.append(self.quad(provision, CG + "outcome", outcome))
                follows.outcomes[names[provision]] = notation(outcome)
        self._add_decided(follows, standing, derived)
        for name, status in standing.statuses.items():
            follows.quads.append(self._status(self._found.iris.movement(name), status))
        return follows

    def _status(self, movement: str, status: str) -> Quad:
        return self.quad(movement, CG + "status", _term("status", status))

    def _add_decided(self, follows: _Follows, standing: Standing, derived: Iterable[Quad]) -> None:
        """Add the movements that decisions make, each with the decision that it comes from."""
        found, iris = self._found, self._found.iris
        by_name = {decided.name: decided for decided in standing.decided}
        movements: defaultdict[str, list[Quad]] = defaultdict(list)
        links = []
        for quad in derived:
            subject, value = self._movement(quad.subject), self._movement(quad.object)
            if _basis(subject) in by_name:
                movements[subject].append(quad)
            elif quad.predicate.value == CG + "hasMovement" and _basis(value) in by_name:
                links.append(quad)
        for name, quads in movements.items():
            iri, made = iris.movement(name), by_name[_basis(name)]
            values = {quad.predicate.value: _iri(quad.object) for quad in quads}
            to, relation = values.get(CG + "to", ""), notation(values[CG + "relation"])
            goes_to = found.identifier_of(to)
            follows.decided[name] = Move(name, made.provision, made.basis, relation, goes_to)
            bases = (CG + "basis", PROV + "wasDerivedFrom")
            follows.quads += [quad for quad in quads if quad.predicate.value not in bases]
            if to:
                ties = (CG + "hasDestination", self._shortcuts[values[CG + "relation"]])
                to_there = [self.quad(iris.provision(made.provision), tie, to) for tie in ties]
                # Some services repeat in an answer what stands in two graphs.
                follows.quads += [quad for quad in to_there if quad.triple not in self._tied]
            follows.quads.append(self.quad(iri, PROV + "wasGeneratedBy", iris.decision(made.number)))
            if made.basis:
                follows.quads.append(self.quad(iri, CG + "basis", iris.said(made.basis)))
            applied = name in standing.applied
            follows.quads.append(self._status(iri, Status.APPLIED if applied else Status.AGREED))
        follows.quads += links

    def _movement(self, node: object) -> str:
        """Return the identifier of a movement; of anything else its IRI, or nothing."""
        return _iri(node).removeprefix(self._found.iris.movement(""))

    def _derive(self, standing: Standing) -> list[Quad]:
        """Return every outcome, and the decided movements with all that the rules say of them."""
        on: dict[str, list[Decided]] = {
            self._found.moves[name].provision: [] for name in standing.settled | standing.chosen
        }
        for decided in standing.decided:
            on.setdefault(decided.provision, []).append(decided)
        matters = {name: self._matter(standing, name, decided) for name, decided in on.items()}
        changed = [n for n, matter in matters.items() if self._derived.get(n, ("",))[0] != matter]
        for name, quads in self._by_the_rules(standing, {name: on[name] for name in changed}).items():
            self._derived[name] = (matters[name], quads)
        quads = [quad for name, quad in self._recommended.items() if name not in on]
        return quads + [quad for name in on for quad in self._derived[name][1]]

    def _matter(self, standing: Standing, provision: str, decided: Iterable[Decided]) -> object:
        """Return all that the rules need to know of the decisions on a provision."""
        moves = self._moves.get(provision, ())
        return (
            [name for name in moves if name in standing.settled],
            [name for name in moves if name in standing.chosen],
            list(decided),
        )

    def _by_the_rules(
        self, standing: Standing, on: Mapping[str, Sequence[Decided]]
    ) -> dict[str, list[Quad]]:
        """Return what the rules derive of some provisions, by their names."""
        derived: dict[str, list[Quad]] = {name: [] for name in on}
        if not on:
            return derived
        counting = [quad for name in ("", *on) for quad in self._counting(standing, name)]
        owners = {each.name: name for name, decided in on.items() for each in decided}
        for decided in chain.from_iterable(on.values()):
            counting += self._as_recommendation(decided)
        provision = self._found.iris.provision("")
        for quad in apply_rules(self._ontology, self._known, counting, self._graph.value):
            name = self._movement(quad.subject)
            if name not in self._found.moves:
                derived[owners.get(_basis(name), name.removeprefix(provision))].append(quad)
        return derived

    def _counting(self, standing: Standing, provision: str) -> Iterator[Quad]:
        """Yield what counts of a provision: without what was given up, and without the readings."""
        found = self._found
        given_up = set(self._given_up(standing, provision))
        for quad in self._stated.get(provision, ()):
            subject, value = self._movement(quad.subject), self._movement(quad.object)
            if {subject, value} & standing.settled or (subject, value) in given_up:
                continue
            if quad.predicate.value == CG + "relation" and subject in standing.chosen:
                stays = found.moves[subject].to == found.successor
                relation = NamedNode(_term("relation", Relation.STAYS if stays else Relation.MOVES))
                yield Quad(quad.subject, quad.predicate, relation, quad.graph_name)
            else:
                yield quad

    def _given_up(self, standing: Standing, provision: str) -> Iterator[tuple[str, str]]:
        """Yield the dispositions of recommendations of which no movement counts any more."""
        found = self._found
        out = standing.settled | {n for n in standing.chosen if found.moves[n].to != found.successor}
        moves = [found.moves[name] for name in self._moves.get(provision, ())]
        for recommendation in dict.fromkeys(move.basis for move in moves):
            for disposition in found.dispositions.get(recommendation, ()):
                leads_to = found.leads_to.get(disposition, ())
                fitting = [m for m in moves if m.basis == recommendation and m.relation in leads_to]
                if fitting and all(move.identifier in out for move in fitting):
                    yield found.iris.said(recommendation), _term("disposition", disposition)

    def _as_recommendation(self, decided: Decided) -> Iterator[Quad]:
        """Yield what was decided as a recommendation and its readings, which the rules read."""
        iris = self._found.iris
        iri = iris.decision(decided.number)
        yield self.quad(iris.provision(decided.provision), CG + "hasRecommendation", iri)
        yield self.quad(iri, DCTERMS + "identifier", Literal(decided.name))
        for scheme, terms in (("disposition", decided.dispositions), ("reason", decided.reasons)):
            for term in terms:
                yield self.quad(iri, CG + scheme, _term(scheme, term))
                yield from self._as_reading(iri, scheme, term)
        if relation := _relation_to(decided):
            yield from self._as_reading(iri, "relation", relation, decided.to)

    def _as_reading(self, of: str, scheme: str, term: str, to: str = "") -> Iterator[Quad]:
        reading = f"{of}/read-as/{scheme}/{term}"
        yield self.quad(reading, RDF + "subject", of)
        yield self.quad(reading, RDF + "predicate", CG + scheme)
        yield self.quad(reading, RDF + "object", _term(scheme, term))
        yield self.quad(reading, CG + "review", self._found.iris.base)
        if to:
            yield self.quad(reading, CG + "to", self._names.reference(to))


def _relation_to(decided: Decided) -> str:
    """Return the relation in which a decision's destination stands, empty if the rules tell it.

    What is kept stays, and the rules say where; a destination is named for what leaves or refers.
    """
    if decided.to and Disposition.REFER in decided.dispositions:
        return Relation.REFERS
    return Relation.MOVES if decided.to and Disposition.REMOVE in decided.dispositions else ""


def _iri(node: object) -> str:
    """Return the IRI of a node, empty for a literal."""
    return node.value if isinstance(node, NamedNode) else ""


def _basis(movement: str) -> str:
    """Return the identifier of the recommendation or decision that a movement rests on."""
    return movement.partition("/")[0]


def _term(scheme: str, notation: str) -> str:
    return f"{VOCAB}{scheme}/{notation}"
