"""Other readings of a name: which borders are tried."""

from __future__ import annotations

import pytest

from extract.tagging.alternatives import cut_name, find_quotes, split_names, trim_name
from extract.text.segment import Word

HEADS = frozenset({"平台", "残疾人", "项目", "行动"})


def cut(marked: str) -> list[Word]:
    """Return the words of a text in which blanks stand between them."""
    words, at = [], 0
    for text in marked.split():
        words.append(Word(at, at + len(text), text, "n"))
        at += len(text)
    return words


def join(words: list[Word], first: int, last: int) -> str:
    return "".join(word.text for word in words[first:last])


@pytest.mark.parametrize(
    ("marked", "names"),
    [
        ("孤儿 、 残疾人", ["孤儿", "残疾人"]),
        ("残疾人 等 困难 群体", ["残疾人", "困难群体"]),
        ("“ 甲 通 ” “ 乙 码 ”", ["“甲通”", "“乙码”"]),
        ("“ 一 窗 、 一 网 ” 平台", ["“一窗、一网”平台"]),
        ("甲 （ 含 乙 、 丙 ） 和 丁", ["甲（含乙、丙）", "丁"]),
    ],
)
def test_a_list_is_split_outside_of_its_quotes_and_brackets(marked: str, names: list[str]) -> None:
    words = cut(marked)
    assert [join(words, *part) for part in split_names(words, 0, len(words))] == names


@pytest.mark.parametrize(
    ("marked", "names"),
    [
        ("全民 健身 平台 推广", ["全民健身平台"]),
        ("“ 甲 通 ” 推广", ["“甲通”"]),
        ("符合 条件 的 加装 项目", ["加装项目"]),
        ("窗口 办理 “ 甲 通 ” 行动", ["“甲通”行动"]),
        ("全民 健身 平台", []),
        ("推广 应用", []),
    ],
)
def test_words_of_the_clause_are_cut_off(marked: str, names: list[str]) -> None:
    words = cut(marked)
    assert [join(words, *part) for part in cut_name(words, 0, len(words), HEADS)] == names


@pytest.mark.parametrize(
    ("marked", "names"),
    [
        ("推广 “ 甲 通 ” 和 “ 乙 码 ”", ["“甲通”", "“乙码”"]),
        ("印发 “ 甲 通 ， 乙 码 ”", []),
        ("推广 “ 甲 通", []),
        ("“ " + "甲 " * 20 + "”", []),
    ],
)
def test_what_stands_in_quotes_may_be_a_name(marked: str, names: list[str]) -> None:
    words = cut(marked)
    assert [join(words, *part) for part in find_quotes([word.text for word in words])] == names


def test_a_verb_or_a_number_inside_may_stand_before_the_name() -> None:
    words = cut("定向 培养 医学生 20 名 骨干 教师")
    tagged = [w._replace(tag={"培养": "v", "20": "m", "名": "q"}.get(w.text, "n")) for w in words]
    found = [join(tagged, *part) for part in trim_name(tagged, 0, len(tagged))]
    assert found == ["医学生20名骨干教师", "名骨干教师", "骨干教师"]
