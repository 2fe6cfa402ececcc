"""PDF files with Chinese text, drawn step by step; all content is invented."""

from __future__ import annotations

from collections.abc import Sequence

PICTURE = "q 595 0 0 842 0 0 cm /I Do Q\n"
"""The operators that draw a picture over the whole page."""
_PLAIN = b"/Encoding/UniGB-UCS2-H"
_SYSTEM = b"/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>"
_OWN_SYSTEM = b"/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"


def show(text: str, x: float, y: float, size: float = 14, matrix: str = "1 0 0 1", spacing: float = 0) -> str:
    """Return the operators that draw *text* at a place, counted from the lower left corner."""
    codes = text.encode("utf-16-be").hex()
    return f"BT /F {size} Tf {spacing} Tc {matrix} {x} {y} Tm <{codes}> Tj ET\n"


def show_lines(lines: Sequence[str], x: float = 70, y: float = 760, size: float = 14, leading: float = 24) -> str:
    """Return the operators that draw lines below each other."""
    return "".join(show(line, x, y - i * leading, size) for i, line in enumerate(lines))


def drawn_pdf(pages: Sequence[str], rotate: int = 0, codes: dict[int, int] | None = None) -> bytes:
    """Return a PDF of A4 pages.

    Args:
        pages: what is drawn on each page.
        rotate: by how much a viewer turns the pages, in degrees clockwise.
        codes: the table of the font from codes to characters, if it has one of its own; if that is empty, the font
            has no table at all.
    """
    font = _PLAIN if codes is None else b"/Encoding/Identity-H"
    system = _SYSTEM if codes is None else _OWN_SYSTEM
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>", b"",
        b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light" + font + b"/DescendantFonts[4 0 R]"
        + (b"/ToUnicode 6 0 R" if codes else b"") + b">>",
        b"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light" + system + b"/DW 1000/W[1 95 500 814 939 500]"
        b"/FontDescriptor 5 0 R>>",
        b"<</Type/FontDescriptor/FontName/STSong-Light/Flags 4/FontBBox[0 -200 1000 880]/ItalicAngle 0/Ascent 880"
        b"/Descent -120/CapHeight 880/StemV 93>>",
        _make_stream(_make_table(codes or {}).encode()),
        _make_stream(b"\x80\x90\x80\x90", b"/Type/XObject/Subtype/Image/Width 2/Height 2/ColorSpace/DeviceGray"
                     b"/BitsPerComponent 8"),
    ]  # fmt: skip
    kids = []
    for drawn in pages:
        objects.append(_make_stream(drawn.encode()))
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Rotate {rotate}/Contents {len(objects)} 0 R"
            f"/Resources<</Font<</F 3 0 R>>/XObject<</I 7 0 R>>>>>>".encode()
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<</Type/Pages/Kids[{' '.join(kids)}]/Count {len(kids)}>>".encode()
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for i, one in enumerate(objects, 1):
        places.append(len(out))
        out += f"{i} 0 obj\n".encode() + one + b"\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{at:010} 00000 n \n".encode() for at in places)
    out += f"trailer<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)


def _make_stream(data: bytes, entries: bytes = b"") -> bytes:
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (entries, len(data), data)


def _make_table(codes: dict[int, int]) -> str:
    """Return a table from codes to characters (Adobe Technical Note 5411)."""
    rows = [f"<{code:04x}> <{sign:04x}>" for code, sign in sorted(codes.items())]
    blocks = [rows[i : i + 100] for i in range(0, len(rows), 100)]
    body = "".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar\n" for block in blocks)
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Own def /CMapType 2 def\n"
        f"1 begincodespacerange <0000> <ffff> endcodespacerange\n{body}endcmap end end"
    )
