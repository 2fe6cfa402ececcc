"""Text for number rules: broken words are joined, numbers never are, and every offset leads back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.text.folding import fold_text


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        ("给予50 万元奖励", "给予50万元奖励"),
        ("拨付5000万\n元资金", "拨付5000万元资金"),
        ("增长９．５％", "增长9.5%"),
        ("2022 2023", "2022 2023"),
        ("拨付1 200万元", "拨付1200万元"),
        ("拨付1 200 万元", "拨付1200万元"),
        ("拨付１２，３４５.６万元", "拨付12,345.6万元"),
        ("分别为110，120家", "分别为110，120家"),
        ("2023年5月，345家", "2023年5月，345家"),
        ("甲 12 350 家", "甲12 350家"),
        ("电话0799 123 456", "电话0799 123 456"),
        ("共有企业128\n家。", "共有企业128家。"),
        ("工作完成。\n下一步", "工作完成。\n下一步"),
    ],
)
def test_what_the_rules_read(printed: str, read: str) -> None:
    assert fold_text(printed).text == read


@given(st.text(alphabet=st.sampled_from("共１2 \n\u3000万元家。５%％，"), max_size=30))
def test_every_character_leads_back_to_its_place(text: str) -> None:
    folded = fold_text(text)
    for i, c in enumerate(folded.text):
        printed = folded.map_to_source(i, i + 1).of(text)
        assert printed == c or (printed in "１５％，" and c in "15%,")
        assert folded.map_offset(folded.source_offsets[i]) == i
    assert folded.map_offset(len(text)) == len(folded.text)
