"""Which kind of figure a number makes in a policy text, on sentences about an invented city."""

from __future__ import annotations

import re

import pytest

from extract.figures.figures import find_figures
from extract.model import Bound, Field, Figure, Kind, Letter, Outline, Part, Sentence, Span
from ontology.lexicons import load_lexicon

LEX = load_lexicon()
PLAN = "霁川市2023年优化服务责任清单"
RULES = "霁川市支持安居若干措施"


def read(text: str, title: str = PLAN) -> list[Figure]:
    """Return the figures of a policy text that consists of *text*."""
    whole, none = Span(0, len(text)), Span(0, 0)
    fields = Field("issued", "2023-03-06", none), Field("title", title, none)
    outline = Outline(
        (Letter("d1", Kind.INSTRUMENT, whole, whole, fields),),
        (Part("p1", "d1", Kind.MEASURE, "一", whole, None, None),),
        tuple(Sentence(Span(*m.span()), "d1", "p1", (Span(*m.span()),)) for m in re.finditer("[^。]+。?", text)),
    )  # fmt: skip
    return list(find_figures(text, outline, [], LEX))


def kinds(text: str, title: str = PLAN) -> list[tuple[float, Kind]]:
    return [(float(f.value), f.kind) for f in read(text, title)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2023年全市新增步道300公里。", 300),
        ("将开店审批时限压缩至3个工作日以内。", 3),
        ("全市科技型企业突破900家。", 900),
        ("渔船年审平均办理时间由9个工作日压缩至4个工作日。", 4),
        ("全年培训园艺师2000名。", 2000),
        ("船舶保险承保规模不低于50亿元。", 5e9),
    ],
)
def test_what_a_plan_shall_reach_is_a_target(text: str, value: float) -> None:
    assert kinds(text)[-1] == (value, Kind.TARGET)


@pytest.mark.parametrize(
    "text",
    [
        "截至目前，全市已建成步道300公里。",
        "2021年全市新增步道300公里。",
        "累计培训园艺师2000名。",
        "充分发挥7条滨江步道的作用。",
    ],
)
def test_what_a_plan_tells_of_the_past_is_a_fact(text: str) -> None:
    assert [k for _, k in kinds(text)] == [Kind.OBSERVATION]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("购房人按已缴纳契税的15%给予补贴。", [15]),
        ("夫妻双方缴存的，最高可贷款95万元。", [950000]),
        ("多子女家庭住房公积金最高贷款限额上浮30%。", [30]),
        ("贷款额度调高至账户缴存余额的12倍。", [12]),
        ("公积金可贷额度为申请人账户余额之和的18倍。", [18]),
        ("甲类人才/按房价总额的20%，最高不超过30万元。", [20, 300000]),
        ("对参展的展位费给予补助，最高不超过85%。", [85]),
        ("租房最高提取额度统一提高至4万元。", [40000]),
        ("对小微企业每年发放15万元科研仪器使用券。", [150000]),
        ("先行缴纳城市基础设施配套费40%，剩余60%由企业申请分期缴纳。", [40, 60]),
    ],
)
def test_terms_of_support_are_provisions(text: str, values: list[float]) -> None:
    assert kinds(text, RULES) == [(v, Kind.PROVISION) for v in values]


def test_the_value_that_a_term_changes_is_a_fact_of_the_past() -> None:
    found = kinds("单缴存职工最高贷款额度由25万提高至35万。", RULES)
    assert found == [(250000, Kind.OBSERVATION), (350000, Kind.PROVISION)]


def test_what_a_clause_with_a_receiver_gives_is_no_condition() -> None:
    assert kinds("对采摘设备给予不超过购置价25%的补贴，每年总规模最高900万元。", RULES)[0] == (25, Kind.PROVISION)


def test_what_shall_be_done_at_least_is_a_target_in_any_policy_text() -> None:
    assert kinds("各科室每季度至少撰写1篇案例。", "霁川市园林局首问制度") == [(1, Kind.TARGET)]


@pytest.mark.parametrize(
    ("text", "old", "new"),
    [
        ("单缴存职工公积金最高贷款额度由25万元提高到35万元。", 250000, 350000),
        ("提高贷款额度与缴存余额挂钩倍数，由原先10倍提高至15倍。", 10, 15),
        ("对加装电梯的小区，补助标准由每台6万元提高至9万元。", 60000, 90000),
    ],
)
def test_a_changed_term_of_support(text: str, old: float, new: float) -> None:
    assert kinds(text, RULES) == [(old, Kind.OBSERVATION), (new, Kind.PROVISION)]
    assert read(text, RULES)[0].rule == "figure.former"


@pytest.mark.parametrize(
    "text",
    [
        "本市户籍居民家庭限购3套住房。",
        "在城东新区可再购买1套住房。",
        "对农业用户执行0.215元/千瓦时目录电价。",
        "开发企业可按照不低于房屋备案价85折的优惠幅度销售。",
        "住宅层高由不宜大于3.1米调整为不宜大于3.5米。",
        "完善河湖巡查机制（1分）。",
        "评估采取问卷80%+走访20%的方式。",
        "每名教师住房补贴只享受1次。",
        "取消首套住房和二套住房贷款利率下限。",
        "推出夜间公交、就近入学等15项举措。",
        "上述5项由市园林局负责。",
        "水渠两侧5米范围内禁止堆土。",
        "在此3类行业开店的，免除保证。",
        "160千瓦及以下的用户实行零投资接电。",
        "补贴资金由市、区按3:7比例负担。",
        "对购房人给予补贴，补贴资金由市、区按3:7比例负担。",
    ],
)
def test_rules_and_numbers_that_count_nothing(text: str) -> None:
    assert kinds(text, RULES) == []


@pytest.mark.parametrize(
    "text",
    [
        "粮食价格涨幅达到7%时启动保供机制。",
        "当粮食价格单月涨幅达到7%，启动保供机制。",
        "有2个及以上未成年子女的家庭，适用首套住房政策。",
        "对剩余不超过20%的房源，允许调整售价。",
        "阳台按不高于总建筑面积40%的比例办理许可。",
    ],
)
def test_when_a_measure_applies_is_a_condition(text: str) -> None:
    assert [k for _, k in kinds(text, RULES)] == [Kind.CONDITION]


def test_who_bears_a_cost_is_no_support() -> None:
    assert [k for _, k in kinds("培训费用30%由学校承担。", RULES)] != [Kind.PROVISION]


def test_a_size_class_stays_a_condition_of_support() -> None:
    found = kinds("购买住房面积为120平方米及以下的，给予2万元补贴。", RULES)
    assert found == [(120, Kind.CONDITION), (20000, Kind.PROVISION)]


def test_a_limit_with_its_own_bounds_is_one_figure() -> None:
    found = kinds("购买面积在110平方米以下（含110平方米）的住房，给予2万元补贴。", RULES)
    assert found == [(110, Kind.CONDITION), (20000, Kind.PROVISION)]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("对花农的应税收入减按1%征收率征收增值税。", [1]),
        ("园艺检验费按现行标准的80%收取。", [80]),
        ("花圃研发费用按实际发生额的100%在税前加计扣除。", [100]),
        ("对苗木企业减按25%计入应纳税所得额，按20%的税率缴纳所得税。", [25, 20]),
    ],
)
def test_a_reduced_rate_of_a_tax_or_fee_is_a_support(text: str, values: list[float]) -> None:
    assert kinds(text, RULES) == [(value, Kind.PROVISION) for value in values]


@pytest.mark.parametrize(
    "text",
    [
        "住宅去化周期在18个月以上的区域，可暂停供地。",
        "一年内办理预售许可的需在许可前缴清价款。",
    ],
)
def test_what_decides_to_whom_a_rule_applies_is_a_condition(text: str) -> None:
    assert [kind for _, kind in kinds(text, RULES)] == [Kind.CONDITION]


def test_what_has_happened_lately_is_no_promise() -> None:
    assert kinds("及时跟进最近5起投诉处理情况。") == [(5.0, Kind.OBSERVATION)]


@pytest.mark.parametrize("text", ["研发费用未达到100万元的企业不予奖励。", "已获补贴超过50万元的不予补贴。"])
def test_what_is_denied_is_no_support(text: str) -> None:
    assert [kind for _, kind in kinds(text, RULES)] == [Kind.CONDITION]


def test_a_second_bound_measures_what_the_first_one_does() -> None:
    found = read("研发费用占比不低于3%且未超过10%的企业，给予20万元奖励。", RULES)
    assert [f.metric for f in found] == ["研发费用占比", "研发费用占比", "奖励"]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("对数字工厂给予20万元奖励，取消原对入库企业8万元的补助。", [2e5]),
        ("对已享受省级补助的门店，不再给予30万元补助。", []),
        ("原办法中对示范农场奖励15万元的规定停止执行。", []),
        ("每户补助500元的政策，自2025年7月1日起取消。", []),
        ("对取消限价的企业给予6万元奖励。", [6e4]),
        ("对不享受生育津贴的职工，给予2000元补助。", [2000]),
        ("停止发放每月200元的运营补贴。", []),
        ("暂停执行每吨200元的运输补贴政策。", []),
        ("每吨补贴200元的政策暂缓实施。", []),
        ("企业应退回奖励资金10万元。", []),
        ("取消收费后每人补贴100元。", [100]),
    ],
)
def test_what_is_stopped_or_refused_is_no_support(text: str, values: list[float]) -> None:
    assert [value for value, kind in kinds(text, RULES) if kind is Kind.PROVISION] == values


@pytest.mark.parametrize(
    ("text", "threshold", "amount"),
    [
        ("连续两年增长12%以上的再奖励3万元。", 12, 3e4),
        ("年出口额超过600万美元的再补助3万元。", 6e6, 3e4),
        ("增幅不低于8%的一次性奖励3万元。", 8, 3e4),
    ],
)
def test_what_an_amount_is_given_for_is_a_threshold(text: str, threshold: float, amount: float) -> None:
    assert kinds(text, RULES) == [(threshold, Kind.CONDITION), (amount, Kind.PROVISION)]


@pytest.mark.parametrize("text", ["对毕业生给予20万元以上的奖励。", "给予不低于20万元的补助。"])
def test_a_least_amount_is_a_support(text: str) -> None:
    assert kinds(text, RULES) == [(2e5, Kind.PROVISION)]


@pytest.mark.parametrize(
    "text",
    [
        "单个企业补助不超过9辆。",
        "同一企业补贴最多9台。",
        "单个项目资助名额不超过9名。",
        "同一单位每年享受补贴不超过9次。",
    ],
)
def test_how_many_things_are_supported_at_most_is_no_support(text: str) -> None:
    (figure,) = read(text, RULES)
    assert (figure.kind, figure.bound, figure.rule) == (Kind.OBSERVATION, Bound.AT_MOST, "figure.rule")


def test_old_values_of_a_policy_are_no_supports() -> None:
    found = read("将托位补贴标准由每人每月800元、600元分别提高到1000元、900元。", RULES)
    assert [f.kind for f in found] == [Kind.OBSERVATION] * 2 + [Kind.PROVISION] * 2
    assert [f.per for f in found[2:]] == ["人/月", "人/月"]


@pytest.mark.parametrize(
    ("note", "period", "deadline"),
    [
        ("完成时限：2023年9月", "2023-09", "2023-09"),
        ("完成时限：2023年底前", "2023", "2023"),
        ("完成时限：持续推进", "", ""),
        ("完成时限：长期坚持", "", ""),
    ],
)
def test_work_that_goes_on_has_neither_deadline_nor_the_year_of_the_plan(note: str, period: str, deadline: str) -> None:
    (figure,) = read(f"确保按期整改率达到98%。牵头单位：市政务办。{note}。")
    assert (figure.period, figure.deadline) == (period, deadline)


def test_who_bears_which_part_of_a_cost_is_no_goal() -> None:
    found = read("补助资金由区级财政承担70%，市级财政承担30%。", RULES)
    assert [(f.kind, f.rule) for f in found] == [(Kind.OBSERVATION, "figure.cost share")] * 2


def test_both_ends_of_a_range_measure_the_same() -> None:
    found = read("对冷库容积1200立方米至6000立方米的企业，每立方米补助90元；1200立方米以下的不予补助。", RULES)
    assert [f.metric for f in found] == ["冷库容积", "冷库容积", "补助", ""]


def test_what_was_counted_up_to_a_day_that_is_past_is_a_fact() -> None:
    assert kinds("截至2022年底，全市建成养老驿站430个，护理型床位占比为2.9%。") == [
        (430, Kind.OBSERVATION), (2.9, Kind.OBSERVATION),
    ]  # fmt: skip


def test_a_goal_behind_what_was_counted_is_a_target() -> None:
    assert kinds("截至2022年底建成养老驿站430个，力争达到500个。")[-1] == (500, Kind.TARGET)
    assert kinds("截至2022年底建成养老驿站430个，2024年新建养老驿站80个。")[-1] == (80, Kind.TARGET)
    assert kinds("截至2024年底，全市建成养老驿站600个。") == [(600, Kind.TARGET)]
