"""Letters of counties and towns as their portals print them: loose forms of numbers, titles, dates and signatures."""

from __future__ import annotations

import pytest

from extract.model import Kind, Letter
from extract.structure.letters import split_letters
from extract.structure.outline import build_outline
from ontology.lexicons import load_lexicon

LEX = load_lexicon()
LEAVES = (Kind.MEASURE, Kind.COMMITMENT)
OPENING = "您提出的《关于增设候车亭的建议》收悉，现答复如下："


def page(
    head: str = "对霁川县十届人大二次会议第86号建议的答复",
    opening: str = OPENING,
    body: str = "县公交公司已增设候车亭12座。",
    tail: str = "感谢您对交通工作的关心和支持！\n霁川县交通运输局\n2024年6月3日",
) -> str:
    return f"{head}\n罗启明代表：\n{opening}\n{body}\n{tail}\n"


def read(text: str) -> tuple[Letter, Letter]:
    reply, proposal = split_letters(text, LEX)
    assert (reply.kind, proposal.kind) == (Kind.LEAD_REPLY, Kind.PROPOSAL)
    return reply, proposal


def values(letter: Letter, name: str) -> list[str]:
    return [field.value for field in letter.get_fields(name)]


def parts(text: str) -> list[tuple[Kind | None, str]]:
    found = build_outline(text, split_letters(text, LEX), LEX).parts
    return [(part.kind, part.span.of(text)) for part in found if part.kind in (*LEAVES, Kind.SUGGESTION)]


@pytest.mark.parametrize(
    ("head", "number"),
    [
        ("对霁川县十届人大二次会议第B（2024）86号建议的答复", "B（2024）86"),
        ("对霁川县十届人大二次会议第B〔2024〕86号建议的答复", "B〔2024〕86"),
        ("关于增设候车亭的建议答复的函（编号：B（2024）86号）", "B（2024）86"),
        ("对省十届人大二次会议第2024 086号建议的答复", "2024086"),
        ("关于对霁川县十届人大二次会议第DH0086号建议办理情况的复函", "DH0086"),
    ],
)
def test_numbers_with_year_or_gap(head: str, number: str) -> None:
    assert read(page(head))[1].get_value("proposalNumber") == number


@pytest.mark.parametrize(
    "line",
    [
        "来源：霁川县水利局发布时间：2024-06-04 15:22文字大小：[ ]",
        "发布日期： 2024- 06- 04 15： 22 信息来源： 霁川县水利局",
    ],
)
def test_date_and_publisher_of_an_unsigned_letter(line: str) -> None:
    head = f"对霁川县十届人大二次会议第86号建议的答复\n{line}"
    reply, proposal = read(page(head, tail="感谢您对水利工作的关心和支持！"))
    assert (values(reply, "issuedBy"), reply.get_value("issued")) == (["霁川县水利局"], "2024-06-04")
    assert values(proposal, "leadAgency") == ["霁川县水利局"]


def test_the_office_that_runs_the_site_answers_nothing() -> None:
    footer = "主办单位：霁川县人民政府办公室 地址：霁川县河东路6号 邮编：000000"
    reply, proposal = read(page(tail=f"感谢您的支持。\n2024年6月3日\n{footer}"))
    assert not values(reply, "issuedBy") and not values(proposal, "leadAgency")
    signed = page(tail="感谢您的支持。\n霁川县交通运输局\n2024年6月3日\n主办单位：霁川县人民政府办公室")
    assert values(read(signed)[1], "leadAgency") == ["霁川县交通运输局"]


@pytest.mark.parametrize(
    "opening",
    ["您提出的关于“关于增设候车亭”的建议收悉，现答复如下：", "您提出的“关于增设候车亭”的建议收悉，现答复如下："],
)
def test_a_quoted_title_is_a_title_and_no_suggestion(opening: str) -> None:
    text = page(opening=opening, body="现就“增设候车亭”的建议说明如下。\n县公交公司已增设候车亭12座。")
    assert "候车亭" in str(read(text)[1].get_value("title")) and "关于“关于" not in str(
        read(text)[1].get_value("title")
    )
    assert Kind.SUGGESTION not in [kind for kind, _ in parts(text)]


def test_a_row_of_cells_gives_each_label_its_own_cell() -> None:
    text = page(
        "建议标题: | 关于增设候车亭的建议 | ||||\n"
        "编号: | 12050086 | 建议类型: | 大会期间建议 | 提交日期: | 2024-01-16 |\n"
        "建议公开范围: | 仅公开标题 | 主办单位(分办单位): | 县交通运输局 | 协办单位: | 县财政局 |\n建议答复:",
        opening="您提出的《关于增设候车亭》（第86号建议）收悉，现答复如下：",
        tail="感谢您的支持。",
    )
    reply, proposal = read(text)
    assert proposal.get_value("proposalNumber") == "12050086"
    assert (values(proposal, "leadAgency"), values(proposal, "coAgency")) == (["县交通运输局"], ["县财政局"])
    assert values(reply, "issuedBy") == ["县交通运输局"]


@pytest.mark.parametrize(
    "tail",
    [
        "领导签批：罗  川\n承 办 人：丁一\n联系方式：0000000\n霁川县交通运输局",
        "感谢您的支持。\n霁川县交通运输局\n联系电话：0000000",
        "最后，希望您一如既往地关心和支持交通工作，多提意见。\n霁川县交通运输局（邮政管理局）\n2024年6月3日",
        "对以上答复如有意见，请及时反馈。\n霁川县交通运输局\n2024年6月3日\n【责任编辑：某某】 【收藏】 【关闭窗口】",
        "对以上答复有不满意的地方，请及时与我局联系，我局将尽全力做好工作。\n霁川县交通运输局\n2024年6月3日",
        "此复函已经丁一局长审签。对以上答复您有什么意见，请填写回执。\n霁川县交通运输局\n2024年6月3日",
    ],
    ids=[
        "names of those who sign",
        "a signature without a date",
        "an organ with a second name",
        "an opinion",
        "who is not content",
        "who has signed",
    ],
)
def test_what_stands_below_the_text_is_no_part(tail: str) -> None:
    text = page(tail=tail)
    assert [words for _, words in parts(text)] == ["县公交公司已增设候车亭12座。"]
    assert values(read(text)[0], "issuedBy") == ["霁川县交通运输局"]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("此项目实施后可解决4个村的出行问题，全镇的出行难题将会得到全面解决。", Kind.COMMITMENT),
        ("候车亭已报送审批，我局将尽力争取。建议发动群众先行修缮，同时请村组干部沟通，满足需要。", Kind.MEASURE),
        ("河东路正在施工，公交线路受到影响。待工程竣工后，市公交公司将优化线路，调整班次和运力。", Kind.COMMITMENT),
        ("我局下一步将委托设计院勘测设计；其次向上级争取资金。待资金落实后立即实施。", Kind.COMMITMENT),
        ("2024年，我局将在27个路口安装候车亭。在其他路口设置站牌，方便群众乘车。", Kind.COMMITMENT),
        ("候车亭已委托设计院完成设计，目前已报送评审，评审结束后启动招标，计划12月底完工。", Kind.MEASURE),
        ("县公交公司近年来更换站牌300处。已将候车亭纳入维护。", Kind.MEASURE),
    ],
    ids=["what a project brings", "requests", "待…后", "下一步将", "goes on", "a promise at the end", "done"],
)  # fmt: skip
def test_most_of_a_paragraph_is_done_or_promised(body: str, kind: Kind) -> None:
    assert parts(page(body=body)) == [(kind, body)]


def test_the_title_of_the_page_may_be_that_of_the_proposal() -> None:
    text = page("2024年\n关于增设候车亭的建议\n来源： 发布时间：2024-06-04", opening="您好！您的建议收悉，现答复如下：")
    reply, proposal = read(text)
    assert proposal.get_value("title") == "关于增设候车亭的建议"
    assert values(reply, "repliesTo") == [proposal.id]


def test_a_title_behind_a_number_may_lack_quotes() -> None:
    text = page(opening="您提出的第86号建议：硬化河东镇两条通村公路（河东至河西3公里）的议案，由我局办理，现答复如下：")
    assert read(text)[1].get_value("title") == "硬化河东镇两条通村公路（河东至河西3公里）的议案"


def test_labels_without_colons_on_one_line() -> None:
    head = (
        " 索 引 号  jc001/2024-0000035  公开方式  主动公开\n 公开日期  2024-06-04  发布机构  霁川县水利局\n"
        "关于对霁川县十届人大二次会议第86号建议的答复"
    )
    reply, _ = read(page(head, tail="感谢您的支持。"))
    assert (values(reply, "issuedBy"), reply.get_value("issued")) == (["霁川县水利局"], "2024-06-04")


def test_labels_behind_list_marks_may_lack_a_gap() -> None:
    head = (
        "- 索引号000012345/2024-02432\n- 发布机构霁川县水利局\n- 文号霁水函〔2024〕14号\n"
        "- 发布日期2024-06-04\n- 有效性有效\n"
        "对霁川县十届人大二次会议第86号建议的答复"
    )
    reply, _ = read(page(head, tail="感谢您的支持。"))
    assert (values(reply, "issuedBy"), reply.get_value("issued")) == (["霁川县水利局"], "2024-06-04")


def test_the_first_of_several_proposers_may_be_named_with_a_conjunction() -> None:
    text = page().replace("罗启明代表：", "罗启明并丁一、安平和代表：")
    assert values(read(text)[0], "addressedTo") == ["罗启明", "丁一", "安平和"]


def test_a_quotation_may_end_in_a_full_stop() -> None:
    body = (
        "一、关于建议中反映的问题\n\n县公交公司已增设候车亭12座。\n\n二、关于对建议内容的答复\n\n"
        "关于“对候车亭立项并启动建设，方便群众。”的建议，我们办理情况是：已完成可行性研究。"
    )
    found = [words for kind, words in parts(page(body=body)) if kind is Kind.SUGGESTION]
    assert found == ["对候车亭立项并启动建设，方便群众。"]


@pytest.mark.parametrize(
    "sentence",
    [
        "提案中提出站牌老化问题、候车难问题、管理问题，都需要努力破解。已更换站牌300处。",
        "对提案所提建议的意见。已更换站牌300处。",
    ],
)
def test_what_is_wrong_and_what_is_named_by_no_words_is_no_suggestion(sentence: str) -> None:
    assert Kind.SUGGESTION not in [kind for kind, _ in parts(page(body=sentence))]


def test_a_list_of_metadata_without_labels_gives_date_and_publisher() -> None:
    head = (
        "• 00529508X/2024-00092\n  • 霁川县水利局\n  • 人大建议，提案，建议办理\n  • 2024-06-04\n  • 2024-06-04\n"
        "对霁川县十届人大二次会议第86号建议的答复"
    )
    reply, _ = read(page(head, tail="感谢您的支持。\n顺致\n身体健康，工作顺利，万事如意！"))
    assert (values(reply, "issuedBy"), reply.get_value("issued")) == (["霁川县水利局"], "2024-06-04")
    assert len(parts(page(head, tail="感谢您的支持。\n顺致\n身体健康，工作顺利，万事如意！"))) == 1


def test_a_table_below_the_title_of_the_page_is_no_letter() -> None:
    head = (
        "对霁川县十届人大二次会议第86号建议的答复\n\n索引号\n01525724-7-/2024-0803003\n发文机构\n霁川县水利局\n公开目录\n"
        "人大建议办理结果\n文      号\n浏览量\n日期\n2024-06-04\n\n对霁川县十届人大二次会议第86号建议的答复"
    )
    assert values(read(page(head))[0], "addressedTo") == ["罗启明"]


def test_a_title_in_quotes_need_not_begin_with_a_preposition() -> None:
    opening = "您提出的“建议帮助实施候车亭加固项目的建议案”，已交由我局办理，现答复如下："
    assert read(page(opening=opening))[1].get_value("title") == "建议帮助实施候车亭加固项目的建议案"
