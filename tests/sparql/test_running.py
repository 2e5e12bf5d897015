"""SPARQL that a person brings: what is answered, and what is refused in one line."""

from __future__ import annotations

import pytest
from pyoxigraph import Store

from compactgraph.errors import QueryError, RefusedQueryError
from compactgraph.sparql.rows import Answer, GraphAnswer, select
from compactgraph.sparql.running import run_sparql
from compactgraph.sparql.safety import QUERY_LENGTH_LIMIT


def test_select_of_a_person(bristol: Store) -> None:
    answer = run_sparql(
        bristol, "SELECT ?outcome { ?p dcterms:identifier '1.16' ; cg:outcome/skos:notation ?outcome }"
    )
    assert answer == Answer(("outcome",), [("revised",)])


def test_ask_of_a_person(bristol: Store) -> None:
    assert run_sparql(bristol, "ASK { ?p a cg:Commitment }") is True


def test_construct_of_a_person(bristol: Store) -> None:
    answer = run_sparql(
        bristol,
        "CONSTRUCT { ?p cg:outcome ?o } WHERE { ?p dcterms:identifier '1.16' ; cg:outcome ?o }",
    )
    assert isinstance(answer, GraphAnswer)
    assert [str(triple.object) for triple in answer.triples] == [
        "<https://w3id.org/compactgraph/vocab/outcome/revised>"
    ]


@pytest.mark.parametrize(
    "sparql",
    [
        "SELECT * { SERVICE <http://localhost:1/sparql> { ?s ?p ?o } }",
        "ASK { ?s ?p ?o FILTER EXISTS { SERVICE SILENT <http://localhost:1/> { ?s ?p ?o } } }",
        "SELECT * { { SELECT * { SERVICE ?where { ?s ?p ?o } } } }",
    ],
)
def test_a_query_that_reaches_out(sparql: str, bristol: Store) -> None:
    with pytest.raises(QueryError, match="SERVICE"):
        run_sparql(bristol, sparql)


@pytest.mark.parametrize(
    "sparql",
    [
        "DELETE WHERE { ?s ?p ?o }",
        "INSERT DATA { <a:b> <a:c> <a:d> }",
        "LOAD <http://localhost:1/>",
        "PREFIX a: <urn:a>\nCLEAR ALL ; DROP ALL",
    ],
)
def test_an_update_is_refused(sparql: str, bristol: Store) -> None:
    with pytest.raises(
        RefusedQueryError, match=r"is an update: it has [A-Z]+, and the graph is only read"
    ):
        run_sparql(bristol, sparql)


@pytest.mark.parametrize(
    "sparql", ["SELECT ?p { ?p a cg:Commitment", "INSERT DATA { <a:b> }", "PREFIX a: <urn:a>", ""]
)
def test_a_query_that_is_none(sparql: str, bristol: Store) -> None:
    with pytest.raises(QueryError, match="does not parse"):
        run_sparql(bristol, sparql)


def test_a_query_that_is_too_long(bristol: Store) -> None:
    with pytest.raises(QueryError, match="the limit is 200,000"):
        run_sparql(bristol, "#" * (QUERY_LENGTH_LIMIT + 1))


def test_a_table_needs_a_select(bristol: Store) -> None:
    with pytest.raises(QueryError, match="no SELECT"):
        select(bristol, "ASK { ?s ?p ?o }")
