"""How a review stands: what follows from its readings and the decisions together, by the same rules.

What a decision puts in the place of a recommendation is given to the rules of ``ontology/rules`` as one;
what was given up is left out; and the rules say where each provision goes and what becomes of it. They
were asked the same of the readings alone when the review was built.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

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
from compactgraph.decisions.statements import state
from compactgraph.decisions.suspects import Resting, now, resting_on, suspects_of
from compactgraph.graph.rules import apply_rules
from compactgraph.register.entry import Entry
from compactgraph.sparql.dataset import Dataset


@dataclass(frozen=True)
class Stood:
    """How a review stands on a day: as quads, and as what they were made of.

    ``decided`` are the movements that decisions make, by identifier; ``outcomes`` what becomes of each
    provision; ``resting`` what rests on which words, and ``suspects`` what rests on words that have
    changed, each with the texts that have.
    """

    quads: list[Quad]
    found: Read
    standing: Standing
    decided: Mapping[str, Move]
    drafts: Drafts
    outcomes: Mapping[str, str]
    resting: Resting
    suspects: Mapping[str, tuple[str, ...]]
    entries: Sequence[Entry]

    def status_of(self, movement: str) -> str:
        """Return the status of a movement, empty where there is none of that identifier."""
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
    """Return how a review stands on ``day``, or now where it is None.

    ``known`` are the quads of the vocabularies and references, ``stated`` those of the review's source
    and reading graphs, ``entries`` all of its register. The quads are those of the graphs ``decisions``
    and ``standing``. Raises FolderError where a rule does not parse.
    """
    found = read(review, known, stated)
    held = until(entries, day)
    drafts = drafts_of(entries, day)
    standing = fold(list(found.moves.values()), found.provisions, held)
    resting = resting_on(found, held, drafts, standing.superseded)
    suspects = suspects_of(found, drafts, resting)
    decisions = state(names_in(found), held, drafts, found.language, kept_words(entries))
    follows = _Follows(ontology, found, standing, known, stated).quads()
    quads = [*decisions, *follows, *_marks(found, standing)]
    quads += _changed(found, drafts, resting, suspects, decisions)
    quads += _lineage(found, drafts)
    decided, outcomes = _read_back(found, follows)
    return Stood(quads, found, standing, decided, drafts, outcomes, resting, suspects, held)


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


class _Follows:
    """The statuses, the decided movements and the outcomes, as quads of the graph ``standing``."""

    def __init__(
        self,
        ontology: Path,
        found: Read,
        standing: Standing,
        known: Sequence[Quad],
        stated: Sequence[Quad],
    ) -> None:
        self._ontology = ontology
        self._found = found
        self._standing = standing
        self._known = known
        self._stated = stated
        self._graph = NamedNode(found.iris.graph("standing"))
        self._names = names_in(found)

    def quads(self) -> list[Quad]:
        standing = self._standing
        nothing_decided = not standing.decided and not standing.settled and not standing.chosen
        derived = [] if nothing_decided else self._by_the_rules()
        quads = list(self._outcomes(derived if not nothing_decided else self._stated))
        quads += self._decided(derived)
        for move, status in standing.statuses.items():
            quads.append(self._status(self._found.iris.movement(move), status))
        return quads

    def _quad(self, subject: str, predicate: str, value: NamedNode | Literal) -> Quad:
        return Quad(NamedNode(subject), NamedNode(predicate), value, self._graph)

    def _status(self, movement: str, status: str) -> Quad:
        return self._quad(movement, CG + "status", NamedNode(f"{VOCAB}status/{status}"))

    def _outcomes(self, quads: Iterable[Quad]) -> Iterator[Quad]:
        for quad in quads:
            if quad.predicate.value == CG + "recommendedOutcome":
                assert isinstance(quad.subject, NamedNode)
                assert isinstance(quad.object, NamedNode)
                yield self._quad(quad.subject.value, CG + "outcome", quad.object)

    def _by_the_rules(self) -> list[Quad]:
        counting = [*self._counting(), *self._in_their_place()]
        return apply_rules(self._ontology, self._known, counting, self._graph.value)

    def _counting(self) -> Iterator[Quad]:
        """Yield what counts of the readings: without what was given up, and without the readings."""
        standing, iris = self._standing, self._found.iris
        settled = {iris.movement(name) for name in standing.settled}
        chosen = {iris.movement(name): self._found.moves[name] for name in standing.chosen}
        given_up = set(self._given_up())
        for quad in self._stated:
            predicate, subject = quad.predicate.value, quad.subject
            if predicate not in _COUNTING or not isinstance(subject, NamedNode):
                continue
            if subject.value in settled or (subject.value, quad.object) in given_up:
                continue
            if isinstance(quad.object, NamedNode) and quad.object.value in settled:
                continue
            if predicate == RDF + "type" and quad.object == NamedNode(CG + "Reading"):
                continue
            if predicate == CG + "relation" and subject.value in chosen:
                stays = chosen[subject.value].to == self._found.successor
                relation = NamedNode(f"{VOCAB}relation/{'stays' if stays else 'moves'}")
                yield Quad(subject, quad.predicate, relation, quad.graph_name)
                continue
            yield quad

    def _given_up(self) -> Iterator[tuple[str, NamedNode]]:
        """Yield the dispositions of recommendations of which no movement counts any more."""
        standing, found = self._standing, self._found
        elsewhere = {n for n in standing.chosen if found.moves[n].to != found.successor}
        out = standing.settled | elsewhere
        for recommendation, dispositions in found.dispositions.items():
            moves = [move for move in found.moves.values() if move.basis == recommendation]
            for disposition in dispositions:
                fitting = [m for m in moves if m.relation in found.leads_to.get(disposition, ())]
                if fitting and all(move.identifier in out for move in fitting):
                    term = NamedNode(f"{VOCAB}disposition/{disposition}")
                    yield found.iris.said(recommendation), term

    def _in_their_place(self) -> Iterator[Quad]:
        """Yield what was decided, as the recommendations and readings that the rules read."""
        for decided in self._standing.decided:
            yield from self._as_recommendation(decided)

    def _as_recommendation(self, decided: Decided) -> Iterator[Quad]:
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
        moves_to = {(q.subject, q.object) for q in self._stated if q.predicate.value == CG + "movesTo"}
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
    """Return the relation that a decision's destination stands in, empty where the rules tell it.

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
    decisions: Iterable[Quad],
) -> Iterator[Quad]:
    """Yield which words of what is suspect have changed, and from which that ``decisions`` remember."""
    names = names_in(found)
    remembered = _remembered(decisions) if suspects else {}
    for name, changed in suspects.items():
        iri = names.confirmed(name)
        if iri is None:
            continue
        for text in changed:
            of = names.text(text)
            yield _mark(found, iri, CG + "changedWords", of)
            for print_ in resting[name].get(text, frozenset()) - {now(found, drafts, text)}:
                if (of, print_) in remembered:
                    yield _mark(found, iri, CG + "changedFrom", remembered[of, print_])


def _remembered(decisions: Iterable[Quad]) -> dict[tuple[str, str], str]:
    """Return the IRI of remembered words by that of their text and their fingerprint."""
    texts: dict[str, str] = {}
    prints: dict[str, str] = {}
    stated = {CG + "wordsOf": texts, CG + "fingerprint": prints}
    for quad in decisions:
        values, said = stated.get(quad.predicate.value), quad.object
        if values is None or not isinstance(quad.subject, NamedNode):
            continue
        if isinstance(said, (NamedNode, Literal)):
            values[quad.subject.value] = said.value
    found: dict[tuple[str, str], str] = {}
    for iri, text in texts.items():
        found.setdefault((text, prints[iri]), iri)
    return found


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
