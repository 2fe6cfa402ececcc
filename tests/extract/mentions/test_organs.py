"""Names of organs and places on pages of any kind. Cities, zones and organs of local governments are invented."""

from __future__ import annotations

import pytest

from extract.model import Extraction, Kind
from tests.support.reading import labels, read, reply, the


def agencies(body: str, issuer: str = "霁川市科学技术局") -> set[str]:
    return labels(read(reply(body, issuer=issuer)), Kind.AGENCY)


class TestCentralOrgans:
    @pytest.mark.parametrize(
        ("words", "name"),
        [
            ("国土资源部", "国土资源部"),
            ("国家工商总局", "国家工商行政管理总局"),
            ("劳动保障部", "劳动和社会保障部"),
            ("国务院三峡办", "国务院三峡工程建设委员会办公室"),
            ("中国地震局", "中国地震局"),
            ("中央编办", "中央机构编制委员会办公室"),
            ("银保监会", "中国银行保险监督管理委员会"),
        ],
    )
    def test_organs_of_today_and_of_earlier_years(self, words: str, name: str) -> None:
        assert name in agencies(f"按照{words}的要求，开展检查。")

    def test_a_short_name_that_a_city_may_use_means_its_own_organ(self) -> None:
        found = agencies("会同市国资委、地震局开展检查。")
        assert "霁川市国有资产监督管理委员会" in found
        assert not any(name.startswith(("国务院", "中国地震")) for name in found)

    @pytest.mark.parametrize(
        ("words", "name"),
        [
            ("人行霁川营管部", "中国人民银行霁川营业管理部"),
            ("人民银行霁川市中心支行", "中国人民银行霁川市中心支行"),
            ("霁川银保监局", "中国银行保险监督管理委员会霁川监管局"),
            ("霁川证监局", "中国证券监督管理委员会霁川监管局"),
        ],
    )
    def test_branches_have_the_name_of_their_organ(self, words: str, name: str) -> None:
        assert name in agencies(f"由市财政局、{words}负责。")

    @pytest.mark.parametrize(
        ("words", "name"),
        [
            ("霁川银保监分局", "中国银行保险监督管理委员会霁川监管分局"),
            ("霁川银保监分局岭东监管组", "中国银行保险监督管理委员会霁川监管分局岭东监管组"),
            ("岭东金融监管支局", "国家金融监督管理总局岭东监管支局"),
            ("人行霁川市中支", "中国人民银行霁川市中心支行"),
            ("霁川边检总站", "霁川出入境边防检查总站"),
            ("临汀机场海关", "临汀机场海关"),
            ("市税务局", "国家税务总局霁川市税务局"),
            ("海关总署广东分署", "海关总署广东分署"),
            ("退役军人部", "退役军人事务部"),
            ("教育部体育卫生与艺术教育司", "教育部体育卫生与艺术教育司"),
        ],
    )
    def test_branches_and_units_in_a_list(self, words: str, name: str) -> None:
        assert name in agencies(f"优化服务（责任单位：市财政局、{words}、市商务局）。")

    @pytest.mark.parametrize("words", ["属地海关", "企业注册地海关", "落实海关", "各海关"])
    def test_customs_of_a_kind_are_none(self, words: str) -> None:
        assert not any(name.endswith("海关") for name in agencies(f"优化服务，{words}、税务等部门配合。"))

    def test_a_ministry_s_office_stands_before_the_title(self) -> None:
        found = agencies("按照《民政部办公厅关于做好照料工作的通知》执行。")
        assert "民政部办公厅" in found

    def test_two_ministries_are_no_unit_of_one(self) -> None:
        found = agencies("落实《中国人民银行国家金融监督管理总局关于优化信贷的通知》。")
        assert {"中国人民银行", "国家金融监督管理总局"} <= found


class TestLocalOrgans:
    @pytest.mark.parametrize(
        ("words", "name"),
        [
            ("市教委", "霁川市教育委员会"),
            ("市经济信息委", "霁川市经济和信息化委员会"),
            ("市住房城乡建委", "霁川市住房和城乡建设委员会"),
            ("市政府口岸物流办", "霁川市人民政府口岸和物流办公室"),
            ("市政府国资委", "霁川市人民政府国有资产监督管理委员会"),
            ("市政府外办", "霁川市人民政府外事办公室"),
            ("市工商联", "霁川市工商业联合会"),
            ("市粮食局", "霁川市粮食局"),
            ("市政务办", "霁川市政务服务管理办公室"),
            ("市委直属机关工委", "中共霁川市委直属机关工作委员会"),
            ("市安委办", "霁川市安全生产委员会办公室"),
            ("团市委", "共青团霁川市委员会"),
        ],
    )
    def test_short_names(self, words: str, name: str) -> None:
        assert name in agencies(f"（市农业农村局、{words}和市商务局负责）")

    @pytest.mark.parametrize(
        ("words", "name"),
        [
            ("市法院", "霁川市中级人民法院"),
            ("市中院", "霁川市中级人民法院"),
            ("市检察院", "霁川市人民检察院"),
            ("市交警支队", "霁川市公安局交通警察支队"),
            ("市大数据中心", "霁川市大数据中心"),
            ("市公积金中心", "霁川市住房公积金管理中心"),
            ("市住房公积金中心岭东县管理部", "霁川市住房公积金管理中心岭东县管理部"),
            ("市茶业中心", "霁川市茶业中心"),
            ("市委办", "中共霁川市委办公室"),
            ("市通管办", "霁川市通管办公室"),
            ("市经济合作和外事局", "霁川市经济合作和外事局"),
            ("市政务服务和林业局", "霁川市政务服务和林业局"),
            ("新疆生产建设兵团教育局", "新疆生产建设兵团教育局"),
        ],
    )
    def test_organs_in_notes(self, words: str, name: str) -> None:
        body = f"优化服务（责任单位：市农业农村局、{words}、市商务局）。"
        assert name in agencies(body)

    @pytest.mark.parametrize(
        ("words", "name"),
        [
            ("中共霁川市委员会", "中共霁川市委"),
            ("中国共产党霁川市委员会组织部", "中共霁川市委组织部"),
            ("中共霁川市委员会统一战线工作部", "中共霁川市委统一战线工作部"),
            ("政协霁川市委员会", "中国人民政治协商会议霁川市委员会"),
        ],
    )
    def test_committees_by_their_full_names(self, words: str, name: str) -> None:
        assert name in agencies(f"{words}印发《霁川市青年创业办法》。")

    def test_the_sign_in_a_document_number_is_no_agency(self) -> None:
        found = agencies("2023年，市政府印发《霁川市企业培育办法》（霁府办〔2023〕12号）。")
        assert found == {"霁川市人民政府", "霁川市科学技术局", "霁川市工业和信息化局"}

    @pytest.mark.parametrize(
        "sign", ["市政府办〔2024〕7号", "霁川市教育局〔2024〕7号", "省财政厅（2024）第7号", "市委办[2024]7号"]
    )
    def test_a_sign_with_the_name_of_an_office_is_no_agency(self, sign: str) -> None:
        assert agencies(f"根据{sign}文件办理。") == {"霁川市科学技术局", "霁川市工业和信息化局"}

    @pytest.mark.parametrize("words", ["市文化活动中心", "市知识产权保护中心", "市会展中心"])
    def test_centres_that_are_no_offices(self, words: str) -> None:
        assert "霁川" + words not in agencies(f"优化服务（责任单位：市农业农村局、{words}、市商务局）。")

    @pytest.mark.parametrize("words", ["全市法院系统", "有关区人民政府", "各级检察院"])
    def test_organs_of_a_kind_are_none(self, words: str) -> None:
        assert agencies(f"由{words}配合。") == {"霁川市科学技术局", "霁川市工业和信息化局"}

    def test_governments_share_their_ending(self) -> None:
        found = agencies("由溪川市、云岭县、岭东县人民政府负责。")
        assert {"溪川市人民政府", "云岭县人民政府", "岭东县人民政府"} <= found

    def test_a_bracket_before_a_level_is_no_list_of_levels(self) -> None:
        found = agencies("（责任单位：市发展改革委（能源局）、市住房城乡建设局）")
        assert "霁川市住房和城乡建设局" in found

    @pytest.mark.parametrize("width", [30, 31, 34, 35, 36])
    def test_a_name_goes_on_over_a_line_break(self, width: int) -> None:
        text = "霁川市、沧州市各有关单位要加强组织领导，明确责任分工，细化工作措施。" * 4
        text += "由市发展改革委、市大数据局、市住房城乡建设局、沧州海关、沧州市财政局、市经济合作和外事局负责落实。"
        names = {"霁川市大数据局", "霁川市住房和城乡建设局", "霁川市经济合作和外事局", "沧州海关", "沧州市财政局"}
        assert names <= agencies("\n".join(text[k : k + width] for k in range(0, len(text), width)))

    @pytest.mark.parametrize("words", ["市低空经济局", "市海岛建设局", "市算力调度局"])
    def test_an_organ_of_a_field_that_no_list_has(self, words: str) -> None:
        assert "霁川" + words in agencies(f"（责任单位：市财政局、{words}、市商务局）")

    def test_organs_that_share_an_ending(self) -> None:
        assert {"霁川市发展和改革局", "霁川市财政局", "霁川市人力资源和社会保障局"} <= agencies(
            "由市发改、财政、人社局负责。"
        )

    def test_levels_in_a_list_name_no_organ(self) -> None:
        found = agencies("请各市、州、县人民政府，各县（市）、区财政局，各省、自治区、直辖市人民政府落实。")
        assert found == {"霁川市科学技术局", "霁川市工业和信息化局"}

    @pytest.mark.parametrize("before", ["并报", "经", "第四条", "请径向"])
    def test_a_name_begins_after_the_words_before_it(self, before: str) -> None:
        x = read(reply(f"{before}市财政局审核。"))
        assert "霁川市财政局" in labels(x, Kind.AGENCY)
        assert labels(x, Kind.PLACE) <= {"霁川市"}

    def test_units_in_a_list_belong_to_the_issuer(self) -> None:
        found = agencies("优化流程。（责任处室：法规处、基础处、执法局）")
        assert {"霁川市科学技术局法规处", "霁川市科学技术局基础处", "霁川市科学技术局执法局"} <= found

    def test_units_stand_in_notes_of_who_is_in_charge(self) -> None:
        found = agencies(
            "简化手续。（办公室牵头，局法规处、成果转化与区域创新处、信息中心按职责分工负责）"
            "并联审批。（评估处负责）优化流程。（基础处、\n市商务局配合）完善系统。（数据中心负责）"
        )
        units = {"办公室", "法规处", "成果转化与区域创新处", "信息中心", "评估处", "基础处", "数据中心"}
        assert {"霁川市科学技术局" + unit for unit in units} | {"霁川市商务局"} <= found

    @pytest.mark.parametrize("note", ["各相关处室负责", "有审批职能的处室配合", "局机关各处室、直属单位按职责负责"])
    def test_units_of_a_kind_stand_in_no_note(self, note: str) -> None:
        assert agencies(f"简化手续。（{note}）") == {"霁川市科学技术局", "霁川市工业和信息化局"}

    def test_a_unit_after_the_bureau_s_level(self) -> None:
        assert "霁川市科学技术局法规处" in agencies("有关情况报市局法规处，由其汇总。")

    def test_units_of_a_kind_are_no_names(self) -> None:
        assert agencies("优化流程。（责任处室：相关业务处）") == {"霁川市科学技术局", "霁川市工业和信息化局"}


class TestZones:
    PAGE = "（区住房建设局、区党群工作部、区低空经济局负责）"

    def test_the_district_of_a_zone_is_the_zone(self) -> None:
        found = agencies(self.PAGE, "霁川南汀新区管理委员会")
        assert {"霁川南汀新区党群工作部", "霁川南汀新区低空经济局"} <= found

    def test_each_zone_of_a_list_has_its_administration(self) -> None:
        found = agencies("由南汀示范区、北汀经开区管委会落实。")
        assert {"南汀示范区管理委员会", "北汀经开区管理委员会"} <= found

    @pytest.mark.parametrize(
        ("words", "name"),
        [
            ("云岭港区管委会", "云岭港区管理委员会"),
            ("市临汀风景名胜区管委会", "霁川市临汀风景名胜区管理委员会"),
            ("市行政服务中心管委会", "霁川市行政服务中心管理委员会"),
            ("霁川国际陆港管委会", "霁川国际陆港管理委员会"),
            ("南汀新区霁川管委会", "南汀新区霁川管理委员会"),
        ],
    )
    def test_areas_of_many_kinds(self, words: str, name: str) -> None:
        assert name in agencies(f"由市财政局、{words}落实。")

    def test_all_areas_of_a_list(self) -> None:
        found = agencies("由云岭示范区、临汀旅游度假区、北汀港区管委会落实。")
        assert {"云岭示范区管理委员会", "临汀旅游度假区管理委员会", "北汀港区管理委员会"} <= found

    def test_an_organ_of_an_economic_zone(self) -> None:
        assert "云岭经济开发区社会发展局" in agencies("由市司法局、云岭经济开发区社会发展局落实。")

    @pytest.mark.parametrize(
        "words", ["各开发区管委会", "国家高新区管委会", "国家级开发区管委会", "将方案送达产业园区管委会"]
    )
    def test_zones_of_a_kind_have_none(self, words: str) -> None:
        assert agencies(f"请{words}落实。") == {"霁川市科学技术局", "霁川市工业和信息化局"}


class TestBoards:
    @pytest.mark.parametrize(
        ("words", "name"),
        [
            ("贯彻落实霁川市法治建设领导小组办公室的要求", "霁川市法治建设领导小组办公室"),
            ("发挥市大数据推进小组作用", "霁川市大数据推进小组"),
            ("依托市政务服务事项“一网办成”工作专班", "霁川市政务服务事项“一网办成”工作专班"),
            ("养老服务部际联席会议要发挥作用", "养老服务部际联席会议"),
            ("进一步强化市优化营商环境工作领导小组办公室职能", "霁川市优化营商环境工作领导小组办公室"),
            ("依托市12345热线领导小组", "霁川市12345热线领导小组"),
            ("报市局优化服务领导小组办公室", "霁川市科学技术局优化服务领导小组办公室"),
            ("由市公平竞争审查联席会议成员单位负责", "霁川市公平竞争审查联席会议"),
            ("由市重大项目工作组负责", "霁川市重大项目工作组"),
        ],
    )
    def test_a_body_of_several_offices(self, words: str, name: str) -> None:
        assert name in agencies(f"{words}，推进工作。")

    def test_an_organ_before_the_verb_is_no_part_of_it(self) -> None:
        found = agencies("市政府加强食品安全领导小组建设。")
        assert "霁川市人民政府" in found and not any("加强" in name for name in found)

    @pytest.mark.parametrize(
        "words",
        [
            "领导小组组长由市长担任",
            "（以下简称领导小组办公室）",
            "设立项目工作组",
            "充分发挥工作专班作用",
            "建立联席会议制度",
        ],
    )
    def test_words_about_such_bodies_name_none(self, words: str) -> None:
        assert agencies(f"{words}，推进工作。") == {"霁川市科学技术局", "霁川市工业和信息化局"}


class TestCounties:
    def page(self, body: str, issuer: str) -> Extraction:
        return read(reply(body, issuer=issuer, to="县工业和信息化局"))

    def test_a_county_is_known_without_an_organ_beside_it(self) -> None:
        assert "黎川县" in labels(read(reply("赴黎川县和资溪县学习经验。")), Kind.PLACE)

    def test_a_county_without_its_city_keeps_its_own_name(self) -> None:
        x = self.page("由县财政局负责，请省财政厅支持。", "黎川县科学技术局")
        assert {"黎川县财政局", "江西省财政厅"} <= labels(x, Kind.AGENCY)

    def test_a_city_below_a_city_is_its_own(self) -> None:
        x = read(reply("由市政府办公室负责。", issuer="乐平市科学技术局"))
        assert "乐平市人民政府办公室" in labels(x, Kind.AGENCY)

    @pytest.mark.parametrize("words", ["云南山区群众", "推广助农集市", "在今年县域经济工作中", "无需跨市办理"])
    def test_other_words_are_no_places(self, words: str) -> None:
        found = labels(read(reply(f"{words}，成效明显。")), Kind.PLACE)
        assert found <= {"霁川市", "云南省"}

    def test_a_verb_is_no_county(self) -> None:
        x = read(reply("由市财政局会同县财政局负责。"))
        assert "会同县" not in labels(x, Kind.PLACE)


class TestPeople:
    def test_leaders_are_named_with_their_title(self) -> None:
        assert "周砚秋" in labels(read(reply("在周砚秋总理考察时提出。")), Kind.PERSON)
        assert "周砚秋" in labels(read(reply("报请国家主席周砚秋签署。")), Kind.PERSON)

    @pytest.mark.parametrize(
        ("words", "names"),
        [
            (
                "组 长：周 砚 市委常委、副市长副组长：郑向禾 市财政局局长吴 棠 市水利局副局长",
                {"周砚", "郑向禾", "吴棠"},
            ),
            ("周砚秋（霁川市民政局）\n吴  棠（云岭乡人民政府）", {"周砚秋", "吴棠"}),
            ("成员：周砚秋、吴棠、郑向禾", {"周砚秋", "吴棠", "郑向禾"}),
            ("联系人：市局法规处周砚秋138****0000 吴棠139****0000", {"周砚秋", "吴棠"}),
            ("流通发展管理处  周砚秋 吴棠\n电话：0000-0000000", {"周砚秋", "吴棠"}),
            ("郑向禾、周砚秋等2位委员的意见已采纳", {"郑向禾", "周砚秋"}),
            ("授予周砚秋院士、吴棠禾院士科学技术奖", {"周砚秋", "吴棠禾"}),
            ("授予珍·约翰·史密斯教授奖章", {"珍·约翰·史密斯"}),
        ],
    )
    def test_people_in_lists(self, words: str, names: set[str]) -> None:
        assert labels(read(reply(f"有关情况如下。\n{words}\n请知悉。")), Kind.PERSON) == names

    @pytest.mark.parametrize(
        "words",
        [
            "成员：高校、企业",
            "联系人：李主任，电话0000",
            "云岭山（溪川市境内）\n白云湖（霁川市境内）",
            "国家主席令第5号",
            "总书记和党中央",
        ],
    )
    def test_lists_that_name_nobody(self, words: str) -> None:
        assert labels(read(reply(f"有关情况如下。\n{words}\n请知悉。")), Kind.PERSON) == set()

    @pytest.mark.parametrize("words", ["时任市长多次调研", "和谭代表沟通", "公众代表参加", "党组书记参加"])
    def test_words_before_a_title_that_are_no_names(self, words: str) -> None:
        assert labels(read(reply(f"{words}，成效明显。")), Kind.PERSON) == set()


class TestFirms:
    def test_a_firm_of_a_division_has_its_name(self) -> None:
        x = read(reply("（市财政局、市联合征信有限公司、市交通建设集团有限公司、汀发集团等负责）"))
        assert labels(x, Kind.ENTERPRISE) == {"霁川市联合征信有限公司", "霁川市交通建设集团有限公司", "汀发集团"}
        assert "市联合征信有限公司" in the(x, "霁川市联合征信有限公司").aliases


class TestTitles:
    @pytest.mark.parametrize("title", ["商品房买卖合同", "购房补贴申请表", "成交确认书", "参展企业明细表", "居住证"])
    def test_forms_and_contracts_are_no_instruments(self, title: str) -> None:
        assert labels(read(reply(f"签订《{title}》后申请。")), Kind.INSTRUMENT) == set()

    def test_a_title_without_marks_ends_at_its_ending(self) -> None:
        x = read(reply("正在编制霁川河流域治理规划，制定安全生产轻微违法免罚清单。"))
        assert {"霁川河流域治理规划", "安全生产轻微违法免罚清单"} <= labels(x, Kind.INSTRUMENT)

    @pytest.mark.parametrize("words", ["及时修订完善办事指南", "制定相关办法", "出台了一系列措施办法"])
    def test_documents_of_a_kind_are_no_titles(self, words: str) -> None:
        assert labels(read(reply(f"{words}，方便群众。")), Kind.INSTRUMENT) == set()


def test_a_short_name_does_not_begin_inside_a_word() -> None:
    assert not {name for name in agencies("实行集中办公、集中办理。") if "中央" in name}
    assert "中共中央办公厅" in agencies("贯彻中办、国办印发的意见。")
