"""What was left out: what a reader would miss is listed, and nothing else."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
from pathlib import Path

import pytest

import kg
from extract.model import Extraction, Outline, Source
from extract.pipeline import extract
from kg.cli import run_command
from kg.errors import NotFoundError
from kg.rdf.graph import build_quads
from kg.rdf.identifiers import make_context_iri
from kg.review.gaps import Cue, find_gaps, find_gaps_in_store
from kg.store.store import Store
from tests.support.invented_page import PAGE, make_extraction
from tests.support.paths import EXAMPLES


def without(extraction: Extraction, **changes: object) -> Extraction:
    return dataclasses.replace(extraction, **changes)


def cues(extraction: Extraction) -> list[tuple[Cue, tuple[str, ...]]]:
    return [(g.cue, g.words) for g in find_gaps(extraction)]


def test_a_page_read_in_full_has_no_gaps(extraction: Extraction) -> None:
    assert find_gaps(extraction) == ()


def test_a_number_without_a_figure_is_one(extraction: Extraction) -> None:
    [gap] = find_gaps(without(extraction, figures=extraction.figures[1:]))
    assert (gap.cue, gap.words) == (Cue.NUMBER, ("50万元",))
    assert gap.source == "2024/20240015.txt"
    assert gap.span.of(PAGE) == gap.sentence
    assert "最高50万元奖励" in gap.sentence


def test_a_title_and_its_number_without_an_entity_are_two(extraction: Extraction) -> None:
    left = tuple(e for e in extraction.entities if e.id != "e6")
    found = cues(without(extraction, entities=left))
    assert (Cue.TITLE, ("《澄溪市先进制造业促进办法》",)) in found
    assert any(cue is Cue.DOCUMENT_NUMBER and "栖府办〔2022〕8号" in words[0] for cue, words in found)


def test_a_number_known_but_for_its_brackets_is_known(extraction: Extraction) -> None:
    text = PAGE.replace("〔2022〕", "[2022]")
    assert find_gaps(make_extraction(text=PAGE)) == ()
    assert find_gaps(without(extraction, source=Source("x.txt", text))) == ()


def test_a_promise_outside_of_all_parts_is_one(extraction: Extraction) -> None:
    plan = extraction.outline
    sentences = tuple(dataclasses.replace(s, part=None) if "力争" in s.span.of(PAGE) else s for s in plan.sentences)
    parts = tuple(p for p in plan.parts if p.id != "p5")
    found = cues(without(extraction, outline=Outline(plan.letters, parts, sentences)))
    assert found == [(Cue.COMMITMENT, ("下一步", "力争"))]


def test_a_wish_is_none(extraction: Extraction) -> None:
    wish = "对新认定企业奖30万元。"
    text = PAGE.replace("对新认定的企业给予奖励。", wish)
    assert len(text) == len(PAGE)
    assert find_gaps(without(extraction, source=Source("x.txt", text))) == ()
    plan = extraction.outline
    unplaced = tuple(dataclasses.replace(s, part=None) for s in plan.sentences)
    told = without(extraction, source=Source("x.txt", text), outline=Outline(plan.letters, plan.parts, unplaced))
    assert (Cue.NUMBER, ("30万元",)) in cues(told)


@pytest.mark.parametrize(("line", "words"), [("", ("300", "60")), ("单位：万元\n", ("60",)), ("单位：万元、%\n", ())])
def test_numbers_of_a_table_without_a_unit_are_one_gap(line: str, words: tuple[str, ...]) -> None:
    table = f"{line}序号 | 年份 | 投入 | 占比\n1 | 2023 | 300 | 60\n2 | 2024 | 300 | 60\n"
    x = extract(
        Source("x.txt", f"栖河市2024年投入情况报告\n　　2024年，全市情况如下。\n{table}　　下一步将加大投入。\n")
    )
    assert [gap.words for gap in find_gaps(x) if gap.cue is Cue.BARE_NUMBER] == ([words] if words else [])


def test_a_page_that_is_not_understood_at_all_is_one_whole_gap() -> None:
    text = "今天天气很好。\n全市新增公交线路12条。\n"
    empty = Extraction(Source("x.txt", text), Outline((), (), ()), (), (), ())
    [gap] = find_gaps(empty)
    assert (gap.letter, gap.words, gap.sentence) == ("", ("12条",), "全市新增公交线路12条。")


def test_a_store_tells_the_same_as_its_extractions(tmp_path: Path) -> None:
    kg.build(EXAMPLES, tmp_path / "store")
    with Store(tmp_path / "store") as store:
        found = find_gaps_in_store(store)
        sources = list(store.list_sources())
        assert found == tuple(g for s in sources for g in find_gaps_in_store(store, s))
        with pytest.raises(NotFoundError, match=r"nowhere\.txt"):
            find_gaps_in_store(store, "nowhere.txt")
    read = [kg.extract(path) for path in sorted(EXAMPLES.glob("*.txt"))]
    expected = {(g.span, g.cue, g.words) for x in read for g in find_gaps(x)}
    assert {(g.span, g.cue, g.words) for g in found} == expected


def test_the_command_writes_a_table_csv_or_json(
    tmp_path: Path, extraction: Extraction, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KG_LANG", "zh")
    with Store(tmp_path / "store", write=True) as store:
        left = without(extraction, figures=())
        store.replace_graph(make_context_iri(left.source.id, store.base), build_quads(left, store.base))
    out = {}
    for form in ("table", "csv", "json"):
        assert run_command(["gaps", "--store", str(tmp_path / "store"), "--format", form]) == 0
        out[form] = capsys.readouterr().out
    assert "50万元" in out["table"] and "128家" in out["table"]
    rows = list(csv.DictReader(io.StringIO(out["csv"])))
    assert "最高50万元奖励" in rows[0]["句子"] and rows[0]["来源"] == "2024/20240015.txt"
    first = json.loads(out["json"])[0]
    assert first["cue"] == "number" and first["words"] == ["50万元"]
    assert run_command(["gaps", "--store", str(tmp_path / "store"), "--format", "xml"]) == 2
    assert run_command(["gaps", "--store", str(tmp_path / "store"), "--source", "nowhere.txt"]) == 6
