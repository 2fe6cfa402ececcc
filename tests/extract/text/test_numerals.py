"""Numerals of items, dates and amounts."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.text.numerals import parse_amount, parse_numeral, parse_ordinal


@pytest.mark.parametrize(
    ("words", "value"),
    [("十", 10), ("十九", 19), ("二十", 20), ("九 十 一", 91), ("二〇二三", 2023), ("１９", 19), ("肆", 4)],
)
def test_numerals(words: str, value: int) -> None:
    assert parse_numeral(words) == value


@pytest.mark.parametrize("words", ["", "廿一", "百", "若干", "1.5"])
def test_other_words_are_no_numeral(words: str) -> None:
    with pytest.raises(ValueError):
        parse_numeral(words)


@pytest.mark.parametrize(
    ("marker", "number"),
    [("一", 1), ("十二", 12), ("3", 3), ("③", 3), ("⑳", 20), ("首先", 1), ("其次", 0), ("此外", 0)],
)
def test_markers_of_items(marker: str, number: int) -> None:
    assert parse_ordinal(marker) == number


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("三百二十", 320), ("两万五千", 25000), ("三万五", 35000), ("一百零五", 105), ("十", 10), ("二〇二六", 2026),
        ("一亿二千万", 120_000_000), ("半", Decimal("0.5")),
    ],
)  # fmt: skip
def test_amounts(words: str, value: int | Decimal) -> None:
    assert parse_amount(words) == value


@pytest.mark.parametrize("words", ["一二", "百百", "三四百", "若干", "十亩"])
def test_other_words_are_no_amount(words: str) -> None:
    assert parse_amount(words) is None


@given(st.integers(1, 9), st.integers(0, 9), st.integers(0, 9))
def test_hundreds_come_back(hundreds: int, tens: int, ones: int) -> None:
    digits = "零一二三四五六七八九"
    words = f"{digits[hundreds]}百"
    words += f"{digits[tens]}十" if tens else "零" if ones else ""
    words += digits[ones] if ones else ""
    assert parse_amount(words) == 100 * hundreds + 10 * tens + ones
