"""Conditions, groups and stacking rules in the graph: nodes with words, and evidence for what they decide about."""

from __future__ import annotations

import pytest

from extract.model import Extraction, Source
from extract.pipeline import extract
from extract.records import copy_with
from kg.rdf.graph import build_quads
from ontology.terms import PK, PROV, RDF

POLICY = """霁川市支持企业成长若干措施

一、对首次升规的企业，给予10万元奖励，就高不重复。
二、对产值2000万元以上或研发投入占比10%以上的企业，给予5万元奖励。
"""
Graph = dict[str, dict[str, list[str]]]


@pytest.fixture(scope="module")
def extraction() -> Extraction:
    return extract(Source("policy.txt", POLICY))


def read(extraction: Extraction) -> Graph:
    found: Graph = {}
    for quad in build_quads(extraction):
        found.setdefault(quad.subject.value, {}).setdefault(quad.predicate.value, []).append(quad.object.value)
    return found


def find(graph: Graph, kind: str) -> list[dict[str, list[str]]]:
    return [values for values in graph.values() if PK + kind in values.get(RDF + "type", [])]


def first(values: dict[str, list[str]], name: str) -> str:
    return values.get(PK + name, [""])[0].removeprefix(PK)


def test_a_condition_without_a_number_says_what_it_asks_for(extraction: Extraction) -> None:
    graph = read(extraction)
    [quality] = [c for c in find(graph, "Condition") if PK + "requires" in c]
    assert (first(quality, "operator"), first(quality, "criterion")) == ("Is", "升规")
    assert first(quality, "requires") == "首次升规的企业" and PK + "value" not in quality
    [decided] = quality[PK + "conditionOf"]
    assert PK + "Provision" in graph[decided][RDF + "type"]


def test_alternatives_stand_in_a_group(extraction: Extraction) -> None:
    graph = read(extraction)
    [group] = find(graph, "ConditionGroup")
    assert (first(group, "groupKind"), first(group, "needed")) == ("AnyOf", "1")
    members = [c for c in find(graph, "Condition") if PK + "value" in c]
    assert {first(c, "criterion") for c in members} == {"产值", "研发投入占比"}
    assert len({first(c, "conditionOf") for c in members}) == 1 and len(group[PK + "groupOf"]) == 1


def test_a_stacking_rule_is_about_its_support(extraction: Extraction) -> None:
    graph = read(extraction)
    [rule] = find(graph, "StackingRule")
    assert first(rule, "stackingKind") == "HighestOnly" and len(rule[PK + "stackingOf"]) == 1


def test_each_statement_rests_on_the_words_of_its_condition(extraction: Extraction) -> None:
    graph = read(extraction)
    kinds = ("conditionOf", "groupOf", "stackingOf")
    evidence = [v for v in graph.values() if v.get(RDF + "predicate", [""])[0].removeprefix(PK) in kinds]
    assert len(evidence) == 5 and all(v[PROV + "wasQuotedFrom"] for v in evidence)


def test_what_a_person_changed_counts(extraction: Extraction) -> None:
    figures = tuple(copy_with(f, condition_of=None) for f in extraction.figures)
    graph = read(copy_with(extraction, figures=figures))
    assert all(PK + "conditionOf" not in c for c in find(graph, "Condition") if PK + "value" in c)
    assert find(graph, "ConditionGroup")
