"""The reports by name: what they take, what they say of the store, how they are asked for on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import kg
from kg.api import Graph
from kg.errors import NotFoundError, UsageError
from kg.report.catalog import REPORTS, list_filters
from kg.report.texts import load_texts
from tests.kg.report.conftest import FILES, build_store
from tests.support.commands import run_kg
from tests.support.paths import ROOT


def test_every_report_has_its_texts_and_a_row_in_the_documentation() -> None:
    texts = load_texts()
    assert list(texts["reports"]) == list(texts["descriptions"]) == list(REPORTS) == list(kg.reports())
    for name in ("reports.md", "reports.en.md"):
        page = (ROOT / "docs" / name).read_text(encoding="utf-8")
        for report in REPORTS:
            [row] = [line for line in page.splitlines() if line.startswith(f"| `{report}` |")]
            options = [f"`--{key}`".replace("_", "-") for key in list_filters(report)]
            assert row.rstrip(" |").endswith(" ".join(options)), f"{name}: {report}"


def test_every_table_column_and_code_has_words(graph: Graph) -> None:
    for name in REPORTS:
        if name == "session":
            continue  # it needs a file
        for lang in ("zh", "en"):
            report = graph.report(name, **({"place": "霁川市"} if name == "match" else {}))
            data = json.loads(report.render("json", lang))
            for table in data["tables"]:
                for column in table["columns"]:
                    assert column["title"] != column["key"] or lang == "en", f"{name}.{table['key']}.{column['key']}"


@pytest.mark.parametrize("name", REPORTS)
def test_a_filter_that_a_report_does_not_take_is_an_error(graph: Graph, name: str) -> None:
    other = next(key for key in ("session", "tier", "limits") if key not in list_filters(name))
    with pytest.raises(UsageError) as error:
        graph.report(name, **{other: "x"})
    assert f"--{other}" in error.value.message("en")


def test_a_year_is_a_year(graph: Graph) -> None:
    for words in ("abc", "24", "2024-05", "3024"):
        with pytest.raises(UsageError) as error:
            graph.report("coverage", year=words)
        assert f"--year {words}" in error.value.message("en")
    assert graph.report("coverage", year="2024年").render("json") == graph.report("coverage", year="2024").render(
        "json"
    )


def test_an_unknown_report_is_an_error_that_lists_the_known(graph: Graph) -> None:
    with pytest.raises(NotFoundError) as error:
        graph.report("nothing")
    assert "coverage" in error.value.message("zh")


def test_a_report_says_what_could_not_be_read(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "坏.pdf").write_bytes(b"%PDF-1.4 broken")
    for name, text in FILES.items():
        (tmp_path / "in" / name).write_text(text, encoding="utf-8")
    kg.build(tmp_path / "in", tmp_path / "store")
    with kg.open(tmp_path / "store") as graph:
        report = graph.report("coverage")
    notes = {note.key: note.values for note in report.notes}
    assert notes["read-some"] == {"n": 4, "failed": 1} and "not-done" in notes
    assert [source.source for source in report.build.sources if source.failure] == ["坏.pdf"]


def test_a_report_of_an_empty_choice_has_no_rows_and_can_be_written(graph: Graph) -> None:
    for name in ("coverage", "opinions"):
        report = graph.report(name, proposal="99999999")
        assert not any(table.rows for table in report.tables)
        assert "没有这样的内容" in report.render("html").decode() and report.render("docx") and report.render("xlsx")


def test_the_command_writes_files_and_prints_markdown(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    store = build_store(tmp_path, FILES)
    code, out, err = run_kg(capsys, "report", "coverage", "--store", store)
    assert (code, err) == (0, "") and out.startswith("# 建议与回应对照\n")
    code, out, _ = run_kg(capsys, "report", "coverage", "--store", store, "--output", tmp_path / "a.xlsx")
    assert code == 0 and (tmp_path / "a.xlsx").read_bytes().startswith(b"PK") and "a.xlsx" in out
    code, out, _ = run_kg(capsys, "report", "--list", "--lang", "en")
    assert code == 0 and all(name in out for name in REPORTS) and "--proposal" in out
    for arguments in (["report"], ["report", "coverage", "--store", store, "--format", "docx"]):
        code, out, err = run_kg(capsys, *arguments)
        assert (code, out, err.count("\n")) == (2, "", 1)
