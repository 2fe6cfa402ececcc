"""Who answered and who did not, whichever file gives the agency its full name; each agency and person once."""

from __future__ import annotations

from pathlib import Path

import pytest

import kg
from kg.graph.show import describe_thing, find_things
from kg.graph.view import View
from kg.store.store import Store

TITLE = "关于加强社区消防设施管理的提案"
NUMBER = "20240417"
DONE = "　　一、完善设施台账。2023年更换社区灭火器3200具。\n"


def proposal(lead: str, co: str, number: str = NUMBER, title: str = TITLE) -> str:
    return (f"{title}\n\n提 案 号：{number}\n提 案 者：程望舒\n主办单位：{lead}\n会办单位：{co}\n\n"
            "建议：\n　　一、完善设施台账。每季度检查一次社区灭火器。\n")  # fmt: skip


def reply(signed: str, number: str = NUMBER, title: str = TITLE, body: str = DONE) -> str:
    return (f"程望舒委员：\n　　您提出的《{title}》（第{number}号）收悉。现答复如下：\n{body}"
            f"　　感谢您的关心！\n　　{signed}\n　　2024年6月3日\n")  # fmt: skip


def opinion(signed: str, lead: str, number: str = NUMBER, title: str = TITLE) -> str:
    return (f"{lead}：\n　　现就第{number}号提案《{title}》提出会办意见如下：\n　　一、2023年检查商铺1120家次。\n"
            f"　　{signed}\n　　2024年5月8日\n")  # fmt: skip


class Built:
    def __init__(self, home: Path, files: dict[str, str]) -> None:
        self.path = home / "store"
        for name, text in files.items():
            path = home / "in" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        kg.build(home / "in", self.path)

    def named(self, name: str) -> list[dict[str, str | None]]:
        with kg.open(self.path) as graph:
            return graph.query(name=name).values()

    def silent(self) -> list[str | None]:
        return [row["agency"] for row in self.named("missing-opinions")]

    def show(self, name: str) -> list[tuple[str, str]]:
        with Store(self.path) as store:
            view = View(store)
            [iri] = find_things(view, name)
            return [(line.group, line.value) for line in describe_thing(view, iri).lines]

    def faults(self) -> list[str]:
        with kg.open(self.path) as graph:
            return [finding.en for finding in graph.validate()]


@pytest.mark.parametrize(
    ("lead", "co", "lead_signed", "co_signed"),
    [
        ("市应急管理局", "市商务局", "霁川市应急管理局", "霁川市商务局"),
        ("霁川市应急管理局", "霁川市商务局", "市应急管理局", "市商务局"),
        ("应急管理局", "商务局", "霁川市应急管理局", "霁川市商务局"),
        ("霁川市应急管理局", "霁川市商务局", "应急管理局", "商务局"),
        ("区应急管理局", "区商务局", "霁川市东湖区应急管理局", "霁川市东湖区商务局"),
        ("霁川市东湖区应急管理局", "霁川市东湖区商务局", "东湖区应急管理局", "区商务局"),
    ],
)
def test_an_office_that_answered_is_never_silent(
    tmp_path: Path, lead: str, co: str, lead_signed: str, co_signed: str
) -> None:
    built = Built(tmp_path, {"提案.txt": proposal(lead, f"{co}、市财政局"), "答复.txt": reply(lead_signed),
                             "会办意见.txt": opinion(co_signed, lead)})  # fmt: skip
    [silent] = built.silent()
    assert silent in {"市财政局", "霁川市财政局"}
    full = max(lead, lead_signed, key=len)
    handled = {row["agency"]: (row["role"], row["opinion"]) for row in built.named("handling")}
    assert handled[full] == ("leadAgency", "yes")
    assert handled[max(co, co_signed, key=len)] == ("coAgency", "yes")
    assert handled[silent] == ("coAgency", "no") and len(handled) == 3
    assert built.faults() == []


def test_an_agency_and_a_person_are_one_thing_and_shown_once(tmp_path: Path) -> None:
    built = Built(tmp_path, {"提案.txt": proposal("市应急管理局", "市财政局"), "答复.txt": reply("霁川市应急管理局")})
    shown = built.show(NUMBER)
    assert [value for group, value in shown if group == "leadAgency"] == ["霁川市应急管理局"]
    assert [value for group, value in shown if group == "submittedBy"] == ["程望舒"]
    assert built.show("市应急管理局") == built.show("霁川市应急管理局")
    [row] = [row for row in built.named("agency-workload") if "应急" in (row["agency"] or "")]
    assert (row["leads"], row["replies"], row["answered"]) == ("1", "1", "1")


def test_the_short_name_of_agencies_of_two_cities_stays_apart(tmp_path: Path) -> None:
    other = "关于改造老旧电梯的提案"
    built = Built(tmp_path, {
        "甲/提案.txt": proposal("市应急管理局", "市财政局"), "甲/答复.txt": reply("霁川市应急管理局"),
        "乙/提案.txt": proposal("市应急管理局", "市商务局", "20240518", other),
        "乙/答复.txt": reply("栖原市应急管理局", "20240518", other),
    })  # fmt: skip
    assert built.silent() == ["市商务局", "市财政局"]
    leads = {(row["number"], row["agency"]) for row in built.named("handling") if row["role"] == "leadAgency"}
    assert leads == {(NUMBER, "霁川市应急管理局"), ("20240518", "栖原市应急管理局")}
    assert [value for group, value in built.show(NUMBER) if group == "leadAgency"] == ["霁川市应急管理局"]
    counted = {row["agency"]: row["leads"] for row in built.named("agency-workload")}
    assert counted == {"霁川市应急管理局": "1", "栖原市应急管理局": "1", "市财政局": "0", "市商务局": "0"}
    assert built.faults() == []


def test_a_proposal_that_is_mentioned_in_passing_gets_no_agency(tmp_path: Path) -> None:
    body = f"{DONE}　　二、做好衔接。我局办理第20220118号提案《关于整治楼道堆物的提案》时建立了巡查制度。\n"
    built = Built(tmp_path, {"答复.txt": reply("霁川市应急管理局", body=body)})
    assert {row["number"] for row in built.named("handling")} == {NUMBER}


def test_an_opinion_on_several_proposals_accuses_nobody(tmp_path: Path) -> None:
    named = "《关于更换社区灭火器的提案》（第20240421号）、《关于打通消防通道的提案》（第20240422号）"
    text = f"霁川市应急管理局：\n　　现就{named}提出会办意见如下：\n{DONE}　　霁川市财政局\n　　2024年5月8日\n"
    built = Built(tmp_path, {"会办意见.txt": text})
    assert built.silent() == []
    assert {row["role"] for row in built.named("handling")} == {"coAgency"}


def test_a_reply_that_is_not_published_leaves_nobody_silent(tmp_path: Path) -> None:
    built = Built(tmp_path, {"提案.txt": f"{proposal('市应急管理局', '市财政局')}\n答复内容：不予公开\n"})
    assert built.silent() == []
    assert {row["opinion"] for row in built.named("handling")} == {"ReplyNotPublished"}


def test_a_page_with_opinions_may_say_that_the_reply_is_not_published(tmp_path: Path) -> None:
    note = "办理进度：主办单位答复（办理中，暂未公开）\n\n建议："
    head = proposal("霁川市应急管理局", "霁川市财政局").replace("建议：", note)
    built = Built(tmp_path, {"一页.txt": f"{head}\n会办意见\n{opinion('霁川市财政局', '霁川市应急管理局')}"})
    assert built.silent() == []
    assert {row["agency"]: row["opinion"] for row in built.named("handling")} == {
        "霁川市应急管理局": "ReplyNotPublished", "霁川市财政局": "yes",
    }  # fmt: skip


@pytest.mark.parametrize(
    "words",
    [
        "{}会办意见：不公开",
        "会办意见（{}）：不予公开",
        "会办意见\n{}\n属性：不公开",
        "会办单位：{}\n会办意见\n公开属性：不予公开",
        "会办意见\n{}\n是否公开：否",
        "会办单位 {} 会办意见 不公开",
        "霁川市应急管理局：\n　　现就第20240417号提案提出会办意见。\n公开属性：不公开\n{}\n2024年5月8日",
    ],
)
@pytest.mark.parametrize("name", ["市财政局", "霁川市财政局"])
def test_an_opinion_that_is_not_published_leaves_its_agency_unaccused(tmp_path: Path, words: str, name: str) -> None:
    head = proposal("霁川市应急管理局", "市财政局、市商务局")
    text = f"{head}\n会办意见\n{opinion('霁川市商务局', '霁川市应急管理局')}\n{words.format(name)}\n"
    built = Built(tmp_path, {"一页.txt": text, "答复.txt": reply("霁川市应急管理局")})
    assert built.silent() == []
    handled = {row["agency"]: row["opinion"] for row in built.named("handling")}
    assert handled == {
        "霁川市应急管理局": "yes", "霁川市商务局": "yes", "霁川市财政局": "OpinionNotPublished",
    }  # fmt: skip
    assert built.faults() == []


def test_a_field_of_the_proposal_is_not_about_the_co_handler_above_it(tmp_path: Path) -> None:
    head = proposal("霁川市应急管理局", "霁川市财政局").replace("\n\n建议：", "\n是否公开：否\n\n建议：")
    built = Built(tmp_path, {"提案.txt": head})
    assert {row["opinion"] for row in built.named("handling")} == {"ReplyNotPublished"}


def test_an_opinion_that_can_be_read_is_no_hidden_one(tmp_path: Path) -> None:
    hidden = opinion("霁川市财政局", "霁川市应急管理局").replace("　　霁川市财", "公开属性：不公开\n　　霁川市财")
    built = Built(tmp_path, {"提案.txt": proposal("霁川市应急管理局", "霁川市财政局"), "会办意见.txt": hidden})
    assert {row["agency"]: row["opinion"] for row in built.named("handling")}["霁川市财政局"] == "yes"


def test_one_letter_to_three_proposals_is_one_letter(tmp_path: Path) -> None:
    text = ("程望舒委员：\n　　您提出的《关于更换社区灭火器的提案》（第20240421号）、《关于打通消防通道的提案》"
            "（第20240422号）和《关于培训楼栋长的提案》（第20240423号）收悉。现一并答复如下：\n"
            f"{DONE}　　霁川市应急管理局\n　　2024年6月3日\n")  # fmt: skip
    built = Built(tmp_path, {"答复.txt": text})
    [row] = built.named("agency-workload")
    assert (row["leads"], row["replies"], row["answered"]) == ("3", "1", "3")
    joined = built.named("joined-letters")
    assert [row["number"] for row in joined] == ["20240421", "20240422", "20240423"]


def test_a_pair_is_listed_once_however_often_it_is_quoted(tmp_path: Path) -> None:
    body = ("　　一、完善制度。根据《霁川市消防设施管理办法》，建立台账。\n"
            "　　二、加强检查。根据《霁川市消防设施管理办法》，每季度检查一次。\n")  # fmt: skip
    built = Built(tmp_path, {"提案.txt": proposal("市应急管理局", "市财政局"),
                             "答复.txt": reply("霁川市应急管理局", body=body)})  # fmt: skip
    cited = [(row["document"], row["basedOn"]) for row in built.named("citations")]
    assert len(cited) == len(set(cited))
    [pair] = built.named("joined-letters")
    assert (pair["agency"], pair["source"], pair["proposalSource"]) == ("霁川市应急管理局", "答复.txt", "提案.txt")


def test_four_kinds_of_answer_are_told_apart(tmp_path: Path) -> None:
    asked = (f"{TITLE}\n\n提 案 号：{NUMBER}\n提 案 者：程望舒\n主办单位：霁川市应急管理局\n\n建议：\n"
             "　　一、完善社区消防设施台账\n　　（一）每季度检查一次社区灭火器。\n　　（二）公开楼道巡查结果。\n"
             "　　二、推行楼栋长消防培训。\n　　三、设立外来务工人员夜间托管点。\n")  # fmt: skip
    body = ("　　一、关于完善社区消防设施台账。2023年更换社区灭火器3200具。\n"
            "　　二、关于推行楼栋长消防培训。下一步，我局将培训楼栋长500名。\n")  # fmt: skip
    built = Built(tmp_path, {"提案.txt": asked, "答复.txt": reply("霁川市应急管理局", body=body)})
    found = {row["suggestion"]: row["answer"] for row in built.named("unanswered-suggestions")}
    assert found == {"每季度检查一次社区灭火器": "heading", "公开楼道巡查结果": "heading",
                     "设立外来务工人员夜间托管点": "none"}  # fmt: skip
    [row] = built.named("answer-counts")
    assert (row["suggestions"], row["answered"], row["headingAnswered"], row["wordingOnly"], row["notFound"]) == (
        "4", "1", "2", "0", "1",
    )  # fmt: skip


def test_an_agency_in_traditional_characters_is_the_one_in_simplified_ones(tmp_path: Path) -> None:
    files = {"提案.txt": proposal("市消防局", "市財政局"), "会办.txt": opinion("霁川市财政局", "市消防局"),
             "答复.txt": reply("霁川市消防局")}  # fmt: skip
    built = Built(tmp_path, files)
    assert built.silent() == []
    assert built.faults() == []


ROWS = """\
案号,案由,主办单位,会办单位,答复内容
21,关于建设口袋公园的提案,区城管局,区财政局,
22,关于规范停车的提案,区城管局,区民政局,
23,关于增加路灯的提案,{more},,
"""


@pytest.mark.parametrize(
    ("more", "agencies"),
    [
        ("区城管局", {"云桥区城市管理局"}),
        # another district in the list: whose 区城管局 it is stays open
        ("临溪区民政局", {"云桥区城市管理局", "区城市管理局"}),
    ],
)
def test_one_letter_shows_the_district_of_all_rows_of_a_list(tmp_path: Path, more: str, agencies: set[str]) -> None:
    letter = (
        "关于区政协五届二次会议第21号提案的答复\n\n王芳委员：\n"
        "　　您提出的《关于建设口袋公园的提案》收悉，现答复如下：\n"
        "　　一、已建成口袋公园3个。\n　　感谢您的支持。\n\n　　云桥区城市管理局\n　　2024年6月3日\n"
    )
    built = Built(tmp_path, {"清单.csv": ROWS.format(more=more), "答复.txt": letter})
    found = {row["agency"] for row in built.named("handling") if "城市管理局" in str(row["agency"])}
    assert found == agencies
    assert built.faults() == []


def test_an_agency_that_a_letter_only_mentions_keeps_no_list_from_its_place(tmp_path: Path) -> None:
    letter = (
        "关于区政协五届二次会议第21号提案的答复\n\n王芳委员：\n"
        "　　您提出的《关于建设口袋公园的提案》收悉，现答复如下：\n"
        "　　一、已建成口袋公园3个，临溪区民政局曾来我区交流。\n"
        "　　感谢您的支持。\n\n　　云桥区城市管理局\n　　2024年6月3日\n"
    )
    built = Built(tmp_path, {"清单.csv": ROWS.format(more="区城管局"), "答复.txt": letter})
    found = {row["agency"] for row in built.named("handling") if "城市管理局" in str(row["agency"])}
    assert found == {"云桥区城市管理局"}
    assert built.faults() == []
