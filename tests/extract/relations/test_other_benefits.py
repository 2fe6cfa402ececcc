"""Who is named beside a benefit but gets something else, or nothing."""

from __future__ import annotations

import pytest

from extract.model import Source
from extract.pipeline import extract

TITLE = "澄溪市支持企业发展若干措施"


def list_supported(items: str) -> set[tuple[str, str]]:
    """Return giver and receiver of each support that a text states; the text itself is “policy”."""
    extraction = extract(Source("措施.txt", f"{TITLE}\n\n{items}\n"))
    label = {e.id: "policy" if e.label == TITLE else e.label for e in extraction.entities}
    return {(label[r.subject], label[r.object]) for r in extraction.relations if r.predicate == "supports"}


def test_what_a_clause_gives_is_not_the_benefit_of_another_family_in_the_heading() -> None:
    found = list_supported(
        "一、购房补贴\n对退役军人给予1万元补贴。\n二、其他\n发放购房补贴。对二孩家庭给予5000元消费券。"
    )
    assert ("购房补贴", "退役军人") in found
    assert ("购房补贴", "二孩家庭") not in found


def test_a_short_sentence_with_an_amount_is_no_heading_of_the_next_one() -> None:
    found = list_supported("一、对退役军人给予1万元购房补贴。\n对换购住房的纳税人，按规定予以退税。")
    assert ("policy", "纳税人") in found
    assert ("购房补贴", "纳税人") not in found


def test_a_clause_that_turns_to_another_receiver_gives_it_its_own_benefit() -> None:
    found = list_supported("一、对小微企业实行基本风险统保，对冷链企业的融资业务给予最高30%贴息。")
    assert ("基本风险统保", "小微企业") in found
    assert ("policy", "冷链企业") in found
    assert ("基本风险统保", "冷链企业") not in found


@pytest.mark.parametrize(
    ("sentence", "receivers"),
    [
        ("强化对定点医药机构费用申报和参保人员费用报销的审核。", set()),
        ("对科研单位落实文件精神情况进行全面自查。", set()),
        ("支持金融机构对冷链企业给予信用贷款。", {"冷链企业"}),
        ("对冷链企业的安全投入给予10万元补助。", {"冷链企业"}),
        ("对通过审核的冷链企业给予10万元补助。", {"冷链企业"}),
    ],
)
def test_who_is_only_checked_or_asked_to_give_gets_nothing(sentence: str, receivers: set[str]) -> None:
    assert {receiver for _, receiver in list_supported(f"一、{sentence}")} == receivers
