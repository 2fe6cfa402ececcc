"""How text stands on the pages of a PDF: scaled, turned, in columns and frames, spaced out, under watermarks."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.documents import document, text
from tests.support.pdf_files import drawn_pdf, show, show_lines

LETTER = (
    "云桥市民政局关于市政协二届一次会议",
    "第031号提案的答复",
    "林知夏委员：",
    "　　您提出的《关于加强社区图书室建设的提案》（第031号）收悉，经认真研",
    "究，现答复如下：",
    "　　2023年，全市新建社区图书室26个，发放补助130万元，服务读者4.5万",
    "人次。",
    "云桥市民政局",
    "2024年3月8日",
)
READ = [
    *LETTER[:3],
    "您提出的《关于加强社区图书室建设的提案》（第031号）收悉，经认真研究，现答复如下：",
    "2023年，全市新建社区图书室26个，发放补助130万元，服务读者4.5万人次。",
    *LETTER[7:],
]


@pytest.mark.parametrize(
    "drawn",
    [
        show_lines(LETTER),
        "q 0.05 0 0 0.05 0 0 cm\n" + show_lines(LETTER, 1400, 15200, 280, 480) + "Q",
        "".join(show(line, 70, 760 - 24 * i, 1, "14 0 0 14") for i, line in enumerate(LETTER)),
        "q 0 1 -1 0 595 0 cm\n" + show_lines(LETTER, 70, 540) + "Q",
        "q -1 0 0 -1 595 842 cm\n" + show_lines(LETTER) + "Q",
        "q 0 -1 1 0 0 842 cm\n" + show_lines(LETTER, 70, 540) + "Q",
        "q 0.9994 0.0349 -0.0349 0.9994 0 0 cm\n" + show_lines(LETTER) + "Q",
    ],
    ids=["plain", "scaled page", "scaled text", "turned left", "upside down", "turned right", "skewed by two degrees"],
)
def test_a_page_is_read_in_the_size_and_direction_of_its_text(tmp_path: Path, drawn: str) -> None:
    assert text(tmp_path / "a.pdf", drawn_pdf([drawn])).splitlines() == READ


@pytest.mark.parametrize("rotate", [90, 180, 270])
def test_how_a_viewer_turns_the_page_does_not_matter(tmp_path: Path, rotate: int) -> None:
    assert text(tmp_path / "a.pdf", drawn_pdf([show_lines(LETTER)], rotate=rotate)).splitlines() == READ


def test_text_in_another_direction_is_read_after_the_page_in_its_own_order(tmp_path: Path) -> None:
    aside = ("附件：图书室名单", "　　城东街道图书室由街道办事处管理，每周开放", "六天。")
    drawn = show_lines(LETTER) + "q 0 1 -1 0 595 0 cm\n" + show_lines(aside, 70, 100) + "Q"
    assert text(tmp_path / "a.pdf", drawn_pdf([drawn])).splitlines() == [
        *READ, aside[0], "城东街道图书室由街道办事处管理，每周开放六天。",
    ]  # fmt: skip


def test_a_signature_that_is_spaced_out_is_one_name(tmp_path: Path) -> None:
    drawn = show_lines(LETTER[:7]) + show("云桥市民政局", 330, 560, spacing=6) + show("2024年3月8日", 330, 530)
    assert text(tmp_path / "a.pdf", drawn_pdf([drawn])).splitlines() == READ
    wide = show_lines(LETTER[:7]) + show("云桥市民政局", 250, 560, spacing=30) + show("2024年3月8日", 330, 530)
    assert text(tmp_path / "a.pdf", drawn_pdf([wide])).splitlines() == READ


# columns

LEFT = (
    "一、工作情况", "2023年，全市新建社区图书室", "二十六个，发放补助一百三十", "万元。",
    "二、存在问题", "部分图书室场地不足，运营成", "本较高。",
)  # fmt: skip
RIGHT = (
    "三、下一步工作", "我局将于2024年底前新建图书", "室九个，安排资金四十五万元，", "年内完成。",
    "云桥市民政局", "2024年3月8日",
)  # fmt: skip
COLUMNS = [
    "一、工作情况", "2023年，全市新建社区图书室二十六个，发放补助一百三十万元。",
    "二、存在问题", "部分图书室场地不足，运营成本较高。",
    "三、下一步工作", "我局将于2024年底前新建图书室九个，安排资金四十五万元，年内完成。",
    "云桥市民政局", "2024年3月8日",
]  # fmt: skip


@pytest.mark.parametrize("right", [320, 235], ids=["wide gap", "gap of a character"])
def test_short_columns_are_read_one_after_the_other(tmp_path: Path, right: float) -> None:
    title = show("云桥市民政局关于第031号提案的答复", 120, 790, 16)
    drawn = title + show_lines(LEFT, 60, 750, 12, 20) + show_lines(RIGHT, right, 750, 12, 20)
    read = text(tmp_path / "a.pdf", drawn_pdf([drawn])).splitlines()
    assert read[1:] == COLUMNS


def test_labels_and_values_are_no_columns(tmp_path: Path) -> None:
    labels = ("提案编号", "提案类别", "提案人姓名", "主办单位", "会办单位", "答复日期")
    values = ("第031号", "文化类", "林知夏", "云桥市民政局", "云桥市文化局", "2024年3月8日")
    drawn = show_lines(labels, 60, 750, 12, 20) + show_lines(values, 200, 750, 12, 20)
    read = text(tmp_path / "a.pdf", drawn_pdf([drawn])).splitlines()
    assert read == [f"{label} {value}" for label, value in zip(labels, values, strict=True)]


# frames


def frame(x: float, y: float, wide: float, high: float) -> str:
    return f"{x} {y} {wide} {high} re "


def test_frames_that_browsers_print_are_no_tables(tmp_path: Path) -> None:
    white = "1 1 1 rg " + frame(28, 28, 540, 786) + frame(-85, 28, 653, 726) + frame(28, 28, 540, 700) + "f* 0 g\n"
    grey = "0.8 G " + frame(28, 28, 540, 786) + frame(40, 28, 516, 760) + "S\n"
    for drawn in (white, grey, white + grey):
        found = text(tmp_path / "a.pdf", drawn_pdf([drawn + show_lines(LETTER)]))
        assert found.splitlines() == READ


def test_a_table_with_shaded_cells_is_still_a_table(tmp_path: Path) -> None:
    drawn = ""
    for i, row in enumerate((("区县", "图书室"), ("青棠县", "26个"))):
        for j, cell in enumerate(row):
            drawn += f"0.9 g {frame(70 + 120 * j, 700 - 30 * i, 120, 30)} f 0 g\n" + show(
                cell, 80 + 120 * j, 710 - 30 * i
            )
    assert text(tmp_path / "a.pdf", drawn_pdf([drawn])).splitlines() == ["区县 | 图书室", "青棠县 | 26个"]


# watermarks

ASKEW = "".join(
    f"q 0.85 g 0.82 0.57 -0.57 0.82 {x} {y} cm\n{show('内部资料仅供查阅', 0, 0, 18)}Q\n"
    for x in (60, 220, 380) for y in (100, 340, 580, 700)
)  # fmt: skip
PALE = "q 0.85 g\n" + show("内部资料", 80, 640, 90) + "Q\n"
CLEAR = "q 0.9 g\n" + "".join(show("云桥市民政局", x, y, 20) for x in (60, 260) for y in (745, 665, 585, 300)) + "Q\n"
DARK = show("内部资料", 80, 640, 60)


@pytest.mark.parametrize("mark", [ASKEW, PALE, CLEAR, DARK], ids=["askew", "pale", "repeated", "large"])
def test_a_watermark_is_left_out(tmp_path: Path, mark: str) -> None:
    found = document(tmp_path / "a.pdf", drawn_pdf([mark + show_lines(LETTER)]))
    assert found.source.text.splitlines() == READ
    assert found.report.changes["watermark"] == 1


def test_a_watermark_is_known_on_pages_where_it_covers_nothing(tmp_path: Path) -> None:
    found = document(tmp_path / "a.pdf", drawn_pdf([PALE + show_lines(LETTER), PALE + show("附件：名单", 70, 400)]))
    assert found.source.text.splitlines() == [*READ, "附件：名单"]
    assert found.report.changes["watermark"] == 2


def test_dark_text_at_one_place_of_every_page_over_the_lines_is_a_watermark(tmp_path: Path) -> None:
    stamp = show("仅供内部查阅", 150, 690, 16)
    pages = [stamp + show_lines(LETTER), stamp + show("附件：名单", 70, 400), stamp + show("云桥市", 70, 400)]
    found = document(tmp_path / "a.pdf", drawn_pdf(pages))
    assert "仅供内部查阅" not in found.source.text and READ[3] in found.source.text


def test_pale_text_that_covers_nothing_and_large_titles_are_kept(tmp_path: Path) -> None:
    drawn = show("云桥市民政局文件", 100, 800, 40) + show_lines(LETTER) + "0.8 g\n" + show("（此件公开发布）", 70, 500)
    found = document(tmp_path / "a.pdf", drawn_pdf([drawn]))
    assert found.source.text.splitlines() == ["云桥市民政局文件", *READ, "（此件公开发布）"]
    assert "watermark" not in found.report.changes


def test_what_a_browser_prints_around_the_page_is_left_out(tmp_path: Path) -> None:
    head = show("2024/3/8 15:09", 30, 815, 8) + show("提案答复", 280, 815, 8)
    foot = show("https://www.yunqiao.example/tian/31.html", 30, 15, 8) + show("1/1", 540, 15, 8)
    assert text(tmp_path / "a.pdf", drawn_pdf([head + show_lines(LETTER) + foot])).splitlines() == READ
