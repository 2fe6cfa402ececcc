"""Confidences that come true: counted by rule and document, applied by the pipeline."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.confidence import (
    KINDS,
    Calibrator,
    Sample,
    estimate_confidences,
    format_estimates,
    measure_reliability,
    predict_left_out,
    read_estimates,
)
from extract.model import Bound, Entity, Figure, Kind, Relation, Source, Span
from extract.pipeline import extract, pipeline
from kg.evaluate.accuracy import JUDGED
from ontology.lexicons import Lexicon, load_lexicon
from tests.support.paths import EXAMPLES

HERE = Span(0, 1)


def seen(
    right: int, wrong: int, *, rule: str = "support.given", kind: str = "relation", doc: str = "a"
) -> list[Sample]:
    return [Sample(doc, kind, rule, 0.9, i < right) for i in range(right + wrong)]


# counting


def test_what_is_right_more_often_is_more_confident() -> None:
    known = estimate_confidences([*seen(9, 1, rule="a.x"), *seen(6, 4, rule="a.y"), *seen(1, 9, rule="a.z")])
    x, y, z = (known.get_confidence("relation", f"a.{r}", 0.5) for r in "xyz")
    assert 1 > x > y > z > 0


def test_a_rule_seen_in_one_document_leans_on_its_family_and_one_seen_in_many_stands_alone() -> None:
    others = [s for d in "abcdefgh" for s in seen(5, 5, rule="support.other", doc=d)]
    seldom = estimate_confidences([*others, *seen(1, 0, rule="support.new")]).get_confidence(
        "relation", "support.new", 0
    )
    often = [s for d in "abcdefghijkl" for s in seen(1, 0, rule="support.new", doc=d)]
    assert (
        0.5 < seldom < 0.75 < estimate_confidences([*others, *often]).get_confidence("relation", "support.new", 0) < 1
    )


def test_many_statements_of_one_document_are_one_observation() -> None:
    once, again = (estimate_confidences(seen(n, 0)).get_confidence("relation", "support.given", 0) for n in (1, 500))
    assert once == pytest.approx(again)


def test_a_rule_never_seen_has_its_familys_confidence_and_an_unknown_family_its_own() -> None:
    known = estimate_confidences(seen(9, 1))
    assert known.get_confidence("relation", "support.unheard", 0.1) == known.families["relation", "support"].confidence
    assert known.get_confidence("relation", "mine.own", 0.77) == 0.77
    assert known.get_confidence("entity", "support.given", 0.66) == 0.66


_SAMPLES = st.lists(
    st.builds(
        Sample, st.sampled_from("abc"), st.sampled_from(KINDS), st.sampled_from(["f.x", "f.y", "g:z"]),
        st.just(0.9), st.booleans(),
    ),
    max_size=40,
)  # fmt: skip


@given(_SAMPLES, st.sampled_from("abcd"), st.booleans())
def test_one_more_right_statement_never_lowers_a_rule_nor_one_more_wrong_one_raises_it(
    before: list[Sample], document: str, right: bool
) -> None:
    rule = Sample(document, "relation", "f.x", 0.9, right)
    base = estimate_confidences([*before, *seen(1, 1, rule="f.x", doc=document)]).get_confidence("relation", "f.x", 0)
    more = estimate_confidences([*before, *seen(1, 1, rule="f.x", doc=document), rule]).get_confidence(
        "relation", "f.x", 0
    )
    assert 0 < base < 1 and 0 < more < 1
    assert more >= base - 1e-12 if right else more <= base + 1e-12


def test_a_document_left_out_says_nothing_about_itself() -> None:
    given_, other = seen(10, 0, doc="a"), seen(0, 10, doc="b")
    pairs = predict_left_out([*given_, *other])
    assert all(p < 0.5 for p, right in pairs if right)
    assert all(p > 0.5 for p, right in pairs if not right)


def test_reliability_is_the_distance_of_what_was_said_and_what_came_true() -> None:
    honest = measure_reliability([(0.75, True)] * 3 + [(0.75, False)])
    assert (honest.ece, honest.bins[0].n, honest.bins[0].observed) == (pytest.approx(0), 4, 0.75)
    boastful = measure_reliability([(1.0, True), (1.0, False)])
    assert (boastful.ece, boastful.brier) == (pytest.approx(0.5), pytest.approx(0.5))
    assert boastful.log_loss > honest.log_loss


def test_the_table_is_read_as_it_was_written() -> None:
    known = estimate_confidences([*seen(9, 1), *seen(3, 0, rule='odd"name\\', kind="entity", doc="b")])
    again = read_estimates(tomllib.loads(format_estimates(known, JUDGED, 2)))
    assert again.rules.keys() == known.rules.keys() and again.families.keys() == known.families.keys()
    for key, e in known.rules.items():
        assert again.rules[key].confidence == pytest.approx(e.confidence, abs=5e-4)
        assert (again.rules[key].n, again.rules[key].right) == (e.n, e.right)


# applied


def test_what_nobody_judged_keeps_its_confidence(tmp_path: Path) -> None:
    known = estimate_confidences([*seen(1, 9, rule="answers:x"), *seen(0, 9, kind="figure", rule="figure.x")])
    (tmp_path / "confidence.toml").write_text(format_estimates(known, JUDGED, 1), encoding="utf-8")
    apply = Calibrator(Lexicon(tmp_path))
    stated, alike = apply.calibrate_relations(
        Relation("p1", predicate, "p2", HERE, "answers:x", 0.9) for predicate in ("respondsTo", "mayRespondTo")
    )
    assert stated.confidence < 0.5 and alike.confidence == 0.9
    target, condition = apply.calibrate_figures(
        Figure("f1", kind, HERE, Decimal(1), "家", Bound.EXACTLY, rule="figure.x")
        for kind in (Kind.TARGET, Kind.CONDITION)
    )
    assert target.confidence < 0.5 and condition.confidence == 0.9
    (mine,) = apply.calibrate_entities([Entity("e1", Kind.PROGRAM, "x", (), (HERE,), rule="my.rule", confidence=0.42)])
    assert mine.confidence == 0.42


def test_the_pipeline_says_what_was_counted_and_can_be_told_not_to() -> None:
    source = Source("a.txt", next(EXAMPLES.glob("*答复_小巨人.txt")).read_text(encoding="utf-8"))
    nlp = pipeline()
    nlp.replace_pipe("pk_finish", "pk_finish", config={"calibrate": False})
    counted, written = extract(source), extract(source, nlp=nlp)
    known = read_estimates(load_lexicon().read_config("confidence"))
    for e in counted.entities:
        assert e.confidence == pytest.approx(known.get_confidence("entity", e.rule, e.confidence), abs=5e-4)
    assert [(r.subject, r.predicate, r.object) for r in counted.relations] == [
        (r.subject, r.predicate, r.object) for r in written.relations
    ]
    assert len({e.confidence for e in counted.entities}) > 3
    assert [e.confidence for e in counted.entities] != [e.confidence for e in written.entities]
