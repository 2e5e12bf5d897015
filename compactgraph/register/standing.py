"""How a review stands: what follows from its readings and the decisions together, by the same rules.

What a decision puts in the place of a recommendation is given to the rules of ``ontology/rules`` as one;
what was given up is left out; and the rules say where each provision goes and what becomes of it. They
were asked the same of the readings alone when the review was built.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, Store

from compactgraph.dataset import Dataset
from compactgraph.identifiers import ReviewIRIs
from compactgraph.namespaces import (
    CG,
    DCTERMS,
    ONTOLOGY_GRAPH,
    PROV,
    RDF,
    REFERENCES_GRAPH,
    SKOS,
    VOCAB,
)
from compactgraph.register.drafts import Drafts, drafts_of
from compactgraph.register.entries import Entry, Kind
from compactgraph.register.fold import AGREED, APPLIED, Decided, Move, Standing, fold, until
from compactgraph.register.lineage import origins
from compactgraph.register.statements import Names, state
from compactgraph.rules import apply_rules


@dataclass(frozen=True)
class Read:
    """What the graph says of a review before anything was decided, by identifiers.

    ``texts`` has the fingerprint of each text, by the text's identifier; ``readings`` for each reading
    by name its IRI, its text's identifier and the fingerprint that it was made on: a name is what the
    reading says of the text, and not where, so that it stays when other words move. ``references``
    has their IRIs by identifier; ``reasons`` are the terms of that scheme; ``leads_to`` has the
    relations to which each disposition may lead.
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
    texts_of: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def identifier_of(self, iri: str) -> str:
        """Return the identifier of the reference with an IRI, empty where none has it."""
        return next((name for name, each in self.references.items() if each == iri), "")

    def prints_of(self, provision: str) -> dict[str, str]:
        """Return the fingerprint of each text of a provision: its own, and what is said of it."""
        return {text: self.texts[text] for text in self.texts_of.get(provision, ())}


@dataclass(frozen=True)
class Stood:
    """How a review stands on a day: as quads, and as what they were made of.

    ``decided`` are the movements that decisions make, by identifier; ``outcomes`` what becomes of each
    provision; ``suspects`` what rests on words that have changed, each with the texts that have.
    """

    quads: list[Quad]
    found: Read
    standing: Standing
    decided: Mapping[str, Move]
    drafts: Drafts
    outcomes: Mapping[str, str]
    suspects: Mapping[str, tuple[str, ...]]
    entries: Sequence[Entry]

    def status_of(self, movement: str) -> str:
        """Return the status of a movement, empty where there is none of that identifier."""
        if movement in self.decided:
            return APPLIED if movement in self.standing.applied else AGREED
        return self.standing.statuses.get(movement, "")


def quads_of_review(store: Dataset, review: str) -> tuple[list[Quad], list[Quad]]:
    """Return of a built review the quads of the vocabularies and references, and those of its reading.

    The second are those of its source and reading graphs.
    """
    iris = ReviewIRIs(review)

    def held(*graphs: str) -> list[Quad]:
        return [
            quad
            for graph in graphs
            for quad in store.quads_for_pattern(None, None, None, NamedNode(graph))
        ]

    known = held(ONTOLOGY_GRAPH, REFERENCES_GRAPH, iris.graph("references"))
    return known, held(iris.graph("source"), iris.graph("reading"))


def in_memory(known: Iterable[Quad], read: Iterable[Quad], stood: Stood) -> Dataset:
    """Return a store in memory that holds a review as it stands; the quads are those it was made of."""
    memory = Store()
    memory.extend([*known, *read, *stood.quads])
    return memory


def read(review: str, known: Iterable[Quad], stated: Iterable[Quad]) -> Read:
    """Return what the quads of a review's source and reading graphs say.

    ``known`` are the quads of the vocabularies and references.
    """
    return _Reader(ReviewIRIs(review), known, stated).read()


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
    suspects = _suspects(found, held, drafts, standing.superseded)
    quads = state(names_in(found), held, drafts, found.language)
    follows = _Follows(ontology, found, standing, known, stated).quads()
    quads += follows
    quads += _marks(found, standing, suspects)
    quads += _lineage(found, drafts)
    decided, outcomes = _read_back(found, follows)
    return Stood(quads, found, standing, decided, drafts, outcomes, suspects, held)


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


def names_in(found: Read) -> Names:
    """Return the IRIs of what entries on a review name."""
    readings = {name: iri for name, (iri, _, _) in found.readings.items()}
    return Names(found.iris, found.references, readings)


# What the graph says


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
        elif isinstance(value, Literal) and predicate != CG + "text":
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
            texts={
                name: self._one(self._iris.said(name), CG + "fingerprint")
                for names in texts_of.values()
                for name in names
            },
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
            texts_of=texts_of,
        )

    def _readings(self) -> dict[str, tuple[str, str, str]]:
        found = {}
        for reading in self._typed.get(CG + "Reading", []):
            if print_ := self._one(reading, CG + "fingerprint"):
                text = self._one(self._one(reading, CG + "readFrom"), DCTERMS + "identifier")
                name = reading.removeprefix(self._iris.reading("")).rpartition("/")[0]
                found[name] = (reading, text, print_)
        return found


# What is suspect


def _suspects(
    found: Read, held: Sequence[Entry], drafts: Drafts, superseded: Container[int]
) -> dict[str, tuple[str, ...]]:
    """Return what rests on words that have changed since: by its name, the texts that have.

    A name is ``decision/7``, ``reading/<name>`` or ``draft/1/2.3``. A confirmation in force puts the
    words that the person had before them in the place of the earlier ones.
    """
    confirmed: dict[str, Mapping[str, str]] = {}
    made_on: dict[str, Mapping[str, str]] = {}
    for entry in held:
        if entry.body.is_draft or entry.number in superseded:
            continue
        if entry.body.kind is Kind.CONFIRM:
            confirmed[entry.body.item] = entry.body.fingerprints
        else:
            made_on[f"decision/{entry.number}"] = entry.body.fingerprints
    for name, (_, text, print_) in found.readings.items():
        made_on[f"reading/{name}"] = {text: print_}
    if drafts.latest is not None:
        for provision in drafts.latest.provisions.values():
            if provision.entry is not None:
                made_on[provision.name] = provision.entry.body.fingerprints
    suspects = {}
    for name, prints in made_on.items():
        remembered = confirmed.get(name, prints)
        changed = tuple(
            text for text, print_ in remembered.items() if now(found, drafts, text) != print_
        )
        if not name.startswith("reading/"):
            changed += tuple(_added(found, remembered))
        if changed:
            suspects[name] = changed
    return suspects


def now(found: Read, drafts: Drafts, text: str) -> str:
    """Return the fingerprint that a text has now, empty where it is gone."""
    if text.startswith("draft/"):
        provision = drafts.provision(text)
        return "" if provision is None else provision.fingerprint
    return found.texts.get(text, "")


def _added(found: Read, remembered: Mapping[str, str]) -> Iterator[str]:
    """Yield the texts of a provision that are new since, where all of its texts were looked at."""
    for provision in found.provisions.keys() & remembered.keys():
        texts = found.texts_of[provision]
        if any(text in remembered for text in texts if text != provision):
            yield from (text for text in texts if text not in remembered)


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
            yield self._status(movement, APPLIED if applied else AGREED)
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
    if "refer" in decided.dispositions:
        return "refers"
    return "moves" if "remove" in decided.dispositions else ""


def _marks(found: Read, standing: Standing, suspects: Mapping[str, tuple[str, ...]]) -> Iterator[Quad]:
    """Yield which items are contested, what is suspect, and which decisions are on nothing here."""
    graph = NamedNode(found.iris.graph("standing"))
    names = names_in(found)

    def quad(subject: str, predicate: str, value: str) -> Quad:
        return Quad(NamedNode(subject), NamedNode(predicate), NamedNode(value), graph)

    for item, numbers in standing.contested.items():
        of = found.iris.provision if item in found.provisions else found.iris.movement
        for number in numbers:
            yield quad(of(item), CG + "contestedBy", found.iris.decision(number))
    for name, changed in suspects.items():
        kind, _, rest = name.partition("/")
        if kind == "decision":
            iri = found.iris.decision(int(rest))
        else:
            iri = found.readings[rest][0] if kind == "reading" else names.text(name)
        for text in changed:
            yield quad(iri, CG + "changedWords", names.text(text))
    for number in standing.void:
        yield quad(found.iris.decision(number), RDF + "type", CG + "VoidDecision")


def _lineage(found: Read, drafts: Drafts) -> Iterator[Quad]:
    """Yield which provisions under review each provision of a draft came from, through all drafts."""
    graph = NamedNode(found.iris.graph("standing"))
    names = names_in(found)
    steps = {p.name: p.origins for draft in drafts.all for p in draft.provisions.values()}
    for name, first in origins(steps, steps, found.provisions).items():
        iri = names.text(name)
        for origin in first:
            yield Quad(
                NamedNode(iri),
                NamedNode(CG + "originatesIn"),
                NamedNode(found.iris.provision(origin)),
                graph,
            )
    if drafts.latest is not None:
        yield Quad(
            NamedNode(found.iris.base),
            NamedNode(CG + "latestDraft"),
            NamedNode(found.iris.draft(drafts.latest.number)),
            graph,
        )
