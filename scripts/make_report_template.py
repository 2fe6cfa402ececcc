"""Make the Word template of reports, ``kg/report/templates/report.docx``.

    python scripts/make_report_template.py

The template has the marks that ``kg.report.writers.docx`` replaces. Equal runs write equal bytes, but for the version
of python-docx, whose own template it starts from.
"""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

TARGET = Path(__file__).parent.parent / "kg" / "report" / "templates" / "report.docx"
LATIN, CHINESE = "Times New Roman", "宋体"
HEADING = "黑体"
INK = RGBColor(0x0B, 0x3A, 0x66)
BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="A6B0BA"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)
TABLE_STYLE = f"""
<w:style {nsdecls("w")} w:type="table" w:customStyle="1" w:styleId="ReportTable">
  <w:name w:val="Report Table"/><w:basedOn w:val="TableNormal"/>
  <w:tblPr>
    <w:tblBorders>{BORDERS}</w:tblBorders>
    <w:tblCellMar><w:top w:w="45" w:type="dxa"/><w:left w:w="85" w:type="dxa"/>
      <w:bottom w:w="45" w:type="dxa"/><w:right w:w="85" w:type="dxa"/></w:tblCellMar>
  </w:tblPr>
  <w:tblStylePr w:type="firstRow"><w:tcPr><w:shd w:val="clear" w:color="auto" w:fill="E8EDF2"/></w:tcPr></w:tblStylePr>
</w:style>"""
"""The style of tables: thin grey lines, room around the words, a shaded head."""


def main() -> None:
    document = Document()
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = section.right_margin = Mm(16)
    section.top_margin, section.bottom_margin = Mm(16), Mm(14)
    for name, size, font in (("Normal", 9, CHINESE), ("Title", 20, HEADING), ("Subtitle", 12, HEADING),
                             ("Heading 1", 14, HEADING), ("Heading 2", 11, HEADING)):  # fmt: skip
        set_font(document.styles[name], size, font)
    normal = document.styles["Normal"].paragraph_format
    normal.space_after = normal.space_before = Pt(0)
    document.styles.element.append(parse_xml(TABLE_STYLE))
    document.add_paragraph("{{title}}", style="Title")
    document.add_paragraph("{{about}}", style="Subtitle")
    document.add_paragraph("{{state}}")
    document.add_paragraph("{{tables}}")
    document.add_paragraph("{{notes}}", style="List Bullet")
    add_page_number(section.footer.paragraphs[0])
    properties = document.core_properties
    properties.author, properties.created, properties.modified = "kg report", datetime(2000, 1, 1), datetime(2000, 1, 1)
    TARGET.write_bytes(save(document))


def set_font(style: Any, size: int, chinese: str) -> None:
    style.font.size, style.font.name = Pt(size), LATIN
    style.font.italic = False
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    fonts.set(qn("w:eastAsia"), chinese)
    if style.name != "Normal":
        style.font.color.rgb = INK


def add_page_number(paragraph: Any) -> None:
    paragraph.alignment = 1
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = paragraph.add_run()
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.text = text
        run._r.append(mark)


def save(document: Any) -> bytes:
    raw, out = io.BytesIO(), io.BytesIO()
    document.save(raw)
    with zipfile.ZipFile(raw) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), old.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()


if __name__ == "__main__":
    main()
