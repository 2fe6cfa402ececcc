"""The list of a session against what was read: which proposals have a reply, and where was looked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

import kg
from kg.api import Graph
from kg.errors import UsageError
from kg.report.model import Code, Count
from tests.kg.report.conftest import FILES, PROPOSAL, build_store

LIST = """序号,提案号,案由,提案者
1,20240301,关于培育优质企业的提案,苏见溪
2,20240302,关于保护古树的提案,陆听澜
3,,关于支持企业上市的提案,陆听澜
4,20240301,关于修建步道的提案,何见山
"""


def write(folder: Path, text: str, *, encoding: str = "utf-8") -> str:
    path = folder / "清单.csv"
    path.write_bytes(text.encode(encoding))
    return str(path)


def rows(graph: Graph, session: str) -> list[dict[str, Any]]:
    return graph.report("session", session=session).get_table("proposals").to_dicts()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_each_row_says_what_was_found(graph: Graph, tmp_path: Path, encoding: str) -> None:
    found = rows(graph, write(tmp_path, LIST, encoding=encoding))
    assert [(row["listRow"], row["state"].key, row["foundBy"]) for row in found] == [
        (2, "ReplyFound", Code("by-both")),
        (3, "not-in-store", None),
        (4, "ReplyFound", Code("by-title")),
        (5, "not-in-store", None),
    ]
    assert (found[0]["agency"], str(found[0]["replied"]), found[0]["opinions"]) == (
        "霁川市工业和信息化局", "2024-06-03", 1,
    )  # fmt: skip
    assert found[0]["quote"].source == "答复.txt" and found[2]["number"] == "20260107"


def test_states_are_counted_with_their_rows(graph: Graph, tmp_path: Path) -> None:
    [row] = graph.report("session", session=write(tmp_path, LIST)).get_table("summary").to_dicts()
    assert (row["listFile"], row["listed"], row["ReplyFound"]) == ("清单.csv", 4, Count(2, "proposals", (1, 3)))
    assert row["not-in-store"] == Count(2, "proposals", (2, 4))


def test_a_proposal_without_a_reply_is_not_found_in_what_was_read(tmp_path: Path) -> None:
    with kg.open(build_store(tmp_path, {"提案.txt": PROPOSAL})) as graph:
        [row] = rows(graph, write(tmp_path, "编号,标题\n20240301,关于培育优质企业的提案\n"))
        report = graph.report("session", session=write(tmp_path, LIST))
    assert (row["state"], row["replied"]) == (Code("NoReplyFound"), None)
    assert any(note.key == "session.silence" for note in report.notes)


def test_where_was_looked_can_be_attached(graph: Graph, tmp_path: Path) -> None:
    [row] = graph.report("session", session=write(tmp_path, LIST)).get_table("looked").to_dicts()
    assert (row["read"], row["failed"]) == (6, 0) and str(row["where"]).endswith("/in")


def test_a_spreadsheet_with_a_title_above_its_head(graph: Graph, tmp_path: Path) -> None:
    book = Workbook()
    for cells in (["政协六届三次会议提案目录"], ["编号", "标题"], [20240301, "关于培育优质企业的提案"], [None, None]):
        book.active.append(cells)
    book.save(tmp_path / "清单.xlsx")
    [row] = rows(graph, str(tmp_path / "清单.xlsx"))
    assert (row["listRow"], row["number"], row["state"]) == (3, "20240301", Code("ReplyFound"))


@pytest.mark.parametrize("case", ["none", "missing", "no columns", "no spreadsheet"])
def test_a_list_that_cannot_be_used_is_an_error(graph: Graph, tmp_path: Path, case: str) -> None:
    broken = tmp_path / "清单.xlsx"
    broken.write_bytes(b"no spreadsheet")
    names = {
        "none": "",
        "missing": "没有.csv",
        "no columns": write(tmp_path, "a,b\n1,2\n"),
        "no spreadsheet": str(broken),
    }
    with pytest.raises(UsageError):
        graph.report("session", session=names[case])


def test_only_this_report_reads_files(graph: Graph) -> None:
    assert FILES
    with pytest.raises(UsageError):
        graph.report("coverage", session="清单.csv")
