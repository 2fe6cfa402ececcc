"""What queries say of the proposals in lists: who leads and joins in, who answered, who is silent."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

import kg

HEAD = ["案号", "案由", "主办单位", "会办单位", "会办意见", "答复内容", "答复日期"]
ROWS = {
    # no reply, and the opinion of the only organ that joins in
    "211": ("托育", "市教育局", "市财政局", "同意。", "", ""),
    # an opinion that names nobody of two
    "212": ("养老", "市民政局", "市财政局、市水务局", "同意。", "", ""),
    # an opinion that names one of two
    "213": ("助餐", "市商务局", "市财政局、市水务局", "市财政局：同意安排30万元。", "已设助餐点8个。", ""),
    # two organs in charge, and a reply that names neither
    "214": ("公园", "市园林局/市体育局", "", "", "已建公园2处。", ""),
    "215": ("步道", "市园林局、市体育局", "市财政局", "不公开", "市体育局：已建步道3公里。", ""),
    # only the date of the reply
    "216": ("路灯", "市城管局", "市财政局、市水务局", "市财政局：无意见。", "", "2024年6月14日"),
}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lists")
    with (folder / "表.csv").open("w", newline="", encoding="utf-8") as file:
        rows = [[number, f"关于{words[0]}服务的提案", *words[1:]] for number, words in ROWS.items()]
        csv.writer(file).writerows([HEAD, *rows])
    kg.build(folder / "表.csv", folder / "store")
    return folder / "store"


def ask(store: Path, name: str, **params: str) -> list[dict[str, str | None]]:
    with kg.open(store) as graph:
        return graph.query(name=name, params=params).values()


@pytest.mark.parametrize(
    ("number", "states"),
    [
        ("211", {"市教育局": "no", "市财政局": "yes"}),
        ("212", {"市民政局": "no", "市财政局": "unnamed", "市水务局": "unnamed"}),
        ("213", {"市商务局": "yes", "市财政局": "yes", "市水务局": "no"}),
        ("214", {"市园林局": "unnamed", "市体育局": "unnamed"}),
        ("215", {"市园林局": "no", "市体育局": "yes", "市财政局": "OpinionNotPublished"}),
        ("216", {"市城市管理局": "ReplyElsewhere", "市财政局": "yes", "市水务局": "no"}),
    ],
)
def test_each_organ_of_a_row_has_its_state(store: Path, number: str, states: dict[str, str]) -> None:
    rows = ask(store, "handling", proposal=number)
    assert {str(row["agency"]): row["opinion"] for row in rows} == states
    with kg.open(store) as graph:
        assert graph.validate() == []


def test_who_leads_a_row_leads_the_proposal(store: Path) -> None:
    leads = {(row["number"], row["agency"]) for row in ask(store, "handling") if row["role"] == "leadAgency"}
    assert leads == {
        ("211", "市教育局"), ("212", "市民政局"), ("213", "市商务局"), ("214", "市园林局"), ("214", "市体育局"),
        ("215", "市园林局"), ("215", "市体育局"), ("216", "市城市管理局"),
    }  # fmt: skip


def test_only_who_certainly_left_nothing_is_silent(store: Path) -> None:
    silent = {(row["number"], row["agency"]) for row in ask(store, "missing-opinions")}
    assert silent == {
        ("211", "市教育局"),
        ("212", "市民政局"),
        ("213", "市水务局"),
        ("215", "市园林局"),
        ("216", "市水务局"),
    }


def test_a_letter_of_nobody_counts_for_nobody(store: Path) -> None:
    counts = {row["agency"]: (row["leads"], row["joins"], row["replies"]) for row in ask(store, "agency-workload")}
    assert counts["市园林局"] == ("2", "0", "0")
    assert counts["市体育局"] == ("2", "0", "1")
    assert counts["市财政局"] == ("0", "5", "3")
    assert counts["市教育局"] == ("1", "0", "0")


OPINION = """市教育局：
　　市政协五届三次会议第118号、第119号提案收悉，现提出会办意见如下：
　　一、已安排50万元。
　　市财政局
　　2024年5月6日
"""


def test_an_addressee_leads_only_what_a_list_says(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "意见.txt").write_text(OPINION, encoding="utf-8")
    kg.build(tmp_path / "in", tmp_path / "store")
    assert ask(tmp_path / "store", "missing-opinions") == []
