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
    found = supports(read("一、设立“青禾贷”，为返乡创业人员提供贷款。返乡创业人员可以凭证申请“青禾贷”。"))
    assert ("青禾贷", "返乡创业人员") in found


@pytest.mark.parametrize("sentence", ["一、对骗取补贴的运输企业，追回补贴资金。", "一、高耗能企业不得享受本措施。"])
def test_a_clause_that_denies_gives_nothing(sentence: str) -> None:
    assert not supports(read(sentence))


@pytest.mark.parametrize(
    ("sentence", "groups"),
    [
        ("一、对高新技术企业给予20万元奖励，取消原对小微企业8万元的补助。", {"高新技术企业"}),
        ("一、对高新技术企业给予20万元奖励，亏损企业不享受。", {"高新技术企业"}),
        ("一、亏损企业不享受。", set()),
        ("一、外资企业不适用本措施。", set()),
    ],
)
def test_a_stretch_that_takes_back_or_refuses_gives_nothing(sentence: str, groups: set[str]) -> None:
    assert {group for _, group in supports(read(sentence))} == groups


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


def find_subjects(x: Extraction) -> dict[int, str]:
    names = {entity.id: entity.label for entity in x.entities}
    return {int(f.value): names.get(f.about or "", "") for f in x.figures if f.kind is Kind.PROVISION}


def test_a_sentence_that_begins_with_the_amount_goes_on_with_the_receiver_before_it() -> None:
    assert find_subjects(read("一、为高校毕业生发放补贴。补贴标准为每人2000元。")) == {2000: "高校毕业生"}


def test_amounts_of_a_list_of_full_names_go_to_its_members_in_turn() -> None:
    x = read("一、对省级龙头企业、国家级龙头企业分别给予20万元、50万元奖励。")
    assert find_subjects(x) == {200000: "省级龙头企业", 500000: "国家级龙头企业"}


def test_an_amount_for_somebody_else_does_not_go_to_the_receiver_before() -> None:
    x = read("一、对瞪羚企业给予20万元奖励。其他单位，每家补助3万元。")
    assert find_subjects(x) == {200000: "瞪羚企业", 30000: ""}


@pytest.mark.parametrize(
    "sentence", ["一、鼓励律师事务所为中小企业提供服务。", "一、供水企业受理申请，提供一站式服务。"]
)
def test_who_serves_others_gets_nothing(sentence: str) -> None:
    assert not {obj for _, obj in supports(read(sentence))} & {"律师事务所", "供水企业"}


def test_a_name_has_no_clause_words_at_its_left_edge() -> None:
    x = read("一、全面实施“云帆”计划，对落户人员发放购房补贴，升级“霁办通”平台。")
    assert not [e.label for e in x.entities if e.label.startswith(("实施", "全面", "发放", "升级", "落户人员发放"))]


def test_what_a_receiver_sets_up_receives_nothing() -> None:
    x = read("一、对符合条件的餐饮企业、老字号企业新设直营连锁店的，给予最高40万元奖励。")
    assert {group for _, group in supports(x)} == {"餐饮企业", "老字号企业"}
    names = {entity.id: entity.label for entity in x.entities}
    assert [names.get(f.about or "") for f in x.figures if f.kind is Kind.PROVISION] != ["直营连锁店"]


def test_a_number_of_things_is_about_the_name_right_behind_it() -> None:
    x = read("一、2025年底前，实现100个“一证办”、50个“零材料办”、30个“全域通办”。")
    names = {entity.id: entity.label for entity in x.entities}
    assert [(int(f.value), names.get(f.about or "")) for f in x.figures] == [
        (100, "一证办"), (50, "零材料办"), (30, "全域通办"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "sentence",
    [
        "一、贷款政策。缴存人购买首套住房的，贷款最高60万元。引进人才购买首套住房的，贷款额度上浮20%。",
        "一、奖励办法。对家庭农场给予3万元奖励。经认定的“云岭农创客”，给予10万元奖励。",
        "一、冷链奖励。对冷链企业按投资额的10%给予补助。对获评五星级冷库的，给予30万元奖励。",
        "一、标杆奖励。对获评国家级云帆标杆的企业奖励200万元，省级的奖励100万元。",
    ],
)
def test_a_provision_that_names_its_own_receiver_is_about_no_other(sentence: str) -> None:
    last = [f for f in read(sentence).figures if f.kind is Kind.PROVISION][-1]
    assert last.about is None
