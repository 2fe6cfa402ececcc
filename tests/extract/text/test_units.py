"""The unit at a place of a text is the longest that the lexicon has."""

from __future__ import annotations

import pytest

from extract.text.units import UnitTable
from ontology.lexicons import load_lexicon

UNITS = UnitTable(load_lexicon())


@pytest.mark.parametrize(
    ("text", "words", "symbol", "kind"),
    [
        ("元人民币", "元人民币", "CNY", "money"),
        ("圆整", "圆", "CNY", "money"),
        ("个工作日内", "个工作日", "个工作日", "time"),
        ("平方米", "平方米", "平方米", "area"),
        ("家次", "家次", "家次", "count"),
    ],
)
def test_longest_unit(text: str, words: str, symbol: str, kind: str) -> None:
    unit = UNITS.match(text, 0)
    assert unit is not None
    assert (unit.words, unit.symbol, unit.kind) == (words, symbol, kind)


def test_no_unit() -> None:
    assert UNITS.match("。家", 0) is None
    assert UNITS.match("家", 1) is None
