"""Which candidate names stay, whatever the model says."""

from __future__ import annotations

import pytest

from extract.model import Kind
from extract.relations.retention import decision
from tests.support.reading import labels, read, reply


@pytest.mark.parametrize("words", ["设立茶产业再贷款，额度8亿元", "推出了茶产业再贷款,总规模8亿元"])
def test_a_program_that_is_set_up_with_money_is_a_name(words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decision, "_score", lambda *_: 0.0)
    x = read(reply(f"目前，人民银行已{words}。"))
    assert labels(x, Kind.PROGRAM) == {"茶产业再贷款"}
    assert [x.find_entity("茶产业再贷款").id] == [f.about for f in x.figures]  # type: ignore[union-attr]
