"""Names of bodies, firms and tiers on pages whose lines are broken anywhere. All places and bodies are invented."""

from __future__ import annotations

import pytest

from extract.model import Kind
from tests.support.reading import labels, read, reply


def find(body: str, kind: Kind) -> set[str]:
    return labels(read(reply(body)), kind)


WRAPPED = "".join(f"各有关单位要加强组织领导，明确责任分工，细化工作措施，确保{w}\n工作落实。" for w in "一二三四")
"""Text of a page whose lines are broken at a width."""


class TestBrokenLines:
    def test_a_firm_s_name_goes_on_over_the_break(self) -> None:
        body = f"{WRAPPED}加快项目建设（配合单位：市公安局、市交通运输局、霁川临汀投\n资集团有限公司、市水务局）。"
        assert find(body, Kind.ENTERPRISE) == {"霁川临汀投资集团有限公司"}

    def test_a_branch_of_the_central_bank_is_one_agency(self) -> None:
        body = (
            f"{WRAPPED}加大信贷支持（责任单位：市财政局、市交通运输局、中国人民银行\n"
            "霁川分行、市教育局、市民政局、市司法局、市水利局、人行霁川市中心\n支行）。"
        )
        found = find(body, Kind.AGENCY)
        assert {"中国人民银行霁川分行", "中国人民银行霁川市中心支行"} <= found
        assert not find(body, Kind.ORGANIZATION)

    def test_no_name_begins_inside_a_word(self) -> None:
        body = "支持霁川临汀投\n资集团有限公司建设项目。"
        assert "资集团有限公司" not in find(body, Kind.ENTERPRISE)

    def test_a_mechanism_of_the_state_council_has_its_whole_name(self) -> None:
        body = "按照国务院应对重大疫情联防联控机制的部署，开展工作。"
        assert "国务院应对重大疫情联防联控机制" in find(body, Kind.AGENCY)


class TestBanks:
    @pytest.mark.parametrize("name", ["国开行霁川市分行", "工行霁川分行", "建行霁川市分行", "中国银行霁川分行"])
    def test_a_branch_has_its_bank_s_name(self, name: str) -> None:
        assert find(f"会同{name}开展工作。", Kind.ORGANIZATION) == {name}

    @pytest.mark.parametrize("words", ["当地分行", "各一级分行", "辖内各分行"])
    def test_branches_of_a_kind_are_none(self, words: str) -> None:
        assert find(f"与中国银行{words}密切合作。", Kind.ORGANIZATION) <= {"中国银行"}


@pytest.mark.parametrize(
    ("words", "found"),
    [("全市公共图书馆", set()), ("霁川市公共图书馆", set()), ("霁川市图书馆", {"霁川市图书馆"})],
)
def test_a_kind_of_institution_is_no_body(words: str, found: set[str]) -> None:
    assert find(f"{words}免费开放。", Kind.ORGANIZATION) == found


class TestFirms:
    @pytest.mark.parametrize(
        ("words", "name"),
        [
            ("市水务集团", "霁川市水务集团"),
            ("市市政公用集团", "霁川市市政公用集团"),
            ("市政建设集团", "市政建设集团"),
            ("市供电公司", "霁川市供电公司"),
            ("国网霁川供电公司", "国网霁川供电公司"),
            ("霁川华润燃气公司", "霁川华润燃气公司"),
        ],
    )
    def test_firms_in_lists_of_leads(self, words: str, name: str) -> None:
        assert find(f"优化服务（责任单位：市住建局、{words}、市财政局）。", Kind.ENTERPRISE) == {name}

    @pytest.mark.parametrize(
        ("words", "name"),
        [
            ("（市财政局牵头，市水投集团负责）", "霁川市水投集团"),
            ("（市住建局、云水集团按职责分工负责）", "云水集团"),
            ("发至市直各单位，霁川水务集团：", "霁川水务集团"),
            ("和中国云岭集团、市商务局配合", "中国云岭集团"),
            ("（市财政局、中国云信霁川分公司负责）", "中国云信霁川分公司"),
            ("（市财政局、霁川供电局）", "霁川供电局"),
            ("（市财政局、国铁霁川局集团）", "中国铁路霁川局集团有限公司"),
        ],
    )
    def test_groups_branches_and_utilities(self, words: str, name: str) -> None:
        assert find(f"优化服务{words}。", Kind.ENTERPRISE) == {name}

    @pytest.mark.parametrize(
        "words",
        ["，形成集团、联盟", "，大型集团、商会", "，市政府组建城市运营公司，", "、各子公司、"],
    )
    def test_words_before_a_form_that_are_no_name(self, words: str) -> None:
        assert not find(f"优化服务{words}推进工作。", Kind.ENTERPRISE)

    @pytest.mark.parametrize("words", ["市属国有公司", "市级平台公司", "各融资担保公司"])
    def test_firms_of_a_kind_are_none(self, words: str) -> None:
        assert not find(f"优化服务（责任单位：市住建局、{words}、市财政局）。", Kind.ENTERPRISE)

    def test_a_group_with_a_level_after_a_comma(self) -> None:
        found = find("优化服务（市住建局牵头，市港航集团、市属文旅集团、市财政局配合）。", Kind.ENTERPRISE)
        assert found == {"霁川市港航集团"}

    def test_a_clause_before_the_name_is_no_part_of_it(self) -> None:
        found = find("经研究，市政府决定命名海棠有机农业霁川有限公司为示范。", Kind.ENTERPRISE)
        assert found == {"海棠有机农业霁川有限公司"}
        assert not find("区分房地产集团公司风险和项目公司风险。", Kind.ENTERPRISE)


class TestTiers:
    @pytest.mark.parametrize(
        "words", ["认定登记的居民企业可享受优惠", "对获得认定的民营企业给予奖励", "获评营商环境“单项冠军”"]
    )
    def test_what_nobody_recognises_is_no_tier(self, words: str) -> None:
        assert not find(f"{words}。", Kind.TIER)

    def test_a_quoted_honour_of_firms_is_their_scheme(self) -> None:
        assert find("培育制造业“单项冠军”企业。", Kind.TIER) == {"制造业单项冠军企业"}

    @pytest.mark.parametrize("verb", ["命名海棠公司为", "海棠公司名列", "海棠公司获评"])
    def test_a_class_that_a_place_recognises(self, verb: str) -> None:
        x = read(reply(f"经研究，{verb}霁川市农业龙头企业。"))
        assert labels(x, Kind.TIER) == {"霁川市农业龙头企业"}


def test_a_zone_in_a_title_begins_after_the_verb() -> None:
    text = (
        "关于促进霁川南汀新区房地产市场发展措施的通知\n\n　　近日，区住房和城乡建设局发布措施。\n　　一、支持购房。\n"
    )
    assert not any(name.startswith("关于") for name in labels(read(text), Kind.AGENCY))


class TestOrganizations:
    @pytest.mark.parametrize("name", ["世界银行", "中国（霁川）知识产权保护中心", "霁川日报社"])
    def test_names_that_need_no_score(self, name: str) -> None:
        assert name in find(f"依托{name}开展评估，霁川市成效明显。", Kind.ORGANIZATION)

    def test_a_word_that_joins_bodies_may_belong_to_a_name(self) -> None:
        assert "霁川联合产权交易所" in find("由霁川市财政局、霁川联合产权交易所办理。", Kind.ORGANIZATION)

    @pytest.mark.parametrize("words", ["霁川地区三级公立医院", "霁川分行", "市局机场"])
    def test_bodies_of_a_kind_are_none(self, words: str) -> None:
        assert not find(f"由{words}配合霁川市财政局办理。", Kind.ORGANIZATION)


@pytest.mark.parametrize("words", ["成立由局长任组长的专班", "成立以县长为组长的小组", "召开由市长主持的会议"])
def test_a_verb_and_its_preposition_are_no_person(words: str) -> None:
    assert not find(f"{words}。", Kind.PERSON)


class TestOtherParties:
    """A committee of another party is no organ of the Communist Party, also in a place that the page does not name."""

    def test_a_place_that_is_not_known(self) -> None:
        page = "关于养老的提案\n\n提案人：民盟青麓市委\n\n建议发展养老服务。\n"
        assert labels(read(page), Kind.ORGANIZATION) == {"民盟青麓市委"}
        assert not labels(read(page), Kind.AGENCY)

    def test_the_committee_after_a_league(self) -> None:
        assert "中共霁川市委" in find("市工商联和市委高度重视。", Kind.AGENCY)


@pytest.mark.parametrize("words", ["现对郭晓东代表提出的建议答复如下", "就郭晓东代表提出的建议答复如下"])
def test_a_person_begins_after_the_word_for_the_subject(words: str) -> None:
    body = f"市城管局：\n{words}：\n一、已建成充电桩52个。\n"
    page = f"霁川市商务局关于第33号建议的会办意见\n\n{body}霁川市商务局\n2025年4月9日\n"
    assert labels(read(page), Kind.PERSON) == {"郭晓东"}
