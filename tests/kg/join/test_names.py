"""Names of agencies with and without their place."""

from __future__ import annotations

import pytest

from kg.join.names import is_full_name


@pytest.mark.parametrize(
    ("whole", "short", "place"),
    [
        ("霁川市民政局", "市民政局", ""),
        ("霁川市民政局", "民政局", ""),
        ("市民政局", "民政局", ""),
        ("霁川市市场监督管理局", "市场监督管理局", ""),
        ("霁川市市场监督管理局", "市市场监督管理局", ""),
        ("霁川市东湖区民政局", "区民政局", ""),
        ("霁川市东湖区民政局", "东湖区民政局", ""),
        ("中共青棠县委宣传部", "县委宣传部", ""),
        ("霁川市工业和信息化局", "市工信局", "霁川市"),
        ("霁川市工业和信息化局", "工信局", "霁川市"),
    ],
)
def test_a_name_without_its_place_is_known(whole: str, short: str, place: str) -> None:
    assert is_full_name(whole, short, place)


@pytest.mark.parametrize(
    ("whole", "short", "place"),
    [
        ("霁川市民政局", "县民政局", "霁川市"),
        ("霁川市东湖区民政局", "市民政局", "霁川市东湖区"),
        ("霁川市东湖区民政局", "霁川市民政局", "霁川市东湖区"),
        ("霁川市民政局", "霁川市民政局", ""),
        ("霁川市民政局", "市局", ""),
        ("霁川市工业和信息化局", "市公安局", "霁川市"),
    ],
)
def test_other_names_are_those_of_others(whole: str, short: str, place: str) -> None:
    assert not is_full_name(whole, short, place)
