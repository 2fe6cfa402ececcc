"""Places that are in no public data: gates, zones, villages and streets, and names that go over two lines."""

from __future__ import annotations

import pytest

from extract.mentions.context import MentionContext
from extract.mentions.divisions import compile_patterns, find_chains
from extract.mentions.places.places import find_places
from extract.model import Kind, Outline, Sentence, Source, Span
from extract.pipeline import extract
from extract.text.segment import segmenter
from ontology.lexicons import load_lexicon
from tests.support.pages import make_page
from tests.support.reading import labels, read, reply


def find(text: str) -> set[str]:
    return {m.name for m in find_places(*make_page(f"霁川市科学技术局答复：{text}")) if m.name in text}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("支持中国（霁川）自由贸易试验区发展。", "中国（霁川）自由贸易试验区"),
        ("建设自贸试验区霁川片区。", "自贸试验区霁川片区"),
        ("入驻中韩（霁川）国际合作示范区。", "中韩（霁川）国际合作示范区"),
        ("提升霁川口岸通关效率。", "霁川口岸"),
        ("筑牢霁川口岸防线。", "霁川口岸"),
        ("对进出霁川港的车辆给予优惠。", "霁川港"),
        ("与日本、韩国开展合作。", "韩国"),
        ("我市中心城区的居民。", "市中心城区"),
    ],
)
def test_a_named_area_is_a_place(text: str, name: str) -> None:
    assert name in find(text)


@pytest.mark.parametrize(
    "text",
    [
        "推进智慧口岸建设。", "新建一批口岸。", "提升船籍港服务。", "改善丘陵山区条件。", "支持少数地区发展。",
        "推进霁川港口建设。", "支持A级景区发展。",
    ],
)  # fmt: skip
def test_a_kind_of_area_is_none(text: str) -> None:
    assert not find(text) - {"霁川"}


def test_a_name_over_two_lines_is_one_name() -> None:
    text = "霁川市科学技术局答复：推进霁川国\n际陆港建设。"
    page, geography = make_page(text)
    whole = Sentence(Span(0, len(text)), "d1", "p1", ())
    page = MentionContext(text, Outline(page.outline.letters, page.outline.parts, (whole,)), page.lex)
    assert "霁川国际陆港" in {m.name for m in find_places(page, geography)}


def test_a_list_of_villages_is_believed_if_one_of_them_is_no_word() -> None:
    found = find("一、撤销岭后村、胜利村建制，合并后设立汀下村，驻地设原岭后村。")
    assert found == {"岭后村", "胜利村", "汀下村"}


def test_the_name_of_a_village_may_end_in_the_word_twice() -> None:
    found = find("一、撤销汀村村、岭后村建制，合并后设立杨畈村，驻地设原汀村村。")
    assert found == {"岭后村", "汀村村", "杨畈村"}


def test_a_list_of_kinds_of_villages_names_none() -> None:
    assert find("支持示范村、特色村、农村和乡村发展，建设经济强村。") == set()


def test_streets_in_a_list_are_places() -> None:
    assert {"岚陵街", "汀浦街"} <= find("范围为岚陵街、汀浦街。")


@pytest.mark.parametrize(
    ("text", "name"),
    [("防治长白山林火。", "白山"), ("纳入医保定点机构。", "保定"), ("检查已开封使用的原料。", "开封")],
)
def test_a_short_name_is_no_part_of_another_word(text: str, name: str) -> None:
    assert name not in find(text)


def test_the_start_of_a_document_number_is_no_division() -> None:
    assert "岚房市" not in find("根据通知（岚房市办〔2024〕2号）办理。")


@pytest.mark.parametrize("before", ["邻市", "兄弟市", "我省", "毗邻", "学习", "其中"])
def test_the_word_before_a_division_is_no_part_of_it(before: str) -> None:
    assert "云筱市" in labels(read(reply(f"{before}云筱市去年建成驿站8个。")), Kind.PLACE)


@pytest.mark.parametrize("words", ["我省贫困县", "我市老工业区", "其中一般镇", "邻近港区"])
def test_a_kind_behind_such_a_word_is_no_division(words: str) -> None:
    assert labels(read(reply(f"{words}去年建成驿站8个。")), Kind.PLACE) <= {"霁川市"}


def test_a_list_of_divisions_goes_on_before_a_verb() -> None:
    found = find("在梧垅区、北岸区建成养老床位2000张。")
    assert {"梧垅区", "北岸区"} <= found


def test_a_list_after_a_division_ends_before_other_words() -> None:
    assert not find("在梧垅区、开展试点区建成床位。") & {"开展试点区", "试点区"}


@pytest.mark.parametrize(
    "name", ["芦城市", "岚州市", "霁门市", "墨津市", "岚陵县", "芦林县", "霁山区", "栖湾区", "浣水区"]
)
def test_a_division_whose_last_characters_are_a_word_is_found_before_an_organ(name: str) -> None:
    text = f"经研究，现答复如下：\n一、已新增岗位五百个。\n{name}人力资源和社会保障局\n2025年5月30日\n{name}财政局\n"
    assert (name,) in find_chains(text, compile_patterns(load_lexicon()), segmenter(load_lexicon()))


@pytest.mark.parametrize(
    "text",
    [
        "由城市管理局处置。",
        "，大城市管理局负责。",
        "，老城区管委会答复。",
        "，各园区管委会落实。",
        "，周边县教育局参加。",
        "，特大城市交通运输局、主城区教育局负责。",
        "，对口帮扶县教育局负责。",
        "，把经验报市财政局。",
    ],
)
def test_a_word_before_an_organ_is_no_division(text: str) -> None:
    assert not find_chains(text, compile_patterns(load_lexicon()), segmenter(load_lexicon()))


@pytest.mark.parametrize(
    "text",
    [
        "委员走访白鹭区教育局。",
        "调研组赴白鹭区教育局。",
        "请协同白鹭区教育局办理。",
        "材料函告白鹭区教育局。",
        "先后前往白鹭区教育局对接。",
        "，到白鹭区教育局座谈。",
        "资金由白鹭区教育局拨付。",
        "意见报白鹭区教育局。",
        "征求白鹭区教育局意见。",
        "市局商请白鹭区教育局同意。",
        "指导白鹭区教育局落实。",
        "邀请白鹭区教育局参加。",
        "经白鹭区教育局同意。",
    ],
)
def test_a_division_is_found_after_the_verb_before_it(text: str) -> None:
    assert ("白鹭区",) in find_chains(text, compile_patterns(load_lexicon()), segmenter(load_lexicon()))


@pytest.mark.parametrize(
    "sentence",
    [
        "请周边县教育局、邻近县财政局配合。",
        "由其他市司法局、有关市教育局办理。",
        "大城市管理局、特大城市交通运输局要加强配合。",
        "中小城市水务局、三线城市规划局可以参加。",
        "主城区教育局、中心城区财政局负责。",
        "异地市公安局、兄弟市教育局给予支持。",
    ],
)
def test_organs_of_several_divisions_are_none(sentence: str) -> None:
    x = extract(Source("措施.txt", f"栖桐市支持就业若干措施\n栖桐市人民政府办公室\n第一条　{sentence}\n"))
    assert {entity.label for entity in x.entities if entity.kind is Kind.AGENCY} == {"栖桐市人民政府办公室"}


def test_a_place_that_only_names_of_others_contain_is_that_of_its_agencies() -> None:
    text = (
        "霁川市住房和城乡建设局关于市政协八届二次会议第98号提案的会办意见\n市发展改革委：\n"
        "一、我局设立霁川市绿色建筑发展专项资金，对示范项目给予补助。全市累计建成绿色建筑300万平方米。\n"
        "霁川市住房和城乡建设局\n2024年5月16日\n"
    )
    x = extract(Source("霁川.txt", text))
    places = {entity.id: entity.label for entity in x.entities if entity.kind is Kind.PLACE}
    assert "霁川市" in places.values()
    assert {places.get(r.object) for r in x.relations if r.predicate == "jurisdiction"} == {"霁川市"}
    assert [places.get(f.place or "") for f in x.figures] == ["霁川市"]


@pytest.mark.parametrize("city", ["乌山市", "栖兰木市"])
def test_an_organ_of_another_city_is_not_one_of_ours(city: str) -> None:
    text = (
        f"王五委员：\n您提出的提案（第12号）收悉。经商{city}财政局，现答复如下：\n"
        "一、已开展培训。\n岚汀市教育局\n2024年6月3日\n"
    )
    agencies = {entity.label for entity in extract(Source("答复.txt", text)).entities if entity.kind is Kind.AGENCY}
    assert agencies == {f"{city}财政局", "岚汀市教育局"}


@pytest.mark.parametrize(
    "text",
    [
        "案由：关于清淤的建议\n会议名称：霁川市十届人大二次会议\n主办单位：市水务局\n会办单位：城北区政府\n\n"
        "答复内容：\n市水务局\n已对城北区河道清淤3公里，城北区负责管护。",
        "霁川市水务局\n关于第12号提案的答复\n\n江南委员：\n您提出的《关于清淤的提案》收悉。现答复如下：\n"
        "已会同城北区政府清淤3公里。市水务局将支持城北区管护。",
    ],
)
def test_a_district_of_another_city_by_the_data_does_not_move_the_page_there(text: str) -> None:
    labels = {entity.label for entity in extract(Source("答复.txt", text)).entities}
    assert "霁川市水务局" in labels
    assert not {label for label in labels if "西宁" in label or "青海" in label}


def test_a_district_of_the_data_has_its_city_where_the_page_names_no_other() -> None:
    _, geography = make_page("城北区民政局\n\n江南委员：\n现答复如下：\n市民政局已支持城北区建成食堂2处。")
    assert geography.cities == {"城北区": "西宁市"}
