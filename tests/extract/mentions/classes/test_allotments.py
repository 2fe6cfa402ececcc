"""Lists whose members each get an amount of their own, and classes that are known by what stands behind them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from extract.model import Extraction, Kind
from tests.support.reading import labels, read

HEAD = "栖桐市支持产业发展若干措施\n栖桐市人民政府办公室\n第一条　"
CLASSES = {Kind.TIER, Kind.GROUP}


def read_item(sentence: str) -> Extraction:
    return read(HEAD + sentence + "\n")


def subjects(x: Extraction) -> dict[Decimal, str]:
    names = {e.id: e.label for e in x.entities}
    return {f.value: names.get(str(f.about), "") for f in x.figures}


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "对国家级、省级、市级创业孵化示范基地分别给予100万元、50万元、20万元奖补。",
            {1000000: "国家级创业孵化示范基地", 500000: "省级创业孵化示范基地", 200000: "市级创业孵化示范基地"},
        ),
        (
            "对新创成国家级、省级旅游度假区的，分别给予300万元、80万元奖励。",
            {3000000: "国家级旅游度假区", 800000: "省级旅游度假区"},
        ),
        (
            "对新获评国家级、省级夜间文化和旅游消费集聚区的，分别给予100万元、50万元奖励。",
            {1000000: "国家级夜间文化和旅游消费集聚区", 500000: "省级夜间文化和旅游消费集聚区"},
        ),
        (
            "对获评国家级、省级、市级文化产业示范园区的运营机构，分别给予100万元、50万元、20万元奖励。",
            {1000000: "国家级文化产业示范园区", 500000: "省级文化产业示范园区", 200000: "市级文化产业示范园区"},
        ),
        (
            "对新认定的省和国家级重点龙头企业分别给予50万元和100万元奖励。",
            {500000: "省级重点龙头企业", 1000000: "国家级重点龙头企业"},
        ),
        (
            "对新认定的国家体育产业示范基地、示范单位、示范项目，分别给予200万元、100万元、50万元奖励。",
            {2000000: "国家体育产业示范基地", 1000000: "国家体育产业示范单位", 500000: "国家体育产业示范项目"},
        ),
        (
            "对新就业全日制本科毕业生、硕士研究生、博士研究生，每月分别发放租房补贴500元、800元、1500元。",
            {500: "全日制本科毕业生", 800: "硕士研究生", 1500: "博士研究生"},
        ),
        (
            "对新创成国家5A级、4A级旅游景区的，分别给予500万元、100万元奖励。",
            {5000000: "国家5A级旅游景区", 1000000: "国家4A级旅游景区"},
        ),
        (
            "对首次入库的仓储、配送、装卸企业，分别一次性奖励9万元、7万元、4万元。",
            {90000: "仓储企业", 70000: "配送企业", 40000: "装卸企业"},
        ),
        (
            "对供热、供水企业分别安排改造补助200万元、90万元。",
            {2000000: "供热企业", 900000: "供水企业"},
        ),
        (
            "高技能人才分为A、B、C三类，租房补贴分别为9万元、6万元、3万元。",
            {90000: "A类高技能人才", 60000: "B类高技能人才", 30000: "C类高技能人才"},
        ),
    ],
)
def test_each_member_of_a_list_gets_its_amount(sentence: str, expected: dict[int, str]) -> None:
    assert subjects(read_item(sentence)) == {Decimal(value): name for value, name in expected.items()}


@pytest.mark.parametrize(
    "sentence",
    [
        "并联审批率和联合验收率分别达到30%、35%。",
        "不受单位、年龄、毕业时间的限制，一次性分别给予5万元、3万元、2万元补贴。",
        "对取得第二类、第三类医疗器械注册证的，每个产品分别给予20万元、100万元奖励。",
        "对获得省专利金奖、银奖、优秀奖的单位，分别奖励100万元、50万元、20万元。",
    ],
)
def test_rates_reasons_papers_and_awards_are_no_classes(sentence: str) -> None:
    assert not [e.label for e in read_item(sentence).entities if e.rule == "allotment.list"]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "对甲级、乙级、丙级孵化器分别给予20万元、每人3000元、不超过房租30%的补助。",
            {200000: "甲级孵化器", 3000: "乙级孵化器", 30: "丙级孵化器"},
        ),
        (
            "对新认定的省级工程研究中心、市级重点实验室、县级企业技术中心，分别给予100万元、50万元、研发费用10%的奖励。",
            {1000000: "省级工程研究中心", 500000: "市级重点实验室", 10: "县级企业技术中心"},
        ),
        (
            "对博士、硕士、本科毕业生分别按每人每月2000元、每人每月1500元、每人一次性1万元发放补贴。",
            {2000: "博士毕业生", 1500: "硕士毕业生", 10000: "本科毕业生"},
        ),
        (
            "对示范合作社、家庭农场分别给予每亩200元和总投入30%的补助。",
            {200: "示范合作社", 30: "家庭农场"},
        ),
        (
            "对高校毕业生、返乡农民工分别给予20万元、每人3000元、不超过房租30%的补助。",
            {200000: "", 3000: "", 30: ""},
        ),
        (
            "养老机构收住本县户籍轻度、中度、重度失智老年人的，按每人每月分别补贴110元、220元、330元。",
            {110: "", 220: "中度失智老年人", 330: "重度失智老年人"},
        ),
    ],
)
def test_values_of_several_kinds_go_to_the_members_in_turn(sentence: str, expected: dict[int, str]) -> None:
    assert subjects(read_item(sentence)) == expected


def test_an_amount_behind_the_name_of_a_support_is_none_of_the_list() -> None:
    found = subjects(read_item("对小微企业、个体工商户分别给予20万元、10万元补贴和每人3000元培训补贴。"))
    assert (found[Decimal(200000)], found[Decimal(100000)]) == ("小微企业", "个体工商户")


def test_a_sum_in_turn_is_for_what_the_first_says() -> None:
    x = read_item("对博士、硕士毕业生分别按每月2000元、1500元发放生活补贴。")
    assert {f.per for f in x.figures} == {"月"}


def test_a_list_with_another_number_of_members_proves_nothing() -> None:
    x = read_item("对省级、市级、县级工业旅游体验点，分别给予20万元、10万元奖励。")
    assert not [e.label for e in x.entities if e.rule == "allotment.list"]


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("今年新建省级乡村振兴示范村8个。", "省级乡村振兴示范村"),
        ("望溪一中获评国家级青少年体育俱乐部。", "国家级青少年体育俱乐部"),
        ("对列入省级非遗工坊名录的，每家给予3万元。", "省级非遗工坊"),
        ("白沙镇被命名为省级森林城镇。", "省级森林城镇"),
    ],
)
def test_a_class_with_a_level_is_known_by_what_stands_behind_it(sentence: str, name: str) -> None:
    x = read_item(sentence)
    assert name in labels(x, Kind.TIER)
    assert not [e.label for e in x.entities if e.kind in CLASSES and "名录" in e.label]


def test_bodies_and_works_with_a_level_are_no_tiers() -> None:
    x = read_item("省级财政共扶持我市12个项目，市级部门5家参与。")
    assert not labels(x, Kind.TIER)


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("经认定的第一至三类人才，给予50万元补贴。", "第一至三类人才"),
        ("A至C类人才给予10万元补贴。", "A至C类人才"),
    ],
)
def test_a_range_of_ranks_is_not_its_last_member(sentence: str, name: str) -> None:
    assert labels(read_item(sentence), Kind.GROUP) == {name}


def test_an_amount_in_turn_is_quoted_without_the_last_member() -> None:
    x = read_item("民办、公办幼儿园分别补助4000元、1000元。")
    assert [f.span.of(x.source.text) for f in x.figures] == ["补助4000元", "1000元"]
    assert subjects(x) == {Decimal(4000): "民办幼儿园", Decimal(1000): "公办幼儿园"}


def test_a_number_of_all_members_is_about_none_of_them() -> None:
    x = read_item("市财政对高新技术企业和瞪羚企业分别奖励20万元和50万元，去年惠及193家企业。")
    assert subjects(x) == {
        Decimal(200000): "高新技术企业",
        Decimal(500000): "瞪羚企业",
        Decimal(193): "",
    }


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "对引进的A、B、C三类护理人才，分别给予9万元、6万元、3万元补贴。",
            {90000: "A类护理人才", 60000: "B类护理人才", 30000: "C类护理人才"},
        ),
        ("对甲、乙两类企业分别给予20万元、10万元奖励。", {200000: "甲类企业", 100000: "乙类企业"}),
    ],
)
def test_ranks_that_are_counted_are_classes_one_by_one(sentence: str, expected: dict[int, str]) -> None:
    x = read_item(sentence)
    assert subjects(x) == expected
    assert labels(x, Kind.GROUP) == set(expected.values())
