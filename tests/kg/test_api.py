"""``import kg``: small, quick, documented."""

from __future__ import annotations

import importlib
import inspect
import pickle
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import kg
from extract.model import Extraction
from tests.support.invented_page import PAGE
from tests.support.paths import EXAMPLES, ROOT


@pytest.fixture
def graph(store_path: Path) -> Iterator[kg.Graph]:
    with kg.open(store_path) as opened:
        yield opened


def test_all_names_exactly_what_there_is() -> None:
    assert sorted(kg.__all__) == list(kg.__all__)
    for name in kg.__all__:
        assert getattr(kg, name) is not None
    assert set(kg.__all__) <= set(dir(kg))
    with pytest.raises(AttributeError):
        _ = kg.nothing_of_the_kind


def test_importing_loads_nothing_heavy() -> None:
    heavy = ["spacy", "rdflib", "pyoxigraph", "networkx", "rich", "typer"]
    code = f"import sys, kg; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", cwd=ROOT, check=True)
    assert done.stdout.strip() == "[]"


API_PAGES = ["python-api.md", "python-api.en.md"]


@pytest.mark.parametrize("document", API_PAGES)
def test_everything_public_is_in_the_documentation(document: str) -> None:
    page = (ROOT / "docs" / document).read_text(encoding="utf-8")
    for name in kg.__all__:
        assert f"kg.{name}" in page, name
    table = page.split("## kg.Graph", 1)[1].split("\n## ", 1)[0]
    methods = {n for n, m in inspect.getmembers(kg.Graph, inspect.isfunction) if not n.startswith("_")}
    assert set(re.findall(r"^\| `(\w+)\(", table, re.MULTILINE)) == methods


@pytest.mark.parametrize("document", API_PAGES)
def test_documented_signatures_are_the_real_ones(document: str) -> None:
    page = (ROOT / "docs" / document).read_text(encoding="utf-8")
    for name in ("build", "open", "remove", "diff", "snapshots", "extract"):
        [said] = re.findall(rf"^\| `kg\.{name}\((.*?)\)`", page, re.MULTILINE)
        wanted = [re.split(r"[:=]", p)[0].strip() for p in said.split(", ")]
        assert [p for p in wanted if p != "*"] == list(inspect.signature(getattr(kg, name)).parameters)


def test_everything_public_says_what_it_is() -> None:
    for name in kg.__all__:
        if name != "__version__":
            assert inspect.getdoc(getattr(kg, name)), name
    for name, method in inspect.getmembers(kg.Graph, inspect.isfunction):
        if not name.startswith("_"):
            assert inspect.getdoc(method), name


def test_a_graph_is_asked_and_written(graph: kg.Graph, tmp_path: Path) -> None:
    assert graph.sources() == ["2024/20240015.txt"]
    assert graph.query("ASK { ?x a pk:Proposal }").truth
    [row] = graph.query(name="missing-opinions").values()
    assert row["agency"] == "澄溪市财政局"
    assert graph.query("SELECT ?x { ?x rdfs:label ?l FILTER(STR(?l) = $name) }", params={"name": "栖企通"}).rows
    assert graph.export("turtle", tmp_path / "g.ttl") == (tmp_path / "g.ttl",)
    assert (tmp_path / "g.ttl").read_text(encoding="utf-8") == graph.export("turtle")
    assert graph.stats().classes["Agency"] == 3
    assert graph.validate(shapes=False) == []
    assert len(graph) > 400


def test_a_page_is_returned_and_written(graph: kg.Graph, tmp_path: Path) -> None:
    html = graph.render(tmp_path / "g.html")
    assert (tmp_path / "g.html").read_text(encoding="utf-8") == html
    assert html == graph.render()


def test_show_gives_lines_with_passages(graph: kg.Graph) -> None:
    [sheet] = graph.show("“小巨人”企业")
    assert sheet.name == "国家级专精特新“小巨人”企业"
    line = next(line for line in sheet.lines if line.group == "Provision")
    assert line.value == "最高50万元"
    [passage] = line.passages
    assert passage.text == "给予最高50万元奖励"
    assert passage.before.startswith("(一)关于加大奖补力度。") or passage.before.startswith("根据《")
    assert passage.source == "2024/20240015.txt"


def test_what_a_passage_says_is_in_its_document(graph: kg.Graph) -> None:
    from kg.graph.view import View

    view = View(graph.store)
    documents = {view.label(p.document): p.text for f in view.all_figures() for p in f.passages}
    assert list(documents) == ["澄溪市工业和信息化局对第20240015号提案的答复"]


def test_the_page_s_data_has_things_statements_and_no_numbers_as_things(graph: kg.Graph) -> None:
    from kg.export.page import build_page_data

    data = build_page_data(graph.store)
    kinds = {n.kind for n in data.nodes}
    assert {"Proposal", "Agency", "Program", "Measure"} <= kinds
    assert kinds.isdisjoint({"Provision", "Observation", "Target", "Condition", "Evidence"})
    ids = {n.id for n in data.nodes}
    assert all(e.source in ids and e.target in ids and e.quotes for e in data.edges)
    tier = next(n for n in data.nodes if n.label == "国家级专精特新“小巨人”企业")
    figure = next(f for f in tier.facts if f.kind == "Provision")
    assert figure.value == "最高50万元" and figure.value_en == "at most CNY 500,000"
    [quote] = figure.quotes
    assert (quote.agency, quote.date) == ("澄溪市工业和信息化局", "2024-05-20")
    assert f"{quote.before}{quote.text}{quote.after}" in PAGE


def test_the_page_has_the_conditions_of_what_a_thing_gets(tmp_path: Path) -> None:
    from kg.export.page import build_page_data

    text = (
        "澄溪市工业和信息化局关于印发绿色工厂奖励办法的通知\n各县区：\n"
        "对新认定的省级绿色工厂给予20万元奖励，对首批试点示范的给予30万元奖励。\n澄溪市工业和信息化局\n2024年3月5日\n"
    )
    (tmp_path / "notice.txt").write_text(text, encoding="utf-8")
    kg.build(tmp_path / "notice.txt", tmp_path / "store")
    with kg.open(tmp_path / "store") as graph:
        tier = next(n for n in build_page_data(graph.store).nodes if n.label == "省级绿色工厂")
    assert {"首批试点示范", "省级绿色工厂"} <= {fact.value for fact in tier.facts if fact.kind == "Condition"}


def test_the_page_says_how_many_sources_its_own_content_is_from(tmp_path: Path) -> None:
    from kg.export.page import build_page_data

    folder = tmp_path / "in"
    folder.mkdir()
    for name in ("20240117_梯度培育.txt", "提案_农村电商.txt"):
        (folder / name).write_text((EXAMPLES / name).read_text(encoding="utf-8"), encoding="utf-8")
    kg.build(folder, tmp_path / "store")
    with kg.open(tmp_path / "store") as graph:
        whole, part = build_page_data(graph.store), build_page_data(graph.store, "青棠县商务局", hops=0)
    assert (whole.source_count, whole.subtitle) == (2, "")
    assert (part.source_count, part.subtitle) == (1, "提案_农村电商.txt")


def test_a_neighbourhood_grows_by_hops(graph: kg.Graph) -> None:
    from kg.export.page import build_page_data

    sizes = [len(build_page_data(graph.store, "栖企通", hops).nodes) for hops in (0, 1, 2, 9)]
    assert sizes[0] == 1 and sizes == sorted(sizes) and sizes[1] < sizes[2]
    assert build_page_data(graph.store, "栖企通").focus in {n.id for n in build_page_data(graph.store, "栖企通").nodes}


def test_it_is_there_for_rdflib(graph: kg.Graph) -> None:
    dataset = graph.dataset()
    assert len(list(dataset.query("SELECT ?x { ?x a pk:Proposal }"))) == 1
    del dataset


@pytest.mark.parametrize("silent", ["", "SILENT "])
def test_a_query_through_rdflib_opens_no_connection(graph: kg.Graph, silent: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.3)
        port = server.getsockname()[1]
        dataset = graph.dataset()
        with pytest.raises(kg.QueryError, match="SERVICE"):
            list(dataset.query(f"SELECT * {{ SERVICE {silent}<http://127.0.0.1:{port}/> {{ ?s ?p ?o }} }}"))
        with pytest.raises(kg.QueryError):
            dataset.update(f"LOAD <http://127.0.0.1:{port}/x.ttl>")
        with pytest.raises(TimeoutError):
            server.accept()
        del dataset


def test_errors_are_one_family_with_two_languages(tmp_path: Path) -> None:
    with pytest.raises(kg.StoreError) as caught:
        kg.open(tmp_path / "none")
    error = caught.value
    assert isinstance(error, kg.KgError)
    assert error.message("zh") != error.message("en")
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), again.zh, again.en) == (type(error), error.zh, error.en)


def test_a_query_needs_one_of_text_and_name(graph: kg.Graph) -> None:
    with pytest.raises(kg.UsageError):
        graph.query()
    with pytest.raises(kg.UsageError):
        graph.query("ASK {}", name="handling")


def test_removing_takes_a_source_out(store_path: Path) -> None:
    kg.remove("2024/20240015.txt", store_path)
    with kg.open(store_path) as graph:
        assert graph.sources() == [] and len(graph) == 0
    with pytest.raises(kg.NotFoundError):
        kg.remove("2024/20240015.txt", store_path)


def test_a_text_and_a_file_are_read_without_a_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("page.txt").write_bytes(PAGE.replace("\n", "\r\n").encode("gb18030"))
    read = [kg.extract(PAGE), kg.extract("page.txt"), kg.extract(Path("page.txt"))]
    assert all(isinstance(x, Extraction) and x.source.text == PAGE for x in read)
    assert read[0].entities == read[1].entities == read[2].entities
    assert [p.name for p in tmp_path.iterdir()] == ["page.txt"]


def test_a_missing_file_is_not_taken_for_text() -> None:
    with pytest.raises(kg.SourceError):
        kg.extract("nowhere.txt")
    with pytest.raises(kg.SourceError):
        kg.extract(" \n ")


def test_build_is_the_function_even_after_its_module_is_imported(tmp_path: Path) -> None:
    importlib.import_module("kg.ingest.build")
    (tmp_path / "a.txt").write_bytes(b"")
    assert not kg.build(tmp_path / "a.txt", tmp_path / "s").built


_ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?o ?p }"


def test_a_query_ends_when_its_time_is_up(graph: kg.Graph) -> None:
    with pytest.raises(kg.QueryError, match="longer than 1 s"):
        graph.query(_ENDLESS, timeout=1)
    assert len(graph.query("SELECT ?x { ?x a pk:Proposal }", timeout=60)) == 1
    with pytest.raises(kg.QueryError, match="line 1"):
        graph.query("SELECT", timeout=60)


def test_a_query_with_a_limit_keeps_no_store_from_being_built_into(graph: kg.Graph) -> None:
    limited, free = (graph.query(name="proposals", timeout=seconds) for seconds in (60, None))
    assert limited == free
    graph.close()
    with kg.Store(graph.store.path, write=True) as store:
        assert kg.Graph(store).query("SELECT ?x { ?x a pk:Proposal }").rows
