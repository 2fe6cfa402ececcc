"""What is promised and what was reached of it, on sentences of replies about invented matters."""

from __future__ import annotations

import pytest

from extract.model import Kind
from tests.extract.figures.test_kinds import read

FACT, TARGET = Kind.OBSERVATION, Kind.TARGET


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("养老床位由2021年的820张增加到2023年的1310张，增长59.8%。", [FACT, FACT, FACT]),
        ("去年我局承诺2023年底前新增床位900张，实际完成700张，未完成目标。", [TARGET, FACT]),
        ("累计建成驿站17个，较规划目标20个少3个。", [FACT, TARGET, FACT]),
        ("计划新建公园5个，目前完成3个，完成率60%。", [TARGET, FACT, FACT]),
        ("力争全年新增就业1万人，1-5月新增就业6000人。", [TARGET, FACT]),
        ("确保2024年底前完成100套，目前已开工80套。", [TARGET, FACT]),
        ("目前已建成3个，2025年建成5个。", [FACT, TARGET]),
        ("下一步，在已建成3个的基础上，新建5个。", [FACT, TARGET]),
        ("力争2025年实际利用外资5亿元。", [TARGET]),
        ("下一步，实现有路灯的村达到60个。", [TARGET]),
        ("到2025年，建成驿站12个。", [TARGET]),
        ("去年底前应建成的3个驿站未建成。", []),
    ],
)
def test_what_was_reached_is_no_promise(text: str, kinds: list[Kind]) -> None:
    assert [f.kind for f in read(text)] == kinds


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("如果同意告知承诺制，我们计划于2025年底前将审批时限压缩至20个工作日。", TARGET),
        ("下一步，将办理时间缩短到5个工作日。", TARGET),
        ("已将审批时限压缩至20个工作日。", FACT),
        ("2023年审批时限压缩至20个工作日。", FACT),
    ],
)
def test_a_duration_that_a_reply_promises(text: str, kind: Kind) -> None:
    (figure,) = read(text)
    assert figure.kind is kind
