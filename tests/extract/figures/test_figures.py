"""Figures on sentences about schools, clinics, farms, buses, rivers and homes of invented places."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from extract.figures.figures import find_figures
from extract.model import Bound, Entity, Field, Figure, Kind, Letter, Outline, Part, Sentence, Span
from ontology.lexicons import load_lexicon

LEX = load_lexicon()
Named = tuple[Kind, str]


def page(
    text: str,
    *named: Named,
    letter: Kind = Kind.LEAD_REPLY,
    part: Kind | None = Kind.MEASURE,
    issued: str = "2024-06-18",
    heading: str = "",
) -> tuple[Outline, list[Entity]]:
    """One letter with one part; entities stand wherever their name does."""
    fields = (Field("issued", issued, Span(0, 0)),) if issued else ()
    whole = Span(0, len(text))
    begin = text.find(heading) if heading else -1
    own = Span(begin, begin + len(heading)) if heading else None
    cut = r"[^。\n]+[。\n]?" if heading else r"[^。]+。?"
    sentences = [Span(m.start(), m.end()) for m in re.finditer(cut, text)]
    outline = Outline(
        (Letter("d1", letter, whole, whole, fields),),
        (Part("p1", "d1", part, "一", whole, own, None),),
        tuple(Sentence(s, "d1", "p1", (s,)) for s in sentences if own is None or s.begin >= own.end),
    )
    entities = [
        Entity(f"e{i}", kind, name, (), tuple(Span(m.start(), m.end()) for m in re.finditer(re.escape(name), text)))
        for i, (kind, name) in enumerate(named, 1)
    ]
    return outline, entities


def read(text: str, *named: Named, **how: object) -> list[Figure]:
    outline, entities = page(text, *named, **how)  # type: ignore[arg-type]
    return list(find_figures(text, outline, entities, LEX))


def names(found: Sequence[Figure], named: Sequence[Named]) -> list[str | None]:
    return [named[int(f.about[1:]) - 1][1] if f.about else None for f in found]


KINDERGARTEN = (Kind.GROUP, "公办幼儿园")
CITY = (Kind.PLACE, "安泽市")


def test_facts_of_a_year_with_their_subjects() -> None:
    text = "2023年，全市新建公办幼儿园32所，新增学位9600个，普惠性幼儿园覆盖率达到92.5%，较上年提高3.2个百分点。"
    named = (KINDERGARTEN, (Kind.GROUP, "普惠性幼儿园"), CITY)
    found = read(text, *named)
    assert {f.kind for f in found} == {Kind.OBSERVATION}
    assert {f.period for f in found} == {"2023"}
    assert [(f.value, f.unit) for f in found] == [
        (32, "所"), (9600, "个"), (Decimal("92.5"), "%"), (Decimal("3.2"), "个百分点"),
    ]  # fmt: skip
    assert names(found, named) == ["公办幼儿园", "安泽市", "普惠性幼儿园", "普惠性幼儿园"]


def test_a_deadline_before_a_colon_holds_for_the_paragraphs_of_its_part() -> None:
    text = "发展目标\n到2026年，实现以下目标：\n——就学更加便利。\n公办幼儿园力争达到320所。"
    (figure,) = read(text, KINDERGARTEN, heading="发展目标")
    assert (figure.kind, figure.period, figure.deadline) == (Kind.TARGET, "2026", "2026")


def test_sums_that_places_are_given_respectively() -> None:
    named = ((Kind.PLACE, "安泽市"), (Kind.PLACE, "青棠县"))
    found = read("2023年，安泽市、青棠县分别安排资金1.2亿元和0.5亿元。", *named)
    assert names(found, named) == ["安泽市", "青棠县"]


def test_parts_of_a_whole_are_told_apart() -> None:
    text = "截至5月底，我县共有家庭农场1268家、农民合作社842家，其中省级示范社56家。"
    named = ((Kind.GROUP, "家庭农场"), (Kind.GROUP, "农民合作社"), (Kind.TIER, "省级示范社"))
    found = read(text, *named)
    assert names(found, named) == ["家庭农场", "农民合作社", "省级示范社"]
    assert {f.period for f in found} == {"2024-05"}


def test_other_clauses_go_on_about_the_platform() -> None:
    text = "“健康安泽”小程序注册用户突破60万人，日均预约挂号8000人次，按期办结率99.2%。"
    named = ((Kind.PLATFORM, "“健康安泽”小程序"),)
    found = read(text, *named)
    assert names(found, named) == ["“健康安泽”小程序"] * 3
    assert [f.bound for f in found] == [Bound.AT_LEAST, Bound.EXACTLY, Bound.EXACTLY]


def test_a_bare_platform_means_the_last_one_named() -> None:
    text = "依托“安泽通”便民平台开设助老专区。平台现有注册用户1.9万户，平均办理时间由7天压缩至2.5天。"
    named = ((Kind.PLATFORM, "“安泽通”便民平台"),)
    found = read(text, *named)
    assert names(found, named) == ["“安泽通”便民平台"] * 3
    assert found[0].period == "2024-06-18"
    assert [f.value for f in found[1:]] == [7, Decimal("2.5")]


def test_support_for_one_class_and_then_another() -> None:
    text = "对新建的养老机构，按每张床位1万元给予一次性建设补助；对收住失能老人的，按每人每月300元给予运营补贴。"
    named = ((Kind.GROUP, "养老机构"), (Kind.GROUP, "失能老人"))
    found = read(text, *named)
    assert [(f.kind, f.value, f.per) for f in found] == [
        (Kind.PROVISION, 10000, "床位"), (Kind.PROVISION, 300, "人/月"),
    ]  # fmt: skip
    assert names(found, named) == ["养老机构", "失能老人"]
    assert [f.metric for f in found] == ["一次性建设补助", "运营补贴"]


def test_a_quotation_mark_that_never_opened_is_no_part_of_the_span() -> None:
    for text, said in (
        ("学校”1-2元共有", ["学校”1-2元", "2元"]),
        ("共有，学校”1-2元", ["学校”1-2元", "2元"]),
        ("新增“友好”学校12所。", ["新增“友好”学校12所"]),
    ):
        assert [f.span.of(text) for f in read(text)] == said


def test_amounts_for_names_in_the_same_order() -> None:
    text = "对新设立的村卫生室、社区康复站，分别给予5万元、8万元一次性建设补助。"
    named = ((Kind.GROUP, "村卫生室"), (Kind.GROUP, "社区康复站"))
    found = read(text, *named)
    assert [(f.value, f.kind) for f in found] == [(50000, Kind.PROVISION), (80000, Kind.PROVISION)]
    assert names(found, named) == ["村卫生室", "社区康复站"]


def test_thresholds_are_conditions_of_what_they_decide() -> None:
    text = "第三条 民宿床位达到50张、100张的，分别补助5万元、10万元。"
    found = read(text, (Kind.GROUP, "民宿"), letter=Kind.INSTRUMENT, part=None, issued="")
    assert [f.kind for f in found] == [Kind.CONDITION, Kind.CONDITION, Kind.PROVISION, Kind.PROVISION]
    assert [f.condition_of for f in found] == ["f3", "f4", None, None]


def test_a_share_is_support_where_the_next_clause_gives() -> None:
    text = "对改造无障碍设施的社区医院，按实际投入的30%，给予最高50万元补助。"
    found = read(text, (Kind.GROUP, "社区医院"), letter=Kind.INSTRUMENT, part=None)
    assert [(f.kind, f.value, f.bound) for f in found] == [
        (Kind.PROVISION, 30, Bound.EXACTLY), (Kind.PROVISION, 500000, Bound.AT_MOST),
    ]  # fmt: skip


def test_something_made_is_no_threshold() -> None:
    text = "力争5年内新增10平方公里以上湿地空间，恢复河道120公里。"
    found = read(text, part=Kind.COMMITMENT)
    assert [(f.kind, f.unit) for f in found] == [(Kind.TARGET, "平方公里"), (Kind.TARGET, "公里")]


def test_sums_go_on_about_the_whole_after_its_parts() -> None:
    text = "“安居清单”入库家庭356户，其中新市民家庭38户、困难家庭72户，已配租302户。"
    named = ((Kind.PROGRAM, "“安居清单”"), (Kind.GROUP, "新市民家庭"), (Kind.GROUP, "困难家庭"))
    assert names(read(text, *named), named) == ["“安居清单”", "新市民家庭", "困难家庭", "“安居清单”"]


def test_increases_for_the_numbers_before_in_the_same_order() -> None:
    text = "截至2023年底，公办养老院12家、民办养老院30家，分别比上年增长9.1%、20%。"
    named = ((Kind.GROUP, "公办养老院"), (Kind.GROUP, "民办养老院"))
    found = read(text, *named)
    assert names(found, named) == ["公办养老院", "民办养老院"] * 2
    assert {f.period for f in found} == {"2023"}


def test_support_for_somebody_unknown_is_not_given_to_somebody_else() -> None:
    text = "对失能老人每人每月发放300元补贴，对连续运营满一年的乡镇助浴点，给予8万元运营补贴。"
    assert [f.about for f in read(text, (Kind.GROUP, "失能老人"))] == ["e1", None]


def test_a_sentence_with_its_own_subject_leaves_the_last_topic() -> None:
    named = ((Kind.PROGRAM, "育儿补贴"),)
    text = "落实育儿补贴政策。全年发放补贴3200万元。粮食产量稳定在80万吨以上。"
    assert names(read(text, *named), named) == ["育儿补贴", None]


def test_recognition_gives_the_receiver() -> None:
    text = "首次认定为市级示范农场的，一次性奖励5万元；首次认定为省级示范农场的，一次性奖励20万元。"
    named = ((Kind.TIER, "市级示范农场"), (Kind.TIER, "省级示范农场"))
    assert names(read(text, *named, letter=Kind.INSTRUMENT, part=None), named) == ["市级示范农场", "省级示范农场"]


def test_a_heading_names_the_receiver_when_the_text_does_not() -> None:
    text = "（二）社区食堂\n按实际投入的40%给予补助，每家最高不超过15万元。"
    named = ((Kind.GROUP, "社区食堂"),)
    found = read(text, *named, heading="社区食堂")
    assert names(found, named) == ["社区食堂", "社区食堂"]
    assert [(f.bound, f.per) for f in found] == [(Bound.EXACTLY, ""), (Bound.AT_MOST, "家")]


def test_support_that_was_paid_is_a_fact() -> None:
    text = "对新就业大学生给予每人每月最高800元租赁补贴。2023年共发放租赁补贴1860万元，惠及4300余人。"
    found = read(text, (Kind.GROUP, "新就业大学生"))
    assert [f.kind for f in found] == [Kind.PROVISION, Kind.OBSERVATION, Kind.OBSERVATION]
    assert found[2].bound is Bound.AT_LEAST


def test_a_commitment_promises() -> None:
    text = "下一步，我局将新增公交线路12条，力争2025年底前机动化出行分担率提高到60%左右，每年组织培训不少于3次。"
    found = read(text, part=Kind.COMMITMENT)
    assert {f.kind for f in found} == {Kind.TARGET}
    assert {f.part_of for f in found} == {"p1"}
    assert found[1].deadline == "2025"
    assert found[1].bound is Bound.ABOUT
    assert found[2].frequency == "每年"


def test_a_plan_in_a_policy_text_promises() -> None:
    text = "安泽市绿色出行方案\n到2027年，建成充电站5座，绿色出行比例不低于75%。"
    found = read(text, letter=Kind.INSTRUMENT, part=None, issued="")
    assert [(f.kind, f.deadline) for f in found] == [(Kind.TARGET, "2027")] * 2


def test_a_wish_is_no_figure_but_a_fact_beside_it_is() -> None:
    text = "建议设立乡村教师津贴，每人每月不低于500元。目前我市乡村教师共8600人。"
    found = read(text, (Kind.GROUP, "乡村教师"), letter=Kind.PROPOSAL, part=Kind.SUGGESTION, issued="")
    assert [(f.kind, f.value) for f in found] == [(Kind.OBSERVATION, 8600)]


def test_a_comparison_is_not_the_subject() -> None:
    text = "乡村小学生均经费增长8.4%，高于城区小学2.1个百分点。"
    named = ((Kind.GROUP, "乡村小学"), (Kind.GROUP, "城区小学"))
    assert names(read(text, *named), named) == ["乡村小学", "乡村小学"]


def test_the_whole_city_is_the_subject_of_its_sums() -> None:
    named = (CITY, (Kind.PLACE, "平川省"))
    text = "截至2023年底，全市公园绿地面积达4200公顷。安泽市位于平川省。"
    assert names(read(text, *named), named) == ["安泽市"]


def test_spans_do_not_swallow_each_other() -> None:
    text = "完成造林3.2万亩、湿地修复12处，投入资金1.8亿元，同比增长6.7%。"
    found = read(text)
    spans = [f.span for f in found]
    assert len(spans) == 4
    assert not any(a.overlaps(b) for i, a in enumerate(spans) for b in spans[i + 1 :])


def test_words_broken_over_lines_are_read() -> None:
    text = "对改造后的老旧小区，给\n予最高3000万\n元补助。"
    found = read(text, (Kind.GROUP, "老旧小区"))
    assert [(f.kind, f.value, f.about) for f in found] == [(Kind.PROVISION, 30000000, "e1")]


def test_ids_follow_the_text() -> None:
    found = read("新建学校3所，改建学校5所。新增床位20张。")
    assert [f.id for f in found] == ["f1", "f2", "f3"]
    assert [f.span.begin for f in found] == sorted(f.span.begin for f in found)


def test_numbers_for_places_in_the_same_order() -> None:
    text = "2023年，云岭县、汀县和青棠县分别新建村卫生室12个、15个和7个。"
    named = ((Kind.PLACE, "云岭县"), (Kind.PLACE, "汀县"), (Kind.PLACE, "青棠县"))
    found = read(text, *named)
    assert names(found, named) == ["云岭县", "汀县", "青棠县"]
    assert [f.place for f in found] == [f.about for f in found]
    assert {f.metric for f in found} == {"新建村卫生室"}


def test_a_metric_holds_no_time() -> None:
    for text, metric in (
        ("我局将于2025年6月底前新建公交站40个。", "新建公交站"),
        ("我局已于3月8日修复路灯12盏。", "修复路灯"),
        ("准点率由2020年的62%提高到81%。", "准点率"),
        ("客运量是2020年的2.6倍。", "客运量"),
        ("2026年6月底前所有公办幼儿园采购覆盖率达到100%。", "公办幼儿园采购覆盖率"),
        ("2023年，发放2023版公交卡120张。", "发放2023版公交卡"),
    ):
        assert {f.metric for f in read(text)} == {metric}, text


def test_an_instrument_that_a_text_without_a_title_carries_out_is_not_its_own_name() -> None:
    rules, offer = (Kind.INSTRUMENT, "公交补贴规定"), "对购置公交车的企业，给予5万元补贴。"
    [figure] = read(f"为贯彻落实《公交补贴规定》精神，制定本办法。{offer}", rules, letter=Kind.INSTRUMENT, part=None)
    assert figure.granted_under is None
    [figure] = read(f"《公交补贴规定》自6月起施行。{offer}", rules, letter=Kind.INSTRUMENT, part=None)
    assert figure.granted_under == "e1"


def test_numerals_in_names_of_places_and_firms_count_nothing() -> None:
    for text in ("审批范围包括安泽县、三台县和七里镇。", "推进360集团项目建设。", "九道河乡已建成。"):
        assert read(text) == [], text
    assert [(f.value, f.unit) for f in read("2023年，建成水站三台，惠及镇区两条街。")][:1] == [(3, "台")]


def test_a_metric_begins_behind_a_bracket_that_closes_what_stands_before_it() -> None:
    [figure] = read("（责任单位：市教育局、市财政局）推出公办幼儿园32所。")
    assert figure.metric == "推出公办幼儿园"


def test_an_old_value_has_no_time_of_the_new_one() -> None:
    found = read("2025年6月底前完成管网改造，改造长度由40公里调减为25公里。")
    assert [(f.metric, f.period) for f in found] == [("改造长度", ""), ("改造长度", "2025-06")]
    found = read("目前，粮库库容由2万吨扩至3.5万吨。")
    assert [(f.metric, f.period) for f in found] == [("粮库库容", ""), ("粮库库容", "2024-06-18")]
    assert [f.period for f in read("2023年，入园率由2020年的62%提高到81%。")] == ["2020", "2023"]


def test_a_new_value_is_paid_as_the_old_one() -> None:
    found = read("普惠托位补助由每个每年3000元调整为4500元。", letter=Kind.INSTRUMENT)
    assert [(f.kind, f.metric, f.per) for f in found] == [
        (Kind.OBSERVATION, "普惠托位补助", ""),
        (Kind.PROVISION, "普惠托位补助", "个/年"),
    ]


def test_all_values_of_a_changed_list_are_old() -> None:
    found = read("大棚补贴分别由每亩1100元、700元提高至1250元、820元。", letter=Kind.INSTRUMENT)
    assert [(f.rule == "figure.former", f.metric, f.per) for f in found] == [
        (True, "大棚补贴", ""),
        (True, "大棚补贴", ""),
        (False, "大棚补贴", "亩"),
        (False, "大棚补贴", "亩"),
    ]


def test_a_value_to_compare_with_is_no_metric() -> None:
    assert [f.metric for f in read("更换燃气软管1.2万户，较上年1.5万户减少。")] == ["更换燃气软管"] * 2


def test_places_in_turn_have_their_own_numbers() -> None:
    named = ((Kind.PLACE, "松岭区"), (Kind.PLACE, "柳河县"), (Kind.TIER, "瞪羚企业"))
    found = read("松岭区、柳河县2023年新增瞪羚企业分别为8家和3家。", *named)
    assert [(f.metric, named[int(str(f.place)[1:]) - 1][1]) for f in found] == [
        ("新增瞪羚企业", "松岭区"),
        ("新增瞪羚企业", "柳河县"),
    ]
    assert [f.place for f in read("松岭区、柳河县分别新增公园8个、3个、2个。", *named)] == [None] * 3
