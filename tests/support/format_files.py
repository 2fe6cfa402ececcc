"""Files in many formats, made as other programs make them; all content is invented."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence

from tests.support.paths import FORMATS

REPLY = (
    "栖河市工业和信息化局关于市政协五届三次会议第20240015号提案的答复",
    "民建栖河市委会：",
    "贵会提出的《关于扶持“专精特新”企业的提案》（第20240015号）收悉，现答复如下：",
    "我局实施“登高计划”，对国家级专精特新“小巨人”企业给予最高50万元奖励。",
    "栖河市工业和信息化局",
    "2024年5月20日",
)
"""Lines of a short reply."""

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def portal(paragraphs: Sequence[str] = REPLY, charset: str = "utf-8") -> str:
    """A portal's page around *paragraphs*."""
    body = "".join(f"<p>　　{p}</p>" for p in paragraphs)
    page = (FORMATS / "portal.html").read_text(encoding="utf-8")
    return page.replace("@CHARSET@", charset).replace("@TITLE@", paragraphs[0]).replace("@BODY@", body)


def docx(body: str, parts: Mapping[str, str] | None = None) -> bytes:
    """A Word document with *body* as the XML in ``w:body``."""
    return package(
        {
            "[Content_Types].xml": "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>",
            "word/document.xml": f"<?xml version='1.0'?><w:document {W}><w:body>{body}</w:body></w:document>",
            **(parts or {}),
        }
    )


def paragraph(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def numbered(text: str, num: int, level: int = 0) -> str:
    return paragraph(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{num}"/></w:numPr>')


ONE_LIST = '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'


def numbering(levels: Sequence[tuple[str, str]], nums: str = ONE_LIST) -> str:
    """numbering.xml with one list: format and text of each level."""
    told = "".join(
        f'<w:lvl w:ilvl="{i}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for i, (kind, text) in enumerate(levels)
    )
    return f'<w:numbering {W}><w:abstractNum w:abstractNumId="0">{told}</w:abstractNum>{nums}</w:numbering>'


def package(parts: Mapping[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def windows_zip(files: Mapping[str, bytes]) -> bytes:
    """An archive with names in GBK, as Windows packs it in China."""

    class Info(zipfile.ZipInfo):
        def _encodeFilenameFlags(self) -> tuple[bytes, int]:
            return self.filename.encode("gbk"), self.flag_bits & ~0x800

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            archive.writestr(Info(name), data)
    return out.getvalue()


def encrypted_zip(name: str, data: bytes) -> bytes:
    """An archive whose members say that they are encrypted."""
    out = bytearray(package({name: data}))
    for sign, at_flag in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        at = out.find(sign)
        struct.pack_into("<H", out, at + at_flag, struct.unpack_from("<H", out, at + at_flag)[0] | 1)
    return bytes(out)


def encrypted_office() -> bytes:
    """The head of an encrypted .docx: a compound file with an EncryptedPackage."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(512)


def workbook(rows: Sequence[Sequence[object]], title: str = "提案", merged: Sequence[str] = ()) -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    for area in merged:
        sheet.merge_cells(area)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def pdf(pages: Sequence[str], encrypt: bool = False) -> bytes:
    """A PDF with a line of ASCII text a page (an empty line: a page that is one grey picture)."""
    objects: list[bytes] = [b"<</Type/Catalog/Pages 2 0 R>>", b"", b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
                            b"<</Type/XObject/Subtype/Image/Width 2/Height 2/ColorSpace/DeviceGray/BitsPerComponent 8"
                            b"/Length 4>>stream\n\x80\x90\x80\x90\nendstream"]  # fmt: skip
    kids = []
    for text in pages:
        drawn = f"BT /F 12 Tf 72 700 Td ({text}) Tj ET" if text else "q 500 0 0 700 50 50 cm /I Do Q"
        objects.append(f"<</Length {len(drawn)}>>stream\n{drawn}\nendstream".encode())
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {len(objects)} 0 R"
            f"/Resources<</Font<</F 3 0 R>>/XObject<</I 4 0 R>>>>>>".encode()
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<</Type/Pages/Kids[{' '.join(kids)}]/Count {len(kids)}>>".encode()
    trailer = b""
    if encrypt:
        objects.append(b"<</Filter/Standard/V 1/R 2/O<" + b"28" * 32 + b">/U<" + b"00" * 32 + b">/P -44>>")
        trailer = f"/Encrypt {len(objects)} 0 R/ID[<{'11' * 16}><{'11' * 16}>]".encode()
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for i, one in enumerate(objects, 1):
        places.append(len(out))
        out += f"{i} 0 obj\n".encode() + one + b"\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{at:010} 00000 n \n".encode() for at in places)
    out += f"trailer<</Size {len(objects) + 1}/Root 1 0 R".encode() + trailer
    out += f">>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)
