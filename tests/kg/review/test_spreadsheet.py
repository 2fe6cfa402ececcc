"""The spreadsheet: how it is written, and what is understood of what is filled in."""

from __future__ import annotations

import dataclasses
import json
import shutil
import subprocess
from pathlib import Path

import pytest
from openpyxl import load_workbook

from extract.corrections.model import DecisionTopic, DecisionVerdict
from kg.errors import UsageError
from kg.review import reading, writing
from kg.review.wording import load_settings
from tests.support.judging import ALL, LAW, SOURCE, Filler, columns, fill, judged, rows, sheet_of

pytestmark = pytest.mark.usefixtures("by_hand")


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
