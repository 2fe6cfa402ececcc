"""Who pays a support and who is in charge of it."""

from __future__ import annotations

import pytest

from extract.model import Extraction, Figure, Kind, Source
from extract.pipeline import extract

TITLE = "澄溪市人民政府办公室关于印发澄溪市支持企业发展若干措施的通知\n\n"


def read(items: str) -> tuple[Extraction, Figure]:
    extraction = extract(Source("措施.txt", f"{TITLE}{items}\n"))
    return extraction, next(figure for figure in extraction.figures if figure.kind is Kind.PROVISION)


def list_payers(items: str) -> list[str]:
    extraction, grant = read(items)
    first = [grant.provider] if grant.provider else []
    others = [r.object for r in extraction.relations if r.subject == grant.id and r.predicate == "provider"]
    return [extraction.get_entity(ident).label for ident in (*first, *others)]


def list_in_charge(items: str) -> list[str]:
    extraction, grant = read(items)
    found = [r.object for r in extraction.relations if r.subject == grant.id and r.predicate == "actor"]
    return [extraction.get_entity(ident).label for ident in found]


@pytest.mark.parametrize(
    ("items", "payers"),
    [
        ("一、对新建的冷链企业，由市财政给予10万元奖励。", ["澄溪市财政局"]),
        ("一、对新建的冷链企业，市级财政按投资额的10%给予补助。", ["澄溪市财政局"]),
        ("一、市商务局对参加展会的企业每次给予1万元补贴。", ["澄溪市商务局"]),
        (
            "一、对新建的冷链企业给予10万元奖励，所需资金由市商务局、市财政局共同承担。",
            ["澄溪市商务局", "澄溪市财政局"],
        ),
        ("一、对新建的冷链企业给予10万元奖励。奖励资金由市财政局负担。", ["澄溪市财政局"]),
        ("一、经市商务局审核认定后，对新建的冷链企业给予10万元奖励。", []),
        ("一、对新建的冷链企业，由市商务局出具证明后，给予10万元奖励。", []),
    ],
)
def test_who_pays_is_told_by_the_verb_of_giving_or_by_who_bears_the_cost(items: str, payers: list[str]) -> None:
    assert list_payers(items) == payers


@pytest.mark.parametrize(
    ("items", "in_charge"),
    [
        ("一、对新建的冷链企业，给予10万元奖励。（牵头单位：市商务局；配合单位：市财政局）", ["澄溪市商务局"]),
        ("一、对新建的冷链企业，给予10万元奖励。（市商务局、市财政局负责）", ["澄溪市商务局", "澄溪市财政局"]),
        (
            "一、对新建的冷链企业，给予10万元奖励。（责任单位：市商务局）\n二、建设农产品批发市场。（责任单位：市农业农村局）",
            ["澄溪市商务局"],
        ),
    ],
)
def test_the_note_behind_an_item_says_who_is_in_charge(items: str, in_charge: list[str]) -> None:
    assert list_in_charge(items) == in_charge
