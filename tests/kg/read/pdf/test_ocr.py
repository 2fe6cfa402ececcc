"""Pages without a usable text layer: noticed, reported, and read by OCR where it is installed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kg import read
from kg.errors import SourceError
from kg.read.pdf.legibility import is_legible
from kg.read.pdf.lines import is_han
from kg.read.pdf.ocr import is_available
from kg.read.pdf.page import arrange_page
from kg.read.pdf.pdf import read_pdf
from kg.read.pdf.recognizers import mend_spaces, place_lines
from kg.read.values import Limits
from tests.support.documents import document
from tests.support.format_files import FORMATS, pdf
from tests.support.pdf_files import PICTURE, drawn_pdf, show, show_lines

LINES = (
    "云桥市民政局关于市政协二届一次会议第031号提案的答复",
    "您提出的关于加强社区图书室建设的提案收悉，现答复如下。",
    "全市新建社区图书室二十六个，对每个图书室给予最高五万元补助，服务读者四万人次。",
    "下一步，我局将会同有关部门完善管理办法，推动图书室向村一级延伸。",
)
SIGNS = sorted({ord(sign) for line in LINES for sign in line})
SHIFTED = {code: code + 1 for code in SIGNS}
"""A table of codes that gives the next character for each."""
PRIVATE = {code: 0xE000 + i for i, code in enumerate(SIGNS)}
ACCENTS = {code: 0xC0 + i % 60 for i, code in enumerate(SIGNS)}
ASCII = {code: 0x21 + i % 90 for i, code in enumerate(SIGNS)}


@pytest.fixture
def no_ocr(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.read.pdf.ocr.is_available", lambda: False)


@pytest.mark.usefixtures("no_ocr")
@pytest.mark.parametrize("codes", [SHIFTED, PRIVATE, ACCENTS, ASCII], ids=["shifted", "private", "accents", "ascii"])
def test_a_font_that_gives_wrong_characters_is_noticed(tmp_path: Path, codes: dict[int, int]) -> None:
    with pytest.raises(SourceError, match=r"proposal-kg\[ocr\]") as caught:
        document(tmp_path / "a.pdf", drawn_pdf([show_lines(LINES)], codes=codes))
    assert "乱码" in caught.value.zh and "ToUnicode" in caught.value.en


def test_a_font_with_its_own_table_of_right_codes_is_read(tmp_path: Path) -> None:
    data = drawn_pdf([show_lines(LINES)], codes={code: code for code in SIGNS})
    assert LINES[0] in document(tmp_path / "a.pdf", data).source.text


@pytest.mark.parametrize(
    "words",
    [
        "Reply to proposal 20240015: the bureau (finance) agrees, and 12.5% of the fund goes to it.",
        "12,345.6 7,890.1 3.5% 10.2% (1,200) 45.0 99.9% 1,000,000.00 23.4% 0.5",
        "關於加強社區圖書室建設的提案收悉，經認真研究，現答復如下：全市新建圖書室二十六個，對每個圖書室給予補助。",
        "№ Ⅱ ① ㈠ ★ 1× ± ° · …… —— 〔2024〕3号 ［附件］ 《云桥市图书室管理办法》",
    ],
)
def test_other_text_is_not_taken_for_garbled(words: str) -> None:
    assert is_legible("".join(words.split()) * 3)


@pytest.mark.usefixtures("no_ocr")
def test_a_scanned_page_is_reported_and_the_others_are_read(tmp_path: Path) -> None:
    found = document(tmp_path / "a.pdf", pdf(["Reply 20240015", "", "Second part"]))
    assert found.report.warnings == ("scanned:2",)
    assert found.source.text.splitlines() == ["Reply 20240015", "Second part"]
    assert found.source.find_place(found.source.text.index("Second")) == "第3页"


@pytest.mark.usefixtures("no_ocr")
def test_what_a_scanning_program_prints_on_a_page_is_no_text_layer(tmp_path: Path) -> None:
    pages = [show_lines(LINES), PICTURE + show("由某某扫描软件创建", 400, 20, 10), PICTURE + show_lines(LINES)]
    found = document(tmp_path / "a.pdf", drawn_pdf(pages))
    assert found.report.warnings == ("scanned:2",)


@pytest.mark.usefixtures("no_ocr")
def test_a_pdf_that_is_all_scanned_says_so_and_what_to_install(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"pip install 'proposal-kg\[ocr\]'") as caught:
        document(tmp_path / "a.pdf", pdf(["", ""]))
    assert "扫描件" in caught.value.zh and "tesseract" in caught.value.en


@pytest.mark.skipif(not is_available(), reason="needs RapidOCR, or Tesseract with chi_sim")
def test_a_scanned_page_is_read_where_ocr_is_installed() -> None:
    found = read.load_document(read.FoundSource("扫描.pdf", FORMATS / "扫描.pdf"))
    assert "栖河市先进制造业促进办法" in found.source.text
    assert found.report.changes["ocr_page"] == 1 and found.report.warnings == ()


def test_what_ocr_reads_of_a_garbled_page_takes_its_place() -> None:
    data = drawn_pdf([show_lines(LINES), show_lines(LINES)], codes=SHIFTED)
    found = read_pdf(data, Limits(), ocr=json.dumps({"2": LINES[0]}))
    assert found.text.splitlines() == [LINES[0]]
    assert found.report.changes["ocr_page"] == 1 and found.report.warnings == ("illegible:1",)


def test_what_tesseract_prints_is_mended() -> None:
    printed = "贵 会 提 出 的 提案 收 悉 ， 现 答 复\n如 下 ： GDP 增 长 5 %\n\n一 、 目 标\n"
    assert mend_spaces(printed) == "贵会提出的提案收悉，现答复如下：GDP增长5 %\n一、目标"


def test_recognised_lines_of_nearly_one_size_have_one_size() -> None:
    """Boxes of OCR are some pixels too wide or too narrow; paragraphs are made of lines of one size."""
    lines = [((100.0, 20.0, 460.0, 80.0), "图书室的答复", 0.9)]
    for i, (n, width) in enumerate(((20, 600.0), (19, 585.0), (9, 270.0))):
        lines.append(((100.0, 100.0 + 60 * i, 100.0 + width, 130.0 + 60 * i), "图" * n, 0.9))
    chars = place_lines(lines)
    assert {char.size for char in chars if char.y0 >= 100} == {30.0}
    page = arrange_page(chars, (), 1800.0)
    assert [len(line.text) for line in page.lines] == [6, 20, 19, 9] and all(map(is_han, page.lines[0].text))
