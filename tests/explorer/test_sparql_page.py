"""The SPARQL page: saved questions with their fields, own queries, their answers and their bounds."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from compactgraph.sparql.questions import saved_questions
from tests.support.pages import Explorer, copyable, page_html, page_text


def run(page: AppTest) -> AppTest:
    """Press the button that runs the reader's own query."""
    button = next(button for button in page.button if button.label == "Run the query")
    return button.click().run()


def address_of(page: AppTest) -> dict[str, str]:
    """Return what stands in the address after a run; each name of this page stands there once."""
    given = {name: page.query_params[name] for name in page.query_params}
    return {name: value if isinstance(value, str) else value[0] for name, value in given.items()}


def test_every_saved_question_can_be_chosen_by_its_words(
    explorer: Explorer, ontology_folder: Path
) -> None:
    page = explorer("sparql")
    questions = saved_questions(ontology_folder)
    assert sorted(page.selectbox[0].options) == sorted(q.question for q in questions.values())
    for name in questions:
        assert f'href="sparql?question={name}"' in page_html(page)


def test_a_saved_question_runs_at_once(explorer: Explorer) -> None:
    page = explorer("sparql", question="goes-to", destination="vcse-strategy")
    text = page_text(page)
    assert "Asked by Governance lead" in text
    assert "A row is A movement to the document, recommended or made by a decision; relation" in text
    assert "9 rows ." in text
    assert 'href="trace?item=1.11"' in page_html(page)
    assert [button.proto.label for button in page.get("download_button")] == [
        "Download Excel (XLSX)",
        "Download OpenDocument (ODS)",
        "Download CSV",
        "Download JSON",
    ]


def test_a_question_waits_for_what_it_needs(explorer: Explorer) -> None:
    page = explorer("sparql", question="goes-to")
    assert page.selectbox[1].label == "The document, body or practice"
    assert "Nothing has been asked yet. Fill in the fields above." in page_text(page)
    page.selectbox[1].select("vcse-strategy").run()
    assert address_of(page)["destination"] == "vcse-strategy"
    assert "9 rows ." in page_text(page)


@pytest.mark.parametrize(
    ("question", "parameter", "value", "label", "rows"),
    [
        ("survivors", "party", "vcs", "Voluntary and community sector", "1 row ."),
        ("theme", "theme", "1", "1. ", "21 rows ."),
        (
            "evidence",
            "provision",
            "1.11",
            "1.11: Support the VCS in ways other than funding",
            "4 rows .",
        ),
        ("outcome", "outcome", "moved", "Moved", "3 rows ."),
    ],
)
def test_a_parameter_is_a_field_of_its_kind(
    explorer: Explorer, question: str, parameter: str, value: str, label: str, rows: str
) -> None:
    page = explorer("sparql", question=question, **{parameter: value})
    field = page.selectbox[1]
    assert any(option.startswith(label) for option in field.options)
    assert rows in page_text(page)


def test_words_are_a_text_field(explorer: Explorer) -> None:
    page = explorer("sparql", question="words")
    page.text_input[0].input("Social Value Act").run()
    assert address_of(page)["words"] == "Social Value Act"
    assert "Answer" in page_text(page)


def test_another_question_takes_the_old_parameters_out_of_the_address(explorer: Explorer) -> None:
    page = explorer("sparql", question="goes-to", destination="vcse-strategy")
    page.selectbox[0].select("outcome-totals").run()
    assert address_of(page) == {"question": "outcome-totals"}


def test_labels_and_numbers_are_drawn_as_bars_with_their_unit(explorer: Explorer) -> None:
    html = page_html(explorer("sparql", question="removal-reasons"))
    assert html.count('class="sparql-track"') == 7
    assert "recommendations, by reason" in html
    assert 'style="width: 100.0%"' in html
    assert "<figure" not in page_html(explorer("sparql", question="theme-outcomes"))


def test_the_same_is_given_as_link_command_and_python(explorer: Explorer) -> None:
    page = explorer("sparql", question="goes-to", destination="vcse-strategy")
    query, link, command, python = copyable(page)
    assert query.startswith("# question: What goes to a given document")
    assert link.endswith("sparql?question=goes-to&destination=vcse-strategy")
    assert command == "compactgraph query goes-to --param destination=vcse-strategy --review bristol"
    assert "compactgraph.ask(graph, 'goes-to', destination='vcse-strategy')" in python


def test_a_saved_question_can_be_edited(explorer: Explorer) -> None:
    page = explorer("sparql", question="goes-to", destination="vcse-strategy")
    next(button for button in page.button if button.label == "Edit as my own query").click().run()
    assert "question" not in page.query_params
    query = address_of(page)["query"]
    assert (
        "VALUES ?destination { <https://w3id.org/compactgraph/id/bristol/reference/vcse-strategy> }"
        in query
    )
    assert "Nothing has been asked yet." in page_text(page)
    assert "9 rows ." in page_text(run(page))


def test_a_pasted_query_is_shown_and_not_run(explorer: Explorer) -> None:
    page = explorer("sparql", query="SELECT ?t WHERE { ?t a cg:Theme }")
    text = page_text(page)
    assert "Nothing has been asked yet." in text
    assert "5 rows" not in text
    text = page_text(run(page))
    assert "5 rows ." in text
    assert copyable(page)[0].endswith(
        "sparql?query=SELECT%20%3Ft%20WHERE%20%7B%20%3Ft%20a%20cg%3ATheme%20%7D"
    )


def test_iris_are_shown_in_short(explorer: Explorer) -> None:
    page = run(explorer("sparql", query="SELECT DISTINCT ?c WHERE { ?p a cg:Provision, ?c }"))
    assert "<code>cg:Commitment</code>" in page_html(page)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("ASK { ?review a cg:Review }", "Yes : the graph has what the query asks for."),
        ("ASK { ?review a cg:Nothing }", "No : the graph has nothing that the query asks for."),
        ("SELECT ?x { ?x a cg:Nothing }", "0 rows : nothing in the graph fits."),
    ],
)
def test_short_answers_are_said_in_words(explorer: Explorer, query: str, said: str) -> None:
    assert said in page_text(run(explorer("sparql", query=query)))


def test_a_graph_is_drawn_and_listed_and_can_be_had_as_turtle(explorer: Explorer) -> None:
    pattern = "?p cg:hasDestination ?d"
    query = f"CONSTRUCT {{ {pattern} }} {{ {pattern} . ?d dcterms:identifier 'vcse-strategy' }}"
    page = run(explorer("sparql", query=query))
    assert "9 triples ." in page_text(page)
    assert "The answer as a drawing" in page_text(page)
    assert "<code>cg:hasDestination</code>" in page_html(page)
    labels = [button.proto.label for button in page.get("download_button")]
    assert labels[-1] == "Download Turtle"


def test_a_large_graph_stands_in_the_table_alone(explorer: Explorer) -> None:
    page = run(explorer("sparql", query="CONSTRUCT WHERE { ?p cg:hasMovement ?m }"))
    text = page_text(page)
    assert "This is too much for a drawing." in text
    assert "The answer as a drawing" not in text


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("SELECT * WHERE { ?s ?p ", "The query does not parse: line 1, column"),
        ("DELETE WHERE { ?s ?p ?o }", "the graph is only read, never changed."),
        (
            "SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }",
            "compactgraph reaches no other service.",
        ),
    ],
)
def test_what_cannot_be_run_is_said_in_one_line(explorer: Explorer, query: str, said: str) -> None:
    page = run(explorer("sparql", query=query))
    assert "This query was not answered." in page_text(page)
    assert said in page_text(page)


def test_a_cut_answer_says_so_and_is_shown_page_by_page(explorer: Explorer) -> None:
    query = "SELECT ?s ?p ?o WHERE { ?s ?p ?o }"
    page = run(explorer("sparql", query=query))
    assert "The answer is cut: it has more than 5,000 rows." in page_text(page)
    assert "(rows 1 to 200 of 5,000)" in page_text(page)
    assert "Rows after" in page_text(page)
    page.query_params["first"] = "4801"
    page.run()
    assert "(rows 4,801 to 5,000 of 5,000)" in page_text(page)
    assert "Rows before" in page_text(page)
    assert "Rows after" not in page_text(page)


def test_a_query_that_is_too_long_for_a_link_is_kept(explorer: Explorer) -> None:
    page = explorer("sparql", query=f"# {'x' * 7000}\nASK {{ ?review a cg:Review }}")
    assert "This query is too long for a link." in page_text(page)
    assert "query" not in page.query_params
    assert "Yes" in page_text(run(page))


def test_the_own_query_is_there_again_after_a_saved_question(explorer: Explorer) -> None:
    query = "ASK { ?review a cg:Review }"
    page = run(explorer("sparql", query=query))
    page.query_params.clear()
    page.query_params["question"] = "outcome-totals"
    page.run()
    assert "17 rows ." in page_text(page)
    page.query_params.clear()
    page.query_params["ask"] = "own"
    page.run()
    assert address_of(page) == {"query": query}
    assert "Yes" in page_text(page)


def test_a_changed_query_is_told_from_the_one_that_ran(explorer: Explorer) -> None:
    page = run(explorer("sparql", query="ASK { ?review a cg:Review }"))
    page.query_params["query"] = "ASK { ?review a cg:Nothing }"
    page.run()
    assert "The query has been changed." in page_text(page)


def test_markup_in_an_answer_shows_as_its_characters(explorer: Explorer) -> None:
    query = "SELECT ?x { VALUES ?x { '<script>alert(1)</script>' '**bold** $x$' } }"
    page = run(explorer("sparql", query=query))
    html = page_html(page)
    assert "<script>" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "**bold** $x$" in html


def test_an_unknown_question_is_said_to_be_unknown(explorer: Explorer) -> None:
    page = explorer("sparql", question="where-is-it")
    assert "The address asks for “where-is-it” under “Question”." in page_text(page)


def test_prefixes_and_graphs_are_listed(explorer: Explorer) -> None:
    text = page_text(explorer("sparql"))
    assert "cg https://w3id.org/compactgraph/ontology#" in text
    assert "https://w3id.org/compactgraph/id/bristol/graph/reading How the document is read" in text
    assert "nothing here can change anything" in text
