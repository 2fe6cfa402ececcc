"""Several instruments on one page, and what is no part of any: tables of contents."""

from __future__ import annotations

import pytest

from extract.model import Letter
from extract.structure.letters import split_letters
from ontology.lexicons import load_lexicon

LEX = load_lexicon()
FIRST, SECOND = (
    ("澄溪市", "澄溪市夜市发展措施", "澄府办〔2024〕3号"),
    ("霁川市", "霁川市摊位管理办法", "霁府办〔2024〕8号"),
)


def notice(mark: str, city: str, title: str, number: str, *lines: str) -> str:
    head = [f"{mark}{city}人民政府办公室关于印发{title}的通知", *([number] if number else []), *lines]
    text = [f"　　《{title}》已经市政府同意，现印发给你们，请认真贯彻执行。", *SIGNED[city], title,
            "　　一、加大支持。对摊主给予最高20万元补贴。", "　　二、优化服务。推行一次办理。"]  # fmt: skip
    return "\n".join([*head, *text]) + "\n"


SIGNED = {"澄溪市": ["澄溪市人民政府办公室", "2024年3月5日"], "霁川市": ["霁川市人民政府办公室", "2024年4月6日"]}
CALL = "各区人民政府，市政府各部门："


def read(text: str) -> list[tuple[str | None, str | None, list[str], str | None]]:
    def describe(letter: Letter) -> tuple[str | None, str | None, list[str], str | None]:
        issuers = [field.value for field in letter.get_fields("issuedBy")]
        return letter.get_value("title"), letter.get_value("documentNumber"), issuers, letter.get_value("issued")

    return [describe(letter) for letter in split_letters(text, LEX)]


@pytest.mark.parametrize(
    ("marks", "has_numbers", "lines"),
    [
        (("1. ", "2. "), True, [CALL]), (("1. ", "2. "), False, [CALL]), (("1．", "2．"), True, []),
        (("1. ", "2. "), False, []), (("一、", "二、"), True, [CALL]), (("（一）", "（二）"), False, []),
        (("", ""), True, [CALL]), (("", ""), True, []),
    ],
)  # fmt: skip
def test_notices_in_one_file_are_letters_of_their_own(
    marks: tuple[str, str], has_numbers: bool, lines: list[str]
) -> None:
    numbers = (FIRST[2], SECOND[2]) if has_numbers else (None, None)
    text = "".join(
        notice(mark, city, title, number or "", *lines)
        for mark, (city, title, _), number in zip(marks, (FIRST, SECOND), numbers, strict=True)
    )
    assert read(text) == [
        (FIRST[1], numbers[0], ["澄溪市人民政府办公室"], "2024-03-05"),
        (SECOND[1], numbers[1], ["霁川市人民政府办公室"], "2024-04-06"),
    ]


def test_titles_in_a_list_begin_no_letters() -> None:
    text = ("澄溪市2024年工作要点\n　　一、加快制定下列文件。\n　　1. 澄溪市商务局关于做好夜市管理的通知\n"
            "　　2. 澄溪市财政局关于发放夜市补贴的通知\n　　二、优化服务。推行一次办理。\n")  # fmt: skip
    assert [title for title, *_ in read(text)] == ["澄溪市2024年工作要点"]


def test_a_notice_keeps_its_attachments() -> None:
    text = ("澄溪市商务局关于做好夜市管理的通知\n各有关单位：\n　　现将《澄溪市夜市办法》等印发给你们。\n"
            "　　澄溪市商务局\n　　2024年3月5日\n附件1\n澄溪市夜市办法\n　　第一条 给予最高20万元补贴。\n"
            "附件2\n澄溪市摊位标准\n　　第一条 摊位面积不少于4平方米。\n")  # fmt: skip
    assert [title for title, *_ in read(text)] == ["澄溪市商务局关于做好夜市管理的通知"]


@pytest.mark.parametrize(
    "contents",
    [
        "霁川市人民政府办公室关于印发霁川市2023年工作\n要点的通知（2023年5月10日）.......17\n"
        "5. 霁川市夜市方案的通知\n（2023\n年3月29日）........ 38\n",
        "目  录\n一、总体要求………………1\n二、保障措施………………3\n",
        "目　录\n一、加大支持\n二、优化服务\n\n",
    ],
)  # fmt: skip
def test_a_table_of_contents_gives_no_title(contents: str) -> None:
    text = contents + notice("", *FIRST, CALL) + "一、加大支持\n对摊主给予补贴。\n二、优化服务\n推行一次办理。\n"
    assert read(text)[0][:2] == FIRST[1:]
