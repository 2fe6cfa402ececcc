"""Letters fall apart into problems, suggestions, measures and commitments, and into sentences."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.model import Kind, Outline, Part
from extract.structure.letters import split_letters
from extract.structure.outline import build_outline
from ontology.lexicons import load_lexicon

LEX = load_lexicon()


def read(text: str) -> Outline:
    return build_outline(text, split_letters(text, LEX), LEX)


def rows(text: str, *kinds: Kind) -> list[tuple[str, str]]:
    """Number and first words of the parts of these kinds."""
    return [(p.number, p.label_span.of(text)[:12]) for p in read(text).parts if p.kind in kinds]


def reply(body: str) -> str:
    return (
        f"陈若谷委员：\n您提出的《关于停车的提案》（第12号）收悉，现答复如下：\n"
        f"{body}\n岚口市交通运输局\n2024年6月21日\n"
    )


def proposal(body: str) -> str:
    return f"案由：关于停车的提案\n提案编号：12\n提案人：陈若谷\n\n{body}\n"


def test_numbered_sections_and_runs_inside_paragraphs() -> None:
    text = reply(
        "一、主要做法\n（一）挖潜增位。一是改造空地，新增车位200个。二是错时开放，开放车位300个。\n（二）智慧停车\n建成停车平台。\n"
        "二、下一步打算\n1.新增车位500个。\n2.制定办法。"
    )
    assert rows(text, Kind.MEASURE) == [
        ("一.(一).一", "改造空地，新增车位200"),
        ("一.(一).二", "错时开放，开放车位300"),
        ("一.(二)", "智慧停车"),
    ]
    assert rows(text, Kind.COMMITMENT) == [("二.1", "新增车位500个。"), ("二.2", "制定办法。")]
    assert rows(text, None) == [("一", "主要做法"), ("一.(一)", "挖潜增位"), ("二", "下一步打算")]  # type: ignore[arg-type]


def test_a_run_may_go_over_paragraphs_and_repeat_a_number() -> None:
    text = reply("一、工作情况\n主要做了三件事：一是调研。\n二是建站。二是培训。")
    assert [n for n, _ in rows(text, Kind.MEASURE)] == ["一.一", "一.二", "一.二"]


def test_a_list_inside_a_sentence_is_no_run() -> None:
    text = reply("一、奖励人才\n对符合以下条件之一的人才给予奖励：一是入选者；二是企业高管；三是带头人。")
    assert [n for n, _ in rows(text, Kind.MEASURE)] == ["一"]


def test_ordinals_and_a_turn_to_what_will_be_done() -> None:
    text = reply(
        "首先，增加供给。新增车位100个。\n其次，推行共享。开放车位80个。\n您提出的“成立停车联盟”等建议，对我们很有启发。下一步，我局将做好以下工作：\n"
        "1.加大建设。2025年新增200个。\n2.健全机制。"
    )
    assert [n for n, _ in rows(text, Kind.MEASURE)] == ["首先", "其次"]
    assert [n for n, _ in rows(text, Kind.COMMITMENT)] == ["1", "2"]
    assert rows(text, Kind.SUGGESTION) == [("", "成立停车联盟")]


def test_thanks_are_not_a_first_point() -> None:
    text = reply("首先感谢您的关心。\n我市建成车位100个。")
    assert rows(text, Kind.MEASURE) == [("", "我市建成车位100个。")]


def test_a_promise_inside_a_paragraph_is_a_part_of_its_own() -> None:
    text = reply(
        "一、提升能力\n一是开展研发，立项18项。二是建设机构。下来，我局将持续跟踪。\n二、培训\n培训100人。今后，将每年培训200人。"
    )
    assert [w for _, w in rows(text, Kind.COMMITMENT)] == ["下来，我局将持续跟踪。", "今后，将每年培训200人"]
    assert [n for n, _ in rows(text, Kind.MEASURE)] == ["一.一", "一.二", "二"]


def test_glued_headings_and_lists_in_one_paragraph() -> None:
    text = reply("下一步打算：\n（一）提标。扩大范围。\n（二）引才。招录30人。（三）宣传。营造氛围。")
    assert [n for n, _ in rows(text, Kind.COMMITMENT)] == ["(一)", "(二)", "(三)"]
    text = proposal("现有问题：1.线路重复。2.接驳不便。建议：1.优化线网。2.加密班次。")
    assert rows(text, Kind.PROBLEM) == [("1", "线路重复。"), ("2", "接驳不便。")]
    assert rows(text, Kind.SUGGESTION) == [("1", "优化线网。"), ("2", "加密班次。")]


def test_paragraphs_without_numbers() -> None:
    text = proposal(
        "问题：\n停车是民生实事。当前存在以下短板。\n车位不足。老旧小区缺口大。\n管理粗放。收费混乱。\n建议：\n一是增加车位。\n二是规范收费。"
    )
    assert [w for _, w in rows(text, Kind.PROBLEM)] == ["车位不足。老旧小区缺口大", "管理粗放。收费混乱。"]
    assert rows(text, Kind.SUGGESTION) == [("一", "增加车位。"), ("二", "规范收费。")]


def test_a_heading_that_lost_characters_still_opens_the_suggestions() -> None:
    text = proposal(
        "近年来发展较快。\n仍存在一些不足：\n1.车位单一；\n2.意识不够。\n"
        "\n   法：\n\n一、构建体系\n1.评估现状。\n二、改善服务\n1.引导企业。"
    )
    assert [n for n, _ in rows(text, Kind.PROBLEM)] == ["1", "2"]
    assert [n for n, _ in rows(text, Kind.SUGGESTION)] == ["一", "一.1", "二", "二.1"]


def test_numbered_sections_that_announce_problems_and_suggestions() -> None:
    text = proposal(
        "一、基本情况\n近年发展较快。\n二、存在的主要问题\n（一）车位少。\n（二）收费乱。\n三、几点建议\n（一）建车库。\n（二）定标准。"
    )
    assert [n for n, _ in rows(text, Kind.PROBLEM)] == ["二.(一)", "二.(二)"]
    assert [n for n, _ in rows(text, Kind.SUGGESTION)] == ["三.(一)", "三.(二)"]


def test_headings_without_numbers_head_their_paragraphs() -> None:
    text = reply("关于加大投入的建议\n安排资金1.5亿元。\n关于培养工匠的建议\n认定名匠80名。")
    assert [w for _, w in rows(text, Kind.MEASURE)] == ["关于加大投入的建议", "关于培养工匠的建议"]
    assert [w for _, w in rows(text, Kind.SUGGESTION)] == ["加大投入", "培养工匠"]


def test_suggestions_quoted_from_an_absent_proposal_belong_to_it() -> None:
    text = reply("一、关于提高待遇的建议\n（1）加大资助。补助15万元。\n（2）安家补贴。")
    got = read(text)
    (suggestion,) = [p for p in got.parts if p.kind is Kind.SUGGESTION]
    assert got.get_letter(suggestion.letter).body is None
    assert (suggestion.number, suggestion.span.of(text)) == ("一", "提高待遇")


def test_difficulties_that_a_reply_owns_up_to_are_no_measures() -> None:
    text = reply("一、进展\n建成车位10个。\n二、存在的困难和问题\n一是协同不够。二是资金单一。")
    assert [n for n, _ in rows(text, Kind.MEASURE)] == ["一"]


def test_a_policy_gives_context_only() -> None:
    text = (
        "岚口县停车管理办法\n第一章 总则\n第一条 为加强管理，制定本办法。\n"
        "第二章 建设\n第二条 建设按下列规定：\n（一）小区；\n（二）商场。\n"
    )
    parts = read(text).parts
    assert {p.kind for p in parts} == {None}
    assert [p.number for p in parts] == [
        "第一章",
        "第一章.第一条",
        "第二章",
        "第二章.第二条",
        "第二章.第二条.(一)",
        "第二章.第二条.(二)",
    ]


def test_lines_that_the_page_broke_are_one_paragraph() -> None:
    text = (
        "岚口县停车办法\n"
        "第一条 对上年度产值首次超过一百亿元并且对全县经济发展作出突出贡献的企业给予一次性一千万\n元奖励。\n"
        "第二条 本办法自印发之日起施行。\n"
    )
    assert next(s.span.of(text).replace("\n", "") for s in read(text).sentences).endswith("一千万元奖励。")


def test_sentences_know_their_part_and_leave_out_what_is_no_text() -> None:
    text = reply("一、做法\n（一）增位。新增200个。\n感谢您的支持。")
    got = read(text)
    words = [s.span.of(text) for s in got.sentences]
    assert words == [
        "您提出的《关于停车的提案》（第12号）收悉，现答复如下：",
        "做法",
        "增位。",
        "新增200个。",
        "感谢您的支持。",
    ]
    assert [s.part and got.get_part(s.part).number for s in got.sentences] == [None, "一", "一.(一)", "一.(一)", None]


PIECES = [
    "一、做法",
    "二、下一步工作",
    "（一）增位。新增200个。",
    "（二）智慧",
    "1.改造；2、推广。",
    "一是调研。二是建站。",
    "二是培训；",
    "首先，增位。",
    "其次，共享。",
    "建议：",
    "问题：",
    "关于“增加车位”的建议",
    "下一步，我局将推进。",
    "第三条 按规定",
    "（（《",
    "①甲②乙",
    "感谢您的支持。",
    "车位不足。",
]


def sound(text: str, got: Outline) -> None:
    by_id: dict[str, Part] = {p.id: p for p in got.parts}
    assert list(by_id) == [f"p{i}" for i in range(1, len(got.parts) + 1)]
    assert [p.span.begin for p in got.parts] == sorted(p.span.begin for p in got.parts)
    for p in got.parts:
        assert 0 <= p.span.begin < p.span.end <= len(text)
        assert p.heading is None or p.span.contains(p.heading)
        if p.parent:
            assert by_id[p.parent].span.contains(p.span)
            assert by_id[p.parent].letter == p.letter
    last = 0
    for s in got.sentences:
        assert last <= s.span.begin < s.span.end
        assert s.part is None or by_id[s.part].span.begin <= s.span.begin < by_id[s.part].span.end
        assert got.get_letter(s.letter).span.contains(s.span)
        last = s.span.end


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=14), st.sampled_from([reply, proposal, "".join]))
def test_parts_nest_and_sentences_keep_order(pieces: list[str], frame: object) -> None:
    text = frame("\n".join(pieces))  # type: ignore[operator]
    got = read(text)
    sound(text, got)
    assert read(text) == got


ALL = (Kind.MEASURE, Kind.COMMITMENT)


def kinds(text: str) -> list[tuple[Kind | None, str]]:
    return [(p.kind, p.number) for p in read(text).parts if p.kind in ALL]


def test_the_list_of_a_plan_may_stand_in_the_next_paragraph() -> None:
    text = reply(
        "近年来，我市推动停车建设。\n下一步，我们将继续推进相关工作。\n一是开展普查；二是增加车位；三是完成30处改造。"
    )
    assert kinds(text) == [
        (Kind.MEASURE, ""),
        (Kind.COMMITMENT, "一"),
        (Kind.COMMITMENT, "二"),
        (Kind.COMMITMENT, "三"),
    ]


def test_a_heading_keeps_the_plan_behind_it() -> None:
    text = reply(
        "一、关于增加车位。2023年，我局新增车位200个。\n二、关于智慧停车。下一步，2025年6月底前接入停车场300处。"
    )
    assert rows(text, Kind.MEASURE) == [("一", "关于增加车位")]
    assert rows(text, Kind.COMMITMENT) == [("二", "关于智慧停车")]


def test_a_paragraph_that_mostly_promises_is_a_commitment() -> None:
    text = reply("我局建成停车平台，接入停车场300处。\n同时，我们也将积极督促各区做好收费公示工作，方便公众查询。")
    assert kinds(text) == [(Kind.MEASURE, ""), (Kind.COMMITMENT, "")]


def test_requests_told_in_a_reply_are_suggestions_of_its_proposal() -> None:
    text = reply(
        "一、对“关于加大补助力度的建议”的答复\n我局已拨付资金300万元。\n二、您建议“设立停车专项贷款”。目前，银行已设立停车贷。\n"
        "三、您建议开放机关车位。目前，已开放车位300个。"
    )
    assert rows(text, Kind.SUGGESTION) == [
        ("一", "关于加大补助力度"),
        ("二", "设立停车专项贷款"),
        ("三", "开放机关车位"),
    ]


def test_a_list_inside_a_paragraph_ends_with_it() -> None:
    text = reply(
        "先说供水。镇里做了三桩事：1、给水池做了防渗。2、引了一根应急管。3、把村子报进了规划。\n"
        "路灯和垃圾池：\n（1）路灯。装了160盏。\n（2）垃圾。发放桶310只。"
    )
    assert [number for number, _ in rows(text, *ALL)] == ["1", "2", "3", "(1)", "(2)"]


def headings(body: str) -> list[tuple[str, str]]:
    text = f"澄溪市夜市发展办法\n{body}\n本办法自2026年1月1日起施行。\n"
    return [(p.number, p.heading.of(text)) for p in read(text).parts if p.heading]


def test_headings_of_instruments() -> None:
    assert headings(
        "第一条 【落户奖】\n（一）对新落户的摊主给予奖励，奖励资金在开业后拨付，具体标准由主管部门另行规定并公布。\n"
        "第二条 【提升奖】年营业额增长的，一次性奖励5万元，同一摊主不得重复享受，也不得与其他政策重复。"
    ) == [("第一条", "落户奖"), ("第二条", "提升奖")]


def test_short_lines_between_paragraphs_of_an_instrument_are_headings() -> None:
    found = headings(
        "为发展夜市，现提出如下措施，各区结合实际抓好落实，确保取得实效。\n实施摊位补贴\n对新增摊位给予每个500元补贴，由市财政局在一个月内拨付到位。\n"
        "延长营业时间\n中心城区夜市营业时间延长到24时，有关部门应当做好保障工作。"
    )
    assert found == [("", "实施摊位补贴"), ("", "延长营业时间")]


def test_the_organs_in_charge_belong_to_the_item_above() -> None:
    text = "澄溪市夜市发展办法\n一、加大支持。对摊主给予补贴。\n（责任单位：市商务局、市财政局）\n二、优化服务。\n"
    first = read(text).parts[0]
    assert first.span.of(text).endswith("（责任单位：市商务局、市财政局）")


@pytest.mark.parametrize("end", ["制”的建议\n一是", "一是调研，二是", "首先扩容。其次", "一、", "（一）\n（二）"])
def test_a_number_without_words_at_the_end_is_no_part(end: str) -> None:
    for text in (end, reply(end), proposal(end).rstrip(), "关于停车的提案\n" + end):
        got = read(text)
        assert all(part.span.of(text).strip() for part in got.parts)
        assert all(sentence.span.of(text).strip() for sentence in got.sentences)
        kept = {part.id for part in got.parts} | {None}
        assert {sentence.part for sentence in got.sentences} <= kept


LEAVES = (Kind.MEASURE, Kind.COMMITMENT)


@pytest.mark.parametrize(
    "closing",
    [
        "希望今后多提宝贵意见，帮助我们改进服务。",
        "恳请继续关心停车工作，并提出宝贵意见。",
        "顺祝身体健康，工作顺利！",
        "首先十分感谢你们对我市停车设施工作的关注和支持！",
        "在此，对你们提出的意见再次表示感谢，请继续关注我们的工作。",
        "您对我们的答复如有意见，请在回执上写明。",
        "承办负责人：罗启明",
        "分管单位：城建股",
    ],
)
def test_wishes_thanks_and_contacts_are_no_parts(closing: str) -> None:
    assert rows(reply(f"我市新增车位500个。\n{closing}"), *LEAVES) == [("", "我市新增车位500个。")]


def test_a_promise_that_ends_with_a_welcome_is_a_part() -> None:
    text = reply("我市新增车位500个。\n今后，我们还将新增车位300个，实现老城区全覆盖，欢迎您继续监督。")
    assert rows(text, Kind.COMMITMENT) == [("", "今后，我们还将新增车位3")]


def test_praise_and_shortcomings_are_no_measures() -> None:
    text = reply("一、您的这条建议提得很好，说出了群众的心声。\n二、已新增车位500个。\n三、已开放车位300个。")
    assert [number for number, _ in rows(text, *LEAVES)] == ["二", "三"]
    text = reply("已新增车位500个。\n当然，我们也看到，停车工作还存在不少短板。您提出的几条建议具有很强的针对性。")
    assert rows(text, *LEAVES) == [("", "已新增车位500个。")]


def test_a_part_begins_behind_the_thanks() -> None:
    text = reply("首先感谢您对停车工作的关心。近年来，我市把停车设施纳入民生实事，新增车位500个。")
    assert rows(text, *LEAVES) == [("", "近年来，我市把停车设施纳")]


def test_text_may_follow_the_opening_in_its_paragraph() -> None:
    text = (
        "陈若谷委员： 您提出的《关于停车的提案》收悉，现答复如下： 我市把停车设施纳入民生实事，新增车位500个。 "
        "您对我们的答复如有意见，请在回执上写明。 感谢您对交通工作的支持。\n岚口市交通运输局\n2024年6月21日\n"
    )
    assert rows(text, *LEAVES) == [("", "我市把停车设施纳入民生实")]


def test_a_lead_in_that_promises_makes_its_list_commitments() -> None:
    text = reply("停车矛盾仍然突出。为缓解停车难，我们还将采取以下措施：\n1.新增车位500个。\n2.开放单位车位。")
    assert rows(text, *LEAVES) == rows(text, Kind.COMMITMENT) == [("1", "新增车位500个。"), ("2", "开放单位车位。")]


def test_the_plan_below_the_last_section_is_that_of_the_letter() -> None:
    text = reply(
        "问题一：车位不足\n新增车位500个。\n问题二：收费偏高\n下调收费标准两成。\n接下来，我局打算做好这么几件事：一是建库；二是联网。"
    )
    assert rows(text, Kind.COMMITMENT) == [("一", "建库；"), ("二", "联网。")]


def test_the_title_and_what_is_wrong_are_no_suggestions() -> None:
    text = (
        "陈若谷委员：\n您提出的关于“停车设施建设的建议”收悉，现答复如下：\n"
        "一、关于停车没有统一规划的问题\n已编制规划。针对当前“标准多、查找难”的问题，制定了规范。\n"
        "二、您提出的“停车设施建设的建议”，已经采纳。\n岚口市交通运输局\n2024年6月21日\n"
    )
    assert rows(text, Kind.SUGGESTION) == []


def test_problems_may_be_numbered_inside_a_cell() -> None:
    text = proposal(
        "停车难由来已久。 存在的主要问题 1、车位少，缺口很大。 2、管理乱，占道严重。\n具体建议\n1、多建车位。"
    )
    assert rows(text, Kind.PROBLEM) == [("1", "车位少，缺口很大。"), ("2", "管理乱，占道严重。")]
