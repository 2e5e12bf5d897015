"""Which decisions bear on an item: those in force on it, on its provision, and on its alternatives."""

from __future__ import annotations

from dataclasses import replace

from compactgraph.deciding.checks import Situation
from compactgraph.decisions.effects import EFFECTIVE, conflicts, contradict, decision_of
from compactgraph.register.entry import Body, Entry, Kind


class Bearing:
    """The decisions in force on a review, by the provision that they are on."""

    def __init__(self, situation: Situation) -> None:
        """Sort the decisions in force."""
        self._situation = situation
        self._of: dict[str, dict[str, list[Entry]]] = {}
        for item, entries in situation.stood.standing.in_force.items():
            for entry in entries:
                by_item = self._of.setdefault(entry.body.provision, {})
                by_item.setdefault(item, []).append(entry)

    def on(self, item: str, provision: str) -> list[Entry]:
        """Return those that say what becomes of an item, the first first."""
        moves = self._situation.found.moves
        asked = Body(Kind.AGREE, (), "", item=item)
        found = [
            entry
            for entries in self._of.get(provision, {}).values()
            for entry in entries
            if entry.body.kind in EFFECTIVE
            and (
                entry.body.item in (item, provision)
                or entry.number == decision_of(item)
                or contradict(entry.body, asked, moves)
            )
        ]
        return sorted(found, key=lambda entry: entry.number)

    def against(self, body: Body) -> list[Entry]:
        """Return those that a complete body would contradict and does not name, the first first."""
        standing = replace(self._situation.stood.standing, in_force=self._of.get(body.provision, {}))
        return conflicts(standing, self._situation.found.moves, body)
