"""Proposals that are withdrawn, returned or merged with another one, in a list."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

import kg
from kg.api import Graph

HEAD = ["案号", "案由", "主办单位", "会办单位", "答复内容", "备注"]
ROWS = [
    ["9", "关于修缮古桥的提案", "市交通局", "市财政局", "已修缮古桥2座。", ""],
    ["10", "关于加固河堤的提案", "市水务局", "市财政局", "", "与第9号合并办理"],
    ["11", "关于改造菜市场的提案", "市商务局", "市财政局", "", "委员主动撤案"],
    ["12", "关于建设步道的提案", "市体育局", "", "", "与第13号合并办理"],
    ["13", "关于建设公园的提案", "市园林局", "", "", "与第12号合并办理"],
    ["14", "关于增加路灯的提案", "市城管局", "", "", "并入第99号办理"],
    ["15", "关于充电桩的提案", "市商务局、市水务局", "", "市商务局：已书面答复", ""],
]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("merged")
    with (folder / "表.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([HEAD, *ROWS])
    kg.build(folder / "表.csv", folder / "store")
    return folder / "store"


@pytest.fixture
def graph(store: Path) -> Graph:
    return kg.open(store)


def test_each_has_its_state_with_the_words_that_say_it(graph: Graph) -> None:
    rows = {row["number"]: (row["state"], row["quote"]) for row in graph.query(name="reply-states").values()}
    assert rows == {
        "9": ("ReplyFound", None), "10": ("ReplyNotDue", "与第9号合并办理"),
        "11": ("ReplyNotDue", "委员主动撤案"),
        # each names the other one, and neither is answered
        "12": ("NoReplyFound", None), "13": ("NoReplyFound", None),
        "14": ("ReplyNotDue", "并入第99号办理"), "15": ("ReplyElsewhere", "答复内容：\n市商务局\n已书面答复"),
    }  # fmt: skip
    assert graph.validate() == []


def test_nobody_is_silent_where_none_is_due(graph: Graph) -> None:
    silent = {(row["number"], row["agency"]) for row in graph.query(name="missing-opinions").values()}
    assert silent == {("9", "市财政局"), ("12", "市体育局"), ("13", "市园林局"), ("15", "市水务局")}
    handled = {(row["number"], row["opinion"]) for row in graph.query(name="handling").values()}
    assert {opinion for number, opinion in handled if number in ("10", "11", "14")} == {"ReplyNotDue"}


def test_the_answer_to_one_is_that_to_the_other(graph: Graph) -> None:
    rows = graph.query("""
        SELECT ?number ?rule WHERE {
          ?reply a pk:LeadReply ; dcterms:source ?text ; pk:repliesTo ?proposal . ?proposal pk:proposalNumber ?number
          OPTIONAL { ?e rdf:subject ?reply ; rdf:predicate pk:repliesTo ; rdf:object ?proposal ; pk:extractor ?rule
                     FILTER (?rule = "join.merged") }
        }""").values()
    assert {(row["number"], row["rule"]) for row in rows} == {("9", None), ("10", "join.merged")}
