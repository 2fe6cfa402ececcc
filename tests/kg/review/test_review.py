"""What was judged holds in every later build, and the command that keeps it."""

from __future__ import annotations

import dataclasses
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

import kg
from extract.corrections.model import (
    EVERYWHERE,
    Decision,
    DecisionTopic,
    DecisionVerdict,
    UnappliedReason,
    parse_decisions,
    render_decisions,
)
from kg.cli import run_command
from kg.errors import SourceError, UsageError
from kg.export.rdf import export_store
from kg.graph.query import run_query as ask
from kg.review import reading
from kg.review.decisions import find_unapplied, open_decisions, read_decisions
from kg.review.doubts import find_doubts
from kg.review.wording import describe_decision
from kg.store.store import Store
from tests.support.judging import ALL, LAW, NEAR, SOURCE, TIER, fill, judged, names_in
from tests.support.paths import EXAMPLES

pytestmark = pytest.mark.usefixtures("by_hand")


def test_what_was_filled_in_holds_in_the_next_build() -> None:
    chosen = reading.read_spreadsheet(judged(*ALL))
    Path("d.tsv").write_text(render_decisions(chosen), encoding="utf-8")
    report = kg.build(SOURCE, "store", decisions="d.tsv")
    assert [describe_decision(u.decision, "zh") + u.reason for u in report.unapplied] == []
    assert NEAR not in names_in() and {"省级专精特新中小企业", "风险补偿资金"} <= names_in()
    with Store("store") as store:
        text = "SELECT ?o { ?x pk:supports ?t ; rdfs:label ?l . ?t rdfs:label ?o . FILTER(?l = ?law) }"
        supported = {r[0].value for r in ask(store, text.replace("?law", f'"{LAW}"@zh')).rows if r[0] is not None}
        assert supported == {TIER, "高新技术企业"}
        extractors = ask(store, "SELECT DISTINCT ?x { ?e pk:extractor ?x }").rows
        assert "person" in {r[0].value for r in extractors if r[0] is not None}
        numbers = ask(store, "SELECT ?n { ?x pk:documentNumber ?n }").rows
        assert [r[0].value for r in numbers if r[0] is not None] == ["栖府办〔2022〕8号"]
        targets = ask(store, "SELECT ?v { ?x a pk:Target ; pk:value ?v ; pk:about/rdfs:label ?l }").rows
        assert [r[0].value for r in targets if r[0] is not None] == ["20"]
        assert find_doubts(store, chosen) == ()


def test_several_processes_honour_the_same(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.undo()  # other processes extract by rule
    monkeypatch.chdir(tmp_path)
    Path("many").mkdir()
    for path in EXAMPLES.glob("*.txt"):
        shutil.copy(path, "many")
    agency = Decision(
        EVERYWHERE, DecisionTopic.ENTITY, "Agency", "霁川市财政局", "", "", "", "", "", DecisionVerdict.REJECT
    )
    Path("d.tsv").write_text(render_decisions([agency]), encoding="utf-8")
    stores = [f"store{workers}" for workers in (1, 2)]
    for workers, store in zip((1, 2), stores, strict=True):
        kg.build("many", store, workers=workers, decisions="d.tsv")
    contents = []
    for store in stores:
        with Store(store) as opened:
            contents.append(export_store(opened, "nquads", None))
    assert contents[0] == contents[1]
    assert "霁川市财政局" not in names_in(stores[0])


def decision(**more: Any) -> Decision:
    blank: dict[str, Any] = dict.fromkeys(("predicate", "object_kind", "object", "quote", "slot"), "")
    base: dict[str, Any] = {"source": SOURCE, "what": DecisionTopic.ENTITY, "kind": "Agency", "subject": "无名局",
                            "verdict": DecisionVerdict.REJECT}  # fmt: skip
    return Decision(**{**blank, **base, **more})


def test_a_decision_that_no_longer_applies_is_said_and_kept(capsys: pytest.CaptureFixture[str]) -> None:
    lost = [decision(), decision(source="gone.txt"), decision(source=EVERYWHERE, subject="没有的局")]
    Path("kg-decisions.tsv").write_text(render_decisions(lost), encoding="utf-8")
    before = Path("kg-decisions.tsv").read_bytes()
    report = kg.build(SOURCE, "store", decisions="kg-decisions.tsv")
    assert {(u.decision, u.reason) for u in report.unapplied} == {
        (lost[0], UnappliedReason.MISSING), (lost[1], UnappliedReason.NO_SOURCE), (lost[2], UnappliedReason.MISSING),
    }  # fmt: skip
    assert run_command(["build", SOURCE, "--store", "store"]) == 0
    out = capsys.readouterr().out
    assert "3 项人工决定没有用上" in out and "无名局" in out and "库里没有这个来源" in out
    assert Path("kg-decisions.tsv").read_bytes() == before


def test_what_holds_in_one_of_several_sources_applies() -> None:
    d = decision(source=EVERYWHERE)
    missing = (dataclasses.replace(unapplied_of(d)),)
    assert find_unapplied([d], [("a", missing), ("b", ())], ["a", "b"]) == ()
    assert find_unapplied([d], [("a", missing), ("b", missing)], ["a", "b"]) == missing
    # other sources of the store may have it
    assert find_unapplied([d], [("a", missing)], ["a", "b"]) == ()


def unapplied_of(d: Decision) -> Any:
    from extract.corrections.model import Unapplied

    return Unapplied(d, UnappliedReason.MISSING)


def test_a_build_says_which_decisions_it_honoured() -> None:
    Path("d.tsv").write_text(render_decisions([decision()]), encoding="utf-8")
    kg.build(SOURCE, "store", decisions="d.tsv")
    with Store("store") as store:
        said = ask(store, "SELECT ?s { GRAPH ?g { ?a a prov:Activity ; pk:settings ?s } }").rows
    found = [json.loads(r[0].value).get("decisions") for r in said if r[0] is not None]
    assert sorted(found, key=str) == sorted([None, open_decisions("d.tsv").digest], key=str)


def test_the_command_writes_reads_and_keeps(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["review", "--store", "store", "--output", "核对.xlsx"]) == 0
    assert "核对.xlsx" in capsys.readouterr().out
    book = load_workbook("核对.xlsx")
    fill("names", {"object": "省级专精特新中小企业"}, decision="接受")(book)
    fill("aliases", {"object": "百强"}, decision="split")(book)
    book.save("核对.xlsx")
    Path("kg-decisions.tsv").write_text(render_decisions([decision()]), encoding="utf-8")
    assert run_command(["review", "--apply", "核对.xlsx"]) == 0
    assert "kg-decisions.tsv" in capsys.readouterr().out
    kept = read_decisions("kg-decisions.tsv")
    assert len(kept) == 3 and decision() in kept
    data = Path("kg-decisions.tsv").read_bytes()
    assert run_command(["review", "--apply", "核对.xlsx"]) == 0
    assert Path("kg-decisions.tsv").read_bytes() == data
    capsys.readouterr()
    # what is decided is not asked again
    assert run_command(["review", "--store", "store", "--output", "again.xlsx"]) == 0
    out = capsys.readouterr().out
    assert "相近名称" not in out and "别名" not in out and "关系：1" in out


def test_files_that_are_something_else_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    Path("x.xlsx").write_text("no spreadsheet", encoding="utf-8")
    for path in ("x.xlsx", "none.xlsx"):
        with pytest.raises(SourceError, match=path):
            reading.read_spreadsheet(path)
    Workbook().save("other.xlsx")
    with pytest.raises(UsageError, match="other"):
        reading.read_spreadsheet("other.xlsx")
    Path("d.tsv").write_text("maybe\tentity\tx.txt\n", encoding="utf-8")
    with pytest.raises(UsageError, match="line 1"):
        read_decisions("d.tsv")
    assert run_command(["build", SOURCE, "--decisions", "d.tsv", "--store", "new"]) == 2
    assert run_command(["build", SOURCE, "--decisions", "none.tsv", "--store", "new"]) == 3
    assert run_command(["review"]) == 2
    assert not Path("new").exists()


def test_a_file_written_by_hand_is_read() -> None:
    assert parse_decisions("decision\twhat\tsource\nreject\tentity\t*\tAgency\t无名局\n") == (
        decision(source=EVERYWHERE),
    )  # fmt: skip
