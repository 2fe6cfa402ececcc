"""What the remarks of a list say of opinions: that one did not come, came, or is not published."""

from __future__ import annotations

import csv

import pytest

import kg
from kg.api import Graph
from kg.join.keys import is_list_row

HEAD = ["案号", "案由", "主办单位", "会办单位", "办理状态", "备注"]
ROWS = [
    ["21", "关于修缮古桥的提案", "市交通局", "市财政局、市水务局", "已答复", "市财政局会办意见未收到"],
    ["22", "关于加固河堤的提案", "市水务局", "市财政局、市体育局", "已答复", "市财政局会办意见不公开"],
    ["23", "关于改造菜市场的提案", "市商务局", "市财政局（未回）", "已答复", "答复不公开"],
    ["24", "关于建设步道的提案", "市体育局", "市财政局", "", "市财政局会办（协办）意见已收到"],
    ["25", "关于建设公园的提案", "市园林局", "", "并案", "与第24号合并办理"],
]


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    folder = tmp_path_factory.mktemp("remarks")
    with (folder / "表.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([HEAD, *ROWS])
    kg.build(folder / "表.csv", folder / "store")
    return kg.open(folder / "store")


def test_what_did_not_come_is_missing_whatever_the_state_of_the_reply(graph: Graph) -> None:
    silent = {(row["number"], row["agency"]) for row in graph.query(name="missing-opinions").values()}
    assert silent == {("21", "市财政局"), ("23", "市财政局"), ("24", "市体育局")}
    handled = {(row["number"], row["agency"]): row["opinion"] for row in graph.query(name="handling").values()}
    assert handled["21", "市财政局"] == handled["23", "市财政局"] == "OpinionNotReceived"
    assert handled["21", "市水务局"] == "ReplyElsewhere"
    assert handled["22", "市财政局"] == "OpinionNotPublished" and handled["22", "市体育局"] == "ReplyElsewhere"
    assert handled["24", "市财政局"] == "yes"
    assert graph.validate() == []


def test_the_quotes_are_words_of_the_cells(graph: Graph) -> None:
    rows = graph.query("""
        SELECT ?words WHERE {
          ?e rdf:predicate ?p ; prov:wasQuotedFrom ?span . ?span nif:anchorOf ?words
          FILTER (?p IN (pk:replyState, pk:opinionNotReceived, pk:opinionNotPublished) || (?p = pk:repliesTo))
        }""").values()
    cells = [cell for row in ROWS for cell in row]
    assert rows and all(any(row["words"] in cell for cell in cells) for row in rows)
    states = {row["number"]: row["quote"] for row in graph.query(name="reply-states").values()}
    assert states["25"] == "与第24号合并办理" and states["23"] == "答复不公开"


@pytest.mark.parametrize(
    ("source", "is_row"),
    [("甲/清单.xlsx/0301", True), ("清单.html/第3行", True), ("甲/答复.txt", False), ("甲/答复", False)],
)
def test_rows_of_lists_are_told_from_files(source: str, is_row: bool) -> None:
    assert is_list_row(source) is is_row
