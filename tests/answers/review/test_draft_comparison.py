"""A draft beside the agreement under review: its two tables, its differences, its lists, its files."""

from __future__ import annotations

import csv
from collections import Counter
from io import BytesIO, StringIO
from pathlib import Path

import docx
import pytest
from pyoxigraph import Store

from compactgraph.answers.review.draft_comparison import (
    DESTINATIONS,
    ORIGINS,
    Draft,
    Revision,
    Writing,
    drafts,
    marked,
    revision,
    to_paper,
    to_sheet,
)
from compactgraph.answers.review_graph import ReviewGraph
from compactgraph.answers.tables.drafts import COLUMNS, Change
from compactgraph.decisions.as_at import as_at
from compactgraph.errors import QueryError, UnknownNameError
from compactgraph.files.writing import file_bytes
from compactgraph.reading.similarity import Fate, Stretch
from compactgraph.sparql.questions import ask, find_question


@pytest.fixture(scope="module")
def origins(decided: Store, ontology_folder: Path) -> Revision:
    return revision(ReviewGraph(decided, ontology_folder, "bristol"), 2, ORIGINS)


@pytest.fixture(scope="module")
def destinations(decided: Store, ontology_folder: Path) -> Revision:
    return revision(ReviewGraph(decided, ontology_folder, "bristol"), 2, DESTINATIONS)


def test_the_drafts_and_when_they_were_begun(decided: Store, ontology_folder: Path) -> None:
    assert drafts(ReviewGraph(decided, ontology_folder, "bristol")) == [
        Draft(1, "2026-10-26", 3),
        Draft(2, "2026-11-02", 5),
    ]


def test_where_nothing_was_written_there_is_none(bristol: Store, ontology_folder: Path) -> None:
    assert drafts(ReviewGraph(bristol, ontology_folder, "bristol")) == []
    with pytest.raises(QueryError, match="no draft has been begun"):
        revision(ReviewGraph(bristol, ontology_folder, "bristol"), 1, ORIGINS)


def test_an_unknown_draft_is_refused(decided: Store, ontology_folder: Path) -> None:
    with pytest.raises(UnknownNameError):
        revision(ReviewGraph(decided, ontology_folder, "bristol"), 7, ORIGINS)


def test_the_table_of_origins_runs_from_the_new_text_back(origins: Revision) -> None:
    assert origins.title == "Table of origins of draft 2"
    assert [
        (each.row.draft_provision, each.row.provision, each.change) for each in origins.in_draft
    ] == [
        ("draft/2/1", "theme-1", Change.REWORDED),
        ("draft/2/1.1", "1.9", Change.REWORDED),
        ("draft/2/1.1", "1.12", Change.REWORDED),
        ("draft/2/1.2", "value-2", Change.REWORDED),
        ("draft/2/1.4", "", Change.NEW),
        ("draft/2/1.5", "1.10", Change.REWORDED),
    ]
    assert Counter(str(each.change) for each in origins.rows) == {
        "reworded": 5,
        "new": 1,
        "missing": 37,
        "gone": 30,
        "open": 7,
    }


def test_the_two_tables_hold_the_same_rows(origins: Revision, destinations: Revision) -> None:
    assert destinations.title == "Table of destinations in draft 2"
    assert {each.row for each in origins.rows} == {each.row for each in destinations.rows}
    assert len(origins.rows) == len(destinations.rows) == 80
    assert destinations.rows[-1].row.draft_provision == "draft/2/1.4"


def test_words_are_compared_where_there_are_both(origins: Revision) -> None:
    first = origins.in_draft[0]
    assert list(first.stretches) == [
        Stretch(Fate.KEPT, "Allocating resources"),
        Stretch(Fate.REMOVED, "efficiently"),
    ]
    assert marked(first.stretches) == "Allocating resources [-efficiently-]"
    assert all(each.stretches == () for each in origins.rows if each.change is not Change.REWORDED)


def test_who_wrote_each_provision(origins: Revision) -> None:
    assert origins.written == {
        "draft/2/1.1": Writing(("Chris O’Neill",), "", "2026-11-02"),
        "draft/2/1.4": Writing(
            ("Bo Okafor", "Chris O’Neill"), "Bristol Compact Partners' Group", "2026-11-02"
        ),
        "draft/2/1.5": Writing(("Bo Okafor",), "", "2026-11-03"),
    }


def test_what_was_to_be_kept_and_stands_nowhere(
    origins: Revision, decided: Store, ontology_folder: Path
) -> None:
    asked = ask(decided, find_question(ontology_folder, "kept-not-drafted"), {}, "bristol")
    assert [each.row.provision for each in origins.missing] == ["1.3", "3.2"]
    assert [row[0] for row in asked.rows] == ["1.3", "3.2"]
    missing = [each.row.provision for each in origins.of(Change.MISSING)]
    assert missing[:3] == ["subtitle", "introduction", "our-commitments"]
    assert {"1.3", "3.2"} <= set(missing)
    assert {each.row.outcome for each in origins.of(Change.MISSING)} == {"retained", "revised"}


def test_what_was_written_on_other_words(
    origins: Revision, reworded: Store, ontology_folder: Path
) -> None:
    assert origins.suspects == {}
    shaken = revision(ReviewGraph(reworded, ontology_folder, "bristol"), 2, ORIGINS)
    assert shaken.suspects == {"draft/2/1.5": ("1.10",)}
    assert revision(ReviewGraph(reworded, ontology_folder, "bristol"), 1, ORIGINS).suspects == {}


def test_a_draft_as_it_stood_on_a_day(
    decided: Store, decided_folder: Path, ontology_folder: Path
) -> None:
    before = as_at(decided, ontology_folder, "bristol", decided_folder, "2026-10-26")
    assert drafts(ReviewGraph(before, ontology_folder, "bristol")) == [Draft(1, "2026-10-26", 4)]
    then = revision(ReviewGraph(before, ontology_folder, "bristol"), 1, ORIGINS)
    assert [each.row.draft_provision for each in then.in_draft] == [
        *("draft/1/1", "draft/1/1.1", "draft/1/1.1", "draft/1/1.2", "draft/1/1.3")
    ]
    long_before = as_at(decided, ontology_folder, "bristol", decided_folder, "2026-10-25")
    assert drafts(ReviewGraph(long_before, ontology_folder, "bristol")) == []


def test_as_a_table_it_is_what_the_command_line_prints(origins: Revision) -> None:
    sheet = to_sheet(origins)
    assert (sheet.title, sheet.columns) == ("Table of origins of draft 2", COLUMNS)
    content = file_bytes([sheet], "csv", sheet.title).decode()
    rows = list(csv.DictReader(StringIO(content, newline="")))
    assert len(rows) == 80
    assert rows[0]["draft_text"] == "Allocating resources"
    assert to_sheet(origins, "Otherwise").title == "Otherwise"


def test_as_a_paper_it_marks_what_was_removed_and_added(
    origins: Revision, decided: Store, ontology_folder: Path
) -> None:
    sheets = to_paper(ReviewGraph(decided, ontology_folder, "bristol"), origins)
    document = docx.Document(BytesIO(file_bytes(sheets, "docx", origins.title)))
    inside, outside = document.tables
    assert [cell.text for cell in inside.rows[0].cells] == [
        *("In the draft", "New words", "Comes from", "Old words", "Difference")
    ]
    assert [cell.text for cell in inside.rows[1].cells] == [
        "1 (theme)",
        "Allocating resources",
        "theme-1",
        "Allocating resources efficiently",
        "Allocating resources [-efficiently-]",
    ]
    assert inside.rows[5].cells[2].text == "Nothing: it is new"
    assert inside.rows[5].cells[4].text == "New"
    assert (len(inside.rows), len(outside.rows)) == (7, 75)
