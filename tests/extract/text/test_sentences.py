"""Sentences and clauses of official Chinese."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from extract.model import Span
from extract.text.sentences import split_sentences


def sentences(text: str) -> list[str]:
    return [s.of(text) for s, _ in split_sentences(text, Span(0, len(text)))]


def clauses(text: str) -> list[str]:
    return [c.of(text) for _, cs in split_sentences(text, Span(0, len(text))) for c in cs]


def test_a_sentence_ends_at_its_full_stop_with_the_quote_behind_it() -> None:
    assert sentences("他说：“要加快。”随后出台办法！是否可行？可行") == [
        "他说：“要加快。”",
        "随后出台办法！",
        "是否可行？",
        "可行",
    ]


def test_titles_and_brackets_are_not_cut() -> None:
    text = "印发《关于支持企业，促进发展。若干措施》（云政发〔2023〕1号，以下简称《措施》），给予奖励。"
    assert sentences(text) == [text]
    assert clauses(text) == [
        "印发《关于支持企业，促进发展。若干措施》（云政发〔2023〕1号，以下简称《措施》），",
        "给予奖励。",
    ]


def test_numbers_and_times_are_not_cut() -> None:
    assert clauses("投资1,200万元，比例为1:1，增长3.5%。") == ["投资1,200万元，", "比例为1:1，", "增长3.5%。"]


def test_what_is_never_closed_swallows_nothing() -> None:
    assert sentences("出台《若干措施。奖励企业。（含专利。共三家。") == [
        "出台《若干措施。",
        "奖励企业。",
        "（含专利。",
        "共三家。",
    ]
    assert sentences("目前i出行”平台上线。“一键叫车已开通。") == ["目前i出行”平台上线。", "“一键叫车已开通。"]


def test_items_begin_sentences() -> None:
    text = "开展工作：一是培训；二是招聘。"
    got = split_sentences(text, Span(0, len(text)), [text.index("一是"), text.index("二是")])
    assert [s.of(text) for s, _ in got] == ["开展工作：", "一是培训；", "二是招聘。"]


@given(st.text(alphabet="一二。，；：？《》（）“”1.,:a \n", max_size=60))
def test_clauses_cover_their_sentence_and_sentences_keep_order(text: str) -> None:
    last = 0
    for span, parts in split_sentences(text, Span(0, len(text))):
        assert last <= span.begin < span.end <= len(text)
        assert not span.of(text)[0].isspace() and not span.of(text)[-1].isspace()
        assert parts[0].begin == span.begin and parts[-1].end == span.end
        assert all(a.end == b.begin for a, b in pairwise(parts))
        last = span.end
    covered = "".join(s.of(text) for s, _ in split_sentences(text, Span(0, len(text))))
    assert [c for c in covered if c.isalnum()] == [c for c in text if c.isalnum()]


def test_a_note_in_brackets_between_two_sentences_is_a_sentence() -> None:
    text = "扩容孵化器。（责任单位：市科技局）安排三亿元。（牵头单位：市商务局；责任单位：各区）（六）发展数字商务。"
    found = [span.of(text) for span, _ in split_sentences(text, Span(0, len(text)))]
    assert found == [
        "扩容孵化器。",
        "（责任单位：市科技局）",
        "安排三亿元。",
        "（牵头单位：市商务局；责任单位：各区）",
        "（六）发展数字商务。",
    ]


def test_a_bracket_that_ends_the_text_or_numbers_an_item_is_none() -> None:
    for text, count in (("扩容孵化器。（三）安排资金。", 2), ("扩容孵化器（责任单位：市科技局）。", 1)):
        assert len(split_sentences(text, Span(0, len(text)))) == count


def test_a_note_between_two_sentences_may_go_over_a_line_and_hold_brackets() -> None:
    text = "扩容孵化器。（责任单位：市政府办公室（外办）、\n市科技局；配合单位：各区）从资金中安排三亿元。"
    found = [span.of(text) for span, _ in split_sentences(text, Span(0, len(text)))]
    assert found == [
        "扩容孵化器。",
        "（责任单位：市政府办公室（外办）、\n市科技局；配合单位：各区）",
        "从资金中安排三亿元。",
    ]
