"""Names of a list that a rule took for one are split; one name with a list sign inside stays whole."""

from __future__ import annotations

import pytest

from extract.mentions.trimming import split_list, trim_names
from extract.mentions.words import read_words
from extract.model import Kind, LetterId, Mention, Sentence, Span
from extract.text.segment import segmenter
from ontology.lexicons import load_lexicon
from tests.support.reading import labels, read, reply


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("云帆行动和质量提升行动", ["云帆行动", "质量提升行动"]),
        ("依法治县战略、共同富裕战略", ["依法治县战略", "共同富裕战略"]),
        ("床位建设补助、运营补助", ["床位建设补助", "运营补助"]),
        ("“强链、补链”行动", ["“强链、补链”行动"]),
        ("产学研和用户协同创新行动", ["产学研和用户协同创新行动"]),
        ("就业补贴", ["就业补贴"]),
    ],
)
def test_a_list_is_split_at_its_heads(name: str, parts: list[str]) -> None:
    text, lex = f"实施{name}。", load_lexicon()
    whole = Span(0, len(text))
    page = read_words(text, [Sentence(whole, LetterId("d1"), None, (whole,))], segmenter(lex))
    heads = {word: kind for word, kind, *_ in lex.read_table("heads")}
    mention = Mention(Span(2, 2 + len(name)), Kind.PROGRAM, name, "program.ending")
    found = split_list(mention, page, heads)
    assert [m.name for m in found] == parts
    assert [m.span.of(text) for m in found] == parts


@pytest.mark.parametrize(
    ("name", "left"),
    [
        ("霁川市中医医院获批省级重点专科建设中心", ["霁川市中医医院"]),
        ("霁川大学共建数据要素研究院", ["霁川大学"]),
        ("霁川市退役军人事务局印发清单的单位", ["霁川市退役军人事务局"]),
        ("霁川市人力资源和社会保障局", ["霁川市人力资源和社会保障局"]),
        ("去年列入国家区域医疗中心", []),
    ],
)
def test_the_name_of_a_body_ends_before_a_verb_that_tells_an_event(name: str, left: list[str]) -> None:
    text, lex = f"{name}。", load_lexicon()
    whole = Span(0, len(text))
    page = read_words(text, [Sentence(whole, LetterId("d1"), None, (whole,))], segmenter(lex))
    mention = Mention(Span(0, len(name)), Kind.ORGANIZATION, name, "tagger.body")
    found = list(trim_names([mention], page, lex))
    assert [m.name for m in found] == left
    assert [m.span.of(text) for m in found] == left


def test_a_time_before_a_name_is_no_part_of_it() -> None:
    page = read(reply("近期推出“霁川好茶”品牌。"))
    assert "“霁川好茶”品牌" in labels(page, Kind.PROGRAM)


@pytest.mark.parametrize("words", ["关于“提高补助标准”的建议已采纳。", "关于提高夜市补助标准的建议已采纳。"])
def test_a_suggestion_is_no_program(words: str) -> None:
    assert not labels(read(reply(words)), Kind.PROGRAM)


@pytest.mark.parametrize(
    "sentence",
    [
        "采取“正面规范+反面纠错”等方式，加大指导力度。",
        "通过“约谈警示”、“以案释法”等方式督促整改。",
        "以“揭榜挂帅”方式支持企业攻关。",
    ],
)
def test_a_way_of_working_is_no_program(sentence: str) -> None:
    assert not labels(read(reply(sentence)), Kind.PROGRAM)


def test_a_program_that_is_called_one_stays() -> None:
    assert labels(read(reply("我局实施“云帆”计划，通过“云帆”计划等方式支持企业。")), Kind.PROGRAM)
