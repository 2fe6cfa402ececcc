"""Signs that look the same are one sign, and offsets stay."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.text.signs import fold_signs


@pytest.mark.parametrize(
    ("printed", "folded"),
    [
        ("市⼈⼒资源局、市⺠政局", "市人力资源局、市民政局"),
        ("栖府办﹝２０２３﹞１２号", "栖府办〔2023〕12号"),
        ("栖府办［2023］12号", "栖府办〔2023〕12号"),
        ("⻓⻔⻘⻰", "长门青龙"),
        ("\uf98e度目标\ufa1d神", "年度目标精神"),
        ("Ａ类", "A类"),
        ("已办理，共12件。", "已办理，共12件。"),
    ],
)
def test_signs_are_folded(printed: str, folded: str) -> None:
    assert fold_signs(printed) == folded


@given(st.text())
def test_offsets_stay(text: str) -> None:
    once = fold_signs(text)
    assert len(once) == len(text) and fold_signs(once) == once
