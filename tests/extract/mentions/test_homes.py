"""Of which city 我市, 全市 and 市财政局 are where a letter also names another one."""

from __future__ import annotations

import pytest

from extract.model import Extraction, Kind, Source
from extract.pipeline import extract

BODY = """\
    2024年，我市算力产业产值9.6亿元，企业34家。

    一、存在的问题
    （一）政策支持不足。邻市青麓市去年已出台专项政策，对企业最高奖励800万元，我市尚无专项政策。
    （二）设施少。全市可用机房仅5个。

    二、建议
    （一）出台专项政策。参照青麓市做法，对企业给予奖励。
    （二）设立算力基金。建议市财政局出资2亿元，单独设立算力产业基金。
"""


def read(head: str) -> Extraction:
    return extract(Source("a.txt", f"{head}\n\n{BODY}"))


def list_subjects(found: Extraction) -> dict[str, str]:
    """Return whom each observation is about by its value."""
    labels: dict[str | None, str] = {entity.id: entity.label for entity in found.entities}
    return {
        str(figure.value): labels.get(figure.about, "") for figure in found.figures if figure.kind is Kind.OBSERVATION
    }


@pytest.mark.parametrize(
    "head",
    [
        "政协白栎市第七届委员会第二次会议\n第0112号提案\n案由：关于发展智能算力的提案\n提案者：张梅",
        "案由：关于发展智能算力的提案\n编号：0112\n提案者：民建白栎市委员会",
        "案由：关于发展智能算力的提案\n编号：0112\n提案者：九三学社白栎市委",
    ],
)
def test_conference_and_party_committee_show_the_city_of_a_proposal(head: str) -> None:
    found = read(head)
    agencies = {entity.label for entity in found.entities if entity.kind is Kind.AGENCY}
    assert "白栎市财政局" in agencies
    assert not any("青麓市" in label for label in agencies)
    subjects = list_subjects(found)
    assert {subjects["960000000"], subjects["34"], subjects["5"]} == {"白栎市"}


def test_a_neighbour_is_not_the_city_of_a_letter_that_shows_none() -> None:
    found = read("案由：关于发展智能算力的提案\n编号：0112\n提案者：张梅")
    labels = {entity.label for entity in found.entities if entity.kind is Kind.AGENCY}
    assert "市财政局" in labels and "青麓市财政局" not in labels
    subjects = list_subjects(found)
    assert {subjects["960000000"], subjects["34"], subjects["5"]} == {""}


LETTER = """\
关于市政协七届二次会议第0112号提案的答复

{addressee}：
    你委提出的关于发展智能算力的提案收悉，现答复如下：
    如青麓市，已出台专项政策。我市现有企业34家。下一步，市财政局将安排2亿元。
市数据局
2025年6月2日
"""


def test_the_addressee_of_a_reply_shows_its_city() -> None:
    found = extract(Source("a.txt", LETTER.format(addressee="民盟白栎市委")))
    labels = {entity.label for entity in found.entities if entity.kind is Kind.AGENCY}
    assert {"白栎市财政局", "白栎市数据局"} <= labels
    assert list_subjects(found) == {"34": "白栎市"}


def test_a_branch_of_a_district_shows_no_home_of_a_letter_of_the_city() -> None:
    found = extract(Source("a.txt", LETTER.format(addressee="民盟临汀区委员会")))
    labels = {entity.label for entity in found.entities if entity.kind is Kind.AGENCY}
    assert not any(label.startswith(("临汀区", "青麓市")) for label in labels)
