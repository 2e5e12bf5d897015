"""A mistake in a command is one line and status 2, and nothing is recorded."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from compactgraph.paths import register_file
from tests.support.commands import ANN, DATED, MOVES_1_11, Ran, Run, copied


@pytest.fixture(scope="module")
def busy(decided_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the decided store on which mistakes are made, and nothing else."""
    return copied(decided_folder, tmp_path_factory.mktemp("busy") / "store")


TOMORROW = (date.today() + timedelta(days=2)).isoformat()
NO_DAY = "is not a day; write it as year-month-day, as in 2026-11-24"
MISTAKES: dict[str, tuple[list[str], str]] = {
    "decide what is unknown": (["decide", "decline", "1.11"], "No such command 'decline'"),
    "agree to nothing": (["decide", "agree", *DATED], "Missing argument 'items'"),
    "agree without a name": (
        ["decide", "agree", "1.5"],
        "the name of who decides or writes is missing; give at least one",
    ),
    "an empty name": (
        ["decide", "agree", "1.5", "--by", ""],
        "The name of a person or a body is only spaces; type the name.",
    ),
    "an unknown item": (
        ["decide", "agree", "1.99", *DATED],
        "unknown movement or provision '1.99'; nearest: ",
    ),
    "no day": (["decide", "agree", "1.5", *ANN, "--date", "yesterday"], f"'yesterday' {NO_DAY}"),
    "a day to come": (
        ["decide", "agree", "1.5", *ANN, "--date", TOMORROW],
        f"{TOMORROW} is in the future; give the day on which it was decided",
    ),
    "no movement": (
        ["decide", "agree", "theme-2", *DATED],
        "theme-2 has no movement; look at its trace, or settle the provision itself",
    ),
    "nothing but questions": (
        ["decide", "agree", "partners-group", *DATED],
        "partners-group has nothing but questions; look at its trace, or settle the provision itself",
    ),
    "alternatives": (
        ["decide", "agree", "value-3", *DATED],
        "value-3 has alternatives, new-compact or vcse-strategy; settle which of them it is",
    ),
    "no number": (
        ["decide", "agree", "1.5", *DATED, "--replaces", "dd7"],
        "'dd7' is not a decision; name it by its number, as d7",
    ),
    "a number too long": (
        ["decide", "agree", "1.5", *DATED, "--beside", "d1234567890"],
        "'d1234567890' is not a decision; name it by its number, as d7",
    ),
    "no such decision": (
        ["decide", "agree", "1.5", *DATED, "--replaces", "99"],
        "decision d99 is unknown; name one that is recorded",
    ),
    "a draft is no decision": (
        ["decide", "agree", "1.5", *DATED, "--replaces", "d20"],
        "decision d20 is unknown; name one that is recorded",
    ),
    "an option that agree has not": (
        ["decide", "agree", "1.5", *DATED, "--to", "ncvo"],
        "No such option: --to",
    ),
    "amend without content": (
        ["decide", "amend", "1.5", *DATED],
        "1.5-r1/stays/new-compact: say what is decided, as a disposition: keep, ",
    ),
    "an unknown disposition": (
        ["decide", "amend", "1.5", *DATED, "--disposition", "kep"],
        "unknown disposition of a decision 'kep'; nearest: keep",
    ),
    "an unknown reason": (
        ["decide", "amend", "1.5", *DATED, "--disposition", "remove", "--reason", "old"],
        "unknown reason of a decision 'old'; ",
    ),
    "an unknown destination": (
        ["decide", "settle", "value-3", *DATED, "--to", "vcse-stratgy", "--disposition", "remove"],
        "unknown reference 'vcse-stratgy'; nearest: vcse-strategy",
    ),
    "settle what is settled": (
        ["decide", "settle", "1.5", *DATED, "--disposition", "keep"],
        "1.5 is revised, and nothing of it is open; agree to its movements, reject them or amend them",
    ),
    "settle a movement": (
        ["decide", "settle", MOVES_1_11, *DATED, "--disposition", "keep"],
        f"unknown provision '{MOVES_1_11}'; ",
    ),
    "apply what is applied": (
        ["decide", "apply", "1.11", *DATED, "--place", "Section 4"],
        "1.11 has nothing that is agreed and not applied; look at its trace, or settle the provision "
        "itself",
    ),
    "apply without a place": (
        ["decide", "apply", "value-5", *DATED],
        "value-5-r1/moves/vcse-strategy goes to a document; say at which place in it the matter now "
        "stands",
    ),
    "apply what is recommended": (
        ["decide", "apply", "1.5-r1/stays/new-compact", *DATED, "--place", "1"],
        "1.5-r1/stays/new-compact is recommended; only what was agreed can be applied",
    ),
    "a note without words": (
        ["decide", "note", "1.5", *DATED],
        "a note needs its words; give them as its reason",
    ),
    "confirm what is not suspect": (
        ["decide", "confirm", "decision/1", *DATED],
        "decision/1 is not suspect, and nothing else is",
    ),
    "a conflict": (
        ["decide", "reject", "value-5", *DATED],
        "supersede it, or say that both are kept: add --replaces d2, or --beside d2",
    ),
    "alternatives together": (
        [
            *("decide", "agree", "value-3-r1/either/new-compact", "value-3-r1/either/vcse-strategy"),
            *DATED,
        ],
        "are decided together, and only one of them can hold; decide one of them",
    ),
    "an unknown review": (
        ["decide", "agree", "1.5", *DATED, "--review", "bath"],
        "unknown review 'bath'; known: bristol",
    ),
    "decisions and a word": (["decisions", "lst"], "No such command 'lst'"),
    "an unknown kind": (
        ["decisions", "--kind", "agreed"],
        "unknown kind of decision 'agreed'; nearest: ",
    ),
    "an unknown state": (["decisions", "--state", "old"], "unknown state of a decision 'old'; "),
    "decisions on nothing": (
        ["decisions", "--provision", "1.99"],
        "unknown provision '1.99'; nearest: ",
    ),
    "since no day": (["decisions", "--since", "2026-13-01"], f"'2026-13-01' {NO_DAY}"),
    "until no day": (["decisions", "--until", "October"], f"'October' {NO_DAY}"),
    "decisions as a workbook without a file": (
        ["decisions", "--format", "xlsx"],
        "xlsx needs a file; name it with --output FILE.xlsx",
    ),
    "decisions in an unknown format": (
        ["decisions", "--format", "cvs"],
        "unknown format 'cvs'; nearest: ",
    ),
    "export to nowhere": (
        ["decisions", "export", "/no/such/folder/register.jsonl"],
        "/no/such/folder/register.jsonl: cannot be written (No such file or directory)",
    ),
    "export without a file": (["decisions", "export"], "Missing argument 'path'"),
    "export of a review that has none": (
        ["decisions", "export", "register.jsonl", "--review", "bath"],
        "nothing has been recorded yet, so nothing was written",
    ),
    "import of nothing": (
        ["decisions", "import", "/no/such/file"],
        "/no/such/file: cannot be read (No such file or directory); name a file",
    ),
    "import of a folder": (["decisions", "import", "/"], "/: cannot be read (Is a directory)"),
    "import of another file": (
        ["decisions", "import", __file__],
        "line 1: it is not an entry of a register; "
        "take a file as 'compactgraph decisions export' wrote it",
    ),
    "write in a closed draft": (
        ["draft", "write", "1.9", "--text", "x", "--from", "draft/1/1.1", "--from", "draft/2/1", *DATED],
        "draft/2/1 is of the same draft; a provision derives from what was there before",
    ),
    "write nothing": (["draft", "write", "1.9", *DATED], "1.9 has no words; give them"),
    "write twice": (
        ["draft", "write", "1.9", "--text", "x", "--text-file", "y", *DATED],
        "--text and --text-file both give the words; give one of them",
    ),
    "write from no file": (
        ["draft", "write", "1.9", "--text-file", "/no/such/file", *DATED],
        "/no/such/file: cannot be read (",
    ),
    "write under no name": (
        ["draft", "write", "1 9", "--text", "x", *DATED],
        "'1 9' cannot name a provision; use up to 40 letters, figures, dots and hyphens, as in 2.3",
    ),
    "write of no kind": (
        ["draft", "write", "1.9", "--text", "x", "--kind", "clause", *DATED],
        "unknown kind of provision 'clause'; ",
    ),
    "write under no theme": (
        ["draft", "write", "1.9", "--text", "x", "--theme", "one", *DATED],
        "'one' is not a theme; give its number",
    ),
    "derived from nothing that is there": (
        ["draft", "write", "1.9", "--text", "x", "--from", "9.9", *DATED],
        "unknown provision '9.9'; nearest: ",
    ),
    "write over another": (
        ["draft", "write", "1.4", "--text", "x", *DATED],
        "draft/2/1.4 has words that were written by Chris O’Neill, Bo Okafor on 2026-11-02 (d28); "
        "supersede them if others are to stand there: add --replaces d28\n",
    ),
    "write without a name": (
        ["draft", "write", "1.9", "--text", "x"],
        "the name of who decides or writes is missing; give at least one",
    ),
    "withdraw nothing": (
        ["draft", "withdraw", "9.9", *DATED],
        "unknown provision of draft 2 '9.9'; ",
    ),
    "show no draft": (["draft", "show", "3"], "unknown draft '3'; known: 1, 2"),
    "show no number": (["draft", "show", "last"], "'last' is not a draft; give its number, or: latest"),
    "show draft 0": (["draft", "show", "0"], "'0' is not a draft; give its number, or: latest"),
    "show a draft of 5,000 digits": (
        ["draft", "show", "9" * 5_000],
        "'99999999999999999999' is not a draft; give its number, or: latest",
    ),
    "show a draft of a day before": (
        ["draft", "show", "--as-at", "2026-10-01"],
        "no draft has been begun yet; begin one with: compactgraph draft begin",
    ),
    "differences of nothing": (
        ["draft", "differences", "9.9"],
        "unknown provision of the draft '9.9'; ",
    ),
    "differences of no draft": (
        ["draft", "differences", "--draft", "x"],
        "'x' is not a draft; give its number, or: latest",
    ),
    "destinations of no day": (["destinations", "--as-at", "2026-02-30"], f"'2026-02-30' {NO_DAY}"),
    "origins of no day": (["origins", "--as-at", "today"], f"'today' {NO_DAY}"),
    "trace of no day": (["trace", "1.11", "--as-at", ""], f"'' {NO_DAY}"),
    "destinations of an unknown status": (
        ["destinations", "--status", "aplied"],
        "unknown status 'aplied'; nearest: applied",
    ),
    "destinations in no draft": (["destinations", "--draft", "7"], "unknown draft '7'; known: 1, 2"),
    "a part of a draft": (
        ["origins", "--draft", "latest", "--to", "ncvo"],
        "--draft shows a whole draft; leave out --to, --outcome, --theme, --party and --status",
    ),
}


@pytest.mark.parametrize("case", MISTAKES)
def test_a_mistake_is_one_line_and_status_2(run: Run, busy: Path, case: str) -> None:
    arguments, words = MISTAKES[case]
    before = register_file(busy).read_bytes()
    ran = run(busy, *arguments)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith("compactgraph: ")
    assert ran.err.count("\n") == 1
    assert words in ran.err
    assert register_file(busy).read_bytes() == before


@pytest.mark.parametrize(
    "arguments",
    [
        ["decide", "agree", "1.11", *DATED],
        ["decisions"],
        ["draft", "begin", *DATED],
        ["draft", "show"],
        ["destinations", "--as-at", "2026-10-05"],
    ],
)
def test_there_is_no_store_yet(run: Run, tmp_path: Path, arguments: list[str]) -> None:
    nothing = tmp_path / "nothing"
    assert run(nothing, *arguments) == Ran(
        2, "", f"compactgraph: {nothing}: there is no store here yet; run: compactgraph build\n"
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["decide", "agree", "1.11", *DATED],
        ["decisions"],
        ["draft", "begin", *DATED],
        ["draft", "show"],
        ["trace", "1.11", "--as-at", "2026-10-05"],
    ],
)
def test_of_several_reviews_one_is_to_be_chosen(
    run: Run, two_reviews_folder: Path, arguments: list[str]
) -> None:
    assert run(two_reviews_folder, *arguments) == Ran(
        2,
        "",
        "compactgraph: the store has 2 reviews (bristol, small-review); choose one with --review\n",
    )
