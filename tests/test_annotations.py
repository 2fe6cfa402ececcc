"""Annotations of real documents hold no sentence of them, and can be made whole again."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.support.paths import ROOT

SCRIPT = ROOT / "scripts" / "restore_annotations.py"
TEXT = "霁川市夜市办法\n对夜市摊主给予最高2万元补贴。\n"


def run(*arguments: object) -> int:
    return subprocess.run([sys.executable, SCRIPT, *map(str, arguments)], check=False, capture_output=True).returncode


def test_stripped_annotations_are_restored_from_the_source(tmp_path: Path) -> None:
    gold = {
        "source": "夜市.txt",
        "parts": [{"type": "Measure", "begins": ["对夜市", "对夜市摊主"]}],
        "edges": [{"s": "办法", "p": "supports", "o": "摊主"}],
        "figures": [{"type": "Provision", "value": 20000, "quote": "最高2万元"}],
    }
    for name in ("gold", "sources"):
        (tmp_path / name).mkdir()
    (tmp_path / "sources" / "夜市.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "gold" / "夜市.gold.json").write_text(json.dumps(gold, ensure_ascii=False), encoding="utf-8")
    assert run("strip", tmp_path / "gold", tmp_path / "sources", tmp_path / "bare") == 0
    assert "万元" not in (tmp_path / "bare" / "夜市.gold.json").read_text(encoding="utf-8")
    assert run("restore", tmp_path / "bare", tmp_path / "sources", tmp_path / "whole") == 0
    assert json.loads((tmp_path / "whole" / "夜市.gold.json").read_text(encoding="utf-8")) == gold


def test_only_the_annotated_beginning_of_a_source_is_restored(tmp_path: Path) -> None:
    (tmp_path / "夜市.txt").write_text(TEXT, encoding="utf-8")
    gold = {"source": "夜市.txt", "until": 8, "figures": []}
    (tmp_path / "夜市.gold.json").write_text(json.dumps(gold), encoding="utf-8")
    assert run("restore", tmp_path, tmp_path, tmp_path / "whole") == 0
    assert (tmp_path / "whole" / "夜市.txt").read_text(encoding="utf-8") == TEXT[:8]


def test_the_annotations_of_real_documents_hold_no_quote() -> None:
    files = sorted((ROOT / "annotations").glob("*/*.gold.json"))
    assert files
    for path in files:
        gold = json.loads(path.read_text(encoding="utf-8"))
        if (path.parent / gold["source"]).is_file():
            continue  # an invented letter, whose text may be here
        quotes = [entry.get("quote") for name in ("edges", "figures") for entry in gold.get(name, ())]
        assert not [quote for quote in quotes if isinstance(quote, str) and quote], path.name


def test_only_invented_letters_stand_beside_their_annotations() -> None:
    texts = sorted((ROOT / "annotations").glob("*/*.txt"))
    assert {path.parent.name for path in texts} == {"E", "F", "G"}


def test_a_wrong_call_says_how_to_call(tmp_path: Path) -> None:
    assert run("unknown", tmp_path) == 2
