"""Cues that know which of them a sentence cannot have."""

from __future__ import annotations

from extract.figures.cues import cues, cues_in
from ontology.lexicons import load_lexicon

SENTENCE = "对新认定的示范企业，给予一次性奖励20万元；截至2023年底，累计服务企业300家。"


def test_a_narrowed_cue_says_of_each_stretch_what_the_whole_one_says() -> None:
    whole, narrowed = cues(load_lexicon()), cues_in(SENTENCE, load_lexicon())
    for begin in range(0, len(SENTENCE), 3):
        stretch = SENTENCE[begin : begin + 20]
        for name in whole.at:
            assert narrowed.has(name, stretch) == whole.has(name, stretch), (name, stretch)


def test_headings_are_read_though_the_sentence_has_none_of_their_words() -> None:
    assert cues_in("新建学校3所。", load_lexicon()).has("target_heading", "下一步工作打算")


def test_a_word_that_a_number_parts_is_read_where_both_sides_are_joined() -> None:
    narrowed = cues_in("新建学校3所。", load_lexicon())
    assert narrowed.has_joined("give", "给", "予")
