"""OFD: the text of each page, by the places of its text objects."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg import read
from kg.errors import SourceError
from kg.read.values import Limits
from tests.support.documents import document, text
from tests.support.format_files import package
from tests.support.ofd_files import NS, ofd_file, ofd_lines, ofd_text

LETTER = (
    "云桥市民政局关于市政协二届一次会议第031号提案的答复",
    "林知夏委员：",
    "　　您提出的《关于加强社区图书室建设的提案》（第031号）收悉，经认真研究",
    "办理，现答复如下：",
    "　　2023年新建社区图书室26个，对每个图书室给予最高5万元补助。",
    "　　　　　　　　　　　　　　　　　　　　　云桥市民政局",
    "　　　　　　　　　　　　　　　　　　　　　2024年3月8日",
)
READ = [
    LETTER[0],
    LETTER[1],
    "您提出的《关于加强社区图书室建设的提案》（第031号）收悉，经认真研究办理，现答复如下：",
    "2023年新建社区图书室26个，对每个图书室给予最高5万元补助。",
    "云桥市民政局",
    "2024年3月8日",
]


def test_an_ofd_file_is_read_in_paragraphs_with_pages(tmp_path: Path) -> None:
    found = document(tmp_path / "答复.ofd", ofd_file([ofd_lines(LETTER), ofd_lines(["附件：图书室名单"])]))
    assert found.source.text.splitlines() == [*READ, "附件：图书室名单"]
    assert found.source.media_type == "application/ofd" and found.report.kind == "ofd"
    assert found.source.find_place(0) == "第1页"
    assert found.source.find_place(found.source.text.index("附件")) == "第2页"


def test_the_content_says_that_a_file_is_ofd(tmp_path: Path) -> None:
    assert text(tmp_path / "答复.bin.zip", ofd_file([ofd_lines(LETTER)])).splitlines() == READ


def test_text_objects_are_read_by_their_places_and_not_by_their_order(tmp_path: Path) -> None:
    objects = [ofd_text(line, 25, 40 + 9 * i) for i, line in enumerate(LETTER)]
    assert text(tmp_path / "a.ofd", ofd_file(["".join(reversed(objects))])).splitlines() == READ


def test_repeated_distances_and_scaled_objects_are_understood(tmp_path: Path) -> None:
    drawn = ofd_text("云桥市民政局文件", 60, 30, size=8, deltas="g 6 9 9") + ofd_text(
        "关于图书室的通知", 40, 105, size=50, more='CTM="0.1 0 0 0.1 0 0"', deltas="g 7 50"
    )
    assert text(tmp_path / "a.ofd", ofd_file([drawn])).splitlines() == ["云桥市民政局文件", "关于图书室的通知"]


def test_lines_from_top_to_bottom_are_read_from_right_to_left(tmp_path: Path) -> None:
    columns = ("云桥市民政局文件", "图书室二十六个，补助", "五万元。")
    drawn = "".join(ofd_text(line, 180 - 10 * i, 40).replace("DeltaX", "DeltaY") for i, line in enumerate(columns))
    assert text(tmp_path / "a.ofd", ofd_file([drawn])).replace("\n", "") == "".join(columns)


def test_a_page_is_read_with_its_template(tmp_path: Path) -> None:
    data = ofd_file([ofd_lines(LETTER)], template=ofd_text("云桥市民政局文件", 80, 25, size=8))
    assert text(tmp_path / "a.ofd", data).splitlines() == ["云桥市民政局文件", *READ]


def test_running_heads_and_page_numbers_are_left_out(tmp_path: Path) -> None:
    head = ofd_text("云桥市政协提案办理", 25, 15)
    bodies = ("图书室名单见附件。", "城东街道新建九个。", "青棠县新建十七个。")
    pages = [head + ofd_lines([body], y=90) + ofd_text(f"— {i} —", 100, 285) for i, body in enumerate(bodies, 1)]
    found = document(tmp_path / "a.ofd", ofd_file(pages))
    assert found.source.text.replace("\n", "") == "".join(bodies)
    assert found.report.changes["page_number"] == 3 and found.report.changes["running_head"] == 3


def test_a_table_is_read_by_its_lines(tmp_path: Path) -> None:
    path = '<ofd:PathObject ID="5" Boundary="20 50 150 20" LineWidth="0.3">{}</ofd:PathObject>'
    lines = [f"M 0 {y} L 150 {y}" for y in (0, 10, 20)] + [f"M {x} 0 L {x} 20" for x in (0, 50, 150)]
    drawn = path.format(f"<ofd:AbbreviatedData>{' '.join(lines)}</ofd:AbbreviatedData>")
    for i, (name, value) in enumerate((("区县", "图书室"), ("青棠县", "26个"))):
        drawn += ofd_text(name, 25, 57 + 10 * i) + ofd_text(value, 80, 57 + 10 * i)
    assert text(tmp_path / "a.ofd", ofd_file([drawn])).splitlines() == ["区县 | 图书室", "青棠县 | 26个"]


def test_watermarks_and_hidden_text_are_left_out(tmp_path: Path) -> None:
    colour = '<ofd:FillColor Value="220 220 220"/>'
    pale = ofd_text("内部资料", 30, 58, size=12).replace("<ofd:TextCode", colour + "<ofd:TextCode")
    askew = ofd_text("仅供查阅", 30, 80, size=9, more='CTM="0.8 -0.6 0.6 0.8 0 0"')
    hidden = ofd_text("看不见的字", 30, 200, more='Visible="false"')
    found = document(tmp_path / "a.ofd", ofd_file([pale + askew + hidden + ofd_lines(LETTER)]))
    assert found.source.text.splitlines() == READ and found.report.changes["watermark"] == 1


PICTURE = '<ofd:ImageObject ID="7" Boundary="0 0 210 297" ResourceID="8" CTM="210 0 0 297 0 0"/>'


def test_pages_without_text_are_reported_and_the_others_are_read(tmp_path: Path) -> None:
    garbled = ofd_lines(["\ue100\ue205\ue30a\ue41f" * 8] * 2)
    found = document(tmp_path / "a.ofd", ofd_file([ofd_lines(LETTER), PICTURE, garbled]))
    assert found.source.text.splitlines() == READ
    assert found.report.warnings == ("picture_page:2", "illegible_page:3")
    for drawn, says in ((PICTURE, "图片"), (garbled, "乱码")):
        with pytest.raises(SourceError, match="PDF") as caught:
            document(tmp_path / "b.ofd", ofd_file([drawn]))
        assert says in caught.value.zh


XXE = '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
HOSTILE = {
    "外部实体": ofd_file([""], parts={"Doc_0/Pages/Page_0/Content.xml": f"{XXE}<ofd:Page {NS}>&x;</ofd:Page>"}),
    "压缩炸弹": ofd_file([""], parts={"Doc_0/Pages/Page_0/Content.xml": "0" * (70 << 20)}),
    "嵌套过深": ofd_file(["<ofd:PageBlock>" * 500 + "</ofd:PageBlock>" * 500]),
    "密码": ofd_file([ofd_lines(LETTER)], parts={"Encryptions.xml": "<x/>"}),
    "损坏": ofd_file([ofd_lines(LETTER)])[:-60],
    "缺少 Doc_0/D.xml": package({"OFD.xml": f"<ofd:OFD {NS}><ofd:DocRoot>Doc_0/D.xml</ofd:DocRoot></ofd:OFD>"}),
    "没有页面": package({"OFD.xml": f"<ofd:OFD {NS}/>"}),
}
"""Words of the message → the file."""


@pytest.mark.parametrize("says", sorted(HOSTILE))
def test_a_broken_or_hostile_file_is_refused_with_the_reason(tmp_path: Path, says: str) -> None:
    with pytest.raises(SourceError) as caught:
        document(tmp_path / "a.ofd", HOSTILE[says])
    assert says in caught.value.zh and "a.ofd" in caught.value.en


def test_what_is_no_number_is_no_place(tmp_path: Path) -> None:
    broken = '<ofd:TextObject ID="1" Boundary="a b" Size="x"><ofd:TextCode>甲</ofd:TextCode></ofd:TextObject>'
    odd = ofd_text("云桥市", 25, 30, deltas="g x 5 nan")
    (tmp_path / "a.ofd").write_bytes(ofd_file([broken + odd + ofd_lines(LETTER)]))
    found = read.load_document(read.FoundSource("a.ofd", tmp_path / "a.ofd"))
    assert found.source.text.splitlines()[1:] == READ


def test_pages_and_characters_are_bounded(tmp_path: Path) -> None:
    (tmp_path / "a.ofd").write_bytes(ofd_file([ofd_lines(LETTER)] * 3))
    found = read.FoundSource("a.ofd", tmp_path / "a.ofd")
    for limits, says in ((Limits(pages=2), "页数过多"), (Limits(text_chars=100), "文字过多")):
        with pytest.raises(SourceError) as caught:
            read.load_document(found, limits)
        assert says in caught.value.zh
