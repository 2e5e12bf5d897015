"""Origins through revisions, and what the drafts make of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import networkx as nx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import Store

from compactgraph.answers.review_graph import ReviewGraph
from compactgraph.answers.tables.drafts import draft_destinations, draft_origins
from compactgraph.common.identifiers import DraftedName
from compactgraph.decisions.drafts import Steps, drafts_of, origins
from compactgraph.decisions.reviewed import quads_of_review
from compactgraph.decisions.standing import ReviewAsRead
from compactgraph.register.entry import Body, Kind
from tests.support.bodies import DAY, entered

Pairs = set[tuple[str, str]]


def pairs(table: Mapping[str, Iterable[str]]) -> Pairs:
    """Return a table as what it relates: each name with each that is named for it."""
    return {(name, other) for name, others in table.items() for other in others}


REVISIONS: list[tuple[str, Steps, list[str], list[str], dict[str, tuple[str, ...]]]] = [
    ("nothing", {}, [], [], {}),
    ("kept", {"n1": ["o1"]}, ["o1"], ["n1"], {"n1": ("o1",)}),
    ("split", {"n1": ["o1"], "n2": ["o1"]}, ["o1"], ["n1", "n2"], {"n1": ("o1",), "n2": ("o1",)}),
    ("merged", {"n1": ["o2", "o1"]}, ["o1", "o2"], ["n1"], {"n1": ("o1", "o2")}),
    (
        "split and merged",
        {"n1": ["o1", "o2"], "n2": ["o2", "o3"]},
        ["o1", "o2", "o3"],
        ["n1", "n2"],
        {"n1": ("o1", "o2"), "n2": ("o2", "o3")},
    ),
    ("dropped", {}, ["o1"], [], {}),
    ("added", {"n1": []}, [], ["n1"], {"n1": ()}),
    (
        "moved past each other",
        {"n1": ["o2"], "n2": ["o1"]},
        ["o1", "o2"],
        ["n1", "n2"],
        {"n1": ("o2",), "n2": ("o1",)},
    ),
    (
        "through two revisions: split, merged again",
        {"m1": ["o1"], "m2": ["o1"], "n1": ["m1", "m2"]},
        ["o1"],
        ["n1"],
        {"n1": ("o1",)},
    ),
    (
        "through two revisions: dropped on the way, and something added",
        {"m1": ["o1"], "m2": [], "n1": ["m2"]},
        ["o1"],
        ["n1"],
        {"n1": ()},
    ),
    (
        "taken up again past a revision that had dropped it",
        {"m1": ["o1"], "n1": ["m1", "o2"]},
        ["o1", "o2"],
        ["n1"],
        {"n1": ("o1", "o2")},
    ),
    (
        "of what is asked about alone",
        {"m1": ["o1", "o2"], "n1": ["m1"], "n2": ["m1"]},
        ["o2"],
        ["n2"],
        {"n2": ("o2",)},
    ),
    ("in a ring", {"a": ["b"], "b": ["a"]}, ["a"], ["b"], {"b": ("a",)}),
    ("of itself", {"a": ["a"]}, ["a"], ["a"], {"a": ("a",)}),
]


@pytest.mark.parametrize(
    ("steps", "old", "new", "came_from"),
    [case[1:] for case in REVISIONS],
    ids=[case[0] for case in REVISIONS],
)
def test_where_provisions_came_from(
    steps: Steps,
    old: list[str],
    new: list[str],
    came_from: dict[str, tuple[str, ...]],
) -> None:
    assert origins(steps, new, old) == came_from


# Any revisions


@st.composite
def revisions(draw: st.DrawFn) -> tuple[dict[str, list[str]], list[list[str]]]:
    """Draw revisions of a text: what each provision derives from, of any before; and their names."""
    layers = [[f"r{which}-{n}" for n in range(draw(st.integers(0, 6)))] for which in range(4)]
    steps: dict[str, list[str]] = {}
    for which, layer in enumerate(layers[1:], 1):
        before = [name for earlier in layers[:which] for name in earlier]
        for name in layer:
            steps[name] = draw(st.lists(st.sampled_from(before), unique=True)) if before else []
    return steps, layers


@st.composite
def any_steps(draw: st.DrawFn) -> tuple[dict[str, list[str]], list[list[str]]]:
    """Draw steps between any provisions at all, in rings as well; two sets of them may overlap."""
    names = [f"p{n}" for n in range(8)]
    some = st.lists(st.sampled_from(names), unique=True)
    steps = draw(st.dictionaries(st.sampled_from(names), some))
    return steps, [draw(some), draw(some)]


def reached(steps: Steps, new: Iterable[str], old: Iterable[str]) -> Pairs:
    """Return by another way which of ``old`` each of ``new`` came from: the closure of the steps."""
    graph = nx.DiGraph([(name, each) for name, before in steps.items() for each in before])
    graph.add_nodes_from([*new, *old])
    closure = nx.transitive_closure(graph, reflexive=True)
    return {(name, each) for name in new for each in old if closure.has_edge(name, each)}


@settings(max_examples=200, deadline=None)
@given(revisions() | any_steps(), st.data())
def test_origins_are_those_of_the_closure_of_the_steps(
    case: tuple[dict[str, list[str]], list[list[str]]], data: st.DataObject
) -> None:
    steps, layers = case
    first, last = data.draw(st.sampled_from(layers)), data.draw(st.sampled_from(layers))
    came_from = origins(steps, last, first)
    assert pairs(came_from) == reached(steps, last, first)
    assert came_from.keys() == set(last)
    for row in came_from.values():
        assert list(row) == sorted(set(row))


def test_a_long_chain_of_revisions_is_followed_to_its_end() -> None:
    steps = {f"r{n}": [f"r{n - 1}"] for n in range(1, 5001)}
    assert origins(steps, ["r5000"], ["r0"]) == {"r5000": ("r0",)}


# Through the drafts


def begin() -> Body:
    return Body(Kind.BEGIN_DRAFT, ("Ann",), DAY)


def write(draft: int, item: str, *derives_from: str) -> Body:
    return Body(
        *(Kind.WRITE_DRAFT, ("Ann",), DAY, item),
        draft=draft,
        role="commitment",
        text=f"The words of {item} in draft {draft}.",
        derives_from=derives_from,
    )


def withdraw(draft: int, item: str) -> Body:
    return Body(Kind.WITHDRAW_DRAFT, ("Ann",), DAY, item, draft=draft)


@st.composite
def histories(draw: st.DrawFn, old: list[str]) -> tuple[list[Body], list[dict[str, frozenset[str]]]]:
    """Draw how drafts were written, and tell of each draft's provisions what of ``old`` they come from.

    That is kept account of as they are written, and not by following what was written afterwards.
    """
    bodies: list[Body] = []
    drafts: list[dict[str, frozenset[str]]] = []
    names = [f"{n}.{m}" for n in range(1, 3) for m in range(1, 4)]
    for number in range(1, draw(st.integers(1, 3)) + 1):
        bodies.append(begin())
        before = drafts[-1] if drafts else {}
        now = dict(before)
        drafts.append(now)
        for _ in range(draw(st.integers(0, 6))):
            name = draw(st.sampled_from(names))
            if name in now and draw(st.booleans()):
                bodies.append(withdraw(number, name))
                del now[name]
                continue
            from_old = draw(st.sets(st.sampled_from(old), max_size=3))
            from_before = draw(st.sets(st.sampled_from(sorted(before)), max_size=3)) if before else set()
            bodies.append(
                write(
                    *(number, name, *sorted(from_old)),
                    *(str(DraftedName(number - 1, each)) for each in sorted(from_before)),
                )
            )
            now[name] = frozenset(from_old).union(*(before[each] for each in from_before))
    return bodies, drafts


OLD = [f"{n}.{m}" for n in range(1, 4) for m in range(1, 4)]


@settings(max_examples=100, deadline=None)
@given(histories(OLD))
def test_the_drafts_provisions_come_from_where_they_were_written_from(
    case: tuple[list[Body], list[dict[str, frozenset[str]]]],
) -> None:
    bodies, account = case
    drafts = drafts_of(entered(bodies))
    steps = {p.name: p.origins for draft in drafts.all for p in draft.provisions.values()}
    assert [set(draft.provisions) for draft in drafts.all] == [set(each) for each in account]
    for draft, told in zip(drafts.all, account, strict=True):
        new = [provision.name for provision in draft.provisions.values()]
        assert origins(steps, new, OLD) == {
            str(DraftedName(draft.number, name)): tuple(sorted(each)) for name, each in told.items()
        }


# Through the tables that people see


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(histories(["1.1", "1.10", "1.11", "2.5", "value-1", "theme-1", "introduction"]))
def test_the_tables_of_a_draft_hold_the_same_rows_and_relate_what_was_written(
    bristol: Store, ontology_folder: Path, case: tuple[list[Body], list[dict[str, frozenset[str]]]]
) -> None:
    bodies, account = case
    known, read = quads_of_review(bristol, "bristol")
    stood = ReviewAsRead(ontology_folder, "bristol", known, read).stand(entered(bodies))
    store = Store()
    store.extend([*known, *read, *stood.quads])
    for number, told in enumerate(account, 1):
        if not told:
            continue  # Of a draft that holds nothing there are no tables.
        expected = {(str(DraftedName(number, name)), old) for name, olds in told.items() for old in olds}
        onward = draft_destinations(ReviewGraph(store, ontology_folder, "bristol"), number)
        back = draft_origins(ReviewGraph(store, ontology_folder, "bristol"), number)
        assert sorted(map(repr, onward)) == sorted(map(repr, back))
        related = {(row.draft_provision, row.provision) for row in back}
        assert {pair for pair in related if all(pair)} == expected
        assert {new for new, _ in related if new} == {str(DraftedName(number, name)) for name in told}
        assert {old for _, old in related if old} == set(stood.found.provisions)
