"""Which names are of one thing everywhere, and which need the place of the letter that uses them."""

from __future__ import annotations

import pytest

from extract.model import Entity, Kind, Source
from extract.pipeline import extract


def find(words: str, name: str, kind: Kind, signed: str = "溪川市科学技术局") -> Entity:
    text = (f"程望舒委员：\n　　您提出的《关于引才的提案》（第20240417号）收悉。现答复如下：\n　　一、{words}\n"
            f"　　{signed}\n　　2024年6月3日\n")  # fmt: skip
    [entity] = [x for x in extract(Source("a.txt", text)).entities if x.kind is kind and name in (x.label, *x.aliases)]
    return entity


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("落实《关于促进人才集聚的若干措施》。", "关于促进人才集聚的若干措施"),
        ("落实《人才公寓管理办法》。", "人才公寓管理办法"),
    ],
)
def test_a_title_without_a_place_is_of_the_division_whose_letter_names_it(words: str, name: str) -> None:
    entity = find(words, name, Kind.INSTRUMENT)
    assert (entity.is_local, entity.named_in) == (True, "溪川市")
    assert find(words, name, Kind.INSTRUMENT, "市科学技术局").named_in == ""


@pytest.mark.parametrize(
    "title",
    [
        "溪川市人才公寓管理办法", "中华人民共和国劳动法", "政府采购法", "住房公积金管理条例", "国家知识产权保护规划",
        "国务院办公厅关于优化就业政策措施的通知", "财政部关于减免行政事业性收费的通知",
    ],
)  # fmt: skip
def test_a_title_that_says_whose_it_is_needs_no_place(title: str) -> None:
    assert not find(f"落实《{title}》。", title, Kind.INSTRUMENT).is_local


@pytest.mark.parametrize("title", ["实施方案", "若干措施", "工作要点"])
def test_the_name_of_a_kind_of_text_is_of_its_source(title: str) -> None:
    entity = find(f"制定了《{title}》。", title, Kind.INSTRUMENT)
    assert (entity.is_local, entity.named_in) == (True, "")


@pytest.mark.parametrize(
    ("signed", "place", "is_local"),
    [("溪川市科学技术局", "溪川市", False), ("市科学技术局", "", True), ("科学技术部", "", True)],
)
def test_a_person_is_of_the_place_of_the_letter(signed: str, place: str, is_local: bool) -> None:
    person = find("已加强督办。", "程望舒", Kind.PERSON, signed)
    assert (person.jurisdiction, person.is_local) == (place, is_local)


def test_an_agency_whose_place_is_not_known_is_local() -> None:
    signed = find("已加强督办。", "市科学技术局", Kind.AGENCY, "市科学技术局")
    assert (signed.jurisdiction, signed.is_local) == ("", True)
    full = find("已加强督办。", "溪川市科学技术局", Kind.AGENCY)
    assert (full.jurisdiction, full.is_local) == ("溪川市", False)
    assert not find("已报财政部备案。", "财政部", Kind.AGENCY, "市科学技术局").is_local


def test_a_county_that_has_namesakes_has_the_city_that_the_text_states() -> None:
    beside = find("徐州市已建设站点。", "鼓楼区", Kind.PLACE, "徐州市鼓楼区科学技术局")
    assert (beside.jurisdiction, beside.is_local) == ("徐州市", False)
    for kind, name in ((Kind.AGENCY, "鼓楼区科学技术局"), (Kind.PLACE, "鼓楼区"), (Kind.PERSON, "程望舒")):
        alone = find("已加强督办。", name, kind, "鼓楼区科学技术局")
        assert (alone.jurisdiction, alone.is_local, alone.named_in) == ("", True, "")


def test_the_letter_of_a_central_organ_has_no_division_as_its_home() -> None:
    text = ("财政部关于开展奖补试点的通知\n财建〔2024〕12号\n\n各省财政厅：\n　　溪川市、溪川市临汀区先行试点。"
            "设立小镇奖补计划，给予最高20万元奖补。\n　　财政部\n　　2024年3月5日\n")  # fmt: skip
    entities = extract(Source("a.txt", text)).entities
    assert all(x.jurisdiction == "" and not x.is_local for x in entities if x.kind in (Kind.PROGRAM, Kind.INSTRUMENT))
