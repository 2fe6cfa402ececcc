"""What an instrument says of its making: on which instruments it is based, who approved it and who issued it."""

from __future__ import annotations

import pytest

from extract.structure.letters import split_letters
from ontology.lexicons import load_lexicon

LEX = load_lexicon()


def read(opening: str, name: str, head: str = "澄溪市夜市发展办法") -> list[str]:
    text = f"{head}\n{opening}\n一、加大支持。对企业给予补贴。\n二、优化服务。推行一次办理。\n"
    (letter,) = split_letters(text, LEX)
    return [f.value for f in letter.get_fields(name)]


@pytest.mark.parametrize(
    ("opening", "titles"),
    [
        ("根据《甲省夜市条例》《乙市摊位办法》等，结合我市实际，制定本办法。", ["甲省夜市条例", "乙市摊位办法"]),
        (
            "为贯彻落实《甲省夜市条例》（甲府发〔2025〕1号）、《省政府关于印发夜市措施的通知》（甲府规〔2025〕2号），更大力度发展夜市，"
            "特制定如下措施。",
            ["甲省夜市条例", "省政府关于印发夜市措施的通知"],
        ),
        (
            "根据《甲省夜市条例》及其实施细则、《乙市摊位办法》等法律法规，以及《夜市规划》（甲政〔2025〕3号）和省政府《夜市意见》，"
            "制定本办法。",
            ["甲省夜市条例", "乙市摊位办法", "夜市规划", "夜市意见"],
        ),
        ("根据《甲省夜市条例》和需要制定《乙市摊位办法》，制定本办法。", ["甲省夜市条例"]),
        ("根据省商务厅等3部门《关于夜市的意见》，经市政府同意，现提出如下意见。", ["关于夜市的意见"]),
        (
            "为落实《夜市措施》（澄商〔2025〕1号）精神，结合新区办公室《关于印发〈夜市计划〉的通知》（澄办〔2025〕2号）要求，特制定细则如下。",
            ["夜市措施", "关于印发〈夜市计划〉的通知"],
        ),
        (
            "为贯彻《甲省夜市\n条例》\n和\n《乙市摊位办法》要求，结合我系统实际，制定了本办法。",
            ["甲省夜市条例", "乙市摊位办法"],
        ),
        ("参照《乙市摊位办法》（乙府办〔2025〕7号）文件精神，结合我区实际，现制定有关措施如下。", ["乙市摊位办法"]),
        ("各区应当按照《摊位规范》设置摊位。", []),
        ("各区可以参照《摊位规范》设置摊位。", []),
        ("《澄溪市夜市发展办法》已经市政府同意，现印发给你们，结合实际贯彻执行。", []),
    ],
)
def test_the_instruments_on_which_it_is_based(opening: str, titles: list[str]) -> None:
    assert read(opening, "basedOn") == titles


@pytest.mark.parametrize(
    ("opening", "organs"),
    [
        ("为发展夜市，经省人民政府同意，现提出如下意见。", ["省人民政府"]),
        ("《澄溪市夜市发展办法》已经市委、市政府同意，现印发给你们。", ["市委", "市政府"]),
        ("《澄溪市夜市发展办法》已经市人民政府第12次常务会议审议通过，现印发给你们。", ["市人民政府"]),
        ("《澄溪市夜市发展办法》已经市商务局2026 年3月1日第6 次局长办公会审议通过，现印发给你们。", ["市商务局"]),
        ("为发展夜市，经党中央、国务院同意，现提出如下意见。", ["党中央", "国务院"]),
        ("为发展夜市，经区委和区政府同意，现印发你们。", ["区委", "区政府"]),
        ("《澄溪市夜市发展办法》已经省发展和改革委员会批准，现印发你们。", ["省发展和改革委员会"]),
        ("为发展夜市，制定本办法。摊位经市商务局同意后可以转让。", []),
        ("为发展夜市，制定本办法。", []),
    ],
)
def test_who_approved_it(opening: str, organs: list[str]) -> None:
    assert read(opening, "approvedBy") == organs


@pytest.mark.parametrize(
    ("signature", "organs"),
    [
        ("澄溪市商务局 澄溪市文化旅游局", ["澄溪市商务局", "澄溪市文化旅游局"]),
        ("澄溪市商务局澄溪市文化旅游局", ["澄溪市商务局", "澄溪市文化旅游局"]),
        ("中共澄溪市委澄溪市人民政府", ["中共澄溪市委", "澄溪市人民政府"]),
        ("澄溪市财政局国家税务总局澄溪市税务局", ["澄溪市财政局", "国家税务总局澄溪市税务局"]),
        ("中共澄溪市委宣传部", ["中共澄溪市委宣传部"]),
    ],
)
def test_issuers_of_a_signature_with_and_without_gap(signature: str, organs: list[str]) -> None:
    text = (
        f"关于发展夜市的通知\n各有关单位：\n一、加大支持。对企业给予补贴。\n二、优化服务。\n{signature}\n2026年3月1日\n"
    )
    (letter,) = split_letters(text, LEX)
    assert [f.value for f in letter.get_fields("issuedBy")] == organs


def test_an_issuer_whose_name_goes_over_two_lines() -> None:
    text = (
        "澄溪市应对突发灾害\n工作领导小组关于做好夜市安全\n工作的通知\n各有关单位：\n一、加强检查。\n二、排除隐患。\n"
        "澄溪市应对突发灾害\n工作领导小组\n2026年3月1日\n"
    )
    (letter,) = split_letters(text, LEX)
    assert [f.value for f in letter.get_fields("issuedBy")] == ["澄溪市应对突发灾害工作领导小组"]


def test_joint_issuers_stand_above_and_one_of_them_signs() -> None:
    text = (
        "澄溪市夜市发展办法\n澄溪市商务局 中共澄溪市委统战部\n本办法已经市委、市政府同意。\n"
        "澄溪市商务局\n2026年3月1日\n第一条 为发展夜市，制定本办法。\n"
    )
    (letter,) = split_letters(text, LEX)
    assert [f.value for f in letter.get_fields("issuedBy")] == ["澄溪市商务局", "中共澄溪市委统战部"]


@pytest.mark.parametrize(
    ("number", "state"),
    [("澄商发〔2026〕7号\n", "InForce"), ("", None), ("（征求意见稿）\n澄商发〔2026〕7号\n", "Draft")],
)
def test_an_instrument_with_a_number_has_been_issued(number: str, state: str | None) -> None:
    (letter,) = split_letters(f"关于发展夜市的意见\n{number}为发展夜市，增加摊位。\n一、增加摊位。\n", LEX)
    assert letter.get_value("status") == state


@pytest.mark.parametrize(("words", "state"), [("现行有效", "InForce"), ("已失效", "Repealed"), ("不详", None)])
def test_the_header_states_whether_it_is_in_force(words: str, state: str | None) -> None:
    (letter,) = split_letters(f"时效性：{words}\n关于发展夜市的意见\n为发展夜市，增加摊位。\n一、增加摊位。\n", LEX)
    assert letter.get_value("status") == state


@pytest.mark.parametrize(
    ("words", "organs"),
    [
        ("澄海省商务厅溪川海关", ["澄海省商务厅", "溪川海关"]),
        ("澄溪市商务局临汀市商务局", ["澄溪市商务局", "临汀市商务局"]),
        ("国家外汇管理局澄海省分局", ["国家外汇管理局澄海省分局"]),
        ("国家税务总局澄溪市税务局", ["国家税务总局澄溪市税务局"]),
    ],
)
def test_issuers_in_a_title_without_a_gap(words: str, organs: list[str]) -> None:
    opening = "为优化口岸环境，特制定以下措施："
    assert read(opening, "issuedBy", f"{words}关于促进外贸若干措施的公告") == organs
