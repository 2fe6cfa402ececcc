"""Words of the clause and words that tell a state are no part of the names behind them."""

from __future__ import annotations

import pytest

from extract.mentions.trimming import trim_names
from extract.mentions.words import read_words
from extract.model import Kind, LetterId, Mention, Sentence, Span
from extract.text.segment import segmenter
from ontology.lexicons import load_lexicon
from tests.support.reading import labels, read, reply


def _trim(text: str, *names: tuple[Kind, str, str]) -> list[tuple[str, str]]:
    """Return names, and the words at their places, after the cut."""
    lex, whole = load_lexicon(), Span(0, len(text))
    page = read_words(text, [Sentence(whole, LetterId("d1"), None, (whole,))], segmenter(lex))
    mentions = [
        Mention(Span(text.index(name), text.index(name) + len(name)), kind, name, rule) for kind, name, rule in names
    ]
    return [(m.name, m.span.of(text)) for m in trim_names(mentions, page, lex)]


@pytest.mark.parametrize(
    ("text", "name", "left"),
    [
        ("撤销汀畈村、岭畈村，村委会驻址设原汀畈村。", "原汀畈村", "汀畈村"),
        ("合并后设立新的岭畈村。", "新的岭畈村", "岭畈村"),
        ("迁至现汀畈村，原址为汀畈村小学。", "现汀畈村", "汀畈村"),
        ("途经原坪畈村。", "原坪畈村", "原坪畈村"),
        ("新汀畈村与汀畈村相邻。", "新汀畈村", "新汀畈村"),
    ],
)
def test_what_a_place_was_is_no_part_of_its_name(text: str, name: str, left: str) -> None:
    assert _trim(text, (Kind.PLACE, name, "tagger.place")) == [(left, left)]


def test_a_word_before_many_names_is_part_of_none() -> None:
    names = ["原汀畈村", "原岭畈村", "原坪畈村"]
    found = _trim("划入" + "、".join(names) + "。", *((Kind.PLACE, name, "tagger.place") for name in names))
    assert [name for name, _ in found] == ["汀畈村", "岭畈村", "坪畈村"]


@pytest.mark.parametrize(
    ("text", "kind", "name", "rule", "left"),
    [
        ("租赁公共云仓，且跨境云仓年费用超过5万元的。", Kind.GROUP, "且跨境云仓", "tagger.class", "跨境云仓"),
        ("开展一次“进园、问需”活动。", Kind.PROGRAM, "一次“进园、问需”活动", "program.quoted", "“进园、问需”活动"),
        ("发放一次性创业补贴。", Kind.PROGRAM, "一次性创业补贴", "phrase.modified", "一次性创业补贴"),
        ("推行一件事改革试点。", Kind.PROGRAM, "一件事改革试点", "program.ending", "一件事改革试点"),
        ("以数据要素驱动“五链融合”改革。", Kind.PROGRAM, "驱动“五链融合”改革", "program.quoted", "“五链融合”改革"),
        ("落实创新驱动发展战略。", Kind.PROGRAM, "创新驱动发展战略", "phrase.framed", "创新驱动发展战略"),
        ("对在汀工作的教职工给予补贴。", Kind.GROUP, "在汀工作的教职工", "tagger.class", "教职工"),
        ("全国范围内的灵活就业人员可以申请。", Kind.GROUP, "全国范围内的灵活就业人员", "tagger.class", "灵活就业人员"),
        ("对在汀工作的人员给予补贴。", Kind.GROUP, "在汀工作的人员", "tagger.class", "在汀工作的人员"),
        ("引进国内外知名茶叶龙头企业。", Kind.TIER, "国内外知名茶叶龙头企业", "phrase.modified", "茶叶龙头企业"),
        ("霁川市打造营商环境先行区。", Kind.PLACE, "霁川市打造营商环境先行区", "tagger.place", "霁川市"),
    ],
)  # fmt: skip
def test_words_of_the_clause_are_no_part_of_a_name(text: str, kind: Kind, name: str, rule: str, left: str) -> None:
    assert _trim(text, (kind, name, rule)) == [(left, left)]


def test_a_later_mention_has_the_name_that_is_left() -> None:
    x = read(reply("推广运用“澄小二”政务服务平台。依托澄小二政务服务平台受理诉求。"))
    assert labels(x, Kind.PLATFORM) == {"“澄小二”政务服务平台"}


@pytest.mark.parametrize(
    ("text", "name", "left"),
    [
        ("优化企业登记一件“事”业务系统。", "“事”业务系统", []),
        ("打造“澄”字号诚信文化品牌。", "“澄”字号诚信文化品牌", ["“澄”字号诚信文化品牌"]),
    ],
)
def test_a_quote_inside_a_word_begins_no_name(text: str, name: str, left: list[str]) -> None:
    assert [found for found, _ in _trim(text, (Kind.PROGRAM, name, "phrase.modified"))] == left
