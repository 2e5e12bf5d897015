"""The decisions on a review: who decided what, on whose behalf, when and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from pyoxigraph import NamedNode

from compactgraph.answers.records import grouped
from compactgraph.answers.review_graph import ReviewGraph, asked_once
from compactgraph.common.identifiers import name_of
from compactgraph.common.namespaces import CG, DCTERMS, PROV, RDF, RDFS
from compactgraph.errors import require_known
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

    ``item`` is what it is on: a movement (``1.11-r1/moves/…``), a provision, or a name such as
    ``decision/7``. ``done`` is its kind as a verb in the past: agreed. ``decided`` has dispositions and
    reasons, in words, and ``to`` the destination. ``beside`` names the decisions that it knowingly
    leaves in force, ``contested`` those with which it does not agree, ``changed`` the texts that have
    changed since. ``void`` says that the review has lost its item.
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
        """Whether nothing has replaced it, and the review still has its item."""
        return not self.replaced_by and not self.void

    @property
    def suspect(self) -> bool:
        """Whether it rests on words that have changed since."""
        return bool(self.changed)

    def cells(self) -> tuple[str, ...]:
        """Return the cells in the order of :data:`COLUMNS`."""
        values = {**vars(self), "decision": self.name, "suspect": self.changed}
        cells = (values[column] for column in COLUMNS)
        return tuple(cell if isinstance(cell, str) else SEPARATOR.join(cell) for cell in cells)


@asked_once
def history(graph: ReviewGraph) -> list[Decision]:
    """Return all decisions of a review, the first first. Raises UnknownNameError."""
    return _decisions(graph, {"review": graph.node})


def decisions_on(graph: ReviewGraph, provision: NamedNode) -> list[Decision]:
    """Return the decisions on a provision and on its movements, the first first."""
    return _decisions(graph, {"provision": provision})


@dataclass(frozen=True)
class Wanted:
    """Which decisions are wanted; an empty value admits all.

    ``since`` and ``until`` are days. ``by`` is a part of a person's or a body's name, in any case.
    ``state`` is one of :data:`STATES`.
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


_STATES: Mapping[str, Callable[[Decision], bool]] = {
    "in-force": lambda decision: decision.in_force,
    "replaced": lambda decision: bool(decision.replaced_by),
    "contested": lambda decision: bool(decision.contested),
    "suspect": lambda decision: decision.suspect,
    "void": lambda decision: decision.void,
}
STATES = tuple(_STATES)


def checked(graph: ReviewGraph, wanted: Wanted) -> Wanted:
    """Return what is wanted; raise UnknownNameError or RegisterError if a value is invalid."""
    if wanted.state:
        require_known("state of a decision", wanted.state, STATES)
    if wanted.kind:
        require_known("kind of decision", wanted.kind, DECIDING)
    if wanted.provision:
        graph.bind("provision", wanted.provision)
    for day in filter(None, (wanted.since, wanted.until)):
        day_of(day)
    return wanted


def _decisions(graph: ReviewGraph, bound: Mapping[str, Any]) -> list[Decision]:
    by_number = grouped(graph.rows("decisions", **bound), itemgetter("number"))
    said = {f"d{number}": _Said(rows) for number, rows in by_number.items()}
    replaced_by: dict[str, list[str]] = {}
    for name, each in said.items():
        for earlier in each.of(DCTERMS + "replaces", "identifier"):
            replaced_by.setdefault(earlier, []).append(name)
    contested = _contested(graph, bound)
    return [
        _decision(name, each, tuple(replaced_by.get(name, ())), contested.get(name, ()))
        for name, each in said.items()
    ]


def _contested(graph: ReviewGraph, bound: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Return for each contested decision in force those with which it does not agree, by name."""
    found: dict[str, tuple[str, ...]] = {}
    for rows in grouped(graph.rows("contested", **bound), itemgetter("item")).values():
        names = [text_of(row["decision"]) for row in rows]
        for name in names:
            others = (other for other in names if other != name)
            found[name] = tuple(dict.fromkeys([*found.get(name, ()), *others]))
    return found


class _Said:
    """What the graph says of one decision, by property."""

    def __init__(self, rows: Iterable[Mapping[str, Cell]]) -> None:
        self._rows = grouped(rows, itemgetter("property"))

    def of(self, property_: str, *words: str) -> tuple[str, ...]:
        """Return for each value the first of ``words`` that it has, else the value itself."""
        found: dict[str, None] = {}
        for row in self._rows.get(property_, ()):
            column = next((word for word in words if row[word] is not None), "value")
            found[text_of(row[column])] = None
        return tuple(found)

    def one(self, property_: str, *words: str) -> str:
        return next(iter(self.of(property_, *words)), "")


def _decision(
    name: str, said: _Said, replaced_by: tuple[str, ...], contested: tuple[str, ...]
) -> Decision:
    kind = CG + "decisionKind"
    return Decision(
        number=int(said.one(CG + "number")),
        name=name,
        kind=said.one(kind, "notation"),
        label=said.one(kind, "label"),
        done=said.one(kind, "done"),
        item=_item(said.one(CG + "decides")),
        provision=name_of(said.one(CG + "decidesOf")),
        date=said.one(DCTERMS + "date"),
        by=tuple(sorted(said.of(PROV + "wasAssociatedWith", "name"))),
        on_behalf_of=said.one(CG + "onBehalfOf", "label", "name"),
        why=said.one(RDFS + "comment"),
        decided=said.of(CG + "disposition", "label") + said.of(CG + "reason", "label"),
        to=said.one(CG + "to", "label"),
        place=said.one(CG + "place"),
        replaces=said.of(DCTERMS + "replaces", "identifier"),
        replaced_by=replaced_by,
        beside=said.of(CG + "beside", "identifier"),
        contested=contested,
        changed=tuple(map(name_of, said.of(CG + "changedWords"))),
        void=CG + "VoidDecision" in said.of(RDF + "type"),
        recorded=said.one(CG + "recorded"),
        recorder=said.one(CG + "recorder"),
    )


def _item(iri: str) -> str:
    """Return what a decision is on as a person enters it: a reading without its place."""
    name = name_of(iri)
    return name.rpartition("/")[0] if name.startswith("reading/") else name
