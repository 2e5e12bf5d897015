"""The decisions on a review as people read them: who decided what, on whose behalf, when and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pyoxigraph import NamedNode

from compactgraph.answers.review_graph import ReviewGraph, asked_once
from compactgraph.common.namespaces import CG, DCTERMS, ID, PROV, RDF, RDFS
from compactgraph.errors import UnknownNameError
from compactgraph.register.entry import DECIDING, day_of
from compactgraph.sparql.rows import Cell, text_of

COLUMNS = (
    "decision",
    "date",
    "kind",
    "item",
    "provision",
    "by",
    "on_behalf_of",
    "why",
    "decided",
    "to",
    "place",
    "replaces",
    "replaced_by",
    "beside",
    "contested",
    "suspect",
    "recorded",
    "recorder",
)
SEPARATOR = "|"


@dataclass(frozen=True)
class Decision:
    """A decision of the register.

    ``item`` is what it is on, by the identifier of a movement (``1.11-r1/moves/…``) or a provision, or
    by a name as ``decision/7``; ``done`` is its kind as a verb in the past: agreed. ``decided`` has the
    dispositions and reasons in the place of what was recommended, in words, and ``to`` the destination.
    ``replaced_by`` is empty where it is in force; ``beside`` has those that it knowingly leaves in force
    and ``contested`` those with which it does not agree; ``changed`` has the texts that are not
    what they were when it was made, and ``void`` says that the review does not have its item any more.
    """

    number: int
    name: str
    kind: str
    label: str
    done: str
    item: str
    provision: str
    date: str
    by: tuple[str, ...]
    on_behalf_of: str
    why: str
    decided: tuple[str, ...]
    to: str
    place: str
    replaces: tuple[str, ...]
    replaced_by: tuple[str, ...]
    beside: tuple[str, ...]
    contested: tuple[str, ...]
    changed: tuple[str, ...]
    void: bool
    recorded: str
    recorder: str

    @property
    def in_force(self) -> bool:
        """Whether nothing has replaced it, and the review still has what it is on."""
        return not self.replaced_by and not self.void

    @property
    def suspect(self) -> bool:
        """Whether it rests on words that have changed since."""
        return bool(self.changed)

    def cells(self) -> tuple[str, ...]:
        """Return the cells in the order of :data:`COLUMNS`."""
        return (
            self.name,
            self.date,
            self.kind,
            self.item,
            self.provision,
            SEPARATOR.join(self.by),
            self.on_behalf_of,
            self.why,
            SEPARATOR.join(self.decided),
            self.to,
            self.place,
            SEPARATOR.join(self.replaces),
            SEPARATOR.join(self.replaced_by),
            SEPARATOR.join(self.beside),
            SEPARATOR.join(self.contested),
            SEPARATOR.join(self.changed),
            self.recorded,
            self.recorder,
        )


@asked_once
def history(graph: ReviewGraph) -> list[Decision]:
    """Return all decisions of a review, the first first. Raises UnknownNameError for no such review."""
    return _decisions(graph, {"review": graph.node})


def decisions_on(graph: ReviewGraph, provision: NamedNode) -> list[Decision]:
    """Return the decisions on a provision and on its movements, the first first."""
    return _decisions(graph, {"provision": provision})


def _contested(graph: ReviewGraph, bound: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Return for each contested decision in force those with which it does not agree, by name."""
    on: dict[str, list[str]] = {}
    for row in graph.rows("contested", **bound):
        on.setdefault(text_of(row["item"]), []).append(text_of(row["decision"]))
    found: dict[str, tuple[str, ...]] = {}
    for names in on.values():
        for name in names:
            others = (other for other in names if other != name)
            found[name] = tuple(dict.fromkeys([*found.get(name, ()), *others]))
    return found


@dataclass(frozen=True)
class Wanted:
    """Which decisions are wanted; an empty value admits all.

    ``since`` and ``until`` are days; ``by`` is a part of a person's or a body's name, whatever its case;
    ``state`` is ``in-force``, ``replaced``, ``contested``, ``suspect`` or ``void``.
    """

    provision: str = ""
    kind: str = ""
    by: str = ""
    since: str = ""
    until: str = ""
    state: str = ""

    def admits(self, decision: Decision) -> bool:
        """Say whether a decision is wanted."""
        names = " ".join([*decision.by, decision.on_behalf_of]).casefold()
        return (
            self.provision in ("", decision.provision)
            and self.kind in ("", decision.kind)
            and self.by.casefold() in names
            and (not self.since or decision.date >= self.since)
            and (not self.until or decision.date <= self.until)
            and (not self.state or _STATES[self.state](decision))
        )


_STATES: Mapping[str, Any] = {
    "in-force": lambda decision: decision.in_force,
    "replaced": lambda decision: bool(decision.replaced_by),
    "contested": lambda decision: bool(decision.contested),
    "suspect": lambda decision: decision.suspect,
    "void": lambda decision: decision.void,
}
STATES = tuple(_STATES)


def checked(graph: ReviewGraph, wanted: Wanted) -> Wanted:
    """Return what is wanted; raise UnknownNameError or RegisterError where a value is none."""
    if wanted.state and wanted.state not in _STATES:
        raise UnknownNameError("state of a decision", wanted.state, STATES)
    if wanted.kind and wanted.kind not in DECIDING:
        raise UnknownNameError("kind of decision", wanted.kind, DECIDING)
    if wanted.provision:
        graph.bind("provision", wanted.provision)
    for day in filter(None, (wanted.since, wanted.until)):
        day_of(day)
    return wanted


def _decisions(graph: ReviewGraph, bound: Mapping[str, Any]) -> list[Decision]:
    said: dict[int, _Said] = {}
    for row in graph.rows("decisions", **bound):
        number = int(text_of(row["number"]))
        said.setdefault(number, _Said()).add(row)
    replaced: dict[str, list[str]] = {}
    for number, each in said.items():
        for earlier in each.of(DCTERMS + "replaces", "identifier"):
            replaced.setdefault(earlier, []).append(f"d{number}")
    against = _contested(graph, bound)
    return [_decision(number, each, replaced, against) for number, each in said.items()]


class _Said:
    """What is said of one decision, by property: for each value the words for it."""

    def __init__(self) -> None:
        self._rows: dict[str, list[Mapping[str, Cell]]] = {}

    def add(self, row: Mapping[str, Cell]) -> None:
        self._rows.setdefault(text_of(row["property"]), []).append(row)

    def of(self, property_: str, *words: str) -> tuple[str, ...]:
        """Return for each value the first of ``words`` that it has, else the value itself."""
        found = [
            next(
                (text_of(row[word]) for word in words if row.get(word) is not None),
                text_of(row["value"]),
            )
            for row in self._rows.get(property_, [])
        ]
        return tuple(dict.fromkeys(found))

    def one(self, property_: str, *words: str) -> str:
        return next(iter(self.of(property_, *words)), "")


def _decision(
    number: int,
    said: _Said,
    replaced: Mapping[str, list[str]],
    against: Mapping[str, tuple[str, ...]],
) -> Decision:
    name = f"d{number}"
    kind = CG + "decisionKind"
    item = said.one(CG + "decides")
    return Decision(
        number=number,
        name=name,
        kind=said.one(kind, "notation"),
        label=said.one(kind, "label"),
        done=said.one(kind, "done"),
        item=_item_of_decision(item),
        provision=item_of(said.one(CG + "decidesOf")),
        date=said.one(DCTERMS + "date"),
        by=tuple(sorted(said.of(PROV + "wasAssociatedWith", "name"))),
        on_behalf_of=said.one(CG + "onBehalfOf", "label", "name"),
        why=said.one(RDFS + "comment"),
        decided=said.of(CG + "disposition", "label") + said.of(CG + "reason", "label"),
        to=said.one(CG + "to", "label"),
        place=said.one(CG + "place"),
        replaces=said.of(DCTERMS + "replaces", "identifier"),
        replaced_by=tuple(replaced.get(name, ())),
        beside=said.of(CG + "beside", "identifier"),
        contested=against.get(name, ()),
        changed=tuple(item_of(text) for text in said.of(CG + "changedWords")),
        void=CG + "VoidDecision" in said.of(RDF + "type"),
        recorded=said.one(CG + "recorded"),
        recorder=said.one(CG + "recorder"),
    )


def _item_of_decision(iri: str) -> str:
    """Return what a decision is on as a person enters it: a reading without where it stands."""
    item = item_of(iri)
    return item.rpartition("/")[0] if item.startswith("reading/") else item


_KINDS_OF_ITEM = ("movement/", "provision/", "commentary/", "recommendation/")


def item_of(iri: str) -> str:
    """Return what people call an item, of its IRI: ``1.11``, ``1.11-r1/moves/…``, ``decision/7``."""
    path = iri.removeprefix(ID).partition("/")[2]
    if path.startswith("draft/"):
        return path.replace("/provision/", "/", 1)
    return path.removeprefix(next((kind for kind in _KINDS_OF_ITEM if path.startswith(kind)), ""))
