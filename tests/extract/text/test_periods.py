"""When: times against the day that a letter was written."""

from __future__ import annotations

import pytest

from extract.text.periods import TimeUse, find_times
from ontology.lexicons import load_lexicon

LEX = load_lexicon()
DAY = "2024-06-18"


def stated(text: str, issued: str = DAY) -> list[tuple[str, TimeUse]]:
    return [(t.value, t.use) for t in find_times(text, issued, LEX)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2023年一季度,全区共有诊所", "2023-Q1"),
        ("2023年上半年新增就业", "2023-H1"),
        ("2023年3月末,贷款余额", "2023-03"),
        ("截至2024年4月底,建成食堂", "2024-04"),
        ("截至2022年底,累计培训", "2022"),
        ("2023年末常住人口", "2023"),
        ("2022年度招生", "2022"),
        ("2023年6月1日,全市", "2023-06-01"),
        ("2021-2023年共完成", "2021/2023"),
        ("2021年至2023年共完成", "2021/2023"),
        ("截至目前,全市共有学校", DAY),
        ("目前,全市共有学校", DAY),
        ("去年完成造林", "2023"),
        ("今年新开通线路", "2024"),
        ("一季度新建公园", "2024-Q1"),
        ("去年下半年新建公园", "2023-H2"),
        ("“十四五”期间新建公园", "2021/2025"),
        ("近三年流失率", "近三年"),
    ],
)
def test_period(text: str, value: str) -> None:
    assert stated(text) == [(value, TimeUse.AT)]


@pytest.mark.parametrize(
    ("text", "value", "use"),
    [
        ("到2026年,覆盖率达到", "2026", TimeUse.BY),
        ("力争2024年末突破", "2024", TimeUse.BY),
        ("2025年底前完成", "2025", TimeUse.BY),
        ("年底前建成", "2024", TimeUse.BY),
        ("较2020年增长", "2020", TimeUse.BASE),
        ("比上年提高", "2023", TimeUse.BASE),
        ("2022年以来已支持", f"2022/{DAY}", TimeUse.SINCE),
        ("每年组织活动", "每年", TimeUse.EVERY),
        ("前3年给予奖励", "前3年", TimeUse.PHASE),
        ("自2024年4月1日起施行", "2024-04-01", TimeUse.ACT),
    ],
)
def test_use(text: str, value: str, use: TimeUse) -> None:
    assert stated(text) == [(value, use)]


def test_a_quarter_belongs_to_the_year_stated_before_it() -> None:
    assert stated("2022年完成86条。一季度完成12条") == [("2022", TimeUse.AT), ("2022-Q1", TimeUse.AT)]


def test_years_in_titles_and_document_numbers_are_no_times() -> None:
    assert stated("印发《停车三年行动方案(2023-2025年)》(云停发〔2023〕12号)") == []


def test_relative_times_need_a_date() -> None:
    assert stated("去年完成造林,目前长势良好", issued="") == []


def test_what_one_payment_is_for_is_no_frequency() -> None:
    assert stated("给予每人每年15万元补助") == []


def test_a_project_in_its_early_days_is_not_now() -> None:
    assert stated("做实重大项目前期工作") == []
