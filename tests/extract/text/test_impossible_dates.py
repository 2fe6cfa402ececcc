"""Dates in figures that do not exist."""

from __future__ import annotations

import pytest

from extract.text.dates import is_impossible_date
from extract.text.periods import find_times
from ontology.lexicons import load_lexicon


@pytest.mark.parametrize("words", ["2024-13-45", "2024年2月30日", "2023.02.29", "2024/6/31", "2024年13月"])
def test_there_is_no_such_day(words: str) -> None:
    assert is_impossible_date(f"答复日期：{words}")


@pytest.mark.parametrize(
    "words", ["2024-02-29", "2024年6月", "2023/2024", "霁政发〔2024〕45号", "2024-2026年", "2024年"]
)
def test_there_is_such_a_day_or_it_is_no_date(words: str) -> None:
    assert not is_impossible_date(words)


def test_of_a_day_that_does_not_exist_the_month_is_stated() -> None:
    times = find_times("2024年2月30日前完成改造5家。2024年2月28日前完成3家。", "2023-05-09", load_lexicon())
    assert [time.value for time in times] == ["2024-02", "2024-02-28"]
