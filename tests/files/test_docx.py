"""Word documents read back with python-docx: their words, and what makes them fit for a committee."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from runpy import run_path
from typing import Any
from zipfile import ZipFile

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Pt
from pyoxigraph import Literal, NamedNode, Quad, Store

from compactgraph.answers.review.paper import Paper, committee_paper
from compactgraph.answers.review_graph import ReviewGraph
from compactgraph.answers.tables.destinations import Filter, table_of_destinations, table_of_origins
from compactgraph.common.namespaces import DCTERMS, ID
from compactgraph.decisions.as_at import as_at
from compactgraph.errors import ExportError
from compactgraph.files.docx import TEMPLATE
from compactgraph.files.writing import Sheet, file_bytes, write_file

HEADER = ("Provision", "Its words", "Outcome", "Recommendation", "Goes to", "How", "Status", "Why")
REVIEW = "Bristol Compact – revision – what to keep / change / drop for the new Compact?"
TO_STRATEGY = Filter(to=("vcse-strategy",))
HOSTILE = Sheet(
    "Hostile <b>",
    ("text", "number", "flag", "none"),
    [
        ("=1+1", 3, True, None),
        ('<w:br/> & { PAGE } "quoted"', -4, False, None),
        ("one\ntwo\r\nthree\tfour", 2.5, True, None),
        ("\x01bell\uffff", float("inf"), None, None),
        ("x" * 40_000, 0, None, None),
    ],
)


def paper(store: Store, ontology: Path, wanted: Filter | None = None) -> Paper:
    rows = table_of_destinations(ReviewGraph(store, ontology, "bristol"), wanted)
    return committee_paper(
        ReviewGraph(store, ontology, "bristol"), {"Table of destinations": rows}, wanted
    )


def opened(content: bytes) -> Any:
    return Document(BytesIO(content))


def written(*sheets: Sheet, title: str = "Title", about: str = "") -> Any:
    return opened(file_bytes(sheets, "docx", title, about))


def cells(table: Any) -> list[tuple[str, ...]]:
    return [tuple(cell.text for cell in row.cells) for row in table.rows]


def texts(document: Any) -> list[tuple[str, str]]:
    return [(one.style.name, one.text) for one in document.paragraphs]


def widths(document: Any) -> list[float]:
    return [column.width.mm for column in document.tables[0].columns]


@pytest.fixture(scope="module")
def whole(bristol: Store, ontology_folder: Path) -> Any:
    return opened(paper(bristol, ontology_folder).content())


@pytest.fixture(scope="module")
def strategy(bristol: Store, ontology_folder: Path) -> Any:
    return opened(paper(bristol, ontology_folder, TO_STRATEGY).content())


# The committee paper


def test_paper_says_what_it_is_of_what_date_and_from_which_source(strategy: Any) -> None:
    assert texts(strategy) == [
        ("Heading 1", "Table of destinations"),
        (
            "Normal",
            "Where each provision of the agreement goes: as was decided, or else as the review "
            "recommends. A provision that goes to several places has a row for each of them.",
        ),
        ("Normal", "So far, nothing has been decided."),
        ("Normal", "Agreement: Bristol Compact 2012"),
        ("Normal", "Reviewed by: Bristol Compact Partners' Group"),
        ("Normal", f"Review: {REVIEW}"),
        (
            "Normal",
            "Date: The document bears no date. Its commentary speaks of June 2017 as past.",
        ),
        (
            "Normal",
            "Source: The document belongs to its authors, the Bristol Compact Partners’ Group; it is "
            "quoted whole and unchanged as the source of this data.",
        ),
        (
            "Normal",
            "Rows: 9, of 9 provisions. Only these rows are shown: destination VCSE Strategy.",
        ),
    ]


def test_paper_to_the_strategy_has_its_nine_rows(strategy: Any) -> None:
    header, *rows = cells(strategy.tables[0])

    assert header == HEADER
    assert [(row[0], row[2], row[4], row[5]) for row in rows] == [
        ("terminology", "Replaced by a pointer", "VCSE Strategy", "Refers to"),
        ("our-commitments", "Revised", "VCSE Strategy", "Refers to"),
        ("partners-group", "Undecided", "VCSE Strategy", "Raised, not decided"),
        ("value-1", "To stay or move", "VCSE Strategy", "May go to"),
        ("value-2", "To stay or move", "VCSE Strategy", "May go to"),
        ("value-3", "To stay or move", "VCSE Strategy", "May go to"),
        ("value-5", "Moved", "VCSE Strategy", "Moves to"),
        ("1.11", "Moved", "VCSE Strategy", "Moves to"),
        ("4.4", "Moved", "VCSE Strategy", "Moves to"),
    ]
    assert rows[7] == (
        "1.11",
        "Support the VCS in ways other than funding for example, community asset transfer and capacity "
        "building support).",
        "Moved",
        "1.11-r1: Remove, as could be better included in the new VCSE Strategy.",
        "VCSE Strategy",
        "Moves to",
        "Recommended",
        "Better placed elsewhere",
    )


def test_paper_has_all_rows_whole_and_says_where_nothing_is_stated(
    whole: Any, bristol: Store, ontology_folder: Path
) -> None:
    rows = table_of_destinations(ReviewGraph(bristol, ontology_folder, "bristol"))
    found = cells(whole.tables[0])[1:]

    assert len(found) == 96
    assert [row[:2] for row in found] == [(row.provision, row.text) for row in rows]
    assert [row[3].partition(": ")[2] for row in found] == [row.recommendation_text for row in rows]
    assert [row for row in found if row[0] == "1.9"] == [
        (
            "1.9",
            "Coordinate funding streams and monitoring processes through joint commissioning and lead "
            "funder arrangements.",
            "Undecided",
            "No recommendation",
            "None named",
            "Not stated",
            "No movement",
            "None stated",
        )
    ]
    assert whole.paragraphs[-1].text == "Rows: 96, of 79 provisions. All rows are shown."


def test_paper_of_two_tables_has_a_section_for_each(bristol: Store, ontology_folder: Path) -> None:
    tables = {
        "Table of destinations": table_of_destinations(ReviewGraph(bristol, ontology_folder, "bristol")),
        "Table of origins": table_of_origins(ReviewGraph(bristol, ontology_folder, "bristol")),
    }
    document = opened(
        committee_paper(ReviewGraph(bristol, ontology_folder, "bristol"), tables).content()
    )
    first, second = (cells(table) for table in document.tables)

    assert [text for text in texts(document) if text[0] != "Normal"] == [
        ("Heading 1", REVIEW),
        ("Heading 2", "Table of destinations"),
        ("Heading 2", "Table of origins"),
    ]
    assert texts(document)[-3:] == [
        ("Normal", "Rows: 96, of 79 provisions."),
        ("Heading 2", "Table of origins"),
        ("Normal", "Rows: 96, of 79 provisions."),
    ]
    assert sorted(first[1:]) == sorted(second[1:])
    assert second[1][4] == "Business as usual"


def about(store: Store, ontology: Path, review: str) -> list[str]:
    rows = table_of_destinations(ReviewGraph(store, ontology, review))
    return committee_paper(ReviewGraph(store, ontology, review), {"Table": rows}).about.splitlines()[1:]


def test_paper_of_a_review_that_says_little_invents_nothing(
    two_reviews: Store, ontology_folder: Path
) -> None:
    assert about(two_reviews, ontology_folder, "small-review") == [
        "So far, nothing has been decided.",
        "Agreement: Ottery Compact 2014",
        "Reviewed by: Ottery working group",
        "Review: Ottery Compact: what to keep and what to change",
        "Date: The review states no date.",
        "Rows: 7, of 7 provisions. All rows are shown.",
    ]


def test_paper_says_with_which_decisions_it_stands(
    decided: Store, decided_folder: Path, ontology_folder: Path
) -> None:
    def second_line(store: Store, day: str = "") -> str:
        graph = ReviewGraph(store, ontology_folder, "bristol", day=day)
        paper = committee_paper(graph, {"Table": table_of_destinations(graph)})
        return paper.about.splitlines()[1]

    def on(day: str) -> Store:
        dated = as_at(decided, ontology_folder, "bristol", decided_folder, day)
        assert isinstance(dated, Store)
        return dated

    assert second_line(decided) == (
        "As it stands with 19 decisions, the last of them d19 of 21 October 2026."
    )
    assert second_line(on("2026-10-05"), "2026-10-05") == (
        "As at 5 October 2026 with five decisions, the last of them d5 of 5 October 2026."
    )
    assert second_line(on("2026-10-01"), "2026-10-01") == (
        "As at 1 October 2026, nothing had been decided."
    )


def test_paper_says_what_was_decided_beside_what_was_recommended(
    decided: Store, ontology_folder: Path
) -> None:
    rows = table_of_destinations(ReviewGraph(decided, ontology_folder, "bristol"))
    paper = committee_paper(ReviewGraph(decided, ontology_folder, "bristol"), {"Table": rows})
    found = [row[2:] for row in cells(opened(paper.content()).tables[0]) if row[0] in ("2.5", "1.9")]

    assert found == [
        (
            "Retained (recommended: undecided)",
            "No recommendation\nDecided (d10): Keep",
            "New Compact",
            "Stays in",
            "Agreed",
            "None stated",
        ),
        (
            "Moved (recommended: dropped)",
            "2.5-r1: Remove, as no longer clear what it means.",
            "None named",
            "Goes nowhere",
            "Rejected",
            "Meaning unclear",
        ),
        (
            "Moved (recommended: dropped)",
            "2.5-r1: Remove, as no longer clear what it means.\nDecided (d6): Remove",
            "VCSE Strategy",
            "Moves to",
            "Agreed",
            "Better placed elsewhere",
        ),
    ]


def test_paper_states_the_date_that_a_review_bears(bristol: Store, ontology_folder: Path) -> None:
    store = Store()
    store.extend(bristol)
    review, issued = NamedNode(f"{ID}bristol"), NamedNode(f"{DCTERMS}issued")
    store.add(Quad(review, issued, Literal("2017-09"), NamedNode(f"{ID}bristol/graph/source")))

    assert "Date: 2017-09" in about(store, ontology_folder, "bristol")


# What makes it fit for a committee


def test_page_is_a4_landscape_in_arial(whole: Any) -> None:
    (section,) = whole.sections

    assert (round(section.page_width.mm), round(section.page_height.mm)) == (297, 210)
    assert section.orientation == 1
    assert whole.styles["Normal"].font.name == "Arial"
    assert whole.styles["Normal"].font.size == Pt(11)
    assert {one.style.name for row in whole.tables[0].rows for one in row.cells[0].paragraphs} == {
        "TableHeader10",
        "TableText10",
    }
    assert whole.styles["TableText10"].font.size == Pt(10)
    assert whole.styles["TableText10"].base_style.name == "Normal"


def test_language_is_british_english(whole: Any) -> None:
    defaults = whole.styles.element.find(qn("w:docDefaults"))
    languages = [one.get(qn("w:val")) for one in defaults.iter(qn("w:lang"))]

    assert languages == ["en-GB"]
    assert whole.settings.element.find(qn("w:themeFontLang")).get(qn("w:val")) == "en-GB"


def test_header_row_is_repeated_and_no_row_is_cut(whole: Any) -> None:
    rows = [row._tr.trPr for row in whole.tables[0].rows]

    assert [row.find(qn("w:tblHeader")) is not None for row in rows] == [True] + 96 * [False]
    assert all(row.find(qn("w:cantSplit")) is not None for row in rows)
    assert all(cell.paragraphs[0].style.font.bold for cell in whole.tables[0].rows[0].cells)


def test_table_has_an_alternative_text(whole: Any) -> None:
    properties = whole.tables[0]._tbl.tblPr

    assert properties.find(qn("w:tblCaption")).get(qn("w:val")) == "Table of destinations"
    assert properties.find(qn("w:tblDescription")).get(qn("w:val")) == (
        "96 rows; columns: Provision, Its words, Outcome, Recommendation, Goes to, How, Status, Why"
    )


def test_foot_names_the_source_and_the_page(whole: Any) -> None:
    (foot,) = whole.sections[0].footer.paragraphs
    fields = [one.get(qn("w:instr")) for one in foot._p.iter(qn("w:fldSimple"))]
    words = "".join(one.text or "\t" for one in foot._p.iter(qn("w:t"), qn("w:tab")))

    assert fields == ["PAGE", "NUMPAGES"]
    assert words.endswith(f"Source: {REVIEW} (Bristol Compact Partners' Group)\tPage 1 of 1")


def test_properties_are_the_papers_own(strategy: Any) -> None:
    properties = strategy.core_properties

    assert properties.title == "Table of destinations"
    assert properties.subject == "Table of destinations"
    assert properties.author == properties.last_modified_by == "compactgraph"
    assert properties.language == "en-GB"
    assert properties.comments.startswith("Where each provision of the agreement goes")
    assert len(properties.comments) <= 255


def test_nothing_of_the_template_or_the_time_is_left(bristol: Store, ontology_folder: Path) -> None:
    content = paper(bristol, ontology_folder).content()
    with ZipFile(BytesIO(content)) as archive:
        names = {entry.filename: entry.date_time for entry in archive.infolist()}
        core = archive.read("docProps/core.xml").decode()

    assert set(names.values()) == {(1980, 1, 1, 0, 0, 0)}
    assert not [name for name in names if "thumbnail" in name or "app.xml" in name or "custom" in name]
    assert "python-docx" not in core
    assert "dcterms:created" not in core
    assert paper(bristol, ontology_folder).content() == content


# Any table


def test_text_is_text_whole_and_never_markup_or_a_field() -> None:
    document = written(HOSTILE, title="Title", about="<i>About</i>\x00\n\nSecond")
    fields = list(document.element.body.iter(qn("w:fldSimple"), qn("w:instrText")))

    assert texts(document) == [
        ("Heading 1", "Title"),
        ("Normal", "<i>About</i>\ufffd"),
        ("Normal", "Second"),
        ("Heading 2", "Hostile <b>"),
    ]
    assert fields == []
    assert cells(document.tables[0]) == [
        ("text", "number", "flag", "none"),
        ("=1+1", "3", "yes", ""),
        ('<w:br/> & { PAGE } "quoted"', "-4", "no", ""),
        ("one\ntwo\nthree\tfour", "2.5", "yes", ""),
        ("\ufffdbell\ufffd", "INF", "", ""),
        ("x" * 40_000, "0", "", ""),
    ]


def alignments(document: Any) -> Iterator[list[int | None]]:
    for row in document.tables[0].rows:
        yield [cell.paragraphs[0].alignment for cell in row.cells]


def test_numbers_stand_to_the_right() -> None:
    document = written(Sheet("One", ("a", "b", "c"), [("x", 1, True), ("y", 2.5, False)]))

    assert list(alignments(document)) == 3 * [[None, 2, None]]


def test_title_of_the_only_table_is_not_said_twice() -> None:
    document = written(Sheet("Title", ("a",), [(1,)], "What it holds."))

    assert texts(document) == [("Heading 1", "Title"), ("Normal", "What it holds.")]
    assert document.paragraphs[1].paragraph_format.keep_with_next is True


def test_table_without_rows_says_so() -> None:
    document = written(Sheet("None", ("a", "b"), []))

    assert texts(document)[1:] == [("Heading 2", "None"), ("Normal", "The table has no rows.")]
    assert document.tables == []


def test_small_table_is_as_wide_as_its_words() -> None:
    found = widths(written(Sheet("Small", ("name", "n"), [("word", 1)])))

    assert 12 < found[0] < 18
    assert 6 < found[1] < 10


def test_long_texts_take_the_page_and_short_ones_what_they_need() -> None:
    rows: list[tuple[Any, ...]] = [("1.11", "a long text " * 30, "moved", "less long " * 10)] * 5
    found = widths(written(Sheet("Wide", ("item", "text", "outcome", "reason"), rows)))

    assert sum(found) == pytest.approx(267, abs=1)
    assert found[1] > found[3] > found[2] > found[0] > 10


@pytest.mark.parametrize(("columns", "size"), [(9, 10), (12, 10), (13, 9), (14, 8), (30, 8)])
def test_many_columns_are_set_smaller_and_fill_the_page(columns: int, size: int) -> None:
    sheet = Sheet(
        "Wide", tuple(f"column{n:02}" for n in range(columns)), [("eleven-long word",) * columns]
    )
    document = written(sheet)

    assert sum(widths(document)) <= 267.5
    assert document.tables[0].rows[1].cells[0].paragraphs[0].style.name == f"TableText{size}"


@pytest.mark.parametrize(
    ("sheet", "message"),
    [
        (
            Sheet("Wide", tuple(map(str, range(64))), []),
            "table 'Wide' has 64 columns, a Word document holds 63; export it as csv",
        ),
        (
            Sheet("Long", ("a",), [(1,)] * 32_767),
            "table 'Long' has 32,767 rows, a Word document holds 32,766; export it as csv",
        ),
    ],
)
def test_too_large_a_table_is_refused(sheet: Sheet, message: str, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=message):
        write_file([sheet], "docx", tmp_path / "large.docx", "Large")
    assert list(tmp_path.iterdir()) == []


def test_the_template_is_what_its_script_makes(tmp_path: Path) -> None:
    script = run_path(str(Path(__file__).parents[2] / "scripts" / "make_word_template.py"))
    script["make_template"](tmp_path / "word_template.docx")
    with ZipFile(tmp_path / "word_template.docx") as made, ZipFile(TEMPLATE) as committed:
        assert made.namelist() == committed.namelist()
        for name in ("word/styles.xml", "word/settings.xml", "word/footer1.xml", "word/document.xml"):
            assert made.read(name) == committed.read(name), name
