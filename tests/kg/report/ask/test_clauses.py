"""The text around numbers: which words belong to which."""

from __future__ import annotations

import pytest

from kg.report.ask.clauses import read_context
from kg.report.ask.grammar import load_grammar


def read(text: str, number: str, earlier: str = "") -> tuple[str, str]:
    begin = text.index(number)
    end = text.index(earlier) + len(earlier) if earlier else 0
    context = read_context(text, begin, begin + len(number), end, load_grammar())
    return context.clause, context.stretch


def test_clause_begins_behind_a_comma_or_the_number_before_it() -> None:
    text = "全市共有书店79家、茶馆12家，其中老字号茶馆3家。另有剧院2座。"
    assert read(text, "12家", "79家")[0] == "、茶馆12家"
    assert read(text, "3家", "12家") == ("其中老字号茶馆3家", "全市共有书店79家、茶馆12家，其中老字号茶馆3家")


@pytest.mark.parametrize("words", ["给予一次性奖励30万元", "按每家30万元给予补助"])
def test_clause_without_a_subject_takes_in_the_one_before_it(words: str) -> None:
    assert "首次入库的书店" in read(f"对首次入库的书店，{words}。", "30万元")[0]


def test_clause_behind_another_number_has_a_subject_of_its_own() -> None:
    text = "对书店，给予5万元奖励，给予茶馆10万元奖励。"
    assert "书店" not in read(text, "10万元", "5万元")[0]


def test_clause_that_goes_on_keeps_its_subject() -> None:
    text = "保证金不超过估算价的1%，且最高不得超过50万元。"
    assert "保证金" in read(text, "50万元", "1%")[0]
