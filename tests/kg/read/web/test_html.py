"""Web pages: the article with its own header, in the order that a reader reads it."""

from __future__ import annotations

from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from pathlib import Path

import pytest

from tests.support.documents import document, text
from tests.support.format_files import REPLY, portal


@pytest.mark.parametrize("charset", ["utf-8", "gb2312", "gbk", "gb18030"])
def test_a_portals_page_is_its_article_and_its_header_table(tmp_path: Path, charset: str) -> None:
    lines = text(tmp_path / "答复.html", portal(charset=charset).encode(charset)).splitlines()
    assert lines == [
        "索引号：00123/2024-0005",
        "发文机关：栖河市工业和信息化局",
        "文号：栖工信函〔2024〕5号",
        "成文日期：2024年5月20日",
        *REPLY,
    ]


def test_what_was_left_out_of_a_page_is_counted(tmp_path: Path) -> None:
    report = document(tmp_path / "a.html", portal()).report
    assert report.changes["block"] >= 4 and report.changes["foot"] == 1
    assert report.encoding == "utf-8"


def test_a_page_whose_encoding_is_misnamed_is_read_as_what_it_is(tmp_path: Path) -> None:
    assert REPLY[2] in text(tmp_path / "a.htm", portal(charset="gb2312").encode("utf-8"))


def test_an_article_is_kept_whatever_its_block_is_called(tmp_path: Path) -> None:
    page = f"<html><body><div class='side-nav-related'>{''.join(f'<p>{p}</p>' for p in REPLY)}</div></body></html>"
    assert text(tmp_path / "a.html", page).splitlines() == list(REPLY)


def test_the_title_is_kept_where_it_stands_in_a_block_of_furniture(tmp_path: Path) -> None:
    page = portal(REPLY).replace('<div class="main">', f'<div class="top"><h1>{REPLY[0]}</h1></div><div class="main">')
    assert text(tmp_path / "a.html", page).startswith(REPLY[0])


def test_an_opinion_is_kept_beside_a_long_reply_whatever_its_block_is_called(tmp_path: Path) -> None:
    opinion = "对第20240015号提案，我局会办意见如下：支持市工信局的意见，" + "将配合做好资金保障，落实有关政策，" * 6
    page = (
        f"<html><body><div class='main'><p>{'现答复如下，我局高度重视，积极推进。' * 90}</p></div>"
        f"<div class='comment-links'><p>{opinion}</p></div><div class='comment'><p>网友：很好，谢谢，支持。</p></div>"
        "</body></html>"
    )
    lines = text(tmp_path / "a.html", page).splitlines()
    assert opinion in lines and not any("网友" in one for one in lines)


def test_an_articles_own_head_is_kept(tmp_path: Path) -> None:
    page = f"<html><body><article><header><h1>{REPLY[0]}</h1></header><p>{REPLY[3]}</p></article></body></html>"
    assert text(tmp_path / "a.html", page).splitlines() == [REPLY[0], REPLY[3]]


def test_hidden_tabs_with_prose_are_read(tmp_path: Path) -> None:
    """Portals show proposal and reply in turns."""
    page = f'<body><div>{REPLY[2]}</div><div style="display: none">{REPLY[3]}我局将继续做好有关工作。</div></body>'
    assert REPLY[3] in text(tmp_path / "a.html", f"<html>{page}</html>")


def test_lists_of_a_page_have_their_numbers(tmp_path: Path) -> None:
    page = (
        "<html><body><ol><li>加大奖补</li><li>优化服务</li></ol><ol style='list-style-type:cjk-ideographic'>"
        "<li>现状</li></ol><ol><li>1.已有</li></ol><ul><li>点</li></ul></body></html>"
    )
    assert text(tmp_path / "a.html", page).splitlines() == ["1.加大奖补", "2.优化服务", "一、现状", "1.已有", "点"]


def test_lines_of_the_source_do_not_break_chinese_words(tmp_path: Path) -> None:
    page = "<html><body><p>加大奖补\n   力度，共 <b>50</b>\n万元<br>第二行&nbsp;字</p></body></html>"
    assert text(tmp_path / "a.html", page) == "加大奖补力度，共 50 万元\n第二行 字\n"


def test_tables_of_a_page_are_read_row_by_row_with_their_cells(tmp_path: Path) -> None:
    page = (
        "<html><body><p>附表如下。</p><table><tr><th>企业<th>奖励</tr><tr><td>甲公司<td>50万元</tr></table><p>完</p>"
        "</body></html>"
    )
    source = document(tmp_path / "a.html", page).source
    assert source.text.splitlines() == ["附表如下。", "企业 | 奖励", "甲公司 | 50万元", "完"]
    assert source.find_place(source.text.index("50万元")) == "表1 B2"
    assert source.find_place(source.text.index("完")) == ""


def test_a_page_with_a_broken_byte_is_read_and_says_so(tmp_path: Path) -> None:
    data = portal([*REPLY, "收到。" * 900]).encode().replace("收到".encode(), b"\xff\xfe\xfd", 1)
    report = document(tmp_path / "a.html", data).report
    assert report.changes["bad_character"] >= 1


def test_a_saved_page_is_read(tmp_path: Path) -> None:
    message = MIMEMultipart("related")
    message.attach(MIMEText(portal(charset="gbk"), "html", "gbk"))
    source = document(tmp_path / "答复.mht", message.as_bytes()).source
    assert source.text.splitlines()[-6:] == list(REPLY)
    assert source.media_type == "multipart/related"
