"""What is known of the reply to each proposal: lists, notices, and files that cannot be read."""

from __future__ import annotations

from pathlib import Path

import pytest

import kg
from kg.ingest.build import build, remove
from kg.store.store import Store
from tests.support.joining import BY_NUMBER, LIST, TITLE, Built, proposal, reply, write


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
        ("办理状态：撤案", "ReplyNotDue"),
        ("备注：委员主动撤案", "ReplyNotDue"),
        ("立案审查意见：经审查，不予立案，转为社情民意", "ReplyNotDue"),
        ("办理情况：退回，不属于本市职权", "ReplyNotDue"),
        ("办理状态：退回，转市水务局办理", "NoReplyFound"),
        ("办理状态：退回，重新交办", "NoReplyFound"),
        ("办理状态：未办理", "NoReplyFound"),
        ("备注：与第9号合并办理", "ReplyNotDue"),
        ("答复状态：已面复", "ReplyElsewhere"),
        ("答复状态：2024年6月20日书面答复", "ReplyElsewhere"),
        ("答复状态：待答复", "NoReplyFound"),
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


def test_show_says_what_is_known_of_the_reply(tmp_path: Path) -> None:
    built = Built(tmp_path, {"清单.csv": LIST})
    with kg.open(built.path) as graph:
        [sheet] = graph.show("20240232")
        [line] = [x for x in sheet.lines if x.label == "答复状况"]
        assert line.value == "有答复，但不公开" and [p.text for p in line.passages] == ["是否公开：否"]
        [english] = [x for x in graph.show("20240231", "en")[0].lines if x.label == "Reply"]
        assert "not found in what was read" in english.value and "not answered" in english.value
