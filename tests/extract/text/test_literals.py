"""Words without which a pattern cannot match."""

from __future__ import annotations

import re

import pytest

from extract.text.literals import WordSearch, find_required_words


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("(?:对|向)[^，。]{0,9}?(?:给予|奖励)", {"给予", "奖励"}),
        ("由(?P<who>[一-龥]+)负责", {"负责"}),
        ("(?:补贴){1,3}资", {"补贴"}),
        ("(?:每年)?发放", {"发放"}),
        ("(?:修订|修订印发)了", {"修订"}),
        ("(?=给予)[一-龥]", set()),
        ("(?!停止)[一-龥]发", {"发"}),
        ("(?:发放|\\d+元)", {"发放", "元"}),
        ("(?:发放|\\d+)", set()),
        ("[甲乙]", set()),
        ("(?i:abc)", set()),
    ],
)
def test_each_match_contains_a_required_word(pattern: str, words: set[str]) -> None:
    found = find_required_words(re.compile(pattern))
    assert found == words


def test_a_pattern_that_ignores_case_requires_no_words() -> None:
    assert not find_required_words(re.compile("app", re.IGNORECASE))


def test_words_are_found_wherever_they_stand_also_inside_each_other() -> None:
    search = WordSearch(["给予", "予以", "补贴", "奖励"])
    assert search.find_words("对新办企业给予以奖代补，另发补贴") == {"给予", "予以", "补贴"}
    assert search.find_words("") == set()
