"""How a text is split into words, with every character kept."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.text.segment import Segmenter, segmenter
from ontology.lexicons import load_lexicon


@pytest.fixture(scope="module")
def split() -> Segmenter:
    return segmenter(load_lexicon())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("给予房地产开发企业补贴", ["给予", "房地产", "开发", "企业", "补贴"]),
        ("支持民营企业和平台企业", ["支持", "民营", "企业", "和", "平台", "企业"]),
        ("新增APP用户1,200.5万人", ["新增", "APP", "用户", "1,200.5", "万", "人"]),
    ],
)
def test_words_of_official_text(split: Segmenter, text: str, words: list[str]) -> None:
    assert [word.text for word in split.segment(text)] == words


def test_words_have_a_part_of_speech(split: Segmenter) -> None:
    tags = {word.text: word.tag for word in split.segment("对小微企业给予5万元奖励。")}
    assert (tags["对"], tags["给予"], tags["企业"], tags["5"], tags["。"]) == ("p", "v", "n", "m", "w")


@pytest.mark.parametrize(
    ("text", "tagged"),
    [
        ("婴幼儿照护服务机构", [("婴幼儿", "n"), ("照护", "vn"), ("服务", "vn"), ("机构", "n")]),
        ("公立医院", [("公立", "b"), ("医院", "n")]),
        ("医院获批试点", [("医院", "n"), ("获批", "v"), ("试点", "vn")]),
        ("加大数据共享力度", [("加大", "v"), ("数据", "n"), ("共享", "v"), ("力度", "n")]),
    ],
)
def test_words_of_officials_have_their_part_of_speech(
    split: Segmenter, text: str, tagged: list[tuple[str, str]]
) -> None:
    assert [(word.text, word.tag) for word in split.segment(text)] == tagged


@given(st.text(alphabet="给予对企业贷款霁川㐂123.,aB “”\n　", max_size=40))
def test_nothing_is_lost_and_nothing_overlaps(text: str) -> None:
    words = segmenter(load_lexicon()).segment(text)
    assert "".join(word.text for word in words) == text
    assert [word.begin for word in words] == [0, *(word.end for word in words)][: len(words)]
