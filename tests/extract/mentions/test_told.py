"""What stands in quotes is of the class that the words around tell."""

from __future__ import annotations

import pytest

from extract.mentions.programs.told import apply_told_classes
from extract.mentions.words import read_words
from extract.model import Kind, LetterId, Mention, Sentence, Span
from extract.text.segment import segmenter
from ontology.lexicons import load_lexicon


def _tell(text: str, name: str, rule: str = "tagger.scheme", kind: Kind = Kind.PROGRAM) -> dict[str, Kind]:
    """Return the classes of names after the words around have been read."""
    lex, whole = load_lexicon(), Span(0, len(text))
    page = read_words(text, [Sentence(whole, LetterId("d1"), None, (whole,))], segmenter(lex))
    mention = Mention(Span(text.index(name), text.index(name) + len(name)), kind, name, rule)
    return {m.name: m.kind for m in apply_told_classes([mention], page, lex)}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("打击侵犯“澄溪红茶”“岭畈蜜桃”等地理标志专用权的行为。", "澄溪红茶"),
        ("坚决纠正“新账压旧账”“踢皮球”等突出问题。", "新账压旧账"),
        ("持续整治“办事绕圈”问题。", "办事绕圈"),
        ("规范“会务赞助”等行为。", "会务赞助"),
        ("简化流程，力争实现“到港即提”。", "到港即提"),
        ("实现“交件即办”“落笔即领”。", "落笔即领"),
        ("做到“单外无审批”。", "单外无审批"),
        ("打造“便捷高效”的营商环境。", "便捷高效"),
        ("围绕“四新四优”产业，加大保护力度。", "四新四优"),
        ("推进“岭畈蜜桃”“澄溪红茶”两个地理标志产品保护示范区建设。", "岭畈蜜桃"),
        ("全力冲刺“全国十强之城”，作出贡献。", "全国十强之城"),
    ],
)
def test_what_is_no_program(text: str, name: str) -> None:
    assert _tell(text, name) == {}


@pytest.mark.parametrize(
    ("text", "name", "found"),
    [
        ("建设“村里香”等市级电子商务平台。", "村里香", {"村里香": Kind.PLATFORM}),
        (
            "完善“厅商联办”和“企声必应”等机制。",
            "厅商联办",
            {"厅商联办": Kind.PROGRAM, "企声必应": Kind.PROGRAM},
        ),
        ("办好“澄溪云”“岭畈云”两个平台。", "岭畈云", {"岭畈云": Kind.PLATFORM, "澄溪云": Kind.PLATFORM}),
        ("支持“云简审”产业园建设。", "云简审", {"云简审": Kind.PROGRAM}),
        ("深化“云简审”等领域改革。", "云简审", {"云简审": Kind.PROGRAM}),
        ("实现“到港即提”改革全覆盖。", "到港即提", {"到港即提": Kind.PROGRAM}),
        ("实现“澄溪云码”等平台项目单位互通。", "澄溪云码", {"澄溪云码": Kind.PROGRAM}),
        ("推行“到港即提”，实现通关提速。", "到港即提", {"到港即提": Kind.PROGRAM}),
    ],
)
def test_what_is_one(text: str, name: str, found: dict[str, Kind]) -> None:
    assert _tell(text, name) == found


def test_a_certain_name_stays_a_goal_or_not() -> None:
    text = "实现“澄岭通办”。"
    assert _tell(text, "澄岭通办", "program.quoted") == {"澄岭通办": Kind.PROGRAM}


def test_a_class_of_a_row_is_no_program_but_may_be_a_class() -> None:
    text = "加强与“领跑星”等企业对接，纠正“星外星”等行为。"
    assert _tell(text, "领跑星") == {}
    assert _tell(text, "领跑星", "tagger.class", Kind.GROUP) == {"领跑星": Kind.GROUP}
    assert _tell(text, "星外星", "tagger.class", Kind.GROUP) == {}
    text = "回应“加装电梯后底层住户补偿”问题。"
    assert _tell(text, "底层住户", "tagger.class", Kind.GROUP) == {"底层住户": Kind.GROUP}
