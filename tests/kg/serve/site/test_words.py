"""The words of the index: what is indexed is found by any piece of it."""

from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.serve.site.words import cut_snippet, find_words, fold_text, make_query, split_text

TEXT = "对新认定的国家级“小巨人”企业，给予最高50万元奖励。"


def is_found(text: str, words: str) -> bool:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE t USING fts5(x, content='', tokenize=\"unicode61 remove_diacritics 0\")")
    connection.execute("INSERT INTO t (rowid, x) VALUES (1, ?)", (split_text(text),))
    query = make_query(words)
    return bool(query) and bool(connection.execute("SELECT 1 FROM t WHERE t MATCH ?", (query,)).fetchall())


@pytest.mark.parametrize(
    "words",
    ["奖励", "小巨人", "小", "励", "50", "最高50万元", "万元奖", "国家级 奖励", "５０万元", "“小巨人”企业", "奖励。"],
)
def test_what_is_there_is_found(words: str) -> None:
    assert is_found(TEXT, words)


@pytest.mark.parametrize("words", ["巨小", "奖金", "国家级 省级", "60", "", '" OR *', "AND", "NEAR(", "-", "*"])
def test_what_is_not_there_is_not_found(words: str) -> None:
    assert not is_found(TEXT, words)


CHARACTERS = st.text(alphabet="提案办理，奖励5万a B", min_size=1, max_size=30)


@given(CHARACTERS, st.integers(0, 29), st.integers(1, 30))
def test_any_chinese_piece_of_a_text_is_found(text: str, begin: int, length: int) -> None:
    piece = text[begin : begin + length].strip()
    if piece and all(c in "提案办理奖励" for c in piece):
        assert is_found(text, piece)


@given(st.text(max_size=50))
def test_folding_keeps_positions(text: str) -> None:
    assert len(fold_text(text)) == len(text)
    assert "".join(piece for piece, _ in cut_snippet(text, "a 办")).replace("…", "") in text.replace("…", "")


def test_words_are_marked() -> None:
    assert [TEXT[begin:end] for begin, end in find_words(TEXT, "奖励 小巨人")] == ["小巨人", "奖励"]
    assert [piece for piece, marked in cut_snippet(TEXT, "奖励") if marked] == ["奖励"]
