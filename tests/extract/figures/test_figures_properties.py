"""What holds for every number, whatever it is."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from extract.figures.figures import find_figures
from extract.model import Kind, Letter, Outline, Sentence, Span
from extract.text.folding import fold_text
from extract.text.numerals import parse_amount
from extract.text.quantities import find_quantities
from ontology.lexicons import load_lexicon

LEX = load_lexicon()
_DIGITS = "零一二三四五六七八九"
_UNITS = ["家", "人次", "个", "平方米", "亩", "万元", "亿元", "%", "个百分点", "公里", "千瓦时", "元", "张", "所"]
_FACTOR = {"万元": 10**4, "亿元": 10**8}
_WORDS = (
    "共有 学校 ， 。 其中 不少于 给予 奖励 以上 2023年 （ ） 1-2 3万 十五 亿 元 % 个 的 、 “ ” "
    "一是 第 条 ： 5 ０ / 月 每人 最高"
)
PIECES = st.sampled_from([*_WORDS.split(), "\n", " "])


def chinese(n: int) -> str:
    """*n* in Chinese numerals, as officials write it."""
    if n == 0:
        return "零"
    parts = []
    for name, size in (("亿", 10**8), ("万", 10**4), ("", 1)):
        section, n = divmod(n, size)
        if section:
            words, gap = "", False
            for unit, power in (("千", 1000), ("百", 100), ("十", 10), ("", 1)):
                digit, section = divmod(section, power)
                if digit:
                    words += ("零" if gap and (words or parts) else "") + _DIGITS[digit] + unit
                    gap = False
                else:
                    gap = True
            parts.append(words + name)
    text = "".join(parts)
    return text.removeprefix("一") if text.startswith("一十") else text


@given(st.integers(min_value=1, max_value=10**12 - 1))
def test_chinese_numerals_come_back(n: int) -> None:
    assert parse_amount(chinese(n)) == n


@given(st.decimals(min_value=Decimal("0.01"), max_value=Decimal(99999), places=2), st.sampled_from(_UNITS))
def test_what_is_printed_is_what_is_read(value: Decimal, unit: str) -> None:
    if value == value.to_integral_value() and 1900 <= value < 2100:
        return  # a year
    text = f"增加了{value}{unit}。"
    found = find_quantities(text, LEX)
    assert [q.value for q in found] == [value * _FACTOR.get(unit, 1)]
    assert found[0].span.of(text) == f"{value}{unit}"


@given(st.integers(min_value=10000, max_value=10**9))
def test_thousands_separators_change_nothing(n: int) -> None:
    plain, grouped = find_quantities(f"投资{n}元", LEX), find_quantities(f"投资{n:,}元", LEX)
    assert [q.value for q in plain] == [q.value for q in grouped] == [n]


@given(st.lists(PIECES, max_size=30))
def test_spans_quote_the_digits_that_they_came_from(pieces: list[str]) -> None:
    text = "".join(pieces)
    for q in find_quantities(text, LEX):
        words = q.span.of(text)
        assert any(c.isdigit() or c in "零一二三四五六七八九十百千万亿两半" for c in words)
        assert q.outer.contains(q.span) or q.ranged
        assert 0 <= q.span.begin < q.span.end <= len(text)


@given(st.lists(PIECES, max_size=40))
def test_folding_keeps_places(pieces: list[str]) -> None:
    text = "".join(pieces)
    folded = fold_text(text)
    assert len(folded.text) == len(folded.source_offsets)
    assert list(folded.source_offsets) == sorted(set(folded.source_offsets))
    for i in range(len(folded.text)):
        assert folded.map_offset(folded.source_offsets[i]) == i


@given(st.lists(PIECES, max_size=40))
def test_any_text_gives_figures_that_stand_in_it(pieces: list[str]) -> None:
    text = "".join(pieces)
    whole = Span(0, len(text))
    outline = Outline(
        (Letter("d1", Kind.LEAD_REPLY, whole, whole),), (), (Sentence(whole, "d1", None, (whole,)),) if text else ()
    )
    first = find_figures(text, outline, (), LEX)
    assert first == find_figures(text, outline, (), LEX)
    for f in first:
        assert 0 <= f.span.begin < f.span.end <= len(text)
        assert f.condition_of is None or f.condition_of in {g.id for g in first}
