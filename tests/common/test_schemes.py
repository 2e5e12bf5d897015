"""The terms that the code names are those of the vocabulary, and no other."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import pytest
from rdflib import RDFS, SKOS, Graph, Namespace

from compactgraph.common.namespaces import CG
from compactgraph.common.schemes import (
    Disposition,
    Outcome,
    Party,
    ProvisionKind,
    Reason,
    Relation,
    Status,
)
from compactgraph.document.model import Role
from compactgraph.register.entry import DECIDING


@pytest.mark.parametrize(
    ("scheme", "terms"),
    [
        ("decision", DECIDING),
        ("disposition", Disposition),
        ("outcome", Outcome),
        ("party", Party),
        ("reason", Reason),
        ("relation", Relation),
        ("role", Role),
        ("status", Status),
    ],
)
def test_terms_are_those_of_the_vocabulary(
    scheme: str, terms: Collection[str], ontology_folder: Path
) -> None:
    graph = Graph().parse(ontology_folder / "vocab" / f"{scheme}.ttl")
    assert sorted(map(str, terms)) == sorted(map(str, graph.objects(None, SKOS.notation)))


def test_kinds_of_provision_are_classes_of_the_ontology(ontology_folder: Path) -> None:
    cg = Namespace(CG)
    graph = Graph().parse(ontology_folder / "compactgraph.ttl")
    classes = set(graph.subjects(RDFS.subClassOf, cg.Provision))
    assert {cg[kind.capitalize()] for kind in ProvisionKind} == classes
