"""Suggestions beside what answers them: states, both sentences, shares with their denominators."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

import kg
from kg.api import Graph
from kg.report.model import Code, Count, Excerpt
from tests.kg.report.conftest import FILES, PROPOSAL, REPLY, build_store


def test_each_suggestion_stands_beside_its_answer_with_both_sentences(graph: Graph) -> None:
    rows = graph.report("coverage", proposal="20240301").get_table("suggestions").to_dicts()
    answered, other = rows
    assert (answered["number"], answered["answer"], answered["agency"]) == (
        "一",
        Code("itself"),
        "霁川市工业和信息化局",
    )
    asked, said, stated = answered["suggestion"], answered["responseQuote"], answered["stated"]
    assert isinstance(asked, Excerpt) and isinstance(said, Excerpt) and isinstance(stated, Excerpt)
    assert PROPOSAL[asked.begin : asked.end] == asked.text and "规模以上工业企业给予奖励" in asked.text
    assert REPLY[said.begin : said.end] == said.text and (said.source, answered["responseKind"]) == (
        "答复.txt", Code("Measure"),
    )  # fmt: skip
    assert stated.text == "完善奖补政策"
    assert (other["answer"], other["responseQuote"], other["agency"]) == (Code("none"), None, None)


def test_counts_lead_to_the_rows_that_they_count(graph: Graph) -> None:
    report = graph.report("coverage")
    first, second = report.get_table("proposals").to_dicts()
    assert (first["title"], first["suggestions"], first["statedShare"]) == ("关于培育优质企业的提案", 2, Decimal("0.5"))
    assert (first["itself"], first["none"]) == (Count(1, "suggestions", (1,)), Count(1, "suggestions", (2,)))
    assert (second["number"], second["itself"]) == ("20260107", Count(1, "suggestions", (3,)))
    numbers = report.get_table("suggestions").list_values("number")
    assert [numbers[row - 1] for row in (1, 2, 3)] == ["一", "二", "一"]


def test_several_proposals_are_grouped_and_one_is_not(graph: Graph) -> None:
    keys = [table.key for table in graph.report("coverage").tables]
    assert keys == ["proposals", "by-agency", "by-year", "by-subject", "suggestions", "loose"]
    years = graph.report("coverage").get_table("by-year").to_dicts()
    assert [(row["year"], row["suggestions"], row["statedShare"]) for row in years] == [
        ("2024", 2, Decimal("0.5")), ("2026", 1, Decimal(1)),
    ]  # fmt: skip
    assert [table.key for table in graph.report("coverage", year="2024").tables] == [
        "proposals",
        "suggestions",
        "loose",
    ]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"agency": "市财政局"}, ["20240301"]),
        ({"place": "霁川"}, ["20240301", "20260107"]),
        ({"place": "云桥"}, []),
        ({"proposal": "企业上市"}, ["20260107"]),
        ({"proposal": "20240301", "year": "2026"}, []),
    ],
)
def test_filters_choose_proposals(graph: Graph, filters: dict[str, str], found: list[str]) -> None:
    assert graph.report("coverage", **filters).get_table("proposals").list_values("number") == found


def test_what_answers_no_suggestion_is_listed(graph: Graph) -> None:
    loose = graph.report("coverage", proposal="20240301").get_table("loose").to_dicts()
    assert [(row["agency"], row["responseKind"]) for row in loose] == [
        ("霁川市工业和信息化局", Code("Commitment")),
        ("霁川市科学技术局", Code("Measure")),
        ("霁川市科学技术局", Code("Commitment")),
    ]


def test_without_a_reply_nothing_is_counted_as_not_found(tmp_path: Path) -> None:
    store = build_store(tmp_path, {"提案.txt": PROPOSAL})
    with kg.open(store) as graph:
        report = graph.report("coverage")
    [row] = report.get_table("proposals").to_dicts()
    assert (row["suggestions"], row["none"], row["statedShare"]) == (0, Count(0, "suggestions", ()), None)
    assert set(report.get_table("suggestions").list_values("answer")) == {Code("unheard")}
    [note] = [note for note in report.notes if note.key == "coverage.denominator"]
    assert note.values == {"n": 0, "unread": 2}


def test_parts_under_an_answered_heading_point_to_it(tmp_path: Path) -> None:
    proposal = PROPOSAL.replace(
        "对首次入库的规模以上工业企业给予奖励。",
        "\n　　1.对首次入库的规模以上工业企业给予奖励。\n　　2.对绿色工厂给予用电补贴。",
    )
    store = build_store(tmp_path, FILES | {"提案.txt": proposal})
    with kg.open(store) as graph:
        report = graph.report("coverage")
    rows = report.get_table("suggestions").to_dicts()
    assert [(row["number"], row["answer"]) for row in rows] == [
        ("一", Code("itself")), ("一.1", Code("heading")), ("一.2", Code("heading")), ("二", Code("none")),
    ]  # fmt: skip
    assert getattr(rows[1]["responseQuote"], "values", {}) == {"number": "一"}
    [summary] = report.get_table("proposals").to_dicts()
    assert summary["suggestions"] == 3, "the heading itself is not counted"
    assert summary["heading"] == Count(2, "suggestions", (2, 3))


def test_a_refused_suggestion_is_answered_but_not_taken_up(tmp_path: Path) -> None:
    refusing = (
        "苏见溪委员：\n　　您在市政协六届三次会议上提出的第20240301号提案收悉。现答复如下：\n"
        "　　一、关于奖补政策\n　　已兑现奖励600万元。\n　　二、关于引入3类智慧结算设备\n"
        "　　经研究，目前客流不足，该项建议暂不采纳。\n　　霁川市工业和信息化局\n　　2024年6月3日\n"
    )
    graph = kg.open(build_store(tmp_path, {"提案.txt": PROPOSAL, "答复.txt": refusing}))
    report = graph.report("coverage")
    assert report.get_table("suggestions").list_values("answer") == [Code("itself"), Code("refused")]
    (row,) = report.get_table("proposals").to_dicts()
    assert (row["refused"], row["none"], row["statedShare"]) == (
        Count(1, "suggestions", (2,)),
        Count(0, "suggestions", ()),
        1,
    )
    rows = graph.query(name="suggestion-answers").rows
    assert sorted(str(r[3].value) for r in rows) == ["itself", "refused"]
    acting = graph.query("SELECT ?t WHERE { ?m a pk:Measure ; pk:actor ?a ; pk:text ?t }").rows
    assert len(acting) == 1
    assert graph.query("SELECT ?f WHERE { ?f a pk:Observation ; pk:value 3 }").rows == ()
