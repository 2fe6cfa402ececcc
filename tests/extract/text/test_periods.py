"""When: times against the day that a letter was written."""

from __future__ import annotations

import re

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
        ("2023年1月1日至12月31日,共有诊所", "2023"),
        ("2023年1月1日至2024年12月31日,共有诊所", "2023-01-01/2024-12-31"),
        ("2022年度招生", "2022"),
        ("2023年6月1日,全市", "2023-06-01"),
        ("2021-2023年共完成", "2021/2023"),
        ("2021年至2023年共完成", "2021/2023"),
        ("2023年前三季度共完成", "2023-Q1/2023-Q3"),
        ("前三季度共完成", "2024-Q1/2024-Q3"),
        ("2023年二、三季度共完成", "2023-Q2/2023-Q3"),
        ("2023年1-3月共完成", "2023-01/2023-03"),
        ("2023年1月至4月共完成", "2023-01/2023-04"),
        ("2022年11月至2023年4月共完成", "2022-11/2023-04"),
        ("2023年前11个月共完成", "2023-01/2023-11"),
        ("1-5月共完成", "2024-01/2024-05"),
        ("2023年3月1日至2024年2月29日，购买", "2023-03-01/2024-02-29"),
        ("2024年3月1日至6月30日，购买", "2024-03-01/2024-06-30"),
        ("2024年3月1日起至2024年6月30日，购买", "2024-03-01/2024-06-30"),
        ("截至今年4月底，建成食堂", "2024-04"),
        ("截至去年底，建成食堂", "2023"),
        ("2021年、2022年、2023年共完成", "2021/2023"),
        ("2021、2022年共完成", "2021/2022"),
        ("2019年和2023年共完成", "2019年和2023年"),
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
        ("水耗较“十三五”末分别下降", "2016/2020", TimeUse.BASE),
        ("产量是2020年的2.6倍", "2020", TimeUse.BASE),
        ("产量达到2020年的三倍", "2020", TimeUse.BASE),
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


def test_a_part_of_the_year_is_of_the_year_that_the_sentence_states() -> None:
    assert stated("2023年,全市年末存款余额") == [("2023", TimeUse.AT), ("2023", TimeUse.AT)]
    assert stated("2023年完成改造。年末存款余额") == [("2023", TimeUse.AT), ("2024", TimeUse.AT)]


def test_half_a_year_is_no_year() -> None:
    assert stated("入职后半年内申请") == []


def before_numbers(text: str) -> list[str]:
    """Return the time stated last before each number of *text* with 家 or %."""
    times = find_times(text, DAY, LEX)
    numbers = [m.start() for m in re.finditer(r"\d+(?=家|%)", text)]
    return [[t.value for t in times if t.span.begin < begin][-1] for begin in numbers]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("2021年、2022年、2023年，新增门店分别为12家、15家和20家", ["2021", "2022", "2023"]),
        ("2022年和2023年，甲县分别新增3家、5家，乙县分别新增7家、9家", ["2022", "2023", "2022", "2023"]),
        ("2021-2023年，分别新增3家、5家、9家", ["2021", "2022", "2023"]),
        ("奖金分别在2024、2025年度按60%、40%兑现", ["2024", "2025"]),
        ("2021年、2022年，新增3家，关闭5家", ["2021/2022", "2021/2022"]),
        ("第一年、第二年、第三年分别给予100%、80%、50%", ["第一年", "第二年", "第三年"]),
        ("首年、次年分别按租金的100%、50%给予补贴", ["首年", "次年"]),
        ("第一年至第三年、第四年至第五年分别按租金的100%、50%", ["第一年至第三年", "第四年至第五年"]),
        ("前两年、后三年给予80%、50%的补贴", ["前两年", "后三年"]),
        ("分别在第一年、第二年按60%、40%兑现", ["第一年", "第二年"]),
        ("2023年底、2024年底分别达到20家、30家", ["2023", "2024"]),
        ("分别于2024年9月底前、2025年3月底前建成茶馆3家、2家", ["2024-09", "2025-03"]),
        ("2024年10月前和2025年4月前依次开业茶馆4家和6家", ["2024-10", "2025-04"]),
        ("2024年、2025年各新建驿站2家、3家", ["2024", "2025"]),
        ("2024年、2025年各新建食堂2家、书屋3家", ["2024/2025", "2024/2025"]),
        ("2024年、2025年各地新增茶馆20家、30家", ["2024/2025", "2024/2025"]),
        ("2023年新增3家，次年新增5家", ["2023", "2024"]),
        ("第一年、第二年，给予50%", ["第二年"]),
        ("2021年至2023年，分别新增3家、5家和9家，年均增长8%", ["2021", "2022", "2023", "2023"]),
        ("2023年，入学率由2020年的62%提高到81%", ["2020", "2023"]),
        ("入学率由2020年的62%提高到2022年的81%", ["2020", "2022"]),
        ("入学率由2020年的62%提高到81%", ["2020", ""]),
        ("2023年，入学率较2020年的62%提高19%", ["2020", "2023"]),
    ],
)
def test_each_number_has_its_own_time(text: str, values: list[str]) -> None:
    assert before_numbers(text) == values


def test_the_time_of_a_new_value_is_no_deadline() -> None:
    assert stated("由62%提高到2023年的81%") == [("2023", TimeUse.AT)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2023年，新建食堂。全年培训", "2023"),
        ("2023年，新建食堂。\n全年培训", "2023"),
        ("2018年印发了规划。\n全年培训", None),
        ("到2030年建成。\n全年培训", None),
        ("全年培训", "2024"),
    ],
)
def test_the_whole_year_is_the_year_under_report_or_none(text: str, value: str | None) -> None:
    found = [t.value for t in find_times(text, DAY, LEX) if t.span.of(text) == "全年"]
    assert found == ([value] if value else [])


def test_the_year_after_an_event_counts_from_it() -> None:
    assert stated("首年给予10万元，次年给予5万元") == [("首年", TimeUse.PHASE), ("次年", TimeUse.PHASE)]


def test_months_that_come_each_year_are_of_no_year() -> None:
    assert stated("2025年受理1260件。每年3月、9月提交申请") == [("2025", TimeUse.AT), ("每年", TimeUse.EVERY)]
    assert ("2024-09", TimeUse.AT) in stated("9月提交申请")
