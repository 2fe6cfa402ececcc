"""What sort of support an amount is, by the noun that it is an amount of."""

from __future__ import annotations

import pytest

from extract.model import Kind, Source, Support
from extract.pipeline import extract

TITLE = "澄溪市支持企业发展若干措施\n\n"


def list_supports(sentence: str) -> list[tuple[str, Support | None]]:
    figures = extract(Source("措施.txt", f"{TITLE}一、{sentence}\n")).figures
    return [(figure.metric, figure.support) for figure in figures if figure.kind is Kind.PROVISION]


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("对新建的冷链企业，给予10万元一次性奖励。", [("一次性奖励", Support.GRANT)]),
        ("对贷款的小微企业，按贷款利息的50%给予贴息。", [("贴息（按贷款利息）", Support.GRANT)]),
        ("老旧电梯更新补贴由每台5万元提高至每台8万元。", [("老旧电梯更新补贴", Support.GRANT)]),
        (
            "对农户购机按价款的30%给予补助，最高不超过2万元。",
            [("补助（按价款）", Support.GRANT), ("补助", Support.GRANT)],
        ),
        (
            "对一孩、二孩家庭分别给予1000元、2000元生育补贴。",
            [("生育补贴", Support.GRANT), ("生育补贴", Support.GRANT)],
        ),
        (
            "补贴总金额3000万元，对购车的个人每人给予补贴2000元。",
            [("补贴总金额", Support.BUDGET), ("补贴", Support.GRANT)],
        ),
        (
            "对新购设备的企业给予贴息，单户企业贴息金额最高200万元，贴息贷款总规模最高20亿元。",
            [("单户企业贴息金额", Support.GRANT), ("贴息贷款", Support.BUDGET)],
        ),
        ("对农户给予保费补贴，补贴资金总额控制在3亿元以内。", [("补贴资金总额", Support.BUDGET)]),
        ("同一企业累计奖励总额不超过200万元。", [("同一企业累计奖励总额", Support.GRANT)]),
        ("双职工家庭公积金贷款最高额度由40万元提高至60万元。", [("双职工家庭公积金贷款最高额度", Support.CREDIT)]),
        ("个人消费贷款授信额度最高30万元。", [("个人消费贷款授信额度", Support.CREDIT)]),
        ("对小规模纳税人减按1%征收率征收增值税。", [("增值税", Support.RELIEF)]),
        ("首套住房贷款最低首付款比例为15%。", [("首套住房贷款最低首付款比例", Support.OTHER_TERM)]),
    ],
)
def test_the_noun_of_an_amount_tells_what_is_given(sentence: str, found: list[tuple[str, Support]]) -> None:
    assert list_supports(sentence) == found


@pytest.mark.parametrize(
    "sentence",
    [
        "项目逾期竣工的，违约金按土地价款的10%且不超过1000万元缴纳。",
        "逾期不整改的，处以5万元罚款。",
        "对年营业收入2000万元以上的企业，在用地上优先保障。",
    ],
)
def test_penalties_and_data_of_firms_are_no_support(sentence: str) -> None:
    assert list_supports(sentence) == []


@pytest.mark.parametrize(
    ("sentence", "metrics"),
    [
        ("对符合条件的购房者，按所缴纳契税总额80%（二孩）、100%（三孩）给予补贴。", ["补贴（按所缴纳契税总额）"] * 2),
        ("多子女家庭住房公积金最高贷款额度上浮20%。", ["多子女家庭住房公积金最高贷款额度上浮"]),
        ("租房提取额度每月增加500元。", ["租房提取额度增加"]),
        ("住房公积金贷款额度分别上调10%、20%。", ["住房公积金贷款额度上调"] * 2),
        ("租房提取额度增加至2000元。", ["租房提取额度"]),
        ("对低能耗建筑示范项目每平方米奖励100元。", ["奖励"]),
    ],
)
def test_a_sum_that_is_added_says_so_and_members_share_their_name(sentence: str, metrics: list[str]) -> None:
    assert [metric for metric, _ in list_supports(sentence)] == metrics


def list_periods(sentence: str) -> list[tuple[str, str, str]]:
    figures = extract(Source("措施.txt", f"{TITLE}一、{sentence}\n")).figures
    return [(str(figure.value), figure.metric, figure.period) for figure in figures]


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        (
            "对入驻企业第一年、第二年、第三年分别给予10万元、8万元、5万元补贴。",
            [("100000", "补贴", "第一年"), ("80000", "补贴", "第二年"), ("50000", "补贴", "第三年")],
        ),
        (
            "对入驻企业首年、次年分别按租金的100%、50%给予补贴。",
            [("100", "补贴（按租金）", "首年"), ("50", "补贴（按租金）", "次年")],
        ),
        (
            "对总部企业，前两年按租金的80%、后三年按租金的50%给予补助。",
            [("80", "补助（按租金）", "前两年"), ("50", "补助（按租金）", "后三年")],
        ),
        (
            "对入驻企业按第一年100%、第二年50%的比例给予租金补贴。",
            [("100", "租金补贴", "第一年"), ("50", "租金补贴", "第二年")],
        ),
        (
            "对养老机构第一年给予10万元、第二年给予年租金的50%补助。",
            [("100000", "补助", "第一年"), ("50", "补助（按年租金）", "第二年")],
        ),
        (
            "2025年、2026年分别培育瞪羚企业20家、30家。",
            [("20", "培育瞪羚企业", "2025"), ("30", "培育瞪羚企业", "2026")],
        ),
        ("毕业3年内的高校毕业生创业的，给予1万元补贴。", [("3", "毕业", ""), ("10000", "补贴", "")]),
    ],
)
def test_a_value_is_that_of_its_own_year(sentence: str, found: list[tuple[str, str, str]]) -> None:
    assert list_periods(sentence) == found


@pytest.mark.parametrize(
    ("sentence", "metric"),
    [
        ("对租用厂房的企业，按市场价的70%给予租金补贴。", "租金补贴（按市场价）"),
        ("对购置设备的企业，按设备投资额的10%给予补助。", "补助（按设备投资额）"),
        ("对入驻企业给予年租金50%的补贴。", "补贴（按年租金）"),
        ("对总部企业，按照其实际贷款利息的30%给予贴息。", "贴息（按实际贷款利息）"),
        ("对瞪羚企业按研发投入10%比例给予补助。", "补助（按研发投入）"),
        ("租金按市场价的70%收取。", "租金（按市场价）"),
        ("对购房人按其实际缴纳的契税予以50%的财政补贴。", "财政补贴（按实际缴纳的契税）"),
        ("对企业按投资额给予10%的补助。", "补助（按投资额）"),
        ("对入驻企业给予50%的租金补贴。", "租金补贴"),
    ],
)
def test_a_share_says_what_it_is_of(sentence: str, metric: str) -> None:
    assert [name for name, _ in list_supports(sentence)] == [metric]


@pytest.mark.parametrize(
    ("sentence", "metric"),
    [
        ("对1亿元以上的企业给予20万元奖励。", ""),
        ("对年产值首次突破10亿元的企业，给予20万元奖励。", "年产值"),
        ("对投资1亿元以上的企业给予20万元奖励。", "投资"),
    ],
)
def test_a_threshold_of_money_is_never_named_by_the_firms(sentence: str, metric: str) -> None:
    figures = extract(Source("措施.txt", f"{TITLE}一、{sentence}\n")).figures
    assert [figure.metric for figure in figures if figure.kind is Kind.CONDITION] == [metric]


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("对企事业单位，每采用1件发明专利资助1万元。", [("10000", "发明专利资助", "件")]),
        ("每新增1个省级平台奖励20万元。", [("200000", "省级平台奖励", "个")]),
    ],
)
def test_the_unit_of_a_payment_is_no_part_of_its_name(sentence: str, found: list[tuple[str, str, str]]) -> None:
    figures = extract(Source("措施.txt", f"{TITLE}一、{sentence}\n")).figures
    assert [(str(f.value), f.metric, f.per) for f in figures] == found


def test_a_value_that_is_reckoned_with_is_no_support() -> None:
    assert list_supports("职工缴存余额不足1.5万元的，按照1.5万元计算可贷款额度。") == []
