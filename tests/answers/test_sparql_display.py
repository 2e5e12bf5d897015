"""Answers for a page: short IRIs, bars, drawings, and saved questions with their values written out."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Store, Triple

from compactgraph.answers.review_graph import ReviewGraph
from compactgraph.answers.sparql_display import (
    bars,
    drawing,
    named_graphs,
    shortened,
    triples_table,
    written_out,
)
from compactgraph.common.namespaces import CG, ID, RDF
from compactgraph.sparql.questions import ask, find_question, saved_questions
from compactgraph.sparql.rows import Answer, Cell
from compactgraph.sparql.running import run_sparql

VALUES = {
    "reference": "vcse-strategy",
    "provision": "1.11",
    "theme": "1",
    "outcome": "moved",
    "party": "vcs",
    "text": "voluntary",
}


@pytest.mark.parametrize(
    ("value", "short"),
    [
        (f"{CG}Commitment", "cg:Commitment"),
        ("https://w3id.org/compactgraph/vocab/outcome/moved", "outcome:moved"),
        ("https://w3id.org/compactgraph/id/reference/ncvo", "ref:ncvo"),
        (f"{ID}bristol/provision/1.11", f"{ID}bristol/provision/1.11"),
        (f"{CG}Theme.", f"{CG}Theme."),
        (CG, CG),
        ("plain words", "plain words"),
    ],
)
def test_an_iri_is_shortened_where_a_prefix_fits(value: str, short: str) -> None:
    assert shortened(value) == short


def test_a_column_of_labels_and_one_of_numbers_are_bars(bristol: Store, ontology_folder: Path) -> None:
    answer = ask(bristol, find_question(ontology_folder, "removal-reasons"), {}, "bristol")
    found = bars(answer)
    assert found is not None
    assert (found.subject, found.units, found.greatest) == ("reason", ("recommendations",), 17)
    assert [(bar.label, bar.numbers) for bar in found.bars[:2]] == [
        ("business-as-usual", (17,)),
        ("meaning-unclear", (4,)),
    ]


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [("a", -1)],
        [("a", 1), ("a", 2)],
        [("a", True)],
        [("a", None)],
        [("a", 0)],
        [("a", float("inf"))],
        [("a" * 81, 1)],
        [(str(place), place) for place in range(61)],
    ],
)
def test_what_makes_no_bars(rows: list[tuple[Cell, ...]]) -> None:
    assert bars(Answer(("label", "number"), rows)) is None


def test_a_cut_answer_makes_no_bars() -> None:
    assert bars(Answer(("label", "number"), [("a", 1)], cut=True)) is None


def test_triples_are_a_table_in_order_and_a_drawing() -> None:
    first, second, blank = (
        NamedNode(f"{ID}x/provision/2"),
        NamedNode(f"{ID}x/provision/1"),
        BlankNode("b"),
    )
    triples = [
        Triple(first, NamedNode(f"{CG}movesTo"), blank),
        Triple(second, NamedNode(f"{CG}text"), Literal("words")),
        Triple(second, NamedNode(f"{RDF}type"), NamedNode(f"{CG}Commitment")),
    ]
    assert [row[0] for row in triples_table(triples).rows] == [second.value, second.value, first.value]
    drawn = drawing(triples)
    assert [(node.label, node.kind) for node in drawn.nodes] == [
        ("_:b", "thing"),
        ("provision 1", "commitment"),
        ("provision 2", "thing"),
    ]
    assert drawn.ties == ((first.value, "_:b", "cg:movesTo"),)


def test_values_written_out_give_the_same_answer(bristol: Store, ontology_folder: Path) -> None:
    for question in saved_questions(ontology_folder).values():
        values = {p.name: VALUES[p.kind] for p in question.parameters if p.name != "review"}
        expected = ask(bristol, question, values, "bristol")
        answer = run_sparql(bristol, written_out(bristol, question, values, "bristol"))
        assert isinstance(answer, Answer)
        places = [answer.columns.index(column) for column in expected.columns]
        assert [tuple(row[p] for p in places) for row in answer.rows] == expected.rows, question.name


def test_a_written_value_cannot_leave_its_quotes(bristol: Store, ontology_folder: Path) -> None:
    question = find_question(ontology_folder, "words")
    text = written_out(bristol, question, {"words": '" } DROP ALL #\\1'}, None)
    assert isinstance(run_sparql(bristol, text), Answer)
    assert 'VALUES ?words { "\\" } DROP ALL #\\\\1" }' in text


def test_the_named_graphs_of_a_review_are_told(bristol: Store, ontology_folder: Path) -> None:
    names = [
        iri.rsplit("/compactgraph/", 1)[1]
        for iri, _ in named_graphs(ReviewGraph(bristol, ontology_folder, "bristol"))
    ]
    assert names == [
        "id/bristol/graph/source",
        "id/bristol/graph/reading",
        "id/bristol/graph/references",
        "id/bristol/graph/decisions",
        "id/bristol/graph/standing",
        "graph/references",
        "graph/ontology",
    ]
