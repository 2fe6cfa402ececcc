"""Decisions by score: their weights are data, and a user's weights count."""

from __future__ import annotations

from pathlib import Path

import pytest

from extract.model import Extraction, Kind, Source
from extract.pipeline import extract
from extract.relations.scoring import score

POLICY = """溪川市促进夜间经济若干措施

一、设立“星河贷”。向个体工商户发放“星河贷”，每户最高5万元。
二、支持小微企业参加“星河夜市”活动。
"""


def read(tmp_path: Path, table: str, rows: str, text: str = POLICY) -> Extraction:
    """Extract the policy with *rows* in place of a table of weights."""
    (tmp_path / f"{table}.tsv").write_text(f"#!replace\n{rows}", encoding="utf-8")
    return extract(Source("policy.txt", text), lexicon_dir=str(tmp_path))


def list_relations(x: Extraction, predicate: str) -> set[tuple[str, str]]:
    labels = {entity.id: entity.label for entity in x.entities}
    return {(labels[r.subject], labels[r.object]) for r in x.relations if r.predicate == predicate}


def test_what_an_item_gives_supports_who_gets_it() -> None:
    found = list_relations(extract(Source("policy.txt", POLICY)), "supports")
    assert ("星河贷", "个体工商户") in found or ("溪川市促进夜间经济若干措施", "个体工商户") in found


def test_nothing_is_stated_below_the_threshold(tmp_path: Path) -> None:
    x = read(tmp_path, "relation_weights", "supports\tthreshold\t0.9\nestablishes\tthreshold\t0.9\n")
    assert not list_relations(x, "supports") | list_relations(x, "establishes")


def test_all_pairs_above_the_threshold_are_stated_with_their_words_and_probability(tmp_path: Path) -> None:
    x = read(tmp_path, "relation_weights", "establishes\tbias\t2\nestablishes\tthreshold\t0.5\n")
    found = [r for r in x.relations if r.predicate == "establishes"]
    assert ("溪川市促进夜间经济若干措施", "星河贷") in list_relations(x, "establishes")
    assert {r.confidence for r in found} == {0.88}  # 1 / (1 + exp(-2))
    assert all("星河" in r.span.of(POLICY) for r in found)


def test_a_figure_is_about_nothing_if_no_candidate_reaches_the_threshold(tmp_path: Path) -> None:
    text = POLICY.replace("向个体工商户发放“星河贷”", "个体工商户可以申请“星河贷”")
    x = read(tmp_path, "subject_weights", "threshold Provision\t0.6\n", text)
    assert [f.about for f in x.figures if f.kind is Kind.PROVISION] == [None]


def test_the_likeliest_candidate_is_the_subject(tmp_path: Path) -> None:
    x = read(tmp_path, "subject_weights", "kind TargetGroup\t3\nthreshold Provision\t0.6\n")
    labels = {entity.id: entity.label for entity in x.entities}
    assert [labels[f.about] for f in x.figures if f.about is not None] == ["个体工商户"]


@pytest.mark.parametrize(("weights", "probability"), [({}, 0.5), ({"a": 1.0}, 0.8808), ({"a": -1.0, "b": 9.0}, 0.1192)])
def test_a_probability_is_the_logistic_function_of_the_weighted_features(
    weights: dict[str, float], probability: float
) -> None:
    assert score(weights, {"a": 2.0, "c": 5.0}) == pytest.approx(probability, abs=1e-4)


def test_who_does_the_work_is_not_supported(tmp_path: Path) -> None:
    (tmp_path / "relation_weights.tsv").write_text("#!replace\nsupports\tbias\t9\n", encoding="utf-8")
    text = "溪川市促进夜间经济若干措施\n\n一、设立“星河贷”，由融资担保机构办理。\n"
    x = extract(Source("policy.txt", text), lexicon_dir=str(tmp_path))
    assert "融资担保机构" not in {group for _, group in list_relations(x, "supports")}


@pytest.mark.parametrize(
    ("text", "supported"),
    [
        ("对个体工商户、小微企业、夜市商户给予补助。", {"个体工商户", "小微企业", "夜市商户"}),
        ("由个体工商户、小微企业、夜市商户提交材料。", set()),
    ],
)
def test_the_members_of_a_list_stand_in_one_slot(tmp_path: Path, text: str, supported: set[str]) -> None:
    rows = "#!replace\nsupports\to list before 对\t9\nsupports\tthreshold\t0.9\n"
    (tmp_path / "relation_weights.tsv").write_text(rows, encoding="utf-8")
    (tmp_path / "retention.toml").write_text("threshold = -1.0", encoding="utf-8")
    x = extract(Source("policy.txt", f"溪川市促进夜间经济若干措施\n\n一、{text}\n"), lexicon_dir=str(tmp_path))
    assert {obj for _, obj in list_relations(x, "supports")} >= supported
    assert bool(list_relations(x, "supports")) == bool(supported)


def test_the_quote_of_a_support_says_what_is_given() -> None:
    text = (
        "溪川市纾困措施\n\n一、对个体工商户给予水电费减免，对小微企业提供贷款贴息。\n\n溪川市人民政府\n2025年3月1日\n"
    )
    page = extract(Source("纾困.txt", text))
    quotes = [r.span.of(text) for r in page.relations if r.predicate == "supports"]
    assert quotes
    assert not [quote for quote in quotes if quote.endswith(("给予", "提供"))]


@pytest.mark.parametrize(
    "sentence",
    [
        "实施“云帆”计划，由市工信局负责；实施“远舟”行动，由市科技局负责。",
        "实施“云帆”计划、“远舟”行动。（“云帆”计划由市工信局负责，“远舟”行动由市科技局负责）",
    ],
)
def test_who_runs_one_program_by_the_words_runs_no_other_beside_it(sentence: str) -> None:
    x = extract(Source("policy.txt", f"溪川市支持产业发展若干措施\n溪川市人民政府办公室\n（一）{sentence}\n"))
    assert list_relations(x, "administers") == {
        ("溪川市工业和信息化局", "“云帆”计划"),
        ("溪川市科学技术局", "“远舟”行动"),
    }


@pytest.mark.parametrize(("more", "count"), [("", 3), ("、市教育局、市民政局、市公安局", 1)])
def test_the_agencies_of_a_short_note_are_in_charge_together(tmp_path: Path, more: str, count: int) -> None:
    text = (
        "溪川市支持产业发展若干措施\n溪川市人民政府办公室\n（一）优化服务。加强统筹，实施“云帆”计划。"
        f"（责任单位：市工信局、市科技局、市财政局{more}）\n"
    )
    rows = "#!replace\nadministers\tduty_first\t9\nadministers\tthreshold\t0.9\n"
    assert len(list_relations(read(tmp_path, "relation_weights", rows, text), "administers")) == count
