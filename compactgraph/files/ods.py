"""Workbooks of OpenDocument. Only this module imports odfdo."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from io import BytesIO
from xml.etree.ElementTree import Element, iterparse
from xml.sax.saxutils import escape, quoteattr

from odfdo import Document

from compactgraph.common.atomic_files import legal_xml
from compactgraph.errors import SheetError
from compactgraph.files.form import COLUMNS, ROWS, Area, Content, Held, Line, Page, letters
from compactgraph.files.table import (
    CELL_LIMIT,
    ROW_LIMIT,
    NamedSheet,
    Sheet,
    archive,
    column_widths,
    named_sheets,
    read_archive,
    workbook_cell,
)
from compactgraph.files.untrusted import parts_of
from compactgraph.sparql.rows import Cell

_CENTIMETRES_A_CHARACTER = 0.2
_LINE_ENDS = re.compile(r"\r\n|\r|\n")
_SPACES = re.compile(r"\t|^ +| {2,}| +$")
_STYLES = (
    '<style:style style:name="title" style:family="table-cell" style:parent-style-name="Default">'
    '<style:text-properties fo:font-size="14pt" fo:font-weight="bold"/></style:style>',
    '<style:style style:name="header" style:family="table-cell" style:parent-style-name="Default">'
    '<style:table-cell-properties fo:wrap-option="wrap" style:vertical-align="top"/>'
    '<style:text-properties fo:font-weight="bold"/></style:style>',
    '<style:style style:name="text" style:family="table-cell" style:parent-style-name="Default">'
    '<style:table-cell-properties fo:wrap-option="wrap" style:vertical-align="top"/></style:style>',
)
_OFFICE = 'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" office:version="1.4"'
_PARTS = ("content.xml", "styles.xml", "settings.xml", "meta.xml")
_MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"


def workbook(sheets: Iterable[Sheet], title: str, about: str) -> bytes:
    """Return ``sheets`` as a workbook with a contents sheet before them.

    ``title`` is the workbook's and stands in A1 of the contents, ``about`` below it. A text cell is
    text, whatever it begins with, and never a formula; a character that XML cannot hold becomes U+FFFD.
    Raises ExportError if a table or a cell is larger than a workbook holds.
    """
    named = named_sheets(sheets, title, about)
    document = Document("spreadsheet")
    document.body.clear()
    for style in _STYLES:
        document.insert_style(style, automatic=True)
    pages, ranges, frozen = [], [], []
    for number, one in enumerate(named):
        targets = [other.name for other in named[1:]] if number == 0 else []
        pages.append(_page(document, one, number, targets))
        if one.sheet.rows:
            ranges.append(_range(one, number))
        frozen.append(_frozen(one))
    packed = BytesIO()
    document.save(packed)
    parts = dict(read_archive(packed))
    tables = f"{''.join(pages)}<table:database-ranges>{''.join(ranges)}</table:database-ranges>"
    parts["content.xml"] = _filled(parts["content.xml"], tables)
    parts["styles.xml"] = re.sub(
        rb'fo:language="fr" fo:country="FR"', b'fo:language="en" fo:country="GB"', parts["styles.xml"]
    )
    parts["settings.xml"] = _settings(frozen, named[0].name)
    parts["meta.xml"] = _meta(title, about)
    kept = [("mimetype", _MIMETYPE.encode()), *((name, parts[name]) for name in _PARTS)]
    return archive([*kept, ("META-INF/manifest.xml", _manifest())])


def _filled(content: bytes, tables: str) -> bytes:
    """Return the content of an empty workbook with ``tables`` put in.

    They are put in as text: cell by cell, or as one element, the time grows with their square.
    """
    before, empty, after = content.partition(b"<office:spreadsheet/>")
    if not empty:
        raise ValueError("odfdo gave no empty workbook")
    return b"".join([before, b"<office:spreadsheet>", tables.encode(), b"</office:spreadsheet>", after])


def _page(document: Document, named: NamedSheet, number: int, targets: list[str]) -> str:
    """Return a sheet's mark-up; ``targets`` are the sheets to which its first column links."""
    parts = [f'<table:table table:name={quoteattr(named.name)} table:style-name="ta1">']
    for place, width in enumerate(column_widths(named.sheet)):
        name = f"column{number}x{place}"
        size = f"{width * _CENTIMETRES_A_CHARACTER:.1f}cm"
        document.insert_style(
            f'<style:style style:name="{name}" style:family="table-column">'
            f'<style:table-column-properties style:column-width="{size}"/></style:style>',
            automatic=True,
        )
        parts.append(f'<table:table-column table:style-name="{name}"/>')
    for place, line in enumerate(named.above):
        parts.append(_row([_cell(line, "title" if place == 0 else "Default")]))
    header = _row(_cell(column, "header") for column in named.sheet.columns)
    parts.append(f"<table:table-header-rows>{header}</table:table-header-rows>")
    for place, row in enumerate(named.sheet.rows):
        cells = [_cell(cell, "text") for cell in row]
        if targets:
            cells[0] = _link(targets[place])
        parts.append(_row(cells))
    return "".join([*parts, "</table:table>"])


def _row(cells: Iterable[str]) -> str:
    return f"<table:table-row>{''.join(cells)}</table:table-row>"


def _cell(cell: Cell, style: str) -> str:
    value = workbook_cell(cell)
    start = f'<table:table-cell table:style-name="{style}"'
    if value is None:
        return start + "/>"
    if isinstance(value, bool):
        shown = "true" if value else "false"
        kind = f'office:value-type="boolean" office:boolean-value="{shown}"'
    elif isinstance(value, str):
        kind, shown = 'office:value-type="string"', value
    else:
        kind, shown = f'office:value-type="float" office:value="{value}"', str(value)
    lines = "".join(f"<text:p>{_spaced(line)}</text:p>" for line in _LINE_ENDS.split(shown))
    return f"{start} {kind}>{lines}</table:table-cell>"


def _spaced(line: str) -> str:
    """Return a line as the content of a paragraph, which else would lose spaces and tabs."""
    return _SPACES.sub(
        lambda run: "<text:tab/>" if run[0] == "\t" else f'<text:s text:c="{len(run[0])}"/>',
        escape(line),
    )


def _link(name: str) -> str:
    target = quoteattr(f"#{_quoted(name)}.A1")
    return (
        '<table:table-cell table:style-name="text" office:value-type="string"><text:p>'
        f'<text:a xlink:type="simple" xlink:href={target}>{escape(name)}</text:a>'
        "</text:p></table:table-cell>"
    )


def _quoted(name: str) -> str:
    return "'" + name.replace("'", "''") + "'"


def _range(named: NamedSheet, number: int) -> str:
    """Return the mark-up of a sheet's table: its range, with a header and without filter buttons."""
    header = named.header
    last = letters(len(named.sheet.columns)) + str(header + len(named.sheet.rows))
    address = f"{_quoted(named.name)}.A{header}:{_quoted(named.name)}.{last}"
    return (
        f'<table:database-range table:name="Table_{number}" '
        f"table:target-range-address={quoteattr(address)} "
        'table:contains-header="true" table:display-filter-buttons="false"/>'
    )


def _item(name: str, kind: str, value: object) -> str:
    return f'<config:config-item config:name="{name}" config:type="{kind}">{value}</config:config-item>'


def _frozen(named: NamedSheet) -> str:
    """Return the settings of a sheet whose header and what is above it stay in view."""
    rows = named.header
    items = (
        _item("VerticalSplitMode", "short", 2),
        _item("VerticalSplitPosition", "int", rows),
        _item("ActiveSplitRange", "short", 2),
        _item("PositionTop", "int", 0),
        _item("PositionBottom", "int", rows),
    )
    entry = f"<config:config-item-map-entry config:name={quoteattr(named.name)}>"
    return f"{entry}{''.join(items)}</config:config-item-map-entry>"


def _settings(frozen: list[str], active: str) -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f"<office:document-settings {_OFFICE} "
        'xmlns:config="urn:oasis:names:tc:opendocument:xmlns:config:1.0" '
        'xmlns:ooo="http://openoffice.org/2004/office"><office:settings>'
        '<config:config-item-set config:name="ooo:view-settings">'
        '<config:config-item-map-indexed config:name="Views"><config:config-item-map-entry>'
        f"{_item('ViewId', 'string', 'view1')}"
        f'<config:config-item-map-named config:name="Tables">{"".join(frozen)}'
        "</config:config-item-map-named>"
        f"{_item('ActiveTable', 'string', escape(active))}"
        "</config:config-item-map-entry></config:config-item-map-indexed>"
        "</config:config-item-set></office:settings></office:document-settings>"
    ).encode()


def _meta(title: str, about: str) -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<office:document-meta {_OFFICE} xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0"><office:meta>'
        "<meta:generator>compactgraph</meta:generator>"
        f"<dc:title>{escape(legal_xml(title))}</dc:title>"
        f"<dc:description>{escape(legal_xml(about))}</dc:description>"
        "<dc:language>en-GB</dc:language></office:meta></office:document-meta>"
    ).encode()


def _manifest() -> bytes:
    entries = "".join(
        f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="text/xml"/>'
        for name in _PARTS
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" '
        'manifest:version="1.4"><manifest:file-entry manifest:full-path="/" manifest:version="1.4" '
        f'manifest:media-type="{_MIMETYPE}"/>{entries}</manifest:manifest>'
    ).encode()


# A sheet that came back

_TABLE_NAMES = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE_NAMES = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT_NAMES = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_CELLS = (f"{_TABLE_NAMES}table-cell", f"{_TABLE_NAMES}covered-table-cell")
_CONTENT = "content.xml"
_DAMAGED = "the file is no workbook that can be read; save the sheet as .xlsx, and take that"


def read_pages(data: bytes) -> list[Page]:
    """Return the sheets of a workbook as they came back; formulas are not evaluated.

    Raises SheetError if the file passes a bound, or cannot be read.
    """
    content = parts_of(data).get(_CONTENT)
    if content is None:
        raise SheetError(_DAMAGED)
    pages: list[Page] = []
    reading: _Reading | None = None
    depth = 0
    for event, element in iterparse(BytesIO(content), ("start", "end")):
        if element.tag == f"{_TABLE_NAMES}table":
            # A table within a cell is not a sheet.
            depth += 1 if event == "start" else -1
            if event == "start" and depth == 1:
                reading = _Reading(element.get(f"{_TABLE_NAMES}name", ""))
            elif event == "end" and depth == 0 and reading is not None:
                pages.append(reading.page())
                element.clear()
        elif event == "end" and depth == 1 and element.tag == f"{_TABLE_NAMES}table-row":
            if reading is not None:
                reading.take(element)
            element.clear()
    return pages


class _Reading:
    """Reads the rows of one sheet."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._row = 1
        self._lines: list[Line] = []
        self._merged: list[Area] = []

    def page(self) -> Page:
        return Page(self._name, tuple(self._lines), tuple(self._merged))

    def take(self, row: Element) -> None:
        times = _times(row, "number-rows-repeated")
        cells = [held for held in self._cells(row) if held.column <= COLUMNS]
        if not cells:
            self._row += times
            return
        if len(self._lines) + times > ROWS:
            raise SheetError(f"a sheet of the file has more than {ROWS:,} rows that hold something")
        for number in range(self._row, self._row + times):
            at = {held.column: Held(number, held.column, held.content, held.value) for held in cells}
            self._lines.append(Line(number, at))
        self._row += times

    def _cells(self, row: Element) -> Iterator[Held]:
        column = 1
        for cell in row:
            if cell.tag not in _CELLS:
                continue
            times = _times(cell, "number-columns-repeated")
            rows, columns = (_times(cell, f"number-{what}-spanned") for what in ("rows", "columns"))
            if rows > 1 or columns > 1:
                last = (self._row + rows - 1, column + columns - 1)
                self._merged.append(Area(self._row, column, *last))
            content, value = _content(cell.attrib, cell)
            if content is not None:
                for place in range(column, min(column + times, COLUMNS + 1)):
                    yield Held(self._row, place, content, value)
            column += times


def _times(element: Element, name: str) -> int:
    """Return how often a row or cell stands, or how many it spans; 1 if that is not said."""
    given = element.get(_TABLE_NAMES + name, "1")
    if not (given.isascii() and given.isdecimal() and 0 < int(given[:8]) <= ROW_LIMIT):
        raise SheetError(_DAMAGED)
    return int(given[:8])


def _content(
    attributes: Mapping[str, str], cell: Element
) -> tuple[Content | None, str | int | float | date | None]:
    """Return what a cell holds, None if that is nothing but spaces."""
    if attributes.get(f"{_TABLE_NAMES}formula"):
        return Content.FORMULA, None
    kind = attributes.get(f"{_OFFICE_NAMES}value-type")
    if kind == "boolean":
        return Content.BOOLEAN, int(attributes.get(f"{_OFFICE_NAMES}boolean-value") == "true")
    try:
        if kind == "date":
            return Content.DAY, date.fromisoformat(attributes[f"{_OFFICE_NAMES}date-value"][:10])
        if kind in ("float", "percentage", "currency"):
            return Content.NUMBER, float(attributes[f"{_OFFICE_NAMES}value"])
    except (KeyError, ValueError):
        return Content.ERROR, None
    text = "\n".join(_words(part) for part in cell if part.tag == f"{_TEXT_NAMES}p")
    if len(text) > CELL_LIMIT:
        raise SheetError(f"a cell holds over {CELL_LIMIT:,} characters; shorten it")
    return (Content.TEXT, text) if text.strip() else (None, None)


def _words(part: Element) -> str:
    """Return the text of a paragraph, with the spaces, tabs and line ends that are elements in it."""
    found = [part.text or ""]
    for inner in part:
        name = inner.tag.removeprefix(_TEXT_NAMES)
        if inner.tag == f"{_OFFICE_NAMES}annotation":
            pass
        elif name in _SPACING:
            found.append(_SPACING[name])
        else:
            found.append(_words(inner))
        found.append(inner.tail or "")
    return "".join(found)


_SPACING = {"s": " ", "tab": "\t", "line-break": "\n"}
