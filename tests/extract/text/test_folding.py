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
        assert printed == c or (printed in "１５％" and c in "15%")
        assert folded.map_offset(folded.source_offsets[i]) == i
    assert folded.map_offset(len(text)) == len(folded.text)
