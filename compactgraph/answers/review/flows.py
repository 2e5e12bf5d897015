"""From theme through outcome to destination: how the provisions of a review flow, for a Sankey diagram.

A provision is counted once at every stage. If it goes to several places, these are one end, joined by
``or`` if it is not settled which, else by ``and``. A place that is only asked about is an end if no
other is named.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from compactgraph.answers.review.overview import NO_THEME, Heading, admitted, theme_headings
from compactgraph.answers.review_graph import ReviewGraph, asked_once
from compactgraph.answers.tables.destinations import Row, one_row_each, table_of_destinations
from compactgraph.answers.terms import Term, reference_labels, terms
from compactgraph.common.english import capital, counted, listed
from compactgraph.common.schemes import ProvisionKind, Relation
from compactgraph.errors import require_known

_SETTLED = "settled"


@dataclass(frozen=True)
class FlowNode:
    """A theme, an outcome or an end (``stage``), and how many provisions pass through it.

    ``identifier`` is the theme's number, the outcome's notation, or the reference's identifier; it is
    empty if an end is not one reference. ``places`` is of how many places an end is made; ``filter``
    may give the provisions that pass.
    """

    key: str
    stage: str
    identifier: str
    label: str
    count: int = 0
    places: int = 0
    filter: Mapping[str, str] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class Flow:
    """The provisions that go from one node to another, in the order of the document.

    ``filter`` gives exactly these provisions in the table of destinations; it is empty if none does.
    """

    source: str
    target: str
    count: int
    provisions: tuple[str, ...]
    filter: Mapping[str, str]


@dataclass(frozen=True)
class Flows:
    """The flows of a review: ``total`` is what each stage adds up to, ``note`` says what is counted."""

    title: str
    unit: str
    note: str
    total: int
    nodes: tuple[FlowNode, ...]
    flows: tuple[Flow, ...]


@asked_once
def flows(graph: ReviewGraph, kind: str | None = ProvisionKind.COMMITMENT) -> Flows:
    """Return the flows of the provisions of a kind, or of all if ``kind`` is None.

    What stands under no theme starts at ``No theme``; a theme itself starts at itself. Raises
    UnknownNameError if the review or the kind is unknown.
    """
    known = terms(graph)
    if kind is not None:
        require_known("kind", kind, known["kind"])
    whole = table_of_destinations(graph)
    rows = [row for row in whole if kind in (None, row.kind)]
    themes = {
        heading.key: FlowNode(
            f"theme:{heading.key}", "theme", heading.key, heading.label, filter={"theme": heading.key}
        )
        for heading in (*theme_headings(graph), Heading("", NO_THEME))
    }
    outcomes = {
        notation: FlowNode(f"outcome:{notation}", "outcome", notation, term.title)
        for notation, term in known["outcome"].items()
    }
    provisions = one_row_each(rows)
    ends = [
        _end(graph, [row for row in admitted(rows, {"provision": first.provision}) if row.stands])
        for first in provisions
    ]
    groups: defaultdict[tuple[FlowNode, FlowNode], list[Row]] = defaultdict(list)
    passing: Counter[FlowNode] = Counter()
    for row, end in zip(provisions, ends, strict=True):
        theme, outcome = themes[row.theme], outcomes[row.outcome]
        groups[theme, outcome].append(row)
        groups[outcome, end].append(row)
        passing.update((theme, outcome, end))
    in_order = sorted(
        dict.fromkeys(ends),
        key=lambda end: (not end.places, end.places, -passing[end], end.label.casefold()),
    )
    order = [node for node in (*themes.values(), *outcomes.values(), *in_order) if passing[node]]
    only = {} if kind is None else {"kind": str(kind)}
    unit = "provisions" if kind is None else known["kind"][kind].plural
    return Flows(
        title=f"Where the {unit} go: from theme through outcome to destination",
        unit=unit,
        note=_note(unit, provisions, whole, ends),
        total=len(provisions),
        nodes=tuple(replace(node, count=passing[node]) for node in order),
        flows=tuple(
            Flow(
                source.key,
                target.key,
                len(group),
                tuple(row.provision for row in group),
                _exact({**only, **source.filter, **target.filter}, group, whole),
            )
            for (source, target), group in sorted(
                groups.items(), key=lambda flow: [order.index(node) for node in flow[0]]
            )
        ),
    )


def _end(graph: ReviewGraph, rows: Sequence[Row]) -> FlowNode:
    """Return where a provision with these rows ends; none of them was rejected."""
    relations, labels = terms(graph)["relation"], reference_labels(graph)
    named = {
        row.destination: _SETTLED if row.is_chosen else row.relation for row in rows if row.destination
    }
    if not named:
        return _nowhere(relations, {row.relation for row in rows if row.relation})
    firm = {place: relation for place, relation in named.items() if relation != Relation.QUESTION}
    places = sorted(firm or named, key=lambda place: labels[place].label.casefold())
    open_ = [place for place in places if firm.get(place) == Relation.EITHER]
    settled = [place for place in places if place not in open_]
    joined = [
        listed([labels[place].label for place in open_], "or"),
        listed([labels[place].label for place in settled]),
    ]
    label = ", and ".join(filter(None, joined))
    key = "+".join(filter(None, ["|".join(open_), *settled]))
    return FlowNode(
        f"destination:{key}" if firm else f"destination:{Relation.QUESTION}+{key}",
        "destination",
        key if firm and len(places) == 1 else "",
        capital(label) if firm else f"{relations[Relation.QUESTION].title}: {label}",
        places=len(places),
        filter={"destination": places[0]} if len(places) == 1 else {},
    )


def _nowhere(relations: Mapping[str, Term], stated: set[str]) -> FlowNode:
    """Return the end of provisions that go to no place; ``stated`` are the relations of their rows."""
    how = [relation for relation in relations if relation in stated]
    said = "; ".join(relations[relation].label for relation in how) or "no destination stated"
    filter_ = {"destination": ""}
    if len(how) <= 1:
        filter_["relation"] = "".join(how)
    key = "+".join(["destination:none", *how])
    return FlowNode(key, "destination", "", capital(said), filter=filter_)


def _exact(guess: Mapping[str, str], group: Sequence[Row], whole: Sequence[Row]) -> Mapping[str, str]:
    """Return the filter that gives exactly this group's provisions, or none."""
    guess = {**guess, "outcome": group[0].outcome}
    wider = {name: value for name, value in guess.items() if name in ("kind", "outcome")}
    wanted = [row.provision for row in group]
    for filter_ in (guess, wider):
        if [row.provision for row in one_row_each(admitted(whole, filter_))] == wanted:
            return filter_
    return {}


def _note(unit: str, provisions: Sequence[Row], whole: Sequence[Row], ends: Iterable[FlowNode]) -> str:
    total = len(provisions)
    left_out = len(one_row_each(whole)) - total
    together = sum(end.places > 1 for end in ends)
    one = unit.removesuffix("s")
    said = [f"Each of the {counted(total, one, unit)} is counted once at every stage."]
    if together:
        said.append(
            f"For {counted(together, one, unit)} more than one place is named; "
            "such places stand together as one end."
        )
    if left_out:
        others = counted(left_out, "provision that is", "provisions that are")
        said.append(
            f"{capital(others)} not among the {unit} {'is' if left_out == 1 else 'are'} left out."
        )
    return " ".join(said)
