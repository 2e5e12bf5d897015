"""Each vocabulary conforms to VocPub, the profile of SKOS for vocabularies that are published."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from pyshacl import validate
from rdflib import DCTERMS, RDFS, SH, SKOS, Graph, URIRef

from compactgraph.common.namespaces import VOCAB

PROJECT = Path(__file__).resolve().parents[2]
VOCABULARIES = sorted((PROJECT / "ontology" / "vocab").glob("*.ttl"))
VALIDATOR = PROJECT / "tests" / "cases" / "vocpub" / "validator.ttl"


@cache
def validator() -> Graph:
    return Graph().parse(VALIDATOR)


def found(vocabulary: Graph) -> list[tuple[str, str]]:
    """Return what VocPub finds: the severity and the message."""
    _, report, _ = validate(vocabulary, shacl_graph=validator())
    assert isinstance(report, Graph)
    return sorted(
        (str(severity).rpartition("#")[2], str(report.value(result, SH.resultMessage)))
        for result, severity in report.subject_objects(SH.resultSeverity)
    )


@pytest.mark.parametrize("path", VOCABULARIES, ids=lambda path: path.stem)
def test_a_vocabulary_conforms(path: Path) -> None:
    assert found(Graph().parse(path)) == []


def test_a_vocabulary_without_a_publisher_or_with_a_term_of_nobody_s_does_not() -> None:
    vocabulary = Graph().parse(PROJECT / "ontology" / "vocab" / "party.ttl")
    vocabulary.remove((URIRef(VOCAB + "party"), DCTERMS.publisher, None))
    vocabulary.remove((URIRef(VOCAB + "party/vcs"), RDFS.isDefinedBy, None))
    assert [message[:18] for _, message in found(vocabulary)] == [
        "Requirement 2.1.06",
        "Requirement 2.2.03",
    ]


def test_each_term_says_since_what_version_it_is_there() -> None:
    for path in VOCABULARIES:
        vocabulary = Graph().parse(path)
        for term in vocabulary.subjects(SKOS.inScheme):
            assert str(vocabulary.value(term, SKOS.historyNote)).startswith(
                "In the scheme since version"
            )
