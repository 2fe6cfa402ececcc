"""People in the loop: what is doubtful is judged in a spreadsheet, and what was judged holds in every later build."""

from __future__ import annotations

import dataclasses
import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

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
from extract.model import Entity, Extraction, Kind, Relation, Source
from kg.cli import run_command
from kg.errors import SourceError, UsageError
from kg.export.rdf import export_store
from kg.graph.query import run_query as ask
from kg.review import reading, writing
from kg.review.decisions import find_unapplied, open_decisions, read_decisions
from kg.review.doubt import Doubt
from kg.review.doubts import find_doubts
from kg.review.names import NamedThing, find_odd_aliases, find_similar_names
from kg.review.wording import describe_decision, load_settings
from kg.store.store import Store
from tests.support.invented_page import PAGE, make_extraction, span
from tests.support.paths import EXAMPLES

SOURCE = "page.txt"
TIER = "国家级专精特新“小巨人”企业"
LAW = "澄溪市先进制造业促进办法"
NEAR = "省级专精特新中小型企业"


def doubtful(source_id: str = SOURCE, text: str = PAGE) -> Extraction:
    """The invented page with something of each kind that a person should look at."""
    x = make_extraction(source_id, text)
    twin = Entity("e12", Kind.TIER, NEAR, (), (span("省级专精特新中小企业", 0, text),))
    law = next(e for e in x.entities if e.label == LAW)
    again = dataclasses.replace(law.facts[0], value="澄府发〔2023〕1号")
    odd = ("专精特新百强",)
    entities = tuple(
        dataclasses.replace(e, facts=(*e.facts, again)) if e is law
        else dataclasses.replace(e, aliases=(*e.aliases, *odd)) if e.label == TIER else e
        for e in x.entities
    )  # fmt: skip
    unsure = Relation("e6", "supports", "e8", span("我局实施“登高计划”", 0, text), "guess", 0.4)
    figures = tuple(f for f in x.figures if f.id != "f3")
    return dataclasses.replace(
        x, entities=(*entities, twin), relations=(*x.relations, unsure), figures=figures
    )  # fmt: skip


@pytest.fixture(autouse=True)
def by_hand(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def extract_source(source: Source, *rest: object) -> Extraction:
        return doubtful(source.id, source.text)

    monkeypatch.setattr("kg.ingest.worker.extract_source", extract_source)
    monkeypatch.setenv("KG_LANG", "zh")
    monkeypatch.chdir(tmp_path)
    Path(SOURCE).write_text(PAGE, encoding="utf-8")
    kg.build(SOURCE, "store")


def rows() -> tuple[Doubt, ...]:
    with Store("store") as store:
        return find_doubts(store)


def sheet_of(book: Workbook, name: str) -> Worksheet:
    return book[load_settings()["sheets"][name]["zh"]]


def columns(name: str) -> dict[str, int]:
    return {c: i for i, c in enumerate([*load_settings()["columns"][name], "key"], 1)}


Filler = Callable[[Workbook], None]


def fill(name: str, where: dict[str, str], **cells: str) -> Filler:
    """Fill in the first row of a sheet whose cells hold what *where* says."""

    def filled(book: Workbook) -> None:
        sheet, at = sheet_of(book, name), columns(name)
        for number in range(2, sheet.max_row + 1):
            if all(words in str(sheet.cell(number, at[c]).value) for c, words in where.items()):
                for column, value in cells.items():
                    sheet.cell(number, at[column], value)
                return
        raise AssertionError(f"no row with {where} in {name}")

    return filled


def judged(*fillers: Filler) -> Path:
    """A spreadsheet of the store's doubts, filled in."""
    path = Path("review.xlsx")
    writing.write_spreadsheet(rows(), path)
    book = load_workbook(path)
    for filler in fillers:
        filler(book)
    book.save(path)
    return path


def names_in(store: str = "store") -> set[str]:
    with Store(store) as opened:
        return {row[0].value for row in ask(opened, "SELECT ?n { ?x rdfs:label ?n }").rows if row[0] is not None}


# what is doubtful


def test_each_kind_of_doubt_has_its_rows() -> None:
    found = {(r.sheet, r.cells.get("object", ""), r.cells.get("subject", "")) for r in rows()}
    assert ("statements", "企业梯队：省级专精特新中小企业", f"政策文件：{LAW}") in found
    assert ("names", "省级专精特新中小企业", NEAR) in found
    assert ("aliases", "专精特新百强", TIER) in found
    assert {o for s, o, _ in found if s == "conflicts"} == {"栖府办〔2022〕8号", "澄府发〔2023〕1号"}
    assert [r.cells["words"] for r in rows() if r.sheet == "gaps"] == ["20家"]


def test_a_row_has_its_sentence_and_the_quoted_words_in_it() -> None:
    [row] = [r for r in rows() if r.sheet == "statements"]
    before, words, after = row.passages["sentence"]
    assert words == "我局实施“登高计划”"
    assert before + words + after in PAGE and after.endswith("平台申报。")


def test_ids_are_of_what_a_row_is_about_and_not_of_its_place() -> None:
    before = {r.id for r in rows()}
    assert len(before) == len(rows())
    Path(SOURCE).write_text("\n\n" + PAGE, encoding="utf-8")
    kg.build(SOURCE, "store")
    assert {r.id for r in rows()} == before


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        ("省级专精特新中小企业", "专精特新中小企业", "level"),
        ("优质企业梯度培育行动计划", "优质企业梯度培育行动方案计划", "near"),
    ],
)
def test_names_that_may_be_one(one: str, other: str, why: str) -> None:
    [pair] = find_similar_names([NamedThing("a", "Program", one, ()), NamedThing("b", "Program", other, ())])
    assert pair.reason == why


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("优质企业培育行动计划第一批", "优质企业培育行动计划第二批"),
        ("2023年优质企业培育行动", "2024年优质企业培育行动"),
        ("国家级专精特新企业", "省级专精特新企业"),
        ("东部产业集聚区规划", "西部产业集聚区规划"),
        ("登高计划", "绿野行动"),
    ],
)
def test_names_that_are_two_are_not_asked_about(one: str, other: str) -> None:
    assert find_similar_names([NamedThing("a", "Program", one, ()), NamedThing("b", "Program", other, ())]) == ()


def test_namesakes_of_two_places_are_two() -> None:
    a, b = (NamedThing(p, "Program", "登高计划", ("登高",), p) for p in ("澄溪市", "霁川市"))
    assert find_similar_names([a, b]) == ()
    [pair] = find_similar_names([a, dataclasses.replace(b, place="")])
    assert (pair.reason, pair.shared) == ("short", "登高计划")


def test_a_short_form_is_no_odd_name() -> None:
    thing = NamedThing("a", "Agency", "澄溪市科学技术局", ("市科技局", "科技局", "创新办"))
    assert find_odd_aliases(thing) == ("创新办",)


# the spreadsheet


def test_the_spreadsheet_can_be_worked_with() -> None:
    writing.write_spreadsheet(rows(), "r.xlsx")
    book = load_workbook("r.xlsx", rich_text=True)
    assert [s.title for s in book][:6] == ["关系", "相近名称", "别名", "冲突", "遗漏", "新增"]
    assert book["说明"].max_row == len(load_settings()["help"]["lines"])
    for name in load_settings()["columns"]:
        sheet, at = sheet_of(book, name), columns(name)
        assert sheet.freeze_panes in ("B2", "A2")
        assert sheet.column_dimensions[sheet.cell(1, at["key"]).column_letter].hidden
        offers = [v for v in sheet.data_validations.dataValidation if v.formula1 == f"={name}_decision"]
        assert len(offers) == 1 and "2" in str(offers[0].sqref)
        listed = book.defined_names[f"{name}_decision"].attr_text
        first, last = listed.replace("lists!", "").replace("$", "").split(":")
        shown = [c.value for (c,) in book["lists"][f"{first}:{last}"]]
        assert [v.split()[-1] for v in shown] == load_settings()["offers"][name]
    sheet, at = sheet_of(book, "statements"), columns("statements")
    assert sheet.column_dimensions["H"].width >= 40
    text = sheet.cell(2, at["sentence"]).value
    assert [str(t) for t in text if not isinstance(t, str)] == ["我局实施“登高计划”"]


def test_the_same_doubts_give_the_same_bytes() -> None:
    assert writing.make_spreadsheet(rows()) == writing.make_spreadsheet(rows())
    assert writing.make_spreadsheet(rows(), "en") != writing.make_spreadsheet(rows(), "zh")


def test_a_name_that_begins_like_a_formula_is_none() -> None:
    [row] = [r for r in rows() if r.sheet == "statements"]
    bad = dataclasses.replace(row, cells={**row.cells, "subject": '=HYPERLINK("http://x")', "object": "a\x07b"})
    writing.write_spreadsheet([bad], "r.xlsx")
    cell = sheet_of(load_workbook("r.xlsx"), "statements").cell(2, columns("statements")["subject"])
    assert (cell.data_type, cell.value) == ("s", '=HYPERLINK("http://x")')


def test_nothing_filled_in_is_no_decision() -> None:
    assert reading.read_spreadsheet(judged()) == ()


def test_what_is_filled_in_is_understood_in_either_language() -> None:
    for word in ("拒绝 reject", "拒绝", "reject", "Reject"):
        [d] = reading.read_spreadsheet(judged(fill("statements", {"source": SOURCE}, decision=word)))
        assert (d.verdict, d.what, d.subject, d.predicate) == (
            DecisionVerdict.REJECT,
            DecisionTopic.STATEMENT,
            LAW,
            "supports",
        )
        assert d.quote == "我局实施“登高计划”"


ALL = (
    fill("statements", {"source": SOURCE}, decision="更正 correct", slot="宾语 object", value="高新技术企业"),
    fill("names", {"object": "省级专精特新中小企业"}, decision="合并 merge", value="省级专精特新中小企业"),
    fill("aliases", {"object": "百强"}, decision="拆分 split"),
    fill("conflicts", {"object": "澄府发"}, decision="拒绝 reject"),
    fill(
        "gaps", {"words": "20家"}, decision="新增 add", what="数字 figure", kind="目标 Target", subject=TIER,
        object="20家以上", note="见原文",
    ),
    fill(
        "add", {"source": "None"}, source=SOURCE, decision="新增 add", what="实体 entity", kind="计划项目 Program",
        subject="风险补偿资金", quote="设立风险补偿资金",
    ),
)  # fmt: skip


@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice")
def test_a_spreadsheet_saved_by_libreoffice_is_read_the_same(tmp_path: Path) -> None:
    path = judged(*ALL)
    before = reading.read_spreadsheet(path)
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", "xlsx", "--outdir", "saved", str(path)],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    assert reading.read_spreadsheet(Path("saved") / path.name) == before
    sheet = sheet_of(load_workbook(Path("saved") / path.name), "statements")
    assert sheet.data_validations.dataValidation and sheet.column_dimensions["H"].width > 40


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


# the decisions file


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


def test_a_row_whose_hidden_column_was_altered_is_refused() -> None:
    path = judged(fill("statements", {"source": SOURCE}, decision="拒绝", key="{}"))
    with pytest.raises(UsageError, match="key"):
        reading.read_spreadsheet(path)
    other = json.dumps({"source": SOURCE, "what": "entity", "id": "0123456789"})
    with pytest.raises(UsageError, match="key"):
        reading.read_spreadsheet(judged(fill("statements", {"source": SOURCE}, decision="拒绝", key=other)))


@pytest.mark.parametrize(
    ("filler", "said"),
    [
        (fill("statements", {"source": SOURCE}, decision="也许"), "也许"),
        (fill("statements", {"source": SOURCE}, decision="合并"), "合并"),
        (fill("statements", {"source": SOURCE}, decision="更正"), "改为"),
        (fill("statements", {"source": SOURCE}, decision="更正", slot="颜色", value="x"), "颜色"),
        (fill("gaps", {"source": SOURCE}, decision="新增"), "新增什么"),
        (fill("gaps", {"source": SOURCE}, decision="新增", what="数字"), "类别"),
        (fill("add", {"source": "None"}, decision="新增", what="实体", kind="计划项目", subject="x"), "来源"),
    ],
)
def test_what_cannot_be_understood_is_said_with_its_row(filler: Filler, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        reading.read_spreadsheet(judged(filler))
    assert said in caught.value.zh and "review.xlsx" in caught.value.zh and " 2 " in caught.value.zh


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
