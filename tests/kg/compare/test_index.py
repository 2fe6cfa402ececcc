"""Comparison alone, on quads of extractions that were made by hand: no store, no file, no pipeline."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from extract.model import Entity, Extraction, Kind
from kg.compare.changes import find_changes
from kg.compare.index import FactIndex
from kg.rdf.graph import build_quads
from tests.support.invented_page import make_extraction, span

OLD = make_extraction()


def changes(new: Extraction, old: Extraction = OLD) -> set[tuple[str, str, str]]:
    """(operation, label of the thing, words) of each change."""
    sides = (FactIndex(build_quads(x)) for x in (old, new))
    return {(c.op, c.thing.label, c.words) for c in find_changes(*sides, "zh")}


def test_an_index_has_things_by_name_and_class() -> None:
    index = FactIndex(build_quads(OLD))
    [program] = index.find_by_class(frozenset({"Program"}))
    assert (index.label(program), index.kind(program)) == ("登高计划", "Program")
    assert len(index.figures) == 3 and len(index.find_by_class(frozenset({"Agency"}))) == 3


def test_the_order_of_quads_does_not_matter() -> None:
    quads = list(build_quads(OLD))
    assert find_changes(FactIndex(quads), FactIndex(reversed(quads)), "zh") == ()


def test_another_value_is_a_change_and_not_a_loss_and_a_gain() -> None:
    figures = tuple(replace(f, value=Decimal(300_000)) if f.id == "f1" else f for f in OLD.figures)
    [(op, _, words)] = changes(replace(OLD, figures=figures))
    assert op == "changed" and "50万元" in words and "30万元" in words


@pytest.mark.parametrize("gone", ["f1", "f2", "f3"])
def test_a_figure_that_is_gone_is_dropped_and_from_the_other_side_added(gone: str) -> None:
    less = replace(OLD, figures=tuple(f for f in OLD.figures if f.id != gone))
    assert {op for op, *_ in changes(less)} == {"dropped"}
    assert {op for op, *_ in changes(OLD, less)} == {"added"}


def test_a_new_thing_is_said_with_its_name() -> None:
    fund = Entity("e12", Kind.PROGRAM, "风险补偿资金", (), (span("风险补偿资金"),), "澄溪市")
    assert {label for _, label, _ in changes(replace(OLD, entities=(*OLD.entities, fund)))} == {"风险补偿资金"}


def test_a_confidence_is_no_fact() -> None:
    assert changes(replace(OLD, relations=tuple(replace(r, confidence=0.5) for r in OLD.relations))) == set()
