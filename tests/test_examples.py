"""The example corpus from files to answers: what the README shows is true."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import NamedNode

from kg.graph.query import run_query
from kg.ingest.build import BuildReport, build
from kg.store.store import Store
from tests.support.paths import EXAMPLES, ROOT

PORTAL, NEXT_YEAR = "20240117_梯度培育.txt", "20250089_答复_小巨人.txt"
REPLY, MERGED = "人大建议答复_养老服务.txt", "停车充电_并案答复.txt"
PROPOSAL, POLICY = "提案_农村电商.txt", "霁川市支持优质中小企业梯度培育若干措施.txt"
INSTRUMENT = "霁川市支持优质中小企业梯度培育若干措施"


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> tuple[BuildReport, Path]:
    path = tmp_path_factory.mktemp("examples") / "store"
    return build(EXAMPLES, path), path


@pytest.fixture(scope="module")
def store(report: tuple[BuildReport, Path]) -> Iterator[Store]:
    with Store(report[1]) as opened:
        yield opened


def rows(store: Store, sparql: str) -> set[tuple[str | None, ...]]:
    return {tuple(row.values()) for row in run_query(store, sparql).values()}


def column(store: Store, sparql: str) -> set[str | None]:
    return {row[0] for row in rows(store, sparql)}


def test_every_example_is_built_and_none_lacks_anything(report: tuple[BuildReport, Path]) -> None:
    built = report[0]
    assert {one.source for one in built.built} == {PORTAL, NEXT_YEAR, REPLY, MERGED, PROPOSAL, POLICY}
    assert built.failed == ()
    assert {one.source: one.gaps for one in built.built if one.gaps and one.source != POLICY} == {}


def test_a_portal_page_holds_a_proposal_a_reply_and_three_opinions(store: Store) -> None:
    found = rows(store, """SELECT ?kind ?agency ?date WHERE {
        ?p a pk:Proposal ; pk:proposalNumber "20240117" .
        ?r pk:repliesTo ?p ; a ?kind ; pk:issuedBy/rdfs:label ?agency .
        OPTIONAL { ?r dcterms:issued ?date } VALUES ?kind { pk:LeadReply pk:CoHandlingOpinion } }""")  # fmt: skip
    assert {(str(kind).removeprefix("pk:"), agency, date) for kind, agency, date in found} == {
        ("LeadReply", "霁川市工业和信息化局", "2024-05-22"),
        ("CoHandlingOpinion", "霁川市科学技术局", "2024-04-16"),
        ("CoHandlingOpinion", "霁川市财政局", "2024-04-19"),
        ("CoHandlingOpinion", "霁川市人民政府金融工作办公室", "2024-04-23"),
    }


def test_the_agency_that_left_no_opinion_is_known(store: Store) -> None:
    silent = column(store, """SELECT ?agency WHERE {
        ?p pk:proposalNumber "20240117" ; pk:coAgency ?a . ?a rdfs:label ?agency .
        FILTER NOT EXISTS { ?r pk:repliesTo ?p ; pk:issuedBy ?a } }""")  # fmt: skip
    assert silent == {"霁川市人力资源和社会保障局"}


def test_a_reply_alone_knows_the_proposal_that_it_answers(store: Store) -> None:
    found = rows(store, """SELECT ?title ?who ?class ?number ?date WHERE {
        ?p pk:proposalNumber "86" ; dcterms:title ?title ; pk:submittedBy/rdfs:label ?who .
        ?r pk:repliesTo ?p ; pk:handlingClass ?class ; pk:documentNumber ?number ;
        dcterms:issued ?date }""")  # fmt: skip
    assert found == {("关于加快居家社区养老服务发展的建议", "顾书宁", "A", "霁民函〔2024〕52号", "2024-06-14")}


def test_one_letter_answers_two_proposals(store: Store) -> None:
    found = column(store, """SELECT ?number WHERE {
        ?r pk:documentNumber "霁城管提〔2024〕19号" ; pk:repliesTo/pk:proposalNumber ?number }""")  # fmt: skip
    assert found == {"20240068", "20240142"}


def test_a_proposal_alone_keeps_its_problems_and_suggestions(store: Store) -> None:
    found = rows(store, """SELECT ?kind ?number WHERE { ?p pk:proposalNumber "045" . ?x pk:partOf+ ?p ; a ?kind ;
        pk:number ?number VALUES ?kind { pk:Problem pk:Suggestion } }""")  # fmt: skip
    problems = {number for kind, number in found if str(kind).endswith("Problem")}
    suggestions = {number for kind, number in found if str(kind).endswith("Suggestion")}
    assert problems >= {"1", "2", "3", "4", "5", "6"}
    assert suggestions >= {"一", "二", "三", "四", "五", "六", "七"}


def test_a_policy_is_one_thing_in_every_source_that_names_it(store: Store) -> None:
    found = rows(store, f"""SELECT ?policy ?source WHERE {{ GRAPH ?source {{
        ?policy a pk:PolicyInstrument ; rdfs:label "{INSTRUMENT}"@zh }} }}""")  # fmt: skip
    assert len({policy for policy, _ in found}) == 1
    assert len({source for _, source in found}) == 3


def test_a_policy_has_its_number_and_what_it_repeals_is_repealed(store: Store) -> None:
    found = rows(store, f"""SELECT ?number ?date WHERE {{ ?p rdfs:label "{INSTRUMENT}"@zh ; pk:documentNumber ?number .
        OPTIONAL {{ ?p dcterms:issued ?date }} }}""")  # fmt: skip
    assert {number for number, _ in found} == {"霁府规〔2023〕9号"}
    assert "2023-11-08" in {date for _, date in found}
    repealed = column(store, "SELECT ?name WHERE { ?p pk:status pk:Repealed ; rdfs:label ?name }")
    assert repealed == {"霁川市扶持中小微企业发展办法"}


def test_figures_can_be_compared_over_the_years(store: Store) -> None:
    found = rows(store, """SELECT ?period ?value WHERE {
        ?f a pk:Observation ; pk:about/(rdfs:label|skos:altLabel) ?name ;
        pk:period ?period ; pk:value ?value ; pk:unit "家" FILTER(str(?name) = "专精特新中小企业") }""")  # fmt: skip
    assert {("2023", "417"), ("2024-04", "463"), ("2025-03", "586")} <= found


def test_what_a_tier_is_entitled_to(store: Store) -> None:
    found = rows(store, """SELECT ?tier ?value WHERE { ?f a pk:Provision ; pk:about/rdfs:label ?tier ;
        pk:value ?value ; pk:unit "CNY" }""")  # fmt: skip
    assert {("创新型中小企业", "50000"), ("瞪羚企业", "300000"), ("国家级专精特新“小巨人”企业", "800000")} <= found


def test_every_span_quotes_its_text(store: Store) -> None:
    texts = {str(context): text or "" for context, text in rows(store, "SELECT ?c ?t WHERE { ?c nif:isString ?t }")}
    spans = rows(store, """SELECT ?c ?b ?e ?q WHERE { ?s nif:referenceContext ?c ; nif:beginIndex ?b ; nif:endIndex ?e ;
        nif:anchorOf ?q }""")  # fmt: skip
    assert len(texts) == 6
    assert len(spans) > 500
    assert [q for c, b, e, q in spans if texts[str(c)][int(b or 0) : int(e or 0)] != q] == []


def test_furniture_of_the_page_is_in_no_quote(store: Store) -> None:
    quotes = column(store, "SELECT ?q WHERE { ?s nif:anchorOf ?q }")
    for words in ("浏览次数", "分享到", "上一篇", "您对提案办理结果的评价", "联系电话"):
        assert [quote for quote in quotes if quote and words in quote] == []


def test_the_order_of_the_files_and_the_number_of_workers_change_nothing(store: Store, tmp_path: Path) -> None:
    files = sorted(EXAMPLES.glob("*.txt"), reverse=True)
    build(files, tmp_path / "store", workers=2)
    with Store(tmp_path / "store") as other:
        assert _statements(other) == _statements(store)


@pytest.mark.parametrize("readme", ["README.md", "README.en.md"])
def test_the_readme_shows_what_the_command_prints(readme: str, report: tuple[BuildReport, Path]) -> None:
    text = (ROOT / readme).read_text(encoding="utf-8")
    shown = re.findall(r"```console\n\$ kg ((?:[^\n']|'[^']*')+)\n(.*?)```", text, re.DOTALL)
    assert len(shown) == 2
    for arguments, output in shown:
        command = [part.strip("'") for part in re.findall(r"'[^']*'|\S+", arguments)]
        real = [str(report[1]) if part == "demo-out/store" else part for part in command]
        language = [] if "--lang" in real else ["--lang", "zh"]
        kg = str(Path(sys.executable).with_name("kg"))
        done = subprocess.run([kg, *language, *real], capture_output=True, text=True, encoding="utf-8", check=True)
        assert [line.rstrip() for line in done.stdout.splitlines()] == output.rstrip("\n").split("\n")


def _statements(store: Store) -> dict[str, set[str]]:
    """What each source says, as N-Triples."""
    graphs = store.list_sources()
    return {
        source: {str(quad.triple) for quad in store.oxigraph.quads_for_pattern(None, None, None, NamedNode(graph))}
        for source, graph in graphs.items()
    }
