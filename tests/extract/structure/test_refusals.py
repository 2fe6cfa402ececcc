"""Parts of replies that turn a suggestion down or put it off, on sentences about invented matters."""

from __future__ import annotations

import pytest

from extract.model import Kind
from tests.extract.structure.test_part_kinds import read, reply


def refused(body: str) -> list[str]:
    return [part.number for part in read(reply(body)).parts if part.refused]


@pytest.mark.parametrize(
    "answer",
    [
        "经研究，现有地块净空不足，因此不宜新建，该项建议不予采纳。",
        "受财力所限，暂不单独设立停车专项资金。",
        "经测算，客流不足，建议暂缓。",
        "我局不赞成按车位数量给予补助。",
        "现行标准于去年核定，目前没有下调依据，暂不调整。",
        "下一步视财力情况再作研究，现阶段不宜推开。",
    ],
)
def test_a_section_that_refuses_is_no_commitment(answer: str) -> None:
    text = reply(f"一、关于新建停车楼\n{answer}\n二、关于错时停车\n已开放车位340个。")
    first, second = (part for part in read(text).parts if part.number)
    assert (first.kind, first.refused, second.refused) == (Kind.MEASURE, True, False)


@pytest.mark.parametrize(
    "answer",
    [
        "暂不单独设立停车专项资金。我局将依托城建资金安排500万元。",
        "该项建议予以采纳。对不符合条件的企业暂不安排资金。",
        "对手续不全的项目，暂不列入计划。",
        "手续不全的停车楼暂不列入计划。",
        "此前因用地原因暂不实施，现已建成车库3座。",
        "您的建议已经采纳，正在编制方案。",
    ],
)
def test_what_does_something_besides_or_leaves_out_some_cases_is_no_refusal(answer: str) -> None:
    assert refused(f"一、关于新建停车楼\n{answer}\n二、关于错时停车\n已开放车位340个。") == []


def test_a_heading_over_several_items_is_not_refused_itself() -> None:
    body = "一、新建停车楼\n1.城东停车楼。已建成车位300个。\n2.城西停车楼。暂不新建。\n二、错时停车\n已开放车位340个。"
    assert refused(body) == ["一.2"]
