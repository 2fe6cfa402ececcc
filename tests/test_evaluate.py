"""kg eval: what counts as found, figures that agree with the shared scorer, a page that shows it all in the text."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from invented_page import PAGE, make_extraction

import kg
from extract.model import Extraction, Kind, Span
from kg.cli import run
from kg.errors import SourceError
from kg.evaluate import Evaluation, FileResult, Judgement, Verdict, evaluate
from kg.evaluate.gold import find_source, gold_files, load
from kg.evaluate.html import render, segments
from kg.evaluate.marks import marks
from kg.evaluate.model import LAYERS, Row
from kg.evaluate.reading import fold
from kg.evaluate.report import as_json, errors, scores
from kg.evaluate.run import score

ROOT = Path(__file__).resolve().parent.parent
SCORER = ROOT.parent / "shared" / "score.py"
FILES = [*sorted((ROOT / "tests" / "gold").glob("*.gold.json")), *sorted(SCORER.parent.glob("gold/*.gold.json"))]

Gold = dict[str, Any]
Judged = Callable[..., FileResult]


def annotation() -> Gold:
    """What a careful reader takes from the invented page: all that the extraction made by hand says."""
    return {
        "source": "pages/20240015.txt",
        "documents": [
            {
                "id": "P", "type": "Proposal", "proposalNumber": "20240015", "title": "关于扶持专精特新企业的提案",
                "session": "市政协五届三次会议", "submittedBy": ["民建澄溪市委会"],
                "leadAgency": ["澄溪市工业和信息化局"], "coAgency": ["市科学技术局", "市财政局"],
            },
            {
                "id": "R1", "type": "LeadReply", "issuedBy": ["澄溪市工业和信息化局"], "issued": "2024-05-20",
                "addressedTo": ["民建澄溪市委会"], "consulted": ["市科技局"], "repliesTo": ["20240015"],
                "basedOn": ["澄溪市先进制造业促进办法"],
            },
            {
                "id": "R2", "type": "CoHandlingOpinion", "issuedBy": ["澄溪市科学技术局"], "issued": "2024-04-09",
                "addressedTo": ["市工业和信息化局"], "repliesTo": ["20240015"],
            },
        ],
        "parts": [
            {"doc": "P", "type": "Suggestion", "number": "一", "begins": "加大奖补力度"},
            {"doc": "P", "type": "Suggestion", "number": "一.1", "begins": "对新认定的企业给予奖励"},
            {"doc": "P", "type": "Suggestion", "number": "一.2", "begins": ["设立风险补偿资金", "设立"]},
            {"doc": "R1", "type": "Measure", "number": "(一)", "begins": "关于加大奖补力度"},
            {"doc": "R1", "type": "Commitment", "number": "(二)", "begins": "下一步,力争到2026年"},
            {"doc": "R2", "type": "Measure", "begins": "对第20240015号提案"},
        ],
        "responds": [{"part": "关于加大奖补力度", "suggestion": "加大奖补力度"}],
        "entities": [
            {"type": "Agency", "label": "澄溪市工业和信息化局", "aliases": ["市工业和信息化局"]},
            {"type": "Agency", "label": "澄溪市科学技术局", "aliases": ["市科学技术局", "市科技局"]},
            {"type": "Agency", "label": "澄溪市财政局", "aliases": ["市财政局"]},
            {"type": "Organization", "label": "民建澄溪市委会", "aliases": ["民建市委会"]},
            {"type": "Place", "label": "澄溪市"},
            {
                "type": "PolicyInstrument", "label": "澄溪市先进制造业促进办法", "documentNumber": "栖府办〔2022〕8号",
                "issued": "2022", "status": "InForce",
            },
            {
                "type": "EnterpriseTier", "label": "国家级专精特新“小巨人”企业", "aliases": ["小巨人企业"],
                "level": "National",
            },
            {"type": "EnterpriseTier", "label": "省级专精特新中小企业", "level": "Provincial"},
            {"type": "Program", "label": "登高计划"},
            {"type": "Platform", "label": "栖企通"},
            {"type": "TargetGroup", "label": "高新技术企业"},
        ],
        "edges": [
            {"s": "市工业和信息化局", "p": "administers", "o": "登高计划", "quote": "我局实施“登高计划”"},
            {"s": "登高计划", "p": "availableOn", "o": "栖企通", "quote": "通过“栖企通”平台申报"},
            {"s": "登高计划", "p": "supports", "o": ["科技型企业", "高新技术企业"], "quote": "高新技术企业同等享受"},
            {"s": "澄溪市先进制造业促进办法", "p": "supports", "o": "小巨人企业", "quote": "给予最高50万元奖励"},
        ],
        "figures": [
            {
                "type": "Provision", "value": 500000, "unit": "CNY", "bound": "AtMost", "about": "小巨人企业",
                "quote": "最高50万元",
            },
            {
                "type": "Observation", "value": 128, "unit": "家", "bound": "Exactly", "about": "省级专精特新中小企业",
                "period": "2023", "quote": "128家",
            },
            {
                "type": "Target", "value": 20, "unit": "家", "bound": "AtLeast", "about": "小巨人企业",
                "quote": "20家以上",
            },
        ],
    }  # fmt: skip


@pytest.fixture
def judged(tmp_path: Path) -> Judged:
    """Hold an extraction (by default the whole one) against an annotation (by default the right one)."""

    def hold(gold: Gold | None = None, extraction: Extraction | None = None) -> FileResult:
        path = tmp_path / "invented.gold.json"
        path.write_text(json.dumps(gold or annotation(), ensure_ascii=False), encoding="utf-8")
        return score(load(path), extraction or make_extraction())

    return hold


def said(result: FileResult, layer: str, verdict: Verdict) -> list[str]:
    return [j.what for j in result.judgements if j.layer == layer and j.verdict is verdict]


def counts(result: FileResult, name: str) -> tuple[int, int, int]:
    row = result.rows.get(name, Row())
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
    assert said(result, "entities", Verdict.WRONG) == ["Platform 栖企通"]
    assert said(result, "entities", Verdict.MISSED) == ["Program 育苗工程"]
    assert counts(result, "entities:Program") == (1, 0, 1)


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
        assert len(said(result, layer, Verdict.OPEN)) == 1


def test_the_same_thing_twice_is_one_too_many(judged: Judged) -> None:
    x = make_extraction()
    agency = next(e for e in x.entities if e.id == "e2")
    twice = replace(agency, id="e99", label="市科技局", aliases=(), jurisdiction="")
    result = judged(None, replace(x, entities=(*x.entities, twice)))
    assert counts(result, "entities") == (11, 1, 0)
    (extra,) = said(result, "entities", Verdict.WRONG)
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
    assert said(result, "edges", Verdict.MISSED) == ["登高计划 availableOn 栖企通"]
    assert said(result, "edges", Verdict.WRONG) == ["栖企通 availableOn 登高计划"]


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
    (extra,) = said(judged(gold), "documents", Verdict.WRONG)
    assert "CoHandlingOpinion" in extra


def test_a_quote_that_does_not_quote_is_seen(judged: Judged) -> None:
    from pyoxigraph import Literal, Quad

    from kg.evaluate.matching import evidence
    from kg.evaluate.reading import Reading
    from kg.rdf.graph import quads
    from ontology.terms import NIF

    def lie(q: Quad) -> Quad:
        if q.predicate.value == NIF + "anchorOf" and "50万元" in q.object.value:
            return Quad(q.subject, q.predicate, Literal("别的话"), q.graph_name)
        return q

    made = list(quads(make_extraction()))
    honest = evidence(Reading(made))
    assert honest.good and not honest.wrong and not honest.missing
    assert evidence(Reading(map(lie, made))).wrong
    stripped = [q for q in made if not (q.predicate.value.endswith("wasQuotedFrom") and "#e-" in q.subject.value)]
    assert any("availableOn" in line for line in evidence(Reading(stripped)).missing)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("国家级专精特新“小巨人”企业", "国家级专精特新小巨人企业"),
        ("《办法》（试行）", "办法(试行)"),
        ("ＡＰＰ 平台", "app平台"),
    ],
)
def test_print_never_matters_to_a_name(one: str, other: str) -> None:
    assert fold(one) == fold(other)


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
    ours = scores(result.rows, result.evidence) | {"macro_f1": Evaluation((result,)).macro_f1}
    wanted, got = _flat(theirs), _flat(ours)
    assert {name: got.get(name) for name in wanted} == pytest.approx(wanted)


def _flat(value: Any, name: str = "") -> dict[str, float]:
    if isinstance(value, dict):
        return {k: v for key, inner in value.items() for k, v in _flat(inner, f"{name}/{key}").items()}
    return {name: float(value)}


# files


def test_a_source_is_found_above_or_beside_or_in_the_folder_named(tmp_path: Path) -> None:
    gold = tmp_path / "set" / "gold" / "a.gold.json"
    gold.parent.mkdir(parents=True)
    gold.write_text('{"source": "pages/a.txt", "documents": []}', encoding="utf-8")
    with pytest.raises(SourceError, match="--source-dir"):
        find_source(load(gold))
    far = tmp_path / "pages" / "a.txt"
    near = gold.parent / "a.txt"
    for place in (near, far):
        place.parent.mkdir(exist_ok=True)
        place.write_text("文", encoding="utf-8")
        assert find_source(load(gold)) == place
    elsewhere = tmp_path / "else" / "a.txt"
    elsewhere.parent.mkdir()
    elsewhere.write_text("文", encoding="utf-8")
    assert find_source(load(gold), tmp_path / "else") == elsewhere
    with pytest.raises(SourceError):
        find_source(load(gold), tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("{", "JSON"),
        ("[]", "JSON"),
        ("{}", "source"),
        ('{"source": "a.txt", "entities": [{"type": "Agency"}]}', r"entities\[0\]"),
        ('{"source": "a.txt", "figures": [{"type": "Target", "value": "many", "quote": "x"}]}', r"figures\[0\]"),
        ('{"source": "a.txt", "edges": ["x"]}', r"edges\[0\]"),
    ],
)
def test_a_file_that_is_no_annotation_is_named_with_the_place(tmp_path: Path, text: str, where: str) -> None:
    path = tmp_path / "a.gold.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SourceError, match=where) as caught:
        load(path)
    assert str(path) in caught.value.zh and str(path) in caught.value.en


def test_a_folder_stands_for_its_annotated_files(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"gold\.json"):
        gold_files([tmp_path])
    for name in ("b.gold.json", "a.gold.json", "notes.json"):
        (tmp_path / name).write_text("{}", encoding="utf-8")
    assert [p.name for p in gold_files([tmp_path, tmp_path / "a.gold.json"])] == ["a.gold.json", "b.gold.json"]


# the command and its reports


@pytest.fixture
def own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An annotated file of the repository."""
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    monkeypatch.delenv("KG_LANG", raising=False)
    monkeypatch.chdir(tmp_path)
    return ROOT / "tests" / "gold" / "dev_page_portal.gold.json"


def test_the_command_prints_and_writes_the_same_figures(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["eval", str(own), "--errors", "--json", "得分.json", "--html", "对照.html"]) == 0
    out = capsys.readouterr().out
    written = json.loads(Path("得分.json").read_text(encoding="utf-8"))
    for layer in LAYERS:
        assert f"{written['total'][layer]['f1']:.3f}" in out
    listed = [line for line in out.splitlines() if line.startswith(("- ", "+ "))]
    slots = sum("数字的各项" in line for line in listed)
    assert len(listed) - slots == sum(written["total"][x]["fp"] + written["total"][x]["fn"] for x in LAYERS)
    assert len(listed) == len(written["files"][0]["errors"])
    assert Path("对照.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_the_command_says_what_is_wrong_in_one_line(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["eval", "没有.gold.json"]) == SourceError.exit_code
    assert run(["eval", str(own), "--source-dir", "."]) == SourceError.exit_code
    lines = capsys.readouterr().err.strip().splitlines()
    assert len(lines) == 2
    assert "没有.gold.json" in lines[0] and "--source-dir" in lines[1]


def test_reports_are_the_same_each_time(own: Path) -> None:
    first, second = (evaluate([own]) for _ in range(2))
    assert as_json(first) == as_json(second)
    assert render(first) == render(second)


def test_every_error_has_a_line_and_a_place(judged: Judged) -> None:
    gold = annotation()
    gold["figures"].append({"type": "Target", "value": 2026, "unit": "年", "quote": "2026年"})
    gold["edges"][0]["o"] = "栖企通"
    result = judged(gold)
    lines = errors(result, "zh")
    assert sorted(line[0] for line in lines) == ["+", "-", "-"]
    wrong = [m for m in marks(result) if m.judgement.verdict in (Verdict.MISSED, Verdict.WRONG)]
    assert {s.of(PAGE) for m in wrong for s in m.spans} == {"2026年", "我局实施“登高计划”"}


class _Texts(HTMLParser):
    """The text of each document on the page, and the classes of its passages."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.passages: list[tuple[str, str]] = []
        self._depth = 0
        self._class = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        classes = dict(attrs).get("class") or ""
        if tag == "div" and classes == "text":
            self._depth, self.texts = 1, [*self.texts, ""]
        elif self._depth and tag == "span":
            self._class = classes

    def handle_endtag(self, tag: str) -> None:
        if tag == "div":
            self._depth = 0
        elif tag == "span":
            self._class = ""

    def handle_data(self, data: str) -> None:
        if self._depth:
            self.texts[-1] += data
            if self._class:
                self.passages.append((self._class, data))


def test_the_page_holds_each_text_whole_with_its_errors_in_colour(judged: Judged) -> None:
    gold = annotation()
    gold["figures"].append({"type": "Target", "value": 2026, "unit": "年", "quote": "2026年"})
    gold["entities"] = [e for e in gold["entities"] if e["label"] != "栖企通"]
    page = render(Evaluation((judged(gold),)), "zh")
    seen = _Texts()
    seen.feed(page)
    assert seen.texts == [PAGE]
    colours = {words: name for name, words in seen.passages}
    assert colours["2026年"] == "m missed"
    assert "wrong" in colours["栖企通"]
    assert "m found" in colours.values()
    assert not re.findall(r"""(?:src|href)\s*=\s*["']?(?!data:)[^"'\s>]""", page)


def test_text_on_the_page_cannot_be_markup(tmp_path: Path) -> None:
    path = tmp_path / "a.gold.json"
    words = "</script><img src=x onerror=alert(1)>"
    path.write_text(
        json.dumps({"source": "a.txt", "entities": [{"type": "Program", "label": words}]}), encoding="utf-8"
    )
    (tmp_path / "a.txt").write_text(f"案由：关于{words}的提案\n", encoding="utf-8")
    page = render(evaluate([path]))
    assert "<img" not in page and "&lt;img" in page


def test_pieces_make_the_text_again_and_know_all_that_lies_over_them() -> None:
    text = "一二三四五六"
    spans = [(Span(0, 4), 0), (Span(2, 6), 1), (Span(2, 4), 2)]
    pieces = segments(text, spans)
    assert "".join(piece for piece, _ in pieces) == text
    assert pieces == [("一二", (0,)), ("三四", (0, 1, 2)), ("五六", (1,))]
    assert segments(text, []) == [(text, ())]


@pytest.mark.browser
def test_a_reader_steps_from_error_to_error_and_hides_what_is_right(
    browser: Any, judged: Judged, tmp_path: Path
) -> None:
    gold = annotation()
    gold["figures"].append({"type": "Target", "value": 2026, "unit": "年", "quote": "2026年"})
    target = tmp_path / "对照.html"
    target.write_text(render(Evaluation((judged(gold),)), "zh"), encoding="utf-8")
    page = browser.new_page()
    problems: list[str] = []
    page.on("console", lambda m: problems.append(m.text) if m.type in {"error", "warning"} else None)
    page.on("pageerror", lambda e: problems.append(str(e)))
    page.on("request", lambda r: problems.append(r.url) if not r.url.startswith(("file:", "data:")) else None)
    page.goto(target.as_uri())
    page.click("#next")
    assert "2026" in page.inner_text("#here") and "遗漏" in page.inner_text("#here")
    assert page.locator(".m.found").count() > 0
    page.locator("#verdicts input[value=found]").uncheck()
    assert page.locator(".m.found").count() == 0
    assert page.locator(".m.missed").count() > 0
    page.click("#language")
    assert "missed" in page.inner_text("#here")
    page.close()
    assert problems == []


def test_verdicts_are_all_that_is_counted() -> None:
    """Rows are sums of judgements: what is listed is what is scored."""
    from kg.evaluate.model import count

    made = [
        Judgement("edges", "supports", verdict, "x")
        for verdict in (Verdict.FOUND, Verdict.FOUND, Verdict.MISSED, Verdict.WRONG, Verdict.OPEN)
    ]
    row = count(made)["edges:supports"]
    assert (row.tp, row.fp, row.fn) == (2, 1, 1)
    assert row.precision == row.recall == row.f1 == pytest.approx(2 / 3)
