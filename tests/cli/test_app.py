"""The command line: what each command prints, its exit status, its one line for a mistake."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import openpyxl
import pytest

from compactgraph import __version__
from compactgraph.answers.tables.destinations import COLUMNS
from compactgraph.cli.app import main
from tests.support.commands import Ran, Run
from tests.support.terminals import on_a_terminal


@pytest.fixture
def run(
    bristol_folder: Path,
    data_folder: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Run:
    """Run the command in this process, on Bristol's store unless told otherwise."""
    monkeypatch.setenv("COMPACTGRAPH_STORE", str(bristol_folder))
    monkeypatch.setenv("COMPACTGRAPH_DATA", str(data_folder))
    monkeypatch.setenv("COLUMNS", "200")

    def run_command(*arguments: object) -> Ran:
        monkeypatch.setattr(sys, "argv", ["compactgraph", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        captured = capsys.readouterr()
        return Ran(int(ended.value.code or 0), captured.out, captured.err)

    return run_command


@pytest.fixture
def gold(cases_folder: Path) -> str:
    """Return the table of destinations as it was checked by eye against the document."""
    return (cases_folder / "bristol-destinations.csv").read_bytes().decode()


def test_destinations_are_the_table_checked_by_eye(run: Run, gold: str) -> None:
    ran = run("destinations", "--format", "csv")
    assert ran.status == 0
    assert ran.rows() == list(csv.DictReader(io.StringIO(gold, newline="")))
    assert len(ran.rows()) == 96
    assert len({row["provision"] for row in ran.rows()}) == 79


def test_destinations_have_the_columns_of_the_contract(run: Run) -> None:
    header = run("destinations", "--format", "csv").out.split("\r\n")[0]
    assert header == (
        "provision,kind,theme,party,outcome,recommendation,disposition,reason,destination,relation,"
        "status,text,recommendation_text"
    )


def test_every_recommendation_stands_in_a_row(run: Run) -> None:
    rows = run("destinations", "--format", "csv").rows()
    assert len({row["recommendation"] for row in rows} - {""}) == 83
    assert {row["status"] for row in rows if row["recommendation"]} == {"recommended"}
    without = [row["provision"] for row in rows if not row["recommendation"]]
    assert without == ["values", "1.9", "theme-2", "5.6"]


def test_origins_hold_the_same_rows_ordered_by_destination(run: Run) -> None:
    destinations = run("destinations", "--format", "csv").rows()
    origins = run("origins", "--format", "csv").rows()
    assert sorted(map(str, origins)) == sorted(map(str, destinations))
    named = [row["destination"] for row in origins if row["destination"]]
    assert named == sorted(named)
    assert Counter(named) == {
        "business-as-usual": 17,
        "ccg-stp": 1,
        "mayors-statement": 1,
        "national-compact": 1,
        "new-compact": 45,
        "social-value-advisory-group": 1,
        "vcse-strategy": 9,
        "voice-and-influence-consultation": 1,
    }
    assert all(not row["destination"] for row in origins[len(named) :])


@pytest.mark.parametrize(
    ("arguments", "provisions"),
    [
        (
            ["--to", "vcse-strategy"],
            [
                *["terminology", "our-commitments", "partners-group", "value-1", "value-2"],
                *["value-3", "value-5", "1.11", "4.4"],
            ],
        ),
        (
            ["--outcome", "undecided"],
            ["title", *["partners-group"] * 4, "values", "1.9", "theme-2", "3.1", "5.6"],
        ),
        (["--theme", "5", "--outcome", "absorbed"], ["5.7", "5.8"]),
        (["--theme", "4", "--party", "shared", "--to", "vcse-strategy"], ["4.4"]),
        (["--party", "vcs", "--outcome", "revised"], ["1.16"]),
        (["--outcome", "either", "--to", "new-compact"], ["value-1", "value-2", "value-3"]),
    ],
)
def test_destinations_filtered(run: Run, arguments: list[str], provisions: list[str]) -> None:
    ran = run("destinations", "--format", "csv", *arguments)
    assert [row["provision"] for row in ran.rows()] == provisions
    assert ran.status == 0


def test_no_match_is_status_1(run: Run) -> None:
    ran = run("destinations", "--format", "csv", "--theme", "2", "--to", "vcse-strategy")
    assert (ran.status, ran.rows()) == (1, [])


def test_destinations_as_json(run: Run) -> None:
    rows = json.loads(run("destinations", "--format", "json", "--to", "pcr-2015").out)
    assert rows == []
    rows = json.loads(run("destinations", "--format", "json", "--to", "ccg-stp").out)
    assert [list(row) for row in rows] == [list(COLUMNS)]
    assert rows[0]["recommendation_text"] == "Refer to Mayor's statement and the CCG's STP."


def test_destinations_as_a_workbook(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "table.xlsx"
    ran = run("destinations", "--format", "xlsx", "--output", path)
    assert (ran.status, ran.out, ran.err) == (0, "", f"Wrote {path}.\n")
    sheet = openpyxl.load_workbook(path).worksheets[1]
    assert sheet["A1"].value == "Table of destinations: 79 provisions, 96 rows"
    values = [row[0].value for row in sheet.iter_rows()]
    assert "1.10" in values
    assert "1.1" in values


def test_destinations_on_a_terminal(run: Run) -> None:
    out = run("destinations", "--format", "table", "--to", "vcse-strategy").out
    assert out.splitlines()[0].strip() == "Table of destinations: 9 provisions, 9 rows"
    line = next(line for line in out.splitlines() if "1.11 " in line)
    assert line.split()[:4] == ["1.11", "moved", "moves", "vcse-strategy"]


def test_build_prints_counts_and_totals(run: Run, data_folder: Path, tmp_path: Path) -> None:
    ran = run("build", "--data", data_folder, "--store", tmp_path / "store")
    assert ran.status == 0
    lines = [line.strip() for line in ran.out.splitlines()]
    assert "79 provisions: 54 commitments, 5 themes, 8 values, 12 sections" in lines
    assert "54 commitments: 26 shared, 17 public-sector, 11 vcs" in lines
    assert [line.split() for line in lines if line.startswith(("undecided", "total"))] == [
        ["undecided", "7", "3"],
        ["total", "79", "54"],
    ]
    again = run("build", "--data", data_folder, "--store", tmp_path / "store")
    assert again.out.splitlines()[-1] == "Nothing has changed since the last build, so nothing was done."


def test_validate_the_store(run: Run) -> None:
    ran = run("validate", "--format", "json")
    findings = json.loads(ran.out)
    assert ran.status == 0
    assert [(f["severity"], f["line"]) for f in findings] == [("Warning", 14)]
    assert "national-compact-r1 removes something and does not say why" in findings[0]["finding"]


def test_validate_a_file_that_does_not_conform(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "part.ttl"
    path.write_text(
        "@prefix cg: <https://w3id.org/compactgraph/ontology#> .\n"
        "<https://w3id.org/compactgraph/id/x/movement/1> a cg:Movement .\n"
    )
    ran = run("validate", path, "--format", "csv")
    assert ran.status == 1
    assert {row["severity"] for row in ran.rows()} >= {"Violation"}


def test_validate_a_name_that_no_message_can_quote(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "part.ttl"
    path.write_text(
        "@prefix cg: <https://w3id.org/compactgraph/ontology#> .\n"
        "@prefix dcterms: <http://purl.org/dc/terms/> .\n"
        "<http://example.org/r> a cg:Review ; dcterms:identifier 'r' .\n"
        "<http://example.org/p> a cg:Recommendation ; cg:review <http://example.org/r> ;\n"
        "  dcterms:identifier '1\\\\g' ; cg:disposition <http://example.org/x> .\n"
    )
    ran = run("validate", path)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err == (
        "compactgraph: a name in the data has a backslash, which no message can quote; take it out\n"
    )


def test_trace_tells_the_whole_way(run: Run) -> None:
    ran = run("trace", "1.11")
    assert ran.status == 0
    for words in (
        "1.11 – commitment, theme 1. Allocating resources efficiently, made by: public sector",
        "Support the VCS in ways other than funding for example, community asset transfer and capacity",
        "Remove, as could be better included in the new VCSE Strategy.  [1.11-r1, line 38]",
        "moves to → VCSE Strategy, because: better placed elsewhere  (recommended by 1.11-r1)",
        "Outcome: moved – It leaves the agreement for another document.",
        "“could be better included in” (characters 12680–12707, line 38)",
    ):
        assert words in ran.out


def test_trace_as_json_leads_to_the_source(run: Run, data_folder: Path) -> None:
    traced = json.loads(run("trace", "1.10", "--format", "json").out)
    source = (data_folder / "bristol" / "source.txt").read_text(encoding="utf-8")
    wording = next(text for text in traced["texts"] if text["kind"] == "wording")
    quoted = " ".join(source[r["start"] : r["end"]] for r in wording["ranges"])
    assert quoted == wording["text"]
    for reading in traced["evidence"]:
        for found in reading["ranges"]:
            assert source[found["start"] : found["end"]] == found["words"]


def test_trace_of_what_the_document_leaves_open(run: Run) -> None:
    out = run("trace", "1.9").out
    assert "The document recommends nothing here." in out
    assert "Outcome: undecided" in out


def test_trace_shows_what_a_commitment_is_tied_to(run: Run) -> None:
    assert "near wording (93.3): 3.11 [absorbed]" in run("trace", "1.19").out
    assert "near wording, from (93.3): 1.19 [absorbed]" in run("trace", "3.11").out
    assert "bears on: 3.3 [revised]" in run("trace", "3.8").out
    assert "bears on, from: 3.8 [retained]" in run("trace", "3.3").out


def test_trace_explains_a_path(run: Run) -> None:
    ran = run("trace", "1.6", "--path-to", "pcr-2015", "--format", "json")
    steps = json.loads(ran.out)["path"]
    assert [(step["from"], step["to"]) for step in steps] == [
        ("1.6", "theme-1"),
        ("theme-1", "1.1"),
        ("1.1", "pcr-2015"),
    ]
    assert "PCR2015" in steps[-1]["words"]


def test_a_section_and_a_reference_of_one_name_are_told_apart(run: Run) -> None:
    ran = run("trace", "national-compact", "--path-to", "ncvo", "--format", "json")
    steps = json.loads(ran.out)["path"]
    assert [(step["from"], step["to"], step["of"]) for step in steps] == [
        ("national-compact", "ncvo", "national-compact-c1")
    ]


@pytest.mark.parametrize(
    "format_",
    [
        "turtle",
        "trig",
        "nquads",
        "ntriples",
        "jsonld",
        "rdfxml",
        "graphml",
        "csv",
        "xlsx",
        "ods",
        "docx",
    ],
)
def test_export_writes_a_file_and_says_so(run: Run, tmp_path: Path, format_: str) -> None:
    path = tmp_path / "out"
    ran = run("export", "--format", format_, path)
    assert (ran.status, ran.out, ran.err) == (0, "", f"Wrote {path}.\n")
    assert path.stat().st_size > 10_000


def test_query_lists_the_saved_questions(run: Run, ontology_folder: Path) -> None:
    rows = run("query", "--format", "csv").rows()
    assert [row["name"] for row in rows] == sorted(
        path.stem for path in (ontology_folder / "queries").glob("*.rq")
    )
    assert len(rows) >= 24


def test_query_by_name(run: Run) -> None:
    ran = run("query", "goes-to", "--param", "destination=vcse-strategy", "--format", "csv")
    assert ran.status == 0
    assert len(ran.rows()) == 9


def test_standard_input_that_is_not_utf_8_is_refused_in_one_line(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\xff\xfe"), encoding="utf-8"))
    ran = run("query", "-")
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith("compactgraph: -: cannot be read ('utf-8' codec can't decode byte 0xff")


def test_query_from_a_file_and_from_standard_input(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sparql = "SELECT (COUNT(*) AS ?commitments) WHERE { ?c a cg:Commitment }"
    path = tmp_path / "count.rq"
    path.write_text(sparql)
    assert run("query", path, "--format", "csv").out == "commitments\r\n54\r\n"
    monkeypatch.setattr(sys, "stdin", io.StringIO(sparql))
    assert run("query", "-", "--format", "csv").out == "commitments\r\n54\r\n"


ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


def test_query_is_stopped_in_time(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "endless.rq"
    path.write_text(ENDLESS)
    ran = run("query", path, "--timeout", "0.5")
    assert (ran.status, ran.out) == (2, "")
    assert ran.err == (
        "compactgraph: the query took longer than 0.5 seconds and was stopped; narrow it, "
        "or give it longer with --timeout\n"
    )


@pytest.mark.parametrize("question", [["outcome-totals"], ["goes-to", "--param", "destination=ncvo"]])
def test_query_in_time_answers_the_same(run: Run, question: list[str]) -> None:
    assert run("query", *question, "--timeout", "30") == run("query", *question)


def test_query_hears_the_interrupt(bristol_folder: Path) -> None:
    command = [sys.executable, "-m", "compactgraph", "query", "-", "--store", str(bristol_folder)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    with process:
        assert process.stdin is not None
        process.stdin.write(ENDLESS.encode())
        process.stdin.close()
        # It runs once it has used more of the processor than its start takes.
        while busy_seconds(process.pid) < 2:
            time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=10) == -signal.SIGINT


def busy_seconds(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@pytest.mark.parametrize(
    ("sparql", "status", "out"),
    [
        ("ASK { ?c a cg:Commitment }", 0, "yes\n"),
        ("ASK { ?c a cg:Nothing }", 1, "no\n"),
        ("SELECT ?c WHERE { ?c a cg:Nothing }", 1, "c\r\n"),
    ],
)
def test_query_status(
    run: Run, monkeypatch: pytest.MonkeyPatch, sparql: str, status: int, out: str
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(sparql))
    ran = run("query", "-", "--format", "csv")
    assert (ran.status, ran.out) == (status, out)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["trace", "1.99"], "unknown provision '1.99'; nearest: "),
        (["trace", "1.11", "--path-to", "pcr-2014"], "pcr-2015"),
        (["trace", "1.11", "--format", "xml"], "unknown format 'xml'"),
        (
            ["destinations", "--to", "vcse-stratgy"],
            "unknown reference 'vcse-stratgy'; nearest: vcse-strategy",
        ),
        (["destinations", "--outcome", "droped"], "unknown outcome 'droped'; nearest: dropped"),
        (["destinations", "--party", "vsc"], "unknown party 'vsc'; nearest: vcs"),
        (["destinations", "--theme", "9"], "unknown provision 'theme-9'; nearest: theme-5"),
        (["destinations", "--theme", "one"], "Invalid value for '--theme'"),
        (["destinations", "--format", "xlxs"], "unknown format 'xlxs'; nearest: xlsx"),
        (["destinations", "--format", "xlsx"], "xlsx needs a file; name it with --output FILE.xlsx"),
        (["trace", "1.11", "--review", "bristl"], "unknown review 'bristl'; nearest: bristol"),
        (["destinations", "--review", "bristl"], "unknown review 'bristl'; nearest: bristol"),
        (["query", "goes-two"], "unknown question 'goes-two'; nearest: goes-to"),
        (["query", "goes-to"], "goes-to needs destination"),
        (["query", "goes-to", "--param", "destination"], "write it as name=value"),
        (["query", "no/such/file.rq"], "cannot be read"),
        (["export", "--format", "trutle", "/tmp/x"], "unknown format 'trutle'; nearest: turtle"),
        (["validate", "nothing.ttl"], "nothing.ttl: cannot be read"),
        (["destinatons"], "No such command 'destinatons'"),
        (["destinations", "--too", "x"], "No such option: --too"),
        (["trace"], "Missing argument 'provision'"),
        (["build", "--data", "nowhere"], "no review here"),
    ],
)
def test_a_mistake_is_one_line_and_status_2(run: Run, arguments: list[str], words: str) -> None:
    ran = run(*arguments)
    assert ran.status == 2
    assert ran.out == ""
    assert ran.err.startswith("compactgraph: ")
    assert ran.err.count("\n") == 1
    assert words in ran.err


@pytest.mark.parametrize(
    ("sparql", "words"),
    [
        ("SELECT * WHERE { ?s ?p }", "the query does not parse: line 1, column"),
        ("SELECT * WHERE { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", "the query has SERVICE"),
        ("INSERT DATA { <a:b> <a:c> <a:d> }", "the query is an update"),
        ("DROP ALL", "the query is an update"),
        ("ASK " + "{" * 3000 + "}" * 3000, "the query is nested too deeply"),
    ],
)
def test_a_query_that_may_not_run_is_refused(
    run: Run, monkeypatch: pytest.MonkeyPatch, sparql: str, words: str
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(sparql))
    ran = run("query", "-")
    assert ran.status == 2
    assert words in ran.err
    assert ran.err.count("\n") == 1


def test_a_store_with_several_reviews_asks_which(run: Run, data_folder: Path, tmp_path: Path) -> None:
    data = Path(shutil.copytree(data_folder, tmp_path / "data"))
    folder = Path(shutil.copytree(data / "bristol", data / "avon"))
    references = folder / "references.ttl"
    text = references.read_text(encoding="utf-8")
    references.write_text(text.replace("/id/bristol/", "/id/avon/"), encoding="utf-8")
    store = tmp_path / "store"
    built = run("build", "--data", data, "--store", store)
    assert (built.status, built.err) == (0, "")
    ran = run("destinations", "--store", store)
    assert (ran.status, ran.err) == (
        2,
        "compactgraph: the store has 2 reviews (avon, bristol); choose one with --review\n",
    )
    assert "1.11 is in several reviews (avon, bristol)" in run("trace", "1.11", "--store", store).err
    assert run("trace", "1.11", "--store", store, "--review", "avon").status == 0
    chosen = run("destinations", "--store", store, "--review", "avon", "--format", "csv")
    assert len(chosen.rows()) == 96
    everywhere = run("query", "undecided", "--store", store, "--format", "csv")
    assert len(everywhere.rows()) == 2 * len(run("query", "undecided", "--format", "csv").rows())


def test_no_store_says_what_to_do(run: Run, tmp_path: Path) -> None:
    ran = run("trace", "1.11", "--store", tmp_path / "none")
    assert (ran.status, ran.err) == (
        2,
        f"compactgraph: {tmp_path / 'none'}: there is no store here yet; run: compactgraph build\n",
    )


def test_version_and_help(run: Run) -> None:
    assert run("--version").out == f"compactgraph {__version__}\n"
    ran = run()
    assert ran.status == 0
    for command in (
        *("build", "validate", "trace", "destinations", "origins", "query", "export", "serve", "app"),
        *("decide", "decisions", "draft"),
    ):
        assert f"\n  {command} " in ran.out


def test_the_default_format_on_a_terminal_is_the_table(bristol_folder: Path) -> None:
    arguments = ["compactgraph", "destinations", "--outcome", "moved"]
    status, shown = on_a_terminal(arguments, bristol_folder, COLUMNS="100", TERM="xterm")
    assert status == 0
    assert "Table of destinations: 3 provisions, 3 rows" in shown
    assert "\x1b[" in shown


def test_output_that_nobody_reads_is_no_traceback(bristol_folder: Path) -> None:
    environment = {**os.environ, "COMPACTGRAPH_STORE": str(bristol_folder)}
    shell = f"{sys.executable} -m compactgraph destinations --format csv | head -n 1"
    ran = subprocess.run(
        ["sh", "-c", shell], capture_output=True, text=True, env=environment, timeout=60, check=True
    )
    assert ran.stdout.startswith("provision,kind,theme")
    assert ran.stderr == ""
