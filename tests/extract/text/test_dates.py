"""Dates as officials print them become ISO dates."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.text.dates import find_dates, parse_date
from extract.text.numerals import parse_numeral


@pytest.mark.parametrize(
    ("words", "iso"),
    [
        ("2023年6月19日", "2023-06-19"),
        ("2023年 6月 19日", "2023-06-19"),
        ("２０２３年６月１９日", "2023-06-19"),
        ("2 0 1 7 年 8 月 18 日", "2017-08-18"),
        ("二〇二三年六月十九日", "2023-06-19"),
        ("二 〇 二 四 年 六 月 十 四 日", "2024-06-14"),
        ("二〇二四 年 六月十四 日", "2024-06-14"),
        ("2 0 2 4 年 0 6 月 1 4 日", "2024-06-14"),
        ("2024-06-28", "2024-06-28"),
        ("2024/6/28", "2024-06-28"),
        ("2024.6.8", "2024-06-08"),
        ("2022年4月", "2022-04"),
        ("2022年底", "2022"),
        ("松原镇人民政府2024年3月5日印发", "2024-03-05"),
    ],
)
def test_forms(words: str, iso: str) -> None:
    assert parse_date(words) == iso


@pytest.mark.parametrize("zero", "〇○◯零０0")
def test_a_zero_may_be_printed_in_many_ways(zero: str) -> None:
    assert parse_date(f"二{zero}二四年十二月三十一日") == "2024-12-31"


@pytest.mark.parametrize(
    "words", ["2023年13月1日", "2023年2月30日", "三年左右", "1.2.3.4", "0719-6628013", "文件〔2023〕5号", ""]
)
def test_no_date(words: str) -> None:
    assert parse_date(words) is None


def test_spans_quote_the_words() -> None:
    text = "自2024年5月1日起施行，2021-03-02的办法同时废止"
    assert [(span.of(text), value) for span, value in find_dates(text)] == [
        ("2024年5月1日", "2024-05-01"),
        ("2021-03-02", "2021-03-02"),
    ]


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2099, 12, 31)))
def test_every_day_comes_back(day: date) -> None:
    assert parse_date(f"{day.year}年{day.month}月{day.day}日") == day.isoformat()


@given(st.integers(min_value=1, max_value=99))
def test_numerals_below_a_hundred(n: int) -> None:
    digits = "零一二三四五六七八九"
    tens, ones = divmod(n, 10)
    words = (("" if tens == 1 else digits[tens]) + "十" if tens else "") + (digits[ones] if ones else "")
    assert parse_numeral(words) == n
