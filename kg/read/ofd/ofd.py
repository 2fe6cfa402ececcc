"""OFD documents (GB/T 33190): the text of each page in reading order; pages without text are reported.

``OFD.xml`` names the documents of a file, ``Document.xml`` the pages of one, and ``Content.xml`` has what a page
draws. Signatures, annotations and pictures are not read.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from xml.etree.ElementTree import Element

from kg.read.ofd.content import POINT, PageContent, get_local_name, parse_numbers, place_rules, read_content
from kg.read.office.package import OfficePackage
from kg.read.pdf.legibility import is_legible
from kg.read.pdf.lines import PageLines
from kg.read.pdf.page import arrange_runs
from kg.read.pdf.paragraphs import write_pages
from kg.read.pdf.watermarks import RepeatedText, find_watermarks, identify_text
from kg.read.values import DocumentText, Limits, ReadError, TextWriter

_ENTRY = "OFD.xml"
_PAPER = (210.0, 297.0)
"""Width and height of a page whose size is not given, in millimetres: A4."""
_FEW = 5
"""Largest number of characters of a page that is a picture."""
_PICTURE = 0.3
"""Least share of such a page that pictures cover."""
_REASONS = {
    "picture_page": (
        "页面是图片，没有文字；转为 PDF 后可用文字识别",
        "its pages are pictures without text; OCR can read them once the file is converted to PDF",
    ),
    "illegible_page": (
        "文字没有可用的编码，读出来是乱码；转为 PDF 后可用文字识别",
        "its text has no usable codes and is garbled; OCR can read it once the file is converted to PDF",
    ),
}
"""Why a file has no text, by the key of its warning."""


@dataclass(slots=True)
class _Page:
    """A page with its size in points."""

    content: PageContent
    width: float
    height: float


def read_ofd(data: bytes, limits: Limits) -> DocumentText:
    """Return the text of an OFD file.

    Raises:
        ReadError: damaged, encrypted, too long, or without documents.
    """
    package = OfficePackage(data, limits)
    if any(posixpath.basename(name).lower() == "encryptions.xml" for name in package.list_names()):
        raise ReadError("文件有密码；请先去掉密码", "encrypted; remove its password first")
    entry = package.read_part(_ENTRY)
    if entry is None:
        raise ReadError("不是 OFD 文件（缺少 OFD.xml）", "not an OFD file (no OFD.xml)")
    pages: list[_Page] = []
    size = 0
    for place in (element.text or "" for element in _find_all(entry, "DocRoot")):
        for page in _read_document(package, _resolve("", place)):
            pages.append(page)
            size += sum(len(run.glyphs) for run in page.content.runs)
            if len(pages) > limits.pages:
                raise ReadError(f"页数过多（上限 {limits.pages}）", f"too many pages (limit {limits.pages})")
            if size > 2 * limits.text_chars:
                raise ReadError(
                    f"文字过多（上限 {limits.text_chars} 字），未读取",
                    f"too much text (limit {limits.text_chars} characters)",
                )
    if not pages:
        raise ReadError("OFD 里没有页面，文件损坏或不完整", "no pages in the OFD file; damaged or truncated")
    return _write_document(pages)


def _write_document(pages: list[_Page]) -> DocumentText:
    """Return the text of pages, without watermarks."""
    out = TextWriter("ofd")
    repeated = RepeatedText()
    watermarks = set()
    for page in pages:
        repeated.add_page(page.content.runs)
        watermarks |= find_watermarks(page.content.runs)
    watermarks |= repeated.find_watermarks()
    arranged: list[PageLines | str] = []
    gaps: dict[str, list[str]] = {}
    for number, page in enumerate(pages, 1):
        content = page.content
        runs = [run for run in content.runs if identify_text(run) not in watermarks]
        out.count("watermark", int(len(runs) < len(content.runs)))
        signs = [glyph.sign for run in runs for glyph in run.glyphs]
        gap = ""
        if len(signs) + content.unmapped <= _FEW and content.pictures >= _PICTURE * page.width * page.height:
            gap = "picture_page"
        elif not is_legible(signs, content.unmapped):
            gap = "illegible_page"
        if gap:
            gaps.setdefault(gap, []).append(str(number))
            arranged.append("")
        else:
            arranged.append(arrange_runs(runs, (page.width, page.height), partial(place_rules, content.rules)))
    write_pages(out, arranged)
    for gap, numbers in gaps.items():
        out.warn(f"{gap}:" + ",".join(numbers))
    document = out.finish()
    if gaps and not document.text.strip():
        raise ReadError(*_REASONS[next(iter(gaps))])
    return document


def _read_document(package: OfficePackage, place: str) -> Iterator[_Page]:
    """Yield the pages of a document in order; a page that is missing is empty."""
    document = package.read_part(place)
    if document is None:
        raise ReadError(f"缺少 {place}，文件损坏或不完整", f"{place} is missing; damaged or truncated file")
    usual = _read_size(document) or _PAPER
    templates = {
        template.get("ID", ""): _resolve(place, template.get("BaseLoc", ""))
        for template in _find_all(document, "TemplatePage")
    }
    for listed in _find_all(document, "Page"):
        root = package.read_part(_resolve(place, listed.get("BaseLoc", "")))
        width, height = (_read_size(root) if root is not None else None) or usual
        content = PageContent()
        if root is not None:
            for used in _find_all(root, "Template"):
                template = package.read_part(templates.get(used.get("TemplateID", ""), ""))
                if template is not None:
                    read_content(template, height, content)
            read_content(root, height, content)
        yield _Page(content, width * POINT, height * POINT)


def _read_size(root: Element) -> tuple[float, float] | None:
    """Return the width and height of a page area, in millimetres; None if it has none."""
    for name in ("PhysicalBox", "ApplicationBox"):
        for box in _find_all(root, name):
            numbers = parse_numbers(box.text or "")
            if len(numbers) == 4 and numbers[2] > 0 and numbers[3] > 0:
                return numbers[2], numbers[3]
    return None


def _find_all(root: Element, name: str) -> Iterator[Element]:
    """Yield the elements of a name, in any version of the namespace."""
    return (element for element in root.iter() if get_local_name(element) == name)


def _resolve(base: str, place: str) -> str:
    """Return the name of a part that another part refers to: relative to its folder, or from the root."""
    place = place.strip().replace("\\", "/")
    path = place if place.startswith("/") else posixpath.join(posixpath.dirname(base), place)
    return posixpath.normpath(path).lstrip("/")
