"""Policy instruments: who cites them, what they are based on, which of them are not in the store."""

from __future__ import annotations

from pathlib import Path

import pytest

import kg
from kg.report.model import Code, Count
from kg.report.report import Report
from tests.kg.report.conftest import FILES, build_store

OPINION = """市工业和信息化局：
　　根据《霁川市人民政府办公室关于做好2024年提案办理工作的通知》（霁府办函〔2024〕12号）要求，关于《关于培育优质企业的提案》（第20240301号），我局会办意见如下：
　　一、落实奖补政策。我局执行《霁川市支持企业成长若干措施》，并出台《霁川市科技企业培育办法》（霁科〔2023〕9号）。《霁川市科技企业培育办法》自印发之日起施行。
　　霁川市科学技术局
　　2024年5月8日
"""


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    reply = FILES["答复.txt"].replace("二、下一步打算。", "二、下一步打算。落实《霁川市支持企业成长若干措施》。")
    store = build_store(tmp_path_factory.mktemp("citations"), FILES | {"答复.txt": reply, "意见.txt": OPINION})
    with kg.open(store) as graph:
        return graph.report("citations")


def test_instruments_are_ordered_by_the_documents_that_cite_them(report: Report) -> None:
    first, *others = report.get_table("instruments").to_dicts()
    assert (first["instrument"], first["citedBy"], first["hasText"]) == ("霁川市支持企业成长若干措施", 2, Code("yes"))
    assert set(str(first["citingAgencies"]).split("、")) == {"霁川市工业和信息化局", "霁川市科学技术局"}
    assert {row["citedBy"] for row in others} == {1}


def test_a_citation_is_that_of_the_letter_it_stands_in_once_for_each_sentence(report: Report) -> None:
    details = report.get_table("citations").to_dicts()
    own = [row for row in details if row["instrument"] == "霁川市科技企业培育办法"]
    assert [row["agency"] for row in own] == ["霁川市科学技术局"] * len(own) and len(own) == 2
    notice = [row for row in details if "通知" in str(row["instrument"])]
    assert [row["agency"] for row in notice] == ["霁川市科学技术局"], "the first lines of a letter belong to it"
    for row in report.get_table("instruments").to_dicts():
        count = row["citations"]
        assert isinstance(count, Count)
        assert {details[number - 1]["instrument"] for number in count.rows} == {row["instrument"]}


def test_what_is_not_here_is_named(report: Report) -> None:
    names = report.get_table("lacking").list_values("instrument")
    assert "霁川市科技企业培育办法" in names and "霁川市支持企业成长若干措施" not in names


def test_chains_go_from_a_document_to_its_grounds(report: Report) -> None:
    chains = report.get_table("chains").to_dicts()
    assert any(
        str(row["chain"]).endswith("→ 霁川市人民政府办公室关于做好2024年提案办理工作的通知") and row["steps"] == 1
        for row in chains
    )


def test_repealed_instruments_that_are_cited(tmp_path: Path) -> None:
    text = OPINION.replace("自印发之日起施行。", "现行有效，《霁川市旧办法》（霁府〔2010〕3号）同时废止。")
    with kg.open(build_store(tmp_path, FILES | {"意见.txt": text})) as graph:
        names = graph.report("citations").get_table("repealed").list_values("instrument")
    assert names == ["霁川市旧办法"]
