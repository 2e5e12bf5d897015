"""The tables and the trace with decisions: in a draft, and as at a day."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from compactgraph.answers.tables.drafts import COLUMNS as DRAFTED
from tests.support.commands import Ran, Run


def test_the_table_of_destinations_in_a_draft(run: Run, decided_folder: Path) -> None:
    ran = run(decided_folder, "destinations", "--draft", "latest", "--format", "csv")
    assert (ran.status, ran.err) == (0, "")
    rows = ran.rows()
    assert list(rows[0]) == list(DRAFTED)
    assert len(rows) == 80
    assert [
        (r["provision"], r["draft_provision"], r["change"]) for r in rows if r["draft_provision"]
    ] == [
        ("value-2", "draft/2/1.2", "reworded"),
        ("theme-1", "draft/2/1", "reworded"),
        ("1.9", "draft/2/1.1", "reworded"),
        ("1.10", "draft/2/1.5", "reworded"),
        ("1.12", "draft/2/1.1", "reworded"),
        ("", "draft/2/1.4", "new"),
    ]
    origins = run(decided_folder, "origins", "--draft", "2", "--format", "csv").rows()
    assert sorted(map(str, origins)) == sorted(map(str, rows))
    assert [row["draft_provision"] for row in origins[:3]] == ["draft/2/1", "draft/2/1.1", "draft/2/1.1"]


def test_the_tables_of_a_draft_as_at_a_day(run: Run, decided_folder: Path) -> None:
    def table(*arguments: str) -> Ran:
        return run(decided_folder, *arguments, "--draft", "latest", "--as-at", "2026-10-27")

    rows = table("origins", "--format", "csv").rows()
    assert [row["draft_provision"] for row in rows[:5]] == [
        *("draft/1/1", "draft/1/1.1", "draft/1/1.1", "draft/1/1.2", ""),
    ]
    title = table("destinations", "--format", "table").out.splitlines()[0].strip()
    assert title == "Table of destinations in the draft as at 2026-10-27: 79 rows"
    title = table("origins", "--format", "table").out.splitlines()[0].strip()
    assert title == "Table of origins of the draft as at 2026-10-27: 79 rows"


@pytest.mark.parametrize(
    ("day", "found"),
    [
        ("2026-10-04", ["value-5 recommended", "1.11 recommended", "4.4 recommended"]),
        (
            "2026-10-12",
            [
                *("value-1 rejected", "value-1 agreed", "value-5 agreed", "1.11 agreed"),
                *("2.5 agreed", "2.5 rejected", "4.4 recommended"),
            ],
        ),
        (
            "2026-10-21",
            [
                *("value-1 rejected", "value-1 agreed", "value-5 agreed", "1.11 applied"),
                *("2.5 agreed", "2.5 rejected"),
            ],
        ),
    ],
)
def test_destinations_and_origins_as_at_a_day(
    run: Run, decided_folder: Path, day: str, found: list[str]
) -> None:
    arguments = ("--outcome", "moved", "--as-at", day, "--format", "csv")
    ran = run(decided_folder, "destinations", *arguments)
    assert (ran.status, ran.err) == (0, "")
    assert sorted(f"{row['provision']} {row['status']}" for row in ran.rows()) == sorted(found)
    origins = run(decided_folder, "origins", *arguments).rows()
    assert sorted(map(str, origins)) == sorted(map(str, ran.rows()))


def test_what_is_agreed_for_a_destination_and_what_is_applied(run: Run, decided_folder: Path) -> None:
    def provisions(*options: str) -> list[str]:
        ran = run(decided_folder, "destinations", "--to", "vcse-strategy", *options, "--format", "csv")
        return [row["provision"] for row in ran.rows()]

    assert provisions("--status", "applied") == ["1.11"]
    assert provisions("--status", "agreed") == [
        *("partners-group", "partners-group", "value-1", "value-5", "2.5"),
    ]
    assert provisions("--status", "agreed", "--as-at", "2026-10-05") == ["value-5", "1.11"]
    assert provisions("--status", "rejected") == ["value-2", "4.4"]


def test_a_day_stands_in_the_title(run: Run, decided_folder: Path) -> None:
    ran = run(decided_folder, "origins", "--to", "ncvo", "--as-at", "2026-10-04", "--format", "table")
    assert ran.status == 1
    assert ran.out.splitlines()[0].strip() == ("Table of origins as at 2026-10-04: 0 provisions, 0 rows")


def test_the_trace_as_at_a_day(run: Run, decided_folder: Path) -> None:
    def what(day: str) -> list[str]:
        out = run(decided_folder, "trace", "1.3", "--as-at", day).out
        lines = [line.strip() for line in out.splitlines()]
        begin, end = lines.index("Where it goes"), lines.index("How it is read")
        return [line for line in lines[begin + 1 : end] if line]

    absorbed = what("2026-10-18")
    assert len(absorbed) == 2
    assert absorbed[0].endswith("(recommended by 1.3-r1)")
    agreed = what("2026-10-19")
    assert agreed[0].endswith("(agreed; recommended by 1.3-r1)")
    assert agreed[2:] == [
        "What was decided",
        "d16: agreed 1.3-r1/absorbed/business-as-usual, by Ann Lee on 2026-10-19",
    ]
    kept = what("2026-10-20")
    assert kept[0].endswith("(rejected; recommended by 1.3-r1)")
    assert kept[1].endswith("(agreed, decided by d18)")
    assert kept[2].startswith("Outcome: retained – ")
    assert kept[3] == "Recommended outcome: absorbed"
    assert [line.partition(":")[0] for line in kept[4:]] == ["What was decided", "d16", "d18"]


def test_the_trace_as_json_has_the_decisions(run: Run, decided_folder: Path) -> None:
    traced = json.loads(run(decided_folder, "trace", "1.3", "--format", "json").out)
    assert (traced["outcome"], traced["recommended_outcome"]) == ("retained", "absorbed")
    assert [(d["name"], d["kind"], d["replaced_by"]) for d in traced["decisions"]] == [
        ("d16", "agree", ["d18"]),
        ("d18", "amend", []),
    ]
    assert [(m["movement"], m["state"], m["decision"]) for m in traced["movements"]] == [
        ("1.3-r1/absorbed/business-as-usual", "rejected", ""),
        ("d18/stays/new-compact", "agreed", "d18"),
    ]
