"""Parts of a review's network that can be drawn and listed: by kind of thing, of tie, and by theme."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from compactgraph.answers.network.network import Network, Step
from compactgraph.answers.network.ties import NODE_KINDS, Node, Tie
from compactgraph.common.schemes import ProvisionKind
from compactgraph.files.writing import Sheet
from compactgraph.sparql.rows import Cell

GOES, MENTIONS, BETWEEN, BELONGS, ALL = "goes", "mentions", "between", "belongs", "all"
GROUPS = (GOES, MENTIONS, BETWEEN, BELONGS)
"""The groups of ties: movements to references, mentions of them, ties between provisions by their words,
and what gathers provisions: their themes, parties and reasons."""

NO_THEME = "none"


@dataclass(frozen=True)
class Picture:
    """Some nodes and all chosen ties among them, the ties in order."""

    nodes: tuple[Node, ...]
    ties: tuple[Tie, ...]

    @property
    def by_kind(self) -> dict[str, int]:
        """How many nodes of each kind there are."""
        counts = Counter(node.kind for node in self.nodes)
        return {kind: counts[kind] for kind in NODE_KINDS if counts[kind]}


def group_of(tie: Tie) -> str:
    """Return the group, of :data:`GROUPS`, to which a tie belongs."""
    if tie.end.kind == "reference":
        return GOES if tie.status else MENTIONS
    its_theme = (ProvisionKind.THEME, tie.start.theme)
    if tie.end.is_provision and (tie.end.kind, tie.end.theme) != its_theme:
        return BETWEEN
    return BELONGS


def tie_kinds(network: Network, group: str = ALL) -> dict[str, int]:
    """Return the kinds of tie in a group, the most frequent first, and how many of each there are."""
    ties = [tie for tie in network.ties if group in (ALL, group_of(tie))]
    return dict(Counter(tie.kind for tie in ties).most_common())


def picture(
    network: Network,
    group: str = ALL,
    kinds: Collection[str] = (),
    ties: Collection[str] = (),
    theme: str = "",
) -> Picture:
    """Return the ties of a group, and the nodes that they tie.

    ``kinds`` are the wanted kinds of node and ``ties`` the wanted kinds of tie; if empty, all. With a
    ``theme``, its number or :data:`NO_THEME`, one end of each tie is a provision of that theme.
    """
    wanted = [
        tie
        for tie in network.ties
        if group in (ALL, group_of(tie))
        and (not ties or tie.kind in ties)
        and (not kinds or (tie.start.kind in kinds and tie.end.kind in kinds))
        and (not theme or any(_in_theme(node, theme) for node in (tie.start, tie.end)))
    ]
    return Picture(_tied(wanted), tuple(wanted))


def neighbourhood(network: Network, node: Node) -> Picture:
    """Return ``node``, then what is tied to it, and all ties among them."""
    near = _tied(network.ties_of(node))
    among = set(near)
    ties = [tie for tie in network.ties if {tie.start, tie.end} <= among]
    return Picture((node, *(other for other in near if other != node)), tuple(ties))


def _tied(ties: Iterable[Tie]) -> tuple[Node, ...]:
    nodes = {node for tie in ties for node in (tie.start, tie.end)}
    return tuple(sorted(nodes, key=lambda node: node.order))


def _in_theme(node: Node, theme: str) -> bool:
    return node.is_provision and (node.theme or NO_THEME) == theme


def names(network: Network) -> dict[str, Node]:
    """Return the nodes by the names that ``network.resolve`` takes, in order."""
    shared = Counter(node.identifier for node in network.nodes.values())
    return {
        node.identifier if shared[node.identifier] == 1 else f"{node.kind}:{node.identifier}": node
        for node in network.nodes.values()
    }


def told(step: Step | Tie) -> tuple[str, str]:
    """Return how a tie reads between its two ends, and in brackets what may be said after them."""
    label = step.label if isinstance(step, Step) else step.label()
    how, bracket, note = label.partition(" (")
    return how, bracket + note


def sentence(step: Step | Tie) -> str:
    """Return a tie as a sentence, without its full stop."""
    how, note = told(step)
    return f"{called(step.start)} {how} {called(step.end)}{note}"


def called(node: Node) -> str:
    """Return what a node is called in a sentence: a commitment its number, all else its name."""
    return node.identifier if node.kind == ProvisionKind.COMMITMENT else node.label


def sheet(title: str, ties: Sequence[Tie], about: str = "") -> Sheet:
    """Return ties as a table for download."""
    rows: list[tuple[Cell, ...]] = [
        (called(tie.start), tie.label(), called(tie.end), tie.of, tie.words) for tie in ties
    ]
    return Sheet(title, ("from", "how", "to", "text", "words"), rows, about)
