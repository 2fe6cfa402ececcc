"""Who gets what, and from what: read from clauses of an invented policy."""

from __future__ import annotations

import pytest

from extract.model import Extraction, Kind, Source
from extract.pipeline import extract

HEAD = "霁川市促进民营经济发展若干措施\n\n各区人民政府，市政府各部门：\n　　为促进发展，制定本措施。\n"
TAIL = "\n\n　　　　霁川市人民政府\n　　　　2024年5月9日\n"


def read(body: str) -> Extraction:
    return extract(Source("霁川.txt", f"{HEAD}　　{body}{TAIL}"))


def supports(x: Extraction) -> set[tuple[str, str]]:
    names = {entity.id: entity.label for entity in x.entities}
    return {(names[r.subject], names[r.object]) for r in x.relations if r.predicate == "supports"}


@pytest.mark.parametrize(
    ("sentence", "group"),
    [
        ("一、对新引进的高校毕业生，给予每人2万元补助。", "高校毕业生"),
        ("一、支持养老服务机构开展培训。", "养老服务机构"),
        ("一、为退役军人免费提供培训。", "退役军人"),
    ],
)
def test_a_policy_supports_whom_its_clauses_name(sentence: str, group: str) -> None:
    assert any(subject.startswith("霁川市促进民营经济") and obj == group for subject, obj in supports(read(sentence)))


def test_what_is_given_supports_who_gets_it() -> None:
    found = supports(read("一、对返乡创业人员，给予一次性创业补贴。返乡创业人员可以凭证申请一次性创业补贴。"))
    assert any(subject.endswith("创业补贴") and obj == "返乡创业人员" for subject, obj in found)


@pytest.mark.parametrize("sentence", ["一、对骗取补贴的运输企业，追回补贴资金。", "一、高耗能企业不得享受本措施。"])
def test_a_clause_that_denies_gives_nothing(sentence: str) -> None:
    assert not supports(read(sentence))


def test_a_provision_is_about_its_receiver_and_never_about_a_program() -> None:
    x = read("一、对新认定的瞪羚企业，给予20万元奖励；对众创空间，给予10万元补助。")
    names = {entity.id: entity.label for entity in x.entities}
    about = {int(f.value): names.get(f.about or "", "") for f in x.figures if f.kind is Kind.PROVISION}
    assert about == {200000: "瞪羚企业", 100000: "众创空间"}


def test_values_of_a_list_go_to_its_members_in_turn() -> None:
    x = read("一、对国家级、省级、市级示范合作社，分别给予50万元、30万元、10万元奖励。")
    names = {entity.id: entity.label for entity in x.entities}
    about = {int(f.value): names.get(f.about or "", "") for f in x.figures if f.kind is Kind.PROVISION}
    assert about == {500000: "国家级示范合作社", 300000: "省级示范合作社", 100000: "市级示范合作社"}


def test_a_provision_whose_receiver_nobody_names_has_no_subject() -> None:
    x = read("一、单项资助最高30万元。")
    assert [f.about for f in x.figures if f.kind is Kind.PROVISION] == [None]
