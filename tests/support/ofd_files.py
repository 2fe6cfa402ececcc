"""OFD files, made as archives make them; all content is invented."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

from tests.support.format_files import package

NS = 'xmlns:ofd="http://www.ofdspec.org/2016"'


def ofd_text(text: str, x: float, y: float, size: float = 5, more: str = "", deltas: str | None = None) -> str:
    """Return a text object with its base line at *y*, in millimetres from the upper left corner."""
    if deltas is None:
        deltas = " ".join(str(size if ord(sign) > 0x2000 else size / 2) for sign in text[:-1])
    box = f"{x} {y - size} {size * len(text)} {size * 1.2}"
    return (
        f'<ofd:TextObject ID="9" Boundary="{box}" Font="3" Size="{size}" {more}>'
        f'<ofd:TextCode X="0" Y="{size}" DeltaX="{deltas}">{escape(text)}</ofd:TextCode></ofd:TextObject>'
    )


def ofd_lines(lines: Sequence[str], x: float = 25, y: float = 40, size: float = 5, leading: float = 9) -> str:
    """Return text objects below each other."""
    return "".join(ofd_text(line, x, y + i * leading, size) for i, line in enumerate(lines) if line)


def ofd_file(pages: Sequence[str], template: str = "", parts: Mapping[str, str] | None = None) -> bytes:
    """Return an OFD file of A4 pages.

    Args:
        pages: the objects that each page draws.
        template: the objects of a template that each page uses.
        parts: further files in the package.
    """
    listed = "".join(f'<ofd:Page ID="{i + 10}" BaseLoc="Pages/Page_{i}/Content.xml"/>' for i in range(len(pages)))
    templates = '<ofd:TemplatePage ID="2" BaseLoc="Tpls/Tpl_0/Content.xml"/>' if template else ""
    used = '<ofd:Template TemplateID="2" ZOrder="Background"/>' if template else ""
    files = {
        "OFD.xml": f'<?xml version="1.0" encoding="UTF-8"?><ofd:OFD {NS} Version="1.1" DocType="OFD"><ofd:DocBody>'
        "<ofd:DocInfo><ofd:DocID>0</ofd:DocID></ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody>"
        "</ofd:OFD>",
        "Doc_0/Document.xml": f"<ofd:Document {NS}><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 210 297"
        f"</ofd:PhysicalBox></ofd:PageArea>{templates}</ofd:CommonData><ofd:Pages>{listed}</ofd:Pages></ofd:Document>",
    }
    if template:
        files["Doc_0/Tpls/Tpl_0/Content.xml"] = _make_page(template, "")
    for i, drawn in enumerate(pages):
        files[f"Doc_0/Pages/Page_{i}/Content.xml"] = _make_page(drawn, used)
    return package({**files, **(parts or {})})


def _make_page(drawn: str, used: str) -> str:
    layer = f'<ofd:Layer ID="4" Type="Body">{drawn}</ofd:Layer>'
    return f'<?xml version="1.0"?><ofd:Page {NS}>{used}<ofd:Content>{layer}</ofd:Content></ofd:Page>'
