"""The own title of an instrument: without notice, date and metadata, joined over lines, also where none is printed."""

from __future__ import annotations

import pytest

from extract.model import Kind, Letter
from extract.structure.letters import split_letters
from ontology.lexicons import load_lexicon

LEX = load_lexicon()
TEXT = "一、加大支持。对企业给予补贴。\n二、优化服务。推行一次办理。\n"


def read(text: str) -> Letter:
    (letter,) = split_letters(text, LEX)
    assert letter.kind is Kind.INSTRUMENT
    return letter


def values(letter: Letter, name: str) -> list[str]:
    return [f.value for f in letter.get_fields(name)]


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("澄溪市商务局关于印发《澄溪市夜市办法》的通知", "澄溪市夜市办法"),
        ("澄溪市商务局印发《关于发展夜市的意见》的通知", "关于发展夜市的意见"),
        ("澄溪市商务局印发〈关于发展夜市的意见〉的通知", "关于发展夜市的意见"),
        ("中共澄溪市委办公室澄溪市人民政府办公室印发《关于发展夜市的意见》", "关于发展夜市的意见"),
        ("澄溪市商务局印发关于发展夜市若干措施的通知", "关于发展夜市若干措施"),
        ("澄溪市商务局关于印发《澄溪市夜市办法》实施细则的通知", "《澄溪市夜市办法》实施细则"),
        ("澄溪市商务局关于发展夜市的实施意见（2026年3月1日）", "澄溪市商务局关于发展夜市的实施意见"),
        ("澄溪市商务局关于印发《澄溪市夜市办法（试行）》的通知（2026 年3 月1 日）", "澄溪市夜市办法（试行）"),
        ("澄溪市商务局关于印发《澄溪市夜市\n发展办法》的通知（2026 年3 月1 \n日）", "澄溪市夜市发展办法"),
        ("澄溪市商务局关于印发澄溪市夜市发展行动\n实施方案的通知", "澄溪市夜市发展行动实施方案"),
        (
            "澄溪市人民政府关于调整优化有关监管措施\n支持夜市发展的通知",
            "澄溪市人民政府关于调整优化有关监管措施支持夜市发展的通知",
        ),
        ("澄溪市夜市发展工作领导小组\n办公室关于做好夜市管理的通知", "关于做好夜市管理的通知"),
    ],
)
def test_the_title_is_that_of_the_text_itself(head: str, title: str) -> None:
    letter = read(f"{head}\n各县（区）人民政府，市政府各部门：\n{TEXT}")
    found = letter.get_value("title") or ""
    assert found == title or found.endswith(title)


def test_the_notice_is_kept_as_another_name() -> None:
    letter = read(f"澄溪市商务局关于印发《澄溪市夜市办法》的通知\n各有关单位：\n{TEXT}")
    assert values(letter, "noticeTitle") == ["澄溪市商务局关于印发《澄溪市夜市办法》的通知"]


def test_the_title_above_the_text_wins_over_the_notice() -> None:
    letter = read(
        "澄溪市商务局印发关于发展夜市若干措施的通知\n各有关单位：\n现印发给你们，请执行。\n澄溪市商务局\n2026年3月1日\n"
        f"关于发展夜市的\n若干措施\n{TEXT}"
    )
    assert letter.get_value("title") == "关于发展夜市的若干措施"
    assert letter.get_value("issued") == "2026-03-01"


def test_an_issuer_in_the_title_gets_its_city() -> None:
    letter = read(f"澄溪市商务局关于印发市商务局2026年服务企业措施的通知\n各有关单位：\n{TEXT}")
    assert letter.get_value("title") == "澄溪市商务局2026年服务企业措施"


def test_a_date_and_a_number_in_brackets_belong_to_the_instrument() -> None:
    letter = read(f"关于发展夜市的意见（2026年3月1日）（澄府发〔2026〕7号）\n各有关单位：\n{TEXT}")
    assert letter.get_value("title") == "关于发展夜市的意见"
    assert (letter.get_value("issued"), letter.get_value("documentNumber")) == ("2026-03-01", "澄府发〔2026〕7号")


def test_years_in_brackets_stay_in_the_title() -> None:
    letter = read(f"澄溪市夜市发展三年行动方案（2026-2028年）\n{TEXT}")
    assert letter.get_value("title") == "澄溪市夜市发展三年行动方案（2026-2028年）"


def test_lines_of_a_database_are_no_title() -> None:
    letter = read(
        "【法宝引证码】 CLI.12.0000001\n原文链接：https://example.org/a/1.html\n时效性：现行有效\n"
        f"澄溪市商务局印发《关于发展夜市的意见》的通知\n澄商发〔2026〕7号\n各有关单位：\n{TEXT}"
    )
    assert letter.get_value("title") == "关于发展夜市的意见"
    assert (letter.get_value("documentNumber"), letter.get_value("status")) == ("澄商发〔2026〕7号", "InForce")


def test_a_page_of_a_single_line() -> None:
    letter = read(
        "澄溪市人民政府办公室关于发展夜市的实施意见澄府办发〔2026〕8号各区县人民政府，市政府各部门：为发展夜市，经市政府同意，"
        "现提出如下意见。一、指导思想坚持市场导向。二、主要任务增加摊位。澄溪市人民政府办公室2026年3月1日（此件有删减）"
    )
    assert letter.get_value("title") == "澄溪市人民政府办公室关于发展夜市的实施意见"
    assert (letter.get_value("documentNumber"), letter.get_value("issued")) == ("澄府办发〔2026〕8号", "2026-03-01")
    assert (values(letter, "issuedBy"), values(letter, "approvedBy")) == (["澄溪市人民政府办公室"], ["市政府"])


def test_a_page_without_title_is_what_it_says_it_prints() -> None:
    letter = read(
        "各镇人民政府：\n《〈夜市发展措施（试行）〉实施细则》已经区管委会2026年第3次办公会审议通过，现印发你们，请遵照执行。\n"
        f"澄溪新区管委会办公室\n2026年3月1日\n《夜市发展措施（试行）》实施细则\n{TEXT}"
    )
    assert letter.get_value("title") == "《夜市发展措施（试行）》实施细则"
    assert values(letter, "approvedBy") == ["区管委会"]


def test_news_is_about_the_instrument_that_it_says_was_published() -> None:
    letter = read(
        "3月1日，澄溪市发布《印发<关于发展夜市的若干措施>的通知》（澄府办发〔2026〕8号），涉及八项内容。本措施自2026年3月1日起执行。\n"
        "增加摊位\n文件要求，新增摊位。在中心城区增加夜市摊位，延长营业时间，简化审批手续。\n"
    )
    assert letter.get_value("title") == "关于发展夜市的若干措施"
    assert (letter.get_value("issued"), letter.get_value("documentNumber")) == ("2026-03-01", "澄府办发〔2026〕8号")


def test_a_page_that_names_nothing_has_no_title() -> None:
    letter = read(f"第一条 本办法所称夜市，是指夜间营业的集市。\n{TEXT}本办法自2026年1月1日起施行。\n")
    assert letter.get_value("title") is None


def test_two_notices_on_a_page_are_two_instruments() -> None:
    first, second = split_letters(
        f"澄溪市商务局关于印发《夜市清单》的通知（2026年3月1日）\n澄商发〔2026〕7号\n各有关单位：\n{TEXT}附件：夜市清单\n"
        f"7. 澄溪市文旅局关于印发《灯会方案》的通知（2026年5月2日）\n各有关单位：\n"
        f"根据《灯会条例》，制定本方案。\n{TEXT}",
        LEX,
    )
    assert (first.get_value("title"), first.get_value("issued")) == ("夜市清单", "2026-03-01")
    assert (second.get_value("title"), second.get_value("issued")) == ("灯会方案", "2026-05-02")
    assert (values(first, "basedOn"), values(second, "basedOn")) == ([], ["灯会条例"])


def test_an_answer_of_an_organ_to_another_without_proposal_is_an_instrument() -> None:
    letter = read(
        "澄溪市人民政府办公室关于同意举办灯会的复函\n澄府办函〔2026〕7号\n市文旅局：\n你局请示收悉。经研究，现函复如下：\n"
        "一、同意举办灯会。\n二、请做好安全工作。\n澄溪市人民政府办公室\n2026年3月1日\n"
    )
    assert letter.get_value("title") == "澄溪市人民政府办公室关于同意举办灯会的复函"
