"""Web pages: the article with its own header, in the order that a reader reads it."""

from __future__ import annotations

from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from pathlib import Path

import pytest

from kg import read
from kg.errors import SourceError
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


# copies, lists, titles, pages without an article

PROSE = [
    "2023年，全市建成托育机构36家，提供托位1200个，发放运营补贴860万元，惠及家庭900户。",
    "我局将于2024年底前新建托育机构12家，安排资金500万元，并对从业人员开展培训。",
]


def page(body: str, head: str = "") -> str:
    return f'<html><head><meta charset="utf-8">{head}</head><body>{body}</body></html>'


@pytest.mark.parametrize(
    ("head", "hiding"),
    [
        ("", 'style="display: none"'), ("", "hidden"), ("", 'class="hide"'),
        ("<style>.bak, #x{display:none}</style>", 'class="bak"'),
        ("<style>@media print{.z{color:red}} /* .y{} */ #c{visibility:hidden}</style>", 'id="c"'),
    ],
)  # fmt: skip
def test_a_hidden_copy_of_the_article_is_left_out(tmp_path: Path, head: str, hiding: str) -> None:
    article = "".join(f"<p>{one}</p>" for one in PROSE)
    found = document(tmp_path / "a.html", page(f"<div>{article}</div><div {hiding}>{''.join(PROSE)}</div>", head))
    assert found.source.text.splitlines() == PROSE
    assert found.report.changes["copy"] == 1


def test_a_hidden_article_that_is_nowhere_else_is_kept(tmp_path: Path) -> None:
    article = "".join(f"<p>{one}</p>" for one in PROSE)
    lines = text(tmp_path / "a.html", page(f'<p>正文如下。</p><div style="display:none">{article}</div>')).splitlines()
    assert lines[1:] == PROSE


def test_a_visible_block_that_repeats_another_is_left_out(tmp_path: Path) -> None:
    block = f"<div>{''.join(f'<p>{one * 2}</p>' for one in PROSE)}</div>"
    assert text(tmp_path / "a.html", page(block + block)).splitlines() == [one * 2 for one in PROSE]


LIST = (
    "<h1>栖河市政协五届三次会议提案办理一览表</h1><table><tr><th rowspan=2>提案编号</th><th rowspan=2>案由</th>"
    "<th colspan=2>承办单位</th></tr><tr><th>主办</th><th>会办</th></tr><tr><td>15</td><td>关于托育的提案</td>"
    "<td rowspan=2>市教育局</td><td>市财政局</td></tr><tr><td>16</td><td>关于校车的提案</td><td>市交通局</td></tr>"
    "</table>"
)


def test_a_table_that_lists_proposals_gives_a_source_a_row(tmp_path: Path) -> None:
    (tmp_path / "一览.html").write_text(page(LIST), encoding="utf-8")
    found = read.find_sources([tmp_path]).files
    assert [one.id for one in found] == ["一览.html/15", "一览.html/16"]
    source = read.load_document(found[1]).source
    assert source.text.splitlines() == [
        "案由：(16)关于校车的提案", "会议名称：栖河市政协五届三次会议", "主办单位：市教育局", "会办单位：市交通局",
    ]  # fmt: skip
    assert source.find_place(source.text.index("市交通局")) == "表1 D4"


def test_a_list_in_traditional_characters_gives_a_source_a_row_too(tmp_path: Path) -> None:
    heads = "<tr><th>提案編號</th><th>案由</th><th>主辦單位</th></tr>"
    named = (("15", "關於課後服務的提案", "市教育局"), ("16", "關於農村校車的提案", "市財政局"))
    body = "".join(f"<tr><td>{number}</td><td>{title}</td><td>{organ}</td></tr>" for number, title, organ in named)
    (tmp_path / "一览.html").write_text(page(f"<table>{heads}{body}</table>"), encoding="utf-8")
    assert [one.id for one in read.find_sources([tmp_path]).files] == ["一览.html/15", "一览.html/16"]


def test_an_article_around_a_list_is_a_source_beside_its_rows(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(page(f"<p>{PROSE[0]}</p>{LIST}"), encoding="utf-8")
    assert [one.id for one in read.find_sources([tmp_path]).files] == ["a.html", "a.html/15", "a.html/16"]


def test_the_head_of_a_table_is_not_a_label_and_its_value(tmp_path: Path) -> None:
    rows = "<tr><td>名称</td><td>类别</td></tr><tr><td>托育中心</td><td>普惠</td></tr>"
    assert text(tmp_path / "a.html", page(f"<p>{PROSE[0]}</p><table>{rows}</table>")).splitlines()[1:] == [
        "名称 | 类别", "托育中心 | 普惠",
    ]  # fmt: skip


TITLE = "栖河市教育局关于市政协五届三次会议第15号提案的答复"


@pytest.mark.parametrize(
    "head",
    [f'<meta name="ArticleTitle" content="{TITLE}">', f"<title>{TITLE}-栖河市教育局</title>",
     f"<title>{TITLE}_提案办理_栖河市人民政府</title>"],
)  # fmt: skip
def test_a_title_that_only_the_head_of_the_page_has_is_added(tmp_path: Path, head: str) -> None:
    found = document(tmp_path / "a.html", page(f"<p>{PROSE[0]}</p>", head))
    assert found.source.text.splitlines() == [TITLE, PROSE[0]]
    assert found.report.changes["title_added"] == 1


def test_a_title_that_the_page_prints_otherwise_is_not_added(tmp_path: Path) -> None:
    printed = TITLE.removeprefix("栖河市教育局").replace("第15号", "第15号<br>")
    lines = text(tmp_path / "a.html", page(f"<p>{printed}</p><p>{PROSE[0]}</p>", f"<title>{TITLE}</title>"))
    assert lines.splitlines()[0] == "关于市政协五届三次会议第15号"


@pytest.mark.parametrize("head", ["<title>栖河市教育局</title>", "<title>首页 - 栖河市人民政府</title>", ""])
def test_the_name_of_a_site_is_no_title(tmp_path: Path, head: str) -> None:
    assert text(tmp_path / "a.html", page(f"<p>{PROSE[0]}</p>", head)).splitlines() == [PROSE[0]]


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (page('<div id="app"></div><script>window.data={"content":"正文"}</script>'), "filled by scripts"),
        ('<html><frameset cols="*"><frame src="main.html"></frameset></html>', "made of frames.*main.html"),
        (page('<iframe src="/art/1.html"></iframe>'), "made of frames"),
        (page("<ul>" + "".join(f"<li><a href='{i}'>关于第{i}号提案的答复</a></li>" for i in range(9)) + "</ul>"),
         "list of links"),
    ],
)  # fmt: skip
def test_a_page_without_an_article_is_refused_with_the_reason(tmp_path: Path, source: str, reason: str) -> None:
    with pytest.raises(SourceError, match=reason):
        text(tmp_path / "a.html", source)


@pytest.mark.parametrize(
    "body",
    [
        "<h1>关于开展托育机构登记的通知</h1><p>附件：托育机构登记表、托育机构备案承诺书（样式）</p>",
        "<table><tr><td>索引号</td><td>0001</td></tr><tr><td>文号</td><td>栖教〔2024〕5号</td></tr></table>",
    ],
)
def test_a_short_page_with_words_of_its_own_is_read(tmp_path: Path, body: str) -> None:
    links = "".join(f"<a href='{i}'>栏目{i}</a>" for i in range(9))
    assert text(tmp_path / "a.html", page(f"<ul>{links}</ul>{body}<script>count()</script><iframe src='x'></iframe>"))
