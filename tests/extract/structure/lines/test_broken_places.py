"""Names of places that a line end cuts in two."""

from __future__ import annotations

import pytest

from extract.model import Extraction, Kind
from extract.structure.cues import compile_cues
from extract.structure.lines.lines import classify_lines
from ontology.lexicons import load_lexicon
from tests.support.reading import labels, read

CUES = compile_cues(load_lexicon())
BEFORE = "市商务局：\n　　《关于改造菜市场的提案》（第215号）收悉。经研究，提出会办意见如下：\n"
AFTER = "\n　　霁川市城市管理局\n　　2024年5月9日\n"


def read_opinion(body: str) -> Extraction:
    return read(f"{BEFORE}　　{body}{AFTER}")


@pytest.mark.parametrize(
    ("body", "place", "agency"),
    [
        ("该项目由乌\n兰木市财政局给予补助。", "乌兰木市", "乌兰木市财政局"),
        ("去年以来，乌兰\n木市财政局给予补助。", "乌兰木市", "乌兰木市财政局"),
        ("项目负责，岚\n州市财政局给予补助。", "岚州市", "岚州市财政局"),
        ("霁川市、芦溪\n县财政局给予补助。", "芦溪县", "芦溪县财政局"),
    ],
)
def test_the_name_is_read_whole(body: str, place: str, agency: str) -> None:
    x = read_opinion(body)
    assert place in labels(x, Kind.PLACE) and agency in labels(x, Kind.AGENCY)
    assert not {name for name in labels(x, Kind.PLACE) if name != place and place.endswith(name)}
    assert len([part for part in x.outline.parts if part.kind is Kind.MEASURE]) == 1


@pytest.mark.parametrize(
    "text",
    ["市工业和信息化局\n市通信管理局", "建设示范村\n兴安县完成改造", "市财政局\n霁川市教育局", "提升服务\n市场主体增加",
     "甲\n市场主体增加"],
)  # fmt: skip
def test_lines_that_stand_for_themselves_stay_apart(text: str) -> None:
    assert len(classify_lines(text, CUES)) == 2


@pytest.mark.parametrize(
    "name", ["中国\n（澄溪）\n自由贸易试验区", "中国\n（澄溪）自由贸易试验区", "中国（澄溪）\n自由贸易试验区"]
)
def test_a_zone_with_its_place_in_brackets_is_read_whole(name: str) -> None:
    places = labels(read_opinion(f"推动{name}改革创新。"), Kind.PLACE)
    assert "中国（澄溪）自由贸易试验区" in places and "中国" not in places
