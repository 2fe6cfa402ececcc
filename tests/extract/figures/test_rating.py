"""Classes of figures that no rule knows, decided by the words around the number. All names are invented."""

from __future__ import annotations

import pytest

from extract.figures.rating import RULE
from extract.model import Extraction, Kind
from tests.support.reading import read

POLICY = "霁川市企业服务若干措施\n\n{}\n\n霁川市人民政府\n2025年3月1日\n"


def list_kinds(page: Extraction) -> list[tuple[Kind, int]]:
    return [(figure.kind, int(figure.value)) for figure in page.figures]


@pytest.mark.parametrize(
    ("words", "kind", "value"),
    [
        ("一、支持标准。A类人才2000元/平方米，最高不超过15万元。", Kind.PROVISION, 150000),
        ("二、评审标准。专利质量（25%）。对专利的新颖性进行评价。", Kind.OBSERVATION, 25),
    ],
)
def test_a_number_without_a_known_verb_has_its_class(words: str, kind: Kind, value: int) -> None:
    page = read(POLICY.format(words))
    assert (kind, value) in list_kinds(page)
    assert f"figure.{RULE}" in {figure.rule for figure in page.figures}


def test_what_the_rules_are_sure_of_stays() -> None:
    words = "一、奖励。对新认定的瞪羚企业给予20万元奖励。\n二、目标。到2027年，新增瞪羚企业50家。"
    assert list_kinds(read(POLICY.format(words))) == [(Kind.PROVISION, 200000), (Kind.TARGET, 50)]


def test_the_class_of_a_letter_s_number_is_that_of_the_rules() -> None:
    page = read(
        "霁川市商务局关于第77号提案的答复\n\n何春梅委员：\n评审标准：专利质量（25%）。\n霁川市商务局\n2025年3月1日\n"
    )
    assert f"figure.{RULE}" not in {figure.rule for figure in page.figures}
