"""Instruments without 《》, and what is printed beside a title: number, date and state."""

from __future__ import annotations

import pytest

from extract.mentions.instruments.instruments import find_instruments
from extract.model import Kind, Letter, Outline, Span
from tests.support.pages import make_page


def states(text: str) -> dict[str, str | None]:
    return {m.name: m.attrs.get("status") for m in find_instruments(*make_page(text))}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("制定霁川市公共信用信息目录（2023年版），推广承诺制。", "霁川市公共信用信息目录（2023年版）"),
        ("按照全省摊位“网上集市”管理办法，完善功能。", "全省摊位“网上集市”管理办法"),
        ("执行霁川市夜市管理办法、霁川市摊位综合管理标准等要求。", "霁川市摊位综合管理标准"),
        ("制定印发夜市经营考核细则，开展考核。", "夜市经营考核细则"),
        ("落实我省育儿补贴制度实施方案。", "育儿补贴制度实施方案"),
    ],
)
def test_an_instrument_without_marks(text: str, name: str) -> None:
    assert name in states(text)


@pytest.mark.parametrize(
    "text",
    [
        "制定本单位夜市的专门管理办法，完善机制。", "出台有关规定。", "制定印发操作规范。", "执行国家统一标准规范。",
        "取得《摊位经营从业资格证》。",
    ],
)  # fmt: skip
def test_a_kind_of_instrument_is_none(text: str) -> None:
    assert not states(text)


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("根据《霁川市夜市条例》有关规定办理。", "InForce"),
        ("认真落实省政府印发的《夜市规划》。", "InForce"),
        ("《夜市规划》（霁政发〔2022〕2号）提出要求。", "InForce"),
        ("推进《霁川市夜市条例》立法修订工作。", "UnderRevision"),
        ("现将修订后的《霁川市夜市办法》印发给你们。", "InForce"),
        ("推动《霁川市夜市条例》尽快出台。", "Draft"),
        ("《霁川市夜市条例》同时废止。", "Repealed"),
        ("研究《霁川市夜市条例》行政处罚裁量标准。", None),
        ("《关于调整夜市规模的请示》（云政〔2023〕9号）收悉。", None),
        ("我局拟于年底前印发《霁川市夜市办法》。", "Draft"),
        ("计划于2025年印发实施《霁川市夜市办法》。", "Draft"),
        ("由市商务局负责，2025年6月底前印发《霁川市夜市办法》。", "Draft"),
        ("待《霁川市夜市办法》印发后，按规定执行。", "Draft"),
        ("《霁川市夜市办法》即将出台。", "Draft"),
        ("目前，《霁川市夜市办法》正在征求意见。", "Draft"),
        ("《霁川市夜市办法》已形成送审稿，将报市政府审定后印发。", "Draft"),
        ("《霁川市夜市办法》（征求意见稿）已公开征求意见。", "Draft"),
        ("我局起草了《霁川市夜市办法》，目前正在按程序报批。", "Draft"),
        ("《霁川市夜市办法》列入2025年立法计划。", "Draft"),
        ("市政府常务会议审议通过《霁川市夜市办法》。", "InForce"),
        ("我市已出台《霁川市夜市办法》。", "InForce"),
        ("将根据《霁川市夜市办法》制定实施细则。", "InForce"),
        ("下一步，以《霁川市夜市办法》出台为契机，加强宣传。", "InForce"),
    ],
)
def test_the_state_by_the_words_beside_a_title(text: str, state: str | None) -> None:
    assert set(states(text).values()) == {state}


def test_what_is_said_of_a_list_is_said_of_each_title() -> None:
    assert states("研究制定《霁川市夜市办法》、《霁川市摊位规程》。") == {
        "霁川市夜市办法": "Draft",
        "霁川市摊位规程": "Draft",
    }


def test_an_order_and_a_number_over_two_lines_are_read() -> None:
    first, second = find_instruments(
        *make_page("依据《夜市办法》（商务部令第8号）、《摊位规划》（霁\n政发〔2022〕2 号）。")
    )
    assert (first.attrs["documentNumber"], second.attrs["documentNumber"]) == ("商务部令第8号", "霁政发〔2022〕2号")


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("出台《霁川市夜市办法》。", "Draft"),
        ("霁川市商务局印发《霁川市夜市办法》。", "InForce"),
        ("2023年出台《霁川市夜市办法》。", "InForce"),
    ],
)
def test_what_an_instrument_tells_others_to_make_is_a_draft(text: str, state: str) -> None:
    page, geography = make_page(text)
    letter = Letter(page.outline.letters[0].id, Kind.INSTRUMENT, Span(0, len(text)), Span(0, len(text)), ())
    page = type(page)(text, Outline((letter,), page.outline.parts, page.outline.sentences), page.lex)
    [found] = find_instruments(page, geography)
    assert found.attrs["status"] == state
