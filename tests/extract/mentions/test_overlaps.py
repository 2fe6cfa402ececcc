"""Of mentions that overlap, the longer stands; some may stand inside another."""

from __future__ import annotations

from extract.mentions.overlaps import resolve_overlaps
from extract.model import Kind, Mention
from tests.support.pages import mention


def names(*mentions: Mention) -> list[str]:
    return [m.name for m in resolve_overlaps(mentions)]


def test_the_longer_name_stands_whatever_the_order() -> None:
    text = "实施霁川市登高计划实施方案"
    short, long = mention(text, Kind.PROGRAM, "登高计划"), mention(text, Kind.PROGRAM, "霁川市登高计划实施方案")
    assert names(short, long) == names(long, short) == ["霁川市登高计划实施方案"]


def test_of_two_that_cross_the_longer_stands() -> None:
    text = "澄溪市高新技术企业协会"
    agency, group = mention(text, Kind.PLACE, "澄溪市高新"), mention(text, Kind.GROUP, "高新技术企业协会")
    assert names(agency, group) == ["高新技术企业协会"]


def test_a_title_keeps_the_bodies_and_quoted_programs_in_it() -> None:
    text = "《霁川市财政局关于“登高计划”的通知》"
    title = mention(text, Kind.INSTRUMENT, "霁川市财政局关于“登高计划”的通知")
    agency, program = (
        mention(text, Kind.AGENCY, "霁川市财政局"),
        mention(text, Kind.PROGRAM, "登高计划", rule="program.quoted"),
    )
    place = mention(text, Kind.PLACE, "霁川市")
    assert names(title, agency, program, place) == [title.name, "霁川市财政局", "登高计划"]
    assert names(title, mention(text, Kind.PROGRAM, "登高计划", rule="program.ending")) == [title.name]


def test_a_program_keeps_the_class_that_its_name_begins_with_only() -> None:
    text = "高新技术企业培育计划"
    program, group = mention(text, Kind.PROGRAM, text), mention(text, Kind.GROUP, "高新技术企业")
    assert names(program, group) == [text, "高新技术企业"]
    text = "青禾高新技术企业计划"
    assert names(mention(text, Kind.PROGRAM, text), mention(text, Kind.GROUP, "高新技术企业")) == [text]


def test_a_class_from_a_frame_gives_way_to_the_named_class_at_its_end() -> None:
    text = "对首次认定为省级专精特新中小企业给予奖励"
    frame = mention(text, Kind.GROUP, "首次认定为省级专精特新中小企业", rule="group.given")
    tier = mention(text, Kind.TIER, "省级专精特新中小企业", rule="tier.scheme")
    assert names(frame, tier) == ["省级专精特新中小企业"]


def test_apart_all_stand_in_the_order_of_the_text() -> None:
    text = "市财政局、市教育局、市民政局"
    every = [mention(text, Kind.AGENCY, name) for name in text.split("、")]
    assert names(*reversed(every)) == text.split("、")


def test_two_readings_of_a_class_or_scheme_are_left_to_the_decision() -> None:
    text = "推进青禾平台建设"
    short = mention(text, Kind.PLATFORM, "青禾平台", rule="phrase.modified")
    long = mention(text, Kind.PROGRAM, "青禾平台建设", rule="tagger.scheme")
    assert names(short, long) == ["青禾平台建设", "青禾平台"]


def test_a_place_in_a_candidate_waits_for_the_decision() -> None:
    text = "推进霁川市示范工程"
    place = mention(text, Kind.PLACE, "霁川市")
    candidate = mention(text, Kind.PROGRAM, "霁川市示范工程", rule="tagger.scheme")
    certain = mention(text, Kind.PROGRAM, "霁川市示范工程", rule="honours")
    assert names(place, candidate) == ["霁川市示范工程", "霁川市"]
    assert names(place, certain) == ["霁川市示范工程"]
