"""A longer and a shorter name of one thing are one entity, unless the page has two longer ones."""

from __future__ import annotations

from extract.linking.link import LinkedMentions, link_mentions
from extract.linking.quoted import join_quoted
from extract.model import Kind, Mention
from tests.support.pages import LEX, make_page, mention

HEAD = "霁川市科学技术局答复："


def _link(text: str, *mentions: Mention) -> LinkedMentions:
    return join_quoted(link_mentions(*make_page(text), list(mentions)), LEX)


def _labels(linked: LinkedMentions, kind: Kind) -> list[str]:
    return [e.label for e in linked.entities if e.kind is kind]


def test_what_stands_in_quotes_alone_is_the_name_behind_other_words() -> None:
    text = f"{HEAD}推行企业办事“一照通行”。“一照通行”已覆盖10个行业。"
    long, short = mention(text, Kind.PROGRAM, "企业办事“一照通行”"), mention(text, Kind.PROGRAM, "一照通行", nth=1)
    linked = _link(text, long, short)
    assert _labels(linked, Kind.PROGRAM) == ["企业办事“一照通行”"]
    [entity] = [e for e in linked.entities if e.kind is Kind.PROGRAM]
    assert "一照通行" in entity.aliases and len(entity.spans) == 2
    assert {ident for _, ident in linked.mentions} == {e.id for e in linked.entities} & {i for _, i in linked.mentions}


def test_two_longer_names_leave_the_short_one_apart() -> None:
    text = f"{HEAD}推行企业办事“一照通行”和社会救助“一照通行”。“一照通行”已覆盖10个行业。"
    names = ("企业办事“一照通行”", "社会救助“一照通行”")
    longer = [mention(text, Kind.PROGRAM, name) for name in names]
    linked = _link(text, *longer, mention(text, Kind.PROGRAM, "一照通行", nth=2))
    assert _labels(linked, Kind.PROGRAM) == [*names, "一照通行"]


def test_a_part_of_something_is_not_what_it_is_named_after() -> None:
    text = f"{HEAD}上线手机银行“云闪退”栏目。“云闪退”已覆盖10个行业。"
    long, short = mention(text, Kind.PROGRAM, "手机银行“云闪退”栏目"), mention(text, Kind.PROGRAM, "云闪退", nth=1)
    assert len(_labels(_link(text, long, short), Kind.PROGRAM)) == 2


def test_a_level_with_and_without_its_word_is_one() -> None:
    text = f"{HEAD}创建国家级茶叶产品保护示范区。国家茶叶产品保护示范区已建成。"
    names = ("国家级茶叶产品保护示范区", "国家茶叶产品保护示范区")
    linked = _link(text, *(mention(text, Kind.TIER, name) for name in names))
    assert len(_labels(linked, Kind.TIER)) == 1


def test_an_office_without_its_agency_is_the_only_one_so_named() -> None:
    text = f"{HEAD}由霁川市科学技术局综合规划处牵头，综合规划处负责日常工作。"
    own = mention(text, Kind.AGENCY, "霁川市科学技术局", core="科学技术", suffix="局", place="霁川市")
    full = Mention(
        mention(text, Kind.AGENCY, "霁川市科学技术局综合规划处").span,
        Kind.AGENCY,
        "霁川市科学技术局综合规划处",
        "tagger.body",
    )
    short = Mention(mention(text, Kind.AGENCY, "综合规划处", nth=1).span, Kind.AGENCY, "综合规划处", "tagger.body")
    assert "综合规划处" not in _labels(_link(text, own, full, short), Kind.AGENCY)
