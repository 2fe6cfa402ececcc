"""Signs that look the same are one sign, and offsets stay."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.text.signs import fold_signs, is_traditional


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


LETTER = "顧雲舟委員：您提出的《關於加快農村供水改造的提案》收悉。現答覆如下：覆蓋率達98%，隨著水廠建成，惠及3.1萬戶。"


def test_a_text_in_traditional_characters_is_folded_as_a_whole() -> None:
    folded = (
        "顾云舟委员：您提出的《关于加快农村供水改造的提案》收悉。现答复如下：覆盖率达98%，随着水厂建成，惠及3.1万户。"
    )
    assert fold_signs(LETTER) == folded and len(folded) == len(LETTER)


def test_a_traditional_character_in_another_text_stays() -> None:
    text = "后街老字號“龍鳳祥”乾洗店於今年开业，覆盖三个社区，著名商户很多，服务群众。" * 2
    assert fold_signs(text) == text


@given(st.text(st.characters(codec="gb2312")))
def test_no_text_in_simplified_characters_is_taken_for_one(text: str) -> None:
    assert not is_traditional(text)


@given(st.one_of(st.text(), st.text(st.characters(codec="big5"))))
def test_offsets_stay(text: str) -> None:
    once = fold_signs(text)
    assert len(once) == len(text) and fold_signs(once) == once
