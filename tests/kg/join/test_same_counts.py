"""Reports, pages and queries count the same suggestions, and the files of one proposal show each other's city."""

from __future__ import annotations

from pathlib import Path

import kg
from kg.export.page import build_page_data
from kg.report.model import Count
from kg.store.store import Store
from tests.kg.join.test_agencies import NUMBER, TITLE, Built, opinion, proposal, reply
from viz.views.answers import build_proposal_sheets
from viz.views.index import PageIndex

ASKED = (
    f"{TITLE}\n\n提 案 号：{NUMBER}\n提 案 者：程望舒\n主办单位：霁川市应急管理局\n\n建议：\n"
    "　　一、完善社区消防设施台账\n　　（一）每季度检查一次社区灭火器。\n　　（二）公开楼道巡查结果。\n"
    "　　二、推行楼栋长消防培训。\n　　三、设立外来务工人员夜间托管点。\n"
)
BODY = (
    "　　一、关于完善社区消防设施台账。2023年更换社区灭火器3200具。\n"
    "　　二、关于推行楼栋长消防培训。下一步，我局将培训楼栋长500名。\n"
)
TITLES = (TITLE, "关于规范停车秩序的提案", "关于建设口袋公园的提案")


def test_report_page_and_query_count_the_suggestions_that_have_none_below_them(tmp_path: Path) -> None:
    built = Built(tmp_path, {"提案.txt": ASKED, "答复.txt": reply("霁川市应急管理局", body=BODY)})
    [row] = built.named("answer-counts")
    asked = [int(row[name] or 0) for name in ("suggestions", "answered", "headingAnswered", "wordingOnly", "notFound")]
    assert asked == [4, 1, 2, 0, 1]
    with kg.open(built.path) as graph:
        [summary] = graph.report("coverage").tables[0].rows
    counts = [value.number for value in summary.values if isinstance(value, Count)]
    itself, refused, *others = counts
    assert [itself + refused, *others] == asked[1:] and refused == 0 and 4 in summary.values
    with Store(built.path) as store:
        [sheet] = build_proposal_sheets(PageIndex(build_page_data(store)))
    leaves = [one.state for one in sheet.rows if not one.heads]
    assert [len(leaves), *(leaves.count(state) for state in ("answered", "heading", "may", "none"))] == asked


def test_what_a_letter_to_several_proposals_does_is_listed_without_their_texts(tmp_path: Path) -> None:
    named = "、".join(f"第2024041{i}号《{title}》" for i, title in enumerate(TITLES))
    letter = (
        f"程望舒、许知行委员：\n　　您提出的{named}收悉。经研究，现一并答复如下：\n"
        "　　一、完善台账。2023年更换灭火器3200具。\n"
        "　　二、规范停车。施划停车位300个。\n　　霁川市应急管理局\n　　2024年6月3日\n"
    )
    built = Built(tmp_path, {"答复.txt": letter})
    with kg.open(built.path) as graph:
        loose = next(table for table in graph.report("coverage").tables if table.key == "loose")
        [one, *others] = graph.report("coverage", proposal="20240411").tables[-1].rows
    headings = "；".join(f"2024041{i} {title}" for i, title in enumerate(TITLES))
    assert [row.values[0] for row in loose.rows] == [headings] * 2
    assert one.values[0] == f"20240411 {TITLES[1]}" and len(others) == 1


def list_workload(home: Path, files: dict[str, str]) -> list[tuple[str | None, str | None]]:
    rows = Built(home, files).named("agency-workload")
    return sorted((row["agency"], row["joins"]) for row in rows if "财政局" in (row["agency"] or ""))


def test_agencies_of_one_city_are_one_where_the_reply_names_the_city(tmp_path: Path) -> None:
    files = {f"{i}提案.txt": proposal("市应急管理局", "市财政局", f"2024041{i}", t) for i, t in enumerate(TITLES)}
    files |= {f"{i}答复.txt": reply("霁川市应急管理局", f"2024041{i}", t) for i, t in enumerate(TITLES)}
    assert list_workload(tmp_path / "a", files) == [("市财政局", "3")]
    files["0会办.txt"] = opinion("霁川市财政局", "霁川市应急管理局", "20240410", TITLES[0])
    assert list_workload(tmp_path / "b", files) == [("霁川市财政局", "3")]
    files["2答复.txt"] = reply("岚州市应急管理局", "20240412", TITLES[2])
    assert list_workload(tmp_path / "c", files) == [("市财政局", "1"), ("霁川市财政局", "2")]
