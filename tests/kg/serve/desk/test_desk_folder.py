"""The folder of a desk: files come in, changes are taken back."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import NotFoundError, UsageError
from kg.serve.desk.folder import DeskFolder


def drop(desk: DeskFolder, name: str, text: str, change: int) -> tuple[str, str]:
    upload = desk.open_upload()
    upload.write_text(text, encoding="utf-8")
    return desk.keep_upload(upload, name, change)


def content(desk: DeskFolder) -> dict[str, str]:
    return {file.name: (desk.files / file.name).read_text(encoding="utf-8") for file in desk.list_files()}


@pytest.fixture
def desk(tmp_path: Path) -> DeskFolder:
    return DeskFolder(tmp_path / "台")


def test_files_are_new_the_same_or_replaced(desk: DeskFolder) -> None:
    first = desk.begin_change()
    assert drop(desk, "2024/a.txt", "甲", first) == ("2024/a.txt", "new")
    assert drop(desk, "2024/a.txt", "甲", desk.begin_change()) == ("2024/a.txt", "same")
    assert drop(desk, "2024/a.txt", "乙", desk.begin_change()) == ("2024/a.txt", "replaced")
    assert content(desk) == {"2024/a.txt": "乙"}
    assert not list(desk.path.glob(".upload-*"))


def test_each_change_is_taken_back_in_turn(desk: DeskFolder) -> None:
    first = desk.begin_change()
    drop(desk, "a.txt", "甲", first)
    drop(desk, "b.txt", "甲", first)
    second = desk.begin_change()
    drop(desk, "a.txt", "乙", second)
    drop(desk, "a.txt", "丙", second)
    drop(desk, "c.txt", "丁", second)
    desk.remove_files(["b.txt"])
    assert content(desk) == {"a.txt": "丙", "c.txt": "丁"}
    assert desk.describe_last_change() == {"added": [], "taken": ["b.txt"]}
    desk.undo_change()
    assert content(desk) == {"a.txt": "丙", "b.txt": "甲", "c.txt": "丁"}
    desk.undo_change()
    assert content(desk) == {"a.txt": "甲", "b.txt": "甲"}
    desk.undo_change()
    assert content(desk) == {}
    with pytest.raises(NotFoundError):
        desk.undo_change()


def test_a_file_and_a_folder_of_one_name_do_not_replace_each_other(desk: DeskFolder) -> None:
    change = desk.begin_change()
    drop(desk, "q/a.txt", "甲", change)
    with pytest.raises(UsageError, match="a folder has this name"):
        drop(desk, "q", "乙", change)
    drop(desk, "r", "丙", change)
    with pytest.raises(UsageError, match="a file has the name"):
        drop(desk, "r/a.txt", "丁", change)
    assert content(desk) == {"q/a.txt": "甲", "r": "丙"}
    desk.undo_change()
    assert content(desk) == {}


def test_a_name_that_leads_elsewhere_stays_inside(desk: DeskFolder, tmp_path: Path) -> None:
    name, _ = drop(desk, "../../../outside.txt", "x", desk.begin_change())
    assert name == "outside.txt" and not (tmp_path / "outside.txt").exists()


def test_only_files_of_the_desk_are_removed(desk: DeskFolder, tmp_path: Path) -> None:
    (tmp_path / "outside.txt").write_text("x", encoding="utf-8")
    for name in ("../../outside.txt", "../kg-decisions.tsv", "none.txt", ""):
        with pytest.raises(NotFoundError):
            desk.remove_files([name])
    assert (tmp_path / "outside.txt").exists()


def test_a_desk_is_opened_again_as_it_was(desk: DeskFolder) -> None:
    drop(desk, "a.txt", "甲", desk.begin_change())
    desk.write_report({"time": 1.0})
    again = DeskFolder(desk.path)
    assert content(again) == {"a.txt": "甲"} and again.read_report() == {"time": 1.0}
    again.undo_change()
    assert content(again) == {}
