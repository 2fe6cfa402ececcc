"""Each finder alone, on an invented text: what it names, with what it notes beside the name."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from extract.mentions.agencies import find_agencies
from extract.mentions.bodies.bodies import find_bodies
from extract.mentions.context import MentionContext
from extract.mentions.geography import Geography
from extract.mentions.groups import find_groups
from extract.mentions.instruments.instruments import find_instruments
from extract.mentions.places.places import find_places
from extract.mentions.programs.programs import find_programs
from extract.mentions.tiers.tiers import find_tiers
from extract.model import Kind, Mention
from tests.support.pages import make_page

Finder = Callable[[MentionContext, Geography], list[Mention]]
FINDERS: tuple[Finder, ...] = (
    find_agencies, find_bodies, find_groups, find_instruments, find_places, find_programs, find_tiers,
)  # fmt: skip


def find(finder: Finder, text: str) -> list[tuple[str, Kind]]:
    return [(m.name, m.kind) for m in finder(*make_page(f"霁川市科学技术局答复：{text}")) if m.name in text]


@pytest.mark.parametrize(
    ("finder", "text", "names"),
    [
        (find_agencies, "我们会同市财政局、区发改局研究。", ["市财政局", "区发改局"]),
        (
            find_bodies,
            "单位：青禾科技有限公司、霁川大学和霁川市人民医院参加。",
            ["霁川大学", "霁川市人民医院", "青禾科技有限公司"],
        ),
        (find_groups, "对首次升规的工业企业给予奖励。", ["首次升规的工业企业", "工业企业"]),
        (find_instruments, "已印发《霁川市先进制造业促进办法》。", ["霁川市先进制造业促进办法"]),
        (find_places, "在青石镇和霁川高新技术产业开发区开展试点。", ["青石镇", "霁川", "霁川高新技术产业开发区"]),
        (find_programs, "实施“登高计划”，开通12345热线。", ["登高计划", "12345热线"]),
        (find_tiers, "培育国家级专精特新“小巨人”企业。", ["国家级专精特新“小巨人”企业"]),
    ],
    ids=lambda value: value.__name__ if callable(value) else None,
)
def test_a_finder_names_its_own_kinds(finder: Finder, text: str, names: list[str]) -> None:
    assert sorted(name for name, _ in find(finder, text)) == sorted(names)


@pytest.mark.parametrize("finder", FINDERS, ids=lambda finder: finder.__name__)
def test_a_text_that_names_nothing_has_no_mentions(finder: Finder) -> None:
    assert find(finder, "各项工作稳步推进，成效明显，群众反响很好。") == []


@pytest.mark.parametrize("finder", FINDERS, ids=lambda finder: finder.__name__)
def test_an_empty_page_is_read(finder: Finder) -> None:
    assert finder(*make_page("")) == []


def test_an_agency_is_taken_apart() -> None:
    [agency] = find_agencies(*make_page("请市财政局支持。"))
    assert [agency.attrs[name] for name in ("prefix", "core", "suffix")] == ["市", "财政", "局"]


def test_an_instrument_has_its_number_and_state_with_their_places() -> None:
    text = "印发《霁川市人才办法》（霁府办〔2022〕8号），研究制定《霁川市停车办法》。"
    first, second = find_instruments(*make_page(text))
    assert (first.attrs["documentNumber"], first.attrs["status"]) == ("霁府办〔2022〕8号", "InForce")
    begin, end = map(int, first.attrs["number_span"].split(","))
    assert text[begin:end] == "霁府办〔2022〕8号"
    assert second.attrs["status"] == "Draft" and "documentNumber" not in second.attrs


def test_a_tier_has_the_label_of_the_scheme_and_its_level() -> None:
    [tier] = find_tiers(*make_page("培育国家级专精特新小巨人\n企业。"))
    assert (tier.attrs["tier"], tier.attrs["level"]) == ("国家级专精特新“小巨人”企业", "National")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("对新认定的国家级、省级非遗工坊，分别给予50万元、30万元奖励。", ["国家级非遗工坊", "省级非遗工坊"]),
        ("对获评市级研学营地的，一次性奖励5万元。", ["市级研学营地"]),
        ("对获评国家级、省级教学名师的，分别给予5万元、3万元补助。", []),
        ("全市建有省级非遗工坊12家。", ["省级非遗工坊"]),
    ],
)
def test_a_class_with_a_level_that_is_paid_or_counted_is_a_tier(text: str, names: list[str]) -> None:
    assert sorted(m.name for m in find_tiers(*make_page(f"霁川市科学技术局答复：{text}"))) == sorted(names)


class TestContext:
    def test_entries_are_found_over_quotes_and_broken_lines(self) -> None:
        text = "专精特新“小巨\n人”企业"
        [hit] = make_page(text)[0].get_longest_hits("tier")
        assert hit.span.of(text) == text

    def test_no_entry_runs_over_the_end_of_a_paragraph(self) -> None:
        assert make_page("支持专精特新小巨人\n　　企业发展")[0].get_longest_hits("tier") == []

    def test_a_position_knows_its_sentence_and_letter(self) -> None:
        text = "霁川市科学技术局答复。请市财政局支持。"
        context, _ = make_page(text)
        sentence = context.find_sentence(text.index("财政"))
        assert sentence is not None and sentence.span.of(text) == "请市财政局支持。"
        assert context.find_sentence(len(text)) is None
        letter = context.find_letter(0)
        assert letter is not None and letter.id == "d1"

    def test_words_beside_a_position_stay_in_their_line(self) -> None:
        text = "第一行\n第二行文字\n第三行"
        context, _ = make_page(text)
        at = text.index("文字")
        assert (context.get_words_before(at), context.get_words_after(at)) == ("第二行", "文字")


class TestPlaces:
    def test_a_letter_speaks_for_the_place_of_its_issuer(self) -> None:
        _, geography = make_page("霁川市临汀区交通运输局答复：请市财政局支持。", "霁川市临汀区交通运输局")
        home = geography.homes["d1"]
        assert (home.city, home.county, home.level, home.lowest) == ("霁川市", "临汀区", "County", "霁川市临汀区")
        assert (home.resolve_prefix("市"), home.resolve_prefix("区")) == ("霁川市", "霁川市临汀区")

    def test_a_city_knows_no_county_and_an_unknown_one_nothing(self) -> None:
        city = make_page("霁川市财政局答复。", "霁川市财政局")[1].homes["d1"]
        assert (city.resolve_prefix("市"), city.resolve_prefix("区")) == ("霁川市", "")
        assert make_page("我局答复如下。", "我局")[1].home.lowest == ""
