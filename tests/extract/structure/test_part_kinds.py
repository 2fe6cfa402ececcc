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
