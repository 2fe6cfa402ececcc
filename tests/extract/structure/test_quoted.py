"""Suggestions that a reply tells of a proposal whose text is not on the page, in all the ways that letters print."""

from __future__ import annotations

import pytest

from extract.model import Kind, Outline
from extract.structure.letters import split_letters
from extract.structure.outline import build_outline
from ontology.lexicons import load_lexicon

LEX = load_lexicon()


def read(text: str) -> Outline:
    return build_outline(text, split_letters(text, LEX), LEX)


def reply(body: str) -> str:
    opening = "罗启明委员：\n您提出的《关于停车的提案》（第12号）收悉，现答复如下：\n"
    return f"{opening}{body}\n溪川市交通运输局\n2024年6月21日\n"


def told(body: str) -> list[str]:
    text = reply(body)
    return [part.span.of(text) for part in read(text).parts if part.kind is Kind.SUGGESTION]


@pytest.mark.parametrize(
    ("body", "suggestion"),
    [
        ("一、车位\n新增500个。您提出的“建设立体车库”的建议，我局将研究。\n二、管理\n查处326起。", "建设立体车库"),
        ("1.您建议的“开放机关车位”，因场地改造，2025年起分批实施。\n2.新增车位500个。", "开放机关车位"),
        ("一、采纳“建设立体车库”的建议。已建成立体车库3座。\n二、其他工作。新增车位500个。", "建设立体车库"),
        ("一、对“建设立体车库”建议的答复\n已建成立体车库3座。\n二、其他工作\n新增车位500个。", "建设立体车库"),
        ("新增车位500个。\n对代表所提“建设立体车库”的建议，我局将积极争取。", "建设立体车库"),
        ("针对“建设立体车库”，我区已建成3座。\n针对“公开收费标准”，已公示300处。", "公开收费标准"),
        ("关于建立停车信息平台的建议，我们予以采纳。平台已接入停车场300处。", "建立停车信息平台"),
        ("关于推行“先停后付”收费方式的建议。已在300个停车场推行。", "推行“先停后付”收费方式"),
        ("二、按照贵单位“建设立体车库”的建议，已建成3座，新增车位1200个。\n三、新增车位500个。", "建设立体车库"),
        ("一、工作\n提案提出把错时停车纳入考核，已在办法中采纳。\n二、其他\n新增车位500个。", "把错时停车纳入考核"),
        ("一、已经落实的建议\n1.“统一停车标识”。已更换标识362处。\n2.“公开收费标准”。已全部公示。", "统一停车标识"),
    ],
    ids=["later", "您建议的", "采纳", "heading", "所提", "针对", "关于", "quotes", "按照", "提案提出", "bare"],
)  # fmt: skip
def test_what_was_asked_for(body: str, suggestion: str) -> None:
    assert suggestion in told(body)


@pytest.mark.parametrize(
    "body",
    [
        "关于你们提出的几条建议\n新增车位500个。",
        "您提出的“道路不畅”的问题，已经解决。",
        "针对“车位严重不足”，新增500个。",
    ],
)
def test_what_asks_for_nothing(body: str) -> None:
    assert told(body) == []


def test_each_suggestion_above_its_answer() -> None:
    body = "建议1：建设立体车库。\n答复：已建成立体车库3座。\n\n建议2：公开收费标准。\n答复：已公示300处。"
    assert told(body) == ["建设立体车库", "公开收费标准"]
    labelled = (
        "【建议一】建设立体车库\n【办理情况】2024年，建成立体车库3座，新增车位1200个，优先保障医院和学校周边的需要。\n"
        "【建议二】公开收费标准\n【办理情况】全市300个停车场已在入口公示收费标准，并接入停车信息平台，方便随时查询。"
    )
    assert told(labelled) == ["建设立体车库", "公开收费标准"]
    measures = [part.number for part in read(reply(labelled)).parts if part.kind is Kind.MEASURE]
    assert measures == ["一", "二"]


def test_a_list_in_the_opening() -> None:
    text = (
        "罗启明委员：\n您在《关于停车的提案》（第12号）中建议：1.建设立体车库；2.公开收费标准；3.开放机关车位。现分别答复如下：\n"
        "一、已建成立体车库3座。\n二、已公示300处。\n溪川市交通运输局\n2024年6月21日\n"
    )
    found = [(part.number, part.span.of(text)) for part in read(text).parts if part.kind is Kind.SUGGESTION]
    assert found == [("1", "建设立体车库"), ("2", "公开收费标准"), ("3", "开放机关车位")]


def test_the_heading_says_which_of_several_proposals() -> None:
    text = (
        "关于市政协五届三次会议第12、34号提案的答复\n罗启明委员、民建溪川市委会：\n"
        "罗启明委员提出的《关于停车的提案》（第12号）、民建溪川市委会提出的《关于公交的提案》（第34号）收悉，现答复如下：\n"
        "一、第12号提案办理情况\n（一）关于“建设立体车库”。已建成3座。\n"
        "二、第34号提案办理情况\n（一）关于“加密公交班次”。已加密36条线路。\n溪川市交通运输局\n2024年6月21日\n"
    )
    letters = {letter.id: letter for letter in split_letters(text, LEX)}
    found = {
        part.span.of(text): letters[part.letter].get_value("proposalNumber")
        for part in read(text).parts
        if part.kind is Kind.SUGGESTION
    }
    assert found == {"建设立体车库": "12", "加密公交班次": "34"}


def test_a_quotation_that_the_width_of_the_page_broke() -> None:
    lines = [
        "一、近年来，我局认真贯彻落实市委、市政府部署，加快停车设施建设，",
        "全市新增停车泊位五千二百个，改造老旧停车场三十六处，群众停车难的",
        "状况得到了明显改善，医院、学校周边的乱停乱放现象也明显减少，得到",
        "了广大市民的肯定，为创建全国文明城市作出了积极的贡献。",
        "二、关于推行“以大带小、小小打捆”停车场管护方式并逐步推广到县乡",
        "的建议。目前已经在九个县区开展试点，受益的停车场达到一百八十七个，",
        "管护的费用平均下降了百分之十五，下半年还要扩大到全部的县区和重点",
        "乡镇，力争用两年的时间实现全市城乡停车场管护全覆盖。",
    ]
    assert "推行“以大带小、小小打捆”停车场管护方式并逐步推广到县乡" in [s.strip() for s in told("\n".join(lines))]
