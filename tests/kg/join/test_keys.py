"""Keys by which letters of different files meet: what is one key, and what is none."""

from __future__ import annotations

import pytest

from kg.join.keys import (
    are_nearly_equal,
    find_body,
    is_distinctive_title,
    is_long_number,
    map_title_key,
    measure_similarity,
    normalize_number,
    normalize_title,
    parse_file_name,
    parse_session,
)


@pytest.mark.parametrize(
    ("printed", "number"), [("第0368号", "368"), ("20240015", "20240015"), ("第１２号", "12"), ("无编号", "")]
)
def test_numbers(printed: str, number: str) -> None:
    assert normalize_number(printed) == number


def test_a_long_number_needs_no_session() -> None:
    assert is_long_number("20240015") and not is_long_number("368")


def test_titles_meet_without_their_frame_and_print() -> None:
    one = normalize_title("关于扶持“专精特新”企业的提案")
    assert one == normalize_title("关于扶持专精特新企业的建议") == normalize_title("扶持专精特新\n企业")
    assert is_distinctive_title(normalize_title("关于加快培育霁川市专精特新企业的提案"))
    assert not is_distinctive_title(normalize_title("关于停车的提案"))


def test_a_title_key_leads_back_to_the_text() -> None:
    text = "关于“停车”的 提案"
    key, positions = map_title_key(text, len(text))
    assert [text[i] for i in positions] == list(key)


@pytest.mark.parametrize(
    ("one", "other", "nearly"),
    [
        ("加快培育霁川市专精特新企业", "加快培育霁川市专精特新企业", True),
        ("加快培育霁川市专精特新中小企业发展", "加快培育霁川市专精特新中小企业发展壮大", True),
        ("建设第一批老年食堂试点项目", "建设第二批老年食堂试点项目", False),
        ("加快培育霁川市专精特新企业", "推进霁川市老旧小区停车改造", False),
    ],
)
def test_titles_that_nearly_agree(one: str, other: str, nearly: bool) -> None:
    assert are_nearly_equal(one, other) == are_nearly_equal(other, one) == nearly
    assert measure_similarity(one, other) == measure_similarity(other, one)


def test_a_session_is_its_body_term_and_meeting() -> None:
    one = parse_session("市政协六届三次会议")
    assert one is not None and (one.term, one.meeting) == (6, 3)
    assert one == parse_session("霁川市政协第六届第三次全会")
    assert one != parse_session("市政协六届二次会议") and one != parse_session("省政协六届三次会议")
    assert parse_session("年度会议") is None


def test_the_body_that_numbers_a_proposal() -> None:
    bodies = {find_body("市政协六届三次会议第12号提案"), find_body("市人大六届三次会议第12号建议")}
    assert len(bodies) == 2 and "" not in bodies
    assert find_body("第12号") == ""


@pytest.mark.parametrize(
    ("source", "key", "is_reply"),
    [("2024/20240015.txt", "20240015", False), ("答复/20240015答复.docx", "20240015", True)],
)
def test_the_name_of_a_file_says_whose_letter_it_has(source: str, key: str, is_reply: bool) -> None:
    found = parse_file_name(source)
    assert (found.key, bool(found.role)) == (key, is_reply)
