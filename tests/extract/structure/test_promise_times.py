"""Deadlines and frequencies of commitments without figures, on sentences about invented matters."""

from __future__ import annotations

import pytest

from extract.model import Kind
from tests.extract.structure.test_part_kinds import read, reply


def times(promise: str) -> tuple[str, str]:
    (part,) = (p for p in read(reply(f"一、停车供给\n已建成车库3座。\n二、{promise}")).parts if p.number == "二")
    assert part.kind is Kind.COMMITMENT
    return part.deadline, part.frequency


@pytest.mark.parametrize(
    ("promise", "found"),
    [
        ("停车规划我局拟于2024年10月底前完成编制。", ("2024-10", "")),
        ("下一步，我局将每季度召开一次停车调度会。", ("", "每季度")),
        ("我局将于2025年3月31日前出台停车管理办法，每月通报进度。", ("2025-03-31", "每月")),
        ("下一步工作\n我局将于2024年底前完成停车泊位普查。", ("2024", "")),
    ],
)
def test_a_promise_without_a_figure_has_its_time(promise: str, found: tuple[str, str]) -> None:
    assert times(promise) == found


@pytest.mark.parametrize(
    "promise",
    [
        "下一步，我局将加强停车管理。",
        "下一步，我局将加强停车管理。停车规划于2024年10月底前完成编制。",
        "下一步，我局将于2024年9月底前完成普查，2025年3月底前出台办法。",
        "下一步，我局将参照2023年6月底前的做法加强管理。",
        "下一步，我局将保障每年来访的客商停车。",
    ],
)
def test_times_of_something_else_and_several_are_none(promise: str) -> None:
    assert times(promise) == ("", "")
