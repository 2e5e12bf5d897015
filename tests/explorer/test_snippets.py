"""The same question elsewhere: what is shown is run, in a shell and in Python."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from pyoxigraph import Store

from compactgraph.errors import QueryError
from compactgraph.explorer.views.snippets import command_line, python
from compactgraph.files.writing import Sheet, write_csv
from compactgraph.sparql.questions import ask, find_question
from compactgraph.sparql.rows import Answer, GraphAnswer
from compactgraph.sparql.running import run_sparql

PROJECT = Path(__file__).resolve().parents[2]
SHELL = f'compactgraph() {{ {shlex.quote(sys.executable)} -m compactgraph "$@"; }}\n'

QUESTIONS = [
    ("goes-to", {"destination": "vcse-strategy"}, "bristol"),
    ("outcome-totals", {}, "bristol"),
    ("words", {"words": "partners’"}, "bristol"),
    ("words", {"words": "it's `id` $HOME \"quoted\" \\ '; echo no; '"}, "bristol"),
    ("words", {"words": "--help"}, "bristol"),
    ("words", {"words": "two\nlines = 2"}, "bristol"),
    ("theme", {"theme": "2"}, "bristol"),
]
QUERIES = [
    "SELECT ?id { ?p a cg:Theme ; dcterms:identifier ?id } ORDER BY ?id",
    "# which?\nPREFIX a: <https://w3id.org/compactgraph/ontology#>\n\nSELECT ?id\nWHERE {\n"
    "  ?p a a:Value ; dcterms:identifier ?id .\n}\nORDER BY ?id\n",
    'SELECT ("""one "" \\" two\\\\ $HOME `id`\nSPARQL\nit\'s""" AS ?x) {}',
    "SELECT ('''\"\"\"''' AS ?x)\n{}",
    "SELECT ('\\r\\n' AS ?x)\n{} # \"",
    "SELECT ?none { ?none a cg:Nothing }",
    "ASK { ?p a cg:Commitment }",
    "ASK { ?p a cg:Nothing }",
    "CONSTRUCT { ?p cg:outcome ?o } WHERE { ?p dcterms:identifier '1.16' ; cg:outcome ?o }",
]


def run(command: list[str], store: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a command in a folder of its own, so that it finds only what it names."""
    return subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "COMPACTGRAPH_STORE": str(store), "PYTHONPATH": str(PROJECT)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def as_csv(answer: Answer) -> str:
    written = StringIO()
    write_csv(Sheet("", answer.columns, answer.rows), written)
    return written.getvalue().replace("\r\n", "\n")


def as_lines(answer: Answer) -> str:
    rows = [answer.columns, *answer.rows]
    return "".join("\t".join(map(str, row)) + "\n" for row in rows)


@pytest.mark.parametrize(("name", "values", "review"), QUESTIONS)
def test_a_saved_question_on_the_command_line(
    name: str,
    values: dict[str, str],
    review: str,
    bristol: Store,
    bristol_folder: Path,
    ontology_folder: Path,
    tmp_path: Path,
) -> None:
    question = find_question(ontology_folder, name)
    expected = ask(bristol, question, values, review)
    command = command_line(question, values, review)
    done = run(["sh", "-c", SHELL + command], bristol_folder, tmp_path)
    assert (done.stdout, done.stderr) == (as_csv(expected), "")
    assert done.returncode == (0 if expected.rows else 1)


@pytest.mark.parametrize(("name", "values", "review"), QUESTIONS)
def test_a_saved_question_in_python(
    name: str,
    values: dict[str, str],
    review: str,
    bristol: Store,
    bristol_folder: Path,
    ontology_folder: Path,
    tmp_path: Path,
) -> None:
    question = find_question(ontology_folder, name)
    expected = ask(bristol, question, values, review)
    snippet = python(question, values, review)
    done = run([sys.executable, "-W", "error", "-c", snippet], bristol_folder, tmp_path)
    assert (done.stdout, done.stderr, done.returncode) == (as_lines(expected), "", 0)


@pytest.mark.parametrize("sparql", QUERIES)
def test_a_query_on_the_command_line(
    sparql: str, bristol: Store, bristol_folder: Path, tmp_path: Path
) -> None:
    expected = run_sparql(bristol, sparql)
    done = run(["sh", "-c", SHELL + command_line(sparql)], bristol_folder, tmp_path)
    assert done.stderr == ""
    if isinstance(expected, Answer):
        assert done.stdout == as_csv(expected)
        found = bool(expected.rows)
    elif isinstance(expected, GraphAnswer):
        assert "cg:outcome" in done.stdout
        found = True
    else:
        assert done.stdout == ("yes\n" if expected else "no\n")
        found = expected
    assert done.returncode == (0 if found else 1)


@pytest.mark.parametrize("sparql", QUERIES)
def test_a_query_in_python(sparql: str, bristol: Store, bristol_folder: Path, tmp_path: Path) -> None:
    expected = run_sparql(bristol, sparql)
    done = run([sys.executable, "-W", "error", "-c", python(sparql)], bristol_folder, tmp_path)
    assert (done.stderr, done.returncode) == ("", 0)
    if isinstance(expected, Answer):
        assert done.stdout == as_lines(expected).replace("\r\n", "\n")
    elif isinstance(expected, GraphAnswer):
        assert done.stdout == "".join(f"{triple}\n" for triple in expected.triples)
    else:
        assert done.stdout == f"{expected}\n"


def test_how_they_read(ontology_folder: Path) -> None:
    question = find_question(ontology_folder, "goes-to")
    values = {"destination": "vcse-strategy", "party": "vcs"}
    assert command_line(question, values, "bristol") == (
        "compactgraph query goes-to --param destination=vcse-strategy --param party=vcs --review bristol"
    )
    assert python(question, values, "bristol") == (
        "import compactgraph\n"
        "\n"
        "graph = compactgraph.open_review('bristol')\n"
        "answer = compactgraph.ask(graph, 'goes-to', destination='vcse-strategy', party='vcs')\n"
        'print(*answer.columns, sep="\\t")\n'
        "for row in answer.rows:\n"
        '    print(*row, sep="\\t")\n'
    )
    assert command_line("ASK {\n  ?s ?p ?o\n}\n") == (
        "compactgraph query - <<'SPARQL'\nASK {\n  ?s ?p ?o\n}\nSPARQL"
    )
    assert 'sparql = """\\\nASK {\n  ?s ?p ?o\n}"""\n' in python("ASK {\n  ?s ?p ?o\n}\n")


def test_a_query_has_no_parameters() -> None:
    for recipe in (command_line, python):
        with pytest.raises(QueryError, match="write the value into the query"):
            recipe("ASK {}", {"theme": "1"})
