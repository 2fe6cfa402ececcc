"""The ledger of commitments: times, what later documents report, and the calendar."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

import kg
from kg.api import Graph
from kg.errors import UsageError
from kg.report.model import Code, Count, Note
from kg.report.times import end_of_period, find_stated_time
from tests.kg.report.conftest import FILES, LATER_FILES, LATER_REPLY, build_store

ISSUED = date(2024, 6, 3)


@pytest.mark.parametrize(
    ("sentence", "words", "day"),
    [
        ("用三年左右时间，建成园区五个", "用三年左右时间", date(2027, 6, 3)),
        ("力争用3到5年时间建成", "力争用3到5年时间", date(2029, 6, 3)),
        ("两年内实现全覆盖", "两年内", date(2026, 6, 3)),
        ("6个月内办结", "6个月内", date(2024, 12, 3)),
        ("今年年底前出台", "今年年底", date(2024, 12, 31)),
        ("将于明年底投用", "明年底", date(2025, 12, 31)),
        ("年底前完成", "年底前", date(2024, 12, 31)),
        ("计划今年10月底前印发", "今年10月底前", date(2024, 10, 31)),
        ("明年2月前建成", "明年2月前", date(2025, 2, 28)),
    ],
)
def test_times_are_counted_from_the_letter(sentence: str, words: str, day: date) -> None:
    found = find_stated_time(sentence, ISSUED)
    assert found is not None and (found.words, found.day) == (words, day)


@pytest.mark.parametrize("sentence", ["近三年来投入资金", "到2025年底建成", "第三年起", "下一步，我局将继续推进"])
def test_other_times_are_not(sentence: str) -> None:
    assert find_stated_time(sentence, ISSUED) is None


def test_without_a_date_of_the_letter_there_is_no_day() -> None:
    found = find_stated_time("用三年时间", None)
    assert found is not None and found.day is None


@pytest.mark.parametrize(
    ("period", "day"),
    [("2025", date(2025, 12, 31)), ("2024-02", date(2024, 2, 29)), ("2025-Q3", date(2025, 9, 30)), ("近三年", None),
     ("2025-H1", date(2025, 6, 30)), ("2025-06-08", date(2025, 6, 8)), ("2021/2025", date(2025, 12, 31)), ("", None)],
)  # fmt: skip
def test_a_deadline_is_the_last_day_of_its_period(period: str, day: date | None) -> None:
    assert end_of_period(period) == day


def ledger(graph: Graph, **filters: str) -> list[dict[str, Any]]:
    return graph.report("commitments", **{"as_of": "2026-11-27"} | filters).get_table("commitments").to_dicts()


def test_each_target_has_its_time(graph: Graph) -> None:
    rows = ledger(graph, agency="工业和信息化局")
    assert [
        (row["metric"], str(row["value"].value), row["timeWords"], row["due"], row["frequency"]) for row in rows
    ] == [
        ("引进专精特新企业", "20", "用三年左右时间", date(2027, 6, 3), None),
        ("上市公司", "20", "2025", date(2025, 12, 31), None),
        ("举办供需对接会", "6", "2025", date(2025, 12, 31), "每季度"),
    ]
    assert [row["timing"] for row in rows] == [Code("open"), Code("overdue"), Code("overdue")]
    assert [row["timing"] for row in ledger(graph, as_of="2024-12-01", agency="工业和信息化局")] == [Code("open")] * 3
    assert ledger(graph, as_of="2028-01-01")[0]["timing"] == Code("counted")
    [other] = ledger(graph, agency="科学技术局")
    assert (other["value"], other["timing"], other["followUp"]) == (None, Code("untimed"), None)


def test_a_later_figure_of_the_same_metric_is_shown_with_both_sentences(graph: Graph) -> None:
    [row] = [row for row in ledger(graph) if row["metric"] == "上市公司"]
    assert row["followUp"] == Code("reached")
    assert row["quote"].text == "上市公司达到20家" and row["quote"].source == "答复.txt"
    assert row["laterQuote"].text == "霁川市有上市公司21家" and row["laterQuote"].source == "后来的答复.txt"


def test_what_no_later_document_reports_is_not_seen(graph: Graph) -> None:
    [row] = [row for row in ledger(graph) if row["metric"] == "引进专精特新企业"]
    assert row["followUp"] == Note("commitments.unseen", {"n": 1, "day": "2026-05-20"}) and row["laterQuote"] is None


@pytest.mark.parametrize(
    ("later", "state"),
    [
        ("截至2025年底，霁川市有上市公司16家。", Code("below")),
        ("截至2025年底，云桥市有上市公司30家。", None),
        ("截至2025年底，霁川市有上市公司市值30亿元。", None),
        ("下一步，力争到2027年底上市公司达到25家。", Code("changed")),
    ],
)
def test_only_the_same_metric_subject_and_unit_count(tmp_path: Path, later: str, state: Code | None) -> None:
    files = LATER_FILES | {"后来的答复.txt": LATER_REPLY.replace("截至2025年底，霁川市有上市公司21家。", later)}
    with kg.open(build_store(tmp_path, FILES | files)) as graph:
        [row] = [r for r in ledger(graph, proposal="20240301") if r["metric"] == "上市公司"]
    assert row["followUp"] == (state or Note("commitments.unseen", {"n": 1, "day": "2026-05-20"}))


def test_without_later_documents_nothing_is_said_of_them(tmp_path: Path) -> None:
    with kg.open(build_store(tmp_path, FILES)) as graph:
        assert {row["followUp"] for row in ledger(graph) if row["value"]} == {Note("commitments.none-later")}


def test_agencies_are_summed_up_with_the_rows(graph: Graph) -> None:
    rows = graph.report("commitments", as_of="2026-11-27").get_table("by-agency").to_dicts()
    [row] = [row for row in rows if row["agency"] == "霁川市工业和信息化局"]
    assert (row["entries"], row["overdue"]) == (3, Count(2, "commitments", (2, 3)))
    assert row["reported"] == Count(1, "commitments", (2,))


def test_deadlines_are_a_calendar(graph: Graph) -> None:
    data = graph.report("commitments").render("ics")
    assert data == graph.report("commitments").render("ics")
    lines = data.decode().split("\r\n")
    assert (lines[0], lines[-2]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    assert all(len(line.encode()) <= 75 for line in lines)
    assert [line for line in lines if line.startswith("DTSTART")] == [
        "DTSTART;VALUE=DATE:20270603", "DTSTART;VALUE=DATE:20251231", "DTSTART;VALUE=DATE:20251231",
    ]  # fmt: skip
    whole = data.decode().replace("\r\n ", "")
    assert "SUMMARY:霁川市工业和信息化局 上市公司" in whole and "答复.txt 第170–179字" in whole
    assert len({line for line in whole.split("\r\n") if line.startswith("UID")}) == 3


def test_a_yearly_target_is_a_yearly_day(tmp_path: Path) -> None:
    reply = FILES["答复.txt"].replace("用三年左右时间，引进专精特新企业不少于20家。", "每年举办对接会不少于4场。")
    with kg.open(build_store(tmp_path, FILES | {"答复.txt": reply})) as graph:
        text = graph.report("commitments").render("ics").decode()
    assert "DTSTART;VALUE=DATE:20241231\r\nDTEND;VALUE=DATE:20250101\r\nRRULE:FREQ=YEARLY" in text


@pytest.mark.parametrize("day", ["2025", "soon", "2025-13-01"])
def test_a_day_has_to_be_a_date(graph: Graph, day: str) -> None:
    with pytest.raises(UsageError):
        graph.report("commitments", as_of=day)


def test_targets_of_a_reply_that_stand_in_no_commitment_are_rows_too(tmp_path: Path) -> None:
    body = "您的提案收悉，现答复如下：\n　　云溪街道、石林镇分别有食堂4个、5个。每餐补贴由2元提高至3元。"
    body += "食堂不得少于20平方米。\n去年底前应建成的3个食堂未建成。区财政局未安排2024年资金。"
    body += "计划于2025年、2026年各新建2个、4个。\n"
    (tmp_path / "a").mkdir()
    text = f"云筱市民政局关于第0021号提案的答复\n王某某委员：\n　　{body}　　云筱市民政局\n　　2024年7月9日\n"
    (tmp_path / "a" / "答复.txt").write_text(text, encoding="utf-8")
    kg.build(tmp_path / "a", tmp_path / "store")
    with kg.open(tmp_path / "store") as graph:
        rows = ledger(graph, as_of="2026-01-15")
        assert [(str(row["agency"]), row["value"].value, row["timing"].key) for row in rows] == [
            ("云筱市民政局", 2, "overdue"), ("云筱市民政局", 4, "open"),
        ]  # fmt: skip
        assert not any(row["commitment"] for row in rows)
        assert ledger(graph, agency="财政局") == []


def test_promises_without_a_figure_have_their_deadline_and_frequency(tmp_path: Path) -> None:
    text = (
        "苏见溪委员：\n　　您在市政协六届三次会议上提出的第20240301号提案收悉。现答复如下：\n"
        "　　一、我局拟于2024年10月底前完成园区规划编制。\n　　二、下一步，我局将每季度召开一次供需对接会。\n"
        "　　霁川市工业和信息化局\n　　2024年6月3日\n"
    )
    graph = kg.open(build_store(tmp_path, {"答复.txt": text}))
    rows = graph.report("commitments", as_of="2024-11-01").get_table("commitments").to_dicts()
    assert [(r["timeWords"], r["due"], r["frequency"], r["timing"]) for r in rows] == [
        ("2024-10", date(2024, 10, 31), None, Code("overdue")),
        (None, None, "每季度", Code("recurring")),
    ]
    promised = graph.query(name="promises", params={"agency": ""}).rows
    assert {(str(r[4]), str(r[5])) for r in promised} == {('"2024-10"', "None"), ("None", '"每季度"')}
