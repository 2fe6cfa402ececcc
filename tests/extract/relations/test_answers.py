"""Which measure answers which suggestion, where the text says so and where only the wording does."""

from __future__ import annotations

import pytest

from extract.relations.answers import find_answers
from extract.structure.letters import split_letters
from extract.structure.outline import build_outline
from ontology.lexicons import load_lexicon

LEX = load_lexicon()

PROPOSAL = """案由：关于停车的提案
提案编号：12
提案人：陈若谷

建议：
一、增加停车供给，盘活边角空地
1.建设立体车库。
2.推动机关单位错时开放内部停车场。
二、规范收费行为，公开收费标准
三、完善人才评价体系和停车人才引进政策

"""


def links(body: str, predicate: str = "respondsTo", opening: str = "现答复如下：") -> list[tuple[str, str]]:
    text = (
        f"{PROPOSAL}陈若谷委员：\n"
        f"您提出的《关于停车的提案》（第12号）收悉，{opening}\n{body}\n岚口市交通运输局\n2024年6月21日\n"
    )
    got = build_outline(text, split_letters(text, LEX), LEX)
    out = []
    for r in find_answers(text, got, LEX):
        assert 0 < r.confidence < 1
        assert text[r.span.begin : r.span.end].strip()
        if r.predicate == predicate:
            out.append(
                (got.get_part(r.subject).label_span.of(text)[:8], got.get_part(r.object).label_span.of(text)[:8])
            )
    return out


def test_a_section_that_quotes_a_suggestion_answers_it() -> None:
    body = "（一）扩大供给，建设车库\n针对建议提出的“增加停车供给,盘活边角空地”，一是建成车库5座。二是开放车位80个。"
    assert links(body) == [("扩大供给，建设车", "增加停车供给，盘")]


def test_a_heading_that_names_a_suggestion_answers_it() -> None:
    assert links("一、关于规范收费行为的建议\n公示收费标准36处。\n二、关于建设立体车库\n建成5座。") == [
        ("关于规范收费行为", "规范收费行为，公"),
        ("关于建设立体车库", "建设立体车库。"),
    ]


def test_an_opening_that_names_a_suggestion_speaks_for_all_sections() -> None:
    body = (
        "一、设立奖项，鼓励人才发展\n奖励30人。\n"
        "二、实施住房保障，服务各类人才\n提供公寓200套。\n下来，我局将做好服务。"
    )
    opening = "针对您提出的完善停车人才引进政策意见，答复如下："
    assert links(body, opening=opening) == [
        ("设立奖项，鼓励人", "完善人才评价体系"),
        ("实施住房保障，服", "完善人才评价体系"),
    ]


def test_items_below_a_quoting_sentence_answer_it() -> None:
    body = "针对“规范收费行为”的建议，我局一是公示收费标准36处。二是查处乱收费12起。"
    assert links(body) == [("公示收费标准36", "规范收费行为，公"), ("查处乱收费12起", "规范收费行为，公")]


def test_a_suggestion_may_be_named_by_its_number() -> None:
    assert links("一、关于第二条建议\n公示收费标准36处。") == [("关于第二条建议", "规范收费行为，公")]


def test_wording_alone_is_only_a_guess() -> None:
    body = "一、推动机关单位错时开放停车场\n26家单位开放车位1340个。\n二、强化党建引领\n建立党员先锋岗。"
    assert links(body) == []
    assert links(body, "mayRespondTo") == [("推动机关单位错时", "推动机关单位错时")]


def test_quotes_of_other_things_answer_nothing() -> None:
    body = (
        "一、宣传引导\n对“文明停车”企业问题诉求及时办理，推行“一对一”服务，跟踪并解决“重点”问题。\n"
        "您提出的“成立停车联盟”等建议，对我们很有启发。"
    )
    assert links(body) == []


def test_a_reply_whose_proposal_is_not_there_answers_what_it_quotes() -> None:
    text = (
        "何远代表：\n您提出的《关于引才的建议》收悉，现答复如下：\n一、关于提高待遇的建议\n"
        "（1）加大资助。补助15万元。\n澜口省人力资源和社会保障厅\n2024年5月30日\n"
    )
    got = build_outline(text, split_letters(text, LEX), LEX)
    (relation,) = find_answers(text, got, LEX)
    assert relation.predicate == "respondsTo"
    assert got.get_part(relation.object).span.of(text) == "提高待遇"
    assert relation.span.of(text) == "关于提高待遇的建议"


def test_a_later_sentence_says_what_was_asked_for() -> None:
    body = "一、车位\n新增车位500个。代表提出的“建设立体车库”的建议，已在编制方案时采纳。\n二、管理\n查处占道326起。"
    assert links(body) == [("车位", "建设立体车库。")]


def test_a_plan_behind_the_words_answers_more_than_them() -> None:
    body = (
        "一、存在问题及下一步措施\n提案提出的“建设立体车库”，目前还没有实施。下一步，我局将着力做好以下工作：一是清理占道停车；"
        "二是完善停车平台。\n二、其他工作\n新增车位500个。"
    )
    assert links(body) == []


def test_two_words_between_for_and_advice() -> None:
    assert links("针对您提出的规范收费的建议，我局已公示收费标准300处。") == [("针对您提出的规范", "规范收费行为，公")]


def test_an_adopted_suggestion() -> None:
    body = "一、采纳“建设立体车库”的建议。已建成3座。\n二、其他工作。新增车位500个。"
    assert links(body) == [("采纳“建设立体车", "建设立体车库。")]


def test_each_paragraph_of_a_section_answers_the_suggestion_that_it_begins_with() -> None:
    body = (
        "一、下一步打算\n针对“规范收费行为”的建议：一是公示收费标准36处；二是查处乱收费12起。\n"
        "针对“建设立体车库”的建议：一是建成车库5座；二是开放车位80个；三是接入平台。"
    )
    fees, garage = "规范收费行为，公", "建设立体车库。"
    assert links(body) == [
        ("公示收费标准36", fees),
        ("查处乱收费12起", fees),
        ("建成车库5座；", garage),
        ("开放车位80个；", garage),
        ("接入平台。", garage),
    ]


def test_headings_in_the_order_of_the_suggestions_answer_them() -> None:
    body = (
        "一、盘活边角空地增加供给\n新增车位500个。\n二、公示收费标准\n查处乱收费12起。\n"
        "三、优化人才评价办法\n奖励30人。\n四、下一步工作\n继续清理占道停车。"
    )
    assert links(body) == [
        ("盘活边角空地增加", "增加停车供给，盘"),
        ("公示收费标准", "规范收费行为，公"),
        ("优化人才评价办法", "完善人才评价体系"),
    ]


@pytest.mark.parametrize(
    "body",
    [
        "一、公示收费标准\n查处乱收费12起。\n二、盘活边角空地\n新增车位500个。\n三、优化人才评价办法\n奖励30人。",
        "一、盘活边角空地\n新增车位500个。\n二、公示收费标准\n查处乱收费12起。",
        "一、盘活边角空地\n新增车位500个。\n二、强化党建引领\n建立先锋岗。\n三、优化人才评价办法\n奖励30人。",
    ],
)
def test_headings_in_another_order_or_about_other_things_are_only_likely(body: str) -> None:
    assert links(body) == []
