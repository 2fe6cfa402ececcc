"""The conditions of a support: where they stand, what they ask for, and how many of them must be met."""

from __future__ import annotations

import pytest

from extract.model import Condition, Extraction, GroupKind, Kind, Operator, Source
from extract.pipeline import extract

TITLE = "澄溪市支持企业发展若干措施\n\n"


def read(items: str) -> Extraction:
    return extract(Source("措施.txt", f"{TITLE}{items}\n"))


def list_words(extraction: Extraction, rank: int) -> list[str]:
    """Return the conditions of the n-th support, those of groups too, in the order of the text."""
    support = [f for f in extraction.figures if f.kind is Kind.PROVISION][rank]
    groups = {g.id for g in extraction.requirements.groups if support.id in g.decides}
    found = [c for c in extraction.requirements.conditions if support.id in c.decides or c.group in groups]
    return list(dict.fromkeys(c.span.of(extraction.source.text) for c in found))


def read_first(sentence: str) -> Condition:
    return read(f"一、{sentence}").requirements.conditions[0]


@pytest.mark.parametrize(
    ("sentence", "conditions"),
    [
        ("对新认定的省级绿色工厂，给予20万元奖励。", [["新认定的省级绿色工厂"]]),
        (
            "年营业收入2000万元以上的冷链企业，按设备投资额的10%给予补助，最高50万元。",
            [["年营业收入2000万元以上的冷链企业"]] * 2,
        ),
        (
            "购买首套住房的，每平方米补贴100元；购买第二套住房的，每平方米补贴80元。",
            [["购买首套住房的"], ["购买第二套住房的"]],
        ),
        (
            "对个人购买家庭唯一住房，面积为140平方米以下的，补贴1万元；面积为140平方米以上的，补贴5000元。",
            [["个人购买家庭唯一住房", "面积为140平方米以下的"], ["个人购买家庭唯一住房", "面积为140平方米以上的"]],
        ),
        (
            "对组织过夜团队的旅行社给予奖励，每人每晚奖励20元，每家旅行社奖励总额不超过10万元。",
            [["组织过夜团队的旅行社"]] * 2,
        ),
        (
            "2024年6月1日至12月31日期间，在市区购车的，在取得行驶证后，由市财政给予3000元补贴。",
            [["2024年6月1日至12月31日期间", "在市区购车的", "在取得行驶证后"]],
        ),
        (
            "对新认定的省级绿色工厂奖励20万元，高新技术企业奖励5万元。",
            [["新认定的省级绿色工厂"], []],
        ),
        (
            "年产值超过1亿元的企业给予20万元奖励，获评云帆标杆奖励100万元。",
            [["年产值超过1亿元的企业"], []],
        ),
        (
            "支持技术改造，对设备投资500万元以上的按10%补助；支持争创云帆标杆，给予100万元奖励。",
            [["设备投资500万元以上的"], []],
        ),
        (
            "对获评国家级云帆标杆的企业奖励200万元，省级的奖励100万元。",
            [["获评国家级云帆标杆的企业"], ["省级的"]],
        ),
        (
            "对年产值10亿元以上的企业，给予50万元贴息，并优先推荐云帆标杆，获评后奖励100万元。",
            [["年产值10亿元以上的企业"], ["年产值10亿元以上的企业", "获评后"]],
        ),
        ("按购房款总额的1%给予补贴。", [[]]),
        ("二孩家庭给予2万元补贴。", [[]]),
    ],
)
def test_conditions_stand_before_the_amount(sentence: str, conditions: list[list[str]]) -> None:
    extraction = read(f"一、{sentence}")
    assert [list_words(extraction, rank) for rank in range(len(conditions))] == conditions


def test_a_sentence_that_leads_in_items_gives_its_conditions_to_each_item() -> None:
    lead = "一、对在本市注册的冷链企业，按下列标准给予奖励：\n"
    extraction = read(f"{lead}（一）首次升规的，奖励10万元；\n（二）首次上市的，奖励50万元。")
    assert list_words(extraction, 0) == ["在本市注册的冷链企业", "首次升规的"]
    assert list_words(extraction, 1) == ["在本市注册的冷链企业", "首次上市的"]


@pytest.mark.parametrize(
    ("sentence", "operator", "criterion", "name", "requires"),
    [
        ("对上年度营业收入2000万元以上的企业，给予10万元奖励。", "GreaterOrEqual", "营业收入", "上年度营业收入", ""),
        ("对职工人数不足50人的企业，给予10万元奖励。", "Less", "职工人数", "职工人数", ""),
        ("对固定资产投资超过1亿元的项目，给予10万元奖励。", "Greater", "投资额", "固定资产投资", ""),
        ("对研发投入占比不低于5%的企业，给予10万元奖励。", "GreaterOrEqual", "研发投入占比", "研发投入占比", ""),
        ("对购买100平方米以下住房的，给予1万元补贴。", "LessOrEqual", "面积", "面积", ""),
        ("对注册满2年以上的企业，给予10万元奖励。", "GreaterOrEqual", "成立年限", "注册满", ""),
        ("对首次认定为省级绿色工厂的企业，给予10万元奖励。", "Is", "认定", "", "省级绿色工厂"),
        ("对新获批的省级绿色工厂，给予10万元奖励。", "Is", "认定", "", "省级绿色工厂"),
        ("对在澄溪市注册的企业，给予10万元奖励。", "Is", "注册地", "", "澄溪市"),
        ("对取得特种设备生产许可证的企业，给予10万元奖励。", "Has", "资质", "", "特种设备生产许可证"),
        ("对购买新能源汽车的，给予5000元补贴。", "Does", "购买", "", "购买新能源汽车"),
        ("对近三年未发生安全事故的企业，给予10万元奖励。", "Not", "信用", "", "发生安全事故的企业"),
    ],
)
def test_a_condition_has_operator_criterion_and_what_it_asks_for(
    sentence: str, operator: str, criterion: str, name: str, requires: str
) -> None:
    found = read_first(sentence)
    assert (found.operator.value, found.criterion) == (operator, criterion)
    assert (found.property, found.requires) == (name, requires)
    assert bool(found.figure) == bool(name)


def test_what_is_asked_for_is_the_class_that_the_words_name() -> None:
    extraction = read("一、对首次认定为省级绿色工厂的企业，给予10万元奖励。")
    about = extraction.requirements.conditions[0].about
    assert about is not None and extraction.get_entity(about).label == "省级绿色工厂"


def test_numbers_with_or_between_them_are_alternatives() -> None:
    extraction = read("一、对产值2000万元以上或研发投入占比10%以上的企业，给予10万元奖励。")
    [group] = extraction.requirements.groups
    assert (group.kind, group.needed) == (GroupKind.ANY_OF, 1)
    assert [c.group for c in extraction.requirements.conditions] == [group.id, group.id]
    support = next(f for f in extraction.figures if f.kind is Kind.PROVISION)
    assert group.decides == (support.id,)
    thresholds = [f for f in extraction.figures if f.kind is Kind.CONDITION]
    assert {f.condition_of for f in thresholds} == {support.id}


@pytest.mark.parametrize(
    ("words", "kind", "needed"),
    [
        ("下列条件之一", GroupKind.ANY_OF, 1),
        ("下列条件中的两项以上", GroupKind.SOME_OF, 2),
        ("以下全部条件", GroupKind.ALL_OF, 0),
    ],
)
def test_the_items_behind_a_list_of_conditions_are_a_group(words: str, kind: GroupKind, needed: int) -> None:
    items = "（一）年营业收入2000万元以上；\n（二）拥有发明专利5项以上；\n（三）取得省级质量奖。"
    extraction = read(f"一、对符合{words}的企业，给予10万元奖励：\n{items}")
    [group] = extraction.requirements.groups
    members = [c for c in extraction.requirements.conditions if c.group == group.id]
    assert (group.kind, group.needed, len(members)) == (kind, needed, 3)
    assert [m.operator for m in members] == [Operator.GREATER_OR_EQUAL, Operator.GREATER_OR_EQUAL, Operator.HAS]


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("同一企业就高不重复。", "HighestOnly"),
        ("已享受其他同类政策的，不得重复享受。", "NoRepeat"),
        ("本补贴不与其他购房补贴叠加享受。", "NoRepeat"),
        ("每套住房只能享受一次。", "Once"),
        ("可与省级补贴叠加享受。", "Cumulative"),
    ],
)
def test_a_rule_about_several_supports_is_about_those_of_its_item(words: str, kind: str) -> None:
    extraction = read(f"一、对购车的个人给予3000元补贴。{words}\n二、对购房的个人给予1万元补贴。")
    first = next(f for f in extraction.figures if f.kind is Kind.PROVISION)
    assert [(r.kind.value, r.decides) for r in extraction.requirements.stacking] == [(kind, (first.id,))]


def list_thresholds(extraction: Extraction) -> dict[int, list[tuple[Operator, int]]]:
    """Return operator and value of the thresholds of each support, by its value."""
    figures = {f.id: f for f in extraction.figures}
    return {
        int(f.value): [
            (c.operator, int(figures[c.figure].value))
            for c in extraction.requirements.conditions
            if c.figure is not None and f.id in c.decides
        ]
        for f in extraction.figures
        if f.kind is Kind.PROVISION
    }


@pytest.mark.parametrize(
    ("sentence", "thresholds"),
    [
        (
            "对年营业收入首次达到4000万元、2亿元的物流企业，分别给予10万元、30万元奖励。",
            {100_000: [4e7], 300_000: [2e8]},
        ),
        (
            "年产值达到3亿元、8亿元、20亿元的企业，分别给予15万元、40万元、90万元奖励。",
            {150_000: [3e8], 400_000: [8e8], 900_000: [2e9]},
        ),
        (
            "仓库容积800立方米至4000立方米的企业，每立方米补助90元；4000立方米以上的，每立方米补助130元。",
            {90: [800, 4000], 130: [4000]},
        ),
    ],
)
def test_each_amount_of_a_list_has_its_own_threshold(sentence: str, thresholds: dict[int, list[float]]) -> None:
    found = list_thresholds(read(f"一、{sentence}"))
    assert {amount: [value for _, value in some] for amount, some in found.items()} == thresholds
    assert all(operator is not Operator.EQUAL for some in found.values() for operator, _ in some)


def test_the_members_of_a_list_compare_the_same() -> None:
    first, second = read(
        "一、对年营业收入首次达到4000万元、2亿元的物流企业，分别给予10万元、30万元奖励。"
    ).requirements.conditions
    assert first.operator is second.operator is Operator.GREATER_OR_EQUAL
    assert first.property == second.property == "年营业收入"


@pytest.mark.parametrize(
    ("sentence", "conditions"),
    [
        (
            "一人申请，最高贷款额度为40万元，两人及以上共同申请，最高贷款额度为80万元。",
            [["一人申请"], ["两人及以上共同申请"]],
        ),
        (
            "对在本市购房的职工，单人缴存，最高可贷款72万元，夫妻双方缴存，最高可贷款96万元。",
            [["在本市购房的职工", "单人缴存"], ["在本市购房的职工", "夫妻双方缴存"]],
        ),
        ("即当前一人申请最高额度为60万元，二人及以上申请最高额度为90万元。", [["一人申请"], ["二人及以上申请"]]),
        ("首次购房，补贴1万元，再次购房，补贴5000元。", [["首次购房"], ["再次购房"]]),
        ("企业申请，市财政局审核，补贴1万元。", [[]]),
    ],
)
def test_a_short_clause_before_an_amount_is_its_case(sentence: str, conditions: list[list[str]]) -> None:
    extraction = read(f"一、{sentence}")
    assert [list_words(extraction, rank) for rank in range(len(conditions))] == conditions
    assert not [f for f in extraction.figures if f.kind is Kind.TARGET]


@pytest.mark.parametrize(
    ("sentence", "decided"),
    [
        ("5年以下(含5年)和5年以上住房贷款利率分别调整为2.5%和3%。", [["2.5%"], ["3%"]]),
        ("1年以下、1年至5年、5年以上的贷款利率分别为2%、2.5%、3%。", [["2%"], ["2.5%"], ["2.5%"], ["3%"]]),
        ("5年以下和5年以上住房贷款利率分别调整为2.5%、3%和3.5%。", [[], []]),
    ],
)
def test_each_of_several_lengths_of_time_decides_its_own_rate(sentence: str, decided: list[list[str]]) -> None:
    extraction = read(f"一、{sentence}")
    text = {f.id: f.span.of(extraction.source.text) for f in extraction.figures}
    found = [[text[str(d)] for d in c.decides] for c in extraction.requirements.conditions]
    assert len(found) == len(decided)
    assert all(f.endswith(d) for one, two in zip(found, decided, strict=True) for f, d in zip(one, two, strict=True))


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("竞买保证金比例原则上不低于20%的，给予10万元奖励。", "比例"),
        ("落实对月销售额10万元以下的商户给予1000元补贴。", "月销售额"),
        ("培育年销售额1000万元以上的商户，给予1万元补贴。", "年销售额"),
        ("重点打造2—3个年交易额100亿元以上的市场，给予100万元奖励。", "年交易额"),
        ("但一年内办理许可的，给予1万元补贴。", ""),
    ],
)
def test_conjunctions_and_verbs_are_no_part_of_what_is_compared(sentence: str, name: str) -> None:
    assert read(f"一、{sentence}").requirements.conditions[0].property == name


@pytest.mark.parametrize("link", ["对床位20张以上且取得消防许可证的民宿，给予3万元奖励。",
                                  "床位20张以上且取得消防许可证的民宿，按改造投入的15%给予补助。"])  # fmt: skip
def test_what_stands_beside_a_number_is_a_condition_of_its_own(link: str) -> None:
    x = extract(Source("措施.txt", f"澄溪市支持乡村旅游若干措施\n\n　　第一条　{link}\n"))
    [number] = [f for f in x.figures if f.unit == "张"]
    [support] = [f for f in x.figures if f.kind is Kind.PROVISION]
    assert number.kind is Kind.CONDITION and number.condition_of == support.id
    found = {(c.operator, c.requires): c.decides for c in x.requirements.conditions}
    assert found == {(Operator.GREATER_OR_EQUAL, ""): (support.id,), (Operator.HAS, "消防许可证"): (support.id,)}


def test_the_size_of_what_is_built_is_still_a_target() -> None:
    x = extract(
        Source("措施.txt", "澄溪市支持乡村旅游若干措施\n\n　　第一条　新建床位20张以上且取得许可证的民宿30家。\n")
    )
    assert {f.kind for f in x.figures} == {Kind.TARGET}


def test_the_names_of_a_list_in_turn_are_no_conditions_of_each_other() -> None:
    x = read("一、对新认定的国家级小巨人企业、省级专精特新企业、创新型中小企业，分别给予60万元、20万元、5万元奖励。")
    assert [list_words(x, rank) for rank in range(3)] == [[], [], []]
    x = read("一、对购买设备的瞪羚企业、绿色工厂，分别给予60万元、20万元奖励。")
    assert list_words(x, 0) and list_words(x, 1)
