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

    @pytest.mark.parametrize("words", ["各开发区管委会", "国家高新区管委会", "国家级开发区管委会"])
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
        ],
    )
    def test_a_body_of_several_offices(self, words: str, name: str) -> None:
        assert name in agencies(f"{words}，推进工作。")

    @pytest.mark.parametrize("words", ["领导小组组长由市长担任", "充分发挥工作专班作用", "建立联席会议制度"])
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
