"""Letters as portals print them: in tables, without colons or signatures, with the title of the page above."""

from __future__ import annotations

import pytest

from extract.model import Kind, Letter
from extract.structure.letters import split_letters
from ontology.lexicons import load_lexicon

LEX = load_lexicon()
OPENING = "您提出的《关于增设公交站点的建议》收悉，现答复如下：\n"
BODY = "我局新设站点6处，公交线路已于5月延伸到开发区。\n"
SIGNED = "云岭县交通运输局\n2024年5月8日\n"


def read(page: str) -> tuple[Letter, ...]:
    return split_letters(page, LEX)


def values(letter: Letter, name: str) -> list[str]:
    return [field.value for field in letter.get_fields(name)]


@pytest.mark.parametrize(
    "title", ["对县十八届人大三次会议第45号建议的\n\n答    复\n", "对县十八届人大三次会议第45号建议的\n答复\n"]
)
def test_the_last_word_of_a_title_may_stand_by_itself(title: str) -> None:
    reply, proposal = read(f"{title}云交函〔2024〕9号B类 同意公开\n罗启明代表：\n{OPENING}{BODY}{SIGNED}")
    assert reply.kind is Kind.LEAD_REPLY
    assert (reply.get_value("documentNumber"), reply.get_value("handlingClass")) == ("云交函〔2024〕9号", "B")
    assert (proposal.get_value("proposalNumber"), proposal.get_value("session")) == ("45", "县十八届人大三次会议")


def test_the_title_of_the_page_is_that_of_the_letter() -> None:
    reply, proposal = read(
        "关于县十八届人大三次会议45号建议的回复\n\n编稿时间：2024-06-01 09:20 来源：县政府门户网 浏览量：7次 字体：\n\n"
        f"关于县十八届人大三次会议45号建议的回复\n\n罗启明代表：\n{OPENING}{BODY}{SIGNED}"
    )
    assert (reply.kind, proposal.kind) == (Kind.LEAD_REPLY, Kind.PROPOSAL)
    assert proposal.get_value("proposalNumber") == "45"


def test_rows_and_lists_above_a_letter_are_its_fields() -> None:
    letter = f"罗启明代表：\n{OPENING}{BODY}"
    (by_row, _), (by_list, _), (glued, _) = (
        read(head + letter)
        for head in (
            "索引号 | 6207-2024-5 | 发布机构 | 云岭县交通运输局 |\n公开目录 | 建议 | 发布日期 | 2024-05-09 |\n",
            "人大代表建议办理答复\n- 索引号: 6207\n- 发布机构: 云岭县交通运输局\n- 文号:\n- 发布日期: 2024-05-09\n",
            "-\n索引号20240509-172433-866\n-\n发布机构云岭县交通运输局\n-\n发布日期2024-05-09\n-\n时效性有效\n",
        )
    )
    for reply in (by_row, by_list, glued):
        assert (values(reply, "issuedBy"), reply.get_value("issued")) == (["云岭县交通运输局"], "2024-05-09")


def test_a_table_with_one_cell_in_a_row() -> None:
    (proposal,) = read(
        "代表姓名 |\n罗启明 |\n题目：关于整治青溪河道的建议\n案号 |\n第67号 | |||\n"
        "内容：河道淤积严重，水质下降，群众意见很大。\n建议：加强河道清淤，定期公布水质。\n主办单位：县水务局\n"
    )
    assert proposal.kind is Kind.PROPOSAL
    assert (values(proposal, "submittedBy"), proposal.get_value("proposalNumber")) == (["罗启明"], "67")
    assert values(proposal, "leadAgency") == ["县水务局"]


def test_a_table_holds_the_proposal_and_its_reply() -> None:
    proposal, reply = read(
        "关于整治青溪河道的建议 |\n编 号：10 | 所属类别：代表建议 |\n提案人：罗启明 | |\n"
        "一是加强清淤，疏通河道。 二是公布水质，接受监督。 |\n主办单位：县水务局 | 协办单位：县财政局 县农业农村局 |\n"
        "关于县十八届人大三次会议第10号建议的回复 |\n"
        "您提出的《关于整治青溪河道的建议》已收悉，现回复如下： 县水务局清淤12公里。\n"
    )
    assert (proposal.kind, reply.kind) == (Kind.PROPOSAL, Kind.LEAD_REPLY)
    assert values(proposal, "coAgency") == ["县财政局", "县农业农村局"]
    assert values(reply, "repliesTo") == [proposal.id]


@pytest.mark.parametrize(
    ("call", "names"),
    [
        ("罗启明代表", ["罗启明"]),
        ("尊敬的罗启明县人大代表：", ["罗启明"]),
        ("尊敬罗启明代表：", ["罗启明"]),
        ("尊敬地罗启明、何 燕、周大勇代表：", ["罗启明", "何 燕", "周大勇"]),
    ],
)
def test_calls_to_the_proposers(call: str, names: list[str]) -> None:
    reply, proposal = read(f"对县十八届人大三次会议第45号建议的答复\n{call}\n{OPENING}{BODY}{SIGNED}")
    assert values(reply, "addressedTo") == names
    assert values(proposal, "submittedBy") == names


def test_an_organ_above_an_opinion_may_lack_its_colon() -> None:
    opinion, proposal = read(
        "云岭县交通运输局关于县政协九届三次会议第88号提案会办意见的函\n\n"
        "时间：2024-05-21 来源：本网\n\n县文化和旅游局\n\n"
        f"我局对县政协九届三次会议《关于开通旅游专线的提案》（第88号）会办意见如下：\n{BODY}{SIGNED}"
    )
    assert (opinion.kind, values(opinion, "addressedTo")) == (Kind.CO_OPINION, ["县文化和旅游局"])
    assert values(proposal, "leadAgency") == ["县文化和旅游局"]


@pytest.mark.parametrize("line", ["联系单位：云岭县交通运输局", "承办单位：云岭县交通运输局"])
def test_the_organ_for_questions_issues_a_letter_that_nobody_signs(line: str) -> None:
    reply, proposal = read(f"罗启明代表：\n{OPENING}{BODY}感谢您对交通工作的支持！\n2024年5月8日\n{line}\n")
    assert values(reply, "issuedBy") == values(proposal, "leadAgency") == ["云岭县交通运输局"]


@pytest.mark.parametrize(
    ("named", "title"),
    [
        ("关于“农村道路维护的建议”收悉", "农村道路维护的建议"),
        ("“关于解决青溪村道路硬化的问题”收悉", "关于解决青溪村道路硬化的问题"),
        ("“关于增设青溪站点的建议”（以下简称《建议》）收悉", "关于增设青溪站点的建议"),
    ],
)
def test_titles_in_quotes(named: str, title: str) -> None:
    _, proposal = read(f"罗启明代表：\n您提出的{named}，现对您的建议答复如下：\n{BODY}{SIGNED}")
    assert proposal.get_value("title") == title


def test_what_names_only_the_proposer_is_no_title() -> None:
    _, proposal = read(f"关于罗启明代表建议的回复\n\n罗启明代表：\n{OPENING}{BODY}{SIGNED}")
    assert proposal.get_value("title") == "关于增设公交站点的建议"


def test_two_spellings_of_one_title() -> None:
    letters = read(
        f"案由：关于增设公交站点建议\n提案人：罗启明\n站点太少。建议增设。\n\n罗启明代表：\n{OPENING}{BODY}{SIGNED}"
    )
    assert [letter.kind for letter in letters] == [Kind.PROPOSAL, Kind.LEAD_REPLY]


def test_proposers_of_a_letter_to_those_who_handed_it_on() -> None:
    _, proposal = read(
        "关于市政协六届二次会议第88号提案办理情况的汇报\n\n市政协提案委员会：\n市政协六届二次会议期间，九三学社云岭支社、王立群委员提出"
        f"《关于保护老字号的建议》（第88号提案），现将办理情况报告如下：\n一、认定老字号12家。\n{SIGNED}"
    )
    assert values(proposal, "submittedBy") == ["九三学社云岭支社", "王立群"]


def test_a_report_that_cites_a_plan_proposed_by_the_party_answers_nobody() -> None:
    page = (
        "国务院：\n根据《中共中央关于制定国民经济和社会发展计划和远景目标的建议》，现将防震工作报告如下：\n"
        "一、关于重点地区\n要加强监测。\n国家防震局\n1996年1月5日\n"
    )
    assert all(letter.kind is Kind.INSTRUMENT for letter in read(page))


def test_labels_in_brackets_and_a_class_by_itself() -> None:
    proposal, reply = read(
        "【标题】关于推进托育服务的建议\n【领衔代表】罗启明\n【附议代表】何国强、周晓燕\n【届次】市十七届人大三次会议\n"
        "【会办单位】市教育局，市财政局\n【建议内容】\n托位不足。建议扩大供给。\n【办理答复】\n（标注：B1）\n罗启明代表：\n"
        f"您提出的《关于推进托育服务的建议》收悉，现答复如下：\n{BODY}{SIGNED}"
    )
    assert (proposal.kind, reply.kind) == (Kind.PROPOSAL, Kind.LEAD_REPLY)
    assert values(proposal, "submittedBy") == ["罗启明", "何国强", "周晓燕"]
    assert proposal.get_value("session") == "市十七届人大三次会议"
    assert values(proposal, "coAgency") == ["市教育局", "市财政局"]
    assert reply.get_value("handlingClass") == "B1"


def test_an_unsigned_reply_below_the_fields_of_its_proposal() -> None:
    proposal, reply = read(
        "建议标题：关于增设公交站点的建议\n建议人：罗启明\n\n站点太少，群众出行不便。建议增设站点。\n\n"
        "答复部门：云岭县交通运输局    答复时间：2024-06-20\n\n罗启明代表，您好！\n\n"
        f"您反映的问题确实存在，现回复如下。\n\n{BODY}"
    )
    assert (values(reply, "issuedBy"), reply.get_value("issued")) == (["云岭县交通运输局"], "2024-06-20")
    assert values(reply, "repliesTo") == [proposal.id]


def test_the_office_of_a_signed_letter_handles_no_proposal() -> None:
    _, proposal = read(f"罗启明代表：\n{OPENING}{BODY}{SIGNED}承办部门：运输科\n")
    assert values(proposal, "coAgency") == []


def test_proposals_that_people_made_one_each() -> None:
    letters = read(
        "对省十四届人大二次会议第1027、1088号建议的答复\n罗启明、周晓燕代表：\n您们分别提出的《关于完善农村物流的建议》（第1027号）、"
        f"《关于支持快递进村的建议》（第1088号）收悉，现一并答复如下：\n{BODY}{SIGNED}"
    )
    proposals = [letter for letter in letters if letter.kind is Kind.PROPOSAL]
    assert [values(proposal, "submittedBy") for proposal in proposals] == [["罗启明"], ["周晓燕"]]


def test_the_lead_agency_hands_on_a_proposal_with_its_proposer() -> None:
    _, proposal = read(
        f"县水务局：\n您局转来的罗启明等代表《关于整治青溪河道的建议》（第45号）收悉，会办意见如下：\n{BODY}{SIGNED}"
    )
    assert values(proposal, "submittedBy") == ["罗启明"]


@pytest.mark.parametrize(
    ("head", "issuer"),
    [
        (
            "云岭县水利局对县十八届人大三次会议第45号建议的答复\n关于县十八届人大三次会议第45号建议答复的函\n",
            "云岭县水利局",
        ),
        ("对县十八届人大三次会议第45号建议的答复（水利局）\n发布日期：2024-05-09 来源：人大办公室\n", "水利局"),
    ],
)
def test_titles_name_the_issuer_before_the_publisher_does(head: str, issuer: str) -> None:
    reply, _ = read(f"{head}罗启明代表：\n{OPENING}{BODY}")
    assert values(reply, "issuedBy") == [issuer]


@pytest.mark.parametrize("named", ["《解决青溪供水经费事项》第37号建议", "《建设良田，确保粮食安全》（第37号提案）"])
def test_a_number_behind_a_title_of_any_form(named: str) -> None:
    _, proposal = read(f"罗启明代表：\n您在县十八届人大三次会议上提出的{named}收悉，现答复如下：\n{BODY}{SIGNED}")
    assert proposal.get_value("proposalNumber") == "37"
    assert (proposal.get_value("title") or "")[:2] in named


def test_an_unknown_label_on_the_same_line_ends_a_value() -> None:
    head = "提案号：2024-117   状况：办结   优先级：高\n标题：关于停车的提案\n提案人：罗启明\n"
    (proposal,) = split_letters(head + "【提案内容】\n建议：\n一、多建车位。\n", LEX)
    assert proposal.get_value("proposalNumber") == "2024-117"


def test_the_group_below_the_title_of_a_proposal_made_it() -> None:
    text = "关于发展夜间经济的提案\n\n民盟溪川市委会\n\n建议\n一要延长公交。开行夜班线路。\n二要优化布局。分区打造。\n"
    (proposal,) = split_letters(text, LEX)
    assert [field.value for field in proposal.get_fields("submittedBy")] == ["民盟溪川市委会"]


def test_a_title_in_brackets() -> None:
    head = "溪川市公安局\n【对市九届人大四次会议第77号建议的答复】\n罗启明代表：\n您提出的建议收悉，现答复如下：\n"
    (reply, proposal) = split_letters(head + BODY + SIGNED, LEX)
    assert reply.get_value("title") == "对市九届人大四次会议第77号建议的答复"
    assert proposal.get_value("proposalNumber") == "77"


def test_a_letter_to_an_organ_and_the_proposer_beside_it() -> None:
    head = "市人大常委会并罗启明代表：\n罗启明代表提出的《关于停车的建议》（第8号）收悉，现将办理情况报告如下：\n"
    (reply, proposal) = split_letters(head + BODY + SIGNED, LEX)
    assert [field.value for field in reply.get_fields("addressedTo")] == ["市人大常委会", "罗启明"]
    assert [field.value for field in proposal.get_fields("submittedBy")] == ["罗启明"]


@pytest.mark.parametrize(
    "opinions", ["根据市财政局、市公安局的会办意见", "综合市财政局、市公安局等会办单位意见"], ids=["根据", "综合"]
)
def test_opinions_that_a_reply_rests_on(opinions: str) -> None:
    head = f"罗启明委员：\n您提出的《关于停车的提案》（第8号）收悉。{opinions}，现答复如下：\n"
    (reply, proposal) = split_letters(head + BODY + SIGNED, LEX)
    assert [field.value for field in reply.get_fields("consulted")] == ["市财政局", "市公安局"]
    assert [field.value for field in proposal.get_fields("coAgency")] == ["市财政局", "市公安局"]


def test_words_of_a_title_name_no_organ() -> None:
    head = "罗启明委员：\n您提出的“关于发展跨境电商主体的提案”由我局主办，市财政局协办，现答复如下：\n"
    (reply, _) = split_letters(head + BODY + SIGNED, LEX)
    assert [field.value for field in reply.get_fields("consulted") if "主体" in field.value] == []


def test_a_reply_that_takes_up_a_suggestion_answers_the_proposal_above_it() -> None:
    text = (
        "建议编号：12\n建议名称：关于停车的建议\n领衔代表：罗启明\n建议内容\n建议：1.多建车位；2.加强管理。\n"
        "答复内容\n罗启明代表：\n关于多建车位的建议，我局已新增车位500个。\n溪川市交通运输局\n2024年6月21日\n"
    )
    letters = split_letters(text, LEX)
    assert [letter.kind for letter in letters] == [Kind.PROPOSAL, Kind.LEAD_REPLY]
    assert letters[1].get_value("repliesTo") == letters[0].id


def test_the_title_of_a_reply_above_the_fields_of_its_proposal() -> None:
    head = "云岭县交通运输局关于第1号重点建议办理情况的答复\n云交建〔2023〕5号\n领衔代表：罗启明\n联名代表：程砚\n"
    (reply, proposal) = read(
        head + "罗启明等代表：\n《关于增设公交站点的建议》（重点建议第1号）办理情况如下。\n" + BODY + SIGNED
    )
    assert reply.get_value("title") == "云岭县交通运输局关于第1号重点建议办理情况的答复"
    assert values(proposal, "submittedBy") == ["罗启明", "程砚"]


def test_the_conference_proposes_nothing() -> None:
    head = "对市政协提案第20240158号的会办意见\n市交通运输局：\n"
    opening = "现对民进溪川市委会提出的《关于停车的提案》提出如下会办意见：\n"
    (_, proposal) = read(
        head + opening + "1.增设泊位。新增500个。\n2.加强管理。查处326起。\n溪川市公安局\n2024年5月8日\n"
    )
    assert values(proposal, "submittedBy") == ["民进溪川市委会"]


def test_a_mark_before_the_title() -> None:
    head = "【提案答复】云岭县交通运输局对县政协提案第27号的答复\n罗启明委员：\n" + OPENING.replace("建议", "提案")
    (reply, _) = read(head + BODY + SIGNED)
    assert reply.get_value("title") == "云岭县交通运输局对县政协提案第27号的答复"


def test_the_title_names_the_session_of_all_its_proposals() -> None:
    title = "云岭县交通运输局关于县十九届人大三次会议代表建议办理情况的答复\n"
    opening = "两位代表提出的《关于增设站点的建议》（第5号）和《关于延长线路的建议》（第8号）收悉，现答复如下：\n"
    letters = read(title + "罗启明、程砚代表：\n" + opening + BODY + SIGNED)
    sessions = [values(letter, "session") for letter in letters if letter.kind is Kind.PROPOSAL]
    assert sessions == [["县十九届人大三次会议"], ["县十九届人大三次会议"]]


def test_each_proposer_stands_in_the_brackets_behind_the_own_title() -> None:
    _, first, second = read(
        "云岭市商务局关于第47、112号提案的答复\n\n高启年委员、九三学社云岭市委员会：\n你们提出的《关于打通物流的提案》（第47号，高启年）、"
        f"《关于建设驿站的提案》（第112号，九三学社云岭市委员会）收悉，现并案答复如下：\n一、新建驿站12个。\n{SIGNED}"
    )
    assert values(first, "submittedBy") == ["高启年"]
    assert values(second, "submittedBy") == ["九三学社云岭市委员会"]


def test_a_date_below_a_proposal_is_its_date() -> None:
    (proposal,) = read("案由：关于增设公交站点的提案\n提案人：罗启明\n站点太少。建议增设站点。\n\n2024年1月16日\n")
    assert proposal.get_value("issued") == "2024-01-16"
