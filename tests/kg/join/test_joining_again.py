"""Joining anew, after changes, removals and interruptions, gives the same links."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

import kg
from kg.errors import NotFoundError
from kg.ingest.build import build, remove
from kg.join import join_letters
from kg.store.store import Store
from tests.support.joining import BY_TITLE, LIST, TITLE, Built, proposal, reply, write

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
