"""Lines that the width of a page broke are one line before anything reads them; the offsets stay those of the text."""

from __future__ import annotations

import pytest

from extract.model import Outline
from extract.structure.cues import compile_cues
from extract.structure.letters import split_letters
from extract.structure.lines.lines import classify_lines
from extract.structure.outline import build_outline
from ontology.lexicons import load_lexicon

LEX = load_lexicon()
CUES = compile_cues(LEX)
WIDTH = 30
"""Characters on a line of the pages below."""

TEXTS = [
    "为加快建设全市人力资源市场体系，充分发挥市场在资源配置中的作用，促进各类人才向重点产业集聚，经市政府同意，现提出如下意见。",
    "一、总体要求",
    "（一）指导思想。坚持市场导向、需求导向、问题导向，统筹城乡区域资源，全面提升公共服务能力，推动产业与人才深度融合发展。",
    "（二）主要目标。到2027年，全市新增就业20万人以上，行业领军人才总量达到500人，基本形成统一开放、竞争有序的市场格局。",
    "二、重点任务",
    "（三）加大稳岗支持力度。对不裁员或者少裁员的参保企业，返还其上年度实际缴纳失业保险费的一半。（责任单位：市人社局、市财政局）",
    "本意见自印发之日起施行。",
]


def break_at(width: int, paragraphs: list[str]) -> str:
    """The page as a PDF file keeps it: broken at a width, first lines indented, the indentation lost."""
    lines: list[str] = []
    for paragraph in paragraphs:
        first = width - 2
        lines.append(paragraph[:first])
        rest = paragraph[first:]
        lines += [rest[i : i + width] for i in range(0, len(rest), width)]
    return "\n".join(lines) + "\n"


def read(text: str) -> Outline:
    return build_outline(text, split_letters(text, LEX), LEX)


@pytest.mark.parametrize("width", [24, 30, 36, 40])
def test_broken_lines_are_the_lines_that_were_written(width: int) -> None:
    text = break_at(width, TEXTS)
    assert [line.text for line in classify_lines(text, CUES) if line.text] == TEXTS


def test_spans_are_those_of_the_broken_text() -> None:
    text = break_at(WIDTH, TEXTS)
    for line in classify_lines(text, CUES):
        assert "".join(line.span.of(text).split("\n")) == line.text


def test_sentences_go_on_over_broken_lines() -> None:
    text = break_at(WIDTH, TEXTS)
    sentences = ["".join(s.span.of(text).split()) for s in read(text).sentences]
    assert "对不裁员或者少裁员的参保企业，返还其上年度实际缴纳失业保险费的一半。" in sentences
    assert all(s[-1] in "。）" or s in ("总体要求", "重点任务") for s in sentences)


def test_pieces_of_one_line_of_paper_are_put_together() -> None:
    pieces = (
        "为加快建设全市统一的人力资源市场体系，根据国家和省有关工作\n"
        "部署，立足新阶段，\n"
        "统筹城乡区域资源，\n"
        "优化公共服务，充\n"
        "分发挥市场作用，依据\n"
        "《澄溪市人才条例》\n"
        "和\n"
        "《澄溪市就业促进办\n"
        "法》等规定，制定本办法。\n"
        "一、总体要求\n"
        "（一）\n"
        "指导思想。坚持需求导向，加快形成统一开放的市场格局，推\n"
        "动人才与产业融合发展，让更多劳动者在家门口实现就业增收致富。\n"
        "（二）主要目标。到2027年，全市新增就业20万人，领军人才达到\n"
        "五百人，市场主体活力持续增强，基本公共服务更加均等便利可及。\n"
        "——促进就业。支持重点群体就业，新增就业岗位三万个，劳动者工\n"
        "资收入稳步增长，各类用人单位与求职者的对接更加顺畅高效便捷。\n"
    )
    lines = [line.text for line in classify_lines(pieces, CUES) if line.text]
    assert lines[0].endswith(
        "优化公共服务，充分发挥市场作用，依据《澄溪市人才条例》和《澄溪市就业促进办法》等规定，制定本办法。"
    )
    assert lines[2].startswith("（一）指导思想。坚持需求导向")
    assert [line[:4] for line in lines[1:]] == ["一、总体", "（一）指", "（二）主", "——促进"]


def test_headings_titles_and_signatures_stay_by_themselves() -> None:
    head = [
        "澄溪市人民政府办公室关于印发澄溪市就业促",
        "进办法的通知（2026 年3 月1 日）",
        "澄府办〔2026〕3 号",
        "各县（区）人民政府，市政府各部门：",
    ]
    tail = ["澄溪市人民政府办公室", "2026 年3 月1 日"]
    text = "\n".join(head) + "\n" + break_at(WIDTH, TEXTS) + "\n".join(tail) + "\n"
    kinds = [(line.kind, line.text) for line in classify_lines(text, CUES) if line.text]
    assert [kind for kind, _ in kinds[:3]] == ["title", "number", "salutation"]
    assert kinds[0][1].startswith("澄溪市人民政府办公室关于印发澄溪市就业促进办法的通知")
    assert [kind for kind, _ in kinds[-2:]] == ["organ", "date"]
    assert ("text", "一、总体要求") in kinds


def test_a_line_that_splits_a_word_goes_on_in_the_next_one_on_any_page() -> None:
    text = "序号\n64\n研究开展澄溪市技术创新示范企\n业认定工作，\n市工业和信息\n化局\n65\n市科技局\n"
    lines = [line.text for line in classify_lines(text, CUES) if line.text]
    assert "研究开展澄溪市技术创新示范企业认定工作，" in lines
    assert "市工业和信息化局" in lines
    assert lines[-2:] == ["65", "市科技局"]


def test_no_word_goes_over_to_an_item_a_date_or_an_indented_line() -> None:
    for text in ("落实责任\n一、务求实效\n", "以上意见供参考\n2026年3月1日\n", "加强组织领\n    导师制另行规定\n"):
        lines = [line.text for line in classify_lines(text, CUES) if line.text]
        assert lines == [line.strip() for line in text.splitlines()]


def test_a_page_with_lines_of_any_length_is_not_joined() -> None:
    text = "\n".join([*TEXTS, "市人社局", "市财政局", "市教育局"]) + "\n"
    assert [line.text for line in classify_lines(text, CUES)][:-1] == text.split("\n")[:-1]


def test_a_long_line_without_full_stop_does_not_swallow_the_heading_below() -> None:
    text = (
        "陈若谷代表：\n您提出的《关于供水的建议》（第12号）收悉，现答复如下：\n"
        "先说供水。全镇去年改造管网12公里，新建水池3座，涉及农户863户，水价每吨1.8元，低保户每月免3吨，以后管水的事交给"
        "村里的用水协会，每年从镇财政补2000元管护费\n路灯和垃圾池：\n（1）路灯。装了160盏。\n（2）垃圾。发放桶310只。\n"
        "岚口市青石镇人民政府\n2024年6月3日\n"
    )
    parts = [(p.number, p.label_span.of(text)[:4]) for p in read(text).parts if p.kind]
    assert ("(1)", "路灯") in parts and ("(2)", "垃圾") in parts
