"""A query as a service takes it: what is bound stands in it as a term and as nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, QuerySolutions, Store, Triple, Variable

from compactgraph.common.namespaces import CG, PREFIXES, RDF
from compactgraph.errors import QueryError
from compactgraph.sparql.rewriting import QueryText, with_prefixes, with_values

NODE = NamedNode("https://example.org/a#b")
HOSTILE = ['" } # ', "'", "\\", "a\nb\r\tc", "} DROP ALL {", '"""', "é\u2028\U0001f600", "?x", "<x>"]
BRACES = [
    "SELECT ?x { FILTER(?x = ?x) }",
    "SELECT ?x WHERE { FILTER(?x = ?x) }",
    "# { in a comment\nSELECT ?x { FILTER(?x = ?x) }",
    "PREFIX a: <https://example.org/#> # {\nSELECT ?x { FILTER(?x = ?x) }",
    'SELECT ?x (STRLEN("{") AS ?n) (\'{\' AS ?m) ("""{"\\"{""" AS ?o) { FILTER(?x = ?x) }',
    "SELECT $x { FILTER($x = $x) }",
    "SELECT ?x (EXISTS { FILTER(?x = ?x) } AS ?is) { FILTER(?x = ?x) }",
    "SELECT ?x ((NOT EXISTS { { FILTER(1 = 2) } }) AS ?is) { FILTER(?x = ?x) }",
    r"PREFIX e: <https://example.org/> SELECT (e:a\#b AS ?i) ?x { FILTER(?x = ?x) }",
    r"PREFIX e: <https://example.org/> SELECT (e:O\'N AS ?i) ?x { FILTER(?x != 'q') }",
    "PREFIX ask: <https://example.org/> SELECT ?x { FILTER(?x != ask:b) }",
]


def answers(sparql: str, **substitutions: Literal | NamedNode) -> list[list[str]]:
    given_terms = {Variable(name): term for name, term in substitutions.items()}
    found = Store().query(sparql, substitutions=given_terms)
    assert isinstance(found, QuerySolutions)
    return [[str(term) for term in solution] for solution in found]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_value_is_a_term_and_nothing_else(text: str) -> None:
    sparql = "SELECT ?x { FILTER(?x = ?x) }"
    assert answers(with_values(sparql, {"x": Literal(text)})) == [[str(Literal(text))]]


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_comes_back(text: str) -> None:
    bound = with_values("SELECT ?x (STRLEN(?x) AS ?n) {}", {"x": Literal(text)})
    found = Store().query(bound)
    assert isinstance(found, QuerySolutions)
    (solution,) = found
    assert solution["x"] == Literal(text)
    assert solution["n"] == Literal(len(text))


@pytest.mark.parametrize("sparql", BRACES)
def test_it_stands_in_the_group_of_the_query(sparql: str) -> None:
    assert answers(with_values(sparql, {"x": NODE})) == answers(sparql, x=NODE)


def test_several_terms() -> None:
    sparql = "SELECT ?x ?y ?z { BIND(STR(?x) AS ?z) FILTER(?y = 2) }"
    terms = {"x": NODE, "y": Literal(2)}
    assert answers(with_values(sparql, terms)) == [
        [str(NODE), str(Literal(2)), '"https://example.org/a#b"']
    ]


def test_a_template_is_no_group_of_the_query() -> None:
    bound = with_values(
        "CONSTRUCT { ?x a ?c } # {\nWHERE { BIND(1 AS ?c) FILTER(?x = ?x) }", {"x": NODE}
    )
    assert list(Store().query(bound)) == [Triple(NODE, NamedNode(RDF + "type"), Literal(1))]


def test_nothing_to_bind() -> None:
    assert with_values("ASK {}", {}) == "ASK {}"


@pytest.mark.parametrize(
    ("sparql", "name", "line"),
    [
        ("SELECT ?x { }", "y", r"the query has no variable \?y to bind"),
        ("SELECT ?x { # ?y\n }", "y", r"the query has no variable \?y to bind"),
        ("SELECT ?x { }", "x y", "no variable"),
        ("DESCRIBE ?x # {", "x", "no group"),
        ("CONSTRUCT WHERE { ?x ?y ?z }", "x", "no group"),
        ("CONSTRUCT { ?x ?y ?z }", "x", "no group"),
        ("?x { }", "x", "no group"),
        ("CONSTRUCT FROM <g> WHERE { ?x ?y ?z }", "x", "no group"),
    ],
)
def test_what_cannot_be_bound(sparql: str, name: str, line: str) -> None:
    with pytest.raises(QueryError, match=line):
        with_values(sparql, {name: NODE})


@pytest.mark.parametrize(
    ("sparql", "prefixes"),
    [
        ("SELECT * { ?s a cg:Review }", ["cg"]),
        ("SELECT * { ?s dcterms:title ?t ; cg:text 'skos:x' }", ["cg", "dcterms"]),
        ("PREFIX cg: <https://example.org/>\nSELECT * { ?s a cg:Review, skos:Concept }", ["skos"]),
        ("ASK { <urn:cg:x> a ?c } # cg:Review", []),
        ("ASK { ?s a other:x }", []),
        ("# PREFIX cg: <https://example.org/>\nASK { ?s a cg:Review }", ["cg"]),
    ],
)
def test_prefixes_that_are_used_and_not_declared(sparql: str, prefixes: list[str]) -> None:
    declared = "".join(f"PREFIX {name}: <{PREFIXES[name]}> " for name in prefixes)
    assert with_prefixes(sparql) == declared + sparql


def test_a_declared_prefix_means_what_the_query_says() -> None:
    assert with_prefixes(f"PREFIX cg: <{CG}> ASK {{ ?s a cg:Review }}").count("PREFIX") == 1


def test_the_empty_prefix_changes_no_other() -> None:
    text = QueryText.parse("PREFIX a: <urn:a/> PREFIX : <urn:b/> SELECT * FROM a:g { ?s ?p ?o }")
    assert text.default == ("urn:a/g",)
