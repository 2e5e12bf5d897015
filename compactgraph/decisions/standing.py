"""How a review stands: what follows from its readings and the decisions together, by the same rules.

What a decision puts in the place of a recommendation is given to the rules of ``ontology/rules`` as one;
what was given up is left out; and the rules say where each provision goes and what becomes of it. They
were asked the same of the readings alone when the review was built.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from threading import Lock

from pyoxigraph import Literal, NamedNode, Quad, Store

from compactgraph.common.namespaces import (
    CG,
    DCTERMS,
    PROV,
    RDF,
    VOCAB,
)
from compactgraph.common.schemes import Disposition, Relation, Status
from compactgraph.decisions.drafts import Drafts, drafts_of
from compactgraph.decisions.effects import Decided, Move, Standing, fold, until
from compactgraph.decisions.kept_words import kept_words
from compactgraph.decisions.lineage import origins
from compactgraph.decisions.reviewed import Read, names_in, read
from compactgraph.decisions.statements import Parts, Statements
from compactgraph.decisions.suspects import Resting, now, resting_on, suspects_of
from compactgraph.graph.rules import apply_rules
from compactgraph.register.entry import Entry
from compactgraph.sparql.dataset import Dataset


@dataclass(frozen=True)
class Stood:
    """How a review stands on a day: as quads, and as what they were made of.

    ``parts`` are the quads of its entries and drafts, and of ``"standing"``, which follows from them.
    ``decided`` are the movements that decisions make, by identifier; ``outcomes`` what becomes of each
    provision; ``resting`` what rests on which words, and ``suspects`` what rests on words that have
    changed, each with the texts that have.
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
    """Return a store in memory that holds a review as it stands; the quads are those it was made of."""
    memory = Store()
    memory.extend([*known, *read, *stood.quads])
    return memory


def stand(
    ontology: Path,
    review: str,
    known: Sequence[Quad],
    stated: Sequence[Quad],
    entries: Sequence[Entry],
    day: str | None = None,
) -> Stood:
    """Return how a review stands on ``day``, or now if it is None: see :class:`ReviewAsRead`."""
    return ReviewAsRead(ontology, review, known, stated).stand(entries, day)


class ReviewAsRead:
    """A review before anything was decided, which says how it stands after the entries of a register.

    It keeps what it worked out of each entry and each provision. Asked again with one more entry, it
    works out only what that entry changes.
    """

    def __init__(
        self, ontology: Path, review: str, known: Sequence[Quad], stated: Sequence[Quad]
    ) -> None:
        """Take the quads of the vocabularies and references, and those of the source and the reading."""
        self.known = known
        self.stated = stated
        self.found = read(review, known, stated)
        self._statements = Statements(names_in(self.found), self.found.language)
        self._rules = _Rules(ontology, self.found, known, stated)
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
        follows = _Follows(found, standing, self._rules).quads()
        quads = [*follows, *_marks(found, standing)]
        remembered = self._statements.remembered(held, drafts) if suspects else {}
        quads += _changed(found, drafts, resting, suspects, remembered)
        quads += _lineage(found, drafts)
        if (stands := tuple(quads)) != self._standing:
            self._standing = stands
        decided, outcomes = _read_back(found, follows)
        parts["standing"] = self._standing
        return Stood(parts, found, standing, decided, drafts, outcomes, resting, suspects, held)


def _read_back(found: Read, follows: Iterable[Quad]) -> tuple[dict[str, Move], dict[str, str]]:
    """Return the decided movements, and the outcome of each provision, that quads state."""
    names = {iri: name for name, iri in found.provisions.items()}
    values = {
        (q.subject.value, q.predicate.value): q.object.value
        for q in follows
        if isinstance(q.subject, NamedNode) and isinstance(q.object, NamedNode)
    }
    recommendations = found.iris.recommendation("")
    decided, outcomes = {}, {}
    for (subject, predicate), value in values.items():
        if predicate == CG + "outcome":
            outcomes[names[subject]] = value.removeprefix(VOCAB + "outcome/")
        elif predicate == CG + "from":
            name = subject.removeprefix(found.iris.movement(""))
            relation = values[subject, CG + "relation"].removeprefix(VOCAB + "relation/")
            basis = values.get((subject, CG + "basis"), "").removeprefix(recommendations)
            to = found.identifier_of(values.get((subject, CG + "to"), ""))
            decided[name] = Move(name, names[value], basis, relation, to)
    return decided, outcomes


# What follows


class _Rules:
    """What the rules derive of each provision, with what was decided for what was recommended.

    The rules look at one provision at a time. A provision on which nothing was decided keeps the outcome
    that the review recommends; another is derived anew only if what was decided on it has changed.
    """

    def __init__(
        self, ontology: Path, found: Read, known: Sequence[Quad], stated: Sequence[Quad]
    ) -> None:
        self._ontology = ontology
        self._found = found
        self._known = known
        self._graph = NamedNode(found.iris.graph("standing"))
        self._names = names_in(found)
        self._derived: dict[str, tuple[object, list[Quad]]] = {}
        self._moves: dict[str, list[str]] = {}
        for move in found.moves.values():
            self._moves.setdefault(move.provision, []).append(move.identifier)
        owners = {found.iris.movement(move.identifier): move.provision for move in found.moves.values()}
        for name, texts in found.texts_of.items():
            owners |= {found.iris.said(text): name for text in texts}
        owners[found.iris.base] = ""
        self._stated: dict[str, list[Quad]] = {}
        self._recommended: dict[str, Quad] = {}
        self.moves_to: set[tuple[object, object]] = set()
        for quad in stated:
            owner = owners.get(quad.subject.value) if isinstance(quad.subject, NamedNode) else None
            if owner is None:
                continue
            if quad.predicate.value in _COUNTING:
                self._stated.setdefault(owner, []).append(quad)
            elif quad.predicate.value == CG + "recommendedOutcome":
                self._recommended[owner] = quad
            elif quad.predicate.value == CG + "movesTo":
                self.moves_to.add((quad.subject, quad.object))

    def derived(self, standing: Standing) -> list[Quad]:
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
        found: dict[str, list[Quad]] = {name: [] for name in on}
        if not on:
            return found
        counting = [quad for name in ("", *on) for quad in self._counting(standing, name)]
        owners = {f"d{each.number}": name for name, decided in on.items() for each in decided}
        for decided in chain.from_iterable(on.values()):
            counting += self._as_recommendation(decided)
        provision, movement = self._found.iris.provision(""), self._found.iris.movement("")
        for quad in apply_rules(self._ontology, self._known, counting, self._graph.value):
            assert isinstance(quad.subject, NamedNode)
            name = quad.subject.value.removeprefix(movement)
            if name in self._found.moves:
                continue
            owner = owners.get(name.partition("/")[0], name.removeprefix(provision))
            found[owner].append(quad)
        return found

    def _counting(self, standing: Standing, provision: str) -> Iterator[Quad]:
        """Yield what counts of a provision: without what was given up, and without the readings."""
        iris = self._found.iris
        moves = self._moves.get(provision, ())
        settled = {iris.movement(name) for name in moves if name in standing.settled}
        chosen = {
            iris.movement(name): self._found.moves[name] for name in moves if name in standing.chosen
        }
        given_up = set(self._given_up(standing, provision))
        for quad in self._stated.get(provision, ()):
            predicate, subject = quad.predicate.value, quad.subject
            assert isinstance(subject, NamedNode)
            if subject.value in settled or (subject.value, quad.object) in given_up:
                continue
            if isinstance(quad.object, NamedNode) and quad.object.value in settled:
                continue
            if predicate == CG + "relation" and subject.value in chosen:
                stays = chosen[subject.value].to == self._found.successor
                relation = NamedNode(f"{VOCAB}relation/{'stays' if stays else 'moves'}")
                yield Quad(subject, quad.predicate, relation, quad.graph_name)
                continue
            yield quad

    def _given_up(self, standing: Standing, provision: str) -> Iterator[tuple[str, NamedNode]]:
        """Yield the dispositions of recommendations of which no movement counts any more."""
        found = self._found
        elsewhere = {name for name in standing.chosen if found.moves[name].to != found.successor}
        out = standing.settled | elsewhere
        moves = [found.moves[name] for name in self._moves.get(provision, ())]
        for recommendation in dict.fromkeys(move.basis for move in moves):
            for disposition in found.dispositions.get(recommendation, ()):
                leads_to = found.leads_to.get(disposition, ())
                fitting = [m for m in moves if m.basis == recommendation and m.relation in leads_to]
                if fitting and all(move.identifier in out for move in fitting):
                    term = NamedNode(f"{VOCAB}disposition/{disposition}")
                    yield found.iris.said(recommendation), term

    def _quad(self, subject: str, predicate: str, value: NamedNode | Literal) -> Quad:
        return Quad(NamedNode(subject), NamedNode(predicate), value, self._graph)

    def _as_recommendation(self, decided: Decided) -> Iterator[Quad]:
        """Yield what was decided as a recommendation and its readings, which the rules read."""
        iris = self._found.iris
        iri = iris.decision(decided.number)
        yield self._quad(iris.provision(decided.provision), CG + "hasRecommendation", NamedNode(iri))
        yield self._quad(iri, DCTERMS + "identifier", Literal(decided.name))
        terms = [("disposition", term) for term in decided.dispositions]
        terms += [("reason", term) for term in decided.reasons]
        for scheme, term in terms:
            yield self._quad(iri, CG + scheme, NamedNode(f"{VOCAB}{scheme}/{term}"))
            yield from self._as_reading(iri, scheme, term)
        if relation := _relation_to(decided):
            yield from self._as_reading(iri, "relation", relation, decided.to)

    def _as_reading(self, of: str, scheme: str, term: str, to: str = "") -> Iterator[Quad]:
        reading = f"{of}/read-as/{scheme}/{term}"
        yield self._quad(reading, RDF + "subject", NamedNode(of))
        yield self._quad(reading, RDF + "predicate", NamedNode(CG + scheme))
        yield self._quad(reading, RDF + "object", NamedNode(f"{VOCAB}{scheme}/{term}"))
        yield self._quad(reading, CG + "review", NamedNode(self._found.iris.base))
        if to:
            yield self._quad(reading, CG + "to", NamedNode(self._names.reference(to)))


class _Follows:
    """The statuses, the decided movements and the outcomes, as quads of the graph ``standing``."""

    def __init__(self, found: Read, standing: Standing, rules: _Rules) -> None:
        self._found = found
        self._standing = standing
        self._rules = rules
        self._graph = NamedNode(found.iris.graph("standing"))

    def quads(self) -> list[Quad]:
        derived = self._rules.derived(self._standing)
        quads = [
            self._quad(quad.subject.value, CG + "outcome", quad.object)
            for quad in derived
            if quad.predicate.value == CG + "recommendedOutcome"
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode)
        ]
        quads += self._decided(derived)
        for move, status in self._standing.statuses.items():
            quads.append(self._status(self._found.iris.movement(move), status))
        return quads

    def _quad(self, subject: str, predicate: str, value: NamedNode | Literal) -> Quad:
        return Quad(NamedNode(subject), NamedNode(predicate), value, self._graph)

    def _status(self, movement: str, status: str) -> Quad:
        return self._quad(movement, CG + "status", NamedNode(f"{VOCAB}status/{status}"))

    def _decided(self, derived: Iterable[Quad]) -> Iterator[Quad]:
        """Yield the movements that decisions make, each with the decision that it comes from."""
        iris = self._found.iris
        by_prefix = {iris.movement(f"{decided.name}/"): decided for decided in self._standing.decided}

        def decided_by(node: object) -> Decided | None:
            if not isinstance(node, NamedNode):
                return None
            name = node.value.removeprefix(iris.movement(""))
            return by_prefix.get(iris.movement(name.partition("/")[0] + "/"))

        movements: dict[str, tuple[Decided, list[Quad]]] = {}
        shortcuts: list[Quad] = []
        for quad in derived:
            subject = quad.subject
            made = decided_by(subject)
            if made is not None and isinstance(subject, NamedNode):
                movements.setdefault(subject.value, (made, []))[1].append(quad)
            elif quad.predicate.value == CG + "hasMovement" and decided_by(quad.object):
                shortcuts.append(quad)
        # Some services repeat in an answer what stands in two graphs.
        moves_to = self._rules.moves_to
        for movement, (decided, quads) in movements.items():
            for quad in quads:
                if quad.predicate.value not in (CG + "basis", PROV + "wasDerivedFrom"):
                    yield quad
                provision = NamedNode(iris.provision(decided.provision))
                if quad.predicate.value == CG + "to" and (provision, quad.object) not in moves_to:
                    yield Quad(provision, NamedNode(CG + "movesTo"), quad.object, self._graph)
            yield self._quad(movement, PROV + "wasGeneratedBy", NamedNode(iris.decision(decided.number)))
            if decided.basis:
                yield self._quad(movement, CG + "basis", NamedNode(iris.said(decided.basis)))
            applied = movement.removeprefix(iris.movement("")) in self._standing.applied
            yield self._status(movement, Status.APPLIED if applied else Status.AGREED)
        yield from shortcuts


_COUNTING = frozenset(
    [
        RDF + "type",
        DCTERMS + "identifier",
        *(
            CG + name
            for name in (
                *("review", "successor", "hasRecommendation", "hasMovement", "from", "to"),
                *("relation", "basis", "disposition", "reason"),
            )
        ),
    ]
)


def _relation_to(decided: Decided) -> str:
    """Return the relation that a decision's destination stands in, empty if the rules tell it.

    What is kept stays, and the rules say where; a destination is named for what leaves or refers.
    """
    if not decided.to:
        return ""
    if Disposition.REFER in decided.dispositions:
        return Relation.REFERS
    return Relation.MOVES if Disposition.REMOVE in decided.dispositions else ""


def _marks(found: Read, standing: Standing) -> Iterator[Quad]:
    """Yield which items are contested, and which decisions are on nothing here."""
    for item, numbers in standing.contested.items():
        of = found.iris.provision if item in found.provisions else found.iris.movement
        for number in numbers:
            yield _mark(found, of(item), CG + "contestedBy", found.iris.decision(number))
    for number in standing.void:
        yield _mark(found, found.iris.decision(number), RDF + "type", CG + "VoidDecision")


def _changed(
    found: Read,
    drafts: Drafts,
    resting: Resting,
    suspects: Mapping[str, tuple[str, ...]],
    remembered: Mapping[tuple[str, str], str],
) -> Iterator[Quad]:
    """Yield which words of what is suspect have changed, and from which.

    ``remembered`` has the IRI of remembered words by their text's name and their fingerprint.
    """
    names = names_in(found)
    for name, changed in suspects.items():
        iri = names.confirmed(name)
        if iri is None:
            continue
        for text in changed:
            of = names.text(text)
            yield _mark(found, iri, CG + "changedWords", of)
            for print_ in resting[name].get(text, frozenset()) - {now(found, drafts, text)}:
                if (text, print_) in remembered:
                    yield _mark(found, iri, CG + "changedFrom", remembered[text, print_])


def _mark(found: Read, subject: str, predicate: str, value: str) -> Quad:
    graph = NamedNode(found.iris.graph("standing"))
    return Quad(NamedNode(subject), NamedNode(predicate), NamedNode(value), graph)


def _lineage(found: Read, drafts: Drafts) -> Iterator[Quad]:
    """Yield which provisions under review each provision of a draft came from, through all drafts."""
    names = names_in(found)
    steps = {p.name: p.origins for draft in drafts.all for p in draft.provisions.values()}
    for name, first in origins(steps, steps, found.provisions).items():
        iri = names.text(name)
        for origin in first:
            yield _mark(found, iri, CG + "originatesIn", found.iris.provision(origin))
    if drafts.latest is not None:
        latest = found.iris.draft(drafts.latest.number)
        yield _mark(found, found.iris.base, CG + "latestDraft", latest)
