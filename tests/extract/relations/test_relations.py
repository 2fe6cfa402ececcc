"""Relations that a text states, and those that it does not."""

from __future__ import annotations

import pytest

from extract.model import Kind
from extract.relations.skeleton import compile_pattern
from tests.support.reading import edges, labels, read, reply, the

US = "霁川市科学技术局"


@pytest.mark.parametrize(
    ("words", "predicate", "subject", "object_"),
    [
        ("我局会同市财政局印发《霁川市科技奖补办法》", "issuedBy", "霁川市科技奖补办法", US),
        ("我局会同市财政局印发《霁川市科技奖补办法》", "issuedBy", "霁川市科技奖补办法", "霁川市财政局"),
        ("经市人民政府同意，印发《霁川市科技奖补办法》", "approvedBy", "霁川市科技奖补办法", "霁川市人民政府"),
        ("由市农业农村局牵头实施“强链”行动", "administers", "霁川市农业农村局", "“强链”行动"),
        ("我局实施研发投入补助项目", "administers", US, "研发投入补助项目"),
        ("在“霁企通”上线“免申即享”功能", "availableOn", "免申即享", "霁企通"),
        ("开发“霁停车”小程序", "operates", US, "“霁停车”小程序"),
        ("“研发贷”面向科技型中小企业", "supports", "研发贷", "科技型中小企业"),
        ("将瞪羚企业纳入融资“白名单”", "supports", "融资“白名单”", "瞪羚企业"),
        ("印发《霁川市养老补贴办法》，对养老机构给予最高20万元补贴", "supports", "霁川市养老补贴办法", "养老机构"),
        ("国家级专精特新“小巨人”企业视同市级总部企业", "treatedAs", "国家级专精特新“小巨人”企业", "市级总部企业"),
        ("构建“科技型中小企业—高新技术企业—瞪羚企业”梯队", "advancesTo", "高新技术企业", "瞪羚企业"),
        ("由科技型中小企业到高新技术企业、再到瞪羚企业的递进路径", "advancesTo", "科技型中小企业", "高新技术企业"),
        ("由科技型中小企业到高新技术企业、再到瞪羚企业的递进路径", "advancesTo", "高新技术企业", "瞪羚企业"),
        ("创新型中小企业晋升为省级专精特新中小企业", "advancesTo", "创新型中小企业", "省级专精特新中小企业"),
        ("拨付高新技术企业认定奖励300万元", "supports", "高新技术企业认定奖励", "高新技术企业"),
    ],
)
def test_stated(words: str, predicate: str, subject: str, object_: str) -> None:
    x = read(reply(f"{words}。"))
    found = edges(x, predicate)
    assert (the(x, subject).label, the(x, object_).label) in found, found


def test_evidence_quotes_the_words() -> None:
    x = read(reply("我局会同市财政局印发《霁川市科技奖补办法》。"))
    issued = [r for r in x.relations if r.predicate == "issuedBy" and r.subject[0] == "e"]
    assert issued
    for r in issued:
        assert "霁川市科技奖补办法" in r.span.of(x.source.text)
        assert 0 < r.confidence <= 1
        assert r.rule


def test_our_city_is_no_agency() -> None:
    x = read(reply("近年来，我市出台《霁川市科技奖补办法》。"))
    assert edges(x, "issuedBy") == set()


def test_a_department_passes_no_law() -> None:
    x = read(reply("加快起草《霁川市停车场条例》。"))
    assert edges(x, "issuedBy") == set()


@pytest.mark.parametrize("words", ["未实施“强链”行动", "不再开展“强链”行动"])
def test_a_negation_states_nothing(words: str) -> None:
    assert edges(read(reply(f"目前我局{words}。")), "administers") == set()


def test_wishes_of_a_proposal_state_nothing() -> None:
    text = (
        "案由：关于发展老年助餐的提案\n提案编号：20240012\n提案人：民盟市委会\n\n"
        "建议：\n一、建议市民政局设立老年助餐专项资金，对社区食堂给予每年5万元补贴。\n"
        "二、建议实施“幸福餐桌”行动，由市民政局牵头印发《霁川市助餐办法》。\n"
    )
    x = read(text)
    names = {e.id for e in x.entities}
    stated = [r for r in x.relations if r.subject in names and r.predicate not in {"jurisdiction", "locatedIn"}]
    assert stated == []
    assert not [f for f in x.figures if f.kind is Kind.PROVISION]


def test_a_policy_speaks_for_itself() -> None:
    text = (
        "霁川市工业和信息化局关于印发霁川市支持企业上规模若干措施的通知\n霁工信规〔2024〕2号\n\n各有关单位：\n"
        "　　现印发给你们，请遵照执行。\n　　　　霁川市工业和信息化局\n　　　　2024年3月1日\n\n"
        "霁川市支持企业上规模若干措施\n\n　　第一条　设立“上规模”专项资金。\n"
        "　　第二条　首次认定为创新型中小企业的，一次性奖励5万元。\n"
    )
    x = read(text)
    own = the(x, "霁川市支持企业上规模若干措施")
    assert own.get_fact("documentNumber") == "霁工信规〔2024〕2号"
    assert (own.label, "霁川市工业和信息化局") in edges(x, "issuedBy")
    assert any(o == "创新型中小企业" for _, o in edges(x, "supports"))


def test_patterns_read_mentions_not_names() -> None:
    pattern = compile_pattern("(?P<o><A*>){issue}(?P<s><I*>)", {"issue": "印发|出台"})
    agency, instrument = "\ue000", "\ue004"
    found = pattern.search(f"{agency}、{agency}印发{instrument}")
    assert found is not None
    assert found.group("o") == f"{agency}、{agency}"
    assert pattern.search(f"{agency}学习{instrument}") is None


def test_every_statement_is_between_things_that_exist() -> None:
    x = read(reply("我局实施“青苗”计划，依托“霁企通”平台，对高企给予5万元奖励。"))
    ids = (
        {e.id for e in x.entities}
        | {p.id for p in x.outline.parts}
        | {d.id for d in x.outline.letters}
        | {f.id for f in x.figures}
    )
    for r in x.relations:
        assert r.subject in ids
        assert r.object in ids
    assert labels(x, Kind.PROGRAM)


@pytest.mark.parametrize(
    "words",
    [
        "由{}到{}、再到{}的递进路径已经明确",
        "形成从{}到{}再到{}的梯度培育体系",
        "构建由“{}”到“{}”、最后到“{}”的成长阶梯",
    ],
)
def test_a_ladder_in_words(words: str) -> None:
    rungs = ("科技型中小企业", "高新技术企业", "瞪羚企业")
    found = edges(read(reply(f"{words.format(*rungs)}。")), "advancesTo")
    assert found == {(rungs[0], rungs[1]), (rungs[1], rungs[2])}


def test_a_range_in_words_is_no_ladder() -> None:
    x = read(reply("从科技型中小企业到高新技术企业都可以申请补贴。"))
    assert not edges(x, "advancesTo")
