"""The endpoint's page in Chromium: the kept editor asks the endpoint, by mouse and by keyboard."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from compactgraph.common.namespaces import CG, ID, PREFIXES
from compactgraph.sparql.questions import saved_questions
from tests.support.accessibility import CONTRAST, found_by_axe
from tests.support.browser import Reader, reading_at
from tests.support.endpoint import Endpoint, running_endpoint

THEMES = f"SELECT ?theme WHERE {{ ?theme a <{CG}Theme> }} ORDER BY ?theme"
RUNAWAY = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
LINK_LIMIT = 6_000


@pytest.fixture(scope="module")
def endpoint(bristol_folder: Path, ontology_folder: Path, data_folder: Path) -> Iterator[Endpoint]:
    with running_endpoint(bristol_folder, ontology_folder, data_folder) as running:
        yield running


@pytest.fixture
def opened(browser: Browser, endpoint: Endpoint) -> Iterator[Reader]:
    """Return what opens a path of the endpoint."""
    with reading_at(
        browser, endpoint.url, ready=lambda page: page.locator("h1").wait_for(), reduced_motion="reduce"
    ) as open_at:
        yield open_at


def editor(page: Page) -> Locator:
    return page.get_by_role("textbox", name="SPARQL query")


def query_in(page: Page) -> str:
    text: str = page.evaluate("document.querySelector('.CodeMirror').CodeMirror.getValue()")
    return text


PASTE = """text => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  const paste = { clipboardData: data, bubbles: true, cancelable: true };
  document.activeElement.dispatchEvent(new ClipboardEvent("paste", paste));
}"""


def write(page: Page, sparql: str) -> None:
    """Put a query in the place of the one in the editor, as a reader pastes it."""
    editor(page).focus()
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    assert query_in(page) == ""
    page.evaluate(PASTE, sparql)
    assert query_in(page) == sparql


def run(page: Page) -> None:
    page.get_by_role("button", name="Run the query").click()


def status(page: Page) -> Locator:
    return page.get_by_role("status")


def ask(page: Page, sparql: str, said: str) -> None:
    """Write a query and run it; wait until the page says how it went."""
    write(page, sparql)
    run(page)
    expect(status(page)).to_have_text(said)


def cells(page: Page) -> list[list[str]]:
    rows: list[list[str]] = page.evaluate(
        "[...document.querySelectorAll('#answer tbody tr')].map((row) =>"
        " [...row.cells].map((cell) => cell.textContent))"
    )
    return rows


# Saved questions


def test_every_saved_question_can_be_chosen(opened: Reader, ontology_folder: Path) -> None:
    page = opened()
    chosen = page.get_by_label("Put a saved question into the editor")
    options = chosen.locator("optgroup option").evaluate_all("all => all.map((one) => one.value)")
    assert sorted(options) == sorted(saved_questions(ontology_folder))
    groups = chosen.locator("optgroup").evaluate_all("all => all.map((one) => one.label)")
    asking = {question.asks for question in saved_questions(ontology_folder).values()}
    assert sorted(groups) == sorted(asks[:1].upper() + asks[1:] for asks in asking)


def test_a_saved_question_is_put_into_the_editor_and_run(opened: Reader) -> None:
    page = opened()
    page.get_by_label("Put a saved question into the editor").select_option("outcome-totals")
    assert page.locator("#question").inner_text().split("\n") == [
        "How many provisions of each kind come to which outcome?",
        "Asked by",
        "analyst",
        "A row is",
        "a kind of provision and an outcome, with the number of provisions",
    ]
    assert query_in(page).startswith("# question: How many provisions of each kind")
    assert page.locator("#answer").is_hidden()
    run(page)
    expect(status(page)).to_have_text("17 rows.")
    table = page.get_by_role("table", name="17 rows.")
    assert table.get_by_role("columnheader").all_inner_texts() == [
        "review",
        "kind",
        "outcome",
        "provisions",
    ]
    assert cells(page)[0] == ["id/bristol", "commitment", "absorbed", "17"]
    assert sum(int(row[3]) for row in cells(page)) == 79


def test_a_question_with_a_parameter_says_its_example(opened: Reader) -> None:
    page = opened()
    page.get_by_label("Put a saved question into the editor").select_option("evidence")
    assert "?provision\n1.1 (the provision)" in page.locator("#question").inner_text()
    assert f"VALUES (?provision) {{ (<{ID}bristol/provision/1.1>) }}" in query_in(page)
    run(page)
    expect(status(page)).to_have_text("6 rows.")


# Answers


def test_a_truth_is_said_in_words(opened: Reader) -> None:
    page = opened()
    ask(page, f"ASK {{ ?s a <{CG}Theme> }}", "The answer is yes.")
    assert page.locator("#answer .downloads a").all_inner_texts() == ["Download JSON", "Download XML"]
    ask(page, "ASK { ?s a <urn:none> }", "The answer is no.")


def test_a_graph_is_shown_as_its_triples(opened: Reader) -> None:
    page = opened()
    subject = f"<{ID}bristol/provision/theme-1>"
    ask(page, f"CONSTRUCT {{ {subject} a ?c }} WHERE {{ {subject} a ?c }}", "2 triples.")
    theme = "id/bristol/provision/theme-1"
    assert sorted(cells(page)) == [[theme, "rdf:type", "cg:Provision"], [theme, "rdf:type", "cg:Theme"]]
    assert page.locator("#answer .downloads a").all_inner_texts() == [
        "Download Turtle",
        "Download JSON-LD",
        "Download N-Triples",
        "Download RDF/XML",
    ]


@pytest.mark.parametrize(
    ("term", "shown"),
    [
        ('"<img src=x onerror=alert(1)>"', "<img src=x onerror=alert(1)>"),
        (r'"a \"b\"\n\\c é𝄞"@en', 'a "b"\n\\c é𝄞 en'),
        ("42", "42"),
        ("<urn:x>", "urn:x"),
        ("<javascript:alert(1)>", "javascript:alert(1)"),
    ],
)
@pytest.mark.parametrize("form", ["table", "graph"])
def test_a_term_is_shown_as_its_characters(opened: Reader, term: str, shown: str, form: str) -> None:
    page = opened()
    if form == "table":
        ask(page, f"SELECT ?o WHERE {{ VALUES ?o {{ {term} }} }}", "1 row.")
    else:
        ask(page, f"CONSTRUCT {{ <urn:s> <urn:p> {term} }} WHERE {{}}", "1 triple.")
    assert cells(page)[0][-1] == shown
    last = page.locator("#answer tbody td").last
    assert last.locator("a, img").count() == 0


def test_no_rows_are_said(opened: Reader) -> None:
    page = opened()
    ask(page, "SELECT ?s WHERE { ?s a <urn:none> }", "No rows: nothing in the graph fits the query.")
    assert page.get_by_role("table").count() == 0


def test_many_rows_are_shown_in_portions(opened: Reader) -> None:
    page = opened()
    ask(page, "SELECT ?s WHERE { ?s ?p ?o } LIMIT 1200", "1,200 rows.")
    caption = page.locator("#answer caption")
    expect(caption).to_have_text("1,200 rows. The first 500 are shown.")
    page.get_by_role("button", name="Show 500 more of 1,200").click()
    expect(caption).to_have_text("1,200 rows. The first 1,000 are shown.")
    focused = page.evaluate("document.activeElement.rowIndex")
    assert focused == 501
    page.get_by_role("button", name="Show 200 more of 1,200").click()
    expect(caption).to_have_text("1,200 rows.")
    assert len(cells(page)) == 1200
    assert page.get_by_role("button", name="more of").count() == 0


def test_a_resource_in_the_answer_leads_to_its_page_here(opened: Reader, endpoint: Endpoint) -> None:
    page = opened()
    ask(page, THEMES, "5 rows.")
    page.get_by_role("link", name="id/bristol/provision/theme-1").click()
    expect(page).to_have_url(f"{endpoint.url}id/bristol/provision/theme-1")
    expect(page.locator("h1")).to_have_text("Allocating resources efficiently")
    page.go_back()
    editor(page).wait_for()
    assert query_in(page) == THEMES


# Errors


@pytest.mark.parametrize(
    ("sparql", "line", "place"),
    [
        ("SELECT ?a WHERE {\n  ?a ?b\n}", "the query does not parse: line 2, column 3", [1, 2]),
        ("SELECT", "the query does not parse: line 1, column 7", [0, 6]),
    ],
)
def test_a_malformed_query_is_alerted_and_its_place_shown(
    opened: Reader, sparql: str, line: str, place: list[int]
) -> None:
    page = opened()
    write(page, sparql)
    run(page)
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("The query was not answered.")
    assert line in alert.inner_text()
    cursor = page.evaluate(
        "(({line, ch}) => [line, ch])(document.querySelector('.CodeMirror').CodeMirror.getCursor())"
    )
    assert cursor == place
    expect(editor(page)).to_be_focused()
    assert page.locator(".wrong-line").count() == 1
    page.keyboard.type(" ")
    assert page.locator(".wrong-line").count() == 0
    ask(page, THEMES, "5 rows.")
    assert alert.inner_text() == ""


@pytest.mark.parametrize(
    ("sparql", "line"),
    [
        (" ", "There is no query yet; write one, or choose a saved question."),
        ("INSERT DATA { <urn:s> <urn:p> 1 }", "this endpoint reads only; it takes no update"),
        (
            "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
            "the query has SERVICE; compactgraph reaches no other service",
        ),
    ],
)
def test_what_is_refused_is_alerted(opened: Reader, sparql: str, line: str) -> None:
    page = opened()
    write(page, sparql)
    run(page)
    expect(page.get_by_role("alert")).to_have_text(f"The query was not answered.{line}")
    assert page.locator("#answer").is_hidden()


def test_a_running_query_can_be_stopped(opened: Reader) -> None:
    page = opened()
    write(page, RUNAWAY)
    run(page)
    page.get_by_role("button", name="Stop").click()
    expect(status(page)).to_have_text("Stopped.")
    expect(page.get_by_role("button", name="Run the query")).to_be_focused()
    assert page.get_by_role("button", name="Stop").count() == 0
    ask(page, THEMES, "5 rows.")


# The editor


@pytest.mark.parametrize(
    ("typed", "offered", "picked"),
    [
        ("SELECT * { ?s a cg:Commit", ["cg:Commitment"], "cg:Commitment"),
        ("SELECT * { ?s a Commit", ["cg:Commitment"], "cg:Commitment"),
        ("SELECT * { ?s a cg:Theme ; cg:hasRec", ["cg:hasRecommendation"], "cg:hasRecommendation"),
    ],
)
def test_the_editor_completes_from_the_graph_itself(
    opened: Reader, typed: str, offered: list[str], picked: str
) -> None:
    page = opened()
    write(page, "")
    page.keyboard.type(typed)
    page.keyboard.press("Control+Space")
    suggestions = page.get_by_role("listbox", name="Suggestions")
    expect(suggestions).to_be_visible()
    assert suggestions.get_by_role("option").all_inner_texts() == offered
    page.keyboard.press("Enter")
    expect(suggestions).to_be_hidden()
    assert query_in(page) == f"PREFIX cg: <{CG}>\n{typed[: typed.rindex(' ')]} {picked}"


def test_the_editor_offers_the_terms_most_used_first(opened: Reader) -> None:
    page = opened()
    write(page, "")
    page.keyboard.type("SELECT * { ?s a ")
    page.keyboard.press("Control+Space")
    suggestions = page.get_by_role("listbox", name="Suggestions").get_by_role("option")
    suggestions.first.wait_for()
    names = suggestions.all_inner_texts()
    assert names.index("cg:Provision") < names.index("cg:Commitment") < names.index("cg:Theme")
    assert "cg:Recommendation" in names


def test_the_editor_declares_a_prefix_of_the_project(opened: Reader) -> None:
    page = opened()
    write(page, "")
    page.keyboard.type("PREFIX sk")
    expect(page.get_by_role("listbox").get_by_role("option")).to_have_text(
        [f"skos: <{PREFIXES['skos']}>"]
    )
    page.keyboard.press("Enter")
    assert query_in(page) == f"PREFIX skos: <{PREFIXES['skos']}>"


def test_the_page_is_used_by_keyboard_alone(opened: Reader) -> None:
    page = opened()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Put a saved question into the editor")).to_be_focused()
    page.keyboard.type("How many provisions of each")
    page.keyboard.press("Tab")
    expect(editor(page)).to_be_focused()
    assert "SELECT ?review ?kind ?outcome" in query_in(page)
    page.keyboard.press("Control+Enter")
    expect(status(page)).to_have_text("17 rows.")
    expect(editor(page)).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Run the query")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(editor(page)).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_label("Put a saved question into the editor")).to_be_focused()


# The address


def test_a_query_in_the_address_is_filled_in_and_not_run(opened: Reader) -> None:
    query = THEMES + "\n# </script><script>document.title = 'run'</script>"
    page = opened("?" + urlencode({"query": query}))
    assert query_in(page) == query
    assert status(page).inner_text() == ""
    assert page.locator("#answer").is_hidden()
    assert page.title() == "Ask the graph with SPARQL · compactgraph"


def test_a_saved_question_in_the_address_is_recognised(opened: Reader) -> None:
    page = opened()
    page.get_by_label("Put a saved question into the editor").select_option("movements")
    query = parse_qs(urlsplit(page.url).query)["query"][0]
    assert query == query_in(page)
    other = opened("?" + urlencode({"query": query}))
    assert other.get_by_label("Put a saved question into the editor").input_value() == "movements"


def test_back_returns_to_the_query_before(opened: Reader) -> None:
    page = opened()
    choice = page.get_by_label("Put a saved question into the editor")
    choice.select_option("outcome-totals")
    first = query_in(page)
    run(page)
    expect(status(page)).to_have_text("17 rows.")
    ask(page, THEMES, "5 rows.")
    assert parse_qs(urlsplit(page.url).query) == {"query": [THEMES]}
    page.go_back()
    expect(choice).to_have_value("outcome-totals")
    assert query_in(page) == first
    assert page.locator("#answer").is_hidden()
    page.go_forward()
    expect(choice).to_have_value("")
    assert query_in(page) == THEMES


def test_a_query_too_long_for_a_link_survives_a_reload(opened: Reader, endpoint: Endpoint) -> None:
    query = f"{THEMES}\n# {'x' * LINK_LIMIT}"
    page = opened()
    ask(page, query, "5 rows.")
    assert page.url == endpoint.url
    with page.expect_download() as download:
        page.get_by_role("button", name="Download CSV").click()
    assert download.value.suggested_filename == "answer.csv"
    assert len(Path(download.value.path()).read_text().splitlines()) == 6
    page.reload()
    editor(page).wait_for()
    assert query_in(page) == query


# What is kept


@pytest.mark.parametrize(
    ("label", "name", "format_"),
    [
        ("CSV", "answer.csv", "csv"),
        ("TSV", "answer.tsv", "tsv"),
        ("JSON", "answer.srj", "json"),
        ("XML", "answer.srx", "xml"),
    ],
)
def test_the_answer_downloads_as_the_endpoint_gives_it(
    opened: Reader, endpoint: Endpoint, label: str, name: str, format_: str
) -> None:
    page = opened()
    ask(page, THEMES, "5 rows.")
    write(page, "SELECT ?changed {}")
    with page.expect_download() as download:
        page.get_by_role("link", name=f"Download {label}").click()
    content = Path(download.value.path()).read_bytes()
    assert content == endpoint.get("/sparql?" + urlencode({"query": THEMES, "format": format_})).content
    assert download.value.suggested_filename == name


def test_without_scripts_a_plain_form_asks(opened: Reader) -> None:
    page = opened(java_script_enabled=False)
    page.get_by_role("textbox", name="Query").fill(THEMES)
    with page.expect_download() as download:
        page.get_by_role("button", name="Answer as CSV").click()
    rows = list(csv.reader(StringIO(Path(download.value.path()).read_text())))
    assert rows == [["theme"], *([f"{ID}bristol/provision/theme-{number}"] for number in range(1, 6))]


# For everyone


def answered(page: Page) -> None:
    page.get_by_label("Put a saved question into the editor").select_option("evidence")
    run(page)
    expect(status(page)).to_have_text("6 rows.")


def alerted(page: Page) -> None:
    write(page, "SELECT ?a WHERE {\n  ?a ?b\n}")
    run(page)
    expect(page.get_by_role("alert")).to_contain_text("line 2")


def completing(page: Page) -> None:
    write(page, "")
    page.keyboard.type("SELECT * { ?s a cg:Com")
    page.keyboard.press("Control+Space")
    page.get_by_role("listbox").wait_for()


def as_opened(page: Page) -> None:
    pass


STATES = {
    "as opened": ("", as_opened),
    "answered": ("", answered),
    "alerted": ("", alerted),
    "completing": ("", completing),
    "a resource": ("id/bristol/provision/1.11", as_opened),
    "nothing there": ("id/bristol/provision/9.99", as_opened),
}


@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize(("path", "made"), STATES.values(), ids=STATES.keys())
def test_axe_finds_nothing(opened: Reader, path: str, made: Callable[[Page], None], width: int) -> None:
    page = opened(path, width=width)
    made(page)
    found = found_by_axe(page)
    page.emulate_media(color_scheme="dark")
    expect(page.locator("body")).to_have_css("background-color", "rgb(18, 24, 31)")
    found += found_by_axe(page, CONTRAST)
    assert found == []


@pytest.mark.parametrize(("path", "made"), STATES.values(), ids=STATES.keys())
def test_nothing_runs_over_the_side_of_a_phone(
    opened: Reader, path: str, made: Callable[[Page], None]
) -> None:
    page = opened(path, width=320)
    made(page)
    assert page.evaluate("document.documentElement.scrollWidth") == 320


# What is shipped


@pytest.mark.parametrize("name", ["@zazuko/yasqe", "codemirror", "lodash-es", "dompurify", "events"])
def test_the_licences_of_what_is_bundled_are_served(endpoint: Endpoint, name: str) -> None:
    licences = endpoint.get("/static/LICENSES.txt").text
    sections = licences.split("\n" + "-" * 79 + "\n\n")
    section = next(text for text in sections if text.split()[0] == name)
    assert "opyright" in section
    assert len(section) > 500
