"""``kg build`` and ``kg sources`` tell what was read and what was not."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from tests.support.commands import run_kg
from tests.support.updates import write

pytestmark = pytest.mark.usefixtures("made_by_hand")


def test_the_closing_table_tells_what_was_read_and_what_was_not(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = tmp_path / "s"
    assert "未变" not in run_kg(capsys, "build", folder, "--store", store)[1]
    write(folder / "丙.txt", "改过")
    (folder / "2023" / "甲.txt").rename(folder / "甲.txt")
    code, out, err = run_kg(capsys, "build", folder, "--store", store)
    assert (code, err) == (0, "")
    for words in ("其中未变，没有重读", "读取 2 份，未变 1 份", "2023/甲.txt → 甲.txt", "--prune"):
        assert words in out
    code, out, _ = run_kg(capsys, "build", folder, "--store", store, "--prune", "--lang", "en")
    assert "removed from the store" in out and "2023/甲.txt" in out and "0 sources read, 3 unchanged" in out
    _, out, _ = run_kg(capsys, "build", folder, "--store", store, "--force")
    assert "其中重读后与原来相同" in out and "3 份来源，用时" in out


def test_sources_are_listed_with_where_and_when(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (folder / "坏.txt").write_bytes(b"\0" * 9 + b"x")
    run_kg(capsys, "build", "in", "--store", "s")
    _, out, _ = run_kg(capsys, "sources", "--store", "s")
    for words in ("in/2023/甲.txt", "读取失败：in/坏.txt：不是文本文件", "正常", "4 份来源", "0.1.0"):
        assert words in out
    _, out, _ = run_kg(capsys, "sources", "--store", "s", "--format", "json")
    told = {row["source"]: row for row in json.loads(out)}
    assert told["2023/甲.txt"]["from"] == str(folder / "2023" / "甲.txt") and len(told["2023/甲.txt"]["sha256"]) == 64
    assert told["坏.txt"]["state"] == "failed" and told["坏.txt"]["quads"] == 0
    _, out, _ = run_kg(capsys, "sources", "--store", "s", "--format", "csv", "--lang", "en")
    rows = {row["source"]: row for row in csv.DictReader(io.StringIO(out))}
    assert rows["坏.txt"]["state"] == "could not be read" and "not a text file" in rows["坏.txt"]["why"]
    assert run_kg(capsys, "sources", "--store", "s", "--format", "pdf")[0] == 2
