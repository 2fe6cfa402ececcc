"""Relations that a clause states by two names and the words around them; the entities are made by hand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from extract.linking.link import LinkedMentions
from extract.mentions.words import read_words
from extract.model import Entity, EntityId, Kind, Relation, Span
from extract.relations.clauses import ClauseIndex, ends_item
from extract.relations.duties import read_duties
from extract.relations.frames import read_frames
from extract.text.segment import segmenter
from ontology.errors import LexiconError
from ontology.lexicons import load_lexicon
from tests.support.pages import ISSUER, LEX, make_outline

NAMES = {
    "霁川市财政局": Kind.AGENCY, "霁川市人社局": Kind.AGENCY, "北陵县政府": Kind.AGENCY, ISSUER: Kind.AGENCY,
    "扬帆计划": Kind.PROGRAM, "启航补助": Kind.PROGRAM, "远航券": Kind.PROGRAM, "金帆奖": Kind.PROGRAM,
    "霁企通": Kind.PLATFORM, "青年农民": Kind.GROUP, "返乡军人": Kind.GROUP, "重点人群": Kind.GROUP,
    "北陵镇": Kind.PLACE, "南陵镇": Kind.PLACE, "《霁川市扬帆计划管理办法》": Kind.INSTRUMENT,
}  # fmt: skip


def index_clauses(text: str) -> ClauseIndex:
    entities, mentions = [], []
    for i, (name, kind) in enumerate(NAMES.items(), 1):
        spans = tuple(Span(*m.span()) for m in re.finditer(re.escape(name), text))
        if spans or name == ISSUER:
            entities.append(Entity(EntityId(f"e{i}"), kind, name, (), spans))
            mentions += [(span, EntityId(f"e{i}")) for span in spans]
    mentions.sort(key=lambda m: (m[0].begin, -m[0].end))
    issuer = next(e.id for e in entities if e.label == ISSUER)
    relations = (Relation("d1", "issuedBy", issuer, Span(0, 1), "by.hand"),)
    outline = make_outline(text)
    page = read_words(text, outline.sentences, segmenter(LEX))
    return ClauseIndex(page, outline, LinkedMentions(tuple(entities), tuple(mentions), relations))


def name_relations(index: ClauseIndex, relations: list[Relation]) -> set[tuple[str, str, str]]:
    return {(index.entities[r.subject].label, r.predicate, index.entities[r.object].label) for r in relations}


def read(text: str) -> set[tuple[str, str, str]]:
    index = index_clauses(text)
    return name_relations(index, read_frames(index, LEX))


def read_in_charge(text: str) -> set[tuple[str, str, str]]:
    index = index_clauses(text)
    return name_relations(index, read_duties(index, LEX))


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("霁川市财政局负责扬帆计划的审核。", ("霁川市财政局", "administers", "扬帆计划")),
        ("我局负责审核和发放启航补助。", (ISSUER, "administers", "启航补助")),
        ("霁川市财政局是扬帆计划的主管部门。", ("霁川市财政局", "administers", "扬帆计划")),
        ("扬帆计划由霁川市财政局会同有关部门组织实施。", ("霁川市财政局", "administers", "扬帆计划")),
        ("企业可向霁川市人社局提出启航补助申请。", ("霁川市人社局", "administers", "启航补助")),
        ("启航补助材料提交霁川市人社局审核。", ("霁川市人社局", "administers", "启航补助")),
        ("霁川市财政局通过扬帆计划累计安排3亿元。", ("霁川市财政局", "administers", "扬帆计划")),
        ("列入霁川市财政局今年的扬帆计划第二批项目。", ("霁川市财政局", "administers", "扬帆计划")),
        ("扬帆计划的受理部门为霁川市人社局。", ("霁川市人社局", "administers", "扬帆计划")),
        ("霁川市财政局下达启航补助2亿元。", ("霁川市财政局", "administers", "启航补助")),
        ("霁企通由霁川市人社局建设和运营。", ("霁川市人社局", "operates", "霁企通")),
        ("各项工作进展顺利。霁川市财政局负责扬帆计划。", ("霁川市财政局", "administers", "扬帆计划")),
        ("企业可登录霁企通申报扬帆计划。", ("扬帆计划", "availableOn", "霁企通")),
        ("扬帆计划每年评审一次，企业登录霁企通填报申请信息。", ("扬帆计划", "availableOn", "霁企通")),
        ("扬帆计划按下列流程申报。企业登录霁企通填报申请信息。", ("扬帆计划", "availableOn", "霁企通")),
        ("扬帆计划包括启航补助和远航券。", ("远航券", "broader", "扬帆计划")),
        ("扬帆计划包括启航补助（每年一次）和远航券。", ("远航券", "broader", "扬帆计划")),
        ("远航券（启航补助、贷款券等）可以叠加。", ("启航补助", "broader", "远航券")),
        ("青年农民、返乡军人（以下统称重点人群）可以参加。", ("青年农民", "broader", "重点人群")),
        ("“启航补助”“远航券”等系列扬帆计划可以叠加。", ("远航券", "broader", "扬帆计划")),
        ("扬帆计划每年举办一届，设金帆奖。", ("金帆奖", "broader", "扬帆计划")),
        ("青年农民、返乡军人等重点人群可以参加。", ("返乡军人", "broader", "重点人群")),
        ("北陵镇、南陵镇等8个镇开展扬帆计划。", ("南陵镇", "participatesIn", "扬帆计划")),
        ("霁川市财政局等5部门出台《霁川市扬帆计划管理办法》。", ("霁川市扬帆计划管理办法", "issuedBy", "霁川市财政局")),
        ("霁川市财政局《霁川市扬帆计划管理办法》", ("霁川市扬帆计划管理办法", "issuedBy", "霁川市财政局")),
    ],
)
def test_a_frame_relates_the_names_in_it(text: str, stated: tuple[str, str, str]) -> None:
    assert stated in {(s.strip("《》"), p, o) for s, p, o in read(text)}


@pytest.mark.parametrize(
    "text",
    [
        "霁川市财政局不再负责扬帆计划的审核。",
        "我局建议霁川市财政局负责扬帆计划的审核。",
        "扬帆计划由霁川市财政局负责解释。",
        "扬帆计划已经开始。霁川市财政局负责其他工作。",
        "企业向霁川市财政局反映情况，扬帆计划已经开始。",
        "扬帆计划和远航券已经开始。企业登录霁企通填报申请信息。",
        "扬帆计划同样重要，企业通过霁企通申请营业执照。",
        "扬帆计划、启航补助等项目，同时设立远航券。",
        "报霁川市财政局《霁川市扬帆计划管理办法》。",
    ],
)
def test_a_frame_states_nothing_that_is_denied_asked_for_or_left_open(text: str) -> None:
    assert read(text) == set()


def test_only_the_nearest_of_several_names_is_the_wider_one() -> None:
    found = read("青年农民等重点人群与返乡军人可以参加。")
    assert found == {("青年农民", "broader", "重点人群")}


def test_the_evidence_is_the_words_of_the_frame() -> None:
    text = "今年以来进展顺利，霁川市财政局负责扬帆\n计划的审核，成效明显。".replace("\n", "")
    index = index_clauses(text)
    assert [r.span.of(text) for r in read_frames(index, LEX)] == ["霁川市财政局负责扬帆计划"]


@pytest.mark.parametrize(
    ("text", "agencies"),
    [
        ("实施扬帆计划，支持创业。（责任单位：霁川市财政局、霁川市人社局）", {"霁川市财政局", "霁川市人社局"}),
        ("实施扬帆计划。（牵头单位：霁川市财政局；配合单位：霁川市人社局）", {"霁川市财政局"}),
        ("实施扬帆计划。（责任单位：霁川市财政局牵头，霁川市人社局配合）", {"霁川市财政局"}),
        ("实施扬帆计划。（霁川市财政局、霁川市人社局按职责分工负责）", {"霁川市财政局", "霁川市人社局"}),
        ("实施扬帆计划。（霁川市财政局）", {"霁川市财政局"}),
        ("实施扬帆计划。\n责任单位：霁川市财政局", {"霁川市财政局"}),
        ("实施扬帆计划。（责任单位：霁川市财政局，各市、北陵县政府）", {"霁川市财政局"}),
    ],
)
def test_who_is_in_charge_of_an_item_runs_its_program(text: str, agencies: set[str]) -> None:
    assert read_in_charge(text) == {(name, "administers", "扬帆计划") for name in agencies}


@pytest.mark.parametrize(
    "text",
    [
        "实施扬帆计划，开展启航补助。（责任单位：霁川市财政局）",
        "介绍扬帆计划。（责任单位：霁川市财政局）",
        "实施扬帆计划待遇调整。（责任单位：霁川市财政局）",
        "实施扬帆计划。（霁川市财政局的意见除外）",
    ],
)
def test_who_is_in_charge_says_nothing_without_one_program_that_the_item_sets_up(text: str) -> None:
    assert read_in_charge(text) == set()


def test_each_note_is_about_what_stands_between_it_and_the_one_before() -> None:
    text = "实施扬帆计划。（责任单位：霁川市财政局）实施启航补助。（责任单位：霁川市人社局）"
    assert read_in_charge(text) == {
        ("霁川市财政局", "administers", "扬帆计划"),
        ("霁川市人社局", "administers", "启航补助"),
    }


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("深化扬帆计划。\n各部门要积极参与，并加强宣传。（霁川市财政局负责，完成时限：2031年底前）", {"霁川市财政局"}),
        ("深化扬帆计划。\n各部门要积极参与。（霁川市财政局负责，北陵县政府配合，2031年底前完成）", {"霁川市财政局"}),
        ("扩大扬帆计划范围。\n依托霁企通办理。\n牵头单位：霁川市财政局。\n责任单位：北陵县政府。", {"霁川市财政局"}),
        ("推行“扬帆计划”改革。\n启航补助另行规定。（霁川市财政局、霁川市人社局）", {"霁川市财政局", "霁川市人社局"}),
    ],
)
def test_who_is_in_charge_of_an_item_runs_what_its_heading_carries_on(text: str, stated: set[str]) -> None:
    assert read_in_charge(text) == {(agency, "administers", "扬帆计划") for agency in stated}


@pytest.mark.parametrize(
    "text",
    [
        "依托扬帆计划。\n加强宣传。（责任单位：霁川市财政局）",
        "深化扬帆计划中的宣传。\n加强宣传。（责任单位：霁川市财政局）",
        "推广霁企通平台应用。\n加强宣传。（责任单位：霁川市财政局）",
        "升级霁企通等创业平台。\n加强宣传。（责任单位：霁川市财政局）",
    ],
)
def test_a_heading_that_only_uses_a_program_says_nothing_of_who_runs_it(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(NAMES, "霁企通平台", Kind.PLATFORM)
    monkeypatch.setitem(NAMES, "霁企通等创业平台", Kind.PLATFORM)
    assert read_in_charge(text) == set()


def test_who_is_in_charge_of_an_item_operates_the_platform_that_its_heading_builds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(NAMES, "霁企通平台", Kind.PLATFORM)
    found = read_in_charge("优化升级霁企通平台。\n加强宣传。（牵头单位：霁川市财政局）")
    assert found == {("霁川市财政局", "operates", "霁企通平台")}


@pytest.mark.parametrize("between", ["", "\n"])
def test_the_lines_of_a_note_belong_to_no_later_item(between: str) -> None:
    text = (
        "深化扬帆计划。\n牵头单位：霁川市财政局。\n配合单位：北陵县政府、霁川市人社局。\n完成时限：2031年12月。\n"
        f"{between}深化启航补助。\n牵头单位：霁川市人社局。"
    )
    assert read_in_charge(text) == {
        ("霁川市财政局", "administers", "扬帆计划"),
        ("霁川市人社局", "administers", "启航补助"),
    }


def test_the_words_of_an_item_begin_behind_the_bracket_of_the_one_before() -> None:
    text = "扬帆计划已启动（责任单位：霁川市财政局）实施启航补助（责任单位：霁川市人社局）"
    index = index_clauses(text)
    spans = {index.entities[r.object].label: r.span.of(text) for r in read_duties(index, LEX)}
    assert spans == {"启航补助": "启航补助（责任单位：霁川市人社局"}


def write_frame(folder: Path, first: str) -> None:
    lines = [
        "[[frame]]",
        'name = "administers"',
        'rule = "mine.guided"',
        f'first = ["{first}"]',
        'second = ["Program"]',
    ]
    (folder / "relations.toml").write_text("\n".join([*lines, 'between = "(?:具体)?点拨"', ""]), encoding="utf-8")


def test_a_users_lexicon_adds_frames(tmp_path: Path) -> None:
    write_frame(tmp_path, "Agency")
    index = index_clauses("霁川市财政局具体点拨扬帆计划。霁川市人社局负责启航补助。")
    found = name_relations(index, read_frames(index, load_lexicon(str(tmp_path))))
    assert found == {("霁川市财政局", "administers", "扬帆计划"), ("霁川市人社局", "administers", "启航补助")}


def test_a_wrong_frame_of_a_user_is_named(tmp_path: Path) -> None:
    write_frame(tmp_path, "Office")
    with pytest.raises(LexiconError, match=r"mine\.guided"):
        read_frames(index_clauses("霁川市财政局。"), load_lexicon(str(tmp_path)))


def test_commas_are_found_where_a_search_finds_them() -> None:
    text = "甲市，乙局:丙办，丁中心。"
    index = index_clauses(text)
    joined = index.page.text
    places = [i for i, sign in enumerate(joined) if sign in "，,：:"]
    for begin in range(len(joined)):
        for end in range(begin, len(joined) + 1):
            inside = [place for place in places if begin <= place < end]
            assert index.find_pause_before(begin, end) == (inside[-1] if inside else -1)
            assert index.find_pause_after(begin, end) == (inside[0] if inside else end)
            assert index.count_pauses(begin, end) == len(inside)


@pytest.mark.parametrize(
    ("note", "ends"),
    [("（责任单位：霁川市财政局）", True), ("（霁川市财政局负责）", True), ("（每年评审一次）", False)],
)
def test_a_note_of_duties_between_two_sentences_ends_an_item(note: str, ends: bool) -> None:
    index = index_clauses(f"实施扬帆计划。\n{note}\n实施启航补助。")
    assert [ends_item(index, clause) for clause in index.clauses] == [False, ends, False]
