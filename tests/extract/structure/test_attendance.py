"""Lines of a letter that say who was at a meeting: they end no letter, and are no measures."""

from __future__ import annotations

import pytest

from extract.model import Kind
from tests.support.reading import read

BEFORE = (
    "市商务局：\n　　《关于改造菜市场的提案》（第215号）收悉。经研究，提出会办意见如下：\n"
    "　　我局召开座谈会，专题研究该提案。\n"
)
AFTER = "　　我局将安排资金300万元，改造菜市场3家。\n　　霁川市城市管理局\n　　2024年5月9日\n"


@pytest.mark.parametrize(
    "lines",
    ["参会单位：\n　　市财政局、市教育局、市水务局", "参会单位：市财政局、市教育局",
     "出席人员：\n　　张三、李四\n　　列席人员：王五",
     "主持人：李四\n　　记录人：王五", "出席名单\n　　市财政局\n　　市教育局\n　　张三",
     "参加部门：\n　　市财政局\n　　张三（市财政局副局长）",
     "会议时间：2024年5月8日\n　　会议地点：市政府三楼会议室", "缺席人员：无", "与会单位：\n　　市财政局局长张三"],
)  # fmt: skip
def test_who_was_at_a_meeting_is_no_measure_and_ends_no_letter(lines: str) -> None:
    x = read(f"{BEFORE}　　{lines}\n{AFTER}")
    letters = [one for one in x.outline.letters if one.body]
    assert [(one.kind, one.get_value("addressedTo"), one.get_value("issuedBy")) for one in letters] == [
        (Kind.CO_OPINION, "市商务局", "霁川市城市管理局")
    ]
    words = [(one.kind, one.span.of(x.source.text)) for one in x.outline.parts]
    assert words == [
        (Kind.MEASURE, "我局召开座谈会，专题研究该提案。"),
        (Kind.COMMITMENT, "我局将安排资金300万元，改造菜市场3家。"),
    ]


def test_a_list_of_names_below_an_item_is_not_part_of_it() -> None:
    body = "　　一、加快改造。我局将改造菜市场3家。\n　　二、加强管理。我局将建立台账。\n"
    body += "　　出席名单\n　　市财政局\n　　张三\n"
    x = read(f"{BEFORE}{body}　　霁川市城市管理局\n　　2024年5月9日\n")
    assert [one.span.of(x.source.text) for one in x.outline.parts][1:] == [
        "加快改造。我局将改造菜市场3家。", "加强管理。我局将建立台账。"
    ]  # fmt: skip


def test_a_measure_about_those_who_take_part_stays_one() -> None:
    x = read(f"{BEFORE}　　参加单位达到20家，出席人员超过300人次。\n{AFTER}")
    assert len([one for one in x.outline.parts if one.kind is not None]) == 3
