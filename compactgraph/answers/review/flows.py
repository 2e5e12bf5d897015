"""From theme through outcome to destination: how the provisions of a review flow, for a Sankey diagram.

A provision is counted once at every stage, so that each stage adds up to all of them. One that goes to
several places ends at these places together, joined by ``or`` where it is not settled which, else by
``and``. A place that a recommendation only asks about is an end where nothing firmer is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from compactgraph.answers.review.overview import NO_THEME, admitted, theme_headings
from compactgraph.answers.review_graph import ReviewGraph, asked_once
from compactgraph.answers.tables.destinations import Row, one_row_each, table_of_destinations
from compactgraph.answers.terms import ReferenceLabel, Term, reference_labels, terms
from compactgraph.common.english import capital, counted, listed
from compactgraph.common.schemes import ProvisionKind, Relation
from compactgraph.errors import UnknownNameError

_SETTLED = "settled"


@dataclass(frozen=True)
class FlowNode:
    """A theme, an outcome or an end (``stage``), and how many provisions pass through it.

    ``identifier`` is the theme's number, the outcome's notation, or the reference's identifier where
    the end is one reference; else it is empty.
    """

    key: str
    stage: str
    identifier: str
    label: str
    count: int = 0


@dataclass(frozen=True)
class Flow:
    """The provisions that go from one node to another, in the order of the document.

    ``filter`` has the values of the table of destinations that give exactly these provisions; it is
    empty where no one filter does.
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


@dataclass(frozen=True)
class _End:
    """Where a provision ends; ``filter`` is what may give the same provisions."""

    node: FlowNode
    filter: Mapping[str, str]
    places: int


@asked_once
def flows(graph: ReviewGraph, kind: str | None = ProvisionKind.COMMITMENT) -> Flows:
    """Return the flows of the provisions of a kind, or of all where ``kind`` is None.

    What stands under no theme starts at ``No theme``; a theme itself starts at itself. Raises
    UnknownNameError where the review or the kind is unknown.
    """
    known = terms(graph)
    if kind is not None and kind not in known["kind"]:
        raise UnknownNameError("kind", kind, known["kind"])
    whole = table_of_destinations(graph)
    rows = [row for row in whole if kind in (None, row.kind)]
    provisions = one_row_each(rows)
    labels = reference_labels(graph)
    ends = {
        row.provision: _end(admitted(rows, {"provision": row.provision}), labels, known["relation"])
        for row in provisions
    }
    themes = {
        heading.key: FlowNode(f"theme:{heading.key}", "theme", heading.key, heading.label)
        for heading in theme_headings(graph)
    }
    themes[""] = FlowNode("theme:", "theme", "", NO_THEME)
    outcomes = {
        notation: FlowNode(f"outcome:{notation}", "outcome", notation, term.title)
        for notation, term in known["outcome"].items()
    }
    groups: dict[tuple[FlowNode, FlowNode], list[Row]] = {}
    guesses: dict[tuple[FlowNode, FlowNode], Mapping[str, str]] = {}
    only = {} if kind is None else {"kind": str(kind)}
    for row in provisions:
        outcome, end = outcomes[row.outcome], ends[row.provision]
        for step, guess in (
            ((themes[row.theme], outcome), {"theme": row.theme}),
            ((outcome, end.node), end.filter),
        ):
            groups.setdefault(step, []).append(row)
            guesses[step] = {**only, **guess, "outcome": row.outcome}
    order = [*themes.values(), *outcomes.values(), *_in_order(ends.values())]
    unit = "provisions" if kind is None else known["kind"][kind].plural
    return Flows(
        title=f"Where the {unit} go: from theme through outcome to destination",
        unit=unit,
        note=_note(unit, provisions, whole, ends.values()),
        total=len(provisions),
        nodes=tuple(_with_counts(order, groups)),
        flows=tuple(
            Flow(
                source.key,
                target.key,
                len(group),
                tuple(row.provision for row in group),
                _exact(guesses[source, target], group, whole),
            )
            for (source, target), group in sorted(
                groups.items(), key=lambda item: (order.index(item[0][0]), order.index(item[0][1]))
            )
        ),
    )


# Ends


def _end(
    rows: Sequence[Row], labels: Mapping[str, ReferenceLabel], relations: Mapping[str, Term]
) -> _End:
    """Return where a provision with these rows ends; what was rejected leads nowhere."""
    rows = [row for row in rows if row.stands]
    named = {
        row.destination: _SETTLED if row.is_chosen else row.relation for row in rows if row.destination
    }
    firm = {place: relation for place, relation in named.items() if relation != Relation.QUESTION}
    if named:
        places = sorted(firm or named, key=lambda place: labels[place].label.casefold())
        open_ = [place for place in places if firm.get(place) == Relation.EITHER]
        settled = [place for place in places if place not in open_]
        alternatives = listed([labels[place].label for place in open_], "or")
        label = ", and ".join(
            filter(None, [alternatives, listed([labels[place].label for place in settled])])
        )
        key = "+".join(filter(None, ["|".join(open_), *settled]))
        identifier = key if firm and len(places) == 1 else ""
        node = FlowNode(
            f"destination:{key}" if firm else f"destination:{Relation.QUESTION}+{key}",
            "destination",
            identifier,
            capital(label) if firm else f"{relations[Relation.QUESTION].title}: {label}",
        )
        return _End(node, {"destination": places[0]} if len(places) == 1 else {}, len(places))
    stated = {row.relation for row in rows if row.relation}
    how = [relation for relation in relations if relation in stated]
    said = "; ".join(relations[relation].label for relation in how) or "no destination stated"
    key = "destination:none" + "".join(f"+{relation}" for relation in how)
    guess = {"destination": "", **({"relation": how[0]} if len(how) == 1 else {})}
    node = FlowNode(key, "destination", "", capital(said))
    return _End(node, guess if how else {**guess, "relation": ""}, 0)


def _in_order(ends: Iterable[_End]) -> list[FlowNode]:
    """Return the ends, those of one place and most provisions first, those of none last."""
    counts: dict[FlowNode, int] = {}
    places: dict[FlowNode, int] = {}
    for end in ends:
        counts[end.node] = counts.get(end.node, 0) + 1
        places[end.node] = end.places
    return sorted(
        counts, key=lambda node: (not places[node], places[node], -counts[node], node.label.casefold())
    )


# Counts


def _with_counts(
    order: Iterable[FlowNode], groups: Mapping[tuple[FlowNode, FlowNode], Sequence[Row]]
) -> Iterator[FlowNode]:
    """Yield the nodes through which something flows, each with how much does."""
    for node in order:
        leaving = sum(len(group) for (source, _), group in groups.items() if source == node)
        coming = sum(len(group) for (_, target), group in groups.items() if target == node)
        if leaving or coming:
            yield replace(node, count=leaving or coming)


def _exact(guess: Mapping[str, str], group: Sequence[Row], whole: Sequence[Row]) -> Mapping[str, str]:
    """Return the filter that gives exactly this group's provisions, or none."""
    wider = {name: value for name, value in guess.items() if name in ("kind", "outcome")}
    wanted = [row.provision for row in group]
    for filter_ in (guess, wider):
        if [row.provision for row in one_row_each(admitted(whole, filter_))] == wanted:
            return filter_
    return {}


def _note(unit: str, provisions: Sequence[Row], whole: Sequence[Row], ends: Iterable[_End]) -> str:
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
