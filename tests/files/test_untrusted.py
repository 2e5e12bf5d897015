"""Workbooks that came from outside: what could do harm is refused in one line, and the rest is read."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_LZMA, ZipFile

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from compactgraph.errors import SheetError
from compactgraph.files import ods, untrusted, xlsx_reading
from compactgraph.files.form import Content, Page
from tests.support.filling import saved

SHEET = "xl/worksheets/sheet1.xml"
SAVE = "save the sheet as .xlsx, and take that"
DAMAGED = f"the file is no workbook, or is damaged; {SAVE}"
SWOLLEN = f"the file unpacks to more than a sheet can hold; delete what was added to it, or {SAVE}"


def small_workbook() -> bytes:
    book = openpyxl.Workbook()
    page = book.active
    page.append(["Name", "Day", "Number", "True", "Sum"])
    page.append(["Ann", date(2026, 11, 20), 4.1, True, "=1+1"])
    page["A4"] = "#N/A"
    page["A4"].data_type = "e"
    return saved(book)


SMALL = small_workbook()
ENDED = b"</sheetData>"


def altered(
    data: bytes,
    change: Mapping[str, Callable[[bytes], bytes]] | None = None,
    more: Iterable[tuple[str, bytes]] = (),
    packing: int = ZIP_DEFLATED,
) -> bytes:
    """Return a ZIP file with parts changed, and more of them added."""
    stream = BytesIO()
    with ZipFile(BytesIO(data)) as old, ZipFile(stream, "w", packing) as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, (change or {}).get(name, bytes)(content))
        for name, content in more:
            new.writestr(name, content)
    return stream.getvalue()


def replaced(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    def replace(content: bytes) -> bytes:
        assert old in content
        return content.replace(old, new, 1)

    return replace


def values(page: Page) -> list[tuple[str, Content, object]]:
    return [(h.address, h.content, h.value) for line in page.lines for h in line.cells.values()]


def test_a_workbook_is_read_without_working_out_its_formulas() -> None:
    (page,) = xlsx_reading.read_pages(SMALL)
    assert page.name == "Sheet"
    assert values(page) == [
        ("A1", Content.TEXT, "Name"),
        ("B1", Content.TEXT, "Day"),
        ("C1", Content.TEXT, "Number"),
        ("D1", Content.TEXT, "True"),
        ("E1", Content.TEXT, "Sum"),
        ("A2", Content.TEXT, "Ann"),
        ("B2", Content.DAY, date(2026, 11, 20)),
        ("C2", Content.NUMBER, 4.1),
        ("D2", Content.BOOLEAN, 1),
        ("E2", Content.FORMULA, None),
        ("A4", Content.ERROR, "#N/A"),
    ]


def test_an_opendocument_spreadsheet_is_read_the_same_way(cases_folder: Path) -> None:
    saved_there = [
        (cases_folder / "sheets" / f"saved-by-libreoffice.{format_}").read_bytes()
        for format_ in ("xlsx", "ods")
    ]
    pages = [xlsx_reading.read_pages(saved_there[0]), ods.read_pages(saved_there[1])]
    assert [page.name for page in pages[0]] == ["Decisions", "About", "Lists", "Sent out"]
    assert [(page.name, values(page)) for page in pages[0]] == [
        (page.name, values(page)) for page in pages[1]
    ]


# What is no workbook


@pytest.mark.parametrize(
    "data",
    [b"", b"Decision,Date\r\nAgree,2026-11-20\r\n", b"<html>", SMALL[:-30], SMALL[:200]],
    # A workbook's bytes hold the time at which it was made: each process would name the test otherwise.
    ids=["empty", "csv", "html", "without-end", "only-start"],
)
def test_what_is_no_zip_file_is_refused(data: bytes) -> None:
    with pytest.raises(SheetError) as refused:
        xlsx_reading.read_pages(data)
    assert str(refused.value) == DAMAGED


def test_a_part_that_is_cut_or_has_another_checksum_is_refused() -> None:
    place = SMALL.index(b"xl/worksheets/sheet1.xml") + 60
    with pytest.raises(SheetError, match="is damaged"):
        xlsx_reading.read_pages(SMALL[:place] + bytes(20) + SMALL[place + 20 :])


def test_an_old_or_encrypted_workbook_is_refused() -> None:
    with pytest.raises(SheetError) as refused:
        xlsx_reading.read_pages(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000))
    assert str(refused.value) == (
        f"the file has a password, or is in the old format .xls; take the password off, and {SAVE}"
    )


def test_an_encrypted_zip_file_is_refused() -> None:
    data = bytearray(SMALL)
    place = data.index(b"PK\x01\x02")
    data[place + 8] |= 1
    with pytest.raises(SheetError, match="the file has a password; take the password off"):
        xlsx_reading.read_pages(bytes(data))


def test_an_encrypted_opendocument_spreadsheet_is_refused() -> None:
    locked = b'<m:manifest xmlns:m="m"><m:file-entry><m:encryption-data/></m:file-entry></m:manifest>'
    data = altered(SMALL, more=[("META-INF/manifest.xml", locked), ("content.xml", b"\x00\x01")])
    with pytest.raises(SheetError, match="the file has a password; take the password off"):
        ods.read_pages(data)


def test_a_workbook_with_macros_is_refused() -> None:
    macros = replaced(b"spreadsheetml.sheet.main", b"ms-excel.sheet.macroEnabled.main")
    with pytest.raises(SheetError) as refused:
        xlsx_reading.read_pages(altered(SMALL, {"[Content_Types].xml": macros}))
    assert str(refused.value) == f"the file can hold macros (.xlsm); {SAVE}"


@pytest.mark.parametrize("part", ["[Content_Types].xml", "xl/workbook.xml", "xl/styles.xml"])
def test_a_workbook_that_lacks_a_part_is_refused_or_read(part: str) -> None:
    empty = replaced(b"<", b"<x/><!--")
    with pytest.raises(SheetError, match=SAVE):
        xlsx_reading.read_pages(altered(SMALL, {part: empty}))


# What is made to do harm


@pytest.mark.parametrize(
    "declared",
    [
        '<!DOCTYPE worksheet SYSTEM "file:///etc/hostname">',
        '<!DOCTYPE w [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>',
        '<!DOCTYPE w [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x"> %p;]>',
        "<!DOCTYPE w>",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "docProps/core.xml", "_rels/.rels"])
def test_a_document_type_is_refused_in_any_part(declared: str, encoding: str, part: str) -> None:
    def declare(content: bytes) -> bytes:
        text = content.decode()
        body = text[text.index("?>") + 2 :] if text.startswith("<?xml") else text
        return f'<?xml version="1.0" encoding="{encoding}"?>{declared}{body}'.encode(encoding)

    with pytest.raises(SheetError) as refused:
        xlsx_reading.read_pages(altered(SMALL, {part: declare}))
    assert str(refused.value) == (
        f"the part '{part}' of the file declares a document type or an entity, which no workbook does; "
        + SAVE
    )


def test_a_document_type_is_refused_in_an_opendocument_spreadsheet(cases_folder: Path) -> None:
    data = (cases_folder / "sheets" / "saved-by-libreoffice.ods").read_bytes()
    declare = replaced(
        b"<office:document-content", b'<!DOCTYPE x [<!ENTITY a "b">]><office:document-content'
    )
    with pytest.raises(
        SheetError, match=r"the part 'content\.xml' of the file declares a document type"
    ):
        ods.read_pages(altered(data, {"content.xml": declare}))


def test_a_part_that_unpacks_to_much_more_is_refused() -> None:
    bomb = b"<a>" + b" " * 5_000_000 + b"</a>"
    with pytest.raises(SheetError) as refused:
        xlsx_reading.read_pages(altered(SMALL, more=[("xl/bomb.xml", bomb)]))
    assert str(refused.value) == SWOLLEN


def test_parts_that_are_too_large_together_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(untrusted, "LARGEST_TOTAL", 10_000)
    with pytest.raises(SheetError) as refused:
        xlsx_reading.read_pages(altered(SMALL, more=[("a.xml", bytes(10_000))]))
    assert str(refused.value) == SWOLLEN


def test_a_part_that_says_that_it_is_small_is_not_unpacked_to_more() -> None:
    bomb = b"<a>" + b" " * 50_000_000 + b"</a>"
    data = bytearray(altered(SMALL, more=[("xl/bomb.xml", bomb)]))
    for place in (data.rindex(b"PK\x01\x02") + 24, data.rindex(b"PK\x03\x04") + 22):
        assert struct.unpack_from("<I", data, place) == (len(bomb),)
        struct.pack_into("<I", data, place, 100)
    with pytest.raises(SheetError) as refused:
        xlsx_reading.read_pages(bytes(data))
    assert str(refused.value) == DAMAGED


def test_a_file_of_more_than_5_mb_is_refused() -> None:
    with pytest.raises(SheetError, match="the file has more than 5 MB; take the sheet that went out"):
        xlsx_reading.read_pages(SMALL + bytes(5_000_000))


def test_a_file_of_too_many_parts_is_refused() -> None:
    with pytest.raises(SheetError, match="the file has more than 500 parts"):
        xlsx_reading.read_pages(
            altered(SMALL, more=[(f"{number}.xml", b"<a/>") for number in range(500)])
        )


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_part_that_stands_twice_is_refused() -> None:
    with pytest.raises(SheetError, match="a part of the file stands in it twice"):
        xlsx_reading.read_pages(altered(SMALL, more=[(SHEET, b"<a/>")]))


def test_an_unusual_packing_is_refused() -> None:
    with pytest.raises(SheetError, match="the file is packed in an unusual way"):
        xlsx_reading.read_pages(altered(SMALL, packing=ZIP_LZMA))


def test_elements_that_are_nested_too_deep_are_refused() -> None:
    deep = b"<a>" * 100_000 + b"</a>" * 100_000
    with pytest.raises(SheetError, match=r"holds more than a sheet can, in its part 'xl/deep\.xml'"):
        xlsx_reading.read_pages(altered(SMALL, more=[("xl/deep.xml", deep)]))


def test_too_many_elements_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(untrusted, "ELEMENTS", 1_000)
    with pytest.raises(SheetError, match="holds more than a sheet can"):
        xlsx_reading.read_pages(altered(SMALL, {SHEET: replaced(ENDED, b"<row/>" * 1_000 + ENDED)}))


def test_a_part_that_is_no_xml_is_refused() -> None:
    with pytest.raises(SheetError, match=r"the part 'xl/styles\.xml' of the file is damaged"):
        xlsx_reading.read_pages(altered(SMALL, {"xl/styles.xml": replaced(b">", b"")}))


# What is absurd


def test_absurd_dimensions_are_passed_over() -> None:
    wide = altered(
        SMALL, {SHEET: replaced(b'<dimension ref="A1:E4"', b'<dimension ref="A1:XFD1048576"')}
    )
    assert xlsx_reading.read_pages(wide) == xlsx_reading.read_pages(SMALL)


def test_rows_without_anything_are_passed_over_however_many() -> None:
    empty = b"".join(b'<row r="%d"><c r="A%d" s="0"/></row>' % (n, n) for n in range(5, 20_000))
    last = b'<row r="1048576"><c r="XFD1048576"/></row>'
    grown = altered(SMALL, {SHEET: replaced(ENDED, empty + last + ENDED)})
    assert xlsx_reading.read_pages(grown) == xlsx_reading.read_pages(SMALL)


@pytest.mark.parametrize(
    "row",
    [
        b'<row r="1048577"/>',
        b'<row r="99999999999999999999"/>',
        b'<row r="-1"/>',
        b'<row r="2"/>',
        b'<row r="9"><c r="A8"><v>1</v></c></row>',
        b'<row r="9"><c r="B9"/><c r="A9"/></row>',
        b'<row r="9"><c r="AAAA9"/></row>',
        b'<row r="9"><c r="9"/></row>',
    ],
)
def test_a_cell_that_is_out_of_its_place_is_refused(row: bytes) -> None:
    with pytest.raises(SheetError, match=r"the file is damaged: (row|cell) .* is out of its place"):
        xlsx_reading.read_pages(altered(SMALL, {SHEET: replaced(ENDED, row + ENDED)}))


def test_rows_that_span_too_many_cells_are_refused() -> None:
    rows = b"".join(b'<row r="%d"><c r="XFD%d"><v>1</v></c></row>' % (n, n) for n in range(5, 1_300))
    with pytest.raises(SheetError, match="the file spans too many cells"):
        xlsx_reading.read_pages(altered(SMALL, {SHEET: replaced(ENDED, rows + ENDED)}))


def test_a_cell_with_an_endless_text_is_refused() -> None:
    row = b'<row r="9"><c r="A9" t="inlineStr"><is><t>%s</t></is></c></row>' % (b"ab" * 20_000)
    with pytest.raises(SheetError, match="cell A9 holds over 32,767 characters; shorten it"):
        xlsx_reading.read_pages(altered(SMALL, {SHEET: replaced(ENDED, row + ENDED)}))


def test_what_openpyxl_cannot_read_is_refused_in_one_line() -> None:
    row = b'<row r="9"><c r="A9" t="s"><v>999999</v></c></row>'
    with pytest.raises(SheetError) as refused:
        xlsx_reading.read_pages(altered(SMALL, {SHEET: replaced(ENDED, row + ENDED)}))
    assert str(refused.value) == f"the file is no workbook that can be read (IndexError); {SAVE}"


def test_what_is_no_xml_and_links_to_other_files_stay_behind() -> None:
    link = b'<externalLink xmlns="x"><externalBook id="rId1"/></externalLink>'
    more = [("xl/externalLinks/externalLink1.xml", link), ("xl/media/image1.png", b"\x00" * 9)]
    assert xlsx_reading.read_pages(altered(SMALL, more=more)) == xlsx_reading.read_pages(SMALL)


def ods_of(rows: str) -> bytes:
    """Return an OpenDocument spreadsheet with one sheet."""
    names = "office table text"
    declared = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in names.split()
    )
    content = (
        f"<office:document-content {declared}><office:body><office:spreadsheet>"
        f'<table:table table:name="One">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    stream = BytesIO()
    with ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
    return stream.getvalue()


def test_the_cells_of_an_opendocument_spreadsheet_are_told_apart() -> None:
    value = 'office:value-type="{}" office:{}="{}"'
    (page,) = ods.read_pages(
        ods_of(
            '<table:table-row table:number-rows-repeated="1000000"/>'
            "<table:table-row>"
            "<table:table-cell office:value-type='string'><text:p>a<text:s/>b</text:p><text:p>c"
            "<office:annotation><text:p>no</text:p></office:annotation></text:p></table:table-cell>"
            f"<table:table-cell {value.format('date', 'date-value', '2026-11-20T00:00:00')}/>"
            f"<table:table-cell {value.format('date', 'date-value', 'yesterday')}/>"
            f"<table:table-cell {value.format('float', 'value', '4.1')}/>"
            f"<table:table-cell {value.format('boolean', 'boolean-value', 'true')}/>"
            "<table:table-cell table:formula='of:=1+1' office:value-type='float' office:value='2'/>"
            "<table:table-cell table:number-rows-spanned='2'/><table:covered-table-cell/>"
            "<table:table-cell table:number-columns-repeated='16376' office:value-type='string'>"
            "<text:p>x</text:p></table:table-cell>"
            "</table:table-row>"
        )
    )
    assert values(page)[:6] == [
        ("A1000001", Content.TEXT, "a b\nc"),
        ("B1000001", Content.DAY, date(2026, 11, 20)),
        ("C1000001", Content.ERROR, None),
        ("D1000001", Content.NUMBER, 4.1),
        ("E1000001", Content.BOOLEAN, 1),
        ("F1000001", Content.FORMULA, None),
    ]
    assert len(page.lines[0].cells) == 254, "no more columns are read than a sheet of ours can have"
    assert [str(area) for area in page.merged] == ["G1000001:G1000002"]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (
            "<table:table-row table:number-rows-repeated='1048576'><table:table-cell>"
            "<text:p>x</text:p></table:table-cell></table:table-row>",
            "a sheet of the file has more than 100,000 rows that hold something",
        ),
        (
            "<table:table-row table:number-rows-repeated='99999999999'/>",
            f"the file is no workbook that can be read; {SAVE}",
        ),
        ("<nobody:row/>", f"the file is no workbook that can be read; {SAVE}"),
        (
            f"<table:table-row><table:table-cell><text:p>{'ab' * 20_000}</text:p></table:table-cell>"
            "</table:table-row>",
            "a cell holds over 32,767 characters; shorten it",
        ),
    ],
)
def test_an_absurd_opendocument_spreadsheet_is_refused(rows: str, message: str) -> None:
    with pytest.raises(SheetError) as refused:
        ods.read_pages(ods_of(rows))
    assert str(refused.value) == message


# Anything


def outcome(read: Callable[[bytes], list[Page]], data: bytes) -> str:
    """Return in one line what became of a file; whatever else is raised goes on."""
    try:
        return f"{len(read(data))} sheets"
    except SheetError as error:
        return "" if "\n" in str(error) else str(error)


def parts(data: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_a_part_says_it_is_read_or_refused(data: st.DataObject, cases_folder: Path) -> None:
    name = data.draw(st.sampled_from(["saved-by-libreoffice.ods", "small.xlsx"]))
    whole = SMALL if name == "small.xlsx" else (cases_folder / "sheets" / name).read_bytes()
    read = xlsx_reading.read_pages if whole is SMALL else ods.read_pages
    part = data.draw(st.sampled_from([n for n in sorted(parts(whole)) if n.endswith((".xml", ".rels"))]))
    content = parts(whole)[part]
    values = [
        b"",
        b"<",
        b">",
        b'"',
        b"0",
        b"-1",
        b"1e999",
        b"99999999999",
        b"\xff",
        b"<a/>",
        b"=",
        b"\n",
    ]
    start = data.draw(st.integers(0, len(content)))
    length = data.draw(st.integers(0, 20))
    put = data.draw(st.sampled_from(values))
    changed = altered(whole, {part: lambda _: content[:start] + put + content[start + length :]})
    assert outcome(read, changed)


@settings(max_examples=100, deadline=None)
@given(start=st.integers(0, len(SMALL)), put=st.binary(max_size=12))
def test_whatever_the_bytes_they_are_read_or_refused(start: int, put: bytes) -> None:
    assert outcome(xlsx_reading.read_pages, SMALL[:start] + put + SMALL[start + len(put) :])
