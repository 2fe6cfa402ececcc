"""When two spellings are one name, and where a folded text stands in its page."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.model import Span
from extract.text.folding import search_fold_page
from extract.text.normalize import (
    find_occurrences,
    include_quotes,
    name_key,
    number_key,
    remove_space,
    search_fold,
    title_key,
)

ODD = st.text(alphabet=st.sampled_from("“”《》（）()·、，—－ \n\u3000ＡａA霁川企业12"), max_size=30)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("“强链、补链”行动", "强链补链行动"),
        ("《霁川市人才办法》（试行）", "霁川市人才办法(试行)"),
        ("ＡＰＰ 平台", "app平台"),
        ("澄溪—霁川合作区", "澄溪霁川合作区"),
        ("登高\n　　计划", "登高计划"),
    ],
)
def test_spellings_of_one_name_have_one_key(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(("one", "other"), [("登高计划", "登高行动"), ("第一批", "第二批"), ("A平台", "B平台")])
def test_other_names_have_other_keys(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


def test_numbers_keep_their_dashes_and_dots() -> None:
    assert number_key("第２０２４－１５号") == number_key("第2024—15号") == "第2024-15号"
    assert number_key("2.97亿元") != number_key("297亿元")
    assert name_key("50%") == "50%"


def test_titles_differ_in_their_words_only() -> None:
    assert title_key("关于扶持“专精特新”企业的提案★") == title_key("关于扶持专精特新企业的提案")
    assert title_key("关于停车的提案") != title_key("关于充电的提案")


@given(ODD)
def test_a_key_is_its_own_key(text: str) -> None:
    assert name_key(name_key(text)) == name_key(text)
    assert search_fold(search_fold(text)) == search_fold(text)


@given(ODD)
def test_each_folded_character_leads_back_to_the_page(text: str) -> None:
    folded, offsets = search_fold_page(text)
    assert folded == search_fold(text)
    assert [text[at] for at in offsets] == list(folded)


def test_white_space_and_occurrences() -> None:
    assert remove_space(" 霁川\n　市 ") == "霁川市"
    assert [s.begin for s in find_occurrences("企业企业家，小企业", "企业")] == [0, 2, 7]
    assert list(find_occurrences("企企企", "企企")) == [Span(0, 2)]  # none overlaps another


@pytest.mark.parametrize(
    ("text", "inside", "whole"),
    [
        ("实施“登高计划”，", "登高计划", "“登高计划”"),
        ("认定“小巨人”企业", "小巨人”企业", "“小巨人”企业"),
        ("评为专精特新“小巨人”，", "专精特新“小巨人", "专精特新“小巨人”"),
        ("实施“登高计划，", "登高计划", "登高计划"),
    ],
)
def test_a_name_takes_in_the_partner_of_its_quote_mark(text: str, inside: str, whole: str) -> None:
    begin = text.index(inside)
    assert include_quotes(text, Span(begin, begin + len(inside))).of(text) == whole
