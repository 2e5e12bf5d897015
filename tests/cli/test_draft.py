"""The commands that write drafts and show them."""

from __future__ import annotations

import csv
import io
import json
import sys
from pathlib import Path

import pytest

from tests.support.commands import DATED, Ran, Run, last


def test_a_draft_is_begun_written_and_shown(
    run: Run, store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def draft(*arguments: object) -> str:
        ran = run(store, "draft", *arguments)
        assert (ran.status, ran.err) == (0, "")
        return ran.out

    assert draft("begin", *DATED, "--why", "For November.") == "d1: begin-draft in draft 1\n"
    assert run(store, "draft", "show") == Ran(
        2, "", "compactgraph: draft 1 holds nothing; write in it with: compactgraph draft write\n"
    )
    assert draft(
        *("write", "1.1", "--text", "We agree what funding is for.", "--theme", "1"),
        *("--from", "1.9", "--from", "1.12", *DATED, "--for", "vcse-strategy"),
    ) == ("d2: write-draft 1.1 in draft 1\n")
    assert last(store) == {
        "kind": "write-draft",
        "item": "1.1",
        "draft": 1,
        "role": "commitment",
        "theme": "1",
        "text": "We agree what funding is for.",
        "derives_from": ["1.9", "1.12"],
        "by": ["Ann Lee"],
        "on_behalf_of": "vcse-strategy",
        "date": "2026-10-05",
    }
    words = tmp_path / "words.txt"
    words.write_text("\nWe are independent\nof one another.\n", encoding="utf-8")
    assert draft(
        "write", "1.2", "--text-file", words, "--kind", "value", "--from", "value-2", *DATED
    ) == ("d3: write-draft 1.2 in draft 1\n")
    monkeypatch.setattr(sys, "stdin", io.StringIO("We meet once a year.\n"))
    assert draft("write", "1.3", "--text-file", "-", *DATED) == "d4: write-draft 1.3 in draft 1\n"

    anew = (store, "draft", "write", "1.3", "--text", "We meet twice a year.", *DATED)
    assert run(*anew) == Ran(
        2,
        "",
        "compactgraph: draft/1/1.3 has words that were written by Ann Lee on 2026-10-05 (d4); supersede "
        "them if others are to stand there: add --replaces d4\n",
    )
    assert run(*anew, "--replaces", "d4").out == "d5: write-draft 1.3 in draft 1\n"
    assert draft("withdraw", "1.3", *DATED, "--replaces", "5") == "d6: withdraw-draft 1.3 in draft 1\n"

    expected = [
        {
            "draft_provision": "draft/1/1.1",
            "kind": "commitment",
            "theme": "1",
            "origins": "1.9|1.12",
            "text": "We agree what funding is for.",
        },
        {
            "draft_provision": "draft/1/1.2",
            "kind": "value",
            "theme": "",
            "origins": "value-2",
            "text": "We are independent\nof one another.",
        },
    ]
    assert json.loads(draft("show", "--format", "json")) == expected
    assert list(csv.DictReader(io.StringIO(draft("show", "1"), newline=""))) == expected


def test_the_drafts_of_a_day_and_of_a_number(run: Run, decided_folder: Path) -> None:
    def shown(*arguments: str) -> list[str]:
        ran = run(decided_folder, "draft", "show", *arguments, "--format", "csv")
        assert (ran.status, ran.err) == (0, "")
        return [row["draft_provision"] for row in ran.rows()]

    assert shown() == shown("latest") == shown("2")
    assert shown("2") == ["draft/2/1", "draft/2/1.1", "draft/2/1.2", "draft/2/1.4", "draft/2/1.5"]
    assert shown("1") == ["draft/1/1", "draft/1/1.1", "draft/1/1.2"]
    assert shown("--as-at", "2026-10-26") == [*shown("1"), "draft/1/1.3"]
    assert shown("--as-at", "2026-11-02") == shown("2")[:4]
    table = run(decided_folder, "draft", "show", "1", "--format", "table").out
    assert table.splitlines()[0].strip() == "Draft 1: 3 provisions"


def test_how_a_draft_differs_word_by_word(run: Run, decided_folder: Path) -> None:
    ran = run(decided_folder, "draft", "differences", "1", "--draft", "1")
    assert (ran.status, ran.err) == (0, "")
    assert [line.rstrip() for line in ran.out.splitlines()] == [
        "",
        "draft/1/1 – from theme-1: reworded",
        "  Allocating resources [-efficiently-]",
    ]
    out = run(decided_folder, "draft", "differences").out
    headings = [line for line in out.splitlines() if line.startswith("draft/")]
    assert headings == [
        "draft/2/1 – from theme-1: reworded",
        "draft/2/1.1 – from 1.9: reworded",
        "draft/2/1.1 – from 1.12: reworded",
        "draft/2/1.2 – from value-2: reworded",
        "draft/2/1.4 – new: new",
        "draft/2/1.5 – from 1.10: reworded",
    ]
    assert "  {+We meet once a year.+}" in [line.rstrip() for line in out.splitlines()]
