"""What counts as found, missed and wrong; and scores that agree with the shared scorer."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import kg
from extract.model import Extraction, Kind, Span
from extract.text.normalize import name_key
from kg.evaluate import Evaluation, FileResult, Judgement, MatchVerdict, evaluate
from kg.evaluate.gold import find_source
from kg.evaluate.model import LAYERS, ScoreRow
from kg.evaluate.report import collect_scores
from tests.support.annotations import Judged, annotation
from tests.support.invented_page import PAGE, make_extraction
from tests.support.paths import GOLD, ROOT

SCORER = ROOT.parent / "shared" / "score.py"
FILES = [*sorted(GOLD.glob("*.gold.json")), *sorted(SCORER.parent.glob("gold/*.gold.json"))]


def said(result: FileResult, layer: str, verdict: MatchVerdict) -> list[str]:
    return [j.description for j in result.judgements if j.layer == layer and j.verdict is verdict]


def counts(result: FileResult, name: str) -> tuple[int, int, int]:
    row = result.rows.get(name, ScoreRow())
    return row.tp, row.fp, row.fn


# what counts


def test_all_that_gold_says_and_no_more_is_full_marks(judged: Judged) -> None:
    result = judged()
    assert {layer: result.rows[layer].f1 for layer in LAYERS} == dict.fromkeys(LAYERS, 1.0)
    assert {name: row.recall for name, row in result.rows.items() if name.startswith("slots:")} == {
        "slots:about": 1.0, "slots:bound": 1.0, "slots:period": 1.0, "slots:type": 1.0,
    }  # fmt: skip
    assert (result.evidence.wrong, result.evidence.missing) == ((), ())


def test_a_thing_that_gold_does_not_know_is_wrong_and_one_that_is_not_there_is_missed(judged: Judged) -> None:
    gold = annotation()
    gold["entities"] = [e for e in gold["entities"] if e["label"] != "栖企通"]
    gold["entities"].append({"type": "Program", "label": "育苗工程"})
    result = judged(gold)
    assert said(result, "entities", MatchVerdict.WRONG) == ["Platform 栖企通"]
    assert said(result, "entities", MatchVerdict.MISSED) == ["Program 育苗工程"]
    assert counts(result, "entities:Program") == (1, 0, 1)


def test_another_class_that_the_annotation_names_is_as_right(judged: Judged) -> None:
    gold = annotation()
    entity = next(e for e in gold["entities"] if e["label"] == "栖企通")
    entity["type"] = "Place"
    assert "Platform 栖企通" in said(judged(gold), "entities", MatchVerdict.WRONG)
    entity["also"] = ["Platform"]
    assert said(judged(gold), "entities", MatchVerdict.WRONG) == []


def test_optional_things_count_neither_for_nor_against(judged: Judged) -> None:
    gold = annotation()
    before = judged()
    for layer, what in (("entities", "登高计划"), ("edges", "administers"), ("parts", "一.1"), ("figures", "128家")):
        row = next(r for r in gold[layer] if what in r.values())
        row["optional"] = True
    gold["entities"].append({"type": "Program", "label": "育苗工程", "optional": True})
    result = judged(gold)
    for layer in ("entities", "edges", "parts", "figures"):
        tp, fp, fn = counts(before, layer)
        assert counts(result, layer) == (tp - 1, fp, fn), layer
        assert len(said(result, layer, MatchVerdict.OPEN)) == 1


def test_the_same_thing_twice_is_one_too_many(judged: Judged) -> None:
    x = make_extraction()
    agency = next(e for e in x.entities if e.id == "e2")
    twice = replace(agency, id="e99", label="市科技局", aliases=(), jurisdiction="")
    result = judged(None, replace(x, entities=(*x.entities, twice)))
    assert counts(result, "entities") == (11, 1, 0)
    (extra,) = said(result, "entities", MatchVerdict.WRONG)
    assert extra.endswith("(again)")


def test_classes_that_are_a_matter_of_reading_are_alike_and_others_are_not(judged: Judged) -> None:
    x = make_extraction()

    def with_kind(ident: str, kind: Kind) -> Extraction:
        return replace(x, entities=tuple(replace(e, kind=kind) if e.id == ident else e for e in x.entities))

    assert counts(judged(None, with_kind("e9", Kind.PLATFORM)), "entities") == (11, 0, 0)
    assert counts(judged(None, with_kind("e9", Kind.GROUP)), "entities") == (10, 1, 1)


def test_an_edge_needs_its_direction(judged: Judged) -> None:
    x = make_extraction()
    turned = tuple(
        replace(r, subject=r.object, object=r.subject) if r.predicate == "availableOn" else r for r in x.relations
    )
    result = judged(None, replace(x, relations=turned))
    assert said(result, "edges", MatchVerdict.MISSED) == ["登高计划 availableOn 栖企通"]
    assert said(result, "edges", MatchVerdict.WRONG) == ["栖企通 availableOn 登高计划"]


def test_a_figure_of_another_place_or_unit_or_value_is_another_figure(judged: Judged) -> None:
    x = make_extraction()

    def with_figure(**change: Any) -> Extraction:
        return replace(x, figures=tuple(replace(f, **change) if f.id == "f2" else f for f in x.figures))

    begin = PAGE.index("2026")
    for change in ({"value": Decimal(129)}, {"unit": "户"}, {"span": Span(begin, begin + 4)}):
        assert counts(judged(None, with_figure(**change)), "figures") == (2, 1, 1), change
    result = judged(None, with_figure(kind=Kind.TARGET, period="2022", about="e9"))
    assert counts(result, "figures") == (3, 0, 0)
    assert {name: counts(result, f"slots:{name}") for name in ("type", "period", "about", "bound")} == {
        "type": (2, 0, 1), "period": (0, 0, 1), "about": (2, 0, 1), "bound": (3, 0, 0),
    }  # fmt: skip


def test_a_part_of_another_class_is_missed_and_wrong(judged: Judged) -> None:
    x = make_extraction()
    parts = tuple(replace(p, kind=Kind.MEASURE) if p.id == "p5" else p for p in x.outline.parts)
    figures = tuple(replace(f, kind=Kind.OBSERVATION, part_of=None) if f.id == "f3" else f for f in x.figures)
    result = judged(None, replace(x, outline=replace(x.outline, parts=parts), figures=figures))
    assert (counts(result, "parts:Commitment"), counts(result, "parts:Measure")) == ((0, 0, 1), (2, 1, 0))


def test_answers_are_not_judged_where_they_are_not_annotated(judged: Judged) -> None:
    gold = annotation()
    del gold["responds"]
    assert counts(judged(gold), "responds") == (0, 0, 0)
    gold["responds"] = []
    assert counts(judged(gold), "responds") == (0, 1, 0)


def test_a_letter_that_gold_does_not_know_is_wrong(judged: Judged) -> None:
    gold = annotation()
    gold["documents"] = gold["documents"][:2]
    (extra,) = said(judged(gold), "documents", MatchVerdict.WRONG)
    assert "CoHandlingOpinion" in extra


def test_a_quote_that_does_not_quote_is_seen(judged: Judged) -> None:
    from pyoxigraph import Literal, Quad

    from kg.evaluate.evidence import check_evidence
    from kg.evaluate.reading import SourceGraph
    from kg.rdf.graph import build_quads
    from ontology.terms import NIF

    def lie(q: Quad) -> Quad:
        if q.predicate.value == NIF + "anchorOf" and "50万元" in q.object.value:
            return Quad(q.subject, q.predicate, Literal("别的话"), q.graph_name)
        return q

    made = list(build_quads(make_extraction()))
    honest = check_evidence(SourceGraph(made))
    assert honest.good and not honest.wrong and not honest.missing
    assert check_evidence(SourceGraph(map(lie, made))).wrong
    stripped = [q for q in made if not (q.predicate.value.endswith("wasQuotedFrom") and "#e-" in q.subject.value)]
    assert any("availableOn" in line for line in check_evidence(SourceGraph(stripped)).missing)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("国家级专精特新“小巨人”企业", "国家级专精特新小巨人企业"),
        ("《办法》（试行）", "办法(试行)"),
        ("ＡＰＰ 平台", "app平台"),
    ],
)
def test_print_never_matters_to_a_name(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


# agreement with the shared scorer


@pytest.fixture(scope="module")
def everything() -> Evaluation:
    return evaluate(FILES)


@pytest.mark.gold
@pytest.mark.skipif(not SCORER.exists(), reason="needs ../shared")
@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name.removesuffix(".gold.json"))
def test_figures_agree_with_the_shared_scorer(path: Path, tmp_path: Path, everything: Evaluation) -> None:
    result = next(f for f in everything.files if f.gold.path == path)
    kg.build([find_source(result.gold)], tmp_path / "store")
    with kg.open(tmp_path / "store") as graph:
        graph.export("turtle", tmp_path / "graph.ttl")
    out = tmp_path / "out.json"
    command = [sys.executable, str(SCORER), str(path), str(tmp_path / "graph.ttl"), "--json", str(out)]
    subprocess.run(command, check=True, capture_output=True)
    theirs = json.loads(out.read_text(encoding="utf-8"))
    ours = collect_scores(result.rows, result.evidence) | {"macro_f1": Evaluation((result,)).macro_f1}
    wanted, got = _flat(theirs), _flat(ours)
    assert {name: got.get(name) for name in wanted} == pytest.approx(wanted)


def _flat(value: Any, name: str = "") -> dict[str, float]:
    if isinstance(value, dict):
        return {k: v for key, inner in value.items() for k, v in _flat(inner, f"{name}/{key}").items()}
    return {name: float(value)}


# the command and its reports


def test_verdicts_are_all_that_is_counted() -> None:
    """Rows are sums of judgements: what is listed is what is scored."""
    from kg.evaluate.model import count_judgements

    made = [
        Judgement("edges", "supports", verdict, "x")
        for verdict in (
            MatchVerdict.FOUND,
            MatchVerdict.FOUND,
            MatchVerdict.MISSED,
            MatchVerdict.WRONG,
            MatchVerdict.OPEN,
        )
    ]
    row = count_judgements(made)["edges:supports"]
    assert (row.tp, row.fp, row.fn) == (2, 1, 1)
    assert row.precision == row.recall == row.f1 == pytest.approx(2 / 3)
