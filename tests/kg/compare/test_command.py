"""``kg diff`` and ``kg builds``: what is typed and what comes out."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

import kg
from tests.support.commands import run_kg
from tests.support.yearly_letters import kg_export, letter


@pytest.fixture
def pair(build: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Two stores in the current folder, and a file of each."""
    monkeypatch.setenv("KG_LANG", "zh")
    monkeypatch.chdir(tmp_path)
    for name, n in (("old", 58), ("new", 113)):
        assert kg_export(build(name, a=letter(n=n)), tmp_path / f"{name}.ttl")


@pytest.mark.usefixtures("pair")
def test_the_command_says_what_changed(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run_kg(capsys, "diff", "old", "new.ttl")
    assert (code, err) == (0, "")
    assert "原来：old\n现在：new.ttl\n" in out
    assert "霁川市  [地方]\n" in out and "  ~ 补助企业：58家 → 113家（2023）\n" in out
    assert "      - “2023年，全市补助企业58家，拨付资金580万元。” — a.txt\n" in out
    assert out.rstrip().rpartition("\n")[2] == "新增 0，不再有 0，改变 3（2 个对象）"
    _, out, _ = run_kg(capsys, "diff", "old.ttl", "new", "--lang", "en")
    assert "  ~ 补助企业: 58 家 → 113 家 (2023)\n" in out and "0 added, 0 dropped, 3 changed, in 2 things" in out
    assert "没有不同" in run_kg(capsys, "diff", "old", "old.ttl")[1]


@pytest.mark.usefixtures("pair")
def test_the_exit_code_is_for_those_who_ask(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_kg(capsys, "diff", "old", "new", "--exit-code")[0] == 1
    assert run_kg(capsys, "diff", "old", "old.ttl", "--exit-code")[0] == 0
    assert run_kg(capsys, "diff", "old", "new")[0] == 0


@pytest.mark.usefixtures("pair")
def test_json_has_words_codes_and_places(capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(run_kg(capsys, "diff", "old", "new", "--format", "json", "--kind", "Place")[1])
    assert found["summary"] == {"added": 0, "dropped": 0, "changed": 2}
    change = next(c for c in found["changes"] if c["label"] == "补助企业")
    assert (change["change"], change["what"], change["property"]) == ("changed", "figure", "Observation")
    assert change["thing"]["class"] == "Place" and change["thing"]["iri"].startswith("https://")
    quote = change["after"]["quotes"][0]
    assert (change["after"]["value"], quote["source"]) == ("113", "a.txt")
    assert quote["text"] in quote["sentence"] and quote["end"] - quote["begin"] == len(quote["text"])


@pytest.mark.usefixtures("pair")
def test_csv_opens_in_a_spreadsheet(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run_kg(capsys, "diff", "old", "new", "--format", "csv", "--output", "变化.csv")
    assert code == 0 and "变化.csv" in out
    data = Path("变化.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    row = next(r for r in rows if r["事实"] == "补助企业")
    assert (row["变化"], row["对象"], row["原来"], row["现在"]) == ("改变", "霁川市", "58家（2023）", "113家（2023）")
    assert row["现在的来源"] == "a.txt" and len(rows) == 3
    printed = run_kg(capsys, "diff", "old", "new", "--format", "csv", "--lang", "en")[1]
    assert printed.startswith("change,class,thing,fact,before,after")


@pytest.mark.usefixtures("pair")
def test_text_goes_into_a_file_as_it_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_kg(capsys, "diff", "old", "new", "--output", "变化.txt")[0] == 0
    assert Path("变化.txt").read_text(encoding="utf-8") == run_kg(capsys, "diff", "old", "new")[1]


@pytest.mark.usefixtures("pair")
def test_long_lists_are_cut_and_said_to_be(capsys: pytest.CaptureFixture[str]) -> None:
    out = run_kg(capsys, "diff", "old", "new", "--limit", "1")[1]
    assert "…… 另有 1 条" in out
    assert "…… 另有" not in run_kg(capsys, "diff", "old", "new", "--limit", "0")[1]


@pytest.mark.usefixtures("pair")
@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["old", "nowhere"], 3, "nowhere"),
        (["nowhere@2", "new"], 3, "nowhere"),
        (["in-old", "new"], 4, "in-old"),
        (["old@7", "new"], 6, "old@7"),
        (["old@x"], 6, "old@x"),
        (["old.ttl"], 2, "old.ttl"),
        (["in-old/a.txt", "new"], 2, "in-old/a.txt"),
        (["broken.ttl", "new"], 3, "broken.ttl"),
        (["broken.nt.gz", "new"], 3, "broken.nt.gz"),
        (["old", "new", "--kind", "Fish"], 2, "Fish"),
        (["old", "new", "--about", "没有这样的名字"], 6, "没有这样的名字"),
        (["old", "new", "--format", "table"], 2, "table"),
        (["old", "new", "--output", "in-old"], 2, "in-old"),
        ([], 3, "kg-store"),
    ],
)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_error_is_one_line(
    capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, words: str, lang: str
) -> None:
    Path("broken.ttl").write_text("@prefix a: <b", encoding="utf-8")
    Path("broken.nt.gz").write_bytes(b"\x1f\x8b no gzip")
    found, out, err = run_kg(capsys, "diff", *arguments, "--lang", lang)
    assert (found, out) == (code, "") and err.count("\n") == 1
    assert words in err and "Traceback" not in err


@pytest.mark.usefixtures("pair")
def test_builds_are_listed_capped_and_forgotten(capsys: pytest.CaptureFixture[str], build: Callable[..., Path]) -> None:
    build("old", a=letter(n=60))
    _, out, _ = run_kg(capsys, "builds", "--store", "old")
    assert kg.__version__ in out and "old@0（空库）" in out
    rows = json.loads(run_kg(capsys, "builds", "--store", "old", "--format", "json")[1])
    assert [(r["number"], r["added"], r["replaced"]) for r in rows] == [(1, 1, 0), (2, 0, 1)]
    table = list(
        csv.reader(io.StringIO(run_kg(capsys, "builds", "--store", "old", "--format", "csv", "--lang", "en")[1]))
    )
    assert table[0][:3] == ["no.", "time", "version"] and len(table) == 3
    assert "1" in run_kg(capsys, "builds", "--store", "old", "--keep", "1")[1]
    assert run_kg(capsys, "diff", "old")[0] == 0
    assert run_kg(capsys, "builds", "--store", "old", "--forget")[0] == 0
    assert "没有改动历史" in run_kg(capsys, "builds", "--store", "old")[1]
    assert run_kg(capsys, "diff", "old")[0] == 6
    for arguments in (["--keep", "x"], ["--keep", "1", "--forget"], ["--format", "xml"]):
        code, out, err = run_kg(capsys, "builds", "--store", "old", *arguments)
        assert (code, out) == (2, "") and err.count("\n") == 1
    assert (
        run_kg(capsys, "builds", "--store", "nowhere")[0]
        == run_kg(capsys, "builds", "--forget", "--store", "no")[0]
        == 4
    )
    assert not Path("no").exists()
