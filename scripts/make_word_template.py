"""Make ``compactgraph/files/word_template.docx``, the template of every Word document that is written.

Its styles, its page and its foot are those of a committee paper. Run it after a change here, and commit
what it writes: ``python scripts/make_word_template.py``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from compactgraph.files.docx import LANGUAGE, MARGIN, TABLE_SIZES, TEMPLATE, WIDTH
from compactgraph.files.table import office_archive

FONT = "Arial"
# What python-docx's own template says of another document: a preview, its statistics, older styles.
NOT_OURS = ("/thumbnail", "/extended-properties", "/stylesWithEffects", "/customXml")


def make_template(path: Path) -> None:
    """Write the template to ``path``; two writes give the same bytes."""
    document = Document()
    for relations in (document.part.package.rels, document.part.rels):
        for name in [name for name, one in relations.items() if one.reltype.endswith(NOT_OURS)]:
            del relations[name]
    set_language(document)
    set_styles(document.styles)
    set_page(document)
    path.write_bytes(office_archive(document.save))


def set_language(document: Any) -> None:
    """Set the language, and the version of Word that the document is made for."""
    document.core_properties.author = document.core_properties.last_modified_by = "compactgraph"
    document.core_properties.language = LANGUAGE
    settings = document.settings.element
    settings.find(qn("w:themeFontLang")).set(qn("w:val"), LANGUAGE)
    for setting in settings.iter(qn("w:compatSetting")):
        # Below 15 Word opens the document in its compatibility mode and says so.
        if setting.get(qn("w:name")) == "compatibilityMode":
            setting.set(qn("w:val"), "15")
    (defaults,) = document.styles.element.iter(qn("w:docDefaults"))
    for language in defaults.iter(qn("w:lang")):
        language.set(qn("w:val"), LANGUAGE)


def set_styles(styles: Any) -> None:
    """Set the styles of texts, headings and the foot, and add those of tables in each size."""
    for name, size, before, after in (
        ("Normal", 11, 0, 6),
        ("Heading 1", 18, 0, 8),
        ("Heading 2", 14, 16, 6),
        ("Footer", 9, 0, 0),
    ):
        style = styles[name]
        style.font.size = Pt(size)
        style.font.color.rgb = RGBColor(0, 0, 0)
        style.paragraph_format.space_before = Pt(before)
        style.paragraph_format.space_after = Pt(after)
        style.paragraph_format.line_spacing = 1.15
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        fonts.attrib.clear()
        for script in ("ascii", "hAnsi", "cs", "eastAsia"):
            fonts.set(qn(f"w:{script}"), FONT)
    stops = styles["Footer"].paragraph_format.tab_stops
    stops.clear_all()
    stops.add_tab_stop(Mm(WIDTH), WD_TAB_ALIGNMENT.RIGHT)
    for size in TABLE_SIZES:
        for name, heads in ((f"TableText{size}", None), (f"TableHeader{size}", True)):
            style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
            style.base_style = styles["Normal"]
            style.font.size = Pt(size)
            style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(2)
            style.paragraph_format.line_spacing = 1.0
            style.font.bold = style.paragraph_format.keep_with_next = heads


def set_page(document: Any) -> None:
    """Set the page, A4 landscape, and its foot: a first run for the source, and the page's number."""
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = section.right_margin = Mm(MARGIN)
    section.top_margin, section.bottom_margin = Mm(MARGIN), Mm(20)
    section.header_distance = section.footer_distance = Mm(8)
    foot = section.footer.paragraphs[0]
    foot.add_run("\tPage ")
    add_field(foot, "PAGE")
    foot.add_run(" of ")
    add_field(foot, "NUMPAGES")


def add_field(paragraph: Any, name: str) -> None:
    """Add a field that Word fills in."""
    field = OxmlElement("w:fldSimple", {qn("w:instr"): name})
    run = OxmlElement("w:r")
    run.text = "1"
    field.append(run)
    paragraph._p.append(field)


if __name__ == "__main__":
    make_template(TEMPLATE)
