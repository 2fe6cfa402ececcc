"""Letters in different files: joined by number, title, reference or name of file, and never wrongly."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.graph.view import View
from kg.store.store import Store
from tests.support.joining import ASKED, BY_NUMBER, BY_TITLE, CITY_B, DONE, TITLE, Built, proposal, reply


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


def test_every_link_quotes_both_sides(tmp_path: Path) -> None:
    built = Built(tmp_path, {"甲.txt": proposal(), "乙.txt": reply(BY_TITLE)})
    rows = built.ask("""SELECT ?p ?source ?quote { GRAPH ?g { ?e a pk:Evidence ; rdf:predicate ?p ; pk:confidence ?c ;
        prov:wasQuotedFrom ?s } FILTER (STRENDS(STR(?g), "/links")) ?s nif:anchorOf ?quote ; nif:referenceContext ?x .
        ?x pk:sourcePath ?source }""")
    by_predicate: dict[str | None, set[str | None]] = {}
    for predicate, source, quote in rows:
        by_predicate.setdefault(predicate, set()).add(source)
        assert quote
    assert by_predicate["pk:sameAs"] == by_predicate["pk:respondsTo"] == {"甲.txt", "乙.txt"}


def test_a_reply_by_an_agency_without_its_place_is_that_of_the_agency_in_charge(tmp_path: Path) -> None:
    built = Built(tmp_path, {"甲.txt": proposal(), "乙.txt": reply(BY_TITLE, city="市")})
    assert {r["agency"]: r["opinion"] for r in built.named("handling")} == {"霁川市民政局": "yes", "霁川市商务局": "no"}
    assert {r["agency"] for r in built.named("missing-opinions")} == {"霁川市商务局"}


def test_a_page_with_both_is_left_to_its_own_source(tmp_path: Path) -> None:
    page = f"{proposal()}\n承办单位答复\n\n{reply(BY_TITLE)}"
    built = Built(tmp_path, {"页.txt": page})
    assert built.ask("SELECT ?e { GRAPH ?g { ?e a pk:Evidence } FILTER (STRENDS(STR(?g), '/links')) }") == []
    assert built.states() == {TITLE: "ReplyFound"}
