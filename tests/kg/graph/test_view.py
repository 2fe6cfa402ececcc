"""The stored graph as things: names, statements and figures with their words, descriptions, counts, validation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from extract.model import Extraction
from extract.text.normalize import join_lines
from kg.errors import NotFoundError
from kg.graph.sentences import sentence_around
from kg.graph.show import describe_thing, find_things
from kg.graph.stats import count_store
from kg.graph.validate import check_graph, validate_store
from kg.graph.view import View
from kg.graph.wording import format_number
from kg.rdf.graph import build_quads
from kg.rdf.identifiers import make_context_iri
from kg.store.store import Store
from ontology.terms import NIF, PK, RDF
from tests.support.invented_page import PAGE

TIER = "国家级专精特新“小巨人”企业"


@pytest.fixture
def store(store_path: Path) -> Iterator[Store]:
    with Store(store_path) as opened:
        yield opened


@pytest.fixture
def view(store: Store) -> View:
    return View(store)


def the(view: View, name: str) -> str:
    [iri] = find_things(view, name)
    return iri


def test_a_thing_is_found_by_each_of_its_names(view: View) -> None:
    tier = the(view, TIER)
    assert tier == the(view, "小巨人企业") == the(view, "国家级专精特新小巨人企业")
    assert (view.label(tier), view.aliases(tier), view.kind(tier)) == (TIER, ["“小巨人”企业"], "EnterpriseTier")
    with pytest.raises(NotFoundError, match="没有的企业"):
        find_things(view, "没有的企业")


def test_statements_have_both_ends_and_the_words_of_the_page(view: View) -> None:
    found = {
        (view.label(s.subject), s.predicate, view.label(s.object)): s for s in view.statements(the(view, "登高计划"))
    }
    stated = found[("登高计划", "availableOn", "栖企通")]
    [passage] = stated.passages
    assert (passage.before, passage.text, passage.after) == ("我局实施", "“登高计划”,通过“栖企通”平台申报", "。")
    assert PAGE[passage.begin :].startswith(passage.text)
    assert stated.confidence == pytest.approx(0.8)


def test_figures_of_a_thing_have_their_slots(view: View) -> None:
    provision, target = sorted(view.figures(the(view, TIER)), key=lambda f: f.kind)
    assert (provision.value, provision.unit, provision.bound) == (Decimal(500000), "CNY", "AtMost")
    assert {name: view.label(iri) for name, iri in provision.slots}["provider"] == "澄溪市工业和信息化局"
    assert (target.kind, target.deadline) == ("Target", "2026")


def test_a_description_says_it_in_words_of_the_language(view: View) -> None:
    thing = describe_thing(view, the(view, "登高计划"))
    assert (thing.name, thing.kind) == ("登高计划", "计划项目")
    assert ("主管部门", "澄溪市工业和信息化局") in {(line.label, line.value) for line in thing.lines}
    assert all(line.passages for line in thing.lines)
    assert describe_thing(view, the(view, "登高计划"), "en").kind != "计划项目"


def test_a_store_is_counted(store: Store) -> None:
    counts = count_store(store)
    assert (counts.sources, counts.quads) == (1, len(store))
    assert (counts.classes["Agency"], counts.classes["Proposal"], counts.classes["Target"]) == (3, 1, 1)
    assert counts.predicates["administers"] == 1


@pytest.mark.parametrize(
    ("amount", "unit", "lang", "words"),
    [
        ("500000", "CNY", "zh", "50万元"), ("297000000", "CNY", "zh", "2.97亿元"), ("128", "家", "zh", "128家"),
        ("12345", "CNY", "zh", "12345元"), ("500000", "CNY", "en", "CNY 500,000"), ("92.5", "%", "en", "92.5%"),
        ("2000000", "USD", "zh", "200万美元"), ("2000000", "USD", "en", "USD 2,000,000"), ("1", ":2", "zh", "1:2"),
         ("1", ":2", "en", "1:2"),
    ],
)  # fmt: skip
def test_numbers_are_printed_as_people_write_them(amount: str, unit: str, lang: str, words: str) -> None:
    assert format_number(Decimal(amount), unit, lang) == words


def test_a_sentence_around_words_ends_at_full_stops() -> None:
    text = "第一句。第二句的文字。第三句。"
    begin, end = sentence_around(text, 7, 8)
    assert text[begin:end] == "第二句的文字。"


BROKEN = (
    "为支持绿色工厂建设，市财政局设立绿色工厂发展资\n金，总规模20亿元。对首次认定的省级绿色工厂，给予一次性\n"
    "奖励50万元；对国家级绿色工厂，最高给予100万元的\n奖励。\n（一）支持节能改造和绿色产品开发设计，推广应用\n"
    "新技术。\n澄溪市工业和信息化局\n2024年3月5日\n"
)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("20亿元", "为支持绿色工厂建设，市财政局设立绿色工厂发展资金，总规模20亿元。"),
        ("50万元", "对首次认定的省级绿色工厂，给予一次性奖励50万元；对国家级绿色工厂，最高给予100万元的奖励。"),
        ("新技术", "（一）支持节能改造和绿色产品开发设计，推广应用新技术。"),
        ("2024年", "2024年3月5日"),
    ],
)
def test_a_sentence_goes_on_where_the_width_of_the_page_broke_it(words: str, sentence: str) -> None:
    at = BROKEN.index(words)
    begin, end = sentence_around(BROKEN, at, at + len(words))
    assert join_lines(BROKEN[begin:end]).strip() == sentence


def test_lines_of_a_table_or_of_whole_paragraphs_are_sentences_of_their_own() -> None:
    rows = (
        "序号\t补贴对象和标准的说明以及条件等内容\t金额\n1\t对市级菜市场的补贴对象和标准的说明\t5万元\n"
        "2\t对区级菜市场的补贴对象和标准的说明\t3万元\n3\t对镇级菜市场的补贴对象和标准的说明\t2万元\n"
    )
    begin, end = sentence_around(rows, rows.index("5万元"), rows.index("5万元") + 3)
    assert rows[begin:end] == "1\t对市级菜市场的补贴对象和标准的说明\t5万元\n"
    fields = (
        "案由：关于完善社区助餐服务的提案\n提案者：顾云舟委员等三名委员\n"
        "主办单位：澄溪市民政局养老科\n会办单位：澄溪市财政局预算科\n"
    )
    assert sentence_around(fields, 20, 24) == (17, fields.index("主办单位"))
    text = "关于加快推进全市绿色工厂建设工作的若干意见\n我市绿色工厂不多" + "，还有很多工作要做" * 8 + "。\n"
    assert sentence_around(text, 2, 4) == (0, text.index("\n") + 1)


def change(extraction: Extraction, edit: Callable[[Quad], Quad | None]) -> list[str]:
    """The rules that a graph breaks after an edit of its quads."""
    edited = (edit(quad) for quad in build_quads(extraction))
    return sorted({finding.rule for finding in check_graph(q for q in edited if q is not None)})


def test_a_graph_as_it_is_made_has_no_findings(store: Store, extraction: Extraction) -> None:
    assert validate_store(store, shapes=False) == []
    assert change(extraction, lambda quad: quad) == []


def test_a_statement_without_its_words_is_found(extraction: Extraction) -> None:
    assert change(extraction, lambda q: None if q.predicate.value.endswith("wasQuotedFrom") else q) != []


@pytest.mark.parametrize("slot", ["about", "grantedUnder"])
def test_what_a_figure_is_connected_with_needs_evidence(tmp_path: Path, extraction: Extraction, slot: str) -> None:
    quads = list(build_quads(extraction))
    gone = {q.subject for q in quads if (q.predicate.value, q.object) == (RDF + "predicate", NamedNode(PK + slot))}
    assert gone
    with Store(tmp_path / "store", write=True) as store:
        graph = make_context_iri(extraction.source.id, store.base)
        store.replace_graph(graph, [quad for quad in quads if quad.subject not in gone])
        assert {finding.rule for finding in validate_store(store)} == {"evidence", "shape"}


def test_a_quote_that_is_not_in_the_text_is_found(extraction: Extraction) -> None:
    def lie(quad: Quad) -> Quad:
        if quad.predicate.value == NIF + "anchorOf" and "50万元" in str(getattr(quad.object, "value", "")):
            return Quad(quad.subject, quad.predicate, Literal("别的话"), quad.graph_name)
        return quad

    assert change(extraction, lie) != []


def test_a_statement_that_nobody_made_is_found(extraction: Extraction) -> None:
    def reverse(quad: Quad) -> Quad:
        if quad.predicate.value == PK + "administers":
            return Quad(quad.object, quad.predicate, quad.subject, quad.graph_name)  # type: ignore[arg-type]
        return quad

    assert change(extraction, reverse) != []


def test_what_is_small_is_told_without_reading_all_of_it(store: Store) -> None:
    view = View(store)
    counts = {iri: sum(1 for _ in store.find_statements(iri)) + sum(1 for _ in store.find_statements(None, None, iri))
              for iri in view.find_by_class("Agency")}  # fmt: skip
    busiest = max(counts, key=lambda iri: counts[iri])
    for iri, count in counts.items():
        for fresh in (View(store), view):
            assert fresh.is_small(iri, count) and not fresh.is_small(iri, count - 1)
        assert view.knows(iri)
    assert view.statements(busiest) == View(store).statements(busiest)
    assert not view.knows("https://x.invalid/none") and not view.knows("no iri")
