"""Makes the files of this folder that only other programs can make: ``python tests/formats/make.py``.

Needs LibreOffice and a Chinese font; what it makes is kept in the repository, so that the tests do not. All content is
invented.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
LETTER = """栖河市工业和信息化局
关于市政协五届三次会议第20240015号提案的答复
民建栖河市委会：
贵会提出的《关于扶持“专精特新”企业的提案》（第20240015号）收悉。经综合市科学技术局、市财政局的意见，现答复如下：
一、关于加大奖补力度的建议
根据《栖河市先进制造业促进办法》（栖府办〔2022〕8号），对国家级专精特新“小巨人”企业给予最高50万元奖励，对省级专精特新中小企业给予最高20万元奖励，奖励资金由市、区两级财政按照七比三的比例分担。我局实施“登高计划”，通过“栖企通”平台申报。
截至2023年底，全市有省级专精特新中小企业128家。
二、下一步工作
（一）力争到2026年培育“小巨人”企业20家以上。
（二）建立企业服务专员制度，为重点企业配备服务专员，及时协调解决用地、用工、融资等方面的困难和问题，推动惠企政策直达快享。
栖河市工业和信息化局
2024年5月20日"""


def convert(folder: Path, name: str, target: str) -> Path:
    profile = (folder / "profile").as_uri()
    program = shutil.which("soffice") or "libreoffice"
    call = [program, f"-env:UserInstallation={profile}", "--headless", "--convert-to", target, "--outdir", str(folder),
            str(folder / name)]  # fmt: skip
    subprocess.run(call, check=True, capture_output=True)
    return folder / Path(name).with_suffix("." + target.partition(":")[0])


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        docx_file(folder / "答复.docx")
        shutil.copy(convert(folder, "答复.docx", "doc"), HERE / "答复.doc")
        shutil.copy(convert(folder, "答复.docx", "pdf"), HERE / "答复.pdf")
        two_columns(folder / "双栏.docx")
        shutil.copy(convert(folder, "双栏.docx", "pdf"), HERE / "双栏.pdf")
        scan(HERE / "答复.pdf", HERE / "扫描.pdf")


def docx_file(path: Path) -> None:
    """The letter as people set it: a running head, page numbers, indents, a table; long enough for three pages."""
    import docx
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    document = docx.Document()
    section = document.sections[0]
    section.header.paragraphs[0].text = "栖河市政协提案办理"
    page_number(section.footer.paragraphs[0])
    lines = LETTER.split("\n")
    for i, line in enumerate(lines):
        paragraph = document.add_paragraph(line)
        paragraph.paragraph_format.space_after = Pt(0)
        paragraph.paragraph_format.line_spacing = Pt(60)
        if i < 2:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        elif i > 2:
            paragraph.paragraph_format.first_line_indent = Pt(22)
    table = document.add_table(3, 3, style="Table Grid")
    rows = (("企业类别", "数量", "奖励"), ("国家级专精特新“小巨人”企业", "12家", "最高50万元"),
            ("省级专精特新中小企业", "128家", "最高20万元"))  # fmt: skip
    for y, row in enumerate(rows):
        for x, cell in enumerate(row):
            table.cell(y, x).text = cell
    document.save(str(path))


def page_number(paragraph: object) -> None:
    """— 1 —, as a field."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    paragraph.add_run("— ")  # type: ignore[attr-defined]
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)  # type: ignore[attr-defined]
    paragraph.add_run(" —")  # type: ignore[attr-defined]


def two_columns(path: Path) -> None:
    import docx
    from docx.oxml.ns import qn

    document = docx.Document()
    for line in LETTER.split("\n")[3:10] * 2:
        document.add_paragraph("　　" + line)
    columns = document.sections[0]._sectPr.find(qn("w:cols"))
    columns.set(qn("w:num"), "2")
    columns.set(qn("w:space"), "480")
    document.save(str(path))


def scan(source: Path, target: Path) -> None:
    """The first page as a picture, and nothing else."""
    import pypdfium2

    page = pypdfium2.PdfDocument(source)[0].render(scale=2.2, grayscale=True).to_pil()
    page.convert("RGB").save(target, quality=60)


if __name__ == "__main__":
    main()
