"""What follows from the readings: movements, the shortcut to their destinations, outcomes.

Each rule is a SPARQL CONSTRUCT in ``ontology/rules/``; it can use what those before it derive.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pyoxigraph import NamedNode, Quad, QueryTriples, Store

from compactgraph.errors import FolderError
from compactgraph.sparql.safety import refuse_service


def apply_rules(ontology: Path, known: Iterable[Quad], review: Iterable[Quad], graph: str) -> list[Quad]:
    """Return what the rules derive, as quads of the named graph ``graph``.

    ``known`` are the quads of the vocabularies and references, ``review`` those of one review. Raises
    FolderError if a rule does not parse.
    """
    store = Store()
    store.extend(known)
    store.extend(review)
    target = NamedNode(graph)
    derived: list[Quad] = []
    for path in sorted((ontology / "rules").glob("*.rq")):
        rule = refuse_service(path.read_text(encoding="utf-8"))
        try:
            found = store.query(rule, use_default_graph_as_union=True)
        except SyntaxError as error:
            raise FolderError(f"{path}: {error.msg}; mend the rule") from None
        if not isinstance(found, QueryTriples):
            raise FolderError(f"{path}: a rule must be a CONSTRUCT query")
        quads = [Quad(t.subject, t.predicate, t.object, target) for t in found]
        store.extend(quads)
        derived += quads
    return list(dict.fromkeys(derived))
