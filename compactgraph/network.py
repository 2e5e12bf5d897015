"""One review as a typed network, and what its links say. Only this module imports networkx.

A node is a provision, or what provisions are tied to: a reference, a party, a reason for leaving. A
text that is said of a provision is no node: what it mentions, its provision is tied to, and the tie
carries the words. So a path reads as an explanation: each step is a statement of the graph.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import networkx as nx
from pyoxigraph import Store

from compactgraph.cues import sentences
from compactgraph.errors import QueryError, UnknownNameError
from compactgraph.files import legal_xml, replace_file
from compactgraph.questions import Cell, bind, select, view

PROVISION_KINDS = ("section", "theme", "value", "commitment")
NODE_KINDS = (*PROVISION_KINDS, "reference", "party", "reason")
_CHARACTERS_OF = "; "


@dataclass(frozen=True)
class Wording:
    """How a kind of tie reads in either direction, and what a step along it costs a path."""

    forward: str
    backward: str
    cost: int


WORDINGS: dict[str, Wording] = {
    "moves": Wording("moves to", "receives", 1),
    "either": Wording("stays in or moves to, not yet settled,", "may hold", 1),
    "refers": Wording("gives way to a pointer to", "is to be pointed to from", 1),
    "question": Wording("may be tied to, as is asked,", "may be tied, as is asked, to", 1),
    "stays": Wording("stays in", "keeps", 1),
    "absorbed": Wording("is absorbed into", "absorbs", 1),
    "recommendation mentions": Wording(
        "has a recommendation that mentions", "is mentioned in a recommendation on", 1
    ),
    "commentary mentions": Wording(
        "has commentary that mentions", "is mentioned in the commentary on", 1
    ),
    "wording mentions": Wording("mentions", "is mentioned in the wording of", 1),
    "footnote mentions": Wording(
        "has a footnote that mentions", "is mentioned in a footnote to", 1
    ),
    "bears on": Wording("bears on", "is affected by", 1),
    "near in wording": Wording("is worded nearly like", "is worded nearly like", 1),
    "explains": Wording("explains a term of", "has a term explained by", 1),
    "stands under": Wording("stands under", "holds", 2),
    "leaves because of": Wording("leaves for the reason", "is the reason for leaving of", 2),
    "is made by": Wording("is a commitment of the party", "is the party that makes", 4),
}
"""The kinds of tie. Of two ties between the same nodes at the same cost, a path takes the earlier kind.

A path should explain. A mention or a movement says something of two things and costs 1; a theme or a
reason gathers several provisions and costs 2; a hub, to which most are tied by its nature, costs 4
whatever the kind of tie: a party, the agreement under review, its successor, an everyday practice.
"""

HUB_COST = 4


@dataclass(frozen=True)
class Node:
    """A node of the network; ``outcome``, ``party`` and ``theme`` are a provision's, else empty.

    ``kind`` is one of :data:`NODE_KINDS`; ``place`` is a provision's place in the document, else 0.
    """

    iri: str
    kind: str
    identifier: str
    label: str
    outcome: str = ""
    party: str = ""
    theme: str = ""
    place: int = 0

    @property
    def is_provision(self) -> bool:
        """Whether it is a section, a theme, a value or a commitment."""
        return self.kind in PROVISION_KINDS

    @property
    def order(self) -> tuple[int, int, str]:
        """Its place among all nodes: provisions as the document has them, then by kind and name."""
        rank = 0 if self.is_provision else NODE_KINDS.index(self.kind)
        return (rank, self.place, self.identifier)


@dataclass(frozen=True)
class Tie:
    """A typed link from ``start`` to ``end``.

    ``kind`` is a key of :data:`WORDINGS`; ``of`` the identifier of the text that ties them, ``words``
    the sentences of it that do; ``status`` is a movement's; ``score`` is of 100, for near wordings.
    """

    start: Node
    end: Node
    kind: str
    of: str = ""
    words: str = ""
    status: str = ""
    score: float | None = None
    cost: int = 1

    def label(self, *, backward: bool = False) -> str:
        """Return the tie in plain words, as it reads from ``start``, or from ``end``."""
        wording = WORDINGS[self.kind]
        words = wording.backward if backward else wording.forward
        notes = [self.status, "" if self.score is None else f"{self.score:g} of 100"]
        known = [note for note in notes if note]
        return f"{words} ({', '.join(known)})" if known else words

    @property
    def order(self) -> tuple[int, int, str]:
        """Its place among the ties of the same two nodes."""
        return (self.cost, list(WORDINGS).index(self.kind), self.of)


@dataclass(frozen=True)
class Step:
    """A step of a path: from a node to a node, why in plain words, and the words of the document.

    ``of`` is the identifier of the text that ``words`` stand in; both are empty where a step rests on
    the document's structure. ``tie`` is the link walked, perhaps against its direction.
    """

    start: Node
    end: Node
    label: str
    words: str
    of: str
    tie: Tie


@dataclass(frozen=True)
class Neighbour:
    """A node, and how many ties away it is."""

    node: Node
    distance: int


@dataclass(frozen=True)
class Neighbourhood:
    """The nodes around one, nearest first, and all ties among them and it."""

    centre: Node
    neighbours: tuple[Neighbour, ...]
    ties: tuple[Tie, ...]


@dataclass(frozen=True)
class Binding:
    """A reference, and the provisions that are tied to it, in the order of the document."""

    reference: Node
    provisions: tuple[Node, ...]


@dataclass(frozen=True)
class Community:
    """Nodes tied more to each other than to the rest; ``centre`` has the most ties inside."""

    centre: Node
    members: tuple[Node, ...]


@dataclass(frozen=True)
class Network:
    """A review's network: its nodes by IRI and its ties, both in a fixed order."""

    review: str
    nodes: Mapping[str, Node]
    ties: tuple[Tie, ...]
    texts: Mapping[str, str] = field(repr=False)

    @cached_property
    def graph(self) -> Any:
        """The ``networkx.MultiDiGraph``: nodes are IRIs, an edge's ``tie`` is its :class:`Tie`."""
        graph = nx.MultiDiGraph()
        graph.add_nodes_from(self.nodes)
        for tie in self.ties:
            graph.add_edge(tie.start.iri, tie.end.iri, tie=tie)
        return graph

    @cached_property
    def _plain(self) -> Any:
        """The network without directions: an edge's ``tie`` is the one that a path takes."""
        graph = nx.Graph()
        graph.add_nodes_from(self.nodes)
        for tie in sorted(self.ties, key=lambda tie: tie.order):
            if not graph.has_edge(tie.start.iri, tie.end.iri):
                graph.add_edge(tie.start.iri, tie.end.iri, tie=tie, cost=tie.cost)
        return graph

    def ties_of(self, node: Node) -> list[Tie]:
        """Return the ties from and to ``node``, in order."""
        return [tie for tie in self.ties if node in (tie.start, tie.end)]


# From the graph


def review_network(store: Store, ontology: Path, review: str) -> Network:
    """Return the network of a review; raise UnknownNameError where there is no such review."""
    bound = {"review": bind(store, "review", review)}

    def rows(name: str) -> list[dict[str, Cell]]:
        answer = select(store, view(ontology, name), bound)
        return [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]

    nodes: dict[str, Node] = {}
    for row in rows("network-nodes"):
        node = _node(row)
        nodes.setdefault(node.iri, node)
    ordered = {node.iri: node for node in sorted(nodes.values(), key=lambda node: node.order)}
    hubs = {_text(row["node"]) for row in rows("network-hubs")}
    tied = rows("network-ties")
    ties = list(_ties(tied, rows("network-footnotes"), ordered, hubs))
    texts = {_text(row["of"]): _text(row["from"]) for row in tied if row["of"] is not None}
    own = {node.identifier for node in ordered.values()}
    return Network(
        review,
        ordered,
        tuple(sorted(ties, key=lambda tie: (tie.start.order, tie.end.order, tie.order))),
        {name: iri for name, iri in texts.items() if name not in own},
    )


def _text(value: Cell) -> str:
    return "" if value is None else str(value)


def _node(row: Mapping[str, Cell]) -> Node:
    place = row["position"]
    return Node(
        iri=_text(row["node"]),
        kind=_text(row["kind"]),
        identifier=_text(row["identifier"]),
        label=_text(row["label"]),
        outcome=_text(row["outcome"]),
        party=_text(row["party"]),
        theme=_text(row["theme"]),
        place=place if isinstance(place, int) else 0,
    )


def _ties(
    rows: Iterable[Mapping[str, Cell]],
    footnotes: list[dict[str, Cell]],
    nodes: Mapping[str, Node],
    hubs: Collection[str],
) -> Iterator[Tie]:
    """Yield a tie for all rows that differ only in the range of words that they rest on."""
    grouped: dict[tuple[str, ...], list[Mapping[str, Cell]]] = {}
    for row in rows:
        note = next((note for note in footnotes if _inside(row["start"], note)), None)
        noted = {**row, "tie": "footnote mentions", "of": note["of"], "text": note["text"]}
        taken = noted if note and row["tie"] == "wording mentions" else row
        if note and _text(row["tie"]).endswith("mentions"):
            taken = noted
        key = tuple(_text(taken[name]) for name in ("tie", "from", "to", "of"))
        grouped.setdefault(key, []).append(taken)
    for (kind, start, end, of), group in grouped.items():
        score = group[0]["score"]
        yield Tie(
            start=nodes[start],
            end=nodes[end],
            kind=kind,
            of=of,
            words=_sentences_with(
                _text(group[0]["text"]), [_text(row["words"]) for row in group if row["words"]]
            ),
            status=_text(group[0]["status"]),
            score=score if isinstance(score, float) else None,
            cost=max(WORDINGS[kind].cost, HUB_COST if end in hubs else 0),
        )


def _inside(start: Cell, footnote: Mapping[str, Cell]) -> bool:
    first, last = footnote["start"], footnote["end"]
    return (
        isinstance(start, int)
        and isinstance(first, int)
        and isinstance(last, int)
        and first <= start < last
    )
