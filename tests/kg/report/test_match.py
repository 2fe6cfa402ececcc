"""A firm against the supports of a store: places, tiers, conditions, groups, people, plans, and the smallest change."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import kg
from kg.api import Graph
from kg.errors import UsageError
from kg.report.match.places import PlaceTable
from kg.report.match.profile import read_profile
from kg.report.match.requirements import Requirement, RequirementGroup, find_property
from kg.report.model import Amount, Code, Count
from kg.report.texts import Texts
from tests.kg.report.conftest import build_store
from tests.support.matching import TODAY, find_amount, list_supports

OPINION = """市工业和信息化局：
　　关于《关于培育优质企业的提案》（第20240301号），我局会办意见如下：
　　一、现有政策。上年度营业收入在3亿元以上的国家级专精特新“小巨人”企业作为新设立博士后科研工作站5项推荐条件之一，国家级专精特新“小巨人”企业是重点支持设立博士后科研工作站对象。
　　二、下一步，对认定为国家级专精特新“小巨人”企业的，视同霁川市“倍增计划”试点企业，对认定为省级专精特新中小企业的，视同霁川市协同倍增企业。
　　霁川市人力资源和社会保障局
　　2024年5月8日
"""
POLICY = """霁川市支持企业成长若干措施

　　第一条　对国家级专精特新“小巨人”企业，连续两年营业收入增速不低于15%的，由市工业和信息化局给予一次性奖励最高50万元。
　　第二条　对首次认定的国家级专精特新“小巨人”企业，给予一次性奖励80万元。
　　第三条　对瞪羚企业，给予一次性奖励20万元。
　　第四条　对国家级专精特新“小巨人”企业，给予每年10万元服务补贴。
　　第五条　对经济困难的失能老年人，每人每月发放300元养老服务补贴。
"""
OTHER = """云桥市促进企业发展办法

　　第一条　对国家级专精特新“小巨人”企业，给予一次性奖励30万元。
"""
PROFILE = """名称: 霁川某某精密机械有限公司
地方: [霁川市, 沧陵省]
认定: [国家级专精特新小巨人企业]
营业收入: 4.5亿元
营业收入增速: 12%
"""


@pytest.fixture(scope="module")
def match_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    files = {"意见.txt": OPINION, "霁川市支持企业成长若干措施.txt": POLICY, "云桥市促进企业发展办法.txt": OTHER}
    return build_store(tmp_path_factory.mktemp("match"), files)


@pytest.fixture
def graph(match_store: Path) -> Iterator[Graph]:
    with kg.open(match_store) as opened:
        yield opened


@pytest.fixture
def profile(tmp_path: Path) -> str:
    path = tmp_path / "firm.yaml"
    path.write_text(PROFILE, encoding="utf-8")
    return str(path)


def test_support_for_the_tier_is_entitled_and_one_for_a_first_recognition_likely(graph: Graph, profile: str) -> None:
    rows = list_supports(graph, profile=profile)
    assert find_amount(rows, 100_000)["status"] == Code("match.entitled")
    first = find_amount(rows, 800_000)
    assert first["status"] == Code("match.likely")
    assert "首次" in Texts("zh").plain(first["unclear"])


def test_threshold_that_is_not_met_says_by_how_much(graph: Graph, profile: str) -> None:
    row = find_amount(list_supports(graph, profile=profile), 500_000)
    assert row["status"] == Code("match.not")
    assert Texts("zh").plain(row["change"]) == "营业收入增速由12%变为不少于15%"
    assert Texts("en").plain(row["change"]) == "growth of revenue: from 12 % to at least 15 %".replace(" %", "%")


def test_threshold_that_the_profile_leaves_open_is_not_known(graph: Graph) -> None:
    row = find_amount(list_supports(graph, place="霁川市", tier="国家级专精特新“小巨人”企业"), 500_000)
    assert row["status"] == Code("match.unknown")
    assert "营业收入增速" in Texts("zh").plain(row["unclear"])


def test_facts_complete_the_profile(graph: Graph) -> None:
    rows = list_supports(graph, place="霁川市", tier="国家级专精特新“小巨人”企业", facts="营收增速=16%；职工人数=320")
    assert find_amount(rows, 500_000)["status"] == Code("match.entitled")


def test_one_of_five_conditions_is_enough_and_the_other_four_stay_unknown(graph: Graph, profile: str) -> None:
    report = graph.report("match", profile=profile, as_of=TODAY.isoformat())
    station = next(row for row in report.get_table("supports").to_dicts() if "博士后" in str(row["support"]))
    assert station["status"] == Code("match.entitled")
    rows = [row for row in report.get_table("conditions").to_dicts() if row["oneOf"]]
    assert [row["outcome"] for row in rows] == [Code("match.met"), Code("match.unknown")]
    assert (rows[0]["needed"], rows[0]["own"]) == (
        Amount(Decimal(300_000_000), "CNY", "AtLeast"), Amount(Decimal(450_000_000), "CNY")
    )  # fmt: skip
    assert Texts("en").plain(rows[1]["condition"]) == "4 more conditions, which the text does not give"


def test_other_tiers_say_what_to_become_and_lower_rungs_are_open(graph: Graph, profile: str) -> None:
    rows = list_supports(graph, profile=profile)
    gazelle = find_amount(rows, 200_000)
    assert gazelle["status"] == Code("match.not")
    assert Texts("zh").plain(gazelle["change"]) == "取得“瞪羚企业”认定"
    lower = next(row for row in rows if row["support"] == "霁川市协同倍增企业")
    assert lower["status"] == Code("match.unknown")


def test_what_stands_among_commitments_is_likely_only(graph: Graph, profile: str) -> None:
    row = next(row for row in list_supports(graph, profile=profile) if "试点企业" in str(row["support"]))
    assert (row["kind"], row["status"]) == (Code("treatedAs"), Code("match.likely"))
    assert "承诺" in Texts("zh").plain(row["unclear"])


def test_supports_of_other_places_and_of_people_are_not_offered(graph: Graph, profile: str) -> None:
    report = graph.report("match", profile=profile, as_of=TODAY.isoformat())
    amounts = [
        row["value"].value for row in report.get_table("supports").to_dicts() if isinstance(row["value"], Amount)
    ]
    assert Decimal(300_000) not in amounts and Decimal(300) not in amounts
    assert {row["place"] for row in report.get_table("supports").to_dicts()} == {"霁川市"}
    [note] = [note for note in report.notes if note.key == "match.places"]
    assert note.values["n"] == 1
    other = list_supports(graph, place="云桥市", tier="国家级专精特新“小巨人”企业")
    assert [row["value"].value for row in other if row["place"] == "云桥市"] == [Decimal(300_000)]


def test_summary_counts_the_rows_of_each_status(graph: Graph, profile: str) -> None:
    report = graph.report("match", profile=profile, as_of=TODAY.isoformat())
    summary = {row["status"].key: row["matches"] for row in report.get_table("summary").to_dicts()}
    assert all(isinstance(count, Count) for count in summary.values())
    assert sum(count.number for count in summary.values()) == len(report.get_table("supports").rows)
    for form in ("html", "xlsx", "docx", "csv", "md", "json"):
        assert report.render(form, "en")


def test_people_named_in_one_list_with_firms_make_it_a_support_of_people(graph: Graph, profile: str) -> None:
    from kg.report.facts import Facts
    from kg.report.match.judgement import Judge
    from kg.report.match.supports import FirmSupport
    from kg.report.model import Excerpt

    facts = Facts(graph.store)
    judge = Judge(facts, read_profile(profile, today=TODAY), TODAY)
    [tier] = facts.view.iris_by_name["国家级专精特新小巨人企业"]

    def fit(words: str) -> str:
        judged = judge.judge(FirmSupport("霁才奖", "supports", tier, "霁川市", Excerpt(words)))
        assert judged is not None
        return judged.fit

    assert fit("国家级专精特新“小巨人”企业和瞪羚企业人才纳入奖励范围") == "people"
    assert fit("国家级专精特新“小巨人”企业和瞪羚企业纳入奖励范围") == "self"


@pytest.mark.parametrize(
    ("name", "fits"),
    [
        ("专精特新企业人才", "people"), ("省级专精特新中小企业人才", "maybe"), ("中小企业", "general"),
        ("民营企业", "maybe"), ("失能老年人", "none"), ("高等院校", "none"), ("市场主体", "general"),
    ],
)  # fmt: skip
def test_group_is_one_of_the_firm_by_its_name(graph: Graph, profile: str, name: str, fits: str) -> None:
    from kg.report.facts import Facts
    from kg.report.match.beneficiaries import BeneficiaryTable

    table = BeneficiaryTable(Facts(graph.store), read_profile(profile, today=TODAY))
    assert table.fit_group(name) == fits


# profiles


def test_profile_is_read_from_yaml_toml_and_json(tmp_path: Path) -> None:
    texts = {
        "a.yaml": "tiers: [瞪羚企业]\nrevenue: 4.5亿元\nfounded: 2012\nhas: 研发机构、博士后科研工作站\n",
        "a.toml": 'tiers = ["瞪羚企业"]\nrevenue = "4.5亿元"\nfounded = 2012\nhas = "研发机构、博士后科研工作站"\n',
        "a.json": '{"tiers": ["瞪羚企业"], "revenue": 450000000, "founded": 2012, '
        '"has": ["研发机构", "博士后科研工作站"]}',
    }
    found = []
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
        found.append(read_profile(str(tmp_path / name), today=TODAY))
    assert found[0] == found[1] == found[2]
    assert dict(found[0].numbers) == {"revenue": Decimal(450_000_000), "age": Decimal(14)}
    assert found[0].has == ("研发机构", "博士后科研工作站")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.yaml", "营业收入: 很多"), ("a.yaml", "颜色: 红"), ("a.yaml", "- 一"), ("a.yaml", "a: [1"), ("a.json", "{"),
        ("b.yaml", ""),
    ],
)  # fmt: skip
def test_profile_that_cannot_be_used_is_an_error(tmp_path: Path, name: str, text: str) -> None:
    if text:
        (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(UsageError):
        read_profile(str(tmp_path / name), today=TODAY)


def test_profile_without_anything_is_an_error(graph: Graph) -> None:
    with pytest.raises(UsageError):
        graph.report("match")


# properties and groups


@pytest.mark.parametrize(
    ("printed", "unit", "key"),
    [
        ("上年度营业收入", "CNY", "revenue"), ("营收", "CNY", "revenue"),
        ("连续两年营业收入增速", "%", "revenue_growth"), ("研发费用占营业收入比例", "%", "research_share"),
        ("研发费用", "CNY", "research"), ("从业人员", "人", "employees"),
        ("有效发明专利", "项", "patents"), ("固定资产投资额", "CNY", "investment"),
        ("场地面积", "平方米", "area"), ("工业总产值", "CNY", "output"),
        ("产值增速", "%", ""),
        ("研发人员占职工总数的比例", "%", ""),
    ],
)  # fmt: skip
def test_printed_property_is_that_of_a_profile(printed: str, unit: str, key: str) -> None:
    assert find_property(printed, unit) == key


@pytest.mark.parametrize(
    ("needed", "outcomes", "outcome"),
    [
        (1, ["unmet", "met"], "met"), (2, ["met", "unknown"], "unknown"), (2, ["met", "unmet"], "unmet"),
        (1, ["unknown"], "unknown"),
    ],
)  # fmt: skip
def test_group_is_met_by_as_many_as_it_needs(needed: int, outcomes: list[Any], outcome: str) -> None:
    members = tuple(Requirement("number", "", state) for state in outcomes)
    assert RequirementGroup(needed, members).outcome == outcome


def test_places_above_and_inside_are_known_from_data_graph_and_profile(graph: Graph) -> None:
    from kg.report.facts import Facts

    places = PlaceTable(Facts(graph.store), ("霁川市", "沧陵省"))
    assert [places.relate(name) for name in ("霁川市", "沧陵省", "云桥市", "")] == ["same", "above", "other", "unknown"]
    assert PlaceTable(Facts(graph.store), ("广州市",)).relate("广东省") == "above"
    assert PlaceTable(Facts(graph.store), ("广东",)).relate("广州市") == "inside"
