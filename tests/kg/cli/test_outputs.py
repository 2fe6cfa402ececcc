"""The files that commands write: their formats, and what stands there already."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from openpyxl import load_workbook
from rdflib import Graph

from tests.support.commands import run_kg

pytestmark = pytest.mark.usefixtures("chinese")


def test_csv_for_a_spreadsheet_begins_with_a_bom(capsys: pytest.CaptureFixture[str], store_path: Path) -> None:
    code, *_ = run_kg(capsys, "query", "--name", "proposals", "--format", "csv", "--output", "提案.csv")
    data = Path("提案.csv").read_bytes()
    assert code == 0 and data.startswith(b"\xef\xbb\xbf")
    [row] = csv.DictReader(io.StringIO(data.decode("utf-8-sig")))
    assert row["编号"] == "20240015" and row["部门"] == "澄溪市工业和信息化局"


@pytest.mark.parametrize("suffix", ["csv", "json", "xlsx", "xml"])
def test_the_suffix_of_the_output_says_its_format(
    capsys: pytest.CaptureFixture[str], store_path: Path, suffix: str
) -> None:
    code, out, err = run_kg(capsys, "query", "--name", "proposals", "--output", f"提案.{suffix}")
    assert (code, err) == (0, "") and "澄溪市" not in out and f"提案.{suffix}" in out
    data = Path(f"提案.{suffix}").read_bytes()
    if suffix == "xlsx":
        rows = list(load_workbook(io.BytesIO(data)).active.values)
        found = dict(zip(rows[0], rows[1], strict=True))
        assert (found["编号"], found["部门"]) == ("20240015", "澄溪市工业和信息化局")
    else:
        assert "澄溪市工业和信息化局" in data.decode("utf-8-sig")


def test_a_graph_is_written_as_turtle_and_as_a_spreadsheet(
    capsys: pytest.CaptureFixture[str], store_path: Path
) -> None:
    for output in ("a.ttl", "a.xlsx"):
        assert run_kg(capsys, "query", "CONSTRUCT WHERE { ?x a pk:Agency }", "--output", output)[0] == 0
    assert len(Graph().parse("a.ttl", format="turtle")) == 3
    assert load_workbook("a.xlsx").active.max_row == 4


def test_output_to_standard_output_is_printed(capsys: pytest.CaptureFixture[str], store_path: Path) -> None:
    _, out, _ = run_kg(capsys, "query", "ASK {}", "--format", "csv", "--output", "-")
    assert out.split() == ["result", "true"] and not Path("-").exists()


def test_construct_comes_as_turtle(capsys: pytest.CaptureFixture[str], store_path: Path) -> None:
    _, out, _ = run_kg(capsys, "query", "CONSTRUCT WHERE { ?x a pk:Agency }")
    assert len(Graph().parse(data=out, format="turtle")) == 3


def test_the_format_may_come_from_the_file_s_name(capsys: pytest.CaptureFixture[str], store_path: Path) -> None:
    assert run_kg(capsys, "export", "--output", "x.nq")[0] == 0
    assert Path("x.nq").read_text(encoding="utf-8").endswith(" .\n")


def test_a_page_about_one_thing(capsys: pytest.CaptureFixture[str], store_path: Path) -> None:
    assert run_kg(capsys, "viz", "--output", "x.html", "--about", "栖企通", "--hops", 1)[0] == 0
    page = Path("x.html").read_text(encoding="utf-8")
    assert "登高计划" in page and "高新技术企业" not in page


WRITERS = {
    "export": ("export", "--output", "x.ttl"),
    "report": ("report", "money", "--output", "x.html"),
    "query": ("query", "ASK {}", "--output", "x.json"),
    "viz": ("viz", "--output", "x.html"),
    "diff": ("diff", "kg-store", "kg-store", "--output", "x.txt"),
    "review": ("review", "--output", "x.xlsx"),
}


@pytest.mark.parametrize("arguments", WRITERS.values(), ids=list(WRITERS))
def test_a_file_that_exists_is_replaced_only_if_the_user_says_so(
    capsys: pytest.CaptureFixture[str], store_path: Path, arguments: tuple[str, ...]
) -> None:
    file = Path(arguments[-1])
    file.write_text("我写的", encoding="utf-8")
    code, out, err = run_kg(capsys, *arguments)
    assert (code, out) == (2, "") and file.name in err and "--force" in err
    assert file.read_text(encoding="utf-8") == "我写的"
    assert run_kg(capsys, *arguments, "--force")[0] == 0
    assert file.read_bytes() != "我写的".encode()


def test_tables_are_replaced_all_or_none(capsys: pytest.CaptureFixture[str], store_path: Path) -> None:
    Path("x.edges.csv").write_text("我写的", encoding="utf-8")
    code, _, err = run_kg(capsys, "export", "--output", "x.csv")
    assert code == 2 and "x.edges.csv" in err and "x.nodes.csv" not in err
    assert [path.name for path in Path().glob("*.csv")] == ["x.edges.csv"]


def test_tables_go_into_a_folder_but_a_file_s_name_makes_none(
    capsys: pytest.CaptureFixture[str], store_path: Path
) -> None:
    code, _, err = run_kg(capsys, "export", "--format", "csv", "--output", "p.txt")
    assert code == 2 and "p.txt" in err and not Path("p.txt").exists()
    assert run_kg(capsys, "export", "--format", "csv", "--output", "tables")[0] == 0
    assert {path.name for path in Path("tables").iterdir()} == {"nodes.csv", "edges.csv", "figures.csv"}
