"""Suggestions that a reply names, beside those in the text of the proposal in another file: each counts once."""

from __future__ import annotations

from pathlib import Path

import pytest

import kg

PROPOSAL = """关于改善集贸市场环境的提案

提 案 号：20240511
提 案 者：程望舒
主办单位：霁川市商务局

建议：
　　一、整治摊位外摆。
　　1.划定经营区域。建议在市场出入口划线定位。
　　2.延长巡查时间。建议早晚高峰各巡查一次。
　　二、改造排水设施。更换市场内破损的管网。
"""
REPLY = """程望舒委员：
　　您提出的《关于改善集贸市场环境的提案》（第20240511号）收悉。现答复如下：
{parts}　　霁川市商务局
　　2024年6月3日
"""
BELOW = "　　（一）已在6个市场划线定位。\n　　（二）每日安排巡查人员18名。\n"


def ask(home: Path, parts: str) -> tuple[dict[str, str | None], list[tuple[str | None, str | None, str | None]]]:
    """Return the counts of the proposal and its suggestions with what answers them, for two files."""
    (home / "in").mkdir()
    (home / "in" / "20240511提案.txt").write_text(PROPOSAL, encoding="utf-8")
    (home / "in" / "20240511答复.txt").write_text(REPLY.format(parts=parts), encoding="utf-8")
    kg.build(home / "in", home / "store")
    with kg.open(home / "store") as graph:
        assert graph.validate() == []
        [counts] = graph.query(name="answer-counts").values()
        rows = graph.query(name="suggestion-answers").values()
        assert {row["source"] for row in rows} == {"20240511提案.txt"}
        return counts, [(row["number"], row["suggestion"], row["answer"]) for row in rows]


@pytest.mark.parametrize("heading", ["关于整治摊位外摆的建议", "关于“整治摊位外摆”的问题", "关于整治摊位外摆的问题"])
def test_a_heading_that_names_a_suggestion_is_no_further_suggestion(tmp_path: Path, heading: str) -> None:
    counts, rows = ask(tmp_path, f"　　一、{heading}\n{BELOW}　　二、关于改造排水设施的建议\n　　已更换管网3公里。\n")
    assert (counts["suggestions"], counts["answered"], counts["headingAnswered"]) == ("3", "1", "2")
    assert rows == [
        ("一", "整治摊位外摆", "itself"), ("一.1", "划定经营区域", "heading"), ("一.2", "延长巡查时间", "heading"),
        ("二", "改造排水设施", "itself"),
    ]  # fmt: skip


def test_parts_below_a_heading_that_repeats_a_suggestion_answer_it(tmp_path: Path) -> None:
    counts, rows = ask(tmp_path, f"　　一、关于整治摊位外摆\n{BELOW}")
    assert (counts["suggestions"], counts["answered"], counts["notFound"]) == ("3", "0", "1")
    assert {row for row in rows if row[2] == "itself"} == {("一", "整治摊位外摆", "itself")}


def test_a_suggestion_below_another_one_is_named_by_its_own_words(tmp_path: Path) -> None:
    counts, rows = ask(tmp_path, "　　一、关于划定经营区域的建议。已在6个市场划线定位。\n")
    assert (counts["suggestions"], counts["answered"], counts["notFound"]) == ("3", "1", "2")
    assert ("一.1", "划定经营区域", "itself") in rows
