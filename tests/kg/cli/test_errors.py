"""What is wrong is told in one clear line, and leaves nothing behind."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.commands import run_kg
from tests.support.invented_page import PAGE
from tests.support.paths import ROOT

pytestmark = pytest.mark.usefixtures("chinese")


def files(folder: Path) -> set[str]:
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if "kg-store" not in p.parts}


@pytest.mark.parametrize(
    "command",
    [
        ("query", "--name", "handling"),
        ("stats",),
        ("validate",),
        ("export", "--output", "x.ttl"),
        ("viz", "--output", "x.html"),
        ("build", "甲.txt"),
    ],
    ids=lambda command: command[0],
)
def test_damage_of_the_store_is_one_line(
    capsys: pytest.CaptureFixture[str], store_path: Path, command: tuple[str, ...]
) -> None:
    Path("甲.txt").write_text("关于修桥的提案\n建议：\n一、修桥。\n", encoding="utf-8")
    tables = list(store_path.glob("*.sst"))
    assert tables
    for path in tables:
        data = bytearray(path.read_bytes())
        middle = len(data) // 3
        data[middle : middle + 64] = bytes(255 - byte for byte in data[middle : middle + 64])
        path.write_bytes(data)
    code, out, err = run_kg(capsys, *command, "--store", store_path)
    assert (code, out) == (4, "") and "损坏" in err and len(err.strip().splitlines()) == 1


@pytest.fixture
def bad(tmp_path: Path, store_path: Path) -> Path:
    """The store, and inputs of all kinds that cannot be read."""
    (tmp_path / "empty.txt").touch()
    (tmp_path / "binary.txt").write_bytes(bytes(range(256)) * 8)
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "x.jpg").write_bytes(b"x")
    (tmp_path / "page.txt").write_text(PAGE, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["build", "nowhere"], 3, "nowhere"),
        (["build", "empty.txt", "--store", "new"], 3, "empty.txt"),
        (["build", "binary.txt", "--store", "new"], 3, "binary.txt"),
        (["build", "pictures", "--store", "new"], 3, "pictures"),
        (["build", "pictures/x.jpg", "--store", "new"], 3, "x.jpg"),
        (["build", "page.txt", "--store", "pictures"], 4, "pictures"),
        (["build", "page.txt", "--store", "new", "--base", "x"], 2, "x"),
        (["build", "page.txt", "--store", "new", "--workers", "0"], 2, "workers"),
        (["build", "page.txt", "--store", "new", "--lexicon", "nowhere"], 2, "nowhere"),
        (["query", "SELECT ?x WHERE { ?x"], 5, "第 1 行"),
        (["query", "SELECT ?x WHERE { ?x a no:Thing }"], 5, "前缀"),
        (["query", "INSERT DATA { <a:b> <a:c> <a:d> }"], 5, "SELECT"),
        (["query"], 2, "--list"),
        (["query", "ASK {}", "--name", "handling"], 2, "--name"),
        (["query", "--name", "nothing"], 6, "nothing"),
        (["query", "--name", "handling", "--param", "x"], 2, "x"),
        (["query", "--name", "handling", "--param", "x=1"], 2, "x"),
        (["query", "--file", "nowhere.rq"], 3, "nowhere.rq"),
        (["query", "ASK {}", "--format", "excel"], 2, "excel"),
        (["query", "SELECT * {}", "--format", "turtle"], 2, "turtle"),
        (["query", "ASK {}", "--output", "x.txt"], 2, "x.txt"),
        (["query", "ASK {}", "--output", "x"], 2, ".xlsx"),
        (["query", "ASK {}", "--output", "x.ttl"], 2, "turtle"),
        (["query", "CONSTRUCT WHERE { ?s ?p ?o }", "--output", "x.csv"], 2, "csv"),
        (["query", "ASK {}", "--output", "x.csv", "--format", "json"], 2, "json"),
        (["query", "ASK {}", "--output", "x.csv", "--format", "table"], 2, "table"),
        (["query", "ASK {}", "--format", "xlsx"], 2, "--output"),
        (["query", "ASK {}", "--param", "x=1"], 2, "$x"),
        (["query", "ASK { SERVICE <http://127.0.0.1:9/> {} }"], 5, "SERVICE"),
        (["export", "--format", "word", "--output", "x"], 2, "word"),
        (["export", "--output", "x"], 2, "turtle"),
        (["export", "--format", "turtle"], 2, "--output"),
        (["export", "--format", "turtle", "--output", "x.csv"], 2, ".csv"),
        (["export", "--format", "csv", "--output", "x.ttl"], 2, ".ttl"),
        (["export", "--format", "nquads", "--output", "x.nq.gz"], 2, ".gz"),
        (["export", "--output", "x.xlsx"], 2, "x.xlsx"),
        (["export", "--output", "-"], 2, "turtle"),
        (["report", "coverage", "--format", "md", "--output", "x.csv"], 2, ".csv"),
        (["report", "coverage", "--format", "csv", "--output", "x.ttl"], 2, ".ttl"),
        (["diff", "kg-store", "kg-store", "--output", "x.xlsx"], 2, "x.xlsx"),
        (["diff", "kg-store", "kg-store", "--format", "text", "--output", "x.csv"], 2, ".csv"),
        (["viz", "--output", "x.png"], 2, ".html"),
        (["review", "--output", "x.csv"], 2, ".xlsx"),
        (["eval", ".", "--json", "x.html"], 2, ".html"),
        (["export", "--format", "turtle", "--output", "pictures"], 2, "pictures"),
        (["viz", "--output", "x.html", "--about", "没有这样的名字"], 6, "没有这样的名字"),
        (["viz", "--output", "pictures"], 2, "pictures"),
        (["viz", "--output", "x.html", "--view", "pie"], 2, "pie"),
        (["viz", "--output", "x.html", "--look", "nowhere"], 2, "nowhere"),
        (["show", "没有这样的名字"], 6, "没有这样的名字"),
        (["show", "工信局"], 6, "工信局"),
        (["remove", "nowhere.txt"], 6, "nowhere.txt"),
        (["nonsense"], 2, "nonsense"),
        (["build", "page.txt", "--nonsense"], 2, "--nonsense"),
        (["stats", "--lang", "fr"], 2, "fr"),
        *[([c, *more, "--store", "none"], 4, "none") for c, more in (
            ("query", ["ASK {}"]), ("export", ["--output", "x.ttl"]), ("viz", ["--output", "x.html"]), ("show", ["x"]),
            ("stats", []), ("validate", []), ("sources", []), ("remove", ["x"]))],
    ],
)  # fmt: skip
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_error_is_one_line_and_leaves_nothing(
    capsys: pytest.CaptureFixture[str], bad: Path, arguments: list[str], code: int, words: str, lang: str
) -> None:
    before = files(bad)
    extra = [] if "--lang" in arguments else ["--lang", lang]
    found, out, err = run_kg(capsys, *arguments, *extra)
    assert found == code, err
    assert out == ""
    assert err.count("\n") == 1 and err.endswith("\n")
    assert "Traceback" not in err
    if lang == "zh":
        assert words in err
    elif "--lang" not in arguments:
        assert not re.search("[\u4e00-\u9fff]", err.replace(words, "").replace("工信局", "").replace("澄溪市", "")) or (
            "did you mean" in err
        )
    assert files(bad) == before


def test_a_failed_file_is_said_and_the_others_are_built(capsys: pytest.CaptureFixture[str], bad: Path) -> None:
    code, out, err = run_kg(capsys, "build", "page.txt", "empty.txt", "--store", "new")
    assert code == 3 and "empty.txt" in err and "Traceback" not in err
    told = json.loads(run_kg(capsys, "sources", "--store", "new", "--format", "json")[1])
    assert [(one["source"], one["state"]) for one in told] == [("empty.txt", "failed"), ("page.txt", "ok")]
    assert "失败" in out


def test_near_names_are_suggested(capsys: pytest.CaptureFixture[str], store_path: Path) -> None:
    _, _, err = run_kg(capsys, "show", "专精特新")
    assert "国家级专精特新“小巨人”企业" in err and "省级专精特新中小企业" in err


def test_a_query_that_takes_too_long_is_stopped(store_path: Path) -> None:
    slow = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
    done = subprocess.run(
        [sys.executable, "-m", "kg.cli", "query", slow, "--timeout", "0.5", "--store", store_path],
        capture_output=True, encoding="utf-8", cwd=ROOT, env={**os.environ, "LC_ALL": "zh_CN.UTF-8"},
    )  # fmt: skip
    assert done.returncode == 5
    assert done.stderr.count("\n") == 1 and "--timeout" in done.stderr
