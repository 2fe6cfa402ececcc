"""Letters in different files: joined by number, title, reference or name of file, and never wrongly."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

import kg
from kg.errors import NotFoundError
from kg.graph.query import load_named_query, run_query
from kg.graph.validate import validate_store
from kg.graph.view import View
from kg.ingest.build import BuildReport, build, remove
from kg.join import join_letters
from kg.store.store import Store

ASKED = """\
建议：
　　一、扩大社区食堂布点。将社区智慧食堂纳入民生实事，每年新建不少于20家。
　　二、健全运营补贴机制。对连续运营满一年的社区食堂给予奖补。
　　三、推广智慧结算系统。引入人脸识别和营养分析设备。
"""
DONE = """\
　　一、扩大社区食堂布点。2023年新建社区食堂18家，总数达到60家，覆盖率提升到31%。
　　二、健全补贴机制。对连续运营满一年的社区食堂给予最高8万元补贴。
　　三、推广智慧结算。在12家食堂试点人脸识别结算系统。
"""
TITLE = "关于建设社区智慧食堂的提案"


def proposal(number: str = "20240231", title: str = TITLE, session: str = "市政协六届三次会议",
             city: str = "霁川市", body: str = ASKED) -> str:  # fmt: skip
    head = f"提 案 号：{number}\n" if number else ""
    head += f"会    次：{session}\n" if session else ""
    return f"{title}\n\n{head}提 案 者：苏见溪\n主办单位：{city}民政局\n会办单位：{city}商务局\n\n{body}"


def reply(of: str, city: str = "霁川市", year: int = 2024, body: str = DONE, head: str = "") -> str:
    return f"{head}苏见溪委员：\n　　{of}收悉。现答复如下：\n{body}　　{city}民政局\n　　{year}年6月3日\n"


BY_NUMBER = "您在市政协六届三次会议上提出的第20240231号提案"
BY_TITLE = f"您提出的《{TITLE}》"


def write(folder: Path, files: dict[str, str | bytes]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


class Built:
    """Files in a folder, built into a store."""

    def __init__(self, home: Path, files: dict[str, str | bytes]) -> None:
        self.folder, self.path = write(home / "in", files), home / "store"
        self.report: BuildReport = build(self.folder, self.path)

    def ask(self, sparql: str) -> list[tuple[str | None, ...]]:
        with Store(self.path) as store:
            return [tuple(row.values()) for row in run_query(store, sparql).values()]

    def named(self, name: str, **params: str) -> list[dict[str, str | None]]:
        with Store(self.path) as store:
            return run_query(store, load_named_query(name, params)).values()

    def joined(self) -> set[tuple[str | None, ...]]:
        """Source of the reply, source of the proposal with text, and on what ground."""
        return {(row["source"], row["proposalSource"], row["ground"])
                for row in self.named("joined-letters") if row["proposalSource"]}  # fmt: skip

    def states(self) -> dict[str | None, str | None]:
        return {row["title"]: row["state"] for row in self.named("reply-states")}

    def answers(self) -> int:
        (row,) = self.ask(
            "SELECT (COUNT(DISTINCT ?m) AS ?n) { ?m pk:respondsTo|pk:mayRespondTo ?s . ?m pk:partOf+ ?r . "
            "?s pk:partOf+ ?p . ?r a pk:LeadReply . ?p a pk:Proposal }"
        )
        return int(row[0] or 0)

    def export(self) -> str:
        with kg.open(self.path) as graph:
            return str(graph.export("nquads"))

    def faults(self) -> list[str]:
        with Store(self.path) as store:
            return [f.en for f in validate_store(store)]


@pytest.mark.parametrize(
    ("files", "ground"),
    [
        ({"甲.txt": proposal(), "乙.txt": reply(BY_NUMBER)}, "stated"),
        # the reply does not say of which city it is
        ({"甲.txt": proposal(), "乙.txt": reply("您提出的第20240231号提案", city="市")}, "join.number"),
        ({"甲.txt": proposal(), "乙.txt": reply(BY_TITLE)}, "join.title"),
        ({"甲.txt": proposal(), "乙.txt": reply("您提出的关于建设社区智慧食堂的建议")}, "join.title"),
        ({"甲.txt": proposal(title="关于建设“社区智慧食堂”的提案"), "乙.txt": reply(BY_TITLE)}, "join.title"),
        ({"甲.txt": proposal(title="关于建设社区（智慧）食堂的提案"),
          "乙.txt": reply("您提出的《关于建设社区(智慧)食堂的提案》")}, "join.title"),
        ({"件/20240231.txt": proposal(number=""), "件/20240231答复.txt": reply("您的提案")}, "join.file-name"),
        ({"第12号提案.txt": proposal(number=""), "第12号提案答复.txt": reply("您的提案")}, "join.file-name"),
        ({"提案/智慧食堂.txt": proposal(), "答复/智慧食堂答复.txt": reply("您的提案")}, "join.file-name"),
        ({"食堂/提案.txt": proposal(), "食堂/答复.txt": reply("您的提案")}, "join.file-name"),
        ({"甲.txt": proposal(), "乙.txt": reply("您的提案", body=f"　　建设社区智慧食堂是民生实事。\n{DONE}")},
         "join.reference"),
    ],
    ids=["number", "number-no-place", "title", "title-bare", "quotes", "width", "file-number", "file-short",
         "file-name", "folder", "reference"],
)  # fmt: skip
def test_a_reply_in_another_file_is_joined(tmp_path: Path, files: dict[str, str | bytes], ground: str) -> None:
    built = Built(tmp_path, files)
    letter, answer = list(files)
    assert built.joined() == {(answer, letter, ground)}
    assert set(built.states().values()) == {"ReplyFound"}
    assert built.answers() == 3
    assert built.faults() == []
    assert len({row["title"] for row in built.named("proposals")}) == 1


LONG_TITLE = "关于在全市老旧小区加快建设社区智慧食堂和老年人助餐服务点的提案"


@pytest.mark.parametrize(
    "title",
    [LONG_TITLE.replace("食堂和", "食堂与"), LONG_TITLE.replace("服务点", "点"), LONG_TITLE.replace("小区", "小区内")],
    ids=["other", "less", "more"],
)
def test_a_title_that_differs_in_a_few_characters_is_joined(tmp_path: Path, title: str) -> None:
    asked = proposal(number="", title=LONG_TITLE)
    built = Built(tmp_path, {"甲.txt": asked, "乙.txt": reply(f"您提出的《{title}》")})
    assert built.joined() == {("乙.txt", "甲.txt", "join.title")}
    assert set(built.states().values()) == {"ReplyFound"}
    assert built.faults() == []


CITY_B = {"city": "云桥市"}


@pytest.mark.parametrize(
    "files",
    [
        {"甲.txt": proposal(), "乙.txt": reply(BY_NUMBER, **CITY_B)},
        {"甲.txt": proposal(), "乙.txt": reply(BY_TITLE, **CITY_B)},
        {"甲.txt": proposal(number="012"), "乙.txt": reply("您在市政协六届四次会议上提出的第012号提案")},
        {"甲.txt": proposal(number="012"), "乙.txt": reply("您在市六届人大三次会议上提出的第012号建议")},
        {"甲.txt": proposal("012", session=""), "乙.txt": reply("您向政协提出的《关于增设公园的提案》（第012号）")},
        {"甲.txt": proposal(), "乙.txt": reply("您提出的《关于建设社区智慧书房和健身角的提案》")},
        {"甲.txt": proposal(title="关于食堂的提案"), "乙.txt": reply("您提出的《关于食堂的提案》", city="市")},
        {"甲.txt": proposal(), "乙.txt": reply("您提出的第20240232号提案")},
        {"甲.txt": proposal(), "乙.txt": reply(BY_TITLE, year=2027)},
        {"甲/20240231.txt": proposal(number=""), "乙/20240231答复.txt": reply("您的提案")},
        {"件/20240231.txt": proposal(), "件/20240231答复.txt": reply("您提出的第20240299号提案")},
        {"提案.txt": proposal(), "答复.txt": reply("您的提案")},
    ],
    ids=["other-city-number", "other-city-title", "other-session", "other-body", "other-title-of-a-short-number",
         "other-title", "short-title", "other-number", "too-late", "other-folder", "file-against-number",
         "no-folder-of-its-own"],
)  # fmt: skip
def test_what_contradicts_is_not_joined(tmp_path: Path, files: dict[str, str | bytes]) -> None:
    built = Built(tmp_path, files)
    assert built.joined() == set()
    assert built.answers() == 0
    assert built.ask("SELECT ?a { ?a pk:sameAs ?b }") == []
    with Store(built.path) as store:
        [with_text] = [i for i in View(store).find_by_class("Proposal") if "社区食堂" in str(View(store).links(i))]
        assert View(store).first_value(with_text, "https://w3id.org/proposal-kg/ns#replyState").endswith("NoReplyFound")


def test_two_candidates_are_named_and_none_is_joined(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "甲.txt": proposal("20240231"),
        "丙.txt": proposal("20240777", body=ASKED.replace("社区", "街道").replace("食堂", "餐厅")),
        "乙.txt": reply(BY_TITLE),
    }
    built = Built(tmp_path, files)
    assert built.joined() == set()
    assert built.report.joined is not None
    [one] = built.report.joined.ambiguous
    assert TITLE in one.name and len(one.candidates) == 2
    assert {c.split()[0] for c in one.candidates} == {"20240231", "20240777"}
    assert built.faults() == []


def test_one_reply_to_several_proposals_and_several_replies_to_one(tmp_path: Path) -> None:
    other = "关于增设老年人助餐服务网点的提案"
    both = f"您提出的《{TITLE}》（第20240231号）和《{other}》（第20240240号）"
    built = Built(tmp_path, {
        "一.txt": proposal(),
        "二.txt": proposal("20240240", other, body="建议：\n　　一、增设老年助餐网点。每个街道至少设置2个助餐点。\n"),
        "并案答复.txt": reply(both),
        "会办.txt": "市民政局：\n　　现就市政协六届三次会议第20240231号提案提出会办意见如下：\n"
                    "　　一、推广智慧结算系统。已在商圈食堂安装设备。\n　　霁川市商务局\n　　2024年5月2日\n",
    })  # fmt: skip
    assert {(a, b) for a, b, _ in built.joined()} == {
        ("并案答复.txt", "一.txt"), ("并案答复.txt", "二.txt"), ("会办.txt", "一.txt"),
    }  # fmt: skip
    assert set(built.states().values()) == {"ReplyFound"}
    assert [r for r in built.named("missing-opinions") if r["number"] == "20240231"] == []


def test_an_opinion_alone_is_no_reply(tmp_path: Path) -> None:
    built = Built(tmp_path, {
        "一.txt": proposal(),
        "会办.txt": "市民政局：\n　　现就市政协六届三次会议第20240231号提案提出会办意见如下：\n"
                    "　　一、推广智慧结算系统。已在商圈食堂安装设备。\n　　霁川市商务局\n　　2024年5月2日\n",
    })  # fmt: skip
    assert built.states() == {TITLE: "NoReplyFound"}


LIST = """\
提案编号,案由,提案者,会议,主办单位,会办单位,是否公开,答复内容
20240231,关于建设社区智慧食堂的提案,苏见溪,市政协六届三次会议,霁川市民政局,霁川市商务局,是,
20240232,关于整治老旧小区飞线充电的提案,林知夏,市政协六届三次会议,霁川市住房和城乡建设局,,否,
20240233,关于完善公交夜间班次的提案,顾书宁,市政协六届三次会议,霁川市交通运输局,,是,
20240234,关于保护古树名木的提案,顾书宁,市政协六届三次会议,霁川市林业局,,是,您提出的提案收悉。现答复如下：一、已挂牌保护古树212株。
"""


def test_the_rows_of_a_list_join_letters_in_other_files_and_have_a_state(tmp_path: Path) -> None:
    built = Built(tmp_path, {
        "清单.csv": LIST,
        "提案.txt": proposal(number="", session=""),
        "答复.txt": reply(BY_NUMBER),
        "20240233答复.pdf": b"%PDF-1.4 broken",
    })  # fmt: skip
    assert built.states() == {
        "关于建设社区智慧食堂的提案": "ReplyFound", "关于整治老旧小区飞线充电的提案": "ReplyNotPublished",
        "关于完善公交夜间班次的提案": "ReplyUnreadable", "关于保护古树名木的提案": "ReplyFound",
    }  # fmt: skip
    rows = {r["number"]: r for r in built.named("reply-states")}
    assert rows["20240232"]["quote"] == "是否公开：否" and rows["20240232"]["source"] == "清单.csv/20240232"
    assert rows["20240233"]["file"] == "20240233答复.pdf"
    assert built.joined() == {("答复.txt", "提案.txt", "join.title")}
    assert built.answers() == 3
    assert {r["agency"] for r in built.named("handling", proposal="20240231")} == {"霁川市民政局", "霁川市商务局"}
    assert built.faults() == []


@pytest.mark.parametrize(
    ("line", "state"),
    [
        ("答复内容：不予公开", "ReplyNotPublished"),
        ("本提案答复依申请公开。", "ReplyNotPublished"),
        ("该件办理结果 不公开", "ReplyNotPublished"),
        ("答复是否公开：否", "ReplyNotPublished"),
        ("答复是否公开：是", "NoReplyFound"),
        ("答复日期：2024年6月14日", "ReplyElsewhere"),
        ("办复时间：2024-06-14", "ReplyElsewhere"),
        ("答复文号：霁民函〔2024〕6号", "ReplyElsewhere"),
        ("答覆日期：2024年6月14日", "ReplyElsewhere"),
        ("答覆內容：不予公開", "ReplyNotPublished"),
        ("答复日期：", "NoReplyFound"),
        ("办理结果：A", "ReplyElsewhere"),
        ("办理结果：列入计划解决", "ReplyElsewhere"),
        ("办理结果：正在办理", "NoReplyFound"),
        ("办理结果：未办结", "NoReplyFound"),
        ("答复时限：2024年6月14日", "NoReplyFound"),
        ("交办日期：2024年6月14日", "NoReplyFound"),
        # about openness, and not of the reply
        ("　　四、完善依申请公开制度，对不予公开的政府信息说明理由，答复申请人时注明依据。", "NoReplyFound"),
    ],
)
def test_a_reply_that_is_not_published_is_said_to_be_that(tmp_path: Path, line: str, state: str) -> None:
    built = Built(tmp_path, {"甲.txt": f"{proposal()}\n{line}\n"})
    assert built.states() == {TITLE: state}
    if state != "NoReplyFound":
        [row] = built.named("reply-states")
        assert row["quote"] == line.strip()
        assert built.named("missing-opinions") == []
    assert built.faults() == []


def test_a_notice_in_a_file_of_its_own_counts(tmp_path: Path) -> None:
    built = Built(tmp_path, {"20240231提案.txt": proposal(), "20240231答复.txt": "答复内容不公开\n"})
    assert built.states() == {TITLE: "ReplyNotPublished"}


@pytest.mark.parametrize("name", ["20240231答复.pdf", "关于建设社区智慧食堂的提案的答复.pdf", "20240231.pdf"])
def test_a_reply_that_cannot_be_read_is_no_missing_reply(tmp_path: Path, name: str) -> None:
    built = Built(tmp_path, {"20240231提案.txt": proposal(), name: b"%PDF-1.4 broken", "别的.pdf": b"%PDF-1.4 broken"})
    assert built.states() == {TITLE: "ReplyUnreadable"}
    assert built.report.joined is not None
    assert built.report.joined.unreadable == ((f"20240231 {TITLE}", (name,)),)
    # it is remembered, and forgotten when it is read, or taken out
    assert build(built.folder / "20240231提案.txt", built.path).joined == built.report.joined
    with Store(built.path, write=True) as store:
        remove(name, store)
    assert built.states() == {TITLE: "NoReplyFound"}


def test_a_file_that_is_read_at_last_is_a_reply(tmp_path: Path) -> None:
    built = Built(tmp_path, {"甲.txt": proposal(), "20240231答复.txt": b"\0" * 50})
    assert built.states() == {TITLE: "ReplyUnreadable"}
    write(built.folder, {"20240231答复.txt": reply(BY_NUMBER)})
    build(built.folder, built.path)
    assert built.states() == {TITLE: "ReplyFound"}
    assert "unreadFile" not in built.export()


MANY: dict[str, str | bytes] = {
    "甲.txt": proposal(), "乙.txt": reply(BY_TITLE), "清单.csv": LIST,
    "丙/提案.txt": proposal("20240299", "关于增设口袋公园的提案"),
    "丙/答复.txt": reply("您的提案"), "20240233答复.pdf": b"%PDF-1.4 broken", "丁.txt": proposal(city="云桥市"),
}  # fmt: skip


def test_the_order_of_files_and_the_number_of_workers_change_nothing(tmp_path: Path) -> None:
    whole = Built(tmp_path / "1", MANY).export()
    assert "/links>" in whole
    folder = write(tmp_path / "2" / "in", MANY)
    build(folder, tmp_path / "2" / "store", workers=2)
    with kg.open(tmp_path / "2" / "store") as graph:
        assert graph.export("nquads") == whole
    names = sorted(MANY)
    random.Random(7).shuffle(names)
    for name in names:  # one at a time, each under its own path
        one = write(tmp_path / "3" / name.replace("/", "_"), {name: MANY[name]})
        build(one, tmp_path / "3" / "store")
    with kg.open(tmp_path / "3" / "store") as graph:
        assert graph.export("nquads") == whole


def test_joining_again_changes_nothing(tmp_path: Path) -> None:
    built = Built(tmp_path, MANY)
    before = built.export()
    with Store(built.path, write=True) as store:
        join_letters(store)
    assert built.export() == before


@pytest.mark.parametrize("gone", ["甲.txt", "乙.txt"])
def test_the_link_goes_with_either_side(tmp_path: Path, gone: str) -> None:
    files: dict[str, str | bytes] = {"甲.txt": proposal(), "乙.txt": reply(BY_TITLE)}
    built = Built(tmp_path / "both", files)
    assert built.answers() == 3
    with Store(built.path, write=True) as store:
        remove(gone, store)
    (left,) = set(files) - {gone}
    assert built.export() == Built(tmp_path / "one", {left: files[left]}).export()
    assert built.answers() == 0 and built.joined() == set()


def test_the_link_goes_when_a_side_is_changed(tmp_path: Path) -> None:
    built = Built(tmp_path, {"甲.txt": proposal(), "乙.txt": reply(BY_TITLE)})
    write(built.folder, {"乙.txt": reply("您提出的《关于增设口袋公园和健身步道的提案》")})
    build(built.folder, built.path)
    assert built.joined() == set() and built.answers() == 0
    assert built.states()[TITLE] == "NoReplyFound"
    assert built.faults() == []


def test_the_same_proposal_on_two_portals_is_linked_and_counted_once(tmp_path: Path) -> None:
    body = ASKED + "　　四、设立专项资金。市级财政每年安排500万元，对新建食堂给予最高30万元补助。\n"
    built = Built(tmp_path, {
        "甲.txt": proposal(body=body),
        "乙.txt": proposal(number="", session="", city="市", body=body),
        "丙.txt": reply(BY_NUMBER),
    })  # fmt: skip
    assert built.report.joined is not None and built.report.joined.doubles == 1
    with Store(built.path) as store:
        view = View(store)
        [one] = view.find_by_class("Proposal")
        assert {p.source for p in view.passages(one)} == {"甲.txt", "乙.txt", "丙.txt"}
        assert len(view.find_by_class("Suggestion")) == 4
        [part] = [i for i in view.find_by_class("Suggestion") if "专项资金" in view.label(i)]
        assert {p.source for p in view.passages(part)} == {"甲.txt", "乙.txt"}
        figures = [f.value for f in view.all_figures()]
        assert len(figures) == len({(f.iri) for f in view.all_figures()})
    assert len({(r["title"]) for r in built.named("proposals")}) == 1
    assert [r["suggestion"] for r in built.named("unanswered-suggestions")].count("设立专项资金") == 1
    assert built.faults() == []


@pytest.mark.parametrize("mend", [("，", ","), ("。", "."), ("一、", "1.")])
def test_portals_that_print_a_letter_in_two_ways_have_one_letter(tmp_path: Path, mend: tuple[str, str]) -> None:
    built = Built(tmp_path, {"甲网/提案.txt": proposal(), "乙网/提案.txt": proposal(body=ASKED.replace(*mend))})
    with Store(built.path) as store:
        assert len(View(store).find_by_class("Proposal")) == 1
        assert len(View(store).find_by_class("Suggestion")) == 3
    assert built.faults() == []


def test_the_same_reply_on_two_portals_is_linked_and_counted_once(tmp_path: Path) -> None:
    built = Built(tmp_path, {
        "甲.txt": proposal(), "乙.txt": reply(BY_NUMBER), "丙.txt": reply(f"您提出的提案《{TITLE}》", city="市"),
    })  # fmt: skip
    with Store(built.path) as store:
        assert len(View(store).find_by_class("LeadReply")) == 1
        assert len(View(store).find_by_class("Measure")) == 3
    subsidies = built.named("subsidies")
    assert [r["value"] for r in subsidies if r["value"] == "80000"] == ["80000"]
    assert built.faults() == []


def test_texts_of_one_title_that_differ_are_two(tmp_path: Path) -> None:
    other = "建议：\n　　一、降低食堂租金。由国有物业提供场地，三年免租。\n　　二、培训厨师，每季度不少于一期。\n"
    built = Built(tmp_path, {"甲.txt": proposal("20240231"), "乙.txt": proposal(number="", session="", body=other)})
    with Store(built.path) as store:
        assert len(View(store).find_by_class("Proposal")) == 2


def test_every_link_quotes_both_sides(tmp_path: Path) -> None:
    built = Built(tmp_path, {"甲.txt": proposal(), "乙.txt": reply(BY_TITLE)})
    rows = built.ask("""SELECT ?p ?source ?quote { GRAPH ?g { ?e a pk:Evidence ; rdf:predicate ?p ; pk:confidence ?c ;
        prov:wasQuotedFrom ?s } FILTER (STRENDS(STR(?g), "/links")) ?s nif:anchorOf ?quote ; nif:referenceContext ?x .
        ?x pk:sourcePath ?source }""")
    by_predicate: dict[str | None, set[str | None]] = {}
    for predicate, source, quote in rows:
        by_predicate.setdefault(predicate, set()).add(source)
        assert quote
    assert by_predicate["pk:sameAs"] == by_predicate["pk:mayRespondTo"] == {"甲.txt", "乙.txt"}


def test_a_reply_by_an_agency_without_its_place_is_that_of_the_agency_in_charge(tmp_path: Path) -> None:
    built = Built(tmp_path, {"甲.txt": proposal(), "乙.txt": reply(BY_TITLE, city="市")})
    assert {r["agency"]: r["opinion"] for r in built.named("handling")} == {"霁川市民政局": "yes", "霁川市商务局": "no"}
    assert {r["agency"] for r in built.named("missing-opinions")} == {"霁川市商务局"}


def test_a_page_with_both_is_left_to_its_own_source(tmp_path: Path) -> None:
    page = f"{proposal()}\n承办单位答复\n\n{reply(BY_TITLE)}"
    built = Built(tmp_path, {"页.txt": page})
    assert built.ask("SELECT ?e { GRAPH ?g { ?e a pk:Evidence } FILTER (STRENDS(STR(?g), '/links')) }") == []
    assert built.states() == {TITLE: "ReplyFound"}


def test_show_says_what_is_known_of_the_reply(tmp_path: Path) -> None:
    built = Built(tmp_path, {"清单.csv": LIST})
    with kg.open(built.path) as graph:
        [sheet] = graph.show("20240232")
        [line] = [x for x in sheet.lines if x.label == "答复状况"]
        assert line.value == "有答复，但不公开" and [p.text for p in line.passages] == ["是否公开：否"]
        [english] = [x for x in graph.show("20240231", "en")[0].lines if x.label == "Reply"]
        assert "not found in what was read" in english.value and "not answered" in english.value


def test_a_build_that_was_killed_before_it_joined_is_made_good_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Then nothing has changed any more, and yet there is something to do."""
    folder = write(tmp_path / "in", {"甲.txt": proposal(), "乙.txt": reply(BY_TITLE)})

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("kg.join.join_letters", killed)
        with pytest.raises(KeyboardInterrupt):
            build(folder, tmp_path / "store")
    report = build(folder, tmp_path / "store")
    assert report.built == () and report.joined is not None and report.joined.replies == 1
    with kg.open(tmp_path / "store") as again:
        after = again.export("nquads")
    assert after == Built(tmp_path / "fresh", {"甲.txt": proposal(), "乙.txt": reply(BY_TITLE)}).export()


def test_a_removal_that_was_killed_before_it_joined_is_finished_by_saying_it_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built = Built(tmp_path / "both", {"甲.txt": proposal(), "乙.txt": reply(BY_TITLE)})

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("kg.join.graph.join_letters", killed)
        with pytest.raises(KeyboardInterrupt), Store(built.path, write=True) as store:
            remove("乙.txt", store)
    with Store(built.path, write=True) as store:
        with pytest.raises(NotFoundError):
            remove("丙.txt", store)
        remove("乙.txt", store)
    assert built.export() == Built(tmp_path / "one", {"甲.txt": proposal()}).export()
    with Store(built.path, write=True) as store, pytest.raises(NotFoundError):
        remove("乙.txt", store)


def test_the_link_goes_with_a_file_that_is_gone(tmp_path: Path) -> None:
    built = Built(tmp_path / "both", {"甲.txt": proposal(), "乙.txt": reply(BY_TITLE)})
    (built.folder / "乙.txt").unlink()
    build(built.folder, built.path, prune=True)
    assert built.export() == Built(tmp_path / "one", {"甲.txt": proposal()}).export()


def test_a_file_that_could_not_be_read_and_is_gone_is_no_reply_any_more(tmp_path: Path) -> None:
    built = Built(tmp_path, {"甲.txt": proposal(), "20240231答复.pdf": b"%PDF-1.4 broken"})
    assert built.states() == {TITLE: "ReplyUnreadable"}
    (built.folder / "20240231答复.pdf").unlink()
    build(built.folder, built.path)
    assert built.states() == {TITLE: "NoReplyFound"}
