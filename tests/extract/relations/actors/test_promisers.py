"""Who promises what a letter tells: who writes it, or another agency that it names."""

from __future__ import annotations

import pytest

from extract.model import Extraction, Kind, Source
from extract.pipeline import extract

HEAD = """对市政协六届三次会议第20250112号提案的答复

王芳委员：
　　您提出的《关于规范托育机构管理的提案》收悉，现答复如下：
"""
FOOT = """　　感谢您对托育工作的支持。

　　青澜市教育局
　　2025年6月20日
"""
OWN = "青澜市教育局"


def read(*items: str) -> Extraction:
    lines = "".join(f"　　{number}、{item}\n" for number, item in zip("一二三四五", items, strict=False))
    return extract(Source("答复.txt", HEAD + lines + FOOT))


def list_actors(x: Extraction, kind: Kind) -> list[list[str]]:
    """Return the actors of each promise (``COMMITMENT``) or target (``TARGET``), in the order of the text."""
    names = {e.id: e.label for e in x.entities}
    ids: list[str] = (
        [f.id for f in x.figures if f.kind is kind] if kind is Kind.TARGET
        else [p.id for p in x.outline.parts if p.kind is kind]
    )  # fmt: skip
    return [[names[r.object] for r in x.relations if r.predicate == "actor" and r.subject == one] for one in ids]


@pytest.mark.parametrize(
    ("item", "actors"),
    [
        ("市卫生健康委员会计划今年10月底前印发管理办法，我局予以配合。", ["青澜市卫生健康委员会"]),
        ("市财政局将于2025年12月底前安排专项资金，我局负责组织实施。", ["青澜市财政局"]),
        ("据市民政局反馈，该局拟于2026年3月底前出台补贴办法。", ["青澜市民政局"]),
        ("下一步，市民政局、市财政局将联合出台补贴办法。", ["青澜市民政局", "青澜市财政局"]),
        ("下一步，我局将会同市卫生健康委员会开展联合检查。", [OWN]),
        ("我局计划出台管理办法，市财政局将给予支持。", [OWN]),
        ("我局、市财政局将联合出台补贴办法。", [OWN, "青澜市财政局"]),
        ("下一步，将认真落实市财政局的意见，加大投入。", [OWN]),
        ("我市将加大投入，市财政局的资金将向托育倾斜。", [OWN]),
    ],
)
def test_the_subject_of_a_promise_makes_it(item: str, actors: list[str]) -> None:
    assert list_actors(read(item), Kind.COMMITMENT) == [actors]


def test_each_target_of_a_part_is_promised_by_the_subject_of_its_sentence() -> None:
    x = read("我局计划新建3个示范园。市民政局将新建2个示范点。")
    assert list_actors(x, Kind.TARGET) == [[OWN], ["青澜市民政局"]]
    assert list_actors(read("我局将新建3个示范园。"), Kind.TARGET) == [[]]


def test_who_leads_promises_a_target() -> None:
    x = read("由市财政局牵头、我局配合，2026年6月底前建成托育点8个。")
    assert list_actors(x, Kind.TARGET) == [["青澜市财政局"]]
