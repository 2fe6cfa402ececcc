"""What the words of a section say of its parts: asked for, done, promised, or none of these."""

from __future__ import annotations

import pytest

from extract.model import Kind, Outline
from extract.structure.letters import split_letters
from extract.structure.outline import build_outline
from ontology.lexicons import load_lexicon

LEX = load_lexicon()
LEAVES = (Kind.MEASURE, Kind.COMMITMENT)


def read(text: str) -> Outline:
    return build_outline(text, split_letters(text, LEX), LEX)


def numbers(text: str, *kinds: Kind) -> list[str]:
    return [part.number for part in read(text).parts if part.kind in kinds]


def words(text: str, *kinds: Kind) -> list[str]:
    return [part.span.of(text) for part in read(text).parts if part.kind in kinds]


def reply(body: str) -> str:
    return f"罗启明委员：\n您提出的《关于停车的提案》收悉，现答复如下：\n{body}\n溪川市交通运输局\n2024年6月21日\n"


@pytest.mark.parametrize("heading", ["建议及办法：", "意见和建议", "具体对策与建议", "解决办法及建议："])
def test_headings_of_what_a_proposal_asks_for(heading: str) -> None:
    text = (
        "案由：关于停车的提案\n提案人：罗启明\n内容：\n存在以下问题：\n（一）车位不足。缺口很大。\n（二）管理滞后。占道严重。\n"
        f"{heading}\n1、多建车位。\n2、加强管理。\n"
    )
    assert numbers(text, Kind.PROBLEM) == ["(一)", "(二)"]
    assert numbers(text, Kind.SUGGESTION) == ["1", "2"]


@pytest.mark.parametrize(
    "section",
    ["三、存在的不足\n一些小区车位少、管理难，服务质量还需提高。", "【存在问题】老城区车位不足的状况没有根本改变。"],
)
def test_a_section_of_shortcomings_has_no_measure(section: str) -> None:
    text = reply(
        f"一、增设车位\n新增车位500个。\n二、错时开放\n开放车位300个。\n{section}\n四、推广平台\n平台已经上线运行。"
    )
    assert numbers(text, *LEAVES) == ["一", "二", "四"]


def test_a_paragraph_that_promises_a_list_ends_the_numbering_above_it() -> None:
    text = reply(
        "其一，关于车位。新增车位500个。\n其二，关于管理。制定管理办法。\n"
        "对照您的建议，工作还存在不少差距。对此，我们将认真加以改进：\n1．建设停车楼。\n2．开放单位车位。"
    )
    assert numbers(text, Kind.COMMITMENT) == ["1", "2"]
    assert "差距" not in "".join(words(text, Kind.MEASURE))


def test_a_promise_before_a_list_inside_a_paragraph() -> None:
    text = reply("已新增车位500个。\n结合提案，今后我局将从两个方面予以配合。首先，建设停车楼。其次，开放单位车位。")
    assert numbers(text, Kind.COMMITMENT) == ["首先", "其次"]


def test_suggestions_quoted_below_a_heading_that_names_none() -> None:
    text = reply("一、关于您提出的具体建议\n关于“提高违停成本”。已提高收费标准。\n关于“增加停放空间”。新增车位500个。")
    assert words(text, Kind.SUGGESTION) == ["提高违停成本", "增加停放空间"]
    assert [word[:2] for word in words(text, *LEAVES)] == ["关于", "关于"]


def test_what_the_proposers_said_is_no_measure_of_the_opening() -> None:
    text = (
        "罗启明委员：\n您提出的《关于停车的提案》收悉，提案反映了三大问题：一是车位少，二是收费高，三是管理乱。针对以上三点，我局采取了以下措施：\n"
        "一、新增车位500个。\n二、下调收费标准。\n以上就是我局对您的提案的答复。\n溪川市交通运输局\n2024年6月21日\n"
    )
    assert words(text, *LEAVES) == ["新增车位500个。", "下调收费标准。"]


def test_a_section_of_thanks_alone_is_no_part() -> None:
    text = reply(
        "一、基本情况\n新增车位500个。\n二、下步工作方向\n衷心感谢罗启明委员对停车工作的关心，我们将把您的意见作为动力。"
    )
    assert numbers(text, *LEAVES) == ["一"]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("关于停车诱导\n市公安局将停车诱导系统纳入智慧城市建设，接入停车场300处。", Kind.MEASURE),
        ("关于停车诱导\n市公安局将会同我局建设停车诱导系统，接入停车场300处。", Kind.COMMITMENT),
        ("我局计划新建停车场15处，并给予每处2万元补助。", Kind.COMMITMENT),
        ("我局将认真吸收您的意见，做好三项工作：建设停车楼10座；推广停车平台；开放单位车位。", Kind.COMMITMENT),
        ("两件建议的后续管护工作，我们会指定专人负责。", Kind.COMMITMENT),
        ("市财政局争取省级资金600万元，建成停车楼3座。", Kind.MEASURE),
    ],
    ids=["将 before what is done", "将 of a promise", "计划", "a promised list", "我们会", "争取 of what was done"],
)
def test_what_is_done_and_what_is_promised(body: str, kind: Kind) -> None:
    parts = [part for part in read(reply(body)).parts if part.kind in LEAVES]
    assert [part.kind for part in parts] == [kind]


@pytest.mark.parametrize(
    "paragraph",
    [
        "停车是小事，也是邻里间的大事。欢迎您继续给我们提意见。",
        "对照您提出的车位不足问题，我们也清醒地认识到，部分停车场管理不善，这些都需要在今后工作中加以改进。",
        "你们关于停车供需失衡的分析客观准确，对我们改进工作很有帮助。",
        "建议贵局督促各区开放机关车位。",
        "我市停车管理中还存在收费不规范等问题，与先进地区相比有较大差距。",
    ],
    ids=[
        "a remark before a closing",
        "shortcomings",
        "praise of an analysis",
        "a request to the lead agency",
        "what is lacking",
    ],
)
def test_paragraphs_that_are_no_parts(paragraph: str) -> None:
    text = reply(f"新增车位500个。\n{paragraph}")
    assert words(text, *LEAVES) == ["新增车位500个。"]


def test_a_request_ends_the_items_above_it() -> None:
    text = reply(
        "一、工作情况\n1.新增车位500个。\n2.查处占道326起。\n您提出的“建设立体车库”的建议，因用地限制暂不实施。"
    )
    assert "您提出的" not in words(text, Kind.MEASURE)[1]
    assert numbers(text, Kind.MEASURE)[:2] == ["一.1", "一.2"]


def test_a_list_of_problems_ends_where_the_next_list_begins() -> None:
    text = (
        "案由：关于停车的提案\n提案人：罗启明\n理由：\n（一）车位不足\n缺口很大。\n（二）经费来源单靠自筹\n每个车位要850元。\n"
        "（三）管理不到位\n占道严重。\n建议：\n（一）多建车位\n盘活空地。\n（二）加强管理\n查处占道。\n"
    )
    assert numbers(text, Kind.PROBLEM) == ["(一)", "(二)", "(三)"]
    assert numbers(text, Kind.SUGGESTION)[:2] == ["(一)", "(二)"]


def test_a_motion_asks_with_a_plan() -> None:
    text = (
        "领衔人：苗砚\n议案名称：关于制定《溪川市停车条例》的议案\n案由：\n停车矛盾突出。\n案据：\n一、车位不足。缺口很大。\n二、管理滞后。占道严重。\n"
        "方案：\n（一）明确职责。由市政府划分。\n（二）保障经费。列入预算。\n"
    )
    assert numbers(text, Kind.SUGGESTION) == ["(一)", "(二)"]


def test_an_item_may_begin_with_a_year() -> None:
    text = reply("现将意见反馈如下：1.2024年新增车位500个。2.查处占道326起。")
    assert numbers(text, Kind.MEASURE) == ["1", "2"]


@pytest.mark.parametrize(
    ("item", "closed"),
    [
        ("二、按照您的意见，查处占道停车326起，恢复公共车位120个，道路通行能力提高了一成。", True),
        ("二、加强管理。", False),
    ],
    ids=["text", "heading"],
)
def test_a_last_paragraph_of_promises(item: str, closed: bool) -> None:
    text = reply(
        f"一、新增车位500个，改造老旧停车场36处，群众停车难的状况得到改善。\n{item}\n第四季度，我局还将新建停车楼3座。"
    )
    found = [(part.number, part.kind) for part in read(text).parts if part.kind in LEAVES]
    assert (("", Kind.COMMITMENT) in found) is closed


def test_first_and_second_advice_are_no_articles() -> None:
    text = reply(
        "您一共提了两条建议。\n第一条是建议增加车位。去年以来新增车位500个。\n第二条是建议加强管理。今年查处占道326起。\n谢谢您对我们工作的支持。"
    )
    assert numbers(text, Kind.SUGGESTION) == ["", ""]
    assert [part.kind for part in read(text).parts if part.kind in LEAVES] == [Kind.MEASURE, Kind.MEASURE]
    assert words(text, Kind.SUGGESTION) == ["增加车位", "加强管理"]


def test_a_list_of_promises_may_lack_its_subject() -> None:
    body = (
        "您指出的问题客观存在。我会将联合市公安局清理占道；将会同市财政局完善奖励办法，对开放车位的单位每年奖励5万元。"
    )
    assert [part.kind for part in read(reply(body)).parts if part.kind in LEAVES] == [Kind.COMMITMENT]


def test_what_a_reply_lacks_is_no_measure_and_a_plan_may_follow_in_the_same_line() -> None:
    text = reply(
        "去年查处占道停车326起。\n不足的地方，一是车位不够，二是巡查不勤。下面打算这么干：\n"
        "1、和区城管局一起增设临时车位120个；\n2、请街道把巡查排到周末。"
    )
    assert numbers(text, Kind.MEASURE) == [""]
    assert numbers(text, Kind.COMMITMENT) == ["1", "2"]
