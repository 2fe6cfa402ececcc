"""A page falls apart into its letters, each with what it says of itself."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.model import Kind, Letter
from extract.structure.drafts import is_same_agency
from extract.structure.letters import split_letters
from ontology.lexicons import load_lexicon

LEX = load_lexicon()

REPLY = """　　　　　　　　溪州市教育体育局文件

溪教体提〔2025〕14号                                   A1类

            对市十六届人大四次会议第087号建议的答复

王海波、李晓燕等3位代表：

    你们提出的关于推进城区义务教育优质均衡发展的建议已收悉。我局会同市财政局、市自然资源和规划局进行了认真研究，现答复如下：
    一、关于加大学位供给的问题
    近年来，新建改扩建学校12所。
    专此答复。

                                    溪州市教育体育局
                                    2025年5月16日

    联系人及电话：张强  0888-2231456
    抄送：市人大常委会代表工作委员会，市政府督查室。
"""

OPINION = """市商务局：
　　芦江民进市委会在市政协五届三次会议上提出的《关于发展夜间经济的提案》（第20250077号）收悉。根据《芦江市人民政府办公室关于做好2025年提案办理工作的通知》（芦府办〔2025〕8号）要求，提出会办意见如下：
　　一、延长公交运营时间。开行夜班线路12条。
　　芦江市交通运输局
　　2025年4月9日
"""


def values(letter: Letter, name: str) -> list[str]:
    return [f.value for f in letter.get_fields(name)]


def of_kind(letters: tuple[Letter, ...], kind: Kind) -> list[Letter]:
    return [x for x in letters if x.kind is kind]


def test_a_reply_alone_yields_its_proposal_too() -> None:
    reply, proposal = split_letters(REPLY, LEX)
    assert (reply.kind, proposal.kind) == (Kind.LEAD_REPLY, Kind.PROPOSAL)
    assert proposal.body is None
    assert proposal.get_value("proposalNumber") == "087"
    assert proposal.get_value("title") == "关于推进城区义务教育优质均衡发展的建议"
    assert proposal.get_value("session") == "市十六届人大四次会议"
    assert values(proposal, "submittedBy") == ["王海波", "李晓燕"]
    assert values(proposal, "leadAgency") == ["溪州市教育体育局"]
    assert values(reply, "addressedTo") == ["王海波", "李晓燕"]
    assert values(reply, "consulted") == ["市财政局", "市自然资源和规划局"]
    assert values(reply, "issuedBy") == ["溪州市教育体育局"]
    assert reply.get_value("issued") == "2025-05-16"
    assert reply.get_value("documentNumber") == "溪教体提〔2025〕14号"
    assert reply.get_value("handlingClass") == "A1"
    assert values(reply, "repliesTo") == [proposal.id]


def test_salutation_signature_and_copies_are_outside_the_body() -> None:
    body = split_letters(REPLY, LEX)[0].body
    assert body is not None
    words = body.of(REPLY)
    assert words.startswith("你们提出的") and words.endswith("专此答复。")


def test_an_opinion_speaks_to_the_lead_agency() -> None:
    opinion, proposal = split_letters(OPINION, LEX)
    assert opinion.kind is Kind.CO_OPINION
    assert values(opinion, "addressedTo") == ["市商务局"]
    assert values(opinion, "basedOn") == ["芦江市人民政府办公室关于做好2025年提案办理工作的通知"]
    assert values(proposal, "submittedBy") == ["芦江民进市委会"]
    assert values(proposal, "leadAgency") == ["市商务局"]
    assert values(proposal, "coAgency") == ["芦江市交通运输局"]
    assert proposal.get_value("session") == "市政协五届三次会议"


def test_fields_of_a_portal_page_and_furniture() -> None:
    page = (
        "首页 > 提案公开 > 提案详情\n\n案　　由：关于保护古井的提案\n"
        "提案编号：0033\n届　　次：市政协三届一次会议\n提案人：何春梅\n"
        "主办单位：市水务局\n会办单位：市文物局、市财政局\n"
        "办理状态：已办结   浏览次数：12\n\n提案内容\n古井正在消失。\n建议：\n1.普查登记。\n\n"
        "主办单位答复\n\n何春梅委员：\n您提出的《关于保护古井的提案》（0033）收悉，现答复如下：\n一、登记古井86口。\n岚口市水务局\n2024年6月1日\n\n"
        "您对办理结果是否满意？\n满意 3票  不满意 0票\n分享到：微信\n上一篇：关于河道治理的提案\n"
    )
    letters = split_letters(page, LEX)
    assert [x.kind for x in letters] == [Kind.PROPOSAL, Kind.LEAD_REPLY]
    proposal, reply = letters
    assert proposal.get_value("session") == "市政协三届一次会议"
    assert values(proposal, "leadAgency") == ["市水务局"]
    assert values(proposal, "coAgency") == ["市文物局", "市财政局"]
    assert values(reply, "repliesTo") == [proposal.id]
    assert all("满意" not in x.span.of(page) and "首页" not in x.span.of(page) for x in letters)


def test_the_reply_may_come_first() -> None:
    page = (
        "标题：青岚市水利局对市政协十三届五次会议第42号提案的答复\n"
        "发布时间：2023-09-11   来源：市水利局\n\n九三学社青岚市委员会：\n"
        "贵单位提出的《关于水系连通的提案》（第42号）收悉，现答复如下：\n一、治理河道36公里。\n青岚市水利局\n二〇二三年九月八日\n\n"
        "附：提案原文\n\n关于水系连通的提案\n\n第42号\n\n提案人：九三学社青岚市委员会\n\n河湖连通不足。为此建议：\n1．统筹规划。\n2．拓宽渠道。\n"
    )
    reply, proposal = split_letters(page, LEX)
    assert (reply.kind, proposal.kind) == (Kind.LEAD_REPLY, Kind.PROPOSAL)
    assert reply.get_value("issued") == "2023-09-08"
    assert proposal.body is not None and proposal.get_value("proposalNumber") == "42"
    assert values(reply, "repliesTo") == [proposal.id]


def test_one_letter_answers_several_proposals() -> None:
    page = (
        "泽安区卫生健康局关于区政协五届三次会议第31、45号提案的答复\n\n赵明、钱勇委员：\n您们提出的《关于基层医疗的提案》（第31号）、"
        "《关于社区康复的提案》（第45号）收悉，现合并答复如下：\n第一，改造中心6家。\n第二，设立康复站15个。\n泽安区卫生健康局（盖章）\n2024年7月3日\n"
    )
    letters = split_letters(page, LEX)
    (reply,) = of_kind(letters, Kind.LEAD_REPLY)
    assert values(reply, "repliesTo") == [p.id for p in of_kind(letters, Kind.PROPOSAL)]
    assert [p.get_value("proposalNumber") for p in of_kind(letters, Kind.PROPOSAL)] == ["31", "45"]
    assert values(reply, "issuedBy") == ["泽安区卫生健康局"]


def test_two_proposals_with_their_replies() -> None:
    page = (
        "案由：关于公交的建议\n提案编号：1\n提案人：许大为\n公交少。建议加密班次。\n\n许大为委员：\n您提出的《关于公交的建议》收悉，现答复如下：\n"
        "一、加密班次。\n松陵区交通运输局\n2024年8月15日\n\n案由：关于夜市的提案\n提案编号：2\n提案人：区工商联\n夜市少。建议增设夜市。\n\n"
        "区工商联：\n贵会提出的《关于夜市的提案》收悉，现答复如下：\n一、打造夜市。\n松陵区商务局\n2024年8月20日\n"
    )
    letters = split_letters(page, LEX)
    assert [x.kind for x in letters] == [Kind.PROPOSAL, Kind.LEAD_REPLY] * 2
    assert [values(x, "repliesTo") for x in letters if x.kind is Kind.LEAD_REPLY] == [["d1"], ["d3"]]
    assert [values(x, "leadAgency") for x in letters if x.kind is Kind.PROPOSAL] == [
        ["松陵区交通运输局"],
        ["松陵区商务局"],
    ]


def test_the_agency_in_charge_is_not_joining_in_under_its_short_name() -> None:
    page = REPLY + "\n\n办理单位 市财政局,市教体局,市自然资源局\n网友评价\n"
    (proposal,) = of_kind(split_letters(page, LEX), Kind.PROPOSAL)
    assert values(proposal, "coAgency") == ["市财政局", "市自然资源局"]


def test_a_signature_on_the_last_line_of_the_text() -> None:
    page = (
        "林一帆代表：您提出的《关于公交的建议》（第2024-0311号）收悉，"
        "现答复如下：一、调整线路35条。感谢您的关心！江海市交通运输局2024年8月20日"
    )
    reply = split_letters(page, LEX)[0]
    assert values(reply, "issuedBy") == ["江海市交通运输局"]
    assert reply.get_value("issued") == "2024-08-20"
    assert reply.body is not None and reply.body.of(page).endswith("感谢您的关心！")


POLICY = """芦川省人力资源和社会保障厅 芦川省财政厅
关于印发《芦川省技能人才补贴办法》的通知
芦人社规〔2025〕3号

各设区市人力资源社会保障局、财政局：
    经省人民政府同意，现将《芦川省技能人才补贴办法》印发给你们，请遵照执行。

芦川省人力资源和社会保障厅        芦川省财政厅
                2025年3月10日

芦川省技能人才补贴办法

第一章  总  则
第一条  根据《芦川省职业培训条例》，制定本办法。
第二条  本办法自2025年5月1日起施行。
"""


def test_the_instrument_has_the_number_and_date_of_its_notice() -> None:
    (letter,) = split_letters(POLICY, LEX)
    assert letter.kind is Kind.INSTRUMENT
    assert letter.get_value("title") == "芦川省技能人才补贴办法"
    assert letter.get_value("documentNumber") == "芦人社规〔2025〕3号"
    assert values(letter, "issuedBy") == ["芦川省人力资源和社会保障厅", "芦川省财政厅"]
    assert letter.get_value("issued") == "2025-03-10"
    assert letter.get_value("approvedBy") == "省人民政府"
    assert values(letter, "basedOn") == ["芦川省职业培训条例"]
    assert letter.get_value("status") == "InForce"


def test_a_policy_that_lost_its_title_is_one_all_the_same() -> None:
    (letter,) = split_letters(
        "第一条 享受本办法的企业须依法登记。\n\n第二条 给予最高30万元奖励。\n\n第三条 本办法自2024年1月1日起施行。\n",
        LEX,
    )
    assert letter.kind is Kind.INSTRUMENT
    assert letter.get_value("title") is None


def test_a_work_report() -> None:
    (letter,) = split_letters(
        "政府工作报告\n——2026年1月9日在栖湖市第八届人民代表大会第五次会议上\n各位代表：\n现在，向大会报告工作，请予审议。\n一、过去一年\n增长5%。\n",
        LEX,
    )
    assert (letter.kind, letter.get_value("title"), letter.get_value("issued")) == (
        Kind.REPORT,
        "政府工作报告",
        "2026-01-09",
    )


@pytest.mark.parametrize(
    ("short", "long", "same"),
    [
        ("市工信局", "澄溪市工业和信息化局", True),
        ("市场监管局", "澄溪市市场监督管理局", True),
        ("人社局", "澄溪市人力资源和社会保障局", True),
        ("市体育局", "澄溪市教育局", False),
        ("市财政局", "澄溪市审计局", False),
    ],
)
def test_short_names(short: str, long: str, same: bool) -> None:
    assert is_same_agency(short, long) is same


def test_nothing_in_nothing_out() -> None:
    assert split_letters("", LEX) == ()
    assert split_letters(" \n\n　\n", LEX) == ()


LINES = [
    *REPLY.split("\n"),
    *OPINION.split("\n"),
    *POLICY.split("\n"),
    "案由：关于公交的建议",
    "提案编号：7",
    "（",
    "《",
    "：",
    "建议：",
]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(LINES), max_size=25))
def test_any_order_of_lines_gives_sound_letters(lines: list[str]) -> None:
    text = "\n".join(lines)
    letters = split_letters(text, LEX)
    ids = {x.id for x in letters}
    assert len(ids) == len(letters)
    own = [x for x in letters if x.body is not None]
    assert all(a.span.end <= b.span.begin for a, b in pairwise(own))
    for letter in letters:
        assert 0 <= letter.span.begin <= letter.span.end <= len(text)
        assert letter.body is None or letter.span.contains(letter.body)
        for f in letter.fields:
            assert 0 <= f.span.begin < f.span.end <= len(text)
            assert f.name != "repliesTo" or f.value in ids
    assert split_letters(text, LEX) == letters


@pytest.mark.parametrize(
    ("line", "lead", "co"),
    [
        ("承办单位\t市商务局（主办）、珠溪海关、市税务局（会办）", ["市商务局"], ["珠溪海关", "市税务局"]),
        ("主办单位：市商务局  会办单位：珠溪海关、市税务局", ["市商务局"], ["珠溪海关", "市税务局"]),
        ("审查意见：立案，交市商务局主办，珠溪海关、市税务局会办。", ["市商务局"], ["珠溪海关", "市税务局"]),
        ("承办单位：主办 市商务局；会办 珠溪海关、市税务局", ["市商务局"], ["珠溪海关", "市税务局"]),
        ("承办单位：主办：市商务局 协办单位：珠溪海关", ["市商务局"], ["珠溪海关"]),
        ("承办单位：市商务局", ["市商务局"], []),
    ],
)
def test_who_handles_a_proposal_is_said_in_many_ways(line: str, lead: list[str], co: list[str]) -> None:
    (proposal,) = split_letters(
        f"案由：关于电商的提案\n提案编号：77\n{line}\n提案内容\n电商发展快。建议支持电商。\n", LEX
    )
    assert (values(proposal, "leadAgency"), values(proposal, "coAgency")) == (lead, co)


def test_people_and_groups_addressed_together() -> None:
    page = (
        "邵明远委员、九三学社霁口市委会：\n邵明远委员提出的《关于停车的提案》（第68号）和九三学社霁口市委会提出的"
        "《关于充电的提案》（第142号）收悉，现一并答复如下：\n一、建成车位3170个。\n霁口市城市管理局\n2024年6月28日\n"
    )
    reply, first, second = split_letters(page, LEX)
    assert reply.kind is Kind.LEAD_REPLY
    assert values(reply, "addressedTo") == ["邵明远", "九三学社霁口市委会"]
    assert (values(first, "submittedBy"), values(second, "submittedBy")) == (["邵明远"], ["九三学社霁口市委会"])


BODY = "近年来，我市增加车位3170个。\n下一步，我局将增加车位。\n霁口市城市管理局\n2024年6月28日\n"


@pytest.mark.parametrize(
    "between",
    [
        "2024-06-28 16:05 来源:霁口市城市管理局",
        "来源：霁口市城市管理局　　发布时间：2024-06-28 09:17　　点击数：88",
        "公开类型 主动",
    ],
)
def test_lines_between_title_and_addressee_do_not_part_them(between: str) -> None:
    reply, proposal = split_letters(
        f"对市政协十届三次会议第68号提案的答复\n\n{between}\n\n邵明远委员：\n您提出的《关于停车的提案》收悉，现答复如下：\n{BODY}",
        LEX,
    )
    assert (reply.kind, values(reply, "addressedTo")) == (Kind.LEAD_REPLY, ["邵明远"])
    assert (proposal.get_value("proposalNumber"), proposal.get_value("title")) == ("68", "关于停车的提案")


def test_the_source_below_the_title_issues_a_letter_without_signature() -> None:
    reply, _ = split_letters(
        "对市政协十届三次会议第68号提案的答复\n2024-06-28 16:05 来源:霁口市城市管理局\n邵明远委员：\n"
        "您提出的《关于停车的提案》收悉，现答复如下：\n一、增加车位3170个。\n",
        LEX,
    )
    assert (values(reply, "issuedBy"), reply.get_value("issued")) == (["霁口市城市管理局"], "2024-06-28")


def test_a_title_field_with_the_name_of_the_reply_names_no_proposal() -> None:
    reply, proposal = split_letters(
        "标　题：\n霁口市人民政府对省十届人大四次会议第7240号建议的答复\n主题词：\n"
        "霁口市人民政府对省十届人大\n四次会议第7240号建议的答复\n"
        f"邵明远代表：\n你提出的关于公开停车收费标准的建议收悉，现答复如下：\n{BODY}",
        LEX,
    )
    assert reply.get_value("title") == "霁口市人民政府对省十届人大四次会议第7240号建议的答复"
    assert (proposal.get_value("proposalNumber"), proposal.get_value("title")) == (
        "7240",
        "关于公开停车收费标准的建议",
    )
    assert proposal.get_value("session") == "省十届人大四次会议"


def test_several_numbers_with_one_word_belong_to_their_titles() -> None:
    letters = split_letters(
        "对县十八届人大四次会议第42号、57号、61号建议的答复\n邵明远、向春芝代表：\n"
        "你们提的三件建议，就是第42号《关于修路的建议》、第57号《关于供水的建议》和邵代表单独提的第61号《关于路灯的建议》，都收到了。"
        f"下面一并答复。\n{BODY}",
        LEX,
    )
    proposals = of_kind(letters, Kind.PROPOSAL)
    assert [(p.get_value("proposalNumber"), p.get_value("title")) for p in proposals] == [
        ("42", "关于修路的建议"),
        ("57", "关于供水的建议"),
        ("61", "关于路灯的建议"),
    ]
    assert [values(p, "submittedBy") for p in proposals] == [["邵明远", "向春芝"], ["邵明远", "向春芝"], ["邵明远"]]


def test_a_letter_to_a_government_about_its_requests_is_an_answer() -> None:
    (reply,) = split_letters(
        "甲省人民政府办公厅\n关于霁口市所提问题和建议办理情况的函\n甲府办函〔2024〕25号\n霁口市人民政府：\n"
        "对于你市提出的问题和建议，有关部门进行了研究，现将有关情况函复如下。\n"
        "一、关于堤防建设问题。你市请求，加大投资。\n省水利厅会同省财政厅研究提出了办理意见：已安排2亿元。\n"
        "二、关于道路问题。你市请求，支持修路。\n省交通运输厅研究提出了办理意见：将在规划中统筹考虑。\n"
        "甲省人民政府办公厅\n二〇二四年三月二日\n",
        LEX,
    )
    assert reply.kind is Kind.LEAD_REPLY
    assert values(reply, "consulted") == ["省水利厅", "省财政厅", "省交通运输厅"]


@pytest.mark.parametrize("line", ["各县区投入情况如下：", "各部门完成情况如下表所示："])
def test_a_line_that_brings_in_a_table_is_no_salutation(line: str) -> None:
    text = (
        "云筱市水务局关于第0001号提案的答复\n王某某委员：\n　　您的提案收悉，现答复如下。\n"
        f"　　{line}\n甲县 | 3座\n乙县 | 2座\n　　云筱市水务局\n　　2024年5月9日\n"
    )
    (letter,) = [letter for letter in split_letters(text, load_lexicon()) if letter.kind is Kind.LEAD_REPLY]
    assert letter.get_value("issued") == "2024-05-09"
