"""Mentions and their linking, as a reader of the graph relies on them. All places and bodies are invented."""

from __future__ import annotations

import pytest

from extract.model import Kind
from tests.support.reading import labels, read, reply, the


class TestAgencies:
    def test_short_and_full_form_are_one_node(self) -> None:
        x = read(reply("我局会同市发改局、市人社局开展调研。霁川市发展和改革局已出台方案。"))
        assert "霁川市发展和改革局" in labels(x, Kind.AGENCY)
        assert "市发改局" in the(x, "霁川市发展和改革局").aliases
        assert "霁川市人力资源和社会保障局" in labels(x, Kind.AGENCY)

    def test_levels_are_never_merged(self) -> None:
        x = read(reply("我局积极对接省科技厅和国家发展改革委，争取市科技局、区科技局支持。"))
        found = labels(x, Kind.AGENCY)
        assert {"霁川市科学技术局", "国家发展和改革委员会"} <= found
        provincial = [n for n in found if n.endswith("科学技术厅")]
        assert provincial
        assert not {"霁川市科学技术厅"} & found

    def test_a_list_shares_its_prefix(self) -> None:
        x = read(reply("会同市财政局、自然资源局、投促局建立协调机制。"))
        assert {"霁川市财政局", "霁川市自然资源局", "霁川市投资促进局"} <= labels(x, Kind.AGENCY)

    def test_we_mean_the_letter_that_speaks(self) -> None:
        x = read(reply("详情可联系我局知识产权促进科有关同志。"))
        assert "霁川市科学技术局知识产权促进科" in labels(x, Kind.AGENCY)

    @pytest.mark.parametrize("words", ["各有关部门要加强协作", "教育部门应当", "提高企业效益", "城市建设取得成效"])
    def test_general_words_are_no_agency(self, words: str) -> None:
        x = read(reply(f"{words}，持续推进。"))
        assert labels(x, Kind.AGENCY) == {"霁川市科学技术局", "霁川市工业和信息化局"}

    def test_verbs_before_a_level_are_no_place(self) -> None:
        x = read(reply("协调市财政局落实经费，配合市市场监督管理局开展检查。"))
        assert labels(x, Kind.PLACE) <= {"霁川市"}
        assert "霁川市财政局" in labels(x, Kind.AGENCY)
        assert "霁川市市场监督管理局" in labels(x, Kind.AGENCY)


class TestInstruments:
    def test_number_date_and_state(self) -> None:
        x = read(reply("2023年6月，市政府办公室印发《霁川市促进科技创新若干措施》（霁府办〔2023〕12号），成效明显。"))
        it = the(x, "霁川市促进科技创新若干措施")
        assert (it.get_fact("documentNumber"), it.get_fact("issued"), it.get_fact("status")) == (
            "霁府办〔2023〕12号",
            "2023-06",
            "InForce",
        )

    @pytest.mark.parametrize(
        ("words", "state"),
        [
            ("研究制定《霁川市人才公寓管理办法》，明确条件", "Draft"),
            ("抓紧起草《霁川市人才公寓管理办法》", "Draft"),
            ("原《霁川市人才公寓管理办法》同时废止", "Repealed"),
            ("会同市财政局修订《霁川市人才公寓管理办法》", "UnderRevision"),
            ("印发《霁川市人才公寓管理办法》", "InForce"),
        ],
    )
    def test_states(self, words: str, state: str) -> None:
        assert the(read(reply(f"{words}。")), "霁川市人才公寓管理办法").get_fact("status") == state

    def test_brackets_of_a_number_are_made_one(self) -> None:
        x = read(reply("按照《霁川市科技计划管理办法》(霁科发[2022]8号)要求，开展立项。"))
        assert the(x, "霁川市科技计划管理办法").get_fact("documentNumber") == "霁科发〔2022〕8号"

    def test_a_title_without_its_end_swallows_nothing(self) -> None:
        x = read(reply("印发《霁川市停车管理办法，开展检查。\n　　二、出台《霁川市充电设施管理办法》。"))
        assert "霁川市充电设施管理办法" in labels(x, Kind.INSTRUMENT)

    def test_nested_titles_are_one(self) -> None:
        x = read(reply("根据《关于印发〈霁川市数字经济发展规划〉的通知》要求，推进工作。"))
        assert len(labels(x, Kind.INSTRUMENT)) == 1

    def test_reports_and_proposals_are_no_instruments(self) -> None:
        x = read(reply("形成《霁川市产业链调研报告》。"))
        assert labels(x, Kind.REPORT) == {"霁川市产业链调研报告"}
        assert labels(x, Kind.INSTRUMENT) == set()


class TestTiers:
    def test_spellings_are_one_and_levels_two(self) -> None:
        x = read(
            reply("对国家级专精特新“小巨人”企业给予奖励，全市现有小巨人企业20家、省级专精特新中小企业90家、高企300家。")
        )
        found = labels(x, Kind.TIER)
        assert "国家级专精特新“小巨人”企业" in found
        assert "省级专精特新中小企业" in found
        assert "高新技术企业" in found
        assert the(x, "国家级专精特新“小巨人”企业") is the(x, "小巨人企业")
        assert the(x, "省级专精特新中小企业").get_fact("level") == "Provincial"

    def test_a_class_that_somebody_recognises_is_a_tier(self) -> None:
        x = read(reply("对认定为市级链主企业的，给予50万元奖励；评定为霁川市“星火计划”试点企业的，给予10万元奖励。"))
        assert any("星火计划" in name for name in labels(x, Kind.TIER))

    @pytest.mark.parametrize("separator", ["和", "、", "及", "与", "或"])
    def test_members_of_a_list_share_the_last_word_of_the_class_behind_them(self, separator: str) -> None:
        x = read(reply(f"对高新技术{separator}科技型中小企业给予20万元奖励。"))
        assert labels(x, Kind.TIER) == {"高新技术企业", "科技型中小企业"}

    def test_a_noun_that_a_tier_begins_with_is_none(self) -> None:
        x = read(reply("推广高新技术和产业协同的企业经验。"))
        assert labels(x, Kind.TIER) == set()

    def test_a_product_named_after_a_tier_is_none(self) -> None:
        x = read(reply("推出“瞪羚贷”产品。"))
        assert labels(x, Kind.TIER) == set()
        assert "瞪羚贷" in labels(x, Kind.PROGRAM)


class TestProgramsAndPlatforms:
    @pytest.mark.parametrize(
        ("words", "kind", "name"),
        [
            ("实施“青苗”计划", Kind.PROGRAM, "“青苗”计划"),
            ("推出“科创贷”“研发贷”等产品", Kind.PROGRAM, "研发贷"),
            ("设立科技成果转化引导基金", Kind.PROGRAM, "科技成果转化引导基金"),
            ("建立科创企业融资“白名单”", Kind.PROGRAM, "科创企业融资“白名单”"),
            ("依托“霁企通”平台开展服务", Kind.PLATFORM, "霁企通"),
            ("开发“霁停车”小程序", Kind.PLATFORM, "霁停车"),
            ("优化12345政务服务便民热线", Kind.PLATFORM, "12345政务服务便民热线"),
        ],
    )
    def test_names(self, words: str, kind: Kind, name: str) -> None:
        assert the(read(reply(f"我局{words}，成效明显。")), name).kind is kind

    @pytest.mark.parametrize("words", ["搭建平台", "完善机制", "落实财政资金", "推进重大项目建设", "坚持“走出去”"])
    def test_general_words_are_no_names(self, words: str) -> None:
        x = read(reply(f"我局{words}，成效明显。"))
        assert labels(x, Kind.PROGRAM) | labels(x, Kind.PLATFORM) == set()

    def test_a_list_under_one_verb(self) -> None:
        x = read(reply("我局实施知识产权质押融资贴息、专利导航资助、知识产权保险保费补贴等项目。"))
        assert {"知识产权质押融资贴息", "专利导航资助", "知识产权保险保费补贴"} <= labels(x, Kind.PROGRAM)


class TestBodies:
    def test_firms_and_their_short_names(self) -> None:
        x = read(reply("走访了微澜传感科技等8家企业。霁川微澜传感科技股份有限公司反映用地问题。"))
        assert labels(x, Kind.ENTERPRISE) == {"霁川微澜传感科技股份有限公司"}
        assert "微澜传感科技" in the(x, "霁川微澜传感科技股份有限公司").aliases

    def test_parties_take_the_city(self) -> None:
        x = read(
            "民建市委会：\n　　你们提出的《关于发展夜经济的提案》（第12号）收悉，现答复如下：\n"
            "　　一、开展了调研。\n\n霁川市商务局\n2024年5月1日\n"
        )
        assert "民建霁川市委会" in labels(x, Kind.ORGANIZATION)


def test_every_mention_stands_at_its_span() -> None:
    x = read(reply("2023年，市财政局印发《霁川市奖补资金管理办法》（霁财〔2023〕3号），对高企给予5万元奖励。"))
    for entity in x.entities:
        assert entity.spans
        for span in entity.spans:
            assert 0 <= span.begin < span.end <= len(x.source.text)
        for fact in entity.facts:
            assert fact.span.of(x.source.text)


@pytest.mark.parametrize("sentence", ["走访企业、院校和医院，召开座谈会。", "听取行业协会、金融机构意见。"])
def test_general_classes_that_nothing_is_said_of_are_left_out(sentence: str) -> None:
    x = read(reply(sentence))
    assert labels(x, Kind.GROUP) == set()
