"""Mentions made by hand become entities: one thing whatever it is called, two things wherever they are two."""

from __future__ import annotations

from dataclasses import replace

import pytest

from extract.linking.link import LinkedMentions, link_mentions
from extract.mentions.context import MentionContext
from extract.mentions.geography import survey_places
from extract.model import Entity, Field, Kind, Letter, LetterId, Mention, Outline, Span
from tests.support.pages import LEX, make_page, mention

HEAD = "霁川市科学技术局答复："


def agency(text: str, name: str, core: str, prefix: str = "", place: str = "", nth: int = 0) -> Mention:
    return mention(text, Kind.AGENCY, name, nth, core=core, suffix="局", prefix=prefix, place=place)


def link(text: str, *mentions: Mention) -> LinkedMentions:
    return link_mentions(*make_page(text), list(mentions))


def labels(linked: LinkedMentions, kind: Kind) -> list[str]:
    return [e.label for e in linked.entities if e.kind is kind]


def the(linked: LinkedMentions, label: str) -> Entity:
    [found] = [e for e in linked.entities if e.label == label]
    return found


def test_a_short_form_meets_the_full_name() -> None:
    text = f"{HEAD}请市财政局支持，霁川市财政局已安排资金。"
    linked = link(
        text, agency(text, "市财政局", "财政", prefix="市"), agency(text, "霁川市财政局", "财政", place="霁川市")
    )
    found = the(linked, "霁川市财政局")
    assert (found.aliases, [s.of(text) for s in found.spans]) == (("市财政局",), ["市财政局", "霁川市财政局"])


def test_levels_are_two_agencies() -> None:
    text = f"{HEAD}请市财政局、区财政局支持。"
    linked = link(text, agency(text, "市财政局", "财政", prefix="市"), agency(text, "区财政局", "财政", prefix="区"))
    assert labels(linked, Kind.AGENCY)[-2:] == ["霁川市财政局", "区财政局"]


def test_a_program_is_one_however_it_is_printed() -> None:
    text = f"{HEAD}实施“强链、补链”行动。强链补链行动成效明显。"
    linked = link(text, mention(text, Kind.PROGRAM, "“强链、补链”行动"), mention(text, Kind.PROGRAM, "强链补链行动"))
    [found] = [e for e in linked.entities if e.kind is Kind.PROGRAM]
    assert len(found.spans) == 2 and found.jurisdiction == "霁川市"


def test_a_name_with_its_place_before_it_is_the_same_program() -> None:
    text = f"{HEAD}实施霁川市登高计划。登高计划成效明显。"
    linked = link(text, mention(text, Kind.PROGRAM, "霁川市登高计划"), mention(text, Kind.PROGRAM, "登高计划", nth=1))
    assert labels(linked, Kind.PROGRAM) == ["霁川市登高计划"]
    assert the(linked, "霁川市登高计划").aliases == ("登高计划",)


@pytest.mark.parametrize(
    ("one", "other"), [("青年人才计划", "青苗人才计划"), ("登高计划", "登高基金"), ("一期工程", "二期工程")]
)
def test_other_names_are_other_programs(one: str, other: str) -> None:
    text = f"{HEAD}实施{one}。实施{other}。"
    linked = link(text, mention(text, Kind.PROGRAM, one), mention(text, Kind.PROGRAM, other))
    assert labels(linked, Kind.PROGRAM) == [one, other]


def test_a_short_title_means_the_only_one_that_ends_so() -> None:
    text = f"{HEAD}印发《霁川市稳增长若干措施》。《若干措施》明确了奖励。"
    full = mention(text, Kind.INSTRUMENT, "霁川市稳增长若干措施")
    short = mention(text, Kind.INSTRUMENT, "若干措施", nth=1)
    assert labels(link(text, full, short), Kind.INSTRUMENT) == ["霁川市稳增长若干措施"]
    text += "《霁川市促消费若干措施》同时印发。"
    third = mention(text, Kind.INSTRUMENT, "霁川市促消费若干措施")
    assert "若干措施" in labels(link(text, full, short, third), Kind.INSTRUMENT)


def test_a_short_title_means_the_notice_that_prints_it() -> None:
    text = f"{HEAD}印发《关于促进夜市发展的若干措施（试行）的通知》。《若干措施》共八条。"
    notice = mention(text, Kind.INSTRUMENT, "关于促进夜市发展的若干措施（试行）的通知")
    short = mention(text, Kind.INSTRUMENT, "若干措施", nth=1)
    assert labels(link(text, notice, short), Kind.INSTRUMENT) == ["关于促进夜市发展的若干措施（试行）的通知"]


def test_a_title_with_the_agency_before_it_is_the_same_title() -> None:
    text = f"{HEAD}现印发《推进夜市提升行动实施方案》，霁川市科学技术局推进夜市提升行动实施方案附后。"
    own = agency(text, "霁川市科学技术局", "科学技术", place="霁川市")
    short = mention(text, Kind.INSTRUMENT, "推进夜市提升行动实施方案")
    full = mention(text, Kind.INSTRUMENT, "霁川市科学技术局推进夜市提升行动实施方案")
    assert labels(link(text, own, short, full), Kind.INSTRUMENT) == ["霁川市科学技术局推进夜市提升行动实施方案"]
    text += "霁川市商务局推进夜市提升行动实施方案另行印发。"
    other = mention(text, Kind.INSTRUMENT, "霁川市商务局推进夜市提升行动实施方案")
    assert "推进夜市提升行动实施方案" in labels(link(text, own, short, full, other), Kind.INSTRUMENT)


def test_facts_keep_the_words_that_state_them() -> None:
    text = f"{HEAD}印发《霁川市人才办法》（霁府办〔2022〕8号）。"
    at = text.index("霁府办")
    where = f"{at},{at + 11}"
    title = mention(text, Kind.INSTRUMENT, "霁川市人才办法", documentNumber="霁府办〔2022〕8号", number_span=where)
    [fact] = the(link(text, title), "霁川市人才办法").facts
    assert (fact.name, fact.value, fact.span.of(text)) == ("documentNumber", "霁府办〔2022〕8号", "霁府办〔2022〕8号")


def test_the_letters_field_is_a_relation_to_its_agency() -> None:
    text = f"{HEAD}请市财政局支持。"
    own = agency(text, "霁川市科学技术局", "科学技术", place="霁川市")
    linked = link(text, own, agency(text, "市财政局", "财政", prefix="市"))
    issuer = the(linked, "霁川市科学技术局").id
    assert [(r.subject, r.object) for r in linked.relations if r.predicate == "issuedBy"] == [("d1", issuer)]


def test_a_field_that_no_finder_saw_becomes_a_body() -> None:
    text = f"{HEAD}工作稳步推进。"
    linked = link(text)
    [relation] = [r for r in linked.relations if r.predicate == "issuedBy"]
    assert the(linked, "霁川市科学技术局").id == relation.object


def test_a_mention_that_is_only_the_begin_of_a_field_is_another_body() -> None:
    text = f"{HEAD}工作稳步推进。"
    begin = agency(text, "霁川市科学", "科学", place="霁川市")
    linked = link(text, begin)
    [relation] = [r for r in linked.relations if r.predicate == "issuedBy"]
    assert the(linked, "霁川市科学技术局").id == relation.object


def link_instrument(text: str, *fields: tuple[str, str], mentions: tuple[Mention, ...] = ()) -> LinkedMentions:
    whole = Span(0, len(text))
    given = tuple(Field(name, value, Span(text.index(value), text.index(value) + len(value))) for name, value in fields)
    outline = Outline((Letter(LetterId("d1"), Kind.INSTRUMENT, whole, whole, given),), (), ())
    context = MentionContext(text, outline, LEX)
    return link_mentions(context, survey_places(text, outline.letters, LEX, []), list(mentions))


def test_an_instrument_has_the_title_of_its_notice_as_another_name() -> None:
    notice = "关于印发《霁川市夜市办法》的通知"
    linked = link_instrument(f"{notice}\n增加摊位。", ("title", "霁川市夜市办法"), ("noticeTitle", notice))
    assert the(linked, "霁川市夜市办法").aliases == (notice,)


def test_what_an_instrument_is_based_on_is_an_instrument_even_if_no_finder_saw_it() -> None:
    text = "霁川市夜市办法\n根据《霁川市集市条例》，制定本办法。"
    linked = link_instrument(text, ("title", "霁川市夜市办法"), ("basedOn", "霁川市集市条例"))
    [relation] = [r for r in linked.relations if r.predicate == "basedOn"]
    own, ground = the(linked, "霁川市夜市办法").id, the(linked, "霁川市集市条例").id
    assert (relation.subject, relation.object) == (own, ground)


def test_an_agency_has_the_jurisdiction_that_its_name_says() -> None:
    text = f"{HEAD}请霁川市财政局支持。"
    linked = link(
        text, agency(text, "霁川市财政局", "财政", place="霁川市"), mention(text, Kind.PLACE, "霁川市", full="霁川市")
    )
    place = the(linked, "霁川市").id
    assert (the(linked, "霁川市财政局").id, place) in {
        (r.subject, r.object) for r in linked.relations if r.predicate == "jurisdiction"
    }


def test_ids_follow_the_text_whatever_the_order_of_the_mentions() -> None:
    text = f"{HEAD}实施登高计划，开通霁企通平台，支持高新技术企业。"
    mentions = (
        mention(text, Kind.PROGRAM, "登高计划"), mention(text, Kind.PLATFORM, "霁企通平台"),
        mention(text, Kind.GROUP, "高新技术企业"),
    )  # fmt: skip
    assert link(text, *mentions) == link(text, *reversed(mentions))
    assert [e.id for e in link(text, *mentions).entities] == ["e1", "e2", "e3", "e4"]


def test_mentions_are_found_by_their_place() -> None:
    text = f"{HEAD}实施登高计划。支持高新技术企业。"
    linked = link(text, mention(text, Kind.PROGRAM, "登高计划"), mention(text, Kind.GROUP, "高新技术企业"))
    begin = text.index("实施")
    found = linked.find_in(Span(begin, text.index("。") + 1))
    assert [span.of(text) for span, _ in found] == ["登高计划"]


def test_nothing_is_linked_of_nothing() -> None:
    assert link_mentions(*make_page("", ""), []) == LinkedMentions((), (), ())


@pytest.mark.parametrize(
    ("name", "level"),
    [
        ("省级绿色制造示范基地", "Provincial"),
        ("农业产业化市级龙头企业", "Municipal"),
        ("全国茶叶生产示范县", "National"),
        ("城市书房示范点", ""),
    ],
)
def test_the_level_in_the_name_of_a_tier_is_its_level(name: str, level: str) -> None:
    text = f"{HEAD}培育{name}2家。"
    tier = the(link(text, mention(text, Kind.TIER, name)), name)
    assert [f.value for f in tier.facts if f.name == "level"] == ([level] if level else [])


@pytest.mark.parametrize(
    "notice",
    [
        "关于印发〈霁川市算力券办法〉的通知",
        "霁川市人民政府办公室印发〈霁川市算力券办法〉的通知",
        "关于发布《霁川市算力券办法》的公告",
    ],
)
def test_a_notice_and_what_it_prints_are_one_node(notice: str) -> None:
    text = f"{HEAD}《{notice}》（2023年1月20日）自即日起执行。《霁川市算力券办法》明确标准。"
    title = text.rindex("霁川市算力券办法")
    printed = Mention(Span(title, title + 8), Kind.INSTRUMENT, "霁川市算力券办法", "instrument.title", 0.9)
    attrs = {"documentNumber": "霁政发〔2023〕4号"}
    found = link(text, replace(mention(text, Kind.INSTRUMENT, notice), attrs=attrs), printed)
    (made,) = [entity for entity in found.entities if entity.kind is Kind.INSTRUMENT]
    assert (made.label, made.aliases) == ("霁川市算力券办法", (notice,))
    assert made.get_fact("documentNumber") == "霁政发〔2023〕4号" and len(made.spans) == 2


@pytest.mark.parametrize(
    "notice",
    [
        "关于转发〈霁川市算力券办法〉的通知",
        "关于修改〈霁川市算力券办法〉的决定",
        "关于印发〈霁川市算力券办法实施细则〉的通知",
    ],
)
def test_a_notice_of_another_text_is_another_node(notice: str) -> None:
    text = f"{HEAD}《{notice}》自即日起执行。《霁川市算力券办法》明确标准。"
    title = text.rindex("霁川市算力券办法")
    printed = Mention(Span(title, title + 8), Kind.INSTRUMENT, "霁川市算力券办法", "instrument.title", 0.9)
    found = link(text, mention(text, Kind.INSTRUMENT, notice), printed)
    assert len([entity for entity in found.entities if entity.kind is Kind.INSTRUMENT]) == 2


def test_a_notice_alone_is_also_called_by_what_it_prints() -> None:
    text = f"{HEAD}落实《关于印发〈霁川市算力券办法〉的通知》。"
    notice = "关于印发〈霁川市算力券办法〉的通知"
    assert the(link(text, mention(text, Kind.INSTRUMENT, notice)), notice).aliases == ("霁川市算力券办法",)
