"""Numerals of items, dates and amounts."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.text.numerals import (
    parse_amount,
    parse_decimal,
    parse_formal,
    parse_magnitudes,
    parse_numeral,
    parse_ordinal,
)


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
        ("一亿二千万", 120_000_000), ("半", Decimal("0.5")), ("三千九百七十一", 3971),
        ("九千零一亿零二十万零三", 900_100_200_003),
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


@pytest.mark.parametrize(
    ("words", "value"),
    [("叁拾万", 300_000), ("壹佰贰拾叁万肆仟伍佰", 1_234_500), ("贰億", 200_000_000), ("柒", 7), ("佰佰", None)],
)
def test_formal_numerals(words: str, value: int | None) -> None:
    assert parse_formal(words) == value


@pytest.mark.parametrize(("words", "value"), [("十二点五", "12.5"), ("三", "3"), ("百百点五", None)])
def test_numerals_with_a_fraction(words: str, value: str | None) -> None:
    assert parse_decimal(words) == (None if value is None else Decimal(value))


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("3亿5000万", 350_000_000), ("13万2千", 132_000), ("1亿2千3百万", 123_000_000), ("2万500", 20_500),
        ("2万亿3000亿", 2_300_000_000_000), ("3亿1.5万", 300_015_000),
        ("13万2千亿", 13_200_000_000_000), ("1万3千2百亿", 1_320_000_000_000), ("13万2000亿", 13_200_000_000_000),
        ("1.5亿2万", None), ("3万5亿", None), ("2万30000", None), ("2千3千", None),
    ],
)  # fmt: skip
def test_several_magnitudes(words: str, value: int | None) -> None:
    assert parse_magnitudes(words) == value


@given(st.integers(1, 9999), st.integers(1, 9999), st.integers(10, 9999))
def test_magnitudes_add_up(first: int, second: int, third: int) -> None:
    assert parse_magnitudes(f"{first}亿{second}万{third}") == first * 10**8 + second * 10**4 + third
