"""Opinions that name their proposal by its short number alone, beside the proposal in one folder."""

from __future__ import annotations

from pathlib import Path

import pytest

import kg

LIST = (
    "案号,案由,届次,主办单位,会办单位\n"
    "0231,关于建设社区智慧食堂的提案,政协霁川市第六届委员会第三次会议,市民政局,市商务局、市水务局\n"
)
OTHER = (
    "案号,案由,届次,主办单位,会办单位\n0231,关于保护古树名木的提案,政协霁川市第六届委员会第二次会议,市园林局,市商务局\n"
)


def opinion(agency: str, lead: str = "市教育局") -> str:
    return (f"{agency}关于政协第0231号提案的协办意见\n\n{lead}：\n　　你局转来的第0231号提案收悉，我局意见如下：\n"
            f"　　一、2023年检查商铺1120家次。\n　　{agency}\n　　2024年5月8日\n")  # fmt: skip


def build(home: Path, files: dict[str, str]) -> tuple[set[tuple[str | None, str | None]], int, list[str]]:
    """Return who handles 0231 with the state of its opinion, how many proposals have a state, and the doubtful ones."""
    for name, text in files.items():
        path = home / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    result = kg.build(home / "in", home / "store")
    with kg.open(home / "store") as graph:
        handling = {(row["agency"], row["opinion"]) for row in graph.query(name="handling").values()}
        return handling, len(graph.query(name="reply-states").values()), [x.name for x in result.joined.ambiguous]


@pytest.mark.parametrize("lead", ["市民政局", "市教育局"])
def test_it_is_about_the_one_of_that_number_if_its_agency_joins_in(lead: str, tmp_path: Path) -> None:
    handling, proposals, ambiguous = build(tmp_path, {"清单.csv": LIST, "op.txt": opinion("霁川市商务局", lead)})
    assert proposals == 1 and not ambiguous
    assert ("霁川市商务局", "yes") in handling and ("霁川市水务局", "no") in handling


def test_or_if_it_is_addressed_to_the_agency_in_charge(tmp_path: Path) -> None:
    _, proposals, ambiguous = build(tmp_path, {"清单.csv": LIST, "op.txt": opinion("霁川市体育局", "市民政局")})
    assert proposals == 1 and not ambiguous


def test_of_an_agency_that_does_not_join_in_it_may_be(tmp_path: Path) -> None:
    _, proposals, ambiguous = build(tmp_path, {"清单.csv": LIST, "op.txt": opinion("霁川市体育局")})
    assert proposals == 1 and len(ambiguous) == 1


def test_of_two_of_that_number_it_may_be_each(tmp_path: Path) -> None:
    files = {"清单.csv": LIST, "上年.csv": OTHER, "op.txt": opinion("霁川市商务局")}
    assert len(build(tmp_path, files)[2]) == 1


def test_one_in_another_folder_is_not_meant(tmp_path: Path) -> None:
    _, proposals, ambiguous = build(tmp_path, {"甲/清单.csv": LIST, "乙/op.txt": opinion("霁川市商务局")})
    assert proposals == 2 and not ambiguous
