"""The command line: what is typed and what comes out."""

from __future__ import annotations

import io
import json
import re
import sys
from pathlib import Path

import pytest
from rdflib import Graph

from tests.support.commands import run_kg
from tests.support.paths import EXAMPLES

pytestmark = pytest.mark.usefixtures("chinese")


def test_from_a_folder_to_table_turtle_and_page(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, out, err = run_kg(capsys, "build", EXAMPLES, "--store", "my")
    assert (code, err) == (0, "")
    assert "来源" in out and "机关部门" in out and "失败" in out
    code, out, _ = run_kg(capsys, "export", "--store", "my", "--format", "turtle", "--output", "图谱.ttl")
    assert code == 0 and "图谱.ttl" in out
    assert len(Graph().parse("图谱.ttl", format="turtle")) > 1000
    code, out, _ = run_kg(capsys, "viz", "--store", "my", "--output", "图谱.html")
    assert code == 0
    assert "</html>" in Path("图谱.html").read_text(encoding="utf-8")
    code, out, _ = run_kg(capsys, "query", "--store", "my", "--name", "handling", "--format", "json")
    assert json.loads(out)["results"]["bindings"]
    code, out, _ = run_kg(capsys, "validate", "--store", "my", "--no-shapes")
    assert (code, "没有发现问题" in out) == (0, True)


def test_the_store_has_a_default(capsys: pytest.CaptureFixture[str], store_path: Path) -> None:
    assert store_path.name == "kg-store"
    code, out, _ = run_kg(capsys, "sources")
    assert code == 0 and "2024/20240015.txt" in out


def test_a_query_as_text_as_file_and_from_standard_input(
    capsys: pytest.CaptureFixture[str], store_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sparql = "SELECT ?n WHERE { ?x a pk:Platform ; rdfs:label ?n }"
    Path("q.rq").write_text(sparql, encoding="utf-8")
    answers = [
        run_kg(capsys, "query", sparql, "--format", "csv"),
        run_kg(capsys, "query", "--file", "q.rq", "--format", "csv"),
    ]
    for dash in (["-"], ["--file", "-"]):
        monkeypatch.setattr(sys, "stdin", io.StringIO(sparql))
        answers.append(run_kg(capsys, "query", *dash, "--format", "csv"))
    assert {a for _, a, _ in answers} == {"n\r\n栖企通\r\n"} or {a for _, a, _ in answers} == {"n\n栖企通\n"}


def test_a_named_query_speaks_the_user_s_language(capsys: pytest.CaptureFixture[str], store_path: Path) -> None:
    _, zh, _ = run_kg(capsys, "query", "--name", "missing-opinions")
    _, en, _ = run_kg(capsys, "query", "--name", "missing-opinions", "--lang", "en")
    assert "部门" in zh and "会办" in zh and "澄溪市财政局" in zh
    assert "agency" in en and "joins" in en and "澄溪市财政局" in en


def test_a_parameter_in_a_query_of_one_s_own(capsys: pytest.CaptureFixture[str], store_path: Path) -> None:
    sparql = "SELECT ?n WHERE { ?x a pk:Platform ; rdfs:label ?n FILTER (STR(?n) = $name) }"
    _, out, _ = run_kg(capsys, "query", sparql, "--param", "name=栖企通", "--format", "csv")
    assert out.split() == ["n", "栖企通"]
    _, out, _ = run_kg(capsys, "query", sparql, "--param", 'name=") || true) } #', "--format", "csv")
    assert out.split() == ["n"]


def test_the_name_of_a_query_in_place_of_sparql_is_told(capsys: pytest.CaptureFixture[str], store_path: Path) -> None:
    code, out, err = run_kg(capsys, "query", "missing-opinions", "--store", store_path)
    assert (code, out) == (2, "") and "kg query --name missing-opinions" in err


def test_show_says_facts_figures_and_sentences(capsys: pytest.CaptureFixture[str], store_path: Path) -> None:
    code, out, _ = run_kg(capsys, "show", "小巨人企业")
    assert code == 0
    for words in ("国家级专精特新“小巨人”企业", "最高50万元", "给予最高50万元奖励", "不少于20家", "2024/20240015.txt"):
        assert words in out
    _, out, _ = run_kg(capsys, "show", "市科技局")
    assert "澄溪市科学技术局" in out and "会办" in out


def test_stats_count(capsys: pytest.CaptureFixture[str], store_path: Path) -> None:
    _, out, _ = run_kg(capsys, "stats")
    assert re.search(r"机关部门\s*│\s*3", out) and "1 份来源" in out


def test_validate_finds_nothing_in_a_good_store(capsys: pytest.CaptureFixture[str], store_path: Path) -> None:
    code, out, err = run_kg(capsys, "validate")
    assert (code, err) == (0, ""), out


def test_validate_names_what_is_wrong(capsys: pytest.CaptureFixture[str], store_path: Path) -> None:
    from pyoxigraph import NamedNode, Quad

    from kg.store.store import Store
    from ontology.terms import PK

    with Store(store_path, write=True) as store:
        [graph] = store.list_graphs()
        agency = next(q.subject for q in store.read_quads(graph) if q.object == NamedNode(PK + "Agency"))
        program = next(q.subject for q in store.read_quads(graph) if q.object == NamedNode(PK + "Program"))
        store.oxigraph.add(Quad(program, NamedNode(PK + "supports"), agency, NamedNode(graph)))
    code, out, err = run_kg(capsys, "validate", "--no-shapes")
    assert code == 7 and "没有依据" in out and "1" in err


def test_remove_removes(capsys: pytest.CaptureFixture[str], store_path: Path) -> None:
    assert run_kg(capsys, "remove", "2024/20240015.txt")[0] == 0
    _, out, _ = run_kg(capsys, "export", "--format", "nquads", "--output", "-")
    assert out == ""
