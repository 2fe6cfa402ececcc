"""The command line: what is typed, what comes out, and one clear line when something is wrong."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from openpyxl import load_workbook
from rdflib import Graph

from kg.cli import texts
from kg.cli.app import COMMANDS
from tests.support.commands import run_kg
from tests.support.invented_page import PAGE
from tests.support.paths import EXAMPLES, ROOT

NAMES = [module.__name__.rpartition(".")[2] for module in COMMANDS]


@pytest.fixture(autouse=True)
def chinese(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    monkeypatch.delenv("KG_LANG", raising=False)
    monkeypatch.chdir(tmp_path)


def files(folder: Path) -> set[str]:
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if "kg-store" not in p.parts}


# the main job


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


# asking


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


def test_a_parameter_in_a_query_of_one_s_own(capsys: pytest.CaptureFixture[str], store_path: Path) -> None:
    sparql = "SELECT ?n WHERE { ?x a pk:Platform ; rdfs:label ?n FILTER (STR(?n) = $name) }"
    _, out, _ = run_kg(capsys, "query", sparql, "--param", "name=栖企通", "--format", "csv")
    assert out.split() == ["n", "栖企通"]
    _, out, _ = run_kg(capsys, "query", sparql, "--param", 'name=") || true) } #', "--format", "csv")
    assert out.split() == ["n"]


def test_the_name_of_a_query_in_place_of_sparql_is_told(capsys: pytest.CaptureFixture[str], store_path: Path) -> None:
    code, out, err = run_kg(capsys, "query", "missing-opinions", "--store", store_path)
    assert (code, out) == (2, "") and "kg query --name missing-opinions" in err


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


def test_the_list_names_every_query(capsys: pytest.CaptureFixture[str]) -> None:
    from kg.graph.query import list_named_queries

    code, out, _ = run_kg(capsys, "query", "--list")
    assert code == 0
    for name in list_named_queries():
        assert name in out


def test_construct_comes_as_turtle(capsys: pytest.CaptureFixture[str], store_path: Path) -> None:
    _, out, _ = run_kg(capsys, "query", "CONSTRUCT WHERE { ?x a pk:Agency }")
    assert len(Graph().parse(data=out, format="turtle")) == 3


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


def test_the_format_may_come_from_the_file_s_name(capsys: pytest.CaptureFixture[str], store_path: Path) -> None:
    assert run_kg(capsys, "export", "--output", "x.nq")[0] == 0
    assert Path("x.nq").read_text(encoding="utf-8").endswith(" .\n")


def test_a_page_about_one_thing(capsys: pytest.CaptureFixture[str], store_path: Path) -> None:
    assert run_kg(capsys, "viz", "--output", "x.html", "--about", "栖企通", "--hops", 1)[0] == 0
    page = Path("x.html").read_text(encoding="utf-8")
    assert "登高计划" in page and "高新技术企业" not in page


# errors


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


# help, languages, documentation


def test_help_loads_nothing_heavy() -> None:
    heavy = ["spacy", "rdflib", "pyoxigraph", "networkx", "pyshacl", "numpy", "pyvis", "ahocorasick_rs"]
    code = (
        "import sys, kg.cli\n"
        "assert kg.cli.run_command(['--help']) == 0\n"
        "assert kg.cli.run_command(['build', '--help']) == 0\n"
        f"print([m for m in {heavy} if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", cwd=ROOT, check=True)
    assert done.stderr.strip() == "[]"


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_command_has_help_with_an_example(capsys: pytest.CaptureFixture[str], name: str, lang: str) -> None:
    code, out, _ = run_kg(capsys, name, "--help", "--lang", lang)
    assert code == 0
    assert f"kg {name}" in out.split("Usage", 1)[1].split("\n", 1)[1]
    assert ("例" in out) == (lang == "zh")


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    import kg

    assert run_kg(capsys, "--version")[:2] == (0, f"kg {kg.__version__}\n")


@pytest.mark.parametrize(
    ("arguments", "environment", "language"),
    [
        (["--lang", "en"], {"LANG": "zh_CN.UTF-8"}, "en"),
        (["show", "x", "--lang=zh"], {"LANG": "en_US.UTF-8"}, "zh"),
        ([], {"LANG": "en_US.UTF-8"}, "en"),
        ([], {"LANG": "zh_CN.UTF-8"}, "zh"),
        ([], {"LC_ALL": "C.UTF-8", "LANG": "en_US.UTF-8"}, "zh"),
        ([], {}, "zh"),
        ([], {"KG_LANG": "en", "LANG": "zh_CN.UTF-8"}, "en"),
        (["show", "--", "--lang", "en"], {}, "zh"),
    ],
)
def test_the_language_is_chosen(arguments: list[str], environment: dict[str, str], language: str) -> None:
    assert texts.choose_language(arguments, environment) == language


def test_every_message_is_there_in_both_languages() -> None:
    for table in texts._load_messages().values():
        for name, entry in table.items():
            assert set(entry) == {"zh", "en"}, name
            assert set(re.findall(r"\{\w*\}", entry["zh"])) == set(re.findall(r"\{\w*\}", entry["en"])), name


@pytest.mark.parametrize("name", ["cli.md", "cli.en.md"])
def test_documentation_and_commands_agree(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    page = (ROOT / "docs" / name).read_text(encoding="utf-8")
    assert re.findall(r"^## kg (\S+)", page, re.MULTILINE) == NAMES
    for command in NAMES:
        section = page.split(f"## kg {command}\n", 1)[1].split("\n## ", 1)[0]
        _, out, _ = run_kg(capsys, command, "--help")
        options = set(re.findall(r"(--[a-z-]+)", out.split("Options", 1)[1])) - {"--help", "--lang"}
        documented = set(re.findall(r"`(--[a-z-]+)", section))
        assert options == documented, command


@pytest.mark.parametrize(("name", "lang"), [("cli.md", "zh"), ("cli.en.md", "en")])
def test_the_named_queries_are_all_in_the_documentation(name: str, lang: str) -> None:
    from kg.graph.query import list_named_queries

    page = (ROOT / "docs" / name).read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `([a-z][a-z-]+)` \| (.*?) \|", page, re.MULTILINE))
    assert {query: q.title(lang) for query, q in list_named_queries().items()} == rows
