"""The typed links of one review: what is tied to what, why in plain words, on which words.

A node is a provision, or what provisions are tied to: a reference, a party, a reason for leaving. A
text that is said of a provision is no node: what it mentions, its provision is tied to, and the tie
carries the words. So a path along ties reads as an explanation: each step is a statement of the graph.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from compactgraph.answers.records import grouped, record, whole
from compactgraph.answers.review_graph import ReviewGraph
from compactgraph.common.schemes import UPHELD, ProvisionKind, Relation, Status
from compactgraph.reading.phrase_finder import sentences_with
from compactgraph.sparql.rows import Cell, text_of

NODE_KINDS = (*ProvisionKind, "reference", "party", "reason")


@dataclass(frozen=True)
class Wording:
    """How a kind of tie reads in either direction, and what a step along it costs a path."""

    forward: str
    backward: str
    cost: int


WORDINGS: dict[str, Wording] = {
    Relation.MOVES: Wording("moves to", "receives", 1),
    Relation.EITHER: Wording("is kept, perhaps in", "perhaps keeps", 1),
    Relation.REFERS: Wording("refers to", "is referred to by", 1),
    Relation.QUESTION: Wording("raises a question about", "is in question for", 1),
    Relation.STAYS: Wording("stays in", "keeps", 1),
    Relation.ABSORBED: Wording("is absorbed into", "absorbs", 1),
    "recommendation mentions": Wording(
        "has a recommendation that mentions", "is mentioned in a recommendation on", 1
    ),
    "commentary mentions": Wording(
        "has commentary that mentions", "is mentioned in the commentary on", 1
    ),
    "wording mentions": Wording("mentions", "is mentioned in the wording of", 1),
    "footnote mentions": Wording("has a footnote that mentions", "is mentioned in a footnote to", 1),
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


def _wording(kind: str) -> Wording:
    """Return the wording of a kind of tie, made from its name if a vocabulary has added it."""
    return WORDINGS.get(kind) or Wording(f"is tied ({kind}) to", f"is tied ({kind}) from", 1)


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

    def __str__(self) -> str:
        """Return the identifier."""
        return self.identifier

    @property
    def is_provision(self) -> bool:
        """Whether it is a section, a theme, a value or a commitment."""
        return self.kind in set(ProvisionKind)

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
        wording = _wording(self.kind)
        words = wording.backward if backward else wording.forward
        notes = [self.status, "" if self.score is None else f"{self.score:g} of 100"]
        known = [note for note in notes if note]
        return f"{words} ({', '.join(known)})" if known else words

    @property
    def is_settled(self) -> bool:
        """Whether it holds: what is rejected does not, and an alternative only once it is agreed to."""
        if self.kind == Relation.EITHER:
            return self.status in UPHELD
        return self.kind != Relation.QUESTION and self.status != Status.REJECTED

    @property
    def order(self) -> tuple[int, int, str]:
        """Its place among the ties of the same two nodes."""
        kinds = [*WORDINGS, self.kind]
        return (self.cost, kinds.index(self.kind), self.of)


def review_ties(graph: ReviewGraph) -> tuple[dict[str, Node], tuple[Tie, ...], dict[str, str]]:
    """Return a review's nodes by IRI and its ties, in order, and the provision of each text by name."""
    nodes: dict[str, Node] = {}
    for row in graph.rows("network-nodes"):
        iri = text_of(row["node"])
        nodes.setdefault(iri, record(Node, row, iri=iri, place=whole(row["position"])))
    texts = graph.rows("network-texts")
    footnotes = [row for row in texts if row["start"] is not None]
    rows = [_settled(row, footnotes) for row in graph.rows("network-ties")]
    hubs = {text_of(row["node"]) for row in graph.rows("network-hubs")}
    ties = _ties(rows, nodes, hubs)
    return (
        {node.iri: node for node in sorted(nodes.values(), key=lambda node: node.order)},
        tuple(sorted(ties, key=lambda tie: (tie.start.order, tie.end.order, tie.order))),
        {text_of(row["of"]): text_of(row["provision"]) for row in texts},
    )


def _settled(row: Mapping[str, Cell], footnotes: Iterable[Mapping[str, Cell]]) -> Mapping[str, Cell]:
    """Return a mention in a footnote, read as the annotated text's, as the footnote's own."""
    if text_of(row["tie"]).endswith("mentions"):
        for note in footnotes:
            if whole(note["start"]) <= whole(row["start"]) < whole(note["end"]):
                return {**row, "tie": "footnote mentions", "of": note["of"], "text": note["text"]}
    return row


def _ties(
    rows: Iterable[Mapping[str, Cell]],
    nodes: Mapping[str, Node],
    hubs: Collection[str],
) -> Iterator[Tie]:
    """Yield one tie for all rows that differ only in the words that they rest on."""

    def same_tie(row: Mapping[str, Cell]) -> tuple[str, str, str, str]:
        return text_of(row["tie"]), text_of(row["from"]), text_of(row["to"]), text_of(row["of"])

    for (kind, start, end, of), group in grouped(rows, same_tie).items():
        score = group[0]["score"]
        words = list(dict.fromkeys(text_of(row["words"]) for row in group if row["words"]))
        yield Tie(
            start=nodes[start],
            end=nodes[end],
            kind=kind,
            of=of,
            words=sentences_with(text_of(group[0]["text"]), words),
            status=text_of(group[0]["status"]),
            score=score if isinstance(score, float) else None,
            cost=max(_wording(kind).cost, HUB_COST if end in hubs else 0),
        )
