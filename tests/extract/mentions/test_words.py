"""The words of a page, looked up by their places in the joined text and in the source."""

from __future__ import annotations

from bisect import bisect_left

from extract.mentions.words import PageWords, read_words
from extract.model import LetterId, Sentence, Span
from extract.text.segment import segmenter
from ontology.lexicons import load_lexicon

TEXT = "对高技\n能人才给予补贴 5 万元。\n霁川市设立“启航计划”，支持企业ABC。"


def read_page() -> PageWords:
    cut = TEXT.index("。\n") + 1
    spans = Span(0, cut), Span(cut + 1, len(TEXT))
    sentences = [Sentence(span, LetterId("d1"), None, (span,)) for span in spans]
    return read_words(TEXT, sentences, segmenter(load_lexicon()))


def test_words_are_numbered_by_the_place_where_they_begin_or_the_next_one() -> None:
    page = read_page()
    for position in range(len(page.text) + 1):
        number = bisect_left(page.begins, position)
        assert page.number_word(position) == number
        begins = number < len(page.words) and page.begins[number] == position
        assert page.find_word_at(position) == (number if begins else None)


def test_no_word_begins_outside_of_the_text() -> None:
    page = read_page()
    assert page.find_word_at(-1) is None
    assert page.find_word_at(len(page.text)) is None
    assert page.find_word_at(len(page.text) + 9) is None


def test_a_name_over_two_lines_has_its_words() -> None:
    page = read_page()
    first, last = page.number_words(Span(TEXT.index("高"), TEXT.index("才") + 1))
    assert "".join(page.texts[first:last]) == "高技能人才"
    assert list(page.texts) == [word.text for word in page.words]
