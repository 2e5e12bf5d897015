"""Tables in each format, with the table of destinations and with hostile cells; docx: test_docx."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree
from zipfile import ZipFile

import openpyxl
import pytest
from odfdo import Document
from pyoxigraph import Store

from compactgraph.answers.review.paper import table_labels
from compactgraph.answers.review_graph import ReviewGraph
from compactgraph.answers.tables.destinations import COLUMNS, table_of_destinations
from compactgraph.errors import ExportError, QueryError, UnknownNameError
from compactgraph.files.writing import FORMATS, Sheet, file_bytes, write_csv, write_file, write_json

HOSTILE = Sheet(
    "Hostile",
    ("text", "number", "share", "flag", "none"),
    [
        ("=1+1", 3, 2.5, True, None),
        ("line one\nline  two\tend", -4, float("inf"), False, ""),
        ("\x01bell\uffff", 0, 0.1, True, None),
    ],
)
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
CONFIG = "{urn:oasis:names:tc:opendocument:xmlns:config:1.0}"


@pytest.fixture(scope="module")
def destinations(bristol: Store, ontology_folder: Path) -> Sheet:
    rows = table_of_destinations(ReviewGraph(bristol, ontology_folder, "bristol"))
    description = "A row for each movement, and one for a provision without."
    return Sheet("Table of destinations", COLUMNS, [row.cells() for row in rows], description)


def as_csv(sheet: Sheet) -> str:
    stream = io.StringIO(newline="")
    write_csv(sheet, stream)
    return stream.getvalue()


def as_json(sheet: Sheet) -> str:
    stream = io.StringIO()
    write_json(sheet, stream)
    return stream.getvalue()


def write(sheets: list[Sheet], path: Path) -> Path:
    write_file(sheets, path.suffix[1:], path, "Bristol", "What became of it.")
    return path


# CSV and JSON


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+44 117", "'+44 117"),
        ("-5", "'-5"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", '"\'\r=1"'),
        ("\n=1", '"\'\n=1"'),
        ("1.11", "1.11"),
        ("a=b", "a=b"),
        ("say “no”", "say “no”"),
        ('say "no", twice', '"say ""no"", twice"'),
        ("one\ntwo", '"one\ntwo"'),
        (-5, "-5"),
        (-2.5, "-2.5"),
        (93.3, "93.3"),
        (True, "true"),
        (None, '""'),
        (float("-inf"), "-INF"),
    ],
)
def test_csv_cell_is_harmless_and_else_as_it_is(cell: str | int | float | None, written: str) -> None:
    assert as_csv(Sheet("One", ("column",), [(cell,)])) == f"column\r\n{written}\r\n"


def test_csv_of_the_destinations_is_read_back_whole(destinations: Sheet) -> None:
    read = list(csv.reader(io.StringIO(as_csv(destinations), newline="")))

    assert tuple(read[0]) == COLUMNS
    assert [tuple(row) for row in read[1:]] == destinations.rows


def test_json_of_the_destinations_is_read_back_whole(destinations: Sheet) -> None:
    read = json.loads(as_json(destinations))

    assert [tuple(row.values()) for row in read] == destinations.rows
    assert [tuple(row) for row in read] == [COLUMNS] * len(destinations.rows)


def test_json_leaves_cells_as_they_are() -> None:
    assert json.loads(as_json(HOSTILE))[1] == {
        "text": "line one\nline  two\tend",
        "number": -4,
        "share": "INF",
        "flag": False,
        "none": "",
    }


def test_json_writes_letters_not_escapes() -> None:
    assert (
        as_json(Sheet("One", ("words",), [("the Group’s",)]))
        == '[\n  {\n    "words": "the Group’s"\n  }\n]\n'
    )


@pytest.mark.parametrize("format_", ["csv", "json"])
def test_empty_table_is_written(format_: str, tmp_path: Path) -> None:
    path = write([Sheet("None", ("a", "b"), [])], tmp_path / f"none.{format_}")

    assert path.read_bytes() == {"csv": b"a,b\r\n", "json": b"[]\n"}[format_]


# XLSX


def test_xlsx_has_contents_then_a_titled_table_a_sheet(destinations: Sheet, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(write([destinations, HOSTILE], tmp_path / "b.xlsx"))
    contents, page = book["Contents"], book["Table of destinations"]

    assert book.sheetnames == ["Contents", "Table of destinations", "Hostile"]
    assert [[cell.value for cell in row] for row in contents.iter_rows()] == [
        ["Bristol", None, None],
        ["What became of it.", None, None],
        ["Sheet", "What it holds", "Rows"],
        ["Table of destinations", destinations.description, len(destinations.rows)],
        ["Hostile", "Hostile", 3],
    ]
    assert contents["A4"].hyperlink.location == "'Table of destinations'!A1"
    assert page["A1"].value == "Table of destinations"
    assert tuple(cell.value for cell in page[2]) == COLUMNS
    assert page.max_row == len(destinations.rows) + 2
    assert book.properties.title == "Bristol"
    assert book.properties.language == "en-GB"


def test_xlsx_table_is_marked_up_and_its_header_frozen(destinations: Sheet, tmp_path: Path) -> None:
    page = openpyxl.load_workbook(write([destinations], tmp_path / "b.xlsx"))["Table of destinations"]
    (table,) = page.tables.values()

    assert page.freeze_panes == "A3"
    assert table.ref == f"A2:M{len(destinations.rows) + 2}"
    assert table.autoFilter is None
    assert tuple(column.name for column in table.tableColumns) == COLUMNS
    assert len(page.merged_cells.ranges) == 0
    assert page["L3"].alignment.wrap_text is True


def test_xlsx_cell_is_text_never_a_formula(tmp_path: Path) -> None:
    page = openpyxl.load_workbook(write([HOSTILE], tmp_path / "b.xlsx"))["Hostile"]

    assert [(cell.value, cell.data_type) for row in page.iter_rows(min_row=3) for cell in row] == [
        ("=1+1", "s"),
        (3, "n"),
        (2.5, "n"),
        (True, "b"),
        (None, "n"),
        ("line one\nline  two\tend", "s"),
        (-4, "n"),
        ("INF", "s"),
        (False, "b"),
        (None, "n"),
        ("\ufffdbell\ufffd", "s"),
        (0, "n"),
        (0.1, "n"),
        (True, "b"),
        (None, "n"),
    ]
    assert page["A3"].quotePrefix is True


def test_xlsx_escapes_what_reads_as_an_escape(tmp_path: Path) -> None:
    path = write([Sheet("One", ("a",), [("_x0041_",)])], tmp_path / "b.xlsx")

    assert b"<t>_x005F_x0041_</t>" in ZipFile(path).read("xl/worksheets/sheet2.xml")


# ODS


def test_ods_has_contents_then_a_titled_table_a_sheet(destinations: Sheet, tmp_path: Path) -> None:
    document = Document(write([destinations, HOSTILE], tmp_path / "b.ods"))
    contents, page, _ = document.body.tables

    assert [table.name for table in document.body.tables] == [
        "Contents",
        "Table of destinations",
        "Hostile",
    ]
    assert [row[1:] for row in contents.get_values()] == [
        [None, None],
        [None, None],
        ["What it holds", "Rows"],
        [destinations.description, len(destinations.rows)],
        ["Hostile", 3],
    ]
    assert contents.get_elements("descendant::text:a")[0].get_attribute("xlink:href") == (
        "#'Table of destinations'.A1"
    )
    assert page.get_value("A1") == "Table of destinations"
    assert tuple(page.get_row_values(1)) == COLUMNS
    assert [tuple(cell or "" for cell in row) for row in page.get_values()[2:]] == destinations.rows
    assert document.meta.title == "Bristol"


def test_ods_header_is_frozen_and_marked_up(destinations: Sheet, tmp_path: Path) -> None:
    archive = ZipFile(write([destinations], tmp_path / "b.ods"))
    settings = ElementTree.fromstring(archive.read("settings.xml"))
    content = ElementTree.fromstring(archive.read("content.xml"))
    entries = {
        entry.get(f"{CONFIG}name"): {item.get(f"{CONFIG}name"): item.text for item in entry}
        for entry in settings.iter(f"{CONFIG}config-item-map-entry")
        if entry.get(f"{CONFIG}name")
    }
    ranges = [element.attrib for element in content.iter(f"{TABLE}database-range")]

    assert entries["Table of destinations"] == {
        "VerticalSplitMode": "2",
        "VerticalSplitPosition": "2",
        "ActiveSplitRange": "2",
        "PositionTop": "0",
        "PositionBottom": "2",
    }
    assert len(list(content.iter(f"{TABLE}table-header-rows"))) == 2
    assert ranges[1] == {
        f"{TABLE}name": "Table_1",
        f"{TABLE}target-range-address": (
            f"'Table of destinations'.A2:'Table of destinations'.M{len(destinations.rows) + 2}"
        ),
        f"{TABLE}contains-header": "true",
        f"{TABLE}display-filter-buttons": "false",
    }


def test_ods_cell_is_text_never_a_formula(tmp_path: Path) -> None:
    path = write([HOSTILE], tmp_path / "b.ods")
    page = Document(path).body.get_table(name="Hostile")

    assert page.get_values()[2:] == [
        ["=1+1", 3, 2.5, True, None],
        ["line one\nline  two\tend", -4, "INF", False, None],
        ["\ufffdbell\ufffd", 0, Decimal("0.1"), True, None],
    ]
    assert b"table:formula" not in ZipFile(path).read("content.xml")


def test_ods_speaks_english(tmp_path: Path) -> None:
    archive = ZipFile(write([HOSTILE], tmp_path / "b.ods"))

    assert b'fo:language="fr"' not in archive.read("styles.xml")
    assert b"<dc:language>en-GB</dc:language>" in archive.read("meta.xml")
    assert archive.infolist()[0].filename == "mimetype"


def test_ods_prints_the_sheet_s_name_and_the_page_s_number(tmp_path: Path) -> None:
    styles = ElementTree.fromstring(ZipFile(write([HOSTILE], tmp_path / "b.ods")).read("styles.xml"))

    (page,) = styles.iter(f"{STYLE}master-page")
    assert page.find(f"{STYLE}header//{TEXT}sheet-name") is not None
    assert page.find(f"{STYLE}footer//{TEXT}page-number") is not None


# Both


@pytest.mark.parametrize("format_", FORMATS)
def test_two_writes_give_the_same_bytes(destinations: Sheet, format_: str, tmp_path: Path) -> None:
    first = write([destinations], tmp_path / f"1.{format_}")
    second = write([destinations], tmp_path / f"2.{format_}")

    assert first.read_bytes() == second.read_bytes()


@pytest.mark.parametrize("format_", FORMATS)
def test_download_has_the_bytes_of_the_file(destinations: Sheet, format_: str, tmp_path: Path) -> None:
    path = write([destinations], tmp_path / f"b.{format_}")

    assert file_bytes([destinations], format_, "Bristol", "What became of it.") == path.read_bytes()


@pytest.mark.parametrize(("format_", "error"), [("csv", QueryError), ("xls", UnknownNameError)])
def test_download_refuses_what_a_file_refuses(format_: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        file_bytes([HOSTILE, HOSTILE], format_, "Bristol")


@pytest.mark.parametrize(
    ("titles", "names"),
    [
        (["A/b: [c]?"], ["A b c"]),
        (["Contents", "contents"], ["Contents 2", "contents 3"]),
        (["x" * 40, "x" * 40], ["x" * 31, "x" * 29 + " 2"]),
        (["'quoted'", "///"], ["quoted", "Sheet"]),
    ],
)
@pytest.mark.parametrize("format_", ["xlsx", "ods"])
def test_sheet_names_are_fit_and_used_once(
    titles: list[str], names: list[str], format_: str, tmp_path: Path
) -> None:
    path = write([Sheet(title, ("a",), [(1,)]) for title in titles], tmp_path / f"b.{format_}")
    if format_ == "xlsx":
        found = openpyxl.load_workbook(path).sheetnames
    else:
        found = [table.name for table in Document(path).body.tables]

    assert found == ["Contents", *names]


@pytest.mark.parametrize("format_", ["xlsx", "ods"])
def test_workbook_holds_a_table_without_rows(format_: str, tmp_path: Path) -> None:
    path = write([Sheet("None", ("a", "b"), [])], tmp_path / f"b.{format_}")

    if format_ == "xlsx":
        page = openpyxl.load_workbook(path)["None"]
        assert [[cell.value for cell in row] for row in page.iter_rows()] == [["None", None], ["a", "b"]]
    else:
        assert Document(path).body.get_table(name="None").get_values() == [["None", None], ["a", "b"]]


@pytest.mark.parametrize("format_", ["xlsx", "ods"])
def test_too_long_a_cell_is_refused_by_its_place(format_: str, tmp_path: Path) -> None:
    path = tmp_path / f"b.{format_}"
    path.write_text("before", encoding="utf-8")
    sheet = Sheet("Long", ("id", "text"), [("1", "x" * 32_767), ("2", "y" * 32_768)])

    with pytest.raises(ExportError, match=r"sheet 'Long', row 2, column 'text': 'y+…' has over 32,767"):
        write([sheet], path)
    assert path.read_text(encoding="utf-8") == "before"
    assert list(tmp_path.iterdir()) == [path]


def test_unknown_format_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match="unknown format 'xls'; nearest: xlsx"):
        write_file([HOSTILE], "xls", tmp_path / "b.xls", "Bristol")


def test_csv_of_several_tables_is_refused(tmp_path: Path) -> None:
    with pytest.raises(QueryError, match="csv holds one table, not 2; choose xlsx, ods or docx"):
        write_file([HOSTILE, HOSTILE], "csv", tmp_path / "b.csv", "Bristol")


def test_missing_folder_is_an_export_error(tmp_path: Path) -> None:
    path = tmp_path / "nowhere" / "b.csv"

    with pytest.raises(ExportError) as error:
        write_file([HOSTILE], "csv", path, "Bristol")
    assert str(error.value) == (
        f"{path}: cannot be written (No such file or directory); name another file"
    )


def test_folder_in_the_place_of_the_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="is not a file; name a file to write"):
        write_file([HOSTILE], "csv", tmp_path, "Bristol")


# Words for the values of the table of destinations


@pytest.mark.parametrize(
    ("column", "value", "label"),
    [
        ("destination", "vcse-strategy", "VCSE Strategy"),
        ("destination", "pcr-2015", "Public Contracts Regulations 2015"),
        ("disposition", "keep-with-revision", "keep, with revision"),
        ("kind", "commitment", "commitment"),
        ("outcome", "moved", "moved"),
        ("party", "public-sector", "public sector"),
        ("reason", "better-placed-elsewhere", "better placed elsewhere"),
        ("relation", "stays", "stays in"),
        ("status", "recommended", "recommended"),
    ],
)
def test_labels_are_the_graphs(
    bristol: Store, ontology_folder: Path, column: str, value: str, label: str
) -> None:
    assert table_labels(ReviewGraph(bristol, ontology_folder, "bristol"))[column, value] == label


def test_labels_of_an_unknown_review_are_refused(bristol: Store, ontology_folder: Path) -> None:
    with pytest.raises(UnknownNameError, match="unknown review 'bath'"):
        table_labels(ReviewGraph(bristol, ontology_folder, "bath"))
