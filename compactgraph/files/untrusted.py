"""A workbook that came from outside, looked at before any library reads it.

It may be made to do harm: to unpack to more than the memory holds, to name entities that grow or reach
out, to nest without end. Only parts that are plain XML within the bounds leave this module.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping
from io import BytesIO
from typing import Any
from xml.parsers import expat
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from compactgraph.errors import SheetError

# The most that a file may have; sizes are in bytes, unpacked except for the file itself.
LARGEST = 5_000_000
MEMBERS = 500
LARGEST_PART = 40_000_000
LARGEST_TOTAL = 60_000_000
RATIO = 200  # of a part's size to its packed size
DEEPEST = 60
ELEMENTS = 1_000_000

_NO_RATIO_BELOW = 1_000_000
_TEXTS = (".xml", ".rels")
_KEPT = frozenset({"mimetype"})
_OLD_OR_LOCKED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MANIFEST = "META-INF/manifest.xml"
SAVE = "save the sheet as .xlsx, and take that"
"""What to do with a file that cannot be read."""
_LOCKED = f"the file has a password; take the password off, and {SAVE}"

_NAME_OF_FIRST = 30  # the place of the first part's name in a ZIP file
_OPENDOCUMENT = b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet"

Look = Callable[[str, str, Mapping[str, str]], None]
"""Called with a part's name, an element's name without its prefix, and its attributes by their names."""


def parts_of(data: bytes, look: Look | None = None) -> dict[str, bytes]:
    """Return the XML parts of a workbook by name, and its ``mimetype`` if it has one.

    ``look`` is called for each element. Raises SheetError if the file is no workbook, passes a bound, is
    encrypted or damaged, or if a part is not plain XML.
    """
    if len(data) > LARGEST:
        raise SheetError(
            f"the file has more than {LARGEST // 1_000_000} MB; take the sheet that went out, without "
            "what else was put in it"
        )
    if data.startswith(_OLD_OR_LOCKED):
        raise SheetError(
            f"the file has a password, or is in the old format .xls; take the password off, and {SAVE}"
        )
    parts: dict[str, bytes] = {}
    try:
        with ZipFile(BytesIO(data)) as archive:
            for entry in _entries(archive):
                with archive.open(entry) as member:
                    # Never more than it says: it may unpack to more.
                    parts[entry.filename] = member.read(entry.file_size)
    except (BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError):
        raise SheetError(f"the file is no workbook, or is damaged; {SAVE}") from None
    elements = 0
    for name in sorted(parts, key=lambda name: name != _MANIFEST):
        if name not in _KEPT:
            elements = _scanned(name, parts[name], look, elements)
    return parts


def is_opendocument(data: bytes) -> bool:
    """Say whether a file is a spreadsheet of OpenDocument, by its beginning."""
    return data.startswith(_OPENDOCUMENT, _NAME_OF_FIRST)


def _entries(archive: ZipFile) -> Iterator[ZipInfo]:
    """Yield the members to read; raise SheetError if one is out of bounds."""
    every = archive.infolist()
    if len(every) > MEMBERS:
        raise SheetError(f"the file has more than {MEMBERS} parts; {SAVE}")
    if len({entry.filename for entry in every}) < len(every):
        raise SheetError(f"a part of the file stands in it twice; {SAVE}")
    if any(entry.flag_bits & 1 for entry in every):
        raise SheetError(_LOCKED)
    if any(entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED) for entry in every):
        raise SheetError(f"the file is packed in an unusual way; {SAVE}")
    chosen = [e for e in every if e.filename.lower().endswith(_TEXTS) or e.filename in _KEPT]
    swollen = any(
        entry.file_size > _NO_RATIO_BELOW and entry.file_size > RATIO * max(entry.compress_size, 1)
        for entry in chosen
    )
    sizes = [entry.file_size for entry in chosen]
    if swollen or max(sizes, default=0) > LARGEST_PART or sum(sizes) > LARGEST_TOTAL:
        raise SheetError(
            f"the file unpacks to more than a sheet can hold; delete what was added to it, or {SAVE}"
        )
    yield from chosen


def _scanned(name: str, content: bytes, look: Look | None, elements: int) -> int:
    """Go through the elements of a part; return ``elements`` and their number."""
    depth = 0

    def begin(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth, elements
        depth += 1
        elements += 1
        if depth > DEEPEST or elements > ELEMENTS:
            raise SheetError(
                f"the file holds more than a sheet can, in its part {name[:60]!r}; "
                "delete what was added to it"
            )
        if name == _MANIFEST and tag.endswith("encryption-data"):
            raise SheetError(_LOCKED)
        if look is not None:
            look(name, tag.rpartition(":")[2], attributes)

    def end(_tag: str) -> None:
        nonlocal depth
        depth -= 1

    def refuse(*_: object) -> Any:
        raise SheetError(
            f"the part {name[:60]!r} of the file declares a document type or an entity, which no "
            f"workbook does; {SAVE}"
        )

    parser = expat.ParserCreate()
    parser.StartElementHandler = begin
    parser.EndElementHandler = end
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.ExternalEntityRefHandler = refuse
    try:
        parser.Parse(content, True)
    except expat.ExpatError:
        raise SheetError(f"the part {name[:60]!r} of the file is damaged; {SAVE}") from None
    return elements
