"""What the tests of decisions share: what a person enters, and how a provision stands since."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pyoxigraph import Store

from compactgraph.answers.review_graph import ReviewGraph
from compactgraph.answers.tables.decisions import Decision
from compactgraph.answers.tables.destinations import Row, table_of_destinations
from compactgraph.deciding.desk import Desk
from compactgraph.register.entry import Body, Kind
from compactgraph.store.oxigraph import open_store
from tests.support.decided import ANN

DAY = "2026-10-05"


def body(kind: str, item: str, *dispositions: str, **values: Any) -> Body:
    return Body(
        **{"kind": Kind(kind), "by": (ANN,), "date": DAY, "item": item, "dispositions": dispositions}
        | values
    )


def rows_of(opened: Store, ontology: Path, provision: str) -> list[Row]:
    rows = table_of_destinations(ReviewGraph(opened, ontology, "bristol"))
    return [row for row in rows if row.provision == provision]


def short(rows: list[Row]) -> tuple[str, str, list[str]]:
    """Return a provision's current and recommended outcome, and its movements in brief."""
    movements = []
    for row in rows:
        terms = "+".join(filter(None, [row.disposition, row.reason]))
        where = " ".join(filter(None, [row.relation, row.destination]))
        movements.append(f"{row.decision or row.recommendation}: {terms} → {where}, {row.status}")
    return rows[0].outcome, rows[0].recommended_outcome, movements


def now(desk: Desk, provision: str) -> tuple[str, str, list[str]]:
    return short(rows_of(open_store(Path(desk.location)), desk.ontology, provision))


def who_disagree(decisions: list[Decision]) -> dict[str, tuple[str, ...]]:
    """Return the decisions that are contested, each with those with which it does not agree."""
    return {decision.name: decision.contested for decision in decisions if decision.contested}
